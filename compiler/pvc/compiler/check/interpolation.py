"""Values in texts: `{row.model}` in a narration, a title or a note stands for what it names.

A name with a dot is a value; a name without one is a cue, as everywhere.
"""

from __future__ import annotations

import re
from fractions import Fraction

from pvc.compiler.check.context import Context
from pvc.compiler.check.expressions import evaluate
from pvc.compiler.check.things import Thing, Unknown
from pvc.compiler.check.types import describe
from pvc.compiler.model.values import Symbol
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.syntax import tree

VALUE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
"""The name of a value in braces."""

_BRACED = re.compile(rf"\{{\s*({VALUE.pattern})\s*\}}")


def plain(value: Thing) -> str | None:
    """A value as a text has it: texts and words as they are, numbers in digits, six of them where they have no end.
    None for what cannot stand in a text."""
    match value:
        case bool():
            return None
        case str():
            return " ".join(value.split())
        case Symbol():
            return value.name
        case int():
            return str(value)
        case Fraction():
            if value.denominator == 1:
                return str(value.numerator)
            rest = value.denominator
            for factor in (2, 5):
                while rest % factor == 0:
                    rest //= factor
            if rest != 1:
                return f"{float(value):.6g}"
            places = value.denominator.bit_length()  # enough: a denominator of 2^n or 5^n has n decimal places
            digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}}"
            sign = "-" if value < 0 else ""
            return f"{sign}{digits[:-places]}.{digits[-places:].rstrip('0')}"
    return None


def interpolated(ctx: Context, scope: Scope, name: str, at: tree.At) -> str | None:
    """What a name in braces stands for; None where that was reported."""
    value = evaluate(ctx, scope, tree.Name(tuple(name.split(".")), at))
    if isinstance(value, Unknown):
        return None
    found = plain(value)
    if found is None:
        message = f"a text or a number stands in a text, `{name}` is {describe(value)}"
        ctx.report("PVC0301", message, scope.span(at), "name a column of the row, or a field of the record")
    return found


def filled(ctx: Context, scope: Scope, text: tree.Text, values: dict[str, str]) -> str:
    """A title or a note with its values in their places, which are noted in ``values``."""

    def value(found: re.Match[str]) -> str:
        made = interpolated(ctx, scope, found[1], text.at)
        if made is None:
            return found[0]
        values[found[1]] = made
        return made

    return _BRACED.sub(value, text.value)


def refilled(text: str, values: dict[str, str]) -> str:
    """A text with values in their places that are known already."""
    return _BRACED.sub(lambda found: values.get(found[1], found[0]), text)
