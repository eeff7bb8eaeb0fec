"""From clips to the programme.

The gain law is local, so that editing one sentence changes no other sentence's sound: every clip is brought to
LOUDNESS on its own, measured as it counts between pauses (BS.1770 gating drops the pauses of the whole, so the whole
comes out at LOUDNESS too: within half a LU, which `verify` checks), then its peaks are limited. Nothing looks at the
whole programme. The voice is the whole mix; where music comes under it, it is added to a voice that stays as it is.

Sounds are mono, 48 kHz, float32: the voice is mono, mono AAC is half the work and half the bytes, players show it in
the middle, and YouTube takes it as it is.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from pvc.runtime.errors import MediaError
from pvc.runtime.media.loudness import BLOCK, SILENCE, Sound, gated, k_weighted, padded, true_peaks

LOUDNESS = -14.0
"""LUFS of every clip and so of the talk: what the large platforms play at."""
CEILING = -1.5
"""dBTP after limiting; half a dB under the promised -1 is for what AAC adds."""
FADE_IN, FADE_OUT = 96, 384
"""Samples (2 ms, 8 ms) over which a clip comes and goes, so that a cut inside a wave does not click."""
BLOCK_SIZE = 48
"""Samples (1 ms) that share one value of the limiter's gain before smoothing."""
REACH = 10
"""Milliseconds before and after a peak over which the limiter turns down and up again; even."""
_CEILING = 10 ** (CEILING / 20)
_MAX_GAIN = 10 ** (40 / 20)


def level(sound: Sound) -> Sound:
    """A clip, ready to be placed: faded at its ends, at LOUDNESS, with true peaks under CEILING. As long as before.

    Silence stays silence. Deterministic, so a result may be kept under the digest of the clip. Raises MediaError
    (PVC0855) for samples that are no numbers.
    """
    if not len(sound):
        return sound.astype(np.float32)
    if not np.isfinite(sound).all():
        raise MediaError("PVC0855", "a voice gave samples that are not finite numbers", "try another voice")
    faded = _faded(sound)
    weighted = k_weighted(padded(faded, BLOCK))
    loudness = gated(weighted)
    if loudness <= SILENCE:
        return faded
    peaks = _block_peaks(true_peaks(faded))
    gain, missing = 1.0, LOUDNESS - loudness
    hold = np.ones(len(faded))
    for _ in range(12):  # limiting takes loudness away, the more the louder: give it back, and more than that
        gain = min(_MAX_GAIN, gain * 10 ** (missing / 20))
        hold = gain * _hold(peaks * gain, _CEILING, len(faded))
        # The gain moves slowly against the K-weighting's memory: weighting before it is as good, and needs no filter.
        estimate = weighted.copy()
        estimate[BLOCK : BLOCK + len(faded)] *= hold
        missing = LOUDNESS - gated(estimate)
        if abs(missing) < 0.02 or gain >= _MAX_GAIN:
            break
        missing *= 1.5
    return limit((faded * hold).astype(np.float32))


def mix(clips: Iterable[tuple[int, Sound]], samples: int) -> Sound:
    """The programme: ``samples`` long, every (levelled) clip at its start. Where clips overlap, they add up and are
    limited again. Raises MediaError (PVC0855) for a clip that sticks out of the talk."""
    programme = np.zeros(samples, np.float32)
    end = 0
    overlap = False
    for start, sound in sorted(clips, key=lambda clip: clip[0]):
        if start < 0 or start + len(sound) > samples:
            raise MediaError(
                "PVC0855",
                f"speech at sample {start} does not fit into a talk of {samples} samples",
                "this is a fault of pvc",
            )
        overlap = overlap or start < end
        programme[start : start + len(sound)] += sound
        end = max(end, start + len(sound))
    return limit(programme) if overlap else programme


def limit(sound: Sound, highest: float = CEILING) -> Sound:
    """The sound with true peaks of at most ``highest`` dBTP: a look-ahead limiter whose gain never jumps. Where it
    holds nothing back the sound is untouched."""
    ceiling: float = 10 ** (highest / 20)
    for _ in range(3):  # a moving gain can lift the wave between samples a little: look again
        peaks = true_peaks(sound, above=ceiling)
        if not len(sound) or peaks.max() <= ceiling * 1.001:
            break
        sound = (sound * _hold(_block_peaks(peaks), ceiling, len(sound))).astype(np.float32)
        ceiling *= 0.998
    return sound


def _block_peaks(peaks: Sound) -> NDArray[np.float64]:
    """The largest of each millisecond."""
    blocks = np.pad(peaks, (0, -len(peaks) % BLOCK_SIZE)).reshape(-1, BLOCK_SIZE)
    return np.asarray(blocks.max(axis=1), np.float64)


def _hold(peaks: NDArray[np.float64], ceiling: float, samples: int) -> NDArray[np.float64]:
    """The limiter's gain for every sample of a sound with these peaks per millisecond.

    The gain that each millisecond needs, taken at its lowest over REACH to both sides and then averaged twice over half
    of REACH, is at every peak at most what that peak needs, and smooth; straight lines join the milliseconds.
    """
    needed = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    if needed.min() >= 0.999:
        return np.ones(samples)
    wide = np.pad(needed, REACH + 1, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(wide, 2 * REACH + 3).min(axis=1)
    window = np.ones(REACH + 1) / (REACH + 1)
    smooth = np.convolve(np.convolve(np.pad(lowest, REACH, mode="edge"), window, "valid"), window, "valid")
    centres = (np.arange(len(peaks)) + 0.5) * BLOCK_SIZE
    return np.asarray(np.interp(np.arange(samples), centres, smooth), np.float64)


def _faded(sound: Sound) -> Sound:
    faded = sound.astype(np.float32, copy=True)
    for length, part in ((FADE_IN, faded), (FADE_OUT, faded[::-1])):
        length = min(length, len(sound) // 2)
        if length:
            part[:length] *= (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)).astype(np.float32)
    return faded
