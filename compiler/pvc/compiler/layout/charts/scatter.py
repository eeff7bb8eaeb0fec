"""Points by two numbers, in the colours of their series; with labels where a column gives them and there is room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.charts.data import Grouped, index_of, nothing, number_column, series_colors
from pvc.compiler.layout.charts.frame import BELOW, GAP, Room
from pvc.compiler.layout.charts.key import key_row
from pvc.compiler.layout.charts.scale import Scale, linear, logarithmic
from pvc.compiler.layout.colors import concept_color, concept_parts, readable
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import Look, line, look, put
from pvc.compiler.layout.sheet import Sheet, disc, named, numbered
from pvc.compiler.model.display import Fragment, Paint, Path, Rect, Stroke
from pvc.compiler.model.values import Value

_MOST_SINGLE = 400
"""More points than this are drawn in batches: no one can tell them apart, and painters stay fast."""

_BATCHES = 24


@dataclass(frozen=True, slots=True)
class Dot:
    """A row that can be drawn; ``row`` counts from 1."""

    x: float
    y: float
    series: str
    label: str
    row: int


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`charts.scatter`: parts `points[row]`, `points["label"]`, `series["name"]`, `labels`, `axes`, `x_axis`, `y_axis`,
    `grid`, `title`, `note`."""
    sheet, seen = Sheet(), look(env)
    dots = _read(sheet, arguments)
    room = framed.frame(sheet, arguments, box, seen)
    if not dots or not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True)
    names = tuple(dict.fromkeys(dot.series for dot in dots))
    colors = dict(zip(names, series_colors(names, env, given.text(arguments, "highlight")), strict=True))
    key_row(sheet, room, Grouped((), names, ()), seen, tuple(colors.values()))
    x_scale, y_scale = _axes(sheet, arguments, dots, room, seen)
    if x_scale is None or y_scale is None:
        return sheet.fragment(box.width, box.height, stretch=True)
    radius = 9.0 if len(dots) <= 60 else 7.0 if len(dots) <= 200 else 5.0
    _draw(sheet, dots, colors, x_scale, y_scale, radius, seen, given.text(arguments, "highlight"))
    _label(sheet, dots, colors, x_scale, y_scale, room, radius, seen)
    return sheet.fragment(box.width, box.height, stretch=True, description=_described(arguments, dots, names))


def _read(sheet: Sheet, arguments: Mapping[str, Value]) -> list[Dot]:
    table = given.table(arguments)
    first = index_of(sheet, table, given.column(arguments, "x"), "x")
    second = index_of(sheet, table, given.column(arguments, "y"), "y")
    if first is None or second is None:
        return []
    optional = []
    for argument in ("series", "label"):
        name = given.column(arguments, argument)
        optional.append(index_of(sheet, table, name, argument) if name else None)
    owner, label = optional
    xs, ys = number_column(sheet, table, first), number_column(sheet, table, second)
    dots = [
        Dot(
            *(x, y),
            series="" if owner is None else given.as_text(row[owner]),
            label="" if label is None else given.as_text(row[label]),
            row=number,
        )
        for number, (x, y, row) in enumerate(zip(xs, ys, table.rows, strict=True), 1)
        if x is not None and y is not None
    ]
    if not dots:
        nothing(sheet)
    return dots


def _scaled(sheet: Sheet, values: Sequence[float], wanted: bool, count: int) -> Scale:
    if wanted and any(value <= 0 for value in values):
        sheet.problem(
            *("PVC0542", "a log scale has no place for zero or negative values"),
            hint="leave it out, or filter the rows",
        )
        wanted = False
    return logarithmic(values, 0, 1, count=count) if wanted else linear(values, 0, 1, count=count)


def _axes(
    sheet: Sheet, arguments: Mapping[str, Value], dots: Sequence[Dot], room: Room, seen: Look
) -> tuple[Scale | None, Scale | None]:
    y_unit, x_unit = given.text(arguments, "unit"), given.text(arguments, "x_unit")
    y_name = given.text(arguments, "y_label") or given.column(arguments, "y") or ""
    x_name = given.text(arguments, "x_label") or given.column(arguments, "x") or ""
    framed.y_title(sheet, room, framed.axis_title(y_name, framed.long_unit(y_unit)), seen)
    title = framed.x_title(sheet, room, framed.axis_title(x_name, framed.long_unit(x_unit)), seen)
    log = given.text(arguments, "scale")
    count = framed.tick_count(room.height, seen)
    y_scale = _scaled(sheet, [dot.y for dot in dots], log in ("log", "log_y", "log_log"), count)
    y_blocks = framed.scale_words(y_scale, seen, framed.short_unit(y_unit))
    room.left += max(block.width for block in y_blocks) + GAP + 4
    room.top += seen.size * 0.5
    room.bottom -= BELOW + seen.size * 1.1
    if not framed.fits(sheet, room):
        return None, None
    xs, log_x, span = [dot.x for dot in dots], log in ("log_x", "log_log"), (room.left, room.right - 12)
    x_scale, x_blocks = framed.fitting(
        lambda count: _scaled(sheet, xs, log_x, count).spanning(*span),
        *(min(8, int(room.width / 150)), 0.0, room.right, seen, framed.short_unit(x_unit)),
    )
    y_scale = y_scale.spanning(room.bottom, room.top)
    framed.draw_y_axis(sheet, y_scale, y_blocks, room.left, room.right, seen, None)
    framed.draw_baseline(sheet, room.left, room.right, room.bottom, seen)
    framed.draw_x_axis(sheet, x_scale, x_blocks, room.bottom, 0.0, room.right, seen)
    framed.put_x_title(sheet, title, room, room.bottom + BELOW + seen.size * 1.1, seen)
    return x_scale, y_scale


def _color(dot: Dot, colors: Mapping[str, Paint], seen: Look) -> Paint:
    concept = concept_color(seen.env, dot.label) if dot.label else None
    return concept[1] if concept else colors[dot.series]


def _draw(
    sheet: Sheet,
    dots: Sequence[Dot],
    colors: Mapping[str, Paint],
    x_scale: Scale,
    y_scale: Scale,
    radius: float,
    seen: Look,
    highlight: str,
) -> None:
    """Left to right, who speaks on top. Dots are a little transparent where there are many, so that density shows."""
    ordered = sorted(dots, key=lambda dot: (bool(highlight) and highlight in (dot.series, dot.label), dot.x, dot.row))
    alpha = 255 if len(dots) <= 60 else 190 if len(dots) <= _MOST_SINGLE else 150
    names = list(colors)

    def tinted(color: Paint) -> Paint:
        return Paint(color.red, color.green, color.blue, alpha)

    if len(dots) > _MOST_SINGLE:
        low, high = min(dot.x for dot in dots), max(dot.x for dot in dots)
        batches: dict[tuple[str, int], list[Dot]] = {}
        for dot in ordered:
            step = int((dot.x - low) / (high - low or 1.0) * (_BATCHES - 1))
            batches.setdefault((dot.series, step), []).append(dot)
        for (name, step), members in sorted(batches.items(), key=lambda item: (names.index(item[0][0]), item[0][1])):
            path = Path("", ())
            for dot in members:
                circle = disc(x_scale.at(dot.x), y_scale.at(dot.y), radius)
                path = Path(path.verbs + circle.verbs, path.points + circle.points)
            parts = ["points", *([named("series", name), numbered("series", names.index(name) + 1)] if name else [])]
            sheet.shape(
                path, "dot", fill=tinted(colors[name]), parts=parts, order=step + 1, morph=f"points:{name}:{step}"
            )
        return
    for order, dot in enumerate(ordered, 1):
        x, y = x_scale.at(dot.x), y_scale.at(dot.y)
        parts = ["points", numbered("points", dot.row)]
        if dot.label:
            parts.append(named("points", dot.label))
        if dot.series:
            parts += [named("series", dot.series), numbered("series", names.index(dot.series) + 1)]
        parts += concept_parts(seen.env, dot.label, dot.series)
        stroke = Stroke(seen.background, 1.5) if alpha == 255 else None
        sheet.shape(
            *(disc(x, y, radius), "dot"),
            fill=tinted(_color(dot, colors, seen)),
            stroke=stroke,
            parts=parts,
            order=order,
            morph=f"point:{dot.label or dot.row}",
            origin=(x, y),
        )


def _label(
    sheet: Sheet,
    dots: Sequence[Dot],
    colors: Mapping[str, Paint],
    x_scale: Scale,
    y_scale: Scale,
    room: Room,
    radius: float,
    seen: Look,
) -> None:
    """Put each label beside, above or below its point, wherever it touches nothing; one without a free place is left
    out (all of them are in the description)."""
    labelled = [dot for dot in dots if dot.label]
    if not labelled or len(dots) > _MOST_SINGLE:
        return
    taken = [
        Rect(x_scale.at(dot.x) - radius - 4, y_scale.at(dot.y) - radius, 2 * radius + 8, 2 * radius) for dot in dots
    ]
    order = {dot.row: index for index, dot in enumerate(sorted(dots, key=lambda dot: (dot.x, dot.row)), 1)}
    for dot in labelled:
        color = readable(_color(dot, colors, seen), seen.background, seen.text)
        block = line(dot.label, seen.style(color), seen.env)
        x, y = x_scale.at(dot.x), y_scale.at(dot.y)
        away, rise = radius + 8, seen.size * 0.62
        for left, top in (
            (x + away, y - block.height / 2),
            (x - away - block.width, y - block.height / 2),
            (x - block.width / 2, y - radius - 4 - block.height),
            (x - block.width / 2, y + radius + 4),
            (x + away, y - rise - block.height / 2),
            (x + away, y + rise - block.height / 2),
            (x - away - block.width, y - rise - block.height / 2),
            (x - away - block.width, y + rise - block.height / 2),
        ):
            place = Rect(left, top, block.width, block.height)
            inside = (
                left >= room.left and place.right <= room.right and top >= room.top - 8 and place.bottom <= room.bottom
            )
            if inside and not any(overlapping(place, other) for other in taken):
                put(
                    *(sheet, block, left, top),
                    size=seen.size,
                    parts=(
                        *("labels", numbered("points", dot.row), named("points", dot.label)),
                        *concept_parts(seen.env, dot.label, dot.series),
                    ),
                    order=order[dot.row],
                    morph=f"label:{dot.label}",
                )
                taken.append(place)
                break


def overlapping(one: Rect, two: Rect) -> bool:
    """Whether two rectangles share more than an edge."""
    return one.x < two.right and two.x < one.right and one.y < two.bottom and two.y < one.bottom


def _described(arguments: Mapping[str, Value], dots: Sequence[Dot], names: Sequence[str]) -> str:
    title = given.text(arguments, "title") or "Scatter plot"
    x, y = given.column(arguments, "x"), given.column(arguments, "y")
    groups = f" in {len(names)} groups ({', '.join(names)})" if len(names) > 1 else ""
    return f"{title}. {len(dots)} points of {y} against {x}{groups}."
