"""A table as a good book sets it: rules, not boxes; numbers on their decimals, words wrapped, one row that speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.colors import concept_color, concept_parts, mix, readable, receding
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.compose import rectangle
from pvc.compiler.layout.labels import Look, line, longest_word, look, paragraph, put, rich
from pvc.compiler.layout.numbers import by_itself, exact_decimals, fixed, in_words, needs_power, separators
from pvc.compiler.layout.sheet import Sheet, named, numbered, polyline
from pvc.compiler.model.display import Fragment, Paint, Rect, Stroke
from pvc.compiler.model.values import Table, Value
from pvc.compiler.text.style import TextBlock, TextStyle

MOST_ROWS = 40

_NONE = "–"
_STEPS = (42.0, 36.0, 32.0, 28.0)


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: ``words[i]`` is row i's cell, None where it has none. ``number``: aligned on the decimal mark."""

    name: str
    head: str
    number: bool
    words: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class _Fitted:
    """Columns with their widths at a size of type; ``heights`` of the head and of each row."""

    size: float
    gap: float
    widths: tuple[float, ...]
    heads: tuple[TextBlock, ...]
    cells: tuple[tuple[TextBlock | None, ...], ...]
    heights: tuple[float, ...]

    @property
    def width(self) -> float:
        return sum(self.widths) + self.gap * len(self.widths)

    @property
    def height(self) -> float:
        return sum(self.heights)


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`table`: parts `rows[n]`, `rows["name"]` (by the first column), `columns["name"]`, `columns[n]`,
    `cells["row,column"]`, `header`, `title`, `note`."""
    sheet, seen = Sheet(), look(env)
    table = given.table(arguments)
    columns = _columns(sheet, table, given.texts(arguments, "columns"), env)
    if not columns or not table.rows:
        if not sheet.problems:
            sheet.problem("PVC0556", "the table is empty", "give it at least one row and one column")
        return sheet.fragment(1.0, 1.0)
    if len(table.rows) > MOST_ROWS:
        sheet.problem(
            *("PVC0555", f"a table of {len(table.rows)} rows cannot be read in a video"),
            hint=f"show at most {MOST_ROWS} of them; seven is better",
        )
        return sheet.fragment(1.0, 1.0)
    title, note = _outside(sheet, arguments, box, seen)
    above = title.height + seen.size * 0.9 if title else 0.0
    below = note.height + seen.size * 0.6 if note else 0.0
    room = Rect(0.0, above, box.width, box.height - above - below)
    fitted = _fitted(sheet, columns, room, seen)
    if fitted.width > room.width + 0.5 or fitted.height > room.height + 0.5:
        needed = f"{round(fitted.width)} × {round(fitted.height)} px"
        sheet.problem(
            "PVC0555",
            f"the table needs {needed} at the least size of type, it has {round(room.width)} × {round(room.height)}",
            "show fewer rows or `columns`, shorten its texts, or give it a larger region",
        )
    _draw(sheet, columns, fitted, given.text(arguments, "highlight"), above, seen)
    if title:
        put(sheet, title, 0.0, 0.0, size=seen.size * 1.25, parts=("title",), morph="title")
    if note:
        y = above + fitted.height + seen.size * 0.6
        put(sheet, note, 0.0, y, size=seen.size, parts=("note",), order=len(table.rows), morph="note")
    width = max(fitted.width, title.width if title else 0.0, note.width if note else 0.0)
    description = _described(arguments, columns, len(table.rows))
    return sheet.fragment(width, above + fitted.height + below, description=description)


def _outside(
    sheet: Sheet, arguments: Mapping[str, Value], box: Box, seen: Look
) -> tuple[TextBlock | None, TextBlock | None]:
    """The title above and the note below, set."""
    found: list[TextBlock | None] = []
    styles = (seen.style(weight=600, size=seen.size * 1.25), seen.style(seen.muted))
    for name, style in zip(("title", "note"), styles, strict=True):
        text = given.text(arguments, name)
        found.append(paragraph(rich(text, style, seen.env, sheet), style, box.width, seen.env) if text else None)
    return found[0], found[1]


def _columns(sheet: Sheet, table: Table, wanted: Sequence[str], env: Env) -> tuple[_Column, ...]:
    names = wanted or table.columns
    found = []
    for name in names:
        if name not in table.columns:
            known = ", ".join(table.columns) or "none"
            sheet.problem("PVC0556", f"the table has no column `{name}`", f"its columns are: {known}")
            continue
        index = table.columns.index(name)
        number = table.types[index] in ("number", "int")
        values = [row[index] for row in table.rows]
        words = _number_words(values, env.language) if number else tuple(map(_word, values))
        found.append(_Column(name, name.replace("_", " "), number, words))
    return tuple(found)


def _word(value: Value) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return given.as_text(value).strip() or None


def _number_words(values: Sequence[Value], language: str) -> tuple[str | None, ...]:
    """Numbers of a column, all with the same decimals (at most four), and all in groups of three where one is; what
    these would make a zero of, and is none, is told by itself."""
    numbers = [given.as_number(value) for value in values]
    present = [number for number in numbers if number is not None]
    if needs_power(present):
        words = iter(in_words(present, language))
    else:
        digits = exact_decimals(present)
        grouped = any(abs(number) >= 10_000 for number in present)
        words = iter(
            by_itself(number, language, "")
            if number and round(number, digits) == 0
            else fixed(number, digits, language, grouped)
            for number in present
        )
    return tuple(None if number is None else next(words) for number in numbers)


def _fitted(sheet: Sheet, columns: Sequence[_Column], room: Rect, seen: Look) -> _Fitted:
    """The table at the largest size of type at which it fits; at the least where none does."""
    sizes = [size for size in _STEPS if size > seen.size] + [seen.size]
    fitted = None
    for size in sizes:
        fitted = _at_size(sheet, columns, size, room.width, seen)
        if fitted.width <= room.width + 0.5 and fitted.height <= room.height:
            break
    assert fitted is not None
    return fitted


def _at_size(sheet: Sheet, columns: Sequence[_Column], size: float, width: float, seen: Look) -> _Fitted:
    env, gap = seen.env, size * 1.3
    style, head_style = seen.style(size=size), seen.style(seen.muted, size=max(seen.size, size * 0.8), weight=600)
    natural, least = [], []
    for column in columns:
        words = [word for word in column.words if word]
        head = line(column.head, head_style, env).width
        # Bold figures of a row that speaks are a little wider: room for them from the start.
        cell = max((line(rich(word, style, env, sheet), style, env).width for word in words), default=0.0) * 1.05
        natural.append(max(head, cell))
        narrow = longest_word(column.head, head_style, env)
        least.append(max(narrow, cell if column.number else _narrowest(words, size, seen)))
    free = width - gap * len(columns)
    widths = list(natural)
    if sum(natural) > free:
        spare, wish = free - sum(least), sum(natural) - sum(least)
        share = max(0.0, spare / wish) if wish > 0 else 0.0
        widths = [low + (high - low) * share for low, high in zip(least, natural, strict=True)]
    heads = tuple(
        paragraph(column.head, head_style, wide + 1, env, "end" if column.number else "start")
        for column, wide in zip(columns, widths, strict=True)
    )
    cells = tuple(
        tuple(
            None
            if word is None
            else line(word, style, env)
            if column.number
            else paragraph(rich(word, style, env, sheet), style, wide + 1, env)
            for word in column.words
        )
        for column, wide in zip(columns, widths, strict=True)
    )
    pad = size * 0.62
    heights = [max(head.height for head in heads) + pad]
    for row in range(len(columns[0].words)):
        tallest = max((block.height for column in cells if (block := column[row])), default=size)
        heights.append(max(tallest, size * 1.04) + pad)
    return _Fitted(size, gap, tuple(widths), heads, cells, tuple(heights))


def _narrowest(words: Sequence[str], size: float, seen: Look) -> float:
    """A column of words is not set narrower than its longest word, and not narrower than eight ems for long texts."""
    style = seen.style(size=size)
    longest = max((longest_word(word, style, seen.env) for word in words), default=0.0)
    return max(longest, min(size * 8, max((line(word, style, seen.env).width for word in words), default=0.0)))


def _draw(sheet: Sheet, columns: Sequence[_Column], fitted: _Fitted, highlight: str, top: float, seen: Look) -> None:
    names = [word or "" for word in columns[0].words]
    spoken = next((index for index, name in enumerate(names) if highlight and name == highlight), None)
    zebra = dict(seen.env.theme.style).get("table") == "zebra"
    lefts, x = [], fitted.gap / 2
    for wide in fitted.widths:
        lefts.append(x)
        x += wide + fitted.gap
    for index, (column, block) in enumerate(zip(columns, fitted.heads, strict=True)):
        wide = fitted.widths[index]
        header = ("header", numbered("columns", index + 1), named("columns", column.name))
        y = top + fitted.heights[0] - fitted.size * 0.3 - block.height
        put(
            *(sheet, block, lefts[index] + (wide if column.number else 0.0), y),
            size=fitted.size,
            across="end" if column.number else "start",
            parts=header,
            morph=f"head:{column.name}",
        )
    y = top + fitted.heights[0]
    _rule(sheet, y, fitted.width, Stroke(seen.muted, 2.5, cap="butt"), 0, "header")
    for row in range(len(names)):
        height = fitted.heights[row + 1]
        band = Rect(0.0, y, fitted.width, height)
        parts = (numbered("rows", row + 1), named("rows", names[row]))
        ground = seen.background
        if row == spoken:
            ground = mix(seen.background, seen.accent, 0.16)
        elif zebra and row % 2:
            ground = mix(seen.background, seen.surface, 0.8)
        if ground is not seen.background:
            sheet.shape(
                *(rectangle(band, 8.0 if row == spoken else 0.0), "area"),
                fill=ground,
                parts=parts,
                order=row + 1,
                morph=f"band:{names[row]}",
            )
        _row(sheet, columns, fitted, row, lefts, band, parts, _ink(row, spoken, seen), ground, seen)
        y += height
        if not zebra and row < len(names) - 1 and spoken not in (row, row + 1):
            _rule(sheet, y, fitted.width, Stroke(seen.rule, 1.5, cap="butt"), row + 1, "rules")
    if spoken != len(names) - 1:
        _rule(sheet, y, fitted.width, Stroke(seen.muted, 1.5, cap="butt"), len(names), "rules")


def _rule(sheet: Sheet, y: float, width: float, stroke: Stroke, order: int, part: str) -> None:
    path = polyline(((0.0, y), (width, y)))
    sheet.shape(path, "line", stroke=stroke, parts=(part,), order=order, morph=f"rule:{part}:{order}")


def _ink(row: int, spoken: int | None, seen: Look) -> Paint:
    """Rows step back a little while another speaks; they stay readable."""
    if spoken is None or row == spoken:
        return seen.text
    return readable(receding(seen.env.theme), seen.background, seen.text)


def _row(
    sheet: Sheet,
    columns: Sequence[_Column],
    fitted: _Fitted,
    row: int,
    lefts: Sequence[float],
    band: Rect,
    row_parts: Sequence[str],
    ink: Paint,
    ground: Paint,
    seen: Look,
) -> None:
    env, size = seen.env, fitted.size
    loud = ground is not seen.background and ink == seen.text and dict(env.theme.style).get("table") != "zebra"
    name = columns[0].words[row] or ""
    for index, column in enumerate(columns):
        word, wide = column.words[row], fitted.widths[index]
        cells = (f"{name},{column.name}", f"{row + 1},{column.name}")
        parts = (*row_parts, *(named("cells", cell) for cell in cells), named("columns", column.name))
        parts = (*parts, numbered("columns", index + 1))
        color, weight = ink, 600 if loud else 400
        concept = concept_color(env, word) if word and not column.number else None
        if concept:
            color, weight = readable(concept[1], ground, seen.text), 600
            parts = (*parts, *concept_parts(env, word or ""))
        style = seen.style(color if word else seen.muted, size=size, weight=weight)
        if column.number:
            block = line(word or _NONE, style, env)
            x = lefts[index] + wide - (_after_mark(column, word, style, env) if word else 0.0)
        else:
            block = paragraph(rich(word or _NONE, style, env, sheet), style, wide + 1, env)
            x = lefts[index]
        put(
            *(sheet, block, x, band.y + (band.height - block.height) / 2),
            size=size,
            across="end" if column.number else "start",
            parts=parts,
            order=row + 1,
            ground=None if ground is seen.background else ground,
            morph=f"cell:{name}:{column.name}",
        )


def _after_mark(column: _Column, word: str, style: TextStyle, env: Env) -> float:
    """How far left of the column's right edge a number ends, so that all decimal marks stand below each other.

    Numbers of one column mostly have equal decimals; where they have not (powers of ten), they end at the edge.
    """
    mark = separators(env.language)[0]
    longest = max((len(other.partition(mark)[2]) for other in column.words if other), default=0)
    lacking = longest - len(word.partition(mark)[2])
    if not lacking or any("×" in other for other in column.words if other):
        return 0.0
    filler = "0" * lacking if mark in word else mark + "0" * (longest)
    return line(filler, style, env).width


def _described(arguments: Mapping[str, Value], columns: Sequence[_Column], rows: int) -> str:
    """Every row in words, the first twelve."""
    title = given.text(arguments, "title") or "Table"
    told = [
        ", ".join(f"{column.head} {column.words[row] or 'none'}" for column in columns) for row in range(min(rows, 12))
    ]
    more = f"; and {rows - 12} more rows" if rows > 12 else ""
    return f"{title}. {'; '.join(told)}{more}."
