"""One visual becoming another: what is matched, what travels, what fades, and that it ends where it should."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan.shapes import Nowhere, glyph, lay
from plan.talks import act, scene, silent, talk, visual

from pvc.compiler.layout.compose import rectangle
from pvc.compiler.model.display import Element, Fragment, Item, Paint, Rect, Shape
from pvc.compiler.model.tracks import apply, element_matrix, item_matrix, motion, pose
from pvc.compiler.plan import plan
from pvc.compiler.stage import Staged, curves, script, stage
from pvc.compiler.stage.derive import derive
from pvc.compiler.stage.matching import Match, bows, in_order, match
from pvc.compiler.stage.passage import frames_of, passage
from pvc.compiler.stage.script import Script, Stand
from pvc.compiler.stage.transforms import between, transform
from pvc.compiler.stage.ways import uprights


def word(text: str) -> Fragment:
    return Fragment(20.0 * len(text), 60, tuple(glyph(20.0 * i, 45, 60, letter) for i, letter in enumerate(text)))


def pairs(first: str, second: str) -> list[tuple[str, str]]:
    old, new = word(first), word(second)
    found = match(old, new, range(len(first)), range(len(second)))
    return [(first[pair.old], second[pair.new]) for pair in found]


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [("abc", "abc", 3), ("abc", "cab", 3), ("x+1=3", "x=3-1", 4), ("abc", "xyz", 0), ("", "a", 0), ("aab", "ab", 2)],
)
def test_equal_keys_are_matched_moved_ones_too(first: str, second: str, count: int) -> None:
    found = pairs(first, second)
    assert len(found) == count
    assert all(old == new for old, new in found)


def test_order_is_kept_where_it_can_be() -> None:
    old, new = word("abab"), word("ab")
    assert match(old, new, range(4), range(2)) in [(Match(0, 0), Match(1, 1)), (Match(2, 0), Match(3, 1))]


@given(st.text("abcd", max_size=12), st.text("abcd", max_size=12))
def test_every_element_is_in_one_pair_at_most(first: str, second: str) -> None:
    found = match(word(first), word(second), range(len(first)), range(len(second)))
    assert len({pair.old for pair in found}) == len({pair.new for pair in found}) == len(found)
    assert len(found) == sum(min(first.count(key), second.count(key)) for key in set(first))


def test_long_ones_are_matched_too() -> None:
    found = match(word("ab" * 500), word("ba" * 500), range(1000), range(1000))
    assert len(found) == 1000


def test_between_maps_places_onto_each_other() -> None:
    old, new = word("ab"), word("abcd")
    bridge = between(old, Stand(500, 300, 2.0), new, Stand(700, 400, 0.5))
    corner = (500 - 2 * 20, 300 - 2 * 30)  # of the old fragment in the frame
    x, y = apply(bridge, 0, 0)
    assert (700 + 0.5 * (x - 40), 400 + 0.5 * (y - 30)) == pytest.approx(corner)


def staged(first: str, second: str) -> Staged:
    cast = (visual("a", "test.word", text=first), visual("b", "test.word", text=second))
    wait = act("wait", lasts="1")
    beat = silent(act("show", "a", effect="cut"), wait, act("transform", "a", into="b"), wait)
    program = talk(scene("s", cast, beat))
    return stage(program, 0, plan(program, {}).time.scenes[0], Nowhere(), lay)


def seen(result: Staged, number: int, frame: int) -> dict[str, list[tuple[float, float]]]:
    """Where the visible letters of a chunk are at a frame, by letter."""
    placed = result.placed[number]
    found: dict[str, list[tuple[float, float]]] = {}
    for item in (item for layer in placed.chunk.layers for item in layer.items):
        fragment = result.fragments[item.fragment]
        now = pose(motion(item, len(fragment.elements)), frame)
        outer = item_matrix(item, fragment, now.whole)
        for element, state in zip(fragment.elements, now.elements, strict=True):
            if state.visible and now.whole.visible:
                bounds = element.bounds
                centre = apply(element_matrix(element, state), bounds.x + bounds.width / 2, bounds.y)
                x, y = apply(outer, *centre)
                found.setdefault(element.morph[-1], []).append((round(x, 1), round(y, 1)))
    return found


def test_at_its_first_frame_a_transform_looks_like_what_it_comes_from() -> None:
    result = staged("abc", "cax")
    moving = next(number for number, placed in enumerate(result.placed) if not placed.chunk.hold)
    assert seen(result, moving, 0) == seen(result, moving - 1, 0)
    end = seen(result, moving, result.placed[moving].length)
    assert set(end) == {"c", "a", "x"}
    assert end == seen(result, moving + 1, 0)


def test_what_stays_where_it_was_has_no_track() -> None:
    result = staged("abc", "abd")
    moving = next(placed for placed in result.placed if not placed.chunk.hold)
    target = [item for layer in moving.chunk.layers for item in layer.items if item.visual == "b"]
    touched = {index for item in target for track in item.tracks for index in track.targets or ()}
    assert touched == {2}


def box(width: float, height: float, corner: float, key: str) -> Element:
    shape = Shape(rectangle(Rect(0, 0, width, height), corner), Paint(9, 9, 200))
    return Element(shape, Rect(0, 0, width, height), "box", 0, key)


def test_outlines_morph_only_where_they_differ() -> None:
    def go(old: Element, new: Element) -> set[str]:
        before, after = Fragment(100, 100, (old,)), Fragment(100, 100, (new,))
        source = script.script("a", before, "a", 0, 99, Stand(500, 500))
        target = script.script("b", after, "b", 0, 99, Stand(500, 500))
        transform(source, target, 10, 30, None, 2)
        return {kind for kind, channel, _ in target.curves if channel == "morph"}

    assert go(box(100, 50, 0, "k"), box(50, 50, 0, "k")) == {"translate", "scale"}
    assert go(box(100, 50, 0, "k"), box(50, 50, 20, "k")) == {"morph"}
    assert go(box(100, 50, 0, "k"), box(100, 50, 0, "k")) == set()


def test_a_label_whose_words_change_fades_from_one_to_the_other() -> None:
    def lay_label(spec: object, room: object, env: object) -> Fragment:
        text = dict(spec.arguments)["text"]  # type: ignore[attr-defined]
        label = glyph(0, 40, 40, str(text))
        return Fragment(200, 60, (Element(label.primitive, label.bounds, "text", 0, "label"),))

    cast = (visual("a", "x", text="Before"), visual("b", "x", text="After"))
    beat = silent(act("show", "a", effect="cut"), act("transform", "a", into="b", lasts="1"))
    program = talk(scene("s", cast, beat))
    result = stage(program, 0, plan(program, {}).time.scenes[0], Nowhere(), lay_label)  # type: ignore[arg-type]
    moving = result.placed[0].chunk
    items: list[Item] = [item for layer in moving.layers for item in layer.items]
    halfway = [pose(motion(item, 1), 6).elements[0].opacity for item in items]
    assert len(halfway) == 2
    assert all(0 < opacity < 1 for opacity in halfway)


def test_long_runs_travel_as_wholes() -> None:
    # A shorter way for single letters would take "bcd" apart.
    found = match(word("abcd-bx"), word("bx-abcd"), range(7), range(7))
    assert [pair.old for pair in found] == [5, 6, 4, 0, 1, 2, 3]


def test_fractions_are_never_taken_apart() -> None:
    def fraction(x: float, top: str, bottom: str) -> list[Element]:
        bar = Element(
            Shape(rectangle(Rect(x, 28, 20, 2)), Paint(9, 9, 9)), Rect(x, 28, 20, 2), "glyph", 0, "glyph:rule"
        )
        return [glyph(x + 4, 20, 20, top), bar, glyph(x + 4, 50, 20, bottom)]

    def row(*pieces: list[Element]) -> Fragment:
        return Fragment(400, 60, tuple(element for piece in pieces for element in piece))

    old = row(fraction(0, "a", "b"), [glyph(40, 35, 20, "+")], fraction(80, "c", "d"))
    new = row(fraction(0, "c", "b"), [glyph(40, 35, 20, "+")], fraction(80, "a", "b"))
    found = {pair.new: pair.old for pair in match(old, new, range(7), range(7))}
    assert [found[index] for index in (4, 5, 6)] == [0, 1, 2]  # a over b goes as one, though a `b` was nearer


def test_what_changes_sides_goes_by_in_a_bow() -> None:
    old, new = word("abc="), word("=abc")
    was = {pair.new: old.elements[pair.old].bounds for pair in match(old, new, range(4), range(4))}
    heights = bows(match(old, new, range(4), range(4)), was, new)
    assert set(heights) == {0}  # three go straight, one passes them
    assert abs(heights[0]) > new.elements[0].bounds.height
    assert bows(match(old, old, range(4), range(4)), was, old) == {}
    straight = in_order(match(old, new, range(4), range(4)), new)
    assert [pair.new for pair in straight] == [1, 2, 3]


def ink(result: Staged, number: int, frame: int) -> float:
    """How many letters of a chunk are seen at a frame, those that are half gone by half."""
    found = 0.0
    for item in (item for layer in result.placed[number].chunk.layers for item in layer.items):
        now = pose(motion(item, len(result.fragments[item.fragment].elements)), frame)
        found += now.whole.opacity * sum(state.opacity for state in now.elements)
    return found


@given(st.text("abcdef", min_size=1, max_size=10), st.text("abcdefxyz", min_size=1, max_size=10))
@settings(deadline=None, max_examples=60)
def test_no_frame_of_a_transform_is_all_but_empty(first: str, second: str) -> None:
    result = staged(first, second)
    least = min(len(first), len(second))
    for number, placed in enumerate(result.placed):
        if placed.chunk.hold or placed.start > 30:  # that is the scene's exit
            continue
        for frame in range(placed.length + 1):
            assert ink(result, number, frame) > 0.4 * least, frame


def test_what_shares_nothing_crosses_over_as_wholes() -> None:
    result = staged("abc", "xyz")
    number = next(number for number, placed in enumerate(result.placed) if not placed.chunk.hold)
    both = [set(seen(result, number, frame)) for frame in range(result.placed[number].length)]
    assert set("abcxyz") in both
    items = [item for layer in result.placed[number].chunk.layers for item in layer.items]
    for item in items:
        assert {(track.property, track.targets) for track in item.tracks} >= {("opacity", None), ("scale", None)}
    assert seen(result, number, result.placed[number].length) == seen(result, number + 1, 0)


def test_an_effect_that_was_asked_for_brings_the_new_one_in_meanwhile() -> None:
    cast = (visual("a", "test.word", text="abc"), visual("b", "test.word", text="xyz"))
    beat = silent(act("show", "a", effect="cut"), act("transform", "a", into="b", effect="wipe", lasts="1"))
    program = talk(scene("s", cast, beat))
    result = stage(program, 0, plan(program, {}).time.scenes[0], Nowhere(), lay)
    moving = next(placed for placed in result.placed if not placed.chunk.hold)
    target = [item for layer in moving.chunk.layers for item in layer.items if item.visual == "b"]
    assert any(track.property == "clip" for item in target for track in item.tracks)


def test_little_that_stays_lets_old_and_new_overlap() -> None:
    turn, cross = passage(95, 100, 100), passage(10, 100, 100)
    assert turn.lap == 0.0
    assert turn.away[1] < turn.come[0], "one after the other"
    assert cross.lap == 1.0
    assert cross.come[0] < cross.away[1], "at once"
    between_both = passage(60, 100, 90)
    assert turn.away[1] < between_both.away[1] < cross.away[1]
    assert passage(0, 0, 0).lap == 1.0
    assert frames_of((0.5, 0.5), 10, 20) == (20, 1)
    assert frames_of((0.9, 1.0), 10, 1) == (10, 1)


def scripts(first: Fragment, second: Fragment) -> tuple[Script, Script]:
    source = script.script("a", first, "a", 0, 99, Stand(500, 500))
    return source, script.script("b", second, "b", 0, 99, Stand(500, 500))


def at(actor: Script, index: int, frame: int) -> tuple[float, float]:
    """By how much an element is away from its own place."""
    x = y = 0.0
    for (kind, _, target), curve in actor.curves.items():
        if kind == "translate" and target == index:
            value = curves.at(curve, frame)
            x, y = x + value[0], y + value[1]
    return x, y


@given(
    st.text("abc=/", min_size=1, max_size=8),
    st.text("bcd=/", min_size=1, max_size=8),
    st.integers(1, 40),
    st.sampled_from([None, "fade", "write", "cut"]),
)
@settings(deadline=None)
def test_all_is_done_when_a_transform_ends_however_short_it_is(
    first: str, second: str, frames: int, effect: str | None
) -> None:
    source, target = scripts(word(first), word(second))
    transform(source, target, 7, frames, effect, 2)
    for actor, there in ((source, 0.0), (target, 1.0)):
        latest = max((key.frame for curve in actor.curves.values() for key in curve.keys), default=0)
        assert latest <= 7 + frames
        for index in range(len(actor.fragment.elements)):
            opacity = 1.0
            for (kind, _, which), curve in actor.curves.items():
                if kind == "opacity" and which in (index, None):
                    opacity *= curves.at(curve, 7 + frames)[0]
            assert opacity == there
    for index in range(len(second)):
        assert at(target, index, 7 + frames) == (0.0, 0.0)


def test_words_without_a_partner_keep_together_and_follow_their_neighbour() -> None:
    source, target = scripts(word("a=bcd"), word("=xyzw"))
    transform(source, target, 10, 30, None, 2)
    for frame in range(10, 41):
        ways = {at(target, index, frame) for index in (1, 2, 3, 4)}
        assert len(ways) == 1, "new ones come side by side"
        (x, _), (follows, _) = at(target, 0, frame), ways.pop()
        assert x == pytest.approx(follows, abs=1e-3), "and beside what they stand by"
        assert len({at(source, index, frame) for index in (2, 3, 4)}) == 1
    assert at(target, 1, 40) == (0.0, 0.0)


def test_what_changes_its_height_takes_the_upper_way() -> None:
    high = Fragment(300, 200, (glyph(0, 40, 60, "a"), glyph(200, 160, 60, "q")))
    low = Fragment(300, 200, (glyph(200, 160, 60, "a"), glyph(0, 160, 60, "p")))
    for first, second in ((high, low), (low, high)):
        source, target = scripts(first, second)
        transform(source, target, 0, 40, None, 2)
        begin, end = at(target, 0, 0), at(target, 0, 40)
        assert end == (0.0, 0.0)
        for frame in range(1, 40):
            x, y = at(target, 0, frame)
            if 0.05 < x / begin[0] < 0.95:
                assert y <= begin[1] * x / begin[0] + 1e-6, "never under the straight way"


def test_a_step_comes_out_from_beneath_the_one_above_and_never_lies_on_it() -> None:
    above = [glyph(x, 60, 50, letter) for x, letter in ((0, "l"), (40, "="), (200, "a"), (240, "b"))]
    below = [glyph(x, 200, 50, letter) for x, letter in ((40, "="), (80, "n"), (120, "a"), (160, "b"))]
    actor, _ = scripts(Fragment(400, 220, (*above, *below)), word("a"))
    actor.hidden = {4, 5, 6, 7}
    script.jump(actor, "opacity", "life", (4, 5, 6, 7), 0, (0.0,))
    found = in_order(match(actor.fragment, actor.fragment, range(4), range(4, 8)), actor.fragment)
    assert [pair.new for pair in found] == [4, 6, 7]
    derive(actor, found, range(4), range(4, 8), 10, 30)
    floor = max(element.bounds.bottom for element in above)
    for frame in range(10, 41):
        for index in range(4, 8):
            _, y = at(actor, index, frame)
            assert actor.fragment.elements[index].bounds.y + y >= floor
        apart = at(actor, 7, frame)[0] - at(actor, 6, frame)[0]
        assert apart == pytest.approx(0.0, abs=1e-6)
        assert all(at(actor, index, frame) == (0.0, 0.0) for index in range(4))
    assert [script.value(actor, "opacity", "life", index, 40) for index in range(4, 8)] == [(1.0,)] * 4
    assert at(actor, 6, 10)[0] == pytest.approx(80.0), "where its original stands"


def test_what_changes_its_height_goes_round_what_is_in_its_way() -> None:
    def places(*found: tuple[float, float, str]) -> Fragment:
        return Fragment(400, 300, tuple(glyph(x, y, 40, letter) for x, y, letter in found))

    line = places((0, 60, "a"), (60, 60, "x"), (120, 60, "="), (200, 60, "c"))
    under = places((0, 60, "x"), (60, 60, "="), (200, 60, "c"), (200, 160, "a"))
    for first, second, sinks_first in ((line, under, True), (under, line, False)):
        found = match(first, second, range(4), range(4))
        was = {pair.new: first.elements[pair.old].bounds for pair in found}
        curved = uprights(found, was, second, {})
        moved_one = next(index for index, element in enumerate(second.elements) if element.morph[-1] == "a")
        assert curved == {moved_one: sinks_first}, "beneath the line, not through it"
    alone = places((0, 60, "a")), places((200, 160, "a"))
    found = match(*alone, range(1), range(1))
    assert uprights(found, {0: alone[0].elements[0].bounds}, alone[1], {}) == {0: False}, "else the upper way"
    assert uprights(found, {0: alone[0].elements[0].bounds}, alone[1], {0: -50.0}) == {}


def test_symbols_of_formulas_are_scaled_and_never_bent() -> None:
    small, large = box(20, 40, 0, "glyph:221A"), box(30, 80, 9, "glyph:221A")
    source, target = scripts(Fragment(100, 100, (small,)), Fragment(100, 100, (large,)))
    transform(source, target, 0, 30, None, 2)
    assert not target.paths
    assert {kind for kind, channel, _ in target.curves if channel == "morph"} == {"translate", "scale"}
