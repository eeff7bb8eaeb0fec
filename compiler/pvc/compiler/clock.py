"""Exact time: frames and samples are integers, everything between them is a Fraction of a second. Never a float.

One place rounds time to the frame grid (``frame_at``) and one converts frames to samples (``sample_at``), so that two
parts of the compiler can never disagree by a frame. They compute with the integers inside of fractions: a plan asks
thousands of times, and a Fraction made on the way costs more than the whole answer.
"""

from __future__ import annotations

from fractions import Fraction

SAMPLE_RATE = 48_000
"""Samples per second of every sound that the compiler mixes."""


def frame_at(seconds: Fraction, fps: Fraction) -> int:
    """The frame nearest to a time; halves go up, so that 0.5 frames is 1 at every place on the time line."""
    below = seconds.denominator * fps.denominator
    return (2 * seconds.numerator * fps.numerator + below) // (2 * below)


def frames_covering(seconds: Fraction, fps: Fraction) -> int:
    """The least number of frames that lasts at least ``seconds``."""
    return -(-seconds.numerator * fps.numerator // (seconds.denominator * fps.denominator))


def sample_at(frame: int, fps: Fraction, rate: int = SAMPLE_RATE) -> int:
    """The sample at which a frame begins; exact wherever ``rate / fps`` is whole, else the nearest one."""
    return (2 * frame * rate * fps.denominator + fps.numerator) // (2 * fps.numerator)


def seconds_at(frame: int, fps: Fraction) -> Fraction:
    """The time at which a frame begins."""
    return Fraction(frame) / fps
