"""What is wrong with a scene's picture, as a query: for who looks at a talk again and again without building it."""

from __future__ import annotations

from dataclasses import replace

from pvc.compiler.check.languages import PLAYED
from pvc.compiler.check.queries import SCENE, alike, scene_label
from pvc.compiler.check.run import HEAD
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.plan.queries import PLAN
from pvc.compiler.query import Query
from pvc.compiler.resolve.sources import Sources, TrackedWorld
from pvc.compiler.stage.scene import stage

Key = tuple[int, int, str | None]
"""Environment, anchor, and the key of a scene that data or settings make."""


def _next(db: Sources, key: Key) -> tuple[int, str | None] | None:
    env, *scene = key
    played = db.get(PLAYED, env)
    at = played.index(tuple(scene)) + 1 if tuple(scene) in played else len(played)
    return played[at] if at < len(played) else None


NEXT: Query[Key, tuple[int, str | None] | None] = Query("next", _next, label=lambda db, key: "")
"""The scene behind a scene, whose opening is seen in the transition to it."""


def _pictured(db: Sources, key: Key) -> tuple[Diagnostic, ...]:
    env = key[0]
    head, planned, following = db.get(HEAD, env), db.get(PLAN, key), db.get(NEXT, key)
    if head is None or planned is None:
        return ()
    after = db.get(SCENE, (env, following[0], 0, following[1])).value if following is not None else None
    program = replace(head, scenes=(planned.spec, after) if after is not None else (planned.spec,))
    return stage(program, 0, planned.time, TrackedWorld(db)).diagnostics


PICTURED: Query[Key, tuple[Diagnostic, ...]] = Query("picture", _pictured, alike, label=scene_label)
"""What is wrong with a scene once it is laid out, at estimated times."""
