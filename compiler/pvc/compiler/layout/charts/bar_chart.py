"""What upright and lying bars have in common: the chart's data with colours and words, a bar's outline and parts."""

from __future__ import annotations

from dataclasses import dataclass

from pvc.compiler.layout.charts.data import Grouped
from pvc.compiler.layout.charts.scale import Scale, linear
from pvc.compiler.layout.colors import concept_parts, readable
from pvc.compiler.layout.labels import Look, line, put
from pvc.compiler.layout.sheet import Sheet, named, numbered
from pvc.compiler.model.display import Paint, Path, quantise
from pvc.compiler.text.style import TextBlock

GAP_IN_GROUP = 6.0
"""Between the bars of one category, px."""

_CORNER = 6.0


@dataclass(frozen=True, slots=True)
class Chart:
    """What both directions are drawn from. ``words[i][j]`` is the value label of category i, series j."""

    data: Grouped
    look: Look
    colors: tuple[tuple[Paint, ...], ...]
    words: tuple[tuple[str | None, ...], ...]
    scale: Scale
    unit: str
    y_title: str
    values_wanted: bool


def bar_path(x: float, y: float, width: float, height: float, end: str | None) -> Path:
    """A bar whose two corners at its ``end`` (`top`, `bottom`, `left`, `right`; None: all four) are rounded.

    Always eight corners' points in the same order, from the baseline round, so that bars morph into bars.
    """
    r, b = x + width, y + height
    radius = min(_CORNER, width / 2, height / 2)
    tl = radius if end in (None, "top", "left") else 0.0
    tr = radius if end in (None, "top", "right") else 0.0
    br = radius if end in (None, "bottom", "right") else 0.0
    bl = radius if end in (None, "bottom", "left") else 0.0
    k = 0.4477
    points = (
        *(x, b - bl),
        *(x, y + tl),
        *(x, y + tl * k, x + tl * k, y, x + tl, y),
        *(r - tr, y),
        *(r - tr * k, y, r, y + tr * k, r, y + tr),
        *(r, b - br),
        *(r, b - br * k, r - br * k, b, r - br, b),
        *(x + bl, b),
        *(x + bl * k, b, x, b - bl * k, x, b - bl),
    )
    return Path("MLCLCLCLCZ", tuple(map(quantise, points)))


def selectors(chart: Chart, index: int, series: int, number: int) -> tuple[str, ...]:
    data = chart.data
    found = ["bars", numbered("bars", number), named("bars", data.categories[index])]
    if len(data.series) > 1:
        name = data.series[series]
        found += [
            named("series", name),
            numbered("series", series + 1),
            named("bars", f"{data.categories[index]},{name}"),
        ]
    return (*found, *concept_parts(chart.look.env, data.categories[index], data.series[series]))


def name_selectors(chart: Chart, index: int) -> tuple[str, ...]:
    """A category's name belongs to its bar, so that it stays lit when the bar is spoken of."""
    name = chart.data.categories[index]
    own = (numbered("bars", index + 1),) if len(chart.data.series) == 1 else ()
    return ("labels", named("bars", name), *own)


def morph_key(chart: Chart, index: int, series: int) -> str:
    name = chart.data.categories[index]
    return f"bar:{name}:{chart.data.series[series]}" if len(chart.data.series) > 1 else f"bar:{name}"


def value_blocks(chart: Chart) -> list[list[TextBlock | None]]:
    env = chart.look.env
    return [
        [
            None
            if word is None
            else line(word, chart.look.style(readable(color, chart.look.background, chart.look.text), weight=600), env)
            for word, color in zip(words, colors, strict=True)
        ]
        for words, colors in zip(chart.words, chart.colors, strict=True)
    ]


def with_ticks(chart: Chart, ticks: int) -> Scale:
    if chart.scale.log:
        return chart.scale
    present = [value for row in chart.data.values for value in row if value is not None]
    return linear(present, 0.0, 1.0, count=ticks, zero=True)


def absent(sheet: Sheet, chart: Chart, x: float, y: float, parts: tuple[str, ...], order: int, along: str) -> None:
    """A dash where a value is missing: not a bar of height zero, which would be a value."""
    seen = chart.look
    block = line("–", seen.style(seen.muted), seen.env)
    if along == "bottom":
        put(sheet, block, x, y, size=seen.size, across="middle", along="bottom", parts=parts, order=order)
    else:
        put(sheet, block, x, y, size=seen.size, along="middle", parts=parts, order=order)
