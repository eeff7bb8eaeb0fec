"""The clock computes with integers; what it means is said here with fractions."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler import clock
from pvc.compiler.plan.timeline import samples_in

SECONDS = st.fractions(-3600, 3600)
PACES = st.sampled_from([Fraction(24), Fraction(25), Fraction(30), Fraction(30000, 1001), Fraction(60)])
HALF = Fraction(1, 2)


@given(SECONDS, PACES)
def test_times_go_to_the_nearest_frame_and_halves_up(seconds: Fraction, fps: Fraction) -> None:
    assert clock.frame_at(seconds, fps) == (seconds * fps + HALF) // 1


@given(SECONDS, PACES)
def test_covering_frames_are_the_fewest(seconds: Fraction, fps: Fraction) -> None:
    frames = clock.frames_covering(seconds, fps)
    assert (frames - 1) / fps < seconds <= frames / fps


@given(st.integers(0, 10**7), PACES)
def test_a_frame_begins_at_the_nearest_sample(frame: int, fps: Fraction) -> None:
    assert clock.sample_at(frame, fps) == (Fraction(frame * clock.SAMPLE_RATE) / fps + HALF) // 1


@given(SECONDS)
def test_seconds_go_to_the_nearest_sample(seconds: Fraction) -> None:
    assert samples_in(seconds) == (seconds * clock.SAMPLE_RATE + HALF) // 1
