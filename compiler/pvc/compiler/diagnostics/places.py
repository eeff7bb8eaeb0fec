"""Lines and columns of characters in a text, for renderers. A text is indexed once."""

from __future__ import annotations

from bisect import bisect_right

from pvc.compiler.source import Position


class Lines:
    """A text as lines. Line ends are LF, CR LF or CR; offsets behind the text's end count as its end."""

    def __init__(self, text: str) -> None:
        self.text = text
        starts = [0]
        at = -1
        while (at := text.find("\n", at + 1)) >= 0:
            starts.append(at + 1)
        if "\r" in text:
            starts += [i + 1 for i, c in enumerate(text) if c == "\r" and text[i + 1 : i + 2] != "\n"]
            starts.sort()
        self._starts = starts

    def position(self, offset: int) -> Position:
        """The place of a character."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def start(self, line: int) -> int:
        """The offset of a line's first character; lines count from 1."""
        return self._starts[line - 1]

    def line(self, number: int) -> str:
        """A line without its end."""
        begin = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[begin:end].rstrip("\r\n")

    @property
    def count(self) -> int:
        return len(self._starts)
