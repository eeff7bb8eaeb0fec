"""Images and pages at the size at which they are shown: upright, in the right colours, or an error with a code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pvc.compiler.model.display import Picture, Rect
from pvc.runtime.backends import rasters
from pvc.runtime.backends.rasters import raster
from pvc.runtime.errors import EngineError


def picture(digest: str, *, crop: Rect | None = None, page: int | None = None, corner: float = 0.0) -> Picture:
    return Picture(digest, Rect(0, 0, 100, 100), crop, page, corner)


def test_shrinking_keeps_the_mean_and_never_makes_colour_without_alpha(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (256, 256, 4), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "noise.png")
    small = raster(picture("noise"), tmp_path / "noise.png", 32, 32)
    alpha = pixels[..., 3:].astype(float)
    assert small[..., 3].mean() == pytest.approx(alpha.mean(), abs=1)
    assert small[..., 0].mean() == pytest.approx((pixels[..., :1] * alpha / 255).mean(), abs=1)
    assert (small[..., :3] <= small[..., 3:]).all()


def test_a_crop_shows_its_part_and_nothing_else(tmp_path: Path) -> None:
    pixels = np.zeros((60, 90, 3), np.uint8)
    pixels[:, :30], pixels[:, 30:60], pixels[:, 60:] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    Image.fromarray(pixels).save(tmp_path / "three.webp", lossless=True)
    middle = raster(picture("three", crop=Rect(30, 0, 30, 60)), tmp_path / "three.webp", 45, 90)
    assert (middle == (0, 255, 0, 255)).all()


def test_a_photo_taken_sideways_stands_upright(tmp_path: Path) -> None:
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:, :40] = 250
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to see it
    Image.fromarray(pixels).save(tmp_path / "turned.jpg", exif=exif, quality=95)
    upright = raster(picture("turned"), tmp_path / "turned.jpg", 40, 80)
    assert upright[10, 20, 0] > 240
    assert upright[70, 20, 0] < 15


def test_sixteen_bits_are_scaled_not_cut(tmp_path: Path) -> None:
    Image.fromarray(np.full((8, 8), 0x8080, np.uint16)).save(tmp_path / "deep.png")
    assert (raster(picture("deep"), tmp_path / "deep.png", 8, 8) == (128, 128, 128, 255)).all()


def test_corners_are_round(tmp_path: Path) -> None:
    Image.new("RGB", (50, 50), (9, 9, 200)).save(tmp_path / "plain.png")
    pixels = raster(picture("plain", corner=40.0), tmp_path / "plain.png", 200, 200)
    assert pixels[0, 0].tolist() == [0, 0, 0, 0]
    assert pixels[100, 0, 3] == pixels[0, 100, 3] == 255
    covered = pixels[..., 3].astype(float).sum() / 255
    assert covered == pytest.approx(200 * 200 - (4 - np.pi) * 80**2, rel=1e-3)
    assert np.array_equal(pixels, pixels[::-1, ::-1])


def a_page(path: Path) -> None:
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    figure = Figure(figsize=(4, 2))
    figure.patches.append(Rectangle((0.5, 0.5), 0.5, 0.5, color="#0000ff", lw=0, transform=figure.transFigure))
    figure.savefig(path)


def test_a_crop_of_a_page_is_drawn_at_the_size_asked_for(tmp_path: Path) -> None:
    a_page(tmp_path / "page.pdf")
    corner = Rect(144, 0, 144, 72)  # points from the upper left: the blue quarter
    pixels = raster(picture("page", page=1, crop=corner), tmp_path / "page.pdf", 640, 320)
    assert pixels.shape == (320, 640, 4)
    assert (pixels[2:-2, 2:-2] == (0, 0, 255, 255)).all()
    beside = raster(picture("page", page=1, crop=Rect(0, 72, 144, 72)), tmp_path / "page.pdf", 640, 320)
    assert (beside[2:-2, 2:-2] == 255).all()


@pytest.mark.parametrize("data", [b"", b"not an image", b"\x89PNG\r\n\x1a\n" + bytes(40), b"%PDF-1.7\nnothing"])
@pytest.mark.parametrize("page", [None, 1])
def test_what_is_no_image_is_an_error_with_a_code(tmp_path: Path, data: bytes, page: int | None) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(EngineError) as caught:
        raster(picture(f"x{data!r}", page=page), tmp_path / "x", 10, 10)
    assert caught.value.code == "PVC0821"
    assert caught.value.hint


def test_a_page_that_the_file_lacks_and_a_torn_image(tmp_path: Path) -> None:
    a_page(tmp_path / "page.pdf")
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (99, 99, 3), dtype=np.uint8)).save(tmp_path / "whole.png")
    whole = (tmp_path / "whole.png").read_bytes()
    (tmp_path / "torn.png").write_bytes(whole[: len(whole) // 2])
    for shown, name in ((picture("p", page=7), "page.pdf"), (picture("t"), "torn.png"), (picture("g"), "gone.png")):
        with pytest.raises(EngineError) as caught:
            raster(shown, tmp_path / name, 10, 10)
        assert caught.value.code == "PVC0821"


def test_an_image_too_large_to_decode_is_refused_before_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("L", (300, 300)).save(tmp_path / "large.png")
    monkeypatch.setattr(rasters, "MOST_PIXELS", 80_000)
    with pytest.raises(EngineError, match="too many"):
        raster(picture("large"), tmp_path / "large.png", 10, 10)


def test_the_memory_of_prepared_pictures_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (20, 20)).save(tmp_path / "x.png")
    monkeypatch.setattr(rasters, "_KEPT_BYTES", 100_000)
    monkeypatch.setattr(rasters, "_kept", {})
    for width in range(50, 120):
        raster(picture("bounded"), tmp_path / "x.png", width, 60)
    assert sum(one.nbytes for one in rasters._kept.values()) <= 100_000
    assert raster(picture("bounded"), tmp_path / "x.png", 119, 60) is raster(
        picture("bounded"), tmp_path / "x.png", 119, 60
    )
