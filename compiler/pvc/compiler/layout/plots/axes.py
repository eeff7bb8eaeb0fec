"""Plotted functions: a grid as quiet as a chart's, zero lines, curves drawn from left to right and named beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.charts.data import series_colors
from pvc.compiler.layout.charts.frame import BELOW, GAP, Room
from pvc.compiler.layout.charts.scale import Scale, linear
from pvc.compiler.layout.colors import concept_parts, readable
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import Look, line, look, put, rich
from pvc.compiler.layout.numbers import tick_words
from pvc.compiler.layout.plots.expression import BadExpression, Expression, evaluate, parse
from pvc.compiler.layout.plots.sampling import curve
from pvc.compiler.layout.plots.tex import tex_of
from pvc.compiler.layout.sheet import Sheet, named, numbered, polyline
from pvc.compiler.model.display import Fragment, Paint, Path, Point, Rect, Stroke
from pvc.compiler.model.values import Value
from pvc.compiler.text.style import TextBlock

_THICK = 4.5


@dataclass(frozen=True, slots=True)
class _Plot:
    """``number`` counts from 1 as written; ``label`` as written or empty."""

    number: int
    source: str
    label: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class _Curve:
    plot: _Plot
    color: Paint
    pieces: tuple[tuple[Point, ...], ...]


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`axes`: parts `plots[n]`, `plots["label or expression"]`, `labels`, `axes`, `x_axis`, `y_axis`, `grid`, `title`,
    `note`."""
    sheet, seen = Sheet(), look(env)
    domain = _range(sheet, arguments, "x")
    plots = _plots(sheet, arguments)
    room = framed.frame(sheet, arguments, box, seen)
    if domain is None or not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True, entrance="draw")
    reach = _range(sheet, arguments, "y") if arguments.get("y") is not None else _values(plots, domain)
    if reach is None:
        return sheet.fragment(box.width, box.height, stretch=True, entrance="draw")
    x_scale, y_scale = _grid(sheet, arguments, domain, reach, room, seen)
    if x_scale is None or y_scale is None:
        return sheet.fragment(box.width, box.height, stretch=True, entrance="draw")
    curves = _curves(sheet, plots, domain, x_scale, y_scale, env)
    for found in curves:
        _draw(sheet, found, env)
    _name(sheet, curves, Rect(room.left, room.top, room.width, room.height), seen)
    told = ", ".join(f"y = {plot.source}" for plot in plots) or "no function"
    title = given.text(arguments, "title") or "Axes"
    words = tick_words(domain, env.language)
    return sheet.fragment(
        *(box.width, box.height),
        stretch=True,
        entrance="draw",
        description=f"{title}. {told}, for x from {words[0]} to {words[-1]}.",
    )


def _range(sheet: Sheet, arguments: Mapping[str, Value], name: str) -> tuple[float, float] | None:
    found = given.interval(arguments, name)
    if found is None or not found[0] < found[1]:
        sheet.problem(
            "PVC0546",
            f"the range of `{name}` is empty or cannot be drawn",
            "write the smaller number first, as in -3..3",
        )
        return None
    return found


def _plots(sheet: Sheet, arguments: Mapping[str, Value]) -> tuple[_Plot, ...]:
    labels = given.texts(arguments, "labels")
    found = []
    for number, source in enumerate(given.texts(arguments, "plots"), 1):
        try:
            expression = parse(source)
        except BadExpression as bad:
            place = f" (at character {bad.position + 1})" if bad.position < len(source) else " (at its end)"
            sheet.problem("PVC0544", f"`{source}` cannot be read: {bad.message}{place}", bad.hint)
            continue
        found.append(_Plot(number, source, labels[number - 1] if number <= len(labels) else "", expression))
    return tuple(found)


def _values(plots: Sequence[_Plot], domain: tuple[float, float]) -> tuple[float, float]:
    """The range of y where none is given: all values but the outermost twentieth on each side of a wild function."""
    low, high = domain
    values: list[float] = []
    for plot in plots:
        found = (evaluate(plot.expression, low + (high - low) * step / 400) for step in range(401))
        values.extend(value for value in found if abs(value) < 1e12)
    if not values:
        return (-1.0, 1.0)
    values.sort()
    bottom, top = values[0], values[-1]
    inner = values[len(values) // 20 : len(values) - len(values) // 20]
    if top - bottom > 8 * (inner[-1] - inner[0]) > 0:
        pad = (inner[-1] - inner[0]) * 0.5
        bottom, top = max(bottom, inner[0] - pad), min(top, inner[-1] + pad)
    if top - bottom <= 1e-9 * max(abs(top), abs(bottom), 1e-9):
        return (bottom - 1, top + 1)
    return (bottom, top)


def _grid(
    sheet: Sheet,
    arguments: Mapping[str, Value],
    domain: tuple[float, float],
    reach: tuple[float, float],
    room: Room,
    seen: Look,
) -> tuple[Scale | None, Scale | None]:
    """Grid lines, zero lines and tick labels at the left and bottom edges, where no curve crosses them."""
    framed.y_title(sheet, room, given.text(arguments, "y_label"), seen)
    title = framed.x_title(sheet, room, given.text(arguments, "x_label"), seen)
    y_scale = linear(reach, 0, 1, count=framed.tick_count(room.height, seen) + 1, tight=True)
    y_blocks = framed.scale_words(y_scale, seen)
    room.left += max((block.width for block in y_blocks), default=0.0) + GAP
    room.top += seen.size * 0.5
    room.bottom -= BELOW + seen.size * 1.1
    room.right -= seen.size
    if not framed.fits(sheet, room):
        return None, None
    edge = room.right + seen.size
    x_scale, x_blocks = framed.fitting(
        lambda count: linear(domain, room.left, room.right, count=count, tight=True),
        *(min(8, int(room.width / 150)), 0.0, edge, seen),
    )
    y_scale = y_scale.spanning(room.bottom, room.top)
    for tick in x_scale.ticks:
        if tick != 0:
            path, stroke = (
                polyline(((x_scale.at(tick), room.top), (x_scale.at(tick), room.bottom))),
                Stroke(seen.rule, 1.0),
            )
            sheet.shape(path, "line", stroke=stroke, parts=("axes", "grid"), morph=f"grid:x:{tick:g}")
    framed.draw_y_axis(sheet, y_scale, y_blocks, room.left, room.right, seen, 0.0)
    zero_y = y_scale.at(0.0) if reach[0] <= 0 <= reach[1] else room.bottom
    zero_x = x_scale.at(0.0) if domain[0] <= 0 <= domain[1] else room.left
    axis = Stroke(seen.muted, 2.0, cap="butt")
    for name, path in (
        ("x_axis", polyline(((room.left, zero_y), (room.right, zero_y)))),
        ("y_axis", polyline(((zero_x, room.bottom), (zero_x, room.top)))),
    ):
        sheet.shape(path, "line", stroke=axis, parts=("axes", name), morph=name)
    for tick, block, left in zip(x_scale.ticks, x_blocks, framed.tick_lefts(x_scale, x_blocks, 0.0, edge), strict=True):
        put(
            *(sheet, block, left, room.bottom + BELOW),
            size=seen.size,
            parts=("axes", "x_axis", "labels"),
            morph=f"tick:x:{tick:g}",
        )
    framed.put_x_title(sheet, title, room, room.bottom + BELOW + seen.size * 1.1, seen)
    return x_scale, y_scale


def _curves(
    sheet: Sheet, plots: Sequence[_Plot], domain: tuple[float, float], x_scale: Scale, y_scale: Scale, env: Env
) -> list[_Curve]:
    """The curves that show; one that is nowhere inside the ranges is reported."""
    names = tuple(plot.label or plot.source for plot in plots)
    found = []
    for plot, color in zip(plots, series_colors(names, env, ""), strict=True):
        expression = plot.expression

        def value(x: float, expression: Expression = expression) -> float:
            return evaluate(expression, x)

        pieces = curve(value, domain, x_scale.at, y_scale.at, y_scale.end, y_scale.start)
        if not pieces:
            sheet.problem(
                *("PVC0545", f"`{plot.source}` has no value inside the ranges of x and y"),
                hint="widen the ranges, or leave it out",
            )
            continue
        found.append(_Curve(plot, color, pieces))
    return found


def _selectors(plot: _Plot, env: Env) -> tuple[str, ...]:
    names = dict.fromkeys(name for name in (plot.label, plot.source) if name)
    selectors = ["plots", numbered("plots", plot.number), *(named("plots", name) for name in names)]
    return (*selectors, *concept_parts(env, plot.label))


def _draw(sheet: Sheet, found: _Curve, env: Env) -> None:
    verbs = ""
    points: list[float] = []
    for piece in found.pieces:
        path = polyline(piece)
        verbs += path.verbs
        points.extend(path.points)
    plot = found.plot
    sheet.shape(
        *(Path(verbs, tuple(points)), "line"),
        stroke=Stroke(found.color, _THICK),
        parts=_selectors(plot, env),
        order=plot.number,
        morph=f"plot:{plot.number}",
    )


def _name(sheet: Sheet, curves: Sequence[_Curve], inside: Rect, seen: Look) -> None:
    """Put each curve's label beside it, where it touches the fewest lines and no other label."""
    taken: list[Rect] = []
    clouds = [[point for piece in found.pieces for point in _dense(piece)] for found in curves]
    for found, own in zip(curves, clouds, strict=True):
        plot = found.plot
        style = seen.style(readable(found.color, seen.background, seen.text), weight=600)
        text = plot.label or f"$y = {tex_of(plot.expression)}$"
        block = line(rich(text, style, seen.env, sheet), style, seen.env)
        others = [point for cloud in clouds for point in cloud]
        place = _best(block, own, others, taken, inside, seen.size)
        taken.append(place)
        put(
            *(sheet, block, place.x, place.y),
            size=seen.size,
            parts=("labels", *_selectors(plot, seen.env)),
            order=plot.number,
            morph=f"label:{plot.number}",
        )


def _dense(piece: Sequence[Point]) -> list[Point]:
    """Points along a polyline at most 12 px apart."""
    found = [piece[0]]
    for (ax, ay), (bx, by) in pairwise(piece):
        steps = max(1, int(max(abs(bx - ax), abs(by - ay)) / 12))
        found.extend((ax + (bx - ax) * k / steps, ay + (by - ay) * k / steps) for k in range(1, steps + 1))
    return found


def _best(
    block: TextBlock, own: Sequence[Point], lines: Sequence[Point], taken: Sequence[Rect], inside: Rect, size: float
) -> Rect:
    """Of places near the curve, its right part first: the one with the least on it."""
    gap = size * 0.4
    best, least = Rect(inside.x, inside.y, block.width, block.height), 1e9
    ordered = sorted(own, key=lambda point: -point[0])
    step = max(1, len(ordered) // 40)
    for rank, (x, y) in enumerate(ordered[::step]):
        for left, top in (
            (x - block.width, y - block.height - gap),
            (x - block.width, y + gap),
            (x + gap, y - block.height / 2),
            (x - block.width - gap, y - block.height / 2),
            (x, y - block.height - gap),
            (x, y + gap),
        ):
            place = Rect(left, top, block.width, block.height)
            if left < inside.x + 4 or place.right > inside.right or top < inside.y or place.bottom > inside.bottom:
                continue
            if any(_touch(place, other) for other in taken):
                continue
            crossed = sum(1 for px, py in lines if left - 4 < px < place.right + 4 and top + 2 < py < place.bottom - 2)
            cost = crossed + rank * 0.02
            if cost < least:
                best, least = place, cost
    return best


def _touch(one: Rect, two: Rect) -> bool:
    return one.x < two.right + 8 and two.x < one.right + 8 and one.y < two.bottom and two.y < one.bottom
