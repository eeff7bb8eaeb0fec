"""Cuts a file into blocks: the top-level items, each with the comments above it.

A block ends where, outside all brackets, a line begins that does not go on with the item above. Strings, raw texts and
comments are understood, nothing else is: this runs over the whole file at every key press, the parser only over the
blocks that changed. Invariant: the blocks' texts and the tail put together are the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

_MARKS = re.compile(
    r"//[^\n]*|/\*[\s\S]*?\*/"
    r'|"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+"?'
    r"|(?<=\w)(?:``(?!`)|`(?!`)[^`]*`|(?P<fence>`{3,}+)[\s\S]*?(?P=fence))"
    r"|[{}()\[\]]"
)
"""What the splitter looks at inside brackets; outside of them also line ends."""

_MARKS_OUTSIDE = re.compile(_MARKS.pattern + r"|\n")

_SPACE = re.compile(r"[\s\ufeff]*")

_STARTS = re.compile(
    r"(?:talk\s+\"|use\s+[\"\w]|(?:paper|voice|data|font|music|sound|let)\s+\w+\s*=|lexicon\s*\{"
    r"|(?:concept|theme|component|scene|translation)\s+\w)"
)
"""How a top-level item begins."""

_WHITE = " \t\r\n\f\v\ufeff"

_GOES_ON = re.compile(
    r"[{}()\[\],.:=<>+*/-]|(?:and|or|with|into|by|as|on|from|to|in|fallback|extends|else)\b(?!\s*[=:{(])|quote\s+\""
)
"""A line that begins so goes on with the item above it."""

_WANTS_MORE = frozenset("{([,.:=<>+*/-")


def split(text: str) -> tuple[list[tuple[int, int]], int]:
    """The blocks' ranges in order, which tile the file from 0, and where the tail begins."""
    found = cut(text)
    return found.ranges, found.tail


@dataclass(frozen=True, slots=True)
class Cut:
    """A text with where its blocks begin. ``guess``: some bracket or raw text is open at its end and would swallow what
    follows it, so unindented lines that look like the start of an item were taken for one. ``dangling``: some raw text
    or comment is never closed, so that an edit anywhere behind it may change how all is read from there on."""

    text: str
    starts: tuple[int, ...]
    tail: int
    guess: bool
    dangling: bool

    @property
    def ranges(self) -> list[tuple[int, int]]:
        return [(low, high) for low, high in pairwise([*self.starts, self.tail]) if low < high]


def cut(text: str, before: Cut | None = None) -> Cut:
    """The blocks of a text. ``before``: those of the text that it was made from, of which only what an edit touched is
    read again."""
    if before is not None and before.dangling:
        before = None
    if before is None or before.guess:
        whole = _split(text, guess=False)
        if whole.balanced:
            return Cut(text, tuple(whole.starts), whole.tail, False, whole.dangling)
        if before is None:
            whole = _split(text, guess=True)
            return Cut(text, tuple(whole.starts), whole.tail, True, whole.dangling)
    found = _again(text, before)
    return found if found is not None else cut(text)


_NONE: Mapping[int, int] = {}


def _again(text: str, before: Cut) -> Cut | None:
    """The cut in the same manner (``guess``) as before; None where the text is not balanced any more."""
    low, high = changed(before.text, text)
    if low == high == len(text) == len(before.text):
        return before
    # What stands at a block's beginning may decide whether the one before it ends there, and an edit at the very end of
    # a short one reaches two back. The splitter's state at every beginning is the same: nothing is open.
    first = max(0, bisect_right(before.starts, low) - 3)
    begin = before.starts[first] if before.starts else 0
    shift = len(text) - len(before.text)
    known = {start + shift: index for index, start in enumerate(before.starts) if start + shift >= high}
    part = _split(text, before.guess, begin, known)
    if not part.balanced and not before.guess:
        return None
    starts = (*before.starts[:first], *part.starts)
    if part.joined is None:
        return Cut(text, starts, part.tail, before.guess, part.dangling)
    rest = [start + shift for start in before.starts[part.joined :]]
    return Cut(text, (*starts, *rest), before.tail + shift, before.guess, part.dangling)


@dataclass(slots=True)
class _Part:
    """Where blocks begin, the first where the part does, and where the tail does. ``joined``: the known block at whose
    beginning the part ended, None at the end of the text."""

    starts: list[int]
    tail: int
    balanced: bool = True
    dangling: bool = False
    joined: int | None = None


_CHUNK = 4096


def changed(old: str, new: str) -> tuple[int, int]:
    """The stretch ``[low, high)`` of the new text outside of which it is the old one, counted from its ends."""
    size = min(len(old), len(new))
    low = 0
    while low < size and old[low : low + _CHUNK] == new[low : low + _CHUNK]:
        low += _CHUNK
    low = min(low, size)
    end = min(low + _CHUNK, size)
    while low < end and old[low] == new[low]:
        low += 1
    left = size - low
    same = 0
    while same < left:
        step = min(_CHUNK, left - same)
        if old[len(old) - same - step : len(old) - same] != new[len(new) - same - step : len(new) - same]:
            break
        same += step
    end = min(same + _CHUNK, left)
    while same < end and old[len(old) - 1 - same] == new[len(new) - 1 - same]:
        same += 1
    return low, len(new) - same


def _split(text: str, guess: bool, begin: int = 0, known: Mapping[int, int] = _NONE) -> _Part:
    """Reads on from ``begin`` to the end, or to where a block begins that is ``known``."""
    starts = [begin]
    part = _Part(starts, len(text))
    braces: list[int] = []  # how many parentheses were open at each open brace
    parens = 0
    size = len(text)
    position = begin
    content = False  # whether the block at hand has more than comments yet
    last = 0  # the end of the last thing that is neither blank nor a comment
    while position < size:
        outside = guess or not (braces or parens)
        match = (_MARKS_OUTSIDE if outside else _MARKS).search(text, position)
        found = match.start() if match else size
        gap = text[position:found].strip(_WHITE)
        if gap:
            if "`" in gap or "/*" in gap:
                part.dangling = True
            content = True
            last = text.index(gap, position) + len(gap)
        if match is None:
            break
        position = match.end()
        first = text[found]
        if first == "\n":
            if content:
                after = _SPACE.match(text, position).end()  # type: ignore[union-attr]
                if braces or parens:
                    begins = _STARTS.match(text, position) is not None
                else:
                    begins = after >= size or _begins(text, after, last)
                if begins:
                    if position in known:
                        part.joined = known[position]
                        return part
                    starts.append(position)
                    content = False
                    braces.clear()
                    parens = 0
                else:
                    position = max(position, after)
        elif first == "/":
            continue
        else:
            content = True
            last = position
            if first == "{":
                braces.append(parens)
            elif first == "}":
                if braces:
                    parens = braces.pop()
                    after = _SPACE.match(text, position).end()  # type: ignore[union-attr]
                    if not (braces or parens) and "\n" not in text[position:after] and _STARTS.match(text, after):
                        if after in known:
                            part.joined = known[after]
                            return part
                        starts.append(after)
                        content = False
                        position = after
            elif first in "([":
                parens += 1
            elif first in ")]" and parens > (braces[-1] if braces else 0):
                parens -= 1
    # Comments and blank lines at the end belong to no item.
    part.tail = size if content else starts.pop()
    part.balanced = not (braces or parens)
    return part


def _begins(text: str, offset: int, last: int) -> bool:
    """Whether what stands at ``offset``, first on its line, begins a block; ``last`` ends what stands before it."""
    if _STARTS.match(text, offset):
        return True
    if text[last - 1] in _WANTS_MORE:
        return False
    return text.startswith("//", offset) or not _GOES_ON.match(text, offset)
