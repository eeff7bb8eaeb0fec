"""The plan of one scene as a query, for who plans a talk at every key press."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pvc.compiler.check.languages import PLAYED
from pvc.compiler.check.queries import SCENE, alike, scene_label
from pvc.compiler.check.run import HEAD
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.lints.config import Configured, configured
from pvc.compiler.lints.review import review_scene, review_talk
from pvc.compiler.lints.whole import words_of
from pvc.compiler.model.program import Program, SceneSpec
from pvc.compiler.model.speech import SceneTime
from pvc.compiler.plan.timeline import plan
from pvc.compiler.query import Query
from pvc.compiler.resolve.sources import Sources, TrackedWorld

UNPLANNED = frozenset({"description", "authors"})
"""Settings that say nothing about times."""


def _ground(db: Sources, env: int) -> Program | None:
    head = db.get(HEAD, env)
    if head is None:
        return None
    told = tuple(each for each in head.settings if each[0] not in UNPLANNED)
    return replace(head, title="", sources=(), concepts=(), settings=told)


GROUND: Query[int, Program | None] = Query("ground", _ground, alike, label=lambda db, key: "")
"""What the plan of every scene rests on: the program, less its scenes and what has to do with no time."""


@dataclass(frozen=True, slots=True)
class PlannedScene:
    """A scene with its estimated times; spans count from anchors."""

    spec: SceneSpec
    time: SceneTime
    diagnostics: tuple[Diagnostic, ...]
    words: str
    """What it shows and says (`lints.whole.words_of`)."""
    turn: str | None = None
    """The key of a scene that data or settings make."""


RULES: Query[str, Configured] = Query("rules", lambda db, path: configured(TrackedWorld(db), path), alike)
"""Levels and thresholds of lints, as the configuration nearest to a file sets them."""


def _planned(db: Sources, key: tuple[int, int, str | None]) -> PlannedScene | None:
    env, base, turn = key
    ground, spec = db.get(GROUND, env), db.get(SCENE, (env, base, 0, turn)).value
    if ground is None or spec is None:
        return None
    settings = db.get(RULES, db.env(env).path).settings
    planned = plan(replace(ground, scenes=(spec,)), {}, settings)
    when = planned.time.scenes[0]
    seen = review_scene(spec, when, ground.format.fps, settings)
    return PlannedScene(spec, when, (*planned.diagnostics, *seen), words_of(spec), turn)


PLAN: Query[tuple[int, int, str | None], PlannedScene | None] = Query("plan", _planned, alike, label=scene_label)
"""A scene's estimated times, and what is to be said about them. The key: environment, and as in PLAYED."""


def _reviewed(db: Sources, env: int) -> tuple[Diagnostic, ...]:
    head = db.get(HEAD, env)
    if head is None:
        return ()
    planned = [each for _, each in db.get(PLANNED, env)]
    program = replace(head, scenes=tuple(each.spec for each in planned))
    settings = db.get(RULES, db.env(env).path).settings
    return tuple(review_talk(program, settings, [each.words for each in planned]))


REVIEWED: Query[int, tuple[Diagnostic, ...]] = Query("review", _reviewed, alike, label=lambda db, key: "")
"""What a reviewer says of the talk as a whole."""

Planned = tuple[tuple[int, PlannedScene], ...]


def _scenes(db: Sources, env: int) -> Planned:
    found = ((base, db.get(PLAN, (env, base, turn))) for base, turn in db.get(PLAYED, env))
    return tuple((base, planned) for base, planned in found if planned is not None)


def _same(one: Planned, other: Planned) -> bool:
    return len(one) == len(other) and all(
        base == anchor and planned is known for (base, planned), (anchor, known) in zip(one, other, strict=True)
    )


PLANNED: Query[int, Planned] = Query("plans", _scenes, _same, label=lambda db, key: "")
"""The scenes of a talk in order, each with its anchor."""
