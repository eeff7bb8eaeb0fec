"""Any messages in any order: the server answers or ignores them, never dies, hangs, or fills the memory."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from lsp.client import ROOT, Client

TALK = (ROOT / "examples" / "attention" / "talk.vid").read_text()
MOST_MEMORY = 500_000_000

POSITIONED = (
    "hover",
    "completion",
    "definition",
    "references",
    "documentHighlight",
    "signatureHelp",
    "prepareRename",
    "rename",
)
WHOLE = (
    "documentSymbol",
    "foldingRange",
    "inlayHint",
    "documentLink",
    "documentColor",
    "colorPresentation",
    "semanticTokens/full",
    "semanticTokens/range",
    "codeAction",
    "codeLens",
    "formatting",
)
PIECES = (
    "",
    "x",
    "{",
    "}",
    '"',
    "`",
    "```",
    "/*",
    "\n",
    "\r\n",
    "𝄞",
    "\ud83d",
    "é",
    "scene s {",
    "at ",
    "tex`\\fr",
    "theme.",
)
NONSENSE: tuple[Any, ...] = (None, True, -1, 2**40, 1.5, "", "x" * 50, [], {}, {"line": "a"}, [[[]]])


class Chaos:
    """Messages that a client might send, good and bad, from one seed."""

    def __init__(self, client: Client, seed: int) -> None:
        self.client = client
        self.source = random.Random(seed)
        self.uris = [
            client.uri("talk.vid"),
            client.uri("a b.vid"),
            client.uri("t.vid.yaml"),
            "untitled:1",
            "nonsense",
            "",
        ]

    def position(self) -> Any:
        source = self.source
        if source.random() < 0.1:
            return source.choice(NONSENSE)
        line, column = source.choice((0, 3, 20, 10**6, -1)), source.choice((0, 5, 60, 10**6, -3))
        return {"line": line, "character": column}

    def area(self) -> Any:
        if self.source.random() < 0.1:
            return self.source.choice(NONSENSE)
        return {"start": self.position(), "end": self.position()}

    def message(self) -> dict[str, Any]:
        source = self.source
        uri = source.choice(self.uris)
        document = {"textDocument": {"uri": uri}}
        chosen = source.random()
        if chosen < 0.15:
            text = source.choice((TALK, TALK[: source.randrange(len(TALK))], "", "\x00", "[" * 3000, "- kind: talk\n"))
            item = {"uri": uri, "languageId": "vid", "version": source.randrange(-2, 9), "text": text}
            return {"method": "textDocument/didOpen", "params": {"textDocument": item}}
        if chosen < 0.45:
            changes: list[Any] = []
            for _ in range(source.randrange(3)):
                change: dict[str, Any] = {"text": source.choice((*PIECES, TALK))}
                if source.random() < 0.8:
                    change["range"] = self.area()
                changes.append(change)
            item = {"uri": uri, "version": source.randrange(-2, 9)}
            return {"method": "textDocument/didChange", "params": {"textDocument": item, "contentChanges": changes}}
        if chosen < 0.5:
            return {"method": source.choice(("textDocument/didClose", "textDocument/didSave")), "params": document}
        if chosen < 0.55:
            method = source.choice(
                ("workspace/didChangeWatchedFiles", "workspace/didChangeConfiguration", "initialized")
            )
            return {"method": method, "params": source.choice(({"changes": []}, {"settings": {"pvc": 3}}, *NONSENSE))}
        if chosen < 0.6:
            return {"method": "$/cancelRequest", "params": {"id": source.choice((1, 99, "x", None))}}
        if chosen < 0.65:
            return {"id": source.randrange(10**6), "method": source.choice(("nothing", "", "$/x")), "params": {}}
        if chosen < 0.7:
            return {"id": source.choice((None, "same", 7)), "result": source.choice(NONSENSE)}
        name = source.choice((*POSITIONED, *WHOLE))
        params: Any = {
            **document,
            "position": self.position(),
            "range": self.area(),
            "newName": source.choice(("x", "", "a b", "\ud83d")),
            "context": {"includeDeclaration": True, "diagnostics": []},
            "options": {"tabSize": 2, "insertSpaces": True},
            "color": {"red": 2, "green": -1, "blue": 0.5, "alpha": 1},
        }
        if source.random() < 0.1:
            params = source.choice(NONSENSE)
        return {"id": source.randrange(10**6), "method": f"textDocument/{name}", "params": params}

    def send(self) -> None:
        if self.source.random() < 0.03:
            self.client.raw(self.source.choice((b"{", b"[]", b"null", b"\xff\xfe", b'{"jsonrpc": "1.0"}', b"")))
            return
        self.client.raw(json.dumps({"jsonrpc": "2.0", **self.message()}).encode("utf-8", "surrogatepass"))


def sane(client: Client, uri: str, seconds: float) -> None:
    """The server is there, knows a good talk, has no more memory than it may, and has said nothing of bugs."""
    client.notes.clear()
    client.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    client.open("talk.vid", TALK)
    begin = time.monotonic()
    assert client.ask("textDocument/documentSymbol", {"textDocument": {"uri": uri}}, seconds)
    assert time.monotonic() - begin < seconds
    assert client.broken is None
    assert psutil.Process(client.process.pid).memory_info().rss < MOST_MEMORY
    said = b"".join(client.log).decode(errors="replace")
    assert "Traceback" not in said, said


def storm(folder: Path, seed: int, messages: int) -> None:
    client = Client(folder)
    try:
        chaos = Chaos(client, seed)
        for number in range(messages):
            chaos.send()
            if number % 40 == 39:
                sane(client, chaos.uris[0], 20)
        sane(client, chaos.uris[0], 20)
        assert client.stop() == 0
    finally:
        client.kill()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_storm_of_messages(tmp_path: Path, seed: int) -> None:
    storm(tmp_path, seed, 120)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 30))
def test_many_storms_of_messages(tmp_path: Path, seed: int) -> None:
    storm(tmp_path, seed, 1_500)


def test_messages_before_initialize_and_after_shutdown(tmp_path: Path) -> None:
    client = Client(tmp_path, start=False)
    chaos = Chaos(client, 5)
    for _ in range(30):
        chaos.send()
    client.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    client.tell("initialized", {})
    sane(client, chaos.uris[0], 20)
    client.ask("shutdown", None)
    for _ in range(30):
        chaos.send()
    client.tell("exit", None)
    assert client.process.wait(10) is not None
    assert b"Traceback" not in b"".join(client.log)


def test_a_client_that_no_longer_listens(tmp_path: Path) -> None:
    client = Client(tmp_path)
    uri = client.open("talk.vid", TALK)
    client.diagnostics(uri)
    assert client.process.stdout is not None
    assert client.process.stdin is not None
    client.process.stdin.close()  # it dies in the middle of a talk
    assert client.process.wait(10) is not None


def test_half_of_a_message_and_then_nothing(tmp_path: Path) -> None:
    client = Client(tmp_path)
    assert client.process.stdin is not None
    client.process.stdin.write(b"Content-Length: 1000\r\n\r\n{")
    client.process.stdin.close()
    assert client.process.wait(10) is not None
    assert b"Traceback" not in b"".join(client.log)


def test_versions_in_any_order_and_large_texts(tmp_path: Path) -> None:
    client = Client(tmp_path)
    try:
        uri = client.open("talk.vid", TALK)
        for version in (7, 3, 3, -1, 2**31 - 1):
            client.tell(
                "textDocument/didChange",
                {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": TALK + "\n" * version}]}
                if 0 <= version < 100
                else {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": TALK}]},
            )
            client._versions[uri] = version
            client.diagnostics(uri, version)
        client.edit(uri, {"text": ("let a = 1\n" * 1_000) * 100})
        client.edit(uri, {"text": "{" * 1_000_000})
        sane(client, uri, 60)
    finally:
        client.kill()
