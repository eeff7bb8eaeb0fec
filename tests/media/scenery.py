"""Pictures and sounds for the tests of media: drawn with numpy, with edges and fine detail as text has them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from pvc.runtime.backends.interface import Frame, PixelRect
from pvc.runtime.media.picture import Picture

NOWHERE = PixelRect(0, 0, 0, 0)
SMALL = Picture(160, 96, Fraction(30))


def canvas(picture: Picture, color: tuple[int, int, int] = (15, 20, 32)) -> NDArray[np.uint8]:
    pixels = np.empty((picture.height, picture.width, 4), np.uint8)
    pixels[...] = (*color, 255)
    return pixels


def letters(pixels: NDArray[np.uint8], left: int, top: int, count: int, seed: int = 0) -> None:
    """Bright glyph-like shapes: 3x5 cells of 2x2 pixels, with antialiased edges."""
    random = np.random.default_rng(seed)
    for number in range(count):
        cell = np.kron(random.integers(0, 2, (5, 3)), np.ones((2, 2))) * 255
        x = left + number * 8
        block = pixels[top : top + 10, x : x + 6, :3]
        height, width = block.shape[:2]
        block[...] = np.maximum(block, cell[:height, :width, None].astype(np.uint8))


def still(picture: Picture, seed: int = 0, color: tuple[int, int, int] = (15, 20, 32)) -> NDArray[np.uint8]:
    pixels = canvas(picture, color)
    for line in range(3):
        letters(pixels, 10, 10 + line * 16, (picture.width - 20) // 8, seed + line)
    return pixels


def sliding(picture: Picture, count: int, seed: int = 0) -> Iterator[Frame]:
    """A word slides over a page, its buffer reused for every frame, with the rectangle that changes."""
    page = still(picture, seed)
    buffer = page.copy()
    before = None
    for number in range(count):
        left = 8 + number * 3 % max(1, picture.width - 60)
        buffer[...] = page
        letters(buffer, left, picture.height - 20, 5, seed + 9)
        here = (left, left + 40)
        if before is None:
            yield Frame(buffer, None)
        else:
            low, high = min(before[0], here[0]), min(picture.width, max(before[1], here[1]))
            yield Frame(buffer, PixelRect(low, picture.height - 20, high, picture.height - 10))
        before = here


def decoded(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.options = {"err_detect": "explode"}
        return list(container.decode(video=0))


def luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    return frame.to_ndarray(format="gray8") if frame.format.name == "gray8" else frame.to_ndarray()[: frame.height]


def heard(path: Path) -> NDArray[np.float32]:
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])


def speech(seconds: float, seed: int = 0, level: float = 0.1) -> NDArray[np.float32]:
    """Something like a voice: pulses of a gliding pitch through two resonances, in syllables, with noisy consonants."""
    random = np.random.default_rng(seed)
    count = round(seconds * 48_000)
    time = np.arange(count) / 48_000
    pitch = 110 + 25 * np.sin(2 * np.pi * 0.7 * time + seed)
    phase = np.cumsum(pitch) / 48_000
    pulses = np.exp(-((phase % 1.0) * 4.0))
    tone = sum(np.sin(2 * np.pi * f * time + seed) * a for f, a in ((420.0, 1.0), (1180.0, 0.5), (2500.0, 0.2)))
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * time + 0.3) + 0.7, 0, 1)
    white = random.standard_normal(count)
    hiss = white - 0.5 * np.roll(white, 1) + 0.7 * np.roll(white, 4) + 0.6 * np.roll(white, 5)
    consonants = hiss * np.clip(-np.sin(2 * np.pi * 3.1 * time + 0.3) - 0.6, 0, 1)
    sound = np.tanh(2.0 * pulses * tone * syllables) + 0.08 * consonants
    return (sound / np.abs(sound).max() * level).astype(np.float32)
