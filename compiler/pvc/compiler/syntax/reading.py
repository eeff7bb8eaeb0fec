"""Bytes -> text. What is no text gets a diagnostic that says what it is, and is never parsed."""

from __future__ import annotations

from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.source import Span
from pvc.compiler.world import Unreadable, World

LARGEST = 8 * 1024 * 1024
"""Bytes that a spec may have."""

_KINDS = (
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x7fELF", "a program"),
)


def decode(data: bytes, path: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of a spec's bytes, or None and why it is no text. A byte order mark stays in the text: the lexer takes
    it for a space, so that offsets are those of the file."""
    if len(data) > LARGEST:
        message = f"This file has {len(data):,} bytes; a spec may have {LARGEST:,}"
        return None, (_error("PVC0005", message, path, 0, "split it with `use`, and keep data in files of its own"),)
    for magic, name in _KINDS:
        if data.startswith(magic):
            return None, (
                _error("PVC0003", f"This is {name}, not a spec", path, 0, "give a .vid file, saved as UTF-8"),
            )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", errors="replace")
        line = before.count("\n") + 1
        byte = data[error.start]
        if b"\0" in data[:4096]:
            return None, (_error("PVC0003", "This is binary data, not a spec", path, 0, "give a .vid file"),)
        message = f"Line {line} is not UTF-8: the byte 0x{byte:02X} begins no character"
        return None, (_error("PVC0002", message, path, len(before), "save the file as UTF-8"),)
    null = text.find("\0")
    if null >= 0:
        message = "This file holds a NUL character: it is binary, or damaged"
        return None, (_error("PVC0003", message, path, null, "give a .vid file, saved as UTF-8"),)
    return text, ()


def read(world: World, path: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of the file ``path``, or None and why it cannot be had."""
    try:
        data = world.read(path)
    except Unreadable as problem:
        message = f"{path} cannot be read: {problem.reason}"
        hint = "check the path; it is taken from the folder you are in"
        return None, (Diagnostic("PVC0001", Severity.ERROR, message, None, hint),)
    return decode(data, path)


def _error(code: str, message: str, path: str, offset: int, hint: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, Span(path, offset, offset), hint)
