"""Glyphs as paths, for painters that draw outlines and for effects (write-on, morph) that move along them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path as File
from typing import Any

from pvc.compiler.model.display import Glyphs, Path, quantise
from pvc.compiler.text.fonts import harfbuzz


class _Pen:
    """Collects HarfBuzz's draw calls in font units, y up."""

    def __init__(self) -> None:
        self.verbs: list[str] = []
        self.points: list[float] = []

    def add(self, verb: str, *points: float) -> None:
        self.verbs.append(verb)
        self.points.extend(points)


@lru_cache(maxsize=32)
def _font(file: File) -> tuple[Any, Any, float]:
    hb = harfbuzz()
    face = hb.Face(hb.Blob.from_file_path(str(file)))
    functions = hb.DrawFuncs()
    functions.set_move_to_func(lambda x, y, pen: pen.add("M", x, y))
    functions.set_line_to_func(lambda x, y, pen: pen.add("L", x, y))
    functions.set_quadratic_to_func(lambda cx, cy, x, y, pen: pen.add("Q", cx, cy, x, y))
    functions.set_cubic_to_func(lambda ax, ay, bx, by, x, y, pen: pen.add("C", ax, ay, bx, by, x, y))
    functions.set_close_path_func(lambda pen: pen.add("Z"))
    return hb.Font(face), functions, float(face.upem)


@lru_cache(maxsize=4096)
def _units(file: File, glyph: int) -> tuple[str, tuple[float, ...], float]:
    font, functions, upem = _font(file)
    pen = _Pen()
    font.draw_glyph(glyph, functions, pen)
    return "".join(pen.verbs), tuple(pen.points), upem


def outline_from(glyphs: Glyphs, file: File) -> list[Path]:
    """The outline of each glyph of a run whose font is in ``file``, in the run's coordinates (px, y down)."""
    paths = []
    for glyph, x, y in zip(glyphs.ids, glyphs.xs, glyphs.ys, strict=True):
        verbs, points, upem = _units(file, glyph)
        scale = glyphs.size / upem
        placed = tuple(
            quantise(y - value * scale if index & 1 else x + value * scale) for index, value in enumerate(points)
        )
        paths.append(Path(verbs, placed))
    return paths
