"""Shares of a whole as slices of a disc or a ring, each named beside it.

Slices run clockwise from twelve o'clock in the order of the rows (or sorted). Those below a share that can be seen are
one slice; a label that cannot stand at its slice is moved up or down with a leader.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.charts.data import Grouped, grouped, nothing, series_colors
from pvc.compiler.layout.charts.frame import Room
from pvc.compiler.layout.colors import concept_parts, mix, readable, receding
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import Look, line, look, paragraph, put
from pvc.compiler.layout.numbers import decimals, fixed
from pvc.compiler.layout.sheet import Sheet, named, numbered, polyline
from pvc.compiler.model.display import Fragment, Paint, Path, Point, Stroke, quantise
from pvc.compiler.model.values import Value
from pvc.compiler.text.style import TextBlock

MOST = 12
"""Slices that can be told apart; the least of more become one."""

HOLE = 0.58
"""Radius of a donut's hole to its own."""

_APART = 3.0
_REACH = 26.0
_CLEAR = 16.0
"""Between a label's nearest corner and the disc."""


@dataclass(frozen=True, slots=True)
class Slice:
    """``share`` of the whole, 0..1; ``start`` the share before it. ``members``: the names that it stands for."""

    name: str
    value: float
    share: float
    start: float
    members: tuple[str, ...]

    @property
    def middle(self) -> float:
        """The direction of its middle in radians, clockwise from twelve o'clock; of a whole disc, to the right."""
        if self.share >= 1 - 1e-9:
            return math.pi / 2
        return 2 * math.pi * (self.start + self.share / 2)


@dataclass(frozen=True, slots=True)
class _Label:
    name: TextBlock
    value: TextBlock | None

    @property
    def width(self) -> float:
        return max(self.name.width, self.value.width if self.value else 0.0)

    @property
    def height(self) -> float:
        return self.name.height + (self.value.height if self.value else 0.0)


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`charts.pie`: parts `slices["name"]`, `slices[n]`, `labels`, `values`, `center`, `title`, `note`."""
    sheet, seen = Sheet(), look(env)
    data = grouped(sheet, arguments, "x", "y")
    room = framed.frame(sheet, arguments, box, seen)
    if data is None or not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True, entrance="grow")
    slices = cut(sheet, data, given.as_number(arguments.get("least")), given.text(arguments, "other", "Other"))
    if not slices:
        return sheet.fragment(box.width, box.height, stretch=True, entrance="grow")
    colors = _colors(slices, env, given.text(arguments, "highlight"))
    labels = _labels(slices, colors, arguments, room, seen)
    _draw(sheet, slices, colors, labels, arguments, room, seen)
    title = given.text(arguments, "title") or "Pie chart"
    told = "; ".join(f"{each.name}: {word}" for each, word in zip(slices, _words(slices, arguments, seen), strict=True))
    return sheet.fragment(box.width, box.height, stretch=True, entrance="grow", description=f"{title}. {told}.")


def cut(sheet: Sheet, data: Grouped, least: float | None, other: str) -> tuple[Slice, ...]:
    """The slices: values that are shares of something, the least of them (below the share ``least``, in per cent)
    together where there are two or more."""
    rows = [(name, values[0] or 0.0) for name, values in zip(data.categories, data.values, strict=True)]
    if any(value < 0 for _, value in rows):
        sheet.problem(
            "PVC0582", "a share of a whole cannot be negative", "show these values as bars, which have a zero"
        )
        return ()
    merged: dict[str, float] = {}
    for name, value in rows:
        if value > 0:
            merged[name] = merged.get(name, 0.0) + value
    whole = math.fsum(merged.values())
    if rows and (not merged or whole <= 0):
        sheet.problem("PVC0540", "all values of the pie are zero, so that there are no shares", "leave the pie out")
        return ()
    if not rows:
        nothing(sheet)
        return ()
    limit = (2.0 if least is None else max(0.0, min(least, 50.0))) / 100
    ranked = sorted(merged, key=lambda name: -merged[name])
    small = [name for index, name in enumerate(ranked) if merged[name] / whole < limit or index >= MOST]
    if len(small) < 2:
        small = []
    found: list[Slice] = []
    start = 0.0
    for name, value in merged.items():
        if name not in small:
            found.append(Slice(name, value, value / whole, start, (name,)))
            start += value / whole
    if small:
        rest = math.fsum(merged[name] for name in small)
        found.append(Slice(other, rest, rest / whole, start, tuple(small)))
    return tuple(found)


def _colors(slices: Sequence[Slice], env: Env, highlight: str) -> list[Paint]:
    names = tuple(each.name for each in slices)
    colors = list(series_colors(names, env, highlight))
    seen = look(env)
    for index, each in enumerate(slices):
        if len(each.members) > 1:
            colors[index] = (
                receding(env.theme) if highlight and highlight in names else mix(seen.background, seen.muted, 0.7)
            )
        elif index >= 8 and not highlight:  # categorical colours repeat after the eighth
            colors[index] = mix(colors[index], seen.background, 0.3)
    return colors


def _words(slices: Sequence[Slice], arguments: Mapping[str, Value], seen: Look) -> tuple[str, ...]:
    """What each slice says: its share, or its value where there is a unit."""
    unit = given.text(arguments, "unit")
    if unit and unit != "%":
        values = framed.value_words([each.value for each in slices], unit, seen)
        return tuple(f"{value} {unit}" if framed.long_unit(unit) else value for value in values)
    shares = [each.share * 100 for each in slices]
    whole = all(share >= 1 for share in shares) and (
        min((abs(a - b) for i, a in enumerate(shares) for b in shares[i + 1 :] if a != b), default=1.0) >= 0.5
    )
    digits = 0 if whole and any(abs(share - round(share)) > 1e-9 for share in shares) else min(1, decimals(shares))
    return tuple(fixed(share, digits, seen.env.language) + "%" for share in shares)


def _labels(
    slices: Sequence[Slice], colors: Sequence[Paint], arguments: Mapping[str, Value], room: Room, seen: Look
) -> list[_Label]:
    show = given.flag(arguments, "values", True)
    most = room.width * 0.26
    found = []
    for each, color, word in zip(slices, colors, _words(slices, arguments, seen), strict=True):
        style = seen.style(readable(color, seen.background, seen.text), weight=600)
        name = paragraph(each.name, style, most, seen.env, "start" if _right(each) else "end")
        value = line(word, seen.style(seen.muted), seen.env) if show else None
        found.append(_Label(name, value))
    return found


def _right(each: Slice) -> bool:
    return each.middle <= math.pi


def _draw(
    sheet: Sheet,
    slices: Sequence[Slice],
    colors: Sequence[Paint],
    labels: Sequence[_Label],
    arguments: Mapping[str, Value],
    room: Room,
    seen: Look,
) -> None:
    widest = max(label.width for label in labels)
    radius = min((room.width - 2 * (widest + _REACH * 1.6)) / 2, (room.height - seen.size * 1.2) / 2, 420.0)
    sides = [[i for i, each in enumerate(slices) if _right(each) == right] for right in (True, False)]
    tallest = max(sum(labels[i].height + 6 for i in side) for side in sides)
    if radius < seen.size * 2.4 or tallest > room.height:
        sheet.problem(
            "PVC0541",
            f"a pie of {len(slices)} slices with their names does not fit into {round(room.width)} × "
            f"{round(room.height)} px",
            "show fewer slices (`least: 5` merges those below 5%), shorten the names, or give it more room",
        )
        return
    cx, cy = (room.left + room.right) / 2, (room.top + room.bottom) / 2
    donut = given.flag(arguments, "donut", False)
    inner = radius * HOLE if donut else 0.0
    for index, (each, color) in enumerate(zip(slices, colors, strict=True)):
        sheet.shape(
            *(wedge((cx, cy), radius, inner, each.start, each.share), "dot"),
            fill=color,
            stroke=Stroke(seen.background, _APART) if len(slices) > 1 else None,
            parts=_selectors(each, index, seen),
            order=index + 1,
            morph=f"slice:{each.name}",
            origin=(cx, cy),
        )
    _center(sheet, given.text(arguments, "center") if donut else "", (cx, cy), inner, seen)
    for right, side in zip((True, False), sides, strict=True):
        _name(sheet, slices, labels, side, right, (cx, cy), radius, room, seen)


def _selectors(each: Slice, index: int, seen: Look) -> tuple[str, ...]:
    """A slice that stands for several is found by each of their names."""
    names = dict.fromkeys((each.name, *each.members))
    own = (named("slices", name) for name in names)
    return ("slices", numbered("slices", index + 1), *own, *concept_parts(seen.env, each.name))


def wedge(center: Point, radius: float, inner: float, start: float, share: float) -> Path:
    """A slice between two circles, of cubic arcs of at most an eighth of a turn, always in the same number for equal
    shares of a quarter, clockwise from twelve o'clock."""
    pieces = max(1, math.ceil(share * 8))
    begin, sweep = 2 * math.pi * start, 2 * math.pi * share
    points = [*_on(center, radius, begin)]
    points += _arc(center, radius, begin, sweep, pieces)
    if inner > 0:
        points += _on(center, inner, begin + sweep)
        points += _arc(center, inner, begin + sweep, -sweep, pieces)
        verbs = "M" + "C" * pieces + "L" + "C" * pieces + "Z"
    else:
        points += center
        verbs = "M" + "C" * pieces + "LZ"
    if share >= 1 - 1e-9:  # a whole ring or disc has no cut
        verbs = "M" + "C" * pieces + "Z" + ("M" + "C" * pieces + "Z" if inner > 0 else "")
        points = points if inner > 0 else points[:-2]
    return Path(verbs, tuple(map(quantise, points)))


def _on(center: Point, radius: float, angle: float) -> Point:
    return (center[0] + radius * math.sin(angle), center[1] - radius * math.cos(angle))


def _arc(center: Point, radius: float, begin: float, sweep: float, pieces: int) -> list[float]:
    """Cubic pieces of an arc; the handles are 4/3 tan(a/4) of the radius long."""
    step = sweep / pieces
    handle = 4 / 3 * math.tan(step / 4) * radius
    points: list[float] = []
    for piece in range(pieces):
        one, two = begin + piece * step, begin + (piece + 1) * step
        (ax, ay), (bx, by) = _on(center, radius, one), _on(center, radius, two)
        points += (ax + handle * math.cos(one), ay + handle * math.sin(one))
        points += (bx - handle * math.cos(two), by - handle * math.sin(two), bx, by)
    return points


def _center(sheet: Sheet, text: str, center: Point, inner: float, seen: Look) -> None:
    """A word in the hole of a donut, as large as fits."""
    if not text:
        return
    for factor in (2.2, 1.8, 1.5, 1.25, 1.0):
        style = seen.style(size=seen.size * factor, weight=600)
        block = paragraph(text, style, inner * 1.35, seen.env, "center")
        if math.hypot(block.width, block.height) < inner * 1.8 or factor == 1.0:
            put(
                *(sheet, block, center[0], center[1] - block.height / 2),
                size=style.size,
                across="middle",
                parts=("center", "labels"),
                morph="center",
            )
            if math.hypot(block.width, block.height) > inner * 1.95:
                sheet.problem("PVC0541", f"“{text}” does not fit into the donut's hole", "shorten `center`")
            return


def _name(
    sheet: Sheet,
    slices: Sequence[Slice],
    labels: Sequence[_Label],
    side: Sequence[int],
    right: bool,
    center: Point,
    radius: float,
    room: Room,
    seen: Look,
) -> None:
    """The labels of one side, each at the height of its slice, moved as little as need be, with a leader where it is
    moved."""
    sign = 1.0 if right else -1.0
    wanted = [_on(center, radius + _REACH, slices[index].middle) for index in side]
    heights = [labels[index].height + 6 for index in side]
    middles = framed.spread([y for _, y in wanted], heights, room.top, room.bottom)
    for index, (_, y), middle in zip(side, wanted, middles, strict=True):
        each, label = slices[index], labels[index]
        own = (*_selectors(each, index, seen), "labels")
        dy = min(abs(middle - center[1]), radius + _REACH)
        edge = math.sqrt((radius + _REACH) ** 2 - dy**2)
        moved = abs(middle - y) > seen.size * 0.45
        above, below = middle - label.height / 2 - center[1], middle + label.height / 2 - center[1]
        nearest = 0.0 if above < 0 < below else min(abs(above), abs(below))  # of all its lines, to the disc's middle
        edge = max(edge, math.sqrt(max(0.0, (radius + _CLEAR) ** 2 - nearest**2)))
        x = center[0] + sign * max(edge, abs(_on(center, radius + _REACH, each.middle)[0] - center[0]) if moved else 0)
        if moved:
            x += sign * _REACH * 0.5
            tip = _on(center, radius + 5, each.middle)
            leader = polyline((tip, (x - sign * 6, middle)))
            sheet.shape(leader, "line", stroke=Stroke(mix(seen.rule, seen.muted, 0.5), 2.0), parts=own, order=index + 1)
        top = middle - label.height / 2
        for key, block, parts in (("name", label.name, own), ("value", label.value, (*own, "values"))):
            if block is not None:
                left = x if right else x - block.width
                left = min(max(left, 0.0), room.right - block.width)
                put(
                    *(sheet, block, left, top),
                    size=seen.size,
                    parts=parts,
                    order=index + 1,
                    morph=f"{key}:{each.name}",
                )
                top += block.height
