"""What strangers write into talks: each is told what is wrong in words that are true, and nothing more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from pvc.compiler.check import check
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.disk import DiskWorld
from pvc.compiler.stage import lint_scene

TALK = """talk "Talk" {{}}

scene one "One" {{
  say "Something is shown here, and we look at it for as long as it takes." {{
    show {shown}
  }}
}}
"""


def said(folder: Path, shown: str) -> list[Diagnostic]:
    """What the checker and the layouts say about a talk that shows this."""
    path = folder / "talk.vid"
    path.write_text(TALK.format(shown=shown), encoding="utf-8")
    world = DiskWorld()
    checked = check(str(path), world)
    found = list(checked.diagnostics)
    if checked.program is not None:
        found += lint_scene(checked.program, 0, world)
    return found


LONG_WORD = "a" * 400
STEPS = ", ".join(f"tex`x_{{{number}}} = y_{{{number}}}`" for number in range(20))
CASES = [
    (f'text("{LONG_WORD}")', "PVC0503", "one of its words is longer than a line"),
    (f"derivation([{STEPS}])", "PVC0503", "the derivation does not fit: .* its 20 steps are"),
    (
        f'title("{"A very long title " * 12}", subtitle: "{"sub " * 100}", authors: "{"Author, " * 40}")',
        "PVC0503",
        "title, subtitle and authors do not fit: they need",
    ),
    ('text("a bell \\u{7} rings")', "PVC0502", r"U\+0007"),
    ('bullets(["one", " ", "three"])', "PVC0504", "item 2 of the list is empty"),
    ('axes(x: -1..1, plots: ["x"], labels: ["a", "b", "c"])', "PVC0547", "3 labels for 1 plot$"),
    (f'axes(x: -1..1, plots: ["{"x+" * 3000}x"])', "PVC0544", r"^`.{60}` cannot be read: longer than"),
]


@pytest.mark.parametrize(("shown", "code", "words"), CASES)
def test_what_does_not_fit_is_said_in_true_words(shown: str, code: str, words: str, tmp_path: Path) -> None:
    found = [each for each in said(tmp_path, shown) if each.code == code]
    assert [each.message for each in found if re.search(words, each.message)], [each.message for each in found]
    assert all(len(each.message) < 400 for each in found)


@pytest.mark.parametrize("shown", [f'text("{"many words " * 800}")', "code(python`\n" + "x = 1\n" * 60 + "`)"])
def test_what_is_too_large_is_said_once(shown: str, tmp_path: Path) -> None:
    """That it is therefore drawn small and beside the frame is no finding of its own."""
    codes = {each.code for each in said(tmp_path, shown)}
    assert "PVC0503" in codes
    assert not codes & {"PVC0570", "PVC0573"}


@pytest.mark.parametrize(
    "shown",
    [
        'axes(x: -1000000000000..1000000000000, plots: ["x^2"])',  # large, but a number
        'axes(x: -3..3, plots: ["sin(1/x)", "1/x", "tan(x)"], labels: ["a", "b"])',
        'text("tab\\tand\\nnew line, zero\\u{200d}width, \\u{202b}a mark\\u{202c} of direction")',
        'title("A title", subtitle: "And what it is about", authors: "A. Author, B. Author")',
    ],
)
def test_what_can_be_drawn_is_not_complained_about(shown: str, tmp_path: Path) -> None:
    assert [each.message for each in said(tmp_path, shown) if each.severity.value == "error"] == []


@pytest.mark.parametrize(
    ("size", "words"),
    [((1, 1), "2 × 2 px on screen"), ((6000, 4), "px on screen"), ((4, 6000), "px on screen")],
)
def test_a_picture_too_small_to_be_seen_is_not_blamed_on_its_caption(
    size: tuple[int, int], words: str, tmp_path: Path
) -> None:
    Image.new("RGB", size, (200, 30, 30)).save(tmp_path / "picture.png")
    (found,) = (each for each in said(tmp_path, 'image("picture.png", caption: "Red")') if each.code == "PVC0564")
    assert words in found.message
    assert "caption" not in found.message


@pytest.mark.parametrize("extension", ["bmp", "tiff", "gif", "jp2", "avif"])
def test_pictures_of_other_formats_are_called_by_their_names(extension: str, tmp_path: Path) -> None:
    names = {"bmp": "BMP", "tiff": "TIFF", "gif": "GIF", "jp2": "JPEG 2000", "avif": "AVIF"}
    try:
        Image.new("RGB", (40, 40), (200, 30, 30)).save(tmp_path / f"picture.{extension}")
    except (OSError, KeyError):
        pytest.skip(f"this Pillow writes no {extension}")
    (found,) = (each for each in said(tmp_path, f'image("picture.{extension}")') if each.code == "PVC0810")
    assert found.message.endswith(f"it is {names[extension]}")
    assert f"export the {names[extension]} file" in (found.hint or "")


def test_a_photograph_of_a_telephone_is_no_film(tmp_path: Path) -> None:
    (tmp_path / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200))
    (found,) = (each for each in said(tmp_path, 'image("photo.heic")') if each.code == "PVC0810")
    assert found.message.endswith("it is HEIC")


def test_a_line_of_one_cell_is_one_cell(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n3\n")
    path = tmp_path / "talk.vid"
    path.write_text('talk "T" {}\ndata rows = csv("rows.csv") { a: number }\nscene one "One" { say "Rows." }\n')
    (found,) = (each for each in check(str(path), DiskWorld()).diagnostics if each.code == "PVC0613")
    assert "has 1 cell, the header has 2" in found.message
