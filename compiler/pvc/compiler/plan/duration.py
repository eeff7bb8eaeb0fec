"""How long a sentence will probably take: what `check` and the editor use until a voice has spoken it."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from pvc.compiler.clock import SAMPLE_RATE
from pvc.compiler.model.speech import Timing, Utterance, Word

_WORD = re.compile(r"[^\W_]+(?:['\u2019\-][^\W_]+)*")
_VOWELS = re.compile(r"[aeiouyàâäáãåæèéêëìíîïòóôöõøœùúûüýÿαεηιουωάέήίόύώаеёиоуыэюяіїє]+")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_PAUSE = re.compile(r"[,;:\u2014\u2013\u3001\uff0c\u060c](?=\s|$|[^\d\s])")

PER_SYLLABLE = 0.118
PER_LETTER = 0.0235
PER_WORD = 0.042
PER_PAUSE = 0.16
PER_IDEOGRAPH = 0.235


def _syllables(word: str) -> int:
    lowered = word.lower()
    count = len(_VOWELS.findall(lowered))
    if count > 1 and lowered.endswith("e") and not lowered.endswith(("le", "ee", "ie")):
        count -= 1
    return max(1, count)


def _seconds(say: str) -> float:
    """Seconds of speech at the rate 1, by syllables, letters, words and pauses."""
    total = PER_PAUSE * len(_PAUSE.findall(say))
    for word in _WORD.findall(say):
        marks = len(_IDEOGRAPH.findall(word))
        if marks:
            total += PER_IDEOGRAPH * marks
            continue
        total += PER_WORD + PER_SYLLABLE * _syllables(word) + PER_LETTER * len(word)
    return total


@lru_cache(maxsize=8192)
def estimate(utterance: Utterance) -> Timing:
    """The likely timing of an utterance: words in proportion to what is said for them, pauses at commas and breaks.

    Coefficients were fitted to espeak-ng at its usual speed; other engines differ by a factor, not in kind.
    """
    rate = float(utterance.voice.rate) or 1.0
    words: list[Word] = []
    at = 0.0
    breaks = sorted((mark.start, mark.value) for mark in utterance.marks if mark.kind == "break")
    for start, end, say in _pieces(utterance):
        while breaks and breaks[0][0] <= start:
            from pvc.compiler.plan.narration import pause_seconds

            at += float(pause_seconds(breaks.pop(0)[1])) * rate
        length = _seconds(say)
        spoken = length - PER_PAUSE * len(_PAUSE.findall(say))
        if spoken > 0:
            words.append(Word(start, end, _samples(at / rate), _samples((at + spoken) / rate)))
        at += length
    return Timing(_samples(at / rate), tuple(words), True)


def _samples(seconds: float) -> int:
    return int(Fraction(round(seconds * SAMPLE_RATE)))


def _pieces(utterance: Utterance) -> list[tuple[int, int, str]]:
    """Words of the written text, each with what is said for it (trailing punctuation included)."""
    found: list[tuple[int, int, str]] = []
    for start, end, say in utterance.spoken:
        written = utterance.text[start:end]
        if say != written:
            if _WORD.search(say):
                found.append((start, end, say))
            continue
        matches = list(_WORD.finditer(written))
        for match, following in zip(matches, [*matches[1:], None], strict=True):
            until = following.start() if following else len(written)
            found.append((start + match.start(), start + match.end(), written[match.start() : until]))
    return found
