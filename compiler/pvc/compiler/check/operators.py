"""What operators mean: arithmetic of quantities, joining of texts and lists, comparisons, membership, logic."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pvc.compiler.check import units
from pvc.compiler.check.context import Context, replacing
from pvc.compiler.check.expressions import digits, evaluate
from pvc.compiler.check.interpolation import plain
from pvc.compiler.check.things import UNKNOWN, Thing, Unknown
from pvc.compiler.check.types import ANY, SYMBOL, describe
from pvc.compiler.diagnostics.model import Fix
from pvc.compiler.model.values import Interval, Length, Symbol
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

LONGEST = 100_000
"""Characters of a text, or items of a list, that `+` may make."""


def unary(ctx: Context, scope: Scope, expr: tree.Unary) -> Thing:
    """`-x` and `not x`."""
    value = evaluate(ctx, scope, expr.operand)
    if isinstance(value, Unknown):
        return UNKNOWN
    if expr.op == "not":
        if isinstance(value, bool):
            return not value
        ctx.report("PVC0317", f"`not` takes true or false, this is {describe(value)}", scope.span(expr.operand.at))
        return UNKNOWN
    if expr.op == "-" and units.is_quantity(value):
        return units.negate(value)  # type: ignore[arg-type]
    ctx.report("PVC0307", f"`{expr.op}` is not defined for {describe(value)}", scope.span(expr.at))
    return UNKNOWN


def binary(ctx: Context, scope: Scope, expr: tree.Binary) -> Thing:
    """`+ - * /`, comparisons, `in`, `and`, `or`."""
    op = expr.op
    left = evaluate(ctx, scope, expr.left)
    # `audience == undergraduate`: beside a word stands a word
    beside = isinstance(left, Symbol | Unknown) and isinstance(expr.right, tree.Name) and op in ("==", "!=")
    right = evaluate(ctx, scope, expr.right, SYMBOL if beside or isinstance(left, Symbol) else ANY)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return UNKNOWN
    span = scope.span(expr.at)
    if op in ("and", "or"):
        for side, node in ((left, expr.left), (right, expr.right)):
            if not isinstance(side, bool):
                ctx.report("PVC0317", f"`{op}` takes true or false, this is {describe(side)}", scope.span(node.at))
                return UNKNOWN
        return (left and right) if op == "and" else (left or right)
    if op == "in":
        return _contained(ctx, left, right, span)
    if op in ("==", "!=") and (left is None or right is None):  # whether something was given
        return (left is right) is (op == "==")
    if isinstance(left, Symbol) and isinstance(right, str):
        left = left.name
    elif isinstance(right, Symbol) and isinstance(left, str):
        right = right.name
    if units.is_quantity(left) and units.is_quantity(right):
        if op in ("+", "-", "*", "/"):
            result: Any = units.arithmetic(op, left, right, ctx.fps)  # type: ignore[arg-type]
        else:
            result = units.compare(op, left, right, ctx.fps)  # type: ignore[arg-type]
        if isinstance(result, units.Mismatch):
            code = {"units": "PVC0305", "zero": "PVC0308", "size": "PVC0320"}.get(result.kind, "PVC0307")
            mixed = result.kind == "units" and op not in ("*", "/")
            fixes = unit_fix(scope, expr.left, expr.right, left, right) if mixed else ()
            ctx.report(code, result.message, span, result.hint, fixes=fixes)
            return UNKNOWN
        return result  # type: ignore[no-any-return]
    if op in ("==", "!="):
        if type(left) is not type(right):
            ctx.report(
                "PVC0307", f"{describe(left)} and {describe(right)} are never equal", span, "compare values of one type"
            )
            return UNKNOWN
        return (left == right) is (op == "==")
    if op == "+" and (isinstance(left, str) or isinstance(right, str)):  # as in a narration: `{row.score}`
        left, right = _written(left), _written(right)
    joined = (isinstance(left, str) and isinstance(right, str)) or (
        isinstance(left, tuple) and isinstance(right, tuple)
    )
    if op == "+" and joined:
        if len(left) + len(right) > LONGEST:  # type: ignore[arg-type]
            ctx.report(
                "PVC0320", f"this grows beyond {LONGEST:,} {'characters' if isinstance(left, str) else 'items'}", span
            )
            return UNKNOWN
        return left + right  # type: ignore[operator]
    if op in ("<", "<=", ">", ">=") and isinstance(left, str) and isinstance(right, str):
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op]
    if op == "+" and (isinstance(left, str) or isinstance(right, str)):
        odd = right if isinstance(left, str) else left
        hint = f"texts and numbers are joined; {describe(odd)} is neither"
        ctx.report("PVC0307", f"`+` is not defined for {describe(left)} and {describe(right)}", span, hint)
        return UNKNOWN
    odd = left if not units.is_quantity(left) else right
    ctx.report(
        "PVC0307",
        f"`{op}` is not defined for {describe(left)} and {describe(right)}",
        span,
        f"{describe(odd)} is no number",
    )
    return UNKNOWN


def _written(value: Thing) -> Thing:
    """A number as a text has it; any other value as it is."""
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return plain(value) or value
    return value


def unit_fix(scope: Scope, left: tree.Expr, right: tree.Expr, one: Thing, other: Thing) -> tuple[Fix, ...]:
    """For `1.5s + 2`: the bare number gets the unit of the other side, or what its kind is mostly written in."""
    for bare, beside, value in ((right, left, one), (left, right, other)):
        kind = units.kind_of(value)
        if isinstance(bare, tree.Number) and bare.unit is None and kind not in (None, "number"):
            near = beside.unit if isinstance(beside, tree.Number) else None
            unit = near or {"duration": "s", "angle": "deg"}.get(kind or "") or _unit_of(value)
            return (replacing(scope.span(bare.at), f"{digits(bare.value)}{unit}"),) if unit else ()
    return ()


def _unit_of(value: Thing) -> str | None:
    return value.unit if isinstance(value, Length) and value.unit != "sum" else None


def _contained(ctx: Context, left: Thing, right: Thing, span: Span) -> Thing:
    if isinstance(right, tuple):
        return left in right
    if isinstance(right, str) and isinstance(left, str):
        return left in right
    if isinstance(right, Interval) and units.is_quantity(left):
        low = units.compare("<=", right.low, left, ctx.fps)  # type: ignore[arg-type]
        high = units.compare("<=", left, right.high, ctx.fps)  # type: ignore[arg-type]
        for result in (low, high):
            if isinstance(result, units.Mismatch):
                ctx.report("PVC0305", result.message, span, result.hint)
                return UNKNOWN
        return bool(low) and bool(high)
    ctx.report("PVC0307", f"`in` takes a list, a range or a text behind it, this is {describe(right)}", span)
    return UNKNOWN
