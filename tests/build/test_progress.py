"""The progress of a talk: a thin layer that says where it is, over scenes that do not know where they stand."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from layout.surroundings import env
from talks import built, ran, sha, write

from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
from pvc.compiler.layout.component import Box
from pvc.compiler.layout.registry import implementation
from pvc.compiler.model.display import Layer
from pvc.compiler.model.values import Symbol, Value
from pvc.compiler.plan import plan
from pvc.compiler.stage import stage
from pvc.compiler.stage.chunks import identity
from pvc.compiler.stage.progress import NAME, chapters

HEAD = 'talk "Small" {\n  theme = paper\n  PROGRESS\n}\n'
SCENES = {
    "one": 'scene one "First" {\n  show text("A first thought")\n  wait 0.3s\n}\n',
    "two": 'scene two "Second" {\n  let b = text("Two")\n  show b\n  zoom camera to b for 0.4s\n}\n',
    "more": 'scene more {\n  show text("More of it")\n  wait 0.3s\n}\n',
    "last": 'scene last "Third" {\n  show text("The end of it")\n  wait 0.3s\n}\n',
}


def talk(order: str, progress: str = "progress = bar") -> str:
    return HEAD.replace("PROGRESS", progress) + "\n".join(SCENES[name] for name in order.split())


def test_another_order_paints_no_scene_and_gives_the_same_film_as_a_cold_build(tmp_path: Path) -> None:
    path, cache, out = write(tmp_path / "talk", talk("one two more last")), tmp_path / "cache", tmp_path / "out.mp4"
    first = built(path, cache, out)
    assert ran(first)["frames"] >= 6
    path.write_text(talk("last two more one"))
    again = built(path, cache, out)
    assert not ran(again).get("frames")
    assert ran(again)["segment"] >= 1
    built(path, tmp_path / "cold", tmp_path / "cold.mp4")
    assert sha(out) == sha(tmp_path / "cold.mp4")


def test_without_it_nothing_is_kept_apart(tmp_path: Path) -> None:
    path = write(tmp_path / "talk", talk("one last", ""))
    assert not ran(built(path, tmp_path / "cache", tmp_path / "out.mp4")).get("frames")


def strip(path: Path) -> list[float]:
    """How much of the bar's row has the accent's blue, frame by frame."""
    with av.open(str(path)) as container:
        found = []
        for frame in container.decode(video=0):
            rgb = frame.to_ndarray(format="rgb24").astype(int)
            row = rgb[int(0.9842 * rgb.shape[0])]
            found.append(float(np.mean(row[:, 2] - row[:, 0] > 90)))
        return found


def test_the_bar_only_grows(tmp_path: Path) -> None:
    path = write(tmp_path / "talk", talk("one two more last"))
    built(path, tmp_path / "cache", tmp_path / "out.mp4")
    shown = strip(tmp_path / "out.mp4")
    assert all(after >= before - 0.02 for before, after in pairwise(shown))
    assert shown[0] < 0.05
    assert shown[-1] > 0.85


@pytest.mark.parametrize("style", ["bar", "dots"])
def test_scenes_under_it_do_not_know_where_they_stand(tmp_path: Path, style: str) -> None:
    def layers(order: str, name: str) -> list[tuple[int, bool, tuple[Layer, ...]]]:
        file = tmp_path / "talk.vid"
        file.write_text(talk(order, f"progress = {style}"))
        world = DiskWorld()
        program = check(str(file), world).program
        assert program is not None
        index = next(number for number, scene in enumerate(program.scenes) if scene.id == name)
        found = stage(program, index, plan(program, {}).time.scenes[index], world)
        assert not [one for one in found.diagnostics if one.code.startswith("PVC057")]
        assert all(placed.chunk.layers[-1].over for placed in found.placed)
        assert NAME not in {visual for placed in found.placed for visual, _ in placed.sources}
        return [
            (placed.length, placed.chunk.hold, tuple(layer for layer in placed.chunk.layers if not layer.over))
            for placed in found.placed
        ]

    assert layers("one two more last", "two") == layers("last one two more", "two")


def test_chapters_are_those_of_the_film(tmp_path: Path) -> None:
    file = tmp_path / "talk.vid"
    file.write_text(talk("more one two last"))
    program = check(str(file), DiskWorld()).program
    assert program is not None
    assert [chapters(program, index) for index in range(4)] == [
        (("Small", "First", "Second", "Third"), number) for number in (1, 2, 3, 4)
    ]


def test_one_chapter_needs_no_progress(tmp_path: Path) -> None:
    file = tmp_path / "talk.vid"
    file.write_text(talk("one more"))
    world = DiskWorld()
    program = check(str(file), world).program
    assert program is not None
    found = stage(program, 0, plan(program, {}).time.scenes[0], world)
    assert not any(layer.over for placed in found.placed for layer in placed.chunk.layers)


def test_only_known_words_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "talk.vid"
    file.write_text(talk("one last", "progress = balloons"))
    assert {one.code for one in check(str(file), DiskWorld()).diagnostics} == {"PVC0319"}


@pytest.mark.parametrize("theme", ["midnight", "paper"])
@pytest.mark.parametrize("style", ["bar", "dots"])
@pytest.mark.parametrize("width", [1728.0, 972.0])
def test_a_progress_has_a_piece_for_each_chapter(theme: str, style: str, width: float) -> None:
    names = ("Why", "How", "What it buys us in the end", "Thanks")
    arguments: dict[str, Value] = {"chapters": names, "at": 3, "style": Symbol(style)}
    fragment = implementation("progress")(arguments, Box(width, 80.0), env(theme))
    parts = dict(fragment.parts)
    assert not fragment.problems
    assert {"chapters[1]", "chapters[4]", "current", "title"} <= set(parts)
    assert len(parts["current"]) == 1
    for element in fragment.elements:
        assert element.bounds.x >= -1
        assert element.bounds.right <= width + 1


@pytest.mark.parametrize(("names", "at"), [((), 1), (("a", "b"), 0), (("a", "b"), 3)])
def test_a_progress_without_its_chapter_is_said(names: tuple[str, ...], at: int) -> None:
    fragment = implementation("progress")({"chapters": names, "at": at}, Box(900.0, 80.0), env())
    assert [problem.code for problem in fragment.problems] == ["PVC0569"]


def test_a_logo_comes_calmly_and_one_after_the_other() -> None:
    arguments: dict[str, Value] = {"text": "Paper Club", "tagline": "One paper, one evening"}
    fragment = implementation("logo_sting")(arguments, Box(1728.0, 850.0), env())
    assert fragment.entrance == "sting"
    assert {"text", "rule", "tagline"} <= set(dict(fragment.parts))
    middles = {
        round(element.bounds.x + element.bounds.width / 2) for element in fragment.elements if element.order == 1
    }
    assert middles == {864}
    assert implementation("logo_sting")({}, Box(1728.0, 850.0), env()).problems[0].code == "PVC0569"


def test_a_logo_takes_two_seconds(tmp_path: Path) -> None:
    file = tmp_path / "talk.vid"
    file.write_text('talk "T" {\n}\nscene one "One" {\n  show logo_sting("Paper Club")\n  wait 1s\n}\n')
    program = check(str(file), DiskWorld()).program
    assert program is not None
    time = plan(program, {}).time.scenes[0]
    assert time.actions[0].frames == 60
    first = stage(program, 0, time, DiskWorld()).placed[0]
    assert first.length == 60
    assert identity(first.chunk)
