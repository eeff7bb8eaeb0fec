"""Small real talks for the tests of builds, and how to build them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from pvc.runtime.build.build import build
from pvc.runtime.build.report import Report
from pvc.runtime.build.request import Request

TALK = """\
talk "Small" {
  format = 1080p30
  theme = paper
}

data heights = csv("heights.csv") { year: int, height: number }

scene one "One" {
  let words = text("A first thought")
  say "A first thought, said aloud. {second} And a second one." {
    show words
    at second: highlight words
  }
}

scene two "Two" {
  let points = bullets(["alpha", "beta"])
  say "Two points are enough." {
    show points
  }
}
"""
DATA = "year,height\n1,0.5\n2,1.5\n"


def write(folder: Path, text: str = TALK) -> Path:
    """The talk and its data in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "heights.csv").write_text(DATA)
    talk = folder / "talk.vid"
    talk.write_text(text)
    return talk


def request(talk: Path, cache: Path, output: Path | None = None, **options: object) -> Request:
    """A draft-sized build: the same work with fewer pixels."""
    options.setdefault("preset", "draft")
    options.setdefault("jobs", 2)
    return Request(talk, cache, output, **options)  # type: ignore[arg-type]


def built(talk: Path, cache: Path, output: Path | None = None, **options: object) -> Report:
    """Builds and expects that it works."""
    outcome = build(request(talk, cache, output, **options))
    assert outcome.report is not None, outcome.diagnostics
    return outcome.report


def ran(report: Report) -> dict[str, int]:
    """How many nodes ran, by kind."""
    return {kind: counts["ran"] for kind, counts in report.nodes.items() if counts["ran"]}


def sha(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
