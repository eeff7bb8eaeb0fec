"""Programs in talks: when they run and when not, what their keys hold, what is said where they go wrong."""

from __future__ import annotations

import importlib.util
import shutil
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest

from pvc.compiler.check import check
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.disk import DiskWorld
from pvc.compiler.graph.keys import key_bytes
from pvc.compiler.graph.nodes import Painting
from pvc.compiler.model.display import Recipe
from pvc.compiler.plan import plan
from pvc.compiler.programs import Unparsable, outline
from pvc.runtime.build.build import build
from pvc.runtime.build.report import Report
from pvc.runtime.build.request import Outcome, Request
from pvc.runtime.build.survey import frame_of, survey
from pvc.runtime.errors import PvcError
from pvc.runtime.execute.task import Workplace
from pvc.runtime.programs import consent, layers

SANDBOX = pytest.mark.skipif(bool(layers.missing()), reason=f"no sandbox here: {', '.join(layers.missing())}")
ALLOWED = consent.Consent(True)
CIRCLE = """
import skia
def draw(canvas, t, given):
    paint = skia.Paint(AntiAlias=True, Color=given.color("accent"))
    canvas.drawCircle(given.width / 2 + 100 * t, given.height / 2, given.arguments.get("radius", 80), paint)
"""
CALL = 'program("it.py", lasts: 0.5s, description: "A dot")'
ONE = """\
scene one "One" {{
  let dot = {call}
  say "Look." {{
    show dot
    play dot
  }}
}}
"""
TWO = """\
scene two "Two" {
  say "Words." { show text("Words") }
}
"""


def talk(folder: Path, call: str = CALL, source: str = CIRCLE, *, more: str = TWO, head: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "it.py").write_text(source)
    path = folder / "talk.vid"
    path.write_text(f'talk "T" {{\n  format = 720p30\n{head}}}\n\n{ONE.format(call=call)}\n{more}')
    return path


def request(path: Path, allowed: bool = True, cache: str = "cache") -> Request:
    folder = path.parent
    return Request(path, folder / cache, preset="draft", jobs=2, consent=ALLOWED if allowed else consent.REFUSED)


def made(path: Path, allowed: bool = True, cache: str = "cache") -> Report:
    outcome = build(request(path, allowed, cache))
    assert outcome.report is not None, outcome.diagnostics
    return outcome.report


def ran(report: Report) -> dict[str, int]:
    return {kind: counts["ran"] for kind, counts in report.nodes.items() if counts["ran"]}


def sha(path: Path) -> str:
    return sha256(path.with_suffix(".mp4").read_bytes()).hexdigest()


def codes(found: Outcome | tuple[Diagnostic, ...]) -> list[str]:
    return [each.code for each in (found.diagnostics if isinstance(found, Outcome) else found)]


def said(path: Path) -> list[tuple[str, str]]:
    found = check(str(path), DiskWorld())
    return [(each.code, each.message) for each in found.diagnostics]


# ------------------------------------------------------------------------------------------------ consent


def test_without_consent_and_without_a_picture_nothing_is_built(tmp_path: Path) -> None:
    path = talk(tmp_path)
    assert said(path)[0][0] == "PVC0840"
    outcome = build(request(path, allowed=False))
    assert outcome.report is None
    assert [(each.code, each.severity.value) for each in outcome.diagnostics] == [("PVC0840", "error")]
    assert not path.with_suffix(".mp4").exists()


def test_without_consent_the_fallback_is_shown_and_told(tmp_path: Path) -> None:
    from PIL import Image

    path = talk(tmp_path, CALL.replace("lasts", 'fallback: "still.png", lasts'))
    Image.new("RGB", (320, 180), "#ff0000").save(tmp_path / "still.png")
    assert not said(path)
    outcome = build(request(path, allowed=False))
    assert outcome.report is not None
    assert codes(outcome) == ["PVC0846"]
    assert "program" not in outcome.report.nodes
    assert codes(build(request(path, allowed=False))) == ["PVC0846"]  # also where nothing has to be done


@SANDBOX
def test_looking_runs_nothing(tmp_path: Path) -> None:
    path = talk(tmp_path)
    shot = frame_of(request(path, allowed=False), None, "one", None)
    assert shot.png is not None
    assert "program" not in {entry.kind for entry in survey(request(path, allowed=False)).entries}
    states = {entry.kind: entry.result is None for entry in survey(request(path)).entries}
    assert states["program"]  # known of, and not run
    painted = frame_of(request(path), None, "one", None)
    assert painted.png is not None
    assert painted.png != shot.png
    again = frame_of(request(path, allowed=False), None, "one", None)
    assert again.png == shot.png  # what it painted once is not shown either


def test_who_may_allow_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(consent.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert consent.consent(False, False) == consent.REFUSED
    assert consent.consent(True, False) == ALLOWED
    assert consent.consent(False, True) == consent.Consent(True, True)
    own = tmp_path / "pvc" / "config.toml"
    own.parent.mkdir()
    own.write_text('programs = "sandbox"\n')
    assert consent.consent(False, False) == ALLOWED
    monkeypatch.setenv(consent.VARIABLE, "never")
    assert consent.consent(False, False) == consent.REFUSED
    monkeypatch.setenv(consent.VARIABLE, "weak")
    assert consent.consent(False, False) == consent.Consent(True, True)
    for word in ("", "yes"):
        monkeypatch.setenv(consent.VARIABLE, word)
        with pytest.raises(PvcError, match="PVC_PROGRAMS"):
            consent.consent(False, False)
    monkeypatch.delenv(consent.VARIABLE)
    for text in ("programs = 1", "programs =", "\udcff"):
        own.write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(PvcError, match=r"config\.toml"):
            consent.consent(False, False)


@pytest.mark.parametrize("name", ["pvc.toml", "pyproject.toml"])
def test_a_project_cannot_allow_itself(tmp_path: Path, name: str) -> None:
    from pvc.cli.surroundings import read_config

    file = tmp_path / name
    file.write_text('programs = "sandbox"\n' if name == "pvc.toml" else '[tool.pvc]\nprograms = "sandbox"\n')
    with pytest.raises(PvcError, match="cannot allow") as raised:
        read_config(file)
    assert raised.value.code == "PVC0907"


# ------------------------------------------------------------------------------------------------ keys


@SANDBOX
def test_one_letter_paints_its_own_clip_anew_and_like_a_cold_build(tmp_path: Path) -> None:
    path = talk(tmp_path)
    first = made(path)
    assert ran(first)["program"] == 1
    assert made(path).up_to_date
    before = sha(path)
    (tmp_path / "it.py").write_text(CIRCLE.replace("100 * t", "200 * t"))
    second = made(path)
    assert ran(second)["program"] == 1
    assert [line.partition(",")[0] for line in second.ran] == [
        "program: it.py (16 frames on canvas)",
        *["segment: one"] * 3,
        "poster: the poster",
        "mux: the film",
    ]
    warm = sha(path)
    assert warm != before
    assert not made(path, cache="cold").up_to_date
    assert sha(path) == warm


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a talk that was built."""
    folder = tmp_path_factory.mktemp("painted") / "talk"
    made(talk(folder))
    return folder


THEME = "theme own extends midnight {{\n  colors {{ {} }}\n}}\n"
EDITS = {
    "words": ('"Look."', '"Look at this."', "", False),
    "name": ("dot", "spot", "", False),
    "another scene": ("", "", TWO.replace("two", "three"), False),
    "colour it has not": ("= 720p30", "= 720p30\n  theme = own", THEME.format("warm = #123456"), False),
    "its colour": ("= 720p30", "= 720p30\n  theme = own", THEME.format("accent = #f08060"), True),
    "length": ("0.5s", "0.6s", "", True),
    "argument": ("lasts:", "arguments: { radius: 70 }, lasts:", "", True),
    "input": ("lasts:", 'inputs: ["it.py"], lasts:', "", True),
    "size": ("lasts:", "ratio: 1, lasts:", "", True),
    "rate": ("720p30", "720p25", "", True),
    "another place": ("show dot", "show dot in left", "", True),
    "file's name": ("it.py", "other.py", "", False),
}


@SANDBOX
@pytest.mark.parametrize("what", EDITS)
def test_what_makes_it_run_again(painted: Path, tmp_path: Path, what: str) -> None:
    folder = tmp_path / "talk"
    shutil.copytree(painted, folder)
    old, new, more, runs = EDITS[what]
    path = folder / "talk.vid"
    path.write_text((path.read_text().replace(old, new) if old else path.read_text()) + more)
    (folder / "other.py").write_text(CIRCLE)
    found = survey(request(path))
    assert found.entries, found.diagnostics
    assert [entry.result is None for entry in found.entries if entry.kind == "program"] == [runs]


@SANDBOX
def test_in_a_component_on_an_upright_frame(tmp_path: Path) -> None:
    more = """\
component card(words: text) {
  column {
    fill = theme.surface
    show program("it.py", lasts: 0.3s) as dot
    show text(words)
  }
}
"""
    path = talk(tmp_path, 'card("Words")', more=more)
    path.write_text(path.read_text().replace("720p30", "vertical30"))
    assert ran(made(path))["program"] == 1


# ------------------------------------------------------------------------------------------------ what goes wrong


FAILING = {
    "raises": ("1 / t", "PVC0842", "line 4: ZeroDivisionError"),
    "clock": ("canvas.clear(time.time_ns() & 0xFFFFFF | 0xFF000000)", "PVC0845", "another picture"),
    "state": ("seen.append(t); canvas.clear(len(seen) | 0xFF000000)", "PVC0845", "another picture"),
    "pipe": ("os.closerange(3, 99)", "PVC0842", "ended by itself"),
    "network": ("socket.socket()", "PVC0842", "PermissionError"),
}


@SANDBOX
@pytest.mark.parametrize("what", FAILING)
def test_nothing_is_published_of_one_that_fails(tmp_path: Path, what: str) -> None:
    line, code, words = FAILING[what]
    source = f"import os, socket, time\nseen = []\ndef draw(canvas, t, given):\n    {line}\n"
    path = talk(tmp_path, source=source)
    with pytest.raises(PvcError) as raised:
        build(request(path))
    assert raised.value.code == code
    assert words in raised.value.message
    assert "it.py" in raised.value.message
    assert raised.value.span is not None
    assert path.read_text()[raised.value.span.start :].startswith("program(")
    assert not path.with_suffix(".mp4").exists()
    assert [entry.result for entry in survey(request(path)).entries if entry.kind == "program"] == [None]
    from pvc.runtime.store.location import open_store

    store, _ = open_store(tmp_path / "cache")
    try:
        for digest, _ in store.blobs.every():
            store.blobs.checked(digest)
    finally:
        store.close()


@SANDBOX
def test_what_is_kept_of_one_program_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pvc.runtime.programs import work
    from pvc.runtime.store.blobs import Blobs

    source = "import random, skia\ndef draw(canvas, t, given):\n    " + (
        "canvas.drawImage(skia.Image.frombytes(random.Random(t).randbytes(640 * 360 * 4), (640, 360)), 0, 0)\n"
    )
    blobs = Blobs(tmp_path)
    recipe = Recipe("canvas", blobs.put(source.encode()), "", 640.0, 360.0, "{}", (), (), ())
    node = key_bytes(Painting(recipe, 60.0, 640, 360, Fraction(30), ()))
    monkeypatch.setattr(work, "MOST_BYTES", 1 << 21)
    with pytest.raises(PvcError, match="too large to be kept") as raised:
        work.paint(node, Workplace(blobs))
    assert raised.value.code == "PVC0843"


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ('program("none.py", lasts: 1s)', "PVC0001"),
        ('program("it.py")', "PVC0303"),
        ('program("it.py", lasts: 1)', "PVC0301"),
        ('program("it.py", lasts: 0s)', "PVC0415"),
        ('program("it.py", lasts: 1h)', "PVC0415"),
        ('program("it.py", lasts: 1s, ratio: 0)', "PVC0320"),
        ('program("it.py", lasts: 1s, arguments: 3)', "PVC0301"),
        ('program("it.py", lasts: 1s, inputs: ["none"])', "PVC0001"),
        ('program("it.py", lasts: 1s, inputs: ["../../x"])', "PVC0848"),
        ('program("it.py", lasts: 1s, inputs: ["a/../../x"])', "PVC0848"),
        ('program("it.py", lasts: 1s, inputs: ["/etc/passwd"])', "PVC0848"),
        ('program("it.py", lasts: 1s, inputs: ["~/.ssh/id_rsa"])', "PVC0848"),
        ('program(python`x = 1`, lasts: 1s)', "PVC0301"),
        ('program("bad.py", lasts: 1s)', "PVC0848"),
        ('program("latin.py", lasts: 1s)', "PVC0848"),
        ('program("large.py", lasts: 1s)', "PVC0004"),
    ],
)  # fmt: skip
def test_arguments_are_checked(tmp_path: Path, call: str, code: str) -> None:
    path = talk(tmp_path, call)
    (tmp_path / "bad.py").write_text("def draw(:\n")
    (tmp_path / "latin.py").write_bytes(b"# \xe9\n")
    (tmp_path / "large.py").write_bytes(b"#" * 300_000)
    assert code in [found for found, _ in said(path)]


@pytest.mark.parametrize(
    ("source", "call", "words"),
    [
        ("def paint(): ...\n", CALL, "no function `draw`"),
        ("def draw(canvas): ...\n", CALL, "does not take three arguments"),
        ("def draw(a, b, c, d): ...\n", CALL, "does not take three arguments"),
        ("class A(Scene): ...\n", CALL, "no function `draw`"),
    ],
)
def test_a_file_without_what_its_engine_runs(tmp_path: Path, source: str, call: str, words: str) -> None:
    outcome = build(request(talk(tmp_path, call, source)))
    assert outcome.report is None
    assert [words in each.message for each in outcome.diagnostics if each.code == "PVC0848"] == [True]


@pytest.mark.parametrize(
    ("source", "call", "words"),
    [
        (CIRCLE, CALL, "no scene of Manim's"),
        ("class A(Scene): ...\nclass B(m.MovingCameraScene): ...\n", CALL, "several scenes: A, B"),
        ("class A(Scene): ...\n", CALL.replace("lasts", 'scene: "C", lasts'), "no scene `C`"),
    ],
)
def test_a_file_without_a_scene(tmp_path: Path, source: str, call: str, words: str) -> None:
    path = talk(tmp_path, call, source)
    path.write_text(path.read_text().replace("show dot", "show dot on manim"))
    outcome = build(request(path))
    assert [words in each.message for each in outcome.diagnostics if each.code == "PVC0848"] == [True]


@pytest.mark.parametrize("starred", ["def draw(canvas, *rest): ...", "def draw(canvas, t, given, more=1): ..."])
def test_other_ways_to_take_three_arguments(starred: str) -> None:
    found = outline(starred.encode())
    assert found.draws is not None
    assert found.draws[0] <= 3 <= found.draws[1]


@pytest.mark.parametrize(
    "data",
    [
        b"(" * 100_000,
        b"[" * 199 + b"]" * 199,
        b"x = " + b"-" * 100_000 + b"1",
        b"x = " + b"not " * 60_000 + b"1",
        b"x = a" + b".b" * 100_000,
        b"x = f" + b"()" * 100_000,
        b"x = a" + b"[0]" * 80_000,
        b"x = 1" + b" + 1" * 60_000,
        b"x = 1" + b" ** 1" * 50_000,
        b"x = 1" + b" if 1 else 1" * 20_000,
        b"".join(b" " * n + b"if 1:\n" for n in range(700)),
        b"if 1: pass\n" + b"elif 1: pass\n" * 19_000,
        b"x = 1\0",
        b"\xff\xfe" * 100,
        b"x = " + b"9" * 100_000,
        b"lambda: " * 30_000 + b"1",
        b"await " * 40_000 + b"1",
        b"x = " + b"f'{" * 5_000,
        b"'''" + b"\\" * 100_001,
    ],
)
def test_reading_a_program_never_crashes(data: bytes) -> None:
    try:
        found = outline(data[:256_000])
    except Unparsable:
        return
    assert found.words
    assert found.draws is None  # no `draw` is defined in any of them
    assert not found.scenes


def test_a_plan_knows_how_long_it_plays(tmp_path: Path) -> None:
    path = talk(tmp_path, CALL.replace("0.5s", "7s"))
    found = check(str(path), DiskWorld())
    assert found.program is not None
    with_it = plan(found.program, {}).time.scenes[0].frames
    path.write_text(path.read_text().replace("play dot", "play dot for 90f\n    play dot"))
    found = check(str(path), DiskWorld())
    assert found.program is not None
    assert plan(found.program, {}).time.scenes[0].frames == with_it
    assert with_it >= 210


def test_one_that_is_never_played_is_told(tmp_path: Path) -> None:
    path = talk(tmp_path)
    path.write_text(path.read_text().replace("    play dot\n", ""))
    assert "PVC0713" in [code for code, _ in said(path)]


@SANDBOX
@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("manim") is None, reason="manim is not installed")
def test_a_scene_of_manims(tmp_path: Path) -> None:
    source = """
from manim import *

class Ball(Scene):
    def construct(self):
        dot = Circle(color=self.given.color("accent"), fill_opacity=0.5)
        self.play(Create(dot), run_time=0.35)
        self.add_sound("none.wav")
        self.next_section()
        self.wait(0.05)
        self.play(dot.animate.shift(self.given.arguments["by"] * RIGHT), run_time=0.3)
"""
    call = CALL.replace("lasts", "arguments: { by: 2 }, lasts")
    path = talk(tmp_path, call, source)
    path.write_text(path.read_text().replace("show dot", "show dot on manim"))
    outcome = build(request(path))
    assert outcome.report is not None, outcome.diagnostics
    assert codes(outcome) == ["PVC0847"]
    assert "plays for 0.7 s, of which `lasts` shows 0.5 s" in outcome.diagnostics[0].message
    path.write_text(path.read_text().replace("0.5s", "1s"))
    assert not codes(build(request(path)))
    shot = frame_of(request(path), None, "one", None)
    from io import BytesIO

    from PIL import Image

    assert shot.png is not None
    with Image.open(BytesIO(shot.png)) as picture:
        colors = picture.convert("RGB").getcolors(1 << 20)
    assert colors is not None
    assert len(colors) > 3
