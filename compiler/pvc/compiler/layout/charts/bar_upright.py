"""Upright bars on a baseline, their names below."""

from __future__ import annotations

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
from pvc.compiler.layout.charts.categories import names_below
from pvc.compiler.layout.charts.frame import GAP, Room
from pvc.compiler.layout.labels import put
from pvc.compiler.layout.sheet import Sheet

WIDEST = 150.0
"""An upright bar is never wider."""


def upright(sheet: Sheet, chart: Chart, room: Room) -> None:
    data, seen = chart.data, chart.look
    many = len(data.series)
    slot = room.width / len(data.categories)
    blocks = value_blocks(chart)
    widest = max((block.width for row in blocks for block in row if block), default=0.0)
    thick = min(WIDEST, (slot * (0.62 if many == 1 else 0.8) - GAP_IN_GROUP * (many - 1)) / many)
    direct = chart.values_wanted and widest <= (slot - 8 if many == 1 else thick + GAP_IN_GROUP - 2)
    ticks = []
    framed.y_title(sheet, room, chart.y_title, seen)
    scale = chart.scale
    if not direct:
        scale = with_ticks(chart, framed.tick_count(room.height, seen))
        ticks = framed.scale_words(scale, seen, framed.short_unit(chart.unit))
        room.left += max((block.width for block in ticks), default=0.0) + GAP
        slot = room.width / len(data.categories)
        thick = min(WIDEST, (slot * (0.62 if many == 1 else 0.8) - GAP_IN_GROUP * (many - 1)) / many)
    names = names_below(sheet, data.categories, room, slot, seen)
    label = seen.size * 1.3 if direct else 0.0
    present = [value for row in data.values for value in row if value is not None]
    above = any(value is None or value >= 0 for row in data.values for value in row)
    top = room.top + (label if above or scale.log else 0.0) + (0 if direct else seen.size / 2)
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
    group = thick * many + GAP_IN_GROUP * (many - 1)
    for index in range(len(data.categories)):
        for series in range(many):
            number = next(numbers)
            value = data.values[index][series]
            x = room.left + slot * (index + 0.5) - group / 2 + series * (thick + GAP_IN_GROUP)
            parts, order = selectors(chart, index, series, number), index + 1
            if value is None:
                if many == 1:
                    absent(sheet, chart, x + thick / 2, zero - 8, parts, order, "bottom")
                continue
            end = scale.at(value)
            high, low = min(zero, end), max(zero, end)
            high = min(high, low - 0.75)
            up = chart.scale.log or value >= 0
            path = bar_path(x, high, thick, low - high, "top" if up else "bottom")
            color = chart.colors[index][series]
            sheet.shape(
                *(path, "bar"),
                fill=color,
                parts=parts,
                order=order,
                morph=morph_key(chart, index, series),
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
                    morph="value:" + morph_key(chart, index, series),
                )
        if name := names[index]:
            put(
                *(sheet, name, room.left + slot * (index + 0.5), room.bottom + GAP),
                size=seen.size,
                across="middle",
                parts=("axes", "x_axis", *name_selectors(chart, index)),
                order=index + 1,
                morph=f"name:{data.categories[index]}",
            )
    framed.draw_baseline(sheet, room.left, room.right, zero, seen)
