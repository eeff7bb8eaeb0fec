"""A scene that two painters share: the slow one's layer is painted apart and kept, the film is whole."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from talks import built, ran, write

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("manim") is None, reason="manim is not installed"),
]
TALK = """\
talk "Mixed" {
  format = 1080p30
  theme = midnight
}

scene one "One" {
  let eq = equation(tex`a^2 + b^2 = c^2`)
  let words = text("by two painters")
  say "First a formula. {then} And then a line of text." {
    show eq with write in top on manim
    at then: show words in bottom
  }
}
"""


def test_a_change_in_one_layer_does_not_paint_the_other(tmp_path: Path) -> None:
    talk = write(tmp_path, TALK)
    kinds = ran(built(talk, tmp_path / "cache"))
    assert kinds["frames"] >= 2
    assert kinds["segment"] > kinds["frames"], "where manim paints alone, no layer is kept apart"
    talk.write_text(TALK.replace("by two painters", "by two very different painters"))
    again = ran(built(talk, tmp_path / "cache"))
    assert "frames" not in again
    assert again["segment"] == kinds["frames"]


def test_the_film_of_two_painters_keeps_its_contract(tmp_path: Path) -> None:
    from pvc.runtime.media.contract import contract_of
    from pvc.runtime.media.verify import verify

    talk = write(tmp_path, TALK)
    built(talk, tmp_path / "cache")
    report = verify(talk.with_suffix(".mp4"), contract_of(talk.with_suffix(".json")))
    assert report.ok, report.problems
