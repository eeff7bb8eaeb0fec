"""The horizontal axis of a chart: numbers, dates, or steps in the order given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts.frame import BELOW, Room, draw_baseline
from pvc.compiler.layout.charts.scale import Scale, linear
from pvc.compiler.layout.labels import Look, line, longest_word, paragraph, put
from pvc.compiler.layout.numbers import tick_words
from pvc.compiler.layout.sheet import Sheet, polyline
from pvc.compiler.model.display import Stroke
from pvc.compiler.model.values import Value
from pvc.compiler.text.style import TextBlock

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Positions:
    """``kind``: `number`, `date` (days since year 1) or `step` (0, 1, 2 ... with their ``names``)."""

    kind: str
    low: float
    high: float
    language: str
    names: tuple[str, ...] = ()
    scale: Scale | None = None

    @property
    def continuous(self) -> bool:
        return self.kind != "step"

    def spanning(self, start: float, end: float) -> Positions:
        """The axis over these pixels. Numbers are not widened to round ticks: lines reach from edge to edge."""
        low, high = (self.low, self.high) if self.high > self.low else (self.low - 1, self.high + 1)
        if self.kind == "number":
            scale = linear((low, high), start, end, count=max(2, min(8, int((end - start) / 170))), tight=True)
        else:
            scale = Scale(low, high, start, end, ())
        return replace(self, scale=scale)

    def at(self, value: float) -> float:
        """The pixel of a position; `spanning` has been called."""
        assert self.scale is not None
        return self.scale.at(value)

    def word(self, value: float) -> str:
        """A position in words."""
        if self.kind == "step":
            return self.names[round(value)]
        if self.kind == "date":
            day = date.fromordinal(round(value))
            return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        return tick_words([value], self.language)[0]


def as_date(value: Value) -> float | None:
    """The days since year 1 of `2017`, `2017-06` or `2017-06-12`; None for another text."""
    match = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day = (int(group) if group else 1 for group in match.groups())
    try:
        return float(date(year, month, day).toordinal())
    except ValueError:
        return None


def read(values: Sequence[Value], language: str) -> tuple[Positions | None, list[float | None]]:
    """The axis and each row's position on it (None where a number is missing). Texts are dates if all of them are."""
    if not any(isinstance(value, str) for value in values):
        numbers = [given.as_number(value) for value in values]
        present = [number for number in numbers if number is not None]
        if not present:
            return None, numbers
        return Positions("number", min(present), max(present), language), numbers
    dates = [as_date(value) for value in values]
    known = [day for day in dates if day is not None]
    if len(known) == len(dates):
        return Positions("date", min(known), max(known), language), dates
    words = [given.as_text(value) for value in values]
    names = list(dict.fromkeys(words))
    at = {name: float(index) for index, name in enumerate(names)}
    return Positions("step", 0.0, float(len(names) - 1), language, tuple(names)), [at[word] for word in words]


def date_ticks(low: float, high: float, ems: float) -> list[tuple[float, str]]:
    """Round dates between two days: first days of years, quarters or months, or every nth day; as many as stand in a
    width of ``ems`` (label sizes)."""
    most = max(2, int(ems / 3.4))
    first, last = date.fromordinal(round(low)), date.fromordinal(round(high))
    for years in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2500):
        starts = [year for year in range(first.year, last.year + 2) if year % years == 0 and year > 0 and year < 10000]
        ticks = [float(date(year, 1, 1).toordinal()) for year in starts]
        inside = [(tick, str(year)) for tick, year in zip(ticks, starts, strict=True) if low <= tick <= high]
        if years == 1 and len(inside) < 3:
            break
        if len(inside) <= most:
            return inside
    most = max(2, int(ems / 5))
    months = [(year, month) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    for step in (1, 2, 3, 6, 12):
        inside = []
        for year, month in months:
            tick = float(date(year, month, 1).toordinal())
            if (month - 1) % step == 0 and low <= tick <= high:
                inside.append(
                    (tick, f"{_MONTHS[month - 1]} {year}" if month == 1 or not inside else _MONTHS[month - 1])
                )
        if step == 1 and len(inside) < 3:
            break
        if len(inside) <= most:
            return inside
    days = int(high - low) + 1
    step = max(1, -(-days // max(1, most)))
    found = [date.fromordinal(round(low) + offset) for offset in range(0, days, step)]
    return [(float(day.toordinal()), f"{day.day} {_MONTHS[day.month - 1]}") for day in found]


_INSET = 24.0
"""Of the first and the last step from the ends of the axis, px."""

_MOST_LINES = 3


def inset(across: Positions) -> float:
    """How far the first position stands from the ends of the axis."""
    return 0.0 if across.continuous else _INSET


def _step_names(across: Positions, width: float, look: Look) -> list[TextBlock]:
    """The names of steps on an axis of this width: in one line each where they stand clear, else wrapped where no word
    must be broken for it."""
    style = look.style(look.muted)
    singles = [line(name, style, look.env) for name in across.names]
    if len(singles) < 2:
        return singles
    slot = (width - 2 * _INSET) / (len(singles) - 1) - look.size * 0.5
    if all(block.width <= slot for block in singles):
        return singles
    if any(longest_word(name, style, look.env) > slot for name in across.names):
        return singles
    wrapped = [paragraph(name, style, slot, look.env, "center") for name in across.names]
    return wrapped if all(block.lines <= _MOST_LINES for block in wrapped) else singles


def height(across: Positions, look: Look, width: float) -> float:
    """The room below the plot, ``width`` px wide, for marks and labels."""
    names = (block.height for block in _step_names(across, width, look))
    return BELOW + max((look.size * 1.1, *names))


def _labelled(across: Positions, room: Room, look: Look) -> list[tuple[float, str]]:
    """(position, label) of ticks; as many as stand beside each other with a clear gap."""
    assert across.scale is not None
    if across.kind == "number":
        ticks = across.scale.ticks
        return list(zip(ticks, tick_words(ticks, across.language), strict=True))
    if across.kind == "date":
        return date_ticks(across.low, across.high, room.width / look.size)
    return [(float(index), name) for index, name in enumerate(across.names)]


_Tick: TypeAlias = tuple[float, TextBlock, str]


def _clear(
    across: Positions, ticks: Sequence[_Tick], edge: float, look: Look
) -> tuple[Sequence[_Tick], Sequence[float]]:
    """Every nth tick, as many as have labels clear of each other before ``edge``, and where these begin."""
    for stride in range(1, len(ticks) + 1):
        shown = ticks[::stride]
        lefts = [max(0.0, min(across.at(value) - block.width / 2, edge - block.width)) for value, block, _ in shown]
        rights = [left + block.width for left, (_, block, _) in zip(lefts, shown, strict=True)]
        if all(left - right >= look.size * 0.5 for right, left in zip(rights, lefts[1:], strict=False)):
            return shown, lefts
    return (), ()


def draw(sheet: Sheet, across: Positions, room: Room, edge: float, look: Look) -> None:
    """The baseline with marks and labels, which end before ``edge``; where labels would touch, every second, third ...
    is shown."""
    draw_baseline(sheet, room.left, room.right, room.bottom, look)
    labelled = _labelled(across, room, look)
    if across.kind == "step":
        blocks = _step_names(across, room.width, look)
    else:
        blocks = [line(word, look.style(look.muted), look.env) for _, word in labelled]
    ticks = [(value, block, word) for (value, word), block in zip(labelled, blocks, strict=True)]
    shown, lefts = _clear(across, ticks, edge, look)
    if any(block.width > edge for _, block, _ in shown):
        sheet.problem("PVC0541", "a name on the horizontal axis is wider than the chart", "shorten it")
    for (value, block, word), left in zip(shown, lefts, strict=True):
        x = across.at(value)
        mark = polyline(((x, room.bottom), (x, room.bottom + 8)))
        parts = ("axes", "x_axis")
        sheet.shape(mark, "line", stroke=Stroke(look.muted, 2.0, cap="butt"), parts=parts, morph=f"mark:x:{word}")
        put(
            *(sheet, block, left, room.bottom + BELOW),
            size=look.size,
            parts=(*parts, "labels"),
            morph=f"tick:x:{word}",
        )
