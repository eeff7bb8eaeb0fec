"""Marks to words, and resampling: laws that need no voice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvc.runtime.speech.resample import _smooth, resample, voiced_range
from pvc.runtime.speech.ssml import Token, tokens
from pvc.runtime.speech.words import place_words


def test_merged_words_share_the_time_of_what_was_spoken_as_one() -> None:
    text = tokens("of the cat")
    begins = [word.begin for word in place_words(text, {0: 100, 1: 200, 2: 200}, 300)]
    assert begins[0] == 100
    assert 100 < begins[1] < 200
    assert begins[2] == 200


@given(
    heard=st.dictionaries(st.integers(0, 9), st.integers(0, 5_000)),
    count=st.integers(1, 10),
    length=st.integers(0, 4_000),
)
def test_words_tile_their_time_in_order_whatever_was_heard(heard: dict[int, int], count: int, length: int) -> None:
    words = place_words(tuple(Token(3 * i, 3 * i + 2) for i in range(count)), heard, length)
    assert len(words) == count
    edges = [edge for word in words for edge in (word.begin, word.finish)]
    assert edges == sorted(edges)
    assert words[-1].finish == length


@given(rate=st.sampled_from([8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]), seconds=st.floats(0.05, 0.8))
def test_resampling_keeps_a_tone_and_its_place(rate: int, seconds: float) -> None:
    count = int(rate * seconds)
    time = np.arange(count) / rate
    window = np.sin(np.pi * np.arange(count) / max(1, count - 1)) ** 2
    tone = (0.5 * np.sin(2 * np.pi * 440 * time) * window).astype(np.float32)
    out = resample(tone, rate)
    assert abs(out.size - count * 48_000 / rate) <= 1
    there = np.arange(out.size) / 48_000
    expected = 0.5 * np.sin(2 * np.pi * 440 * there) * np.sin(np.pi * there * rate / max(1, count - 1)) ** 2
    assert float(np.abs(out - expected).max()) < 0.02


def test_silence_around_a_clip_is_found() -> None:
    clip = np.zeros(48_000, dtype=np.float32)
    clip[10_000:20_000] = 0.5
    begin, end = voiced_range(clip)
    assert 9_000 < begin < 10_000
    assert 20_000 < end < 21_000
    assert voiced_range(np.zeros(100, dtype=np.float32)) == (0, 0)


@pytest.mark.parametrize("least", [1, 2, 7, 11, 127, 1009, 44_101, 999_983])
def test_transforms_have_lengths_that_are_fast(least: int) -> None:
    found = _smooth(least)
    rest = found
    for prime in (2, 3, 5):
        while rest % prime == 0:
            rest //= prime
    assert rest == 1
    assert least <= found <= least * 1.2 + 1
