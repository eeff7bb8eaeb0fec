"""What a program painted, kept: its frames without loss and how many there are in a second, for any painter to show."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgpack
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pvc.compiler.packing import packed
from pvc.runtime.backends.interface import Frame
from pvc.runtime.build import lossless
from pvc.runtime.errors import EngineError

MAGIC = b"PVCREEL\n"
_EARLY = 0.01
"""Frames by which a time may fall short of one and still mean it."""
_OPEN = 2
Pixels = NDArray[np.uint8]


def pack(frames: Iterable[Frame], size: tuple[int, int], fps: tuple[int, int], most: int) -> tuple[bytes, int]:
    """Frames as bytes, and how many there were. Raises `lossless.TooLarge` where they are more than ``most`` bytes."""
    data, count = lossless.pack(frames, size, most)
    return MAGIC + packed((*size, *fps, count, data)), count


class Reel:
    """Opened bytes of `pack`. `at` gives frames; asking in order is cheap."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC):
            raise EngineError("PVC0844", "what a program painted was not kept whole", "run the build again")
        width, height, numerator, denominator, self.count, self._data = msgpack.unpackb(data[len(MAGIC) :])
        self.size = width, height
        self._rate = numerator / denominator
        self._frames: Iterator[Frame] = iter(())
        self._number = -1
        self._pixels: Pixels = np.zeros((height, width, 4), np.uint8)

    def at(self, seconds: float) -> Pixels:
        """What is seen ``seconds`` from the start: premultiplied RGBA, of its own size; changed by the next call."""
        wanted = min(self.count - 1, max(0, int(seconds * self._rate + _EARLY)))
        if seconds * self._rate > self.count - 2 + _EARLY:
            wanted = self.count - 1  # the last stands at the very end, which need not lie on the grid
        if wanted < self._number or self._number < 0:
            self._frames, self._number = lossless.unpack(self._data), -1
        while self._number < wanted:
            self._pixels = next(self._frames).pixels
            self._number += 1
        return self._pixels


_reels: OrderedDict[Path, Reel] = OrderedDict()
_lock = threading.Lock()


def frame_at(path: Path, seconds: float, width: int, height: int) -> Pixels:
    """The frame seen at a time, scaled to a size; a copy."""
    with _lock:
        reel = _reels.pop(path, None)
        if reel is None:
            while len(_reels) >= _OPEN:
                _reels.popitem(last=False)
            reel = Reel(path.read_bytes())
        _reels[path] = reel
        pixels = reel.at(seconds)
        if reel.size == (width, height):
            return pixels.copy()
        whole = Image.frombuffer("RGBa", reel.size, pixels.tobytes(), "raw", "RGBa", 0, 1)
    shrinks = width < reel.size[0] or height < reel.size[1]
    scaled: Pixels = np.array(
        whole.resize((width, height), Image.Resampling.LANCZOS if shrinks else Image.Resampling.BICUBIC), np.uint8
    )
    np.minimum(scaled[..., :3], scaled[..., 3:], out=scaled[..., :3])
    return scaled
