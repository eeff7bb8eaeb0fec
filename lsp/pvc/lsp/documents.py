"""Open buffers: their text as the client has it, whatever is on the disk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pvc.lsp.positions import Encoding, LineIndex, Place


@dataclass(frozen=True, slots=True)
class Change:
    """One edit: the text between two places, or the whole text where ``start`` is None."""

    start: Place | None
    end: Place | None
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """``path`` is the file's; ``uri`` as the client spells it."""

    uri: str
    path: str
    version: int
    lines: LineIndex

    @property
    def text(self) -> str:
        return self.lines.text


def opened(uri: str, path: str, version: int, text: str, encoding: Encoding) -> Document:
    return Document(uri, path, version, LineIndex(_whole(text), encoding))


def changed(document: Document, version: int, changes: Iterable[Change]) -> Document:
    """The document after edits, each made upon the one before. Places outside the text are taken to its nearest."""
    lines = document.lines
    for change in changes:
        if change.start is None or change.end is None:
            text = change.text
        else:
            start = lines.offset(*change.start)
            end = max(start, lines.offset(*change.end))
            text = lines.text[:start] + change.text + lines.text[end:]
        lines = LineIndex(_whole(text), lines.encoding)
    return Document(document.uri, document.path, version, lines)


def _whole(text: str) -> str:
    """JSON can spell half of a surrogate pair, which is no character: such a half becomes U+FFFD."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    return text
