"""Values in the twin's scalars: expressions and types are written in them as in `.vid`."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from pvc.compiler.syntax import literals, tree
from pvc.compiler.syntax.parser import parse_block
from pvc.compiler.syntax.problem import Problem
from pvc.compiler.syntax.tree import At

SIMPLE_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_SIMPLE_NUMBER = re.compile(r"-?\d[\d_]*(?:\.\d[\d_]*)?(?:%|[A-Za-z]+)?")
_BEFORE = "let x = (\n"
_AFTER = "\n)"
_TYPE_BEFORE = "component c(x: "
_TYPE_AFTER = ") {}"


def simple_number(text: str) -> tuple[Decimal, str | None] | None:
    """The value and unit of a text that is nothing but a number."""
    if _SIMPLE_NUMBER.fullmatch(text) is None:
        return None
    found = literals.number(text.removeprefix("-"))
    if found is None or text[0] != "-":
        return found
    return -found[0], found[1]


Scalar = tuple[Any, int, tuple[Problem, ...]]
"""What a scalar's text is, by how much the places in it lie behind those in that text, and what is wrong with it."""


@lru_cache(maxsize=4096)
def expression(text: str) -> Scalar:
    """The expression that a scalar's text is."""
    whole = At(0, len(text))
    if SIMPLE_NAME.fullmatch(text) and text not in ("true", "false"):
        return tree.Name(tuple(text.split(".")), whole), 0, ()
    simple = simple_number(text)
    if simple is not None:
        return tree.Number(simple[0], simple[1], whole), 0, ()
    if not text.strip():
        return tree.Missing(whole), 0, (Problem("PVC0122", "A value is missing", 0, 0, "write one, such as `0.5s`"),)
    item, problems = parse_block(_BEFORE + text + _AFTER)
    shifted = tuple(_back(problem, len(_BEFORE), len(text)) for problem in problems)
    if not isinstance(item, tree.Let):
        fallback = Problem("PVC0101", "This is no expression", 0, len(text), "write a value as in a .vid file")
        return tree.Missing(whole), 0, shifted or (fallback,)
    return item.value, len(_BEFORE), shifted


@lru_cache(maxsize=1024)
def type_expression(text: str) -> Scalar:
    """The type that a scalar's text is."""
    whole = At(0, len(text))
    if SIMPLE_NAME.fullmatch(text) and "." not in text:
        return tree.TypeExpr(text, (), whole), 0, ()
    item, problems = parse_block(_TYPE_BEFORE + text + _TYPE_AFTER)
    shifted = tuple(_back(problem, len(_TYPE_BEFORE), len(text)) for problem in problems)
    if not isinstance(item, tree.ComponentDecl) or len(item.parameters) != 1 or item.parameters[0].default is not None:
        fallback = Problem("PVC0101", "This is no type", 0, len(text), "write one such as `list<text>`")
        return tree.TypeExpr("text", (), whole), 0, shifted or (fallback,)
    return item.parameters[0].type, len(_TYPE_BEFORE), shifted


def _back(problem: Problem, by: int, size: int) -> Problem:
    """A problem of the wrapped text as one of the scalar's."""
    start = min(max(problem.start - by, 0), size)
    end = min(max(problem.end - by, start), size)
    message = problem.message
    if problem.start - by >= size:
        message = message.replace("but found `)`", "but it ends")
    hint = None if problem.hint is None or "let name" in problem.hint else problem.hint
    return Problem(problem.code, message, start, end, hint)


def placed(node: Any, place: Callable[[At], At]) -> Any:
    """A copy of an expression with other places."""
    kind: type = type(node)
    if kind is At:
        return node if node == tree.NOWHERE else place(node)
    if kind is tuple:
        return tuple(placed(one, place) for one in node)
    names = _fields(kind)
    if not names:
        return node
    values = {name: placed(getattr(node, name), place) for name in names if name not in ("at", "trivia")}
    if "trivia" in names:
        values["trivia"] = node.trivia
    return kind(at=place(node.at), **values)


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()
