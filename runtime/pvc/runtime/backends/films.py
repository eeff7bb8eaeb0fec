"""Frames of films that a talk shows, exactly those that its frames ask for, for any painter.

A film is decoded forward, one frame at a time, and nothing of it is kept but the frame that is shown and the one after
it: memory does not grow with its length. Only a step back, or one far ahead, seeks. The frame seen at a time is the
last one that begins no later: exact for any rate, since times are compared on the film's own clock.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pvc.compiler.film import opened
from pvc.compiler.model.display import Rect
from pvc.runtime.errors import EngineError

EARLY = Fraction(1, 20_000)
"""Seconds by which a time may fall short of a frame's and still mean it: times on the talk's grid are rounded. Half a
tick of the film's own clock comes on top: WebM counts in whole milliseconds."""
LAST = 0.002
"""Seconds before the end of a stretch at which its last frame is still seen."""
FAR = Fraction(2)
"""Seconds ahead from which on seeking is likely cheaper than decoding what lies between."""
_OPEN = 2
"""Films that one process keeps open."""


def _unplayable(digest: str, reason: str) -> EngineError:
    return EngineError(
        "PVC0823",
        f"a video could not be decoded ({reason})",
        f"replace the file whose digest begins with {digest[:12]}",
    )


class Film:
    """One open file. `at` gives its frames; asking in order is cheap."""

    def __init__(self, path: Path, digest: str) -> None:
        import av.error
        from av.video import reformatter

        self._reading: Any = reformatter
        self.digest = digest
        try:
            self._container: Any = opened(str(path))
            if not self._container.streams.video:
                raise _unplayable(digest, "it has no picture")
            self._stream: Any = self._container.streams.video[0]
            self._stream.thread_type = "SLICE"
            self._stream.codec_context.thread_count = 1
            self._frames: Iterator[Any] = self._decoded()
            self._now: Any = next(self._frames, None)
        except (av.error.FFmpegError, ValueError) as error:
            raise _unplayable(digest, getattr(error, "strerror", None) or str(error)) from error
        if self._now is None:
            raise _unplayable(digest, "it has no frames")
        self._begin = self._time(self._now)
        self._early = EARLY + Fraction(self._now.time_base) / 2
        self._next: Any = self._following()
        self._reformatter: Any = reformatter.VideoReformatter()
        self._made: tuple[tuple[object, ...], NDArray[np.uint8]] | None = None

    def close(self) -> None:
        self._frames = iter(())
        self._container.close()

    def _decoded(self) -> Iterator[Any]:
        for frame in self._container.decode(self._stream):
            if frame.pts is not None:
                yield frame

    def _time(self, frame: Any) -> Fraction:
        return Fraction(frame.pts) * Fraction(frame.time_base)

    def _following(self) -> Any:
        """The frame after, None behind the last. Damage in the middle of a film ends it there."""
        import av.error

        try:
            return next(self._frames, None)
        except av.error.FFmpegError:
            return None

    def at(self, seconds: float, crop: Rect | None, width: int, height: int) -> NDArray[np.uint8]:
        """The picture seen ``seconds`` from the film's first frame: RGBA, alpha premultiplied, scaled to the size."""
        wanted = self._begin + Fraction(seconds).limit_denominator(1_000_000) + self._early
        if self._time(self._now) > wanted or (self._next is not None and self._time(self._next) + FAR < wanted):
            self._seek(wanted)
        while self._next is not None and self._time(self._next) <= wanted:
            self._now, self._next = self._next, self._following()
        key = (self._now.pts, crop, width, height)
        if self._made is None or self._made[0] != key:
            self._made = (key, self._pixels(crop, width, height))
        return self._made[1]

    def _seek(self, wanted: Fraction) -> None:
        import av.error

        base = Fraction(self._stream.time_base)
        for back in (Fraction(0), Fraction(5), None):  # indexes of some files point behind what they name
            target = self._begin if back is None else max(self._begin, wanted - back)
            try:
                self._container.seek(int(target / base), stream=self._stream, backward=True)
                self._frames = self._decoded()
                first = next(self._frames, None)
            except av.error.FFmpegError as error:
                raise _unplayable(self.digest, getattr(error, "strerror", None) or str(error)) from error
            if first is not None and (self._time(first) <= wanted or back is None):
                self._now, self._next = first, self._following()
                return
        raise _unplayable(self.digest, "it cannot be searched")

    def _pixels(self, crop: Rect | None, width: int, height: int) -> NDArray[np.uint8]:
        frame = self._now
        turned = round(frame.rotation / 90) * 90 % 360  # counterclockwise, as numpy turns
        across, down = (frame.height, frame.width) if turned in (90, 270) else (frame.width, frame.height)
        shown = crop or Rect(0.0, 0.0, float(across), float(down))
        wide, high = math.ceil(across * width / shown.width), math.ceil(down * height / shown.height)
        flat = (high, wide) if turned in (90, 270) else (wide, high)
        made = self._reformatter.reformat(frame, *flat, format="rgba", **self._colors(frame))
        pixels: NDArray[np.uint8] = made.to_ndarray()
        if turned:
            pixels = np.rot90(pixels, turned // 90)
        left = min(max(0, round(shown.x * width / shown.width)), max(0, wide - width))
        top = min(max(0, round(shown.y * height / shown.height)), max(0, high - height))
        pixels = np.array(pixels[top : top + height, left : left + width])
        if any(component.is_alpha for component in frame.format.components):
            alpha = pixels[..., 3:].astype(np.uint16)
            pixels[..., :3] = (pixels[..., :3].astype(np.uint16) * alpha + 127) // 255
        return pixels

    def _colors(self, frame: Any) -> dict[str, Any]:
        """How colours are read. A file that does not say is BT.709 from 720 lines on and BT.601 below, as players
        do (ITU-R BT.709-6, BT.601-7)."""
        flags, spaces = self._reading.Interpolation, self._reading.Colorspace
        if frame.format.is_rgb:
            return {"interpolation": flags.LANCZOS, "threads": 1}
        said = int(frame.colorspace)
        guess = spaces.ITU709 if frame.height >= 720 else spaces.ITU601
        known = {1: spaces.ITU709, 5: spaces.ITU601, 6: spaces.ITU601}
        return {
            "interpolation": flags.LANCZOS,
            "src_colorspace": known.get(said, guess),
            "threads": 1,
        }


_films: OrderedDict[str, Film] = OrderedDict()
_lock = threading.Lock()


def frame_at(path: Path, digest: str, seconds: float, crop: Rect | None, width: int, height: int) -> NDArray[np.uint8]:
    """The frame of a film that is seen at a time; raises EngineError where it cannot be played. The pixels may be
    changed by whoever asked: they are a copy."""
    with _lock:
        film = _films.pop(digest, None)
        if film is None:
            while len(_films) >= _OPEN:
                _films.popitem(last=False)[1].close()
            film = Film(path, digest)
        _films[digest] = film
        return film.at(seconds, crop, width, height).copy()
