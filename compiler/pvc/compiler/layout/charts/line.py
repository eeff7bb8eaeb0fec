"""Lines along a horizontal axis, drawn from left to right. Each is named at its end; the one that speaks is thicker.

The horizontal axis is numeric, of dates (texts such as 2017, 2017-06 or 2017-06-12), or of steps in the order given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.charts import positions
from pvc.compiler.layout.charts.data import index_of, nothing, number_column, series_colors
from pvc.compiler.layout.charts.frame import GAP, Room
from pvc.compiler.layout.charts.scale import Scale, linear, logarithmic
from pvc.compiler.layout.colors import concept_parts, readable
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import Look, look, paragraph, put
from pvc.compiler.layout.numbers import by_itself
from pvc.compiler.layout.sheet import Sheet, disc, named, numbered, polyline
from pvc.compiler.model.display import Fragment, Paint, Path, Point, Stroke
from pvc.compiler.model.values import Value
from pvc.compiler.text.style import TextBlock

THICK, THIN = 5.0, 3.5
"""Of the line that speaks, and of the others beside it."""

_MOST_DOTS = 16
_DOT = 7.0


@dataclass(frozen=True, slots=True)
class Series:
    """``points`` are (x, y, row from 1) in the order of x; y is None where one is missing: the line breaks there."""

    name: str
    points: tuple[tuple[float, float | None, int], ...]


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`charts.line`: parts `lines[n]`, `lines["name"]`, `points[row]`, `labels`, `axes`, `x_axis`, `y_axis`, `grid`,
    `title`, `note`."""
    sheet, seen = Sheet(), look(env)
    found = read(sheet, arguments, env)
    room = framed.frame(sheet, arguments, box, seen)
    if found is None or not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True, entrance="draw")
    along, series = found
    values = [y for one in series for _, y, _ in one.points if y is not None]
    log = given.text(arguments, "scale") == "log" and _positive(sheet, values)
    unit = given.text(arguments, "unit")
    framed.y_title(sheet, room, framed.axis_title(given.text(arguments, "y_label"), framed.long_unit(unit)), seen)
    title = framed.x_title(sheet, room, given.text(arguments, "x_label"), seen)
    count = framed.tick_count(room.height, seen)
    scale = (
        logarithmic(values, 0, 1, count=count) if log else linear(values, 0, 1, count=count, zero=_from_zero(values))
    )
    ticks = framed.scale_words(scale, seen, framed.short_unit(unit))
    room.left += max(block.width for block in ticks) + GAP
    colors = series_colors(tuple(one.name for one in series), env, given.text(arguments, "highlight"))
    labels = _end_labels(series, colors, arguments, room, seen)
    widest = max((block.width for block in labels if block), default=0.0)
    room.right -= widest + 16 if widest else _DOT
    room.top += seen.size * 0.5
    room.bottom -= positions.height(along, seen, room.width)
    if not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True, entrance="draw")
    scale = scale.spanning(room.bottom, room.top)
    base = 0.0 if not log and scale.low == 0 else None
    framed.draw_y_axis(sheet, scale, ticks, room.left, room.right, seen, base)
    across = along.spanning(room.left + positions.inset(along), room.right - positions.inset(along))
    positions.draw(sheet, across, room, box.width, seen)
    framed.put_x_title(sheet, title, room, room.bottom + positions.height(along, seen, room.width), seen)
    _draw(sheet, series, colors, arguments, across, scale, seen)
    _name(sheet, series, colors, labels, scale, across, room, seen)
    return sheet.fragment(
        box.width, box.height, stretch=True, entrance="draw", description=_described(series, arguments, along)
    )


def _positive(sheet: Sheet, values: Sequence[float]) -> bool:
    if all(value > 0 for value in values):
        return True
    sheet.problem(
        "PVC0542", "a log scale has no place for zero or negative values", "leave `scale: log` out, or filter the rows"
    )
    return False


def _from_zero(values: Sequence[float]) -> bool:
    """Whether the axis is drawn from zero: where that costs less than half of the height."""
    low, high = min(values), max(values)
    return low == high == 0 or (low >= 0 and low < 0.4 * high) or (high <= 0 and high > 0.4 * low)


def read(
    sheet: Sheet, arguments: Mapping[str, Value], env: Env
) -> tuple[positions.Positions, tuple[Series, ...]] | None:
    """The horizontal axis and the lines in the order of their first rows; None (and a problem) for none."""
    table = given.table(arguments)
    first = index_of(sheet, table, given.column(arguments, "x"), "x")
    second = index_of(sheet, table, given.column(arguments, "y"), "y")
    owner_name = given.column(arguments, "series")
    third = index_of(sheet, table, owner_name, "series") if owner_name else None
    if first is None or second is None:
        return None
    ys = number_column(sheet, table, second)
    along, xs = positions.read([row[first] for row in table.rows], env.language)
    owners = ["" if third is None else given.as_text(row[third]) for row in table.rows]
    series = []
    for name in dict.fromkeys(owners):
        rows = [
            (x, y, number)
            for number, (x, y, owner) in enumerate(zip(xs, ys, owners, strict=True), 1)
            if owner == name and x is not None
        ]
        series.append(Series(name, tuple(sorted(rows, key=lambda row: (row[0], row[2])))))
    series = [one for one in series if any(y is not None for _, y, _ in one.points)]
    if not series or along is None:
        nothing(sheet)
        return None
    return along, tuple(series)


def _runs(points: Sequence[tuple[Point, int] | None]) -> list[list[Point]]:
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point[0])
    return [run for run in runs if run]


def thinned(points: list[Point], most: int = 1500) -> list[Point]:
    """A long line without the points that cannot be seen: matplotlib's path simplification (`path.simplify`, which
    keeps the extremes of each stretch) to a ninth of a pixel."""
    if len(points) <= most:
        return points
    import numpy as np
    from matplotlib.path import Path as Outline

    outline = Outline(np.array(points))
    outline.should_simplify = True
    outline.simplify_threshold = 1 / 9
    vertices = outline.cleaned(simplify=True).vertices
    kept = [(float(x), float(y)) for x, y in np.asarray(vertices)]
    return [points[0], *(point for point in kept[1:-2]), points[-1]]


def _draw(
    sheet: Sheet,
    series: Sequence[Series],
    colors: Sequence[Paint],
    arguments: Mapping[str, Value],
    across: positions.Positions,
    scale: Scale,
    seen: Look,
) -> None:
    highlight = given.text(arguments, "highlight")
    names = [one.name for one in series]
    order = sorted(
        range(len(series)), key=lambda index: bool(highlight) and names[index] == highlight
    )  # who speaks is drawn on top
    for index in order:
        one, color = series[index], colors[index]
        speaks = len(series) == 1 or not highlight or highlight not in names or one.name == highlight
        placed = [None if y is None else ((across.at(x), scale.at(y)), row) for x, y, row in one.points]
        parts = ["lines", numbered("lines", index + 1)] + ([named("lines", one.name)] if one.name else [])
        parts += concept_parts(seen.env, one.name)
        runs = [thinned(run) for run in _runs(placed)]
        verbs = ""
        flat: list[float] = []
        for run in runs:
            if len(run) > 1:
                path = polyline(run)
                verbs += path.verbs
                flat.extend(path.points)
        if verbs:
            stroke = Stroke(color, THICK if speaks else THIN)
            sheet.shape(
                Path(verbs, tuple(flat)), "line", stroke=stroke, parts=parts, order=index + 1, morph=f"line:{one.name}"
            )
        dotted = len(one.points) <= _MOST_DOTS
        for point, (_, _, row) in zip(placed, one.points, strict=True):
            lone = point is not None and any(run == [point[0]] for run in runs)
            if point is not None and (dotted or lone):
                (x, y), _ = point
                sheet.shape(
                    *(disc(x, y, _DOT if speaks else _DOT - 2), "dot"),
                    fill=color,
                    stroke=Stroke(seen.background, 2.0),
                    parts=(*parts, "points", numbered("points", row)),
                    order=index + 1,
                    morph=f"point:{one.name}:{row}",
                    origin=(x, y),
                )


def _end_labels(
    series: Sequence[Series], colors: Sequence[Paint], arguments: Mapping[str, Value], room: Room, seen: Look
) -> list[TextBlock | None]:
    """The names of the lines in their colours, or the last value of a single line."""
    env = seen.env
    blocks: list[TextBlock | None] = []
    unit = framed.short_unit(given.text(arguments, "unit"))
    for one, color in zip(series, colors, strict=True):
        name = one.name
        if not name:
            lasts = [y for _, y, _ in one.points if y is not None]
            name = by_itself(lasts[-1], env.language, unit) if given.flag(arguments, "values", True) else ""
        style = seen.style(readable(color, seen.background, seen.text), weight=600)
        blocks.append(paragraph(name, style, room.width * 0.3, env) if name else None)
    return blocks


def _name(
    sheet: Sheet,
    series: Sequence[Series],
    colors: Sequence[Paint],
    blocks: Sequence[TextBlock | None],
    scale: Scale,
    across: positions.Positions,
    room: Room,
    seen: Look,
) -> None:
    """Put each name where its line ends, moved up or down where names would touch, with a thin leader then."""
    shown = [index for index, block in enumerate(blocks) if block]
    ends = []
    for index in shown:
        x, y = next((x, y) for x, y, _ in reversed(series[index].points) if y is not None)
        ends.append((across.at(x), scale.at(y)))
    heights = [block.height + 10 for index in shown if (block := blocks[index])]
    low, high = max(0.0, room.top - seen.size), room.bottom + seen.size * 0.4
    if sum(heights) > high - low:
        sheet.problem(
            "PVC0541",
            f"the names of {len(shown)} lines do not fit beside their ends",
            "show fewer lines, or give the chart a larger region",
        )
        return
    middles = framed.spread([y for _, y in ends], heights, low, high)
    for index, (x, y), middle in zip(shown, ends, middles, strict=True):
        block = blocks[index]
        assert block is not None
        name = series[index].name
        parts = ["labels", "lines", numbered("lines", index + 1)] + ([named("lines", name)] if name else [])
        parts += concept_parts(seen.env, name)
        left = room.right + 16
        if abs(middle - y) > seen.size * 0.9 or x < room.right - 30:
            leader = polyline(((x + 9, y), (left - 5, middle)))
            sheet.shape(leader, "line", stroke=Stroke(seen.rule, 2.0), parts=parts, order=index + 1)
        put(
            *(sheet, block, left, middle),
            size=seen.size,
            along="middle",
            parts=parts,
            order=index + 1,
            morph=f"series:{name}",
        )


def _described(series: Sequence[Series], arguments: Mapping[str, Value], along: positions.Positions) -> str:
    from pvc.compiler.layout.numbers import in_words

    title = given.text(arguments, "title") or given.text(arguments, "y_label") or "Line chart"
    told = []
    for one in series[:8]:
        present = [(x, y) for x, y, _ in one.points if y is not None]
        first, last = in_words([present[0][1], present[-1][1]])
        name = f"{one.name}: " if one.name else ""
        told.append(f"{name}from {first} at {along.word(present[0][0])} to {last} at {along.word(present[-1][0])}")
    return f"{title}. {'; '.join(told)}."
