"""What a camera's moves leave wrong: things done where it does not look, things it looks at too closely, and things
that it moves under what stands before it. Found on the arrangement, like all lints of the stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pvc.compiler.model.display import Rect
from pvc.compiler.model.program import SceneSpec, VisualSpec
from pvc.compiler.plan.walk import walk
from pvc.compiler.stage import camera
from pvc.compiler.stage.arrange import Standing
from pvc.compiler.stage.camera import View
from pvc.compiler.stage.findings import Finding
from pvc.compiler.stage.lives import Lifelines

TOUCH = 12.0
"""Reference px by which two visuals may overlap before that is said."""
_LOOKED_AT = frozenset({"show", "highlight", "reveal", "transform"})


def _unseen(
    spec: SceneSpec,
    lines: Lifelines,
    standings: Sequence[Standing],
    visuals: Mapping[str, VisualSpec],
    moves: Mapping[int, View],
    shown: Mapping[int, View],
    reference: tuple[int, int],
) -> Iterator[Finding]:
    """What happens where the camera does not look, and what it looks at too closely to see all of it."""
    frame = Rect(0.0, 0.0, float(reference[0]), float(reference[1]))
    turned = camera.turns(spec, lines)
    said: set[tuple[str, str]] = set()
    for step in walk(spec):
        action = step.action
        moved = step.index in moves
        if not moved and action.verb not in _LOOKED_AT:
            continue
        names = (action.target,) if action.verb == "transform" and action.target else action.visuals
        for name in names:
            life = lines.acts.get((step.index, name))
            if life is None or visuals[name].layout in camera.FIXED:
                continue
            selector = action.part.selector if action.part is not None else None
            angles = turned.get(step.index, {}).get(life, (0.0, 0.0))
            box = camera.area(lines.lives[life], standings[life], step.index, selector, angles)
            if box is None:
                continue
            box = camera.seen(box, shown[step.index])
            across = min(box.right, frame.right) - max(box.x, 0.0)
            down = min(box.bottom, frame.bottom) - max(box.y, 0.0)
            share = max(0.0, across) * max(0.0, down) / max(box.width * box.height, 1e-6)
            what = f"`{name}`" if selector is None else f"this part of `{name}`"
            if moved and share < 0.98 and (name, "cut") not in said:
                said.add((name, "cut"))
                yield Finding(
                    "PVC0578",
                    "warning",
                    f"the camera comes so near that only {share:.0%} of {what} is in the frame",
                    "Leave `by` away: the camera then comes as near as fits. Or look at a part of it.",
                    visual=name,
                    action=step.index,
                )
            elif not moved and share < 0.5 and (name, "away") not in said:
                said.add((name, "away"))
                yield Finding(
                    "PVC0579",
                    "warning",
                    f"{what} is outside of what the camera shows when this `{action.verb}` happens",
                    f"`reset camera` before, or let it look there: `pan camera to {name}`.",
                    visual=name,
                    action=step.index,
                )


def _over_fixed(
    lines: Lifelines,
    standings: Sequence[Standing],
    visuals: Mapping[str, VisualSpec],
    moves: Mapping[int, View],
    shown: Mapping[int, View],
) -> Iterator[Finding]:
    """What the camera moves under something that does not move with it."""
    for index in moves:
        there = [
            (life, standing)
            for life, standing in zip(lines.lives, standings, strict=True)
            if life.begin <= index < life.end and standing.fragment.elements
        ]
        for fixed, before in there:
            if visuals[fixed.visual].layout not in camera.FIXED:
                continue
            cover = camera.area(fixed, before, index)
            for life, standing in there:
                if visuals[life.visual].layout in camera.FIXED:
                    continue
                box = camera.area(life, standing, index)
                if box is None or cover is None:
                    continue
                box = camera.seen(box, shown[index])
                across = min(box.right, cover.right) - max(box.x, cover.x)
                down = min(box.bottom, cover.bottom) - max(box.y, cover.y)
                if min(across, down) > TOUCH:
                    yield Finding(
                        "PVC0571",
                        "warning",
                        f"`{fixed.visual}` covers {min(across, down):.0f} px of `{life.visual}` "
                        "once the camera has moved",
                        f"Hide `{fixed.visual}` first: it stands before the camera and does not move with it.",
                        visual=life.visual,
                        action=index,
                    )
                    return


def lint(
    spec: SceneSpec,
    lines: Lifelines,
    standings: Sequence[Standing],
    visuals: Mapping[str, VisualSpec],
    moves: Mapping[int, View],
    reference: tuple[int, int],
) -> Iterator[Finding]:
    """Everything about a scene whose camera moves; ``moves``: what it shows after each move."""
    shown = camera.after(spec, moves)
    yield from _unseen(spec, lines, standings, visuals, moves, shown, reference)
    yield from _over_fixed(lines, standings, visuals, moves, shown)
