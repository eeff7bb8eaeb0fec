"""Clients that err, die, or say things in an odd order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from lsp.client import ROOT, Client, place
from pvc.compiler.check import check
from pvc.lsp.analysis import Analyser
from pvc.lsp.overlay import OverlayWorld
from pvc.lsp.positions import LineIndex

TALK = (ROOT / "examples" / "attention" / "talk.vid").read_text()
ASKED = ("hover", "completion", "definition", "signatureHelp", "prepareRename", "documentSymbol", "documentLink")


def test_documents_that_are_not_open_have_no_answers(client: Client) -> None:
    for name in ASKED:
        assert client.ask(f"textDocument/{name}", client.at("file:///nowhere.vid", 3, 4)) is None
    client.tell("textDocument/didClose", {"textDocument": {"uri": "file:///nowhere.vid"}})
    client._versions["file:///nowhere.vid"] = 1
    client.edit("file:///nowhere.vid", {"text": "x"})
    assert client.stop() == 0


def test_nonsense_is_survived(client: Client) -> None:
    uri = client.open("talk.vid", TALK)
    client.raw(b"{ this is no JSON")
    client.raw(b"[]")
    client.send({"method": "textDocument/didChange", "params": {"wrong": True}})
    assert "error" in client.answer("textDocument/hover", {"position": "here"})
    assert "error" in client.answer("textDocument/hover", {"textDocument": {"uri": uri}, "position": None})
    answer = client.answer("textDocument/nothing", {})
    assert "Traceback" not in str(answer)
    everywhere = ((-1, -1), (0, 10**6), (10**6, 0), (2**31 - 1, 2**31 - 1))
    for line, character in everywhere[1:]:
        client.ask("textDocument/hover", client.at(uri, line, character))
        client.ask("textDocument/completion", client.at(uri, line, character))
    client.edit(uri, {"range": {"start": {"line": 9, "character": 9}, "end": {"line": 2, "character": 0}}, "text": "z"})
    client.edit(uri, {"text": "x" * 1_000_000})
    client.edit(uri, {"text": "[" * 100_000})
    client.edit(uri, {"text": TALK})
    assert client.diagnostics(uri, seconds=60) == []
    assert all("Traceback" not in str(note) for note in client.notes)


def test_requests_before_initialize_and_a_client_that_dies(tmp_path: Path) -> None:
    client = Client(tmp_path, start=False)
    client.answer("textDocument/hover", client.at("file:///x.vid", 0, 0))
    assert client.process.stdin is not None
    client.process.stdin.close()
    assert client.process.wait(10) is not None
    assert client.broken is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_the_encoding_of_positions_is_agreed_on(tmp_path: Path, encoding: str) -> None:
    client = Client(tmp_path, [encoding])
    try:
        assert client.capabilities["positionEncoding"] == encoding
        text = 'talk "T" { }\nscene a "A" {\n  say "𝄞é {there} is." { at thre: show title("x") }\n}\n'
        uri = client.open("t.vid", text)
        found = next(each for each in client.diagnostics(uri) if each["code"] == "PVC0401")
        before = text.split("\n")[2].split("thre:")[0]
        size = {"utf-8": len(before.encode()), "utf-16": place(text, "thre:")[1], "utf-32": len(before)}[encoding]
        assert found["range"]["start"] == {"line": 2, "character": size}
    finally:
        client.kill()


def test_after_any_edits_findings_are_those_of_a_fresh_check(tmp_path: Path) -> None:
    """Pieces of the talk cut out, doubled, moved and broken: the memo never differs from a check without one."""
    source = random.Random(3)
    path = str(ROOT / "examples" / "attention" / "talk.vid")
    world = OverlayWorld()
    analyser = Analyser(path)
    text = TALK
    for version in range(150):
        low = source.randrange(len(text))
        high = min(len(text), low + source.choice((0, 0, 1, 3, 40, 400)))
        new = source.choice(("", "x", "{", "}", '"', "`", "\n", text[high : high + 200], "\nscene b { }\n", "// y\n"))
        text = text[:low] + new + text[high:] if source.random() < 0.9 else TALK
        world.lay(path, text)
        found = analyser.run(LineIndex(text), version, world)
        fresh = check(path, world)
        assert found.diagnostics[: len(fresh.diagnostics)] == fresh.diagnostics, text
        if not fresh.ok:
            assert len(found.diagnostics) == len(fresh.diagnostics)
