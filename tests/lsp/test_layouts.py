"""Findings about pictures, which come when nobody types."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import psutil

from lsp.client import Client
from pvc.runtime.build.inspect import inspect
from pvc.runtime.build.request import Request

TALK = """talk "T" { }
scene one "One" {
  say "Hello there, all of you."
  show heading("A heading that is fine")
}
scene two "Two" {
  say "This stands where nobody sees it."
  show text("Here it stands, and nobody can read it.", color: theme.rule)
}
"""


def codes(found: list[dict[str, Any]]) -> set[str]:
    return {str(each["code"]) for each in found}


def later(client: Client, uri: str, code: str, version: int, seconds: float = 60) -> list[dict[str, Any]]:
    """The findings about a version, once they hold a code."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = client.diagnostics(uri, version, seconds)
        if code in codes(found):
            return found
        client.notes.append(client._get(end))
    raise AssertionError(f"{code} never came: {found}")


def test_layouts_are_told_as_check_tells_them(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK)
    said = inspect(Request(tmp_path / "talk.vid", tmp_path / "cache"), layout=True).diagnostics
    wanted = sorted(each.code for each in said if each.code.startswith("PVC05"))
    assert wanted
    client = Client(tmp_path)
    try:
        uri = client.open("talk.vid", TALK)
        found = later(client, uri, wanted[0], 1)
        assert sorted(each["code"] for each in found if str(each["code"]).startswith("PVC05")) == wanted
        mended = TALK.replace(", color: theme.rule", "")
        version = client.edit(uri, {"text": mended})
        assert not codes(client.diagnostics(uri, version)) & set(wanted)
        version = client.edit(uri, {"text": "\n\n" + TALK})
        moved = later(client, uri, wanted[0], version)
        lines = [one["range"]["start"]["line"] for one in (found, moved) for one in one if one["code"] == wanted[0]]
        assert lines[1] == lines[0] + 2
        children = psutil.Process(client.process.pid).children()
        assert len(children) == 1
        client.process.kill()
        children[0].wait(10)  # nothing is left behind
    finally:
        client.kill()


def test_who_does_not_want_layouts_pays_nothing(tmp_path: Path) -> None:
    client = Client(tmp_path)
    try:
        client.tell("workspace/didChangeConfiguration", {"settings": {"pvc": {"layout": False}}})
        uri = client.open("talk.vid", TALK)
        client.diagnostics(uri)
        time.sleep(1.5)
        assert psutil.Process(client.process.pid).children() == []
    finally:
        client.kill()


def test_a_client_that_asks_is_told_to_ask_again(tmp_path: Path) -> None:
    pulls = {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}}
    client = Client(tmp_path, capabilities=pulls)
    try:
        uri = client.open("talk.vid", TALK)
        asked = {"textDocument": {"uri": uri}}
        first = client.ask("textDocument/diagnostic", asked)  # at once: the server need not check it again
        assert not any(code.startswith("PVC05") for code in codes(first["items"]))
        end = time.monotonic() + 60
        while not any(note.get("method") == "workspace/diagnostic/refresh" for note in client.notes):
            client.notes.append(client._get(end))
        again = client.ask("textDocument/diagnostic", {**asked, "previousResultId": first["resultId"]})
        assert any(code.startswith("PVC05") for code in codes(again["items"]))
    finally:
        client.kill()


def test_a_client_that_cannot_be_told_to_ask_again_is_sent_all_findings(tmp_path: Path) -> None:
    """Neovim 0.11 asks after each edit and never else: what layouts say came too late for it."""
    client = Client(tmp_path, start=False)
    try:
        said = {"processId": None, "rootUri": tmp_path.as_uri(), "capabilities": {"textDocument": {"diagnostic": {}}}}
        assert "diagnosticProvider" not in client.ask("initialize", said)["capabilities"]
        client.tell("initialized", {})
        uri = client.open("talk.vid", TALK)
        assert not any(code.startswith("PVC05") for code in codes(client.diagnostics(uri)))
        end = time.monotonic() + 60
        while not any(code.startswith("PVC05") for code in codes(client.diagnostics(uri))):
            client.notes.append(client._get(end))
    finally:
        client.kill()
