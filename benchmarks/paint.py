"""What painting costs: `python benchmarks/paint.py [TALK.vid]`.

The moving chunks of a talk (the standard one unless another is named) are staged with estimated times and painted by
`canvas` at the talk's own size; nothing is encoded. Two numbers a scene: redrawing only what changed, as a build does,
and drawing every frame whole (the limit that redraws are measured against). Then frames made to be hard. All in one
process on one core; compare ratios, not seconds.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pvc.compiler.disk import DiskWorld
from pvc.compiler.layout.compose import rectangle
from pvc.compiler.model.display import (
    Chunk,
    Element,
    Fragment,
    Item,
    Keyframe,
    Layer,
    Paint,
    Rect,
    Shape,
    Track,
)
from pvc.compiler.model.theme import Theme
from pvc.compiler.text import fonts
from pvc.compiler.text.style import TextStyle
from pvc.runtime.backends.canvas.backend import CanvasBackend
from pvc.runtime.backends.interface import Frame
from pvc.runtime.build.front import front, timed

STANDARD = Path(__file__).parent / "standard" / "talk.vid"
SIZE = (1920, 1080)


@dataclass(frozen=True)
class Held:
    """Resources without a store: fragments as staged, files where the talk has them."""

    fragments: dict[str, Fragment]
    world: DiskWorld

    def fragment(self, digest: str) -> Fragment:
        return self.fragments[digest]

    def blob(self, digest: str) -> Path:
        try:
            return fonts.file(digest)
        except KeyError:
            return Path(self.world._paths[digest][0])


@dataclass(slots=True)
class Count:
    """``share``: of the frame's pixels, summed over frames, that were said to have changed."""

    frames: int = 0
    seconds: float = 0.0
    whole: float = 0.0
    share: float = 0.0

    def add(self, other: Count) -> None:
        self.frames += other.frames
        self.seconds += other.seconds
        self.whole += other.whole
        self.share += other.share

    def row(self, name: str) -> str:
        if not self.frames:
            return f"{name:24s} nothing moves"
        quick, slow = self.frames / self.seconds, self.frames / self.whole
        changed = 100 * self.share / self.frames
        return f"{name:24s} {self.frames:6d} {quick:9.0f} {slow:9.0f} {quick / slow:7.1f} {changed:8.0f} %"


def _share(frame: Frame) -> float:
    rect = frame.changed
    if rect is None:
        return 1.0
    height, width = frame.pixels.shape[:2]
    return max(0, rect.right - rect.left) * max(0, rect.bottom - rect.top) / (width * height)


def painted(chunk: Chunk, size: tuple[int, int], held: Held) -> Count:
    """One chunk, both ways. Every layer is painted by `canvas`, whatever the talk asked for."""
    count = Count(chunk.frames)
    for layer in range(len(chunk.layers)):
        began = time.process_time()
        for frame in CanvasBackend().paint(chunk, layer, size, True, held):
            count.share += _share(frame)
        count.seconds += time.process_time() - began
        began = time.process_time()
        for _ in CanvasBackend().paint_whole(chunk, layer, size, True, held):
            pass
        count.whole += time.process_time() - began
    return count


def talk(path: Path) -> Theme:
    """Prints a row for each scene of a talk; its theme, for the frames that are made by hand."""
    from pvc.compiler.stage import stage

    world = DiskWorld()
    program = front(path, world).program
    if program is None:
        raise SystemExit(f"{path} has errors; see `pvc check {path}`")
    size = (program.format.width, program.format.height)
    everything = Count()
    for index, scene in enumerate(timed(program, {}).time.scenes):
        staged = stage(program, index, scene, world)
        held = Held(dict(staged.fragments), world)
        count = Count()
        for placed in staged.placed:
            if not placed.chunk.hold:
                count.add(painted(placed.chunk, size, held))
        print(count.row(program.scenes[index].id), flush=True)
        everything.add(count)
    print(everything.row("all scenes"))
    return program.theme


def by_hand(theme: Theme) -> None:
    """A small element over a full page, and a page on which everything moves on its own."""
    from pvc.compiler.layout.component import Env
    from pvc.compiler.layout.compose import shift_all
    from pvc.compiler.text.typeset import set_line

    world = DiskWorld()
    env = Env(theme, (), "en", (1920, 1080), (), world)
    style = TextStyle(theme.font("sans"), 40, Paint(230, 230, 235))
    line = set_line("Motion follows speech, and begins on the word itself", style, env).elements
    lines = tuple(one for row in range(30) for one in shift_all(line, 60 + 900 * (row % 2), 30 + 68 * (row // 2)))
    random = np.random.default_rng(1)
    boxes: list[Element] = []
    for number in range(50):
        rect = Rect(float(random.uniform(0, 1700)), float(random.uniform(0, 950)), 120.0, 80.0)
        boxes.append(Element(Shape(rectangle(rect, 12.0), Paint(90, 140, 250, 200)), rect, "box", number))
    page = Fragment(1920, 1080, (*lines, *boxes))
    held = Held({"page": page, "line": Fragment(1000, 60, line)}, world)
    still = Item("page", "page", 0, 0, 1, ())

    def slide(*targets: int) -> Track:
        keys = (Keyframe(0, (0.0, 0.0)), Keyframe(60, (300.0, 40.0), "smooth"))
        return Track("translate", targets or None, keys)

    def chunk(*items: Item) -> Chunk:
        return Chunk((1920, 1080), Paint(15, 20, 32), (Layer("canvas", items),), 60, False)

    one = Item("line", "line", 300.5, 500.25, 1, (slide(),))
    print(painted(chunk(still, one), SIZE, held).row("a line over a page"))
    each = tuple(slide(index) for index in range(len(page.elements)))
    print(painted(chunk(Item("page", "page", 0, 0, 1, each)), SIZE, held).row("each of 80 moves"))
    print(painted(chunk(Item("page", "page", 0, 0, 1, (slide(),))), SIZE, held).row("the page moves"))
    fade = Track("opacity", None, (Keyframe(0, (1.0,)), Keyframe(60, (0.0,))))
    print(painted(chunk(Item("page", "page", 0, 0, 1, (fade,))), SIZE, held).row("the page fades"))


def main() -> None:
    print(f"{'':24s} {'frames':>6s} {'frames/s':>9s} {'whole':>9s} {'ratio':>7s} {'changed':>10s}")
    by_hand(talk(Path(sys.argv[1]) if len(sys.argv) > 1 else STANDARD))


if __name__ == "__main__":
    main()
