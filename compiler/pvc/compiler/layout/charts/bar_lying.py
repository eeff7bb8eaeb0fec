"""Lying bars, which grow to the right of their names."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.charts.bar_chart import (
    GAP_IN_GROUP,
    Chart,
    absent,
    bar_path,
    morph_key,
    name_selectors,
    selectors,
    value_blocks,
    with_ticks,
)
from pvc.compiler.layout.charts.categories import names_beside, ticks_below, upright_baseline
from pvc.compiler.layout.charts.frame import GAP, Room
from pvc.compiler.layout.labels import put
from pvc.compiler.layout.sheet import Sheet
from pvc.compiler.text.style import TextBlock

THICKEST = 112.0
"""A lying bar is never thicker."""
_ABOVE = 0.36
"""Share of the height that few rows leave that is above them: they belong to the title, not to the middle."""
_LARGEST = 1.2
"""How much larger than in other charts names and values are, where rows are few and high."""
_HIGH = 150.0
"""Height of a row from which on they are, px; in a plot of at least ``_BROAD`` px."""
_BROAD = 900.0


def _most_ticks(left: float, right: float) -> int:
    return max(2, min(6, int((right - left) / 220)))


def _larger(chart: Chart, room: Room) -> Chart:
    """The chart with labels in proportion to its bars: larger where few rows share a large plot."""
    rows = len(chart.data.categories) * len(chart.data.series)
    if room.width < _BROAD or room.height / rows < _HIGH:
        return chart
    return replace(chart, look=replace(chart.look, size=_LARGEST * chart.look.size))


def lying(sheet: Sheet, chart: Chart, room: Room) -> None:
    chart = _larger(chart, room)
    data, seen = chart.data, chart.look
    many = len(data.series)
    blocks = value_blocks(chart)
    framed.y_title(sheet, room, chart.y_title, seen)
    slot = room.height / len(data.categories)
    thick = min(THICKEST, (slot * (0.66 if many == 1 else 0.82) - GAP_IN_GROUP * (many - 1)) / many)
    line_height = seen.size * 1.16
    direct = chart.values_wanted and (slot >= line_height if many == 1 else thick >= line_height * 0.86)
    names, name_width = names_beside(data.categories, room, slot, seen)
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
    half = 0.0
    if direct:
        widest_after = max(_label_widths(chart, blocks, positive=True), default=0.0)
        widest_before = max(_label_widths(chart, blocks, positive=False), default=0.0)
        right -= widest_after + 12 if widest_after else 0.0
        left += widest_before + 12 if widest_before else 0.0
    else:
        ticks = framed.scale_words(with_ticks(chart, _most_ticks(left, right)), seen, framed.short_unit(chart.unit))
        half = ticks[-1].width / 2 if ticks else 0.0
        right -= half
        room.bottom -= seen.size * 1.16 + GAP
        slot = room.height / len(data.categories)
        thick = min(THICKEST, (slot * (0.66 if many == 1 else 0.82) - GAP_IN_GROUP * (many - 1)) / many)
    if right - left < framed.LEAST_PLOT:
        sheet.problem("PVC0541", "the names leave no room for the bars", "shorten them, or give the chart more width")
        return
    scale = scale.spanning(left, right)
    if not direct:
        scale, ticks = framed.fitting(
            lambda count: with_ticks(chart, count).spanning(left, right),
            *(_most_ticks(left, right), left - half, right + half, seen, framed.short_unit(chart.unit)),
        )
        ticks_below(sheet, scale, ticks, room, seen, scale.low if scale.log else 0.0)
    base = scale.low if scale.log else 0.0
    zero = scale.at(base)
    numbers = count(1)
    group = thick * many + GAP_IN_GROUP * (many - 1)
    packed = min(slot, group * 1.9)
    spare = room.height - packed * len(data.categories)
    top = room.top + _ABOVE * spare if len(data.categories) > 1 else room.top
    slot, top = (packed, top) if len(data.categories) > 1 else (slot, room.top)
    for index in range(len(data.categories)):
        middle = top + slot * (index + 0.5)
        for series in range(many):
            number = next(numbers)
            value = data.values[index][series]
            y = middle - group / 2 + series * (thick + GAP_IN_GROUP)
            parts, order = selectors(chart, index, series, number), index + 1
            if value is None:
                if many == 1:
                    beside = zero + 12 if scale.high > 0 or scale.log else zero - 12 - seen.size
                    absent(sheet, chart, beside, y + thick / 2, parts, order, "middle")
                continue
            end = scale.at(value)
            near, far = min(zero, end), max(zero, end)
            far = max(far, near + 0.75)
            onward = chart.scale.log or value >= 0
            path = bar_path(near, y, far - near, thick, "right" if onward else "left")
            sheet.shape(
                *(path, "bar"),
                fill=chart.colors[index][series],
                parts=parts,
                order=order,
                morph=morph_key(chart, index, series),
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
                    morph="value:" + morph_key(chart, index, series),
                )
        put(
            *(sheet, names[index], room.left + name_width, middle),
            size=seen.size,
            across="end",
            along="middle",
            parts=("axes", "y_axis", *name_selectors(chart, index)),
            order=index + 1,
            morph=f"name:{data.categories[index]}",
        )
    path_top, path_bottom = top, top + slot * len(data.categories)
    upright_baseline(sheet, zero, path_top, path_bottom, seen)


def _label_widths(chart: Chart, blocks: list[list[TextBlock | None]], positive: bool) -> list[float]:
    return [
        block.width
        for values, row in zip(chart.data.values, blocks, strict=True)
        for value, block in zip(values, row, strict=True)
        if block and value is not None and (chart.scale.log or value >= 0) == positive
    ]
