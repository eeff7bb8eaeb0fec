"""Exact time: frames and samples are integers, everything between them is a Fraction of a second. Never a float.

One place rounds time to the frame grid (``frame_at``) and one converts frames to samples (``sample_at``), so that two
parts of the compiler can never disagree by a frame.
"""

from __future__ import annotations

from fractions import Fraction

SAMPLE_RATE = 48_000
"""Samples per second of every sound that the compiler mixes."""


def frame_at(seconds: Fraction, fps: Fraction) -> int:
    """The frame nearest to a time; halves go up, so that 0.5 frames is 1 at every place on the time line."""
    return int((seconds * fps + Fraction(1, 2)) // 1)


def frames_covering(seconds: Fraction, fps: Fraction) -> int:
    """The least number of frames that lasts at least ``seconds``."""
    return int(-((-seconds * fps) // 1))


def sample_at(frame: int, fps: Fraction, rate: int = SAMPLE_RATE) -> int:
    """The sample at which a frame begins; exact wherever ``rate / fps`` is whole, else the nearest one."""
    return int((Fraction(frame * rate) / fps + Fraction(1, 2)) // 1)


def seconds_at(frame: int, fps: Fraction) -> Fraction:
    """The time at which a frame begins."""
    return Fraction(frame) / fps
