"""Bars: one for each row, or one for each row and series. They stand (or lie) on a baseline at zero and grow from it.

Upright where the names of the categories fit under them, lying where they do not. Values stand at the bars' ends where
there is room, and the value axis is left out then; otherwise there is an axis with few grid lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.charts.data import Grouped, grouped, series_colors
from pvc.compiler.layout.charts.frame import GAP, Room
from pvc.compiler.layout.charts.scale import Scale, linear, logarithmic
from pvc.compiler.layout.colors import concept_color, concept_parts, readable, receding
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import Look, line, longest_word, look, paragraph, put
from pvc.compiler.layout.sheet import Sheet, named, numbered, polyline
from pvc.compiler.model.display import Fragment, Paint, Path, Stroke, quantise
from pvc.compiler.model.values import Value
from pvc.compiler.text.style import TextBlock

WIDEST = 150.0
"""An upright bar is never wider."""

THICKEST = 84.0
"""A lying bar is never thicker."""

_GAP_IN_GROUP = 6.0
_CORNER = 6.0
_MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class _Chart:
    """What both directions are drawn from. ``words[i][j]`` is the value label of category i, series j."""

    data: Grouped
    look: Look
    colors: tuple[tuple[Paint, ...], ...]
    words: tuple[tuple[str | None, ...], ...]
    scale: Scale
    unit: str
    y_title: str
    values_wanted: bool


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`charts.bar`: parts `bars[n]`, `bars["category"]`, `series["name"]`, `values`, `labels`, `axes`, `x_axis`,
    `y_axis`, `title`, `note`."""
    sheet, seen = Sheet(), look(env)
    data = grouped(sheet, arguments, "x", "y")
    room = framed.frame(sheet, arguments, box, seen)
    if data is None or not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True, entrance="grow")
    chart = _chart(sheet, arguments, data, seen)
    key_row(sheet, room, data, seen, series_colors(data, env, given.text(arguments, "highlight")))
    direction = given.text(arguments, "direction", "auto")
    if direction == "auto":
        direction = "up" if _stands(chart, room) else "right"
    if direction in ("up", "vertical"):
        _upright(sheet, chart, room)
    else:
        _lying(sheet, chart, room)
    return sheet.fragment(
        box.width, box.height, stretch=True, entrance="grow", description=_described(chart, arguments)
    )


def _chart(sheet: Sheet, arguments: Mapping[str, Value], data: Grouped, seen: Look) -> _Chart:
    env = seen.env
    unit = given.text(arguments, "unit")
    present = [value for row in data.values for value in row if value is not None]
    log = given.text(arguments, "scale") == "log"
    if log and any(value <= 0 for value in present):
        sheet.problem(
            "PVC0542",
            "a log scale has no place for zero or negative values",
            "leave `scale: log` out, or filter the rows",
        )
        log = False
    scale = logarithmic(present, 0.0, 1.0, decades=True) if log else linear(present, 0.0, 1.0, zero=True)
    shown = iter(framed.value_words(present, unit, seen))
    words = tuple(tuple(None if value is None else next(shown) for value in row) for row in data.values)
    return _Chart(
        *(data, seen, bar_colors(data, env, given.text(arguments, "highlight")), words, scale, unit),
        y_title=framed.axis_title(given.text(arguments, "y_label"), framed.long_unit(unit)),
        values_wanted=given.flag(arguments, "values", True),
    )


def bar_colors(data: Grouped, env: Env, highlight: str) -> tuple[tuple[Paint, ...], ...]:
    """For each category and series: the concept's colour where its name speaks of one, else the series'; what is not
    highlighted steps back where something is."""
    by_series = series_colors(data, env, "")
    single = len(data.series) == 1
    colors = []
    for category in data.categories:
        concept = concept_color(env, category) if single else None
        row = [concept[1] if concept else color for color in by_series]
        if highlight:
            spoken = [highlight in (category, name) for name in data.series]
            row = [color if speaks else receding(env.theme) for color, speaks in zip(row, spoken, strict=True)]
        colors.append(tuple(row))
    return tuple(colors)


def key_row(sheet: Sheet, room: Room, data: Grouped, seen: Look, colors: tuple[Paint, ...]) -> None:
    """The names of several series in their colours, above the plot, where bars stand too close for labels at each."""
    if len(data.series) < 2:
        return
    x, y = room.left, room.top
    swatch = seen.size * 0.62
    height = 0.0
    for index, (name, color) in enumerate(zip(data.series, colors, strict=True)):
        block = line(name, seen.style(readable(color, seen.background, seen.text), weight=600), seen.env)
        width = swatch + 12 + block.width
        if x > room.left and x + width > room.right:
            x, y = room.left, y + block.height + 6
        parts = ("labels", named("series", name), numbered("series", index + 1), *concept_parts(seen.env, name))
        middle = y + block.baseline - 0.33 * seen.size
        square = _bar_path(x, middle - swatch / 2, swatch, swatch, None)
        sheet.shape(square, "box", fill=color, parts=parts, morph=f"key:{name}")
        put(sheet, block, x + swatch + 12, y, size=seen.size, parts=parts, morph=f"series:{name}")
        x += width + 40
        height = y + block.height - room.top
    room.top += height + seen.size * 0.5


def _bar_path(x: float, y: float, width: float, height: float, end: str | None) -> Path:
    """A bar whose two corners at its ``end`` (`top`, `bottom`, `left`, `right`; None: all four) are rounded.

    Always eight corners' points in the same order, from the baseline round, so that bars morph into bars.
    """
    r, b = x + width, y + height
    radius = min(_CORNER, width / 2, height / 2)
    tl = radius if end in (None, "top", "left") else 0.0
    tr = radius if end in (None, "top", "right") else 0.0
    br = radius if end in (None, "bottom", "right") else 0.0
    bl = radius if end in (None, "bottom", "left") else 0.0
    k = 0.4477
    points = (
        *(x, b - bl),
        *(x, y + tl),
        *(x, y + tl * k, x + tl * k, y, x + tl, y),
        *(r - tr, y),
        *(r - tr * k, y, r, y + tr * k, r, y + tr),
        *(r, b - br),
        *(r, b - br * k, r - br * k, b, r - br, b),
        *(x + bl, b),
        *(x + bl * k, b, x, b - bl * k, x, b - bl),
    )
    return Path("MLCLCLCLCZ", tuple(map(quantise, points)))


def _stands(chart: _Chart, room: Room) -> bool:
    """Whether upright bars serve: the names fit under them without breaking a word, and there are not too few for the
    width (three bars in a wide frame look lost; lying ones fill it)."""
    slot = room.width / len(chart.data.categories)
    if slot > 400 and room.width > room.height * 1.4:
        return False
    if all(_is_number(name) for name in chart.data.categories):
        return True
    style = chart.look.style()
    return all(
        longest_word(name, style, chart.look.env) <= slot - 12
        and paragraph(name, style, slot - 12, chart.look.env).lines <= _MOST_LINES
        for name in chart.data.categories
    )


def _selectors(chart: _Chart, index: int, series: int, number: int) -> tuple[str, ...]:
    data = chart.data
    found = ["bars", numbered("bars", number), named("bars", data.categories[index])]
    if len(data.series) > 1:
        name = data.series[series]
        found += [
            named("series", name),
            numbered("series", series + 1),
            named("bars", f"{data.categories[index]},{name}"),
        ]
    return (*found, *concept_parts(chart.look.env, data.categories[index], data.series[series]))


def _name_selectors(chart: _Chart, index: int) -> tuple[str, ...]:
    """A category's name belongs to its bar, so that it stays lit when the bar is spoken of."""
    name = chart.data.categories[index]
    own = (numbered("bars", index + 1),) if len(chart.data.series) == 1 else ()
    return ("labels", named("bars", name), *own)


def _morph(chart: _Chart, index: int, series: int) -> str:
    name = chart.data.categories[index]
    return f"bar:{name}:{chart.data.series[series]}" if len(chart.data.series) > 1 else f"bar:{name}"


def _value_blocks(chart: _Chart) -> list[list[TextBlock | None]]:
    env = chart.look.env
    return [
        [
            None
            if word is None
            else line(word, chart.look.style(readable(color, chart.look.background, chart.look.text), weight=600), env)
            for word, color in zip(words, colors, strict=True)
        ]
        for words, colors in zip(chart.words, chart.colors, strict=True)
    ]


def _upright(sheet: Sheet, chart: _Chart, room: Room) -> None:
    data, seen = chart.data, chart.look
    many = len(data.series)
    slot = room.width / len(data.categories)
    blocks = _value_blocks(chart)
    widest = max((block.width for row in blocks for block in row if block), default=0.0)
    thick = min(WIDEST, (slot * (0.62 if many == 1 else 0.8) - _GAP_IN_GROUP * (many - 1)) / many)
    direct = chart.values_wanted and widest <= (slot - 8 if many == 1 else thick + _GAP_IN_GROUP - 2)
    ticks = []
    framed.y_title(sheet, room, chart.y_title, seen)
    scale = chart.scale
    if not direct:
        scale = _with_ticks(chart, framed.tick_count(room.height, seen))
        ticks = framed.scale_words(scale, seen, framed.short_unit(chart.unit))
        room.left += max((block.width for block in ticks), default=0.0) + GAP
        slot = room.width / len(data.categories)
        thick = min(WIDEST, (slot * (0.62 if many == 1 else 0.8) - _GAP_IN_GROUP * (many - 1)) / many)
    names = _names_below(sheet, chart, room, slot)
    label = seen.size * 1.3 if direct else 0.0
    present = [value for row in data.values for value in row if value is not None]
    top = (
        room.top
        + (label if any(value > 0 for value in present) or scale.log else 0.0)
        + (0 if direct else seen.size / 2)
    )
    bottom = room.bottom - (label if any(value < 0 for value in present) and not scale.log else 0.0)
    if bottom - top < framed.LEAST_PLOT / 2 or thick < 2:
        sheet.problem("PVC0541", "the bars do not fit", "give the chart a larger region, or fewer rows")
        return
    scale = scale.spanning(bottom, top)
    base = scale.low if scale.log else 0.0
    zero = scale.at(base)
    if not direct:
        framed.draw_y_axis(sheet, scale, ticks, room.left, room.right, seen, base)
    numbers = count(1)
    group = thick * many + _GAP_IN_GROUP * (many - 1)
    for index in range(len(data.categories)):
        for series in range(many):
            number = next(numbers)
            value = data.values[index][series]
            x = room.left + slot * (index + 0.5) - group / 2 + series * (thick + _GAP_IN_GROUP)
            parts, order = _selectors(chart, index, series, number), index + 1
            if value is None:
                if many == 1:
                    _absent(sheet, chart, x + thick / 2, zero - 8, parts, order, "bottom")
                continue
            end = scale.at(value)
            high, low = min(zero, end), max(zero, end)
            high = min(high, low - 0.75)
            up = chart.scale.log or value >= 0
            path = _bar_path(x, high, thick, low - high, "top" if up else "bottom")
            color = chart.colors[index][series]
            sheet.shape(
                *(path, "bar"),
                fill=color,
                parts=parts,
                order=order,
                morph=_morph(chart, index, series),
                origin=(x + thick / 2, zero),
            )
            block = blocks[index][series]
            if direct and block:
                along, y = ("bottom", high - 3) if up else ("top", low + 3)
                put(
                    *(sheet, block, x + thick / 2, y),
                    size=seen.size,
                    across="middle",
                    along="bottom" if along == "bottom" else "top",
                    parts=(*parts, "values"),
                    order=order,
                    morph="value:" + _morph(chart, index, series),
                )
        if name := names[index]:
            put(
                *(sheet, name, room.left + slot * (index + 0.5), room.bottom + GAP),
                size=seen.size,
                across="middle",
                parts=("axes", "x_axis", *_name_selectors(chart, index)),
                order=index + 1,
                morph=f"name:{data.categories[index]}",
            )
    framed.draw_baseline(sheet, room.left, room.right, zero, seen)


def _with_ticks(chart: _Chart, ticks: int) -> Scale:
    if chart.scale.log:
        return chart.scale
    present = [value for row in chart.data.values for value in row if value is not None]
    return linear(present, 0.0, 1.0, count=ticks, zero=True)


def _names_below(sheet: Sheet, chart: _Chart, room: Room, slot: float) -> list[TextBlock | None]:
    """Category names set for slots of this width, and their room taken. Where one does not fit, only every second,
    third ... is shown if they are numbers (years, sizes), which a reader can count on."""
    seen, categories = chart.look, chart.data.categories
    blocks: list[TextBlock | None] = []
    numeric = all(_is_number(name) for name in categories)
    stride = 1
    if numeric:
        widest = max(line(name, seen.style(), seen.env).width for name in categories) + 16
        stride = max(1, -int(-widest // slot))
    for index, name in enumerate(categories):
        shown = index % stride == 0
        width = slot * stride - 12
        blocks.append(paragraph(name, seen.style(), width, seen.env, "center") if shown else None)
    crowded = slot * stride < seen.size * 1.4 or any(block and block.lines > 4 for block in blocks)
    if crowded or any(block and block.width > slot * stride for block in blocks):
        sheet.problem(
            "PVC0541",
            f"the names of {len(categories)} categories do not fit under their bars",
            "shorten them, show fewer rows, or leave `direction` to the chart",
        )
    room.bottom -= max((block.height for block in blocks if block), default=0.0) + GAP
    return blocks


def _is_number(name: str) -> bool:
    try:
        float(name.replace(",", ""))
    except ValueError:
        return False
    return True


def _absent(sheet: Sheet, chart: _Chart, x: float, y: float, parts: tuple[str, ...], order: int, along: str) -> None:
    """A dash where a value is missing: not a bar of height zero, which would be a value."""
    seen = chart.look
    block = line("–", seen.style(seen.muted), seen.env)
    if along == "bottom":
        put(sheet, block, x, y, size=seen.size, across="middle", along="bottom", parts=parts, order=order)
    else:
        put(sheet, block, x, y, size=seen.size, along="middle", parts=parts, order=order)


def _lying(sheet: Sheet, chart: _Chart, room: Room) -> None:
    data, seen = chart.data, chart.look
    many = len(data.series)
    blocks = _value_blocks(chart)
    framed.y_title(sheet, room, chart.y_title, seen)
    slot = room.height / len(data.categories)
    thick = min(THICKEST, (slot * (0.66 if many == 1 else 0.82) - _GAP_IN_GROUP * (many - 1)) / many)
    line_height = seen.size * 1.16
    direct = chart.values_wanted and (slot >= line_height if many == 1 else thick >= line_height * 0.86)
    names, name_width = _names_beside(chart, room, slot)
    if slot < line_height or thick < 2:
        sheet.problem(
            "PVC0541",
            f"{len(data.categories)} bars do not fit into {round(room.height)} px of height",
            f"show at most {max(1, int(room.height // line_height))} rows, or give the chart a larger region",
        )
        return
    if any(block.lines > 1 and block.height > slot + 6 for block in names):
        sheet.problem(
            "PVC0541", "the names are longer than their bars have room for", "shorten them, or show fewer rows"
        )
        return
    scale = chart.scale
    left, right = room.left + name_width + GAP, room.right
    ticks: list[TextBlock] = []
    if direct:
        widest_after = max(_label_widths(chart, blocks, positive=True), default=0.0)
        widest_before = max(_label_widths(chart, blocks, positive=False), default=0.0)
        right -= widest_after + 12 if widest_after else 0.0
        left += widest_before + 12 if widest_before else 0.0
    else:
        scale = _with_ticks(chart, max(2, min(6, int((right - left) / 220))))
        ticks = framed.scale_words(scale, seen, framed.short_unit(chart.unit))
        right -= ticks[-1].width / 2 if ticks else 0.0
        room.bottom -= seen.size * 1.16 + GAP
        slot = room.height / len(data.categories)
        thick = min(THICKEST, (slot * (0.66 if many == 1 else 0.82) - _GAP_IN_GROUP * (many - 1)) / many)
    if right - left < framed.LEAST_PLOT:
        sheet.problem("PVC0541", "the names leave no room for the bars", "shorten them, or give the chart more width")
        return
    scale = scale.spanning(left, right)
    base = scale.low if scale.log else 0.0
    zero = scale.at(base)
    if not direct:
        _ticks_below(sheet, scale, ticks, room, seen, base)
    numbers = count(1)
    group = thick * many + _GAP_IN_GROUP * (many - 1)
    packed = min(slot, group * 1.9)
    top = room.top + (room.height - packed * len(data.categories)) / 2 if len(data.categories) > 1 else room.top
    slot, top = (packed, top) if len(data.categories) > 1 else (slot, room.top)
    for index in range(len(data.categories)):
        middle = top + slot * (index + 0.5)
        for series in range(many):
            number = next(numbers)
            value = data.values[index][series]
            y = middle - group / 2 + series * (thick + _GAP_IN_GROUP)
            parts, order = _selectors(chart, index, series, number), index + 1
            if value is None:
                if many == 1:
                    beside = zero + 12 if scale.high > 0 or scale.log else zero - 12 - seen.size
                    _absent(sheet, chart, beside, y + thick / 2, parts, order, "middle")
                continue
            end = scale.at(value)
            near, far = min(zero, end), max(zero, end)
            far = max(far, near + 0.75)
            onward = chart.scale.log or value >= 0
            path = _bar_path(near, y, far - near, thick, "right" if onward else "left")
            sheet.shape(
                *(path, "bar"),
                fill=chart.colors[index][series],
                parts=parts,
                order=order,
                morph=_morph(chart, index, series),
                origin=(zero, y + thick / 2),
            )
            block = blocks[index][series]
            if direct and block:
                put(
                    *(sheet, block, far + 12 if onward else near - 12, y + thick / 2),
                    size=seen.size,
                    across="start" if onward else "end",
                    along="middle",
                    parts=(*parts, "values"),
                    order=order,
                    morph="value:" + _morph(chart, index, series),
                )
        put(
            *(sheet, names[index], room.left + name_width, middle),
            size=seen.size,
            across="end",
            along="middle",
            parts=("axes", "y_axis", *_name_selectors(chart, index)),
            order=index + 1,
            morph=f"name:{data.categories[index]}",
        )
    path_top, path_bottom = top, top + slot * len(data.categories)
    _upright_baseline(sheet, zero, path_top, path_bottom, seen)


def _upright_baseline(sheet: Sheet, x: float, top: float, bottom: float, seen: Look) -> None:
    stroke = Stroke(seen.muted, 2.0, cap="butt")
    sheet.shape(polyline(((x, top), (x, bottom))), "line", stroke=stroke, parts=("axes", "y_axis"), morph="baseline:y")


def _ticks_below(sheet: Sheet, scale: Scale, ticks: list[TextBlock], room: Room, seen: Look, base: float) -> None:
    for tick, block in zip(scale.ticks, ticks, strict=True):
        x = scale.at(tick)
        if tick != base:
            path = polyline(((x, room.top), (x, room.bottom)))
            sheet.shape(
                path,
                "line",
                stroke=Stroke(seen.rule, 1.5, cap="butt"),
                parts=("axes", "grid"),
                morph=f"grid:x:{tick:g}",
            )
        put(
            *(sheet, block, x, room.bottom + GAP),
            size=seen.size,
            across="middle",
            parts=("axes", "x_axis", "labels"),
            morph=f"tick:x:{tick:g}",
        )


def _label_widths(chart: _Chart, blocks: list[list[TextBlock | None]], positive: bool) -> list[float]:
    return [
        block.width
        for values, row in zip(chart.data.values, blocks, strict=True)
        for value, block in zip(values, row, strict=True)
        if block and value is not None and (chart.scale.log or value >= 0) == positive
    ]


def _names_beside(chart: _Chart, room: Room, slot: float) -> tuple[list[TextBlock], float]:
    """Category names set right-aligned for the left of lying bars: at most two fifths of the width, as many lines as a
    bar's slot bears."""
    seen = chart.look
    most = room.width * 0.4
    lines = max(1, int(slot // (seen.size * 1.16)))
    blocks = []
    for name in chart.data.categories:
        wanted = line(name, seen.style(), seen.env)
        if wanted.width > room.width * 0.26 and lines > 1:
            wanted = paragraph(name, seen.style(), room.width * 0.26, seen.env, "end")
            if wanted.lines > lines:
                wanted = paragraph(name, seen.style(), most, seen.env, "end")
        elif wanted.width > most:
            wanted = paragraph(name, seen.style(), most, seen.env, "end")
        blocks.append(wanted)
    return blocks, max(block.width for block in blocks)


def _described(chart: _Chart, arguments: Mapping[str, Value]) -> str:
    """The chart in words: what is compared, and every value (the largest twelve)."""
    data = chart.data
    title = given.text(arguments, "title") or given.text(arguments, "y_label") or "Bar chart"
    told = []
    for name, words in list(zip(data.categories, chart.words, strict=True))[:12]:
        values = [
            (f"{series} " if len(data.series) > 1 else "") + (word or "no value")
            for series, word in zip(data.series, words, strict=True)
        ]
        told.append(f"{name}: {', '.join(values)}")
    more = f"; and {len(data.categories) - 12} more" if len(data.categories) > 12 else ""
    return f"{title}. {'; '.join(told)}{more}."
