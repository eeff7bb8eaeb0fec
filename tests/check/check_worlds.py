"""A World of a few files in memory over a small project on disk (a paper, tables, a picture)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pvc.compiler.check import Checked, check
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.digest import digest_bytes
from pvc.compiler.world import Unreadable

PROJECT = Path(__file__).parent / "project"


class ProjectWorld:
    """``files`` by path; other relative paths are found in ``project``."""

    def __init__(self, files: Mapping[str, str | bytes], project: Path = PROJECT) -> None:
        self._files = {name: data.encode() if isinstance(data, str) else data for name, data in files.items()}
        self._project = project
        self._seen: dict[str, bytes] = {}
        self.memory: dict[str, bytes] = {}

    def read(self, path: str) -> bytes:
        if path in self._files:
            return self._files[path]
        file = self._project / path
        if not file.is_file():
            raise Unreadable(path, "it is a folder" if file.is_dir() else "there is no such file")
        return file.read_bytes()

    def digest(self, path: str) -> str:
        data = self.read(path)
        digest = digest_bytes(data)
        self._seen[digest] = data
        return digest

    def blob(self, digest: str) -> bytes:
        return self._seen[digest]

    def recall(self, key: str) -> bytes | None:
        return self.memory.get(key)

    def remember(self, key: str, value: bytes) -> None:
        self.memory[key] = value


_HAS_TALK = re.compile(r"^talk\b", re.MULTILINE)
TALK = 'talk "T" {\n}\n'


def whole(text: str) -> str:
    """A spec with the talk that an example leaves out, behind it: so that its lines keep their numbers."""
    return text if _HAS_TALK.search(text) else text + TALK


def checked(text: str, **files: str | bytes) -> Checked:
    """What the checker makes of a spec (`a__b` in a file's keyword is `a.b`)."""
    others = {name.replace("__", "."): data for name, data in files.items()}
    return check("talk.vid", ProjectWorld({"talk.vid": whole(text), **others}))


def scene(body: str, before: str = "") -> str:
    """A spec of one scene."""
    return f'{before}\nscene one "One" {{\n{body}\n}}\n'


def codes(result: Checked) -> list[str]:
    return [found.code for found in result.diagnostics]


def only(result: Checked) -> Diagnostic:
    """The one thing said."""
    assert len(result.diagnostics) == 1, [(found.code, found.message) for found in result.diagnostics]
    return result.diagnostics[0]
