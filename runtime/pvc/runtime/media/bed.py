"""Music and effects: decoded, looped without a seam, brought to a loudness, and kept under the voice.

Levels, in LUFS: the voice is at -14 (`audio.LOUDNESS`). A bed is at OPEN or softer where nobody speaks, and UNDER the
voice where somebody does. How much softer is up to how much of the talk is spoken (`levels`): beside speech the bed
stays below the relative gate of BS.1770, so the loudness of the whole is the voice's. An effect is at STRUCK before its
own gain.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pvc.compiler.film import opened
from pvc.runtime.errors import MediaError
from pvc.runtime.media.audio import LOUDNESS
from pvc.runtime.media.loudness import BLOCK, RATE, SILENCE, Sound, gated, k_weighted, padded, true_peaks

if TYPE_CHECKING:
    from av import AudioFrame

UNDER = 16.0
"""LU by which a bed is softer than the voice while that speaks."""
OPEN = -26.0
"""LUFS of a bed at its loudest."""
SOFTEST = -8.0
"""Decibels by which a bed is at most turned down for a talk in which little is said."""
STRUCK = LOUDNESS - 6.0
LOUDEST = -3.0
"""dBTP that an effect is never louder than: a click is measured by its peak."""
AHEAD, BEHIND = RATE * 3 // 10, RATE * 8 // 10
"""Samples over which a bed goes down before a sentence, and comes up behind it."""
TOGETHER = RATE * 3 // 2
"""Pauses up to this long do not bring the bed up."""
RISE, FALL = RATE * 3 // 2, RATE * 5 // 2
"""Samples over which music comes and goes at the ends of its scenes."""
SEAM = 2 * RATE
"""Samples over which the end of a loop runs into its beginning, at most a quarter of it."""
EDGE = RATE // 100
LONGEST = 30 * 60 * RATE
"""Samples of a file that are decoded: half an hour."""


def decoded(path: Path, begin: int = 0, name: str = "the sound") -> Sound:
    """A file's sound from sample ``begin`` on, mono at 48 kHz. Raises MediaError (PVC0858)."""
    import av
    from av.error import FFmpegError

    parts: list[Sound] = []
    count = 0
    try:
        with opened(str(path)) as media:
            if not media.streams.audio:
                raise MediaError("PVC0858", f"{name} holds no sound", "give another file")
            coder = av.AudioResampler("flt", "mono", RATE)
            for frame in media.decode(media.streams.audio[0]):
                for piece in coder.resample(frame):
                    parts.append(_flat(piece))
                    count += parts[-1].size
                if count > begin + LONGEST:
                    break
            parts += [_flat(piece) for piece in coder.resample(None)]
    except (FFmpegError, ValueError, EOFError) as error:
        raise MediaError("PVC0858", f"{name} cannot be decoded: {error}", "convert it to WAV, FLAC or Ogg") from error
    sound = np.concatenate(parts)[begin : begin + LONGEST].astype(np.float32) if parts else np.zeros(0, np.float32)
    sound = sound - sound.mean() if len(sound) else sound  # a constant is not heard, but takes the room of what is
    if not len(sound):
        raise MediaError(
            "PVC0858", f"{name} is empty" if not begin else f"{name} is shorter than its `start`", "give another file"
        )
    if not np.isfinite(sound).all():
        raise MediaError("PVC0858", f"{name} holds samples that are no numbers", "convert it to WAV, FLAC or Ogg")
    return sound


def _flat(frame: AudioFrame) -> Sound:
    return np.asarray(frame.to_ndarray(), np.float32).reshape(-1)


def looping(sound: Sound) -> Sound:
    """The sound made to begin again where it ends: its last SEAM fades into its first, at equal power."""
    seam = min(SEAM, len(sound) // 4)
    if seam < 2:
        return sound
    turn = np.pi / 2 * (np.arange(seam) + 0.5) / seam
    made = sound[: len(sound) - seam].astype(np.float32, copy=True)
    made[:seam] = made[:seam] * np.sin(turn) + sound[len(sound) - seam :] * np.cos(turn)
    return made


def soft_ends(sound: Sound) -> Sound:
    """The sound with 10 ms to come and to go, so that neither end clicks."""
    made = sound.astype(np.float32, copy=True)
    length = min(EDGE, len(made) // 2)
    if length:
        ramp = (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)).astype(np.float32)
        made[:length] *= ramp
        made[-length:] *= ramp[::-1]
    return made


def at_loudness(sound: Sound, loudness: float, loudest: float = LOUDEST) -> Sound:
    """The sound at a loudness (LUFS), softer where its true peak would be over ``loudest``. Silence stays silence."""
    measured = gated(k_weighted(padded(sound, BLOCK)))
    if measured <= SILENCE:
        return sound
    gain = 10 ** ((loudness - measured) / 20)
    peak = float(true_peaks(sound).max())
    return (sound * min(gain, 10 ** (loudest / 20) / max(peak, 1e-9))).astype(np.float32)


def laid(tone: Sound, samples: int, loop: bool) -> Sound:
    """So many samples of a bed, coming and going softly."""
    if loop:
        made = np.resize(tone, samples)
    else:
        made = np.zeros(samples, np.float32)
        length = min(samples, len(tone))
        made[:length] = tone[:length]
        samples = length
    made = made.astype(np.float32, copy=True)
    rise, fall = min(RISE, samples // 2), min(FALL, samples // 2)
    if rise:
        made[:rise] *= _bow(rise)
    if fall:
        made[samples - fall : samples] *= _bow(fall)[::-1]
    return made


def _bow(length: int) -> Sound:
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)).astype(np.float32)


def levels(share: float) -> tuple[float, float]:
    """Decibels of a bed beside speech and under it, against OPEN, where a share of the talk is spoken.

    The voice at -14 over that share alone puts the gate, 10 LU under the mean, at ``-24 + 10 log10 share``; the bed
    stays 2.5 LU below. A talk without a word has the music at the talk's own loudness."""
    if share <= 0:
        return LOUDNESS - OPEN, LOUDNESS - OPEN
    beside = min(0.0, max(SOFTEST, LOUDNESS - 10 + 10 * float(np.log10(share)) - 2.5 - OPEN))
    return beside, min(beside, LOUDNESS - UNDER - OPEN)


def ducking(spoken: Sequence[tuple[int, int]], samples: int) -> NDArray[np.float32]:
    """The bed's gain for each sample, given where somebody speaks (start, end): smooth from one level to the other."""
    beside, under = levels(sum(end - start for start, end in spoken) / max(1, samples))
    low = 10 ** ((under - beside) / 20)
    gain = np.ones(samples, np.float32)
    for start, end in _joined(spoken):
        first, last = max(0, start - AHEAD), min(samples, end + BEHIND)
        down = (1 - (1 - low) * _bow(AHEAD))[AHEAD - (start - first) :] if start > first else np.zeros(0, np.float32)
        up = (1 - (1 - low) * _bow(BEHIND)[::-1])[: max(0, last - end)]
        shape = np.concatenate((down, np.full(min(end, samples) - start, low, np.float32), up))
        part = gain[first : first + len(shape)]
        np.minimum(part, shape[: len(part)], out=part)
    return (gain * 10 ** (beside / 20)).astype(np.float32)


def _joined(spoken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spoken):
        if found and start - found[-1][1] <= TOGETHER:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found
