"""What charts share: a title above, a source below, ticks and grid lines as few and as quiet as can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts.scale import Scale
from pvc.compiler.layout.component import Box
from pvc.compiler.layout.labels import Look, line, paragraph, put, rich
from pvc.compiler.layout.numbers import in_words, log_tick_words, tick_words
from pvc.compiler.layout.sheet import Sheet, polyline
from pvc.compiler.model.display import Paint, Stroke
from pvc.compiler.model.values import Value
from pvc.compiler.text.style import TextBlock
from pvc.compiler.text.typeset import runs_right_to_left

GAP = 12.0
"""Between a tick's label and the axis."""

BELOW = 16.0
"""Between a horizontal axis and its labels."""

LEAST_PLOT = 120.0
"""A chart whose plot would be lower or narrower than this does not fit."""


@dataclass(slots=True)
class Room:
    """What is left of the box for the plot, px of the fragment; shrinks as titles and labels are placed."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


def frame(sheet: Sheet, arguments: Mapping[str, Value], box: Box, look: Look) -> Room:
    """Place the title at the top and the note (where the data are from) at the bottom; the room between them."""
    room = Room(0.0, 0.0, box.width, box.height)
    title = given.text(arguments, "title")
    if title:
        size = look.size * 1.25
        style = look.style(weight=600, size=size)
        block = paragraph(rich(title, style, look.env, sheet), style, box.width, look.env)
        left = box.width - block.width if runs_right_to_left(title) else 0.0
        put(sheet, block, left, 0.0, size=size, parts=("title",), morph="title")
        room.top += block.height + look.size * 0.6
    note = given.text(arguments, "note")
    if note:
        style = look.style(look.muted)
        block = paragraph(rich(note, style, look.env, sheet), style, box.width, look.env)
        left = box.width - block.width if runs_right_to_left(note) else 0.0
        put(sheet, block, left, box.height, size=look.size, along="bottom", parts=("note",), morph="note")
        room.bottom -= block.height + look.size * 0.6
    return room


def fits(sheet: Sheet, room: Room) -> bool:
    """Whether a plot can be drawn at all; says so where not."""
    if room.width >= LEAST_PLOT and room.height >= LEAST_PLOT:
        return True
    sheet.problem(
        "PVC0541",
        f"the chart has only {max(0, round(room.width))} × {max(0, round(room.height))} px left for its data",
        "give it a larger region, or shorten its title, note and labels",
    )
    return False


def axis_title(label: str, unit: str) -> str:
    """`Accuracy, %`: what an axis measures, and in what."""
    return f"{label}, {unit}" if label and unit else label or unit


def y_title(sheet: Sheet, room: Room, title: str, look: Look) -> None:
    """The value axis' title, level above the axis, where it is read without turning the head."""
    if title:
        style = look.style(look.muted)
        block = paragraph(rich(title, style, look.env, sheet), style, room.width, look.env)
        put(sheet, block, room.left, room.top, size=look.size, parts=("axes", "y_axis"), morph="y_title")
        room.top += block.height + look.size * 0.5


def x_title(sheet: Sheet, room: Room, title: str, look: Look) -> TextBlock | None:
    """Set the title below a horizontal axis and take its room; `put_x_title` places it once the plot is known."""
    if not title:
        return None
    style = look.style(look.muted)
    block = line(rich(title, style, look.env, sheet), style, look.env)
    room.bottom -= block.height + 4
    return block


def put_x_title(sheet: Sheet, block: TextBlock | None, room: Room, below: float, look: Look) -> None:
    """Centre a horizontal axis' title under the plot."""
    if block is not None:
        left = max(room.left, (room.left + room.right - block.width) / 2)
        put(sheet, block, left, below + 4, size=look.size, parts=("axes", "x_axis"), morph="x_title")


def scale_words(scale: Scale, look: Look, unit: str = "") -> list[TextBlock]:
    """The labels of a scale's ticks, set."""
    worded = log_tick_words if scale.log else tick_words
    return words_set(worded(scale.ticks, look.env.language, unit), look)


def words_set(words: Sequence[str], look: Look, color: Paint | None = None) -> list[TextBlock]:
    """Tick labels, set."""
    return [line(word, look.style(color or look.muted), look.env) for word in words]


def tick_count(height: float, look: Look) -> int:
    """How many steps a vertical axis bears: one for each four lines of labels, at most five."""
    return max(2, min(5, int(height / (look.size * 4))))


def draw_y_axis(
    sheet: Sheet, scale: Scale, blocks: Sequence[TextBlock], left: float, right: float, look: Look, base: float | None
) -> None:
    """Grid lines at each tick from ``left`` to ``right``, labels before them; ``base``: the value whose line is the
    baseline, drawn stronger by whoever draws the data."""
    for tick, block in zip(scale.ticks, blocks, strict=True):
        y = scale.at(tick)
        if base is None or tick != base:
            stroke = Stroke(look.rule, 1.5, cap="butt")
            path = polyline(((left, y), (right, y)))
            sheet.shape(path, "line", stroke=stroke, parts=("axes", "grid"), morph=f"grid:y:{tick:g}")
        put(
            *(sheet, block, left - GAP, y),
            size=look.size,
            across="end",
            along="middle",
            parts=("axes", "y_axis", "labels"),
            morph=f"tick:y:{tick:g}",
        )


def draw_baseline(sheet: Sheet, left: float, right: float, y: float, look: Look) -> None:
    stroke = Stroke(look.muted, 2.0, cap="butt")
    sheet.shape(polyline(((left, y), (right, y))), "line", stroke=stroke, parts=("axes", "x_axis"), morph="baseline:x")


def tick_lefts(scale: Scale, blocks: Sequence[TextBlock], low: float, high: float) -> list[float]:
    """The left edges of labels centred under their ticks, kept inside [low, high]."""
    return [
        max(low, min(scale.at(tick) - block.width / 2, high - block.width))
        for tick, block in zip(scale.ticks, blocks, strict=True)
    ]


def fitting(
    make: Callable[[int], Scale], most: int, low: float, high: float, look: Look, unit: str = ""
) -> tuple[Scale, list[TextBlock]]:
    """The scale with as many ticks (about ``most``) as have labels that stand clear of each other in [low, high];
    ``make`` makes a scale, over its pixels, with about so many ticks."""

    def clear(scale: Scale, blocks: Sequence[TextBlock]) -> bool:
        lefts = tick_lefts(scale, blocks, low, high)
        rights = [left + block.width for left, block in zip(lefts, blocks, strict=True)]
        gap = look.size * 0.6
        return all(left - right >= gap for right, left in zip(rights, lefts[1:], strict=False))

    scale = make(max(2, most))
    for count in range(max(2, most), 1, -1):
        scale = make(count)
        blocks = scale_words(scale, look, unit)
        if clear(scale, blocks):
            return scale, blocks
    ticks, blocks = scale.ticks, scale_words(scale, look, unit)
    every = blocks
    for stride in range(2, len(ticks) + 2):
        scale, blocks = replace(scale, ticks=ticks[::stride]), every[::stride]
        if clear(scale, blocks):
            break
    return scale, blocks


def draw_x_axis(
    sheet: Sheet, scale: Scale, blocks: Sequence[TextBlock], y: float, low: float, high: float, look: Look
) -> None:
    """Short ticks below ``y`` with labels under them, kept inside [low, high]."""
    for tick, block, left in zip(scale.ticks, blocks, tick_lefts(scale, blocks, low, high), strict=True):
        x = scale.at(tick)
        stroke = Stroke(look.muted, 2.0, cap="butt")
        path = polyline(((x, y), (x, y + 8)))
        sheet.shape(path, "line", stroke=stroke, parts=("axes", "x_axis"), morph=f"mark:x:{tick:g}")
        put(
            *(sheet, block, left, y + BELOW),
            size=look.size,
            parts=("axes", "x_axis", "labels"),
            morph=f"tick:x:{tick:g}",
        )


def spread(centres: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres moved as little as need be so that boxes of these heights neither overlap nor leave [low, high].

    Pool adjacent violators (M. Ayer et al., 1955): labels that touch move as one block to the mean of where they want
    to be. Where all together are higher than the room they are stacked from ``low``.
    """
    order = sorted(range(len(centres)), key=lambda index: (centres[index], index))
    blocks: list[tuple[float, float, list[int]]] = []  # (wanted top, height, members)
    for index in order:
        top, height, members = centres[index] - heights[index] / 2, heights[index], [index]
        while blocks and blocks[-1][0] + blocks[-1][1] > top:
            above_top, above_height, above = blocks.pop()
            wants = (above_top * len(above) + (top - above_height) * len(members)) / (len(above) + len(members))
            top, height, members = wants, above_height + height, above + members
        top = max(low, min(top, high - height))
        while blocks and blocks[-1][0] + blocks[-1][1] > top:
            above_top, above_height, above = blocks.pop()
            height, members = above_height + height, above + members
            top = max(low, min(above_top, high - height))
        blocks.append((top, height, members))
    found = [0.0] * len(centres)
    for top, _, members in blocks:
        at = max(low, top)
        for index in members:
            found[index] = at + heights[index] / 2
            at += heights[index]
    return found


def value_words(values: Sequence[float], unit: str, look: Look) -> tuple[str, ...]:
    """Labels of values that are read together, with their unit where it is short."""
    return in_words(values, look.env.language, short_unit(unit))


def short_unit(unit: str) -> str:
    """The unit where it is short enough to stand at each number."""
    return unit if len(unit) <= 3 else ""


def long_unit(unit: str) -> str:
    """The unit where it must stand in the axis' title instead."""
    return unit if len(unit) > 3 else ""
