"""Programs for the `canvas` engine: `def draw(canvas, t, given)` paints one moment with Skia. Inside the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from pvc.runtime.backends.canvas.graphics_library import import_skia
from pvc.runtime.programs.given import Given


def ready() -> dict[str, str]:
    """Imports the engine; what of it shows in pixels."""
    return {"skia": str(import_skia().__version__)}


@cache
def _typeface(path: str) -> Any:
    return import_skia().Typeface.MakeFromFile(path)


def _font(path: str, size: float) -> Any:
    skia = import_skia()
    font = skia.Font(_typeface(path), size)
    font.setSubpixel(True)
    font.setLinearMetrics(True)
    font.setHinting(skia.FontHinting.kNone)
    font.setEdging(skia.Font.Edging.kAntiAlias)
    return font


def paint(
    namespace: Callable[[], dict[str, Any]], request: dict[str, Any], emit: Callable[[int, bytearray], None]
) -> dict[str, Any]:
    """Emits the frames that are wanted: RGBA, premultiplied. There is nothing else to tell."""
    skia = import_skia()

    def shade(red: int, green: int, blue: int, alpha: int) -> Any:
        return skia.Color(red, green, blue, alpha)

    given = Given(request, shade, _font)
    draw = namespace().get("draw")
    if not callable(draw):
        raise TypeError("the file defines no function `draw(canvas, t, given)`")
    width, height = request["size"]
    numerator, denominator = request["fps"]
    info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    surface = skia.Surface.MakeRaster(info)
    pixels = bytearray(width * height * 4)
    for number in range(request["first"], request["count"]):
        canvas = surface.getCanvas()
        canvas.restoreToCount(1)
        canvas.save()
        canvas.clear(skia.ColorTRANSPARENT)
        canvas.scale(width / given.width, height / given.height)
        draw(canvas, min(number * denominator / numerator, given.length), given)
        canvas.restoreToCount(1)
        if not surface.readPixels(info, pixels, width * 4, 0, 0):
            raise RuntimeError("the picture cannot be read")
        emit(number, pixels)
    return {}
