"""`surface3d`: a function of x and y as a sheet over its floor, coloured by its height."""

from __future__ import annotations

import math
from collections.abc import Mapping

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.charts.scale import linear
from pvc.compiler.layout.colors import distance, luminance, mix, paint
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import Look, look
from pvc.compiler.layout.numbers import tick_words
from pvc.compiler.layout.plots.expression import BadExpression, Expression, evaluate, parse
from pvc.compiler.layout.sheet import Sheet
from pvc.compiler.layout.space.stage import BOX, TALL, Axis, axes, finished, fitted, flat, solid
from pvc.compiler.model.display import Fragment, Mesh, Paint, Point3
from pvc.compiler.model.values import Value

CELLS = 56
"""Cells of the sheet along x and along y."""
EVERY = 4
_APART = 0.12
"""How far the accent must be from both other colours (OKLab) to be the third on the scale of heights."""


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`surface3d`: parts `surface`, `axes`, `x_axis`, `y_axis`, `z_axis`, `grid`, `labels`, `title`, `note`."""
    sheet, seen = Sheet(), look(env)
    room = framed.frame(sheet, arguments, box, seen)
    source = given.text(arguments, "fn")
    function = _function(sheet, source)
    across, along = (_range(sheet, arguments, name) for name in ("x", "y"))
    if function is None or across is None or along is None or not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True, entrance="grow")
    values = [
        [
            evaluate(
                function, across[0] + (across[1] - across[0]) * i / CELLS, along[0] + (along[1] - along[0]) * j / CELLS
            )
            for i in range(CELLS + 1)
        ]
        for j in range(CELLS + 1)
    ]
    reach = given.interval(arguments, "z") or _reach([value for row in values for value in row])
    if reach is None:
        sheet.problem(
            "PVC0545", f"`{source}` has no value inside the ranges of x and y", "widen the ranges, or change it"
        )
        return sheet.fragment(box.width, box.height, stretch=True, entrance="grow")
    if not reach[0] < reach[1]:
        sheet.problem("PVC0546", "the range of `z` is empty or cannot be drawn", "write the smaller number first")
        return sheet.fragment(box.width, box.height, stretch=True, entrance="grow")
    scales = (
        linear(across, -1.0, 1.0, count=5, tight=True),
        linear(along, -1.0, 1.0, count=5, tight=True),
        linear(reach, -TALL, TALL, count=4, tight=True),
    )
    space = fitted(room, BOX, (seen.size * 2.2, seen.size * 2.0))
    names = (given.text(arguments, f"{name}_label", name if name != "z" else "") for name in ("x", "y", "z"))
    axis_x, axis_y, axis_z = (Axis(n, s, label) for n, s, label in zip("xyz", scales, names, strict=True))
    axes(sheet, space, (axis_x, axis_y, axis_z), seen)
    solid(sheet, space, _mesh(values, reach, seen), "bar", ("surface",), 1)
    title = given.text(arguments, "title") or "A surface"
    told = tick_words((*across, *along), env.language)
    words = f"{title}. z = {source}, for x from {told[0]} to {told[1]} and y from {told[2]} to {told[3]}."
    return finished(sheet, space, box.width, box.height, words, "grow")


def _function(sheet: Sheet, source: str) -> Expression | None:
    try:
        return parse(source, ("x", "y"))
    except BadExpression as bad:
        place = f" (at character {bad.position + 1})" if bad.position < len(source) else " (at its end)"
        sheet.problem("PVC0544", f"`{source}` cannot be read: {bad.message}{place}", bad.hint)
        return None


def _range(sheet: Sheet, arguments: Mapping[str, Value], name: str) -> tuple[float, float] | None:
    found = given.interval(arguments, name)
    if found is None or not found[0] < found[1]:
        message = f"the range of `{name}` is empty or cannot be drawn"
        sheet.problem("PVC0546", message, "write the smaller number first, as in -3..3")
        return None
    return found


def _reach(values: list[float]) -> tuple[float, float] | None:
    """The range of z where none is given: all values but the outermost fortieth on each side of a wild function."""
    kept = sorted(value for value in values if abs(value) < 1e12)
    if not kept:
        return None
    low, high = kept[0], kept[-1]
    inner = kept[len(kept) // 40 : len(kept) - len(kept) // 40]
    if inner and high - low > 6 * (inner[-1] - inner[0]) > 0:
        pad = (inner[-1] - inner[0]) * 0.4
        low, high = max(low, inner[0] - pad), min(high, inner[-1] + pad)
    if high - low <= 1e-9 * max(abs(high), abs(low), 1e-9):
        return (low - 1.0, high + 1.0)
    return (low, high)


def colors_of(seen: Look) -> tuple[Paint, Paint, Paint]:
    """Low, middle, high: from the theme's cool to its warm, in even steps. Low is the accent where that cannot be taken
    for the top, else a deeper cool."""
    theme = seen.env.theme
    pale = 0.3 if luminance(seen.background) > 0.4 else 0.0  # a dark sheet on light paper would look dirty
    cool, warm = (mix(paint(theme, name), seen.background, pale) for name in ("cool", "warm"))
    apart = min(distance(seen.accent, paint(theme, name)) for name in ("cool", "warm"))
    deep = mix(paint(theme, "cool"), Paint(0, 0, 0), 0.45)
    low = mix(seen.accent, seen.background, 0.25) if apart > _APART else mix(deep, seen.background, pale / 2)
    return (low, cool, warm)


def _mesh(values: list[list[float]], reach: tuple[float, float], seen: Look) -> Mesh:
    """The sheet: x to the right, y away, z up; what lies outside of the range of z is left out."""
    stops = colors_of(seen)
    shades = [
        mix(stops[0], stops[1], step / 32) if step < 32 else mix(stops[1], stops[2], (step - 32) / 32)
        for step in range(65)
    ]
    packed = [shade.red << 16 | shade.green << 8 | shade.blue for shade in shades]
    spots: list[Point3] = []
    colors: list[int] = []
    slack = (reach[1] - reach[0]) * 1e-6
    for j, row in enumerate(values):
        for i, value in enumerate(row):
            inside = math.isfinite(value) and reach[0] - slack <= value <= reach[1] + slack
            share = (value - reach[0]) / (reach[1] - reach[0]) if inside else 0.0
            height = -TALL + 2 * TALL * share if inside else math.nan
            spots.append((2 * i / CELLS - 1, 2 * j / CELLS - 1, height))
            colors.append(packed[min(64, max(0, round(share * 64)))])
    ink = seen.background
    return Mesh(flat(spots), CELLS + 1, tuple(colors), Paint(ink.red, ink.green, ink.blue, 96), EVERY)
