"""Rows of a table as charts want them: columns found, numbers made floats, rows grouped by category and series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.colors import ALIKE, CATEGORIES, category, concept_color, distance, paint, receding
from pvc.compiler.layout.component import Env
from pvc.compiler.layout.sheet import Sheet
from pvc.compiler.model.display import Paint
from pvc.compiler.model.values import Table, Value


@dataclass(frozen=True, slots=True)
class Grouped:
    """``values[i][j]`` belongs to category i and series j; None where there is none. Names in order of appearance.
    Data without a series have one of the name ""."""

    categories: tuple[str, ...]
    series: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]


def index_of(sheet: Sheet, table: Table, name: str | None, argument: str) -> int | None:
    """Where a column stands in the table; a problem where it does not."""
    if name is not None and name in table.columns:
        return table.columns.index(name)
    known = ", ".join(table.columns) or "none"
    if name is None:
        sheet.problem("PVC0543", f"the chart needs a column for `{argument}`", f"the table's columns are: {known}")
    else:
        sheet.problem("PVC0543", f"the table has no column `{name}`", f"its columns are: {known}")
    return None


def number_column(sheet: Sheet, table: Table, index: int) -> list[float | None]:
    """A column's numbers, None where one is missing; those that cannot be drawn are reported."""
    found: list[float | None] = []
    for number, row in enumerate(table.rows, 1):
        value = row[index]
        plain = given.as_number(value)
        if plain is None and value is not None:
            sheet.problem(
                "PVC0542",
                f"row {number} of column `{table.columns[index]}` is no number that can be drawn",
                "numbers must be finite and below 1e250",
            )
        found.append(plain)
    return found


def nothing(sheet: Sheet) -> None:
    """Say that there is nothing to draw."""
    sheet.problem("PVC0540", "the chart has no values to draw", "give it a table with at least one row of numbers")


def grouped(sheet: Sheet, arguments: Mapping[str, Value], x: str, y: str) -> Grouped | None:
    """Rows by the text column ``x`` and, where there is one, the column `series`; values from ``y``. None (and a
    problem) where nothing can be drawn. Rows of one category and series twice stay apart if there is no series."""
    table = given.table(arguments)
    first = index_of(sheet, table, given.column(arguments, x), x)
    second = index_of(sheet, table, given.column(arguments, y), y)
    if first is None or second is None:
        return None
    third = given.column(arguments, "series")
    of_series = index_of(sheet, table, third, "series") if third else None
    values = number_column(sheet, table, second)
    if all(value is None for value in values):
        nothing(sheet)
        return None
    names = [given.as_text(row[first]) for row in table.rows]
    if of_series is None:
        pairs = [(name, (value,)) for name, value in zip(names, values, strict=True)]
        return _sorted(Grouped(tuple(names), ("",), tuple(value for _, value in pairs)), arguments)
    owners = [given.as_text(row[of_series]) for row in table.rows]
    categories, series = list(dict.fromkeys(names)), list(dict.fromkeys(owners))
    cells: dict[tuple[str, str], float | None] = {}
    for name, owner, value in zip(names, owners, values, strict=True):
        if (name, owner) in cells:
            sheet.problem(
                "PVC0543",
                f"`{name}` has two values in series `{owner}`",
                "give each pair of category and series one row",
            )
        cells[name, owner] = value
    rows = tuple(tuple(cells.get((name, owner)) for owner in series) for name in categories)
    return _sorted(Grouped(tuple(categories), tuple(series), rows), arguments)


def _sorted(data: Grouped, arguments: Mapping[str, Value]) -> Grouped:
    """In the order asked for by `sort`: `ascending`, `descending` (by the first series), else as written."""
    sort = given.text(arguments, "sort")
    if sort not in ("ascending", "descending"):
        return data
    sign = 1 if sort == "ascending" else -1

    def key(index: int) -> tuple[bool, float]:
        value = data.values[index][0]
        return (value is None, 0.0 if value is None else sign * value)

    order = sorted(range(len(data.categories)), key=key)
    return Grouped(
        tuple(data.categories[index] for index in order), data.series, tuple(data.values[index] for index in order)
    )


def series_colors(data_or_names: Grouped | tuple[str, ...], env: Env, highlight: str) -> tuple[Paint, ...]:
    """A colour for each series: its concept's, else the next categorical one (the accent for a single series); those
    that are not highlighted step back where one is."""
    names = data_or_names.series if isinstance(data_or_names, Grouped) else data_or_names
    concepts = [concept_color(env, name) for name in names]
    used = [found[1] for found in concepts if found]
    free = [
        color
        for color in (category(env.theme, index) for index in range(CATEGORIES))
        if all(distance(color, other) > ALIKE for other in used)
    ] or [category(env.theme, index) for index in range(CATEGORIES)]
    colors = []
    taken = 0
    for found in concepts:
        if found:
            colors.append(found[1])
        elif len(names) == 1:
            colors.append(paint(env.theme, "accent"))
        else:
            colors.append(free[taken % len(free)])
            taken += 1
    if highlight and highlight in names:  # a row may have no name
        back = receding(env.theme)
        colors = [color if name == highlight else back for name, color in zip(names, colors, strict=True)]
    return tuple(colors)
