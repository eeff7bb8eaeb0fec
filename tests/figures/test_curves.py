"""Curves of functions: on the function, flat enough, broken where it jumps, inside the plot."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import pytest

from pvc.compiler.layout.plots.expression import evaluate, parse
from pvc.compiler.layout.plots.sampling import clipped, curve
from pvc.compiler.model.display import Point

LEFT, RIGHT, TOP, BOTTOM = 100.0, 1500.0, 50.0, 700.0


def sampled(
    source: str, domain: tuple[float, float], reach: tuple[float, float]
) -> tuple[tuple[tuple[Point, ...], ...], Callable[[float], float], Callable[[float], float]]:
    """The pieces, and the ways back from pixels to x and from values to pixels."""
    expression = parse(source)
    low, high = domain
    bottom, top = reach

    def to_x(x: float) -> float:
        return LEFT + (x - low) / (high - low) * (RIGHT - LEFT)

    def to_y(y: float) -> float:
        return BOTTOM - (y - bottom) / (top - bottom) * (BOTTOM - TOP)

    def from_x(pixel: float) -> float:
        return low + (pixel - LEFT) / (RIGHT - LEFT) * (high - low)

    pieces = curve(lambda x: evaluate(expression, x), domain, to_x, to_y, TOP, BOTTOM)
    return pieces, lambda pixel: evaluate(expression, from_x(pixel)), to_y


CASES = [
    ("exp(-x^2)", (-4, 4), (-0.2, 1.2), 1),
    ("sin(3*x)", (-6, 6), (-1.5, 1.5), 1),
    ("x^3 - 2*x", (-2, 2), (-5, 5), 1),
    ("1/x", (-4, 4), (-5, 5), 2),
    ("tan(x)", (-4.6, 4.6), (-6, 6), 3),
    ("floor(x)", (-0.5, 2.5), (-3, 3), 4),
    ("sqrt(x)", (-1, 4), (-1, 3), 1),
    ("log(x)", (-1, 4), (-3, 3), 1),
    ("sign(x)", (-1, 1), (-2, 2), 2),
    ("abs(x)", (-1, 1), (-2, 2), 1),
    ("tanh(200*x)", (-1, 1), (-2, 2), 1),
    ("x^2", (-4, 4), (0, 4), 1),
    ("exp(10*x)", (-4, 4), (-1, 4), 1),
]


@pytest.mark.parametrize(("source", "domain", "reach", "count"), CASES)
def test_points_are_on_the_curve(
    source: str, domain: tuple[float, float], reach: tuple[float, float], count: int
) -> None:
    pieces, value, to_y = sampled(source, domain, reach)
    assert len(pieces) >= count, "a jump was drawn through"
    for piece in pieces:
        assert len(piece) >= 2
        for x, y in piece[1:-1]:
            assert y == pytest.approx(to_y(value(x)), abs=0.05)
        for (ax, ay), (bx, by) in pairwise(piece):
            assert LEFT - 1e-6 <= ax <= bx <= RIGHT + 1e-6
            assert min(ay, by) >= TOP - 1e-6
            assert max(ay, by) <= BOTTOM + 1e-6


@pytest.mark.parametrize(("source", "domain", "reach", "count"), CASES)
def test_chords_stay_near_the_curve(
    source: str, domain: tuple[float, float], reach: tuple[float, float], count: int
) -> None:
    pieces, value, to_y = sampled(source, domain, reach)
    for piece in pieces:
        for (ax, ay), (bx, by) in pairwise(piece):
            if bx - ax < 0.5:
                continue
            middle = value((ax + bx) / 2)
            assert not math.isnan(middle), "a chord over a hole"
            assert abs(to_y(middle) - (ay + by) / 2) < 1.0


@pytest.mark.parametrize(
    ("source", "poles"), [("1/x", [0.0]), ("tan(x)", [-math.pi / 2, math.pi / 2]), ("1/(x-1)", [1.0])]
)
def test_nothing_is_drawn_through_a_pole(source: str, poles: list[float]) -> None:
    pieces, _, _ = sampled(source, (-4, 4), (-5, 5))
    for pole in poles:
        at = LEFT + (pole + 4) / 8 * (RIGHT - LEFT)
        for piece in pieces:
            assert not piece[0][0] < at - 1e-6 < at + 1e-6 < piece[-1][0]


def test_a_function_out_of_sight_has_no_piece() -> None:
    assert sampled("10 + x", (-1, 1), (-1, 1))[0] == ()
    assert sampled("log(-1 - x^2)", (-1, 1), (-1, 1))[0] == ()


def test_smooth_curves_are_cheap() -> None:
    pieces, _, _ = sampled("sin(x)", (-6, 6), (-2, 2))
    assert sum(map(len, pieces)) < 500


def test_wild_functions_end() -> None:
    asked = 0

    def wild(x: float) -> float:
        nonlocal asked
        asked += 1
        return math.sin(1 / x) if x else math.nan

    pieces = curve(wild, (-1.0, 1.0), lambda x: 800 + 700 * x, lambda y: 400 - 300 * y, TOP, BOTTOM)
    assert pieces
    assert asked < 60_000


def test_clipping_cuts_exactly_at_the_edges() -> None:
    pieces = clipped([(0, 0), (10, 100), (20, 0)], 20, 50)
    assert pieces == [[(2.0, 20.0), (5.0, 50.0)], [(15.0, 50.0), (18.0, 20.0)]]
    assert clipped([(0, 0), (10, 10)], 20, 50) == []
    assert clipped([(0, 30), (10, 40)], 20, 50) == [[(0.0, 30.0), (10.0, 40.0)]]
    assert clipped([(0, 20), (10, 20)], 20, 50) == [[(0, 20), (10, 20)]]


@pytest.mark.parametrize("source", ["sin(1000*x)", "sin(1000000*x)", "sin(320*pi*x)", "cos(640*pi*x)"])
def test_what_swings_too_fast_to_be_followed_is_a_band_and_no_slow_wave(source: str) -> None:
    """In each 20 px of the plot the curve reaches nearly as high and as low as the function does."""
    pieces, _, to_y = sampled(source, (0, 1), (-1, 1))
    points = [point for piece in pieces for point in piece]
    for left in range(int(LEFT), int(RIGHT) - 20, 20):
        heights = [y for x, y in points if left <= x <= left + 20]
        assert min(heights) < to_y(0.85)
        assert max(heights) > to_y(-0.85)


def test_a_wild_place_takes_nothing_from_the_rest() -> None:
    """sin(1/x) is as good at the right of 0 as at the left: it is odd."""
    pieces, _, to_y = sampled("sin(1/x)", (-3, 3), (-1, 1))
    middle = (LEFT + RIGHT) / 2
    points = [point for piece in pieces for point in piece]
    left = sorted((middle - x, to_y(0) - y) for x, y in points if middle - x > 40)
    right = sorted((x - middle, y - to_y(0)) for x, y in points if x - middle > 40)
    assert len(left) == len(right)
    for one, other in zip(left, right, strict=True):
        assert one == pytest.approx(other, abs=0.01)
