"""Listings: source code on a surface, its syntax coloured from the theme, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import groupby
from operator import itemgetter
from textwrap import dedent
from typing import Any

from pvc.compiler.layout.colors import mix, readable
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.page import Page, paint_of, style_of
from pvc.compiler.model.display import Fragment, Paint, Problem, Rect, quantise
from pvc.compiler.model.values import Code, Value
from pvc.compiler.text.spans import Span, renumber
from pvc.compiler.text.style import TextBlock, TextStyle
from pvc.compiler.text.typeset import set_line

MOST_LINES = 14
LEAST = 24.0
"""The smallest code that can be read, px."""
_LEADING = 1.45
_PAD = (44.0, 36.0)
"""Px between a listing and the edges of its surface, across and along."""
_NARROW = (1000.0, 28.0)
"""In a box narrower than this there are so many across."""
_LEAST_TITLE = 22.0
_WRAPS = 0.85
"""Share of its own size down to which a listing shrinks before its lines are broken."""
_BREAKS = ",([{)]}"
_FEWEST = 16
"""Columns below which breaking lines helps nobody."""
_TAB = 4

_TOKENS = (
    ("Comment", "muted", 400, True),
    ("Literal.String", "good", 400, False),
    ("Literal.Number", "warm", 400, False),
    ("Keyword.Constant", "warm", 400, False),
    ("Keyword", "category5", 600, False),
    ("Operator.Word", "category5", 600, False),
    ("Name.Function", "accent", 400, False),
    ("Name.Class", "cool", 600, False),
    ("Name.Builtin", "cool", 400, False),
    ("Name.Decorator", "warm", 400, False),
    ("Name.Exception", "bad", 400, False),
    ("Name.Tag", "accent", 400, False),
    ("Name.Attribute", "cool", 400, False),
    ("Punctuation", "muted", 400, False),
)
"""Pygments' token types, the nearest ancestor first, with colour, weight and slant; all else is plain."""


def code(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """A listing: title bar, line numbers, coloured lines. Where it is too wide it shrinks a little; where that is not
    enough, its long lines go on in another row, set in, and it shrinks down to what can be read."""
    page = Page(env)
    value = arguments.get("source")
    language, source = (value.language, value.source) if isinstance(value, Code) else ("text", str(value or ""))
    title = str(arguments.get("title") or "").strip()
    numbers = arguments.get("numbers") is not False
    text = tidy(source)
    if not text:
        page.problem(Problem("PVC0504", "the listing is empty", "write the program between the backquotes"))
        return page.fragment(0.0, 0.0)
    ground = paint_of(env, "surface")
    lines = list(_lines(text, language, page))
    if len(lines) > MOST_LINES:
        page.problem(
            Problem(
                "PVC0752",
                f"a listing of {len(lines)} lines is more than a viewer can follow",
                f"show at most {MOST_LINES} lines: the ones that are spoken of",
                "warning",
            )
        )
    pad = _NARROW[1] if box.width < _NARROW[0] else _PAD[0]
    full = style_of(env, "code", role="mono").size
    least = min(LEAST, full)
    size, wrapping = full, False
    while True:
        style = replace(style_of(env, "code", role="mono"), size=quantise(size))
        digits = _digits(len(lines), style, env) if numbers else 0.0
        columns = _columns(box.width - digits - 2 * pad, style, env) if wrapping else 0
        rows = [_rows(line, columns) for line in lines]
        blocks = [[set_line(_spans(row, style, ground, env), style, env, raw=True) for row in each] for each in rows]
        width = max(block.width for each in blocks for block in each) + digits + 2 * pad
        head = set_line(title, _title_style(style, env), env) if title else None
        bar = head.height + 30.0 if head else 0.0
        width = max(width, head.width + 2 * pad if head else 0.0)
        height = _LEADING * size * sum(len(each) for each in rows) + 2 * _PAD[1] + bar
        if width <= box.width + 0.5 and height <= box.height + 0.5:
            break
        if not wrapping and width > box.width + 0.5 and size <= _WRAPS * full:
            size, wrapping = full, True
        elif size <= least:
            break
        else:
            size = max(least, size * 0.96)
    if width > box.width + 0.5 or height > box.height + 0.5:
        longest = max(range(len(lines)), key=lambda index: sum(len(piece) for _, piece in lines[index])) + 1
        page.problem(
            Problem(
                "PVC0503",
                f"the listing does not fit: at its least size of {least:.0f} px it is {width:.0f} x {height:.0f} px, "
                f"and there is room for {box.width:.0f} x {box.height:.0f} px (line {longest} is the longest)",
                "show fewer lines, break the long ones, or give it a larger region",
            )
        )
    page.surface(Rect(0.0, 0.0, quantise(width), quantise(height)), "surface", 20.0)
    if head is not None:
        page.put(head, pad, 18.0, "title", text=title)
        page.rule(0.0, bar, width, bar, "rule", 1.5)
    y = bar + _PAD[1] + (_LEADING - 1.04) / 2 * size
    for number, (each, line) in enumerate(zip(blocks, lines, strict=True), 1):
        page.order += 1
        name = f"lines[{number}]"
        if numbers:
            figure = set_line(str(number), replace(style, paint=_number_paint(env, ground)), env)
            page.put(figure, pad + digits - 0.9 * size - figure.width, y, name)
        _put_line(page, each, pad + digits, y, _LEADING * size, name, "".join(piece for _, piece in line))
        y += _LEADING * size * len(each)
    return page.fragment(width, height, entrance="fade", description=f"Code in {language}: {text}")


def _put_line(page: Page, rows: Sequence[TextBlock], x: float, y: float, leading: float, name: str, text: str) -> None:
    """A line, in one row or several, whose pieces move together when a transform keeps it: `morph` keys are made of the
    whole line, so that an edit moves what stays and never sends a bracket to another line."""
    page.parts.setdefault(name, [])
    first = len(page.elements)
    for number, block in enumerate(rows):
        page.put(block, x, y + number * leading, name, text=text)
    for index in range(first, len(page.elements)):
        page.elements[index] = replace(page.elements[index], morph=f"line:{text.strip()}:{index - first}")


def _columns(width: float, style: TextStyle, env: Env) -> int:
    """How many characters of a monospaced style there are room for."""
    return max(_FEWEST, int(width / (set_line("0" * 20, style, env).width / 20)))


def _rows(line: list[tuple[str, str]], columns: int) -> list[list[tuple[str, str]]]:
    """A line of pieces as rows of at most so many characters (0: in one), broken after a blank, else after a bracket or
    a comma; what has neither stays whole. What goes on is set in by four columns more than the line."""
    characters = [(kind, character) for kind, piece in line for character in piece]
    text = "".join(character for _, character in characters)
    if not columns or len(text) <= columns:
        return [line]
    indent = min(len(text) - len(text.lstrip()) + _TAB, columns // 2)
    found: list[list[tuple[str, str]]] = []
    at, room = 0, columns
    while at < len(text):
        end = min(len(text), at + room)
        if end < len(text):
            first = at + max(1, room // 3)
            blanks = [cut for cut in range(first, end + 1) if text[cut - 1] == " " or text[cut] == " "]
            signs = [cut for cut in range(first, end + 1) if text[cut - 1] in _BREAKS]
            later = (cut for cut in range(end + 1, len(text)) if text[cut - 1] in _BREAKS or text[cut] == " ")
            end = max(blanks or signs) if blanks or signs else next(later, len(text))
        row = characters[at:end] if not found else [("Text", " " * indent), *characters[at:end]]
        found.append(_joined(row))
        at = end
        while at < len(text) and text[at] == " ":
            at += 1
        room = columns - indent
    return found


def _joined(characters: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Neighbours of one kind as one piece."""
    return [(kind, "".join(each for _, each in group)) for kind, group in groupby(characters, key=itemgetter(0))]


def tidy(source: str) -> str:
    """A program as it is shown: common indentation, empty lines around it and trailing blanks are gone, tabs are four
    columns. Where the first line stands right behind the opening backquote, the others are measured by themselves."""
    text = source.replace("\r\n", "\n").expandtabs(_TAB)
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return dedent("\n".join(lines))


def _lexer(language: str, page: Page) -> Any:
    from pygments.lexers import get_all_lexers, get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        names = [alias for _, aliases, _, _ in get_all_lexers() for alias in aliases]
        near = get_close_matches(language, names, 1, 0.6)
        hint = f"did you mean `{near[0]}`?" if near else "any language that Pygments knows, or `text`"
        page.problem(Problem("PVC0753", f"`{language}` is no language whose syntax can be coloured", hint, "warning"))
        return get_lexer_by_name("text", stripnl=False, ensurenl=False)


def _lines(text: str, language: str, page: Page) -> Iterator[list[tuple[str, str]]]:
    """The program's lines, each as (token type, piece)."""
    line: list[tuple[str, str]] = []
    for kind, piece in _lexer(language, page).get_tokens(text):
        name = str(kind).removeprefix("Token.")
        parts = piece.split("\n")
        for index, part in enumerate(parts):
            if index:
                yield line
                line = []
            if part:
                line.append((name, part))
    yield line


def _spans(line: list[tuple[str, str]], style: TextStyle, ground: Paint, env: Env) -> tuple[Span, ...]:
    return renumber([Span(piece, _token_style(kind, style, ground, env)) for kind, piece in line])


def _token_style(kind: str, style: TextStyle, ground: Paint, env: Env) -> TextStyle:
    for prefix, token, weight, italic in _TOKENS:
        if kind == prefix or kind.startswith(f"{prefix}."):
            paint = readable(paint_of(env, token), ground, style.paint)
            return replace(style, paint=paint, weight=weight, italic=italic)
    return style


def _title_style(style: TextStyle, env: Env) -> TextStyle:
    return replace(style, size=quantise(max(_LEAST_TITLE, style.size * 0.86)), paint=paint_of(env, "muted"))


def _number_paint(env: Env, ground: Paint) -> Paint:
    muted = paint_of(env, "muted")
    return readable(mix(muted, ground, 0.25), ground, muted)


def _digits(count: int, style: TextStyle, env: Env) -> float:
    """The width of the column of line numbers with its gap."""
    return set_line("0" * len(str(count)), style, env).width + 0.9 * style.size
