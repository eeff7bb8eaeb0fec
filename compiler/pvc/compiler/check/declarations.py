"""What stands at the top of a file: `let`, `data`, `paper`, `voice`, `font`, `concept`, `theme`, each read at its
first use."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

from pvc.compiler.check import placeholders
from pvc.compiler.check.assets import beside
from pvc.compiler.check.context import Context, suggestion
from pvc.compiler.check.expressions import evaluate
from pvc.compiler.check.fit import read
from pvc.compiler.check.things import UNKNOWN, ConceptThing, Thing, Unknown, VoiceThing
from pvc.compiler.check.tongues import known_voice
from pvc.compiler.check.types import COLOR, NUMBER, TEXT, Type
from pvc.compiler.model.program import ConceptSpec, Voice
from pvc.compiler.model.values import Color, Tex, Token, Value
from pvc.compiler.resolve.scope import Binding, Scope
from pvc.compiler.syntax import tree


def declared_value(ctx: Context, binding: Binding) -> Thing:
    """The value that a top-level declaration gives its name."""
    scope = Scope(binding.unit, binding.base)
    node = binding.node
    match node:
        case tree.Let():
            return evaluate(ctx, scope, node.value)
        case tree.Concept():
            return concept(ctx, scope, node)
        case tree.ThemeDecl():
            from pvc.compiler.check.themes import theme

            return theme(ctx, scope, node)
        case tree.Declaration(kind="data"):
            from pvc.compiler.check.tables import data

            return data(ctx, scope, node)
        case tree.Declaration(kind="paper"):
            from pvc.compiler.check.sources import paper

            return paper(ctx, scope, node)
        case tree.Declaration(kind="voice"):
            return voice(ctx, scope, node)
        case tree.Declaration(kind="font"):
            return read(ctx, scope, _file(node.value), Type("font"), f"the font `{node.name}`")
        case tree.Declaration(kind="music"):
            from pvc.compiler.check.sounds import music

            return music(ctx, scope, node)
        case tree.Declaration(kind="sound"):
            from pvc.compiler.check.sounds import sound

            return sound(ctx, scope, node)
    raise AssertionError(f"no declaration: {type(node).__name__}")


def _file(expr: tree.Expr) -> tree.Expr:
    """`font NAME = file("x.ttf")` and `font NAME = "x.ttf"` are the same."""
    if isinstance(expr, tree.Call) and expr.callee.parts == ("file",) and len(expr.arguments) == 1:
        return expr.arguments[0].value
    return expr


# ------------------------------------------------------------------------------------------------ readers


def arguments(
    ctx: Context,
    scope: Scope,
    call: tree.Call,
    parameters: dict[str, tuple[Type, bool]],
    what: str,
) -> dict[str, Thing] | None:
    """The arguments of a reader (`csv("x.csv", delimiter: ";")`) by name; ``parameters`` give the type of each and
    whether it must be there, in the order of positional ones. None where something was reported."""
    order = list(parameters)
    found: dict[str, Thing] = {}
    sound = True
    position = 0
    for argument in call.arguments:
        span = scope.span(argument.at)
        if argument.name is None:
            if position >= len(order):
                ctx.report("PVC0304", f"`{what}` takes at most {len(order)} arguments", span, "remove this one")
                sound = False
                continue
            name = order[position]
            position += 1
        else:
            name = argument.name
        if name not in parameters:
            hint, _ = suggestion(name, order, span)
            ctx.report("PVC0302", f"`{what}` has no parameter `{name}`", span, hint)
            sound = False
            continue
        if name in found:
            ctx.report("PVC0304", f"`{name}` of `{what}` is given twice", span, "keep one of them")
            sound = False
            continue
        value = read(ctx, scope, argument.value, parameters[name][0], f"`{name}` of `{what}`")
        if isinstance(value, Unknown):
            sound = False
        found[name] = value
    for name, (_, needed) in parameters.items():
        if needed and name not in found:
            fixes = placeholders.arguments(scope, call, [(name, parameters[name][0])])
            ctx.report("PVC0303", f"`{what}` needs `{name}`", scope.span(call.callee.at), fixes=fixes)
            sound = False
    return found if sound else None


def reader(
    ctx: Context, scope: Scope, node: tree.Declaration, known: tuple[str, ...], example: str
) -> tree.Call | None:
    """The call behind `=` if it is one of the known readers; else that is reported."""
    expr = node.value
    if isinstance(expr, tree.Call) and len(expr.callee.parts) == 1 and expr.callee.parts[0] in known:
        return expr
    if isinstance(expr, tree.Call):
        name, span = ".".join(expr.callee.parts), scope.span(expr.callee.at)
        hint, fixes = suggestion(name, known, span)
        ctx.report("PVC0208", f"`{name}` makes no {node.kind}", span, hint, fixes=fixes)
    elif not isinstance(expr, tree.Missing):
        ctx.report(
            "PVC0301",
            f"`{node.kind} {node.name}` takes a call that reads it",
            scope.span(expr.at),
            f"write `{example}`",
        )
    return None


# ------------------------------------------------------------------------------------------------ voices

_COMMON: dict[str, tuple[Type, bool]] = {"rate": (NUMBER, False), "pitch": (NUMBER, False)}
ENGINES: dict[str, dict[str, tuple[Type, bool]]] = {
    "espeak": {"voice": (TEXT, False), **_COMMON, "variant": (TEXT, False)},
    "piper": {"model": (TEXT, True), **_COMMON, "noise": (NUMBER, False), "noise_w": (NUMBER, False)},
}
"""Parameters by engine: (type, needed)."""

BOUNDS = {"rate": (Fraction(1, 4), Fraction(4)), "pitch": (Fraction(-24), Fraction(24))}
"""Rate is a factor of the voice's own; pitch is in semitones."""


def default_voice() -> Voice:
    """Who speaks where the talk names nobody."""
    return Voice("default", "espeak", ())


def voice(ctx: Context, scope: Scope, node: tree.Declaration) -> Thing:
    """`voice ada = espeak(voice: "en-us", rate: 0.95)`."""
    call = reader(ctx, scope, node, tuple(ENGINES), 'voice ada = espeak(voice: "en-us")')
    if call is None:
        return UNKNOWN
    engine = call.callee.parts[0]
    found = arguments(ctx, scope, call, ENGINES[engine], engine)
    if found is None:
        return UNKNOWN
    model = found.get("model")
    if isinstance(model, str) and model.endswith(".onnx"):  # a file beside the spec; else the name of a voice
        found["model"] = beside(scope, model)
    numbers: dict[str, Fraction] = {"rate": Fraction(1), "pitch": Fraction(0)}
    for name, (low, high) in BOUNDS.items():
        if name in found:
            value = Fraction(cast("int | Fraction", found.pop(name)))
            if not low <= value <= high:
                span = next(scope.span(each.at) for each in call.arguments if each.name == name or each.name is None)
                ctx.report("PVC0320", f"`{name}` is between {low} and {high}", span)
                return UNKNOWN
            numbers[name] = value
    named = found.get("voice")
    if isinstance(named, str):
        at = next((each.value.at for each in call.arguments if each.name in (None, "voice")), call.at)
        if not known_voice(ctx, named, scope.span(at)):
            return UNKNOWN
    rest = tuple((name, cast(Value, found[name])) for name in ENGINES[engine] if name in found)
    return VoiceThing(Voice(node.name, engine, rest, numbers["rate"], numbers["pitch"]))


# ------------------------------------------------------------------------------------------------ concepts


def concept(ctx: Context, scope: Scope, node: tree.Concept) -> Thing:
    """`concept query { symbol = tex`Q`  words = ["query", "queries"]  color = theme.cool }`."""
    symbols: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    color: Token | Color | None = None
    sound = True
    given: set[str] = set()
    for item in node.body:
        if not isinstance(item, tree.Setting):
            sound = False
            continue
        span = scope.span(item.at)
        if item.name in given:
            ctx.report("PVC0311", f"`{item.name}` is set twice", span, "keep one of them")
        given.add(item.name)
        match item.name:
            case "symbol":
                value = read(ctx, scope, item.value, Type("tex"), "`symbol` of a concept")
                symbols += (value.source,) if isinstance(value, Tex) else ()
            case "symbols":
                value = read(ctx, scope, item.value, Type("list", (Type("tex"),)), "`symbols` of a concept")
                symbols += (
                    tuple(each.source for each in value if isinstance(each, Tex)) if isinstance(value, tuple) else ()
                )
            case "words":
                value = read(ctx, scope, item.value, Type("list", (TEXT,)), "`words` of a concept")
                words = tuple(map(str, value)) if isinstance(value, tuple) else ()
            case "word":
                value = read(ctx, scope, item.value, TEXT, "`word` of a concept")
                words = (value,) if isinstance(value, str) else ()
            case "color":
                value = read(ctx, scope, item.value, COLOR, "`color` of a concept")
                color = value if isinstance(value, Color | Token) else None
            case _:
                word = scope.span(item.name_at)
                hint, fixes = suggestion(item.name, ("symbol", "symbols", "words", "color"), word)
                ctx.report("PVC0309", f"a concept has no setting `{item.name}`", word, hint, fixes=fixes)
                sound = False
                continue
        sound = sound and value is not UNKNOWN
    if "color" not in given and sound:
        ctx.report(
            "PVC0303", f"the concept `{node.name}` needs a colour", scope.span(node.at), "add `color = theme.cool`"
        )
        sound = False
    if not given & {"symbol", "symbols", "words", "word"} and sound:
        message = f"the concept `{node.name}` names no symbol and no words to colour"
        ctx.report("PVC0303", message, scope.span(node.at), 'add `symbol = tex`Q`` or `words = ["query"]`')
        sound = False
    if not sound or color is None:
        return UNKNOWN
    return ConceptThing(ConceptSpec(node.name, symbols, words, color))
