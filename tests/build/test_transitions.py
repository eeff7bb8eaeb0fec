"""How scenes give way to each other: what is seen, what is shared, and that no frame or sample is lost."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from talks import built, ran, write

from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
from pvc.compiler.model.display import Chunk, Glyphs
from pvc.compiler.model.tracks import motion, pose
from pvc.compiler.plan import plan
from pvc.compiler.stage import Staged, stage
from pvc.runtime.media.contract import contract_of
from pvc.runtime.media.verify import verify

SCENES = {
    "one": 'scene one "One" {\n  say "First this." {\n    show text("First, to the left of it") in left\n  }\n}\n',
    "two": 'scene two "Two" {\n  say "Then that." {\n    show text("Second")\n  }\n}\n',
    "three": 'scene three "Three" {\n  say "That is all." {\n    show text("Third")\n  }\n}\n',
}
OPENING = SCENES["two"].replace("{\n  say", '{\n  show heading("Then") with cut\n  say')


def talk(kind: str | None, *scenes: str, theme: str = "") -> str:
    setting = f"  transition = {kind}\n" if kind else ""
    style = "theme own extends paper {\n  style { transition = " + theme + " }\n}\n" if theme else ""
    named = "own" if theme else "paper"
    return f'talk "T" {{\n  theme = {named}\n{setting}}}\n{style}' + "\n".join(scenes)


def staged(folder: Path, text: str) -> list[Staged]:
    world = DiskWorld()
    program = check(str(write(folder, text)), world).program
    assert program is not None
    time = plan(program, {}).time
    return [stage(program, index, scene, world) for index, scene in enumerate(time.scenes)]


def seen(chunk: Chunk, frame: int, fragments: object) -> dict[str, tuple[float, float, object]]:
    """What is visible at a frame of a chunk: opacity, shift and clip of each item."""
    found = {}
    for layer in chunk.layers:
        for item in layer.items:
            now = pose(motion(item, len(fragments[item.fragment].elements)), frame).whole  # type: ignore[index]
            if now.visible:
                found[item.visual] = (now.opacity, now.dx, now.clip)
    return found


def chunk_at(scene: Staged, frame: int) -> tuple[Chunk, int]:
    for placed in scene.placed:
        if placed.start <= frame < placed.start + placed.length:
            return placed.chunk, 0 if placed.chunk.hold else frame - placed.start
    raise AssertionError(frame)


def ending(scene: Staged, before: int) -> dict[str, tuple[float, float, object]]:
    """What is seen some frames before the scene's end."""
    length = scene.placed[-1].start + scene.placed[-1].length
    return seen(*chunk_at(scene, length - before), scene.fragments)


@pytest.mark.parametrize("kind", ["fade", "dip", "push", "wipe", "cut"])
def test_what_leaves(tmp_path: Path, kind: str) -> None:
    scenes = staged(tmp_path, talk(kind, *SCENES.values()))
    first, last = scenes[0], scenes[-1]
    middle, final = ending(first, 6), ending(first, 1)
    if kind == "cut":
        assert middle == final == {"text": (1.0, 0.0, None)}
        assert first.placed[-1].chunk.hold, "nothing moves"
    elif kind == "fade":
        assert 0.4 < middle["text"][0] < 0.6
        assert not final, "nothing is left of it in the last frame"
    elif kind == "dip":
        assert not middle
        assert not final
    elif kind == "push":
        assert middle["text"] == (1.0, -960.0, None)
        assert final["text"][1] < -1900
    else:
        assert not middle, "the edge has passed the left half"
        assert ending(first, 8)["text"][2] is not None
    assert 0.4 < ending(last, 6)["text"][0] < 0.6, "the last scene fades"


@pytest.mark.parametrize("kind", ["fade", "dip", "push", "wipe"])
def test_what_the_next_scene_opens_with_comes(tmp_path: Path, kind: str) -> None:
    scenes = staged(tmp_path, talk(kind, SCENES["one"], OPENING))
    middle, final = ending(scenes[0], 6), ending(scenes[0], 1)
    if kind == "push":
        assert middle["text"][1] == -960.0
        assert middle["heading"][1] == 960.0
        assert 0 < final["heading"][1] < 20
    elif kind == "fade":
        assert middle["heading"][0] == pytest.approx(1 - middle["text"][0])
    elif kind == "dip":
        assert "text" not in middle
        assert final["heading"][0] > 0.6
    else:
        assert set(final) == {"heading"}
    alone = [items for layer in scenes[1].placed[0].chunk.layers for items in layer.items]
    assert [item.visual for item in alone] == ["heading"], "it is there when its scene begins"


def test_a_film_begins_with_the_words_of_its_title(tmp_path: Path) -> None:
    shown = 'show title("The title", subtitle: "And what it is about")'
    card = f'scene head "Head" {{\n  say "First of all." {{\n    {shown}\n  }}\n}}\n'

    def words(*scenes: str, index: int = 0) -> str:
        scene = staged(tmp_path, talk("fade", *scenes))[index]
        chunk, frame = chunk_at(scene, 0)
        found = []
        for layer in chunk.layers:
            for item in layer.items:
                elements = scene.fragments[item.fragment].elements
                now = pose(motion(item, len(elements)), frame)
                if now.whole.visible:
                    found += [
                        element.primitive.text
                        for element, state in zip(elements, now.elements, strict=True)
                        if isinstance(element.primitive, Glyphs) and state.visible
                    ]
        return " ".join(found)

    assert words(card, SCENES["one"]) == "The title"
    assert words(card.replace("title(", "heading(").replace(', subtitle: "And what it is about"', "")) == "The title"
    assert words(SCENES["one"], card, index=1) == "", "in the middle of a film it comes after the scene before it"
    assert words(card.replace('about")', 'about") with fade')) == "", "as the talk says"
    assert words(card.replace('about")', 'about") for 2s')) == ""
    assert words(SCENES["one"]) == ""


def test_who_says_which(tmp_path: Path) -> None:
    own = SCENES["one"].replace('"One" {', '"One" transition push {')
    assert ending(staged(tmp_path, talk("cut", own, SCENES["two"]))[0], 6)["text"][1] == -960.0
    assert ending(staged(tmp_path, talk(None, *SCENES.values(), theme="push"))[0], 6)["text"][1] == -960.0
    assert ending(staged(tmp_path, talk("cut", *SCENES.values(), theme="push"))[0], 6)["text"][1] == 0.0
    last = SCENES["two"].replace('"Two" {', '"Two" transition cut {')
    assert ending(staged(tmp_path, talk(None, SCENES["one"], last))[1], 1)["text"][0] == 1.0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (talk("explode", SCENES["one"]), "PVC0319"),
        (talk(None, SCENES["one"], theme="explode"), "PVC0323"),
        (talk(None, SCENES["one"].replace('"One" {', '"One" transition explode {')), "PVC0319"),
        (talk(None, SCENES["one"].replace('"One" {', '"One" transitoin cut {')), "PVC0331"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, code: str) -> None:
    assert code in {each.code for each in check(str(write(tmp_path, text)), DiskWorld()).diagnostics}


@pytest.mark.parametrize("kind", ["fade", "push", "cut"])
def test_reordering_paints_nothing_that_it_need_not(tmp_path: Path, kind: str) -> None:
    cache = tmp_path / "cache"
    first = built(write(tmp_path / "t", talk(kind, *SCENES.values())), cache)
    again = built(write(tmp_path / "t", talk(kind, SCENES["two"], SCENES["one"], SCENES["three"])), cache)
    assert "segment" not in ran(again)
    assert again.frames == first.frames
    # What ends the film fades, so only the scene that was last and the one that is now are painted at their end.
    ended = built(write(tmp_path / "t", talk(kind, SCENES["three"], SCENES["one"], SCENES["two"])), cache)
    painted = [line for line in ended.ran if line.startswith("segment")]
    assert len(painted) <= (0 if kind == "fade" else 2), painted


def test_an_opening_is_painted_once_for_each_neighbour(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    built(write(tmp_path / "t", talk("push", SCENES["one"], SCENES["three"], OPENING)), cache)
    moved = built(write(tmp_path / "t", talk("push", SCENES["three"], SCENES["one"], OPENING)), cache)
    painted = [line for line in moved.ran if line.startswith("segment")]
    assert len(painted) == 2, painted
    assert all(int(re.findall(r"\((\d+) frames\)", line)[0]) <= 15 for line in painted), "only the transitions"


def test_no_frame_and_no_sample_is_lost(tmp_path: Path) -> None:
    scenes = [
        SCENES["one"].replace('"One" {', '"One" transition wipe {'),
        OPENING.replace('"Two" {', '"Two" transition cut {'),
        SCENES["three"],
    ]
    film = Path(built(write(tmp_path / "t", talk("push", *scenes)), tmp_path / "cache").output)
    assert not verify(film, contract_of(film.with_suffix(".json"))).problems
    with av.open(str(film)) as media:
        frames = [frame.to_ndarray(format="gray") for frame in media.decode(video=0)]
    with av.open(str(film)) as media:
        samples = sum(frame.samples for frame in media.decode(audio=0))
    assert abs(Fraction(samples, 48_000) - Fraction(len(frames), 30)) < Fraction(1, 30) + Fraction(1024, 48_000)
    changes = [float(np.abs(a.astype(int) - b.astype(int)).mean()) for a, b in itertools.pairwise(frames)]
    assert max(changes) > 0.01
    assert frames[0].mean() == pytest.approx(frames[-1].mean(), abs=1.0), "it begins and ends on the background"
