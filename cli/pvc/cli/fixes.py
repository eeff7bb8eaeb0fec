"""Applying the fixes that diagnostics offer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pvc.compiler.diagnostics.model import Applicability, Diagnostic, Edit
from pvc.runtime.build.outputs import output_error
from pvc.runtime.store.blobs import replace_file


def safe_edits(diagnostics: Iterable[Diagnostic]) -> tuple[int, dict[str, list[Edit]]]:
    """The safe fixes whose edits do not touch each other, as edits by file, and how many fixes that are."""
    chosen: dict[str, list[Edit]] = {}
    count = 0
    for diagnostic in diagnostics:
        for fix in diagnostic.fixes:
            if fix.applicability is not Applicability.SAFE:
                continue
            if any(_touches(edit, other) for edit in fix.edits for other in chosen.get(edit.span.path, ())):
                continue
            for edit in fix.edits:
                chosen.setdefault(edit.span.path, []).append(edit)
            count += 1
            break
    return count, chosen


def _touches(one: Edit, other: Edit) -> bool:
    return one.span.start <= other.span.end and other.span.start <= one.span.end


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits that do not overlap applied."""
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def apply_safe(diagnostics: Iterable[Diagnostic]) -> int:
    """Writes the safe fixes into the files, each file whole or not at all; gives how many. Raises PvcError."""
    count, chosen = safe_edits(diagnostics)
    for path, edits in chosen.items():
        try:
            text = Path(path).read_bytes().decode("utf-8")
            replace_file(Path(path), edited(text, edits).encode())
        except (OSError, UnicodeDecodeError) as error:
            if isinstance(error, OSError):
                raise output_error(Path(path), error) from error
    return count
