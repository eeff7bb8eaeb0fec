"""Manim as a painter, for real where it is installed: exact frames, the same pictures as Skia's, exact alpha."""

from __future__ import annotations

import importlib.util
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.compose import rectangle
from pvc.compiler.layout.registry import lay_out
from pvc.compiler.model.display import (
    Chunk,
    Element,
    Fragment,
    Item,
    Keyframe,
    Layer,
    Paint,
    Picture,
    Rect,
    Shape,
    Stroke,
    Track,
)
from pvc.compiler.model.theme import Theme
from pvc.compiler.model.values import Interval, Tex, Value
from pvc.compiler.text import fonts
from pvc.runtime.backends.canvas.backend import CanvasBackend
from pvc.runtime.backends.interface import PixelRect
from pvc.runtime.backends.manim.backend import ManimBackend
from pvc.runtime.errors import EngineError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("manim") is None, reason="manim is not installed"),
]

SIZE = (640, 360)
DARK = Paint(16, 20, 32)


class Held:
    def __init__(self, picture: Path | None = None, **fragments: Fragment) -> None:
        self.picture = picture
        self.fragments = fragments

    def fragment(self, digest: str) -> Fragment:
        return self.fragments[digest]

    def blob(self, digest: str) -> Path:
        return self.picture if self.picture is not None and digest == "picture" else fonts.file(digest)


@pytest.fixture(scope="module")
def manim() -> Iterator[ManimBackend]:
    made = ManimBackend()
    yield made
    made.close()


@pytest.fixture(scope="module")
def theme(tmp_path_factory: pytest.TempPathFactory) -> Theme:
    talk = tmp_path_factory.mktemp("theme") / "talk.vid"
    talk.write_text('talk "T" { theme = midnight }\nscene s "S" { say "Hello." { show heading("H") } }\n', "utf-8")
    program = check(str(talk), DiskWorld()).program
    assert program is not None
    return program.theme


def laid_out(theme: Theme, name: str, addressed: tuple[str, ...] = (), **arguments: Value) -> Fragment:
    env = Env(theme, (), "en", (1920, 1080), addressed, DiskWorld())
    fragment = lay_out(name, arguments, Box(1700, 780), env)
    assert not fragment.problems
    return fragment


def fade(frames: int = 10) -> tuple[Track, ...]:
    keys = (Keyframe(0, (0.0,)), Keyframe(frames, (1.0,), "out"))
    return (
        Track("opacity", None, keys),
        Track("translate", None, (Keyframe(0, (0.0, 24.0)), Keyframe(frames, (0.0, 0.0), "out"))),
    )


def chunk(*items: Item, frames: int = 10) -> Chunk:
    return Chunk((1920, 1080), DARK, (Layer("manim", items),), frames, False)


def painted(
    backend: ManimBackend | CanvasBackend, made: Chunk, held: Held, *, opaque: bool = True
) -> list[NDArray[np.uint8]]:
    return [frame.pixels.copy() for frame in backend.paint(made, 0, SIZE, opaque, held)]


def alike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    from skimage.metrics import structural_similarity

    return float(structural_similarity(one[..., :3], other[..., :3], channel_axis=2))


PLOT: dict[str, Value] = {"x": Interval(-3, 3), "plots": ("exp(-x^2)", "sin(x)"), "labels": ("bell", "wave")}
LINE = Element(
    Shape(rectangle(Rect(40, 40, 700, 300), 40), Paint(90, 140, 250), Stroke(Paint(250, 180, 80), 12)),
    Rect(40, 40, 700, 300),
    "box",
)


def test_things_in_space_look_the_same_on_both_painters(manim: ManimBackend, theme: Theme) -> None:
    given: dict[str, Value] = {"fn": "x * y", "x": Interval(-1, 1), "y": Interval(-1, 1)}
    orbit = Track("orbit", None, (Keyframe(0, (0.0, 0.0)), Keyframe(10, (40.0, 5.0), "in_out")))
    held = Held(it=laid_out(theme, "space.surface", **given))
    for more in ((), fade()):
        made = chunk(Item("v", "it", 100, 120, 1.0, (orbit, *more)))
        pairs = zip(painted(manim, made, held), painted(CanvasBackend(), made, held), strict=True)
        assert min(alike(one, other) for one, other in pairs) > 0.97


@pytest.mark.parametrize("native", [False, True])
def test_both_painters_show_the_same_component(manim: ManimBackend, theme: Theme, native: bool) -> None:
    formula: dict[str, Value] = {"formula": Tex(r"\frac{a}{b} + \sqrt{x^2 + 1} = \sum_{i=0}^n k_i")}
    for name, arguments in (("equation", formula), ("axes", PLOT)):
        fragment = laid_out(theme, name, **arguments)
        held = Held(it=fragment)
        item = Item("v", "it", 100, 120, 1.0, fade())
        mine = replace(item, native=name, arguments=tuple(arguments.items())) if native else item
        theirs = painted(CanvasBackend(), chunk(item), held)
        ours = painted(manim, chunk(mine), held)
        assert len(ours) == len(theirs) == 10
        assert min(alike(a, b) for a, b in zip(ours, theirs, strict=True)) > 0.97, name


@pytest.mark.parametrize(
    "track",
    [
        Track("trim", None, (Keyframe(0, (0.0,)), Keyframe(10, (1.0,)))),
        Track("clip", None, (Keyframe(0, (0.0, 0.0, 0.1, 1.0)), Keyframe(10, (0.0, 0.0, 1.0, 1.0)))),
        Track("blur", None, (Keyframe(0, (20.0,)), Keyframe(10, (0.0,)))),
        Track("rotate", (0,), (Keyframe(0, (0.0,)), Keyframe(10, (90.0,)))),
        Track("scale", (0,), (Keyframe(0, (0.2, 0.2)), Keyframe(10, (1.0, 1.0)))),
        Track("color", None, (Keyframe(0, (0, 0, 0, 255, 0)), Keyframe(10, (255, 30, 30, 255, 1)))),
        Track("morph", (0,), (Keyframe(0, (0.0,)), Keyframe(10, (1.0,))), rectangle(Rect(200, 60, 200, 400), 90)),
    ],
    ids=lambda track: track.property,
)
def test_both_painters_move_alike(manim: ManimBackend, track: Track) -> None:
    held = Held(it=Fragment(800, 420, (LINE,)))
    made = chunk(Item("v", "it", 300, 300, 1.2, (track,)))
    pairs = zip(painted(manim, made, held), painted(CanvasBackend(), made, held), strict=True)
    assert min(alike(one, other) for one, other in pairs) > 0.97


def pictured(width: float, height: float, corner: float = 0.0) -> Fragment:
    rect = Rect(0, 0, width, height)
    return Fragment(width, height, (Element(Picture("picture", rect, None, None, corner), rect, "image"),))


def test_both_painters_show_the_same_picture(manim: ManimBackend, tmp_path: Path) -> None:
    from PIL import Image

    x, y = np.mgrid[0:300, 0:400]
    waves = np.stack([127 + 120 * np.sin(x / 17), 127 + 120 * np.cos(y / 23), 127 + 120 * np.sin((x + y) / 31)], 2)
    Image.fromarray(waves.astype(np.uint8)).save(tmp_path / "waves.png")
    held = Held(tmp_path / "waves.png", it=pictured(800, 600, 40))
    turn = Track("rotate", (0,), (Keyframe(0, (0.0,)), Keyframe(10, (40.0,))))
    grow = Track("scale", None, (Keyframe(0, (0.5, 0.7)), Keyframe(10, (1.2, 1.0))))
    for tracks in (fade(), (turn,), (grow,), (turn, grow)):
        made = chunk(Item("v", "it", 300, 200, 1.0, tracks))
        pairs = zip(painted(manim, made, held), painted(CanvasBackend(), made, held), strict=True)
        assert min(alike(one, other) for one, other in pairs) > 0.97


def test_a_picture_that_is_none_says_so_from_the_child_too(manim: ManimBackend, tmp_path: Path) -> None:
    (tmp_path / "none.png").write_bytes(b"nothing")
    with pytest.raises(EngineError) as caught:
        painted(manim, chunk(Item("v", "it", 0, 0, 1.0, ())), Held(tmp_path / "none.png", it=pictured(100, 100)))
    assert caught.value.code == "PVC0821"
    assert (
        len(painted(manim, chunk(Item("v", "it", 0, 0, 1.0, ()), frames=2), Held(it=Fragment(800, 420, (LINE,))))) == 2
    )


def test_a_chunk_painted_alone_and_again_has_the_same_bytes(manim: ManimBackend, theme: Theme) -> None:
    held = Held(it=laid_out(theme, "equation", formula=Tex("e^{i\\pi} + 1 = 0")))
    made = chunk(Item("v", "it", 400, 400, 1.0, fade()))
    first = painted(manim, made, held)
    painted(manim, chunk(Item("v", "it", 10, 10, 1.0, ())), held)
    fresh = ManimBackend()
    try:
        for again in (painted(manim, made, held), painted(fresh, made, held)):
            assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    finally:
        fresh.close()


def test_what_a_transform_leaves_alone_stays_still(manim: ManimBackend, theme: Theme) -> None:
    fragment = laid_out(theme, "equation", formula=Tex("a + b = c"))
    moving = (Track("translate", (2,), (Keyframe(0, (0.0, 0.0)), Keyframe(10, (0.0, -60.0), "smooth"))),)
    item = Item("v", "it", 400, 400, 1.0, moving, "equation")
    frames = painted(manim, chunk(item), Held(it=fragment))
    scale = SIZE[0] / 1920
    for index, element in enumerate(fragment.elements):
        box = element.bounds
        left, right = int((400 + box.x) * scale) + 1, int((400 + box.right) * scale) - 1
        top, bottom = int((400 + box.y) * scale) + 1, int((400 + box.bottom) * scale) - 1
        same = all(np.array_equal(frames[0][top:bottom, left:right], frame[top:bottom, left:right]) for frame in frames)
        assert same == (index != 2)


def test_a_layer_that_is_not_opaque_is_premultiplied(manim: ManimBackend) -> None:
    half = Element(Shape(rectangle(Rect(0, 0, 400, 400)), Paint(200, 100, 50, 128)), Rect(0, 0, 400, 400), "box")
    held = Held(it=Fragment(400, 400, (half,)))
    pixels = painted(manim, chunk(Item("v", "it", 0, 0, 1.0, ()), frames=1), held, opaque=False)[0]
    assert pixels[-1, -1].tolist() == [0, 0, 0, 0]
    assert np.abs(pixels[60, 60].astype(int) - [100, 50, 25, 128]).max() <= 1


def test_a_still_chunk_changes_nothing(manim: ManimBackend) -> None:
    held = Held(it=Fragment(800, 420, (LINE,)))
    frames = list(manim.paint(chunk(Item("v", "it", 0, 0, 1.0, ())), 0, SIZE, True, held))
    assert len(frames) == 10
    assert all(frame.changed == PixelRect(0, 0, 0, 0) for frame in frames[1:])


def test_a_child_that_was_killed_is_an_error_and_then_replaced(manim: ManimBackend) -> None:
    held = Held(it=Fragment(800, 420, (LINE,)))
    made = chunk(Item("v", "it", 0, 0, 1.0, fade(30)), frames=30)
    frames = manim.paint(made, 0, SIZE, True, held)
    next(frames)
    assert manim._process is not None
    os.kill(manim._process.pid, signal.SIGKILL)
    with pytest.raises(EngineError) as caught:
        list(frames)
    assert caught.value.code == "PVC0832"
    assert len(painted(manim, made, held)) == 30


def test_a_child_that_hangs_is_an_error_and_ended(manim: ManimBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(it=Fragment(800, 420, (LINE,)))
    made = chunk(Item("v", "it", 0, 0, 1.0, fade(30)), frames=30)
    frames = manim.paint(made, 0, SIZE, True, held)
    next(frames)
    assert manim._process is not None
    process = manim._process
    os.kill(process.pid, signal.SIGSTOP)
    monkeypatch.setattr("pvc.runtime.backends.manim.backend.FRAME_SECONDS", 0.3)
    with pytest.raises(EngineError) as caught:
        list(frames)
    assert caught.value.code == "PVC0832"
    assert process.returncode is not None
    monkeypatch.undo()
    assert len(painted(manim, made, held)) == 30
