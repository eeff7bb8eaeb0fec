"""What the media part costs: `python benchmarks/media.py [SECONDS]`.

Frames of typical slide motion (a word sliding, a block fading, everything moving) are prepared beforehand, so that only
conversion and encoding are timed; all in one process, best of three. Times are CPU seconds; compare
ratios, not seconds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from pvc.runtime.backends.interface import Frame, PixelRect
from pvc.runtime.media.aac import encode_aac
from pvc.runtime.media.audio import level, mix
from pvc.runtime.media.convert import Planes
from pvc.runtime.media.mux import Mark, MuxPlan, Piece, Subtitle, mux
from pvc.runtime.media.picture import Picture
from pvc.runtime.media.segments import encode_segment, encode_still, skipped_frames, unpack

PICTURE = Picture(1920, 1080, Fraction(30))
COUNT = 15


def page() -> np.ndarray:
    pixels = np.empty((1080, 1920, 4), np.uint8)
    pixels[...] = (15, 20, 32, 255)
    random = np.random.default_rng(1)
    for line in range(8):
        for number in range(44):
            cell = np.kron(random.integers(0, 2, (7, 5)), np.ones((6, 4))).astype(np.uint8) * 220
            top, left = 80 + line * 110, 120 + number * 28
            block = pixels[top : top + 42, left : left + 20, :3]
            block[...] = np.maximum(block, cell[..., None])
    return pixels


def sliding() -> list[Frame]:
    base = page()
    word = base[80:122, 120:560].copy()
    frames = []
    for number in range(COUNT):
        pixels = base.copy()
        left = 100 + number * 40
        pixels[980:1022, left : left + 440] = word
        frames.append(Frame(pixels, None if not number else PixelRect(left - 40, 980, left + 440, 1022)))
    return frames


def fading() -> list[Frame]:
    base = page()
    frames = []
    for number in range(COUNT):
        pixels = base.copy()
        block = pixels[300:700, 1300:1850, :3]
        block[...] = block + ((np.array([120, 180, 250]) - block) * ((number + 1) / COUNT)).astype(np.uint8)
        frames.append(Frame(pixels, PixelRect(1300, 300, 1850, 700) if number else None))
    return frames


def everything() -> list[Frame]:
    base = page()
    return [Frame(np.ascontiguousarray(np.roll(base, 9 * number, 1)), None) for number in range(COUNT)]


def best(work: Callable[[], object], times: int = 3) -> float:
    found = float("inf")
    for _ in range(times):
        begin = time.process_time()
        work()
        found = min(found, time.process_time() - begin)
    return found


def x264_alone(frames: list[Frame]) -> float:
    """Seconds for the same encoder on frames that are converted already: the limit."""
    from pvc.runtime.media.segments import _open

    converted = []
    for frame in frames:
        planes = Planes(PICTURE)
        planes.update(frame.pixels, None)
        converted.append(planes.frame)

    def run() -> None:
        coder = _open(PICTURE, still=False)
        for number, frame in enumerate(converted):
            frame.pts = number
            coder.encode(frame)
        coder.encode(None)

    return best(run)


def voice(seconds: float, seed: int) -> np.ndarray:
    moment = np.arange(round(seconds * 48_000)) / 48_000
    pulses = np.exp(-(((110 + 20 * np.sin(moment)) * moment % 1.0) * 4))
    tone = np.sin(2 * np.pi * 420 * moment + seed) + 0.5 * np.sin(2 * np.pi * 1180 * moment)
    return (0.3 * np.tanh(2 * pulses * tone * np.clip(np.sin(19 * moment) + 0.7, 0, 1))).astype(np.float32)


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 180
    skipped_frames(PICTURE)
    print(f"1080p30, x264 veryfast, one thread, PyAV {av.__version__}")
    for name, frames in (("a word slides", sliding()), ("a block fades", fading()), ("everything moves", everything())):
        ours = best(lambda frames=frames: encode_segment(frames, COUNT, PICTURE))  # type: ignore[misc]
        limit = x264_alone(frames)
        size = sum(map(len, unpack(encode_segment(frames, COUNT, PICTURE)).packets))
        print(
            f"  {name:17} {COUNT / ours:6.0f} frames/s a core with conversion; x264 alone {COUNT / limit:6.0f} "
            f"(ratio {limit / ours:.2f}); {size / COUNT / 1000:.1f} kB a frame"
        )
    frame = sliding()[0]
    planes = Planes(PICTURE)
    whole = best(lambda: planes.update(frame.pixels, None), 9)
    part = best(lambda: planes.update(frame.pixels, PixelRect(100, 980, 560, 1022)), 9)
    print(f"  conversion of a changed word costs 1/{whole / part:.0f} of the whole frame's ({whole * 1000:.1f} ms)")
    still = best(lambda: encode_still(frame, PICTURE))
    print(f"  a still, held for as long as one likes: {still * 1000:.0f} ms")

    with tempfile.TemporaryDirectory() as folder:
        moving, rest = Path(folder, "moving"), Path(folder, "rest")
        moving.write_bytes(encode_segment(sliding(), COUNT, PICTURE))
        rest.write_bytes(encode_still(sliding()[-1], PICTURE))
        clips, at, number = [], 14_400, 0
        raw = [voice(2 + 0.5 * number, number) for number in range(8)]
        levelling = best(lambda: [level(clip) for clip in raw]) / sum(map(len, raw)) * 48_000
        levelled = [level(clip) for clip in raw]
        while at + 400_000 < seconds * 48_000:
            clips.append((at, levelled[number % 8]))
            at += len(levelled[number % 8]) + 16_000
            number += 1
        mixing = best(lambda: mix(clips, seconds * 48_000))
        programme = mix(clips, seconds * 48_000)
        begin = time.perf_counter()
        audio = encode_aac(programme)
        wall = time.perf_counter() - begin
        coding = best(lambda: encode_aac(programme))
        pieces = tuple(Piece(path, count) for _ in range(seconds // 3) for path, count in ((moving, 15), (rest, 75)))
        frames_left = seconds * 30 - sum(piece.frames for piece in pieces)
        captions = tuple(Subtitle(start, start + len(clip), "Some words,\nand more of them") for start, clip in clips)
        plan = MuxPlan(
            PICTURE, (*pieces, Piece(rest, frames_left)), audio, captions, (Mark(0, "One"), Mark(900, "Two"))
        )
        out = Path(folder, "out.mp4")
        joining = best(lambda: mux(plan, out))
        print(f"a talk of {seconds} s ({plan.frames} frames, {out.stat().st_size / 1e6:.1f} MB)")
        print(f"  level    {1 / levelling:7.0f} times as fast as speech (each clip once, then cached)")
        print(f"  mix      {seconds / mixing:7.0f} times as fast as the talk")
        print(f"  AAC      {seconds / coding:7.0f} times on one core, {seconds / wall:.0f} times in two threads")
        print(f"  join     {seconds / joining:7.0f} times ({joining * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
