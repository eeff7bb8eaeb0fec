"""A number line: ticks below, marked points and intervals on it, their labels above in as few rows as need be.

Ends of an interval that belong to it are filled dots, open ends are rings. Intervals that overlap stand one above the
other, each over the stretch that it covers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.charts.data import series_colors
from pvc.compiler.layout.charts.scale import Scale, linear
from pvc.compiler.layout.colors import concept_parts, readable
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import Look, heading, line, look, put, rich
from pvc.compiler.layout.numbers import by_itself, tick_words
from pvc.compiler.layout.page import plain
from pvc.compiler.layout.sheet import Sheet, disc, named, numbered, polyline
from pvc.compiler.model.display import Fragment, Paint, Stroke
from pvc.compiler.model.values import Interval, Record, Value
from pvc.compiler.text.style import TextBlock

MOST_TICKS = 60
"""A step that makes more ticks than this is refused."""

_DOT = 13.0
_BAND = 12.0
_TICK = 12.0
_HEAD = 16.0
_ENDS = ("none", "left", "right", "both")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A point (``low`` is ``high``) or an interval. ``number`` counts points and intervals each from 1; ``open``: the
    ends that do not belong to it."""

    kind: str
    number: int
    low: float
    high: float
    label: str
    open: str

    @property
    def name(self) -> str:
        return plain(self.label)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A mark with its label: ``lane`` 0 is on the line, others above it; ``row`` is the label's, from the bottom,
    ``middle`` its centre; ``span`` where the mark begins and ends, px."""

    mark: _Mark
    color: Paint
    block: TextBlock | None
    lane: int
    row: int
    middle: float
    span: tuple[float, float]

    @property
    def foot(self) -> float:
        """Where a leader to the label begins."""
        return (self.span[0] + self.span[1]) / 2


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`number_line`: parts `points["label"]`, `points[n]`, `intervals["label"]`, `intervals[n]`, `ticks`, `axis`,
    `labels`, `title`."""
    sheet, seen = Sheet(), look(env)
    domain = given.interval(arguments, "range")
    if domain is None or not domain[0] < domain[1]:
        sheet.problem(
            "PVC0546",
            "the range of the number line is empty or cannot be drawn",
            "write the smaller number first, as in -3..3",
        )
        return sheet.fragment(box.width, 1.0, entrance="draw")
    marks = _marks(sheet, arguments, domain, env.language)
    size = max(seen.size, min(42.0, box.width / 40))
    pad = size * 1.2
    scale = _scale(sheet, arguments, domain, pad, box.width - pad, size)
    words = _tick_words(scale, seen, size)
    placed = _placed(sheet, marks, scale, box.width, size, seen)
    title = given.text(arguments, "title")
    above = heading(sheet, title, box.width, seen)
    top = above.height + size if above else 0.0
    line_height = max((each.block.height for each in placed if each.block), default=0.0)
    rows = max((each.row + 1 for each in placed if each.block), default=0)
    lanes = max((each.lane for each in placed), default=0)
    lane_height = line_height + size * 1.3
    axis = top + lanes * lane_height + rows * (line_height + 6) + (size * 0.7 if rows else 0.0) + _DOT + 4
    bottom = axis + _TICK + 6 + max((block.height for block in words), default=0.0)
    if bottom > box.height + 0.5:
        sheet.problem(
            *("PVC0503", f"the number line needs {bottom:.0f} px of height and has {box.height:.0f}"),
            hint="show fewer points and intervals, shorten their labels, or give it more room",
        )
    _axis(sheet, scale, words, axis, box.width, size, seen)
    for each in placed:
        _draw(sheet, each, axis, lane_height, line_height, rows, size, seen)
    return sheet.fragment(
        *(box.width, bottom),
        entrance="draw",
        description=_described(title, domain, marks, env.language),
    )


def _marks(
    sheet: Sheet, arguments: Mapping[str, Value], domain: tuple[float, float], language: str
) -> tuple[_Mark, ...]:
    """Intervals, then points; those that are wrong or nowhere on the line are reported."""
    found: list[_Mark] = []
    for kind, name in (("intervals", "range"), ("points", "at")):
        value = arguments.get(kind)
        for number, item in enumerate(value if isinstance(value, tuple) else (), 1):
            mark = _mark(sheet, kind, name, number, item, language)
            if mark is None:
                continue
            if mark.high < domain[0] or mark.low > domain[1]:
                sheet.problem(
                    *("PVC0581", f"{kind[:-1]} {number} lies outside the number line's range"),
                    hint="widen `range`, or leave it out",
                )
                continue
            found.append(mark)
    return tuple(found)


def _mark(sheet: Sheet, kind: str, name: str, number: int, item: Value, language: str) -> _Mark | None:
    fields = dict(item.fields) if isinstance(item, Record) else {name: item}
    known = (name, "label", "open") if kind == "intervals" else (name, "label")
    example = '{ range: 0..1, label: "$I$", open: "right" }' if kind == "intervals" else '{ at: 2, label: "$x_0$" }'
    for strange in (field for field in fields if field not in known):
        sheet.problem("PVC0581", f"{kind[:-1]} {number} has a field `{strange}`, which means nothing", example)
    place = fields.get(name)
    ends: tuple[float, float] | None
    if kind == "intervals":
        ends = given.interval({name: place}, name) if isinstance(place, Interval) else None
    else:
        at = given.as_number(place)
        ends = None if at is None else (at, at)
    if ends is None or ends[0] > ends[1]:
        what = "a range, the smaller number first" if kind == "intervals" else "a number"
        sheet.problem("PVC0581", f"{kind[:-1]} {number} is not {what}", f"write it as in `{example}`")
        return None
    open_ends = given.text(fields, "open", "none")
    if open_ends not in _ENDS:
        sheet.problem(
            "PVC0581", f"`open: {open_ends}` of interval {number} means nothing", f"one of {', '.join(_ENDS)}"
        )
        open_ends = "none"
    label = given.text(fields, "label") if isinstance(item, Record) else ""
    if kind == "points" and "label" not in fields:
        label = by_itself(ends[0], language, "")
    return _Mark(kind, number, *ends, label, open_ends)


def _scale(
    sheet: Sheet, arguments: Mapping[str, Value], domain: tuple[float, float], left: float, right: float, size: float
) -> Scale:
    """Ticks at the multiples of `step`, or at round numbers."""
    step = given.as_number(arguments.get("step")) or 0.0
    low, high = domain
    if step > 0 and (high - low) / step <= MOST_TICKS:
        first = -int(-low / step // 1) if low >= 0 else -int(-low // step)
        ticks = tuple(step * index for index in range(first, first + MOST_TICKS + 2))
        slack = (high - low) * 1e-9
        return Scale(low, high, left, right, tuple(tick for tick in ticks if low - slack <= tick <= high + slack))
    if step:
        sheet.problem(
            *("PVC0581", f"ticks at every {step:g} cannot be told apart" if step > 0 else "`step` must be positive"),
            hint="make `step` larger, or leave it out",
        )
    return linear(domain, left, right, count=max(2, min(12, int((right - left) / (size * 3.6)))), tight=True)


def _tick_words(scale: Scale, seen: Look, size: float) -> list[TextBlock]:
    style = seen.style(seen.muted, size=size)
    return [line(word, style, seen.env) for word in tick_words(scale.ticks, seen.env.language)]


def _placed(sheet: Sheet, marks: Sequence[_Mark], scale: Scale, width: float, size: float, seen: Look) -> list[_Placed]:
    """Lanes for the intervals (each in the lowest where it overlaps nothing), places for the labels."""
    names = tuple(mark.label or f"{mark.kind} {mark.number}" for mark in marks)
    lanes: list[list[tuple[float, float]]] = [[]]
    found = []
    for mark, color in zip(marks, series_colors(names, seen.env, ""), strict=True):
        start, end = (scale.at(min(max(value, scale.low), scale.high)) for value in (mark.low, mark.high))
        style = seen.style(readable(color, seen.background, seen.text), weight=600, size=size)
        block = line(rich(mark.label, style, seen.env, sheet), style, seen.env) if mark.label else None
        middle, lane = (start + end) / 2, 0
        if block:
            middle = min(max(middle, block.width / 2), width - block.width / 2)
        if mark.kind == "intervals":
            wide = max(end - start, block.width if block else 0.0) / 2 + _DOT
            if _hit(lanes[0], start, end):
                lane = 1 + _free(lanes[1:], middle - wide, middle + wide)
            while lane >= len(lanes):
                lanes.append([])
            lanes[lane].append((middle - wide, middle + wide) if lane else (start, end))
        found.append(_Placed(mark, color, block, lane, 0, middle, (start, end)))
    return _labelled(found, width, size)


def _labelled(placed: Sequence[_Placed], width: float, size: float) -> list[_Placed]:
    """Labels of what is on the line itself, spread over as few rows as leave each near its mark, no leader crossing
    another label: of one, two or three rows the best."""
    low = sorted((each for each in placed if each.block and each.lane == 0), key=lambda each: each.middle)
    best: dict[_Mark, tuple[int, float]] = {}
    least = float("inf")
    for rows in (1, 2, 3):
        found: dict[_Mark, tuple[int, float]] = {}
        cost = 3.0 * rows
        for row in range(rows):
            members = low[row::rows]
            widths = [each.block.width + size * 0.7 for each in members if each.block]
            if sum(widths) > width:
                cost += 100.0
            middles = framed.spread([each.middle for each in members], widths, 0.0, width)
            for each, middle in zip(members, middles, strict=True):
                found[each.mark] = (row, middle)
                start, end = each.span
                cost += max(0.0, start - middle, middle - end) / size
        cost += 20.0 * sum(_crossed(each, found, low) for each in low)
        if cost < least:
            best, least = found, cost
    return [
        each if each.mark not in best else replace(each, row=best[each.mark][0], middle=best[each.mark][1])
        for each in placed
    ]


def _crossed(each: _Placed, found: Mapping[_Mark, tuple[int, float]], low: Sequence[_Placed]) -> int:
    """How many labels in the rows below its own a label's leader passes through."""
    row, middle = found[each.mark]
    count = 0
    for other in low:
        below, at = found[other.mark]
        if other.block and below < row:
            x = each.foot + (middle - each.foot) * (below + 0.5) / (row + 0.5)
            count += abs(x - at) < other.block.width / 2 + 4
    return count


def _hit(taken: Sequence[tuple[float, float]], start: float, end: float) -> bool:
    """Whether a stretch overlaps others by more than a shared end."""
    return any(start < right - 1 and left + 1 < end for left, right in taken)


def _free(rows: Sequence[Sequence[tuple[float, float]]], start: float, end: float) -> int:
    """The first row with nothing between start and end; one beyond the last where there is none."""
    return next((index for index, taken in enumerate(rows) if not _hit(taken, start, end)), len(rows))


def _axis(
    sheet: Sheet, scale: Scale, words: Sequence[TextBlock], y: float, width: float, size: float, seen: Look
) -> None:
    """The line with an arrow head at each end, ticks and their numbers: every one, or every second ... that has
    room."""
    stroke = Stroke(seen.muted, 3.0)
    wing = _HEAD * 0.55
    for name, path in (
        ("line", polyline(((2.0, y), (width - 2.0, y)))),
        ("left", polyline(((_HEAD, y - wing), (2.0, y), (_HEAD, y + wing)))),
        ("right", polyline(((width - _HEAD, y - wing), (width - 2.0, y), (width - _HEAD, y + wing)))),
    ):
        sheet.shape(path, "line", stroke=stroke, parts=("axis",), morph=f"axis:{name}")
    stride = next(
        (
            every
            for every in range(1, len(words) + 1)
            if all(
                scale.at(b) - scale.at(a) >= (one.width + two.width) / 2 + size * 0.4
                for (a, one), (b, two) in zip(
                    list(zip(scale.ticks, words, strict=True))[::every],
                    list(zip(scale.ticks, words, strict=True))[every::every],
                    strict=False,
                )
            )
        ),
        1,
    )
    lefts = framed.tick_lefts(scale, words, 0.0, width)
    for index, (tick, block, left) in enumerate(zip(scale.ticks, words, lefts, strict=True)):
        x = scale.at(tick)
        path = polyline(((x, y - _TICK / 2), (x, y + _TICK)))
        mark = Stroke(seen.muted, 2.5, cap="butt")
        sheet.shape(path, "line", stroke=mark, parts=("axis", "ticks"), order=1, morph=f"mark:{tick:g}")
        if index % stride == 0:
            put(
                *(sheet, block, left, y + _TICK + 6),
                size=size,
                parts=("axis", "ticks", "labels"),
                order=1,
                morph=f"tick:{tick:g}",
            )


def _draw(
    sheet: Sheet,
    each: _Placed,
    axis: float,
    lane_height: float,
    line_height: float,
    rows: int,
    size: float,
    seen: Look,
) -> None:
    mark, color = each.mark, each.color
    base = axis - _DOT - 4 - rows * (line_height + 6) - (size * 0.7 if rows else 0.0)
    y = axis if each.lane == 0 else base - (each.lane - 1) * lane_height - size * 0.5
    order = mark.number + 1
    parts = [mark.kind, numbered(mark.kind, mark.number), *concept_parts(seen.env, mark.label)]
    if mark.label:
        parts.append(named(mark.kind, mark.name))
    key = f"{mark.kind}:{mark.name or mark.number}"
    start, end = each.span
    if mark.kind == "intervals":
        if each.lane:
            for side, x in (("low", start), ("high", end)):
                guide = polyline(((x, y), (x, axis)))
                stroke = Stroke(seen.rule, 2.0, (6.0, 8.0), "butt")
                sheet.shape(guide, "line", stroke=stroke, parts=parts, order=order, morph=f"guide:{side}:{key}")
        band = polyline(((start, y), (end, y)))
        sheet.shape(band, "line", stroke=Stroke(color, _BAND, cap="butt"), parts=parts, order=order, morph=key)
    for side, x in _ends(mark, start, end):
        hollow = mark.kind == "intervals" and mark.open in (side, "both")
        sheet.shape(
            *(disc(x, y, _DOT if mark.kind == "points" else _DOT - 1.0), "dot"),
            fill=seen.background if hollow else color,
            stroke=Stroke(color if hollow else seen.background, 4.0 if hollow else 2.5),
            parts=parts,
            order=order,
            morph=f"end:{side}:{key}",
            origin=(x, y),
        )
    if each.block is None:
        return
    bottom = y - _DOT - 6 - (each.row * (line_height + 6) + size * 0.2 if each.lane == 0 else 0.0)
    if each.lane == 0 and (each.row or not start - 2 <= each.middle <= end + 2):
        leader = polyline(((each.foot, y - _DOT - 4), (each.middle, bottom + 2)))
        sheet.shape(leader, "line", stroke=Stroke(seen.rule, 2.0), parts=parts, order=order, morph=f"leader:{key}")
    put(
        *(sheet, each.block, each.middle, bottom),
        size=size,
        across="middle",
        along="bottom",
        parts=(*parts, "labels"),
        order=order,
        morph=f"label:{key}",
    )


def _ends(mark: _Mark, start: float, end: float) -> tuple[tuple[str, float], ...]:
    return (("left", start),) if mark.kind == "points" else (("left", start), ("right", end))


def _described(title: str, domain: tuple[float, float], marks: Sequence[_Mark], language: str) -> str:
    low, high = tick_words(domain, language)
    told = []
    for mark in marks:
        ends = [by_itself(value, language, "") for value in (mark.low, mark.high)]
        called = f"{mark.name}: " if mark.name and mark.name != ends[0] else ""
        if mark.kind == "points":
            told.append(f"{called}point at {ends[0]}")
        else:
            brackets = ("(" if mark.open in ("left", "both") else "[", ")" if mark.open in ("right", "both") else "]")
            told.append(f"{called}interval {brackets[0]}{ends[0]}, {ends[1]}{brackets[1]}")
    head = f"{title}. " if title else ""
    return f"{head}Number line from {low} to {high}" + (f": {'; '.join(told)}." if told else ".")
