"""Who is on the stage between which actions: a visual's lives and, within a life, its stays in one place.

Read off the order of the text alone, never off the clock, so that where things stand does not depend on how fast
somebody speaks. Inside a `together` everything that leaves makes room at once for everything that comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pvc.compiler.model.program import Place, SceneSpec
from pvc.compiler.plan.walk import Step, walk

FOREVER = 1_000_000_000
"""The end of a life that lasts until its scene ends."""


CLEARING = frozenset({"end_card"})
"""Layouts that have the frame to themselves: what only heads or names a scene leaves when they come."""
HEADS = frozenset({"heading", "lower_third"})


@dataclass(frozen=True, slots=True)
class Stay:
    """A place that a life has from the action ``begin`` until before the action ``end``; ``place`` as its author gave
    it."""

    begin: int
    end: int
    place: Place | None


@dataclass(frozen=True, slots=True)
class Life:
    """One time that a visual is on the stage. ``begin`` is the action that brings it (by `show` or `reveal`, or out of
    the life ``source`` by `transform`), ``leaver`` the one that takes it away (None: the scene's end), which counts as
    the action ``end``; ``stays`` follow each other."""

    visual: str
    begin: int
    end: int
    leaver: int | None
    source: int | None
    stays: tuple[Stay, ...]


@dataclass(frozen=True, slots=True)
class Lifelines:
    """A scene's lives in the order in which they begin, and the life that each action touches: by (action, visual)."""

    lives: tuple[Life, ...]
    acts: Mapping[tuple[int, str], int]


def overlap(first: Stay | Life, second: Stay | Life) -> bool:
    """Whether two stays or lives share the stage."""
    return first.begin < second.end and second.begin < first.end


@dataclass(slots=True)
class _Open:
    """A life that has not ended yet."""

    visual: str
    begin: int
    source: int | None
    stays: list[Stay]
    end: int = FOREVER
    leaver: int | None = None


def lives(scene: SceneSpec) -> Lifelines:
    """Every life of every visual of a scene."""
    steps = list(walk(scene))
    actions = {step.index: step for step in steps}
    found: list[_Open] = []
    on_stage: dict[str, int] = {}
    layouts = {visual.id: visual.layout for visual in scene.visuals}
    acts: dict[tuple[int, str], int] = {}

    def moment(step: Step) -> int:
        """The action as which a step counts: the `together` around it, where there is one."""
        while step.parent is not None:
            step = actions[step.parent]
        return step.index

    def leave(visual: str, step: Step) -> int | None:
        index = on_stage.pop(visual, None)
        if index is not None:
            life, at = found[index], moment(step)
            life.end, life.leaver = max(at, life.begin), step.index
            life.stays[-1] = replace(life.stays[-1], end=max(at, life.stays[-1].begin))
        return index

    def enter(visual: str, at: int, place: Place | None, source: int | None = None) -> None:
        on_stage[visual] = len(found)
        found.append(_Open(visual, at, source, [Stay(at, FOREVER, place)]))

    for step in steps:
        action = step.action
        if action.verb in ("show", "reveal"):
            for visual in action.visuals:
                if visual not in on_stage:
                    if layouts.get(visual) in CLEARING:
                        for other in [name for name in on_stage if layouts.get(name) in HEADS]:
                            leave(other, step)
                    enter(visual, step.index, action.place if action.verb == "show" else None)
        for visual in action.visuals:
            if visual in on_stage:
                acts[step.index, visual] = on_stage[visual]
        if action.verb == "hide" and action.part is None:
            for visual in action.visuals:
                leave(visual, step)
        elif action.verb == "move":
            for visual in action.visuals:
                if visual in on_stage:
                    life = found[on_stage[visual]]
                    life.stays[-1] = replace(life.stays[-1], end=step.index)
                    life.stays.append(Stay(step.index, FOREVER, action.place))
        elif action.verb == "transform" and action.target is not None:
            sources = [leave(visual, step) for visual in action.visuals]
            leave(action.target, step)
            source = next((index for index in sources if index is not None), None)
            enter(action.target, step.index, action.place, source)
            acts[step.index, action.target] = on_stage[action.target]
    done = (Life(life.visual, life.begin, life.end, life.leaver, life.source, tuple(life.stays)) for life in found)
    return Lifelines(tuple(done), acts)
