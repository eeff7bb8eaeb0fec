"""Names of categories along an axis, below upright shapes or beside lying ones, and the lines that go with them."""

from __future__ import annotations

from collections.abc import Sequence

from pvc.compiler.layout.charts.frame import GAP, Room
from pvc.compiler.layout.charts.scale import Scale
from pvc.compiler.layout.labels import Look, line, longest_word, paragraph, put
from pvc.compiler.layout.sheet import Sheet, polyline
from pvc.compiler.model.display import Stroke
from pvc.compiler.text.style import TextBlock

_MOST_LINES = 3


def stands(categories: Sequence[str], room: Room, seen: Look) -> bool:
    """Whether upright bars serve: the names fit under them without breaking a word, and there are not too few for the
    width (three bars in a wide frame look lost; lying ones fill it)."""
    slot = room.width / len(categories)
    if slot > 400 and room.width > room.height * 1.4:
        return False
    if all(is_number(name) for name in categories):
        return True
    style = seen.style()
    return all(
        longest_word(name, style, seen.env) <= slot - 12
        and paragraph(name, style, slot - 12, seen.env).lines <= _MOST_LINES
        for name in categories
    )


def names_below(sheet: Sheet, categories: Sequence[str], room: Room, slot: float, seen: Look) -> list[TextBlock | None]:
    """Category names set for slots of this width, and their room taken. Where one does not fit, only every second,
    third ... is shown if they are numbers (years, sizes), which a reader can count on."""
    blocks: list[TextBlock | None] = []
    numeric = all(is_number(name) for name in categories)
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


def names_beside(categories: Sequence[str], room: Room, slot: float, seen: Look) -> tuple[list[TextBlock], float]:
    """Category names set right-aligned for the left of lying bars: at most two fifths of the width, as many lines as a
    bar's slot bears."""
    most = room.width * 0.4
    lines = max(1, int(slot // (seen.size * 1.16)))
    blocks = []
    for name in categories:
        wanted = line(name, seen.style(), seen.env)
        if wanted.width > room.width * 0.26 and lines > 1:
            wanted = paragraph(name, seen.style(), room.width * 0.26, seen.env, "end")
            if wanted.lines > lines:
                wanted = paragraph(name, seen.style(), most, seen.env, "end")
        elif wanted.width > most:
            wanted = paragraph(name, seen.style(), most, seen.env, "end")
        blocks.append(wanted)
    return blocks, max(block.width for block in blocks)


def ticks_below(sheet: Sheet, scale: Scale, ticks: list[TextBlock], room: Room, seen: Look, base: float) -> None:
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


def upright_baseline(sheet: Sheet, x: float, top: float, bottom: float, seen: Look) -> None:
    stroke = Stroke(seen.muted, 2.0, cap="butt")
    sheet.shape(polyline(((x, top), (x, bottom))), "line", stroke=stroke, parts=("axes", "y_axis"), morph="baseline:y")


def is_number(name: str) -> bool:
    try:
        float(name.replace(",", ""))
    except ValueError:
        return False
    return True
