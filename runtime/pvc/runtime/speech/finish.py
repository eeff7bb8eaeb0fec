"""A clip as every engine hands it over: 48 kHz, the silence at both ends cut, words in samples of what is left."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pvc.compiler.clock import SAMPLE_RATE
from pvc.runtime.speech.interface import Speech
from pvc.runtime.speech.resample import resample, voiced_range
from pvc.runtime.speech.ssml import Token
from pvc.runtime.speech.words import place_words


def finished(raw: NDArray[np.float32], rate: int, marks: Mapping[int, int], words: tuple[Token, ...]) -> Speech:
    """The Speech of an engine's raw output.

    ``marks`` maps a word's index to its sample in ``raw``; without any, word times are estimated from letters alone and
    flagged. Samples are rounded to 16 bits, so that the last bits of a transform never reach a digest.
    """
    resampled = resample(raw, rate)
    begin, end = voiced_range(resampled)
    clip = (np.round(resampled[begin:end] * 32767.0) / 32767.0).astype(np.float32)
    heard = {index: max(0, sample * SAMPLE_RATE // rate - begin) for index, sample in marks.items()}
    return Speech(clip, place_words(words, heard, end - begin), estimated=bool(words) and not marks)
