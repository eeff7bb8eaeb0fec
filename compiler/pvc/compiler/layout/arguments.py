"""Arguments of a component as a layout wants them. The checker has typed them; absent or `none` means a default."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from pvc.compiler.model.values import Column, Interval, Symbol, Table, Tex, Value

LARGEST = 1e250
"""Beyond this, or nearer to zero than its inverse, a number cannot be drawn: scales square and divide it."""


def as_text(value: Value) -> str:
    """A value in words, plainly: for labels that were given as numbers or words."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Fraction():
            number = float(value) if abs(value) < 1 << 1000 else math.inf
            return str(value.numerator) if value.denominator == 1 else f"{number:.12g}"
        case Symbol() | Column():
            return value.name
        case Tex():
            return value.source
    return str(value)


def text(arguments: Mapping[str, Value], name: str, default: str = "") -> str:
    value = arguments.get(name)
    return default if value is None else as_text(value).strip()


def flag(arguments: Mapping[str, Value], name: str, default: bool) -> bool:
    value = arguments.get(name)
    return value if isinstance(value, bool) else default


def whole(arguments: Mapping[str, Value], name: str, default: int) -> int:
    value = arguments.get(name)
    return int(value) if isinstance(value, int | Fraction) else default


def texts(arguments: Mapping[str, Value], name: str) -> tuple[str, ...]:
    """A list of texts; a single text stands for a list of one."""
    value = arguments.get(name)
    if value is None or value == "":
        return ()
    if isinstance(value, tuple):
        return tuple(as_text(item).strip() for item in value)
    return (as_text(value).strip(),)


def numbers(arguments: Mapping[str, Value], name: str) -> tuple[float, ...]:
    value = arguments.get(name)
    items = value if isinstance(value, tuple) else ()
    return tuple(number for item in items if (number := as_number(item)) is not None)


def as_number(value: Value | float) -> float | None:
    """A number as a float; None for what is missing, not a number, infinite or beyond `LARGEST`.

    What is nearer to zero than can be drawn is zero.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    if not math.isfinite(number) or abs(number) > LARGEST:
        return None
    return 0.0 if abs(number) < 1 / LARGEST else number


def interval(arguments: Mapping[str, Value], name: str) -> tuple[float, float] | None:
    """Both ends of a range; None where it is absent or an end is no number."""
    value = arguments.get(name)
    if not isinstance(value, Interval):
        return None
    low, high = as_number(value.low), as_number(value.high)
    return None if low is None or high is None else (low, high)


def table(arguments: Mapping[str, Value], name: str = "data") -> Table:
    value = arguments.get(name)
    return value if isinstance(value, Table) else Table((), (), ())


def column(arguments: Mapping[str, Value], name: str) -> str | None:
    """The name of a column, None where none was given."""
    value = arguments.get(name)
    if isinstance(value, Column | Symbol):
        return value.name
    return value if isinstance(value, str) and value else None
