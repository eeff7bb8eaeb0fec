"""The World of files on a disk, read only. It never writes: the runtime plugs its store into ``recall``/``remember``.

Invariant: what `blob` serves has the digest it was asked for, even if the file changed in between (KeyError then).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from pvc.compiler.digest import digest_bytes
from pvc.compiler.resolve.near import nearest
from pvc.compiler.world import Unreadable

LARGEST = 512 * 1024 * 1024
"""Bytes of the largest file that is read at all; kinds of files have their own, smaller bounds where they are read."""


MOST_NAMES = 5000
"""Names of a folder that are looked through for one that was meant."""


def missing(path: str) -> str:
    """That a file is not there, and which one beside it was most likely meant."""
    folder, name = os.path.split(path)
    names: list[str] = []
    try:
        with os.scandir(folder or ".") as entries:
            names = [entry.name for entry, _ in zip(entries, range(MOST_NAMES), strict=False) if entry.is_file()]
    except (OSError, ValueError):
        return "there is no such file"
    stem, suffix = os.path.splitext(name)
    near = next((each for each in names if each.casefold() == name.casefold()), None)
    if near is None:
        alike = [each for each in names if not each.startswith(".") and each.endswith(suffix)]
        found = nearest(stem, [os.path.splitext(each)[0] for each in alike])
        near = f"{found}{suffix}" if found is not None else None
    return f"there is no such file; `{near}` is there" if near is not None else "there is no such file"


def _reason(error: OSError, path: str) -> str:
    if isinstance(error, FileNotFoundError):
        return missing(path)
    if isinstance(error, NotADirectoryError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    if isinstance(error, PermissionError):
        return "reading it is not permitted"
    return (error.strerror or "it cannot be read").lower()


class DiskWorld:
    """Files by path. A file's digest is computed once for each (path, size, mtime, inode) seen in this process.

    ``recall`` and ``remember`` may be given (the runtime's store); else results are kept in memory.
    """

    def __init__(
        self,
        recall: Callable[[str], bytes | None] | None = None,
        remember: Callable[[str, bytes], None] | None = None,
        largest: int = LARGEST,
    ) -> None:
        self._largest = largest
        self._memory: dict[str, bytes] = {}
        self._recall = recall or self._memory.get
        self._remember = remember or self._memory.__setitem__
        self._digests: dict[tuple[str, int, int, int], str] = {}
        self._paths: dict[str, tuple[str, tuple[str, int, int, int]]] = {}

    def _stat(self, path: str) -> tuple[str, int, int, int]:
        try:
            found = os.stat(path)
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            raise Unreadable(
                path, _reason(error, path) if isinstance(error, OSError) else "no file has such a name"
            ) from None
        if stat.S_ISDIR(found.st_mode):
            raise Unreadable(path, "it is a folder")
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable(path, "it is not a plain file")
        if found.st_size > self._largest:
            raise Unreadable(
                path, f"it is too large ({found.st_size / 1e6:.0f} MB; {self._largest / 1e6:.0f} MB at most)"
            )
        return (os.path.abspath(path), found.st_size, found.st_mtime_ns, found.st_ino)

    def read(self, path: str) -> bytes:
        identity = self._stat(path)
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            raise Unreadable(path, _reason(error, path)) from None
        if len(data) == identity[1]:
            self._note(identity, digest_bytes(data))
        return data

    def _note(self, identity: tuple[str, int, int, int], digest: str) -> None:
        self._digests[identity] = digest
        self._paths[digest] = (identity[0], identity)

    def digest(self, path: str) -> str:
        identity = self._stat(path)
        known = self._digests.get(identity)
        if known is None:
            known = digest_bytes(self.read(path))
            self._note(identity, known)
        return known

    def blob(self, digest: str) -> bytes:
        path, _ = self._paths[digest]
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            raise KeyError(digest) from error
        if digest_bytes(data) != digest:
            raise KeyError(digest)  # the file changed since: its old bytes are gone
        return data

    def recall(self, key: str) -> bytes | None:
        return self._recall(key)

    def remember(self, key: str, value: bytes) -> None:
        self._remember(key, value)
