"""Boxes, pies and areas: their geometry tells the data, small slices are merged, wrong data end in a problem."""

from __future__ import annotations

import math

import pytest
from figures.drawn import FULL, HALF, assert_sound, codes, lay, members, shapes, table, texts

from pvc.compiler.layout.charts.box import summary
from pvc.compiler.layout.component import Box
from pvc.compiler.model.display import Element, Fragment, Paint, Path, Rect, Shape
from pvc.compiler.model.program import ConceptSpec
from pvc.compiler.model.values import Symbol, Token

COOL = Paint(0x4F, 0xD1, 0xC5)
CONCEPT = ConceptSpec("queries", ("Q",), ("query",), Token("cool"))
TIMES = table(
    "model ms",
    "text number",
    *(("base", value) for value in (1, 2, 3, 4, 5, 6, 7, 8, 9)),
    *(("query", value) for value in (2, 4, 6, 8, 40)),
)
PARTS = table(
    "name share",
    "text number",
    *(("attention", 50.0), ("query", 25.0), ("head", 22.0), ("bias", 1.5), ("norm", 1.5)),
)
GROWTH = table(
    "year kind v",
    "int text number",
    *(
        (year, kind, (year - 2019) * slope)
        for year in (2020, 2021, 2022)
        for kind, slope in (("a", 1.0), ("query", 2.0))
    ),
)


def path_of(element: Element) -> Path:
    assert isinstance(element.primitive, Shape)
    return element.primitive.path


def area_of(path: Path) -> float:
    """The area inside a path's end points (shoelace)."""
    at, ends = 0, []
    for verb in path.verbs:
        at += 2 * {"M": 1, "L": 1, "C": 3, "Z": 0}[verb]
        if verb != "Z":
            ends.append((path.points[at - 2], path.points[at - 1]))
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(ends, [*ends[1:], ends[0]], strict=True))) / 2


# ------------------------------------------------------------------------------------------------ boxes


def test_a_box_is_what_its_values_are() -> None:
    told = summary("x", [1, 2, 3, 4, 5, 6, 7, 8, 9, 40])
    assert (told.median, told.first, told.third) == (5.5, 3.25, 7.75)
    assert (told.low, told.high, told.outliers) == (1.0, 9.0, (40.0,))


@pytest.mark.parametrize("direction", ["up", "right"])
def test_quartiles_median_and_outliers_stand_on_one_scale(direction: str) -> None:
    fragment = lay("chart.box", data=TIMES, x="model", y="ms", direction=Symbol(direction))
    assert_sound(fragment)
    assert not fragment.problems
    up = direction == "up"

    def span(box: Rect) -> tuple[float, float]:
        return (box.y, box.bottom) if up else (box.x, box.right)

    (first,) = shapes(fragment, 'boxes["base"]', "bar")
    low, high = span(first.bounds)
    stroke = first.primitive.stroke  # type: ignore[union-attr]
    assert stroke is not None
    unit = (high - low - stroke.width) / 4  # from 3 to 7
    medians = [span(element.bounds) for element in members(fragment, "medians")]
    middle = sum(medians[0]) / 2
    assert middle == pytest.approx((low + high) / 2, abs=0.6), "5 lies between 3 and 7"
    (outlier,) = members(fragment, "outliers")
    assert abs(sum(span(outlier.bounds)) / 2 - middle) == pytest.approx(35 * unit, rel=0.01)
    assert members(fragment, "boxes[2]") == members(fragment, 'boxes["query"]')


def test_boxes_have_the_colours_of_concepts_and_step_back() -> None:
    fragment = lay("chart.box", data=TIMES, x="model", y="ms", concepts=(CONCEPT,))
    (bar,) = shapes(fragment, 'boxes["query"]', "bar")
    assert bar.primitive.stroke.paint == COOL  # type: ignore[union-attr]
    assert bar in members(fragment, "concept:queries")
    spoken = lay("chart.box", data=TIMES, x="model", y="ms", concepts=(CONCEPT,), highlight="query")
    (other,) = shapes(spoken, 'boxes["base"]', "bar")
    assert other.primitive.stroke != shapes(fragment, 'boxes["base"]', "bar")[0].primitive.stroke  # type: ignore[union-attr]
    assert "base: median 5, half of the values from 3 to 7" in fragment.description
    assert "1 outlier" in fragment.description


# ------------------------------------------------------------------------------------------------ pies


def test_slices_are_as_large_as_their_shares() -> None:
    for donut in (False, True):
        fragment = lay("chart.pie", data=PARTS, x="name", y="share", donut=donut)
        assert_sound(fragment)
        assert not fragment.problems
        areas = [area_of(path_of(shapes(fragment, f"slices[{number}]", "dot")[0])) for number in (1, 2, 3)]
        whole = sum(area_of(path_of(element)) for element in shapes(fragment, "slices", "dot"))
        for area, share in zip(areas, (0.5, 0.25, 0.22), strict=True):
            assert area / whole == pytest.approx(share, abs=0.02)


def test_small_slices_are_one_and_answer_to_their_names() -> None:
    fragment = lay("chart.pie", data=PARTS, x="name", y="share")
    assert len(shapes(fragment, "slices", "dot")) == 4
    assert members(fragment, 'slices["bias"]') == members(fragment, 'slices["Other"]')
    assert fragment.description.endswith("Other: 3%.")
    all_of_them = lay("chart.pie", data=PARTS, x="name", y="share", least=0)
    assert len(shapes(all_of_them, "slices", "dot")) == 5
    assert_sound(all_of_them)


def test_labels_stand_beside_the_disc_and_have_its_colours() -> None:
    fragment = lay("chart.pie", HALF, data=PARTS, x="name", y="share", concepts=(CONCEPT,), least=0)
    (disc,) = shapes(fragment, 'slices["query"]', "dot")
    assert disc.primitive.fill == COOL  # type: ignore[union-attr]
    assert disc.origin is not None
    x, y = disc.origin
    radius = max(math.dist((x, y), path_of(disc).points[:2]), 1.0)
    for label in (element for element in members(fragment, "labels") if element.role == "text"):
        box = label.bounds
        nearest = (min(max(x, box.x), box.right), min(max(y, box.y), box.bottom))
        assert math.dist((x, y), nearest) > radius
    assert set(members(fragment, "values")) <= set(members(fragment, "labels"))


def test_a_pie_of_one_and_a_word_in_a_donut() -> None:
    one = lay("chart.pie", data=table("name v", "text number", ("all", 3)), x="name", y="v", donut=True, center="3 GB")
    assert_sound(one)
    assert "3 GB" in " ".join(texts(one))
    assert members(one, "center")
    assert one.description == "Pie chart. all: 100%."


# ------------------------------------------------------------------------------------------------ areas


def edge_ys(fragment: Fragment, name: str) -> list[float]:
    (line,) = [element for element in shapes(fragment, f'areas["{name}"]', "line") if element.morph.startswith("edge")]
    return list(path_of(line).points[1::2])


def test_areas_are_stacked_or_stand_on_zero() -> None:
    stacked = lay("chart.area", data=GROWTH, x="year", y="v", series="kind", concepts=(CONCEPT,))
    assert_sound(stacked)
    assert not stacked.problems
    apart = lay("chart.area", data=GROWTH, x="year", y="v", series="kind", stacked=False)
    (base,) = [element for element in members(stacked, "x_axis") if element.morph == "baseline:x"]
    zero = path_of(base).points[1]
    one, two = edge_ys(stacked, "a"), edge_ys(stacked, "query")
    for low, high in zip(one, two, strict=True):
        assert (zero - high) == pytest.approx(3 * (zero - low), rel=0.01), "a, and twice as much on it"
    one, two = edge_ys(apart, "a"), edge_ys(apart, "query")
    (base,) = [element for element in members(apart, "x_axis") if element.morph == "baseline:x"]
    zero = path_of(base).points[1]
    for low, high in zip(one, two, strict=True):
        assert (zero - high) == pytest.approx(2 * (zero - low), rel=0.01)
    (edge,) = [element for element in shapes(stacked, 'areas["query"]', "line") if element.morph.startswith("edge")]
    assert edge.primitive.stroke.paint == COOL  # type: ignore[union-attr]


def test_shares_fill_the_height() -> None:
    fragment = lay("chart.area", data=GROWTH, x="year", y="v", series="kind", shares=True)
    assert_sound(fragment)
    top = edge_ys(fragment, "query")
    assert max(top) - min(top) < 0.01
    assert "100%" in texts(fragment)


# ------------------------------------------------------------------------------------------------ wrong data

EMPTY = table("name v", "text number")
NEGATIVE = table("name v", "text number", ("a", 3), ("b", -1))


@pytest.mark.parametrize("layout", ["chart.box", "chart.pie", "chart.area"])
def test_wrong_data_are_told(layout: str) -> None:
    assert codes(lay(layout, data=EMPTY, x="name", y="v")) == {"PVC0540"}
    assert codes(lay(layout, data=NEGATIVE, x="name", y="w")) == {"PVC0543"}
    assert "PVC0541" in codes(lay(layout, Box(150.0, 150.0), data=TIMES, x="model", y="ms", title="A title"))


def test_negative_shares_are_told() -> None:
    assert codes(lay("chart.pie", data=NEGATIVE, x="name", y="v")) == {"PVC0582"}
    stacked = table("x s v", "int text number", (1, "a", 3), (1, "b", -1), (2, "a", 1), (2, "b", 1))
    assert codes(lay("chart.area", data=stacked, x="x", y="v", series="s")) == {"PVC0582"}
    assert not codes(lay("chart.area", data=stacked, x="x", y="v", series="s", stacked=False))
    assert codes(lay("chart.box", data=NEGATIVE, x="name", y="v", scale=Symbol("log"))) == {"PVC0542"}


@pytest.mark.parametrize("theme", ["midnight", "paper"])
@pytest.mark.parametrize("box", [FULL, HALF, Box(984.0, 1500.0), Box(984.0, 800.0)])
def test_they_fit_every_format(theme: str, box: Box) -> None:
    for fragment in (
        lay("chart.box", box, theme, data=TIMES, x="model", y="ms", title="Times", note="Ours", unit="ms"),
        lay("chart.pie", box, theme, data=PARTS, x="name", y="share", title="Parts", note="Ours", least=0),
        lay("chart.area", box, theme, data=GROWTH, x="year", y="v", series="kind", title="Growth", x_label="Year"),
    ):
        assert not fragment.problems
        assert_sound(fragment)


def test_a_row_without_a_name_is_not_taken_for_what_speaks() -> None:
    """Nothing is highlighted by default, so all slices and boxes keep their colours."""
    rows = table("name share", "text number", ("a", 3.0), ("b", 4.0), ("", 2.0))
    slices = lay("chart.pie", data=rows, x="name", y="share")
    assert len({look_of(slices, f"slices[{number}]") for number in (1, 2, 3)}) == 3
    boxes = lay("chart.box", data=rows, x="name", y="share")
    assert look_of(boxes, "boxes[1]") == look_of(boxes, "boxes[3]")


def look_of(fragment: Fragment, selector: str) -> tuple[object, object]:
    primitive = members(fragment, selector)[0].primitive
    assert isinstance(primitive, Shape)
    return primitive.fill, primitive.stroke
