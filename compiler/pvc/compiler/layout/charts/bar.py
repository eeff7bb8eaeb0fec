"""Bars: one for each row, or one for each row and series. They stand (or lie) on a baseline at zero and grow from it.

Upright where the names of the categories fit under them, lying where they do not. Values stand at the bars' ends where
there is room, and the value axis is left out then; otherwise there is an axis with few grid lines.
"""

from __future__ import annotations

from collections.abc import Mapping

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.charts.bar_chart import Chart
from pvc.compiler.layout.charts.bar_lying import lying
from pvc.compiler.layout.charts.bar_upright import upright
from pvc.compiler.layout.charts.categories import stands
from pvc.compiler.layout.charts.data import Grouped, grouped, series_colors
from pvc.compiler.layout.charts.key import key_row
from pvc.compiler.layout.charts.scale import linear, logarithmic
from pvc.compiler.layout.colors import concept_color, receding
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import Look, look
from pvc.compiler.layout.sheet import Sheet
from pvc.compiler.model.display import Fragment, Paint
from pvc.compiler.model.values import Value


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`charts.bar`: parts `bars[n]`, `bars["category"]`, `series["name"]`, `values`, `labels`, `axes`, `x_axis`,
    `y_axis`, `title`, `note`."""
    sheet, seen = Sheet(), look(env)
    data = grouped(sheet, arguments, "x", "y")
    room = framed.frame(sheet, arguments, box, seen)
    if data is None or not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True, entrance="grow")
    chart = _chart(sheet, arguments, data, seen)
    key_row(sheet, room, data, seen, series_colors(data, env, given.text(arguments, "highlight")))
    direction = given.text(arguments, "direction", "auto")
    if direction == "auto":
        direction = "up" if stands(data.categories, room, seen) else "right"
    if direction in ("up", "vertical"):
        upright(sheet, chart, room)
    else:
        lying(sheet, chart, room)
    return sheet.fragment(
        box.width, box.height, stretch=True, entrance="grow", description=_described(chart, arguments)
    )


def _chart(sheet: Sheet, arguments: Mapping[str, Value], data: Grouped, seen: Look) -> Chart:
    env = seen.env
    unit = given.text(arguments, "unit")
    present = [value for row in data.values for value in row if value is not None]
    log = given.text(arguments, "scale") == "log"
    if log and any(value <= 0 for value in present):
        sheet.problem(
            "PVC0542",
            "a log scale has no place for zero or negative values",
            "leave `scale: log` out, or filter the rows",
        )
        log = False
    scale = logarithmic(present, 0.0, 1.0, decades=True) if log else linear(present, 0.0, 1.0, zero=True)
    shown = iter(framed.value_words(present, unit, seen))
    words = tuple(tuple(None if value is None else next(shown) for value in row) for row in data.values)
    return Chart(
        *(data, seen, bar_colors(data, env, given.text(arguments, "highlight")), words, scale, unit),
        y_title=framed.axis_title(given.text(arguments, "y_label"), framed.long_unit(unit)),
        values_wanted=given.flag(arguments, "values", True),
    )


def bar_colors(data: Grouped, env: Env, highlight: str) -> tuple[tuple[Paint, ...], ...]:
    """For each category and series: the concept's colour where its name speaks of one, else the series'; what is not
    highlighted steps back where something is."""
    by_series = series_colors(data, env, "")
    single = len(data.series) == 1
    colors = []
    for category in data.categories:
        concept = concept_color(env, category) if single else None
        row = [concept[1] if concept else color for color in by_series]
        if highlight:
            spoken = [highlight in (category, name) for name in data.series]
            row = [color if speaks else receding(env.theme) for color, speaks in zip(row, spoken, strict=True)]
        colors.append(tuple(row))
    return tuple(colors)


def _described(chart: Chart, arguments: Mapping[str, Value]) -> str:
    """The chart in words: what is compared, and every value (the largest twelve)."""
    data = chart.data
    title = given.text(arguments, "title") or given.text(arguments, "y_label") or "Bar chart"
    told = []
    for name, words in list(zip(data.categories, chart.words, strict=True))[:12]:
        values = [
            (f"{series} " if len(data.series) > 1 else "") + (word or "no value")
            for series, word in zip(data.series, words, strict=True)
        ]
        told.append(f"{name}: {', '.join(values)}")
    more = f"; and {len(data.categories) - 12} more" if len(data.categories) > 12 else ""
    return f"{title}. {'; '.join(told)}{more}."
