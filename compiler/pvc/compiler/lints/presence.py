"""When a visual of a scene is on screen, in frames of the scene: from the plan alone, nothing is laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pvc.compiler.model.program import SceneSpec
from pvc.compiler.model.speech import SceneTime
from pvc.compiler.plan.walk import walk
from pvc.compiler.source import Span


@dataclass(frozen=True, slots=True)
class Stay:
    """On screen over the frames ``[begin, end)``; ``span`` is of the action that brought it, ``hidden``: an action
    took it away, not a transform or the scene's end (whose fade counts as being on screen)."""

    begin: int
    end: int
    span: Span | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Presence:
    """``by_visual``: the stays of each visual; ``revealed``: those that come part by part."""

    by_visual: Mapping[str, tuple[Stay, ...]]
    revealed: frozenset[str]

    def stays(self, visual: str) -> tuple[Stay, ...]:
        return self.by_visual.get(visual, ())

    def covered(self) -> list[tuple[int, int]]:
        """Stretches of frames with something on screen, merged and in order."""
        found: list[tuple[int, int]] = []
        for begin, end in sorted((stay.begin, stay.end) for stays in self.by_visual.values() for stay in stays):
            if found and begin <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], end))
            else:
                found.append((begin, end))
        return found


def presence(scene: SceneSpec, time: SceneTime) -> Presence:
    """Every stay of every visual."""
    timed = {action.index: action for action in time.actions}
    open_: dict[str, tuple[int, Span]] = {}
    found: dict[str, list[Stay]] = {}
    revealed: set[str] = set()

    def leave(visual: str, frame: int, hidden: bool = False) -> None:
        begun = open_.pop(visual, None)
        if begun is not None:
            found.setdefault(visual, []).append(Stay(begun[0], max(begun[0], frame), begun[1], hidden))

    steps = [step for step in walk(scene) if step.index in timed]
    for step in sorted(steps, key=lambda step: (timed[step.index].start, step.index)):
        action, at = step.action, timed[step.index]
        if action.verb == "reveal":
            revealed.update(action.visuals)
        if action.verb in ("show", "reveal"):
            for visual in action.visuals:
                open_.setdefault(visual, (at.start, action.span))
        elif action.verb == "hide" and action.part is None:
            for visual in action.visuals:
                leave(visual, at.start + at.frames, True)
        elif action.verb == "transform" and action.target is not None:
            for visual in action.visuals:
                leave(visual, at.start)
            open_.setdefault(action.target, (at.start, action.span))
    for visual in list(open_):
        leave(visual, time.frames)
    return Presence({visual: tuple(stays) for visual, stays in found.items()}, frozenset(revealed))
