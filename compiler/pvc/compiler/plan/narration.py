"""From narrations to utterances: sentences with what is to be said, marks and pauses in their own coordinates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from pvc.compiler.model.program import Narration, Program, SpeechMark, Voice
from pvc.compiler.model.speech import Utterance
from pvc.compiler.model.tongues import in_language
from pvc.compiler.plan.sentences import sentences
from pvc.compiler.plan.spoken import spoken

_SECONDS = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s)\s*$")
_STRENGTH = {
    "none": Fraction(0),
    "x-weak": Fraction(1, 10),
    "weak": Fraction(1, 5),
    "medium": Fraction(2, 5),
    "strong": Fraction(7, 10),
    "x-strong": Fraction(1),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """An utterance at its place: ``offset`` in the narration's text; ``pause`` seconds of silence asked for by breaks
    that stand before it (over and above the theme's gap)."""

    utterance: Utterance
    offset: int
    pause: Fraction


@dataclass(frozen=True, slots=True)
class Spoken:
    """A narration split: its sentences, and the silence asked for by breaks after the last."""

    sentences: tuple[Sentence, ...]
    tail: Fraction


def pause_seconds(value: str) -> Fraction:
    """A break's length: `300ms`, `1.5s`, or a strength of SSML (`weak`, `strong`, ...); 0.4 s where neither."""
    match = _SECONDS.match(value)
    if match:
        number = Fraction(match[1])
        return number / 1000 if match[2] == "ms" else number
    return _STRENGTH.get(value.strip(), Fraction(2, 5))


def _marks_in(marks: tuple[SpeechMark, ...], start: int, end: int) -> tuple[SpeechMark, ...]:
    """Marks of ``[start, end)`` in its coordinates. Breaks at the very ends are pauses between sentences, not marks;
    `sub` and `say-as` are spelled out already by `spoken`."""
    inside = []
    for mark in marks:
        if mark.kind in ("sub", "say-as"):
            continue
        if mark.kind == "break":
            if start < mark.start < end:
                inside.append(SpeechMark(mark.kind, mark.start - start, mark.start - start, mark.value))
            continue
        low, high = max(mark.start, start), min(mark.end, end)
        if low < high:
            inside.append(SpeechMark(mark.kind, low - start, high - start, mark.value))
    return tuple(inside)


@lru_cache(maxsize=8192)
def _split(
    text: str, marks: tuple[SpeechMark, ...], voice: Voice, language: str, lexicon: tuple[tuple[str, str], ...]
) -> Spoken:
    found: list[Sentence] = []
    breaks = sorted((mark for mark in marks if mark.kind == "break"), key=lambda mark: mark.start)
    at = 0

    def pause_until(position: int) -> Fraction:
        """What breaks up to a position between sentences ask for."""
        nonlocal at
        total = Fraction(0)
        while at < len(breaks) and breaks[at].start <= position:
            total += pause_seconds(breaks[at].value)
            at += 1
        return total

    for start, end in sentences(text, language):
        pause = pause_until(start)
        inside = _marks_in(marks, start, end)
        shifted = tuple(
            SpeechMark(mark.kind, max(mark.start, start) - start, min(mark.end, end) - start, mark.value)
            for mark in marks
            if mark.kind in ("sub", "say-as") and mark.start < end and mark.end > start
        )
        words = text[start:end]
        utterance = Utterance(words, spoken(words, language, lexicon, shifted), inside, voice, language)
        found.append(Sentence(utterance, start, pause))
        while at < len(breaks) and breaks[at].start < end:
            at += 1
    return Spoken(tuple(found), pause_until(len(text)))


def split(program: Program, narration: Narration) -> Spoken:
    """A narration's sentences as utterances, in order; none where nothing in it can be said."""
    language = narration.language or program.language
    voice = narration.voice or (in_language(program.voice, language) if narration.language else program.voice)
    lexicon = program.lexicon if narration.lexicon is None else narration.lexicon
    return _split(narration.text, narration.marks, voice, language, lexicon)


def utterances(program: Program) -> tuple[Utterance, ...]:
    """Everything that is said in a talk, each different utterance once, in the order of its first use."""
    seen: dict[Utterance, None] = {}
    for scene in program.scenes:
        for beat in scene.beats:
            if beat.narration is not None:
                for sentence in split(program, beat.narration).sentences:
                    seen.setdefault(sentence.utterance)
    return tuple(seen)
