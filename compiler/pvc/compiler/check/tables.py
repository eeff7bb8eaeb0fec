"""`data NAME = csv("...") { column: type }`: files of rows read into typed tables.

A file is read in three steps that are the same for every format: bytes -> rows of raw cells -> typed columns. Cells
are typed strictly (`1,234` is no number), and what is wrong is said with the row's number in the file.
"""

from __future__ import annotations

import csv as csv_reader
import io
import json as json_reader
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from pvc.compiler.check.assets import beside, read_file, unreadable
from pvc.compiler.check.context import Context, suggestion
from pvc.compiler.check.declarations import arguments, reader
from pvc.compiler.check.expressions import evaluate
from pvc.compiler.check.things import UNKNOWN, Thing, Unknown
from pvc.compiler.check.types import COLUMN_TYPES, TEXT, clip, describe
from pvc.compiler.model.values import Record, Table, Value
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.compiler.world import Unreadable

LARGEST_FILE = 16_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
REPORTED_CELLS = 5
"""Bad cells told one by one; the rest is counted."""

Cell: TypeAlias = str | int | float | bool | Fraction | None


@dataclass(frozen=True, slots=True)
class Raw:
    """Rows before typing: ``lines[i]`` is the place of row ``i`` in the file for messages (`row 3`, `item 3`)."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    lines: Sequence[str]


class Unfit(Exception):
    """A file that is no table: ``code``, a sentence and a hint."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


# ------------------------------------------------------------------------------------------------ decoding


def decode(data: bytes, encoding: str | None) -> str:
    """The text of a data file: UTF-8 unless its first bytes or the spec say otherwise. Raises Unfit."""
    if encoding is None:
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except LookupError:
        raise Unfit(
            "PVC0615", f"there is no encoding `{encoding}`", "`utf-8`, `latin-1`, `cp1252`, `utf-16` ..."
        ) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = 'save it as UTF-8, or say which it is: `encoding: "latin-1"`'
        raise Unfit(
            "PVC0615",
            f"it is not {encoding.removesuffix('-sig').upper()}: line {line} has the byte 0x{data[error.start]:02x}",
            hint,
        ) from None
    if "\0" in text:
        raise Unfit("PVC0615", "it holds NUL characters: this is no text", "export it as CSV in UTF-8")
    return text


# ------------------------------------------------------------------------------------------------ formats


def csv_rows(text: str, delimiter: str | None) -> Raw:
    """RFC 4180 with any one-character delimiter. Raises Unfit."""
    if delimiter is None:
        first = text.split("\n", 1)[0]
        delimiter = max((",", ";", "\t"), key=first.count) if not first.count(",") else ","
    if len(delimiter) != 1:
        raise Unfit("PVC0610", f"a delimiter is one character, not `{delimiter}`")
    csv_reader.field_size_limit(1_000_000)
    lines = csv_reader.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: tuple[str, ...] | None = None
    rows: list[Sequence[Cell]] = []
    numbers: list[str] = []
    try:
        for cells in lines:
            if not cells or (len(cells) == 1 and not cells[0].strip()):
                continue  # blank lines mean nothing
            if header is None:
                header = tuple(cell.strip() for cell in cells)
                _check_header(header)
                continue
            if len(cells) != len(header):
                hint = (
                    "quote cells that hold the delimiter"
                    if len(cells) > len(header)
                    else "fill in the missing cells, or leave them empty between delimiters"
                )
                found = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
                raise Unfit("PVC0613", f"line {lines.line_num} has {found}, the header has {len(header)}", hint)
            rows.append(cells)
            numbers.append(f"line {lines.line_num}")
            if len(rows) > MOST_ROWS:
                raise Unfit("PVC0614", f"it has more than {MOST_ROWS} rows", "aggregate it first: a talk shows a few")
    except csv_reader.Error as error:
        raise Unfit("PVC0610", f"line {lines.line_num} is no CSV: {error}", "check the quotes") from None
    if header is None:
        raise Unfit("PVC0616", "it is empty", "its first line names the columns")
    return Raw(header, rows, numbers)


def _check_header(header: tuple[str, ...]) -> None:
    if len(header) > MOST_COLUMNS:
        raise Unfit("PVC0614", f"it has more than {MOST_COLUMNS} columns")
    seen: set[str] = set()
    for index, name in enumerate(header, 1):
        if not name:
            raise Unfit("PVC0616", f"column {index} has no name", "the first line names every column")
        if name in seen:
            raise Unfit("PVC0617", f"two columns are named `{name}`", "rename one of them")
        seen.add(name)


def _records(items: object, what: str) -> Raw:
    """A list of flat objects as rows; the columns are the first one's keys in order."""
    if isinstance(items, dict):
        lists = [value for value in items.values() if isinstance(value, list)]
        if len(lists) == 1 and len(items) == 1:
            items = lists[0]
    if not isinstance(items, list):
        raise Unfit(
            "PVC0610",
            f"it is no list of records, but {_json_kind(items)}",
            f'write {what} such as [{{"model": "A", "score": 1}}, ...]',
        )
    if not items:
        raise Unfit("PVC0616", "it is an empty list")
    if len(items) > MOST_ROWS:
        raise Unfit("PVC0614", f"it has more than {MOST_ROWS} rows", "aggregate it first: a talk shows a few")
    columns: dict[str, None] = {}
    for index, item in enumerate(items, 1):
        if not isinstance(item, dict):
            raise Unfit("PVC0610", f"item {index} is no record, but {_json_kind(item)}")
        columns.update(dict.fromkeys(item))
    header = tuple(columns)
    _check_header(header)
    rows: list[Sequence[Cell]] = []
    for index, item in enumerate(items, 1):
        missing = [name for name in header if name not in item]
        if missing:
            raise Unfit("PVC0613", f"item {index} lacks `{missing[0]}`", "every record has the same fields")
        for name, value in item.items():
            if isinstance(value, dict | list):
                raise Unfit(
                    "PVC0612",
                    f"`{name}` of item {index} is {_json_kind(value)}, a cell is a text, a number, true or false",
                )
        rows.append([item[name] for name in header])
    return Raw(header, rows, [f"item {index}" for index in range(1, len(items) + 1)])


def _json_kind(value: object) -> str:
    return {dict: "a record", list: "a list", str: "a text", bool: "true or false", type(None): "null"}.get(
        type(value), "a number"
    )


def _exact(written: str) -> Fraction:
    """A decimal number exactly; one with a huge exponent is refused rather than expanded."""
    exponent = re.search(r"[eE]([+-]?\d+)$", written)
    if len(written) > 400 or (exponent and abs(int(exponent[1])) > 300):
        raise Unfit("PVC0612", f"the number {clip(written, 20)} is too large or has too many digits")
    return Fraction(written)


def _no_constant(name: str) -> Fraction:
    raise Unfit("PVC0612", f"{name} is no number", "leave the row away, or write a number")


def json_rows(text: str) -> Raw:
    """A JSON list of flat objects. Raises Unfit."""
    try:
        items = json_reader.loads(text, parse_float=_exact, parse_int=_whole, parse_constant=_no_constant)
    except json_reader.JSONDecodeError as error:
        raise Unfit("PVC0610", f"line {error.lineno} is no JSON: {error.msg.lower()}") from None
    except RecursionError:
        raise Unfit("PVC0610", "it is nested too deeply") from None
    return _records(items, "a list of objects")


def _whole(written: str) -> int:
    if len(written) > 60:
        raise Unfit("PVC0612", f"the number {clip(written, 20)} has too many digits")
    return int(written)


def yaml_rows(text: str) -> Raw:
    """A YAML list of flat mappings. Cells stay as written (`yes` is a text, `012` keeps its zero) until their column
    types them; aliases are refused, since they can explode. Raises Unfit."""
    try:
        import yaml
    except ImportError:
        raise Unfit(
            "PVC0610", "reading YAML needs the package pyyaml", "pip install pyyaml, or use CSV or JSON"
        ) from None

    loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=loader)):
            raise Unfit("PVC0610", "it uses aliases (`*name`), which data may not", "write the values out")
        node = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark is not None else "it"
        raise Unfit("PVC0610", f"{where} is no YAML: {getattr(error, 'problem', None) or 'unreadable'}") from None
    except RecursionError:
        raise Unfit("PVC0610", "it is nested too deeply") from None
    return _records(_yaml_value(node, 0), "a list of records")


def _yaml_value(node: object, depth: int) -> object:
    import yaml

    if depth > 4:
        raise Unfit("PVC0610", "it is nested too deeply", "data is a list of flat records")
    if isinstance(node, yaml.MappingNode):
        found: dict[str, object] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name in found:
                raise Unfit("PVC0617", f"line {key.start_mark.line + 1} gives `{name}` twice")
            found[name] = _yaml_value(value, depth + 1)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_yaml_value(item, depth + 1) for item in node.value]
    if isinstance(node, yaml.ScalarNode):
        return node.value
    return None


# ------------------------------------------------------------------------------------------------ cells

_NUMBER = re.compile(r"[+\-−]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_BOOLS = {"true": True, "false": False, "yes": True, "no": False}


def cell(raw: Cell, kind: str) -> Value | Unknown:
    """One cell by its column's type; UNKNOWN where it does not fit."""
    if kind == "text":
        if raw is None:
            return ""
        if isinstance(raw, bool):
            return "true" if raw else "false"
        if isinstance(raw, Fraction):
            return str(int(raw)) if raw.denominator == 1 else repr(float(raw))
        return str(raw)
    if isinstance(raw, bool):
        return raw if kind == "bool" else UNKNOWN
    if isinstance(raw, str):
        written = raw.strip()
        if kind == "bool":
            return _BOOLS.get(written.lower(), UNKNOWN)
        if not _NUMBER.fullmatch(written) or len(written) > 60:
            return UNKNOWN
        number = Fraction(written.replace("−", "-").replace("_", ""))
    elif isinstance(raw, int | Fraction) and kind in ("number", "int"):
        number = Fraction(raw)
    else:
        return UNKNOWN
    if kind == "int":
        return int(number) if number.denominator == 1 else UNKNOWN
    return number


def inferred(column: Sequence[Cell]) -> str:
    """The narrowest type that all cells of a column have: int, number, bool, else text."""
    if not column:
        return "text"
    for kind in ("int", "number", "bool"):
        if all(cell(each, kind) is not UNKNOWN for each in column):
            return kind
    return "text"


def typed(ctx: Context, raw: Raw, declared: Sequence[tuple[str, str, Span]], name: str, span: Span) -> Table | Unknown:
    """Raw rows as a table with the declared columns in their order (all, with inferred types, where none are
    declared); what does not fit is reported."""
    if not declared:
        types = tuple(inferred([row[index] for row in raw.rows]) for index in range(len(raw.columns)))
        wanted = [(column, kind, span) for column, kind in zip(raw.columns, types, strict=True)]
    else:
        wanted = list(declared)
    columns: list[list[Value]] = []
    sound = True
    for column, kind, at in wanted:
        if column not in raw.columns:
            hint, fixes = suggestion(column, raw.columns, Span(at.path, at.start, at.start + len(column)))
            notes = ("its columns: " + ", ".join(f"`{each}`" for each in raw.columns[:20]),)
            ctx.report(
                "PVC0611", f"{name} has no column `{column}`", at, hint if fixes else None, notes=notes, fixes=fixes
            )
            sound = False
            continue
        index = raw.columns.index(column)
        cells = [cell(row[index], kind) for row in raw.rows]
        bad = [row for row, value in enumerate(cells) if value is UNKNOWN]
        if bad:
            _report_cells(ctx, raw, column, kind, index, bad, name, at)
            sound = False
        columns.append(cells)  # type: ignore[arg-type]
    if not sound:
        return UNKNOWN
    rows = tuple(zip(*columns, strict=True)) if columns else ()
    return Table(tuple(column for column, _, _ in wanted), tuple(kind for _, kind, _ in wanted), rows)


def _report_cells(
    ctx: Context, raw: Raw, column: str, kind: str, index: int, bad: list[int], name: str, at: Span
) -> None:
    what = {"number": "a number", "int": "a whole number", "bool": "true or false"}[kind]
    shown = [f"{raw.lines[row]}: {_shown(raw.rows[row][index])}" for row in bad[:REPORTED_CELLS]]
    if len(bad) > REPORTED_CELLS:
        shown.append(f"and {len(bad) - REPORTED_CELLS} more")
    first = raw.rows[bad[0]][index]
    hint = None
    if isinstance(first, str) and kind in ("number", "int"):
        if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", first.strip()):
            hint = "write numbers without thousands separators"
        elif re.fullmatch(r"[+-]?\d+,\d+", first.strip()):
            hint = "write a decimal point, not a comma"
        elif first.strip().endswith("%"):
            hint = "leave the percent sign away and say it with `unit`"
        elif not first.strip():
            hint = "every row needs a value: fill it in or leave the row away"
        elif kind == "int" and cell(first, "number") is not UNKNOWN:
            hint = f"declare `{column}: number`"
    message = f"`{column}` of {name} is not {what} in {len(bad)} row{'s' if len(bad) > 1 else ''}"
    ctx.report("PVC0612", message, at, hint, notes=tuple(shown))


def _shown(value: Cell) -> str:
    if value is None:
        return "nothing"
    return f"`{clip(str(value), 30)}`" if str(value).strip() else "an empty cell"


# ------------------------------------------------------------------------------------------------ declarations

_READERS = {
    "csv": {"file": (TEXT, True), "delimiter": (TEXT, False), "encoding": (TEXT, False)},
    "tsv": {"file": (TEXT, True), "encoding": (TEXT, False)},
    "json": {"file": (TEXT, True), "encoding": (TEXT, False)},
    "yaml": {"file": (TEXT, True), "encoding": (TEXT, False)},
}


def _declared(ctx: Context, scope: Scope, node: tree.Declaration) -> list[tuple[str, str, Span]] | None:
    found: list[tuple[str, str, Span]] = []
    seen: set[str] = set()
    sound = True
    for column in node.columns:
        span = scope.span(column.at)
        kind = column.type.name
        if kind not in COLUMN_TYPES:
            hint, fixes = suggestion(kind, COLUMN_TYPES, scope.span(column.type.at))
            ctx.report("PVC0312", f"a column cannot hold `{kind}`", scope.span(column.type.at), hint, fixes=fixes)
            sound = False
        if column.name in seen:
            ctx.report("PVC0209", f"the column `{column.name}` is declared twice", span, "remove one of them")
            sound = False
        seen.add(column.name)
        found.append((column.name, kind, span))
    return found if sound else None


def data(ctx: Context, scope: Scope, node: tree.Declaration) -> Thing:
    """The table of a `data` declaration; UNKNOWN where something was reported."""
    declared = _declared(ctx, scope, node)
    if isinstance(node.value, tree.ListExpr):
        value = evaluate(ctx, scope, node.value)
        if isinstance(value, Unknown) or declared is None:
            return UNKNOWN
        return from_records(ctx, value, declared, scope.span(node.value.at))  # type: ignore[arg-type]
    example = f'data {node.name} = csv("data.csv") {{ name: text, value: number }}'
    call = reader(ctx, scope, node, tuple(_READERS), example)
    if call is None:
        return UNKNOWN
    kind = call.callee.parts[0]
    found = arguments(ctx, scope, call, _READERS[kind], kind)
    if found is None or declared is None:
        return UNKNOWN
    written = str(found["file"])
    span = scope.span(call.at)
    path = beside(scope, written)
    try:
        data_bytes = read_file(ctx, path)
    except Unreadable as error:
        unreadable(ctx, written, error, span)
        return UNKNOWN
    encoding, delimiter = found.get("encoding"), found.get("delimiter")
    try:
        if len(data_bytes) > LARGEST_FILE:
            raise Unfit(
                "PVC0614",
                f"it has {len(data_bytes) / 1e6:.0f} MB, at most {LARGEST_FILE // 1_000_000} are read",
                "aggregate it first: a talk shows a few rows",
            )
        text = decode(data_bytes, encoding if isinstance(encoding, str) else None)
        if kind == "json":
            raw = json_rows(text)
        elif kind == "yaml":
            raw = yaml_rows(text)
        else:
            raw = csv_rows(text, "\t" if kind == "tsv" else delimiter if isinstance(delimiter, str) else None)
    except Unfit as problem:
        ctx.report(problem.code, f"`{written}`: {problem.message}", span, problem.hint)
        return UNKNOWN
    return typed(ctx, raw, declared, f"`{written}`", span)


def from_records(
    ctx: Context, value: tuple[Value, ...], declared: Sequence[tuple[str, str, Span]], span: Span
) -> Table | Unknown:
    """A list of records written in the spec itself, as a table."""
    items: list[dict[str, object]] = []
    for each in value:
        if not isinstance(each, Record):
            ctx.report(
                "PVC0301",
                f"a table is made of records, this is {describe(each)}",
                span,
                'write `[{ model: "A", score: 1 }, ...]`',
            )
            return UNKNOWN
        items.append(dict(each.fields))
    try:
        raw = _records(items, "a list of records")
    except Unfit as problem:
        ctx.report(problem.code, f"this table: {problem.message}", span, problem.hint)
        return UNKNOWN
    return typed(ctx, raw, declared, "this table", span)
