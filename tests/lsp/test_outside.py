"""Files that change behind the editor's back: edited by others, renamed, deleted, another branch checked out."""

from __future__ import annotations

import fnmatch
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lsp.client import Client

HOUSE = 'let motto = "Stay curious"\n'
TALK = """talk "One" { }
use "house.vid"
data cost = csv("cost.csv") { layer: text, price: number }
scene a "A" {
  say "Hello there." { show text(house.motto) }
  say "Costs." { show table(cost, columns: ["layer"]) }
}
"""
COST = "layer,price\na,1\nb,2\n"
WATCHES: dict[str, Any] = {
    "workspace": {
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "inlayHint": {"refreshSupport": True},
        "semanticTokens": {"refreshSupport": True},
    }
}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    (tmp_path / "house.vid").write_text(HOUSE)
    (tmp_path / "cost.csv").write_text(COST)
    (tmp_path / "talk.vid").write_text(TALK)
    made = Client(tmp_path, options={"layout": False}, capabilities=WATCHES)
    yield made
    made.kill()
    assert b"Traceback" not in b"".join(made.log), b"".join(made.log).decode()


def said(client: Client, uri: str) -> list[str]:
    """Codes of what is told about the document after the files changed."""
    client.notes.clear()
    client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": client.uri("x"), "type": 2}]})
    return [each["code"] for each in client.diagnostics(uri)]


def test_the_client_is_asked_to_watch_what_talks_are_made_of(client: Client) -> None:
    client.ask("workspace/symbol", {"query": ""})
    asked = [each for each in client.notes if each.get("method") == "client/registerCapability"]
    (registered,) = asked[0]["params"]["registrations"]
    assert registered["method"] == "workspace/didChangeWatchedFiles"
    (watcher,) = registered["registerOptions"]["watchers"]
    ends = watcher["globPattern"].partition("{")[2].rstrip("}").split(",")
    for name in ("a.vid", "b.vid.yaml", "paper/main.tex", "data/x.csv", "pvc.toml", "clip.mp4", "font.otf", "ding.wav"):
        assert any(fnmatch.fnmatch(name, f"*.{end}") for end in ends), name


def test_files_that_others_change(client: Client, tmp_path: Path) -> None:
    uri = client.open("talk.vid", TALK)
    assert client.diagnostics(uri) == []
    (tmp_path / "cost.csv").write_text("layer,price\na,cheap\n")
    assert said(client, uri) != []
    (tmp_path / "cost.csv").write_text(COST)
    assert said(client, uri) == []
    (tmp_path / "house.vid").rename(tmp_path / "home.vid")
    assert said(client, uri) != []
    (tmp_path / "home.vid").rename(tmp_path / "house.vid")
    assert said(client, uri) == []
    (tmp_path / "house.vid").write_text("let slogan = 1\n")  # another branch
    (tmp_path / "cost.csv").unlink()
    assert len(said(client, uri)) >= 2
    (tmp_path / "house.vid").write_text(HOUSE)
    (tmp_path / "cost.csv").write_text(COST)
    assert said(client, uri) == []
    (tmp_path / "house.vid").unlink()
    (tmp_path / "house.vid").mkdir()
    assert said(client, uri) != []


def test_what_is_open_counts_until_it_is_closed(client: Client, tmp_path: Path) -> None:
    uri = client.open("talk.vid", TALK)
    house = client.open("house.vid", HOUSE)
    assert client.diagnostics(uri) == []
    client.edit(house, {"text": "let slogan = 1\n"})
    assert eventually(client, uri, lambda codes: codes != []), "what is not saved counts as well"
    asked = {each.get("method") for each in client.notes}
    assert {"workspace/inlayHint/refresh", "workspace/semanticTokens/refresh"} <= asked
    (tmp_path / "house.vid").write_text("let nothing = 1\n")
    client.edit(house, {"text": HOUSE})
    assert eventually(client, uri, lambda codes: codes == [])
    client.tell("textDocument/didClose", {"textDocument": {"uri": house}})
    assert eventually(client, uri, lambda codes: codes != []), "what is on the disk counts again"
    (tmp_path / "house.vid").write_text(HOUSE)
    client.tell("textDocument/didSave", {"textDocument": {"uri": uri}})
    assert eventually(client, uri, lambda codes: codes == [])


def eventually(client: Client, uri: str, right: Any) -> bool:
    """Whether what is told about a document comes to be right."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        client.ask("textDocument/foldingRange", {"textDocument": {"uri": uri}})
        if right([each["code"] for each in client.diagnostics(uri)]):
            return True
        time.sleep(0.05)
    return False


def test_who_asks_something_right_after_an_edit_is_told_of_its_findings_as_well(client: Client) -> None:
    uri = client.open("talk.vid", TALK)
    assert client.diagnostics(uri) == []
    for text, codes in ((TALK.replace("text(", "tezt("), ["PVC0208"]), (TALK, [])):
        client.edit(uri, {"text": text})
        client.ask("textDocument/semanticTokens/full", {"textDocument": {"uri": uri}})
        assert [each["code"] for each in client.diagnostics(uri)] == codes
