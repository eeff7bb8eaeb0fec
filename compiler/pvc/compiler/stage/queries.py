"""What is wrong with a scene's picture, as a query: for who looks at a talk again and again without building it."""

from __future__ import annotations

from dataclasses import replace

from pvc.compiler.check.queries import SCENE, alike
from pvc.compiler.check.run import HEAD
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.plan.queries import PLAN
from pvc.compiler.query import Query
from pvc.compiler.resolve.files import SCENES
from pvc.compiler.resolve.sources import Sources, TrackedWorld
from pvc.compiler.stage.scene import stage


def _next(db: Sources, key: tuple[int, int]) -> int | None:
    env, base = key
    bases = [head.base for head in db.get(SCENES, db.env(env).path)]
    at = bases.index(base) + 1 if base in bases else len(bases)
    return bases[at] if at < len(bases) else None


NEXT: Query[tuple[int, int], int | None] = Query("next", _next, label=lambda db, key: "")
"""The scene behind a scene, whose opening is seen in the transition to it."""


def _pictured(db: Sources, key: tuple[int, int]) -> tuple[Diagnostic, ...]:
    env, _ = key
    head, planned, following = db.get(HEAD, env), db.get(PLAN, key), db.get(NEXT, key)
    if head is None or planned is None:
        return ()
    after = db.get(SCENE, (env, following, 0)).value if following is not None else None
    program = replace(head, scenes=(planned.spec, after) if after is not None else (planned.spec,))
    return stage(program, 0, planned.time, TrackedWorld(db)).diagnostics


PICTURED: Query[tuple[int, int], tuple[Diagnostic, ...]] = Query(
    "picture", _pictured, alike, label=lambda db, key: db.block_name(db.env(key[0]).path, key[1]).removeprefix("scene ")
)
"""What is wrong with a scene once it is laid out, at estimated times. The key: environment, anchor."""
