"""Components made of other visuals: their bodies worked out, once for each call, to a picture (`pictures.py`).

The body of every user's component is worked out once where it is declared, too, with what is not known yet (parameters
without defaults) unknown: so mistakes in it are found even if nobody calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pvc.compiler.check.circles import circle
from pvc.compiler.check.context import Context, suggestion
from pvc.compiler.check.expressions import evaluate, word_of
from pvc.compiler.check.fit import read
from pvc.compiler.check.loops import MOST_EXPANSIONS, exploded, truth, turns
from pvc.compiler.check.pictures import Draft, Group, Leaf, built
from pvc.compiler.check.things import UNKNOWN, Aim, Built, Facts, PartThing, Thing, Unknown, Visual
from pvc.compiler.check.types import BOOL, COLOR, INT, LENGTH, TEXT, Type, describe
from pvc.compiler.diagnostics.model import Label
from pvc.compiler.model.values import Angle, Duration, Markdown, Tex, Token, Value
from pvc.compiler.resolve.scope import Binding, Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

if TYPE_CHECKING:
    from pvc.compiler.check.components import Component

MOST_INNER = 500
"""Visuals that one may be made of, those inside of those counted; nobody sees more in a frame."""

SETTINGS: dict[str, Type] = {
    "gap": LENGTH,
    "align": Type("symbol", tuple(map(Type, ("start", "center", "end", "stretch")))),
    "even": BOOL,
    "padding": LENGTH,
    "fill": COLOR,
    "border": COLOR,
    "corner": LENGTH,
    "width": LENGTH,
    "height": LENGTH,
    "columns": INT,
}
"""What a group may say of itself."""

STATEMENTS = (tree.Action, tree.Arrangement, tree.Let, tree.If, tree.For)
"""What makes a component one that is made of others."""


def facts_of(ctx: Context, component: Component) -> Facts:
    """What the body of a component says without a call."""
    from pvc.compiler.check.queries import BODY, asked

    found = asked(ctx, BODY, (ctx.env, component.scope.unit.path, "components", component.name)).value
    return found if isinstance(found, Facts) else Facts({}, {}, usable=False)


def read_body(ctx: Context, component: Component) -> Facts:
    """Works a body out where it is declared; what is wrong with it is reported."""
    from pvc.compiler.check.calls import default_value

    around = circle(ctx, component)
    if around:
        first = min(around, key=lambda each: (each.scope.unit.path, each.node.name_at, each.name))
        if first is component:  # one finding for all of them
            path = " → ".join(f"`{each.name}`" for each in (*around, component))
            message = f"`{component.name}` is made of itself: {path}"
            ctx.report("PVC0219", message, component.span, "a component is made of others, never of itself")
        return Facts(component.parts, {}, usable=False)
    given: dict[str, Thing] = {
        name: default_value(ctx, component, parameter) if parameter.default is not None else UNKNOWN
        for name, parameter in component.parameters.items()
    }
    given = {name: UNKNOWN if value is None else value for name, value in given.items()}  # `none`: nothing, or anything
    draft, _ = _work_out(ctx, component, given)
    _check_types(ctx, component, given)
    parts = dict(component.parts)
    aims: dict[str, Aim] = {}
    for name, aim, loops, _ in draft.aims:
        if not loops:
            parts[name] = aim.visual.parts.get(aim.selector) if aim.kind == "group" else None
        aims.setdefault(name, aim)
    for binding in draft.bindings:
        if not binding.used and not binding.name.startswith("_"):
            prefix = "the parameter " if binding.kind == "parameter" else ""
            ctx.warn("PVC0701", f"{prefix}`{binding.name}` is never used", binding.span, "remove it, or use it")
    usable = component not in ctx.exploded and not ctx.errors()  # said once, not by all that is made of it
    if not _shows(component.body):
        ctx.report(
            "PVC0322",
            f"the component `{component.name}` shows nothing",
            component.span,
            'add `show ...`, or name a layout of pvc\'s own with `layout = "..."`',
        )
        usable = False
    return Facts(parts, aims, usable)


_OF_TYPES = frozenset({"PVC0301", "PVC0305", "PVC0307", "PVC0317", "PVC0318", "PVC0326"})
"""Codes of findings that depend on the type of a value and not on the value."""

_SAMPLES: dict[str, Thing] = {
    "text": "text",
    "tex": Tex("x"),
    "markdown": Markdown("text"),
    "number": Fraction(3, 2),
    "int": 2,
    "bool": True,
    "duration": Duration(Fraction(1)),
    "angle": Angle(Fraction(45)),
    "color": Token("text"),
}


def _check_types(ctx: Context, component: Component, given: Mapping[str, Thing]) -> None:
    """What is wrong with how a body uses its parameters, whatever is given for them: it is worked out with a value of
    each one's type, and of what is found that counts which any other value would give as well."""
    values = {
        name: _SAMPLES.get(component.parameters[name].type.name, value) if isinstance(value, Unknown) else value
        for name, value in given.items()
        if name in component.parameters
    }
    if all(values[name] is given[name] for name in values):
        return
    before, seen, exploded = len(ctx.diagnostics), set(ctx.seen), set(ctx.exploded)
    _work_out(ctx, component, values)
    found = ctx.diagnostics[before:]
    kept = [each for each in found if each.code in _OF_TYPES]
    ctx.diagnostics[before:] = kept
    ctx.seen = seen | {(each.code, each.span) for each in kept}
    ctx.exploded = exploded


def _shows(body: tuple[object, ...]) -> bool:
    for node in body:
        if isinstance(node, tree.Action | tree.Broken):
            return True
        if isinstance(node, tree.Arrangement | tree.For) and _shows(node.body):
            return True
        if isinstance(node, tree.If) and (_shows(node.body) or _shows(node.otherwise)):
            return True
    return False


def build(ctx: Context, component: Component, values: Mapping[str, Thing], use: Span) -> Built | None:
    """The body worked out for a call; None where something was reported, which then also points at the ``use``."""
    if component in ctx.exploded:
        return None
    before, errors = len(ctx.diagnostics), ctx.errors()
    ctx.inside += 1
    draft, root = _work_out(ctx, component, values)
    ctx.inside -= 1
    for index in range(before, len(ctx.diagnostics)) if not ctx.inside else ():
        found = ctx.diagnostics[index]
        if found.span is None or found.span == use:
            continue
        label = Label(use, f"this `{component.name}` is made of it")
        ctx.diagnostics[index] = replace(found, labels=(*found.labels, label))
    if ctx.errors() > errors or not draft.kept or component in ctx.exploded:
        return None
    if not draft.leaves:
        ctx.report(
            "PVC0343", f"with these arguments `{component.name}` shows nothing", use, "give it something to show"
        )
        return None
    return built(draft, root)


def _work_out(ctx: Context, component: Component, values: Mapping[str, Thing]) -> tuple[Draft, Group]:
    draft = Draft(component)
    scope = Scope(component.scope.unit, component.scope.base)
    for parameter in component.node.parameters:
        value = values.get(parameter.name, UNKNOWN)
        bound = Binding(parameter.name, "parameter", scope.unit, scope.base, parameter.name_at, parameter, value)
        scope.names.setdefault(parameter.name, bound)
        draft.bindings.append(bound)
    root = Group("column")
    ctx.depth += 6
    try:
        _statements(ctx, draft, scope, component.body, root)
    finally:
        ctx.depth -= 6
    _settle_parts(ctx, draft, scope)
    return draft, root


# ------------------------------------------------------------------------------------------------ statements


def _statements(ctx: Context, draft: Draft, scope: Scope, body: tuple[Any, ...], group: Group) -> None:
    scope.body = body
    for node in body:
        if ctx.looping:
            ctx.expansions += 1
            if ctx.expansions > MOST_EXPANSIONS:
                draft.kept = False
                return
        handler = _STATEMENTS.get(type(node))
        if handler is not None:
            handler(ctx, draft, scope, node, group)
        elif not isinstance(node, tree.Broken):
            _misplaced(ctx, scope, node)


_WORDS: dict[type, str] = {
    tree.Say: "a `say`",
    tree.Wait: "a `wait`",
    tree.Anchored: "an `at`",
    tree.Together: "a `together`",
    tree.Claim: "a `claim`",
    tree.Expect: "an `expect`",
}


def _misplaced(ctx: Context, scope: Scope, node: Any) -> None:
    what = _WORDS.get(type(node), f"a `{getattr(node, 'kind', 'statement')}`")
    hint = "say in the scene what happens to it: a component says what it is made of"
    ctx.report("PVC0340", f"{what} cannot stand in a component", scope.span(node.at), hint)


def _show(ctx: Context, draft: Draft, scope: Scope, node: tree.Action, group: Group) -> None:
    span = scope.span(node.at)
    if node.verb != "show":
        hint = "say in the scene what happens to it; here stands what it shows: `show eq`"
        ctx.report("PVC0340", f"`{node.verb}` cannot stand in a component: nothing moves in it", span, hint)
        return
    sides: dict[str, Value] = {}
    name: str | None = None
    for clause in node.clauses:
        place = scope.span(clause.at)
        if clause.keyword in ("width", "height"):
            size = read(ctx, scope, clause.value, LENGTH, f"`{clause.keyword}`")
            if not isinstance(size, Unknown):
                sides[clause.keyword] = size  # type: ignore[assignment]
        elif clause.keyword == "as":
            name = word_of(clause.value)
            if name is None and not isinstance(clause.value, tree.Missing):
                ctx.report("PVC0326", "`as` takes a new name", place, "one word, as in `as chart`")
        else:
            word = Span(place.path, place.start, place.start + len(clause.keyword))
            near, fixes = suggestion(clause.keyword, ("width", "height", "as"), word)
            ctx.report("PVC0331", f"in a component, `show` does not take `{clause.keyword}`", word, near, fixes=fixes)
    if not node.operands:
        ctx.report("PVC0326", "`show` does not say what to show", span, "as in `show eq`")
    for operand in node.operands:
        value = evaluate(ctx, scope, operand)
        each = value if isinstance(value, tuple) and value else (value,)
        for visual in each:
            if isinstance(visual, Visual):
                _leaf(ctx, draft, visual, sides, scope.span(operand.at), group, operand)
            elif not isinstance(visual, Unknown) and visual is not None and visual != ():  # nothing given shows nothing
                ctx.report("PVC0326", f"`show` takes visuals, this is {describe(visual)}", scope.span(operand.at))
        if name is not None:
            _bind(ctx, draft, scope, node, name, value)
    if not node.operands and name is not None:
        _bind(ctx, draft, scope, node, name, UNKNOWN)


def _leaf(
    ctx: Context,
    draft: Draft,
    visual: Visual,
    sides: dict[str, Value],
    span: Span,
    group: Group,
    operand: tree.Expr,
) -> None:
    if any(leaf.visual is visual for leaf in draft.leaves):
        hint = "each `show` takes another one: call the component again for a second"
        ctx.report("PVC0341", "this visual is shown twice in the component", span, hint)
        return
    if isinstance(operand, tree.Name):
        draft.names.setdefault(visual, operand.parts[-1])
    leaf = Leaf(len(draft.leaves) + 1, visual, sides)
    draft.leaves.append(leaf)
    group.members.append(leaf)
    draft.kept = draft.kept and not visual.broken
    unusable = visual.facts is not None and not visual.facts.usable
    if unusable or visual.component in ctx.exploded:  # what is made of it would work it out again and again
        _explode(ctx, draft)
        return
    inside = sum(1 + (len(each.visual.built.places) if each.visual.built else 0) for each in draft.leaves)
    if inside > MOST_INNER:
        message = f"`{draft.component.name}` is made of more than {MOST_INNER} visuals"
        ctx.report("PVC0344", message, span, "show less in it: nobody sees more at once")
        _explode(ctx, draft)


def _explode(ctx: Context, draft: Draft) -> None:
    draft.kept = False
    ctx.exploded.add(draft.component)


def _bind(ctx: Context, draft: Draft, scope: Scope, node: tree.Action, name: str, value: Thing) -> None:
    clause = next(each for each in node.clauses if each.keyword == "as")
    target = scope.outer()
    previous = target.names.get(name)
    if previous is not None and previous.node is not node:
        label = Label(previous.span, "the first is here")
        at = scope.span(clause.value.at)
        ctx.report("PVC0209", f"`{name}` names something already", at, "choose another name", labels=(label,))
        return
    target.names[name] = Binding(name, "as", scope.unit, scope.base, clause.value.at, node, value, used=True)
    if isinstance(value, Visual):
        draft.names[value] = name


def _let(ctx: Context, draft: Draft, scope: Scope, node: tree.Let, group: Group) -> None:
    value = evaluate(ctx, scope, node.value)
    previous = scope.names.get(node.name)
    if previous is not None:
        label = Label(previous.span, "the first is here")
        message = f"`{node.name}` is defined twice in this component"
        ctx.report("PVC0209", message, scope.span(node.name_at), "choose another name", labels=(label,))
        return
    binding = Binding(node.name, "let", scope.unit, scope.base, node.name_at, node, value)
    if isinstance(value, Visual):
        draft.names.setdefault(value, node.name)
    if value is UNKNOWN:
        binding.used = True
    scope.names[node.name] = binding
    draft.bindings.append(binding)


def _arrangement(ctx: Context, draft: Draft, scope: Scope, node: tree.Arrangement, group: Group) -> None:
    inner = Group(node.kind)
    _statements(ctx, draft, scope, node.body, inner)  # a group arranges; names are the component's
    if inner.members:
        group.members.append(inner)


def _setting(ctx: Context, draft: Draft, scope: Scope, node: tree.Setting, group: Group) -> None:
    span = scope.span(node.at)
    word = scope.span(node.name_at)
    if node.name not in SETTINGS or (node.name == "columns" and group.kind != "grid"):
        known = [name for name in SETTINGS if name != "columns" or group.kind == "grid"]
        hint, fixes = suggestion(node.name, known, word)
        message = f"a {group.kind} has no setting `{node.name}`"
        ctx.report("PVC0309", message, word, hint, fixes=fixes)
        return
    if node.name in group.settings:
        ctx.report("PVC0311", f"`{node.name}` is set twice", span, "keep one of them")
        return
    value = read(ctx, scope, node.value, SETTINGS[node.name], f"`{node.name}`")
    if node.name == "columns" and isinstance(value, int) and not 1 <= value <= 12:
        ctx.report("PVC0320", f"a grid has 1 to 12 columns, not {value}", scope.span(node.value.at))
        return
    if not isinstance(value, Unknown):
        group.settings[node.name] = value  # type: ignore[assignment]


def _if(ctx: Context, draft: Draft, scope: Scope, node: tree.If, group: Group) -> None:
    condition = truth(ctx, scope, node.condition)
    for body, taken in ((node.body, condition is True), (node.otherwise, condition is False)):
        if taken:
            _statements(ctx, draft, scope.inner(), body, group)
        else:  # checked like the rest, but nothing of it is kept
            _aside(ctx, draft, scope.inner(), body)


def _aside(ctx: Context, draft: Draft, scope: Scope, body: tuple[Any, ...]) -> None:
    """Check statements that are not kept. The parts that they declare are noted all the same."""
    beside = Draft(draft.component, list(draft.leaves), draft.names, draft.passed, draft.aims, draft.bindings)
    beside.loops = draft.loops
    before, seen, exploded = len(ctx.diagnostics), set(ctx.seen), set(ctx.exploded)
    _statements(ctx, beside, scope, body, Group("column"))
    if ctx.inside:  # in a call: a branch that these arguments do not reach need not suit them (`if film != none`)
        del ctx.diagnostics[before:]
        ctx.seen, ctx.exploded = seen, exploded
    draft.passed.update(leaf.visual for leaf in beside.leaves[len(draft.leaves) :])


def _for(ctx: Context, draft: Draft, scope: Scope, node: tree.For, group: Group) -> None:
    items, keep = turns(ctx, scope, node)
    ctx.looping += 1
    draft.loops += 1
    for item in items:
        inner = scope.inner(loop=True)
        bound = Binding(node.variable, "for", scope.unit, scope.base, node.name_at, node, item, used=True)
        inner.names[node.variable] = bound
        if keep:
            _statements(ctx, draft, inner, node.body, group)
        else:
            _aside(ctx, draft, inner, node.body)
        ctx.expansions += 1
        if ctx.expansions > MOST_EXPANSIONS or draft.component in ctx.exploded:
            break
    draft.loops -= 1
    ctx.looping -= 1
    if exploded(ctx, scope, node):
        draft.kept = False


def _part(ctx: Context, draft: Draft, scope: Scope, node: tree.PartDecl, group: Group) -> None:
    span = scope.span(node.at)
    if node.of is None:
        hint = f"write `part {node.name} = eq`, the inner visual or part that it is"
        ctx.report("PVC0342", f"the part `{node.name}` does not say what it is", span, hint)
        return
    key: Thing = None
    if node.by is not None:
        key = read(ctx, scope, node.by, TEXT, "the name of a part")
        if not draft.loops:
            hint = "leave `by` away, or put the part into the `for`"
            ctx.report("PVC0342", "only parts that a loop makes are told apart `by` something", span, hint)
    value = evaluate(ctx, scope, node.of)
    text = key if isinstance(key, str) else "" if node.by is not None else None
    at = scope.span(node.of.at)
    match value:
        case Visual():
            role = "tex" if node.name == "tex" else "visual"
            if role == "tex" and "tex" not in value.parts:
                message = f"`{value.component.name}` has no formula, so it cannot be the part `tex`"
                ctx.report("PVC0342", message, at, "give the part another name")
                return
            aim = Aim(value, role, "", text)
        case PartThing(kind="group"):
            aim = Aim(value.visual, "group", value.selector, text)
        case PartThing():
            aim = Aim(value.visual, "part", value.selector, text)
        case Unknown():
            return
        case _:
            hint = "name what the component shows, or a part of it: `part formula = eq`"
            ctx.report("PVC0342", f"a part is a visual or a part of one, this is {describe(value)}", at, hint)
            return
    draft.aims.append((node.name, aim, draft.loops, node.at))


_STATEMENTS: dict[type, Callable[[Context, Draft, Scope, Any, Group], None]] = {
    tree.Action: _show,
    tree.Arrangement: _arrangement,
    tree.Let: _let,
    tree.Setting: _setting,
    tree.If: _if,
    tree.For: _for,
    tree.PartDecl: _part,
}


# ------------------------------------------------------------------------------------------------ parts


def _settle_parts(ctx: Context, draft: Draft, scope: Scope) -> None:
    """What a part names has to be shown in the component."""
    shown = {leaf.visual for leaf in draft.leaves}
    first: dict[str, tree.At] = {}
    for name, aim, loops, at in draft.aims:
        if aim.visual not in shown and aim.visual not in draft.passed and not aim.visual.broken:
            message = f"the part `{name}` names a visual that the component does not show"
            ctx.report("PVC0342", message, scope.span(at), "add a `show` for it")
        known = first.setdefault(name, at)
        if known != at and not loops and not _alternative(draft.component.body, known, at):
            label = Label(scope.span(known), "the first is here")
            message = f"the component has two parts `{name}`"
            ctx.report("PVC0209", message, scope.span(at), "rename one of them", labels=(label,))


def _alternative(body: tuple[Any, ...], one: tree.At, other: tree.At) -> bool:
    """Whether two places stand in different branches of an `if`, so that only one of them counts."""

    def holds(nodes: tuple[Any, ...], at: tree.At) -> bool:
        return bool(nodes) and nodes[0].at.start <= at.start and at.end <= nodes[-1].at.end

    for node in body:
        if isinstance(node, tree.If):
            if holds(node.body, one) and holds(node.otherwise, other):
                return True
            if _alternative(node.body, one, other) or _alternative(node.otherwise, one, other):
                return True
        elif isinstance(node, tree.For | tree.Arrangement) and _alternative(node.body, one, other):
            return True
    return False
