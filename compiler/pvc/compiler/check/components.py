"""What a component declares, read once: parameters with types and defaults, parts, actions, implementations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from pvc.compiler.check.context import Context, suggestion
from pvc.compiler.check.types import ANY, ARITY, Type
from pvc.compiler.resolve.scope import Binding, Scope, Unit
from pvc.compiler.source import Span
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
    body: tuple[object, ...] = ()
    """The statements of one that is made of other visuals (with the settings and parts among them); empty for one that
    pvc lays out itself."""
    docs: dict[str, str] = field(default_factory=dict)
    """What is said of its parts."""
    node: tree.ComponentDecl = field(default_factory=lambda: tree.ComponentDecl("", (), ()))

    @property
    def span(self) -> Span:
        """Where its name stands."""
        return self.scope.span(self.node.name_at)


def type_of(ctx: Context, scope: Scope, expr: tree.TypeExpr) -> Type:
    """A type as written; an unknown one is reported and taken for `any`."""
    name = expr.name
    if name not in ARITY:
        hint, fixes = suggestion(name, ARITY, scope.span(expr.at))
        ctx.report(
            "PVC0312",
            f"there is no type `{name}`",
            scope.span(expr.at),
            hint or "types are " + ", ".join(f"`{known}`" for known in ARITY),
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
    if name == "visual":
        _check_kinds(ctx, scope, expr)
    if name in ("symbol", "code", "visual"):  # their arguments are words, not types
        return Type(name, tuple(Type(argument.name) for argument in expr.arguments))
    return Type(name, tuple(type_of(ctx, scope, argument) for argument in expr.arguments))


def _check_kinds(ctx: Context, scope: Scope, expr: tree.TypeExpr) -> None:
    """The kind of a visual is the name of a component, without its module."""
    for kind in expr.arguments:
        modules = [module.value for module in scope.unit.modules.values() if isinstance(module.value, Unit)]
        known = [*scope.unit.known("components"), *(name for unit in modules for name in unit.components)]
        if kind.name not in known:
            span = scope.span(kind.at)
            hint, fixes = suggestion(kind.name, known, span)
            ctx.report("PVC0312", f"no component is named `{kind.name}`", span, hint if fixes else None, fixes=fixes)


def parameters_of(ctx: Context, scope: Scope, declared: tuple[tree.FieldDecl, ...], owner: str) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for each in declared:
        if each.name in found:
            ctx.report(
                "PVC0209", f"`{owner}` has two parameters `{each.name}`", scope.span(each.at), "rename one of them"
            )
            continue
        found[each.name] = Parameter(each.name, type_of(ctx, scope, each.type), each.default, each.doc)
    return found


def of_parameters(declared: tuple[tree.FieldDecl, ...], expr: object) -> tree.Name | None:
    """Where an expression speaks of one of a component's parameters, as a default cannot."""
    if isinstance(expr, tree.Name):
        return expr if any(each.name == expr.parts[0] for each in declared) else None
    inner = getattr(expr, "__dataclass_fields__", ())
    for name in inner:
        value = getattr(expr, name)
        for each in value if isinstance(value, tuple) else (value,):
            found = of_parameters(declared, each)
            if found is not None:
                return found
    return None


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
        parameters_of(ctx, scope, declared.parameters, declared.name),
        "",
        {},
        {},
        doc=declared.trivia.doc,
        node=declared,
    )
    if composed(declared):
        _read_composed(ctx, component)
        return component
    for item in declared.body:
        match item:
            case tree.Setting(name="layout"):
                if isinstance(item.value, tree.Text):
                    component.layout = item.value.value
                else:
                    ctx.report("PVC0301", "`layout` takes the name of an implementation in quotes", scope.span(item.at))
            case tree.Setting():
                word = scope.span(item.name_at)
                hint, fixes = suggestion(item.name, ["layout"], word)
                ctx.report("PVC0309", f"a component has no setting `{item.name}`", word, hint, fixes=fixes)
            case tree.Render():
                component.render[item.backend] = item.implementation.value
            case tree.PartDecl():
                if item.doc is not None:
                    component.docs[item.name] = item.doc.value
                component.parts[item.name] = type_of(ctx, scope, item.index) if item.index is not None else None
            case tree.ActionDecl():
                owner = f"{declared.name}.{item.name}"
                component.actions[item.name] = parameters_of(ctx, scope, item.parameters, owner)
            case tree.Broken():
                component.usable = False
            case _:
                component.usable = False  # what holds no `show` is no body: the parser's or `composed`'s business
    if not component.layout and component.usable:
        ctx.report(
            "PVC0322",
            f"the component `{declared.name}` does not say what lays it out",
            scope.span(declared.at),
            'add what it shows (`show ...`), or `layout = "..."`, the name of a layout that pvc has',
        )
        component.usable = False
    return component


COMPOSED = "arrangement"
"""The layout of components that are made of other visuals."""


def composed(declared: tree.ComponentDecl) -> bool:
    """Whether a component is made of other visuals."""
    other = (tree.Setting, tree.Render, tree.PartDecl, tree.ActionDecl, tree.Broken)
    return any(
        not isinstance(item, other) or (isinstance(item, tree.PartDecl) and item.of is not None)
        for item in declared.body
    )


def _read_composed(ctx: Context, component: Component) -> None:
    """The declaration of a component that is made of others, but for its body (see `bodies`)."""
    scope, node = component.scope, component.node
    component.layout = COMPOSED
    for item in node.body:
        if isinstance(item, tree.Setting) and item.name == "layout":
            message = f"`{component.name}` has a layout of pvc's and is made of other visuals: it is one or the other"
            ctx.report("PVC0340", message, scope.span(item.at), "remove the `layout`, or all else")
        elif isinstance(item, tree.Render | tree.ActionDecl):
            what = "render" if isinstance(item, tree.Render) else "action"
            message = f"`{what}` cannot stand in a component that is made of other visuals"
            ctx.report("PVC0340", message, scope.span(item.at), "its inner visuals bring theirs")
        elif isinstance(item, tree.Group):
            hint = "groups of visuals are `row`, `column`, `overlay` and `grid`"
            ctx.report("PVC0340", f"`{item.name} {{ ... }}` cannot stand in a component", scope.span(item.at), hint)
    _note_parts(component, node.body, loop=False)
    ignored = (tree.Render, tree.ActionDecl, tree.Group)
    component.body = tuple(
        item
        for item in node.body
        if not isinstance(item, ignored) and not (isinstance(item, tree.Setting) and item.name == "layout")
    )


def _note_parts(component: Component, body: tuple[object, ...], loop: bool) -> None:
    """The parts that a body declares, as far as that can be told without working it out."""
    for item in body:
        if isinstance(item, tree.PartDecl):
            kind = Type("text") if item.by is not None else Type("number")
            component.parts.setdefault(item.name, kind if loop else None)
            said = item.doc.value if item.doc is not None else item.trivia.doc
            if said:
                component.docs[item.name] = said
        elif isinstance(item, tree.For | tree.Arrangement | tree.If):
            _note_parts(component, item.body, loop or isinstance(item, tree.For))
            if isinstance(item, tree.If):
                _note_parts(component, item.otherwise, loop)
