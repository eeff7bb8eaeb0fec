"""Findings on request: of documents, and of files that nobody has opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lsp.client import Client

TALK = 'talk "T" { }\nuse "./brand.vid" as brand\nscene a "A" {\n  say "Hi there." { show title(brand.motto) }\n}\n'
BRAND = 'let motto = "Look twice"\n'
WRONG = 'talk "W" { }\nscene a "A" {\n  say "Hi {here}." { at her: show title("x") }\n}\n'
PULLS: dict[str, Any] = {
    "textDocument": {"diagnostic": {}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "talk.vid").write_text(TALK)
    (tmp_path / "brand.vid").write_text(BRAND)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "wrong.vid").write_text(WRONG)
    (tmp_path / "inner" / "twin.vid.yaml").write_text("vid: 1\nitems:\n- kind: sceen\n")
    (tmp_path / "inner" / "other.yaml").write_text("a: [\n")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "bad.vid").write_text("{{{{")
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[Client]:
    made = Client(folder, capabilities=PULLS)
    yield made
    made.kill()
    assert b"Traceback" not in b"".join(made.log), b"".join(made.log).decode()


def workspace(client: Client, previous: dict[str, str] | None = None) -> dict[str, dict[str, Any]]:
    ids = [{"uri": uri, "value": value} for uri, value in (previous or {}).items()]
    found = client.ask("workspace/diagnostic", {"identifier": "pvc", "previousResultIds": ids})
    return {os.path.relpath(each["uri"], client.folder.as_uri()): each for each in found["items"]}


def codes(report: dict[str, Any]) -> list[str]:
    return [each["code"] for each in report["items"]]


def test_every_file_of_the_workspace_is_checked(client: Client) -> None:
    found = workspace(client)
    assert set(found) == {"talk.vid", "brand.vid", "inner/wrong.vid", "inner/twin.vid.yaml"}
    assert codes(found["talk.vid"]) == codes(found["brand.vid"]) == []
    assert "PVC0401" in codes(found["inner/wrong.vid"])
    assert "PVC0121" in codes(found["inner/twin.vid.yaml"])
    before = {each["uri"]: each["resultId"] for each in found.values()}
    again = workspace(client, before)
    assert {each["kind"] for each in again.values()} == {"unchanged"}
    # A module changes on the disk: so does what is said about the talk that uses it. Another file is gone.
    (client.folder / "brand.vid").write_text('let slogan = "Look twice, and again"\n')
    (client.folder / "inner" / "wrong.vid").unlink()
    client.tell(
        "workspace/didChangeWatchedFiles",
        {"changes": [{"uri": client.uri("brand.vid"), "type": 2}, {"uri": client.uri("inner/wrong.vid"), "type": 3}]},
    )
    changed = workspace(client, before)
    assert "PVC0211" in codes(changed["talk.vid"])
    assert codes(changed["inner/wrong.vid"]) == []
    assert changed["inner/twin.vid.yaml"]["kind"] == "unchanged"


def test_a_document_is_asked_about_and_not_told_of(client: Client) -> None:
    uri = client.open("talk.vid", TALK.replace("motto", "moto"))
    asked = {"textDocument": {"uri": uri}}
    found = client.ask("textDocument/diagnostic", asked)
    assert codes(found) == ["PVC0211"]
    same = client.ask("textDocument/diagnostic", {**asked, "previousResultId": found["resultId"]})
    assert (same["kind"], same["resultId"]) == ("unchanged", found["resultId"])
    client.edit(uri, {"text": TALK})
    assert codes(client.ask("textDocument/diagnostic", {**asked, "previousResultId": found["resultId"]})) == []
    assert "talk.vid" not in workspace(client)
    assert codes(client.ask("textDocument/diagnostic", {"textDocument": {"uri": "file:///nowhere.vid"}})) == []
    told = [note["params"]["uri"] for note in client.notes if note["method"] == "textDocument/publishDiagnostics"]
    assert uri not in told


def test_a_module_that_is_edited_has_the_client_ask_again(client: Client) -> None:
    uri = client.open("talk.vid", TALK)
    assert codes(client.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})) == []
    module = client.open("brand.vid", BRAND)
    client.ask("textDocument/diagnostic", {"textDocument": {"uri": module}})
    client.notes.clear()
    client.edit(module, {"text": BRAND.replace("motto", "slogan")})
    for _ in range(50):
        client.ask("textDocument/foldingRange", {"textDocument": {"uri": module}})
        if any(note.get("method") == "workspace/diagnostic/refresh" for note in client.notes):
            break
    assert any(note.get("method") == "workspace/diagnostic/refresh" for note in client.notes)
    assert codes(client.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})) == ["PVC0211"]


def test_who_asks_before_opening_is_told_to_ask_again(client: Client) -> None:
    uri = client.uri("talk.vid")
    asked = {"textDocument": {"uri": uri}}
    assert codes(client.ask("textDocument/diagnostic", asked)) == []
    client.open("talk.vid", TALK.replace("motto", "moto"))
    client.ask("textDocument/foldingRange", asked)
    assert any(note.get("method") == "workspace/diagnostic/refresh" for note in client.notes)
    assert codes(client.ask("textDocument/diagnostic", asked)) == ["PVC0211"]


def test_a_client_that_does_not_ask_is_told_of_dependents(folder: Path) -> None:
    client = Client(folder)
    try:
        uri = client.open("talk.vid", TALK)
        assert client.diagnostics(uri) == []
        client.notes.clear()
        client.open("brand.vid", BRAND.replace("motto", "slogan"))
        assert [each["code"] for each in client.diagnostics(uri)] == ["PVC0211"]
    finally:
        client.kill()


def whole(client: Client) -> dict[str, list[str]]:
    found = client.ask("workspace/diagnostic", {"previousResultIds": []})["items"]
    return {each["uri"].rsplit("/", 1)[1]: [one["code"] for one in each["items"]] for each in found}


def test_files_that_nobody_opened_know_of_buffers_of_missing_files_and_of_levels(client: Client, folder: Path) -> None:
    assert whole(client)["talk.vid"] == []
    brand = client.open("brand.vid", BRAND)
    client.edit(brand, {"text": BRAND.replace("motto", "slogan")})
    assert whole(client)["talk.vid"] != [], "what is not saved counts"
    client.tell("textDocument/didClose", {"textDocument": {"uri": brand}})
    assert whole(client)["talk.vid"] == []

    def changed(name: str) -> None:
        client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": client.uri(name), "type": 2}]})

    (folder / "brand.vid").unlink()
    changed("brand.vid")
    assert whole(client)["talk.vid"] != []
    (folder / "brand.vid").write_text(BRAND)
    changed("brand.vid")
    assert whole(client)["talk.vid"] == [], "the file that was missing is there again"
    (folder / "talk.vid").write_text(TALK.replace("scene a", "let idle = 1\nscene a"))
    changed("talk.vid")
    assert whole(client)["talk.vid"] == ["PVC0701"]
    (folder / "pvc.toml").write_text('[lint]\nunused = "allow"\n')
    changed("pvc.toml")
    assert whole(client)["talk.vid"] == []


def test_a_file_that_is_open_under_two_names_is_what_is_open(client: Client, folder: Path) -> None:
    one = client.open("brand.vid", 'let slogan = "x"\n')
    other = one.replace("brand", "%62rand")
    client.tell(
        "textDocument/didOpen",
        {"textDocument": {"uri": other, "languageId": "vid", "version": 1, "text": 'let slogan = "y"\n'}},
    )
    client.tell("textDocument/didClose", {"textDocument": {"uri": other}})
    talk = client.open("talk.vid", TALK)
    found = client.ask("textDocument/diagnostic", {"textDocument": {"uri": talk}})
    assert found["items"] != [], "the buffer that is still open has no `motto`"
