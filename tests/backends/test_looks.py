"""What each property of a track looks like halfway, beside the looks that were once found right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pictures import MOST, check_looks, fingerprint, side_by_side, ssim
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
    Rect,
    Shape,
    Stroke,
    Track,
)
from pvc.compiler.model.display import Path as Outline
from pvc.runtime.backends.canvas.backend import CanvasBackend

REFERENCES = Path(__file__).parent / "looks.json"
SIZE = (960, 540)
INK, WARM, COOL = Paint(235, 238, 245), Paint(250, 180, 80), Paint(90, 150, 250)

BOX = Rect(20, 20, 520, 320)
PHOTO = Rect(580, 20, 420, 320)
ROUND = rectangle(BOX, 60)
STAR = Outline(
    "MLLLLLLLLLZ",
    (280, 0, 340, 130, 480, 140, 370, 230, 410, 370, 280, 290, 150, 370, 190, 230, 80, 140, 220, 130),
)
SHOWN = Fragment(
    1020,
    520,
    (
        Element(Shape(ROUND, COOL, Stroke(WARM, 14)), BOX, "box"),
        Element(Picture("photo", PHOTO, None, None, 36), PHOTO, "image"),
        Element(
            Glyphs("sans", 96, tuple(range(36, 48)), tuple(20 + 78.0 * n for n in range(12)), (480.0,) * 12, INK),
            Rect(20, 400, 960, 90),
        ),
        Element(
            Shape(Outline("MC", (20, 380, 300, 300, 700, 460, 1000, 370)), None, Stroke(INK, 6, (24, 14))),
            Rect(20, 340, 980, 80),
            "line",
        ),
    ),
)
TRACKS: dict[str, tuple[Track, ...]] = {
    "rest": (),
    "opacity": (Track("opacity", None, (Keyframe(0, (0.4,)),)),),
    "rotate": (Track("rotate", (0, 1), (Keyframe(0, (20.0,)),)),),
    "scale": (Track("scale", (0, 1, 2), (Keyframe(0, (0.6, 0.8)),)),),
    "color": (Track("color", None, (Keyframe(0, (240, 40, 60, 255, 0.7)),)),),
    "writing": (Track("trim", None, (Keyframe(0, (0.3,)),)),),
    "written": (Track("trim", None, (Keyframe(0, (0.75,)),)),),
    "blur": (Track("blur", None, (Keyframe(0, (9.0,)),)),),
    "clip": (Track("clip", None, (Keyframe(0, (0.1, 0.0, 0.6, 1.0)),)),),
    "morph": (Track("morph", (0,), (Keyframe(0, (0.6,)),), STAR),),
}


@dataclass(frozen=True)
class Held:
    photo: Path

    def fragment(self, digest: str) -> Fragment:
        return SHOWN

    def blob(self, digest: str) -> Path:
        import matplotlib

        if digest == "photo":
            return self.photo
        return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    photo = tmp_path_factory.mktemp("photo") / "photo.png"
    y, x = np.mgrid[0:480, 0:640]
    rings = 127 + 120 * np.sin(np.hypot(x - 250, y - 200) / 14)
    Image.fromarray(np.stack([rings, 255 - rings, x * 255 / 640], 2).astype(np.uint8)).save(photo)
    return Held(photo)


def painted(name: str, held: Held) -> NDArray[np.uint8]:
    item = Item("v", "shown", 440, 260, 1.0, TRACKS[name])
    made = Chunk((1920, 1080), Paint(15, 20, 32), (Layer("canvas", (item,)),), 1, True)
    return CanvasBackend().paint_one(made, 0, 0, SIZE, True, held).pixels


@pytest.mark.parametrize("name", TRACKS)
def test_it_looks_as_it_did(name: str, held: Held, tmp_path: Path) -> None:
    check_looks(REFERENCES, name, painted(name, held), tmp_path)


def test_a_fingerprint_tells_properties_apart(held: Held) -> None:
    prints = {name: fingerprint(painted(name, held)).astype(int) for name in TRACKS}
    for name, one in prints.items():
        assert all(np.abs(one - other).max() > 2 * MOST for rival, other in prints.items() if rival != name), name


def test_a_picture_is_most_like_itself(held: Held) -> None:
    rest, blurred = painted("rest", held), painted("blur", held)
    assert ssim(rest, rest) == pytest.approx(1.0)
    assert ssim(rest, blurred) < 0.95
    side = side_by_side(rest, blurred)
    assert side.shape == (SIZE[1], 3 * SIZE[0], 3)
    assert not side_by_side(rest, rest)[:, 2 * SIZE[0] :].any()
