"""Data that nobody plans for: nothing but zeros, one row, names of many lines, words that are read from the right."""

from __future__ import annotations

import math

import pytest
from figures.drawn import FULL, codes, lay, members, table, texts
from layout.surroundings import Memory, env

from pvc.compiler.layout import registry
from pvc.compiler.layout.compose import union
from pvc.compiler.model.display import Ball, Fragment, Glyphs, Rect, Rod
from pvc.compiler.model.values import Asset, Symbol

ZEROS = table("name v s", "text number text", ("A", 0, "x"), ("B", 0, "x"), ("C", 0, "y"))
LONG = "A very long name of a category that nobody would want to read beside a slice of a pie"
HEBREW = "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd"


def label(fragment: Fragment, selector: str) -> Rect:
    """What the words of a part cover."""
    return union(each.bounds for each in members(fragment, selector) if isinstance(each.primitive, Glyphs))


# ------------------------------------------------------------------------------------------------ zeros


def test_bars_of_nothing_but_zeros_stand_beside_their_names() -> None:
    fragment = lay("chart.bar", data=ZEROS, x="name", y="v", direction=Symbol("right"))
    assert not fragment.problems
    (axis,) = [each for each in fragment.elements if each.morph == "baseline:y"]
    assert axis.bounds.x < 0.1 * FULL.width


@pytest.mark.parametrize("layout", ["chart.line", "chart.area"])
def test_a_line_of_zeros_lies_at_the_foot_of_its_axis(layout: str) -> None:
    fragment = lay(layout, data=ZEROS, x="name", y="v")
    assert not fragment.problems
    assert not [word for word in texts(fragment) if word.startswith("\N{MINUS SIGN}")]


def test_cells_of_zeros_are_quiet() -> None:
    zeros = lay("chart.heatmap", data=ZEROS, x="s", y="name", value="v")
    mixed = lay(
        "chart.heatmap",
        data=table("name v s", "text number text", ("A", 0, "x"), ("B", 4, "x")),
        x="s",
        y="name",
        value="v",
    )

    def color(fragment: Fragment, selector: str) -> object:
        return next(each.primitive for each in members(fragment, selector) if each.role == "box").fill  # type: ignore[union-attr]

    assert color(zeros, 'cells["A,x"]') == color(mixed, 'cells["A,x"]')


def test_a_pie_of_zeros_says_why_it_is_empty() -> None:
    (problem,) = lay("chart.pie", data=ZEROS, x="name", y="v").problems
    assert problem.code == "PVC0540"
    assert "zero" in problem.message
    (problem,) = lay("chart.pie", data=table("name v", "text number"), x="name", y="v").problems
    assert "zero" not in problem.message


def test_a_small_number_is_no_zero() -> None:
    data = table("name v", "text number", ("tiny", 0.00000123), ("large", 1234567890.5), ("none", 0))
    fragment = lay("table", data=data)
    words = {row: label_words(fragment, row) for row in ("tiny", "large", "none")}
    assert "10" in words["tiny"]
    assert words["none"] == "0"
    assert words["large"] == "1,234,567,890"


def label_words(fragment: Fragment, row: str) -> str:
    found = [each.primitive for each in members(fragment, f'cells["{row},v"]') if isinstance(each.primitive, Glyphs)]
    return "".join(each.text for each in found)


# ------------------------------------------------------------------------------------------------ long names


@pytest.mark.parametrize("donut", [False, True])
@pytest.mark.parametrize("values", [(3, 7, 5), (1, 1, 1, 1, 1), (20, 1, 1), (1, 2, 30)])
def test_names_of_many_lines_stay_clear_of_their_pie(values: tuple[int, ...], donut: bool) -> None:
    rows = [(f"{LONG} {number}", value) for number, value in enumerate(values)]
    fragment = lay("chart.pie", data=table("name v", "text number", *rows), x="name", y="v", donut=donut, least=0)
    assert not fragment.problems
    disc = union(each.bounds for each in fragment.elements if each.role == "dot")
    radius, cx, cy = disc.width / 2, disc.x + disc.width / 2, disc.y + disc.height / 2
    assert fragment.elements
    for each in members(fragment, "labels"):
        if isinstance(each.primitive, Glyphs):
            box = each.bounds
            dx = max(box.x - cx, cx - box.right, 0.0)
            dy = max(box.y - cy, cy - box.bottom, 0.0)
            assert math.hypot(dx, dy) > radius + 2, each.primitive.text


def test_the_only_slice_is_named_at_the_right() -> None:
    fragment = lay("chart.pie", data=table("name v", "text number", ("all", 42)), x="name", y="v")
    disc = union(each.bounds for each in fragment.elements if each.role == "dot")
    words = label(fragment, "labels")
    assert words.x > disc.right
    assert abs(words.y + words.height / 2 - disc.y - disc.height / 2) < 12


# ------------------------------------------------------------------------------------------------ few things


def test_few_cells_stand_in_the_middle_of_their_place() -> None:
    fragment = lay("chart.heatmap", data=ZEROS, x="s", y="name", value="v")
    assert fragment.width < 0.8 * FULL.width
    assert max(each.bounds.right for each in fragment.elements) == pytest.approx(fragment.width, abs=1)


def solids(fragment: Fragment) -> list[Ball | Rod]:
    return [each.primitive for each in fragment.elements if isinstance(each.primitive, Ball | Rod)]


def test_a_node_alone_is_no_planet() -> None:
    fragment = lay("space.network", nodes=("alone",))
    assert fragment.space is not None
    (ball,) = [body for body in solids(fragment) if isinstance(body, Ball)]
    assert ball.radius * fragment.space.scale <= 85


def test_sticks_are_slim_and_meet_in_balls_of_their_breadth() -> None:
    world = Memory()
    water = b"3\nwater\nO 0 0 0.117\nH 0 0.757 -0.469\nH 0 -0.757 -0.469\n"
    file = Asset(world.give(water), "water.xyz", "model3d")
    for style, most in (("sticks", 35), ("balls", 181)):
        fragment = registry.lay_out("space.molecule", {"file": file, "style": Symbol(style)}, FULL, env(world=world))
        assert not fragment.problems
        assert fragment.space is not None
        balls = [body.radius for body in solids(fragment) if isinstance(body, Ball)]
        rods = [body.radius for body in solids(fragment) if isinstance(body, Rod)]
        assert len(balls) == 3
        assert len(rods) == 2
        assert max(balls) * fragment.space.scale <= most
        if style == "sticks":
            assert balls + rods == pytest.approx([balls[0]] * 5)


# ------------------------------------------------------------------------------------------------ labels of rings


@pytest.mark.parametrize("arrangement", ["radial", "circle"])
@pytest.mark.parametrize(
    "edges",
    [
        ("a -> b: 0.5", "b -> c: -1", "c -> a: a word"),
        ("hub -> one: first", "hub -> two: second", "hub -> three: third", "hub -> four: fourth"),
        ("a -- b", "b -- c", "c -- d", "d -- e", "e -- a"),
    ],
)
def test_labels_on_rings_lie_clear_of_nodes(arrangement: str, edges: tuple[str, ...]) -> None:
    fragment = lay("diagram.graph", edges=edges, arrangement=Symbol(arrangement))
    assert not fragment.problems
    nodes = [each.bounds for each in members(fragment, "nodes") if not isinstance(each.primitive, Glyphs)]
    words = [
        each.bounds
        for each in members(fragment, "labels")
        if isinstance(each.primitive, Glyphs) and each not in members(fragment, "nodes")
    ]
    assert len(words) >= sum(":" in edge for edge in edges)
    for box in words:
        for node in nodes:
            assert not (
                box.x < node.right - 1
                and node.x < box.right - 1
                and box.y < node.bottom - 1
                and node.y < box.bottom - 1
            )


# ------------------------------------------------------------------------------------------------ from the right


def test_what_is_read_from_the_right_begins_at_the_right() -> None:
    data = table("name v", "text number", ("a", 1), ("b", 2))
    for title, right in ((HEBREW, True), ("A title", False)):
        fragment = lay("chart.bar", data=data, x="name", y="v", title=title, note=title)
        for part in ("title", "note"):
            words = label(fragment, part)
            assert (words.right > FULL.width - 8) == right
            assert (words.x < 8) == (not right)
        heading = registry.lay_out("heading", {"text": title}, FULL, env())
        words = label(heading, "text")
        assert (words.right > FULL.width - 8) == right


def test_a_character_that_no_font_has_is_told_of_with_what_helps() -> None:
    fragment = lay("chart.bar", data=table("name v", "text number", ("\u6570", 1), ("b", 2)), x="name", y="v")
    assert codes(fragment) == {"PVC0502"}
    assert all("font more = file(" in problem.hint for problem in fragment.problems if problem.hint is not None)
