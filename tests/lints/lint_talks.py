"""A talk on a disk as `pvc check` sees it, without another process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.lints.settings import Level
from pvc.runtime.build.inspect import Inspected, inspect
from pvc.runtime.build.request import Request


def written(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def looked(
    folder: Path, *, talk: str = "talk.vid", layout: bool = True, levels: Iterable[tuple[str, Level]] = ()
) -> Inspected:
    return inspect(Request(folder / talk, folder / ".cache", levels=tuple(levels)), layout=layout)


def said(found: Iterable[Diagnostic]) -> list[tuple[str, str]]:
    """Codes and severities."""
    return [(one.code, one.severity.value) for one in found]


def codes(found: Inspected) -> list[str]:
    return [one.code for one in found.diagnostics]
