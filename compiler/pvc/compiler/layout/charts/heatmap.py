"""A matrix of numbers as coloured cells: rows and columns named, values in the cells where they fit.

Colours run from the surface to the accent; where values lie on both sides of zero, from cool through the surface to
warm with zero in the middle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.charts.data import index_of, nothing, number_column
from pvc.compiler.layout.charts.frame import GAP, Room
from pvc.compiler.layout.colors import concept_color, concept_parts, lettered, mix, paint, readable
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.compose import rectangle
from pvc.compiler.layout.labels import Look, line, longest_word, look, paragraph, put
from pvc.compiler.layout.numbers import decimals, fixed, in_words, needs_power
from pvc.compiler.layout.sheet import Sheet, named, numbered
from pvc.compiler.model.display import Fragment, Paint, Rect
from pvc.compiler.model.values import Table, Value
from pvc.compiler.text.style import TextBlock

MOST_CELLS = 2500

_STEPS = 11
_GAP = 3.0


@dataclass(frozen=True, slots=True)
class Matrix:
    """``values[i][j]``: row i, column j; None where there is none."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`charts.heatmap`: parts `cells["row,column"]`, `cells[n]` (row by row), `rows["name"]`, `rows[n]`,
    `columns["name"]`, `columns[n]`, `labels`, `key`, `title`, `note`."""
    sheet, seen = Sheet(), look(env)
    matrix = _read(sheet, arguments)
    room = framed.frame(sheet, arguments, box, seen)
    if matrix is None or not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True)
    if len(matrix.rows) * len(matrix.columns) > MOST_CELLS:
        sheet.problem(
            *("PVC0541", f"a matrix of {len(matrix.rows)} × {len(matrix.columns)} has too many cells to be seen"),
            hint=f"show at most {MOST_CELLS} cells: fewer rows or columns, or means over blocks of them",
        )
        return sheet.fragment(box.width, box.height, stretch=True)
    present = [value for row in matrix.values for value in row if value is not None]
    low, high = min(present), max(present)
    stops = stops_of(env, low, high)
    title = framed.x_title(sheet, room, given.text(arguments, "x_label"), seen)
    framed.y_title(sheet, room, given.text(arguments, "y_label"), seen)
    names = _row_names(matrix, room, seen)
    room.left += max((block.width for block in names), default=0.0) + GAP
    words = dict(zip(present, _words(present, env.language), strict=True))
    show = given.flag(arguments, "values", True)
    widest = max(line(word, seen.style(weight=600), env).width for word in set(words.values()))
    wide, tall = room.width / len(matrix.columns), room.height / len(matrix.rows)
    direct = show and widest + 12 <= min(wide, tall * 2.2) and tall >= seen.size * 1.3 + seen.size
    if not direct:
        _key(sheet, stops, low, high, room, seen)
        wide = room.width / len(matrix.columns)
    wide = min(wide, max(tall * 2.2, widest + 16 if direct else 0.0))
    heads, fewer = _column_names(matrix, wide, seen)
    room.bottom -= max((block.height for block in heads if block), default=0.0) + GAP
    tall = min(room.height / len(matrix.rows), wide * 1.2)
    skip = max(1, -int(-seen.size * 1.2 // tall)) if all(map(_is_number, matrix.rows)) else 1
    if wide < 4 or tall < 4 or any(block.height > tall * skip + 2 for block in names) or fewer:
        sheet.problem(
            "PVC0541",
            f"a matrix of {len(matrix.rows)} × {len(matrix.columns)} does not fit with its names",
            "shorten the names, show fewer rows and columns, or give it a larger region",
        )
    _cells(sheet, matrix, words if direct else {}, stops, room, wide, tall, seen)
    for index, block in list(enumerate(names))[::skip]:
        y = room.top + tall * (index + 0.5)
        name = matrix.rows[index]
        parts = ("labels", named("rows", name), numbered("rows", index + 1), *concept_parts(env, name))
        put(*(sheet, block, room.left - GAP, y), size=seen.size, across="end", along="middle", parts=parts, order=0)
    bottom = room.top + tall * len(matrix.rows)
    for index, head in enumerate(heads):
        if head is not None:
            name = matrix.columns[index]
            parts = ("labels", named("columns", name), numbered("columns", index + 1), *concept_parts(env, name))
            x = room.left + wide * (index + 0.5)
            put(*(sheet, head, x, bottom + GAP), size=seen.size, across="middle", parts=parts, order=0)
    if title is not None:
        below = bottom + GAP + max((head.height for head in heads if head), default=0.0)
        framed.put_x_title(sheet, title, Room(room.left, 0, room.left + wide * len(matrix.columns), 0), below, seen)
    # Cells that are as wide as is good for them leave room at the right: what is drawn stands in the middle then.
    width = min(box.width, max(each.bounds.right for each in sheet.elements)) if direct else box.width
    return sheet.fragment(
        *(width, box.height), stretch=True, description=_described(arguments, matrix, low, high, env.language)
    )


def _read(sheet: Sheet, arguments: Mapping[str, Value]) -> Matrix | None:
    """Long data (a row for each cell: `x`, `y`, `value`) or a wide table (a text column, then numbers)."""
    table = given.table(arguments)
    if given.column(arguments, "value") or given.column(arguments, "x"):
        return _long(sheet, arguments, table)
    texts = [index for index, kind in enumerate(table.types) if kind == "text"]
    numbers = [index for index, kind in enumerate(table.types) if kind in ("number", "int")]
    columns = [number_column(sheet, table, index) for index in numbers]
    if not any(value is not None for column in columns for value in column):
        nothing(sheet)
        return None
    rows = tuple(given.as_text(row[texts[0]]) if texts else str(n) for n, row in enumerate(table.rows, 1))
    values = tuple(tuple(column[index] for column in columns) for index in range(len(table.rows)))
    return Matrix(rows, tuple(table.columns[index] for index in numbers), values)


def _long(sheet: Sheet, arguments: Mapping[str, Value], table: Table) -> Matrix | None:
    found = [index_of(sheet, table, given.column(arguments, name), name) for name in ("x", "y", "value")]
    if any(index is None for index in found):
        return None
    x, y, value = (index for index in found if index is not None)
    numbers = number_column(sheet, table, value)
    if all(number is None for number in numbers):
        nothing(sheet)
        return None
    cells = {
        (given.as_text(row[y]), given.as_text(row[x])): number for row, number in zip(table.rows, numbers, strict=True)
    }
    rows = tuple(dict.fromkeys(given.as_text(row[y]) for row in table.rows))
    columns = tuple(dict.fromkeys(given.as_text(row[x]) for row in table.rows))
    return Matrix(rows, columns, tuple(tuple(cells.get((row, column)) for column in columns) for row in rows))


def _words(values: Sequence[float], language: str) -> tuple[str, ...]:
    """Values for cells: at most two decimals, so that a matrix stays calm."""
    if needs_power(values) or max(abs(value) for value in values) >= 1e6:
        return in_words(values, language)
    digits = min(2, decimals(values))
    return tuple(fixed(value, digits, language) for value in values)


def stops_of(env: Env, low: float, high: float) -> tuple[tuple[float, Paint], ...]:
    """(value, colour) between which colours are mixed."""
    theme = env.theme
    quiet = mix(paint(theme, "background"), paint(theme, "surface"), 0.6)
    quiet = mix(quiet, paint(theme, "accent"), 0.06)
    if low < 0 < high:
        reach = max(-low, high)
        return ((-reach, paint(theme, "cool")), (0.0, quiet), (reach, paint(theme, "warm")))
    beyond = high if high > low else low + max(1.0, abs(low))
    if low < 0:
        return ((low, paint(theme, "cool")), (beyond, quiet))
    return ((low, quiet), (beyond, paint(theme, "accent")))


def color_at(value: float, stops: Sequence[tuple[float, Paint]]) -> Paint:
    """The colour of a value, mixed between the stops around it."""
    for (low, first), (high, second) in pairwise(stops):
        if value <= high:
            return mix(first, second, (value / 2 - low / 2) / (high / 2 - low / 2))
    return stops[-1][1]


def _is_number(name: str) -> bool:
    return name.lstrip("-").replace(".", "", 1).isdecimal()


def _row_names(matrix: Matrix, room: Room, seen: Look) -> list[TextBlock]:
    most = room.width * 0.3
    blocks = []
    for name in matrix.rows:
        color = _name_color(name, seen)
        single = line(name, seen.style(color), seen.env)
        blocks.append(single if single.width <= most else paragraph(name, seen.style(color), most, seen.env, "end"))
    return blocks


def _name_color(name: str, seen: Look) -> Paint:
    concept = concept_color(seen.env, name)
    return readable(concept[1], seen.background, seen.text) if concept else seen.text


def _column_names(matrix: Matrix, wide: float, seen: Look) -> tuple[list[TextBlock | None], bool]:
    """Names under the columns, wrapped; every nth where they are numbers. True where they cannot be set."""
    numeric = all(map(_is_number, matrix.columns))
    widest = max(longest_word(name, seen.style(), seen.env) for name in matrix.columns)
    stride = 1
    if numeric:
        stride = max(1, -int(-(widest + 12) // wide))
    broken = not numeric and widest > wide - 4
    blocks: list[TextBlock | None] = []
    for index, name in enumerate(matrix.columns):
        style = seen.style(_name_color(name, seen))
        blocks.append(paragraph(name, style, wide * stride - 8, seen.env, "center") if index % stride == 0 else None)
    return blocks, broken


def _cells(
    sheet: Sheet,
    matrix: Matrix,
    words: Mapping[float, str],
    stops: Sequence[tuple[float, Paint]],
    room: Room,
    wide: float,
    tall: float,
    seen: Look,
) -> None:
    gap = _GAP if min(wide, tall) > 24 else 1.0 if min(wide, tall) > 8 else 0.0
    radius = 5.0 if min(wide, tall) > 40 else 0.0
    for i, row in enumerate(matrix.values):
        for j, value in enumerate(row):
            if value is None:
                continue
            x, y = room.left + j * wide, room.top + i * tall
            color, ink = color_at(value, stops), seen.text
            if words:
                color, ink = lettered(color, seen.env.theme)
            parts = (
                *("cells", numbered("cells", i * len(matrix.columns) + j + 1)),
                *(named("cells", f"{matrix.rows[i]},{matrix.columns[j]}"), named("rows", matrix.rows[i])),
                *(numbered("rows", i + 1), named("columns", matrix.columns[j]), numbered("columns", j + 1)),
            )
            path = rectangle(Rect(x + gap / 2, y + gap / 2, wide - gap, tall - gap), radius)
            middle = (x + wide / 2, y + tall / 2)
            morph = f"cell:{matrix.rows[i]}:{matrix.columns[j]}"
            sheet.shape(path, "box", fill=color, parts=parts, order=i + j + 1, morph=morph, origin=middle)
            if words:
                block = line(words[value], seen.style(ink, weight=600), seen.env)
                put(
                    *(sheet, block, *middle),
                    size=seen.size,
                    across="middle",
                    along="middle",
                    parts=parts,
                    order=i + j + 1,
                    ground=color,
                    morph="value:" + morph,
                )


def _key(sheet: Sheet, stops: Sequence[tuple[float, Paint]], low: float, high: float, room: Room, seen: Look) -> None:
    """A strip of colours with the values of its ends, at the right: what cells without numbers mean."""
    marks = [low, 0.0, high] if low < 0 < high else [low, high]
    blocks = [line(word, seen.style(seen.muted), seen.env) for word in in_words(marks, seen.env.language)]
    width = 20.0
    wide = max(block.width for block in blocks)
    left = room.right - width - 10 - wide
    height = min(room.height, 360.0)
    for step in range(_STEPS):
        share = (step + 0.5) / _STEPS
        value = high * (1 - share) + low * share
        top = room.top + height * step / _STEPS
        path = rectangle(Rect(left, top, width, height / _STEPS + 0.5))
        sheet.shape(path, "box", fill=color_at(value, stops), parts=("key",), morph=f"key:{step}")
    for value, block in zip(marks, blocks, strict=True):
        share = (high - value) / (high - low) if high > low else 0.5
        y = room.top + height * share
        y = min(max(y, room.top + seen.size * 0.55), room.top + height - seen.size * 0.4)
        put(*(sheet, block, left + width + 10, y), size=seen.size, along="middle", parts=("key", "labels"))
        if high == low:
            break
    room.right = left - 30


def _described(arguments: Mapping[str, Value], matrix: Matrix, low: float, high: float, language: str) -> str:
    title = given.text(arguments, "title") or "Heatmap"
    first, last = in_words((low, high), language)
    return f"{title}. {len(matrix.rows)} rows by {len(matrix.columns)} columns, values from {first} to {last}."
