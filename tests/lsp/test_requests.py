"""Requests of larger scope: over files that are not open, parts of a document, what changed since."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp.client import ROOT, Client, place, span
from pvc.compiler.syntax.spelling import convert, fmt, parse_file
from pvc.lsp.convert import tokens_edit
from pvc.lsp.formatting import Replacement, formatted_part

HOUSE = """component card(words: text) {
  show text(words) as words_shown
}
let motto = "Stay curious"
theme brand extends paper { colors { accent = #ff0000 } }
"""
ONE = """talk "One" { theme = house.brand }
use "./house.vid"
scene a "A" {
  say "Hello there." { show house.card("x") }
  say "More." { show text(house.motto) }
}
"""
TWO = """talk "Two" { }
use "../talks/house.vid" as h
scene a "A" {
  say "Hello." { show h.card(words: h.motto) }
}
let motto = 1
"""
THREE = """vid: 1
items:
- kind: talk
  title: "Three"
- kind: use
  path: "house.vid"
- kind: scene
  name: a
  body:
  - kind: say
    text: "Hello."
    body:
    - kind: action
      verb: show
      operands: [!expr 'house.card(words: house.motto)']
"""
FILES = {"house.vid": HOUSE, "one.vid": ONE, "two.vid": TWO, "three.vid.yaml": THREE}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "talks"
    made.mkdir()
    for name, text in FILES.items():
        (made / name).write_text(text)
    return made


@pytest.mark.parametrize("opened", [[], ["one.vid"], ["two.vid", "three.vid.yaml"]])
def test_what_is_renamed_is_renamed_in_files_that_are_not_open(folder: Path, opened: list[str]) -> None:
    client = Client(folder, options={"layout": False})
    try:
        for name in opened:
            client.open(name, FILES[name])
        uri = client.open("house.vid", HOUSE)
        wanted = {
            "card": {"house.vid": 1, "one.vid": 1, "two.vid": 1, "three.vid.yaml": 1},
            "words": {"house.vid": 2, "two.vid": 1, "three.vid.yaml": 1},
            "motto": {"house.vid": 1, "one.vid": 1, "two.vid": 1, "three.vid.yaml": 1},
            "brand": {"house.vid": 1, "one.vid": 1},
        }
        for name, places in wanted.items():
            at = client.at(uri, *place(HOUSE, name))
            changes = client.ask("textDocument/rename", {**at, "newName": "fresh"})["changes"]
            found = {Path(uri).name: edits for uri, edits in changes.items()}
            assert {file: len(edits) for file, edits in found.items()} == places
            assert all(span(FILES[file], edit["range"]) == name for file, edits in found.items() for edit in edits)
            named = client.ask("textDocument/references", {**at, "context": {"includeDeclaration": True}})
            assert len(named) == sum(places.values())
    finally:
        client.kill()


def test_symbols_of_the_workspace(folder: Path) -> None:
    client = Client(folder, options={"layout": False})
    try:
        uri = client.open("new.vid", "let motto_two = 1\n")
        found = client.ask("workspace/symbol", {"query": "mot"})
        files = sorted((each["name"], Path(each["location"]["uri"]).name) for each in found)
        assert files == [("motto", "house.vid"), ("motto", "two.vid"), ("motto_two", "new.vid")]
        client.edit(uri, {"text": "let other = 1\n"})
        assert [each["name"] for each in client.ask("workspace/symbol", {"query": "other"})] == ["other"]
        assert len(client.ask("workspace/symbol", {"query": ""})) == 3 + 3 + 4 + 3 + 1
    finally:
        client.kill()


# ------------------------------------------------------------------------------------------------ formatting a part


def applied(text: str, found: list[Replacement]) -> str:
    for each in sorted(found, key=lambda each: each.start, reverse=True):
        text = text[: each.start] + each.text + text[each.end :]
    return text


def test_only_the_items_in_the_range_are_formatted(folder: Path) -> None:
    text = 'talk   "T" {  }\n\nlet   a = 1\nlet   b = 2\nscene  s {\n      wait 1s\n}\n'
    client = Client(folder, options={"layout": False})
    try:
        uri = client.open("work.vid", text)
        line, _ = place(text, "let   b")
        area = {"start": {"line": line, "character": 0}, "end": {"line": line + 1, "character": 0}}
        edits = client.ask(
            "textDocument/rangeFormatting",
            {"textDocument": {"uri": uri}, "range": area, "options": {"tabSize": 4, "insertSpaces": True}},
        )
        assert [(span(text, each["range"]), each["newText"]) for each in edits] == [("let   b = 2", "let b = 2")]
    finally:
        client.kill()


@pytest.mark.parametrize("name", ["talk.vid", "talk.vid.yaml"])
def test_a_part_that_is_formatted_means_what_it_meant(name: str) -> None:
    chance = random.Random(5)
    whole = (ROOT / "examples" / "attention" / "talk.vid").read_text()
    if name.endswith("yaml"):
        whole = convert(whole, "talk.vid", name).text
    for _ in range(25):
        text = whole
        for _ in range(6):  # spaces where they mean nothing
            spots = [at for at in range(len(text)) if text.startswith(("{\n", "= ", ", "), at)]
            at = chance.choice(spots) + 1
            text = text[:at] + " " * chance.randrange(4) + text[at:]
        if parse_file(text, name).diagnostics:
            continue
        start = chance.randrange(len(text))
        end = chance.choice((start, min(len(text), start + 300), len(text)))
        done = applied(text, formatted_part(text, name, start, end))
        assert parse_file(done, name).diagnostics == ()
        assert fmt(done, name).text == fmt(text, name).text
    assert applied(text, formatted_part(text, name, 0, len(text))) == fmt(text, name).text


# ------------------------------------------------------------------------------------------------ tokens that changed


@given(st.lists(st.integers(0, 3)), st.lists(st.integers(0, 3)))
def test_an_edit_of_numbers_makes_one_list_the_other(before: list[int], after: list[int]) -> None:
    made = list(before)
    for each in tokens_edit(before, after):
        made[each.start : each.start + each.delete_count] = each.data or ()
    assert made == after


def test_tokens_are_told_as_what_changed(folder: Path) -> None:
    client = Client(folder, options={"layout": False})
    try:
        uri = client.open("one.vid", ONE)
        document: dict[str, Any] = {"textDocument": {"uri": uri}}
        first = client.ask("textDocument/semanticTokens/full", document)
        text = ONE.replace("scene a", "let b = 1\nscene a")
        client.edit(uri, {"text": text})
        known = {**document, "previousResultId": first["resultId"]}
        told = client.ask("textDocument/semanticTokens/full/delta", known)
        data = list(first["data"])
        for each in told["edits"]:
            data[each["start"] : each["start"] + each["deleteCount"]] = each.get("data") or []
        again = client.ask("textDocument/semanticTokens/full", document)
        assert data == again["data"] != first["data"]
        lost = client.ask("textDocument/semanticTokens/full/delta", {**document, "previousResultId": "long ago"})
        assert lost["data"] == data
        same = client.ask("textDocument/semanticTokens/full/delta", {**document, "previousResultId": lost["resultId"]})
        assert same["edits"] == []
    finally:
        client.kill()
