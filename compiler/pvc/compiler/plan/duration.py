"""How long a sentence will probably take: what `check` and the editor use until a voice has spoken it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from pvc.compiler.clock import SAMPLE_RATE
from pvc.compiler.model.speech import Timing, Utterance, Word
from pvc.compiler.plan.narration import pause_seconds

_WORD = re.compile(r"[^\W_]+(?:['\u2019\-][^\W_]+)*")
_VOWELS = re.compile(r"[aeiouyàâäáãåæèéêëìíîïòóôöõøœùúûüýÿαεηιουωάέήίόύώаеёиоуыэюяіїє]+")
_KANA = re.compile(r"[\u3040-\u30ff]")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_PAUSE = re.compile(r"[,;:\u2014\u2013\u3001\uff0c\u060c](?=\s|$|[^\d\s])")

PER_SYLLABLE = 0.027
PER_LETTER = 0.056
PER_PAUSE = 0.327
PER_SENTENCE = 0.12
PER_IDEOGRAPH = 0.265
PER_KANA = 0.118
"""Seconds, by least squares over 114 English sentences (364 s) of espeak-ng at the engine's default speed: 1 % off in
sum, 7 % (standard deviation) for a sentence."""

_TEMPO = {"fr": 0.79, "es": 1.03, "ru": 0.94, "uk": 0.94}
"""Languages whose letters take another time than English ones do, by the same measurement."""


def _syllables(word: str) -> int:
    lowered = word.lower()
    count = len(_VOWELS.findall(lowered))
    if count > 1 and lowered.endswith("e") and not lowered.endswith(("le", "ee", "ie")):
        count -= 1
    return max(1, count)


@lru_cache(maxsize=8192)  # a long talk says most of its words many times
def _seconds(say: str) -> tuple[float, float]:
    """Seconds of speech at the rate 1, by syllables, letters, words and pauses; and how many of them are pauses."""
    silent = PER_PAUSE * len(_PAUSE.findall(say))
    total = silent
    for word in _WORD.findall(say):
        marks, kana = len(_IDEOGRAPH.findall(word)), len(_KANA.findall(word))
        if marks or kana:
            total += PER_IDEOGRAPH * marks + PER_KANA * kana
            continue
        total += PER_SYLLABLE * _syllables(word) + PER_LETTER * len(word)
    return total, silent


@lru_cache(maxsize=8192)
def estimate(utterance: Utterance) -> Timing:
    """The likely timing of an utterance: words in proportion to what is said for them, pauses at commas and breaks.

    Fitted to the embedded engine (see PER_KANA); other engines differ by a factor, not in kind.
    """
    tempo = _TEMPO.get(utterance.language.partition("-")[0].lower(), 1.0)
    rate = (float(utterance.voice.rate) or 1.0) / tempo
    words: list[Word] = []
    at = 0.0
    breaks = sorted((mark.start, mark.value) for mark in utterance.marks if mark.kind == "break")
    for start, end, say in _pieces(utterance):
        while breaks and breaks[0][0] <= start:
            at += float(pause_seconds(breaks.pop(0)[1])) * rate
        haste = _haste(utterance, start)
        total, silent = _seconds(say)
        length = total / haste
        spoken = length - silent / haste
        if spoken > 0:
            words.append(Word(start, end, _samples(at / rate), _samples((at + spoken) / rate)))
        at += length
    end = _samples((at + PER_SENTENCE) / rate) if words else 0
    if words:
        words[-1] = replace(words[-1], finish=end)
    return Timing(end, tuple(words), True)


_HASTE = {"x-slow": 0.6, "slow": 0.8, "medium": 1.0, "fast": 1.25, "x-fast": 1.6}
"""What espeak-ng makes of the words for a rate."""


def _haste(utterance: Utterance, at: int) -> float:
    """How much faster than the voice's own rate the character ``at`` is said, by `<rate ...>`."""
    factor = 1.0
    for mark in utterance.marks:
        if mark.kind == "rate" and mark.start <= at < mark.end:
            if mark.value in _HASTE:
                factor *= _HASTE[mark.value]
            elif mark.value.endswith("%"):
                percent = float(mark.value[:-1])
                factor *= max(0.1, (100 + percent if mark.value[0] in "+-" else percent) / 100)
    return factor


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


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
        for match, until in zip(matches, [*(other.start() for other in matches[1:]), len(written)], strict=False):
            found.append((start + match.start(), start + match.end(), written[match.start() : until]))
    return found
