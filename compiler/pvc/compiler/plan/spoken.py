"""What is said for what is written: the pieces that tile a sentence, spelled out where an engine might stumble."""

from __future__ import annotations

from pvc.compiler.model.program import SpeechMark
from pvc.compiler.plan.spelling import replacements


def spoken(
    text: str, language: str, lexicon: tuple[tuple[str, str], ...], marks: tuple[SpeechMark, ...]
) -> tuple[tuple[int, int, str], ...]:
    """Pieces ``(start, end, say)`` that tile ``text``; where nothing is replaced a piece says its own text. ``marks``:
    the `sub` and `say-as` marks in the text's coordinates, which win over the lexicon, which wins over spelling."""
    pieces: list[tuple[int, int, str]] = []
    at = 0
    for start, end, say in replacements(text, language, lexicon, marks):
        if at < start:
            pieces.append((at, start, text[at:start]))
        pieces.append((start, end, say))
        at = end
    if at < len(text):
        pieces.append((at, len(text), text[at:]))
    return tuple(pieces)
