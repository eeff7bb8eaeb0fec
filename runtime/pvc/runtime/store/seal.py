"""Bytes that are believed only if they are the ones that were written, under the name that they were written under.

Blobs are checked by their digests. What is looked up by a key (a node's record, a remembered layout, a note of the last
build) is not its own name: a disk that rots, a crash of the machine or a hand in the cache could turn it into other
bytes that still make sense, and a film into a wrong one. So a digest of the name and the bytes goes in front of them.
"""

from __future__ import annotations

from blake3 import blake3

_LENGTH = 16


def _check(name: str, data: bytes) -> bytes:
    return blake3(name.encode() + b"\0" + data).digest(_LENGTH)


def sealed(name: str, data: bytes) -> bytes:
    """``data`` as it is kept under ``name``."""
    return _check(name, data) + data


def unsealed(name: str, kept: object) -> bytes | None:
    """What was kept under ``name``; None where these are not the bytes that were."""
    if not isinstance(kept, bytes) or len(kept) < _LENGTH:
        return None
    data = kept[_LENGTH:]
    return data if kept[:_LENGTH] == _check(name, data) else None
