"""Raster images and PDF pages as Skia images, decoded once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from pvc.compiler.model.display import Picture
from pvc.runtime.backends.canvas.graphics_library import import_skia
from pvc.runtime.backends.interface import Resources
from pvc.runtime.errors import EngineError

_LARGEST_SIDE = 8_192
"""Pixels of a rasterised page's longer side at most: enough for a crop that fills a 2160p frame, bounded in memory."""


@lru_cache(maxsize=32)
def _encoded(path: Path, digest: str) -> Any:
    skia = import_skia()
    try:
        image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(path.read_bytes()))
        image = image and image.makeRasterImage()
    except (OSError, RuntimeError, ValueError) as error:
        raise _undecodable(digest, str(error)) from error
    if image is None:
        raise _undecodable(digest, "not a PNG, JPEG or WebP image")
    return image


@lru_cache(maxsize=16)
def _page(path: Path, digest: str, number: int, pixels_per_point: float) -> tuple[Any, float]:
    """A page of a PDF and the scale (pixels for a point) at which it was rasterised."""
    import pypdfium2

    skia = import_skia()
    try:
        document = pypdfium2.PdfDocument(path)
        page = document[number - 1]
        longest = max(page.get_size())
        scale = min(pixels_per_point, _LARGEST_SIDE / longest)
        # pypdfium2 takes fractions; its signature says int.
        bitmap = page.render(scale=scale, rev_byteorder=True, fill_color=(255, 255, 255, 255))  # pyright: ignore[reportArgumentType]
        pixels = np.ascontiguousarray(bitmap.to_numpy())
    except (pypdfium2.PdfiumError, OSError, IndexError, ValueError) as error:
        raise _undecodable(digest, str(error)) from error
    if pixels.shape[2] == 3:
        pixels = np.concatenate([pixels, np.full((*pixels.shape[:2], 1), 255, np.uint8)], axis=2)
    return skia.Image.fromarray(np.ascontiguousarray(pixels), skia.ColorType.kRGBA_8888_ColorType), scale


def _undecodable(digest: str, reason: str) -> EngineError:
    return EngineError(
        "PVC0821", f"an image could not be read ({reason})", f"replace the file whose digest begins with {digest[:12]}"
    )


def image_of(picture: Picture, resources: Resources, pixels_per_unit: float) -> tuple[Any, Any]:
    """The Skia image of a picture and the rectangle of it that is shown (None: all).

    ``pixels_per_unit``: pixels of the frame for a px of the fragment, by which a page's resolution is chosen. It is
    rounded up to a power of the square root of two, so that a slow zoom does not rasterise the page at each frame.
    Raises EngineError for bytes that are no image.
    """
    skia = import_skia()
    path = resources.blob(picture.digest)
    if picture.page is None:
        image = _encoded(path, picture.digest)
        crop = picture.crop
        return image, None if crop is None else skia.Rect.MakeXYWH(crop.x, crop.y, crop.width, crop.height)
    points = picture.crop.width if picture.crop is not None else _page_width(path, picture.digest, picture.page)
    needed = max(0.05, pixels_per_unit * picture.rect.width / max(points, 1e-6))
    step = 2.0 ** (np.ceil(2.0 * np.log2(needed)) / 2.0)
    image, scale = _page(path, picture.digest, picture.page, float(step))
    crop = picture.crop
    if crop is None:
        return image, None
    return image, skia.Rect.MakeXYWH(crop.x * scale, crop.y * scale, crop.width * scale, crop.height * scale)


@lru_cache(maxsize=64)
def _page_width(path: Path, digest: str, number: int) -> float:
    import pypdfium2

    try:
        return float(pypdfium2.PdfDocument(path)[number - 1].get_size()[0])
    except (pypdfium2.PdfiumError, OSError, IndexError, ValueError) as error:
        raise _undecodable(digest, str(error)) from error
