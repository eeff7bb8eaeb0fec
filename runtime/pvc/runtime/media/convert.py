"""From painted RGBA to the planes that the encoder reads: BT.709, limited range, 4:2:0.

The cost follows the changed area: only the changed rectangle, grown to whole blocks and by the reach of the chroma
filter, is converted, and the result equals converting the whole frame, byte for byte (a test proves it). `BITEXACT`
keeps swscale to code whose results are the same on every processor.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pvc.runtime.backends.interface import PixelRect
from pvc.runtime.errors import MediaError
from pvc.runtime.media.picture import Picture

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

BLOCK = 16
"""Rectangles grow to multiples of this many pixels: even for chroma, and equal sizes recur (and swscale's tables)."""
REACH = 16
"""How many pixels beyond the changed ones are converted but not kept, at least the support of the chroma filter."""


class Planes:
    """The current frame as YUV 4:2:0, kept from frame to frame. ``seconds``: spent in converting so far."""

    def __init__(self, picture: Picture) -> None:
        import av
        from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

        self.picture = picture
        self.seconds = 0.0
        self.frame: VideoFrame = av.VideoFrame(picture.width, picture.height, "yuv420p")
        self.frame.colorspace = Colorspace.ITU709
        self.frame.color_range = ColorRange.MPEG
        self._views = _views(self.frame)
        self._reformatter = VideoReformatter()
        self._interpolation = Interpolation.BILINEAR | Interpolation.BITEXACT
        self._full, self._limited, self._bt709 = ColorRange.JPEG, ColorRange.MPEG, Colorspace.ITU709

    def update(self, pixels: NDArray[np.uint8], changed: PixelRect | None) -> None:
        """Take over a frame that differs from the one before at most inside ``changed`` (None: anywhere).

        ``pixels``: height x width x 4, uint8, RGBA, opaque. Raises MediaError where its shape is another.
        """
        began = perf_counter()
        self._take(pixels, changed)
        self.seconds += perf_counter() - began

    def _take(self, pixels: NDArray[np.uint8], changed: PixelRect | None) -> None:
        width, height = self.picture.width, self.picture.height
        if pixels.shape != (height, width, 4) or pixels.dtype != np.uint8:
            raise MediaError(
                "PVC0851",
                f"a painter gave a frame of {pixels.shape} {pixels.dtype} instead of {(height, width, 4)} uint8",
                "this is a fault of the backend that painted it",
            )
        if changed is None:
            changed = PixelRect(0, 0, width, height)
        left, right = _grow(changed.left, changed.right, width)
        top, bottom = _grow(changed.top, changed.bottom, height)
        if left >= right or top >= bottom:
            return
        around_left, around_right = max(0, left - REACH), min(width, right + REACH)
        around_top, around_bottom = max(0, top - REACH), min(height, bottom + REACH)
        source = self._convert(pixels[around_top:around_bottom, around_left:around_right])
        for scale, target, part in zip((1, 2, 2), self._views, _views(source), strict=True):
            target[top // scale : bottom // scale, left // scale : right // scale] = part[
                (top - around_top) // scale : (bottom - around_top) // scale,
                (left - around_left) // scale : (right - around_left) // scale,
            ]

    def _convert(self, pixels: NDArray[np.uint8]) -> VideoFrame:
        import av

        return self._reformatter.reformat(
            av.VideoFrame.from_numpy_buffer(pixels, "rgba"),
            format="yuv420p",
            src_colorspace=self._bt709,
            dst_colorspace=self._bt709,
            src_color_range=self._full,
            dst_color_range=self._limited,
            interpolation=self._interpolation,
            threads=1,
        )


def _grow(low: int, high: int, size: int) -> tuple[int, int]:
    """A range grown by a pixel's chroma neighbourhood to whole blocks; empty stays empty."""
    low, high = max(0, low), min(size, high)
    if low >= high:
        return 0, 0
    low = max(0, (low - 2) // BLOCK * BLOCK)
    return low, min(size, -(-(high + 2) // BLOCK) * BLOCK)


def _views(frame: VideoFrame) -> tuple[NDArray[np.uint8], ...]:
    """The three planes as arrays over the frame's own memory."""
    return tuple(
        np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in frame.planes
    )
