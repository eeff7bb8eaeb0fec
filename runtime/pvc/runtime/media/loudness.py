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
_HOP = 11 * STEP
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
    """The sound through the K-weighting filter."""
    out = np.empty(len(sound), np.float64)
    for at in range(0, len(sound), _HOP):
        part = out[at : at + _HOP]
        part[:] = _weighted(sound[max(0, at - _TAIL) : at + _HOP], len(part))
    return out


def _weighted(sound: Sound, count: int) -> NDArray[np.float64]:
    """The last ``count`` samples of the filtered sound, which has up to _TAIL samples of history in front."""
    spectrum = np.fft.rfft(sound.astype(np.float64), _FFT)
    filtered = np.fft.irfft(spectrum * _k_response(), _FFT)
    return np.asarray(filtered[len(sound) - count : len(sound)], np.float64)


def integrated(sound: Sound, padding: int = 0) -> float:
    """Gated loudness in LUFS, at least SILENCE. ``padding``: samples of silence to imagine on both sides.

    With padding of a whole window a clip is measured as it counts inside a programme with pauses, and clips shorter
    than the window can be measured at all.
    """
    meter = Meter()
    meter.add(padded(sound, padding))
    return meter.loudness()


def padded(sound: Sound, padding: int) -> Sound:
    """The sound between ``padding`` samples of silence, at least a measuring window long."""
    return np.pad(sound, (padding, max(padding, BLOCK - padding - len(sound))))


def gated(weighted: NDArray[np.float64]) -> float:
    """Loudness of a K-weighted sound."""
    return _gated(_step_energies(weighted))


def _step_energies(weighted: NDArray[np.float64]) -> NDArray[np.float64]:
    steps = len(weighted) // STEP
    return np.asarray((weighted[: steps * STEP] ** 2).reshape(steps, STEP).sum(axis=1), np.float64)


def _gated(steps: NDArray[np.float64]) -> float:
    """Loudness from the energies of 100 ms steps: windows above SILENCE, and of these those above 10 LU under their
    mean (BS.1770-4, annex 1)."""
    energy = np.concatenate(((0.0,), np.cumsum(steps)))
    window = BLOCK // STEP
    power = np.maximum(energy[window:] - energy[:-window], 0.0) / BLOCK
    loud = power[power > 10 ** ((SILENCE + 0.691) / 10)]
    if not len(loud):
        return SILENCE
    loud = loud[loud > loud.mean() / 10]
    return max(SILENCE, float(-0.691 + 10 * np.log10(loud.mean())))


class Meter:
    """Loudness and true peak of a sound that comes in parts; keeps only energies and a little of the sound."""

    def __init__(self) -> None:
        self._history = np.zeros(0, np.float32)
        self._waiting: list[Sound] = []
        self._count = 0
        self._steps: list[NDArray[np.float64]] = []
        self._peak = 0.0
        self._cut = 0

    def add(self, sound: Sound) -> None:
        self._waiting.append(sound)
        self._count += len(sound)
        if self._count >= _HOP:
            self._measure(np.concatenate(self._waiting))

    def _measure(self, sound: Sound) -> None:
        whole = len(sound) // STEP * STEP
        for at in range(0, whole, _HOP):
            part = sound[at : min(at + _HOP, whole)]
            with_history = np.concatenate((self._history, part))
            self._steps.append(_step_energies(_weighted(with_history, len(part))))
            around = with_history[-len(part) - 2 * _PHASE_TAPS :]
            # Near a cut the wave between samples is not known: those samples come again with the next part.
            peaks = true_peaks(around, above=self._peak)[self._cut : -_PHASE_TAPS]
            self._cut = _PHASE_TAPS
            self._peak = max(self._peak, float(peaks.max(initial=0.0)))
            self._history = with_history[-_TAIL:]
        self._waiting = [sound[whole:]]
        self._count = len(sound) - whole

    def loudness(self) -> float:
        """Integrated loudness in LUFS of what came so far (whole steps of 100 ms)."""
        self._measure(np.concatenate([np.zeros(0, np.float32), *self._waiting]))
        return _gated(np.concatenate([np.zeros(0), *self._steps])) if self._steps else SILENCE

    def true_peak(self) -> float:
        """dBTP of what came so far."""
        self._measure(np.concatenate([np.zeros(0, np.float32), *self._waiting]))
        rest = np.concatenate([self._history[-2 * _PHASE_TAPS :], *self._waiting])
        largest = max(self._peak, float(true_peaks(rest)[self._cut :].max(initial=0.0)))
        return float(20 * np.log10(max(largest, 1e-10)))


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
    meter = Meter()
    meter.add(sound)
    return meter.true_peak()
