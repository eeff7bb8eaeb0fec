"""Where visuals stand: regions, cells, the life of a place, and that nothing overlaps that was not told to."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan.shapes import Nowhere, lay
from plan.talks import FORMAT, THEME, act, scene, silent, talk, visual

from pvc.compiler.model.display import Rect
from pvc.compiler.model.program import Action, Format, Place, Program, VisualSpec
from pvc.compiler.stage import regions
from pvc.compiler.stage.camera import placed
from pvc.compiler.stage.cells import Wish, arrange, column, grid, row
from pvc.compiler.stage.lives import lives, overlap
from pvc.compiler.stage.scene import arranged

VERTICAL = Format("vertical30", 1080, 1920, Fraction(30), (1080, 1920))
SQUARE = Format("square30", 1080, 1080, Fraction(30), (1080, 1080))
FORMATS = (FORMAT, VERTICAL, SQUARE)


def stands(program: Program) -> dict[str, list[Rect]]:
    """The rectangles in which each visual stands, stay after stay."""
    spec = program.scenes[0]
    lines = lives(spec)
    found: dict[str, list[Rect]] = {}
    for life, standing in zip(lines.lives, arranged(program, spec, lines, Nowhere(), lay), strict=True):
        fragment = standing.fragment
        whole = Rect(0, 0, fragment.width, fragment.height)
        found.setdefault(life.visual, []).extend(placed(whole, fragment, stand) for stand in standing.stands)
    return found


def shown(*actions: Action, cast: tuple[VisualSpec, ...], format: Format = FORMAT) -> dict[str, list[Rect]]:
    return stands(talk(scene("a", cast, silent(*actions)), format=format))


def centre(rect: Rect) -> tuple[float, float]:
    return rect.x + rect.width / 2, rect.y + rect.height / 2


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_one_alone_is_centred_above_the_captions(format: Format) -> None:
    (rect,) = shown(act("show", "a"), cast=(visual("a"),), format=format)["a"]
    stage = regions.frame(THEME, format.reference)
    x, y = centre(rect)
    assert x == pytest.approx(format.reference[0] / 2, abs=1)
    assert y == pytest.approx(stage.body.y + stage.body.height / 2, abs=1)
    assert stage.floor <= format.reference[1] * 0.88 + 1


def test_a_layout_is_told_when_it_has_the_body_to_itself() -> None:
    cast = (visual("h", "heading"), visual("a"), visual("b"))

    def told(*actions: Action) -> dict[str, bool]:
        spec = talk(scene("a", cast, silent(*actions))).scenes[0]
        lines = lives(spec)
        found = arranged(talk(spec), spec, lines, Nowhere(), lay)
        return {life.visual: standing.box.alone for life, standing in zip(lines.lives, found, strict=True)}

    head = act("show", "h")
    assert told(head, act("show", "a"))["a"]
    assert told(head, act("show", "a"), act("hide", "a"), act("show", "b")) == {"h": False, "a": True, "b": True}
    assert not any(told(head, act("show", "a"), act("show", "b")).values())
    assert not told(act("show", "a", place=Place("left")))["a"]
    assert not told(act("show", "a"), act("move", "a", place=Place("left")))["a"], "it must fit there too"
    assert not told(act("show", "a"), act("show", "b", place=Place(beside=("below", "a"))))["a"]


def test_two_stand_side_by_side_in_a_wide_frame_and_stacked_in_a_high_one() -> None:
    cast = (visual("a", width=700, height=600), visual("b", width=700, height=600))
    both = (act("show", "a"), act("show", "b"))
    wide, high = shown(*both, cast=cast), shown(*both, cast=cast, format=VERTICAL)
    assert wide["a"][0].right < wide["b"][0].x
    assert centre(wide["a"][0])[1] == centre(wide["b"][0])[1]
    assert high["a"][0].bottom < high["b"][0].y


def test_what_shares_a_place_is_enlarged_together() -> None:
    small = (visual("l", "bullets"), visual("t", "text", width=300, height=60))
    both = (act("show", "l"), act("show", "t"))
    found = shown(*both, cast=small)
    scales = {found["l"][0].width / 400, found["t"][0].width / 300}
    assert len({round(scale, 2) for scale in scales}) == 1
    assert 1.2 < scales.pop() <= 1.25, "a list grows no further"
    large = shown(*both, cast=(small[0], visual("t", "text", width=1500, height=60)))
    assert large["t"][0].width == 1500
    moved = shown(*both, act("move", "t", place=Place("left")), cast=small)
    assert moved["l"][0].width == 400, "it would change its size on the way"
    picture = shown(*both, cast=(small[0], visual("t", "image", width=300, height=60)))
    assert picture["t"][0].width == 300


def test_in_a_column_what_is_read_begins_at_one_edge() -> None:
    both = (act("show", "c"), act("show", "l"))
    stage = regions.frame(THEME, VERTICAL.reference)
    listed = shown(*both, cast=(visual("c", "chart.test"), visual("l", "bullets")), format=VERTICAL)
    assert listed["l"][0].x == pytest.approx(stage.body.x, abs=1)
    among = shown(*both, cast=(visual("c", width=700, height=500), visual("l", "bullets")), format=VERTICAL)
    assert centre(among["l"][0])[0] == pytest.approx(540, abs=1), "what it stands under is centred"


def test_a_chart_beside_a_note_gets_the_room_that_is_left() -> None:
    cast = (visual("a", width=400, height=100), visual("c", "chart.test"))
    found = shown(act("show", "a"), act("show", "c"), cast=cast)
    assert found["c"][0].width > 1000
    assert found["a"][0].right < found["c"][0].x


def test_what_stays_keeps_its_place_and_what_follows_takes_the_free_one() -> None:
    cast = tuple(visual(name, width=500) for name in "abc")
    found = shown(act("show", "a"), act("show", "b"), act("hide", "b"), act("show", "c"), cast=cast)
    assert len(found["a"]) == 1
    assert found["b"] == found["c"]


def test_after_everything_left_the_next_has_the_whole_frame() -> None:
    cast = (visual("a"), visual("b"), visual("c"))
    found = shown(act("show", "a"), act("show", "b"), act("hide", "a", "b"), act("show", "c"), cast=cast)
    assert centre(found["c"][0])[0] == 960


def test_in_a_together_what_leaves_makes_room_for_what_comes() -> None:
    cast = (visual("a"), visual("b"))
    swap = act("together", children=(act("show", "b"), act("hide", "a")))
    found = shown(act("show", "a"), swap, cast=cast)
    assert found["a"] == found["b"]


def test_a_target_takes_its_sources_place() -> None:
    cast = (visual("a", width=300), visual("n", width=300), visual("b", width=200))
    found = shown(act("show", "a"), act("show", "n"), act("transform", "a", into="b"), cast=cast)
    assert centre(found["a"][0]) == centre(found["b"][0])


def test_regions_and_explicit_places_win() -> None:
    cast = tuple(visual(name, width=200, height=100) for name in "abcd")
    found = shown(
        act("show", "a", place=Place("left")),
        act("show", "b", place=Place(x=Fraction(3, 4), y=Fraction(1, 4))),
        act("show", "c", place=Place(beside=("below", "a"))),
        act("move", "a", place=Place("right")),
        cast=cast,
    )
    assert found["a"][0].right < 960 < found["a"][1].x
    assert centre(found["b"][0]) == (1440, 270)
    assert found["c"][0].y > found["a"][0].bottom
    assert centre(found["c"][0])[0] == centre(found["a"][0])[0]


def test_below_and_above_make_a_column() -> None:
    cast = tuple(visual(name, width=200, height=100) for name in "abc")
    found = shown(
        act("show", "b"),
        act("show", "a", place=Place(beside=("above", "b"))),
        act("show", "c", place=Place(beside=("below", "b"))),
        cast=cast,
    )
    assert found["a"][0].bottom < found["b"][0].y
    assert found["b"][0].bottom < found["c"][0].y


def test_a_heading_stands_on_top_and_takes_its_height_from_the_body() -> None:
    cast = (visual("h", "heading"), visual("c", "chart.test"))
    found = shown(act("show", "h"), act("show", "c"), cast=cast)
    assert (found["h"][0].x, found["h"][0].y) == (96, 56)
    assert found["c"][0].y >= found["h"][0].bottom + 40


def test_a_title_is_centred_alone_and_goes_up_in_company() -> None:
    cast = (visual("t", "title", width=500, height=200), visual("b"))
    alone = shown(act("show", "t"), act("hide", "t"), act("show", "b"), cast=cast)
    company = shown(act("show", "t"), act("show", "b"), cast=cast)
    assert centre(alone["t"][0])[0] == 960
    assert company["t"][0].y == 56
    assert company["t"][0].bottom < company["b"][0].y


def test_an_automatic_one_avoids_a_region_that_is_taken() -> None:
    cast = (visual("a", "chart.test"), visual("b"))
    found = shown(act("show", "a", place=Place("left")), act("show", "b"), cast=cast)
    assert found["b"][0].x > found["a"][0].right


def test_what_moves_to_a_smaller_place_is_scaled_to_fit() -> None:
    found = shown(act("show", "c"), act("move", "c", place=Place("left")), cast=(visual("c", "chart.test"),))
    before, after = found["c"]
    assert after.width < 0.6 * before.width
    assert after.width / after.height == pytest.approx(before.width / before.height)


VERBS = st.sampled_from(["show", "show", "hide", "transform"])


@st.composite
def scripts(draw: st.DrawFn) -> tuple[tuple[VisualSpec, ...], list[Action]]:
    names = "abcdef"
    cast = tuple(
        visual(name, "chart.test")
        if draw(st.integers(0, 4)) == 0
        else visual(name, width=draw(st.integers(40, 900)), height=draw(st.integers(40, 500)))
        for name in names
    )
    actions = []
    for _ in range(draw(st.integers(1, 12))):
        verb, name = draw(VERBS), draw(st.sampled_from(names))
        into = draw(st.sampled_from([other for other in names if other != name])) if verb == "transform" else None
        actions.append(act(verb, name, into=into))
    return ((visual("h", "heading"), *cast), [act("show", "h"), *actions] if draw(st.booleans()) else actions)


@settings(max_examples=150, deadline=None)
@given(scripts(), st.sampled_from(FORMATS))
def test_without_places_nothing_overlaps_and_everything_is_inside(
    script: tuple[tuple[VisualSpec, ...], list[Action]], format: Format
) -> None:
    cast, actions = script
    program = talk(scene("a", cast, silent(*actions)), format=format)
    spec = program.scenes[0]
    lines = lives(spec)
    found = []
    for life, standing in zip(lines.lives, arranged(program, spec, lines, Nowhere(), lay), strict=True):
        whole = Rect(0, 0, standing.fragment.width, standing.fragment.height)
        found.append((life, placed(whole, standing.fragment, standing.stands[0])))
    width = format.reference[0]
    floor = regions.frame(THEME, format.reference).floor
    for index, (life, rect) in enumerate(found):
        assert rect.x >= -0.5
        assert rect.right <= width + 0.5
        assert rect.y >= -0.5
        assert rect.bottom <= floor + 1
        for other, beside in found[index + 1 :]:
            if overlap(life, other):
                across = min(rect.right, beside.right) - max(rect.x, beside.x)
                down = min(rect.bottom, beside.bottom) - max(rect.y, beside.y)
                assert min(across, down) <= 1.0, (life.visual, other.visual)


SIZES = st.lists(st.builds(Wish, st.floats(1, 3000), st.floats(1, 3000), st.booleans()), min_size=1, max_size=9)


@given(SIZES, st.sampled_from([row, column, arrange]))
def test_cells_lie_inside_and_apart(wishes: list[Wish], how: object) -> None:
    rect = Rect(96, 56, 1728, 890)
    found = how(wishes, rect, 48.0)  # type: ignore[operator]
    assert len(found) == len(wishes)
    for index, cell in enumerate(found):
        assert cell.x >= rect.x - 0.01
        assert cell.right <= rect.right + 0.01
        assert cell.y >= rect.y - 0.01
        assert cell.bottom <= rect.bottom + 0.01
        for other in found[index + 1 :]:
            assert (
                other.x >= cell.right - 0.01
                or cell.x >= other.right - 0.01
                or other.y >= cell.bottom - 0.01
                or cell.y >= other.bottom - 0.01
            )


def test_many_alike_make_a_grid() -> None:
    cells = arrange([Wish(500, 400, False)] * 4, Rect(0, 0, 1600, 1000), 40)
    assert len({cell.x for cell in cells}) == 2
    assert len({cell.y for cell in cells}) == 2
    assert len(grid([Wish(1, 1, True)] * 5, Rect(0, 0, 100, 100), 10, 3)) == 5


def test_a_beside_that_is_not_there_is_the_compilers_choice() -> None:
    found = shown(act("show", "a", place=Place(beside=("below", "gone"))), cast=(visual("a"),))
    assert centre(found["a"][0])[0] == 960
