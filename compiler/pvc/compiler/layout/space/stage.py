"""A room to stand things in: how large the space is seen, its axes with upright labels, text pinned to points of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pvc.compiler.layout.charts.frame import Room
from pvc.compiler.layout.charts.scale import Scale
from pvc.compiler.layout.compose import rectangle
from pvc.compiler.layout.labels import Look, line, put, rich
from pvc.compiler.layout.numbers import tick_words
from pvc.compiler.layout.sheet import Role, Sheet
from pvc.compiler.model.display import (
    Ball,
    Element,
    Fragment,
    Gate,
    Mesh,
    Paint,
    Pin,
    Point3,
    Rect,
    Rod,
    Space,
    Stroke,
    Wire,
    quantise,
)
from pvc.compiler.model.space import pose, project

DISTANCE = 6.5
"""How far away the viewer stands, in units of half the width of what is shown: a calm perspective."""
AZIMUTH, ELEVATION = 34.0, 24.0
TALL = 0.72
"""Half the height of a box with axes; half its width and depth are 1."""
_TICK_LENGTH = 0.05
_LOW, _AT_FOOT = 0.08, 0.55
"""Up to how far above the floor, in units, labels of the upright axis would touch those of the floor that meet it
there, and how far these are lifted, em."""
_PLATE = 200
"""Alpha of the patch behind a label."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its scale runs from -reach to reach in units of the space."""

    name: str
    scale: Scale
    label: str


def fitted(
    room: Room,
    spots: Sequence[Point3],
    pad: tuple[float, float],
    elevation: float = ELEVATION,
    azimuth: float = AZIMUTH,
    radius: float = 0.0,
) -> Space:
    """The space in which some spots, and balls of a ``radius`` around them, keep ``pad`` px (across, down) from the
    edges of a room however it is turned."""
    left = right = top = bottom = 0.0
    for turn in range(0, 360, 10):
        seen = pose(Space(0.0, 0.0, 1.0, DISTANCE, float(turn), elevation))
        for spot in spots:
            x, y, depth = seen.seen(spot)
            wide = radius * seen.magnification(depth)
            left, right = min(left, x - wide), max(right, x + wide)
            top, bottom = min(top, y - wide), max(bottom, y + wide)
    width, height = max(1.0, room.width - 2 * pad[0]), max(1.0, room.height - 2 * pad[1])
    scale = min(width / max(right - left, 1e-6), height / max(bottom - top, 1e-6))
    x = (room.left + room.right) / 2 - scale * (left + right) / 2
    y = (room.top + room.bottom) / 2 - scale * (top + bottom) / 2
    return Space(quantise(x), quantise(y), quantise(scale), DISTANCE, azimuth, elevation)


def rounded(spot: Point3) -> Point3:
    """A spot as it is kept: to 1/4096 of a unit, exact in binary."""
    x, y, z = (value if math.isnan(value) else round(value * 4096.0) / 4096.0 for value in spot)
    return (x, y, z)


def flat(spots: Iterable[Point3]) -> tuple[float, ...]:
    return tuple(value for spot in spots for value in rounded(spot))


def _around(space: Space, spots: Iterable[Point3], spare: float) -> Rect:
    """The rectangle in which solids are seen at rest."""
    found = [project(space, spot) for spot in spots if not any(math.isnan(value) for value in spot)]
    if not found:
        return Rect(space.x, space.y, 0.0, 0.0)
    xs, ys = [x for x, _ in found], [y for _, y in found]
    left, top = quantise(min(xs) - spare), quantise(min(ys) - spare)
    return Rect(left, top, quantise(max(xs) + spare - left), quantise(max(ys) + spare - top))


def solid(
    sheet: Sheet,
    space: Space,
    primitive: Mesh | Ball | Rod | Wire,
    role: Role,
    parts: Iterable[str],
    order: int = 0,
    gates: tuple[Gate, ...] = (),
) -> None:
    """Add something that stands in the space."""
    match primitive:
        case Mesh() | Wire():
            points = primitive.points
            spots = [(points[at], points[at + 1], points[at + 2]) for at in range(0, len(points), 3)]
            spare = 1.0
        case Ball():
            spots, spare = [primitive.centre], primitive.radius * space.scale
        case Rod():
            spots, spare = [primitive.start, primitive.end], primitive.radius * space.scale
    pin = Pin(None, gates) if gates else None
    sheet.add(Element(primitive, _around(space, spots, spare), role, order, pin=pin), parts)


def pinned(
    sheet: Sheet,
    space: Space,
    text: str,
    spot: Point3,
    look: Look,
    *,
    color: Paint | None = None,
    size: float | None = None,
    weight: int = 400,
    shift: tuple[float, float] = (0.0, 0.0),
    across: str = "middle",
    parts: Iterable[str] = (),
    order: int = 0,
    gates: tuple[Gate, ...] = (),
    plate: bool = False,
) -> None:
    """Set a label upright at a spot, moved by ``shift`` px; it goes where the spot goes. ``plate``: on a patch of the
    background, where rods may run behind it."""
    style = look.style(color or look.text, weight=weight, size=size)
    block = line(rich(text, style, look.env, sheet), style, look.env)
    x, y = project(space, rounded(spot))
    first = len(sheet.elements)
    if plate:
        wide, high = block.width + 0.4 * look.size, 1.05 * (size or look.size)
        patch = Rect(x + shift[0] - wide / 2, y + shift[1] - high / 2, wide, high)
        ground = look.background
        fill = Paint(ground.red, ground.green, ground.blue, _PLATE)
        sheet.shape(rectangle(patch, 0.3 * high), "area", fill=fill, order=order)
    put(
        sheet,
        block,
        x + shift[0],
        y + shift[1],
        size=size or look.size,
        across="end" if across == "end" else "middle" if across == "middle" else "start",
        along="middle",
        parts=parts,
        order=order,
    )
    pin = Pin(rounded(spot), gates)
    sheet.elements[first:] = [replace(element, pin=pin) for element in sheet.elements[first:]]


def _lines(axis: Axis) -> list[float]:
    """Where grid lines cross an axis: at its ticks and at both its ends."""
    return sorted({axis.scale.start, axis.scale.end, *(axis.scale.at(tick) for tick in axis.scale.ticks)})


def axes(sheet: Sheet, space: Space, found: tuple[Axis, Axis, Axis], look: Look, tall: float = TALL) -> None:
    """Grid lines on the three sides behind, ticks and names along the edges in front, whichever these are."""
    reach = (1.0, 1.0, tall)
    grid, edge = Stroke(look.rule, 1.0), Stroke(look.muted, 1.6)
    x_axis, y_axis, z_axis = found

    def wire(spots: list[Point3], stroke: Stroke, parts: tuple[str, ...], gates: tuple[Gate, ...]) -> None:
        solid(sheet, space, Wire(flat(spots), stroke), "line", ("axes", *parts), 0, gates)

    for side in (-1.0, 1.0):
        behind_x = (Gate((side, 0.0, 0.0), "away"),)
        behind_y = (Gate((0.0, side, 0.0), "away"),)
        for at in _lines(y_axis):
            wire([(side, at, -tall), (side, at, tall)], grid, ("grid",), behind_x)
        for at in _lines(x_axis):
            wire([(at, side, -tall), (at, side, tall)], grid, ("grid",), behind_y)
        for at in _lines(z_axis):
            wire([(side, -1.0, at), (side, 1.0, at)], grid, ("grid",), behind_x)
            wire([(-1.0, side, at), (1.0, side, at)], grid, ("grid",), behind_y)
    below = (Gate((0.0, 0.0, -1.0), "away"),)
    for at in _lines(x_axis):
        wire([(at, -1.0, -tall), (at, 1.0, -tall)], grid, ("grid",), below)
    for at in _lines(y_axis):
        wire([(-1.0, at, -tall), (1.0, at, -tall)], grid, ("grid",), below)
    words = [tick_words(axis.scale.ticks, look.env.language) for axis in found]
    for side in (-1.0, 1.0):
        front = (Gate((0.0, side, 0.0), "towards"),)
        _edge(sheet, space, x_axis, words[0], (0.0, side, -tall), front, look, edge)
        front = (Gate((side, 0.0, 0.0), "towards"),)
        _edge(sheet, space, y_axis, words[1], (side, 0.0, -tall), front, look, edge)
        for other in (-1.0, 1.0):
            gates = (Gate((side, 0.0, 0.0), "left"), Gate((0.0, other, 0.0), "left"))
            wire([(side, other, -reach[2]), (side, other, reach[2])], edge, ("z_axis",), gates)
            for tick, word in zip(z_axis.scale.ticks, words[2], strict=True):
                at = z_axis.scale.at(tick)
                lifted = _AT_FOOT if at < _LOW - tall else 0.0
                pinned(
                    *(sheet, space, word, (side, other, at), look),
                    color=look.muted,
                    shift=(-14.0, -lifted * look.size),
                    across="end",
                    parts=("axes", "z_axis", "labels"),
                    gates=gates,
                )
            if z_axis.label:
                pinned(
                    *(sheet, space, z_axis.label, (side, other, tall), look),
                    color=look.text,
                    weight=600,
                    shift=(0.0, -1.35 * look.size),
                    parts=("axes", "z_axis", "labels"),
                    gates=gates,
                )


def _edge(
    sheet: Sheet,
    space: Space,
    axis: Axis,
    words: Sequence[str],
    middle: Point3,
    gates: tuple[Gate, ...],
    look: Look,
    stroke: Stroke,
) -> None:
    """An edge of the floor with its ticks and its name; ``middle`` is the middle of it."""
    part = f"{axis.name}_axis"

    def moved(at: float, by: float) -> Point3:
        """The place at a value along the edge, ``by`` units out of the box."""
        x, y, z = middle
        return (at, y * (1.0 + by), z) if axis.name == "x" else (x * (1.0 + by), at, z)

    solid(sheet, space, Wire(flat([moved(-1.0, 0.0), moved(1.0, 0.0)]), stroke), "line", ("axes", part), 0, gates)
    for tick, word in zip(axis.scale.ticks, words, strict=True):
        at = axis.scale.at(tick)
        ends = [moved(at, 0.0), moved(at, _TICK_LENGTH)]
        solid(sheet, space, Wire(flat(ends), stroke), "line", ("axes", part), 0, gates)
        pinned(
            *(sheet, space, word, moved(at, 0.13), look),
            color=look.muted,
            shift=(0.0, 0.35 * look.size),
            parts=("axes", part, "labels"),
            gates=gates,
        )
    if axis.label:
        pinned(
            *(sheet, space, axis.label, moved(0.0, 0.4), look),
            color=look.text,
            weight=600,
            shift=(0.0, 0.75 * look.size),
            parts=("axes", part, "labels"),
            gates=gates,
        )


def between(start: Point3, end: Point3, one: float, two: float) -> tuple[Point3, Point3] | None:
    """From the surface of one ball, of radius ``one``, to that of another; None where these touch."""
    apart = math.dist(start, end)
    if apart <= one + two + 1e-6:
        return None
    first, last = one / apart, 1 - two / apart

    def at(share: float) -> Point3:
        x, y, z = (a + (b - a) * share for a, b in zip(start, end, strict=True))
        return rounded((x, y, z))

    return at(first), at(last)


BOX = tuple((x, y, z) for x in (-1.14, 1.14) for y in (-1.14, 1.14) for z in (-TALL, TALL))
"""The corners of a box with its ticks, for `fitted`."""


def finished(sheet: Sheet, space: Space, width: float, height: float, description: str, entrance: str) -> Fragment:
    """The sheet as a fragment with its space."""
    made = sheet.fragment(width, height, stretch=True, entrance=entrance, description=description)
    return replace(made, space=space)
