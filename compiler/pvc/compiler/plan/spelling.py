"""What to say for what is written: marks, then the talk's lexicon, then the language's own spelling.

English is spelled out in full (numbers, units, symbols, abbreviations, initialisms, simple mathematics), because
engines differ most there. In other languages engines read numbers by themselves, so that only symbols and abbreviations
are replaced, where the language is known here. A `say-as` mark (`characters`, `digits`, `cardinal`, `ordinal`, `year`)
decides for its own stretch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from pvc.compiler.model.program import SpeechMark
from pvc.compiler.plan import english, numerals
from pvc.compiler.plan.symbols import WORDS

Replacement: TypeAlias = tuple[int, int, str]
"""``text[start:end]`` is said as the third."""


@lru_cache(maxsize=64)
def _lexicon(entries: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]] | None:
    """One pattern for all entries, longest first. An entry in small letters is also found with a capital."""
    words = {word: say for word, say in entries if word}
    for word, say in entries:
        if word and word.islower():
            words.setdefault(word[0].upper() + word[1:], say)
    if not words:
        return None
    choices = "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)"), words


def _letters(text: str) -> str:
    return " ".join(character.upper() for character in text if not character.isspace())


def _said_as(text: str, kind: str) -> str | None:
    """What a `say-as` mark makes of its stretch; None where it asks for nothing that is known."""
    number = text.replace(",", "").strip()
    if kind in ("characters", "spell-out", "verbatim"):
        return _letters(text)
    if kind in ("digits", "telephone"):
        return numerals.digits(text) or None
    if kind in ("cardinal", "number") and re.fullmatch(r"\d+(?:\.\d+)?", number):
        return numerals.decimal(number)
    if kind == "ordinal" and number.isdigit():
        return numerals.ordinal(number)
    if kind in ("year", "date") and re.fullmatch(r"\d{4}", number):
        return numerals.year(number)
    return None


@lru_cache(maxsize=16)
def _symbols(language: str) -> tuple[re.Pattern[str], dict[str, str]] | None:
    words = WORDS.get(language)
    if words is None:
        return None

    def bounded(word: str) -> str:
        head = r"(?<!\w)" if word[0].isalnum() else ""
        tail = r"(?!\w)" if word[-1].isalnum() else ""
        return head + re.escape(word) + tail

    choices = "|".join(bounded(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    return re.compile(choices), dict(words)


def _spelled(text: str, language: str) -> Iterator[Replacement]:
    base = language.partition("-")[0].lower()
    if base == "en":
        yield from english.replacements(text)
        return
    table = _symbols(base)
    if table is None:
        return
    pattern, words = table
    for match in pattern.finditer(text):
        say = words[match.group()]
        padded = say if match.group()[-1] == "." else f" {say} "
        yield match.start(), match.end(), padded


def replacements(
    text: str, language: str, lexicon: tuple[tuple[str, str], ...], marks: tuple[SpeechMark, ...]
) -> Iterator[Replacement]:
    """Non-overlapping replacements in order. ``marks`` are the `sub` and `say-as` marks in the text's coordinates."""
    ranked: list[tuple[int, Replacement]] = []
    for mark in marks:
        say = mark.value if mark.kind == "sub" else _said_as(text[mark.start : mark.end], mark.value)
        if say is not None and mark.start < mark.end:
            ranked.append((0, (mark.start, mark.end, say)))
    known = _lexicon(lexicon)
    if known is not None:
        pattern, words = known
        ranked.extend((1, (match.start(), match.end(), words[match.group()])) for match in pattern.finditer(text))
    ranked.extend((2, found) for found in _spelled(text, language))
    taken: list[Replacement] = []
    for _, found in sorted(ranked, key=lambda entry: entry[0]):
        if all(found[1] <= other[0] or other[1] <= found[0] for other in taken):
            taken.append(found)
    yield from sorted(taken)
