"""What the commands say: diagnostics and failures to stderr, one JSON document to stdout where that is asked for."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping

from pvc.cli.surroundings import Surroundings
from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.diagnostics.places import Lines
from pvc.runtime.errors import PvcError

SAME = 5
"""Warnings or notes of one code that are shown unless asked for more."""


def emit(document: object) -> None:
    """One JSON document on stdout."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None)
    sys.stdout.write("\n")
    sys.stdout.flush()


def failure(error: PvcError) -> Diagnostic:
    """A failure as a diagnostic; mostly it has no place."""
    return Diagnostic(error.code, Severity.ERROR, error.message, error.span, hint=error.hint)


def show_failure(error: PvcError, surroundings: Surroundings) -> None:
    """A failure on stderr, and as JSON."""
    finding = failure(error)
    sources = sources_of([finding])
    if surroundings.json:
        emit({"ok": False, "diagnostics": plain([finding], sources)})
    else:
        show([finding], sources, surroundings)


def plain(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Lines]) -> list[object]:
    """Diagnostics for JSON."""
    from pvc.compiler.diagnostics.formats import as_json

    return [as_json(diagnostic, sources) for diagnostic in diagnostics]


def show(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Lines], surroundings: Surroundings) -> None:
    """Diagnostics on stderr, with the lines they are about. With -q errors alone; of warnings and notes that say the
    same of many places, a few (all with -v)."""
    from pvc.compiler.diagnostics.terminal import as_text

    color = surroundings.colored(sys.stderr)
    counts: Counter[str] = Counter()
    for diagnostic in diagnostics:
        if diagnostic.severity != Severity.ERROR:
            counts[diagnostic.code] += 1
            if surroundings.quiet or (counts[diagnostic.code] > SAME and not surroundings.verbose):
                continue
        print(as_text(diagnostic, sources, color), file=sys.stderr)
    if not (surroundings.quiet or surroundings.verbose):
        for code, count in counts.items():
            if count > SAME:
                print(f"... and {count - SAME} more {code} (-v shows them)", file=sys.stderr)


def sources_of(diagnostics: Iterable[Diagnostic]) -> dict[str, Lines]:
    """The texts that diagnostics are about; files that cannot be read are left out."""
    found: dict[str, Lines] = {}
    for diagnostic in diagnostics:
        for span in (diagnostic.span, *(label.span for label in diagnostic.labels)):
            if span is not None and span.path not in found:
                try:
                    with open(span.path, encoding="utf-8", errors="replace", newline="") as file:
                        found[span.path] = Lines(file.read())
                except (OSError, ValueError):
                    continue
    return found


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning, 3 open questions`; empty where there is nothing."""
    counts = dict.fromkeys((Severity.ERROR, Severity.WARNING), 0)
    questions = 0
    for diagnostic in diagnostics:
        if diagnostic.severity in counts:
            counts[diagnostic.severity] += 1
        elif diagnostic.code == "PVC0707":
            questions += 1
    said = [f"{count} {name}{'s' if count > 1 else ''}" for name, count in counts.items() if count]
    if questions:
        said.append(f"{questions} open question{'s' if questions > 1 else ''}")
    return ", ".join(said)


def failure_code(diagnostics: Iterable[Diagnostic]) -> int:
    """The exit code of a talk with errors: 2 where a file could not be read as what it should be, else 1."""
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == Severity.ERROR]
    return 2 if any(diagnostic.code.startswith("PVC00") for diagnostic in errors) else 1
