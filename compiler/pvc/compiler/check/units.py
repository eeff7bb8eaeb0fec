"""The algebra of quantities: what `+ - * /` and comparisons mean for numbers, durations, lengths and angles.

Exact: everything is a Fraction. Frames become seconds only where they meet seconds, at the talk's frame rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from pvc.compiler.model.values import Angle, Duration, Length

Quantity: TypeAlias = int | Fraction | Duration | Length | Angle

SECONDS = {"s": Fraction(1), "ms": Fraction(1, 1000), "min": Fraction(60), "h": Fraction(3600)}
DEGREES = {"deg": Fraction(1), "turn": Fraction(360)}
LENGTHS = ("%", "px", "em")
UNITS = (*SECONDS, "f", *LENGTHS, *DEGREES)
"""Every unit of the language."""

MEANT = {
    **dict.fromkeys(("sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("msec", "millis", "milliseconds"), "ms"),
    **dict.fromkeys(("m", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("fr", "frame", "frames"), "f"),
    **dict.fromkeys(("pc", "percent"), "%"),
    **dict.fromkeys(("pixel", "pixels"), "px"),
    **dict.fromkeys(("°", "degree", "degrees"), "deg"),
    **dict.fromkeys(("turns", "rev"), "turn"),
}
"""What people write for a unit, and the unit that is the same by another name."""

LARGEST_EXPONENT = 60
"""Decimal exponents beyond it are refused before they are expanded (`1e999999999` would fill the memory)."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why two quantities do not go together: ``kind`` is `units`, `operator` or `zero`."""

    kind: str
    message: str
    hint: str | None = None


def quantity(value: Decimal, unit: str | None) -> Quantity | Mismatch:
    """A number as written with its unit. A whole number without a point is an int."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or abs(value.adjusted()) > LARGEST_EXPONENT or abs(exponent) > LARGEST_EXPONENT:
        return Mismatch("size", "this number is too large or has too many digits")
    if unit is None:
        return int(value) if exponent == 0 else Fraction(value)
    exact = Fraction(value)
    if unit in SECONDS:
        return Duration(exact * SECONDS[unit])
    if unit == "f":
        if exact.denominator != 1:
            whole = max(1, round(exact)) if exact > 0 else round(exact)
            return Mismatch("size", "frames are counted whole", f"write `{whole}f`, or a time in seconds")
        return Duration(Fraction(0), int(exact))
    if unit in LENGTHS:
        return Length(exact, unit)
    if unit in DEGREES:
        return Angle(exact * DEGREES[unit])
    return Mismatch("unknown", f"there is no unit `{unit}`")


def kind_of(value: object) -> str | None:
    """`number`, `duration`, `length` or `angle`; None for what is no quantity."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Fraction):
        return "number"
    if isinstance(value, Duration):
        return "duration"
    if isinstance(value, Length):
        return "length"
    return "angle" if isinstance(value, Angle) else None


def _article(kind: str | None) -> str:
    return f"an {kind}" if kind == "angle" else f"a {kind}"


def seconds(value: Duration, fps: Fraction) -> Fraction:
    """The duration in seconds; frames at the talk's rate."""
    return value.seconds if value.frames is None else Fraction(value.frames) / fps


def _number(value: Fraction | int) -> int | Fraction:
    return value if isinstance(value, int) else Fraction(value)


def _scaled(value: Quantity, factor: int | Fraction, fps: Fraction) -> Quantity:
    match value:
        case Duration(frames=None):
            return Duration(value.seconds * factor)
        case Duration():
            frames = Fraction(value.frames or 0) * factor
            return Duration(Fraction(0), int(frames)) if frames.denominator == 1 else Duration(frames / fps)
        case Length():
            return _length([(each * factor, unit) for each, unit in terms_of(value)])
        case Angle():
            return Angle(value.degrees * factor)
        case _:
            return _number(value * factor)


def _size(value: Quantity, fps: Fraction) -> int | Fraction:
    """The bare size for a comparison or a ratio of two quantities of one kind and unit."""
    match value:
        case Duration():
            return seconds(value, fps)
        case Length():
            return value.value
        case Angle():
            return value.degrees
        case _:
            return value


def _apart(left: Quantity, right: Quantity, verb: str) -> Mismatch | None:
    """Why two quantities cannot be added or compared; None where they can."""
    a, b = kind_of(left), kind_of(right)
    if a != b:
        bare = a == "number" or b == "number"
        hint = "give the number a unit" if bare else None
        if bare and "duration" in (a, b):
            hint = "give the number a unit, such as `2s`"
        elif bare and "length" in (a, b):
            hint = "give the number a unit, such as `40%` or `120px`"
        elif bare:
            hint = "give the number a unit, such as `45deg`"
        return Mismatch("units", f"{_article(a)} and {_article(b)} cannot be {verb}", hint)
    if isinstance(left, Length) and isinstance(right, Length) and verb not in ("added", "subtracted"):
        units = list(dict.fromkeys(unit for side in (left, right) for size, unit in terms_of(side) if size))
        if len(units) > 1:
            return Mismatch(
                "units",
                f"lengths in `{units[0]}` and `{units[1]}` cannot be {verb}: their size is known only in the frame",
                f"write both in `{units[0]}`",
            )
    return None


def terms_of(value: Length) -> tuple[tuple[Fraction, str], ...]:
    """A length as numbers of its units."""
    return value.terms if value.unit == "sum" else ((value.value, value.unit),)


def _length(terms: list[tuple[Fraction, str]]) -> Length:
    """The sum of some lengths."""
    totals: dict[str, Fraction] = {}
    for value, each in terms:
        totals[each] = totals.get(each, Fraction(0)) + value
    left = tuple((totals[each], each) for each in LENGTHS if totals.get(each))
    if not left:
        return Length(Fraction(0), next(each for each in LENGTHS if each in totals))
    return Length(*left[0]) if len(left) == 1 else Length(Fraction(0), "sum", left)


def negate(value: Quantity) -> Quantity:
    return _scaled(value, -1, Fraction(1))


def add(left: Quantity, right: Quantity, fps: Fraction, sign: int = 1) -> Quantity | Mismatch:
    """``left + sign * right``."""
    if apart := _apart(left, right, "added" if sign > 0 else "subtracted"):
        return apart
    match left, right:
        case Duration(), Duration():
            if left.frames is not None and right.frames is not None:
                return Duration(Fraction(0), left.frames + sign * right.frames)
            return Duration(seconds(left, fps) + sign * seconds(right, fps))
        case Length(), Length():
            return _length([*terms_of(left), *((sign * value, unit) for value, unit in terms_of(right))])
        case Angle(), Angle():
            return Angle(left.degrees + sign * right.degrees)
        case int() | Fraction(), int() | Fraction():
            return _number(left + sign * right)
    raise AssertionError("kinds were compared above")


def multiply(left: Quantity, right: Quantity, fps: Fraction) -> Quantity | Mismatch:
    if isinstance(right, int | Fraction):
        return _scaled(left, right, fps)
    if isinstance(left, int | Fraction):
        return _scaled(right, left, fps)
    return Mismatch(
        "operator",
        f"{_article(kind_of(left))} cannot be multiplied by {_article(kind_of(right))}",
        "one side must be a number",
    )


def divide(left: Quantity, right: Quantity, fps: Fraction) -> Quantity | Mismatch:
    if _size(right, fps) == 0:
        return Mismatch("zero", "this divides by zero")
    if isinstance(right, int | Fraction):
        return _scaled(left, Fraction(1) / right, fps)
    if apart := _apart(left, right, "divided"):
        return apart
    return Fraction(_size(left, fps)) / Fraction(_size(right, fps))


def compare(op: str, left: Quantity, right: Quantity, fps: Fraction) -> bool | Mismatch:
    """`< <= > >= == !=` of two quantities."""
    if isinstance(left, Length) and left == right:  # whatever the frame is
        return op in ("<=", ">=", "==")
    if apart := _apart(left, right, "compared"):
        return apart
    a, b = _size(left, fps), _size(right, fps)
    match op:
        case "<":
            return a < b
        case "<=":
            return a <= b
        case ">":
            return a > b
        case ">=":
            return a >= b
        case "==":
            return a == b
        case _:
            return a != b


def arithmetic(op: str, left: Quantity, right: Quantity, fps: Fraction) -> Quantity | Mismatch:
    """`+ - * /` of two quantities."""
    if op == "+":
        result = add(left, right, fps)
    elif op == "-":
        result = add(left, right, fps, -1)
    elif op == "*":
        result = multiply(left, right, fps)
    else:
        result = divide(left, right, fps)
    if isinstance(result, int | Fraction) and not isinstance(result, bool) and abs(result) > 10**LARGEST_EXPONENT:
        return Mismatch("size", "this number is too large")
    return result


def is_quantity(value: object) -> bool:
    return kind_of(value) is not None
