"""Images and pages of PDFs as pixels of exactly the size at which they are shown, for any painter.

Decoding and filtering happen once: what moves afterwards is a picture of the right size, so that a figure is as crisp
in a frame as it is in the paper. Shrinking uses a Lanczos filter over premultiplied colour (K. Turkowski, Filters for
Common Resampling Tasks, 1990), enlarging a cubic one, which rings less. Pages are drawn at twice the size and shrunk.
"""

from __future__ import annotations

import contextlib
import io
import math
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from pvc.compiler.model.display import Footage, Picture, Rect
from pvc.runtime.errors import EngineError

Pixels = NDArray[np.uint8]

MOST_PIXELS = 80_000_000
"""Pixels of an image at most; what decodes to more is refused before it is decoded."""
LONGEST_SIDE = 8_192
"""Pixels of a prepared picture's longer side at most: a 2160p frame twice over, bounded in memory."""
_KEPT_BYTES = 192 << 20
_DAMAGED = (OSError, ValueError, SyntaxError, EOFError, RuntimeError, IndexError, MemoryError)
"""What Pillow and pdfium raise for damaged files."""

_kept: dict[tuple[object, ...], Pixels] = {}
_lock = threading.Lock()


def versions() -> tuple[tuple[str, str], ...]:
    """What decodes and filters: part of the identity of whoever paints pictures."""
    from importlib.metadata import version

    return (("pillow", version("pillow")), ("pdfium", version("pypdfium2")), ("av", version("av")))


def raster(picture: Picture, path: Path, width: int, height: int, time: float = 0.0) -> Pixels:
    """What is shown of a picture at ``width`` x ``height`` pixels: RGBA, premultiplied, corners rounded, read-only;
    of a film the frame at ``time`` seconds from where it begins.

    Raises EngineError for a file that is no image, has no such page, or is no film that can be played.
    """
    if picture.film is not None:
        return _of_film(picture, picture.film, path, width, height, time)
    longest = max(width, height)
    if longest > LONGEST_SIDE:
        width, height = round(width * LONGEST_SIDE / longest), round(height * LONGEST_SIDE / longest)
    size = (max(1, width), max(1, height))
    key = (picture.digest, picture.page, picture.crop, picture.corner / max(picture.rect.width, 1e-6), size)
    with _lock:
        found = _kept.pop(key, None)
        if found is not None:
            _kept[key] = found  # the one used last is dropped last
            return found
    try:
        made = _rounded(_sized(picture, path, size), picture.corner * size[0] / max(picture.rect.width, 1e-6))
    except EngineError:
        raise
    except (*_DAMAGED, Image.DecompressionBombError) as error:
        raise undecodable(picture.digest, str(error) or type(error).__name__) from error
    made.flags.writeable = False
    with _lock:
        _kept[key] = made
        while sum(one.nbytes for one in _kept.values()) > _KEPT_BYTES and len(_kept) > 1:
            _kept.pop(next(iter(_kept)))
    return made


def _of_film(picture: Picture, film: Footage, path: Path, width: int, height: int, time: float) -> Pixels:
    """One frame of a film; nothing of it is kept, since the next frame is another."""
    if film.recipe is not None:
        from pvc.runtime.programs import reel

        return reel.frame_at(path, film.start + min(max(0.0, time), film.length), max(1, width), max(1, height))
    from pvc.runtime.backends import films

    # At its end stands the last frame that belongs to the stretch, not the one that begins there.
    seconds = film.start + min(max(0.0, time), max(0.0, film.length - films.LAST))
    pixels = films.frame_at(path, picture.digest, seconds, picture.crop, max(1, width), max(1, height))
    made = _rounded(pixels, picture.corner * width / max(picture.rect.width, 1e-6))
    made.flags.writeable = False
    return made


def undecodable(digest: str, reason: str) -> EngineError:
    """The error for bytes that are no image."""
    return EngineError(
        "PVC0821", f"an image could not be read ({reason})", f"replace the file whose digest begins with {digest[:12]}"
    )


def _sized(picture: Picture, path: Path, size: tuple[int, int]) -> Pixels:
    if picture.page is None:
        image = _decoded(path, picture.digest)
        crop = picture.crop or Rect(0.0, 0.0, float(image.width), float(image.height))
        box = (crop.x, crop.y, min(crop.right, image.width), min(crop.bottom, image.height))
    else:
        image, box = _page(path, picture, size)
    # A filter looks beyond the part that it enlarges: what is not shown must not bleed in.
    left, top = int(box[0]), int(box[1])
    image = image.crop((left, top, math.ceil(box[2]), math.ceil(box[3])))
    box = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
    if (image.width, image.height) == size and box == (0.0, 0.0, float(size[0]), float(size[1])):
        shown = image
    else:
        shrinks = box[2] - box[0] > size[0] or box[3] - box[1] > size[1]
        kind = Image.Resampling.LANCZOS if shrinks else Image.Resampling.BICUBIC
        shown = image.resize(size, kind, box=box)
    pixels: Pixels = np.array(shown, dtype=np.uint8)
    # Filters overshoot at edges; colour above its alpha would be no premultiplied colour.
    np.minimum(pixels[..., :3], pixels[..., 3:], out=pixels[..., :3])
    return pixels


@lru_cache(maxsize=2)
def _decoded(path: Path, digest: str) -> Any:
    """An image upright, in sRGB, premultiplied (Pillow's `RGBa`)."""
    with Image.open(io.BytesIO(path.read_bytes()), formats=("PNG", "JPEG", "WEBP")) as image:
        if image.width * image.height > MOST_PIXELS:
            raise undecodable(digest, f"{image.width} x {image.height} pixels are too many")
        image.load()
        upright: Any = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I") or upright.mode == "F":
        # Sixteen bits a channel: Pillow's own conversion cuts instead of scaling.
        upright = Image.fromarray((np.asarray(upright, dtype=np.float64) / 257.0).round().clip(0, 255).astype(np.uint8))
    return _in_srgb(upright).convert("RGBA").convert("RGBa")


def _in_srgb(image: Any) -> Any:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "L", "CMYK"):
        return image
    # A profile that cannot be used says nothing about the pixels: they are shown as they are.
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return image
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode) or image
    return image


def _page(path: Path, picture: Picture, size: tuple[int, int]) -> tuple[Any, tuple[float, float, float, float]]:
    """A page's crop drawn large enough for ``size``, and the part of that image that is the crop."""
    import pypdfium2

    assert picture.page is not None
    try:
        document = pypdfium2.PdfDocument(path)
        try:
            page = document[picture.page - 1]
            width, height = page.get_size()
            crop = picture.crop or Rect(0.0, 0.0, width, height)
            left, top = max(0.0, crop.x), max(0.0, crop.y)
            right, bottom = min(width, crop.right), min(height, crop.bottom)
            if right <= left or bottom <= top:
                raise undecodable(picture.digest, f"page {picture.page} has nothing at the place that is shown")
            longest = max(right - left, bottom - top)
            scale = min(2.0 * max(size[0] / (right - left), size[1] / (bottom - top)), LONGEST_SIDE / longest)
            bitmap = page.render(
                scale=scale,
                crop=(left, height - bottom, width - right, top),
                fill_color=(255, 255, 255, 255),
                rev_byteorder=True,
                optimize_mode=None,
            )
            image = Image.fromarray(np.array(bitmap.to_numpy())[..., :3]).convert("RGBa")
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise undecodable(picture.digest, str(error)) from error
    box = (0.0, 0.0, min(scale * (right - left), image.width), min(scale * (bottom - top), image.height))
    return image, box


def _rounded(pixels: Pixels, radius: float) -> Pixels:
    """Corners cut to a radius in pixels; coverage is one minus the distance beyond the arc, at most a pixel's."""
    if radius <= 0.0:
        return np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    radius = min(radius, width / 2, height / 2)
    x = np.maximum(np.abs(np.arange(width) + 0.5 - width / 2) - (width / 2 - radius), 0.0)
    y = np.maximum(np.abs(np.arange(height) + 0.5 - height / 2) - (height / 2 - radius), 0.0)
    reach = int(np.ceil(radius)) + 1
    out = np.ascontiguousarray(pixels)
    for rows in (slice(0, reach), slice(max(reach, height - reach), height)):
        distance = np.hypot(x[None, :], y[rows, None]) - radius
        cover = np.clip(0.5 - distance, 0.0, 1.0)
        out[rows] = np.round(out[rows] * cover[..., None]).astype(np.uint8)
    return out
