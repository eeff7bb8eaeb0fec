"""Specs as the commands read them, write them, and show what would change."""

from __future__ import annotations

import sys
from pathlib import Path

from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.runtime.build.outputs import output_error
from pvc.runtime.store.blobs import replace_file


def read_spec(name: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """A file's text (of stdin where ``name`` is `-`), or None and why it has none."""
    from pvc.compiler.syntax.reading import decode
    from pvc.runtime.build.world import look

    if name == "-":
        return decode(sys.stdin.buffer.read(), name)
    seen, data = look(name)
    if data is None:
        hint = "give a .vid file, or `-` for stdin"
        return None, (Diagnostic("PVC0001", Severity.ERROR, f"{name} cannot be read: {seen.reason}", None, hint=hint),)
    return decode(data, name)


def write_text(path: Path, text: str) -> None:
    """The file holds ``text`` afterwards, or what it held before. Raises PvcError."""
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise output_error(path, error, "let it be written, or choose another place") from error


def difference(name: str, before: str, after: str, done: str) -> str:
    """A unified diff; ``done`` says what was done to the file, as in `talk.vid (formatted)`."""
    from difflib import unified_diff

    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, f"{name} ({done})")
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
