"""Whole pixels of a frame, and what of them a shape can reach."""

from __future__ import annotations

import math

from pvc.compiler.model import tracks
from pvc.compiler.model.tracks import Matrix
from pvc.runtime.backends.interface import PixelRect

NOTHING = PixelRect(0, 0, 0, 0)
_MARGIN = 2
"""Pixels added around bounds: anti-aliasing, and the overshoot of curves that bounds of control points do not show."""


def is_empty(rect: PixelRect) -> bool:
    return rect.left >= rect.right or rect.top >= rect.bottom


def union(one: PixelRect, other: PixelRect) -> PixelRect:
    """The least rectangle around both."""
    if is_empty(one):
        return other
    if is_empty(other):
        return one
    return PixelRect(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )


def meets(one: PixelRect, other: PixelRect) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def covered(
    box: tuple[float, float, float, float], matrix: Matrix, scale: float, size: tuple[int, int], margin: float
) -> PixelRect:
    """The pixels of a frame of ``size``, with ``margin`` more around it, that (left, top, right, bottom) may touch
    after a matrix and a scale."""
    left, top, right, bottom = box
    corners = [tracks.apply(matrix, x, y) for x in (left, right) for y in (top, bottom)]
    xs = [x * scale for x, _ in corners]
    ys = [y * scale for _, y in corners]
    more = math.ceil(margin)
    # Bounded before rounding: a number too large for an integer of pixels is as far away as the margin.
    return PixelRect(
        max(-more, math.floor(max(min(xs), -1e6)) - _MARGIN),
        max(-more, math.floor(max(min(ys), -1e6)) - _MARGIN),
        min(size[0] + more, math.ceil(min(max(xs), 1e6)) + _MARGIN),
        min(size[1] + more, math.ceil(min(max(ys), 1e6)) + _MARGIN),
    )
