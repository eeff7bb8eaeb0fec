"""Labels of figures: set by the one typesetter, placed by what a figure knows (a point, an edge, a centre)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from pvc.compiler.layout.colors import paint
from pvc.compiler.layout.component import Env
from pvc.compiler.layout.compose import shift
from pvc.compiler.layout.sheet import Sheet
from pvc.compiler.model.display import Paint, Rect
from pvc.compiler.text import typeset
from pvc.compiler.text.spans import FORMULA, Span, polish, renumber
from pvc.compiler.text.style import TextBlock, TextStyle

CAP_HEIGHT = 0.66
"""Height of capitals and figures in em: what looks like the middle of a label is the middle of these."""

Across = Literal["start", "middle", "end"]
Along = Literal["top", "middle", "bottom", "baseline"]


@dataclass(frozen=True, slots=True)
class Look:
    """The tokens of a theme that figures are made of, resolved once."""

    env: Env
    size: float
    """Of a label; nothing in a figure is smaller."""
    background: Paint
    surface: Paint
    text: Paint
    muted: Paint
    rule: Paint
    accent: Paint

    def style(self, color: Paint | None = None, *, weight: int = 400, size: float | None = None) -> TextStyle:
        """Labels are set in the sans, with figures of equal width, a little tighter than body text."""
        return TextStyle(
            *(self.env.theme.font("sans"), size or self.size, color or self.text),
            weight=weight,
            leading=1.16,
            tabular=True,
        )


def look(env: Env) -> Look:
    theme = env.theme
    tokens = ("background", "surface", "text", "muted", "rule", "accent")
    return Look(env, theme.size("label"), *(paint(theme, token) for token in tokens))


Rich: TypeAlias = str | Sequence[Span]
"""A label's text, plain or with formulas in it (`rich`)."""

_FORMULA = re.compile(FORMULA)


def rich(text: str, style: TextStyle, env: Env, sheet: Sheet) -> Rich:
    """The text with its `$formulas$` set (a dollar before a space or a figure is a dollar); what is wrong with one goes
    to the sheet's problems."""
    if not _FORMULA.search(text):
        return text
    from pvc.compiler.math.typeset import set_math

    spans: list[Span] = []
    for index, piece in enumerate(_FORMULA.split(text)):
        if index % 2:
            block = set_math(piece, style.size * 1.12, style.paint, env, display=False)
            sheet.problems.extend(problem for problem in block.problems if problem not in sheet.problems)
            spans.append(Span(piece, style, math=block))
        elif piece:
            spans.append(Span(polish(piece, env.language), style))
    return renumber(spans)


def line(text: Rich, style: TextStyle, env: Env) -> TextBlock:
    """A label in one line."""
    return typeset.set_line(text, style, env)


def paragraph(
    text: Rich, style: TextStyle, width: float, env: Env, align: Literal["start", "center", "end"] = "start"
) -> TextBlock:
    """A label in balanced lines of at most ``width`` px."""
    return typeset.set_paragraph(text, style, max(width, style.size), env, align=align)


def heading(sheet: Sheet, text: str, width: float, seen: Look) -> TextBlock | None:
    """Puts a figure's title, in lines of at most ``width`` px, at the top left of the sheet; None for no text."""
    if not text:
        return None
    style = seen.style(weight=600, size=seen.size * 1.25)
    block = paragraph(rich(text, style, seen.env, sheet), style, width, seen.env)
    put(sheet, block, 0.0, 0.0, size=style.size, parts=("title",), morph="title")
    return block


def longest_word(text: str, style: TextStyle, env: Env) -> float:
    """The width below which a label must be broken inside a word."""
    return max((typeset.text_width(word, style, env) for word in text.split()), default=0.0)


def cap_top(block: TextBlock, size: float) -> float:
    """How far below a block's top its capitals begin."""
    return block.baseline - CAP_HEIGHT * size


def last_baseline(block: TextBlock, size: float) -> float:
    """How far below a block's top its last line stands."""
    return block.height - typeset.DESCENT * size


def put(
    sheet: Sheet,
    block: TextBlock,
    x: float,
    y: float,
    *,
    size: float,
    across: Across = "start",
    along: Along = "top",
    parts: Iterable[str] = (),
    order: int = 0,
    ground: Paint | None = None,
    morph: str = "",
) -> Rect:
    """Place a set label so that its start, middle or end (of the whole block) is at x, and its top, its capitals'
    middle, its bottom or its first baseline at y. Returns the rectangle that it covers."""
    left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[across] * block.width
    if along == "top":
        top = y
    elif along == "bottom":
        top = y - block.height
    elif along == "baseline":
        top = y - block.baseline
    else:
        top = y - (cap_top(block, size) + last_baseline(block, size)) / 2
    parts = tuple(parts)
    for index, element in enumerate(block.elements):
        key = f"{morph}:{index}" if morph else element.morph
        moved = shift(replace(element, order=order, ground=ground or element.ground, morph=key), left, top)
        sheet.add(moved, parts)
    for char in block.missing:
        if char not in sheet.missing:
            sheet.missing.append(char)
    return Rect(left, top, block.width, block.height)
