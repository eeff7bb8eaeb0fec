"""Whether a value fits a type, and the little that may change on the way (3 to a number, a path to a file)."""

from __future__ import annotations

import re
from fractions import Fraction

from pvc.compiler.check import units
from pvc.compiler.check.assets import asset
from pvc.compiler.check.context import Context, replacing, suggestion
from pvc.compiler.check.expressions import evaluate
from pvc.compiler.check.things import (
    UNKNOWN,
    PaperThing,
    PartThing,
    ThemeThing,
    Thing,
    Unknown,
    Visual,
    VoiceThing,
)
from pvc.compiler.check.types import FILES, Type, describe, expected
from pvc.compiler.diagnostics.model import Fix
from pvc.compiler.model.values import (
    Angle,
    Asset,
    Code,
    Color,
    Duration,
    Interval,
    Length,
    Markdown,
    Record,
    Symbol,
    Table,
    Tex,
    Token,
)
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

_SIMPLE: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "bool": (bool,),
    "duration": (Duration,),
    "length": (Length,),
    "angle": (Angle,),
    "color": (Color, Token),
    "tex": (Tex,),
    "markdown": (Markdown,),
    "record": (Record,),
    "voice": (VoiceThing,),
    "theme": (ThemeThing,),
    "source": (PaperThing,),
    "visual": (Visual,),
    "part": (PartThing,),
}


def read(ctx: Context, scope: Scope, expr: tree.Expr, kind: Type, what: str) -> Thing:
    """Evaluate and fit; UNKNOWN where something was reported. ``what`` names the place."""
    value = evaluate(ctx, scope, expr, kind)
    if value is UNKNOWN:
        return UNKNOWN
    return fit(ctx, scope, value, kind, expr, what)


def fit(ctx: Context, scope: Scope, value: Thing, kind: Type, expr: tree.Expr, what: str) -> Thing:
    """The value as the type wants it."""
    name = kind.name
    if isinstance(value, Unknown):
        return UNKNOWN
    if name == "text" and isinstance(value, Markdown):
        return value.source.strip()  # texts take markdown as it is written
    if name == "markdown" and isinstance(value, str):
        return Markdown(value)
    simple = _SIMPLE.get(name)
    if simple is not None:
        if isinstance(value, Visual) and kind.arguments and value.component.name not in map(str, kind.arguments):
            return _wrong(ctx, scope, value, kind, expr, what)
        if isinstance(value, simple) and (name == "bool" or not isinstance(value, bool)):
            return value
        return _wrong(ctx, scope, value, kind, expr, what)
    match name:
        case "any":
            return value
        case "number":
            if isinstance(value, int | Fraction) and not isinstance(value, bool):
                return value
        case "int":
            if isinstance(value, Fraction) and value.denominator == 1:
                return int(value)
            if isinstance(value, int) and not isinstance(value, bool):
                return value
        case "code":
            if isinstance(value, Code):
                wanted = kind.arguments[0].name if kind.arguments else value.language
                if wanted == value.language:
                    return value
        case "list":
            return _list(ctx, scope, value, kind, expr, what)
        case "range":
            return _range(ctx, scope, value, kind, expr, what)
        case "cue":
            if isinstance(value, Symbol):
                return value
        case "symbol":
            return _symbol(ctx, scope, value, kind, expr, what)
        case "table":
            return _table(ctx, scope, value, kind, expr, what)
        case _ if name in FILES:
            if isinstance(value, Asset) and (value.kind == name or (name == "image" and value.kind == "pdf")):
                return value
            if isinstance(value, str):
                return asset(ctx, scope, value, name, expr)
    return _wrong(ctx, scope, value, kind, expr, what)


def _list(ctx: Context, scope: Scope, value: Thing, kind: Type, expr: tree.Expr, what: str) -> Thing:
    if not isinstance(value, tuple):
        span = scope.span(expr.at)
        ctx.report(
            "PVC0301", f"{what} takes {expected(kind)}, this is {describe(value)}", span, "put it in brackets: `[...]`"
        )
        return UNKNOWN
    inner = kind.arguments[0]
    if inner.name == "list" and value and not any(isinstance(item, tuple | Unknown) for item in value):
        message = f"{what} takes a list of lists, this is one list"
        ctx.report("PVC0301", message, scope.span(expr.at), "put each row in brackets of its own: `[[1, 2], [3, 4]]`")
        return UNKNOWN
    nodes = expr.items if isinstance(expr, tree.ListExpr) and len(expr.items) == len(value) else (expr,) * len(value)
    fitted = [
        fit(ctx, scope, item, inner, node, f"each item of {what}") for item, node in zip(value, nodes, strict=True)
    ]
    return UNKNOWN if any(item is UNKNOWN for item in fitted) else tuple(fitted)  # type: ignore[arg-type]


def _range(ctx: Context, scope: Scope, value: Thing, kind: Type, expr: tree.Expr, what: str) -> Thing:
    if not isinstance(value, Interval):
        return _wrong(ctx, scope, value, kind, expr, what)
    inner = kind.arguments[0]
    ends = (expr.low, expr.high) if isinstance(expr, tree.RangeExpr) else (expr, expr)
    low = fit(ctx, scope, value.low, inner, ends[0], f"each end of {what}")
    high = fit(ctx, scope, value.high, inner, ends[1], f"each end of {what}")
    if isinstance(low, Unknown) or isinstance(high, Unknown):
        return UNKNOWN
    return Interval(low, high)  # type: ignore[arg-type]


def _symbol(ctx: Context, scope: Scope, value: Thing, kind: Type, expr: tree.Expr, what: str) -> Thing:
    if not isinstance(value, Symbol):
        return _wrong(ctx, scope, value, kind, expr, what)
    allowed = [word.name for word in kind.arguments]
    if allowed and value.name not in allowed:
        span = scope.span(expr.at)
        hint, fixes = suggestion(value.name, allowed, span)
        ctx.report("PVC0319", f"{what} takes {expected(kind)}, not `{value.name}`", span, hint, fixes=fixes)
        return UNKNOWN
    return value


def _table(ctx: Context, scope: Scope, value: Thing, kind: Type, expr: tree.Expr, what: str) -> Thing:
    if isinstance(value, Table):
        return value
    if isinstance(value, tuple) and value and all(isinstance(item, Record) for item in value):
        from pvc.compiler.check.tables import from_records

        return from_records(ctx, value, (), scope.span(expr.at))
    return _wrong(ctx, scope, value, kind, expr, what)


def _wrong(ctx: Context, scope: Scope, value: Thing, kind: Type, expr: tree.Expr, what: str) -> Thing:
    span = scope.span(expr.at)
    hint, fixes = _mend(value, kind, expr, span)
    ctx.report("PVC0301", f"{what} takes {expected(kind)}, this is {describe(value)}", span, hint, fixes=fixes)
    return UNKNOWN


_QUANTITY = re.compile(r"(-?\d+(?:\.\d+)?)(\D*)")
_UNITS = {"duration": (*units.SECONDS, "f"), "length": units.LENGTHS, "angle": tuple(units.DEGREES)}


def _mend(value: Thing, kind: Type, expr: tree.Expr, span: Span) -> tuple[str | None, tuple[Fix, ...]]:
    """What the user most likely meant, where that can be told."""
    if isinstance(value, str) and isinstance(expr, tree.Text) and "`" not in value:
        tag = {"tex": "tex", "markdown": "md"}.get(kind.name)
        if kind.name == "code":
            tag = kind.arguments[0].name if kind.arguments else "python"
        if tag:
            fix = replacing(span, f"{tag}`{value}`")
            return f"write {fix.edits[0].text}", (fix,)
    if isinstance(value, str) and isinstance(expr, tree.Text) and kind.name in ("number", "int", *_UNITS):
        written = _QUANTITY.fullmatch(value.strip())
        if written and (written[2] in _UNITS.get(kind.name, ("",))):
            fix = replacing(span, value.strip())
            return f"write it without quotes: `{value.strip()}`", (fix,)
    if isinstance(value, int | Fraction) and not isinstance(value, bool) and isinstance(expr, tree.Number):
        unit = {"duration": "s", "length": "px", "angle": "deg"}.get(kind.name)
        if unit == "s" and value >= 100:
            unit = "ms"  # nobody waits that many seconds
        if unit:
            fix = replacing(span, f"{expr.value:f}{unit}")
            return f"a number needs a unit here: `{fix.edits[0].text}`", (fix,)
        if kind.name == "text":
            fix = replacing(span, f'"{expr.value:f}"')
            return "put it in quotes", (fix,)
        if kind.name == "int":
            fix = replacing(span, str(round(value)))
            return f"the nearest is `{round(value)}`", (fix,)
    if isinstance(value, Length) and value.unit == "%" and kind.name in ("number", "int"):
        factor = value.value / 100
        fix = replacing(span, f"{float(factor):g}")
        return f"write it as a factor: `{float(factor):g}`", (fix,)
    if units.kind_of(value) not in (None, "number") and kind.name in ("number", "int"):
        return "leave the unit away", ()
    if isinstance(value, str) and kind.name == "color":
        bare = re.fullmatch(r"#(?:[0-9a-fA-F]{3,4}|(?:[0-9a-fA-F]{2}){3,4})", value)
        fixes = (replacing(span, value),) if bare and isinstance(expr, tree.Text) else ()
        return "colours stand without quotes: `theme.accent` or `#1e90ff`", fixes
    if isinstance(value, str) and kind.name == "symbol":
        return "write the word without quotes", ()
    return None, ()
