"""A component of a module that is made of others, in a real film: built, looked at, and built again after edits."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from talks import built, ran, sha, write
from test_films import film

from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
from pvc.compiler.stage import lint_scene

BRAND = """\
use std.charts

/// A formula on a panel.
component card(
  /// What to show.
  formula: tex,
  meaning: text = "",
) {
  column {
    fill = #802060
    gap  = 24px
    show equation(formula) as eq
    if meaning != "" {
      show text(meaning, color: #ffffff) as words width 60%
      part words = words
    }
  }
  part formula = eq
}

/// Bars over their names.
component board(data: table, name: column<text>, value: column<number>) {
  let chart = charts.bar(data, x: name, y: value)
  column {
    show chart height 60%
    row {
      even  = true
      align = stretch
      for row in data {
        show pane(row.model)
      }
    }
  }
  part bars = chart.bars
}

component pane(words: text) {
  column {
    fill = #106030
    show text(words, color: #ffffff)
  }
}
"""
TALK = """\
talk "Cards" {
  format = 1080p30
  theme  = midnight
}

use "./brand.vid" as brand

data models = csv("models.csv") { model: text, score: number }

scene one "One" {
  let energy = brand.card(tex`E = mc^2`, meaning: "Mass is energy.")
  say "This is {mass} about mass, and {words} that is all of it." {
    show energy
    at mass: highlight energy.formula[tex`m`] color #ff2020
    at words: highlight energy.words
  }
}

scene two "Two" {
  let all = brand.board(models, name: model, value: score)
  say "And these are {best} three of them." {
    show all
    at best: highlight all.bars["gamma"]
  }
}
"""


def cards(folder: Path) -> Path:
    talk = write(folder, TALK)
    (folder / "brand.vid").write_text(BRAND)
    (folder / "models.csv").write_text("model,score\nalpha,1\nbeta,2\ngamma,3\n")
    return talk


def pictures(film: str) -> list[np.ndarray]:
    with av.open(film) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def near(picture: np.ndarray, color: tuple[int, int, int], within: int = 40) -> np.ndarray:
    """Where a picture has about this colour."""
    return (np.abs(picture.astype(int) - np.array(color)) < within).all(axis=2)


def test_a_film_of_cards(tmp_path: Path) -> None:
    talk = cards(tmp_path / "talk")
    cache = tmp_path / "cache"
    report = built(talk, cache)
    seen = pictures(report.output)
    height, width, _ = seen[0].shape
    panel = [near(each, (0x80, 0x20, 0x60)) for each in seen]
    full = max(range(len(seen)), key=lambda index: int(panel[index].sum()))
    rows, columns = np.nonzero(panel[full])
    assert 0.02 * height * width < panel[full].sum() < 0.3 * height * width, "a panel, not a backdrop"
    assert abs((columns.min() + columns.max()) / 2 - width / 2) < 0.02 * width, "in the middle"
    inside = seen[full][rows.min() : rows.max(), columns.min() : columns.max()]
    assert near(inside, (255, 255, 255)).any(), "the words stand on it"
    lit = [near(each[rows.min() : rows.max()], (255, 0x60, 0x60), 60).sum() for each in seen[: len(seen) // 2]]
    assert max(lit) > 20, "the mass is lit in red"
    assert lit[0] == 0, "and was not before"

    panes = near(seen[len(seen) - 20], (0x10, 0x60, 0x30))
    assert panes.any(), [near(each, (0x10, 0x60, 0x30)).sum() for each in seen[-60::6]]
    row = panes[np.nonzero(panes)[0].max() - 4]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], row, [False])).astype(int)))
    runs = edges[1::2] - edges[::2]
    assert len(runs) == 3, "three panes beside each other"
    assert max(runs) - min(runs) <= 4, "equally wide"

    again = built(talk, cache, force=True)
    assert not set(ran(again)) - {"mux"}
    assert sha(Path(again.output)) == sha(Path(report.output))


def test_an_edit_in_a_module_paints_what_shows_it(tmp_path: Path) -> None:
    talk = cards(tmp_path / "talk")
    cache = tmp_path / "cache"
    built(talk, cache)
    brand = tmp_path / "talk" / "brand.vid"
    brand.write_text("// A comment moves everything down.\n" + BRAND)
    assert not set(ran(built(talk, cache, force=True))) - {"mux"}, "where it stands is no part of what it shows"
    brand.write_text(BRAND.replace("#106030", "#208040"))
    painted = [line for line in built(talk, cache).ran if line.startswith("segment")]
    assert painted
    assert all("two," in line for line in painted), painted


def test_findings_point_inside_and_at_the_use(tmp_path: Path) -> None:
    talk = cards(tmp_path)
    brand = tmp_path / "brand.vid"
    brand.write_text(BRAND.replace("text(words, color: #ffffff)", "text(words, color: #40a060)"))
    checked = check(str(talk), DiskWorld())
    assert checked.program is not None
    found = [each for each in lint_scene(checked.program, 1, DiskWorld()) if each.code == "PVC0572"]
    assert len(found) == 1
    assert found[0].span is not None
    assert found[0].span.path.endswith("talk.vid"), "the use"
    (label,) = found[0].labels
    assert label.span.path.endswith("brand.vid"), "the place inside"
    text = brand.read_text()
    assert text[label.span.start : label.span.end].startswith("text(words")


PLAYED = """\
talk "Framed" {
  format = 1080p30
}

component framed(file: video) {
  column {
    fill = #802060
    show video(file) as clip
  }
  part clip = clip
}

scene one "One" {
  let disc = framed("a.mp4")
  show disc with cut
  play disc.clip for 1.5s
}
"""


def test_a_video_inside_plays(tmp_path: Path) -> None:
    film(tmp_path / "a.mp4", Fraction(30), 60, size=(64, 48), step=3)
    report = built(write(tmp_path, PLAYED), tmp_path / "cache")
    seen = pictures(report.output)
    height, width, _ = seen[0].shape
    greys = [float(each[height // 2 - 4 : height // 2 + 4, width // 2 - 4 : width // 2 + 4].mean()) for each in seen]
    playing = [grey for grey in greys if 5 < grey < 250]
    assert max(playing) - min(playing) > 80, "it goes from dark to light"


def test_a_video_that_is_no_film_is_said_inside_and_at_the_use(tmp_path: Path) -> None:
    talk = write(tmp_path, PLAYED)
    (tmp_path / "a.mp4").write_bytes(b"this is no film at all, but it has some length " * 20)
    world = DiskWorld()
    checked = check(str(talk), world)
    assert checked.program is not None
    found = [*checked.diagnostics, *lint_scene(checked.program, 0, world)]
    errors = [each for each in found if each.severity.value == "error"]
    assert errors
    assert errors[0].span is not None
    text = talk.read_text()
    assert text[errors[0].span.start :].startswith(('framed("a.mp4")', '"a.mp4"', "video(file)"))
