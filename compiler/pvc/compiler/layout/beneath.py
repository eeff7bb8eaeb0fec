"""The caption and the credit beneath a picture, a video or a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.labels import Look, paragraph, rich
from pvc.compiler.layout.sheet import Sheet
from pvc.compiler.model.values import Value
from pvc.compiler.text.style import TextBlock

Words: TypeAlias = tuple[str, TextBlock, float]
"""A part's name, its text as it is set, the size of its type in px."""


def set_words(sheet: Sheet, arguments: Mapping[str, Value], width: float, seen: Look) -> list[Words]:
    """Those of `caption` and `credit` that are given, in lines of at most ``width`` px."""
    found = []
    size = seen.env.theme.size("small") if "small" in dict(seen.env.theme.type) else seen.size
    for name, color, at in (("caption", seen.text, size), ("credit", seen.muted, seen.size)):
        text = given.text(arguments, name)
        if text:
            style = seen.style(color, size=at)
            block = paragraph(rich(text, style, seen.env, sheet), style, width, seen.env)
            found.append((name, block, at))
    return found


def height_of(words: Sequence[Words], seen: Look) -> float:
    """How high they stand with the gaps above them, px; 0 where there are none."""
    gaps = 0.7 + 0.3 * (len(words) - 1) if words else 0.0
    return sum(block.height for _, block, _ in words) + seen.size * gaps
