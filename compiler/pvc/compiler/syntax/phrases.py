"""Expressions, types and fields as canonical text: the formatter's lower half.

Parentheses stand only where the grammar needs them. A call, list or record that does not fit its line is spread over
several, one argument a line; texts are never broken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pvc.compiler.syntax import literals, tree
from pvc.compiler.syntax.table import table

WIDTH = 100
"""Columns that a line should not exceed."""

INDENT = "  "

_BINARY = {"or": 1, "and": 2, "in": 4, "+": 6, "-": 6, "*": 7, "/": 7} | dict.fromkeys(
    ("==", "!=", "<", "<=", ">", ">="), 4
)
_NOT, _RANGE, _SIGN, _POSTFIX = 3, 5, 8, 9
LOOSEST, SUM, TIGHTEST = 0, _RANGE, _POSTFIX

_WORD = re.compile(r"[^\W\d]\w*(?![\w.])")
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")


class Unprintable(Exception):
    """The tree holds a Broken or Missing node: there is no canonical text for it."""


class _Commented(Exception):
    """There are comments inside: it cannot stand on one line."""


def is_name(text: str) -> bool:
    return _PLAIN_NAME.fullmatch(text) is not None


def key(name: str) -> str:
    """The name of a record's field or of a column: bare where it can be."""
    return name if is_name(name) else literals.quoted(name)


def expression(node: tree.Expr, indent: str = "", used: int = 0, loosest: int = LOOSEST) -> str:
    """An expression that begins at column ``used``; further lines are indented by ``indent``. What binds looser than
    ``loosest`` gets parentheses."""
    try:
        flat = _flat(node, loosest)
    except _Commented:
        return _spread(node, loosest, indent, used)
    if used + len(flat) <= WIDTH or ("\n" in flat and used + flat.index("\n") <= WIDTH):
        return flat
    return _spread(node, loosest, indent, used)


def one_line(node: tree.Expr) -> str | None:
    """An expression on one line (raw texts may bring line ends of their own), None where it holds comments."""
    try:
        return _flat(node, LOOSEST)
    except _Commented:
        return None


def leading(node: tree.Expr, words: Sequence[str], indent: str, used: int, loosest: int = LOOSEST) -> str:
    """An expression where it must not begin with a brace or one of the terminals ``words``, which mean something else
    there: parentheses keep them apart."""
    text = expression(node, indent, used, loosest)
    first = _WORD.match(text)
    if text.startswith("{") or (first is not None and not set(words).isdisjoint(table().words.get(first.group(), ()))):
        return f"({text})"
    return text


def _flat(node: tree.Expr, loosest: int) -> str:
    kind = type(node)
    if kind is tree.Name:
        return _name(node)  # type: ignore[arg-type]
    if kind is tree.Text:
        return literals.quoted(node.value)  # type: ignore[union-attr, arg-type]
    if kind is tree.Number:
        return _number(node, loosest)  # type: ignore[arg-type]
    if kind is tree.Tagged:
        return literals.fenced(node.tag, node.raw)  # type: ignore[union-attr]
    match node:
        case tree.Bool(value):
            return "true" if value else "false"
        case tree.ColorLiteral(digits):
            return f"#{digits}"
        case tree.Call(callee, arguments):
            return f"{'.'.join(callee.parts)}({', '.join([_argument(one) for one in arguments])})"
        case tree.ListExpr(items):
            return f"[{', '.join([_flat(one, LOOSEST) for one in items])}]"
        case tree.RecordExpr(fields):
            inner = ", ".join([f"{key(name)}: {_flat(value, LOOSEST)}" for name, value in fields])
            return f"{{ {inner} }}" if inner else "{}"
        case tree.Index(base, index):
            return f"{_flat(base, _POSTFIX)}[{_flat(index, LOOSEST)}]"
        case tree.Attribute(base, name):
            return f"{_owner(_flat(base, _POSTFIX), base)}.{name}"
        case tree.RangeExpr(low, high):
            text = _range(_flat(low, _RANGE), _flat(high, _RANGE + 1), low, high)
            return _within(text, _RANGE, loosest)
        case tree.Unary(op, operand):
            return _unary(op, _flat(operand, _operand_strength(op)), loosest)
        case tree.Binary(op, left, right):
            strength = _BINARY[op]
            text = f"{_flat(left, strength)} {op} {_braced(op, _flat(right, strength + 1))}"
            return _within(text, strength, loosest)
    raise Unprintable


def _spread(node: tree.Expr, loosest: int, indent: str, used: int) -> str:
    """Over several lines, where the node has brackets to break at."""

    def inner(part: tree.Expr, strength: int, before: int = 0) -> str:
        return expression(part, indent, used + before, strength)

    match node:
        case tree.Call(callee, arguments) if arguments:
            deeper = indent + INDENT
            lines = [line for one in arguments for line in _argument_lines(one, deeper)]
            return f"{'.'.join(callee.parts)}(\n" + "\n".join(lines) + f"\n{indent})"
        case tree.ListExpr(items) if items:
            deeper = indent + INDENT
            lines = [f"{deeper}{expression(one, deeper, len(deeper) + 1)}," for one in items]
            return "[\n" + "\n".join(lines) + f"\n{indent}]"
        case tree.RecordExpr(fields) if fields:
            deeper = indent + INDENT
            lines = []
            for name, value in fields:
                head = f"{deeper}{key(name)}: "
                lines.append(f"{head}{expression(value, deeper, len(head) + 1)},")
            return "{\n" + "\n".join(lines) + f"\n{indent}}}"
        case tree.Index(base, index):
            head = inner(base, _POSTFIX)
            return f"{head}[{inner(index, LOOSEST, len(head.rpartition(chr(10))[2]))}]"
        case tree.Attribute(base, name):
            return f"{_owner(inner(base, _POSTFIX), base)}.{name}"
        case tree.RangeExpr(low, high):
            return _within(_range(inner(low, _RANGE), inner(high, _RANGE + 1), low, high), _RANGE, loosest)
        case tree.Unary(op, operand):
            return _unary(op, inner(operand, _operand_strength(op)), loosest)
        case tree.Binary(op, left, right):
            strength = _BINARY[op]
            text = f"{inner(left, strength)} {op} {_braced(op, inner(right, strength + 1))}"
            return _within(text, strength, loosest)
        case _:
            return _flat(node, loosest)


def _within(text: str, strength: int, loosest: int) -> str:
    return f"({text})" if strength < loosest else text


def _name(node: tree.Name) -> str:
    # `and`, `or` and `in` are names where a value begins, but the lexer lets a line go on behind them.
    return f"({node.parts[0]})" if node.parts in (("and",), ("or",), ("in",)) else ".".join(node.parts)


def _number(node: tree.Number, loosest: int) -> str:
    text = literals.plain_number(node.value, node.unit)
    return _within(text, _SIGN, loosest) if text[0] == "-" else text


def _owner(text: str, base: tree.Expr) -> str:
    """The base of an attribute: `(a).b` is not the dotted name `a.b`."""
    return f"({text})" if type(base) in (tree.Name, tree.Bool) and text[0] != "(" else text


def _range(low: str, high: str, first: tree.Expr, second: tree.Expr) -> str:
    tight = not any(type(end) in (tree.Binary, tree.RangeExpr) for end in (first, second))
    return f"{low}..{high}" if tight else f"{low} .. {high}"


def _operand_strength(op: str) -> int:
    return {"not": _NOT, "-": _SIGN}.get(op, _POSTFIX)


def _unary(op: str, operand: str, loosest: int) -> str:
    if op == "-":
        # `-3` would be the number minus three, which is another node than minus the number three.
        return _within(f"-({operand})" if operand[0].isdigit() else f"-{operand}", _SIGN, loosest)
    if op == "not":
        return _within(f"not {_braced(op, operand)}", _NOT, loosest)
    return f"{op} {operand}"


def _braced(op: str, operand: str) -> str:
    """Behind a word a brace would open a body."""
    return f"({operand})" if operand[0] == "{" and op.isalpha() else operand


def _argument(node: tree.Argument) -> str:
    if node.trivia.leading or node.trivia.trailing or node.trivia.doc is not None:
        raise _Commented
    value = _flat(node.value, LOOSEST)
    return value if node.name is None else f"{node.name}: {value}"


def _argument_lines(node: tree.Argument, indent: str) -> list[str]:
    head = indent if node.name is None else f"{indent}{node.name}: "
    value = expression(node.value, indent, len(head) + 1)
    return [*comments(node.trivia, indent), f"{head}{value},{behind(node.trivia)}"]


# ---------------------------------------------------------------------------------------------- comments, types, fields


def comments(trivia: tree.Trivia, indent: str) -> list[str]:
    """The lines above a node: comments, then its doc."""
    lines = [f"{indent}{text}" if text else "" for text in trivia.leading]
    if trivia.doc is not None:
        lines += doc_lines(trivia.doc, indent)
    return lines


def doc_lines(doc: str, indent: str) -> list[str]:
    return [f"{indent}/// {line}".rstrip() for line in doc.split("\n")]


def behind(trivia: tree.Trivia) -> str:
    return f"  {trivia.trailing}" if trivia.trailing else ""


def type_text(node: tree.TypeExpr) -> str:
    if not node.arguments:
        return node.name
    return f"{node.name}<{', '.join([type_text(one) for one in node.arguments])}>"


def field_text(node: tree.FieldDecl, indent: str) -> str:
    text = f"{key(node.name)}: {type_text(node.type)}"
    if node.default is not None:
        text += f" = {expression(node.default, indent, len(indent) + len(text) + 4)}"
    return text


def field_lines(node: tree.FieldDecl, indent: str, comma: str) -> list[str]:
    lines = comments(node.trivia, indent)
    if node.doc is not None:
        lines += doc_lines(node.doc, indent)
    return [*lines, f"{indent}{field_text(node, indent)}{comma}{behind(node.trivia)}"]


def plain_fields(fields: Sequence[tree.FieldDecl]) -> str | None:
    """Fields on one line, or None where they have comments or docs of their own."""
    if any(one.doc is not None or comments(one.trivia, "") or one.trivia.trailing for one in fields):
        return None
    try:
        return ", ".join([_flat_field(one) for one in fields])
    except _Commented:
        return None


def _flat_field(node: tree.FieldDecl) -> str:
    text = f"{key(node.name)}: {type_text(node.type)}"
    return text if node.default is None else f"{text} = {_flat(node.default, LOOSEST)}"
