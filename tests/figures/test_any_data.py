"""Whatever the data: no exception, nothing outside the box, no label over another; or a problem that says why not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from figures.drawn import FULL, HALF, assert_sound, between, lay, table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pvc.compiler.layout.component import Box
from pvc.compiler.model.values import Symbol, Table

BOXES = st.sampled_from([FULL, HALF, Box(840.0, 380.0), Box(480.0, 480.0), Box(984.0, 1500.0)])
NAMES = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), max_codepoint=0x24F), min_size=1, max_size=40
)
MODEST = st.one_of(st.integers(-1000, 1000), st.fractions(-100, 100, max_denominator=100))
ANY_NUMBER = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False).map(Fraction),
    st.fractions(max_denominator=1000),
)
SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(
    st.lists(st.tuples(NAMES, st.one_of(ANY_NUMBER, MODEST)), max_size=14),
    BOXES,
    st.sampled_from(["auto", "up", "right"]),
)
@SETTINGS
def test_bars(rows: list[tuple[object, ...]], box: Box, direction: str) -> None:
    data = table("name v", "text number", *rows)
    assert_sound(
        lay("chart.bar", box, data=data, x="name", y="v", direction=Symbol(direction), title="A title", note="n")
    )


@given(
    st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(["one", "two", "three"]), MODEST), max_size=15),
    BOXES,
    st.sampled_from(["", "%", "seconds"]),
)
@SETTINGS
def test_grouped_bars(rows: list[tuple[object, ...]], box: Box, unit: str) -> None:
    data = table("name s v", "text text number", *rows)
    assert_sound(lay("chart.bar", box, data=data, x="name", y="v", series="s", unit=unit, y_label="What"))


@given(
    st.lists(st.tuples(ANY_NUMBER, st.sampled_from(["a", "second series", "c"]), ANY_NUMBER), max_size=25),
    BOXES,
    st.sampled_from(["linear", "log"]),
)
@SETTINGS
def test_lines(rows: list[tuple[object, ...]], box: Box, scale: str) -> None:
    data = table("x s v", "number text number", *rows)
    fragment = lay(
        *("chart.line", box), data=data, x="x", y="v", series="s", scale=Symbol(scale), x_label="Steps", y_label="Loss"
    )
    assert_sound(fragment)


@given(st.lists(st.tuples(NAMES, MODEST), max_size=20), BOXES)
@SETTINGS
def test_stepped_lines(rows: list[tuple[object, ...]], box: Box) -> None:
    assert_sound(lay("chart.line", box, data=table("x v", "text number", *rows), x="x", y="v", unit="ms"))


@given(st.lists(st.dates().map(str), max_size=12), st.data(), BOXES)
@SETTINGS
def test_dated_lines(days: list[str], data: st.DataObject, box: Box) -> None:
    rows = [(day, data.draw(MODEST)) for day in days]
    assert_sound(lay("chart.line", box, data=table("x v", "text number", *rows), x="x", y="v"))


@given(
    st.lists(st.tuples(ANY_NUMBER, ANY_NUMBER, NAMES, st.sampled_from(["g", "h"])), max_size=20),
    BOXES,
    st.sampled_from(["linear", "log_x", "log_log"]),
)
@SETTINGS
def test_scattered(rows: list[tuple[object, ...]], box: Box, scale: str) -> None:
    data = table("a b n g", "number number text text", *rows)
    fragment = lay("chart.scatter", box, data=data, x="a", y="b", label="n", series="g", scale=Symbol(scale))
    assert_sound(fragment)


@given(st.lists(st.one_of(ANY_NUMBER, MODEST), max_size=60), st.integers(0, 40), BOXES)
@SETTINGS
def test_histograms(values: list[object], bins: int, box: Box) -> None:
    data = table("v", "number", *((value,) for value in values))
    assert_sound(lay("chart.histogram", box, data=data, x="v", bins=bins))


@given(st.integers(1, 8), st.integers(1, 8), st.data(), BOXES, st.one_of(st.just(MODEST), st.just(ANY_NUMBER)))
@SETTINGS
def test_heatmaps(height: int, width: int, data: st.DataObject, box: Box, numbers: st.SearchStrategy[object]) -> None:
    columns = ("row", *(f"c{n}" for n in range(width)))
    rows = tuple((f"r{n}", *(data.draw(numbers) for _ in range(width))) for n in range(height))
    matrix = Table(columns, ("text", *["number"] * width), rows)  # type: ignore[arg-type]
    assert_sound(lay("chart.heatmap", box, data=matrix))


@given(
    st.lists(
        st.tuples(st.text(max_size=60), st.one_of(ANY_NUMBER, MODEST), NAMES, st.booleans()), min_size=1, max_size=9
    ),
    BOXES,
)
@SETTINGS
def test_tables(rows: list[tuple[object, ...]], box: Box) -> None:
    data = table("first number_column words flag", "text number text bool", *rows)
    assert_sound(lay("table", box, data=data, title="Title", note="Source"))


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), st.sampled_from(["", ": label", ": $x$"]))
    ),
    BOXES,
    st.sampled_from(["diagram.flow", "diagram.graph"]),
)
@SETTINGS
def test_diagrams(edges: list[tuple[str, str, str]], box: Box, layout: str) -> None:
    written = tuple(f"node {a} -> node {b}{label}" for a, b, label in edges[:14])
    fragment = lay(layout, box, edges=written, title="A title")
    if not fragment.problems:
        assert fragment.width <= box.width + 1
        assert fragment.height <= box.height + 1
    count = len(fragment.elements)
    assert all(0 <= index < count for _, indices in fragment.parts for index in indices)


EXPRESSIONS = [
    "x",
    "1/x",
    "tan(x)",
    "exp(x)",
    "sqrt(x)",
    "floor(x)",
    "x^3",
    "sin(1/x)",
    "log(x)",
    "5",
    "relu(x)",
    "abs(x)^0.5",
]


@given(
    st.lists(st.sampled_from(EXPRESSIONS), max_size=4, unique=True),
    st.floats(-1e6, 1e6),
    st.floats(1e-3, 1e6),
    st.one_of(st.none(), st.tuples(st.floats(-100, 100), st.floats(0.01, 100))),
    BOXES,
)
@SETTINGS
def test_axes(plots: list[str], low: float, width: float, reach: tuple[float, float] | None, box: Box) -> None:
    if low + width <= low:
        return
    y = between(reach[0], reach[0] + reach[1]) if reach else None
    labels = tuple(f"curve {n}" for n in range(len(plots)))
    assert_sound(lay("axes", box, x=between(low, low + width), y=y, plots=tuple(plots), labels=labels))


@pytest.mark.parametrize("language", ["en", "de", "fr", "he"])
def test_languages(language: str) -> None:
    data = table("name v", "text number", ("alpha", 12345.5), ("beta", -0.25))
    fragment = lay("chart.bar", HALF, data=data, x="name", y="v", language=language)
    assert_sound(fragment)


@given(
    st.lists(st.tuples(NAMES, st.one_of(ANY_NUMBER, MODEST)), max_size=40),
    BOXES,
    st.sampled_from(["auto", "up", "right"]),
    st.sampled_from(["linear", "log"]),
)
@SETTINGS
def test_boxes(rows: list[tuple[object, ...]], box: Box, direction: str, scale: str) -> None:
    named = [(name[:1] if index % 3 else name, value) for index, (name, value) in enumerate(rows)]  # type: ignore[index]
    data = table("name v", "text number", *named)
    assert_sound(
        lay("chart.box", box, data=data, x="name", y="v", direction=Symbol(direction), scale=Symbol(scale), unit="ms")
    )


@given(
    st.lists(st.tuples(NAMES, st.one_of(ANY_NUMBER, st.integers(0, 100))), max_size=16),
    BOXES,
    st.booleans(),
    st.integers(-3, 60),
)
@SETTINGS
def test_pies(rows: list[tuple[object, ...]], box: Box, donut: bool, least: int) -> None:
    data = table("name v", "text number", *rows)
    assert_sound(lay("chart.pie", box, data=data, x="name", y="v", donut=donut, least=least, center="all", title="T"))


@given(
    st.lists(st.tuples(ANY_NUMBER, st.sampled_from(["a", "second series", "c"]), ANY_NUMBER), max_size=25),
    BOXES,
    st.booleans(),
    st.booleans(),
)
@SETTINGS
def test_areas(rows: list[tuple[object, ...]], box: Box, stacked: bool, shares: bool) -> None:
    data = table("x s v", "number text number", *rows)
    assert_sound(lay("chart.area", box, data=data, x="x", y="v", series="s", stacked=stacked, shares=shares))
