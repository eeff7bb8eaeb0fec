"""Pictures: sizes read from the files' own words, damage noticed, pages cropped to their ink."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from figures.drawn import FULL, HALF, assert_sound, codes, members
from hypothesis import given, settings
from hypothesis import strategies as st
from layout.surroundings import Memory, env
from PIL import Image

from pvc.compiler.layout import raster
from pvc.compiler.layout.component import Box
from pvc.compiler.layout.registry import implementation
from pvc.compiler.model.display import Element, Fragment, Picture
from pvc.compiler.model.values import Asset, Value

PAPER = Path(os.environ.get("PVC_PAPERS", Path(__file__).parents[2] / "../shared/papers")) / "edo/img"


def picture(size: tuple[int, int], format: str, mode: str = "RGB", **options: object) -> bytes:
    data = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(data, format, **options)
    return data.getvalue()


def pdf(width: int, height: int, drawing: bytes, pages: int = 1) -> bytes:
    """A PDF of equal pages with these drawing operators."""
    kids = b" ".join(b"%d 0 R" % (3 + 2 * n) for n in range(pages))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages)]
    for n in range(pages):
        box = b"/MediaBox [0 0 %d %d] /Contents %d 0 R" % (width, height, 4 + 2 * n)
        objects.append(b"<< /Type /Page /Parent 2 0 R %s >>" % box)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing))
    body, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body))
    return body + head + table + trailer


def lay(layout: str, data: bytes, kind: str, box: Box = HALF, theme: str = "midnight", **arguments: Value) -> Fragment:
    world = Memory()
    asset = Asset(world.give(data), "picture", kind, 1 if kind == "pdf" else None)
    return implementation(layout)({"file": asset, **arguments}, box, env(theme, world=world))


def shown(fragment: Fragment) -> tuple[Element, Picture]:
    (element,) = [element for element in fragment.elements if isinstance(element.primitive, Picture)]
    assert isinstance(element.primitive, Picture)
    return element, element.primitive


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(1, 1), (640, 480), (33, 1000)])
def test_sizes(format: str, size: tuple[int, int]) -> None:
    found = raster.probe(picture(size, format))
    assert (found.width, found.height) == size
    assert found.format == format.lower()


@pytest.mark.parametrize(
    ("format", "mode", "options", "alpha"),
    [
        ("PNG", "RGBA", {}, True),
        ("PNG", "L", {}, False),
        ("WEBP", "RGBA", {"lossless": True}, True),
        ("WEBP", "RGB", {"lossless": True}, False),
        ("JPEG", "RGB", {"progressive": True}, False),
    ],
)
def test_kinds(format: str, mode: str, options: dict[str, object], alpha: bool) -> None:
    data = io.BytesIO()
    image = Image.linear_gradient("L").resize((40, 30)).convert(mode)
    if mode == "RGBA":
        image.putalpha(100)
    image.save(data, format, **options)  # type: ignore[arg-type]
    found = raster.probe(data.getvalue())
    assert (found.width, found.height, found.alpha) == (40, 30, alpha)


def test_a_turned_photograph_has_its_turned_size() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = raster.probe(picture((60, 40), "JPEG", exif=exif))
    assert (found.width, found.height) == (40, 60)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF"])
def test_files_cut_short_are_noticed(format: str) -> None:
    whole = picture((300, 200), format)
    for share in (0.0, 0.01, 0.3, 0.7, 0.95):
        with pytest.raises(raster.Undecodable):
            raster.probe(whole[: int(len(whole) * share)])


@given(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]), st.integers(0, 2000), st.integers(1, 255))
@settings(max_examples=150, deadline=None)
def test_damage_never_raises_anything_else(format: str, at: int, change: int) -> None:
    data = bytearray(picture((64, 48), format))
    data[at % len(data)] ^= change
    try:
        found = raster.probe(bytes(data))
    except raster.Undecodable:
        return
    assert found.width > 0
    if format == "PNG":
        pytest.fail("every byte of a PNG is under a checksum or a signature")


@given(st.binary(max_size=200))
def test_junk(data: bytes) -> None:
    with pytest.raises(raster.Undecodable):
        raster.probe(data)


def test_images_keep_their_proportions_and_fit() -> None:
    fragment = lay("image", picture((1600, 900), "JPEG"), "image", caption="A caption", credit="Someone")
    _, placed = shown(fragment)
    assert placed.rect.width / placed.rect.height == pytest.approx(16 / 9, rel=0.001)
    assert placed.crop is None
    assert fragment.width <= HALF.width
    assert_sound(fragment)
    below = members(fragment, "caption")[0].bounds
    assert below.y >= placed.rect.bottom


def test_small_images_are_not_blown_up() -> None:
    _, placed = shown(lay("image", picture((100, 80), "PNG"), "image"))
    assert (placed.rect.width, placed.rect.height) == (200, 160)


def test_crops() -> None:
    data = picture((1000, 500), "PNG")
    crop = (0, 0, 0.5, 1)
    _, placed = shown(lay("image", data, "image", crop=crop))
    assert placed.crop is not None
    assert (placed.crop.x, placed.crop.width, placed.crop.height) == (0, 500, 500)
    for bad in ((0, 0, 0.5), (0.5, 0, 0.5, 1), (0, 0, 400, 300), (-0.1, 0, 1, 1)):
        from fractions import Fraction

        values = tuple(Fraction(value) for value in bad)
        assert codes(lay("image", data, "image", crop=values)) == {"PVC0563"}


def test_bad_pictures_are_problems() -> None:
    assert codes(lay("image", b"junk", "image")) == {"PVC0560"}
    assert codes(lay("image", picture((300, 200), "PNG")[:500], "image")) == {"PVC0560"}
    huge = picture((20_000, 2), "PNG")
    assert codes(lay("image", huge, "image")) == {"PVC0561"}
    assert codes(lay("figure", b"%PDF-1.4 junk", "pdf")) == {"PVC0562"}
    assert codes(lay("figure", pdf(100, 100, b""), "pdf")) == {"PVC0563"}
    assert codes(lay("figure", pdf(100, 100, b"0 0 50 50 re f", 2), "pdf", page=3)) == {"PVC0562"}
    assert implementation("image")({}, HALF, env()).problems[0].code == "PVC0560"


def test_a_page_is_cropped_to_its_ink() -> None:
    data = pdf(400, 300, b"0.8 0 0 rg 100 50 200 100 re f")
    _, placed = shown(lay("figure", data, "pdf", FULL))
    crop = placed.crop
    assert crop is not None
    assert placed.page == 1
    assert crop.x == pytest.approx(100, abs=4)
    assert crop.right == pytest.approx(300, abs=4)
    assert crop.y == pytest.approx(150, abs=4), "points count from the top of the page"
    assert crop.bottom == pytest.approx(250, abs=4)
    _, whole = shown(lay("figure", data, "pdf", FULL, crop=(0, 0, 1, 1)))
    assert whole.crop is not None
    assert (whole.crop.width, whole.crop.height) == (400, 300)


def test_the_card_has_the_colour_of_the_page() -> None:
    dark = pdf(400, 300, b"0 0 0.2 rg 0 0 400 300 re f 1 1 1 rg 100 100 50 50 re f")
    fragment = lay("figure", dark, "pdf")
    card = members(fragment, "card")[0].primitive.fill  # type: ignore[union-attr]
    assert card is not None
    assert (card.red, card.green, card.blue) == (0, 0, 51)
    light = members(lay("figure", pdf(400, 300, b"100 100 50 50 re f"), "pdf", theme="paper"), "card")[0]
    assert light.primitive.stroke is not None, "white on paper needs a hairline"  # type: ignore[union-attr]


def test_a_caption_wraps_and_a_book_of_one_is_refused() -> None:
    data = picture((1600, 900), "JPEG")
    fragment = lay("figure", data, "image", caption="word " * 40, credit="Wilde et al., 2020")
    assert len(members(fragment, "caption")) >= 3
    assert_sound(fragment)
    assert codes(lay("figure", data, "image", caption="word " * 400)) == {"PVC0564"}


def test_what_was_measured_is_remembered() -> None:
    world = Memory()
    data = pdf(400, 300, b"100 50 200 100 re f")
    asset = Asset(world.give(data), "a.pdf", "pdf", 1)
    first = implementation("figure")({"file": asset}, FULL, env(world=world))
    assert len(world.kept) == 1
    world.blobs.clear()
    assert implementation("figure")({"file": asset}, FULL, env(world=world)) == first


@pytest.mark.skipif(not PAPER.is_dir(), reason=f"the paper's figures are not at {PAPER}")
@pytest.mark.parametrize("theme", ["midnight", "paper"])
def test_figures_of_a_real_paper(theme: str) -> None:
    files = sorted(PAPER.glob("*.pdf"))
    assert files
    for file in files:
        fragment = lay("figure", file.read_bytes(), "pdf", FULL, theme, caption="A figure", credit="Wilde et al., 2020")
        assert not fragment.problems, file.name
        assert_sound(fragment)
        _, placed = shown(fragment)
        assert placed.rect.width > 500 or placed.rect.height > 500
