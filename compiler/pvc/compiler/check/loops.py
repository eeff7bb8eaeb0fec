"""What an `if` asks, and what a `for` runs over: always something finite, worked out while checking."""

from __future__ import annotations

from collections.abc import Iterable

from pvc.compiler.check.context import Context
from pvc.compiler.check.expressions import evaluate
from pvc.compiler.check.things import UNKNOWN, Thing, Unknown
from pvc.compiler.check.types import describe
from pvc.compiler.model.values import Interval, Record, Table
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.syntax import tree

MOST_EXPANSIONS = 20_000
"""Statements that the loops of one talk may expand to."""


def truth(ctx: Context, scope: Scope, condition: tree.Expr) -> bool | Unknown:
    """Whether a condition holds; what is neither true nor false is reported."""
    found = evaluate(ctx, scope, condition)
    if isinstance(found, bool | Unknown):
        return found
    message = f"a condition is true or false, this is {describe(found)}"
    ctx.report("PVC0317", message, scope.span(condition.at), "compare it with something")
    return UNKNOWN


def turns(ctx: Context, scope: Scope, node: tree.For) -> tuple[Iterable[Thing], bool]:
    """The items of a loop; and whether what its turns give is kept: not where it runs over nothing that is known (then
    there is one turn, so that its body is checked all the same)."""
    iterable = evaluate(ctx, scope, node.iterable)
    match iterable:
        case Unknown():
            return (UNKNOWN,), False
        case Table():
            return [Record(tuple(zip(iterable.columns, row, strict=True))) for row in iterable.rows], True
        case tuple():
            return iterable, True
        case Interval(low=int() as low, high=int() as high):
            return range(low, high + 1), True
    ctx.report(
        "PVC0318",
        f"`for` runs over a list, a table or a range of whole numbers, this is {describe(iterable)}",
        scope.span(node.iterable.at),
    )
    return (UNKNOWN,), False


def exploded(ctx: Context, scope: Scope, node: tree.For) -> bool:
    """Whether the talk's loops have expanded to more than they may; reported at the outermost of them."""
    if ctx.expansions <= MOST_EXPANSIONS:
        return False
    if not ctx.looping:
        message = f"the loops of this talk expand to more than {MOST_EXPANSIONS:,} statements"
        ctx.report("PVC0321", message, scope.span(node.at), "loop over fewer rows")
    return True
