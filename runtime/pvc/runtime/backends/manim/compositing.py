"""What Manim's camera cannot do to pixels: blurs, clips, opacity of a group, pictures. All on premultiplied RGBA, in
place, and only where there is ink, which is a small part of most frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pvc.compiler.model.display import Rect
from pvc.compiler.model.tracks import Matrix
from pvc.runtime.backends.interface import PixelRect

Pixels = NDArray[np.uint8]
Place = tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class Raster:
    """Pixels and where they go; parts outside the frame are cut."""

    pixels: Pixels
    left: int
    top: int

    def over(self, target: Pixels) -> None:
        height, width = target.shape[:2]
        left, top = max(0, self.left), max(0, self.top)
        right = min(width, self.left + self.pixels.shape[1])
        bottom = min(height, self.top + self.pixels.shape[0])
        if left < right and top < bottom:
            own = self.pixels[top - self.top : bottom - self.top, left - self.left : right - self.left]
            over(target[top:bottom, left:right], own)


def _extent(marked: NDArray[np.bool_]) -> Place | None:
    """The least rows and columns around all that is true; None where nothing is."""
    rows = np.flatnonzero(marked.any(axis=1))
    if not rows.size:
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(marked[top:bottom].any(axis=0))
    return slice(top, bottom), slice(int(columns[0]), int(columns[-1]) + 1)


def _words(pixels: Pixels) -> NDArray[np.uint32]:
    """Whole pixels as numbers, to compare them at once."""
    words: NDArray[np.uint32] = pixels.view(np.uint32)[..., 0]
    return words


def difference(one: Pixels, other: Pixels) -> PixelRect:
    """The least rectangle outside which two pictures are the same."""
    place = _extent(_words(one) != _words(other))
    if place is None:
        return PixelRect(0, 0, 0, 0)
    rows, columns = place
    return PixelRect(columns.start, rows.start, columns.stop, rows.stop)


def _ink(layer: Pixels) -> Place | None:
    return _extent(_words(layer) != 0) if layer.flags.c_contiguous else (slice(None), slice(None))


def over(below: Pixels, above: Pixels) -> None:
    """Source-over, rounded to the nearest."""
    place = _ink(above)
    if place is None:
        return
    window, top = below[place], above[place]
    rest = 255 - top[..., 3:4].astype(np.uint16)
    product = window * rest
    product += 128
    product += product >> 8
    product >>= 8
    product += top
    window[...] = np.minimum(product, 255).astype(np.uint8)


def fade(layer: Pixels, opacity: float) -> None:
    """The layer at an opacity, rounded to the nearest."""
    place = _ink(layer)
    if opacity >= 1.0 or place is None:
        return
    share = round(max(0.0, opacity) * 65536)
    window = layer[place]
    window[...] = ((window.astype(np.uint32) * share + 32768) >> 16).astype(np.uint8)


def wipe(layer: Pixels) -> None:
    """Takes all ink away."""
    place = _ink(layer)
    if place is not None:
        layer[place] = 0


def blur(layer: Pixels, sigma: float) -> None:
    """A Gaussian blur of that deviation in pixels."""
    place = _ink(layer)
    if sigma <= 0.0 or place is None:
        return
    from scipy.ndimage import gaussian_filter  # type: ignore[import-untyped]

    reach = int(np.ceil(4.0 * sigma)) + 1
    rows, columns = (
        slice(max(0, one.start - reach), min(limit, one.stop + reach))
        for one, limit in zip(place, layer.shape[:2], strict=True)
    )
    window = layer[rows, columns]
    blurred = gaussian_filter(window.astype(np.float32), sigma=(sigma, sigma, 0), mode="constant")
    window[...] = np.clip(np.round(blurred), 0, 255).astype(np.uint8)


def clip(
    layer: Pixels, box: Rect, shares: tuple[float, float, float, float] | None, matrix: Matrix, scale: float
) -> None:
    """The layer where a `clip` of ``box`` (px, through ``matrix``, then ``scale`` pixels a px) lets it be seen; edges
    are as smooth as a pixel's coverage along each axis."""
    place = _ink(layer)
    a, b, c, d, e, f = matrix
    turn = a * d - b * c
    if shares is None or place is None or turn == 0.0:
        return
    rows, columns = place
    ys, xs = np.mgrid[rows, columns]
    px, py = (xs + 0.5) / scale - e, (ys + 0.5) / scale - f
    x, y = (d * px - c * py) / turn, (a * py - b * px) / turn
    per_x, per_y = scale * np.hypot(a, b), scale * np.hypot(c, d)
    mask = np.ones(xs.shape)
    if shares[0] > 0.0:
        mask *= np.clip((x - (box.x + box.width * shares[0])) * per_x + 0.5, 0.0, 1.0)
    if shares[1] > 0.0:
        mask *= np.clip((y - (box.y + box.height * shares[1])) * per_y + 0.5, 0.0, 1.0)
    if shares[2] < 1.0:
        mask *= np.clip((box.x + box.width * shares[2] - x) * per_x + 0.5, 0.0, 1.0)
    if shares[3] < 1.0:
        mask *= np.clip((box.y + box.height * shares[3] - y) * per_y + 0.5, 0.0, 1.0)
    window = layer[place]
    window[...] = np.round(window * mask[..., None]).astype(np.uint8)


def turned(
    pixels: Pixels, across: tuple[float, float], down: tuple[float, float], at: tuple[float, float]
) -> tuple[Pixels, int, int]:
    """Pixels whose rows run along ``across`` and columns along ``down`` (each a step of one pixel of theirs) from
    ``at``, as an upright picture with its place."""
    height, width = pixels.shape[:2]
    xs = [at[0] + i * across[0] * width + j * down[0] * height for i in (0, 1) for j in (0, 1)]
    ys = [at[1] + i * across[1] * width + j * down[1] * height for i in (0, 1) for j in (0, 1)]
    left, top = int(np.floor(min(xs))) - 1, int(np.floor(min(ys))) - 1
    size = (int(np.ceil(max(xs))) + 1 - left, int(np.ceil(max(ys))) + 1 - top)
    turn = across[0] * down[1] - across[1] * down[0]
    if abs(turn) < 1e-9:
        return np.zeros((1, 1, 4), np.uint8), left, top
    ia, ib, ic, id_ = down[1] / turn, -down[0] / turn, -across[1] / turn, across[0] / turn
    # A border of nothing gives the edges something to fade into.
    framed = np.pad(pixels, ((1, 1), (1, 1), (0, 0)))
    dx, dy = left - at[0], top - at[1]
    coefficients = (ia, ib, ia * dx + ib * dy + 1.0, ic, id_, ic * dx + id_ * dy + 1.0)
    # Named premultiplied, or Pillow would multiply once more.
    image = Image.frombytes("RGBa", (width + 2, height + 2), framed.tobytes()).transform(
        size, Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR
    )
    return np.array(image, dtype=np.uint8), left, top
