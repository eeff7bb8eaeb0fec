"""Fonts of a project's own: whole files set the style asked for, broken ones are told of where they are named."""

from __future__ import annotations

import struct
from importlib.util import find_spec
from pathlib import Path

import pytest
from layout.surroundings import Memory, env

from pvc.compiler.check import check
from pvc.compiler.digest import digest_bytes
from pvc.compiler.disk import DiskWorld
from pvc.compiler.model.display import Glyphs, Paint
from pvc.compiler.text import sfnt
from pvc.compiler.text.style import TextStyle
from pvc.compiler.text.typeset import set_line

SPEC = find_spec("matplotlib")
assert SPEC is not None
assert SPEC.submodule_search_locations
FOLDER = Path(SPEC.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
REGULAR, BOLD, ITALIC = (
    (FOLDER / name).read_bytes() for name in ("STIXGeneral.ttf", "STIXGeneralBol.ttf", "STIXGeneralItalic.ttf")
)


def faces(weight: int, italic: bool, *files: bytes) -> set[str]:
    """The digests of the files that set a word in a family of the project's own."""
    world = Memory()
    around = env(world=world, font_files=tuple(world.give(data) for data in files))
    style = TextStyle("STIXGeneral", 40.0, Paint(255, 255, 255), weight=weight, italic=italic)
    line = set_line("Hamburg", style, around)
    return {element.primitive.font for element in line.elements if isinstance(element.primitive, Glyphs)}


@pytest.mark.parametrize(
    ("weight", "italic", "wanted"),
    [(400, False, REGULAR), (700, False, BOLD), (600, False, BOLD), (400, True, ITALIC), (300, False, REGULAR)],
)
def test_of_a_familys_files_the_nearest_is_taken_whatever_their_order(weight: int, italic: bool, wanted: bytes) -> None:
    for files in ((REGULAR, BOLD, ITALIC), (ITALIC, BOLD, REGULAR), (BOLD, REGULAR, ITALIC)):
        assert faces(weight, italic, *files) == {digest_bytes(wanted)}


def test_a_file_alone_sets_every_style() -> None:
    assert faces(700, True, REGULAR) == {digest_bytes(REGULAR)}


def test_weight_and_slope_are_what_the_file_says() -> None:
    assert sfnt.style(REGULAR) == (400, False)
    assert sfnt.style(BOLD)[0] == 700
    assert sfnt.style(ITALIC)[1]


def without(data: bytes, *names: str) -> bytes:
    """The font with tables renamed to something that nobody knows."""
    found = bytearray(data)
    for number in range(struct.unpack_from(">H", data, 4)[0]):
        at = 12 + 16 * number
        if bytes(found[at : at + 4]).decode() in names:
            found[at : at + 4] = b"zzzz"
    return bytes(found)


def renamed(data: bytes, old: str, new: str) -> bytes:
    return data.replace(old.encode(), new.encode(), 1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (REGULAR[:3000], "damaged, or cut short"),
        (REGULAR[:-20_000], "damaged, or cut short"),
        (b"\0\1\0\0" + b"\xff" * 5000, "damaged, or cut short"),
        (b"\0\1\0\0", "damaged, or cut short"),
        (without(REGULAR, "cmap"), "lacks tables"),
        (without(REGULAR, "glyf"), "no outlines"),
        (renamed(without(REGULAR, "glyf"), "zzzz", "CBDT"), "pictures instead of outlines"),
    ],
)
def test_a_broken_font_is_told_of_where_it_is_named(data: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "own.ttf").write_bytes(data)
    (tmp_path / "talk.vid").write_text('talk "T" {}\nfont own = file("own.ttf")\nscene one "One" { say "Hello." }\n')
    found = [each for each in check(str(tmp_path / "talk.vid"), DiskWorld()).diagnostics if each.code == "PVC0810"]
    assert [reason in each.message for each in found] == [True]
