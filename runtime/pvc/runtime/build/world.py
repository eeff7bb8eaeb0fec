"""The compiler's view of the disk during a build: files, and the memo in the store.

Every look at a file is noted (`Seen`), the ones that found nothing too, so that the next build can tell by a stat
whether it would see the same. A file is read once: what one phase saw is what the next one sees, even if an editor
saves in between (the note then differs from the disk, and the next build starts anew).
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pvc.compiler.digest import digest_bytes
from pvc.compiler.disk import missing
from pvc.compiler.world import Unreadable
from pvc.runtime.store.blobs import file_digest

if TYPE_CHECKING:
    from pvc.runtime.store.store import Store

LARGEST = 256 * 1024 * 1024
"""Bytes of the largest file that is read as a whole."""
RACY = 2_000_000_000
"""Nanoseconds: file systems count modification times in steps of up to this (FAT). A file that was changed less than
that before it was read may change again under the same time, so its stat proves nothing (git's racy index entries)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a path was when it was looked at: a file with ``digest``, ``size``, ``changed`` (mtime, ns), ``inode``; or
    none (``digest`` None), for ``reason``. ``trusted``: an equal stat proves equal bytes."""

    path: str
    digest: str | None
    size: int = 0
    changed: int = 0
    inode: int = 0
    trusted: bool = False
    reason: str = ""


def _reason(error: OSError, path: str) -> str:
    if isinstance(error, FileNotFoundError):
        return missing(path)
    if isinstance(error, NotADirectoryError):
        return "there is no such file"
    if isinstance(error, PermissionError):
        return "reading it is not permitted"
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    return (error.strerror or str(error)).lower()


def look(path: str, largest: int = LARGEST) -> tuple[Seen, bytes | None]:
    """Reads a file and notes what it was. The bytes are None where it cannot be had (or is larger than ``largest``)."""
    now = time.time_ns()
    try:
        if "\0" in path:
            return Seen(path, None, reason="its name holds a zero byte"), None
        with open(path, "rb", buffering=0, opener=_open_plain) as file:
            status = os.fstat(file.fileno())
            if stat.S_ISDIR(status.st_mode):
                return Seen(path, None, reason="it is a folder"), None
            if not stat.S_ISREG(status.st_mode):
                return Seen(path, None, reason="it is no regular file"), None
            if status.st_size > largest:
                reason = f"it is larger than {largest >> 20} MB"
                return Seen(path, None, status.st_size, status.st_mtime_ns, status.st_ino, reason=reason), None
            data = file.readall() or b""
    except (OSError, ValueError) as error:
        reason = _reason(error, path) if isinstance(error, OSError) else str(error)
        return Seen(path, None, reason=reason), None
    trusted = status.st_mtime_ns < now - RACY and len(data) == status.st_size
    seen = Seen(path, digest_bytes(data), len(data), status.st_mtime_ns, status.st_ino, trusted)
    return seen, data


def _open_plain(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a named pipe must not hang the compiler


def unchanged(seen: Seen, output: bool = False) -> Seen | None:
    """The note, brought up to date, where the path still is what it was; None where it is not."""
    try:
        status = os.stat(seen.path)
    except (OSError, ValueError):
        return seen if seen.digest is None and not seen.inode else None
    same = (status.st_size, status.st_mtime_ns, status.st_ino) == (seen.size, seen.changed, seen.inode)
    if seen.trusted and same:
        return seen
    if seen.digest is not None and status.st_size != seen.size:
        return None
    now = look_at_output(seen.path) if output else look(seen.path)[0]
    return now if now.digest == seen.digest and now.reason == seen.reason else None


def look_at_output(path: str) -> Seen:
    """Notes a file of any size without holding it in memory."""
    now = time.time_ns()
    try:
        status = os.stat(path)
        digest = file_digest(Path(path))
    except OSError as error:
        return Seen(path, None, reason=_reason(error, path))
    trusted = status.st_mtime_ns < now - RACY
    return Seen(path, digest, status.st_size, status.st_mtime_ns, status.st_ino, trusted)


class TracedWorld:
    """Files of the disk, and the memo of ``store`` (None: nothing is kept). Paths as given are relative to the working
    folder. `seen` tells all that was looked at."""

    def __init__(self, store: Store | None, texts: Mapping[str, str] | None = None) -> None:
        """``texts``: what some files (by path) hold instead of what is on the disk."""
        self._store = store
        self._texts = {os.path.abspath(path): text.encode() for path, text in (texts or {}).items()}
        self._seen: dict[str, Seen] = {}
        self._bytes: dict[str, bytes] = {}
        self._by_digest: dict[str, bytes] = {}

    def _load(self, path: str) -> Seen:
        full = os.path.abspath(path)
        seen = self._seen.get(full)
        if seen is None:
            data: bytes | None = self._texts.get(full)
            if data is not None:
                seen = Seen(full, digest_bytes(data), len(data))
            else:
                seen, data = look(full)
            self._seen[full] = seen
            if data is not None and seen.digest is not None:
                self._bytes[full] = self._by_digest.setdefault(seen.digest, data)
        return seen

    def read(self, path: str) -> bytes:
        seen = self._load(path)
        if seen.digest is None:
            raise Unreadable(path, seen.reason)
        return self._bytes[seen.path]

    def digest(self, path: str) -> str:
        seen = self._load(path)
        if seen.digest is None:
            raise Unreadable(path, seen.reason)
        return seen.digest

    def blob(self, digest: str) -> bytes:
        return self._by_digest[digest]

    def recall(self, key: str) -> bytes | None:
        return None if self._store is None else self._store.recall(key)

    def remember(self, key: str, value: bytes) -> None:
        if self._store is not None:
            self._store.remember(key, value)

    def seen(self) -> tuple[Seen, ...]:
        """Everything that was looked at, by full path."""
        return tuple(sorted(self._seen.values(), key=lambda seen: seen.path))
