"""Timing whole processes, the way a person waits for them: started, run to their end, with all their workers.

`pvc` is run from this checkout by the interpreter that runs the benchmark. Other work on the machine makes times by the
clock noisy; the CPU seconds of a process and its workers are steadier, so both are kept.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("compiler", "runtime", "cli")
PVC = (sys.executable, "-m", "pvc.cli.main")


class Failed(Exception):
    """A command that ended with another exit code than 0; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds by the clock, CPU seconds of it and its children, and what it wrote to stdout."""

    wall: float
    cpu: float
    out: str

    def document(self) -> dict[str, Any]:
        """Its output as JSON."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def surroundings() -> dict[str, str]:
    """The process's environment with this checkout's packages in front."""
    paths = [str(ROOT / part) for part in PARTS]
    before = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*paths, before] if before else paths)}


def run(command: Sequence[str], folder: Path | None = None) -> Run:
    """Runs a command to its end. Raises `Failed`."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=surroundings())
    wall = time.perf_counter() - began
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return Run(wall, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime, done.stdout)


def build(talk: Path, cache: Path, *options: str) -> Run:
    """Builds a talk; `Run.document` has the report."""
    return run([*PVC, "build", str(talk), "--cache-dir", str(cache), "--json", *options])


def report(built: Run) -> dict[str, Any]:
    """The report of a build."""
    found = built.document()["build"]
    assert isinstance(found, dict)
    return found


@dataclass(frozen=True, slots=True)
class Spread:
    """Several runs of the same work: median and least seconds by the clock, median CPU seconds."""

    wall: float
    least: float
    cpu: float
    runs: int

    def plain(self) -> dict[str, float | int]:
        return {
            "wall": round(self.wall, 3),
            "least": round(self.least, 3),
            "cpu": round(self.cpu, 3),
            "runs": self.runs,
        }

    def __str__(self) -> str:
        return f"{self.wall:.3f} s (least {self.least:.3f}, CPU {self.cpu:.3f}; {self.runs} runs)"


def spread(runs: Sequence[Run]) -> Spread:
    """Of at least one run."""
    walls = [one.wall for one in runs]
    return Spread(median(walls), min(walls), median(one.cpu for one in runs), len(runs))


def machine() -> str:
    """What it ran on, in a line: no names."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        cores = os.cpu_count() or 1
    return f"{cores} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
