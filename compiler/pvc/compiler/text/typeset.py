"""Setting text: lines and paragraphs of glyphs, wrapped at words, balanced, in both directions.

Sizes are reference pixels; a block's origin is its top left corner. A line's box reaches from 0.8 em above its
baseline to 0.24 em below (ascenders and descenders of the faces used here), further only where the ink does, so that
blocks of equal text are of equal height whatever their letters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from pvc.compiler.layout.component import Env
from pvc.compiler.layout.compose import shift_all
from pvc.compiler.model.display import Element, Glyphs, Path, Rect, quantise
from pvc.compiler.text import bidi
from pvc.compiler.text.shape import Run, Shaped, shape
from pvc.compiler.text.spans import Span, polish
from pvc.compiler.text.style import TextBlock, TextStyle, WordBox

if TYPE_CHECKING:
    from pvc.compiler.math.block import MathBlock

ASCENT = 0.80
DESCENT = 0.24

Align = Literal["start", "center", "end"]

_SPLIT = re.compile(r"(\n|[^\S\n\u00a0\u202f]+)")
_INNER_BREAK = re.compile(r"(?<=[\w\u0370-\u03ff])[-‐–—/](?=\w)|\u200b|(?<=[\u3000-\u9fff\uac00-\ud7af])")


@dataclass(slots=True)
class _Chunk:
    """What is never taken apart: letters of one style and one direction, a space, a formula, or a line break."""

    text: str
    style: TextStyle
    start: int
    level: int
    width: float
    shaped: Shaped | None = None
    math: MathBlock | None = None
    space: bool = False
    newline: bool = False
    breakable: bool = False
    """Whether a line may end behind it though no space follows."""


def set_line(
    text: str | Sequence[Span], style: TextStyle, env: Env, *, raw: bool = False, apart: bool = False
) -> TextBlock:
    """Set text in one line, however long. Quotes, dashes and minus signs are mended unless ``raw``; line breaks in it
    are spaces. Never fails: characters without a glyph are in ``missing``."""
    spans = _spans(text, style, env, raw)
    chunks = _chunks(spans, env)
    for chunk in chunks:
        if chunk.newline:
            chunk.newline, chunk.space = False, True
            chunk.width = shape(" ", chunk.style, False, env).advance * chunk.style.size
    return _assemble([chunks], spans, style, "start", apart)


def set_paragraph(
    text: str | Sequence[Span],
    style: TextStyle,
    width: float,
    env: Env,
    *,
    align: Align = "start",
    balance: bool = True,
    apart: bool = False,
    raw: bool = False,
) -> TextBlock:
    """Set text in lines of at most ``width`` px, broken between words; a word that is wider by itself is broken at a
    letter. ``balance``: as few lines as possible, of lengths as equal as possible. The block is as wide as its longest
    line, and ``align`` is meant inside of that; "start" is right for right-to-left text. ``apart``: one Glyphs element
    for each word. ``\\n`` breaks a line."""
    spans = _spans(text, style, env, raw)
    lines: list[list[_Chunk]] = []
    for paragraph in _paragraphs(_chunks(spans, env)):
        groups = _groups(paragraph, width, env)
        lines.extend(_broken(groups, width, balance))
    return _assemble(lines or [[]], spans, style, align, apart)


def text_width(text: str, style: TextStyle, env: Env) -> float:
    """The advance of text set in one line, px."""
    return sum(chunk.width for chunk in _chunks(_spans(text, style, env, False), env))


def runs_right_to_left(text: str) -> bool:
    """Whether a paragraph of this text starts at the right."""
    return bidi.has_right_to_left(text) and bidi.base_level(text) == 1


# ---------------------------------------------------------------------------------------------- into chunks


def _spans(text: str | Sequence[Span], style: TextStyle, env: Env, raw: bool) -> tuple[Span, ...]:
    if isinstance(text, str):
        return (Span(text if raw else polish(text, env.language), style),)
    return tuple(text)


def _chunks(spans: Sequence[Span], env: Env) -> list[_Chunk]:
    whole = "".join("\ufffc" if span.math else span.text for span in spans)
    mixed = bidi.has_right_to_left(whole)
    chunks: list[_Chunk] = []
    levels: list[int] = []
    if mixed:
        for paragraph in whole.split("\n"):
            base = bidi.base_level(paragraph)
            levels.extend(bidi.levels(paragraph, base))
            levels.append(base)
    at = 0
    for span in spans:
        if span.math is not None:
            level = levels[at] if mixed else 0
            chunks.append(_Chunk(span.text, span.style, span.start, level, span.math.width, math=span.math))
            at += 1
            continue
        start = span.start
        for piece in _SPLIT.split(span.text):
            if not piece:
                continue
            if piece == "\n" or piece.isspace():
                chunks.append(_space(piece, span.style, start, levels[at] if mixed else 0, env))
            else:
                chunks.extend(_word(piece, span.style, start, levels[at : at + len(piece)], env))
            start += len(piece)
            at += len(piece)
    return chunks


def _space(text: str, style: TextStyle, start: int, level: int, env: Env) -> _Chunk:
    if text == "\n":
        return _Chunk(text, style, start, level, 0.0, newline=True)
    width = shape(" ", style, False, env).advance * style.size * len(text)
    return _Chunk(text, style, start, level, width, space=True)


def _word(text: str, style: TextStyle, start: int, levels: Sequence[int], env: Env) -> list[_Chunk]:
    cuts = {match.end() for match in _INNER_BREAK.finditer(text)} if not text.isalnum() or not text.isascii() else set()
    breaks = frozenset(cuts)
    cuts.update(index for index in range(1, len(levels)) if levels[index] != levels[index - 1])
    edges = [0, *sorted(cut for cut in cuts if 0 < cut < len(text)), len(text)]
    chunks = []
    for begin, end in pairwise(edges):
        level = levels[begin] if levels else 0
        shaped = shape(text[begin:end], style, level % 2 == 1, env)
        chunks.append(
            _Chunk(
                *(text[begin:end], style, start + begin, level, shaped.advance * style.size),
                shaped=shaped,
                breakable=end in breaks,
            )
        )
    return chunks


# ---------------------------------------------------------------------------------------------- into lines


@dataclass(slots=True)
class _Group:
    """Chunks that stay together on a line: a word, with the space that goes before it when one is not at the start."""

    chunks: list[_Chunk]
    width: float
    spaces: list[_Chunk]
    gap: float


def _paragraphs(chunks: list[_Chunk]) -> list[list[_Chunk]]:
    paragraphs: list[list[_Chunk]] = [[]]
    for chunk in chunks:
        if chunk.newline:
            paragraphs.append([])
        else:
            paragraphs[-1].append(chunk)
    return paragraphs


def _groups(chunks: list[_Chunk], width: float, env: Env) -> list[_Group]:
    groups: list[_Group] = []
    spaces: list[_Chunk] = []
    fresh = True
    for chunk in chunks:
        if chunk.space:
            spaces.append(chunk)
            fresh = True
            continue
        for piece in [chunk] if chunk.width <= width or chunk.math else _letters(chunk, width, env):
            if fresh or not groups:
                groups.append(_Group([piece], piece.width, spaces, sum(space.width for space in spaces)))
                spaces = []
            else:
                groups[-1].chunks.append(piece)
                groups[-1].width += piece.width
            fresh = piece.breakable
    return [part for group in groups for part in _torn(group, width)]


def _torn(group: _Group, width: float) -> list[_Group]:
    """A group whose chunks do not fit one line together is broken between them."""
    if group.width <= width or len(group.chunks) == 1:
        return [group]
    first = _Group([group.chunks[0]], group.chunks[0].width, group.spaces, group.gap)
    return [first, *(_Group([chunk], chunk.width, [], 0.0) for chunk in group.chunks[1:])]


def _letters(chunk: _Chunk, width: float, env: Env) -> list[_Chunk]:
    """A word wider than the line, broken where it must be."""
    pieces: list[_Chunk] = []
    begin = 0
    right_to_left = chunk.level % 2 == 1
    for end in range(1, len(chunk.text) + 1):
        fits = shape(chunk.text[begin : end + 1], chunk.style, right_to_left, env).advance * chunk.style.size <= width
        if end < len(chunk.text) and fits:
            continue
        if end < len(chunk.text) and _is_mark(chunk.text[end]):
            continue
        shaped = shape(chunk.text[begin:end], chunk.style, right_to_left, env)
        pieces.append(
            _Chunk(
                *(chunk.text[begin:end], chunk.style, chunk.start + begin, chunk.level),
                width=shaped.advance * chunk.style.size,
                shaped=shaped,
                breakable=True,
            )
        )
        begin = end
    pieces[-1].breakable = chunk.breakable
    return pieces


def _is_mark(char: str) -> bool:
    from unicodedata import combining

    return combining(char) != 0


def _broken(groups: list[_Group], width: float, balance: bool) -> list[list[_Chunk]]:
    if not groups:
        return [[]]
    starts = _balanced(groups, width) if balance else _greedy(groups, width)
    lines = []
    for begin, end in zip(starts, [*starts[1:], len(groups)], strict=True):
        line = list(groups[begin].chunks)
        for group in groups[begin + 1 : end]:
            line.extend(group.spaces)
            line.extend(group.chunks)
        lines.append(line)
    return lines


def _greedy(groups: list[_Group], width: float) -> list[int]:
    starts, filled = [0], groups[0].width
    for index in range(1, len(groups)):
        group = groups[index]
        if filled + group.gap + group.width > width + 0.01:
            starts.append(index)
            filled = group.width
        else:
            filled += group.gap + group.width
    return starts


def _balanced(groups: list[_Group], width: float) -> list[int]:
    """Starts of lines: the fewest lines, then the least sum of squared slack, so that lines come out of like length
    and no word stands alone at the end where another could join it. A break at a hyphen costs as much as a line that
    is a third shorter."""
    if len(_greedy(groups, width)) == 1:
        return [0]
    count = len(groups)
    best: list[tuple[int, float]] = [(0, 0.0)] * (count + 1)
    ends = [count] * (count + 1)
    for begin in range(count - 1, -1, -1):
        filled, chosen = 0.0, (count + 1, 0.0)
        for end in range(begin + 1, count + 1):
            group = groups[end - 1]
            filled += group.width if end == begin + 1 else group.gap + group.width
            if filled > width + 0.01 and end > begin + 1:
                break
            lines, cost = best[end]
            inside_word = end < count and not groups[end].spaces
            penalty = (0.35 * width) ** 2 if inside_word else 0.0
            candidate = (lines + 1, cost + penalty + max(0.0, width - filled) ** 2)
            if candidate < chosen:
                chosen, ends[begin] = candidate, end
        best[begin] = chosen
    starts, at = [], 0
    while at < count:
        starts.append(at)
        at = ends[at]
    return starts


# ---------------------------------------------------------------------------------------------- into elements


@dataclass(slots=True)
class _Pending:
    """Glyphs gathered for one element."""

    font: str
    style: TextStyle
    ids: list[int]
    xs: list[float]
    ys: list[float]
    text: list[tuple[int, str]]
    left: float
    right: float
    top: float
    bottom: float
    line: int


def _assemble(
    lines: list[list[_Chunk]], spans: Sequence[Span], style: TextStyle, align: Align, apart: bool
) -> TextBlock:
    widths = [sum(chunk.width for chunk in line) for line in lines]
    block_width = max(widths, default=0.0)
    tops = [max((_top(chunk) for chunk in line), default=0.0) for line in lines]
    bottoms = [max((_bottom(chunk) for chunk in line), default=0.0) for line in lines]
    baseline = max(style.size * ASCENT, tops[0])
    elements: list[Element] = []
    words: list[WordBox] = []
    y = baseline
    whole = "".join(span.text for span in spans)
    for index, line in enumerate(lines):
        if index:
            y += max(style.size * style.leading, bottoms[index - 1] + tops[index] + 0.1 * style.size)
        right_to_left = bool(line) and any(chunk.level for chunk in line) and _line_base(line, whole) == 1
        slack = block_width - widths[index]
        x = slack * {"start": float(right_to_left), "center": 0.5, "end": float(not right_to_left)}[align]
        _line(line, x, y, index, apart, elements, words)
    height = y + max(style.size * DESCENT, bottoms[-1])
    missing = tuple(
        dict.fromkeys(char for line in lines for chunk in line if chunk.shaped for char in chunk.shaped.missing)
    )
    words.sort(key=lambda word: word.start)
    return TextBlock(
        *(quantise(block_width), quantise(height), quantise(baseline), len(lines), tuple(elements)),
        words=tuple(words),
        missing=missing,
    )


def _line_base(line: list[_Chunk], whole: str) -> int:
    start = whole.rfind("\n", 0, line[0].start) + 1
    end = whole.find("\n", start)
    return bidi.base_level(whole[start : end if end >= 0 else len(whole)])


def _top(chunk: _Chunk) -> float:
    if chunk.math is not None:
        return chunk.math.baseline
    return chunk.shaped.top * chunk.style.size if chunk.shaped else 0.0


def _bottom(chunk: _Chunk) -> float:
    if chunk.math is not None:
        return chunk.math.height - chunk.math.baseline
    return -chunk.shaped.bottom * chunk.style.size if chunk.shaped else 0.0


def _line(
    line: list[_Chunk], x: float, y: float, index: int, apart: bool, elements: list[Element], words: list[WordBox]
) -> None:
    ordered = bidi.visual_order(line, [chunk.level for chunk in line]) if any(c.level for c in line) else line
    pending: _Pending | None = None
    boxes: dict[int, tuple[int, int, float, float, float, float, int]] = {}
    word_of: dict[int, int] = {}
    word = -1
    joined = False
    for chunk in line:  # words are counted in reading order, whatever the drawing order
        if chunk.space:
            joined = False
            continue
        word, joined = (word if joined else chunk.start), True
        word_of[id(chunk)] = word
    last_word = -1
    for chunk in ordered:
        if chunk.space:
            x += chunk.width
            continue
        key = word_of[id(chunk)]
        if chunk.math is not None:
            _flush(pending, elements)
            pending = None
            first = len(elements)
            placed = shift_all(chunk.math.elements, x, y - chunk.math.baseline)
            elements.extend(replace(element, order=index) for element in placed)
            top, bottom = chunk.math.baseline, chunk.math.height - chunk.math.baseline
        else:
            shaped = chunk.shaped
            assert shaped is not None
            if apart and key != last_word:
                _flush(pending, elements)
                pending = None
            for run in shaped.runs:
                if pending is None or pending.font != run.font or pending.style != chunk.style:
                    _flush(pending, elements)
                    pending = None
                    pending = _Pending(run.font, chunk.style, [], [], [], [], x, x, 0.0, 0.0, index)
                _extend(pending, run, x, y, chunk)
            if pending is not None:
                pending.text.append((chunk.start, chunk.text))
            first = len(elements)
            top, bottom = shaped.top * chunk.style.size, -shaped.bottom * chunk.style.size
        last_word = key
        end = chunk.start + len(chunk.text)
        old = boxes.get(key)
        if old is None:
            boxes[key] = (chunk.start, end, x, x + chunk.width, y - top, y + bottom, first)
        else:
            boxes[key] = (
                *(min(old[0], chunk.start), max(old[1], end), min(old[2], x), max(old[3], x + chunk.width)),
                *(min(old[4], y - top), max(old[5], y + bottom), old[6]),
            )
        x += chunk.width
    _flush(pending, elements)
    for start, end, left, right, top, bottom, first in boxes.values():
        words.append(WordBox(start, end, _rect(left, top, right, bottom), first))


def _extend(pending: _Pending, run: Run, x: float, y: float, chunk: _Chunk) -> None:
    size = chunk.style.size
    pending.ids.extend(run.ids)
    pending.xs.extend(quantise(x + each * size) for each in run.xs)
    pending.ys.extend(quantise(y - each * size) for each in run.ys)
    shaped = chunk.shaped
    assert shaped is not None
    pending.top = min(pending.top or y, y - shaped.top * size)
    pending.bottom = max(pending.bottom or y, y - shaped.bottom * size)
    pending.right = x + chunk.width


def _flush(pending: _Pending | None, elements: list[Element]) -> None:
    if pending is None or not pending.ids:
        return
    text = _in_reading_order(pending.text)
    glyphs = Glyphs(
        *(pending.font, pending.style.size, tuple(pending.ids), tuple(pending.xs), tuple(pending.ys)),
        paint=pending.style.paint,
        text=text,
    )
    bounds = _rect(pending.left, pending.top, pending.right, pending.bottom)
    elements.append(Element(glyphs, bounds, role="text", order=pending.line, morph=f"text:{text}"))


def _in_reading_order(pieces: list[tuple[int, str]]) -> str:
    """The text of pieces given by where they start; a gap between two was white space."""
    text, end = "", -1
    for start, piece in sorted(pieces):
        text += piece if start == end or not text else f" {piece}"
        end = start + len(piece)
    return text


def _rect(left: float, top: float, right: float, bottom: float) -> Rect:
    return Rect(quantise(left), quantise(top), quantise(right - left), quantise(bottom - top))


# ---------------------------------------------------------------------------------------------- outlines


def outline(glyphs: Glyphs) -> list[Path]:
    """The outline of each glyph of a run, in the coordinates of the fragment (y down); an empty path for a space. Only
    for fonts of the catalogue: KeyError for another, whose file the caller's store has (`outline_from`)."""
    from pvc.compiler.text import fonts
    from pvc.compiler.text.outline import outline_from

    return outline_from(glyphs, fonts.file(glyphs.font))
