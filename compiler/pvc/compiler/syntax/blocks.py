"""Cuts a file into blocks: the top-level items, each with the comments above it.

A block ends where, outside all brackets, a line begins that does not go on with the item above. Strings, raw texts and
comments are understood, nothing else is: this runs over the whole file at every key press, the parser only over the
blocks that changed. Invariant: the blocks' texts and the tail put together are the file.
"""

from __future__ import annotations

import re
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
    blocks, tail, balanced = _split(text, guess=False)
    if not balanced:
        # Some bracket or raw text is open at the end of the file and has swallowed what follows it. Unindented lines
        # that look like the start of an item now are one: the damage stays in one block.
        blocks, tail, _ = _split(text, guess=True)
    return blocks, tail


def _split(text: str, guess: bool) -> tuple[list[tuple[int, int]], int, bool]:
    starts: list[int] = []
    braces: list[int] = []  # how many parentheses were open at each open brace
    parens = 0
    size = len(text)
    position = 0
    content = False  # whether the block at hand has more than comments yet
    last = 0  # the end of the last thing that is neither blank nor a comment
    while position < size:
        outside = guess or not (braces or parens)
        match = (_MARKS_OUTSIDE if outside else _MARKS).search(text, position)
        found = match.start() if match else size
        gap = text[position:found].strip(_WHITE)
        if gap:
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
                        starts.append(after)
                        content = False
                        position = after
            elif first in "([":
                parens += 1
            elif first in ")]" and parens > (braces[-1] if braces else 0):
                parens -= 1
    # Comments and blank lines at the end belong to no item.
    tail = size if content else starts.pop() if starts else 0
    blocks = [(low, high) for low, high in pairwise([0, *starts, tail]) if low < high]
    return blocks, tail, not (braces or parens)


def _begins(text: str, offset: int, last: int) -> bool:
    """Whether what stands at ``offset``, first on its line, begins a block; ``last`` ends what stands before it."""
    if _STARTS.match(text, offset):
        return True
    if text[last - 1] in _WANTS_MORE:
        return False
    return text.startswith("//", offset) or not _GOES_ON.match(text, offset)
