"""`if` in a talk: which of its settings, notes and expectations hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pvc.compiler.check.context import Context
from pvc.compiler.check.loops import truth
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.bodies import misplaced

FIRST = ("vid", "format", "formats", "language", "audience")
"""Settings that conditions are about, so that they hang on none."""


def branches(ctx: Context, scope: Scope, body: Sequence[object]) -> Iterator[tuple[object, bool]]:
    """What stands in the branches of a talk's `if`s, each with whether it holds. What does not hold is there to be
    checked."""
    for item in body:
        if not isinstance(item, tree.If):
            continue
        holds = truth(ctx, scope, item.condition)
        for inner, kept in ((item.body, holds is True), (item.otherwise, holds is False)):
            yield from ((each, kept) for each in inner if not isinstance(each, tree.If))
            yield from ((each, kept and taken) for each, taken in branches(ctx, scope, inner))


def fits(ctx: Context, scope: Scope, item: object) -> bool:
    """Whether a statement in a branch may stand in a talk; if not, that is said."""
    match item:
        case tree.Broken():
            return False
        case tree.Setting(name=name) if name in FIRST:
            message = f"`{name}` cannot hang on a condition, since conditions are about it"
            ctx.report("PVC0310", message, scope.span(item.at), "state it outside of the `if`")
            return False
        case tree.Setting() | tree.Expect() | tree.Remark():
            return True
    message, hint = misplaced(item, "talk")
    ctx.report("PVC0407", message, scope.span(item.at), hint)  # type: ignore[attr-defined]
    return False
