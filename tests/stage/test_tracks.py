"""The reference evaluator of tracks, and morphing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler.model.display import Ease, Element, Fragment, Item, Keyframe, Paint, Path, Rect, Shape, Track
from pvc.compiler.model.morph import between, moved, pair
from pvc.compiler.model.tracks import (
    REST,
    State,
    apply,
    blend,
    concat,
    eased,
    element_matrix,
    fill_share,
    is_still,
    item_matrix,
    motion,
    outline_opacity,
    outline_share,
    pose,
    stroke_share,
    value_at,
)

EASES: tuple[Ease, ...] = ("linear", "out", "in_out", "smooth", "step")
SQUARE = Path("MLLLZ", (0.0, 0.0, 10.0, 0.0, 10.0, 10.0, 0.0, 10.0))


def box(x: float, y: float, w: float, h: float, origin: tuple[float, float] | None = None) -> Element:
    return Element(Shape(SQUARE, Paint(9, 9, 9)), Rect(x, y, w, h), "box", 0, "", origin)


@given(st.sampled_from(EASES), st.floats(0, 1), st.floats(0, 1))
def test_eases_rise_from_nought_to_one(ease: Ease, a: float, b: float) -> None:
    assert eased(ease, 0) == 0
    assert eased(ease, 1) == 1
    low, high = sorted((a, b))
    assert 0 <= eased(ease, low) <= eased(ease, high) + 1e-12 <= 1 + 2e-12


@pytest.mark.parametrize(("ease", "half"), [("linear", 0.5), ("out", 0.875), ("in_out", 0.5), ("smooth", 0.5)])
def test_eases_at_half_time(ease: Ease, half: float) -> None:
    assert eased(ease, 0.5) == pytest.approx(half)


def test_value_holds_outside_its_keys_and_step_waits_for_its_key() -> None:
    track = Track("opacity", None, (Keyframe(3, (0.0,)), Keyframe(7, (1.0,)), Keyframe(9, (0.25,), "step")))
    assert [value_at(track, f)[0] for f in (0, 3, 5, 7, 8, 9, 50)] == [0, 0, 0.5, 1, 1, 0.25, 0.25]
    assert not is_still(track)


def test_tracks_on_one_element_combine_and_others_rest() -> None:
    tracks = (
        Track("opacity", (0, 1), (Keyframe(0, (0.5,)),)),
        Track("opacity", (1,), (Keyframe(0, (0.5,)), Keyframe(10, (0.0,)))),
        Track("translate", None, (Keyframe(0, (3.0, 4.0)),)),
    )
    moving = motion(Item("v", "d", 0, 0, 1, tracks), 3)
    now = pose(moving, 5)
    assert [state.opacity for state in now.elements] == [0.5, 0.125, 1.0]
    assert now.elements[2] is REST
    assert (now.whole.dx, now.whole.dy) == (3, 4)
    assert not pose(moving, 10).elements[1].visible


def test_targets_beyond_the_fragment_are_ignored() -> None:
    moving = motion(Item("v", "d", 0, 0, 1, (Track("opacity", (7,), (Keyframe(0, (0.5,)),)),)), 2)
    assert pose(moving, 0).elements == (REST, REST)


def test_matrices_keep_their_pivots() -> None:
    grown = State(sx=2.0, sy=0.5, angle=30.0)
    assert apply(element_matrix(box(0, 0, 10, 20, (4.0, 6.0)), grown), 4, 6) == pytest.approx((4, 6))
    assert apply(element_matrix(box(0, 0, 10, 20), grown), 5, 10) == pytest.approx((5, 10))
    fragment = Fragment(100, 50, (box(0, 0, 10, 20),))
    item = Item("v", "d", 200, 300, 2.0, ())
    assert apply(item_matrix(item, fragment, grown), 50, 25) == pytest.approx((300, 350))
    assert apply(item_matrix(item, fragment, State(dx=1, dy=2)), 0, 0) == pytest.approx((201, 302))
    turned = element_matrix(box(0, 0, 2, 2, (0.0, 0.0)), State(angle=90.0))
    assert apply(turned, 1, 0) == pytest.approx((0, 1))
    inner, outer = (2.0, 0.0, 0.0, 3.0, 1.0, 1.0), (0.0, 1.0, -1.0, 0.0, 5.0, 5.0)
    assert apply(concat(outer, inner), 7, 8) == pytest.approx(apply(outer, *apply(inner, 7, 8)))


def test_blend_mixes_code_values() -> None:
    assert blend(Paint(0, 100, 200), (200, 100, 0, 255, 0.5)) == Paint(100, 100, 100, 255)
    assert blend(Paint(1, 2, 3), None) == Paint(1, 2, 3)


def test_writing_hands_over_from_outline_to_fill() -> None:
    assert (outline_share(0.25), fill_share(0.25), outline_opacity(0.25)) == (0.5, 0, 1)
    assert (outline_share(0.75), fill_share(0.75), outline_opacity(0.75)) == (1, 0.5, 0.5)
    assert (fill_share(1), outline_opacity(1)) == (1, 0)
    assert (stroke_share(0.25), stroke_share(0.25, filled=True)) == (0.25, 0.5)
    assert stroke_share(0.5, filled=True) == 1  # closed where the fill begins


CIRCLE = Path(
    "MCCCCZ",
    (5, 0, 7.76, 0, 10, 2.24, 10, 5, 10, 7.76, 7.76, 10, 5, 10, 2.24, 10, 0, 7.76, 0, 5, 0, 2.24, 2.24, 0, 5, 0),
)
TWO = Path("MLLZMLLZ", (0, 0, 9, 0, 9, 9, 20, 20, 24, 20, 24, 24))


def extent(path: Path) -> tuple[float, float, float, float]:
    xs, ys = path.points[0::2], path.points[1::2]
    return (min(xs), min(ys), max(xs), max(ys))


@pytest.mark.parametrize(("start", "end"), [(SQUARE, CIRCLE), (CIRCLE, TWO), (TWO, SQUARE), (SQUARE, SQUARE)])
def test_morph_starts_and_ends_in_its_outlines(start: Path, end: Path) -> None:
    prepared = pair(start, end)
    assert len(prepared.start) == len(prepared.end)
    if start is SQUARE and end is not TWO:
        assert extent(between(prepared, 0)) == pytest.approx(extent(start))
        assert extent(between(prepared, 1)) == pytest.approx(extent(end))
    halfway = between(prepared, 0.5)
    assert all(math.isfinite(value) for value in halfway.points)
    assert halfway.verbs.count("M") == max(start.verbs.count("M"), end.verbs.count("M"))


def test_a_square_morphs_into_a_turned_start_without_twisting() -> None:
    other = Path("MLLLZ", (10.0, 10.0, 10.0, 0.0, 0.0, 0.0, 0.0, 10.0))  # begun elsewhere, the other way round
    halfway = between(pair(SQUARE, other), 0.5)
    assert extent(halfway) == pytest.approx((0, 0, 10, 10))


def test_morph_with_nothing_is_still_finite() -> None:
    prepared = pair(Path("", ()), SQUARE)
    assert extent(between(prepared, 0)) == (5, 5, 5, 5)


def test_moved_maps_every_point() -> None:
    assert moved(SQUARE, 2, 0, 0, 2, 1, -1).points[:4] == (1.0, -1.0, 21.0, -1.0)
