"""One talk in several formats: a film of each, voices spoken once, findings that name their format."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import pytest
from talks import TALK, built, ran, request, write

from pvc.runtime.build.inspect import inspect
from pvc.runtime.build.request import replay
from pvc.runtime.errors import PvcError

SEVERAL = TALK.replace("format = 1080p30", "formats = [1080p30, vertical30, square25]")
SIZES = {"talk.mp4": (960, 540), "talk.vertical30.mp4": (540, 960), "talk.square25.mp4": (540, 540)}


ENVIRON = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def pvc(cache: Path, *arguments: object) -> tuple[int, Any]:
    """The command line itself, in a process of its own: its exit code and what it says as JSON."""
    line = [sys.executable, "-m", "pvc.cli.main", *map(str, arguments), "--json"]
    environ = {**ENVIRON, "PVC_CACHE_DIR": str(cache)}
    found = subprocess.run(line, capture_output=True, text=True, env=environ, timeout=120, check=False)
    assert found.stdout, found.stderr
    return found.returncode, json.loads(found.stdout)


def test_one_build_makes_a_film_of_each_format(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    talk = write(tmp_path / "talk", SEVERAL)
    code, said = pvc(cache, "build", talk, "--draft")
    assert code == 0, said
    assert said["ok"]
    first, others = said["build"], said["others"]
    assert first["formats"] == ["vertical30", "square25"]
    assert first["nodes"]["speak"]["ran"] == 3
    assert all(other["nodes"]["speak"]["ran"] == 0 for other in others)
    for name, size in SIZES.items():
        with av.open(str(talk.with_name(name))) as film:
            video = film.streams.video[0]
            assert (video.width, video.height) == size, name
            assert video.average_rate == (25 if "25" in name else 30)
        assert talk.with_name(name).with_suffix(".vtt").stat().st_size > 0

    code, again = pvc(cache, "build", talk, "--draft")
    assert code == 0
    assert all(film["up_to_date"] for film in [again["build"], *again["others"]])

    code, causes = pvc(cache, "why", talk)
    assert code == 0, "what changed is asked of the first format, which is as it was built"
    assert causes["causes"] == []

    talk.with_name("talk.vertical30.mp4").unlink()
    code, again = pvc(cache, "build", talk, "--draft")
    films = [again["build"], *again["others"]]
    assert code == 0
    assert [film["up_to_date"] for film in films] == [True, False, True]
    assert talk.with_name("talk.vertical30.mp4").exists()


def test_a_talk_builds_for_the_format_that_is_asked_for(tmp_path: Path) -> None:
    text = SEVERAL.replace(
        '"Two points are enough." {', '"Two points are enough." {\n    if talk.format == square25 { wait 1s }'
    )
    talk = write(tmp_path / "talk", text)
    wide = built(talk, tmp_path / "cache", tmp_path / "a.mp4")
    square = built(talk, tmp_path / "cache", tmp_path / "a.mp4", format="square25")
    assert square.output == str(tmp_path / "a.square25.mp4")
    assert square.formats == []
    assert "speak" not in ran(square)
    assert square.frames / 25 > wide.frames / 30
    with pytest.raises(PvcError, match="has no format 'square60'"):
        built(talk, tmp_path / "cache", format="square60")


def test_a_rate_with_a_dot_keeps_the_ending_of_the_name(tmp_path: Path) -> None:
    asked = request(tmp_path / "talk.vid", tmp_path, format="720p29.97")
    assert asked.target.name == "talk.720p29_97.mp4"
    assert replay(asked) is None
    assert asked.options != replace(asked, format=None).options


def test_check_looks_at_every_format_and_names_it(tmp_path: Path) -> None:
    text = SEVERAL.replace('text("A first thought")', "code(code`" + "wide = " + "x" * 60 + "`)")
    found = inspect(request(write(tmp_path / "talk", text), tmp_path / "cache"))
    assert found.formats == ("1080p30", "vertical30", "square25")
    narrow = [each for each in found.diagnostics if "in the format vertical30" in each.notes]
    assert narrow, found.diagnostics
    alone = inspect(request(talk_of(tmp_path, text, "1080p30"), tmp_path / "cache"))
    assert not {each.code for each in narrow} & {each.code for each in alone.diagnostics}


def talk_of(folder: Path, text: str, name: str) -> Path:
    return write(folder / name, text.replace("formats = [1080p30, vertical30, square25]", f"format = {name}"))
