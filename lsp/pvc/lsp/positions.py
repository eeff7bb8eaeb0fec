"""Offsets and positions in a text: LSP counts lines from 0 and columns in code units of an encoding it has agreed on.

Every position has an offset: one behind its line's end is the line's end, one in the middle of a surrogate pair or of a
UTF-8 sequence is the character's start, one behind the last line is the text's end.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n?|\n")


class Encoding(StrEnum):
    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


class Place(NamedTuple):
    """``column`` in units of the encoding."""

    line: int
    column: int


def _units(character: str, encoding: Encoding) -> int:
    code = ord(character)
    if encoding is Encoding.UTF16:
        return 1 if code < 0x10000 else 2
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4


class LineIndex:
    """The lines of a text. Line ends are LF, CR LF or CR."""

    __slots__ = ("_ascii", "_starts", "encoding", "text")

    def __init__(self, text: str, encoding: Encoding = Encoding.UTF16) -> None:
        self.text = text
        self.encoding = encoding
        self._ascii = encoding is Encoding.UTF32 or text.isascii()
        if "\r" in text:
            self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
        else:
            starts = [*accumulate([len(line) + 1 for line in text.split("\n")], initial=0)]
            starts.pop()  # behind the last line, which has no end
            self._starts = starts

    @property
    def count(self) -> int:
        return len(self._starts)

    def start(self, line: int) -> int:
        """Where a line begins; the text's end for a line behind the last."""
        return self._starts[line] if 0 <= line < len(self._starts) else len(self.text)

    def line(self, number: int) -> str:
        """A line without its end."""
        return self.text[self.start(number) : self._end(number)]

    def _end(self, line: int) -> int:
        """Where a line's text ends, its line end left out."""
        if line + 1 >= len(self._starts):
            return len(self.text)
        end = self._starts[line + 1] - 1
        if end > self._starts[line] and self.text[end] == "\n" and self.text[end - 1] == "\r":
            end -= 1
        return end

    def offset(self, line: int, column: int) -> int:
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[line], self._end(line)
        if column <= 0:
            return start
        if self._ascii or column >= 4 * (end - start):
            return min(start + column, end)
        left = column
        for offset in range(start, end):
            left -= _units(self.text[offset], self.encoding)
            if left < 0:
                return offset
            if left == 0:
                return offset + 1
        return end

    def place(self, offset: int) -> Place:
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        offset = min(offset, self._end(line))  # between the CR and the LF of a line end
        if self._ascii:
            return Place(line, offset - start)
        before = self.text[start:offset]
        if before.isascii():
            return Place(line, len(before))
        return Place(line, sum(_units(character, self.encoding) for character in before))
