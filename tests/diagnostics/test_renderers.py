"""How findings look: at a terminal, as JSON, as SARIF, as GitHub's annotations."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler.diagnostics.formats import as_github, as_json, as_sarif
from pvc.compiler.diagnostics.model import Diagnostic, Edit, Fix, Label, Severity
from pvc.compiler.diagnostics.places import Lines
from pvc.compiler.diagnostics.terminal import as_text
from pvc.compiler.source import Span

TEXT = 'scene a {\n  say "x"\n  wait\n}\n'


def finding(start: int, end: int, path: str = "talk.vid", **more: object) -> Diagnostic:
    return Diagnostic("PVC0101", Severity.ERROR, "A message", Span(path, start, end), "a hint", **more)  # type: ignore[arg-type]


def test_a_terminal_shows_the_line_with_marks_and_what_to_do() -> None:
    diagnostic = finding(
        12, 15, labels=(Label(Span("talk.vid", 22, 26), "beside this"),), notes=("a note",),
        fixes=(Fix("write `wait 1s`", (Edit(Span("talk.vid", 26, 26), " 1s"),)),),
    )  # fmt: skip
    assert as_text(diagnostic, {"talk.vid": Lines(TEXT)}) == (
        "error[PVC0101]: A message\n"
        " --> talk.vid:2:3\n"
        "  |\n"
        '2 |   say "x"\n'
        "  |   ^^^\n"
        "3 |   wait\n"
        "  |   ---- beside this\n"
        "  = help: a hint\n"
        "  = note: a note\n"
        "  = fix: write `wait 1s`"
    )


@pytest.mark.parametrize(
    ("line", "at", "marked"),
    [
        ("let 変数 = 日本", "変数", "変数"),
        ("\tlet x = 1", "x", "x"),
        ("let e\u0301 = 1", "=", "="),
        ("let \u202ex = 1", "x", "x"),
        ("a" * 5000 + " here " + "b" * 5000, "here", "here"),
        ("日" * 300 + " here " + "本" * 300, "here", "here"),
    ],
)
def test_marks_stand_below_what_they_mark(line: str, at: str, marked: str) -> None:
    start = line.index(at)
    shown = as_text(finding(start, start + len(at)), {"talk.vid": Lines(line)}).split("\n")
    source = next(one for one in shown if one.startswith("1 |"))
    carets = next(one for one in shown if "^" in one)
    below = _columns(source)
    begin = carets.index("^")
    cells = "".join(below[begin : begin + carets.count("^")])
    assert cells.replace("\0", "") == marked
    assert len(below) < 300


def _columns(text: str) -> list[str]:
    """The character in each column of a terminal; the second half of a wide one is a NUL."""
    import unicodedata

    out: list[str] = []
    for character in text:
        if unicodedata.combining(character):
            continue
        out.append(character)
        if unicodedata.east_asian_width(character) in "WF":
            out.append("\0")
    return out


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80), st.text(max_size=20))
def test_no_text_can_steer_a_terminal(text: str, start: int, end: int, message: str) -> None:
    low, high = sorted((min(start, len(text)), min(end, len(text))))
    diagnostic = Diagnostic("PVC0101", Severity.ERROR, message, Span("t\x1b[2J.vid", low, high), message)
    shown = as_text(diagnostic, {"t\x1b[2J.vid": Lines(text)})
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def test_colours_are_only_where_asked_for() -> None:
    sources = {"talk.vid": Lines(TEXT)}
    plain = as_text(finding(12, 15), sources)
    colored = as_text(finding(12, 15), sources, color=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_a_finding_without_a_file_has_its_message_and_hint() -> None:
    shown = as_text(Diagnostic("PVC0001", Severity.ERROR, "It cannot be read", None, "check the path"), {})
    assert "PVC0001" in shown
    assert "check the path" in shown


def test_json() -> None:
    diagnostic = finding(12, 15, fixes=(Fix("title", (Edit(Span("talk.vid", 12, 15), "x"),)),))
    found = json.loads(json.dumps(as_json(diagnostic, {"talk.vid": Lines(TEXT)})))
    assert found["code"] == "PVC0101"
    assert found["severity"] == "error"
    assert found["span"] == {
        "path": "talk.vid", "offset": 12, "length": 3,
        "start": {"line": 2, "column": 3}, "end": {"line": 2, "column": 6},
    }  # fmt: skip
    assert found["fixes"][0]["edits"][0]["text"] == "x"
    assert found["fixes"][0]["applicability"] == "suggested"


def test_sarif() -> None:
    path = "a b/tälk.vid"
    diagnostic = finding(
        12, 26, path, labels=(Label(Span(path, 0, 5), "here"),), fixes=(Fix("mend", (Edit(Span(path, 12, 15), "x"),)),)
    )
    warning = Diagnostic("PVC0701", Severity.WARNING, "w", None)
    log = as_sarif([diagnostic, warning], {path: Lines(TEXT)}, "1.2", {"PVC0101": "Something else was expected"})
    assert log["version"] == "2.1.0"
    (run,) = json.loads(json.dumps(log))["runs"]
    assert run["tool"]["driver"]["version"] == "1.2"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["PVC0101", "PVC0701"]
    assert run["tool"]["driver"]["rules"][0]["shortDescription"]["text"] == "Something else was expected"
    first, second = run["results"]
    place = first["locations"][0]["physicalLocation"]
    assert unquote(place["artifactLocation"]["uri"]) == path
    assert " " not in place["artifactLocation"]["uri"]
    region = place["region"]
    assert (region["startLine"], region["startColumn"], region["endLine"], region["endColumn"]) == (2, 3, 3, 7)
    assert first["relatedLocations"][0]["message"]["text"] == "here"
    assert first["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "x"
    assert second["level"] == "warning"
    assert "locations" not in second


def test_github() -> None:
    diagnostic = Diagnostic("PVC0101", Severity.WARNING, "50% of\nit", Span("a,b:c.vid", 12, 15), "do: this")
    assert as_github(diagnostic, {"a,b:c.vid": Lines(TEXT)}) == (
        "::warning title=PVC0101,file=a%2Cb%3Ac.vid,line=2,endLine=2,col=3,endColumn=6::50%25 of%0Ait (do: this)"
    )


def test_positions_of_lines() -> None:
    lines = Lines("ab\r\nc\n\nd")
    assert [(lines.position(offset).line, lines.position(offset).column) for offset in (0, 2, 4, 6, 7, 8, 99)] == [
        (1, 1), (1, 3), (2, 1), (3, 1), (4, 1), (4, 2), (4, 2)
    ]  # fmt: skip
    assert [lines.line(number) for number in range(1, lines.count + 1)] == ["ab", "c", "", "d"]
