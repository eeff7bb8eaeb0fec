"""Every place where something can be completed, over the protocol: `|` is the cursor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.client import ROOT, Client
from pvc.compiler.check.settings import SETTINGS
from pvc.lsp import describe

BASE = """talk "T" { format = 1080p30 }
use std.charts
use std.diagrams
paper note = latex("paper/main.tex")
data rows = csv("data/weights.csv") { query: text, key: text, weight: number }
scene first "First" {
  let eq = equation(tex`x`)
  say "Hello {here} there." { show eq }
  say "Second." { show charts.bar(rows, x: query, y: weight) as chart }
}
"""


def offered(client: Client, text: str) -> list[str]:
    return [item["label"] for item in completed(client, text)]


def completed(client: Client, text: str) -> list[dict[str, Any]]:
    at = text.index("|")
    line = text.count("\n", 0, at)
    column = at - text.rfind("\n", 0, at) - 1
    uri = client.open("work.vid", BASE)
    client.diagnostics(uri)
    client.edit(uri, {"text": text.replace("|", "", 1)})
    client.diagnostics(uri)  # before that, answers are of what was known of the text before
    found = client.ask("textDocument/completion", client.at(uri, line, column))
    client.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    return list(found["items"])


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
    ('scene b { let p = program("|', "data", True),
    ('scene b { let p = program("a.py", lasts: 1s, inputs: ["data/|', "weights.csv", True),
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
    # components made of others
    ("component c(a: text) {\n  |", "grid", True),
    ("component c(a: text) {\n  row {\n    |", "gap", True),
    ("component c(a: text) {\n  row {\n    align = |", "stretch", True),
    ("component c(a: text) {\n  show |", "equation", True),
    ("component c(a: text, other: number = 1) {\n  show equation(|", "other", True),
    ("component c(a: tex) {\n  let eq = equation(a)\n  show eq\n  part formula = |", "eq", True),
    ('data d = csv("a.csv") { a: |', "number", True),
    ("translation de {\n  scene |", "first", True),
    ("translation de {\n  scene first {\n    |", "Hello {here} there.", True),
    ('scene b { claim "x" from note at "|', "sec:lookup", True),
    ("scene b transition |", "wipe", True),
    ('scene b "B" |', "fallback", True),
    ("scene b on |", "manim", True),
    ("use |", "std.charts", True),
    ("let s = diagrams.flow([], direction: |", "right", True),
    ("scene b { |", "together", True),
    # names with digits are names, numbers have units, what counts has none
    ("let eq1 = equation(tex`x`)\nscene b { show eq1|", "s", False),
    ("scene b {\n  let eq1 = equation(tex`x`)\n  highlight eq1|", "eq1", True),
    ("scene b { show chart.bars[2|", "s", False),
    ('talk "T" {\n  format = 10|', "1080p30", True),
    # what is given already is not offered again
    ("scene b { show charts.bar(rows, |", "data", False),
    ("scene b { show charts.bar(rows, y: weight, |", "y", False),
    ("scene b { show charts.bar(rows, |", "x", True),
    ("scene b { show bullets([|", "title", False),
    ("scene b { let e = equation(tex`x`)\n  show e with write |", "with", False),
    ("scene b { let e = equation(tex`x`)\n  show e with write |", "in", True),
    ("scene b { let e = equation(tex`x`)\n  show e below |", "title", False),
    ("scene b { let e = equation(tex`x`)\n  show e below |", "e", True),
    ("let whole = equation(tex`x`)\nscene b { show |", "whole", True),
    # what is said names nothing
    ('scene b { say "Written as in a paper, for all in rows { }"\n  show |', "in", False),
    ('scene b { let f = text("as left") // as before\n  let g = code(code`import x as np`)\n  show |', "np", False),
    ('scene b { let f = text("as left") // as before\n  let g = code(code`import x as np`)\n  show |', "before", False),
    ('scene b { let f = text("as left") // as before\n  let g = code(code`import x as np`)\n  show |', "g", True),
    ('scene b { say "For each in rows by it." { show text("x") as said }\n  hide |', "said", True),
    # in brackets
    ("scene b { let e = equation(tex`x`)\n  highlight e[|", "show", False),
    ("scene b { let e = equation(tex`x`)\n  highlight e[|", "tex``", True),
    ("scene first { let eq = equation(tex`x`)\n  highlight eq[tex`|", "x", True),
    ("scene b { let e = rows[|", "1", True),
    ("scene b { let e = rows[1].|", "weight", True),
    ("scene b { for row in rows { show text(row.|", "query", True),
    ("scene b for row in rows by row.query { show text(row.|", "query", True),
    ("scene b for row in rows by row.query { show text(|", "row", True),
    ("scene b for row in rows by row.|", "query", True),
    ("scene b { for row in |", "rows", True),
    ("scene b { for row in |", "row", False),
    # conditions, markup, narrations that say who speaks
    ("scene b { if |", "audience", True),
    ("scene b { if talk.|", "format", True),
    ("scene b { if format == |", "vertical30", True),
    ('scene b { say "It is <|', "break", True),
    ('scene b { say "It is <em|', "emphasis", True),
    ('scene b { say "It is |', "break", False),
    ('scene b {\n  say "One {two} three."\n    voice ada {\n    at |', "two", True),
    ("concept c {\n  symbol = |", "theme.cool", False),
]

RANKED = [
    ("let e = equation(tex`\\fra|", ["\\frac"]),
    ("scene b { let e = equation(tex`x`)\n  show e wi|", ["with", "width"]),
    ("scene b { show charts.bar(|", ["data", "x", "y"]),
    ("scene b { show charts.bar(data: |", ["rows"]),
    ("scene b { show charts.bar(rows, y: |", ["weight", "query", "key"]),
    ("scene b { show text(x, width: 3|", ["s", "ms"]),
    ("scene b { let e = equation(tex`x`)\n  show e width 3|", ["%", "px", "em"]),
    ("scene b { orbit camera by 3|", ["deg", "turn"]),
    ("let x = equ|", ["equation"]),
    ("scene b { un|", ["unhighlight", "unfocus"]),
]

BESIDE = [
    ("scene b { show charts.bar(rows, x|: query)", "x", "x"),
    ('talk "T" {\n  the|me = paper\n}', "theme", "theme"),
    ("scene b { show charts.bar(rows, x|)", "x", "x: "),
    ("concept c { wor|ds = [] }", "words", "words"),
]
"""What is inserted where the colon or the equal sign stands there already."""


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


def test_the_likely_comes_first(talks: Path) -> None:
    client = Client(talks)
    try:
        found = {text: offered(client, BASE + text) for text, _ in RANKED}
        assert [(text, found[text][:5]) for text, first in RANKED if found[text][: len(first)] != first] == []
    finally:
        client.kill()


def test_what_stands_there_is_not_written_twice(talks: Path) -> None:
    client = Client(talks)
    try:
        for text, label, wanted in BESIDE:
            items = {item["label"]: item["textEdit"]["newText"] for item in completed(client, BASE + text)}
            assert items[label] == wanted, text
    finally:
        client.kill()


def test_every_setting_is_described() -> None:
    assert set(describe.SETTINGS) == set(SETTINGS)


TWIN = """vid: 1
items:
- kind: talk
  title: "T"
- kind: use
  module: std.charts
- kind: paper
  name: note
  value: !expr 'latex("paper/main.tex")'
- kind: data
  name: rows
  value: !expr 'csv("data/weights.csv")'
  columns:
  - name: query
    type: text
  - name: weight
    type: number
- kind: scene
  name: first
  body:
  - kind: let
    name: eq
    value: !expr 'equation(tex`x`)'
  - kind: say
    text: "Hello {here} there."
    body:
"""

TWIN_PLACES = [
    ("    - kind: |", "action"),
    ("    - kind: action\n      |", "operands"),
    ("    - kind: action\n      verb: |", "highlight"),
    ("    - kind: action\n      verb: highlight\n      operands:\n      - |", "eq"),
    ("    - kind: action\n      verb: highlight\n      operands: [|", "eq"),
    ("    - kind: action\n      verb: highlight\n      operands: [!expr 'eq.|", "tex"),
    ("    - kind: action\n      verb: show\n      operands: [eq]\n      clauses:\n      - |", "keyword"),
    ("    - kind: action\n      verb: show\n      operands: [eq]\n      clauses:\n      - keyword: |", "with"),
    ("    - kind: action\n      verb: show\n      clauses:\n      - keyword: with\n        value: |", "write"),
    ("    - kind: action\n      verb: show\n      operands: [!expr 'charts.bar(rows, x: |)']", "query"),
    ("    - kind: action\n      verb: show\n      operands: [!expr 'charts.bar(rows, |", "unit"),
    ("    - kind: at\n      anchor:\n        target: |", "here"),
    ("    - kind: at\n      |", "anchor"),
    ("  - kind: wait\n    duration: 0.5|", "s"),
    ("  - kind: let\n    name: f\n    value: !tex '\\al|", "\\alpha"),
    ('  - kind: let\n    name: f\n    value: !tex "\\\\al|', "\\alpha"),
    ("  - kind: let\n    name: f\n    value: !expr 'image(\"|", "data"),
    ("  - kind: claim\n    text: c\n    source: |", "note"),
    ('  - kind: claim\n    text: c\n    source: note\n    place: "|', "sec:lookup"),
    ("- kind: |", "concept"),
    ("- kind: theme\n  name: mine\n  extends: |", "midnight"),
    ("- kind: theme\n  name: mine\n  body:\n  - kind: group\n    name: |", "motion"),
    (
        "- kind: theme\n  body:\n  - kind: group\n    name: motion\n    items:\n    - kind: setting\n      name: |",
        "enter",
    ),
    ("- kind: use\n  module: |", "std.diagrams"),
    ("- kind: concept\n  name: c\n  body:\n  - kind: setting\n    name: color\n    value: |", "theme.cool"),
    ("- kind: component\n  name: c\n  parameters:\n  - name: a\n    type: |", "column"),
    ("- kind: component\n  name: c\n  parameters:\n  - kind: let\n    value: |", "equation"),  # a slip: no kind there
    ("- kind: translation\n  language: de\n  body:\n  - kind: scene\n    name: |", "first"),
    ("- |", "kind"),
]


def test_every_place_of_the_twin(talks: Path) -> None:
    client = Client(talks)
    try:
        wrong = []
        for text, wanted in TWIN_PLACES:
            whole = TWIN + text
            at = whole.index("|")
            line, column = whole.count("\n", 0, at), at - whole.rfind("\n", 0, at) - 1
            uri = client.open("work.vid.yaml", TWIN + "    - kind: action\n      verb: show\n      operands: [eq]\n")
            client.diagnostics(uri)
            client.edit(uri, {"text": whole.replace("|", "", 1)})
            found = client.ask("textDocument/completion", client.at(uri, line, column))["items"]
            client.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
            if wanted not in [item["label"] for item in found]:
                wrong.append((text, wanted, [item["label"] for item in found][:12]))
        assert wrong == []
    finally:
        client.kill()


def test_what_is_completed_in_the_twin_stands_where_it_was_begun(talks: Path) -> None:
    client = Client(talks)
    try:
        for written, expected in (("!tex '\\al", "!tex '\\alpha"), ('!tex "\\\\al', '!tex "\\\\alpha'), ("eq", "eq")):
            head = TWIN + "  - kind: let\n    name: f\n    value: "
            uri = client.open("work.vid.yaml", TWIN)
            client.diagnostics(uri)
            client.edit(uri, {"text": head + written})
            line = head.count("\n")
            column = len("    value: ") + len(written)
            items = client.ask("textDocument/completion", client.at(uri, line, column))["items"]
            wanted = next(item for item in items if item["label"] in ("\\alpha", "eq"))
            area = wanted["textEdit"]["range"]
            done = ("    value: " + written)[: area["start"]["character"]] + wanted["textEdit"]["newText"]
            assert done == "    value: " + expected
            client.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    finally:
        client.kill()


def test_signatures_in_the_twin(talks: Path) -> None:
    client = Client(talks)
    try:
        text = TWIN + "    - kind: action\n      verb: show\n      operands: [!expr 'charts.bar(rows, x: query, "
        uri = client.open("work.vid.yaml", TWIN)
        client.diagnostics(uri)
        client.edit(uri, {"text": text})
        client.diagnostics(uri)  # the text that cannot be read is what is known now
        line = text.count("\n")
        found = client.ask("textDocument/signatureHelp", client.at(uri, line, len(text.split("\n")[-1])))
        assert found["signatures"][0]["label"].startswith("charts.bar(data: table")
        assert found["activeParameter"] == 2
    finally:
        client.kill()
