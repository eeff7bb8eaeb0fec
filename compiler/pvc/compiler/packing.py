"""msgpack with its true type: `packb` returns bytes, whatever the stubs of a version say."""

from __future__ import annotations

import msgpack


def packed(value: object) -> bytes:
    """The msgpack bytes of plain data. Raises TypeError for what has none."""
    data: bytes | None = msgpack.packb(value, use_bin_type=True)
    assert data is not None
    return data
