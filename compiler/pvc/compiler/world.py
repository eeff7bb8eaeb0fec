"""The only way by which the compiler touches the outside. A test, the command line and the language server each bring
their own World; everything above it is pure."""

from __future__ import annotations

from typing import Protocol


class Unreadable(Exception):
    """A file that cannot be had: ``reason`` is a plain sentence (absent, a folder, too large, not permitted)."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class World(Protocol):
    """Files by path, bytes by digest, and a memo of pure results."""

    def read(self, path: str) -> bytes:
        """The bytes of a file; ``path`` is absolute or relative to the working folder. Raises Unreadable."""
        ...

    def digest(self, path: str) -> str:
        """The BLAKE3 digest (hex) of a file's bytes, which `blob` then serves. Raises Unreadable."""
        ...

    def blob(self, digest: str) -> bytes:
        """Bytes seen before by their digest. Raises KeyError where this World never saw them."""
        ...

    def recall(self, key: str) -> bytes | None:
        """A pure result kept under its key by an earlier run, or None. Losing one costs time, never correctness."""
        ...

    def remember(self, key: str, value: bytes) -> None: ...
