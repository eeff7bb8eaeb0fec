"""Diagnostics for programs: JSON of our own, SARIF 2.1.0, and GitHub's workflow commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.diagnostics.places import Lines
from pvc.compiler.source import Span

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def place(span: Span | None, sources: Mapping[str, Lines]) -> dict[str, object] | None:
    """``path``, and where its text is known ``start`` and ``end`` with line and column from 1, and the offsets."""
    if span is None:
        return None
    found: dict[str, object] = {"path": span.path, "offset": span.start, "length": span.end - span.start}
    lines = sources.get(span.path)
    if lines is not None:
        for name, offset in (("start", span.start), ("end", span.end)):
            position = lines.position(offset)
            found[name] = {"line": position.line, "column": position.column}
    return found


def as_json(diagnostic: Diagnostic, sources: Mapping[str, Lines]) -> dict[str, object]:
    """A diagnostic as plain data for JSON."""
    return {
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        "span": place(diagnostic.span, sources),
        "hint": diagnostic.hint,
        "labels": [{"span": place(label.span, sources), "text": label.text} for label in diagnostic.labels],
        "notes": list(diagnostic.notes),
        "fixes": [
            {
                "title": fix.title,
                "applicability": str(fix.applicability),
                "edits": [{"span": place(edit.span, sources), "text": edit.text} for edit in fix.edits],
            }
            for fix in diagnostic.fixes
        ],
    }


def as_sarif(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Lines], version: str) -> dict[str, object]:
    """A SARIF log with one run (OASIS SARIF 2.1.0), for code scanning."""
    results: list[dict[str, object]] = []
    rules: dict[str, None] = {}
    for diagnostic in diagnostics:
        rules[diagnostic.code] = None
        text = diagnostic.message + (f" ({diagnostic.hint})" if diagnostic.hint else "")
        result: dict[str, object] = {
            "ruleId": diagnostic.code,
            "level": _LEVELS[diagnostic.severity],
            "message": {"text": text},
        }
        if diagnostic.span is not None:
            region: dict[str, object] = {}
            lines = sources.get(diagnostic.span.path)
            if lines is not None:
                start, end = lines.position(diagnostic.span.start), lines.position(diagnostic.span.end)
                region = {
                    "startLine": start.line,
                    "startColumn": start.column,
                    "endLine": end.line,
                    "endColumn": end.column,
                }
            physical: dict[str, object] = {"artifactLocation": {"uri": diagnostic.span.path.replace("\\", "/")}}
            if region:
                physical["region"] = region
            result["locations"] = [{"physicalLocation": physical}]
        results.append(result)
    driver = {"name": "pvc", "version": version, "rules": [{"id": code} for code in sorted(rules)]}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _escaped(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def as_github(diagnostic: Diagnostic, sources: Mapping[str, Lines]) -> str:
    """A workflow command that GitHub shows beside the line (`::error file=...,line=...::message`)."""
    level = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}[diagnostic.severity]
    fields = [f"title={_escaped(diagnostic.code, ':,')}"]
    if diagnostic.span is not None:
        fields.append(f"file={_escaped(diagnostic.span.path, ':,')}")
        lines = sources.get(diagnostic.span.path)
        if lines is not None:
            start, end = lines.position(diagnostic.span.start), lines.position(diagnostic.span.end)
            fields += [f"line={start.line}", f"endLine={end.line}", f"col={start.column}"]
    text = diagnostic.message + (f" ({diagnostic.hint})" if diagnostic.hint else "")
    return f"::{level} {','.join(fields)}::{_escaped(text)}"
