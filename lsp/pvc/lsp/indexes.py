"""What can be written in the brackets behind a part or a table: numbers, names, pieces of a formula, concepts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pvc.compiler.model.values import Column, Record, Table, Tex, Value
from pvc.compiler.resolve.scope import Unit
from pvc.compiler.syntax import tree
from pvc.lsp import describe
from pvc.lsp.analysis import Analysis
from pvc.lsp.context import Context
from pvc.lsp.items import Item
from pvc.lsp.navigation import component_named

_OWNER = re.compile(r"(?P<owner>[^\W\d][\w-]*)(?:\.(?P<part>[^\W\d]\w*))?$")
_ATOM = re.compile(
    r"(?<![\\A-Za-z])(?:[A-Za-z]|\\(?:[a-z]*(?:alpha|beta|gamma|delta|eta|lambda|mu|nu|pi|rho|sigma|tau|phi|psi|omega)))"
    r"(?:_(?:\w|\{[^{}]*\}))?(?:\^(?:\w|\\[A-Za-z]+|\{[^{}]*\}))?"
)
"""A symbol of a formula, with its index and exponent."""
_EDGE = re.compile(r"\s*(?:<?->|--)\s*")
MOST = 200
"""Names that are offered."""


def indexed(text: str, found: Context) -> tuple[str, str] | None:
    """The name and the part ("" for the visual itself) whose bracket is the innermost that the cursor stands in."""
    if not found.opened or found.opened[-1].bracket != "[":
        return None
    start = found.opened[-1].start
    match = _OWNER.search(text, max(0, start - 120), start)
    return (match["owner"], match["part"] or "") if match is not None else None


def indexes(analysis: Analysis, unit: Unit, owner: str, part: str, made: str) -> Iterator[Item]:
    """The candidates for ``owner.part[...]``; ``made`` is the component that makes the owner, "" where unknown."""
    value = unit.find("values", owner)
    if value is not None and isinstance(value.value, Table):
        yield from (Item(str(row + 1), "value", "a row") for row in range(min(len(value.value.rows), MOST)))
        return
    binding = component_named(unit, tuple(made.split("."))) if made else None
    if binding is None or not isinstance(binding.node, tree.ComponentDecl):
        return
    declared = next((each for each in describe.parts_of(binding.node.body) if each.name == (part or "tex")), None)
    given = _given(analysis, owner)
    if part and declared is not None and declared.index is not None:
        if declared.index.name == "text":
            yield from (Item(f'"{name}"', "part", declared.name) for name in dict.fromkeys(_names(given)))
        else:
            yield from (Item(str(number + 1), "value", declared.name) for number in range(_length(given)))
    elif not part and declared is not None:
        yield from formulas(analysis, owner)
        yield Item("tex``", "tex", "a sub-expression")
        for name, each in unit.values.items():
            if each.kind == "concept":
                yield Item(name, "concept")


def formulas(analysis: Analysis, owner: str) -> Iterator[Item]:
    """Pieces of the formula that a visual shows, as they are pointed at."""
    pieces = (piece for each in _given(analysis, owner) for formula in _formulas(each) for piece in atoms(formula))
    yield from (Item(f"tex`{piece}`", "tex", "of this formula") for piece in list(dict.fromkeys(pieces))[:MOST])


def atoms(formula: str) -> list[str]:
    """The symbols of a formula, each once, in order: `q_i`, `K^\\top`."""
    return list(dict.fromkeys(found.group() for found in _ATOM.finditer(formula)))


def _formulas(value: Value) -> Iterator[str]:
    if isinstance(value, Tex):
        yield value.source
    elif isinstance(value, tuple):
        for each in value:
            yield from _formulas(each)


def _given(analysis: Analysis, owner: str) -> tuple[Value, ...]:
    """The arguments of a visual of that name, wherever the talk makes it."""
    specs = [fact.spec for fact in analysis.scenes]
    if not specs and analysis.program is not None:
        specs = list(analysis.program.scenes)
    for spec in specs:
        for visual in spec.visuals:
            if visual.id == owner:
                return tuple(value for _, value in visual.arguments)
    return ()


def _names(given: Iterable[Value]) -> Iterator[str]:
    """Texts among arguments that things are named by: values of the columns given, labels, ends of edges."""
    values = list(given)
    columns = [each.name for each in values if isinstance(each, Column)]
    for value in values:
        if isinstance(value, Table):
            for name in columns:
                if name in value.columns and value.types[value.columns.index(name)] == "text":
                    place = value.columns.index(name)
                    yield from (str(row[place]) for row in value.rows[:MOST])
        elif isinstance(value, tuple):
            yield from _labels(value)


def _labels(values: tuple[Value, ...]) -> Iterator[str]:
    for each in values[:MOST]:
        if isinstance(each, str):
            yield from (end.partition(":")[0].strip() for end in _EDGE.split(each) if end)
        elif isinstance(each, Record):
            fields = dict(each.fields)
            name = fields.get("id", fields.get("label"))
            if isinstance(name, str):
                yield name


def _length(given: Iterable[Value]) -> int:
    """How many things of a kind there are: as many as the longest list that is given, or the lines of a program."""
    return min(MOST, max((len(each) for each in given if isinstance(each, tuple)), default=1))
