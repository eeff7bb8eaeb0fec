"""How often values fall into equal steps: bars that touch, on round edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.charts.data import index_of, nothing, number_column
from pvc.compiler.layout.charts.frame import BELOW, GAP
from pvc.compiler.layout.charts.scale import Scale, linear, linear_ticks
from pvc.compiler.layout.colors import concept_color
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import look
from pvc.compiler.layout.numbers import fixed, tick_words
from pvc.compiler.layout.sheet import Sheet, numbered
from pvc.compiler.model.display import Fragment, Path, quantise
from pvc.compiler.model.values import Value

_MOST_BINS = 80


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`charts.histogram`: parts `bins[n]`, `bars[n]`, `labels`, `axes`, `x_axis`, `y_axis`, `grid`, `title`, `note`."""
    sheet, seen = Sheet(), look(env)
    table = given.table(arguments)
    column = given.column(arguments, "x")
    index = index_of(sheet, table, column, "x")
    room = framed.frame(sheet, arguments, box, seen)
    if index is None:
        return sheet.fragment(box.width, box.height, stretch=True, entrance="grow")
    values = [value for value in number_column(sheet, table, index) if value is not None]
    if not values:
        nothing(sheet)
    if not values or not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True, entrance="grow")
    edges = bin_edges(values, given.whole(arguments, "bins", 0))
    counts = counted(values, edges)
    unit = given.text(arguments, "unit")
    framed.y_title(sheet, room, given.text(arguments, "y_label", "Count"), seen)
    x_name = given.text(arguments, "x_label") or column or ""
    title = framed.x_title(sheet, room, framed.axis_title(x_name, framed.long_unit(unit)), seen)
    y_scale = linear([float(count) for count in counts], 0, 1, count=framed.tick_count(room.height, seen), zero=True)
    y_scale = Scale(*(y_scale.low, y_scale.high, 0, 1), tuple(tick for tick in y_scale.ticks if tick == int(tick)))
    y_blocks = framed.scale_words(y_scale, seen)
    room.left += max(block.width for block in y_blocks) + GAP + 4
    room.top += seen.size * 0.5
    room.bottom -= BELOW + seen.size * 1.1
    if not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True, entrance="grow")
    y_scale = y_scale.spanning(room.bottom, room.top)
    span = (edges[0], edges[-1], room.left, room.right - 12)
    x_scale, x_blocks = framed.fitting(
        lambda count: Scale(*span, _x_ticks(edges, count)),
        *(min(8, int(room.width / (seen.size * 4))), 0.0, room.right, seen, framed.short_unit(unit)),
    )
    framed.draw_y_axis(sheet, y_scale, y_blocks, room.left, room.right, seen, 0.0)
    concept = concept_color(env, x_name)
    color = concept[1] if concept else seen.accent
    for number, (low, high, count) in enumerate(zip(edges, edges[1:], counts, strict=False), 1):
        left, right, top = x_scale.at(low) + 1, x_scale.at(high) - 1, min(y_scale.at(count), room.bottom - 0.75)
        middle = (left + right) / 2
        path = Path("MLLLZ", tuple(map(quantise, (left, room.bottom, left, top, right, top, right, room.bottom))))
        parts = ("bars", "bins", numbered("bins", number), numbered("bars", number))
        if count:
            sheet.shape(
                *(path, "bar"),
                fill=color,
                parts=parts,
                order=number,
                morph=f"bin:{number}",
                origin=(middle, room.bottom),
            )
    framed.draw_baseline(sheet, room.left, room.right, room.bottom, seen)
    framed.draw_x_axis(sheet, x_scale, x_blocks, room.bottom, 0.0, room.right, seen)
    framed.put_x_title(sheet, title, room, room.bottom + BELOW + seen.size * 1.1, seen)
    return sheet.fragment(
        *(box.width, box.height),
        stretch=True,
        entrance="grow",
        description=_described(arguments, x_name, values, edges, counts, env.language),
    )


def bin_edges(values: Sequence[float], wanted: int) -> tuple[float, ...]:
    """Edges at round numbers around all values. ``wanted`` bins (0: as many as numpy's `auto` says, the finer of
    Freedman-Diaconis and Sturges), as near to it as round steps allow; at most 80."""
    import numpy as np

    low, high = min(values), max(values)
    if low == high:
        pad = abs(low) * 0.5 or 0.5
        return (low - pad, low + pad)
    with np.errstate(all="ignore"):
        auto = len(np.histogram_bin_edges(np.array(values) / max(abs(low), abs(high)), "auto")) - 1
    whole = all(value == int(value) for value in values) and high - low <= 30
    if whole and not wanted:
        return tuple(number - 0.5 for number in range(int(low), int(high) + 2))
    edges = linear_ticks(low, high, max(2, min(_MOST_BINS, wanted or auto)))
    first = max((index for index, edge in enumerate(edges) if edge <= low), default=0)
    return edges[first:]


def counted(values: Sequence[float], edges: Sequence[float]) -> tuple[int, ...]:
    """How many values lie in each [edge, next edge); the last bin holds its upper edge too."""
    from bisect import bisect_right

    counts = [0] * (len(edges) - 1)
    for value in values:
        counts[min(max(bisect_right(edges, value) - 1, 0), len(counts) - 1)] += 1
    return tuple(counts)


def _x_ticks(edges: Sequence[float], count: int) -> tuple[float, ...]:
    """Round numbers over the bins; at the middles of bins where these are whole numbers."""
    if len(edges) == 2:
        return ((edges[0] + edges[1]) / 2,)
    whole = all(edge % 1 == 0.5 for edge in edges)
    low, high = (edges[0] + 0.5, edges[-1] - 0.5) if whole else (edges[0], edges[-1])
    if high - low < 2 and whole:
        return tuple(edge + 0.5 for edge in edges[:-1])
    ticks = linear_ticks(low, high, count, whole)
    return tuple(tick for tick in ticks if low <= tick <= high)


def _described(
    arguments: Mapping[str, Value],
    name: str,
    values: Sequence[float],
    edges: Sequence[float],
    counts: Sequence[int],
    language: str,
) -> str:
    title = given.text(arguments, "title") or f"Histogram of {name}"
    most = max(range(len(counts)), key=counts.__getitem__)
    low, high = tick_words((edges[most], edges[most + 1]), language)
    return f"{title}. {fixed(len(values), 0, language)} values; most ({counts[most]}) between {low} and {high}."
