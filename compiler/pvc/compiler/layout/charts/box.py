"""Boxes of distributions: quartiles and median, whiskers to the last value within 1.5 times the box, the rest as dots.

The numbers are matplotlib's (`matplotlib.cbook.boxplot_stats`; J. Tukey, "Exploratory Data Analysis", 1977). Upright
where the names fit under the boxes, lying where they do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.charts.categories import names_below, names_beside, stands, ticks_below
from pvc.compiler.layout.charts.data import index_of, nothing, number_column
from pvc.compiler.layout.charts.frame import GAP, Room
from pvc.compiler.layout.charts.scale import Scale, linear, logarithmic
from pvc.compiler.layout.colors import concept_color, concept_parts, mix, readable, receding
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.compose import rectangle
from pvc.compiler.layout.labels import Look, line, look, put
from pvc.compiler.layout.numbers import in_words
from pvc.compiler.layout.sheet import Sheet, disc, named, numbered, polyline
from pvc.compiler.model.display import Fragment, Paint, Point, Rect, Stroke
from pvc.compiler.model.values import Value
from pvc.compiler.text.style import TextBlock

THICKEST = 120.0
"""A box is never thicker, px."""

MOST_DOTS = 400
"""Outliers drawn for one box: the outermost of them."""

_LINE = 3.5
_DOT = 6.0


@dataclass(frozen=True, slots=True)
class Summary:
    """What a box says of its values: quartiles, ends of the whiskers, what lies beyond them."""

    name: str
    count: int
    low: float
    first: float
    median: float
    third: float
    high: float
    outliers: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """From (place across the boxes, value) to px: values run up, or to the right where the boxes lie."""

    up: bool
    scale: Scale

    def at(self, across: float, value: float) -> Point:
        along = self.scale.at(value)
        return (across, along) if self.up else (along, across)

    def rect(self, across: float, thick: float, one: float, two: float) -> Rect:
        (ax, ay), (bx, by) = self.at(across - thick / 2, one), self.at(across + thick / 2, two)
        return Rect(min(ax, bx), min(ay, by), max(abs(bx - ax), 1.0), max(abs(by - ay), 1.0))


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`charts.box`: parts `boxes["category"]`, `boxes[n]`, `medians`, `whiskers`, `outliers`, `values`, `labels`,
    `axes`, `x_axis`, `y_axis`, `grid`, `title`, `note`."""
    sheet, seen = Sheet(), look(env)
    found = _read(sheet, arguments)
    room = framed.frame(sheet, arguments, box, seen)
    if not found or not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True, entrance="grow")
    unit = given.text(arguments, "unit")
    framed.y_title(sheet, room, framed.axis_title(given.text(arguments, "y_label"), framed.long_unit(unit)), seen)
    direction = given.text(arguments, "direction", "auto")
    up = direction == "up" or (direction == "auto" and stands([each.name for each in found], room, seen))
    draw = _upright if up else _lying
    draw(sheet, found, _colors(found, env, given.text(arguments, "highlight")), arguments, room, seen)
    told = _described(found, arguments, env.language)
    return sheet.fragment(box.width, box.height, stretch=True, entrance="grow", description=told)


def summary(name: str, values: Sequence[float]) -> Summary:
    """The box of some values, at least one."""
    from matplotlib.cbook import boxplot_stats

    (told,) = boxplot_stats([float(value) for value in values])
    low, first, median, third, high = (float(told[key]) for key in ("whislo", "q1", "med", "q3", "whishi"))
    return Summary(name, len(values), low, first, median, third, high, tuple(sorted(map(float, told["fliers"]))))


def _read(sheet: Sheet, arguments: Mapping[str, Value]) -> tuple[Summary, ...]:
    table = given.table(arguments)
    second = index_of(sheet, table, given.column(arguments, "y"), "y")
    owner = given.column(arguments, "x")
    first = index_of(sheet, table, owner, "x") if owner else None
    if second is None or (owner and first is None):
        return ()
    numbers = number_column(sheet, table, second)
    groups: dict[str, list[float]] = {}
    for row, number in zip(table.rows, numbers, strict=True):
        if number is not None:
            groups.setdefault("" if first is None else given.as_text(row[first]), []).append(number)
    if not groups:
        nothing(sheet)
        return ()
    found = [summary(name, values) for name, values in groups.items()]
    sort = given.text(arguments, "sort")
    if sort in ("ascending", "descending"):
        found.sort(key=lambda each: each.median, reverse=sort == "descending")
    return tuple(found)


def _colors(found: Sequence[Summary], env: Env, highlight: str) -> list[Paint]:
    """The accent for all, a concept's colour for its own; what is not highlighted steps back."""
    from pvc.compiler.layout.colors import paint

    colors = []
    for each in found:
        concept = concept_color(env, each.name)
        colors.append(concept[1] if concept else paint(env.theme, "accent"))
    if highlight and highlight in [each.name for each in found]:
        back = receding(env.theme)
        colors = [color if each.name == highlight else back for each, color in zip(found, colors, strict=True)]
    return colors


def _scale(sheet: Sheet, found: Sequence[Summary], arguments: Mapping[str, Value], count: int) -> Scale:
    values = [value for each in found for value in (each.low, each.high, *each.outliers)]
    if given.text(arguments, "scale") == "log":
        if min(values) > 0:
            return logarithmic(values, 0.0, 1.0, count=count)
        sheet.problem(
            "PVC0542",
            "a log scale has no place for zero or negative values",
            "leave `scale: log` out, or filter the rows",
        )
    return linear(values, 0.0, 1.0, count=count)


def _upright(
    sheet: Sheet,
    found: Sequence[Summary],
    colors: Sequence[Paint],
    arguments: Mapping[str, Value],
    room: Room,
    seen: Look,
) -> None:
    scale = _scale(sheet, found, arguments, framed.tick_count(room.height, seen))
    ticks = framed.scale_words(scale, seen, framed.short_unit(given.text(arguments, "unit")))
    room.left += max((block.width for block in ticks), default=0.0) + GAP
    slot = room.width / len(found)
    names: list[TextBlock | None] = [None] * len(found)
    if any(each.name for each in found):
        names = names_below(sheet, [each.name for each in found], room, slot, seen)
    room.top += seen.size * 0.5
    room.bottom -= seen.size * 0.5
    if not framed.fits(sheet, room):
        return
    way = _Way(True, scale.spanning(room.bottom, room.top))
    framed.draw_y_axis(sheet, way.scale, ticks, room.left, room.right, seen, None)
    blocks = _value_blocks(found, colors, arguments, seen)
    beside = max((block.width for block in blocks), default=0.0) + 14
    thick = min(THICKEST, slot * 0.5)
    fits = thick + 2 * beside <= slot - 8
    for index, (each, color) in enumerate(zip(found, colors, strict=True)):
        across = room.left + slot * (index + 0.5)
        _draw(sheet, each, index, color, across, thick, way, seen)
        if fits and blocks:
            x, y = way.at(across + thick / 2 + 14, each.median)
            _value(sheet, blocks[index], each, index, (x, y), "start", seen)
        if name := names[index]:
            put(
                *(sheet, name, across, room.bottom + seen.size * 0.5 + GAP),
                size=seen.size,
                across="middle",
                parts=("axes", "x_axis", "labels", *_selectors(each, index, seen)),
                order=index + 1,
                morph=f"name:{each.name}",
            )


def _lying(
    sheet: Sheet,
    found: Sequence[Summary],
    colors: Sequence[Paint],
    arguments: Mapping[str, Value],
    room: Room,
    seen: Look,
) -> None:
    slot = room.height / len(found)
    names, wide = names_beside([each.name for each in found], room, slot, seen)
    count = max(2, min(6, int(room.width * 0.7 / 220)))
    unit = framed.short_unit(given.text(arguments, "unit"))
    ticks = framed.scale_words(_scale(sheet, found, arguments, count), seen, unit)
    left = room.left + (wide + GAP if wide else 0.0) + seen.size * 0.5
    half = max((block.width / 2 for block in ticks), default=0.0)
    left, right = max(left, room.left + half), room.right - half
    room.bottom -= seen.size * 1.16 + GAP
    slot = room.height / len(found)
    if slot < seen.size * 1.3 or right - left < framed.LEAST_PLOT or any(b.height > slot for b in names):
        sheet.problem(
            "PVC0541",
            f"{len(found)} boxes with their names do not fit into {round(room.width)} × {round(room.height)} px",
            "show fewer of them, shorten the names, or give the chart a larger region",
        )
        return
    scale, ticks = framed.fitting(
        lambda most: _scale(sheet, found, arguments, most).spanning(left, right),
        *(count, left - half, right + half, seen, unit),
    )
    way = _Way(False, scale)
    ticks_below(sheet, way.scale, ticks, room, seen, float("nan"))
    blocks = _value_blocks(found, colors, arguments, seen)
    thick = min(THICKEST, slot * 0.5)
    fits = (slot - thick) / 2 >= seen.size * 1.2
    for index, (each, color) in enumerate(zip(found, colors, strict=True)):
        across = room.top + slot * (index + 0.5)
        _draw(sheet, each, index, color, across, thick, way, seen)
        if fits and blocks:
            x, y = way.at(across - thick / 2 - 4, each.median)
            block = blocks[index]
            x = min(max(x, left + block.width / 2), room.right - block.width / 2)
            _value(sheet, block, each, index, (x, y), "middle", seen)
        put(
            *(sheet, names[index], room.left + wide, across),
            size=seen.size,
            across="end",
            along="middle",
            parts=("axes", "y_axis", "labels", *_selectors(each, index, seen)),
            order=index + 1,
            morph=f"name:{each.name}",
        )


def _selectors(each: Summary, index: int, seen: Look) -> tuple[str, ...]:
    own = (named("boxes", each.name),) if each.name else ()
    return ("boxes", numbered("boxes", index + 1), *own, *concept_parts(seen.env, each.name))


def _value_blocks(
    found: Sequence[Summary], colors: Sequence[Paint], arguments: Mapping[str, Value], seen: Look
) -> list[TextBlock]:
    """The medians in words; none where they are not wanted."""
    if not given.flag(arguments, "values", True):
        return []
    words = framed.value_words([each.median for each in found], given.text(arguments, "unit"), seen)
    return [
        line(word, seen.style(readable(color, seen.background, seen.text), weight=600), seen.env)
        for word, color in zip(words, colors, strict=True)
    ]


def _value(sheet: Sheet, block: TextBlock, each: Summary, index: int, at: Point, across: str, seen: Look) -> None:
    put(
        *(sheet, block, *at),
        size=seen.size,
        across="start" if across == "start" else "middle",
        along="middle" if across == "start" else "bottom",
        parts=(*_selectors(each, index, seen), "values"),
        order=index + 1,
        morph=f"value:{each.name}",
    )


def _draw(
    sheet: Sheet, each: Summary, index: int, color: Paint, across: float, thick: float, way: _Way, seen: Look
) -> None:
    """Whiskers with caps, the box over them, the median as a line in it, what lies outside as dots."""
    own, order, name = _selectors(each, index, seen), index + 1, each.name
    for side, end, edge in (("low", each.low, each.first), ("high", each.high, each.third)):
        if end == edge:
            continue
        cap = [way.at(across - thick * 0.22, end), way.at(across + thick * 0.22, end)]
        for kind, points in (("whisker", [way.at(across, edge), way.at(across, end)]), ("cap", cap)):
            sheet.shape(
                *(polyline(points), "line"),
                stroke=Stroke(color, _LINE, cap="butt"),
                parts=(*own, "whiskers"),
                order=order,
                morph=f"{kind}:{side}:{name}",
            )
    rect = way.rect(across, thick, each.first, each.third)
    sheet.shape(
        *(rectangle(rect, min(6.0, rect.width / 4, rect.height / 4)), "bar"),
        fill=mix(seen.background, color, 0.3),
        stroke=Stroke(color, _LINE),
        parts=own,
        order=order,
        morph=f"box:{name}",
        origin=way.at(across, each.first),
    )
    sheet.shape(
        polyline([way.at(across - thick / 2, each.median), way.at(across + thick / 2, each.median)]),
        "line",
        stroke=Stroke(color, _LINE * 2, cap="butt"),
        parts=(*own, "medians"),
        order=order,
        morph=f"median:{name}",
    )
    shown = sorted(each.outliers, key=lambda value: -abs(value - each.median))[:MOST_DOTS]
    for number, value in enumerate(sorted(shown), 1):
        x, y = way.at(across, value)
        sheet.shape(
            *(disc(x, y, _DOT), "dot"),
            fill=mix(seen.background, color, 0.75),
            parts=(*own, "outliers"),
            order=order,
            morph=f"outlier:{name}:{number}",
            origin=(x, y),
        )


def _described(found: Sequence[Summary], arguments: Mapping[str, Value], language: str) -> str:
    title = given.text(arguments, "title") or given.text(arguments, "y_label") or "Box plot"
    unit = framed.short_unit(given.text(arguments, "unit"))
    told = []
    for each in found[:12]:
        median, first, third = in_words((each.median, each.first, each.third), language, unit)
        beyond = f", {len(each.outliers)} outlier{'s' if len(each.outliers) > 1 else ''}" if each.outliers else ""
        name = f"{each.name}: " if each.name else ""
        told.append(f"{name}median {median}, half of the values from {first} to {third}{beyond}")
    more = f"; and {len(found) - 12} more" if len(found) > 12 else ""
    return f"{title}. {'; '.join(told)}{more}."
