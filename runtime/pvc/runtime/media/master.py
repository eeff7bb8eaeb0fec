"""The last hand on a programme that is more than a voice: its loudness as a whole, and its peaks as players hear them.

A voice alone needs none: its clips are at LOUDNESS each, and speech leaves the coder about as it went in. Music and
effects may be as loud as their author says, though, and the coder lifts the peaks of dense or square sounds by more
than the half decibel that the limiter leaves. What must hold is -14 LUFS and -1 dBTP of the film, so that is measured
here.
"""

from __future__ import annotations

from pvc.runtime.media.aac import AacTrack, Memory, decode_aac, encode_aac
from pvc.runtime.media.audio import CEILING, LOUDNESS, limit
from pvc.runtime.media.loudness import SILENCE, Sound, integrated, true_peak

NEAR = 0.5
"""LU from LOUDNESS within which a programme stays as it is: then an edit of one sentence leaves the others' sound."""
MOST = 6.0
"""Decibels by which a programme is at most turned up."""
PEAK = -1.0
"""dBTP that what is decoded never exceeds."""
_TRIES = 6


def balanced(programme: Sound, spoken: bool) -> Sound:
    """The programme at LOUDNESS, with true peaks under the limiter's ceiling. Where nobody speaks it is only turned
    down: one soft chime in a silent film is no programme to bring to a loudness."""
    made = limit(programme)
    gain = 0.0
    for _ in range(_TRIES):  # limiting takes loudness away: give it back
        loudness = integrated(made)
        missing = LOUDNESS - loudness
        if loudness <= SILENCE or abs(missing) <= NEAR or (missing > 0 and not spoken):
            break
        gain = min(MOST, gain + missing)
        made = limit((programme * 10 ** (gain / 20)).astype(programme.dtype))
        if gain >= MOST:
            break
    return made


def encoded(programme: Sound, memory: Memory | None = None) -> AacTrack:
    """The programme encoded, so that what comes out of the decoder has true peaks of at most PEAK."""
    ceiling = CEILING
    track = encode_aac(programme, memory)
    for _ in range(_TRIES):
        over = true_peak(decode_aac(track)) - PEAK
        if over <= 0:
            break
        ceiling -= over + 0.1
        track = encode_aac(limit(programme, ceiling), memory)
    return track
