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
from pvc.compiler.layout.compose import union
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

_CLEAR = 0.3
"""Between a label and any curve, label sizes."""


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
    `note`. Labels stand beside their curves; where these leave no room, at the right of the plot."""
    fragment, clear = _laid_out(arguments, box, env, False)
    if clear or fragment.problems:
        return fragment
    aside, _ = _laid_out(arguments, box, env, True)
    return fragment if aside.problems else aside


def _laid_out(arguments: Mapping[str, Value], box: Box, env: Env, aside: bool) -> tuple[Fragment, bool]:
    """The fragment, and whether no label touches a curve; ``aside``: with labels at the right of the plot."""
    sheet, seen = Sheet(), look(env)
    domain = _range(sheet, arguments, "x")
    plots = _plots(sheet, arguments)
    room = framed.frame(sheet, arguments, box, seen)
    if domain is None or not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True, entrance="draw"), True
    reach = _range(sheet, arguments, "y") if arguments.get("y") is not None else _values(plots, domain)
    if reach is None:
        return sheet.fragment(box.width, box.height, stretch=True, entrance="draw"), True
    if aside:
        room.right -= max((_label(sheet, plot, seen.text, seen).width for plot in plots), default=0.0)
    x_scale, y_scale = _grid(sheet, arguments, domain, reach, room, seen)
    if x_scale is None or y_scale is None:
        return sheet.fragment(box.width, box.height, stretch=True, entrance="draw"), True
    curves = _curves(sheet, plots, domain, x_scale, y_scale, env)
    for found in curves:
        _draw(sheet, found, env)
    inside = Rect(room.left, room.top, room.width, room.height)
    clear = True
    if aside:
        _name_aside(sheet, curves, inside, seen)
    else:
        clear = _name(sheet, curves, x_scale, y_scale, inside, seen)
    told = ", ".join(f"y = {plot.source}" for plot in plots) or "no function"
    title = given.text(arguments, "title") or "Axes"
    words = tick_words(domain, env.language)
    description = f"{title}. {told}, for x from {words[0]} to {words[-1]}."
    return sheet.fragment(box.width, box.height, stretch=True, entrance="draw", description=description), clear


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
    labels, sources = given.texts(arguments, "labels"), given.texts(arguments, "plots")
    if len(labels) > len(sources):
        sheet.problem(
            "PVC0547",
            f"there are {len(labels)} labels for {len(sources)} plot{'s' * (len(sources) != 1)}",
            "give each plot at most one, in the order of the plots",
        )
    found = []
    for number, source in enumerate(sources, 1):
        try:
            expression = parse(source)
        except BadExpression as bad:
            place = f" (at character {bad.position + 1})" if bad.position < len(source) else " (at its end)"
            shown = source if len(source) <= 60 else f"{source[:57]}..."
            sheet.problem("PVC0544", f"`{shown}` cannot be read: {bad.message}{place}", bad.hint)
            continue
        found.append(_Plot(number, source, labels[number - 1] if number <= len(labels) else "", expression))
    return tuple(found)


def _values(plots: Sequence[_Plot], domain: tuple[float, float]) -> tuple[float, float]:
    """The range of y where none is given: all values but the outermost twentieth on each side of a wild function."""
    low, high = domain
    values: list[float] = []
    for plot in plots:
        found = (evaluate(plot.expression, low + (high - low) * step / 400) for step in range(401))
        finite = [value for value in found if abs(value) < 1e300]
        near = [value for value in finite if abs(value) < 1e12]
        values.extend(near if 2 * len(near) > len(finite) else finite)  # what runs away does not set the scale
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


def _label(sheet: Sheet, plot: _Plot, color: Paint, seen: Look) -> TextBlock:
    style = seen.style(readable(color, seen.background, seen.text), weight=600)
    text = plot.label or f"$y = {tex_of(plot.expression)}$"
    return line(rich(text, style, seen.env, sheet), style, seen.env)


def _put(sheet: Sheet, plot: _Plot, block: TextBlock, x: float, y: float, seen: Look) -> None:
    put(
        *(sheet, block, x, y),
        size=seen.size,
        parts=("labels", *_selectors(plot, seen.env)),
        order=plot.number,
        morph=f"label:{plot.number}",
    )


def _name(sheet: Sheet, curves: Sequence[_Curve], x_scale: Scale, y_scale: Scale, inside: Rect, seen: Look) -> bool:
    """Put each curve's label beside it, clear of every curve and label, and off the axes where it can be; False where a
    label lies on a curve for want of room."""
    taken: list[Rect] = []
    clouds = [[point for piece in found.pieces for point in _dense(piece)] for found in curves]
    others = [point for cloud in clouds for point in cloud]
    zeros = [
        x_scale.at(0.0) if x_scale.low <= 0 <= x_scale.high else None,
        y_scale.at(0.0) if y_scale.low <= 0 <= y_scale.high else None,
    ]
    clear = True
    for found, own in zip(curves, clouds, strict=True):
        block = _label(sheet, found.plot, found.color, seen)
        place = _best(block, own, others, zeros, taken, inside, seen.size)
        taken.append(place)
        clear = clear and not _crossings(Rect(place.x - 4, place.y - 4, place.width + 8, place.height + 8), others)
        _put(sheet, found.plot, block, place.x, place.y, seen)
    return clear


def _name_aside(sheet: Sheet, curves: Sequence[_Curve], inside: Rect, seen: Look) -> None:
    """Put the labels at the right of the plot, each where its curve ends, with a leader where it is moved."""
    blocks = [_label(sheet, found.plot, found.color, seen) for found in curves]
    ends = [max((point for piece in found.pieces for point in piece), key=lambda point: point[0]) for found in curves]
    heights = [block.height + 4 for block in blocks]
    low, high = inside.y - seen.size * 0.5, inside.bottom + seen.size * 0.5
    middles = framed.spread([y for _, y in ends], heights, low, high)
    if sum(heights) > high - low:
        sheet.problem(
            "PVC0541", f"the names of {len(blocks)} curves do not fit", "plot fewer, or give the axes a larger region"
        )
    for found, block, (x, y), middle in zip(curves, blocks, ends, middles, strict=True):
        left = inside.right + seen.size * 0.6
        if abs(middle - y) > seen.size * 0.6 or x < inside.right - 4:
            leader = polyline(((x + 4, y), (left - 5, middle)))
            parts = ("labels", *_selectors(found.plot, seen.env))
            sheet.shape(leader, "line", stroke=Stroke(seen.rule, 2.0), parts=parts, order=found.plot.number)
        _put(sheet, found.plot, block, left, middle - block.height / 2, seen)


def _dense(piece: Sequence[Point]) -> list[Point]:
    """Points along a polyline at most 8 px apart."""
    found = [piece[0]]
    for (ax, ay), (bx, by) in pairwise(piece):
        steps = max(1, int(max(abs(bx - ax), abs(by - ay)) / 8))
        found.extend((ax + (bx - ax) * k / steps, ay + (by - ay) * k / steps) for k in range(1, steps + 1))
    return found


def _best(
    block: TextBlock,
    own: Sequence[Point],
    lines: Sequence[Point],
    zeros: Sequence[float | None],
    taken: Sequence[Rect],
    inside: Rect,
    size: float,
) -> Rect:
    """Of places near the curve, its right part first: the nearest with nothing on it. A label keeps ``size`` times
    `_CLEAR` from every curve, its own too."""
    drawn = union(element.bounds for element in block.elements)
    high, low = min(0.0, drawn.y), max(block.height, drawn.bottom)  # formulas reach out of their line
    clear = size * _CLEAR + _THICK / 2
    best, least = Rect(inside.x, inside.y, block.width, block.height), 1e9
    ordered = sorted(own, key=lambda point: -point[0])
    step = max(1, len(ordered) // 60)
    for rank, (x, y) in enumerate(ordered[::step]):
        if rank * 0.05 >= least:
            break
        for extra in (0.0, 0.6, 1.4):
            gap = clear + 1.0 + extra * size
            for left, top in (
                (x - block.width, y - low - gap),
                (x - block.width, y + gap - high),
                (x + gap, y - block.height / 2),
                (x - block.width - gap, y - block.height / 2),
                (x - block.width / 2, y - low - gap),
                (x - block.width / 2, y + gap - high),
                (x, y - low - gap),
                (x, y + gap - high),
            ):
                place = Rect(left, top, block.width, block.height)
                if left < inside.x + 4 or place.right > inside.right:
                    continue
                if top + high < inside.y or top + low > inside.bottom or any(_touch(place, other) for other in taken):
                    continue
                box = Rect(left - clear, top + high - clear, block.width + 2 * clear, low - high + 2 * clear)
                cost = rank * 0.05 + extra * 0.8 + _on_axes(place, zeros)
                cost += 2.0 * _crossings(box, lines) if cost < least else 0.0
                if cost < least:
                    best, least = place, cost
    if least == 1e9:  # no room near the curve: wherever there is any
        for place in _anywhere(block, inside, size):
            cost = float(_crossings(place, lines))
            if cost < least and not any(_touch(place, other) for other in taken):
                best, least = place, cost
    return best


def _anywhere(block: TextBlock, inside: Rect, size: float) -> list[Rect]:
    """Places all over the plot, from its upper right."""
    across = max(1, int((inside.width - block.width) / (size * 2)))
    down = max(1, int((inside.height - block.height) / (size * 0.75)))
    return [
        Rect(
            inside.right - block.width - (inside.width - block.width) * column / across,
            inside.y + (inside.height - block.height) * row / down,
            *(block.width, block.height),
        )
        for column in range(across + 1)
        for row in range(down + 1)
    ]


def _crossings(box: Rect, lines: Sequence[Point]) -> int:
    return sum(1 for x, y in lines if box.x < x < box.right and box.y < y < box.bottom)


def _on_axes(place: Rect, zeros: Sequence[float | None]) -> float:
    """What it costs to stand over the axes: less than over a curve."""
    x, y = zeros
    over_y = x is not None and place.x - 4 < x < place.right + 4
    over_x = y is not None and place.y < y < place.bottom
    return 1.5 * (over_x + over_y)


def _touch(one: Rect, two: Rect) -> bool:
    return one.x < two.right + 8 and two.x < one.right + 8 and one.y < two.bottom and two.y < one.bottom
