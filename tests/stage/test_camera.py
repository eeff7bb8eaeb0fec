"""The camera: where it looks, that all moves with it and stays sharp, what stands before it, what it leaves out."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan.shapes import Nowhere, lay
from plan.talks import FORMAT, THEME, act, say, scene, silent, talk, visual

from pvc.compiler.layout.compose import union
from pvc.compiler.model.display import Chunk, Item, Rect
from pvc.compiler.model.program import Action, Format, Place, Program
from pvc.compiler.model.tracks import apply, item_matrix, motion, pose
from pvc.compiler.plan import plan
from pvc.compiler.stage import Staged, identity, lint_scene, regions, stage

VERTICAL = Format("vertical30", 1080, 1920, Fraction(30), (1080, 1920))


def staged(program: Program, index: int = 0) -> Staged:
    return stage(program, index, plan(program, {}).time.scenes[index], Nowhere(), lay)


def items(chunk: Chunk) -> dict[str, Item]:
    return {item.visual: item for layer in chunk.layers for item in layer.items}


def box(result: Staged, item: Item, frame: int = 0, part: str | None = None) -> Rect:
    """Where an item (or a part of it) is seen at a frame of its chunk, in reference px."""
    fragment = result.fragments[item.fragment]
    now = pose(motion(item, len(fragment.elements)), frame)
    matrix = item_matrix(item, fragment, now.whole)
    chosen = fragment.part(part) if part else None
    inner = union(fragment.elements[index].bounds for index in chosen or range(len(fragment.elements)))
    left, top = apply(matrix, inner.x, inner.y)
    right, bottom = apply(matrix, inner.right, inner.bottom)
    return Rect(left, top, right - left, bottom - top)


def middle(rect: Rect) -> tuple[float, float]:
    return (rect.x + rect.width / 2, rect.y + rect.height / 2)


def holds(result: Staged) -> list[Chunk]:
    return [placed.chunk for placed in result.placed if placed.chunk.hold]


def zoomed(*actions: Action, format: Format = FORMAT) -> Staged:
    cast = (visual("w", "test.word", text="abcab"), visual("b", width=500), visual("third", "lower_third"))
    return staged(
        talk(scene("a", cast, *(silent(action, act("wait", lasts="1")) for action in actions)), format=format)
    )


@pytest.mark.parametrize("format", [FORMAT, VERTICAL])
def test_the_camera_brings_a_part_into_the_middle_and_as_near_as_fits(format: Format) -> None:
    result = zoomed(act("show", "w", "b"), act("zoom", "w", part="tex:c"), format=format)
    before, after = holds(result)[:2]
    was, now = box(result, items(before)["w"], part="tex:c"), box(result, items(after)["w"], part="tex:c")
    body = regions.frame(THEME, format.reference).body
    assert middle(now) == pytest.approx(middle(body), abs=0.01)
    assert now.width / was.width == pytest.approx(3.0, rel=1e-3)
    chunk = after
    assert items(chunk)["w"].scale == pytest.approx(3.0, rel=1e-3), "set larger, not enlarged by a track"
    assert not any(track.property in ("scale", "translate") for track in items(chunk)["w"].tracks)


def test_a_large_thing_is_shown_as_large_as_fits() -> None:
    result = zoomed(act("show", "b", place=Place("left")), act("zoom", "b"))
    now = box(result, items(holds(result)[1])["b"])
    body = regions.frame(THEME, FORMAT.reference).body
    assert now.width == pytest.approx(0.8 * body.width, rel=1e-3) or now.height == pytest.approx(
        0.8 * body.height, rel=1e-3
    )


def test_a_pan_keeps_the_distance_and_a_reset_ends_all() -> None:
    both = act("show", "w", "b")
    result = zoomed(both, act("zoom", "w", options=(("by", 2),)), act("pan", "b"), act("reset"))
    rest, near, panned, again = holds(result)[:4]
    assert items(near)["w"].scale == items(panned)["b"].scale == 2.0
    body = regions.frame(THEME, FORMAT.reference).body
    assert middle(box(result, items(panned)["b"])) == pytest.approx(middle(body), abs=0.01)
    assert identity(rest) == identity(again)


def test_what_the_camera_does_not_show_is_not_in_the_chunk() -> None:
    cast = (visual("w", "test.word", text="abcab"), visual("v", "test.word", text="cc"))
    shown = [act("show", "w", place=Place("left")), act("show", "v", place=Place("right"))]
    result = staged(talk(scene("a", cast, silent(*shown), silent(act("zoom", "w"), act("wait", lasts="1")))))
    assert set(items(holds(result)[-2])) == {"w"}
    assert not items(holds(result)[-1]), "after the exit"


def test_what_stands_before_the_camera_does_not_move() -> None:
    result = zoomed(act("show", "w", "third"), act("zoom", "w"))
    before, after = holds(result)[:2]
    assert items(before)["third"] == items(after)["third"]
    moving = next(
        placed.chunk
        for placed in result.placed
        if not placed.chunk.hold and len(items(placed.chunk)["w"].tracks) == 2 and placed.start > 30
    )
    assert items(moving)["third"].tracks == ()
    # The thing is brought where the fixed one leaves room.
    assert box(result, items(after)["w"]).bottom < box(result, items(after)["third"]).y


def test_a_move_of_the_camera_is_one_chunk_and_begins_and_ends_at_rest() -> None:
    result = zoomed(act("show", "w", "b"), act("zoom", "w", part="tex:c"))
    moving = [placed for placed in result.placed if not placed.chunk.hold]
    assert [placed.length for placed in moving][1] == 60
    chunk = moving[1].chunk
    item = items(chunk)["w"]
    widths = [box(result, item, frame).width for frame in range(61)]
    assert all(after >= before for before, after in pairwise(widths))
    steps = [after / before for before, after in pairwise(widths)]
    assert steps[0] < 1.001
    assert steps[-1] < 1.001
    assert max(steps) == pytest.approx(max(steps[25:35]))
    # One point of the picture stays where it is.
    lefts = [box(result, item, frame).x for frame in range(61)]
    ratio = (lefts[-1] - lefts[0]) / (widths[-1] - widths[0])
    for width, left in zip(widths, lefts, strict=True):
        assert left == pytest.approx(lefts[0] + ratio * (width - widths[0]), abs=0.02)


def test_a_camera_that_is_told_something_else_goes_on_from_where_it_is() -> None:
    words = "Look at the first of all these words and now look at the other one that stands beside."
    actions = [act("zoom", "w", at=0, lasts="2"), act("pan", "b", at=12, lasts="1")]
    result = staged(talk(scene("a", zoom_cast(), silent(act("show", "w", "b")), say(words, *actions))))
    check_continuous(result)


def zoom_cast() -> tuple:  # type: ignore[type-arg]
    return (visual("w", "test.word", text="abcab"), visual("b", width=500), visual("c", "chart.test"))


def check_continuous(result: Staged) -> None:
    """Items that are in two neighbouring chunks stand at the seam where they stood, to a fiftieth of a px."""
    for before, after in pairwise(result.placed):
        ends, begins = items(before.chunk), items(after.chunk)
        for name in ends.keys() & begins.keys():
            if ends[name].fragment != begins[name].fragment:
                continue
            last = box(result, ends[name], 0 if before.chunk.hold else before.chunk.frames)
            first = box(result, begins[name])
            assert (last.x, last.y, last.width, last.height) == pytest.approx(
                (first.x, first.y, first.width, first.height), abs=0.02
            )


@st.composite
def filmed(draw: st.DrawFn) -> list[Action]:
    made = []
    for _ in range(draw(st.integers(1, 6))):
        verb = draw(st.sampled_from(["zoom", "zoom", "pan", "reset", "move", "highlight"]))
        name = draw(st.sampled_from(["w", "b", "c"]))
        lasts = draw(st.sampled_from([None, "0.1", "0.7", 1]))
        by = draw(st.sampled_from([None, Fraction(1, 2), Fraction(2), Fraction(5)])) if verb == "zoom" else None
        names = () if verb == "reset" or (by is not None and draw(st.booleans())) else (name,)
        made.append(
            act(
                verb,
                *names,
                at=draw(st.integers(0, 60)),
                lasts=lasts,
                place=Place(draw(st.sampled_from(["left", "right", "top"]))) if verb == "move" else None,
                options=(("by", by),) if by is not None else (),
            )
        )
    return made


@settings(max_examples=60, deadline=None)
@given(filmed())
def test_whatever_the_camera_does_nothing_jumps_where_the_scene_is_cut(actions: list[Action]) -> None:
    words = "A few words are said here, and then some more of them, and then the last."
    program = talk(scene("a", zoom_cast(), silent(act("show", "w", "b", "c")), say(words, *actions)))
    result = staged(program)
    check_continuous(result)
    at = 0
    for placed in result.placed:
        assert placed.start == at
        at += placed.length
        for item in items(placed.chunk).values():
            for track in item.tracks:
                frames = [key.frame for key in track.keys]
                assert frames == sorted(frames)
                assert frames[-1] <= placed.length
                assert not placed.chunk.hold or len(frames) == 1


def test_the_next_scene_begins_at_rest() -> None:
    first = scene("a", (visual("w", "test.word"),), silent(act("show", "w"), act("zoom", "w")))
    second = scene("b", (visual("w", "test.word"),), silent(act("show", "w"), act("wait", lasts="1")))
    alone = staged(talk(second))
    assert [identity(placed.chunk) for placed in staged(talk(first, second), 1).placed] == [
        identity(placed.chunk) for placed in alone.placed
    ]


def test_a_longer_pause_under_a_camera_renders_nothing() -> None:
    def looks(wait: str) -> set[str]:
        steps = [act("show", "w"), act("zoom", "w"), act("wait", lasts=wait), act("reset")]
        return {identity(placed.chunk) for placed in staged(talk(scene("a", zoom_cast(), silent(*steps)))).placed}

    assert looks("0.5") == looks("4")


@pytest.mark.parametrize(
    ("actions", "codes"),
    [
        ((act("show", "w", "b"), act("zoom", "w"), act("highlight", "b", part="edge")), ["PVC0579"]),
        ((act("show", "w", "b"), act("zoom", "w"), act("reset"), act("highlight", "b", part="edge")), []),
        ((act("show", "w", "b"), act("zoom", "w"), act("pan", "b"), act("highlight", "b", part="edge")), []),
        ((act("show", "b"), act("zoom", "b", options=(("by", Fraction(6)),))), ["PVC0578"]),
        ((act("show", "w"), act("zoom", options=(("by", Fraction(1, 4)),))), []),
        (
            (
                act("show", "w", "b"),
                act("zoom", "w"),
                act("together", children=(act("highlight", "b", part="edge"), act("reset"))),
            ),
            [],
        ),
    ],
)
def test_lints(actions: tuple[Action, ...], codes: list[str]) -> None:
    program = talk(scene("a", zoom_cast(), silent(*actions)))
    assert [one.code for one in lint_scene(program, 0, Nowhere(), lay)] == codes


def test_what_is_moved_under_a_fixed_visual_is_said() -> None:
    cast = (visual("b", width=300, height=700), visual("third", "lower_third"))
    steps = (act("show", "b", place=Place(None, None, Fraction(1, 4), Fraction(2, 5))), act("show", "third"))
    program = talk(scene("a", cast, silent(*steps, act("zoom", options=(("by", Fraction(2)),)))))
    assert "PVC0571" in [one.code for one in lint_scene(program, 0, Nowhere(), lay)]
