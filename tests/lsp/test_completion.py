"""Every place where something can be completed, over the protocol: `|` is the cursor."""

from __future__ import annotations

from pathlib import Path

import pytest

from lsp.client import ROOT, Client
from pvc.compiler.check.settings import SETTINGS
from pvc.lsp import describe

BASE = """talk "T" { format = 1080p30 }
use std.charts
paper note = latex("paper/main.tex")
data rows = csv("data/weights.csv") { query: text, key: text, weight: number }
scene first "First" {
  let eq = equation(tex`x`)
  say "Hello {here} there." { show eq }
  say "Second." { show charts.bar(rows, x: query, y: weight) as chart }
}
"""


def offered(client: Client, text: str) -> list[str]:
    at = text.index("|")
    line = text.count("\n", 0, at)
    column = at - text.rfind("\n", 0, at) - 1
    uri = client.open("work.vid", BASE)
    client.diagnostics(uri)
    client.edit(uri, {"text": text.replace("|", "", 1)})
    found = client.ask("textDocument/completion", client.at(uri, line, column))
    client.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    return [item["label"] for item in found["items"]]


PLACES = [
    # names, parameters, parts, units
    ("scene b { highlight |", "eq", False),
    ("scene b { let e = equation(tex`x`)\n  highlight |", "e", True),
    ("scene b { let e = equation(tex`x`)\n  highlight e.|", "tex", True),
    ("scene b { show charts.bar(rows, |", "unit", True),
    ("scene b { show charts.bar(rows, x: |", "query", True),
    ("scene b { show charts.|", "bar", True),
    ("scene b { wait 0.5|", "s", True),
    ("scene b { wait 0.5m|", "ms", True),
    # TeX, files, cues
    ("let e = equation(tex`\\al|", "\\alpha", True),
    ('paper p = latex("|', "paper", True),
    ('paper p = latex("paper/|', "main.tex", True),
    ('data d = csv("data/|', "weights.csv", True),
    ('scene b { show image("|', "data", True),
    ('use "|', "talk.vid", True),
    ('scene b {\n  say "One {two} three." {\n    at |', "two", True),
    # settings, themes
    ('talk "T" {\n  |', "transition", True),
    ('talk "T" {\n  |', "formats", True),
    ('talk "T" {\n  formats = [1080p30, |', "vertical30", True),
    ('talk "T" {\n  theme = |', "midnight", True),
    ('talk "T" {\n  transition = |', "push", True),
    ('talk "T" {\n  captions = |', "soft", True),
    ('talk "T" {\n  expect |', "duration", True),
    ("theme mine extends |", "paper", True),
    ("theme mine extends paper {\n  |", "motion", True),
    ("theme mine extends paper {\n  motion { |", "enter", True),
    ("theme mine extends paper {\n  colors { |", "accent", True),
    # the rest of what can be declared
    ("concept c {\n  |", "words", True),
    ("concept c {\n  color = |", "theme.cool", True),
    ("component c(a: |", "column", True),
    ("component c(a: text) {\n  |", "layout", True),
    ("component c(a: text) {\n  render |", "manim", True),
    ('data d = csv("a.csv") { a: |', "number", True),
    ("translation de {\n  scene |", "first", True),
    ("translation de {\n  scene first {\n    |", "Hello {here} there.", True),
    ('scene b { claim "x" from note at "|', "sec:lookup", True),
    ("scene b transition |", "wipe", True),
    ('scene b "B" |', "fallback", True),
    ("scene b on |", "manim", True),
    ("use |", "std.charts", True),
    ("scene b { |", "together", True),
]


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import shutil

    folder = tmp_path_factory.mktemp("talks") / "talk"
    shutil.copytree(ROOT / "examples" / "attention", folder)
    return folder


def test_every_place(talks: Path) -> None:
    client = Client(talks)
    try:
        wrong = []
        for text, wanted, there in PLACES:
            found = offered(client, BASE + text)
            if (wanted in found) is not there:
                wrong.append((text, wanted, found[:12]))
        assert wrong == []
    finally:
        client.kill()


def test_every_setting_is_described() -> None:
    assert set(describe.SETTINGS) == set(SETTINGS)
