"""Raster images and PDF pages as Skia images of the size at which they are shown."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from pvc.compiler.model.display import Picture
from pvc.runtime.backends.canvas.graphics_library import import_skia
from pvc.runtime.backends.rasters import Pixels, raster


@lru_cache(maxsize=24)
def image_of(picture: Picture, path: Path, width: int, height: int) -> Any:
    """What is shown of a picture at ``width`` x ``height`` pixels, corners rounded. EngineError as `raster`."""
    return _image(raster(picture, path, width, height))


def still_of(picture: Picture, path: Path, width: int, height: int, time: float) -> Any:
    """The frame of a film at ``time`` seconds from where it begins; not kept. EngineError as `raster`."""
    return _image(raster(picture, path, width, height, time))


def _image(pixels: Pixels) -> Any:
    skia = import_skia()
    kind = skia.AlphaType.kOpaque_AlphaType if bool((pixels[..., 3] == 255).all()) else skia.AlphaType.kPremul_AlphaType
    info = skia.ImageInfo.Make(pixels.shape[1], pixels.shape[0], skia.ColorType.kRGBA_8888_ColorType, kind)
    return skia.Image.MakeRasterCopy(skia.Pixmap(info, pixels, info.minRowBytes()))


@lru_cache(maxsize=8)
def shrinkable(picture: Picture, path: Path, width: int, height: int) -> Any:
    """The same image with its mipmaps, for frames in which it is smaller, larger or turned."""
    return image_of(picture, path, width, height).withDefaultMipmaps()
