"""Matrices and number lines: where entries and marks stand, what is said of wrong ones."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from figures.drawn import FULL, HALF, assert_sound, between, codes, lay, members, outside, shapes, texts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pvc.compiler.layout.component import Box
from pvc.compiler.layout.compose import union
from pvc.compiler.model.display import Fragment, Paint, Rect, Shape
from pvc.compiler.model.program import ConceptSpec
from pvc.compiler.model.values import Interval, Record, Symbol, Tex, Token, Value

IDENTITY = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def box_of(fragment: Fragment, selector: str) -> Rect:
    return union(element.bounds for element in members(fragment, selector))


def record(**fields: Value) -> Record:
    return Record(tuple(fields.items()))


# ------------------------------------------------------------------------------------------------ matrix


def test_entries_stand_in_rows_and_columns() -> None:
    fragment = lay("matrix", rows=IDENTITY, name=Tex("I"))
    assert not fragment.problems
    for i in range(1, 4):
        row = [box_of(fragment, f'entries["{i},{j}"]') for j in range(1, 4)]
        assert all(one.right < two.x for one, two in pairwise(row))
        assert max(box.bottom for box in row) - min(box.bottom for box in row) < 2
        column = [box_of(fragment, f'entries["{j},{i}"]') for j in range(1, 4)]
        assert all(one.bottom < two.y for one, two in pairwise(column))
        assert members(fragment, f"entries[{3 * i - 2}]") == members(fragment, f'entries["{i},1"]')
    assert box_of(fragment, "name").right < box_of(fragment, "brackets").x
    assert set(members(fragment, "rows[2]")) >= set(members(fragment, 'entries["2,3"]'))


def test_brackets_hold_every_entry_and_are_drawn() -> None:
    for kind in ("square", "round", "bars"):
        fragment = lay("matrix", rows=IDENTITY, brackets=Symbol(kind))
        left, right = members(fragment, "brackets")
        inside = box_of(fragment, "entries")
        assert left.bounds.right <= inside.x
        assert right.bounds.x >= inside.right
        assert left.role == "line"
        assert left.bounds.height >= inside.height
    assert "brackets" not in dict(lay("matrix", rows=IDENTITY, brackets=Symbol("none")).parts)


def test_numbers_of_a_column_share_their_decimals() -> None:
    fragment = lay("matrix", rows=((Fraction(1, 4), -12), (1, 3)))
    assert "row 1: 0.25, \N{MINUS SIGN}12; row 2: 1.00, 3" in fragment.description
    first, second = box_of(fragment, 'entries["1,2"]'), box_of(fragment, 'entries["2,2"]')
    assert abs(first.right - second.right) < 4, "numbers stand flush right"


def test_labels_stand_outside_and_belong_to_their_rows() -> None:
    fragment = lay("matrix", rows=((1, 2), (3, 4)), row_labels=("cat", "dog"), column_labels=("big", "small"))
    brackets = box_of(fragment, "brackets")
    for name, where in (("cat", "rows"), ("big", "columns")):
        part = f'{where}["{name}"]'
        assert members(fragment, part) == members(fragment, f"{where}[1]")
    labels = [element.bounds for element in members(fragment, "labels")]
    assert all(box.right <= brackets.x or box.bottom <= brackets.y for box in labels)


def test_shades_follow_the_values_and_concepts_keep_their_colours() -> None:
    concept = ConceptSpec("queries", ("Q",), ("query",), Token("cool"))
    fragment = lay("matrix", rows=((0, 5), (10, Tex("Q"))), shade=True, concepts=(concept,))
    fills = [element.primitive.fill for element in fragment.elements if element.role == "box"]  # type: ignore[union-attr]
    assert len(fills) == 3
    assert len(set(fills)) == 3
    (symbol,) = members(fragment, "concept:queries")
    assert isinstance(symbol.primitive, Shape)
    assert symbol.primitive.fill == Paint(0x4F, 0xD1, 0xC5)


@pytest.mark.parametrize(
    "arguments",
    [
        {"rows": ()},
        {"rows": ((),)},
        {"rows": ((1, 2), (3,))},
        {"rows": ((10**400,),)},
        {"rows": tuple((1,) for _ in range(30))},
        {"rows": ((1, 2),), "row_labels": ("a", "b")},
    ],
)
def test_wrong_rows_are_told(arguments: dict[str, Value]) -> None:
    assert "PVC0580" in codes(lay("matrix", **arguments))


def test_wrong_tex_is_told_and_what_is_too_large() -> None:
    assert "PVC0511" in codes(lay("matrix", rows=((Tex(r"\frac{1"),),)))
    assert "PVC0503" in codes(lay("matrix", Box(200.0, 200.0), rows=(tuple(range(1000, 1012)),)))


@given(st.data(), st.integers(1, 6), st.integers(1, 6), st.booleans(), st.sampled_from([FULL, HALF]))
@SETTINGS
def test_any_matrix(data: st.DataObject, height: int, width: int, shade: bool, box: Box) -> None:
    entry = st.one_of(
        st.integers(-(10**7), 10**7),
        st.fractions(-100, 100, max_denominator=50),
        st.sampled_from(["", "a_b", "50%", "$x^2$", "\\"]),
        st.sampled_from([Tex(r"\alpha"), Tex(r"\frac{a}{b}"), Tex(r"\cdots")]),
    )
    rows = tuple(tuple(data.draw(entry) for _ in range(width)) for _ in range(height))
    fragment = lay("matrix", box, rows=rows, shade=shade)
    assert codes(fragment) <= {"PVC0503"}
    if not fragment.problems:
        assert not outside(fragment, 3.0)


# ------------------------------------------------------------------------------------------------ number line


def test_marks_stand_where_their_numbers_are() -> None:
    fragment = lay(
        "number_line",
        range=between(0, 10),
        points=(Fraction(5), record(at=10, label="end")),
        intervals=(record(range=Interval(2, 4), label="part", open="right"),),
    )
    assert_sound(fragment)
    ticks = {element.morph: element.bounds for element in members(fragment, "ticks")}
    (five,) = shapes(fragment, "points[1]", "dot")
    assert abs(five.bounds.x + five.bounds.width / 2 - (ticks["mark:5"].x + ticks["mark:5"].width / 2)) < 0.1
    assert members(fragment, 'points["end"]') == members(fragment, "points[2]")
    (band,) = shapes(fragment, 'intervals["part"]', "line")
    assert isinstance(band.primitive, Shape)
    assert abs(band.primitive.path.points[0] - (ticks["mark:2"].x + 1.25)) < 0.5
    left, right = shapes(fragment, "intervals[1]", "dot")
    assert isinstance(left.primitive, Shape)
    assert isinstance(right.primitive, Shape)
    assert left.primitive.fill == band.primitive.stroke.paint  # type: ignore[union-attr]
    assert right.primitive.fill != left.primitive.fill, "an open end is a ring"


def test_intervals_that_overlap_stand_above_each_other() -> None:
    overlapping = tuple(record(range=Interval(start, start + 4), label=f"i{start}") for start in (0, 2, 3))
    fragment = lay("number_line", range=between(0, 10), intervals=overlapping)
    assert_sound(fragment)
    ys = {shapes(fragment, f'intervals["i{start}"]', "dot")[0].bounds.y for start in (0, 2, 3)}
    assert len(ys) == 3
    apart = lay("number_line", range=between(0, 10), intervals=(Interval(0, 2), Interval(2, 4)))
    assert len({shapes(apart, f"intervals[{n}]", "dot")[0].bounds.y for n in (1, 2)}) == 1


def test_steps_are_kept_and_numbers_told() -> None:
    fragment = lay("number_line", range=between(-1, 1), step=Fraction(1, 2))
    shown = [text for text in texts(fragment) if text]
    assert shown == ["\N{MINUS SIGN}1.0", "\N{MINUS SIGN}0.5", "0.0", "0.5", "1.0"]
    told = lay("number_line", range=between(0, 4), points=(2,), intervals=(record(range=Interval(1, 3), open="both"),))
    assert told.description == "Number line from 0 to 4: interval (1, 3); point at 2."


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"range": between(2, 2)}, "PVC0546"),
        ({"points": (7,)}, "PVC0581"),
        ({"points": ("near",)}, "PVC0581"),
        ({"points": (record(where=1),)}, "PVC0581"),
        ({"intervals": (3,)}, "PVC0581"),
        ({"intervals": (Interval(1, 0),)}, "PVC0581"),
        ({"intervals": (record(range=Interval(0, 1), open="up"),)}, "PVC0581"),
        ({"step": Fraction(1, 10**6)}, "PVC0581"),
        ({"step": -1}, "PVC0581"),
    ],
)
def test_wrong_marks_are_told(arguments: dict[str, Value], code: str) -> None:
    assert code in codes(lay("number_line", **{"range": between(0, 2), **arguments}))


LABELS = st.text(st.characters(codec="utf-8", categories=("L", "N", "Zs"), max_codepoint=0x24F), max_size=20)


@given(
    st.lists(st.tuples(st.integers(-20, 20), LABELS), max_size=7),
    st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 15), LABELS), max_size=5),
    st.sampled_from([FULL, HALF, Box(984.0, 1500.0)]),
)
@SETTINGS
def test_any_number_line(points: list[tuple[int, str]], intervals: list[tuple[int, int, str]], box: Box) -> None:
    fragment = lay(
        *("number_line", box),
        range=between(-20, 20),
        points=tuple(record(at=at, label=label) for at, label in points),
        intervals=tuple(
            record(range=Interval(low, min(20, low + wide)), label=label) for low, wide, label in intervals
        ),
    )
    assert codes(fragment) <= {"PVC0503"}
    if not fragment.problems:
        assert not outside(fragment, 2.0)
