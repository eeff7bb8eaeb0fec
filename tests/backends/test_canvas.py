"""The Skia painter: partial redraws, single frames and repeated runs have the same bytes; tracks do what they say."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from pvc.compiler.layout.compose import rectangle
from pvc.compiler.model.display import (
    Chunk,
    Element,
    Fragment,
    Glyphs,
    Item,
    Keyframe,
    Layer,
    Paint,
    Picture,
    Property,
    Rect,
    Shape,
    Stroke,
    Track,
)
from pvc.compiler.model.display import Path as Outline
from pvc.compiler.text import fonts
from pvc.runtime.backends.canvas.backend import CanvasBackend
from pvc.runtime.backends.interface import PixelRect
from pvc.runtime.errors import EngineError

WHITE, RED, BLUE = Paint(255, 255, 255), Paint(220, 30, 40), Paint(30, 60, 220)
SIZE = (320, 180)


@dataclass(frozen=True)
class Held:
    fragments: Mapping[str, Fragment]
    files: Mapping[str, Path]

    def fragment(self, digest: str) -> Fragment:
        return self.fragments[digest]

    def blob(self, digest: str) -> Path:
        return self.files.get(digest) or fonts.file(digest)


def box(x: float, y: float, w: float, h: float, paint: Paint, *, stroke: float = 0.0) -> Element:
    rect = Rect(x, y, w, h)
    line = Stroke(BLUE, stroke) if stroke else None
    return Element(Shape(rectangle(rect), paint, line), rect, "box")


def line(points: tuple[float, ...], width: float = 12.0) -> Element:
    xs, ys = points[0::2], points[1::2]
    rect = Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
    return Element(Shape(Outline("M" + "L" * (len(xs) - 1), points), None, Stroke(RED, width)), rect, "line")


def chunk(items: tuple[Item, ...], frames: int = 12, background: Paint = WHITE) -> Chunk:
    return Chunk((1920, 1080), background, (Layer("canvas", items),), frames, False)


def track(
    kind: Property, *values: tuple[float, ...], frames: int = 12, targets: tuple[int, ...] | None = None
) -> Track:
    step = frames / max(1, len(values) - 1)
    keys = tuple(Keyframe(round(index * step), value, "smooth") for index, value in enumerate(values))
    return Track(kind, targets, keys)


def frames_of(chunk: Chunk, held: Held, *, opaque: bool = True) -> list[tuple[NDArray[np.uint8], PixelRect | None]]:
    return [(frame.pixels.copy(), frame.changed) for frame in CanvasBackend().paint(chunk, 0, SIZE, opaque, held)]


FRAGMENT = Fragment(
    800,
    400,
    (
        box(0, 0, 300, 300, RED, stroke=8),
        box(150, 100, 300, 250, BLUE),
        line((20, 380, 400, 200, 780, 390)),
    ),
)
OTHER = Fragment(400, 400, (box(0, 0, 400, 400, Paint(40, 160, 90, 200)),))
PHOTO = Rect(20.5, 30.25, 500, 330)
GLYPHS = Glyphs("sans", 70, tuple(range(36, 48)), tuple(44.3 * n for n in range(12)), (90.6,) * 12, Paint(20, 20, 30))
WRITTEN = Fragment(
    560,
    420,
    (
        Element(Picture("photo", PHOTO, Rect(4, 4, 52, 36), corner=24), PHOTO, "image"),
        Element(GLYPHS, Rect(0, 20, 560, 90), "text"),
    ),
)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    import matplotlib

    photo = tmp_path_factory.mktemp("pictures") / "photo.png"
    noise = np.random.default_rng(3).integers(0, 256, (44, 60, 4), dtype=np.uint8)
    Image.fromarray(noise, "RGBA").save(photo)
    sans = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    return Held({"a": FRAGMENT, "b": OTHER, "c": WRITTEN}, {"photo": photo, "sans": sans})


numbers = st.floats(-300, 300, allow_nan=False)
values: Mapping[Property, st.SearchStrategy[tuple[float, ...]]] = {
    "opacity": st.tuples(st.floats(0, 1)),
    "translate": st.tuples(numbers, numbers),
    "scale": st.tuples(st.floats(0.1, 2), st.floats(0.1, 2)),
    "rotate": st.tuples(st.floats(-180, 180)),
    "color": st.tuples(*(st.floats(0, 255) for _ in range(3)), st.just(255.0), st.floats(0, 1)),
    "trim": st.tuples(st.floats(0, 1)),
    "blur": st.tuples(st.floats(0, 12)),
    "clip": st.tuples(st.floats(0, 0.4), st.floats(0, 0.4), st.floats(0.6, 1), st.floats(0.6, 1)),
}


@st.composite
def moving(draw: st.DrawFn) -> Chunk:
    items = []
    for digest in draw(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3)):
        made = []
        for kind in draw(st.lists(st.sampled_from(sorted(values)), max_size=3)):
            targets = draw(st.sampled_from([None, (0,), (1, 2)]))
            made.append(track(kind, draw(values[kind]), draw(values[kind]), targets=targets))
        x, y = draw(st.floats(0, 1200)), draw(st.floats(0, 700))
        items.append(Item("v", digest, x, y, draw(st.sampled_from([1.0, 0.6, 1.3])), tuple(made)))
    return chunk(tuple(items))


@settings(max_examples=40, deadline=None)
@given(made=moving())
def test_a_partial_redraw_has_the_bytes_of_a_full_one(held: Held, made: Chunk) -> None:
    painter = CanvasBackend()
    for number, (pixels, changed) in enumerate(frames_of(made, held)):
        whole = painter.paint_one(made, 0, number, SIZE, True, held).pixels
        difference = np.abs(pixels.astype(int) - whole).max()
        assert difference == 0, (number, changed)


@settings(max_examples=30, deadline=None)
@given(made=moving())
def test_nothing_changes_outside_what_is_reported(held: Held, made: Chunk) -> None:
    before: NDArray[np.uint8] | None = None
    for pixels, changed in frames_of(made, held):
        if before is not None and changed is not None:
            different = np.argwhere((pixels != before).any(axis=2))
            if different.size:
                (top, left), (bottom, right) = different.min(axis=0), different.max(axis=0)
                assert changed.left <= left <= right < changed.right
                assert changed.top <= top <= bottom < changed.bottom
        before = pixels


def test_what_rests_costs_nothing(held: Held) -> None:
    frames = frames_of(chunk((Item("v", "a", 100, 100, 1.0, ()),)), held)
    assert len(frames) == 12
    assert all(changed == PixelRect(0, 0, 0, 0) for _, changed in frames[1:])


def test_an_item_fades_as_one_picture(held: Held) -> None:
    """Two overlapping boxes at half opacity: the lower one must not show through the upper."""
    faded = chunk((Item("v", "a", 0, 0, 1.0, (track("opacity", (0.5,)),)),), frames=1)
    pixels = frames_of(faded, held)[0][0]
    x, y = (200 * SIZE[0] // 1920), (200 * SIZE[1] // 1080)
    expected = [round((255 + channel) / 2) for channel in (BLUE.red, BLUE.green, BLUE.blue)]
    assert np.abs(pixels[y, x, :3].astype(int) - expected).max() <= 1


def test_a_layer_that_is_not_opaque_is_premultiplied_over_nothing(held: Held) -> None:
    item = Item("v", "b", 0, 0, 1.0, ())
    pixels = frames_of(chunk((item,), frames=1), held, opaque=False)[0][0]
    assert pixels[-1, -1].tolist() == [0, 0, 0, 0]
    inside = pixels[10, 10]
    assert inside[3] == 200
    assert np.abs(inside[:3].astype(int) - [round(c * 200 / 255) for c in (40, 160, 90)]).max() <= 1


def test_a_stroke_is_drawn_from_its_start_by_its_share() -> None:
    straight = Fragment(1000, 100, (line((0, 50, 1000, 50), 20),))
    half = chunk((Item("v", "l", 400, 400, 1.0, (track("trim", (0.5,)),)),), frames=1)
    pixels = frames_of(half, Held({"l": straight}, {}))[0][0]
    row = pixels[round(450 * SIZE[1] / 1080), :, 1]
    inked = np.flatnonzero(row < 128) * 1920 / SIZE[0]
    assert abs(inked.min() - 400) < 20
    assert abs(inked.max() - 900) < 20


def test_an_image_that_is_none_is_an_error_with_a_code(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"not an image")
    rect = Rect(0, 0, 100, 100)
    shown = Fragment(100, 100, (Element(Picture("p", rect), rect, "image"),))
    with pytest.raises(EngineError) as caught:
        frames_of(chunk((Item("v", "i", 0, 0, 1.0, ()),), frames=1), Held({"i": shown}, {"p": tmp_path / "x.png"}))
    assert caught.value.code == "PVC0821"


def test_a_picture_fills_its_rectangle(tmp_path: Path) -> None:
    data = io.BytesIO()
    Image.new("RGB", (64, 32), (10, 200, 30)).save(data, "PNG")
    (tmp_path / "x.png").write_bytes(data.getvalue())
    rect = Rect(0, 0, 960, 480)
    shown = Fragment(960, 480, (Element(Picture("p", rect), rect, "image"),))
    one = chunk((Item("v", "i", 480, 300, 1.0, ()),), frames=1)
    pixels = frames_of(one, Held({"i": shown}, {"p": tmp_path / "x.png"}))[0][0]
    assert pixels[90, 160, :3].tolist() == [10, 200, 30]
    assert pixels[20, 160, :3].tolist() == [255, 255, 255]


def test_frames_are_the_same_in_every_run(held: Held) -> None:
    made = chunk(
        (
            Item("v", "a", 300, 300, 1.0, (track("translate", (0, 0), (300, 100)), track("trim", (0.1,), (1,)))),
            Item("w", "b", 700, 200, 0.7, (track("blur", (0,), (8,)),)),
        )
    )
    first, second = frames_of(made, held), frames_of(made, held)
    assert all(np.array_equal(one[0], other[0]) for one, other in zip(first, second, strict=True))
