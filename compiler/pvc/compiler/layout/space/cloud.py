"""`point_cloud`: points by three numbers, in groups that have a colour each."""

from __future__ import annotations

from collections.abc import Mapping

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.charts.data import index_of, nothing, number_column, series_colors
from pvc.compiler.layout.charts.scale import linear
from pvc.compiler.layout.colors import concept_parts, readable
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import Look, line, look, put, rich
from pvc.compiler.layout.sheet import Sheet, disc, named, numbered
from pvc.compiler.layout.space.stage import BOX, TALL, Axis, axes, finished, fitted, pinned, rounded, solid
from pvc.compiler.model.display import Ball, Fragment, Paint, Point3
from pvc.compiler.model.values import Value

MOST_POINTS = 3000
RADIUS = 0.032
_LABELS = 24
"""More names than these would hide the points."""


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`point_cloud`: parts `points[..]`, `series[..]`, `labels`, `axes` and its axes, `grid`, `title`, `note`."""
    sheet, seen = Sheet(), look(env)
    room = framed.frame(sheet, arguments, box, seen)
    table = given.table(arguments)
    columns = [index_of(sheet, table, given.column(arguments, name), name) for name in ("x", "y", "z")]
    optional = [given.column(arguments, name) for name in ("series", "label")]
    owner, label = (index_of(sheet, table, name, "series") if name else None for name in optional)
    if any(column is None for column in columns):
        return _again(sheet, box)
    x, y, z = (number_column(sheet, table, column) for column in columns if column is not None)
    rows = [
        (n, a, b, c)
        for n, (a, b, c) in enumerate(zip(x, y, z, strict=True))
        if not (a is None or b is None or c is None)
    ]
    if not rows:
        nothing(sheet)
        return _again(sheet, box)
    if len(rows) > MOST_POINTS:
        sheet.problem(
            "PVC0568",
            f"{len(rows)} points are more than can be told apart and turned",
            f"show at most {MOST_POINTS}: a sample of the rows says the same",
        )
        return _again(sheet, box)
    groups = list(dict.fromkeys("" if owner is None else given.as_text(table.rows[n][owner]) for n, *_ in rows))
    paints = dict(zip(groups, series_colors(tuple(groups), env, given.text(arguments, "highlight")), strict=True))
    if groups != [""]:
        room.top += _legend(sheet, groups, paints, room.top, box.width, seen)
    if not framed.fits(sheet, room):
        return _again(sheet, box)
    spreads = [[row[at] or 0.0 for row in rows] for at in (1, 2, 3)]
    scales = (
        linear(spreads[0], -1.0, 1.0, count=5),
        linear(spreads[1], -1.0, 1.0, count=5),
        linear(spreads[2], -TALL, TALL, count=4),
    )
    space = fitted(room, BOX, (seen.size * 2.2, seen.size * 2.0))
    labels = [given.text(arguments, f"{name}_label") or given.column(arguments, name) or "" for name in ("x", "y", "z")]
    one, two, three = (Axis(n, s, words) for n, s, words in zip("xyz", scales, labels, strict=True))
    axes(sheet, space, (one, two, three), seen)
    for count, (row, a, b, c) in enumerate(rows, 1):
        group = "" if owner is None else given.as_text(table.rows[row][owner])
        name = "" if label is None else given.as_text(table.rows[row][label])
        spot: Point3 = rounded((scales[0].at(a or 0.0), scales[1].at(b or 0.0), scales[2].at(c or 0.0)))
        parts = ["points", numbered("points", count)]
        parts += [named("points", name)] if name else []
        parts += ["series", named("series", group), *concept_parts(env, group)] if group else []
        order = 1 + groups.index(group)
        solid(sheet, space, Ball(spot, RADIUS, paints[group]), "dot", parts, order)
        if name and len(rows) <= _LABELS:
            pinned(
                *(sheet, space, name, spot, seen),
                color=readable(paints[group], seen.background, seen.text),
                shift=(0.0, -0.95 * seen.size),
                parts=("labels", *parts),
                order=order,
            )
    title = given.text(arguments, "title") or "A cloud of points"
    return finished(sheet, space, box.width, box.height, f"{title}. {len(rows)} points.", "grow")


def _again(sheet: Sheet, box: Box) -> Fragment:
    return sheet.fragment(box.width, box.height, stretch=True, entrance="grow")


def _legend(
    sheet: Sheet, groups: list[str], paints: Mapping[str, Paint], top: float, width: float, seen: Look
) -> float:
    """A row with the groups' names in their colours, for what turns has no place beside it for a name. Its height."""
    x, y = 0.0, top
    for group in groups:
        style = seen.style(readable(paints[group], seen.background, seen.text), weight=600)
        block = line(rich(group or "others", style, seen.env, sheet), style, seen.env)
        wide = block.width + seen.size * 1.9
        if x and x + wide > width:
            x, y = 0.0, y + seen.size * 1.5
        parts = ("labels", "series", named("series", group))
        middle = y + seen.size * 0.62
        sheet.shape(disc(x + seen.size * 0.3, middle, seen.size * 0.24), "dot", fill=paints[group], parts=parts)
        put(sheet, block, x + seen.size * 0.8, middle, size=seen.size, along="middle", parts=parts)
        x += wide
    return y + seen.size * 1.6 - top
