"""What of a layer is painted together: its items as actors, cut into pieces that rest or move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pvc.compiler.model import tracks
from pvc.compiler.model.display import Element, Fragment, Item, Property, Rect, Shape, Track
from pvc.compiler.model.tracks import Matrix, Motion, State
from pvc.runtime.backends.canvas.elements import Drawn
from pvc.runtime.backends.canvas.regions import NOTHING, covered, union
from pvc.runtime.backends.interface import PixelRect, Resources

_SHAPING = frozenset({"translate", "scale", "rotate", "morph", "blur"})
"""Properties by which an element leaves its bounds at rest."""


SPARE = 60.0
"""Px of a fragment by which what turns in its space may reach beyond it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """An item of the layer with its fragment, its motion, and its elements ready to draw. ``overlaps``: whether one of
    its elements may lie on another (or is both filled and stroked), so that it fades only as one picture."""

    item: Item
    fragment: Fragment
    motion: Motion
    drawn: tuple[Drawn, ...]
    overlaps: bool


@dataclass(slots=True)
class Piece:
    """Some elements of an actor that are painted together. ``states``, ``whole`` and ``bounds`` are as painted last;
    ``apart`` is the picture of a piece that cannot be drawn straight into the frame, and what it was made of."""

    actor: Actor
    indices: tuple[int, ...]
    whole: State
    states: tuple[State, ...]
    bounds: PixelRect = NOTHING
    apart: tuple[State, tuple[State, ...], Any, PixelRect] | None = None

    @property
    def blur(self) -> float:
        """The widest blur in it, in px of the reference frame."""
        return self.whole.blur + max((state.blur for state in self.states), default=0.0)

    @property
    def special(self) -> bool:
        """Whether it is drawn into a picture of its own first. Its bytes must not depend on how much of the frame is
        drawn, but those of a blur, of an edge that clips, and of a group under an opacity would."""
        if self.whole.blur > 0.0 or self.whole.clip is not None:
            return True
        if self.whole.opacity < 1.0 and self.actor.overlaps:
            return True
        return any(state.blur > 0.0 or state.clip is not None for state in self.states)


def actor(item: Item, resources: Resources, scale: float) -> Actor:
    """``scale``: pixels for a px of the reference frame."""
    fragment = resources.fragment(item.fragment)
    elements = fragment.elements
    whole = _largest(track for track in item.tracks if track.targets is None)
    own: dict[int, tuple[float, float]] = {}
    for track in item.tracks:
        for target in track.targets or ():
            wide, high = _largest((track,))
            before = own.get(target, (1.0, 1.0))
            own[target] = (before[0] * wide, before[1] * high)
    per_px = scale * item.scale
    drawn = tuple(
        Drawn(
            element,
            resources,
            item.scale,
            per_px * whole[0] * own.get(index, (1.0, 1.0))[0],
            per_px * whole[1] * own.get(index, (1.0, 1.0))[1],
        )
        for index, element in enumerate(elements)
    )
    return Actor(item, fragment, tracks.motion(item, len(elements)), drawn, _overlap(item, fragment))


def _largest(found: Any) -> tuple[float, float]:
    """The largest scale that tracks reach; 1 where none scales, and where they only reach it."""
    wide = high = 1.0
    for track in found:
        if track.property == "scale":
            wide *= max(abs(key.value[0]) for key in track.keys) or 1.0
            high *= max(abs(key.value[1]) for key in track.keys) or 1.0
    return wide, high


def _overlap(item: Item, fragment: Fragment) -> bool:
    elements = fragment.elements
    fades = any(track.targets is None and track.property == "opacity" for track in item.tracks)
    if not fades:
        return False
    if fragment.space is not None:
        return True
    if any(isinstance(e.primitive, Shape) and e.primitive.fill and e.primitive.stroke for e in elements):
        return True
    if len(elements) < 2:
        return False
    if any(track.targets is not None and track.property in _SHAPING for track in item.tracks):
        return True
    boxes = sorted(_box(element, 0.0) for element in elements)
    active: list[tuple[float, float, float, float]] = []
    for box in boxes:
        active = [one for one in active if one[2] > box[0]]
        if any(one[1] < box[3] and box[1] < one[3] for one in active):
            return True
        active.append(box)
    return False


def is_group(item: Item) -> bool:
    """Whether an item must be composed as one picture at some frame."""
    neutral: dict[Property, tuple[float, ...]] = {"opacity": (1.0,), "blur": (0.0,), "clip": (0.0, 0.0, 1.0, 1.0)}
    return any(_leaves(track, neutral) for track in item.tracks)


def _leaves(track: Track, neutral: dict[Property, tuple[float, ...]]) -> bool:
    if track.targets is not None or track.property not in neutral:
        return False
    return any(key.value != neutral[track.property] for key in track.keys)


def moving(motion: Motion) -> set[int]:
    """The elements whose own state changes within the chunk."""
    return {target for group in motion.groups if group.still is None for target in group.targets}


def runs(count: int, changing: set[int]) -> list[tuple[tuple[int, ...], bool]]:
    """Resting neighbours together, each moving element alone; in paint order."""
    found: list[tuple[tuple[int, ...], bool]] = []
    resting: list[int] = []
    for index in range(count):
        if index in changing:
            if resting:
                found.append((tuple(resting), False))
                resting = []
            found.append(((index,), True))
        else:
            resting.append(index)
    if resting:
        found.append((tuple(resting), False))
    return found


def _box(element: Element, more: float) -> tuple[float, float, float, float]:
    """An element's bounds with its stroke, the line it is written by, and ``more``, in px of the fragment."""
    stroke = element.primitive.stroke if isinstance(element.primitive, Shape) else None
    own = stroke.width * (2.0 if stroke.join == "miter" else 0.75) if stroke is not None else 0.0
    by = own + more
    bounds: Rect = element.bounds
    return (bounds.x - by, bounds.y - by, bounds.right + by, bounds.bottom + by)


def bounds(piece: Piece, scale: float, size: tuple[int, int], margin: float = 0.0) -> PixelRect:
    """The pixels that a piece may touch, of the frame and ``margin`` pixels around it."""
    whole = piece.whole
    if not whole.visible:
        return NOTHING
    item, fragment = piece.actor.item, piece.actor.fragment
    matrix = tracks.item_matrix(item, fragment, whole)
    if fragment.space is not None:
        box = (-SPARE, -SPARE, fragment.width + SPARE, fragment.height + SPARE)
        return covered(box, matrix, scale, size, margin)
    found = NOTHING
    for index, state in zip(piece.indices, piece.states, strict=True):
        if state.visible:
            found = union(found, _element(fragment.elements[index], state, whole, matrix, item, scale, size, margin))
    return found


def _element(
    element: Element,
    state: State,
    whole: State,
    matrix: Matrix,
    item: Item,
    scale: float,
    size: tuple[int, int],
    margin: float,
) -> PixelRect:
    more = (tracks.OUTLINE_WIDTH + 3.0 * (state.blur + whole.blur)) / item.scale
    box = _box(element, more)
    if state.path is not None and state.morph > 0.0:
        xs, ys = state.path.points[0::2], state.path.points[1::2]
        reach = element.bounds.x - box[0]
        box = (
            min(box[0], min(xs) - reach),
            min(box[1], min(ys) - reach),
            max(box[2], max(xs) + reach),
            max(box[3], max(ys) + reach),
        )
    return covered(box, tracks.concat(matrix, tracks.element_matrix(element, state)), scale, size, margin)
