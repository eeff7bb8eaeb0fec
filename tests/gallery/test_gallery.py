"""The gallery of the standard library: its talks are sound, its pages name only what is there."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pvc.cli.app import run
from pvc.compiler import library
from pvc.compiler.check import check
from pvc.compiler.diagnostics.model import Severity
from pvc.compiler.disk import DiskWorld
from pvc.compiler.syntax.format import format_text
from pvc.runtime.gallery.site import Swatches, write_site
from pvc.runtime.gallery.talks import FORMAT_SCENES, SHAPES, prepare

COMPONENTS = [each for module in library.modules() for each in library.components(module)]


def test_a_doc_comment_is_prose_and_an_example() -> None:
    doc = 'One line\nof prose.\n\nAnother paragraph.\n\n```vid\nsay "Hi." {\n}\n```'
    assert library.split_doc(doc) == ("One line of prose.\nAnother paragraph.", 'say "Hi." {\n}')
    assert library.split_doc(None) == ("", "")


def test_every_talk_of_the_gallery_is_sound_and_canonical(tmp_path: Path) -> None:
    talks = prepare(tmp_path, "paper")
    assert [each.name for each in talks.components] == [each.name for each in COMPONENTS]
    world = DiskWorld()
    for shown in (*talks.components, *talks.themes, talks.formats):
        checked = check(str(shown.path), world)
        assert not [each for each in checked.diagnostics if each.severity is not Severity.NOTE], shown.name
        text = shown.path.read_text(encoding="utf-8")
        assert format_text(text, "").text == text


def test_the_formats_are_those_of_the_language(tmp_path: Path) -> None:
    checked = check(str(prepare(tmp_path, "paper").formats.path), DiskWorld())
    assert checked.program is not None
    assert [scene.id for scene in checked.program.scenes] == list(FORMAT_SCENES)
    assert checked.program.formats == tuple(shape.name for shape in SHAPES)
    assert [width > height for width, height in (shape.size for shape in SHAPES)] == [True, False, False]


def test_actions_of_a_component_are_said_with_their_clauses() -> None:
    known = {each.name: each for each in COMPONENTS}
    (orbit,) = known["molecule"].actions
    assert orbit.usage == "orbit camera by 40deg"
    assert [(each.name, each.default) for each in orbit.clauses] == [("by", "0deg"), ("tilt", "0deg")]
    assert [each.usage for each in known["video"].actions] == ["play clip for 3s"]
    assert known["table"].actions == ()


@pytest.mark.parametrize("each", COMPONENTS, ids=lambda each: each.name)
def test_everything_that_a_component_declares_says_what_it_is(each: library.Component) -> None:
    assert each.prose
    assert each.example
    assert all(one.doc for one in each.parameters)
    assert all(part.doc for part in each.parts)
    assert all(action.doc and all(one.doc for one in action.clauses) for action in each.actions)


def test_preparing_again_writes_nothing(tmp_path: Path) -> None:
    prepare(tmp_path, "paper")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.vid")}
    prepare(tmp_path, "paper")
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.vid")} == before


class Page(HTMLParser):
    """What a page names, and whether its elements are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.named: list[str] = []
        self.anchors: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "img", "input", "source", "track"):
            self.open.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "poster") and value:
                self.named.append(value)
            if name == "id" and value:
                self.anchors.add(value)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    assert not page.open
    return page


def test_pages(tmp_path: Path) -> None:
    """Text is escaped, every component is on the page, nothing is fetched from elsewhere."""
    write_site(
        tmp_path,
        [Swatches("dusk", "A <b>bold</b> one.", [("accent", "#102030")])],
        dict.fromkeys([each.name for each in COMPONENTS], 3.0),
    )
    page = read(tmp_path / "index.html")
    assert {each.name for each in COMPONENTS} <= page.anchors
    for each in COMPONENTS:
        assert f"clips/{each.name}.mp4" in page.named
        assert f"talks/{each.name}.vid" in page.named
    assert not [each for each in page.named if re.match(r"(\w+:)?//", each)]
    assert {each[1:] for each in page.named if each.startswith("#")} <= page.anchors
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert index.count("<th>action</th>") == sum(bool(each.actions) for each in COMPONENTS)
    formats = read(tmp_path / "formats.html")
    for shape in SHAPES:
        assert shape.name in formats.anchors
        assert f"pictures/format-{shape.name}-{FORMAT_SCENES[0]}.png" in formats.named
    themes = (tmp_path / "themes.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;" in themes
    assert "#102030" in themes
    assert "url(" not in (tmp_path / "style.css").read_text(encoding="utf-8")


def test_an_unknown_theme(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["docs", "-o", str(tmp_path / "site"), "--theme", "dawn"]) == 2
    assert "midnight" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


@pytest.mark.slow
def test_the_gallery_is_built_and_then_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["docs", "-o", str(tmp_path / "site"), "--cache-dir", str(tmp_path / "cache"), "--json"]
    assert run(command) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["clips"] == first["built"] == len(COMPONENTS)
    for name in ("index.html", "themes.html", "formats.html"):
        for named in read(tmp_path / "site" / name).named:
            path = tmp_path / "site" / named.partition("#")[0]
            assert path.is_dir() or path.stat().st_size > 0, named
    assert run(command) == 0
    assert json.loads(capsys.readouterr().out)["built"] == 0
