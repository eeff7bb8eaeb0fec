"""Matrices: rows of numbers or formulas between brackets, with names outside and, where wanted, shaded by value.

Numbers of a column share their decimals and stand flush right, so that a reader compares them; formulas are centred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.colors import lettered, mix
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.compose import rectangle
from pvc.compiler.layout.numbers import exact_decimals, fixed, scientific
from pvc.compiler.layout.page import Page, paint_of, plain, rich, size_of, style_of
from pvc.compiler.layout.sheet import named, numbered, path_bounds
from pvc.compiler.math.block import MathBlock
from pvc.compiler.math.typeset import ink, set_math
from pvc.compiler.model.display import Element, Fragment, Paint, Path, Problem, Rect, Shape, Stroke, quantise
from pvc.compiler.model.values import Tex, Value
from pvc.compiler.text.style import TextBlock, TextStyle
from pvc.compiler.text.typeset import set_line

MOST = 15
"""Rows or columns beyond which nobody can follow a matrix in a video."""

LEAST = 32.0
"""The smallest em of an entry, px."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """``tex`` is what is set; ``said`` the entry in words; ``value`` the number that it is, None for a formula."""

    tex: str
    said: str
    value: float | None


@dataclass(frozen=True, slots=True)
class _Set:
    """The matrix set at a size. ``widths`` and ``heights`` (above and below the baseline) are those of columns and
    rows; ``gap`` lies between entries (across, down)."""

    size: float
    blocks: tuple[tuple[MathBlock, ...], ...]
    widths: tuple[float, ...]
    heights: tuple[tuple[float, float], ...]
    gap: tuple[float, float]
    head: MathBlock | None
    row_names: tuple[TextBlock, ...]
    column_names: tuple[TextBlock, ...]

    @property
    def inner(self) -> tuple[float, float]:
        """Width and height of the entries with a margin of half a gap around them."""
        return (
            sum(self.widths) + self.gap[0] * len(self.widths),
            sum(up + down for up, down in self.heights) + self.gap[1] * len(self.heights),
        )

    @property
    def before(self) -> float:
        """Width of what stands left of the brackets: the matrix' name, the rows' names."""
        head = self.head.width + 0.5 * self.size if self.head else 0.0
        names = max((block.width for block in self.row_names), default=0.0)
        return head + (names + 0.45 * self.size if names else 0.0)

    @property
    def above(self) -> float:
        tallest = max((block.height for block in self.column_names), default=0.0)
        return tallest + 0.3 * self.size if tallest else 0.0

    @property
    def arm(self) -> float:
        """How far brackets reach inwards."""
        return 0.2 * self.size

    @property
    def width(self) -> float:
        return self.before + self.inner[0] + 2 * self.arm

    @property
    def height(self) -> float:
        return self.above + self.inner[1]


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`matrix`: parts `entries["row,column"]`, `entries[n]` (row by row), `rows[n]`, `columns[n]` (by name, too),
    `brackets`, `name`, `labels`."""
    page = Page(env)
    entries = _read(page, arguments.get("rows"), env.language)
    if not entries:
        return page.fragment(0.0, 0.0)
    row_names = _names(page, arguments, "row_labels", len(entries), "rows")
    wide = max(len(row) for row in entries)
    column_names = _names(page, arguments, "column_labels", wide, "columns")
    small = len(entries) <= 4 and wide <= 4
    size = size_of(env, "formula") * (1.12 if small else 0.86)
    least = min(LEAST, size)
    while True:
        found = _at_size(page, entries, arguments, row_names, column_names, size)
        if (found.width <= box.width + 0.5 and found.height <= box.height + 0.5) or size <= least:
            break
        size = quantise(max(least, size * 0.94))
    if found.width > box.width + 0.5 or found.height > box.height + 0.5:
        page.problem(
            Problem(
                "PVC0503",
                f"the matrix does not fit: at its least size of {least:.0f} px it is {found.width:.0f} x "
                f"{found.height:.0f} px, and there is room for {box.width:.0f} x {box.height:.0f} px",
                "show fewer rows and columns (`tex`\\cdots`` stands for the rest), fewer digits, or give it more room",
            )
        )
    _draw(page, entries, found, arguments, row_names, column_names)
    told = _described(arguments, entries)
    return page.fragment(found.width, found.height, entrance="write", description=told)


def _read(page: Page, value: Value, language: str) -> tuple[tuple[_Entry, ...], ...]:
    """The entries row by row, all rows of one length; what is wrong with them goes to the page."""
    rows = [row if isinstance(row, tuple) else (row,) for row in value] if isinstance(value, tuple) else []
    wide = max((len(row) for row in rows), default=0)
    if not wide:
        page.problem(Problem("PVC0580", "the matrix has no entries", "give it rows, as in `[[1, 0], [0, 1]]`"))
        return ()
    if len(rows) > MOST or wide > MOST:
        page.problem(
            Problem(
                "PVC0580",
                f"a matrix of {len(rows)} × {wide} cannot be followed in a video",
                f"show at most {MOST} × {MOST} of it, with `tex`\\cdots`` for the rest, or a heatmap",
            )
        )
        return ()
    for number, row in enumerate(rows, 1):
        if len(row) != wide:
            page.problem(
                Problem(
                    "PVC0580",
                    f"row {number} of the matrix has {len(row)} of {wide} entries",
                    'give every row as many entries; `""` leaves a place empty',
                )
            )
    decimals = [_decimals([row[column] for row in rows if column < len(row)]) for column in range(wide)]
    return tuple(
        tuple(
            _entry(page, row[column] if column < len(row) else "", decimals[column], language) for column in range(wide)
        )
        for row in rows
    )


def _is_number(value: Value) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def _decimals(values: Sequence[Value]) -> int:
    """The decimals that all numbers of a column are set with."""
    numbers = [number for value in values if _is_number(value) and (number := given.as_number(value)) is not None]
    return exact_decimals(numbers) if numbers else 0


def _entry(page: Page, value: Value, digits: int, language: str) -> _Entry:
    if isinstance(value, Tex):
        return _Entry(value.source, value.source.strip(), None)
    if _is_number(value):
        number = given.as_number(value)
        if number is None:
            page.problem(
                Problem("PVC0580", "an entry of the matrix is too large to be drawn", "numbers must be below 1e250")
            )
            return _Entry("", "", None)
        large = number != 0 and not 1e-4 <= abs(number) < 1e6
        said = scientific(number, 1, language) if large else fixed(number, digits, language)
        return _Entry(_number_tex(number, said, large), said, number)
    said = given.as_text(value).strip()
    if said.startswith("$") and said.endswith("$") and len(said) > 2:
        return _Entry(said[1:-1], said[1:-1], None)
    escaped = "".join("\\" + char if char in "#$%&_{}" else char for char in said.replace("\\", ""))
    return _Entry(f"\\text{{{escaped}}}" if escaped else "", said, None)


def _number_tex(number: float, said: str, large: bool) -> str:
    """A number as TeX: real minus signs, no space behind a comma, powers of ten raised."""
    if large:
        mantissa, _, exponent = f"{number:.1e}".partition("e")
        return f"{mantissa.removesuffix('.0')} \\cdot 10^{{{int(exponent)}}}"
    plainly = said.replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", "\\,")
    return plainly.replace(",", "{,}")


def _names(page: Page, arguments: Mapping[str, Value], name: str, count: int, what: str) -> tuple[str, ...]:
    names = given.texts(arguments, name)
    if names and len(names) != count:
        page.problem(
            Problem("PVC0580", f"`{name}` names {len(names)} of {count} {what}", f"give one for each of the {what}")
        )
    return names[:count]


def _label_style(env: Env, size: float) -> TextStyle:
    """Names of rows and columns: a little smaller than the entries, never below a label's size."""
    return replace(style_of(env, "label", "muted"), size=quantise(max(size_of(env, "label"), 0.58 * size)))


def _at_size(
    page: Page,
    entries: Sequence[Sequence[_Entry]],
    arguments: Mapping[str, Value],
    row_names: Sequence[str],
    column_names: Sequence[str],
    size: float,
) -> _Set:
    env = page.env
    paint = paint_of(env, "text")
    empty = MathBlock(0.0, 0.0, 0.0, ())
    blocks = tuple(
        tuple(set_math(entry.tex, size, paint, env) if entry.tex else empty for entry in row) for row in entries
    )
    strut = (0.72 * size, 0.24 * size)
    heights = []
    for row in blocks:
        tops = [block.baseline - ink(block).y for block in row if block.elements]
        bottoms = [ink(block).bottom - block.baseline for block in row if block.elements]
        heights.append((max(strut[0], *tops) if tops else strut[0], max(strut[1], *bottoms) if bottoms else strut[1]))
    style = _label_style(env, size)
    rows = tuple(set_line(rich(name, style, page), style, env) for name in row_names)
    columns = tuple(set_line(rich(name, style, page), style, env) for name in column_names)
    widths = [max(block.width for block in column) for column in zip(*blocks, strict=True)]
    gap = 0.85 * size
    widths = [
        max(width, columns[index].width + 0.4 * style.size - gap) if index < len(columns) else width
        for index, width in enumerate(widths)
    ]
    if given.flag(arguments, "shade", False):  # cells look even where columns are
        widths = [max(widths)] * len(widths)
    named_by = arguments.get("name")
    head = None
    if isinstance(named_by, Tex) and named_by.source.strip():
        head = set_math(f"{named_by.source} =", size, paint, env)
    return _Set(size, blocks, tuple(widths), tuple(heights), (gap, 0.5 * size), head, rows, columns)


def _draw(
    page: Page,
    entries: Sequence[Sequence[_Entry]],
    found: _Set,
    arguments: Mapping[str, Value],
    row_names: Sequence[str],
    column_names: Sequence[str],
) -> None:
    env = page.env
    size, (across, down) = found.size, found.gap
    left, top = found.before + found.arm, found.above
    wide, tall = found.inner
    middle = top + tall / 2
    if found.head is not None:
        page.formula(found.head, 0.0, middle + 0.25 * size - found.head.baseline, "name")
    style = _label_style(env, size)
    xs = [left]
    for width in found.widths:
        xs.append(xs[-1] + width + across)
    ys = [top]
    for up, under in found.heights:
        ys.append(ys[-1] + up + under + down)
    for index, block in enumerate(found.column_names):
        parts = ("labels", numbered("columns", index + 1), named("columns", plain(column_names[index])))
        x = (xs[index] + xs[index + 1] - block.width) / 2
        page.put(block, x, top - 0.3 * size - block.height, *parts, text=column_names[index])
    page.order += 1
    _brackets(page, given.text(arguments, "brackets", "square"), left, top, wide, tall, found)
    shades = _shades(env, entries) if given.flag(arguments, "shade", False) else {}
    for i, row in enumerate(entries):
        page.order += 1
        up, _ = found.heights[i]
        baseline = ys[i] + down / 2 + up
        if i < len(found.row_names):
            block = found.row_names[i]
            parts = ("labels", numbered("rows", i + 1), named("rows", plain(row_names[i])))
            x = found.before - 0.45 * size - block.width
            page.put(block, x, baseline - 0.25 * size + 0.33 * style.size - block.baseline, *parts, text=row_names[i])
        for j, entry in enumerate(row):
            own = _selectors(i, j, len(row), row_names, column_names)
            cell = Rect(*(quantise(v) for v in (xs[j], ys[i], xs[j + 1] - xs[j], ys[i + 1] - ys[i])))
            ground = shades.get((i, j))
            if ground is not None:
                inset = Rect(cell.x + 2, cell.y + 2, cell.width - 4, cell.height - 4)
                shape = Shape(rectangle(inset, 6.0), fill=ground)
                page.add(Element(shape, inset, "box", page.order, f"shade:{i + 1},{j + 1}"), *own)
            math = found.blocks[i][j]
            if ground is not None and entry.tex:
                math = set_math(entry.tex, size, lettered(ground, env.theme)[1], env)
            if math.elements or math.problems:
                number = all(cell_.value is not None for cell_ in (line[j] for line in entries))
                spare = found.widths[j] - math.width
                widest = max(line[j].width for line in found.blocks)
                x = xs[j] + across / 2 + ((found.widths[j] + widest) / 2 - math.width if number else spare / 2)
                page.ground = ground
                _put(page, math, x, baseline - math.baseline, own)
                page.ground = None


def _put(page: Page, math: MathBlock, x: float, y: float, parts: Sequence[str]) -> None:
    """An entry whose glyphs belong to its own place: digits of one entry never travel to another in a transform."""
    order = page.order
    first = len(page.elements)
    page.formula(math, x, y, *parts)
    page.order = order
    key = next(part for part in parts if part.startswith("entries["))
    for index in range(first, len(page.elements)):
        element = page.elements[index]
        page.elements[index] = Element(
            *(element.primitive, element.bounds, element.role, order, f"{key}:{element.morph}"),
            *(element.origin, element.ground),
        )


def _selectors(i: int, j: int, columns: int, row_names: Sequence[str], column_names: Sequence[str]) -> tuple[str, ...]:
    found = [
        *(named("entries", f"{i + 1},{j + 1}"), "entries", numbered("entries", i * columns + j + 1)),
        *(numbered("rows", i + 1), numbered("columns", j + 1)),
    ]
    if i < len(row_names):
        found.append(named("rows", plain(row_names[i])))
    if j < len(column_names):
        found.append(named("columns", plain(column_names[j])))
    return tuple(found)


def _shades(env: Env, entries: Sequence[Sequence[_Entry]]) -> dict[tuple[int, int], Paint]:
    """The colour behind each number, as in a heatmap."""
    from pvc.compiler.layout.charts.heatmap import color_at, stops_of

    values = {(i, j): entry.value for i, row in enumerate(entries) for j, entry in enumerate(row)}
    present = [value for value in values.values() if value is not None]
    if not present:
        return {}
    stops = stops_of(env, min(present), max(present))
    return {
        place: lettered(color_at(value, stops), env.theme)[0] for place, value in values.items() if value is not None
    }


def _brackets(page: Page, kind: str, x: float, y: float, wide: float, tall: float, found: _Set) -> None:
    """Both brackets as strokes, so that they are drawn; `none` draws nothing."""
    if kind == "none":
        return
    env = page.env
    thick = max(3.0, found.size * 0.055)
    stroke = Stroke(mix(paint_of(env, "text"), paint_of(env, "muted"), 0.4), quantise(thick), cap="round")
    arm = found.arm - thick / 2
    for side, at, inwards in (("left", x, 1.0), ("right", x + wide, -1.0)):
        edge = at - inwards * arm
        if kind == "bars":
            path = Path("ML", tuple(map(quantise, (edge, y, edge, y + tall))))
        elif kind == "round":
            bow = min(tall * 0.25, 2.2 * found.size)
            points: tuple[float, ...] = (at, y, edge, y + bow * 0.45, edge, y + bow * 0.75, edge, y + bow)
            points += (edge, y + tall - bow, edge, y + tall - bow * 0.75, edge, y + tall - bow * 0.45, at, y + tall)
            path = Path("MCLC", tuple(map(quantise, points)))
        else:
            points = (at, y, edge, y, edge, y + tall, at, y + tall)
            path = Path("MLLL", tuple(map(quantise, points)))
        bounds = path_bounds(path)
        page.add(Element(Shape(path, stroke=stroke), bounds, "line", page.order, f"bracket:{side}"), "brackets")


def _described(arguments: Mapping[str, Value], entries: Sequence[Sequence[_Entry]]) -> str:
    head = arguments.get("name")
    called = f"Matrix {head.source.strip()}" if isinstance(head, Tex) and head.source.strip() else "Matrix"
    rows = "; ".join(
        f"row {number}: {', '.join(entry.said or 'empty' for entry in row)}" for number, row in enumerate(entries, 1)
    )
    return f"{called}, {len(entries)} by {len(entries[0])}. {rows}."
