"""The pages behind the codes of text and formulas: the wrong talk raises its code, the right one does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
from pvc.compiler.stage import lint_scene
from pvc.compiler.text import fonts

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page for page in (ROOT / "docs" / "errors").glob("PVC0*.md") if re.match(r"PVC0(50|51|58|75)", page.stem)
)
TALK = 'talk "Talk" {\n  theme = midnight\n}\n\n'


def found(text: str, folder: Path) -> list[str]:
    """Codes of everything that the checker and the layouts say about a talk."""
    name = re.search(r"^theme (\w+)", text, re.M)
    path = folder / "talk.vid"
    path.write_text(TALK.replace("midnight", name[1] if name else "midnight") + text)
    world = DiskWorld()
    checked = check(str(path), world)
    codes = [finding.code for finding in checked.diagnostics]
    if checked.program is not None:
        for index in range(len(checked.program.scenes)):
            codes.extend(finding.code for finding in lint_scene(checked.program, index, world))
    return codes


def _shown(text: str) -> str:
    """Declarations alone lay nothing out: a scene that shows what they declare."""
    if "scene " in text:
        return "".join(f"use std.{name}\n" for name in ("charts", "diagrams") if f"{name}." in text) + text
    component = re.search(r"component (\w+)\(", text)
    visual = f'{component[1]}("x")' if component else 'heading("Abc")'
    return f'{text}\nscene try_it "Try it" {{\n  say "Look." {{ show {visual} }}\n}}\n'


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page(page: Path, tmp_path: Path) -> None:
    text = page.read_text()
    assert text.startswith(f"# {page.stem}: ")
    wrong, right = re.findall(r"```vid\n(.*?)```", text, re.S)
    own = tmp_path / "fonts"
    own.mkdir()
    for name in re.findall(r'file\("fonts/(.*?)"\)', text):
        (own / name).write_bytes(_font(name))
    assert page.stem in found(_shown(wrong), tmp_path)
    assert page.stem not in found(_shown(right), tmp_path)


def _font(name: str) -> bytes:
    """A font with the family and the characters that the page speaks of, made from one that is installed."""
    from io import BytesIO

    from fontTools.ttLib import TTFont

    fonts.identity()
    entry = fonts.CATALOGUE["DejaVu Sans"]
    folder = fonts._folder(entry.package, entry.folder)
    assert folder is not None
    font = TTFont(folder / "DejaVuSans.ttf")
    if name.startswith("Brandon"):
        font["name"].setName("Brandon Grotesque", 1, 3, 1, 0x409)
        font["name"].setName("Brandon Grotesque", 1, 1, 0, 0)
    else:
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap.update({ord("漢"): "A", ord("字"): "B"})
    made = BytesIO()
    font.save(made)
    return made.getvalue()


def test_every_code_has_its_page() -> None:
    sources = ROOT / "compiler" / "pvc" / "compiler"
    files = [*(sources / "text").glob("*.py"), *(sources / "math").glob("*.py")]
    names = ("registry", "page", "titles", "prose", "formulas", "code", "matrix", "algorithm", "plots/number_line")
    names += ("charts/pie", *(f"diagrams/{name}" for name in ("tree", "sequence", "neural_net", "timeline")))
    files += [sources / "layout" / f"{name}.py" for name in names]
    raised = {code for source in files for code in re.findall(r'"(PVC\d{4})"', source.read_text())}
    charts = {code for code in raised if code.startswith(("PVC054", "PVC055"))}  # have pages and tests of their own
    assert raised - charts == {page.stem for page in PAGES}
