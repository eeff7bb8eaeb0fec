"""Putting the layers of a chunk on one another: exact integer alpha, only where something changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pvc.runtime.backends.interface import Frame, PixelRect

NOWHERE = PixelRect(0, 0, 0, 0)


def is_empty(rect: PixelRect) -> bool:
    return rect.right <= rect.left or rect.bottom <= rect.top


def union(rects: Sequence[PixelRect | None]) -> PixelRect | None:
    """The least rectangle around all of them; None (anywhere) if one is."""
    if any(rect is None for rect in rects):
        return None
    solid = [rect for rect in rects if rect is not None and not is_empty(rect)]
    if not solid:
        return NOWHERE
    return PixelRect(
        min(rect.left for rect in solid),
        min(rect.top for rect in solid),
        max(rect.right for rect in solid),
        max(rect.bottom for rect in solid),
    )


def over(below: NDArray[np.uint8], above: NDArray[np.uint8]) -> None:
    """Premultiplied ``above`` over ``below``, in place: ``a + b * (255 - alpha) / 255``, rounded to the nearest."""
    alpha = above[..., 3:4]
    if not alpha.any():
        return
    share = below.astype(np.uint16)
    share *= 255 - alpha.astype(np.uint16)
    share += 128
    share += share >> 8
    share >>= 8
    share += above
    np.minimum(share, 255, out=share)
    below[...] = share.astype(np.uint8)


def blended(layers: Sequence[Iterator[Frame]], count: int, size: tuple[int, int]) -> Iterator[Frame]:
    """``count`` frames of all layers put on one another, the first one opaque. The buffer is reused; ends early where a
    layer does (whoever encodes counts)."""
    width, height = size
    result = np.empty((height, width, 4), np.uint8)
    for number in range(count):
        frames = [next(layer, None) for layer in layers]
        if any(frame is None for frame in frames):
            return
        present = [frame for frame in frames if frame is not None]
        rect = None if number == 0 else union([frame.changed for frame in present])
        if rect is None or not is_empty(rect):
            place = slice(None) if rect is None else (slice(rect.top, rect.bottom), slice(rect.left, rect.right))
            window = result[place]
            window[...] = present[0].pixels[place]
            for frame in present[1:]:
                over(window, frame.pixels[place])
        yield Frame(result, rect)
