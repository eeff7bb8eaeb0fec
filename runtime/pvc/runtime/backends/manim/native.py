"""Components that Manim draws itself, on the places that the compiler laid out.

`equation`: the compiler's glyphs as mobjects whose morphs are Manim's own. `axes`: number lines and plots made by
Manim's `Axes`; labels stay the compiler's, so no TeX is involved. Runs in the child process only.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from manim import Axes

from pvc.compiler.layout.plots.expression import BadExpression, Expression, evaluate, parse
from pvc.compiler.model.display import Element, Fragment, Shape
from pvc.compiler.model.values import Interval
from pvc.runtime.backends.manim.mobjects import Points

NAMES = ("axes", "equation")


def replacements(native: str, arguments: Mapping[str, object], fragment: Fragment) -> dict[int, Points]:
    """Cubic points (px of the fragment) for the elements, by index, that Manim makes anew."""
    if native != "axes":
        return {}
    lines = {name: _ends(fragment, name) for name in ("x_axis", "y_axis")}
    domain = _interval(arguments.get("x"))
    x_line, y_line = lines["x_axis"], lines["y_axis"]
    if domain is None or x_line is None or y_line is None:
        return {}
    plots = _plots(arguments)
    reach = _reach(fragment, plots, domain, x_line, y_line, _interval(arguments.get("y")))
    if reach is None:
        return {}
    axes = _axes(domain, reach, x_line, y_line)
    made: dict[int, Points] = {}
    for index, element in enumerate(fragment.elements):
        if element.morph == "x_axis":
            made[index] = _points(axes.x_axis, axes, domain, reach, x_line, y_line)
        elif element.morph == "y_axis":
            made[index] = _points(axes.y_axis, axes, domain, reach, x_line, y_line)
        elif element.morph.startswith("plot:"):
            drawn = _plotted(axes, plots.get(int(element.morph.partition(":")[2])), element, domain, reach, x_line)
            if drawn is not None:
                made[index] = _points(drawn, axes, domain, reach, x_line, y_line)
    return made


def _interval(value: object) -> tuple[float, float] | None:
    if not isinstance(value, Interval):
        return None
    low, high = value.low, value.high
    if not isinstance(low, (int, Fraction)) or not isinstance(high, (int, Fraction)):
        return None
    return float(low), float(high)


def _plots(arguments: Mapping[str, object]) -> dict[int, Expression]:
    found = {}
    sources = arguments.get("plots")
    for number, source in enumerate(sources if isinstance(sources, (tuple, list)) else (), 1):
        try:
            found[number] = parse(str(source))
        except BadExpression:
            continue  # the layout has reported it
    return found


def _ends(fragment: Fragment, name: str) -> tuple[float, float, float, float] | None:
    """(x0, y0, x1, y1) of an axis as the compiler drew it."""
    for element in fragment.elements:
        if element.morph == name and isinstance(element.primitive, Shape):
            points = element.primitive.path.points
            return points[0], points[1], points[-2], points[-1]
    return None


def _reach(
    fragment: Fragment,
    plots: Mapping[int, Expression],
    domain: tuple[float, float],
    x_line: tuple[float, float, float, float],
    y_line: tuple[float, float, float, float],
    given: tuple[float, float] | None,
) -> tuple[float, float] | None:
    """The values at the y axis' ends: as given, else fitted to a curve that the compiler drew (least squares)."""
    if given is not None:
        return given
    for element in fragment.elements:
        plot = plots.get(int(element.morph.partition(":")[2])) if element.morph.startswith("plot:") else None
        if plot is None or not isinstance(element.primitive, Shape):
            continue
        xs = np.array(element.primitive.path.points[0::2])
        ys = np.array(element.primitive.path.points[1::2])
        values = np.array([evaluate(plot, _value(x, domain, x_line)) for x in xs])
        good = np.isfinite(values)
        if good.sum() > 1 and np.ptp(values[good]) > 0:
            slope, start = np.polyfit(ys[good], values[good], 1)
            return float(slope * y_line[1] + start), float(slope * y_line[3] + start)
    return None


def _value(x: float, domain: tuple[float, float], line: tuple[float, float, float, float]) -> float:
    return domain[0] + (x - line[0]) / (line[2] - line[0]) * (domain[1] - domain[0])


def _axes(
    domain: tuple[float, float],
    reach: tuple[float, float],
    x_line: tuple[float, float, float, float],
    y_line: tuple[float, float, float, float],
) -> Any:
    plain = {"include_ticks": False, "include_tip": False, "include_numbers": False}
    return Axes(
        x_range=[*domain, (domain[1] - domain[0]) / 10],
        y_range=[*reach, (reach[1] - reach[0]) / 10],
        x_length=abs(x_line[2] - x_line[0]) / 100.0,
        y_length=abs(y_line[3] - y_line[1]) / 100.0,
        tips=False,
        axis_config=plain,
    )


def _points(
    mobject: Any,
    axes: Any,
    domain: tuple[float, float],
    reach: tuple[float, float],
    x_line: tuple[float, float, float, float],
    y_line: tuple[float, float, float, float],
) -> Points:
    """A mobject's points through the axes' own coordinates into px of the fragment."""
    low = np.asarray(axes.c2p(domain[0], reach[0]))
    high = np.asarray(axes.c2p(domain[1], reach[1]))
    share = (np.asarray(mobject.points)[:, :2] - low[:2]) / (high[:2] - low[:2])
    out: Points = np.empty_like(share)
    out[:, 0] = x_line[0] + share[:, 0] * (x_line[2] - x_line[0])
    out[:, 1] = y_line[1] + share[:, 1] * (y_line[3] - y_line[1])
    return out


def _plotted(
    axes: Any,
    plot: Expression | None,
    element: Element,
    domain: tuple[float, float],
    reach: tuple[float, float],
    x_line: tuple[float, float, float, float],
) -> Any:
    """`Axes.plot` over the stretch that the compiler found inside the ranges; None where it has gaps or leaves them,
    which Manim's sampler would bridge."""
    if plot is None or not isinstance(element.primitive, Shape) or element.primitive.path.verbs.count("M") != 1:
        return None
    xs = element.primitive.path.points[0::2]
    first, last = _value(min(xs), domain, x_line), _value(max(xs), domain, x_line)
    return axes.plot(
        lambda x: min(max(evaluate(plot, float(x)), reach[0]), reach[1]),
        x_range=[first, last, (last - first) / 200],
        use_smoothing=False,
    )
