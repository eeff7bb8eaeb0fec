"""What a hover tells of words that are no names: `|` is the pointer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lsp.client import ROOT
from pvc.compiler.check.verbs import EFFECTS, REGIONS, VERBS
from pvc.lsp import words
from pvc.lsp.hover import hover
from pvc.lsp.session import Session

TEXT = """talk "T" {
  format = 1080p30
  expect duration in 1s..5min
}
use std.charts
use std.diagrams
data rows = csv("data/weights.csv") { query: text, key: text, weight: number }
let pause = 0.5s
scene first "First" {
  let eq = equation(tex`\\sqrt{x}`)
  let steps = diagrams.flow(["a -> b"])
  say "Hello {here} there." {
    show steps in right
    show eq with write in left for 1.5s
    at here: highlight steps.nodes["a"] color theme.warm
  }
  say "Second." { show charts.bar(rows, x: query, y: weight) as chart }
  wait pause
}
"""
TOLD = [
    ("ta|lk", 'talk "Title"'),
    ("1080|p30", "1920 x 1080 px at 30 frames"),
    ("exp|ect dur", "expect duration"),
    ("dura|tion in", "measured"),
    ("5m|in", "300 s, 9000 frames at 30"),
    ("pau|se =", "a duration (0.5s)"),
    ("0.|5s", "15 frames at 30"),
    ("sce|ne first", "scene NAME"),
    ("\\sq|rt", "structure"),
    ("sa|y", "narration"),
    ("wi|th write", "effect"),
    ("wri|te", "letter by letter"),
    ("le|ft", "half of the frame"),
    ("nod|es", "a part of `flow`"),
    ("theme.wa|rm", "#"),
    ("x: que|ry", "A column of text"),
    ("y: wei|ght", "A column of number"),
    ("wait pau|se", "a duration"),
]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = Path(shutil.copytree(ROOT / "examples" / "attention", tmp_path_factory.mktemp("hover") / "talk"))
    made = Session()
    made.open("talk", str(folder / "work.vid"), 1, TEXT)
    return made


@pytest.mark.parametrize(("where", "wanted"), TOLD)
def test_words_are_told(session: Session, where: str, wanted: str) -> None:
    analysis = session.analysis("talk")
    assert analysis is not None
    assert [each for each in analysis.diagnostics if each.severity == "error"] == []
    at = TEXT.index(where.replace("|", "")) + where.index("|")
    found = hover(analysis, at)
    assert found is not None
    assert wanted in found.markdown
    assert found.span.start <= at <= found.span.end


def test_every_effect_place_and_clause_is_described() -> None:
    assert set(words.EFFECTS) == set(EFFECTS)
    assert set(words.REGIONS) == set(REGIONS)
    clauses = {clause for verb in VERBS.values() for clause in verb.clauses}
    assert clauses - set(words.CLAUSES) <= {"by", "tilt", "around"}
