"""Reading expressions: checking and evaluating are one, since the language is total and all data is at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from pvc.compiler.check import units
from pvc.compiler.check.context import Context, replacing, suggestion
from pvc.compiler.check.removal import text_of
from pvc.compiler.check.things import UNKNOWN, PaperThing, PartThing, Thing, Unknown, Visual
from pvc.compiler.check.types import ANY, Type, describe
from pvc.compiler.check.unread import UNREAD_NAMES
from pvc.compiler.diagnostics.model import Edit, Fix, Label
from pvc.compiler.model.values import (
    Code,
    Color,
    Interval,
    Markdown,
    Record,
    Symbol,
    Table,
    Tex,
    Token,
    Value,
)
from pvc.compiler.resolve.near import nearest
from pvc.compiler.resolve.scope import Binding, FileBinding, Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

DEEPEST = 150
"""Expressions nested deeper are refused (a call counts as three levels): no person writes them, and they would exhaust
the stack."""

SETTING_NAMES = ("audience", "language", "format", "theme")
"""Talk settings that an expression may name without `talk.` before them."""


def evaluate(ctx: Context, scope: Scope, expr: tree.Expr, want: Type = ANY) -> Thing:
    """What an expression stands for; UNKNOWN where that was reported. ``want`` guides bare words and quoted paths."""
    if ctx.depth >= DEEPEST:
        ctx.report(
            "PVC0324", "this expression is nested too deeply", scope.span(expr.at), "give its parts names with `let`"
        )
        return UNKNOWN
    ctx.depth += 1
    try:
        return _EVALUATORS[type(expr)](ctx, scope, expr, want)
    finally:
        ctx.depth -= 1


def binding_value(ctx: Context, binding: Binding, span: Span) -> Thing:
    """The value of a name: that of a file's is asked for, so that it is read once for all who use it."""
    binding.used = True
    if not isinstance(binding, FileBinding):
        return binding.value  # type: ignore[return-value]
    from pvc.compiler.check.queries import VALUE, asked

    found = asked(ctx, VALUE, (ctx.env, binding.unit.path, binding.space, binding.name))
    if found.cyclic:
        ctx.report(
            "PVC0214",
            f"`{binding.name}` is defined by itself",
            span,
            "a declaration may use others, but not in a circle",
        )
    return found.value


# ------------------------------------------------------------------------------------------------ literals


def _text(ctx: Context, scope: Scope, expr: tree.Text, want: Type) -> Thing:
    return expr.value


def _number(ctx: Context, scope: Scope, expr: tree.Number, want: Type) -> Thing:
    found = units.quantity(expr.value, expr.unit)
    if isinstance(found, units.Mismatch):
        if found.kind == "unknown":
            span = scope.span(expr.at)
            written = expr.unit or ""
            near = units.MEANT.get(written.lower()) or nearest(written, [unit for unit in units.UNITS if unit != "%"])
            fixes: tuple[Fix, ...] = ()
            hint = "units are " + ", ".join(units.UNITS)
            if near is not None:
                fixes = (replacing(span, f"{digits(expr.value)}{near}"),)
                hint = f"did you mean `{digits(expr.value)}{near}`?"
            ctx.report("PVC0306", found.message, span, hint, fixes=fixes)
        else:
            ctx.report("PVC0320", found.message, scope.span(expr.at), found.hint)
        return UNKNOWN
    return found


def digits(value: Decimal) -> str:
    """A number as it was written, without its unit."""
    return f"{value:f}"


def _bool(ctx: Context, scope: Scope, expr: tree.Bool, want: Type) -> Thing:
    return expr.value


def color_of(hex_digits: str) -> Color:
    """`1e90ff` or `1e90ff80`."""
    channels = [int(hex_digits[i : i + 2], 16) for i in range(0, len(hex_digits), 2)]
    return Color(*channels)


def _color(ctx: Context, scope: Scope, expr: tree.ColorLiteral, want: Type) -> Thing:
    return color_of(expr.hex)


def _tagged(ctx: Context, scope: Scope, expr: tree.Tagged, want: Type) -> Thing:
    if expr.tag == "tex":
        return Tex(expr.raw)
    if expr.tag in ("md", "markdown"):
        return Markdown(expr.raw)
    return Code(expr.raw, expr.tag)


def _list(ctx: Context, scope: Scope, expr: tree.ListExpr, want: Type) -> Thing:
    inner = want.arguments[0] if want.name == "list" and want.arguments else ANY
    items = [evaluate(ctx, scope, item, inner) for item in expr.items]
    if any(item is UNKNOWN for item in items):
        return UNKNOWN
    return tuple(items)  # type: ignore[arg-type]


def _record(ctx: Context, scope: Scope, expr: tree.RecordExpr, want: Type) -> Thing:
    fields: list[tuple[str, Value]] = []
    names: set[str] = set()
    broken = False
    for name, value in expr.fields:
        found = evaluate(ctx, scope, value)
        if name in names:
            ctx.report("PVC0304", f"the field `{name}` is given twice", scope.span(value.at), "keep one of them")
            broken = True
        names.add(name)
        broken = broken or found is UNKNOWN
        fields.append((name, found))  # type: ignore[arg-type]
    return UNKNOWN if broken else Record(tuple(fields))


def _range(ctx: Context, scope: Scope, expr: tree.RangeExpr, want: Type) -> Thing:
    inner = want.arguments[0] if want.name == "range" and want.arguments else ANY
    low, high = evaluate(ctx, scope, expr.low, inner), evaluate(ctx, scope, expr.high, inner)
    if isinstance(low, Unknown) or isinstance(high, Unknown):
        return UNKNOWN
    if not units.is_quantity(low) or not units.is_quantity(high):
        odd = low if not units.is_quantity(low) else high
        ctx.report(
            "PVC0301", f"the ends of a range are numbers or quantities, this is {describe(odd)}", scope.span(expr.at)
        )
        return UNKNOWN
    ordered = units.compare("<=", low, high, ctx.fps)  # type: ignore[arg-type]
    if isinstance(ordered, units.Mismatch):
        from pvc.compiler.check.operators import unit_fix

        message = ordered.message.replace("cannot be compared", "cannot be the ends of one range")
        fixes = unit_fix(scope, expr.low, expr.high, low, high)
        ctx.report("PVC0305", message, scope.span(expr.at), ordered.hint, fixes=fixes)
        return UNKNOWN
    if not ordered:
        one, other = text_of(scope, expr.low.at), text_of(scope, expr.high.at)
        fixes = ()
        if one and other:
            edits = (Edit(scope.span(expr.low.at), other), Edit(scope.span(expr.high.at), one))
            fixes = (Fix(f"write `{other}..{one}`", edits),)
        ctx.report(
            "PVC0313",
            "this range ends before it begins",
            scope.span(expr.at),
            "write the smaller end first",
            fixes=fixes,
        )
        return UNKNOWN
    return Interval(low, high)  # type: ignore[arg-type]


def _missing(ctx: Context, scope: Scope, expr: tree.Missing, want: Type) -> Thing:
    return UNKNOWN


# ------------------------------------------------------------------------------------------------ names


def token_of(ctx: Context, scope: Scope, parts: tuple[str, ...], span: Span) -> Thing:
    """`theme.accent`; a token that the talk's theme lacks is reported."""
    if len(parts) != 2:
        ctx.report("PVC0212", f"`{'.'.join(parts)}` is no colour of the theme", span, "write `theme.accent`, say")
        return UNKNOWN
    if ctx.colors and parts[1] not in ctx.colors:
        hint, fixes = suggestion(f"theme.{parts[1]}", [f"theme.{name}" for name in ctx.colors], span)
        ctx.report("PVC0212", f"the theme has no colour `{parts[1]}`", span, hint, fixes=fixes)
        return UNKNOWN
    return Token(parts[1])


def _name(ctx: Context, scope: Scope, expr: tree.Name, want: Type) -> Thing:
    parts = expr.parts
    first = parts[0]
    local = scope.local(first)
    if local is None:
        if want.name in ("symbol", "cue") and len(parts) == 1:
            return Symbol(first)
        if want.name == "theme" and len(parts) <= 2:
            return theme_named(ctx, scope, parts, scope.span(expr.at))
    binding = local or scope.unit.find("values", first)
    if binding is not None:
        span = scope.span(expr.at)
        return _members(ctx, binding_value(ctx, binding, span), parts, 1, span)
    return _global_name(ctx, scope, expr, want)


def _global_name(ctx: Context, scope: Scope, expr: tree.Name, want: Type) -> Thing:
    parts = expr.parts
    first = parts[0]
    span = scope.span(expr.at)
    if first == "theme" and len(parts) > 1:
        return token_of(ctx, scope, parts, span)
    if first == "none" and len(parts) == 1:
        return None
    if first == "talk" and len(parts) == 2:
        return _setting(ctx, parts[1], span)
    if (first == "format" and len(parts) == 2) or (parts[:2] == ("talk", "format") and len(parts) == 3):
        return _of_format(ctx, parts[-1], span)
    module = scope.unit.find("modules", first)
    if module is not None and len(parts) > 1:
        module.used = True
        if module.value is None:
            return UNKNOWN  # the module itself was reported
        inner = module.value.values.get(parts[1])  # type: ignore[attr-defined]
        if inner is None:
            if parts[1] in module.value.components:  # type: ignore[attr-defined]
                _called(ctx, ".".join(parts), span)
                return UNKNOWN
            hint, fixes = suggestion(parts[1], module.value.values, span)  # type: ignore[attr-defined]
            fixes = tuple(replacing(span, f"{first}.{fix.edits[0].text}") for fix in fixes)
            ctx.report("PVC0211", f"`{first}` has no `{parts[1]}`", span, hint, fixes=fixes)
            return UNKNOWN
        return _members(ctx, binding_value(ctx, inner, span), parts, 2, span)
    if first in ctx.db.get(UNREAD_NAMES, scope.unit.path):
        return UNKNOWN  # what declares it could not be read
    if len(parts) == 1:
        if first in SETTING_NAMES:
            return _setting(ctx, first, span)
        if scope.unit.find("components", first) is not None:
            _called(ctx, first, span)
            return UNKNOWN
        if want.name == "color" and first in ctx.colors:
            fix = replacing(span, f"theme.{first}")
            ctx.report("PVC0212", f"a colour of the theme is written `theme.{first}`", span, fixes=(fix,))
            return UNKNOWN
        if want.name == "bool" and first.casefold() in ("yes", "on", "true", "no", "off", "false"):
            word = "true" if first.casefold() in ("yes", "on", "true") else "false"
            ctx.report(
                "PVC0207", f"there is no `{first}` here", span, f"write `{word}`", fixes=(replacing(span, word),)
            )
            return UNKNOWN
        if want.name == "text":
            fix = replacing(span, f'"{first}"')
            near = suggestion(first, scope.known_values(), span)
            ctx.report(
                "PVC0207",
                f"there is no `{first}` here",
                span,
                near[0] if near[1] else f'a text stands in quotes: `"{first}"`',
                fixes=near[1] or (fix,),
            )
            return UNKNOWN
    if first[0].isdigit():
        hint = "numbers are `16`, `2.5` or `1.5e3`, with a unit right behind: `1.5s`"
        ctx.report("PVC0207", f"`{'.'.join(parts)}` is no number, and nothing has that name", span, hint)
        return UNKNOWN
    below = scope.below(first)
    if below is not None:
        label = Label(scope.span(below.name_at), "it is declared here")
        hint = f"move `let {first} = ...` above this: in a scene a name is known from its `let` on"
        ctx.report("PVC0207", f"`{first}` is not known yet", span, hint, labels=(label,))
        return UNKNOWN
    hint, fixes = suggestion(first, _nameable(scope), span)
    meant = scope.local(fixes[0].edits[0].text) if fixes else None
    if meant is not None:
        meant.meant = meant.used = True  # most likely, so that one slip is not two findings
    if len(parts) > 1:
        fixes = tuple(replacing(span, ".".join((fix.edits[0].text, *parts[1:]))) for fix in fixes)
    ctx.report("PVC0207", f"there is no `{first}` here", span, hint if fixes else _DECLARED.get(want.name), fixes=fixes)
    return UNKNOWN


_DECLARED = {
    "color": "a colour is `theme.warm` or `#ff8800`",
    "music": "declare it: `music calm = pad()`",
    "voice": 'declare one: `voice ada = espeak(voice: "en-us")`',
    "table": 'declare one: `data bleu = csv("bleu.csv") { model: text, score: number }`',
    "source": 'declare one: `paper note = latex("paper.tex")`',
}
"""How one comes by a thing of a type."""


def _nameable(scope: Scope) -> list[str]:
    return [*scope.known_values(), *scope.unit.known("modules"), "theme"]


def _called(ctx: Context, name: str, span: Span) -> None:
    ctx.report(
        "PVC0210",
        f"`{name}` is a component; here stands something made by one",
        span,
        f"call it (`{name}(...)`), and give the visual a name (`let NAME = {name}(...)`) to speak of it again",
    )


def _setting(ctx: Context, name: str, span: Span) -> Thing:
    if name in ctx.settings:
        ctx.ask(name)
        return ctx.settings[name]
    hint, fixes = suggestion(name, ctx.settings, span)
    ctx.report("PVC0207", f"the talk has no setting `{name}`", span, hint, fixes=fixes)
    return UNKNOWN


def _of_format(ctx: Context, name: str, span: Span) -> Thing:
    """`format.width`, `.height` (pixels of the film), `.rate` and `.orientation` of the talk's format."""
    from pvc.compiler.check.settings import format_named

    value = _setting(ctx, "format", span)
    found = format_named(value.name) if isinstance(value, Symbol) else None
    if found is None:
        return UNKNOWN
    width, height = found.width, found.height
    facts: dict[str, Value] = {
        "width": width,
        "height": height,
        "rate": found.fps,
        "orientation": Symbol("landscape" if width > height else "portrait" if height > width else "square"),
    }
    if name in facts:
        return facts[name]
    hint, fixes = suggestion(name, facts, Span(span.path, span.end - len(name), span.end))
    ctx.report("PVC0213", f"a format has no `{name}`", span, hint, fixes=fixes)
    return UNKNOWN


def theme_named(
    ctx: Context, scope: Scope, parts: tuple[str, ...], span: Span, given: tuple[tree.Argument, ...] | None = None
) -> Thing:
    """A theme by its name, from this file, the standard library or a module; ``given``: the arguments of a call."""
    unit, name = scope.unit, parts[-1]
    binding = unit.find("themes", name) if len(parts) == 1 else None
    known = list(unit.known("themes"))
    if len(parts) == 2:
        module = unit.find("modules", parts[0])
        if module is not None:
            module.used = True
            if module.value is None:
                return UNKNOWN
            binding = module.value.themes.get(name)  # type: ignore[attr-defined]
            known = [f"{parts[0]}.{other}" for other in module.value.themes]  # type: ignore[attr-defined]
    if binding is None:
        written = ".".join(parts)
        hint, fixes = suggestion(written, known, span)
        ctx.report("PVC0215", f"there is no theme `{written}`", span, hint, fixes=fixes)
        return UNKNOWN
    if given is not None or (isinstance(binding.node, tree.ThemeDecl) and binding.node.parameters):
        from pvc.compiler.check.themes import theme_with

        return theme_with(ctx, scope, binding, given, span)
    return binding_value(ctx, binding, span)


def _members(ctx: Context, value: Thing, parts: tuple[str, ...], index: int, span: Span) -> Thing:
    for name in parts[index:]:
        value = member(ctx, value, name, span)
    return value


def member(ctx: Context, value: Thing, name: str, span: Span) -> Thing:
    """`value.name`: a record's field, a table's column as a list, a paper's title, a visual's bare part."""
    match value:
        case Unknown():
            return UNKNOWN
        case Record():
            for field, found in value.fields:
                if field == name:
                    return found
            known = [field for field, _ in value.fields]
        case Table():
            if name in value.columns:
                column = value.columns.index(name)
                return tuple(row[column] for row in value.rows)
            known = list(value.columns)
        case PaperThing():
            source = value.source
            facts: dict[str, Value] = {
                "title": source.title or "",
                "authors": source.authors,
                "year": source.year or "",
            }
            if name in facts:
                return facts[name]
            known = list(facts)
        case Visual():
            from pvc.compiler.check.parts import bare_part

            return bare_part(ctx, value, name, span)
        case PartThing():
            from pvc.compiler.check.parts import part_of

            return part_of(ctx, value, name, span)
        case _:
            ctx.report("PVC0213", f"{describe(value)} has no `{name}`", span)
            return UNKNOWN
    hint, fixes = suggestion(name, known, span)
    kind = {Record: "record", Table: "table", PaperThing: "paper"}[type(value)]
    # The span covers the whole dotted name, whose last part is at fault.
    last = Span(span.path, span.end - len(name), span.end)
    fixes = tuple(replacing(last, fix.edits[0].text) for fix in fixes)
    ctx.report("PVC0213", f"the {kind} has no `{name}`", span, hint, fixes=fixes)
    return UNKNOWN


def _attribute(ctx: Context, scope: Scope, expr: tree.Attribute, want: Type) -> Thing:
    return member(ctx, evaluate(ctx, scope, expr.base), expr.name, scope.span(expr.at))


def _index(ctx: Context, scope: Scope, expr: tree.Index, want: Type) -> Thing:
    from pvc.compiler.check.parts import part_at

    return part_at(ctx, scope, expr)


def _call(ctx: Context, scope: Scope, expr: tree.Call, want: Type) -> Thing:
    from pvc.compiler.check.calls import call

    if want.name == "theme" and len(expr.callee.parts) <= 2:
        return theme_named(ctx, scope, expr.callee.parts, scope.span(expr.callee.at), expr.arguments)
    ctx.depth += 2
    try:
        return call(ctx, scope, expr)
    finally:
        ctx.depth -= 2


def _operator(ctx: Context, scope: Scope, expr: tree.Unary | tree.Binary, want: Type) -> Thing:
    from pvc.compiler.check.operators import binary, unary

    return unary(ctx, scope, expr) if isinstance(expr, tree.Unary) else binary(ctx, scope, expr)


_EVALUATORS: dict[type, Callable[[Context, Scope, Any, Type], Thing]] = {
    tree.Text: _text,
    tree.Number: _number,
    tree.Bool: _bool,
    tree.ColorLiteral: _color,
    tree.Tagged: _tagged,
    tree.ListExpr: _list,
    tree.RecordExpr: _record,
    tree.RangeExpr: _range,
    tree.Name: _name,
    tree.Attribute: _attribute,
    tree.Index: _index,
    tree.Call: _call,
    tree.Unary: _operator,
    tree.Binary: _operator,
    tree.Missing: _missing,
}


def word_of(expr: tree.Expr) -> str | None:
    """The bare word an expression is, as clauses take them (`with write`, `in left`)."""
    return expr.parts[0] if isinstance(expr, tree.Name) and len(expr.parts) == 1 else None


def touch(scope: Scope, node: object) -> None:
    """Count the names in something that was given up as used, so that one mistake is not followed by lints."""
    if isinstance(node, tree.Name):
        binding = scope.value(node.parts[0]) or scope.unit.find("modules", node.parts[0])
        if binding is not None:
            binding.used = True
    elif isinstance(node, tuple):
        for each in node:
            touch(scope, each)
    elif is_dataclass(node):
        for field in fields(node):
            if field.name != "at":
                touch(scope, getattr(node, field.name))
