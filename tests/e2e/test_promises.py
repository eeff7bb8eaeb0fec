"""What a build promises, on small real talks through the program: the same film everywhere, no drift, little work."""

from __future__ import annotations

import itertools
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import HEAD, ONE, TALK, TWO, build, kinds, pvc, sha


def test_the_same_film_whatever_the_surroundings(tmp_path: Path) -> None:
    build(tmp_path / "a", TALK, None, "--jobs", "1", PYTHONHASHSEED="1", TZ="UTC", LANG="C", LC_ALL="C")
    build(tmp_path / "b", TALK, None, "--jobs", "8", PYTHONHASHSEED="77", TZ="Asia/Kathmandu", LC_ALL="tr_TR.UTF-8")
    elsewhere = tmp_path / "somewhere else, with ünïcode"
    build(elsewhere, TALK, elsewhere / "film.mp4", PYTHONHASHSEED="random", HOME=str(tmp_path / "home"))
    films = {sha(tmp_path / "a" / "talk.mp4"), sha(tmp_path / "b" / "talk.mp4"), sha(elsewhere / "film.mp4")}
    assert len(films) == 1


def test_no_network_is_used(tmp_path: Path) -> None:
    alone = ("unshare", "-n")
    if subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this user may not make a process without a network")
    (tmp_path / "talk.vid").write_text(TALK)
    done = pvc("build", "talk.vid", "--draft", cwd=tmp_path, prefix=alone)
    assert done.returncode == 0, done.stderr


def sound(path: Path) -> tuple[np.ndarray, int]:
    """The samples of a film as a player hears them, from its time zero on."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        parts = [frame.to_ndarray() for frame in container.decode(stream)]
        return np.concatenate([part.reshape(part.shape[0], -1).mean(axis=0) for part in parts]), stream.rate


def test_the_last_sentence_is_heard_where_its_picture_is(tmp_path: Path) -> None:
    """Silence, then a sentence with a picture, many times: what drifts, drifts most at the end."""
    scenes = "".join(
        f'scene s{i} {{\n  let w = text("Number {i}")\n  wait 1s\n  say "Tick." {{ show w with cut }}\n}}\n'
        for i in range(8)
    )
    build(tmp_path, HEAD + scenes)
    manifest = json.loads((tmp_path / "talk.json").read_text())
    stretches = manifest["source_map"]
    shown = [
        stretch["start"]
        for before, stretch in itertools.pairwise(stretches)
        if stretch["visuals"] and not before["visuals"]
    ]
    samples, rate = sound(tmp_path / "talk.mp4")
    loud = np.abs(samples) > 0.02
    onsets = [int(at) for at in np.flatnonzero(loud) if at < rate // 2 or not loud[max(0, at - rate // 2) : at].any()]
    assert len(onsets) == len(shown) == 8
    lags = [onset / rate - frame / 30 for onset, frame in zip(onsets, shown, strict=True)]
    assert all(-0.001 <= lag < 0.25 for lag in lags), "a voice takes a moment to begin"
    assert max(lags) - min(lags) < 1 / 30, "the same lag at the first and at the last: no drift"
    frames = manifest["contract"]["frames"]
    assert abs(len(samples) / rate - frames / 30) < 1 / 30


THEME = "theme mine extends paper {{ colors {{ warm = {warm} }} }}\n"
COLOURED = HEAD.replace("theme = paper", "theme = mine")
WARM = 'scene warm {\n  let w = text("Warm", color: theme.warm)\n  say "A warm word." { show w }\n}\n'


def test_a_colour_of_the_theme_paints_only_what_shows_it(tmp_path: Path) -> None:
    build(tmp_path, COLOURED + THEME.format(warm="#a04000") + TWO + WARM)
    report = build(tmp_path, COLOURED + THEME.format(warm="#803000") + TWO + WARM)
    ran = report["ran"]
    assert isinstance(ran, list)
    segments = [str(label) for label in ran if "chunk" in str(label)]
    assert segments
    assert all("warm" in label for label in segments), segments
    assert "speak" not in kinds(report)


def test_deleting_a_scene_paints_and_speaks_nothing(tmp_path: Path) -> None:
    build(tmp_path, TALK)
    assert set(kinds(build(tmp_path, HEAD + TWO))) <= {"audio", "mux", "poster", "captions"}


def test_a_cue_that_moves_paints_only_its_scene(tmp_path: Path) -> None:
    build(tmp_path, TALK)
    report = build(tmp_path, TALK.replace("aloud. {second} And a", "aloud. And {second} a"))
    assert "speak" not in kinds(report)
    assert kinds(report).get("segment", 0) <= 1


EDITS = st.fixed_dictionaries(
    {
        "words": st.sampled_from(["A first thought, said aloud.", "Another thought.", "Of all thoughts, the first."]),
        "cue": st.sampled_from(["{second} And a second one.", "And a {second} second one.", "And one {second} more."]),
        "look": st.sampled_from(
            [("paper", "#a04000"), ("paper", "#205080"), ("midnight", "#ffb070"), ("midnight", "#90c0ff")]
        ),
        "order": st.sampled_from(list(itertools.permutations(range(3)))),
        "scenes": st.integers(1, 3),
        "points": st.sampled_from(['["alpha", "beta"]', '["alpha"]']),
        "captions": st.sampled_from(["soft", "none"]),
    }
)


def written(edit: dict[str, object]) -> str:
    """The talk that an edit leads to."""
    one = ONE.replace("A first thought, said aloud.", str(edit["words"]))
    one = one.replace("{second} And a second one.", str(edit["cue"]))
    scenes = [one, TWO.replace('["alpha", "beta"]', str(edit["points"])), WARM]
    order = edit["order"]
    assert isinstance(order, tuple)
    chosen = [scenes[index] for index in order][: int(str(edit["scenes"]))]
    head = COLOURED.replace(" }", f"\n  captions = {edit['captions']}\n}}").replace("{ format", "{\n  format")
    head = head.replace("  theme =", "\n  theme =")
    look = edit["look"]
    assert isinstance(look, tuple)
    theme = THEME.format(warm=look[1]).replace("extends paper", f"extends {look[0]}")
    return head + theme + "".join(chosen)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose cache lives through all edits."""
    return tmp_path_factory.mktemp("history")


@settings(max_examples=5, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(edit=EDITS)
def test_incremental_equals_cold(
    history: Path, tmp_path_factory: pytest.TempPathFactory, edit: dict[str, object]
) -> None:
    text = written(edit)
    build(history, text)
    fresh = tmp_path_factory.mktemp("cold")
    build(fresh, text)
    for ending in (".mp4", ".vtt", ".srt", ".json", ".png", ".chapters.txt"):
        one, other = history / f"talk{ending}", fresh / f"talk{ending}"
        assert one.is_file() == other.is_file() == (edit["captions"] != "none" or ending not in (".vtt", ".srt"))
        assert not one.is_file() or one.read_bytes() == other.read_bytes(), ending


@pytest.mark.slow
@settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(edit=EDITS)
def test_incremental_equals_cold_many_times(
    history: Path, tmp_path_factory: pytest.TempPathFactory, edit: dict[str, object]
) -> None:
    text = written(edit)
    build(history, text)
    fresh = tmp_path_factory.mktemp("cold")
    build(fresh, text)
    assert sha(history / "talk.mp4") == sha(fresh / "talk.mp4")


def test_captions_that_a_talk_no_longer_wants_go_and_a_users_own_stay(tmp_path: Path) -> None:
    none = TALK.replace("{ format", "{\n  captions = none\n  format").replace("theme", "\n  theme")
    build(tmp_path, TALK)
    (tmp_path / "talk.vtt").write_text("WEBVTT\n\nby hand\n")
    build(tmp_path, none)
    assert not (tmp_path / "talk.srt").exists()
    assert (tmp_path / "talk.vtt").read_text().endswith("by hand\n")


def test_a_scene_that_is_not_played_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    build(tmp_path / "without", HEAD + ONE)
    left_out = 'scene two "Two" if format.orientation == portrait {'
    assert 'scene two "Two" {' in TWO
    build(tmp_path / "with", HEAD + ONE + TWO.replace('scene two "Two" {', left_out))
    assert sha(tmp_path / "with" / "talk.mp4") == sha(tmp_path / "without" / "talk.mp4")
