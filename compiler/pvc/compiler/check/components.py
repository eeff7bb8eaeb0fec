"""What a component declares, read once: parameters with types and defaults, parts, actions, implementations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from pvc.compiler.check.context import Context, suggestion
from pvc.compiler.check.types import ANY, ARITY, Type
from pvc.compiler.resolve.scope import Binding, Scope
from pvc.compiler.syntax import tree


@dataclass(frozen=True, slots=True)
class Parameter:
    """``default`` None: it must be given."""

    name: str
    type: Type
    default: tree.Expr | None
    doc: str | None


@dataclass(slots=True, eq=False)
class Component:
    """``name`` as called in messages, ``full`` with its module (`std.charts.bar`). ``parts`` maps a part's name to the
    type of its index (None: it has none). ``render`` maps a backend to its own implementation. ``usable`` is False
    for one whose declaration was reported."""

    name: str
    full: str
    scope: Scope
    parameters: dict[str, Parameter]
    layout: str
    parts: dict[str, Type | None]
    render: dict[str, str]
    actions: dict[str, dict[str, Parameter]] = field(default_factory=dict)
    usable: bool = True
    doc: str | None = None


def type_of(ctx: Context, scope: Scope, expr: tree.TypeExpr) -> Type:
    """A type as written; an unknown one is reported and taken for `any`."""
    name = expr.name
    if name not in ARITY:
        hint, fixes = suggestion(name, ARITY, scope.span(expr.at))
        ctx.report(
            "PVC0312",
            f"there is no type `{name}`",
            scope.span(expr.at),
            hint,
            fixes=fixes if not expr.arguments else (),
        )
        return ANY
    least, most = ARITY[name]
    count = len(expr.arguments)
    if count < least or (most is not None and count > most):
        takes = "no argument" if most == 0 else "one argument" if least == most else "at most one argument"
        example = {"list": "list<text>", "range": "range<number>", "column": "column<number>"}.get(name, name)
        ctx.report("PVC0312", f"the type `{name}` takes {takes}", scope.span(expr.at), f"write `{example}`")
        return ANY
    if name in ("symbol", "code", "visual"):  # their arguments are words, not types
        return Type(name, tuple(Type(argument.name) for argument in expr.arguments))
    return Type(name, tuple(type_of(ctx, scope, argument) for argument in expr.arguments))


def _parameters(ctx: Context, scope: Scope, declared: tuple[tree.FieldDecl, ...], owner: str) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for each in declared:
        if each.name in found:
            ctx.report(
                "PVC0209", f"`{owner}` has two parameters `{each.name}`", scope.span(each.at), "rename one of them"
            )
            continue
        found[each.name] = Parameter(each.name, type_of(ctx, scope, each.type), each.default, each.doc)
    return found


def component_of(ctx: Context, binding: Binding) -> Component:
    """The component that a declaration makes."""
    from pvc.compiler.check.queries import COMPONENT, asked

    binding.used = True
    found = asked(ctx, COMPONENT, (ctx.env, binding.unit.path, "components", binding.name))
    return cast(Component, found.value)


def read_component(ctx: Context, binding: Binding) -> Component:
    """Reads the declaration of a component; what is wrong with it is reported."""
    declared = cast(tree.ComponentDecl, binding.node)
    scope = Scope(binding.unit, binding.base)
    component = Component(
        declared.name,
        f"{binding.unit.name}.{declared.name}",
        scope,
        _parameters(ctx, scope, declared.parameters, declared.name),
        "",
        {},
        {},
        doc=declared.trivia.doc,
    )
    for item in declared.body:
        match item:
            case tree.Setting(name="layout"):
                if isinstance(item.value, tree.Text):
                    component.layout = item.value.value
                else:
                    ctx.report("PVC0301", "`layout` takes the name of an implementation in quotes", scope.span(item.at))
            case tree.Setting():
                hint, _ = suggestion(item.name, ["layout"], scope.span(item.at))
                ctx.report("PVC0309", f"a component has no setting `{item.name}`", scope.span(item.at), hint)
            case tree.Render():
                component.render[item.backend] = item.implementation.value
            case tree.PartDecl():
                component.parts[item.name] = type_of(ctx, scope, item.index) if item.index is not None else None
            case tree.ActionDecl():
                component.actions[item.name] = _parameters(ctx, scope, item.parameters, f"{declared.name}.{item.name}")
            case tree.Broken():
                component.usable = False
            case _:
                ctx.report(
                    "PVC0216",
                    f"`{declared.name}` is made of other visuals, which this version cannot build yet",
                    scope.span(declared.at),
                    'show the visuals in the scene itself, or name an implementation with `layout = "..."`',
                )
                component.usable = False
                return component
    if not component.layout and component.usable:
        ctx.report(
            "PVC0322",
            f"the component `{declared.name}` does not say what lays it out",
            scope.span(declared.at),
            'add `layout = "..."`, the name of a layout that pvc has',
        )
        component.usable = False
    return component
