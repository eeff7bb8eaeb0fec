"""The text of a TeX document as it is read: tokens, what macros put in front of it, arguments."""

from __future__ import annotations

import re
from dataclasses import dataclass

DEEPEST = 200
"""Macros inside of macros."""

TOKEN = re.compile(
    r"""(?P<word>[^\\{}$~&^_`'\-\s\x01-\x06#\[\]"]+)
      | (?P<command>\\(?:[A-Za-z@]+\*?|.|\n|$))
      | (?P<blank>[ \t\r\f\v]*\n[ \t\r\f\v]*(?:\n\s*)+)
      | (?P<space>\s+)
      | (?P<dashes>-+)
      | (?P<quotes>``|''|`|'|")
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_BLANKS = re.compile(r"[ \t]*\n?[ \t]*")


@dataclass(slots=True)
class Buffer:
    """A text that is read, and how far."""

    text: str
    at: int = 0


class Source:
    """Texts in front of each other: the document, and what macros in it stand for."""

    def __init__(self, text: str) -> None:
        self.buffers = [Buffer(text)]

    def push(self, text: str) -> None:
        """Read ``text`` next, then go on; left out where macros are nested too deeply."""
        if len(self.buffers) < DEEPEST:
            self.buffers.append(Buffer(text))

    def top(self) -> Buffer | None:
        """The innermost buffer with something left."""
        while self.buffers and self.buffers[-1].at >= len(self.buffers[-1].text):
            self.buffers.pop()
        return self.buffers[-1] if self.buffers else None

    def skip_space(self) -> Buffer | None:
        """The innermost buffer behind blanks and one end of a line."""
        while (buffer := self.top()) is not None:
            found = _BLANKS.match(buffer.text, buffer.at)
            buffer.at = found.end() if found else buffer.at
            if buffer.at < len(buffer.text):
                return buffer
        return None

    def optional(self) -> str | None:
        """The `[...]` that may stand here."""
        buffer = self.top()
        if buffer is None:
            return None
        at = buffer.at
        while at < len(buffer.text) and buffer.text[at] in " \t":
            at += 1
        if buffer.text[at : at + 1] != "[":
            return None
        depth = 0
        for index in range(at + 1, min(len(buffer.text), at + 4000)):
            character = buffer.text[index]
            if character == "{":
                depth += 1
            elif character == "}":
                depth -= 1
            elif character == "]" and depth <= 0:
                buffer.at = index + 1
                return buffer.text[at + 1 : index]
        return None

    def argument(self) -> str:
        """The next argument: a group's inside, a command, or one character."""
        buffer = self.skip_space()
        if buffer is None:
            return ""
        text, at = buffer.text, buffer.at
        if text[at] == "{":
            end = closing(text, at)
            buffer.at = end + 1
            return text[at + 1 : end]
        found = TOKEN.match(text, at)
        if found is not None and found["command"]:
            buffer.at = found.end()
            return found.group()
        if text[at] == "}":
            return ""
        buffer.at = at + 1
        return text[at]


def closing(text: str, at: int) -> int:
    """The index of the brace that closes the one at ``at`` (the end of the text where none does)."""
    depth = 0
    index = at
    find = re.compile(r"\\.|[{}]", re.DOTALL)
    while (found := find.search(text, index)) is not None:
        index = found.end()
        if found.group() == "{":
            depth += 1
        elif found.group() == "}":
            depth -= 1
            if depth == 0:
                return found.start()
    return len(text)
