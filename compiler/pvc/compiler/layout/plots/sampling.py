"""A function's curve as polylines in px: dense where it bends, broken where it jumps, cut at the edges of the plot."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from pvc.compiler.model.display import Point

FLAT = 0.2
"""How far (px) the curve may stand off its chord."""

JUMP = 1.0
"""A rise of more than this (px) over the finest interval is a jump."""

_PIECES = 160
_FINEST = 26
_SHARE = 240
"""Values that one of the pieces of the domain may ask for until it counts as too wild to be followed."""

_EVEN = 48
"""Values at even steps that stand for a piece that is too wild: enough to fill the band that it swings in."""

_ASIDE = 0.381966
"""A second look at a piece, apart from its middle (the golden section divides nothing evenly), so that a swing whose
period divides the pieces is not taken for a line."""


def curve(
    function: Callable[[float], float],
    domain: tuple[float, float],
    to_x: Callable[[float], float],
    to_y: Callable[[float], float],
    top: float,
    bottom: float,
) -> tuple[tuple[Point, ...], ...]:
    """The pieces of y = function(x) over the domain that lie between ``top`` and ``bottom`` (px, top < bottom).

    Intervals are halved until the middle lies on the chord; where that never happens the curve jumps (1/x, tan) and the
    piece ends. Points where the function is undefined end a piece too. What swings too fast to be followed (sin(1/x)
    near 0) is sampled evenly, and so drawn as the band that an eye would see. At most some 50,000 values are asked for.
    """
    left = _SHARE

    def at(x: float) -> float | None:
        nonlocal left
        left -= 1
        value = function(x)
        if math.isnan(value):
            return None
        # Far outside all places look the same: bounded, so that slopes stay finite.
        pixel = to_y(max(-1e250, min(1e250, value)))
        return max(top - 1e7, min(bottom + 1e7, pixel))

    def outside(y: float) -> int:
        return -1 if y < top else 1 if y > bottom else 0

    pieces: list[list[Point]] = []

    def end() -> None:
        if pieces and pieces[-1]:
            pieces.append([])

    def put(x: float, y: float) -> None:
        if not pieces:
            pieces.append([])
        pieces[-1].append((x, y))

    def walk(a: float, ya: float | None, b: float, yb: float | None, depth: int) -> None:
        """Everything after a up to and with b; a itself has been put."""
        if ya is None and yb is None and depth > 3:
            return
        m = (a + b) / 2
        exhausted = left <= 0 or depth >= _FINEST or not a < m < b
        if ya is not None and yb is not None:
            if exhausted:
                if abs(yb - ya) > JUMP and left > 0:
                    end()
                put(to_x(b), yb)
                return
            ym = at(m)
            if ym is not None:
                same_side = outside(ya) == outside(ym) == outside(yb) != 0
                bends = abs(ym - (ya + yb) / 2) > FLAT
                if depth == 0 and not bends:
                    aside = at(a + (b - a) * _ASIDE)
                    bends = aside is None or abs(aside - ya - (yb - ya) * _ASIDE) > FLAT
                if same_side or (not bends and (depth > 0 or abs(yb - ya) < 40)):
                    put(to_x(m), ym)
                    put(to_x(b), yb)
                    return
        elif exhausted:
            end()
            if yb is not None:
                put(to_x(b), yb)
            return
        else:
            ym = at(m)
        walk(a, ya, m, ym, depth + 1)
        walk(m, ym, b, yb, depth + 1)

    def evenly(a: float, b: float) -> None:
        """Everything after a up to and with b, one value in each of even steps, in another place of each: values at the
        same place of all would beat with what swings."""
        for step in range(1, _EVEN + 1):
            x = a + (b - a) * (step - (step * _ASIDE) % 1) / _EVEN if step < _EVEN else b
            y = at(x)
            if y is None:
                end()
            else:
                put(to_x(x), y)

    low, high = domain
    previous, value = low, at(low)
    if value is not None:
        put(to_x(low), value)
    for index in range(1, _PIECES + 1):
        x = low + (high - low) * index / _PIECES
        y = at(x)
        begun, length = len(pieces), len(pieces[-1]) if pieces else 0
        left = _SHARE
        walk(previous, value, x, y, 0)
        if left <= 0:
            del pieces[begun:]
            if pieces:
                del pieces[-1][length:]
            evenly(previous, x)
        previous, value = x, y
    return tuple(tuple(piece) for whole in pieces for piece in clipped(whole, top, bottom))


def clipped(points: Sequence[Point], top: float, bottom: float) -> list[list[Point]]:
    """A polyline cut to top <= y <= bottom: the pieces inside, their ends exactly on the edge.

    Each segment is cut in its own parameter (Y.-D. Liang and B. Barsky, "A new concept and method for line clipping",
    1984, for one pair of edges)."""
    found: list[list[Point]] = []
    current: list[Point] = []

    def end() -> None:
        nonlocal current
        if len(current) > 1:
            found.append(current)
        current = []

    for (ax, ay), (bx, by) in pairwise(points):
        enter, leave = 0.0, 1.0
        rise = by - ay
        if rise:
            first, second = sorted(((top - ay) / rise, (bottom - ay) / rise))
            enter, leave = max(enter, first), min(leave, second)
        elif not top <= ay <= bottom:
            leave = -1.0
        if enter > leave:
            end()
            continue
        if enter > 0 or not current:
            end()
            current = [(ax + (bx - ax) * enter, min(bottom, max(top, ay + rise * enter)))]
        current.append((ax + (bx - ax) * leave, min(bottom, max(top, ay + rise * leave))))
        if leave < 1:
            end()
    end()
    return found
