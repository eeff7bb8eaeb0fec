"""Text before it is set: stretches with their styles, inline markdown, and the typographer's small corrections."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pvc.compiler.text.style import TextStyle

if TYPE_CHECKING:
    from pvc.compiler.math.block import MathBlock


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style, or one formula (``math``), which is set like a word; its ``text`` then is the
    TeX source. ``start``: where it begins in the text that words are counted in."""

    text: str
    style: TextStyle
    start: int = 0
    math: MathBlock | None = field(default=None, compare=False)


_QUOTES = {
    "en": ("“", "”", "‘", "’"),
    "de": ("„", "“", "‚", "‘"),
    "fr": ("«\u202f", "\u202f»", "‘", "’"),
    "es": ("«", "»", "“", "”"),
    "it": ("«", "»", "“", "”"),
    "ru": ("«", "»", "„", "“"),
    "pl": ("„", "”", "‚", "’"),
    "sv": ("”", "”", "’", "’"),
}
"""Opening and closing quotes, double then single, by language; others are set like English."""

_OPENS_AFTER = frozenset(" \t\n([{«“‘—–-/\u00a0")


def polish(text: str, language: str) -> str:
    """The same text with real quotes, dashes, ellipses and minus signs, and one space where there were several.

    A hyphen before a figure is a minus where nothing that it could join stands before it; between two figures a hyphen
    stays (it may be a date, a number or a range that its author spelt so).
    """
    if text.isalnum():
        return text
    text = text.replace("---", "—").replace("--", "–").replace("...", "…")
    if "  " in text or "\t" in text:
        text = re.sub(r"[^\S\n\u00a0\u202f]+", " ", text)
    if '"' in text or "'" in text:
        text = _with_quotes(text, language)
    if "-" in text:
        text = re.sub(r"(?<![\w)\]-])-(?=[\d.]*\d)", "−", text)
    return text


def quotes(language: str) -> tuple[str, str]:
    """The opening and closing double quotes of a language."""
    return _QUOTES.get(language.split("-")[0].lower(), _QUOTES["en"])[:2]


def _with_quotes(text: str, language: str) -> str:
    opening, closing, single_opening, single_closing = _QUOTES.get(language.split("-")[0].lower(), _QUOTES["en"])
    result: list[str] = []
    for index, char in enumerate(text):
        if char not in "\"'":
            result.append(char)
            continue
        before = text[index - 1] if index else " "
        after = text[index + 1] if index + 1 < len(text) else " "
        opens = before in _OPENS_AFTER or (
            before in "\"'" and bool(result) and result[-1][0] in opening + single_opening
        )
        if char == '"':
            inches = before.isdigit() and opening not in "".join(result)
            result.append("″" if inches else opening if opens else closing)
        elif before.isalnum() and after.isalnum():
            result.append("’")
        elif opens and after.isdigit():
            result.append("’")  # '90s
        else:
            result.append(single_opening if opens else single_closing if not before.isalnum() else "’")
    return "".join(result)


_TEX = r"(?:[^$\\]|\\.)+"
FORMULA = rf"\$(?P<math>(?=\S){_TEX}(?<=\S)|(?=\s){_TEX}(?<=\s))\$(?!\d)"
"""TeX between dollars. Sums of money are none: both dollars stand close to what is between them, or both apart from it,
and no digit follows, so `costs $5 and $10` stays as it is (the rule of Pandoc's `tex_math_dollars`)."""

_INLINE = re.compile(
    r"(?P<escape>\\[\\`*_$])"
    r"|(?P<code>`+)(?P<code_text>.+?)(?P=code)(?!`)"
    rf"|{FORMULA}"
    r"|\*\*(?P<bold>(?=\S)(?:[^*]|\*(?!\*))+?(?<=\S))\*\*"
    r"|(?<![\w*])[*_](?P<italic>(?=\S)[^*_]+?(?<=\S))[*_](?![\w*])"
    r"|\[(?P<link>[^\]]+)\]\([^)\s]+\)",
    re.DOTALL,
)


def inline_markdown(
    source: str,
    style: TextStyle,
    mono: TextStyle,
    language: str,
    set_formula: Callable[[str, TextStyle], MathBlock] | None = None,
) -> tuple[Span, ...]:
    """Spans of a paragraph of markdown: `**bold**`, `*italic*`, `` `code` ``, `$tex$`, `[link](url)` (its text), and
    backslash escapes. ``mono`` is the style of code; ``set_formula`` sets a formula for a style (None: dollars
    stay)."""
    spans: list[Span] = []
    _inline(source, style, mono, language, set_formula, spans)
    return renumber(spans)


def _inline(
    source: str,
    style: TextStyle,
    mono: TextStyle,
    language: str,
    set_formula: Callable[[str, TextStyle], MathBlock] | None,
    spans: list[Span],
) -> None:
    done = 0

    def plain(text: str) -> None:
        if text:
            spans.append(Span(polish(text, language), style))

    for match in _INLINE.finditer(source):
        formula = match["math"]
        if formula is not None and set_formula is None:
            continue
        plain(source[done : match.start()])
        done = match.end()
        if match["escape"]:
            spans.append(Span(match["escape"][1], style))
        elif match["code_text"] is not None:
            spans.append(Span(match["code_text"].strip() or " ", replace(mono, paint=style.paint)))
        elif formula is not None and set_formula is not None:
            spans.append(Span(formula, style, math=set_formula(formula, style)))
        elif match["bold"] is not None:
            _inline(match["bold"], replace(style, weight=max(style.weight, 700)), mono, language, set_formula, spans)
        elif match["italic"] is not None:
            _inline(match["italic"], replace(style, italic=not style.italic), mono, language, set_formula, spans)
        else:
            _inline(match["link"], style, mono, language, set_formula, spans)
    plain(source[done:])


def renumber(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans with ``start`` set as if their texts stood one after the other."""
    result, start = [], 0
    for span in spans:
        result.append(replace(span, start=start))
        start += len(span.text)
    return tuple(result)
