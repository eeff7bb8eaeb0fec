"""Pictures as arrays for Manim's camera, brought to the size that is shown. In the child process only."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path as File
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from pvc.compiler.model.display import Picture


@lru_cache(maxsize=16)
def _decoded(path: File, page: int | None, pixels_per_point: float) -> Any:
    if page is None:
        return Image.open(path).convert("RGBA")
    import pypdfium2

    bitmap = pypdfium2.PdfDocument(path)[page - 1].render(scale=pixels_per_point)  # pyright: ignore[reportArgumentType]
    return bitmap.to_pil().convert("RGBA")


def raster(picture: Picture, path: File, width: int) -> NDArray[np.uint8]:
    """The picture's crop at ``width`` pixels, straight alpha, corners rounded."""
    scale = 1.0
    if picture.page is not None:
        points = picture.crop.width if picture.crop is not None else picture.rect.width
        scale = 2.0 ** np.ceil(np.log2(max(width / max(points, 1e-6), 0.05)))
    image = _decoded(path, picture.page, scale)
    crop = picture.crop
    if crop is not None:
        image = image.crop(tuple(round(v * scale) for v in (crop.x, crop.y, crop.right, crop.bottom)))
    height = max(1, round(width * picture.rect.height / picture.rect.width))
    image = image.resize((width, height), Image.Resampling.LANCZOS)
    if picture.corner > 0.0:
        mask = Image.new("L", (width * 4, height * 4), 0)
        radius = picture.corner * 4 * width / picture.rect.width
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, width * 4 - 1, height * 4 - 1), radius, fill=255)
        alpha = np.asarray(image.getchannel("A"), dtype=np.uint16) * np.asarray(mask.resize((width, height)))
        image.putalpha(Image.fromarray((alpha // 255).astype(np.uint8)))
    return np.asarray(image, dtype=np.uint8)
