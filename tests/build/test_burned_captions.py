"""Captions as a track, painted, or none: what is in the file, what is seen, and what a change of their style paints."""

from __future__ import annotations

import itertools
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from talks import built, ran, write

from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
from pvc.compiler.model.display import Glyphs, Item
from pvc.compiler.model.tracks import motion, pose
from pvc.compiler.plan import plan
from pvc.compiler.stage import Staged, foot, stage
from pvc.compiler.stage.burning import NAME
from pvc.runtime.media.contract import contract_of
from pvc.runtime.media.verify import verify

SCENES = """\
scene one "One" {
  let words = text("A first thought")
  say "A first thought, said aloud and at such a length that it takes more than one caption to show. {second} And more."
  show words
  wait 1s
}

scene two "Two" {
  show text("Nothing is said here.")
  wait 1s
}
"""


def talk(captions: str | None, theme: str = "", name: str = "1080p30", scenes: str = SCENES) -> str:
    setting = f"  captions = {captions}\n" if captions else ""
    own = f"theme own extends paper {{\n  caption {{ {theme} }}\n}}\n" if theme else ""
    chosen = "own" if theme else "paper"
    return f'talk "T" {{\n  format = {name}\n  theme = {chosen}\n{setting}}}\n{own}' + scenes.replace("{second} ", "")


def staged(folder: Path, text: str) -> tuple[list[Staged], tuple[int, int]]:
    world = DiskWorld()
    checked = check(str(write(folder, text)), world)
    assert checked.program is not None, checked.diagnostics
    time = plan(checked.program, {}).time
    found = [stage(checked.program, index, scene, world) for index, scene in enumerate(time.scenes)]
    return found, checked.program.format.reference


def captions(scene: Staged) -> list[tuple[int, int, Item]]:
    """(first frame, last frame, item) of each stretch in which a caption is seen."""
    found = []
    for placed in scene.placed:
        for layer in placed.chunk.layers:
            for item in layer.items:
                if item.visual != NAME:
                    continue
                moving = motion(item, len(scene.fragments[item.fragment].elements))
                frames = [frame for frame in range(placed.chunk.frames) if pose(moving, frame).whole.visible]
                length = placed.length if placed.chunk.hold else frames[-1] + 1
                found.append((placed.start + frames[0], placed.start + length, item))
    return found


def lines(scene: Staged, item: Item) -> list[str]:
    """The lines of a caption as they are set."""
    rows: dict[int, str] = {}
    for element in scene.fragments[item.fragment].elements:
        if isinstance(element.primitive, Glyphs):
            row = int((element.bounds.y + element.bounds.height / 2) // 52)
            rows[row] = (rows.get(row, "") + " " + element.primitive.text).strip()
    return [rows[at] for at in sorted(rows)]


@pytest.mark.parametrize("name", ["1080p30", "vertical30", "square30"])
def test_they_stand_in_their_zone(tmp_path: Path, name: str) -> None:
    (one, two), (width, height) = staged(tmp_path, talk("burned", name=name))
    shown = captions(one)
    assert len({item.fragment for _, _, item in shown}) >= 2
    assert not captions(two), "nothing is said there"
    floor = 0.8 if height > width else 0.85
    for _, _, item in shown:
        fragment = one.fragments[item.fragment]
        assert item.y >= floor * height - 1
        assert item.y + fragment.height <= (height - 16 if height <= width else 0.94 * height)
        assert abs(item.x + fragment.width / 2 - width / 2) < 1, "in the middle"
        assert fragment.width <= width
    for before, after in itertools.pairwise(shown):
        assert before[1] <= after[0] or before[2].fragment == after[2].fragment, "one at a time"


def test_they_cover_neither_what_is_shown_nor_the_progress(tmp_path: Path) -> None:
    text = talk("burned").replace("captions = burned", "captions = burned\n  progress = bar")
    (one, _), (_, height) = staged(tmp_path, text)
    program = check(str(write(tmp_path, text)), DiskWorld()).program
    assert program is not None
    body = foot.frame(program, program.scenes[0]).body
    shown = captions(one)
    assert max(one.fragments[item.fragment].height for _, _, item in shown) > 100, "two lines"
    for _, _, item in shown:
        assert item.y >= body.bottom + 15
        assert item.y + one.fragments[item.fragment].height <= height - 60, "the chapter's name stands below"


def test_two_lines_of_42_characters(tmp_path: Path) -> None:
    scene = staged(tmp_path, talk("burned"))[0][0]
    for _, _, item in captions(scene):
        rows = lines(scene, item)
        assert len(rows) <= 2
        assert all(len(row) <= 42 for row in rows)


def test_they_are_lifted_above_what_they_would_cover(tmp_path: Path) -> None:
    foot = SCENES.replace("  show words\n", "").replace(
        "  let words", '  show text("Down here") at [50%, 95%]\n  let words'
    )
    foot = foot.replace('  let words = text("A first thought")\n', "")
    scene, (_, height) = staged(tmp_path, talk("burned", scenes=foot))
    for _, _, item in captions(scene[0]):
        fragment = scene[0].fragments[item.fragment]
        assert item.y + fragment.height < 0.94 * height
        others = [
            other
            for placed in scene[0].placed
            for layer in placed.chunk.layers
            for other in layer.items
            if other.visual != NAME
        ]
        assert all(item.y + fragment.height <= other.y for other in others)


def test_scenes_tile_as_before(tmp_path: Path) -> None:
    soft, burned = (staged(tmp_path, talk(kind))[0] for kind in (None, "burned"))
    for before, after in zip(soft, burned, strict=True):
        assert sum(placed.length for placed in before.placed) == sum(placed.length for placed in after.placed)
        at = 0
        for placed in after.placed:
            assert placed.start == at
            assert placed.chunk.hold or placed.chunk.frames == placed.length
            at += placed.length
    assert soft[1].placed == burned[1].placed


def test_what_is_in_the_film(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    seen = {}
    for kind in (None, "soft", "burned", "none"):
        path = write(tmp_path / str(kind), talk(kind))
        report = built(path, cache)
        film = Path(report.output)
        checked = verify(film, contract_of(film.with_suffix(".json")))
        assert checked.ok, checked.problems
        with av.open(str(film)) as media:
            tracks = len(media.streams.subtitles)
            frames = [frame.to_ndarray(format="gray")[-65:] for frame in media.decode(video=0)]
        assert len(frames) == report.frames
        seen[kind] = tracks, film.with_suffix(".srt").exists(), np.stack(frames).astype(int)
    assert [seen[kind][:2] for kind in (None, "soft", "burned", "none")] == [
        (1, True),
        (1, True),
        (0, True),
        (0, False),
    ]
    ground = int(seen[None][2][0, 0, 0])
    assert np.abs(seen["none"][2] - ground).max() < 30, "the foot is free"
    assert (np.abs(seen["burned"][2] - ground).max(axis=(1, 2)) > 100).mean() > 0.3, "captions are seen there"
    poster = np.asarray(Image.open(tmp_path / "burned" / "talk.png").convert("L")).astype(int)
    assert np.abs(poster - ground).max() > 100, "something is shown"
    assert np.abs(poster[-65:] - ground).max() < 30, "the picture that stands for the talk has no caption"


def test_what_a_change_of_style_paints(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = built(write(tmp_path / "t", talk(None, "size = 40px")), cache)
    again = built(write(tmp_path / "t", talk(None, "size = 36px")), cache)
    assert "segment" not in ran(again), "soft captions have no style"
    burned = built(write(tmp_path / "t", talk("burned", "size = 36px")), cache)
    larger = built(write(tmp_path / "t", talk("burned", "size = 44px color = theme.accent")), cache)
    scenes = {line.split()[1] for line in larger.ran if line.startswith("segment")}
    assert scenes == {"one,"}, "a scene without a word is as it was"
    assert ran(burned)["segment"] == ran(larger)["segment"]
    assert "speak" not in ran(larger)
    assert larger.frames == first.frames
    back = built(write(tmp_path / "t", talk(None, "size = 36px")), cache)
    assert "segment" not in ran(back)


@pytest.mark.parametrize(
    ("theme", "captions"),
    [
        ("size = 2s", None),
        ("size = 40%", None),
        ("colour = #ffffff", None),
        ('background = "black"', None),
        ("size = 40px", "painted"),
    ],
)
def test_mistakes(tmp_path: Path, theme: str, captions: str | None) -> None:
    found = check(str(write(tmp_path, talk(captions, theme))), DiskWorld()).diagnostics
    codes = {each.code for each in found if each.severity == "error"}
    assert codes == ({"PVC0323"} if captions is None else {"PVC0319"})
