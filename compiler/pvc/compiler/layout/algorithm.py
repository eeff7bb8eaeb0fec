"""Pseudocode: numbered lines with their keywords set off, indented blocks with guides, formulas inside lines.

A line is markdown (`$x_t$`, `**word**`, `code`); its indentation says how deep it is nested. Lines that begin with
`Input:`, `Output:`, `Require:` or `Ensure:` stand above the others and have no numbers; `//` begins a comment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pvc.compiler.layout.code import MOST_LINES, tidy
from pvc.compiler.layout.colors import mix, readable
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.compose import shift
from pvc.compiler.layout.page import Page, paint_of, plain, rich, size_of, style_of, word_parts
from pvc.compiler.model.display import Fragment, Glyphs, Paint, Problem, Rect, Shape, quantise
from pvc.compiler.model.values import Code, Value
from pvc.compiler.text.spans import FORMULA, Span, renumber
from pvc.compiler.text.style import TextBlock, TextStyle
from pvc.compiler.text.typeset import set_line, set_paragraph

_LOGIC = ("and", "or", "not")
_KEYWORDS: dict[str, tuple[str, ...]] = {
    "for": ("each", "all", "every", "in", "from", "to", "downto", "by", "do"),
    "foreach": ("in", "do"),
    "while": (*_LOGIC, "do"),
    "until": _LOGIC,
    "if": (*_LOGIC, "then", "return"),
    "else": (*_LOGIC, "if", "then", "return"),
    "elif": (*_LOGIC, "then"),
    "elseif": (*_LOGIC, "then"),
    "return": (),
    "repeat": ("until", "times"),
    "loop": ("forever",),
    "do": (),
    "end": ("for", "while", "if", "loop", "function", "procedure"),
    "function": (),
    "procedure": (),
    "break": (),
    "continue": (),
    "yield": (),
}
"""Words that begin a statement, and what belongs to them further on in the same line."""

_HEADERS = re.compile(r"(Inputs?|Outputs?|Requires?|Ensures?|Parameters?|Data|Result)\s*:", re.IGNORECASE)
_OUTPUTS = re.compile(r"(Outputs?|Ensures?)\s*:", re.IGNORECASE)
"""What some write below the steps; it stands above them all the same."""

_APART = re.compile(rf"({FORMULA.replace('?P<math>', '?:')}|`[^`]+`|\*\*[^*]+\*\*)")
"""What keeps its own setting inside a line: formulas, code, words set off by hand."""

_COMMENT = re.compile(r"\s*(?://|▷)\s*(.+)$")
_LEADING = 1.5
_PAD = (44.0, 34.0)
_INDENT = 1.4
"""Of a nested block, em."""


@dataclass(frozen=True, slots=True)
class Line:
    """``number`` from 1, None for what stands above the numbered lines; ``depth``: how deep it is nested."""

    number: int | None
    depth: int
    text: str
    comment: str


@dataclass(frozen=True, slots=True)
class _Row:
    line: Line
    block: TextBlock
    spans: tuple[Span, ...]
    comment: TextBlock | None
    left: float
    height: float
    beside: bool
    """Whether the comment stands at the right of the line, or else below it."""


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`algorithm`: parts `lines[n]`, `header`, `title`, `comments`, `guides`. It shrinks to fit, but not below what can
    be read."""
    page = Page(env)
    value = arguments.get("source")
    source = value.source if isinstance(value, Code) else str(value or "")
    title = str(arguments.get("title") or "").strip()
    numbers = arguments.get("numbers") is not False
    lines = read(source)
    if not lines:
        page.problem(Problem("PVC0504", "the algorithm is empty", "write its steps between the backquotes"))
        return page.fragment(0.0, 0.0)
    if len(lines) > MOST_LINES:
        page.problem(
            Problem(
                "PVC0752",
                f"an algorithm of {len(lines)} lines is more than a viewer can follow",
                f"show at most {MOST_LINES} lines: the ones that are spoken of",
                "warning",
            )
        )
    ground = paint_of(env, "surface")
    size = size_of(env, "body") * 0.95
    least = min(size_of(env, "label"), size)
    while True:
        style = replace(style_of(env, "body"), size=quantise(size), leading=1.2)
        gutter = _gutter(lines, style, env) if numbers else 0.0
        rows = _rows(lines, style, ground, gutter, box.width - 2 * _PAD[0], page)
        head = set_line(rich(title, _bold(style), page), _bold(style), env) if title else None
        bar = head.height + 34.0 if head else 0.0
        above = sum(row.height for row in rows if row.line.number is None)
        gap = 0.5 * size if 0.0 < above < sum(row.height for row in rows) else 0.0
        width = max(_width(row, size) for row in rows) + 2 * _PAD[0]
        width = max(width, head.width + 2 * _PAD[0] if head else 0.0)
        height = sum(row.height for row in rows) + gap + 2 * _PAD[1] + bar
        if (width <= box.width + 0.5 and height <= box.height + 0.5) or size <= least:
            break
        size = max(least, size * 0.96)
    if width > box.width + 0.5 or height > box.height + 0.5:
        page.problem(
            Problem(
                "PVC0503",
                f"the algorithm does not fit: at its least size of {least:.0f} px it is {width:.0f} x {height:.0f} px, "
                f"and there is room for {box.width:.0f} x {box.height:.0f} px",
                "show fewer lines, say the long ones in fewer words, or give it a larger region",
            )
        )
    page.surface(Rect(0.0, 0.0, quantise(width), quantise(height)), "surface", 20.0)
    if head is not None:
        page.put(head, _PAD[0], 18.0, "title", text=title)
        page.rule(0.0, bar, width, bar, "rule", 1.5)
    _draw(page, rows, style, ground, width, bar + _PAD[1], gap, gutter, numbers)
    told = "; ".join(
        f"{row.line.number}: {plain(row.line.text)}" if row.line.number else plain(row.line.text) for row in rows
    )
    return page.fragment(width, height, entrance="fade", description=f"{title or 'Algorithm'}. {told}.")


def read(source: str) -> tuple[Line, ...]:
    """The lines of pseudocode with their depths. Empty lines are left out: nobody can point at them."""
    heads: list[Line] = []
    found: list[Line] = []
    indents: list[int] = []
    number = 0
    for raw in tidy(source).split("\n"):
        text = raw.strip()
        if not text:
            continue
        indent = len(raw) - len(raw.lstrip())
        while indents and indents[-1] >= indent:
            indents.pop()
        depth = len(indents)
        indents.append(indent)
        # Formulas and code are no comments, whatever stands in them.
        comment = _COMMENT.search(_APART.sub(lambda found: "x" * len(found[0]), text))
        words = text[: comment.start()].strip() if comment else text
        if _HEADERS.match(text) and (number == 0 or (depth == 0 and _OUTPUTS.match(text))):
            heads.append(Line(None, 0, text, ""))
            continue
        number += 1
        found.append(Line(number, depth, words, text[comment.start(1) :].strip() if comment else ""))
    return (*heads, *found)


def _bold(style: TextStyle) -> TextStyle:
    return replace(style, weight=600)


def marked(text: str) -> str:
    """The line with its keywords in `**`: the statement's first word, and the words that belong to it."""
    first = re.match(r"([A-Za-z]+)\b", text)
    inner = _KEYWORDS.get(first[1].lower()) if first else None
    if first is None or inner is None:
        return text
    words = "|".join((re.escape(first[1]), *inner))
    pattern = re.compile(rf"(?<![\w-])({words})(?![\w-])", re.IGNORECASE) if inner else re.compile(rf"^({words})\b")
    pieces = _APART.split(text)
    for index in range(0, len(pieces), 2):
        pieces[index] = pattern.sub(r"**\1**", pieces[index])
    return "".join(pieces).replace("** **", " ")


def _spans(line: Line, style: TextStyle, ground: Paint, page: Page) -> tuple[Span, ...]:
    """The line's words; what is set off has the colour of keywords in code."""
    color = readable(paint_of(page.env, "category5"), ground, style.paint)
    text = line.text
    if line.number is None:
        head = _HEADERS.match(text)
        text = f"**{text[: head.end()]}**{text[head.end() :]}" if head else text
    spans = rich(marked(text) if line.number is not None else text, style, page)
    return renumber(
        [
            replace(span, style=replace(span.style, weight=600, paint=color))
            if span.math is None and span.style.weight >= 700
            else span
            for span in spans
        ]
    )


def _rows(
    lines: Sequence[Line], style: TextStyle, ground: Paint, gutter: float, width: float, page: Page
) -> tuple[_Row, ...]:
    """Lines set, wrapped where they are longer than the width; comments at their right where there is room."""
    env, size = page.env, style.size
    quiet = replace(
        style, size=quantise(max(size_of(env, "label"), size * 0.85)), paint=_quiet(env, ground), italic=True
    )
    found = []
    for line in lines:
        left = (gutter if line.number is not None else 0.0) + _INDENT * size * line.depth
        room = max(width - left, size * 4)
        spans = _spans(line, style, ground, page)
        block = set_paragraph(spans, style, room, env, balance=False, apart=True)
        comment, beside = None, True
        if line.comment:
            comment = set_paragraph(rich(line.comment, quiet, page), quiet, room, env)
            beside = block.lines == 1 and block.width + comment.width + 1.6 * size <= room
        height = max(block.height - 1.04 * size, 0.0) + _LEADING * size
        if comment is not None and not beside:
            height += comment.height
        found.append(_Row(line, block, spans, comment, left, height, beside))
    return tuple(found)


def _quiet(env: Env, ground: Paint) -> Paint:
    return readable(paint_of(env, "muted"), ground, paint_of(env, "text"))


def _width(row: _Row, size: float) -> float:
    own = row.left + row.block.width
    if row.comment is None:
        return own
    return own + 1.6 * size + row.comment.width if row.beside else max(own, row.left + row.comment.width)


def _gutter(lines: Sequence[Line], style: TextStyle, env: Env) -> float:
    """The width of the column of line numbers with its gap."""
    most = max((line.number or 0 for line in lines), default=0)
    return set_line("0" * len(str(most)), replace(style, tabular=True), env).width + 0.8 * style.size


def _draw(
    page: Page,
    rows: Sequence[_Row],
    style: TextStyle,
    ground: Paint,
    width: float,
    top: float,
    gap: float,
    gutter: float,
    numbers: bool,
) -> None:
    env, size = page.env, style.size
    figures = replace(style, size=quantise(size * 0.85), paint=_number_paint(env, ground), tabular=True)
    tops = []
    y = top
    above = True
    for row in rows:
        if above and row.line.number is not None:
            above = False
            y += gap if y > top else 0.0
        tops.append(y)
        y += row.height
    _guides(page, rows, tops, size, gutter, ground)
    for row, at in zip(rows, tops, strict=True):
        page.order += 1
        line = row.line
        name = f"lines[{line.number}]" if line.number is not None else "header"
        page.parts.setdefault(name, [])
        offset = (_LEADING - 1.04) / 2 * size
        if numbers and line.number is not None:
            figure = set_line(str(line.number), figures, env)
            x = _PAD[0] + gutter - 0.8 * size - figure.width
            page.put(figure, x, at + offset + row.block.baseline - figure.baseline, name)
        first = len(page.elements)
        _put(page, row, _PAD[0] + row.left, at + offset, name)
        word_parts(page, row.block, row.spans, first)
        _symbol_parts(page, first)
        if row.comment is not None:
            if row.beside:
                x, below = width - _PAD[0] - row.comment.width, row.block.baseline - row.comment.baseline
            else:
                x, below = _PAD[0] + row.left, row.block.height + 0.06 * size
            page.put(row.comment, x, at + offset + below, name, "comments", text=line.comment)


def _put(page: Page, row: _Row, x: float, y: float, name: str) -> None:
    """A line whose words move together when it is kept by a transform: `morph` keys are made of the whole line."""
    text = row.line.text
    for index, element in enumerate(row.block.elements):
        key = f"line:{text}:{index}"
        page.add(shift(replace(element, order=page.order, ground=page.ground, morph=key), x, y), name)
    if row.block.missing:
        page.put(replace(row.block, elements=()), x, y, text=text)


def _symbol_parts(page: Page, first: int) -> None:
    """Symbols of concepts inside a line's formulas belong to `concept:NAME`: they are what has its colour there."""
    for spec in page.env.concepts:
        color = paint_of(page.env, spec.color)
        for index in range(first, len(page.elements)):
            primitive = page.elements[index].primitive
            own = primitive.paint if isinstance(primitive, Glyphs) else None
            if isinstance(primitive, Shape):
                own = primitive.fill
            if own == color and page.elements[index].role == "glyph":
                page.parts.setdefault(f"concept:{spec.name}", []).append(index)


def _guides(page: Page, rows: Sequence[_Row], tops: Sequence[float], size: float, gutter: float, ground: Paint) -> None:
    """A thin line at the left of each nested block, from its first line to its last."""
    deepest = max((row.line.depth for row in rows), default=0)
    for depth in range(1, deepest + 1):
        begun: int | None = None
        for index in range(len(rows) + 1):
            inside = index < len(rows) and rows[index].line.depth >= depth
            if inside and begun is None:
                begun = index
            elif not inside and begun is not None:
                x = quantise(_PAD[0] + gutter + _INDENT * size * (depth - 1) + 0.45 * size)
                end = tops[index - 1] + rows[index - 1].height
                page.rule(x, tops[begun] + 4, x, end - 4, "rule", 2.0, "guides")
                begun = None


def _number_paint(env: Env, ground: Paint) -> Paint:
    muted = paint_of(env, "muted")
    return readable(mix(muted, ground, 0.25), ground, muted)
