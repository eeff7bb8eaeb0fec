"""Charts: geometry that tells the data truly, labels that can be read, bad data that end in a problem."""

from __future__ import annotations

from itertools import pairwise

import pytest
from figures.drawn import FULL, HALF, assert_sound, codes, colliding, lay, members, shapes, table, texts

from pvc.compiler.layout.component import Box
from pvc.compiler.model.display import Glyphs, Shape
from pvc.compiler.model.program import ConceptSpec
from pvc.compiler.model.values import Symbol, Token

BLEU = table(
    "model score",
    "text number",
    *(
        *(("ByteNet", 23.75), ("GNMT + RL", 24.6), ("ConvS2S", 25.16), ("MoE", 26.03)),
        *(("Transformer (base)", 27.3), ("Transformer (big)", 28.4)),
    ),
)
GLUE = table(
    "task model accuracy",
    "text text number",
    *(
        (task, model, value)
        for task, values in (("MNLI", (84.6, 86.7)), ("QQP", (71.2, 72.1)), ("CoLA", (52.1, 60.5)))
        for model, value in zip(("base", "large"), values, strict=True)
    ),
)
LOSS = table(
    "epoch model loss",
    "int text number",
    *(
        (epoch, model, floor + 4 / (1 + epoch))
        for model, floor in (("ours", 1.9), ("theirs", 2.3))
        for epoch in range(9)
    ),
)


@pytest.mark.parametrize("box", [FULL, HALF])
@pytest.mark.parametrize("theme", ["midnight", "paper"])
def test_upright_bars_stand_on_the_baseline_in_proportion(box: Box, theme: str) -> None:
    fragment = lay("chart.bar", box, theme, data=BLEU, x="model", y="score", direction=Symbol("up"))
    bars = shapes(fragment, "bars", "bar")
    assert len(bars) == len(BLEU.rows)
    bottoms = {round(bar.bounds.bottom, 2) for bar in bars}
    assert len(bottoms) == 1
    values = [float(row[1]) for row in BLEU.rows]  # type: ignore[arg-type]
    unit = bars[0].bounds.height / values[0]
    for bar, value in zip(bars, values, strict=True):
        assert bar.bounds.height == pytest.approx(value * unit, abs=0.5)
        assert bar.origin is not None
        assert bar.origin[1] == pytest.approx(bar.bounds.bottom, abs=0.01)
    assert_sound(fragment)
    assert not fragment.problems


def test_lying_bars_begin_at_the_baseline_in_proportion() -> None:
    fragment = lay("chart.bar", data=BLEU, x="model", y="score", direction=Symbol("right"))
    bars = shapes(fragment, "bars", "bar")
    assert len({round(bar.bounds.x, 2) for bar in bars}) == 1
    values = [float(row[1]) for row in BLEU.rows]  # type: ignore[arg-type]
    for bar, value in zip(bars, values, strict=True):
        assert bar.bounds.width / values[0] == pytest.approx(bars[0].bounds.width * value / values[0] ** 2, rel=0.002)
        assert bar.origin is not None
        assert bar.origin[0] == pytest.approx(bar.bounds.x, abs=0.01)


def test_negative_bars_hang_from_the_same_line() -> None:
    data = table("q v", "text number", ("Q1", 12.5), ("Q2", -7.25), ("Q3", 3.0))
    fragment = lay("chart.bar", HALF, data=data, x="q", y="v", unit="%")
    first, second, third = shapes(fragment, "bars", "bar")
    assert first.bounds.bottom == pytest.approx(second.bounds.y, abs=0.01)
    assert second.bounds.height / first.bounds.height == pytest.approx(7.25 / 12.5, rel=0.01)
    assert third.origin == pytest.approx((third.bounds.x + third.bounds.width / 2, first.bounds.bottom), abs=0.01)
    assert "−7.25%" in texts(fragment)
    assert_sound(fragment)


def test_a_missing_value_is_no_bar_of_height_zero() -> None:
    data = table("q v", "text number", ("Q1", 2.0), ("Q2", None), ("Q3", 0.0))
    fragment = lay("chart.bar", HALF, data=data, x="q", y="v")
    assert len(shapes(fragment, "bars", "bar")) == 2
    assert all(element.role == "text" for element in members(fragment, "bars[2]"))


def test_bars_are_found_by_name_and_number() -> None:
    fragment = lay("chart.bar", data=BLEU, x="model", y="score")
    assert members(fragment, 'bars["ConvS2S"]') == members(fragment, "bars[3]")
    value = [e.primitive.text for e in members(fragment, "bars[3]") if isinstance(e.primitive, Glyphs)]
    assert value == ["25.16", "ConvS2S"]
    grouped = lay("chart.bar", data=GLUE, x="task", y="accuracy", series="model")
    assert set(shapes(grouped, 'series["large"]', "bar")) < set(shapes(grouped, "bars", "bar"))
    assert len(shapes(grouped, 'bars["QQP"]', "bar")) == 2
    assert len(shapes(grouped, 'bars["QQP,large"]', "bar")) == 1


def test_long_names_make_bars_lie_down() -> None:
    rows = tuple((f"A rather long name of a method, number {n}", float(n)) for n in range(1, 9))
    fragment = lay("chart.bar", HALF, data=table("m v", "text number", *rows), x="m", y="v")
    assert len({round(bar.bounds.x, 2) for bar in shapes(fragment, "bars", "bar")}) == 1
    assert_sound(fragment)
    assert not fragment.problems


def test_years_are_thinned_not_crowded() -> None:
    rows = tuple((str(1980 + n), float(n * n + 1)) for n in range(44))
    fragment = lay("chart.bar", HALF, data=table("y v", "text number", *rows), x="y", y="v")
    assert not fragment.problems
    assert_sound(fragment)
    assert "1980" in texts(fragment)
    assert "1981" not in texts(fragment)


def test_too_many_bars_say_so() -> None:
    rows = tuple((f"method {n}", float(n)) for n in range(60))
    fragment = lay("chart.bar", HALF, data=table("m v", "text number", *rows), x="m", y="v")
    assert codes(fragment) == {"PVC0541"}


def test_sorting() -> None:
    fragment = lay("chart.bar", data=BLEU, x="model", y="score", sort=Symbol("descending"), direction=Symbol("up"))
    heights = [bar.bounds.height for bar in shapes(fragment, "bars", "bar")]
    assert heights == sorted(heights, reverse=True)
    assert members(fragment, "bars[1]") == members(fragment, 'bars["Transformer (big)"]')


def test_a_log_scale_is_a_log_scale() -> None:
    data = table("o e", "text number", ("add", 0.1), ("multiply", 1.0), ("read", 100.0))
    fragment = lay("chart.bar", HALF, data=data, x="o", y="e", scale=Symbol("log"), direction=Symbol("up"))
    first, second, third = (bar.bounds.y for bar in shapes(fragment, "bars", "bar"))
    assert (second - third) == pytest.approx(2 * (first - second), abs=1.0)
    bad = lay(
        "chart.bar", HALF, data=table("o e", "text number", ("a", 0), ("b", 2)), x="o", y="e", scale=Symbol("log")
    )
    assert codes(bad) == {"PVC0542"}


def test_concepts_colour_what_speaks_of_them() -> None:
    concept = ConceptSpec("attention", (), ("transformer", "transformers"), Token("warm"))
    fragment = lay("chart.bar", data=BLEU, x="model", y="score", concepts=(concept,))
    ours = {bar.primitive.fill for bar in shapes(fragment, 'bars["Transformer (big)"]', "bar")}  # type: ignore[union-attr]
    other = {bar.primitive.fill for bar in shapes(fragment, 'bars["MoE"]', "bar")}  # type: ignore[union-attr]
    warm = (0xFF, 0xB4, 0x54)
    assert {(paint.red, paint.green, paint.blue) for paint in ours if paint} == {warm}
    assert not ours & other
    assert set(shapes(fragment, "concept:attention", "bar")) == {
        *shapes(fragment, "bars[5]", "bar"),
        *shapes(fragment, "bars[6]", "bar"),
    }


def test_one_speaks_and_the_others_step_back() -> None:
    fragment = lay("chart.bar", data=GLUE, x="task", y="accuracy", series="model", highlight="large")
    loud = {bar.primitive.fill for bar in shapes(fragment, 'series["large"]', "bar")}  # type: ignore[union-attr]
    quiet = {bar.primitive.fill for bar in shapes(fragment, 'series["base"]', "bar")}  # type: ignore[union-attr]
    assert len(loud) == len(quiet) == 1
    assert loud != quiet


def test_lines_pass_through_their_points() -> None:
    data = table("x y", "number number", (0.0, 1.0), (1.0, 3.0), (2.0, 2.0), (4.0, 5.0))
    fragment = lay("chart.line", data=data, x="x", y="y")
    (line,) = shapes(fragment, "lines[1]", "line")
    assert isinstance(line.primitive, Shape)
    points = list(zip(line.primitive.path.points[0::2], line.primitive.path.points[1::2], strict=True))
    assert len(points) == 4
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    assert (x3 - x0) == pytest.approx(4 * (x1 - x0), abs=0.1)
    assert (x2 - x1) == pytest.approx(x1 - x0, abs=0.1)
    assert (y0 - y3) == pytest.approx(2 * (y0 - y1), abs=0.1)
    assert y1 < y2 < y0
    assert len(shapes(fragment, "points", "dot")) == 4
    assert_sound(fragment)


def test_a_missing_value_breaks_the_line() -> None:
    data = table("x y", "number number", (0, 1.0), (1, 2.0), (2, None), (3, 2.0), (4, 3.0))
    fragment = lay("chart.line", data=data, x="x", y="y")
    (line,) = shapes(fragment, "lines[1]", "line")
    assert line.primitive.path.verbs == "MLML"  # type: ignore[union-attr]


def test_lines_are_named_at_their_ends_without_touching() -> None:
    rows = [(x, f"series {n}", 10 + n * 0.01 + x) for n in range(9) for x in range(6)]
    fragment = lay("chart.line", HALF, data=table("x s y", "number text number", *rows), x="x", y="y", series="s")
    assert {f"series {n}" for n in range(9)} <= set(texts(fragment))
    assert not colliding(fragment)
    assert_sound(fragment)


def test_ticks_are_inside_and_round() -> None:
    fragment = lay("chart.line", data=LOSS, x="epoch", y="loss", series="model", x_label="Epoch")
    grid = shapes(fragment, "grid", "line")
    assert 2 <= len(grid) <= 6
    for line in grid:
        assert 0 <= line.bounds.y <= FULL.height
    assert {"0", "2", "4", "6", "8"} <= set(texts(fragment))
    assert_sound(fragment)


def test_dates_have_round_ticks() -> None:
    rows = [(f"{2012 + n // 2}-{1 + 6 * (n % 2):02d}", float(n + 1)) for n in range(20)]
    fragment = lay("chart.line", data=table("d v", "text number", *rows), x="d", y="v")
    assert {"2014", "2016", "2018"} <= set(texts(fragment))
    months = lay("chart.line", data=table("d v", "text number", *rows[:3]), x="d", y="v")
    assert any(text.startswith(("Jan", "Jul", "Apr", "Oct")) for text in texts(months))
    days = [(f"2024-03-{day:02d}", float(day)) for day in range(1, 9)]
    assert "1 Mar" in texts(lay("chart.line", data=table("d v", "text number", *days), x="d", y="v"))
    assert "2024-02-31" in texts(
        lay("chart.line", data=table("d v", "text number", ("2024-02-31", 1.0), ("2024-03-01", 2.0)), x="d", y="v")
    )


def test_a_long_line_keeps_its_extremes() -> None:
    rows = [(n, 100.0 if n == 3777 else (n * 7919 % 100) / 50) for n in range(6000)]
    fragment = lay("chart.line", data=table("x y", "int number", *rows), x="x", y="y")
    (line,) = shapes(fragment, "lines[1]", "line")
    points = line.primitive.path.points  # type: ignore[union-attr]
    top = min(points[1::2])
    assert top == pytest.approx(line.bounds.y + 2.5, abs=0.5)
    spike = points[0::2][points[1::2].index(top)]
    assert spike == pytest.approx(line.bounds.x + 2.5 + (line.bounds.width - 5) * 3777 / 5999, abs=1.5)


def test_scattered_points_are_where_they_belong() -> None:
    data = table("a b name", "number number text", (1, 1, "one"), (2, 4, "two"), (3, 9, "three"))
    fragment = lay("chart.scatter", data=data, x="a", y="b", label="name")
    centres = {
        row: (dot.bounds.x + dot.bounds.width / 2, dot.bounds.y + dot.bounds.height / 2)
        for row in (1, 2, 3)
        for dot in shapes(fragment, f"points[{row}]", "dot")
    }
    (ax, ay), (bx, by), (cx, cy) = centres[1], centres[2], centres[3]
    assert bx - ax == pytest.approx(cx - bx, abs=0.1)
    assert (ay - by) / (by - cy) == pytest.approx(3 / 5, abs=0.01)
    assert {"one", "two", "three"} <= set(texts(fragment))
    assert members(fragment, 'points["two"]') == members(fragment, "points[2]")
    assert_sound(fragment)


def test_many_points_are_drawn_in_few_elements() -> None:
    rows = [((n * 7919) % 1000, (n * 104729) % 997) for n in range(3000)]
    fragment = lay("chart.scatter", HALF, data=table("a b", "int int", *rows), x="a", y="b")
    dots = shapes(fragment, "points", "dot")
    assert len(dots) <= 40
    assert sum(dot.primitive.path.verbs.count("M") for dot in dots) == 3000  # type: ignore[union-attr]
    assert_sound(fragment)


def test_histogram_counts() -> None:
    rows = [(float(value),) for value in (1, 1, 2, 5, 5, 5, 5, 9)]
    fragment = lay("chart.histogram", data=table("v", "number", *rows), x="v")
    bars = shapes(fragment, "bins", "bar")
    heights = sorted(bar.bounds.height for bar in bars)
    assert heights[-1] == pytest.approx(4 * heights[0], rel=0.01)
    assert_sound(fragment)
    widths = {round(bar.bounds.width, 1) for bar in bars}
    assert len(widths) == 1
    fine = lay("chart.histogram", data=table("v", "number", *[(n / 10,) for n in range(500)]), x="v", bins=25)
    assert 20 <= len(shapes(fine, "bins", "bar")) <= 30


def test_cells_of_a_matrix() -> None:
    data = table("q The cat sat", "text number number number", ("a", 0.1, 0.2, 0.7), ("b", 0.3, None, 0.3))
    fragment = lay("chart.heatmap", HALF, data=data)
    cells = shapes(fragment, "cells", "box")
    assert len(cells) == 5
    assert len({(round(c.bounds.width, 2), round(c.bounds.height, 2)) for c in cells}) == 1
    assert members(fragment, 'cells["a,sat"]') == members(fragment, "cells[3]")
    assert {"0.7", "The", "cat", "a", "b"} <= set(texts(fragment)) or "0.70" in texts(fragment)
    by_value = {texts: cell.primitive.fill for texts, cell in zip((0.1, 0.2, 0.7), cells, strict=False)}  # type: ignore[union-attr]
    assert len(set(by_value.values())) == 3
    assert_sound(fragment)


@pytest.mark.parametrize("layout", ["chart.bar", "chart.line", "chart.scatter", "chart.histogram", "chart.heatmap"])
def test_nothing_to_draw(layout: str) -> None:
    empty = table("x y", "text number") if layout != "chart.scatter" else table("x y", "number number")
    extra = {"value": "y"} if layout == "chart.heatmap" else {}
    assert codes(lay(layout, data=empty, x="x", y="y", **extra)) & {"PVC0540", "PVC0543"}
    nothing = table("x y", "number number", (None, None))
    assert codes(lay(layout, data=nothing, x="x", y="y", **extra)) & {"PVC0540"}


@pytest.mark.parametrize("layout", ["chart.bar", "chart.line", "chart.scatter", "chart.histogram"])
def test_columns_that_are_not_there(layout: str) -> None:
    assert codes(lay(layout, data=BLEU, x="model", y="scores")) >= {"PVC0543"} or layout == "chart.histogram"
    assert codes(lay(layout, data=BLEU, y="score")) == {"PVC0543"}


def test_two_values_for_one_bar() -> None:
    data = table("x s y", "text text number", ("a", "s", 1.0), ("a", "s", 2.0))
    assert codes(lay("chart.bar", data=data, x="x", y="y", series="s")) == {"PVC0543"}


@pytest.mark.parametrize("value", [10**400, float("inf"), float("nan"), 1e300])
def test_numbers_that_cannot_be_drawn(value: float) -> None:
    from pvc.compiler.model.values import Table

    data = Table(("x", "y"), ("text", "number"), (("a", value), ("b", 2)))  # type: ignore[arg-type]
    fragment = lay("chart.bar", HALF, data=data, x="x", y="y")
    assert codes(fragment) == {"PVC0542"}


@pytest.mark.parametrize("layout", ["chart.bar", "chart.line", "chart.heatmap"])
def test_no_room(layout: str) -> None:
    data = table("x y z", "text text number", ("a", "b", 1.0), ("c", "d", 2.0))
    names = {"x": "x", "y": "y", "value": "z"} if layout == "chart.heatmap" else {"x": "x", "y": "z"}
    assert codes(lay(layout, Box(150.0, 90.0), data=data, title="A title", **names)) == {"PVC0541"}


def test_the_order_of_entrance_follows_the_data() -> None:
    fragment = lay("chart.bar", data=BLEU, x="model", y="score")
    orders = [bar.order for bar in shapes(fragment, "bars", "bar")]
    assert all(before < after for before, after in pairwise(orders))
    assert all(element.order < orders[0] for element in members(fragment, "x_axis") if element.role == "line")


def test_missing_glyphs_are_reported() -> None:
    data = table("x y", "text number", ("\U0001f996", 1.0), ("b", 2.0))
    assert "PVC0502" in codes(lay("chart.bar", HALF, data=data, x="x", y="y"))
