"""Entrances of charts: what lies on a line comes when the line does."""

from __future__ import annotations

import pytest
from figures.drawn import between, lay, table

from pvc.compiler.layout.sheet import disc, polyline
from pvc.compiler.model.display import Element, Fragment, Paint, Path, Rect, Shape, Stroke
from pvc.compiler.model.tracks import eased
from pvc.compiler.stage.entrances import enter, reached
from pvc.compiler.stage.script import Script, Stand, script, value

INK = Paint(200, 200, 200)


def actor(fragment: Fragment) -> Script:
    return script("v", fragment, "d", 0, 1000, Stand(0.0, 0.0))


def test_a_point_is_reached_at_its_share_of_the_length() -> None:
    path = polyline(((0, 0), (100, 0), (100, 300)))
    assert reached(path, (50, 0)) == pytest.approx(0.125)
    assert reached(path, (100, 200)) == pytest.approx(0.75)
    assert reached(path, (50, 80)) is None
    assert reached(Path("MLML", (0, 0, 100, 0, 500, 0, 600, 0)), (500, 0)) == pytest.approx(0.5), "a gap has no length"
    assert reached(Path("", ()), (0, 0)) is None


def test_dots_never_run_ahead_of_their_line() -> None:
    line = polyline(tuple((100.0 * step, 0.0) for step in range(11)))
    elements = [Element(Shape(line, stroke=Stroke(INK, 4)), Rect(0, -2, 1000, 4), "line", 1)]
    for step in range(11):
        x = 100.0 * step
        elements.append(Element(Shape(disc(x, 0, 7), INK), Rect(x - 7, -7, 14, 14), "dot", 1, origin=(x, 0.0)))
    made = actor(Fragment(1000, 10, tuple(elements), entrance="draw"))
    enter(made, None, 0, 60, "draw", 3)
    for frame in range(61):
        drawn = value(made, "trim", "life", 0, frame)
        assert drawn is not None
        assert drawn[0] == pytest.approx(eased("in_out", frame / 60), abs=1e-6)
        for step in range(11):
            opacity = value(made, "opacity", "life", step + 1, frame)
            assert opacity is not None
            if opacity[0] > 0.5:
                assert drawn[0] >= step / 10 - 0.08, (frame, step)
    assert all(value(made, "opacity", "life", step, 60) == (1.0,) for step in range(1, 12))


def test_markers_of_a_chart_wait_and_areas_open() -> None:
    data = table("x v", "int number", *((x, x * x) for x in range(8)))
    chart = lay("chart.line", data=data, x="x", y="v")
    made = actor(chart)
    enter(made, None, 0, 60, "draw", 3)
    dots = [index for index, element in enumerate(chart.elements) if element.role == "dot"]
    shown = [
        next(frame for frame in range(61) if (value(made, "opacity", "life", index, frame) or (1.0,))[0] > 0.5)
        for index in dots
    ]
    assert shown == sorted(shown)
    assert shown[-1] > shown[0] + 15
    areas = lay("chart.area", data=data, x="x", y="v")
    opened = actor(areas)
    enter(opened, None, 0, 60, "draw", 3)
    (index,) = [index for index, element in enumerate(areas.elements) if element.role == "area"]
    widths = [
        value(opened, "clip", "life", index, frame)[2]  # type: ignore[index]
        for frame in range(61)
        if (value(opened, "opacity", "life", index, frame) or (1.0,))[0] > 0
    ]
    assert widths[0] < 0.1
    assert widths == sorted(widths)
    assert widths[-1] == 1.0


def shown(made: Script, index: int, frame: int) -> float:
    opacity = value(made, "opacity", "life", index, frame)
    return 1.0 if opacity is None else opacity[0]


def test_a_name_comes_when_the_head_of_its_line_gets_there() -> None:
    rows = [("up", x, x * x) for x in range(8)] + [("down", x, 40 - 3 * x) for x in range(6)]
    chart = lay("chart.line", data=table("s x v", "text int number", *rows), x="x", y="v", series="s")
    made = actor(chart)
    enter(made, None, 0, 60, "draw", 3)
    parts = dict(chart.parts)
    for name in ("up", "down"):
        own = parts[f'lines["{name}"]']
        names = set(parts["labels"]) & set(own)
        line = next(i for i in own if chart.elements[i].role == "line" and i not in names)
        assert names
        for frame in range(61):
            drawn = value(made, "trim", "life", line, frame)
            assert drawn is not None
            for index in names:
                assert shown(made, index, frame) == 0.0 or drawn[0] > 0.97, (name, frame)
        assert all(shown(made, index, 60) == 1.0 for index in names)
        assert value(made, "trim", "life", line, 60) == (1.0,)


def test_a_name_beside_the_middle_of_a_curve_comes_as_the_curve_passes_it() -> None:
    line = polyline(tuple((100.0 * step, 0.0) for step in range(11)))
    stroke = Element(Shape(line, stroke=Stroke(INK, 4)), Rect(0, -2, 1000, 4), "line", 1)
    name = Element(Shape(disc(300, -30, 10), INK), Rect(290, -40, 20, 20), "text", 1)
    made = actor(Fragment(1000, 10, (stroke, name), (("labels", (1,)),), "draw"))
    enter(made, None, 0, 50, "draw", 3)
    first = next(frame for frame in range(51) if shown(made, 1, frame) > 0)
    drawn = value(made, "trim", "life", 0, first)
    assert drawn is not None
    assert drawn[0] == pytest.approx(0.3, abs=0.06)


def test_axes_come_as_one_gesture_before_the_data_have_come_far() -> None:
    data = table("n v", "text number", *(("abcdef"[x], x + 1.0) for x in range(6)))
    lines = table("x v", "int number", *((x, x * x) for x in range(8)))
    for chart in (
        lay("chart.bar", data=data, x="n", y="v", title="Bars"),
        lay("chart.line", data=lines, x="x", y="v"),
        lay("axes", x=between(0, 5), y=between(0, 5), plots=("x",)),
    ):
        made = actor(chart)
        enter(made, None, 0, 60, "draw", 3)
        axes = dict(chart.parts)["axes"]
        for frame in (3, 10, 20, 29):
            done = {
                round(shown(made, index, frame), 3)
                if (drawn := value(made, "trim", "life", index, frame)) is None
                else round(drawn[0], 3)
                for index in axes
            }
            assert len(done) == 1, "lines, ticks and their labels come together"
        assert all(shown(made, index, 30) == 1.0 for index in axes)
        data_there = [
            index for index in range(len(chart.elements)) if index not in axes and chart.elements[index].order
        ]
        assert data_there
        assert all(shown(made, index, 11) == 0.0 for index in data_there)
        assert all(shown(made, index, 60) == 1.0 for index in range(len(chart.elements)))


def test_a_bar_that_is_revealed_alone_takes_its_whole_time() -> None:
    data = table("n v", "text number", ("a", 1.0), ("b", 2.0))
    chart = lay("chart.bar", data=data, x="n", y="v")
    made = actor(chart)
    bar = next(index for index in dict(chart.parts)["bars[2]"] if chart.elements[index].role == "bar")
    enter(made, (bar,), 10, 20, "grow", 3)
    size = value(made, "scale", "life", bar, 14)
    assert size is not None
    assert 0 < min(size) < 1


def test_caps_of_whiskers_come_at_their_ends() -> None:
    data = table("v", "number", *((float(x),) for x in (1, 2, 2, 3, 4, 4, 5, 9)))
    chart = lay("chart.box", data=data, y="v")
    made = actor(chart)
    enter(made, None, 0, 60, "draw", 3)
    by_morph = {element.morph: index for index, element in enumerate(chart.elements)}
    for side in ("low", "high"):
        whisker, cap = by_morph[f"whisker:{side}:"], by_morph[f"cap:{side}:"]
        box = by_morph["box:"]
        for frame in range(61):
            ended, wide = value(made, "trim", "life", whisker, frame), value(made, "scale", "life", box, frame)
            assert ended is not None
            assert wide is not None
            if shown(made, cap, frame):
                assert ended[0] > 0.85
            if shown(made, whisker, frame):
                assert min(wide) > 0.6


def test_areas_that_lie_on_each_other_open_together() -> None:
    rows = [(name, x, float(x + 1)) for name in ("a", "b", "c") for x in range(5)]
    chart = lay("chart.area", data=table("s x v", "text int number", *rows), x="x", y="v", series="s")
    made = actor(chart)
    enter(made, None, 0, 60, "draw", 4)
    areas = [index for index, element in enumerate(chart.elements) if element.role == "area"]
    assert len(areas) == 3
    for frame in range(61):
        assert len({value(made, "clip", "life", index, frame) for index in areas}) == 1
