"""`pvc watch`, driven as a person does: by saving files."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pvc.runtime.build.saves import changed, folders
from pvc.runtime.build.world import look

TALK = """talk "T" { format = 480p24 }
use "house.vid"
data scores = csv("scores.csv") { model: text, score: number }
scene one "One" {
  say "Hello there, all of you."
  show title(house.motto)
}
scene two "Two" {
  say "And here is the table."
  show table(scores)
}
"""
TURNED = """scene s{number} {{
  show surface3d("sin(x) * {number} * y", x: -3..3, y: -3..3)
  orbit camera by 90deg for 3s
}}
"""
HOUSE = 'let motto = "Look twice"\n'
SCORES = "model,score\nRNN,24.6\n"


class Watching:
    """A running `pvc watch` and its lines."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pvc.cli.main", "watch", "talk.vid", "--json", "--cache-dir", "cache", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def line(self, seconds: float = 90) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._lines.get(timeout=seconds))
        return found

    def quiet(self, seconds: float) -> bool:
        """Whether nothing happens for so long."""
        try:
            self._lines.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def save(self, name: str, text: str) -> None:
        """As most editors do: a new file takes the old one's place."""
        (self.folder / "new.tmp").write_text(text)
        os.replace(self.folder / "new.tmp", self.folder / name)

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("talk.vid", TALK), ("house.vid", HOUSE), ("scores.csv", SCORES)):
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def checking(folder: Path) -> Iterator[Watching]:
    watching = Watching(folder, "--check")
    try:
        assert watching.line()["ok"]
        yield watching
    finally:
        watching.process.kill()
        watching.process.wait()


def codes(line: dict[str, Any]) -> set[str]:
    return {each["code"] for each in line["diagnostics"] if each["severity"] == "error"}


def test_every_file_of_a_talk_is_watched(checking: Watching) -> None:
    checking.save("talk.vid", TALK.replace("house.motto", "house.moto"))
    assert codes(checking.line()) == {"PVC0211"}
    checking.save("talk.vid", TALK)
    assert checking.line()["ok"]
    checking.save("house.vid", "let slogan = 1\n")
    found = checking.line()
    assert codes(found) == {"PVC0211"}
    assert [Path(path).name for path in found["changed"]] == ["house.vid"]
    checking.save("house.vid", HOUSE)
    assert checking.line()["ok"]
    checking.save("scores.csv", "model,point\nRNN,24.6\n")
    assert codes(checking.line())
    (checking.folder / "scores.csv").unlink()
    assert codes(checking.line()) == {"PVC0001"}
    checking.save("scores.csv", SCORES)  # a file that was not there is watched as well
    assert checking.line()["ok"]
    checking.save("pvc.toml", "[lint]\nnothing = 3\n")
    assert codes(checking.line()) == {"PVC0907"}
    (checking.folder / "pvc.toml").unlink()
    assert checking.line()["ok"]
    assert checking.end() == 130


def test_what_changes_nothing_is_no_reason_to_run(checking: Watching) -> None:
    checking.save("talk.vid", TALK)
    checking.save("notes.txt", "nothing to do with it")
    assert checking.quiet(1.5)
    for number in range(5):  # a burst is one round, or two where the machine is slow
        checking.save("house.vid", f"let motto = {number}\n")
    checking.save("house.vid", 'let motto = "Look again"\n')
    last = checking.line()
    while not last["ok"]:
        last = checking.line()
    assert checking.quiet(1.0)


def test_a_talk_that_goes_and_comes_back(checking: Watching) -> None:
    (checking.folder / "talk.vid").unlink()
    assert codes(checking.line()) == {"PVC0001"}
    checking.save("talk.vid", TALK)
    assert checking.line()["ok"]


def test_films_are_built_again_and_survive_errors(folder: Path) -> None:
    watching = Watching(folder, "--draft")
    try:
        first = watching.line(300)
        assert first["event"] == "built", first
        film = folder / "talk.mp4"
        before = film.read_bytes()
        watching.save("talk.vid", TALK.replace("all of you", "each of you"))
        second = watching.line(300)
        while second["event"] == "cancelled":
            second = watching.line(300)
        assert second["event"] == "built"
        good = film.read_bytes()
        assert good != before
        report = second["builds"][0]
        assert report["nodes"]["speak"]["ran"] == 1
        assert report["nodes"]["segment"]["ran"] == 0
        watching.save("talk.vid", TALK.replace("show table", "show tabel"))
        assert watching.line(300)["event"] == "errors"
        assert film.read_bytes() == good
        assert watching.end() == 130
        assert "Traceback" not in (watching.process.stderr.read() if watching.process.stderr else "")
    finally:
        watching.process.kill()
        watching.process.wait()


@pytest.mark.slow
def test_a_save_ends_the_build_that_runs(folder: Path) -> None:
    """The film is long enough that it is not built before the next save, on a fast machine either."""
    scenes = (TURNED.format(number=number) for number in range(1, 5))
    (folder / "talk.vid").write_text(TALK.replace("480p24", "1080p30") + "".join(scenes))
    watching = Watching(folder)
    try:
        for number in range(3):
            threading.Event().wait(1.5)
            watching.save("house.vid", f'let motto = "Look {number} times"\n')
        events = [watching.line(300)]
        while events[-1]["event"] != "built":
            events.append(watching.line(300))
        assert {each["event"] for each in events} == {"cancelled", "built"}
        assert watching.quiet(3.0), "what was built is what was saved last"
        watching.end()
        clean = [sys.executable, "-m", "pvc.cli.main", "build", "talk.vid", "-o", "other.mp4", "--cache-dir", "other"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        assert subprocess.run([*clean, "-q"], cwd=folder, env=environment, check=False).returncode == 0
        films = [(folder / name).read_bytes() for name in ("talk.mp4", "other.mp4")]
        assert films[0] == films[1], "with parts that were painted before the saves"
    finally:
        watching.process.kill()
        watching.process.wait()


def test_files_are_compared_by_what_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    missing = look(str(tmp_path / "deep" / "b.txt"))[0]
    path.write_text("one")
    seen = look(str(path))[0]
    assert changed([seen, missing]) == ()
    path.touch()
    assert changed([seen]) == ()
    path.write_text("two")
    assert changed([seen]) == (str(path),)
    path.unlink()
    assert changed([seen]) == (str(path),)
    assert set(folders([seen.path, missing.path])) == {tmp_path}
