"""`pvc frame talk.vid@scene:ID`: the frame that shows most of a scene."""

from __future__ import annotations

from pathlib import Path

from pvc.runtime.build.request import Request
from pvc.runtime.build.survey import frame_of

STEPS = """talk "T" {}

scene one "One" {
  let proof = derivation([tex`a = b`, tex`= c`, tex`= d`, tex`= e`])
  say "First this, then that, then one more, and another." {
    reveal proof.steps[1]
    at "that": reveal proof.steps[2]
    at "more": reveal proof.steps[3]
    at "another": reveal proof.steps[4] for 2s
  }
}

scene two "Two" {
  let note = text("A remark.")
  say "Here it is for a while, and now it is gone." {
    show note
    at "gone": hide note
  }
  wait 2s
}
"""


def test_a_scene_is_shown_with_what_comes_last_in_it(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(STEPS)
    request = Request(tmp_path / "talk.vid", tmp_path / ".cache", preset="draft")
    found = frame_of(request, None, "one", None)
    later = [frame_of(request, None, None, found.frame + step) for step in (-20, 0, 2)]
    assert later[1].png == found.png
    assert later[0].png != found.png, "the last step is still being written before"
    assert later[2].png != found.png, "the scene's exit begins behind"


def test_a_scene_whose_last_act_is_to_hide_is_shown_before_that(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(STEPS)
    request = Request(tmp_path / "talk.vid", tmp_path / ".cache", preset="draft")
    found = frame_of(request, None, "two", None)
    empty = frame_of(request, None, None, found.frames - 30)
    assert empty.scene == "two"
    assert found.png != empty.png
