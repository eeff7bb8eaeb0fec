"""Entrances of charts: what lies on a line comes when the line does."""

from __future__ import annotations

import pytest
from figures.drawn import lay, table

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
