"""Themes: inherited, complete, and every token of its own type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import cast

from pvc.compiler.check.context import Context, replacing, suggestion
from pvc.compiler.check.expressions import color_of, evaluate, theme_named, word_of
from pvc.compiler.check.fit import read
from pvc.compiler.check.removal import removing
from pvc.compiler.check.things import UNKNOWN, ThemeThing, Thing, Unknown
from pvc.compiler.check.types import NUMBER, describe, length_text
from pvc.compiler.diagnostics.model import Fix, Label
from pvc.compiler.model.program import TRANSITIONS
from pvc.compiler.model.theme import Theme
from pvc.compiler.model.values import Color, Duration, Length, Symbol, Token
from pvc.compiler.resolve.scope import Binding, Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

ROOT = "midnight"
"""Every theme inherits from it, at the end of its chain."""

COLORS = (
    *("background", "surface", "text", "muted", "rule", "accent", "warm", "cool", "good", "bad"),
    *(f"category{number}" for number in range(1, 9)),
)
TYPE = ("title", "heading", "body", "small", "code", "label", "leading")
FONTS = ("sans", "serif", "mono", "math")
SPACE = ("margin", "gutter", "unit", "caption_zone")
MOTION = ("enter", "exit", "morph", "camera", "stagger", "transition", "lead", "sentence_gap", "scene_gap")
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "colors": COLORS,
    "type": TYPE,
    "fonts": FONTS,
    "space": SPACE,
    "motion": MOTION,
}
"""What the root theme must say; `style` is free."""
OPTIONAL: Mapping[str, tuple[str, ...]] = {"fonts": ("display",)}
"""What a theme may say besides: the family of titles and headings, that of the body where it is not said."""

FACTORS = frozenset({"leading"})
GROUPS = ("colors", "type", "fonts", "space", "motion", "caption", "style")
_TAKES = {
    "colors": "a colour (`#1e90ff`)",
    "type": "a size in px (`44px`)",
    "fonts": "the name of a family in quotes",
    "space": "a length in px (`96px`)",
    "motion": "a duration (`0.5s`)",
}


def theme_with(
    ctx: Context, scope: Scope, binding: Binding, given: tuple[tree.Argument, ...] | None, span: Span
) -> Thing:
    """A theme that has parameters, with the arguments of a call (None: it is named alone, and has its defaults)."""
    from pvc.compiler.check.components import parameters_of
    from pvc.compiler.check.queries import declaration

    binding.used = True
    found = declaration(ctx.db, (ctx.env, binding.unit.path, "themes", binding.name))
    node = found.node if found is not None else None
    if found is None or not isinstance(node, tree.ThemeDecl):
        return UNKNOWN
    own = Scope(found.unit, found.base)
    quiet = Context(ctx.world, ctx.db, ctx.env)  # the declaration itself is checked where it stands
    declared = parameters_of(quiet, own, node.parameters, node.name)
    order = list(declared)
    values: dict[str, Thing] = {}
    sound = True
    for position, argument in enumerate(given or ()):
        at = scope.span(argument.at)
        name = argument.name or (order[position] if position < len(order) else None)
        if name is None or (argument.name is None and name in values):
            ctx.report("PVC0304", f"`{node.name}` takes at most {len(order)}", at, "remove this one")
            sound = False
        elif name not in declared:
            word = Span(at.path, at.start, at.start + len(name))
            hint, fixes = suggestion(name, order, word)
            ctx.report("PVC0302", f"`{node.name}` has no parameter `{name}`", word, hint, fixes=fixes)
            sound = False
        elif name in values:
            ctx.report("PVC0304", f"`{name}` of `{node.name}` is given twice", at, "keep one of them")
            sound = False
        else:
            values[name] = read(ctx, scope, argument.value, declared[name].type, f"`{name}` of `{node.name}`")
    missing = [name for name, each in declared.items() if name not in values and each.default is None]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        example = ", ".join(f"{name}: ..." for name in missing)
        ctx.report("PVC0303", f"the theme `{node.name}` needs {names}", span, f"write `{node.name}({example})`")
        sound = False
    if not sound or any(isinstance(value, Unknown) for value in values.values()):
        return UNKNOWN
    before, errors = len(ctx.diagnostics), ctx.errors()
    made = theme(ctx, own, node, values)
    for index in range(before, len(ctx.diagnostics)):
        label = Label(span, f"this `{node.name}` is made of it")
        ctx.diagnostics[index] = replace(ctx.diagnostics[index], labels=(*ctx.diagnostics[index].labels, label))
    return made if ctx.errors() == errors else UNKNOWN


def _with_parameters(
    ctx: Context, scope: Scope, node: tree.ThemeDecl, given: Mapping[str, Thing] | None
) -> tuple[Scope, bool]:
    """The scope of a theme's body, where its parameters are known: as ``given``, or by their defaults. False where one
    has no value: then the body is checked, but gives no theme."""
    if not node.parameters:
        return scope, True
    from pvc.compiler.check.components import parameters_of

    inner = scope.inner()
    known = True
    for name, parameter in parameters_of(ctx, scope, node.parameters, node.name).items():
        value: Thing = UNKNOWN
        if given is not None and name in given:
            value = given[name]
        elif parameter.default is not None:
            value = read(ctx, scope, parameter.default, parameter.type, f"the default of `{name}`")
        known = known and not isinstance(value, Unknown)
        at = next(each.name_at for each in node.parameters if each.name == name)
        inner.names[name] = Binding(name, "parameter", scope.unit, scope.base, at, parameter, value, used=True)
    return inner, known


def theme(ctx: Context, scope: Scope, node: tree.ThemeDecl, given: Mapping[str, Thing] | None = None) -> Thing:
    """A theme's tokens over those of the theme that it extends. ``given``: the values of its parameters; those that are
    left out have their defaults."""
    me = (scope.unit.path, node.name)
    if me in ctx.extending:
        ctx.report(
            "PVC0214",
            f"the theme `{node.name}` extends itself",
            scope.span(node.name_at),
            "a theme may extend others, but not in a circle",
        )
        return UNKNOWN
    ctx.extending.append(me)
    try:
        return _theme(ctx, scope, node, given)
    finally:
        ctx.extending.pop()


def _theme(ctx: Context, scope: Scope, node: tree.ThemeDecl, given: Mapping[str, Thing] | None) -> Thing:
    scope, known = _with_parameters(ctx, scope, node, given)
    base = _base(ctx, scope, node)
    if isinstance(base, Unknown):
        return UNKNOWN
    tokens: dict[str, dict[str, object]] = {group: {} for group in GROUPS}
    if base is not None:
        for group in ("colors", "type", "fonts", "space", "motion"):
            tokens[group] = dict(getattr(base, group))
        tokens["style"] = dict(base.style)
    root = base is None
    sound = True
    for item in node.body:
        if isinstance(item, tree.Setting):
            tokens["style"][item.name] = _word(ctx, scope, item)
        elif isinstance(item, tree.Group):
            if item.name not in GROUPS:
                hint, fixes = suggestion(item.name, GROUPS, scope.span(item.name_at))
                word = scope.span(item.name_at)
                ctx.report("PVC0323", f"a theme has no group `{item.name}`", word, hint, fixes=fixes)
                sound = False
                continue
            sound = _group(ctx, scope, item, tokens, root) and sound
        else:
            sound = False
    missing = [f"{group}.{name}" for group, names in REQUIRED.items() for name in names if name not in tokens[group]]
    if missing and root and sound:
        ctx.report(
            "PVC0323",
            f"the theme `{node.name}` lacks {', '.join(missing)}",
            scope.span(node.at),
            "every theme's root says all tokens",
        )
        sound = False
    if not sound or not known:
        return UNKNOWN
    made = Theme(
        node.name,
        tuple(tokens["colors"].items()),  # type: ignore[arg-type]
        tuple(tokens["type"].items()),  # type: ignore[arg-type]
        tuple(tokens["fonts"].items()),  # type: ignore[arg-type]
        tuple(tokens["space"].items()),  # type: ignore[arg-type]
        tuple(tokens["motion"].items()),  # type: ignore[arg-type]
        tuple(tokens["style"].items()),  # type: ignore[arg-type]
    )
    return ThemeThing(made)


def _base(ctx: Context, scope: Scope, node: tree.ThemeDecl) -> Theme | Unknown | None:
    if node.extends is None:
        if node.name == ROOT and scope.unit.standard:
            return None
        found = (
            theme_named(ctx, scope, (ROOT,), scope.span(node.at)) if node.name != ROOT else _standard_root(ctx, scope)
        )
    else:
        called = node.extends if isinstance(node.extends, tree.Call) else None
        name = called.callee if called is not None else node.extends
        assert isinstance(name, tree.Name)
        parts = name.parts
        if parts == (node.name,) and called is None and not scope.unit.standard:
            # `theme midnight extends midnight` in a talk: the standard one is meant
            found = _standard(ctx, scope, node.name, scope.span(name.at))
        else:
            given = called.arguments if called is not None else None
            found = theme_named(ctx, scope, parts, scope.span(name.at), given)
    return replace(found.theme) if isinstance(found, ThemeThing) else UNKNOWN


def _standard_root(ctx: Context, scope: Scope) -> Thing:
    return _standard(ctx, scope, ROOT, None)


def _standard(ctx: Context, scope: Scope, name: str, span: object) -> Thing:
    from pvc.compiler.check.expressions import binding_value

    for unit in scope.unit.prelude:
        if name in unit.themes:
            return binding_value(ctx, unit.themes[name], unit.themes[name].span)
    return UNKNOWN


def _word(ctx: Context, scope: Scope, item: tree.Setting) -> str:
    """A free setting in words."""
    value = evaluate(ctx, scope, item.value)
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case Symbol():
            return value.name
        case Token():
            return f"theme.{value.name}"
        case Color():
            return f"#{value.red:02x}{value.green:02x}{value.blue:02x}{value.alpha:02x}"
        case Length():
            return length_text(value)
        case Duration(frames=None):
            return f"{value.seconds}s"
        case int() | Fraction():
            return str(value)
        case Unknown():
            return ""
    ctx.report(
        "PVC0323",
        f"`{item.name}` is {describe(value)}, a theme's style is made of words and numbers",
        scope.span(item.at),
    )
    return ""


def _group(ctx: Context, scope: Scope, group: tree.Group, tokens: dict[str, dict[str, object]], root: bool) -> bool:
    sound = True
    given: set[str] = set()
    for item in group.items:
        if not isinstance(item, tree.Setting):
            if isinstance(item, tree.Group):
                ctx.report(
                    "PVC0323", "a theme's groups hold no groups", scope.span(item.at), "write the tokens one level up"
                )
            sound = False
            continue
        span = scope.span(item.at)
        if item.name in given:
            fixes = removing(scope, item.at, title="remove the second")
            ctx.report("PVC0311", f"`{item.name}` is set twice", span, "keep one of them", fixes=fixes)
            sound = False
        given.add(item.name)
        if group.name in ("style", "caption"):
            prefix = "caption_" if group.name == "caption" else ""
            if group.name == "caption":
                sound = _caption(ctx, scope, item, tokens) and sound
            elif item.name == "corners":
                sound = _corners(ctx, scope, item, tokens) and sound
            elif item.name == "transition":
                sound = _transition(ctx, scope, item, tokens) and sound
            else:
                tokens["style"][prefix + item.name] = _word(ctx, scope, item)
            continue
        known = {*REQUIRED[group.name], *OPTIONAL.get(group.name, ()), *tokens[group.name]}
        if not root and item.name not in known:
            hint, fixes = suggestion(item.name, known, scope.span(item.name_at))
            word = scope.span(item.name_at)
            ctx.report("PVC0323", f"`{group.name}` of a theme has no `{item.name}`", word, hint, fixes=fixes)
            sound = False
            continue
        value = _token(ctx, scope, group.name, item, tokens)
        if isinstance(value, Unknown):
            sound = False
        else:
            tokens[group.name][item.name] = value
    return sound


CAPTION = ("size", "color", "background")
"""What a theme says of captions that are painted into the picture."""


def _caption(ctx: Context, scope: Scope, item: tree.Setting, tokens: dict[str, dict[str, object]]) -> bool:
    span = scope.span(item.name_at)
    if item.name not in CAPTION:
        hint, fixes = suggestion(item.name, CAPTION, span)
        ctx.report("PVC0323", f"`caption` of a theme has no `{item.name}`", span, hint, fixes=fixes)
        return False
    value = evaluate(ctx, scope, item.value)
    if isinstance(value, Unknown):
        return False
    sized = isinstance(value, Length) and value.unit == "px" and value.value > 0
    if not (sized if item.name == "size" else isinstance(value, Color | Token)):
        takes = "a size in px (`40px`)" if item.name == "size" else "a colour (`#ffffff`)"
        message = f"`{item.name}` takes {takes}, this is {describe(value)}"
        ctx.report("PVC0323", message, scope.span(item.value.at))
        return False
    tokens["style"][f"caption_{item.name}"] = _word(ctx, scope, item)
    return True


def _corners(ctx: Context, scope: Scope, item: tree.Setting, tokens: dict[str, dict[str, object]]) -> bool:
    """How round corners are, as a factor from 0 to 4."""
    value = read(ctx, scope, item.value, NUMBER, "`corners`")
    if isinstance(value, Unknown):
        return False
    if not 0 <= cast("int | Fraction", value) <= 4:
        ctx.report("PVC0320", "`corners` is a factor from 0 to 4", scope.span(item.value.at), "0 squares them")
        return False
    tokens["style"]["corners"] = str(value)
    return True


def _transition(ctx: Context, scope: Scope, item: tree.Setting, tokens: dict[str, dict[str, object]]) -> bool:
    """How scenes give way to each other, where the talk does not say."""
    word = item.value.value if isinstance(item.value, tree.Text) else word_of(item.value)
    if word in TRANSITIONS:
        tokens["style"]["transition"] = word
        return True
    span = scope.span(item.value.at)
    hint, fixes = suggestion(word or "", TRANSITIONS, span)
    ctx.report("PVC0323", f"`{word}` is no transition" if word else "a transition is a word", span, hint, fixes=fixes)
    return False


def _token(
    ctx: Context, scope: Scope, group: str, item: tree.Setting, tokens: dict[str, dict[str, object]]
) -> Color | Fraction | str | Unknown:
    expr = item.value
    if group == "colors" and isinstance(expr, tree.ColorLiteral):
        return color_of(expr.hex)
    if (
        group == "colors"
        and isinstance(expr, tree.Name)
        and expr.parts[-1] in tokens["colors"]
        and expr.parts[:-1] in ((), ("theme",))
        and scope.local(expr.parts[0]) is None
    ):
        return tokens["colors"][expr.parts[-1]]  # type: ignore[return-value]
    value = evaluate(ctx, scope, expr)
    if isinstance(value, Unknown):
        return UNKNOWN
    match group, value:
        case "colors", Color():
            return value
        case "colors", Token() if value.name in tokens["colors"]:
            return tokens["colors"][value.name]  # type: ignore[return-value]
        case "type" | "space", Length(unit="px") if item.name not in FACTORS and value.value > 0:
            return value.value
        case "type" | "space", int() | Fraction() if item.name in FACTORS and not isinstance(value, bool) and value > 0:
            return Fraction(value)
        case "fonts", str() if value.strip():
            return value
        case "motion", Duration(frames=None) if value.seconds >= 0:
            return value.seconds
    takes = "a factor (`1.3`)" if item.name in FACTORS else _TAKES[group]
    span = scope.span(expr.at)
    message = f"`{item.name}` takes {takes}, this is {describe(value)}"
    hint: str | None = None
    fixes: tuple[Fix, ...] = ()
    if _sign(value) < 0 or (_sign(value) == 0 and group in ("type", "space")):
        message = f"`{item.name}` is {'0' if _sign(value) == 0 else 'less than 0'}"
        hint = f"it takes {takes}"
    elif isinstance(expr, tree.Number):
        number = f"{expr.value:f}"
        if expr.unit is None and item.name not in FACTORS:
            fixes = (replacing(span, number + {"motion": "s"}.get(group, "px")),) if group != "fonts" else ()
        elif expr.unit == "%" and item.name in FACTORS:
            fixes = (replacing(span, f"{float(expr.value) / 100:g}"),)
    elif isinstance(value, str) and group == "colors":
        hint = "colours stand without quotes: `#1e90ff`, or one of the theme's by its name"
    ctx.report("PVC0323", message, span, hint, fixes=fixes)
    return UNKNOWN


def _sign(value: Thing) -> int:
    """Below, at or above nothing, of a quantity; above for everything else."""
    size = {Length: "value", Duration: "seconds"}.get(type(value))
    number = getattr(value, size) if size else value
    if isinstance(number, bool) or not isinstance(number, int | Fraction):
        return 1
    if isinstance(value, Duration) and value.frames is not None:
        number = value.frames
    return (number > 0) - (number < 0)
