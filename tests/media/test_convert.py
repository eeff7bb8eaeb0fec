"""Converting only what changed gives the very planes that converting everything gives."""

from __future__ import annotations

import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media.scenery import NOWHERE

from pvc.runtime.backends.interface import PixelRect
from pvc.runtime.errors import MediaError
from pvc.runtime.media.convert import Planes
from pvc.runtime.media.picture import Picture


def planes_of(planes: Planes) -> list[bytes]:
    """The planes without the padding behind their lines."""
    return [
        np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, -1)[:, : plane.width].tobytes()
        for plane in planes.frame.planes
    ]


@given(
    st.sampled_from([(64, 48), (150, 90), (162, 34), (322, 182)]),
    st.lists(st.tuples(st.integers(-3, 330), st.integers(-3, 190), st.integers(0, 90), st.integers(0, 90)), max_size=6),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=150, deadline=None)
def test_partial_conversion_equals_full_conversion(size, rectangles, seed) -> None:
    picture = Picture(*size, Fraction(30))
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 256, (picture.height, picture.width, 4), dtype=np.uint8)
    partial = Planes(picture)
    partial.update(pixels, None)
    for x, y, width, height in rectangles:
        left, top = max(0, x), max(0, y)
        region = pixels[top : max(0, y + height), left : max(0, x + width)]
        region[...] = random.integers(0, 256, region.shape, dtype=np.uint8)
        partial.update(pixels, PixelRect(x, y, x + width, y + height))
        full = Planes(picture)
        full.update(pixels, None)
        assert planes_of(partial) == planes_of(full)


@pytest.mark.parametrize(
    ("color", "expected"),
    # BT.709 limited range, by its formulas: Y = 16 + 219 (0.2126 R + 0.7152 G + 0.0722 B), Cb, Cr likewise.
    [
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
        ((128, 128, 128), (126, 128, 128)),
    ],
)
def test_colours_are_bt709_limited(color, expected) -> None:
    planes = Planes(Picture(32, 32, Fraction(30)))
    pixels = np.full((32, 32, 4), (*color, 255), np.uint8)
    planes.update(pixels, None)
    for plane, value in zip(planes.frame.planes, expected, strict=True):
        found = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, -1)[:, : plane.width]
        assert np.abs(found.astype(int) - value).max() <= 1


def test_cost_follows_the_changed_area() -> None:
    picture = Picture(1920, 1080, Fraction(30))
    pixels = np.random.default_rng(0).integers(0, 256, (1080, 1920, 4), dtype=np.uint8)
    planes = Planes(picture)

    def cost(changed: PixelRect | None) -> float:
        best = float("inf")
        for _ in range(7):
            begin = time.process_time()
            planes.update(pixels, changed)
            best = min(best, time.process_time() - begin)
        return best

    whole = cost(None)
    assert cost(PixelRect(500, 500, 600, 560)) < whole / 5
    assert cost(NOWHERE) < whole / 50


@pytest.mark.parametrize("shape", [(95, 160, 4), (96, 160, 3), (96, 160)])
def test_frames_of_another_shape_are_refused(shape) -> None:
    with pytest.raises(MediaError) as caught:
        Planes(Picture(160, 96, Fraction(30))).update(np.zeros(shape, np.uint8), None)
    assert caught.value.code == "PVC0851"


@pytest.mark.parametrize(
    "bad", [(161, 96, 30), (160, 97, 30), (0, 0, 30), (160, 96, 0), (160, 96, 1000), (9000, 96, 30)]
)
def test_impossible_pictures_are_refused(bad) -> None:
    with pytest.raises(MediaError) as caught:
        Picture(bad[0], bad[1], Fraction(bad[2]))
    assert caught.value.code == "PVC0850"
