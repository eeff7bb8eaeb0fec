"""An utterance as SSML with a mark before each word: how words get exact times without a word-time interface.

A `<mark>` does not change how espeak-ng speaks (the samples are the same with and without), so *every* word carries
one: moving a cue never changes what is sent to the engine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape  # as XML wants it too; xml.sax.saxutils brings the whole of urllib
from itertools import pairwise

from pvc.compiler.model.program import SpeechMark
from pvc.compiler.model.speech import Utterance
from pvc.compiler.plan.narration import pause_seconds
from pvc.runtime.speech.ipa import mnemonics

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the caption, ``text[start:end]``, and the pieces of what is said for it."""

    start: int
    end: int


def tokens(text: str) -> tuple[Token, ...]:
    """The words of a caption: runs without white space that hold a letter or digit (a lone dash is no word)."""
    return tuple(
        Token(found.start(), found.end())
        for found in _WORD.finditer(text)
        if any(character.isalnum() for character in found.group())
    )


_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)(st|dB|%)")


SEMITONE = 12.5
"""Percent of espeak-ng's pitch for a semitone: measured from the fundamental of a voiced sentence, right to a semitone
within a fifth up and down. (What espeak-ng makes of `st` itself is about half of that.)"""


def _quoted(value: str) -> str:
    """As the value of an attribute."""
    return f'"{escape(value)}"'


def _pitch(value: str) -> str:
    found = _NUMBER.fullmatch(value)
    if found is None or found[2] != "st":
        return value
    return f"{max(-95.0, min(100.0, float(found[1]) * SEMITONE)):+.1f}%"


def _volume(value: str) -> str:
    """Decibels as the percents of an amplitude that espeak-ng takes them for."""
    found = _NUMBER.fullmatch(value)
    if found is None or found[2] != "dB":
        return value
    return f"{100 * 10 ** (float(found[1]) / 20):.1f}%"


_OPEN = {
    "emphasis": lambda value: f"<emphasis level={_quoted(value or 'moderate')}>",
    "rate": lambda value: f"<prosody rate={_quoted(value)}>",
    "pitch": lambda value: f"<prosody pitch={_quoted(_pitch(value))}>",
    "volume": lambda value: f"<prosody volume={_quoted(_volume(value))}>",
    "say-as": lambda value: f"<say-as interpret-as={_quoted(value)}>",
}
_CLOSE = {
    "emphasis": "</emphasis>",
    "rate": "</prosody>",
    "pitch": "</prosody>",
    "volume": "</prosody>",
    "say-as": "</say-as>",
}


def _pieces(utterance: Utterance) -> list[tuple[int, int, str, bool]]:
    """(start, end, say, literal) tiling the text; an utterance without pieces is said as written."""
    if not utterance.spoken:
        return [(0, len(utterance.text), utterance.text, True)]
    return [(start, end, say, say == utterance.text[start:end]) for start, end, say in utterance.spoken]


def _cuts(utterance: Utterance, words: tuple[Token, ...]) -> list[int]:
    cuts = {token.start for token in words}
    for mark in utterance.marks:
        cuts |= {mark.start, mark.end}
    return sorted(cuts)


def _said(text: str) -> str:
    """Text for the document; two brackets would begin phonemes."""
    return escape(text.replace("[[", "[ ["), quote=False)


def ssml(utterance: Utterance) -> tuple[str, tuple[Token, ...]]:
    """The document to speak, and the words whose marks are named `0`, `1`, ... in it.

    A piece that is said differently from how it is written is atomic: a word or an SSML element that begins inside it
    begins with it.
    """
    words = tokens(utterance.text)
    cuts = _cuts(utterance, words)
    by_start = {token.start: index for index, token in enumerate(words)}
    out: list[str] = ["<speak>"]
    opened: list[SpeechMark] = []
    pending = sorted((mark for mark in utterance.marks if mark.kind != "sub"), key=lambda mark: (mark.start, -mark.end))

    by_sound = [mark for mark in utterance.marks if mark.kind == "phoneme" and mnemonics(mark.value)]

    def elements_at(upto: int) -> None:
        while opened and opened[-1].end <= upto:
            out.append(_CLOSE[opened.pop().kind])
        while pending and pending[0].start <= upto:
            mark = pending.pop(0)
            if mark.kind == "break":
                out.append(f'<break time="{round(pause_seconds(mark.value) * 1000)}ms"/>')
            elif mark.kind in _OPEN:
                out.append(_OPEN[mark.kind](mark.value))
                opened.append(mark)

    def words_in(start: int, end: int) -> None:
        out.extend(f'<mark name="{by_start[cut]}"/>' for cut in cuts if start <= cut < end and cut in by_start)

    for start, end, say, literal in _pieces(utterance):
        if not literal:
            elements_at(start)
            words_in(start, end)
            out.append(_said(say))
            continue
        edges = [start, *(cut for cut in cuts if start < cut < end), end]
        for left, right in pairwise(edges):
            elements_at(left)
            words_in(left, left + 1)
            sounds = next((mark.value for mark in by_sound if mark.start <= left < mark.end), None)
            if sounds is None:
                out.append(_said(utterance.text[left:right]))
            elif any(mark.start == left for mark in by_sound):
                out.append(f" [[{escape(mnemonics(sounds), quote=False)}]] ")  # the whole of it, at its first word
    elements_at(len(utterance.text))
    while opened:
        out.append(_CLOSE[opened.pop().kind])
    out.append("</speak>")
    return "".join(out), words
