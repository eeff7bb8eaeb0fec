"""A generated score: a quiet pad of slowly changing chords that begins again where it ends, and nothing to notice.

Additive synthesis (J.-C. Risset and M. V. Mathews, Analysis of musical-instrument tones, 1969): every note is a few
partials, twice and a little apart so that they beat slowly. All frequencies make whole numbers of periods in the loop
and chords swell by windows that add up to constant power, so there is no seam. A room is added by convolution with
decaying noise over the loop as a circle. Equal scores give equal samples: noise is drawn from a counter of hashes, and
the result is rounded to 16 bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pvc.compiler.clock import SAMPLE_RATE
from pvc.compiler.digest import digest_bytes
from pvc.runtime.media.loudness import Sound

SCALES = {
    "calm": (0, 2, 4, 7, 9),
    "bright": (0, 2, 4, 6, 7, 9, 11),
    "dark": (0, 3, 5, 7, 10),
}
"""Semitones above the root: a major pentatonic, a lydian, a minor pentatonic scale."""
PROGRESSIONS = {
    "calm": ((0, 2, 3), (4, 1, 3), (3, 0, 2), (2, 4, 1)),
    "bright": ((0, 2, 4), (4, 6, 1), (1, 3, 5), (5, 0, 2)),
    "dark": ((0, 1, 3), (2, 4, 1), (4, 1, 3), (3, 0, 2)),
}
"""Chords as degrees of the scale, from 0; which follows which is up to the seed."""
CHORDS = 8
"""Chords in a loop."""
PARTIALS = (1.0, 0.28, 0.12, 0.05, 0.02)
"""How strong each partial of a note is."""
APART = 2.2
"""Cents by which the two tones of a note differ."""
ROOM = 2.2
"""Seconds after which the room has lost 60 dB."""


def pad(score: Mapping[str, str]) -> Sound:
    """The loop of a score: ``seed``, ``root`` (semitones above C), ``mood`` (one of SCALES), ``chord`` (seconds)."""
    mood, root = score["mood"], int(score["root"])
    step = int(Fraction(score["chord"]) * SAMPLE_RATE)
    choose = _Dice(f"{score['seed']}/{mood}")
    total = step * CHORDS
    out = np.zeros(total, np.float64)
    before = -1
    for number in range(CHORDS):
        options = [index for index in range(len(PROGRESSIONS[mood])) if index != before]
        before = 0 if number == 0 else options[choose(len(options))]
        notes = _notes(PROGRESSIONS[mood][before], SCALES[mood], root, choose)
        out += _chord(notes, number * step - step // 2, step, total, choose)
    wet = _room(out, choose)
    mixed = 0.6 * out + 0.4 * wet * (_power(out) / max(_power(wet), 1e-12))
    mixed *= 0.5 / max(float(np.abs(mixed).max()), 1e-9)
    return (np.round(mixed * 32767.0) / 32767.0).astype(np.float32)


class _Dice:
    """Numbers that depend on a seed alone, on every machine and with every library."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.thrown = 0

    def bits(self) -> int:
        self.thrown += 1
        return int(digest_bytes(f"{self.seed}:{self.thrown}".encode())[:15], 16)

    def __call__(self, sides: int) -> int:
        return self.bits() % sides

    def share(self) -> float:
        return self.bits() / 16**15


def _notes(degrees: tuple[int, ...], scale: tuple[int, ...], root: int, choose: _Dice) -> list[float]:
    """Frequencies of a chord: its root two octaves below, the chord itself, and one of its notes above."""
    base = 48 + root - (12 if root > 5 else 0)  # about C3
    middle = [base + scale[degree % len(scale)] + 12 * (degree // len(scale)) for degree in degrees]
    keys = [middle[0] - 12, *(key if key >= base + 2 else key + 12 for key in middle), middle[choose(len(middle))] + 12]
    return [440.0 * 2 ** ((key - 69) / 12) for key in keys]


def _chord(notes: list[float], start: int, step: int, total: int, choose: _Dice) -> NDArray[np.float64]:
    """A chord that swells over ``start .. start + 2 * step`` of the loop and is gone before and after."""
    length = 2 * step
    time = np.arange(length) / SAMPLE_RATE
    loop = total / SAMPLE_RATE
    sound = np.zeros(length, np.float64)
    for place, frequency in enumerate(notes):
        strength = (0.9, 1.0, 0.8, 0.7, 0.28)[min(place, 4)]
        breath = 2 * np.pi * (0.05 + 0.08 * choose.share())
        swell = 1.0 + 0.18 * np.sin(breath * time + 2 * np.pi * choose.share())
        tone = np.zeros(length, np.float64)
        for side in (-1.0, 1.0):
            shifted = frequency * 2 ** (side * APART / 2400)
            for number, level in enumerate(PARTIALS, 1):
                whole = round(shifted * number * loop) / loop  # whole periods in the loop
                tone += level * np.sin(2 * np.pi * whole * time + 2 * np.pi * choose.share())
        sound += strength * swell * tone
    sound /= max(_power(sound), 1e-12)
    window = np.sin(np.pi * (np.arange(length) + 0.5) / length)  # its square and its neighbour's add up to one
    out = np.zeros(total, np.float64)
    np.add.at(out, (start + np.arange(length)) % total, sound * window)
    return out


def _room(sound: NDArray[np.float64], choose: _Dice) -> NDArray[np.float64]:
    """The sound in a room, over the loop as a circle."""
    count = int(ROOM * SAMPLE_RATE)
    blocks = b"".join(
        bytes.fromhex(digest_bytes(f"{choose.seed}/room/{number}".encode())) for number in range(-(-count * 2 // 32))
    )
    noise = np.frombuffer(blocks[: count * 2], dtype="<i2").astype(np.float64) / 32768.0
    answer = noise * 10 ** (-3.0 * np.arange(count) / count)
    answer = np.convolve(answer, np.ones(24) / 24, "same")  # walls take the highs
    padded = np.zeros(len(sound), np.float64)
    padded[: min(count, len(sound))] = answer[: len(sound)]
    return np.asarray(np.fft.irfft(np.fft.rfft(sound) * np.fft.rfft(padded), len(sound)), np.float64)


def _power(sound: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(sound**2)))
