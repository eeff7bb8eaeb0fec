"""Frames of one layer kept without loss: for each frame the rectangle that differs from the one before, deflated.

Slides change little and are flat, so run-length deflate at its fastest is small and costs a few milliseconds a frame.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

import msgpack
import numpy as np
from numpy.typing import NDArray

from pvc.compiler.packing import packed
from pvc.runtime.backends.interface import Frame, PixelRect
from pvc.runtime.build.blend import NOWHERE, is_empty
from pvc.runtime.errors import MediaError

MAGIC = b"PVCFRM1\n"


def _differing(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> PixelRect:
    differs = (before.view(np.uint32) != after.view(np.uint32))[..., 0]
    rows = np.flatnonzero(differs.any(axis=1))
    if rows.size == 0:
        return NOWHERE
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(differs[top:bottom].any(axis=0))
    return PixelRect(int(columns[0]), top, int(columns[-1]) + 1, bottom)


class TooLarge(Exception):
    """Frames that are more than was agreed."""


def pack(frames: Iterable[Frame], size: tuple[int, int], most: int | None = None) -> tuple[bytes, int]:
    """Frames of ``size`` as bytes, and how many there were. Raises TooLarge as soon as they are more than ``most``
    bytes."""
    width, height = size
    last = np.zeros((height, width, 4), np.uint8)
    entries: list[tuple[int, int, int, int, bytes]] = []
    total = 0
    for frame in frames:
        rect = NOWHERE
        if frame.changed is None or not is_empty(frame.changed):
            rect = _differing(last, frame.pixels)
        data = b""
        if not is_empty(rect):
            place = slice(rect.top, rect.bottom), slice(rect.left, rect.right)
            last[place] = frame.pixels[place]
            deflate = zlib.compressobj(1, zlib.DEFLATED, -15, 9, zlib.Z_RLE)
            data = deflate.compress(np.ascontiguousarray(last[place]).tobytes()) + deflate.flush()
        entries.append((rect.left, rect.top, rect.right, rect.bottom, data))
        total += len(data)
        if most is not None and total > most:
            raise TooLarge
    return MAGIC + packed((width, height, entries)), len(entries)


def unpack(data: bytes) -> Iterator[Frame]:
    """The frames again, over one buffer. Raises MediaError for bytes that are none."""
    if not data.startswith(MAGIC):
        raise MediaError("PVC0853", "a cached layer is damaged", "run `pvc cache verify` and build again")
    width, height, entries = msgpack.unpackb(memoryview(data)[len(MAGIC) :], raw=False, use_list=False)
    pixels = np.zeros((height, width, 4), np.uint8)
    for number, (left, top, right, bottom, deflated) in enumerate(entries):
        rect = PixelRect(left, top, right, bottom)
        if not is_empty(rect):
            raw = zlib.decompress(deflated, -15)
            pixels[top:bottom, left:right] = np.frombuffer(raw, np.uint8).reshape(bottom - top, right - left, 4)
        yield Frame(pixels, None if number == 0 else rect)
