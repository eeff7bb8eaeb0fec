"""Builds that are stopped at any moment, harmed, or run side by side: nothing partial, and the same film in the end."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from running import HEAD, ONE, TALK, TWO, build, leftovers, pvc, sha, start

LONGER = (
    HEAD
    + ONE
    + TWO
    + ONE.replace("scene one", "scene three").replace("first", "third")
    + ('scene four {\n  let e = equation(tex`\\frac{a}{b}`)\n  say "A fraction." { show e with write }\n}\n')
)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, float]:
    """The film of a build that nobody disturbed, and how long it took."""
    folder = tmp_path_factory.mktemp("reference")
    began = time.monotonic()
    build(folder, LONGER)
    return sha(folder / "talk.mp4"), time.monotonic() - began


def end_group(process: subprocess.Popen[str], number: signal.Signals = signal.SIGKILL) -> None:
    """The whole group of the build, as the out-of-memory killer, a batch queue or a power cut would end it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
    process.wait(30)
    if process.stderr is not None:
        process.stderr.close()


def test_kill_9_at_random_moments_then_the_same_film(tmp_path: Path, reference: tuple[str, float]) -> None:
    film, seconds = reference
    (tmp_path / "talk.vid").write_text(LONGER)
    moments = random.Random(2)
    for _ in range(3):
        one = start("build", "talk.vid", "--draft", cwd=tmp_path)
        time.sleep(moments.uniform(0.1, seconds))
        end_group(one)
        if (tmp_path / "talk.mp4").exists():  # it was done already
            assert sha(tmp_path / "talk.mp4") == film
            (tmp_path / "talk.mp4").unlink()
    build(tmp_path, LONGER)
    assert sha(tmp_path / "talk.mp4") == film
    assert pvc("cache", "verify", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_at_random_moments(tmp_path: Path, reference: tuple[str, float], number: signal.Signals) -> None:
    """^C goes to the whole group, as a terminal sends it; SIGTERM to the build alone, as `timeout` does."""
    film, seconds = reference
    (tmp_path / "talk.vid").write_text(LONGER)
    moments = random.Random(3)
    for _ in range(3):
        one = start("build", "talk.vid", "--draft", cwd=tmp_path)
        time.sleep(moments.uniform(0.45, max(0.6, seconds * 0.6)))
        workers = psutil.Process(one.pid).children(recursive=True) if one.poll() is None else []
        if number == signal.SIGINT:
            os.killpg(one.pid, number)
        else:
            one.send_signal(number)
        _, said = one.communicate(timeout=30)
        assert "Traceback" not in said
        assert one.returncode in (130, 0), said
        assert not psutil.wait_procs(workers, timeout=5)[1]
        if one.returncode == 130:
            assert leftovers(tmp_path) == []
        else:
            assert sha(tmp_path / "talk.mp4") == film
            for name in leftovers(tmp_path):
                (tmp_path / name).unlink()
    build(tmp_path, LONGER)
    assert sha(tmp_path / "talk.mp4") == film


def test_a_worker_that_is_killed_in_the_middle_is_replaced(tmp_path: Path, reference: tuple[str, float]) -> None:
    (tmp_path / "talk.vid").write_text(LONGER)
    one = start("build", "talk.vid", "--draft", "--jobs", "2", cwd=tmp_path)
    killed = 0
    while one.poll() is None and killed < 1:
        for child in psutil.Process(one.pid).children():
            busy = list((tmp_path / ".cache").rglob("cas/*/*"))
            if busy and "worker" in " ".join(child.cmdline()):
                child.kill()
                killed += 1
                break
        time.sleep(0.01)
    _, said = one.communicate(timeout=120)
    assert killed == 1, "the build was over before a worker could be killed"
    assert one.returncode == 0, said
    assert sha(tmp_path / "talk.mp4") == reference[0]


def test_two_builds_into_one_output_with_one_cache(tmp_path: Path, reference: tuple[str, float]) -> None:
    (tmp_path / "talk.vid").write_text(LONGER)
    both = [start("build", "talk.vid", "--draft", cwd=tmp_path) for _ in range(2)]
    said = [one.communicate(timeout=240)[1] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert sha(tmp_path / "talk.mp4") == reference[0]
    assert pvc("verify", "talk.mp4", cwd=tmp_path).returncode == 0
    assert json.loads(pvc("cache", "verify", "--json", cwd=tmp_path).stdout)["ok"] is True


def test_a_cache_that_vanishes_costs_time_and_nothing_else(tmp_path: Path) -> None:
    import shutil

    build(tmp_path, TALK)
    film = sha(tmp_path / "talk.mp4")
    shutil.rmtree(tmp_path / ".cache")
    (tmp_path / "talk.mp4").unlink()
    build(tmp_path, TALK)
    assert sha(tmp_path / "talk.mp4") == film
