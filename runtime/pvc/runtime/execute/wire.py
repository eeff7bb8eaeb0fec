"""Messages between a build and its workers: a length (4 bytes, big endian) and msgpack."""

from __future__ import annotations

import os
import select
import struct
import time
from typing import Any

import msgpack

from pvc.compiler.packing import packed

_HEAD = struct.Struct(">I")


class Closed(Exception):
    """The other side is gone."""


class Late(Exception):
    """Nothing came in time."""


def write(fd: int, message: object) -> None:
    """Sends one message. Raises Closed."""
    data = packed(message)
    view = memoryview(_HEAD.pack(len(data)) + data)
    try:
        while view:
            view = view[os.write(fd, view) :]
    except OSError as error:
        raise Closed(str(error)) from error


def read(fd: int, timeout: float | None = None) -> Any:
    """The next message, waiting at most ``timeout`` seconds. Raises Closed, Late."""
    until = None if timeout is None else time.monotonic() + timeout
    (length,) = _HEAD.unpack(_exactly(fd, _HEAD.size, until))
    return msgpack.unpackb(_exactly(fd, length, until), use_list=False, raw=False)


def _exactly(fd: int, count: int, until: float | None) -> bytes:
    pieces: list[bytes] = []
    while count:
        if until is not None:
            left = until - time.monotonic()
            if left <= 0 or not select.select([fd], [], [], left)[0]:
                raise Late
        try:
            piece = os.read(fd, min(count, 1 << 20))
        except OSError as error:
            raise Closed(str(error)) from error
        if not piece:
            raise Closed("end of file")
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)
