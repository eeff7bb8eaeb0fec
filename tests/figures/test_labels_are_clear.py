"""Labels of plotted functions keep clear of every curve; numbers on coloured cells can be read."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from figures.drawn import FULL, HALF, between, lay, members
from layout.surroundings import themes

from pvc.compiler.layout.colors import LETTERED, contrast, lettered, luminance
from pvc.compiler.layout.component import Box
from pvc.compiler.layout.compose import union
from pvc.compiler.model.display import Fragment, Glyphs, Paint, Shape
from pvc.compiler.model.values import Table

PLOTS = (
    (("exp(-x^2)", "cos(x)"), (-3.0, 3.0)),
    (("x^2", "sin(x)", "2*x+1"), (-3.0, 3.0)),
    (("sin(x)", "sin(2*x)", "sin(3*x)"), (0.0, 6.0)),
    (("tanh(x)",), (-3.0, 3.0)),
    (("exp(-x^2/2)/sqrt(2*pi)",), (-6.0, 6.0)),
    (("1/(1+exp(-x))", "relu(x)/3"), (-3.0, 3.0)),
)


def touched(fragment: Fragment, count: int) -> list[str]:
    """Curves that pass through a label, by more than a hair."""
    found = []
    for number in range(1, count + 1):
        label = [e for e in members(fragment, f"plots[{number}]") if e.morph.startswith("label:")]
        box = union(element.bounds for element in label)
        for other in range(1, count + 1):
            (curve,) = [e for e in members(fragment, f"plots[{other}]") if e.morph.startswith("plot:")]
            assert isinstance(curve.primitive, Shape)
            flat = curve.primitive.path.points
            points = list(zip(flat[0::2], flat[1::2], strict=True))
            for (ax, ay), (bx, by) in pairwise(points):
                for share in (0.0, 0.25, 0.5, 0.75):
                    x, y = ax + (bx - ax) * share, ay + (by - ay) * share
                    if box.x - 3 < x < box.right + 3 and box.y - 3 < y < box.bottom + 3:
                        found.append(f"{number} by {other}")
                        break
    return found


@pytest.mark.parametrize("box", [FULL, HALF, Box(984.0, 800.0), Box(984.0, 1100.0)])
@pytest.mark.parametrize(("plots", "ends"), PLOTS)
@pytest.mark.parametrize("theme", ["midnight", "paper"])
def test_no_curve_touches_a_label(plots: tuple[str, ...], ends: tuple[float, float], box: Box, theme: str) -> None:
    fragment = lay("axes", box, theme, x=between(*ends), plots=plots)
    assert not fragment.problems
    assert not touched(fragment, len(plots))


@pytest.mark.parametrize("theme", sorted(themes()))
def test_numbers_on_cells_of_any_colour_can_be_read(theme: str) -> None:
    rows = tuple((f"r{i}", *(Fraction((i * 8 + j) - 24, 24) for j in range(8))) for i in range(6))
    data = Table(("row", *(f"c{j}" for j in range(8))), ("text", *["number"] * 8), rows)
    for shift in (0, 2):
        moved = tuple((name, *(value + shift for value in rest)) for name, *rest in rows)  # type: ignore[operator]
        fragment = lay("chart.heatmap", theme=theme, data=Table(data.columns, data.types, moved))  # type: ignore[arg-type]
        numbers = [e for e in members(fragment, "cells") if isinstance(e.primitive, Glyphs)]
        assert len(numbers) == 48
        for element in numbers:
            assert element.ground is not None
            assert contrast(element.primitive.paint, element.ground) >= LETTERED - 0.05  # type: ignore[union-attr]


@pytest.mark.parametrize("theme", sorted(themes()))
def test_cells_keep_the_order_of_their_lightness(theme: str) -> None:
    look = themes()[theme]
    moved = [lettered(Paint(grey, grey, grey), look)[0] for grey in range(256)]
    lights = [luminance(color) for color in moved]
    assert all(one <= two + 0.012 for one, two in pairwise(lights))
    assert moved[0] == Paint(0, 0, 0)
    assert moved[255] == Paint(255, 255, 255)
    assert sum(color != Paint(grey, grey, grey) for grey, color in enumerate(moved)) < 45, "only the middle moves"
