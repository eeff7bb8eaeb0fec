"""What stands behind a verb: `with write`, `in left`, `for 2s`, `color theme.warm`, `below eq`, each
of its own type."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from pvc.compiler.check import lifecycle
from pvc.compiler.check.context import Context, replacing, suggestion
from pvc.compiler.check.expressions import evaluate, touch, word_of
from pvc.compiler.check.fit import read
from pvc.compiler.check.lifecycle import Entry
from pvc.compiler.check.things import Unknown, Visual
from pvc.compiler.check.types import COLOR, DURATION, LENGTH, describe
from pvc.compiler.check.verbs import BACKENDS, DIRECTIONS, EFFECTS, REGIONS, VERBS, Verb
from pvc.compiler.check.visuals import Stage, enter
from pvc.compiler.diagnostics.model import Edit, Fix
from pvc.compiler.model.program import Place
from pvc.compiler.model.values import Color, Duration, Length, Token, Value
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree


@dataclass(slots=True)
class Clauses:
    """The clauses of an action once read."""

    effect: str | None = None
    place: Place | None = None
    duration: Duration | None = None
    color: Token | Color | None = None
    name: str | None = None
    name_span: Span | None = None
    backend: str | None = None
    backend_span: Span | None = None
    fallback: str | None = None
    target: tree.Expr | None = None
    beside: Entry | None = None
    beside_span: Span | None = None
    options: tuple[tuple[str, Value], ...] = ()


# ------------------------------------------------------------------------------------------------ clauses


def _word(ctx: Context, scope: Scope, clause: tree.Clause, known: tuple[str, ...], code: str, what: str) -> str | None:
    word = word_of(clause.value)
    span = scope.span(clause.value.at)
    if word is None or word not in known:
        if isinstance(clause.value, tree.Missing):
            return None
        hint, fixes = suggestion(word or "", known, span)
        if not fixes:
            hint = f"there are {', '.join(known)}"
        shown = f"`{word}`" if word else "this"
        ctx.report(code, f"{shown} is no {what}", span, hint, fixes=fixes)
        return None
    return word


def backend_word(ctx: Context, scope: Scope, clause: tree.Clause) -> str | None:
    """The backend behind `on` or `fallback`."""
    return _word(ctx, scope, clause, BACKENDS, "PVC0330", "backend that this version has")


def fraction_of(ctx: Context, scope: Scope, expr: tree.Expr, what: str) -> Fraction | None:
    """A share of the frame written in percent."""
    if isinstance(expr, tree.Number) and expr.unit is None:
        fix = replacing(scope.span(expr.at), f"{expr.value:f}%")
        message = f"{what} takes a share of the frame, this is the number {expr.value:f}"
        ctx.report("PVC0301", message, scope.span(expr.at), f"write it in percent: `{expr.value:f}%`", fixes=(fix,))
        return None
    value = read(ctx, scope, expr, LENGTH, what)
    if isinstance(value, Unknown):
        return None
    assert isinstance(value, Length)
    if value.unit != "%":
        ctx.report("PVC0305", f"{what} is a share of the frame", scope.span(expr.at), "write it in percent: `40%`")
        return None
    if not 0 <= value.value <= 100:
        ctx.report("PVC0320", f"{what} is between 0% and 100%", scope.span(expr.at))
        return None
    return value.value / 100


def duration_of(ctx: Context, scope: Scope, expr: tree.Expr, what: str) -> Duration | None:
    """A duration that lasts: more than nothing, at most ten minutes."""
    value = read(ctx, scope, expr, DURATION, what)
    if isinstance(value, Unknown):
        return None
    assert isinstance(value, Duration)
    seconds = value.seconds if value.frames is None else Fraction(value.frames) / ctx.fps
    if seconds <= 0:
        ctx.report(
            "PVC0415",
            f"{what} must last longer than nothing",
            scope.span(expr.at),
            "remove it, or write a time such as `0.5s`",
        )
        return None
    if seconds > 600:
        ctx.report("PVC0415", f"{what} lasts {float(seconds):.0f} s; ten minutes are the most", scope.span(expr.at))
        return None
    return value


def _entry_of(ctx: Context, stage: Stage, scope: Scope, expr: tree.Expr) -> Entry | None:
    value = evaluate(ctx, scope, expr)
    if isinstance(value, Visual):
        return stage.entries.get(value) or enter(stage, value, named=True)
    if not isinstance(value, Unknown):
        ctx.report("PVC0326", f"a visual stands here, this is {describe(value)}", scope.span(expr.at))
    return None


def _place(ctx: Context, stage: Stage, scope: Scope, clause: tree.Clause, found: Clauses) -> Place:
    """The place after one more clause."""
    before = found.place or Place()
    value = clause.value
    region, beside, x, y, width = before.region, before.beside, before.x, before.y, before.width
    if clause.keyword == "width":
        width = fraction_of(ctx, scope, value, "`width`")
    elif clause.keyword in DIRECTIONS:
        beside = _beside(ctx, stage, scope, clause.keyword, value, found)
    elif isinstance(value, tree.Unary) and value.op in DIRECTIONS:
        beside = _beside(ctx, stage, scope, value.op, value.operand, found)
    elif clause.keyword == "at" or isinstance(value, tree.ListExpr):
        if isinstance(value, tree.ListExpr) and len(value.items) == 2:
            x = fraction_of(ctx, scope, value.items[0], "the place from the left")
            y = fraction_of(ctx, scope, value.items[1], "the place from the top")
        else:
            ctx.report(
                "PVC0329",
                "a place has two parts, from the left and from the top",
                scope.span(value.at),
                "write `at [40%, 60%]`",
            )
    else:
        region = _word(ctx, scope, clause, REGIONS, "PVC0329", "region of the frame")
    return Place(region, beside, x, y, width)


def _beside(
    ctx: Context, stage: Stage, scope: Scope, direction: str, expr: tree.Expr, found: Clauses
) -> tuple[str, str] | None:
    entry = _entry_of(ctx, stage, scope, expr)
    if entry is None:
        return None
    found.beside, found.beside_span = entry, scope.span(expr.at)
    return (direction, entry.id)


def check_beside(ctx: Context, clauses: Clauses, moved: Entry | None) -> None:
    """What another visual stands beside has to be on screen itself."""
    entry, span = clauses.beside, clauses.beside_span
    if entry is None or span is None:
        return
    if entry is moved:
        ctx.report("PVC0329", f"`{entry.id}` cannot stand beside itself", span, "name another visual")
        return
    lifecycle.need_shown(ctx, entry, "have something beside it", span)


def clauses_of(ctx: Context, stage: Stage, scope: Scope, action: tree.Action, verb: Verb) -> Clauses:
    """The clauses of an action; what its verb does not take is reported."""
    found = Clauses()
    given: set[str] = set()
    for clause in action.clauses:
        keyword = clause.keyword
        span = scope.span(clause.at)
        if keyword == "to" and "into" in verb.clauses:
            word = scope.span(clause.name_at)
            message, fixes = f"`{action.verb}` says `into`, not `to`", (replacing(word, "into"),)
            ctx.report("PVC0331", message, word, f"as in `{verb.usage}`", fixes=fixes)
            found.target = clause.value
            continue
        if keyword == "then":
            word = scope.span(clause.name_at)
            hint = "put each action on a line of its own: they follow each other"
            ctx.report("PVC0331", "`then` joins no actions", word, hint, fixes=(replacing(word, ";"),))
            touch(scope, action.clauses)
            break
        if keyword not in verb.clauses:
            unknown_clause(ctx, scope, action, clause, verb)
            continue
        if keyword in given:
            ctx.report("PVC0304", f"`{keyword}` is given twice", span, "keep one of them")
            continue
        given.add(keyword)
        match keyword:
            case "with":
                found.effect = _word(ctx, scope, clause, EFFECTS, "PVC0328", "effect")
            case "for":
                found.duration = duration_of(ctx, scope, clause.value, "this action")
            case "color":
                color = read(ctx, scope, clause.value, COLOR, "`color`")
                found.color = None if isinstance(color, Unknown) else cast("Token | Color", color)
            case "as":
                found.name = word_of(clause.value)
                found.name_span = scope.span(clause.value.at)
                if found.name is None and not isinstance(clause.value, tree.Missing):
                    ctx.report("PVC0326", "`as` takes a new name", found.name_span, "one word, as in `as chart`")
            case "on":
                found.backend = backend_word(ctx, scope, clause)
                found.backend_span = span
            case "fallback":
                found.fallback = backend_word(ctx, scope, clause)
            case "into":
                found.target = clause.value
            case _:
                found.place = _place(ctx, stage, scope, clause, found)
    return found


_STATEMENTS = frozenset({"say", "wait", "claim", "note", "review", "chapter", "expect", "let"})


def another_statement(ctx: Context, scope: Scope, clause: tree.Clause) -> bool:
    """Whether a "clause" is in truth the next statement, on the same line: then that is reported."""
    if clause.keyword not in VERBS and clause.keyword not in _STATEMENTS:
        return False
    span = scope.span(clause.at)
    word = scope.span(clause.name_at)
    fix = Fix("begin a new statement", (Edit(Span(span.path, span.start, span.start), "; "),))
    message = f"`{clause.keyword}` begins another statement"
    ctx.report("PVC0331", message, word, "write it on a line of its own, or put a `;` before it", fixes=(fix,))
    touch(scope, clause.value)
    return True


def unknown_clause(ctx: Context, scope: Scope, action: tree.Action, clause: tree.Clause, verb: Verb) -> None:
    """Report a clause that the verb does not take, with the nearest that it does."""
    if another_statement(ctx, scope, clause):
        return
    word = scope.span(clause.name_at)
    hint, fixes = suggestion(clause.keyword, verb.clauses, word)
    if not fixes:
        takes = ", ".join(f"`{each}`" for each in sorted(verb.clauses))
        hint = (
            f"it takes {takes}, as in `{verb.usage}`"
            if verb.usage
            else f"it takes {takes}"
            if takes
            else "it takes no clauses"
        )
    ctx.report("PVC0331", f"`{action.verb}` does not take `{clause.keyword}`", word, hint, fixes=fixes)
    if clause.keyword != "as":
        touch(scope, clause.value)
