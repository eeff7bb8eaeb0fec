"""Areas along a horizontal axis: series stacked on each other, or each from zero. Each is named at its right end.

The axis is that of a line chart: numbers, dates, or steps in the order given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.charts import positions
from pvc.compiler.layout.charts.data import series_colors
from pvc.compiler.layout.charts.frame import GAP, Room
from pvc.compiler.layout.charts.line import Series, read, thinned
from pvc.compiler.layout.charts.scale import Scale, linear
from pvc.compiler.layout.colors import concept_parts, mix, readable
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import Look, look, paragraph, put
from pvc.compiler.layout.numbers import in_words
from pvc.compiler.layout.sheet import Sheet, named, numbered, polyline
from pvc.compiler.model.display import Fragment, Paint, Point, Stroke
from pvc.compiler.model.values import Value
from pvc.compiler.text.style import TextBlock

_LINE = 4.0


@dataclass(frozen=True, slots=True)
class Band:
    """A series between ``lower`` and ``upper``, data values at each of the chart's positions."""

    name: str
    lower: tuple[float, ...]
    upper: tuple[float, ...]


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`charts.area`: parts `areas["name"]`, `areas[n]`, `labels`, `axes`, `x_axis`, `y_axis`, `grid`, `title`,
    `note`."""
    sheet, seen = Sheet(), look(env)
    found = read(sheet, arguments, env)
    room = framed.frame(sheet, arguments, box, seen)
    if found is None or not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True, entrance="draw")
    along, series = found
    stacked = given.flag(arguments, "stacked", True)
    places, bands = banded(sheet, series, stacked, given.flag(arguments, "shares", False))
    unit = "%" if given.flag(arguments, "shares", False) else given.text(arguments, "unit")
    framed.y_title(sheet, room, framed.axis_title(given.text(arguments, "y_label"), framed.long_unit(unit)), seen)
    title = framed.x_title(sheet, room, given.text(arguments, "x_label"), seen)
    values = [value for band in bands for value in (*band.lower, *band.upper)]
    scale = linear(values, 0, 1, count=framed.tick_count(room.height, seen), zero=True)
    ticks = framed.scale_words(scale, seen, framed.short_unit(unit))
    room.left += max(block.width for block in ticks) + GAP
    colors = series_colors(tuple(band.name for band in bands), env, given.text(arguments, "highlight"))
    blocks = [
        paragraph(
            band.name,
            seen.style(readable(color, seen.background, seen.text), weight=600),
            room.width * 0.3,
            env,
        )
        if band.name
        else None
        for band, color in zip(bands, colors, strict=True)
    ]
    widest = max((block.width for block in blocks if block), default=0.0)
    room.right -= widest + 16 if widest else 0.0
    room.top += seen.size * 0.5
    room.bottom -= positions.height(along, seen, room.width)
    if not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True, entrance="draw")
    scale = scale.spanning(room.bottom, room.top)
    framed.draw_y_axis(sheet, scale, ticks, room.left, room.right, seen, scale.low)
    across = along.spanning(room.left + positions.inset(along), room.right - positions.inset(along))
    xs = [across.at(place) for place in places]
    _draw(sheet, bands, colors, xs, scale, stacked, room, seen)
    positions.draw(sheet, across, room, box.width, seen)
    framed.put_x_title(sheet, title, room, room.bottom + positions.height(along, seen, room.width), seen)
    _name(sheet, bands, blocks, scale, stacked, room, seen)
    return sheet.fragment(
        box.width, box.height, stretch=True, entrance="draw", description=_described(bands, arguments, unit)
    )


def banded(
    sheet: Sheet, series: Sequence[Series], stacked: bool, shares: bool
) -> tuple[tuple[float, ...], tuple[Band, ...]]:
    """Positions at which any series has a value, and the bands there. A series without a value at one of them is taken
    on the straight line between its neighbours, and as zero outside of its own range. ``shares``: per cent of all."""
    places = tuple(sorted({x for one in series for x, y, _ in one.points if y is not None}))
    rows = [_filled(one, places) for one in series]
    if stacked and any(value < 0 for row in rows for value in row):
        sheet.problem(
            "PVC0582",
            "areas are stacked on each other, which negative values cannot be",
            "set `stacked: false`, or draw lines",
        )
        rows = [tuple(max(0.0, value) for value in row) for row in rows]
    if stacked and shares:
        sums = [sum(column) or 1.0 for column in zip(*rows, strict=True)]
        rows = [tuple(100 * value / total for value, total in zip(row, sums, strict=True)) for row in rows]
    found = []
    floor = (0.0,) * len(places)
    for one, row in zip(series, rows, strict=True):
        top = tuple(low + value for low, value in zip(floor, row, strict=True)) if stacked else row
        found.append(Band(one.name, floor, top))
        floor = top if stacked else floor
    return places, tuple(found)


def _filled(one: Series, places: Sequence[float]) -> tuple[float, ...]:
    known = sorted((x, y) for x, y, _ in one.points if y is not None)
    at = dict(known)
    found = []
    for place in places:
        if place in at:
            found.append(at[place])
            continue
        before = [pair for pair in known if pair[0] < place]
        after = [pair for pair in known if pair[0] > place]
        if before and after:
            (ax, ay), (bx, by) = before[-1], after[0]
            found.append(ay + (by - ay) * (place - ax) / (bx - ax))
        else:
            found.append(0.0)
    return tuple(found)


def _draw(
    sheet: Sheet,
    bands: Sequence[Band],
    colors: Sequence[Paint],
    xs: Sequence[float],
    scale: Scale,
    stacked: bool,
    room: Room,
    seen: Look,
) -> None:
    """Areas from the lowest, each with a line along its upper edge that is drawn while the area opens."""
    drawn = list(enumerate(zip(bands, colors, strict=True)))
    if not stacked:  # the highest at the back
        drawn.sort(key=lambda item: -sum(item[1][0].upper))
    wide = list(xs) if len(xs) > 1 else [max(room.left, xs[0] - 40), min(room.right, xs[0] + 40)]
    for index, (band, color) in drawn:
        upper, lower = (list(row) if len(xs) > 1 else list(row) * 2 for row in (band.upper, band.lower))
        above: list[Point] = thinned([(x, scale.at(y)) for x, y in zip(wide, upper, strict=True)])
        below: list[Point] = thinned([(x, scale.at(y)) for x, y in zip(wide, lower, strict=True)])
        parts = ["areas", numbered("areas", index + 1)] + ([named("areas", band.name)] if band.name else [])
        parts += concept_parts(seen.env, band.name)
        fill = mix(seen.background, color, 0.55 if stacked else 0.3)
        if not stacked:
            fill = Paint(color.red, color.green, color.blue, 80)
        sheet.shape(
            polyline([*above, *reversed(below)], closed=True),
            "area",
            fill=fill,
            parts=parts,
            order=index + 1,
            morph=f"area:{band.name}",
        )
        sheet.shape(
            polyline(above),
            "line",
            stroke=Stroke(color, _LINE),
            parts=parts,
            order=index + 1,
            morph=f"edge:{band.name}",
        )


def _name(
    sheet: Sheet,
    bands: Sequence[Band],
    blocks: Sequence[TextBlock | None],
    scale: Scale,
    stacked: bool,
    room: Room,
    seen: Look,
) -> None:
    """Names at the right, at the middle of where each area ends (at its upper edge where they are not stacked)."""
    shown = [index for index, block in enumerate(blocks) if block]
    ends = [scale.at((bands[i].lower[-1] + bands[i].upper[-1]) / 2 if stacked else bands[i].upper[-1]) for i in shown]
    heights = [block.height + 10 for index in shown if (block := blocks[index])]
    low, high = max(0.0, room.top - seen.size), room.bottom + seen.size * 0.4
    if sum(heights) > high - low:
        sheet.problem(
            "PVC0541",
            f"the names of {len(shown)} areas do not fit beside their ends",
            "show fewer, or give the chart a larger region",
        )
        return
    for index, y, middle in zip(shown, ends, framed.spread(ends, heights, low, high), strict=True):
        block, name = blocks[index], bands[index].name
        assert block is not None
        parts = ("labels", "areas", numbered("areas", index + 1), named("areas", name), *concept_parts(seen.env, name))
        if abs(middle - y) > seen.size * 0.9:
            leader = polyline(((room.right + 3, y), (room.right + 13, middle)))
            sheet.shape(leader, "line", stroke=Stroke(seen.rule, 2.0), parts=parts, order=index + 1)
        put(
            *(sheet, block, room.right + 16, middle),
            size=seen.size,
            along="middle",
            parts=parts,
            order=index + 1,
            morph=f"series:{name}",
        )


def _described(bands: Sequence[Band], arguments: Mapping[str, Value], unit: str) -> str:
    title = given.text(arguments, "title") or given.text(arguments, "y_label") or "Area chart"
    told = []
    for band in bands[:8]:
        sizes = [high - low for low, high in zip(band.lower, band.upper, strict=True)]
        first, last = in_words((sizes[0], sizes[-1]), unit=framed.short_unit(unit))
        told.append(f"{band.name + ': ' if band.name else ''}from {first} to {last}")
    return f"{title}. {'; '.join(told)}."
