"""How loud a sound is: ITU-R BS.1770-4 loudness and true peak, in numpy alone (importing scipy costs more time than a
small build has). Compared with pyloudnorm and FFmpeg's ebur128 in the tests.

Sounds are arrays of float samples at 48 kHz, mono; full scale is 1.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

RATE = 48_000
BLOCK = 19_200
"""400 ms, the measuring window."""
STEP = 4_800
"""100 ms: windows overlap by 75 %."""
SILENCE = -70.0
"""The absolute gate in LUFS, and what a sound without anything above it is said to have."""

_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
_FFT = 1 << 16
_TAIL = 8_192  # the high-pass's poles have a radius of 0.995: after this many samples its answer is under 1e-17
_PHASE_TAPS = 24


@cache
def _k_response() -> NDArray[np.complex128]:
    """The K-weighting's response at the bins of the FFT (BS.1770-4, tables 1 and 2)."""
    delay = np.exp(-2j * np.pi * np.arange(_FFT // 2 + 1) / _FFT)
    response = np.ones(_FFT // 2 + 1, np.complex128)
    for above, below in (_SHELF, _HIGH_PASS):
        response *= (above[0] + above[1] * delay + above[2] * delay**2) / (
            below[0] + below[1] * delay + below[2] * delay**2
        )
    return response


def k_weighted(sound: Sound) -> NDArray[np.float64]:
    """The sound through the K-weighting filter, by overlap-add."""
    out = np.zeros(len(sound) + _FFT, np.float64)
    hop = _FFT - _TAIL
    for at in range(0, len(sound), hop):
        part = np.fft.rfft(sound[at : at + hop].astype(np.float64), _FFT)
        out[at : at + _FFT] += np.fft.irfft(part * _k_response(), _FFT)
    return out[: len(sound)]


def integrated(sound: Sound, padding: int = 0) -> float:
    """Gated loudness in LUFS, at least SILENCE. ``padding``: samples of silence to imagine on both sides.

    With padding of a whole window a clip is measured as it counts inside a programme with pauses, and clips shorter
    than the window can be measured at all.
    """
    return gated(k_weighted(padded(sound, padding)))


def padded(sound: Sound, padding: int) -> Sound:
    """The sound between ``padding`` samples of silence, at least a measuring window long."""
    return np.pad(sound, (padding, max(padding, BLOCK - padding - len(sound))))


def gated(weighted: NDArray[np.float64]) -> float:
    """Loudness of a K-weighted sound: windows above SILENCE, and of these the ones above 10 LU under their mean."""
    steps = len(weighted) // STEP
    energy = np.concatenate(((0.0,), np.cumsum((weighted[: steps * STEP] ** 2).reshape(steps, STEP).sum(axis=1))))
    window = BLOCK // STEP
    power = np.maximum(energy[window:] - energy[:-window], 0.0) / BLOCK
    loud = power[power > 10 ** ((SILENCE + 0.691) / 10)]
    if not len(loud):
        return SILENCE
    loud = loud[loud > loud.mean() / 10]
    return max(SILENCE, float(-0.691 + 10 * np.log10(loud.mean())))


@cache
def _phases() -> tuple[NDArray[np.float32], ...]:
    """Taps that interpolate at 1/4, 1/2 and 3/4 between two samples: a sinc under a Kaiser window (beta 6)."""
    taps = np.arange(_PHASE_TAPS) - (_PHASE_TAPS // 2 - 1)
    made = []
    for quarter in (0.25, 0.5, 0.75):
        place = taps - quarter
        window = np.i0(6 * np.sqrt(np.maximum(0.0, 1 - (place / (_PHASE_TAPS / 2)) ** 2))) / np.i0(6.0)
        kernel = np.sinc(place) * window
        made.append((kernel / kernel.sum()).astype(np.float32))
    return tuple(made)


def true_peaks(sound: Sound, above: float = 0.0) -> Sound:
    """For each sample the largest magnitude of the sound at it and at the quarter steps to either neighbour, as four
    times oversampling shows it (BS.1770-4, annex 2). ``above``: magnitudes under it are of no interest, so quarter
    steps are only computed where they can reach it, beside samples of at least half of it."""
    peaks = np.abs(sound).astype(np.float32)
    if len(sound) < 2:
        return peaks
    half = _PHASE_TAPS // 2
    padded = np.concatenate((np.zeros(half - 1, np.float32), sound, np.zeros(half, np.float32)))
    places = np.flatnonzero(np.maximum(peaks[:-1], peaks[1:]) > above / 2)
    if len(places) * 8 > len(sound):
        between = np.zeros(len(sound), np.float32)
        for kernel in _phases():
            np.maximum(between, np.abs(np.correlate(padded, kernel, "valid")), out=between)
    else:
        between = np.zeros(len(sound), np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(padded, _PHASE_TAPS)[places]
        between[places] = np.abs(windows @ np.stack(_phases()).T).max(axis=1)
    np.maximum(peaks, between, out=peaks)
    np.maximum(peaks[1:], between[:-1], out=peaks[1:])
    return peaks


def true_peak(sound: Sound) -> float:
    """The largest true peak in dBTP; -200 for silence."""
    largest = 0.0
    for at in range(0, len(sound), 1 << 20):  # piecewise, so that a long talk needs little memory
        part = sound[max(0, at - _PHASE_TAPS) : at + (1 << 20) + _PHASE_TAPS]
        largest = max(largest, float(true_peaks(part).max()))
    return float(20 * np.log10(max(largest, 1e-10)))
