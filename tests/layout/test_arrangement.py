"""Visuals made of others: where their members stand, which parts they have, whatever is put together."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout.surroundings import env

from pvc.compiler.layout import registry, selectors
from pvc.compiler.layout.component import Box
from pvc.compiler.layout.compose import union
from pvc.compiler.model.display import Fragment, Rect
from pvc.compiler.model.values import Color, Length, Record, Symbol, Value

BOX = Box(1600.0, 800.0)
WORDS = ("one", "two words", "a few more words than that", "x")


def leaf(number: int, words: str = "word", **sides: Length) -> Record:
    arguments = Record((("content", words), ("size", Symbol("body")), ("align", Symbol("start"))))
    return Record(
        (
            ("kind", Symbol("visual")),
            ("number", number),
            ("layout", Symbol("text")),
            ("arguments", arguments),
            *sides.items(),
        )
    )


def group(kind: str, *members: Record, **rest: Value) -> Record:
    return Record((("kind", Symbol(kind)), *rest.items(), ("members", members)))


def laid(picture: Record, addressed: tuple[str, ...] = (), parts: tuple[Record, ...] = ()) -> Fragment:
    whole = Record((*picture.fields, ("parts", parts)))
    return registry.lay_out("arrangement", {"picture": whole}, BOX, env(addressed=addressed))


def areas(fragment: Fragment) -> list[Rect]:
    """The rectangle of each inner visual."""
    return [
        union(each.bounds for each in fragment.elements[one.first : one.first + one.count]) for one in fragment.inner
    ]


@st.composite
def trees(draw: st.DrawFn) -> Record:
    count = 0

    def node(depth: int) -> Record:
        nonlocal count
        if depth == 0 or draw(st.integers(0, 2)) == 0:
            count += 1
            return leaf(count, draw(st.sampled_from(WORDS)))
        rest: dict[str, Value] = {}
        if draw(st.booleans()):
            rest["fill"] = Color(10, 20, 60)
        if draw(st.booleans()):
            rest["gap"] = Length(Fraction(draw(st.integers(0, 60))), "px")
        rest["align"] = Symbol(draw(st.sampled_from(["start", "center", "end", "stretch"])))
        rest["even"] = draw(st.booleans())
        members = tuple(node(depth - 1) for _ in range(draw(st.integers(1, 3))))
        return group(draw(st.sampled_from(["row", "column", "grid"])), *members, **rest)

    return group("column", node(2), node(1))


@settings(max_examples=25, deadline=None)
@given(trees())
def test_members_stand_inside_and_never_on_each_other(picture: Record) -> None:
    fragment = laid(picture)
    found = areas(fragment)
    assert len(found) == len(fragment.inner)
    for area in found:
        assert area.x >= -1
        assert area.y >= -1
        assert area.right <= fragment.width + 1
        assert area.bottom <= fragment.height + 1
    for index, one in enumerate(found):
        for other in found[index + 1 :]:
            across = min(one.right, other.right) - max(one.x, other.x)
            down = min(one.bottom, other.bottom) - max(one.y, other.y)
            assert min(across, down) <= 1
    covered = sorted(i for one in fragment.inner for i in range(one.first, one.first + one.count))
    panels = [i for i, each in enumerate(fragment.elements) if each.morph == "panel"]
    assert sorted([*covered, *panels]) == list(range(len(fragment.elements))), "every element is somebody's"
    assert laid(picture) == fragment


def test_a_row_is_level_and_evenly_spaced() -> None:
    fragment = laid(group("row", *(leaf(number, "word") for number in (1, 2, 3)), gap=Length(Fraction(50), "px")))
    one, two, three = areas(fragment)
    assert one.y == two.y == three.y
    assert two.x - one.right == pytest.approx(three.x - two.right, abs=1)


def test_lengths_are_of_the_room_inside() -> None:
    sized = leaf(1, "a few more words than that, so that it has to wrap somewhere, and then on it goes")
    half = Length(Fraction(0), "sum", ((Fraction(25), "%"), (Fraction(40), "px")))
    narrow = laid(group("column", Record((*sized.fields, ("width", half)))))
    assert narrow.width <= 0.25 * BOX.width + 40 + 1
    assert narrow.height > laid(group("column", sized)).height


def test_what_stands_on_a_panel_knows_it() -> None:
    fragment = laid(group("column", leaf(1), fill=Color(10, 20, 60)))
    assert fragment.elements[0].morph == "panel"
    assert all(each.ground is not None for each in fragment.elements[1:])


def test_parts_are_those_of_the_members() -> None:
    formula = Record(
        (
            ("kind", Symbol("visual")),
            ("number", 1),
            ("layout", Symbol("bullets")),
            ("arguments", Record((("items", ("a", "b")), ("title", ""), ("numbered", False)))),
        )
    )
    parts = (
        Record((("name", Symbol("list")), ("kind", Symbol("visual")), ("leaf", 1))),
        Record((("name", Symbol("points")), ("kind", Symbol("group")), ("leaf", 1), ("inner", Symbol("items")))),
        Record((("name", Symbol("last")), ("kind", Symbol("part")), ("leaf", 1), ("inner", Symbol("items[2]")))),
        Record((("name", Symbol("rows")), ("kind", Symbol("visual")), ("leaf", 2), ("count", 1), ("key", 'say "x"'))),
    )
    fragment = laid(group("column", formula, leaf(2)), parts=parts)
    names = {name for name, _ in fragment.parts}
    assert {"list", "list.items[1]", "points[2]", "last", "rows[1]", 'rows["say \\"x\\""]'} <= names
    assert fragment.part("last") == fragment.part("points[2]") == fragment.part("list.items[2]")


@given(st.lists(st.sampled_from(["a", "a[2]", 'a["x.y]"]', 'b["\\"."]', "c[1..3]"]), min_size=1, max_size=4))
def test_selectors_come_apart_as_they_were_put_together(parts: list[str]) -> None:
    assert selectors.segments(".".join(parts)) == tuple(parts)
    assert selectors.segments(".".join([*parts, "tex:a.b[1]"])) == (*parts, "tex:a.b[1]")
    assert selectors.outer(".".join(parts)) == "".join(f"{each}." for each in parts[:-1])
