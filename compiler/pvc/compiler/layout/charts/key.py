"""A row of names in their colours, for series that stand too close for labels at each."""

from __future__ import annotations

from pvc.compiler.layout.charts.bar_chart import (
    bar_path,
)
from pvc.compiler.layout.charts.data import Grouped
from pvc.compiler.layout.charts.frame import Room
from pvc.compiler.layout.colors import concept_parts, readable
from pvc.compiler.layout.labels import Look, line, put
from pvc.compiler.layout.sheet import Sheet, named, numbered
from pvc.compiler.model.display import Paint


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
        square = bar_path(x, middle - swatch / 2, swatch, swatch, None)
        sheet.shape(square, "box", fill=color, parts=parts, morph=f"key:{name}")
        put(sheet, block, x + swatch + 12, y, size=seen.size, parts=parts, morph=f"series:{name}")
        x += width + 40
        height = y + block.height - room.top
    room.top += height + seen.size * 0.5
