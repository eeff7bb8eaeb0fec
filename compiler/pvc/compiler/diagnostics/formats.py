"""Diagnostics for programs: JSON of our own, SARIF 2.1.0, and GitHub's workflow commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from urllib.parse import quote

from pvc.compiler.diagnostics.model import Diagnostic, Fix, Severity
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


def as_sarif(
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, Lines],
    version: str,
    titles: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """A SARIF log with one run (OASIS SARIF 2.1.0), for code scanning. ``titles``: the short titles of codes;
    ``names``: those of lints."""
    shown = list(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in shown})
    rules = [_sarif_rule(code, (titles or {}).get(code, code), (names or {}).get(code)) for code in codes]
    results = [_sarif_result(diagnostic, sources, codes.index(diagnostic.code)) for diagnostic in shown]
    driver = {"name": "pvc", "version": version, "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _sarif_rule(code: str, title: str, name: str | None) -> dict[str, object]:
    """What a rule is called. Fixes and levels are with the results, since a configuration may change them."""
    rule: dict[str, object] = {"id": code, "shortDescription": {"text": title}}
    if name is not None:
        rule |= {"name": name, "help": {"text": f"`pvc explain {name}`; `// pvc: allow {name}` allows it in one place"}}
    return rule


def _sarif_result(diagnostic: Diagnostic, sources: Mapping[str, Lines], rule: int) -> dict[str, object]:
    text = diagnostic.message + (f" ({diagnostic.hint})" if diagnostic.hint else "")
    result: dict[str, object] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": text},
    }
    if diagnostic.span is not None:
        result["locations"] = [{"physicalLocation": _sarif_place(diagnostic.span, sources)}]
    if diagnostic.labels:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": label.text}, "physicalLocation": _sarif_place(label.span, sources)}
            for number, label in enumerate(diagnostic.labels)
        ]
    if diagnostic.fixes:
        result["fixes"] = [_sarif_fix(fix, sources) for fix in diagnostic.fixes]
    return result


def _sarif_fix(fix: Fix, sources: Mapping[str, Lines]) -> dict[str, object]:
    changes = [
        {
            "artifactLocation": {"uri": _uri(path)},
            "replacements": [
                {"deletedRegion": _sarif_region(edit.span, sources), "insertedContent": {"text": edit.text}}
                for edit in fix.edits
                if edit.span.path == path
            ],
        }
        for path in dict.fromkeys(edit.span.path for edit in fix.edits)
    ]
    return {"description": {"text": fix.title}, "artifactChanges": changes}


def _sarif_place(span: Span, sources: Mapping[str, Lines]) -> dict[str, object]:
    return {"artifactLocation": {"uri": _uri(span.path)}, "region": _sarif_region(span, sources)}


def _sarif_region(span: Span, sources: Mapping[str, Lines]) -> dict[str, int]:
    region = {"charOffset": span.start, "charLength": span.end - span.start}
    lines = sources.get(span.path)
    if lines is not None:
        start, end = lines.position(span.start), lines.position(span.end)
        region |= {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        }
    return region


def _uri(path: str) -> str:
    """A path as the reference that SARIF wants: percent-encoded, with forward slashes."""
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(path.replace("\\", "/"))


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
            fields += [f"line={start.line}", f"endLine={end.line}"]
            if start.line == end.line:  # GitHub wants no columns of a place over several lines
                fields += [f"col={start.column}", f"endColumn={end.column}"]
    text = diagnostic.message + (f" ({diagnostic.hint})" if diagnostic.hint else "")
    return f"::{level} {','.join(fields)}::{_escaped(text)}"
