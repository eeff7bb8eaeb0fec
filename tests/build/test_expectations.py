"""What a talk expects of itself: every kind holds and fails with the measured value beside the wanted one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from talks import built, request, write

from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
from pvc.runtime.build.build import build
from pvc.runtime.build.expected import test as held
from pvc.runtime.build.inspect import inspect

SCENE = """\
scene one "One" {
  let words = text("A first thought")
  let points = bullets(["alpha", "beta"])
  say "A first thought, said aloud. {second} And a second one follows it here." {
    show words
    at second {
      hide words
      show points
      highlight points.items[2]
    }
  }
  EXPECT
}
"""


def talk(inside: str = "", of_all: str = "", theme: str = "paper") -> str:
    return f'talk "T" {{\n  theme = {theme}\n  {of_all}\n}}\n' + SCENE.replace("EXPECT", inside)


def codes(folder: Path, text: str) -> set[str]:
    return {each.code for each in check(str(write(folder, text)), DiskWorld()).diagnostics if each.severity == "error"}


@pytest.mark.parametrize(
    ("inside", "holds"),
    [
        ("expect visible words at second - 0.1s", True),
        ('expect visible words at "aloud"', True),
        ("expect visible points at second", False),
        ("expect visible points at second + 0.8s", True),
        ("expect visible points.items[2] at second + 1s", True),
        ("expect hidden points at second - 0.1s", True),
        ("expect hidden words at second + 1s", True),
        ("expect hidden words at second - 0.1s", False),
        ('expect visible "first thought" at second - 0.1s', True),
        ('expect visible "beta" at second + 0.8s', True),
        ('expect visible "gamma" at second + 0.8s', False),
        ('expect readable "alpha" at second + 0.8s', True),
        ("expect contrast > 4.5", True),
        ("expect contrast > 20.5", False),
        ("expect overlap == 0", True),
        ("expect motion < 0.9", True),
        ("expect motion < 0.01", False),
        ("expect still < 60s", True),
        ("expect still < 0.1s", False),
        ("expect text_size >= 22px", True),
        ("expect text_size >= 80px", False),
        ("expect duration in 2s..30s", True),
        ("expect duration < 1s", False),
        ("expect words_per_minute in 20..600", True),
        ("expect words_per_minute > 900", False),
    ],
)
def test_what_is_expected_of_a_scene(tmp_path: Path, inside: str, holds: bool) -> None:
    path = write(tmp_path, talk(inside))
    tested = held(request(path, tmp_path / "cache"))
    assert [each.passed for each in tested.results] == [holds], tested
    assert tested.ok == holds
    looked = inspect(request(path, tmp_path / "cache"))
    said = [each for each in looked.diagnostics if each.code in ("PVC0448", "PVC0449")]
    assert len(said) == (0 if holds else 1)
    if not holds:
        assert tested.results[0].measured in said[0].message
        assert tested.results[0].wanted in said[0].message


def test_of_all_scenes_together(tmp_path: Path) -> None:
    wanted = ("contrast > 3", "scenes == 1", "scenes > 1", "overlap == 0", "motion < 1")
    of_all = "\n  ".join(f"expect {each}" for each in wanted)
    tested = held(request(write(tmp_path, talk(of_all=of_all)), tmp_path / "cache"))
    assert sorted((each.expectation.subject, each.passed) for each in tested.results) == [
        ("contrast", True),
        ("motion", True),
        ("overlap", True),
        ("scenes", False),
        ("scenes", True),
    ]


def test_of_the_film(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    good = write(tmp_path / "t", talk(of_all="expect loudness in -15..-13\n  expect true_peak < -1"))
    before = held(request(good, cache))
    assert [each.passed for each in before.results] == [None, None], "there is no film yet"
    assert before.ok
    built(good, cache)
    after = held(request(good, cache))
    assert [each.passed for each in after.results] == [True, True]
    assert all(each.measured.startswith("-1") for each in after.results)
    bad = write(tmp_path / "u", talk(of_all="expect loudness > -10"))
    outcome = build(request(bad, cache))
    assert [each.code for each in outcome.diagnostics] == ["PVC0872"]
    assert "LUFS" in outcome.diagnostics[0].message


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("expect visible words", "PVC0333"),
        ("expect visible words at gone", "PVC0401"),
        ('expect visible words at "nothing of the kind"', "PVC0401"),
        ("expect visible words at 3s", "PVC0333"),
        ("expect visible words for 3s", "PVC0331"),
        ("expect visible 3 at second", "PVC0333"),
        ("expect visible wrods at second", "PVC0207"),
        ("expect visible words at second + 3", "PVC0301"),
        ("expect brightness > 3", "PVC0333"),
        ("expect contrast > 3s", "PVC0301"),
        ("expect words", "PVC0333"),
    ],
)
def test_mistakes(tmp_path: Path, inside: str, code: str) -> None:
    assert code in codes(tmp_path, talk(inside))


def test_inside_of_a_narration_it_is_that_one(tmp_path: Path) -> None:
    text = talk().replace("    at second {", "    expect hidden points at second\n    at second {")
    assert held(request(write(tmp_path, text), tmp_path / "cache")).ok


def pvc(cache: Path, *arguments: object) -> tuple[int, str]:
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PVC_CACHE_DIR": str(cache)}
    line = [sys.executable, "-m", "pvc.cli.main", *map(str, arguments)]
    found = subprocess.run(line, capture_output=True, text=True, env=environ, timeout=120, check=False)
    return found.returncode, found.stdout


def test_the_command(tmp_path: Path) -> None:
    inside = "expect overlap == 0\n  expect motion < 0.01\n  expect loudness > -20"
    path = write(tmp_path, talk(inside))
    code, said = pvc(tmp_path / "cache", "test", path)
    assert code == 1
    assert [line.split()[0] for line in said.splitlines()[:3]] == ["FAILED", "passed", "skipped"] or "1 failed" in said
    assert "1 passed, 1 failed, 1 skipped" in said
    code, said = pvc(tmp_path / "cache", "test", path, "--json")
    document: dict[str, Any] = json.loads(said)
    assert code == 1
    assert not document["ok"]
    results = document["talks"][0]["results"]
    assert {each["subject"]: each["passed"] for each in results} == {"overlap": True, "motion": False, "loudness": None}
    assert all(each["line"] > 10 for each in results)
    code, said = pvc(tmp_path / "cache", "test", write(tmp_path, talk("expect overlap == 0")))
    assert code == 0
    code, said = pvc(tmp_path / "cache", "test", write(tmp_path, talk("show nothing")), "--json")
    assert code == 1
    assert json.loads(said)["diagnostics"][0]["code"] == "PVC0207"
