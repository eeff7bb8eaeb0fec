"""Layers: exact blending, lossless keeping."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pvc.runtime.backends.interface import Frame, PixelRect
from pvc.runtime.build import lossless
from pvc.runtime.build.blend import NOWHERE, blended, is_empty, over, union
from pvc.runtime.build.png import encode_png
from pvc.runtime.errors import MediaError


def random_pixels(seed: int, height: int = 9, width: int = 11) -> np.ndarray:
    """Premultiplied pixels: no colour above its alpha."""
    chance = np.random.default_rng(seed)
    alpha = chance.choice([0, 1, 127, 128, 254, 255], (height, width, 1)).astype(np.uint8)
    color = (chance.random((height, width, 3)) * (alpha + 1)).astype(np.uint8)
    return np.concatenate((np.minimum(color, alpha), alpha), axis=2)


@given(st.integers(0, 2**32 - 1))
def test_blending_is_rounded_exactly(seed: int) -> None:
    below, above = random_pixels(seed), random_pixels(seed + 1)
    below[..., 3] = 255
    result = below.copy()
    over(result, above)
    share = below.astype(float) * (255 - above[..., 3:4].astype(float)) / 255
    expected = np.minimum(255, above + np.floor(share + 0.5))
    assert np.array_equal(result, expected.astype(np.uint8))


def frames(seed: int, count: int) -> list[Frame]:
    """Frames that change inside a rectangle each, and now and then not at all."""
    chance = np.random.default_rng(seed)
    pixels = random_pixels(seed)
    made = [Frame(pixels.copy(), None)]
    for number in range(1, count):
        left, top = int(chance.integers(0, 11)), int(chance.integers(0, 9))
        rect = PixelRect(left, top, int(chance.integers(left, 12)), int(chance.integers(top, 10)))
        if not is_empty(rect):
            pixels = pixels.copy()
            place = slice(rect.top, rect.bottom), slice(rect.left, rect.right)
            pixels[place] = random_pixels(seed + number)[place]
        made.append(Frame(pixels.copy(), rect))
    return made


@settings(max_examples=40)
@given(st.integers(0, 2**31), st.integers(1, 6))
def test_blending_only_what_changed_equals_blending_all(seed: int, count: int) -> None:
    layers = [frames(seed, count), frames(seed + 50, count), frames(seed + 99, count)]
    for frame in layers[0]:
        frame.pixels[..., 3] = 255
    seen = [frame.pixels.copy() for frame in blended([iter(layer) for layer in layers], count, (11, 9))]
    assert len(seen) == count
    for number, pixels in enumerate(seen):
        whole = layers[0][number].pixels.copy()
        for layer in layers[1:]:
            over(whole, layer[number].pixels)
        assert np.array_equal(pixels, whole)


@settings(max_examples=40)
@given(st.integers(0, 2**31), st.integers(0, 6))
def test_kept_frames_come_back_bit_for_bit(seed: int, count: int) -> None:
    given_frames = frames(seed, count) if count else []
    data, number = lossless.pack(given_frames, (11, 9))
    assert number == count
    back = [(frame.pixels.copy(), frame.changed) for frame in lossless.unpack(data)]
    assert len(back) == count
    before = np.zeros((9, 11, 4), np.uint8)
    for frame, (pixels, changed) in zip(given_frames, back, strict=True):
        assert np.array_equal(frame.pixels, pixels)
        if changed is not None:
            outside = np.ones((9, 11), bool)
            outside[changed.top : changed.bottom, changed.left : changed.right] = False
            assert np.array_equal(pixels[outside], before[outside])
        before = pixels


def test_bytes_that_are_no_frames_are_refused() -> None:
    with pytest.raises(MediaError):
        list(lossless.unpack(b"something else"))


def test_the_least_rectangle_around_some() -> None:
    assert union([PixelRect(1, 2, 3, 4), NOWHERE, PixelRect(5, 0, 6, 1)]) == PixelRect(1, 0, 6, 4)
    assert union([NOWHERE, NOWHERE]) == NOWHERE
    assert union([NOWHERE, None]) is None


@given(st.integers(0, 2**31))
def test_a_png_is_read_back_by_another_reader(seed: int) -> None:
    import io

    from PIL import Image

    pixels = random_pixels(seed)
    image = Image.open(io.BytesIO(encode_png(pixels)))
    assert image.mode == "RGB"
    assert np.array_equal(np.asarray(image), pixels[..., :3])
