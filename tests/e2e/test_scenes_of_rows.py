"""Films whose scenes are made of rows: a scene keeps what was made of it, wherever its row stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import HEAD, build, kinds, pvc, sha

ROWS = """
data models = csv("models.csv") { model: text, score: number }

scene result "Of {row.model}" for row in models by row.model if row.score > 10 {
  say "Now {points} {row.model}, with {row.score}." {
    at points: show text(row.model)
  }
}

scene rest {
  say "That is all."
}
"""
SCORES = {"Alpha": "24.6", "Beta": "28.4", "Gamma/2": "31"}


def film(folder: Path, names: list[str], scores: dict[str, str] | None = None) -> dict[str, object]:
    """Builds the talk of these rows, in this order."""
    folder.mkdir(parents=True, exist_ok=True)
    known = {**SCORES, **(scores or {})}
    (folder / "models.csv").write_text("model,score\n" + "".join(f"{name},{known[name]}\n" for name in names))
    return build(folder, HEAD + ROWS)


def painted(report: dict[str, object]) -> set[str]:
    """The scenes that a build painted something of."""
    ran = report["ran"]
    assert isinstance(ran, list)
    return {str(label).partition(": ")[2].partition(",")[0] for label in ran if "chunk" in str(label)}


def test_a_row_paints_its_scene_and_their_order_paints_nothing(tmp_path: Path) -> None:
    film(tmp_path, ["Alpha", "Beta"])
    more = film(tmp_path, ["Gamma/2", "Alpha", "Beta"])
    assert painted(more) == {"result[Gamma/2]"}
    assert kinds(more)["speak"] == 1
    turned = film(tmp_path, ["Beta", "Gamma/2", "Alpha"])
    assert not painted(turned)
    assert "speak" not in kinds(turned)
    cell = film(tmp_path, ["Beta", "Gamma/2", "Alpha"], {"Beta": "29"})
    assert painted(cell) <= {"result[Beta]"}
    assert kinds(cell)["speak"] == 1
    unwanted = film(tmp_path, ["Beta", "Gamma/2", "Alpha"], {"Alpha": "3"})
    assert not painted(unwanted)
    assert "Of Beta" in (tmp_path / "talk.chapters.txt").read_text()
    assert "Of Alpha" not in (tmp_path / "talk.chapters.txt").read_text()
    assert "Gamma/2, with 31." in (tmp_path / "talk.srt").read_text()


def test_a_scene_of_a_row_is_found_by_its_name(tmp_path: Path) -> None:
    film(tmp_path, ["Alpha", "Gamma/2"])
    told = pvc("why", "result[Alpha]", "talk.vid", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    done = pvc("frame", "talk.vid@scene:result[Gamma/2]", "-o", "one.png", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "one.png").stat().st_size > 0
    alone = pvc("build", "talk.vid", "--scene", "result[Gamma/2]", "--draft", cwd=tmp_path)
    assert alone.returncode == 0, alone.stderr
    assert (tmp_path / "talk.result-Gamma-2.mp4").is_file()
    wrong = pvc("frame", "talk.vid@scene:result", "-o", "two.png", cwd=tmp_path)
    assert wrong.returncode == 2, wrong.stderr
    assert "Traceback" not in wrong.stderr


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("history")


@settings(max_examples=3, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(names=st.lists(st.sampled_from(sorted(SCORES)), unique=True, max_size=3), low=st.booleans())
def test_incremental_equals_cold(
    names: list[str], low: bool, history: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    scores = {"Beta": "1"} if low else {}
    film(history, names, scores)
    fresh = tmp_path_factory.mktemp("fresh")
    film(fresh, names, scores)
    assert sha(history / "talk.mp4") == sha(fresh / "talk.mp4")
