"""The World of an editor: the disk, with the open buffers laid over it."""

from __future__ import annotations

import os
from collections import OrderedDict

from pvc.compiler.digest import digest_bytes
from pvc.compiler.disk import DiskWorld

MOST = 64 * 1024 * 1024
"""Bytes of results that are remembered."""


class OverlayWorld(DiskWorld):
    """Reads what is open from memory, everything else from the disk. Of the results that it is given it remembers those
    asked for last: an editor is open for days, and every version of a formula has a picture of its own."""

    def __init__(self, most: int = MOST) -> None:
        super().__init__(self._known, self._keep)
        self._most = most
        self._held = 0
        self._results: OrderedDict[str, bytes] = OrderedDict()
        self._open: dict[str, tuple[bytes, str]] = {}
        self._bytes: dict[str, bytes] = {}

    def _known(self, key: str) -> bytes | None:
        found = self._results.get(key)
        if found is not None:
            self._results.move_to_end(key)
        return found

    def _keep(self, key: str, value: bytes) -> None:
        self._held += len(value) - len(self._results.pop(key, b""))
        self._results[key] = value
        while self._held > self._most and len(self._results) > 1:
            _, oldest = self._results.popitem(last=False)
            self._held -= len(oldest)

    def lay(self, path: str, text: str) -> None:
        """From now on ``path`` holds ``text``."""
        data = text.encode("utf-8")
        key = _key(path)
        self.lift(path)
        digest = digest_bytes(data)
        self._open[key] = (data, digest)
        self._bytes[digest] = data

    def lift(self, path: str) -> None:
        """``path`` is as it is on the disk again."""
        before = self._open.pop(_key(path), None)
        if before is not None and all(digest != before[1] for _, digest in self._open.values()):
            self._bytes.pop(before[1], None)

    def read(self, path: str) -> bytes:
        found = self._open.get(_key(path))
        return found[0] if found is not None else super().read(path)

    def digest(self, path: str) -> str:
        found = self._open.get(_key(path))
        return found[1] if found is not None else super().digest(path)

    def blob(self, digest: str) -> bytes:
        found = self._bytes.get(digest)
        return found if found is not None else super().blob(digest)


def _key(path: str) -> str:
    return os.path.normcase(os.path.abspath(path)) if "\0" not in path else path
