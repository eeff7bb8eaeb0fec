"""Blending one outline into another: both are brought to the same number of cubic pieces, then points are mixed.

Prepared once for a pair (`pair`), cheap at each frame (`between`). Contours are matched largest first by the
diagonal of their bounds; one without a partner grows out of, or shrinks into, the centre of the other side's largest.
Closed contours are begun where the sum of squared distances of their points is least.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from pvc.compiler.model.display import Path, quantise

Cubic: TypeAlias = tuple[float, float, float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two outlines with the same verbs: ``start`` at 0, ``end`` at 1."""

    verbs: str
    start: tuple[float, ...]
    end: tuple[float, ...]
    even_odd: bool


@dataclass(frozen=True, slots=True)
class _Contour:
    pieces: tuple[Cubic, ...]
    closed: bool

    @property
    def box(self) -> tuple[float, float, float, float]:
        xs = [value for piece in self.pieces for value in piece[0::2]]
        ys = [value for piece in self.pieces for value in piece[1::2]]
        return (min(xs), min(ys), max(xs), max(ys))

    @property
    def centre(self) -> tuple[float, float]:
        left, top, right, bottom = self.box
        return ((left + right) / 2, (top + bottom) / 2)

    @property
    def extent(self) -> float:
        left, top, right, bottom = self.box
        return math.hypot(right - left, bottom - top)


def _line(x0: float, y0: float, x1: float, y1: float) -> Cubic:
    dx, dy = (x1 - x0) / 3, (y1 - y0) / 3
    return (x0, y0, x0 + dx, y0 + dy, x1 - dx, y1 - dy, x1, y1)


def _quadratic(x0: float, y0: float, cx: float, cy: float, x1: float, y1: float) -> Cubic:
    """Degree elevation: the same curve as a cubic."""
    third = 2 / 3
    return (
        *(x0, y0, x0 + third * (cx - x0), y0 + third * (cy - y0)),
        *(x1 + third * (cx - x1), y1 + third * (cy - y1), x1, y1),
    )


def _contours(path: Path) -> list[_Contour]:
    found: list[_Contour] = []
    pieces: list[Cubic] = []
    points = path.points
    at = 0
    x = y = first_x = first_y = 0.0

    def finish(closed: bool) -> None:
        nonlocal pieces
        if pieces:
            found.append(_Contour(tuple(pieces), closed))
        pieces = []

    for verb in path.verbs:
        if verb == "M":
            finish(False)
            x, y = first_x, first_y = points[at], points[at + 1]
            at += 2
        elif verb == "L":
            nx, ny = points[at], points[at + 1]
            pieces.append(_line(x, y, nx, ny))
            x, y, at = nx, ny, at + 2
        elif verb == "Q":
            cx, cy, nx, ny = points[at : at + 4]
            pieces.append(_quadratic(x, y, cx, cy, nx, ny))
            x, y, at = nx, ny, at + 4
        elif verb == "C":
            ax, ay, bx, by, nx, ny = points[at : at + 6]
            pieces.append((x, y, ax, ay, bx, by, nx, ny))
            x, y, at = nx, ny, at + 6
        else:
            if (x, y) != (first_x, first_y):
                pieces.append(_line(x, y, first_x, first_y))
            finish(True)
            x, y = first_x, first_y
    finish(False)
    return found


def _length(piece: Cubic) -> float:
    """The control polygon's length: an upper bound that ranks pieces well enough for splitting."""
    return sum(math.hypot(piece[i + 2] - piece[i], piece[i + 3] - piece[i + 1]) for i in (0, 2, 4))


def _halves(piece: Cubic) -> tuple[Cubic, Cubic]:
    """De Casteljau at one half."""
    x0, y0, x1, y1, x2, y2, x3, y3 = piece
    ax, ay, bx, by, cx, cy = (x0 + x1) / 2, (y0 + y1) / 2, (x1 + x2) / 2, (y1 + y2) / 2, (x2 + x3) / 2, (y2 + y3) / 2
    dx, dy, ex, ey = (ax + bx) / 2, (ay + by) / 2, (bx + cx) / 2, (by + cy) / 2
    mx, my = (dx + ex) / 2, (dy + ey) / 2
    return (x0, y0, ax, ay, dx, dy, mx, my), (mx, my, ex, ey, cx, cy, x3, y3)


def _refine(contour: _Contour, count: int) -> _Contour:
    """Split the longest pieces until there are ``count``."""
    pieces = list(contour.pieces)
    lengths = [_length(piece) for piece in pieces]
    while len(pieces) < count:
        longest = max(range(len(pieces)), key=lengths.__getitem__)
        first, second = _halves(pieces[longest])
        pieces[longest : longest + 1] = [first, second]
        lengths[longest : longest + 1] = [_length(first), _length(second)]
    return _Contour(tuple(pieces), contour.closed)


def _area(contour: _Contour) -> float:
    """Twice the signed area of the polygon of end points; its sign is the contour's direction."""
    return sum(piece[0] * piece[7] - piece[6] * piece[1] for piece in contour.pieces)


def _reversed(contour: _Contour) -> _Contour:
    turned = tuple((p[6], p[7], p[4], p[5], p[2], p[3], p[0], p[1]) for p in reversed(contour.pieces))
    return _Contour(turned, contour.closed)


def _aligned(start: _Contour, end: _Contour) -> _Contour:
    """``end`` begun at the piece that lies best to ``start``'s (relative to their centres)."""
    if not (start.closed and end.closed):
        return end
    if _area(start) * _area(end) < 0:
        end = _reversed(end)
    (sx, sy), (ex, ey) = start.centre, end.centre
    count = len(end.pieces)
    own = [(piece[0] - sx, piece[1] - sy) for piece in start.pieces]
    other = [(piece[0] - ex, piece[1] - ey) for piece in end.pieces]

    def cost(turn: int) -> float:
        return sum(
            (own[i][0] - other[(i + turn) % count][0]) ** 2 + (own[i][1] - other[(i + turn) % count][1]) ** 2
            for i in range(count)
        )

    best = min(range(count), key=cost)
    return _Contour(end.pieces[best:] + end.pieces[:best], True)


def _point(contour: _Contour, x: float, y: float) -> _Contour:
    """A contour of as many pieces, all in one point."""
    return _Contour(tuple((x, y, x, y, x, y, x, y) for _ in contour.pieces), contour.closed)


def pair(start: Path, end: Path) -> Pair:
    """Prepare the way from one outline to another."""
    firsts = sorted(_contours(start), key=lambda contour: -contour.extent)
    seconds = sorted(_contours(end), key=lambda contour: -contour.extent)
    verbs: list[str] = []
    from_points: list[float] = []
    to_points: list[float] = []
    for index in range(max(len(firsts), len(seconds))):
        if index >= len(seconds):
            first = firsts[index]
            second = _point(first, *(seconds[0].centre if seconds else first.centre))
        elif index >= len(firsts):
            second = seconds[index]
            first = _point(second, *(firsts[0].centre if firsts else second.centre))
        else:
            count = max(len(firsts[index].pieces), len(seconds[index].pieces))
            first = _refine(firsts[index], count)
            second = _aligned(first, _refine(seconds[index], count))
        for points, contour in ((from_points, first), (to_points, second)):
            points.extend(contour.pieces[0][:2])
            for piece in contour.pieces:
                points.extend(piece[2:])
        verbs.append("M" + "C" * len(first.pieces) + ("Z" if first.closed and second.closed else ""))
    return Pair("".join(verbs), tuple(from_points), tuple(to_points), start.even_odd or end.even_odd)


def between(prepared: Pair, share: float) -> Path:
    """The outline at ``share`` of the way, not rounded: it is painted, never stored."""
    points = tuple(a + (b - a) * share for a, b in zip(prepared.start, prepared.end, strict=True))
    return Path(prepared.verbs, points, prepared.even_odd)


def moved(path: Path, a: float, b: float, c: float, d: float, e: float, f: float) -> Path:
    """A path under the affine map x' = a x + c y + e, y' = b x + d y + f, rounded as everything that is stored."""
    points = path.points
    mapped: list[float] = []
    for i in range(0, len(points), 2):
        x, y = points[i], points[i + 1]
        mapped.append(quantise(a * x + c * y + e))
        mapped.append(quantise(b * x + d * y + f))
    return Path(path.verbs, tuple(mapped), path.even_odd)
