"""The picture beside the film, chapters by choice, and questions left open."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from talks import TALK, built, ran, request, write

from pvc.cli.report import summary
from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
from pvc.runtime.build.inspect import inspect
from pvc.runtime.build.survey import frame_of

WEIGHTS = Path(__file__).parents[1] / "check" / "project" / "paper" / "weights.png"


def png(path: str | Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def codes(talk: Path) -> list[str]:
    return [each.code for each in check(str(talk), DiskWorld()).diagnostics]


def test_a_poster_at_a_moment(tmp_path: Path) -> None:
    text = TALK.replace("    show points\n", "    show points\n    highlight points.items[2]\n    poster\n")
    talk = write(tmp_path / "t", text)
    cache = tmp_path / "cache"
    plain = built(write(tmp_path / "u", TALK), cache)
    report = built(talk, cache)
    shown = png(talk.with_suffix(".png"))
    assert np.abs(shown - png(tmp_path / "u" / "talk.png")).max() > 60, "not the picture that a build picks"
    assert report.frames == plain.frames, "it takes no time"
    seen = frame_of(request(talk, cache), None, "two", None)
    assert seen.png is not None
    assert np.abs(png(io.BytesIO(seen.png)) - shown).max() == 0
    again = built(write(tmp_path / "t", text.replace("    poster\n", "")), cache)
    assert set(ran(again)) <= {"mux"}, "nothing of the film hangs on it"


def test_the_picture_that_a_build_picks_is_not_the_empty_end_of_a_fade(tmp_path: Path) -> None:
    talk = write(tmp_path, 'talk "T" {\n}\n\nscene a "A" {\n  show text("Words that come slowly") for 3s\n}\n')
    assert built(talk, tmp_path / "cache").frames == 90 + 12, "it comes and goes, and never stands still"
    shown = png(talk.with_suffix(".png"))
    assert np.abs(shown - shown[0, 0]).max() > 60


def test_a_poster_of_its_own(tmp_path: Path) -> None:
    talk = write(tmp_path / "t", TALK.replace("theme = paper", 'theme = paper\n  poster = "weights.png"'))
    shutil.copy(WEIGHTS, tmp_path / "t")
    built(talk, tmp_path / "cache")
    shown = png(talk.with_suffix(".png"))
    source = Image.open(WEIGHTS).convert("RGB")
    assert shown.shape[:2] == (540, 960)
    scale = max(960 / source.width, 540 / source.height)
    wide = source.resize((round(source.width * scale), round(source.height * scale)), Image.Resampling.LANCZOS)
    left, top = (wide.width - 960) // 2, (wide.height - 540) // 2
    wanted = np.asarray(wide.crop((left, top, left + 960, top + 540))).astype(int)
    assert np.abs(shown - wanted).mean() < 6


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("    show points\n", "    show points\n    poster\n    poster\n", ["PVC0311"]),
        ("    show points\n", "    show points\n    poster points\n", ["PVC0326"]),
        ("    show points\n", "    show points\n    poster for 2s\n", ["PVC0331"]),
        ("theme = paper", 'theme = paper\n  poster = "gone.png"', ["PVC0001"]),
        ("theme = paper", 'theme = paper\n  poster = "heights.csv"', ["PVC0810"]),
        ("theme = paper", "theme = paper\n  chapters = some", ["PVC0319"]),
    ],
)
def test_mistakes(tmp_path: Path, old: str, new: str, wanted: list[str]) -> None:
    talk = write(tmp_path, TALK.replace(old, new))
    assert [code for code in codes(talk) if code != "PVC0701"] == wanted


@pytest.mark.parametrize(
    ("chosen", "titles"),
    [
        ("scenes", ["One", "Another"]),
        ("explicit", ["Small", "Another"]),
        ("none", []),
    ],
)
def test_chapters_by_choice(tmp_path: Path, chosen: str, titles: list[str]) -> None:
    text = TALK.replace("theme = paper", f"theme = paper\n  chapters = {chosen}")
    text = text.replace("  let points", '  chapter "Another"\n  let points')
    talk = write(tmp_path / "t", text)
    built(talk, tmp_path / "cache")
    listed = talk.with_suffix(".chapters.txt").read_text().splitlines()
    assert [line.partition(" ")[2] for line in listed] == titles


def test_open_questions_are_notes_and_counted(tmp_path: Path) -> None:
    text = TALK.replace("theme = paper", 'theme = paper\n  review "Which theme?"')
    text = text.replace("  let points", '  review "Two or three?"\n  note "Smile."\n  let points')
    found = inspect(request(write(tmp_path, text), tmp_path / "cache"))
    questions = [each for each in found.diagnostics if each.code == "PVC0707"]
    assert found.ok
    assert [each.severity for each in questions] == ["note", "note"]
    assert summary(found.diagnostics).endswith("2 open questions")
