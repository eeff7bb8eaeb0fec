"""An utterance as SSML with a mark before each word: how words get exact times without a word-time interface.

A `<mark>` does not change how espeak-ng speaks (the samples are the same with and without), so *every* word carries
one: moving a cue never changes what is sent to the engine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from pvc.compiler.model.program import SpeechMark
from pvc.compiler.model.speech import Utterance

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


_OPEN = {
    "emphasis": lambda value: f"<emphasis level={quoteattr(value or 'moderate')}>",
    "rate": lambda value: f"<prosody rate={quoteattr(value)}>",
    "pitch": lambda value: f"<prosody pitch={quoteattr(value)}>",
    "volume": lambda value: f"<prosody volume={quoteattr(value)}>",
    "say-as": lambda value: f"<say-as interpret-as={quoteattr(value)}>",
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

    def elements_at(upto: int) -> None:
        while opened and opened[-1].end <= upto:
            out.append(_CLOSE[opened.pop().kind])
        while pending and pending[0].start <= upto:
            mark = pending.pop(0)
            if mark.kind == "break":
                out.append(f"<break time={quoteattr(mark.value)}/>")
            elif mark.kind in _OPEN:
                out.append(_OPEN[mark.kind](mark.value))
                opened.append(mark)

    def words_in(start: int, end: int) -> None:
        out.extend(f'<mark name="{by_start[cut]}"/>' for cut in cuts if start <= cut < end and cut in by_start)

    for start, end, say, literal in _pieces(utterance):
        if not literal:
            elements_at(start)
            words_in(start, end)
            out.append(escape(say))
            continue
        edges = [start, *(cut for cut in cuts if start < cut < end), end]
        for left, right in pairwise(edges):
            elements_at(left)
            words_in(left, left + 1)
            out.append(escape(utterance.text[left:right]))
    elements_at(len(utterance.text))
    while opened:
        out.append(_CLOSE[opened.pop().kind])
    out.append("</speak>")
    return "".join(out), words
