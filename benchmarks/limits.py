"""How near painting and encoding are to what the libraries can do: `python benchmarks/limits.py [TALK.vid]`.

Moving chunks of a talk (every third of the standard one unless told otherwise) are painted and encoded as a build does
it, and then again with nothing but the library: Skia plays back the recorded drawing commands of the same redraws, and
x264 takes the same frames, converted beforehand. All in one process on one core, in CPU seconds; compare ratios.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from edits import STANDARD
from paint import Held

from pvc.compiler.disk import DiskWorld
from pvc.compiler.model.display import Chunk
from pvc.runtime.backends.canvas.backend import CanvasBackend, _Painting
from pvc.runtime.backends.interface import Frame, PixelRect
from pvc.runtime.build.front import front, timed
from pvc.runtime.media.convert import Planes
from pvc.runtime.media.picture import Picture
from pvc.runtime.media.segments import _open, encode_segment, skipped_frames


@dataclass(slots=True)
class Limits:
    """CPU seconds for so many frames: of painting, of Skia alone, of converting, of encoding, of x264 alone."""

    frames: int = 0
    raster: float = 0.0
    skia: float = 0.0
    convert: float = 0.0
    encode: float = 0.0
    x264: float = 0.0

    def plain(self) -> dict[str, float | int]:
        """Frames per second and core, and what share of the library's own pace that is."""
        return {
            "frames": self.frames,
            "raster_fps": round(self.frames / self.raster),
            "skia_alone_fps": round(self.frames / self.skia),
            "raster_share": round(self.skia / self.raster, 2),
            "convert_fps": round(self.frames / self.convert),
            "encode_fps": round(self.frames / self.encode),
            "x264_alone_fps": round(self.frames / self.x264),
            "encode_share": round(self.x264 / self.encode, 2),
        }


def moving(path: Path) -> tuple[list[tuple[Chunk, Held]], Picture]:
    """The moving chunks of a talk at estimated times, each once, and the size of its pictures."""
    from pvc.compiler.stage import stage

    world = DiskWorld()
    program = front(path, world).program
    if program is None:
        raise SystemExit(f"{path} has errors; see `pvc check {path}`")
    found: dict[Chunk, Held] = {}
    for index, scene in enumerate(timed(program, {}).time.scenes):
        staged = stage(program, index, scene, world)
        held = Held(dict(staged.fragments), world)
        found |= {placed.chunk: held for placed in staged.placed if not placed.chunk.hold and placed.chunk.layers}
    shape = program.format
    return list(found.items()), Picture(shape.width, shape.height, Fraction(shape.fps))


def skia_alone(chunk: Chunk, size: tuple[int, int], held: Held) -> float:
    """Seconds that Skia needs for the redraws of a chunk (its first layer): of each frame, the commands inside the
    changed rectangle, recorded before, over the restored base."""
    painting: Any = _Painting(chunk, 0, size, True, held, 0)
    skia, canvas, pixels = painting.skia, painting.canvas, painting.pixels
    first = skia.PictureRecorder()
    painting.canvas = first.beginRecording(skia.Rect.MakeWH(*size))
    painting._compose(painting.stack, painting.everything)
    redraws: list[tuple[PixelRect, Any]] = [(painting.everything, first.finishRecordingAsPicture())]
    for number in range(1, chunk.frames):
        recorder = skia.PictureRecorder()
        painting.canvas = recorder.beginRecording(skia.Rect.MakeWH(*size))
        changed = painting.next(number).changed
        picture = recorder.finishRecordingAsPicture()
        if changed.right > changed.left:
            redraws.append((changed, picture))
    began = time.process_time()
    for where, picture in redraws:
        rows, columns = slice(where.top, where.bottom), slice(where.left, where.right)
        pixels[rows, columns] = painting.base[rows, columns]
        canvas.drawPicture(picture)
    return time.process_time() - began


def x264_alone(frames: list[Any], picture: Picture) -> float:
    """Seconds that x264 needs for frames that are converted already."""
    coder = _open(picture, still=False)
    began = time.process_time()
    for number, frame in enumerate(frames):
        frame.pts = number
        coder.encode(frame)
    coder.encode(None)
    return time.process_time() - began


def measured(chunk: Chunk, held: Held, picture: Picture) -> Limits:
    """One chunk, in all five ways."""
    size = picture.width, picture.height
    began = time.process_time()
    for _ in CanvasBackend().paint(chunk, 0, size, True, held):
        pass
    raster = time.process_time() - began

    painted = [Frame(frame.pixels.copy(), frame.changed) for frame in CanvasBackend().paint(chunk, 0, size, True, held)]
    planes = Planes(picture)
    began = time.process_time()
    encode_segment(painted, chunk.frames, picture, planes)
    encode = time.process_time() - began - planes.seconds

    converted: list[Any] = []
    for frame in painted:
        if converted and frame.changed is not None and frame.changed.right <= frame.changed.left:
            continue  # nothing changed: no build encodes it either, unless something moves again later
        whole = Planes(picture)
        whole.update(frame.pixels, None)
        converted.append(whole.frame)
    return Limits(
        chunk.frames, raster, skia_alone(chunk, size, held), planes.seconds, encode, x264_alone(converted, picture)
    )


def limits(path: Path, every: int) -> Limits:
    """All of a talk's moving chunks, or one of every so many."""
    chunks, picture = moving(path)
    skipped_frames(picture)  # made once for each process
    total = Limits()
    for chunk, held in chunks[::every]:
        one = measured(chunk, held, picture)
        for name, value in asdict(one).items():
            setattr(total, name, getattr(total, name) + value)
    return total


def told(found: dict[str, float | int]) -> str:
    return (
        f"  raster  {found['raster_fps']:5} frames/s a core; Skia alone {found['skia_alone_fps']:5}: "
        f"{found['raster_share']:.0%} of its pace\n"
        f"  convert {found['convert_fps']:5} frames/s a core\n"
        f"  encode  {found['encode_fps']:5} frames/s a core; x264 alone {found['x264_alone_fps']:5}: "
        f"{found['encode_share']:.0%} of its pace"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("talk", nargs="?", type=Path, default=STANDARD / "talk.vid")
    parser.add_argument("--every", type=int, default=3, help="measure one of every so many chunks")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = limits(chosen.talk, max(1, chosen.every)).plain()
    if chosen.json:
        print(json.dumps(found))
        return
    print(f"{found['frames']} frames of {chosen.talk.name} that move, each changed rectangle as in a build")
    print(told(found))


if __name__ == "__main__":
    main()
