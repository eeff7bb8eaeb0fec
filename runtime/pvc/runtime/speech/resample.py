"""From an engine's rate to 48 kHz, and away with the silence around a clip."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

from pvc.compiler.clock import SAMPLE_RATE

SILENCE = 0.004
"""Amplitude (of 1) under which a clip counts as silent at its ends: about -48 dBFS, above the engines' idle noise."""
KEEP_SECONDS = 0.008
"""What is kept of the silence at each end, so that no soft onset is cut."""


def _smooth(least: int) -> int:
    """The smallest number from ``least`` on that has no prime factor above five: a transform of such a length takes a
    fraction of the time of one whose length has a large prime in it."""
    best = 1 << (least - 1).bit_length()
    five = 1
    while five < best:
        three = five
        while three < best:
            missing = -(-least // three)
            best = min(best, three << (missing - 1).bit_length())
            three *= 3
        five *= 5
    return best


def resample(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Band-limited resampling to 48 kHz through the Fourier transform of the whole clip.

    The clip is padded with silence on both sides, so that the transform's circular wrap falls into it; the length is
    made a multiple of ``rate / gcd`` so that the number of output samples is exact and no drift can arise, and one that
    transforms fast.
    """
    if rate == SAMPLE_RATE or samples.size == 0:
        return samples.astype(np.float32)
    common = gcd(rate, SAMPLE_RATE)
    down, up = rate // common, SAMPLE_RATE // common
    pad = down * 4
    count = _smooth(-(-(samples.size + 2 * pad) // down))
    padded = np.zeros(count * down, dtype=np.float64)
    padded[pad : pad + samples.size] = samples
    spectrum = np.fft.rfft(padded)
    wanted = np.zeros(count * up // 2 + 1, dtype=np.complex128)
    shared = min(spectrum.size, wanted.size)
    wanted[:shared] = spectrum[:shared]
    out = np.fft.irfft(wanted, count * up) * (up / down)
    start = pad * up // down
    return np.clip(out[start : start + -(-samples.size * up // down)], -1.0, 1.0).astype(np.float32)


def voiced_range(samples: NDArray[np.float32], rate: int = SAMPLE_RATE) -> tuple[int, int]:
    """Where a clip's sound begins and ends, a little silence kept; (0, 0) for a silent clip."""
    loud = np.flatnonzero(np.abs(samples) > SILENCE)
    if loud.size == 0:
        return 0, 0
    keep = int(KEEP_SECONDS * rate)
    return max(0, int(loud[0]) - keep), min(samples.size, int(loud[-1]) + 1 + keep)
