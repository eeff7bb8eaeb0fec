"""A scene from its actions to chunks: what is cut where, what holds, what moves, and what never depends on position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan.shapes import Nowhere, lay
from plan.talks import FORMAT, NTSC, act, say, scene, silent, talk, visual

from pvc.compiler.model.display import Chunk, Fragment, Item
from pvc.compiler.model.program import Format, Place, Program
from pvc.compiler.model.speech import SceneTime
from pvc.compiler.model.tracks import item_matrix, motion, pose
from pvc.compiler.plan import plan, walk
from pvc.compiler.stage import Staged, identity, stage, still


def staged(program: Program, index: int = 0) -> tuple[Staged, SceneTime]:
    time = plan(program, {}).time.scenes[index]
    return stage(program, index, time, Nowhere(), lay), time


def items(chunk: Chunk) -> list[Item]:
    return [item for layer in chunk.layers for item in layer.items]


def picture(chunk: Chunk, frame: int, fragments: Mapping[str, Fragment]) -> dict[tuple[str, int], tuple[object, ...]]:
    """What is seen at a frame: every visible element with its state, placed, rounded to what no eye can tell apart."""
    seen: dict[tuple[str, int], tuple[object, ...]] = {}
    for item in items(chunk):
        fragment = fragments[item.fragment]
        now = pose(motion(item, len(fragment.elements)), frame)
        if not now.whole.visible:
            continue
        matrix = tuple(round(value, 2) for value in item_matrix(item, fragment, now.whole))
        for index, state in enumerate(now.elements):
            if state.visible:
                color = state.color if state.color and state.color[4] > 0 else None
                opacity = round(state.opacity * now.whole.opacity, 3)
                rest = (round(state.dx, 2), round(state.dy, 2), round(state.sx, 3), round(state.sy, 3))
                seen[item.fragment, index] = (
                    *(matrix, opacity, rest, color and tuple(round(v, 2) for v in color)),
                    *(round(state.trim, 3), state.clip, round(state.morph, 3)),
                )
    return seen


def check_tiling(result: Staged, time: SceneTime) -> None:
    at = 0
    for placed in result.placed:
        assert placed.start == at
        assert placed.length > 0
        assert placed.chunk.frames == (1 if placed.chunk.hold else placed.length)
        at += placed.length
    assert at == time.frames


def check_continuity(result: Staged, program: Program, time: SceneTime) -> None:
    """The state at the end of what moves is the state that the next chunk begins with. Visuals on which an action
    begins at that very frame are left out: it may take them away at once, or put another in their place."""
    starts = {action.index: action.start for action in time.actions}
    for before, after in pairwise(result.placed):
        if before.chunk.hold:
            continue
        begun = [step.action for step in walk(program.scenes[0]) if starts[step.index] == after.start]
        touched = {name for action in begun for name in (*action.visuals, action.target)}
        left = {
            item.fragment for chunk in (before.chunk, after.chunk) for item in items(chunk) if item.visual in touched
        }
        end, begin = (
            {key: state for key, state in picture(chunk, frame, result.fragments).items() if key[0] not in left}
            for chunk, frame in ((before.chunk, before.chunk.frames), (after.chunk, 0))
        )
        assert end == begin


def shape(result: Staged) -> list[tuple[bool, int]]:
    return [(placed.chunk.hold, placed.length) for placed in result.placed]


def test_a_scene_without_anything_is_one_hold_on_the_background() -> None:
    result, time = staged(talk(scene("a", ())))
    assert shape(result) == [(True, time.frames)]
    assert items(result.placed[0].chunk) == []


def test_entrance_hold_and_exit() -> None:
    program = talk(scene("a", (visual("b"),), say("Every query is compared with every key.", act("show", "b"))))
    result, time = staged(program)
    check_tiling(result, time)
    check_continuity(result, program, time)
    assert [hold for hold, _ in shape(result)] == [False, True, False, True]
    assert shape(result)[0] == (False, 15)
    assert shape(result)[2] == (False, 11)
    assert not items(result.placed[3].chunk), "the exit has come to its end in the last frame"
    (settled,) = items(result.placed[1].chunk)
    assert settled.tracks == ()
    assert (settled.x, settled.y) == ((1920 - 300) / 2, (56 + 950 - 200) / 2)


def looks(result: Staged) -> Counter[str]:
    return Counter(identity(placed.chunk) for placed in result.placed)


def test_a_longer_pause_renders_nothing() -> None:
    def one(wait: str) -> Staged:
        beat = silent(act("show", "b"), act("wait", lasts=wait), act("highlight", "b", part="edge"), act("hide", "b"))
        return staged(talk(scene("a", (visual("b"),), beat)))[0]

    short, long = one("0.5"), one("4")
    assert looks(short) == looks(long)
    assert (
        sum(length for hold, length in shape(long) if hold) - sum(length for hold, length in shape(short) if hold)
        == 105
    )


def test_every_verb_settles_and_tiles() -> None:
    program = talk(
        scene(
            "a",
            (
                visual("h", "heading"),
                visual("w", "test.word", text="abc"),
                visual("v", "test.word", text="cbxa"),
                visual("chart", "chart.test"),
                visual("list", "bullets"),
            ),
            say("First the heading and a word.", act("show", "h", effect="cut"), act("show", "w", effect="write")),
            say("Then a part of it.", act("highlight", "w", part="tex:b", at=5)),
            say("It becomes another.", act("transform", "w", into="v")),
            say("And a chart.", act("show", "chart", at=4), act("focus", "chart", part="bars[2]")),
            silent(act("unfocus"), act("move", "chart", place=Place("left")), act("hide", "v")),
            say("One by one.", act("show", "list"), act("reveal", "list", part="items[2]", at=4)),
            say("And the last.", act("reveal", "list"), act("hide", "list", effect="wipe")),
        )
    )
    result, time = staged(program)
    assert result.diagnostics == ()
    check_tiling(result, time)
    check_continuity(result, program, time)
    assert looks(result) == looks(staged(program)[0])


def test_a_hold_before_and_after_equal_states_is_one_still() -> None:
    program = talk(
        scene(
            "a",
            (visual("w", "test.word"),),
            silent(act("show", "w"), act("wait", lasts="1"), act("highlight", "w", part="tex:a")),
            silent(act("wait", lasts="2"), act("unhighlight", "w")),
            silent(act("wait", lasts="3")),
        )
    )
    result, _ = staged(program)
    holds = [identity(placed.chunk) for placed in result.placed if placed.chunk.hold]
    assert len(holds) > len(set(holds)) >= 2


def test_a_move_settles_into_its_new_place_without_tracks() -> None:
    program = talk(
        scene("a", (visual("b"),), silent(act("show", "b"), act("move", "b", place=Place("right")), act("wait")))
    )
    result, _ = staged(program)
    there = [items(placed.chunk)[0] for placed in result.placed if placed.chunk.hold and items(placed.chunk)][-1]
    assert there.tracks == ()
    assert there.x > 960


def test_scenes_in_another_order_are_the_same_chunks() -> None:
    def one(name: str) -> object:
        return scene(name, (visual("b"), visual("w", "test.word")), say("Words here.", act("show", "b", "w")))

    first, second = one("a"), scene("z", (visual("q", "chart.test"),), silent(act("show", "q")))
    before = [looks(staged(talk(first, second), index)[0]) for index in (0, 1)]  # type: ignore[arg-type]
    after = [looks(staged(talk(second, first), index)[0]) for index in (1, 0)]  # type: ignore[arg-type]
    assert before == after


def test_still_finds_the_chunk_and_its_frame() -> None:
    program = talk(scene("a", (visual("b"),), silent(act("show", "b"), act("wait", lasts="1"))))
    result, time = staged(program)
    assert still(result, 0) == (result.placed[0], 0)
    assert still(result, 7) == (result.placed[0], 7)
    assert still(result, 20) == (result.placed[1], 0)
    assert still(result, time.frames + 99)[0] == result.placed[-1]


def test_a_part_that_is_not_there_names_its_neighbours() -> None:
    program = talk(
        scene(
            "a", (visual("c", "chart.test", bars=3),), silent(act("show", "c"), act("highlight", "c", part="bars[4]"))
        )
    )
    (finding,) = staged(program)[0].diagnostics
    assert finding.code == "PVC0576"
    assert finding.hint is not None
    assert "`bars[3]`" in finding.hint


def test_frames_rates_that_are_not_whole() -> None:
    for chosen in (FORMAT, NTSC, Format("24", 1920, 1080, Fraction(24), (1080, 1920))):
        program = talk(scene("a", (visual("b"),), say("Some words to say.", act("show", "b"))), format=chosen)
        result, time = staged(program)
        check_tiling(result, time)


VERBS = st.sampled_from(["show", "hide", "move", "highlight", "unhighlight", "transform", "reveal", "focus", "unfocus"])
NAMES = ("w", "c", "l", "b")
PARTS = {"w": "tex:a", "c": "bars[2]", "l": "items[2..3]", "b": "edge"}


@st.composite
def beats(draw: st.DrawFn) -> tuple[object, ...]:
    found = []
    for _ in range(draw(st.integers(1, 4))):
        actions = []
        for _ in range(draw(st.integers(0, 5))):
            verb, name = draw(VERBS), draw(st.sampled_from(NAMES))
            partial = verb in ("highlight", "reveal", "focus") and draw(st.booleans())
            effect = draw(st.sampled_from([None, "fade", "write", "draw", "grow", "wipe", "cut"]))
            actions.append(
                act(
                    verb,
                    name,
                    part=PARTS[name] if partial else None,
                    into=draw(st.sampled_from([other for other in NAMES if other != name]))
                    if verb == "transform"
                    else None,
                    effect=effect if verb in ("show", "hide", "transform") else None,
                    at=draw(st.one_of(st.none(), st.integers(0, 30))),
                    lasts=draw(st.sampled_from([None, None, "0.1", "1.7", 0, 1])),
                    place=Place(draw(st.sampled_from(["left", "right", "top", "center"]))) if verb == "move" else None,
                )
            )
        narrated = draw(st.booleans())
        quiet = [action.__class__(**{**fields(action), "moment": None}) for action in actions]
        found.append(say("A few words are said, and some more.", *actions) if narrated else silent(*quiet))
    return tuple(found)


def fields(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}  # type: ignore[attr-defined]


CAST = (
    visual("w", "test.word", text="abcab"),
    visual("c", "chart.test"),
    visual("l", "bullets"),
    visual("b", width=500),
)


@settings(max_examples=80, deadline=None)
@given(beats())
def test_whatever_is_asked_for_tiles_and_never_jumps_at_a_cut(chosen: tuple[object, ...]) -> None:
    program = talk(scene("a", CAST, *chosen))  # type: ignore[arg-type]
    result, time = staged(program)
    check_tiling(result, time)
    check_continuity(result, program, time)
    for placed in result.placed:
        for item in items(placed.chunk):
            for track in item.tracks:
                frames = [key.frame for key in track.keys]
                assert frames == sorted(frames)
                assert frames[-1] <= placed.length
                if placed.chunk.hold:
                    assert len(track.keys) == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 20), st.sampled_from(["move", "highlight", "hide", "transform"]), st.sampled_from([FORMAT, NTSC]))
def test_a_cue_that_moves_changes_only_holds(shift: int, verb: str, chosen: Format) -> None:
    def one(frames: int) -> Staged:
        action = act(
            verb,
            "w",
            into="c" if verb == "transform" else None,
            at=8,
            shift=frames,
            place=Place("right") if verb == "move" else None,
            part="tex:b" if verb == "highlight" else None,
        )
        spoken = "A first part. And a long second part is said here so that there is room."
        return staged(talk(scene("a", CAST, say(spoken, act("show", "w"), action)), format=chosen))[0]

    assert looks(one(0)) == looks(one(shift))


def test_hundreds_of_actions_are_staged_and_stay_in_order() -> None:
    actions = [act("highlight", "c", part=f"bars[{1 + number % 4}]", lasts=3) for number in range(300)]
    program = talk(scene("a", CAST, silent(act("show", "c"), *actions)))
    result, time = staged(program)
    check_tiling(result, time)
    check_continuity(result, program, time)


def test_a_narration_of_no_length() -> None:
    result, time = staged(talk(scene("a", CAST, say("...", act("show", "w")), say("", act("hide", "w")))))
    check_tiling(result, time)


def test_what_comes_on_in_the_middle_of_motion_is_not_seen_before() -> None:
    actions = (act("show", "w", lasts="2"), act("show", "l", at=2, lasts="0.5"))
    program = talk(scene("a", CAST, say("A few words are said, and some more.", *actions)))
    result, time = staged(program)
    begin = time.actions[1].start
    moving = result.placed[0]
    assert moving.length > begin > 0
    for frame in range(begin + 1):
        seen = {key[0] for key in picture(moving.chunk, frame, result.fragments)}
        lists = {item.fragment for item in items(moving.chunk) if item.visual == "l"}
        assert not seen & lists


def test_a_still_track_is_a_state() -> None:
    program = talk(
        scene("a", CAST, say("Some words to say here.", act("show", "l"), act("highlight", "l", part="items[1]")))
    )
    result, _ = staged(program)
    lit = [
        track
        for placed in result.placed
        if placed.chunk.hold
        for item in items(placed.chunk)
        for track in item.tracks
        if track.property == "opacity"
    ]
    assert [track.keys[0].value[0] for track in lit] == [pytest.approx(0.45, abs=1e-4)]
    assert lit[0].targets == (1, 2)
