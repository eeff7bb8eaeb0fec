"""What to say for numbers, symbols, abbreviations and words of the lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pvc.compiler.model.program import SpeechMark

Replacement = tuple[int, int, str]


@lru_cache(maxsize=64)
def _lexicon(entries: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]] | None:
    """One pattern for all entries, longest first. An entry in small letters is also found with a capital."""
    if not entries:
        return None
    words = {}
    choices = []
    for word, say in sorted(entries, key=lambda entry: -len(entry[0])):
        if not word:
            continue
        words[word] = say
        choices.append(re.escape(word))
        if word.islower():
            words.setdefault(word.capitalize(), say)
            choices.append(re.escape(word.capitalize()))
    return re.compile(rf"(?<!\w)(?:{'|'.join(choices)})(?!\w)"), words


def replacements(
    text: str, language: str, lexicon: tuple[tuple[str, str], ...], marks: tuple[SpeechMark, ...]
) -> Iterator[Replacement]:
    """Non-overlapping replacements in order: marks, then the lexicon, then the language's spelling."""
    taken: list[Replacement] = [(mark.start, mark.end, mark.value) for mark in marks if mark.kind == "sub"]
    known = _lexicon(lexicon)
    if known is not None:
        pattern, words = known
        taken.extend((match.start(), match.end(), words[match.group()]) for match in pattern.finditer(text))
    at = 0
    for start, end, say in sorted(taken, key=lambda piece: (piece[0], -piece[1])):
        if start >= at and end > start:
            yield start, end, say
            at = end
