"""A small client that drives the real server over its pipes."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PARTS = ("compiler", "runtime", "lsp", "cli")


class Client:
    """``notes`` are the notifications that came; every byte on the server's stdout must belong to a message."""

    def __init__(
        self,
        folder: Path,
        encodings: list[str] | None = None,
        start: bool = True,
        options: dict[str, Any] | None = None,
        capabilities: dict[str, Any] | None = None,
    ) -> None:
        path = os.pathsep.join([*(str(ROOT / part) for part in PARTS), os.environ.get("PYTHONPATH", "")])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pvc.cli.main", "lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": path},
        )
        self.folder = folder
        self.notes: list[dict[str, Any]] = []
        self.broken: str | None = None
        self.log: list[bytes] = []
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._next = 0
        self._versions: dict[str, int] = {}
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._errors, daemon=True).start()
        if start:
            general = {"positionEncodings": encodings} if encodings else {}
            self.capabilities = self.ask(
                "initialize",
                {
                    "processId": os.getpid(),
                    "rootUri": folder.as_uri(),
                    "capabilities": {"general": general, **(capabilities or {})},
                    "workspaceFolders": [{"uri": folder.as_uri(), "name": "talks"}],
                    "initializationOptions": options,
                },
            )["capabilities"]
            self.tell("initialized", {})

    def _errors(self) -> None:
        assert self.process.stderr is not None
        self.log += iter(self.process.stderr)

    def _read(self) -> None:
        stdout = self.process.stdout
        assert stdout is not None
        while True:
            length = None
            while (line := stdout.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name not in (b"Content-Length", b"Content-Type"):
                    self.broken = repr(line)
                if name == b"Content-Length":
                    length = int(value)
            if not line or length is None:
                break
            self._messages.put(json.loads(stdout.read(length)))
        self._messages.put(None)

    def send(self, message: dict[str, Any]) -> None:
        self.raw(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def raw(self, body: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def answer(self, method: str, params: Any, seconds: float = 20) -> dict[str, Any]:
        """The whole response, an error too."""
        self._next += 1
        self.send({"id": self._next, "method": method, "params": params})
        end = time.monotonic() + seconds
        while True:
            message = self._get(end)
            if message.get("id") == self._next and "method" not in message:
                return message
            self.notes.append(message)

    def ask(self, method: str, params: Any, seconds: float = 20) -> Any:
        message = self.answer(method, params, seconds)
        assert "error" not in message, (message, b"".join(self.log).decode())
        return message["result"]

    def _get(self, end: float) -> dict[str, Any]:
        message = self._messages.get(timeout=max(0.01, end - time.monotonic()))
        assert message is not None, (b"".join(self.log)).decode()
        return message

    # ------------------------------------------------------------------------------------------ documents

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str) -> str:
        uri = self.uri(name)
        self._versions[uri] = 1
        self.tell(
            "textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "vid", "version": 1, "text": text}}
        )
        return uri

    def edit(self, uri: str, *changes: dict[str, Any]) -> int:
        self._versions[uri] += 1
        version = self._versions[uri]
        self.tell(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": version}, "contentChanges": list(changes)},
        )
        return version

    def diagnostics(self, uri: str, version: int | None = None, seconds: float = 20) -> list[dict[str, Any]]:
        """The findings about a document (of that version), waiting for them."""
        end = time.monotonic() + seconds
        version = version if version is not None else self._versions.get(uri)
        while True:
            for note in reversed(self.notes):
                params = note.get("params", {})
                if note.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri:
                    if version is None or params.get("version") == version:
                        return list(params["diagnostics"])
                    break
            self.notes.append(self._get(end))

    def at(self, uri: str, line: int, character: int) -> dict[str, Any]:
        return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}

    def stop(self) -> int:
        """Ends the session by the book; the exit code."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        return self.process.wait(10)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def place(text: str, needle: str, behind: bool = False, nth: int = 1) -> tuple[int, int]:
    """Line and column (UTF-16) of the nth time ``needle`` stands in a text, or of its end."""
    at = -1
    for _ in range(nth):
        at = text.index(needle, at + 1)
    at += len(needle) if behind else 0
    line = text.count("\n", 0, at)
    before = text[text.rfind("\n", 0, at) + 1 : at]
    return line, len(before.encode("utf-16-le")) // 2


def span(text: str, area: dict[str, Any]) -> str:
    """The text in an LSP range (UTF-16)."""
    lines = text.split("\n")

    def offset(at: dict[str, int]) -> int:
        line = lines[at["line"]].encode("utf-16-le")[: 2 * at["character"]].decode("utf-16-le")
        return sum(len(each) + 1 for each in lines[: at["line"]]) + len(line)

    return text[offset(area["start"]) : offset(area["end"])]
