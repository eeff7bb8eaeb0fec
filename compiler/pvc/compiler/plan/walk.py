"""A scene's actions in the order they are written, numbered once for the plan, the stage and the source map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pvc.compiler.model.program import Action, SceneSpec


@dataclass(frozen=True, slots=True)
class Step:
    """An action with its number in the scene. A `together` has a number of its own, before its children's, which is
    their ``parent``."""

    index: int
    beat: int
    action: Action
    parent: int | None = None


def walk(scene: SceneSpec) -> Iterator[Step]:
    """Every action of a scene, depth first, in the order of the text."""
    count = 0

    def inner(actions: tuple[Action, ...], beat: int, parent: int | None) -> Iterator[Step]:
        nonlocal count
        for action in actions:
            own = count
            count += 1
            yield Step(own, beat, action, parent)
            yield from inner(action.children, beat, own)

    for beat, spec in enumerate(scene.beats):
        yield from inner(spec.actions, beat, None)
