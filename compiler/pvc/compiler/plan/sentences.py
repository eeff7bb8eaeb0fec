"""Where a narration's sentences begin and end: the unit that a voice speaks and that the cache keeps.

A full stop ends a sentence unless it belongs to an abbreviation, an initial, an ordinal or a number, or the text goes
on in lower case; `?` and `!` end one unless the text goes on in lower case ("Why?" she asked). The full-width stops of
Chinese and Japanese end one without a space after them. Scripts without capitals end at their own marks.
"""

from __future__ import annotations

import re

_STOP = re.compile(
    r"""(?:[.!?\u2026]+["'\u201d\u2019\u00bb)\]]*(?=\s|$))"""
    r"""|(?:[\u3002\uff01\uff1f\uff61]+[\u300d\u300f\u201d\u2019\uff09]*)"""
    r"""|(?:[\u0964\u0965\u061f\u06d4\u1362\u17d4]+["'\u201d\u00bb)]*(?=\s|$))"""
    r"""|(?:\n[ \t]*\n)"""
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEVER = _words(
    "dr mr mrs ms prof e.g i.e eg ie viz w.r.t vs cf approx resp figs eqs secs "
    "z.b d.h bzw bspw vgl u.a s.o mme mlle p.ex sra srta p.ej"
)
"""Abbreviations that something always follows."""
_BEFORE_NUMBER = _words(
    "no nos nr abb p pp vol ch fig eq sec tab art ref refs app alg thm prop def lem cor ca st max min n°"
)
"""Abbreviations where a number (or a bracket with one) follows; words of their own elsewhere."""
_MAY = _words("etc al a.m p.m inc ltd co corp u.s u.k u.s.a ph.d jr sr usw d.c")
"""Abbreviations that may end a sentence: they do where a capital follows."""
_STARTERS = _words(
    "the then this that these those we it its they he she i you and but so or in on at for from if when while a an "
    "each every now here there what why how as to by with our my your all both no not let because since after before"
)
_TOKEN = re.compile(r"[^\s(\[\"'\u201c\u2018\u00ab]+$")
_WORD = re.compile(r"\w+")


def _goes_on(text: str, at: int) -> bool:
    """Whether what follows a stop continues the sentence: its first letter or digit is a small letter."""
    for character in text[at:]:
        if character.isalpha():
            return character.islower()
        if character.isdigit():
            return False
    return False


def _ends(text: str, begin: int, stop: re.Match[str], language: str) -> bool:
    mark = stop.group()
    if mark[0] == "\n" or mark[0] not in ".!?\u2026":
        return True
    after = stop.end()
    if after >= len(text):
        return True
    if _goes_on(text, after):
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    found = _TOKEN.search(text, begin, stop.start())
    token = found.group() if found else ""
    lowered = token.lower()
    if lowered in _NEVER:
        return False
    follower = _WORD.search(text, after)
    word = follower.group() if follower else ""
    if lowered in _BEFORE_NUMBER:
        return not word[:1].isdigit() and not (lowered == "st" and token[0] == "S")
    if lowered in _MAY:
        return word[:1].isupper()
    if token.isdigit():
        listed = not text[begin : stop.start() - len(token)].strip()
        return not listed and not (language.startswith("de") and len(token) <= 2)
    if len(token) == 1 and token.isupper() and token != "I":
        return not word[:1].isupper() or word.lower() in _STARTERS
    if re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", token):
        return word.lower() in _STARTERS
    return True


def sentences(text: str, language: str = "en") -> tuple[tuple[int, int], ...]:
    """The sentences of a plain text as ``(start, end)``, white space at their ends left out, in order.

    Stretches without a letter or digit (a lone dash, an ellipsis) go with the sentence before them; a text without any
    has no sentence.
    """
    found: list[tuple[int, int]] = []

    def add(start: int, end: int) -> None:
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        if start >= end:
            return
        if any(character.isalnum() for character in text[start:end]):
            found.append((start, end))
        elif found:
            found[-1] = (found[-1][0], end)

    begin = 0
    for stop in _STOP.finditer(text):
        if stop.start() >= begin and _ends(text, begin, stop, language):
            add(begin, stop.end())
            begin = stop.end()
    add(begin, len(text))
    return tuple(found)
