"""Calls of components: arguments by position and by name, defaults, columns of the table given beside them."""

from __future__ import annotations

from pvc.compiler.check import placeholders
from pvc.compiler.check.components import Component, Parameter, component_of, of_parameters
from pvc.compiler.check.context import Context, replacing, suggestion
from pvc.compiler.check.expressions import touch
from pvc.compiler.check.fit import read
from pvc.compiler.check.things import UNKNOWN, PaperThing, Thing, Unknown, Visual
from pvc.compiler.check.types import Type, clip
from pvc.compiler.check.unread import UNREAD_NAMES
from pvc.compiler.diagnostics.model import Fix
from pvc.compiler.model.values import Column, Record, Table, Value
from pvc.compiler.resolve.scope import Binding, Scope
from pvc.compiler.resolve.standard import PRELUDE, STANDARD
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

READERS = {
    "csv": "data",
    "tsv": "data",
    "json": "data",
    "yaml": "data",
    "latex": "paper",
    "pdf": "paper",
    "espeak": "voice",
    "piper": "voice",
}
"""What stands only behind `data NAME =`, `paper NAME =`, `voice NAME =`."""


def component_named(ctx: Context, scope: Scope, callee: tree.Name) -> Component | None:
    """The component a call names; None where that was reported."""
    parts, span = callee.parts, scope.span(callee.at)
    unit = scope.unit
    binding: Binding | None = None
    if len(parts) == 1:
        binding = unit.find("components", parts[0])
        known = list(unit.known("components"))
    else:
        module = unit.find("modules", parts[0])
        if module is None:
            if parts[0] in STANDARD and len(parts) == 2:
                ctx.report(
                    "PVC0208", f"`{parts[0]}` is not in scope", span, f"add `use std.{parts[0]}` at the top of the file"
                )
            elif parts[0] == "std" and len(parts) == 3:
                ctx.report(
                    "PVC0208",
                    f"write `{parts[1]}.{parts[2]}`",
                    span,
                    f"with `use std.{parts[1]}` at the top of the file",
                )
            elif parts[0] == "std":
                hint, fixes = _elsewhere(ctx, parts[-1], span)
                ctx.report("PVC0208", f"there is no component `{'.'.join(parts)}`", span, hint, fixes=fixes)
            else:
                hint, fixes = suggestion(parts[0], unit.known("modules"), span)
                fixes = tuple(replacing(span, ".".join((fix.edits[0].text, *parts[1:]))) for fix in fixes)
                ctx.report("PVC0208", f"there is no module `{parts[0]}`", span, hint, fixes=fixes)
            return None
        module.used = True
        if module.value is None:
            return None
        binding = module.value.components.get(parts[1]) if len(parts) == 2 else None  # type: ignore[attr-defined]
        known = [f"{parts[0]}.{name}" for name in module.value.components]  # type: ignore[attr-defined]
    if binding is None:
        name = ".".join(parts)
        if parts[0] in ctx.db.get(UNREAD_NAMES, scope.unit.path):
            return None  # what declares it could not be read
        if name in READERS:
            kind = READERS[name]
            ctx.report(
                "PVC0210",
                f"`{name}(...)` makes no visual",
                span,
                f"it stands at the top of a file: `{kind} NAME = {name}(...)`",
            )
            return None
        behind = [f"{alias}.{inner}" for alias, inner in _behind_modules(scope) if inner == parts[-1]]
        hint, fixes = suggestion(name, known, span)
        if behind:
            hint, fixes = f"did you mean `{behind[0]}`?", (replacing(span, behind[0]),)
        elif not fixes:
            hint, fixes = _elsewhere(ctx, parts[-1], span)
        ctx.report("PVC0208", f"there is no component `{name}`", span, hint, fixes=fixes)
        return None
    component = component_of(ctx, binding)
    return component if component.usable else None


def _elsewhere(ctx: Context, name: str, span: Span) -> tuple[str | None, tuple[Fix, ...]]:
    """Where a component is that no file in sight declares: in a module that has yet to be used, or in the gallery."""
    from pvc.compiler.resolve.files import standard

    for module in (*PRELUDE, *STANDARD):
        if name in standard(ctx.db, module).components:
            full = name if module in PRELUDE else f"{module}.{name}"
            where = "" if module in PRELUDE else f", with `use std.{module}` at the top of the file"
            return f"write `{full}`{where}", (replacing(span, full),)
    return "`pvc docs` makes a gallery of all that there are", ()


def _behind_modules(scope: Scope) -> list[tuple[str, str]]:
    return [
        (alias, name)
        for alias, module in scope.unit.modules.items()
        if module.value is not None
        for name in module.value.components  # type: ignore[attr-defined]
    ]


def _assign(ctx: Context, scope: Scope, expr: tree.Call, component: Component) -> tuple[dict[str, tree.Argument], bool]:
    """Which argument goes to which parameter; False where one was wrong."""
    given: dict[str, tree.Argument] = {}
    order = list(component.parameters)
    position = 0
    sound = True
    for argument in expr.arguments:
        span = scope.span(argument.at)
        if argument.name is None:
            if position >= len(order):
                takes = "no arguments" if not order else f"at most {len(order)}"
                ctx.report("PVC0304", f"`{component.name}` takes {takes}", span, "remove this one")
                sound = False
                continue
            name = order[position]
            position += 1
        else:
            name = argument.name
            if name not in component.parameters:
                target = Span(span.path, span.start, span.start + len(name))
                hint, fixes = suggestion(name, order, target)
                ctx.report("PVC0302", f"`{component.name}` has no parameter `{name}`", target, hint, fixes=fixes)
                sound = False
                touch(scope, argument.value)
                continue
        if name in given:
            ctx.report("PVC0304", f"`{name}` of `{component.name}` is given twice", span, "keep one of them")
            sound = False
            continue
        given[name] = argument
    return given, sound


def default_value(ctx: Context, component: Component, parameter: Parameter) -> Thing:
    """A default's value, read once in the component's own file."""
    from pvc.compiler.check.queries import DEFAULT, asked

    key = (ctx.env, component.scope.unit.path, "components", component.name, parameter.name)
    found = asked(ctx, DEFAULT, key)
    if found.cyclic:
        span = component.scope.span(parameter.default.at) if parameter.default is not None else None
        ctx.report("PVC0214", f"the default of `{parameter.name}` is made of itself", span, "give it another default")
    return found.value


def read_default(ctx: Context, component: Component, parameter: Parameter) -> Thing:
    """Reads the default of a parameter that has one."""
    name = parameter.name
    expr = parameter.default
    if expr is None:
        return UNKNOWN
    if _none_default(component, name):
        return None
    if parameter.type.name == "column" and isinstance(expr, tree.Text):
        return Column(expr.value) if expr.value else None
    if parameter.type.name == "list" and isinstance(expr, tree.ListExpr) and not expr.items:
        return ()
    other = of_parameters(component.node.parameters, expr)
    if other is not None and component.scope.value(other.parts[0]) is None:
        span = component.scope.span(other.at)
        hint = "defaults stand for themselves; work it out in the body, with `let`"
        ctx.report("PVC0207", f"a default does not know the parameter `{other.parts[0]}`", span, hint)
        return UNKNOWN
    return read(ctx, component.scope, expr, parameter.type, f"the default of `{name}`")


def column(ctx: Context, scope: Scope, expr: tree.Expr, kind: Type, table: Table | None, what: str) -> Thing:
    """A column of the table given beside it, by its bare name (or in quotes, for names that are no words)."""
    span = scope.span(expr.at)
    if isinstance(expr, tree.Name) and len(expr.parts) == 1:
        name = expr.parts[0]
        local = scope.local(name)
        if local is not None and local.kind == "parameter":  # a component's own parameter, handed on
            handed = local.value
            if handed is None or isinstance(handed, Unknown | Column):
                local.used = True
                if not isinstance(handed, Column):
                    return handed
                name = handed.name
    elif isinstance(expr, tree.Text):
        name = expr.value
    elif isinstance(expr, tree.Missing):
        return UNKNOWN
    else:
        ctx.report("PVC0301", f"{what} takes the name of a column", span, "write it without quotes, as in `x: model`")
        return UNKNOWN
    if name == "none" and isinstance(expr, tree.Name):
        return None
    if table is None:
        return UNKNOWN
    if name not in table.columns:
        hint, fixes = suggestion(name, table.columns, span)
        columns = ", ".join(f"`{each}`" for each in table.columns[:12])
        ctx.report(
            "PVC0314", f"the table has no column `{name}`", span, hint, notes=(f"its columns: {columns}",), fixes=fixes
        )
        return UNKNOWN
    if kind.arguments:
        wanted, found = kind.arguments[0].name, table.types[table.columns.index(name)]
        if wanted not in ("any", found) and not (wanted == "number" and found == "int"):
            fitting = [
                f"`{each}`"
                for each, type_ in zip(table.columns, table.types, strict=True)
                if type_ == wanted or (wanted == "number" and type_ == "int")
            ]
            hint = f"columns of that type: {', '.join(fitting)}" if fitting else None
            ctx.report("PVC0315", f"{what} takes a column of type {wanted}, `{name}` holds {found}", span, hint)
            return UNKNOWN
    return Column(name)


def _table_for(component: Component, values: dict[str, Thing], parameter: str) -> Table | None:
    """The table nearest before the column's parameter."""
    found: Table | None = None
    for name, declared in component.parameters.items():
        if name == parameter:
            break
        value = values.get(name)
        if declared.type.name == "table" and isinstance(value, Table):
            found = value
    return found


def _is_column(kind: Type) -> bool:
    return kind.name == "column" or (
        kind.name == "list" and bool(kind.arguments) and kind.arguments[0].name == "column"
    )


def _columns(ctx: Context, scope: Scope, expr: tree.Expr, kind: Type, table: Table | None, what: str) -> Thing:
    if kind.name == "column":
        return column(ctx, scope, expr, kind, table, what)
    if not isinstance(expr, tree.ListExpr):  # one column is a list of one
        only = column(ctx, scope, expr, kind.arguments[0], table, what)
        return UNKNOWN if only is UNKNOWN else (only,)  # type: ignore[return-value]
    items = [column(ctx, scope, item, kind.arguments[0], table, what) for item in expr.items]
    return UNKNOWN if any(item is UNKNOWN for item in items) else tuple(items)  # type: ignore[arg-type]


def plain(value: Thing) -> Value:
    """A thing as a component's layout receives it: a paper becomes a record of what a citation says."""
    if isinstance(value, PaperThing):
        source = value.source
        return Record(
            (("title", source.title or source.name), ("authors", source.authors), ("year", source.year or ""))
        )
    return value  # type: ignore[return-value]


def call(ctx: Context, scope: Scope, expr: tree.Call) -> Thing:
    """A call of a component: a Visual, broken where an argument was wrong; UNKNOWN where there is no such component."""
    component = component_named(ctx, scope, expr.callee)
    if component is None:
        touch(scope, expr.arguments)
        return UNKNOWN
    if component.full == "std.prelude.figure" and any(a.name in ("from", "label") for a in expr.arguments):
        from pvc.compiler.check.figures import from_paper

        return from_paper(ctx, scope, expr, component)
    given, sound = _assign(ctx, scope, expr, component)
    where = scope.span(expr.at), scope.span(expr.callee.at)
    return complete(ctx, scope, component, given, {}, *where, sound, expr)


def complete(
    ctx: Context,
    scope: Scope,
    component: Component,
    given: dict[str, tree.Argument],
    preset: dict[str, Thing],
    span: Span,
    callee: Span,
    sound: bool = True,
    written: tree.Call | None = None,
) -> Visual:
    """Read the arguments given, fill in ``preset`` values and defaults, and report what is missing."""
    values: dict[str, Thing] = dict(preset)
    late: list[str] = []
    for name, argument in given.items():
        kind = component.parameters[name].type
        if _is_column(kind):
            late.append(name)
            continue
        if (
            isinstance(argument.value, tree.Name)
            and argument.value.parts == ("none",)
            and _none_default(component, name)
        ):
            values[name] = None
            continue
        if _hands_on_nothing(scope, argument.value) and _none_default(component, name):
            values[name] = None
            continue
        values[name] = read(ctx, scope, argument.value, kind, f"`{name}` of `{component.name}`")
    for name in late:
        table = _table_for(component, values, name)
        kind = component.parameters[name].type
        values[name] = _columns(ctx, scope, given[name].value, kind, table, f"`{name}` of `{component.name}`")
    missing = [name for name, each in component.parameters.items() if name not in values and each.default is None]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        docs = [
            f"{name}: {clip(component.parameters[name].doc or str(component.parameters[name].type), 70)}"
            for name in missing
        ]
        wanted = [(name, component.parameters[name].type) for name in missing]
        fixes = placeholders.arguments(scope, written, wanted) if written is not None else ()
        ctx.report("PVC0303", f"`{component.name}` needs {names}", callee, "add " + "; ".join(docs), fixes=fixes)
        sound = False
    if component.layout == "program":
        from pvc.compiler.check.programs import examine

        sound = examine(ctx, values, span) and sound
    ordered: list[tuple[str, Value]] = []
    raw: dict[str, Thing] = {}
    for name, parameter in component.parameters.items():
        if name in values:
            value = values[name]
        elif parameter.default is not None:
            value = default_value(ctx, component, parameter)
        else:
            continue
        if isinstance(value, Unknown):
            sound = False
            continue
        raw[name] = value
        if not component.body:
            ordered.append((name, plain(value)))
    if not component.body:
        return Visual(component, tuple(ordered), span, broken=not sound)
    from pvc.compiler.check.bodies import build, facts_of

    facts = facts_of(ctx, component)
    built = build(ctx, component, raw, span) if sound and facts.usable else None
    if built is None:
        return Visual(component, (), span, broken=True, facts=facts)
    return Visual(component, (("picture", built.picture),), span, built=built, facts=facts)


def _hands_on_nothing(scope: Scope, expr: tree.Expr) -> bool:
    """Whether an argument is a parameter of the component around, for which `none` was given."""
    if not isinstance(expr, tree.Name) or len(expr.parts) != 1:
        return False
    local = scope.local(expr.parts[0])
    return local is not None and local.kind == "parameter" and local.value is None


def _none_default(component: Component, name: str) -> bool:
    """Whether a parameter's default is `none` (where it is not a word like others): then `none` may be given too."""
    parameter = component.parameters[name]
    default = parameter.default
    return isinstance(default, tree.Name) and default.parts == ("none",) and parameter.type.name != "symbol"
