"""One action of a scene: its verb, what it acts on, its clauses, and what it does to the life of visuals."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

from pvc.compiler.check import camera, lifecycle, playing
from pvc.compiler.check.clauses import Clauses, check_beside, clauses_of, duration_of, unknown_clause
from pvc.compiler.check.context import Context, replacing, suggestion
from pvc.compiler.check.expressions import evaluate
from pvc.compiler.check.fit import read
from pvc.compiler.check.lifecycle import Entry
from pvc.compiler.check.things import UNKNOWN, ConceptThing, PartThing, SoundThing, Unknown, Visual
from pvc.compiler.check.types import describe
from pvc.compiler.check.verbs import VERBS, Verb
from pvc.compiler.check.visuals import Stage, enter
from pvc.compiler.model.program import Action, Moment, Part
from pvc.compiler.model.values import Value
from pvc.compiler.resolve.scope import Binding, Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

# ------------------------------------------------------------------------------------------------ visuals


@dataclass(frozen=True, slots=True)
class Operand:
    entry: Entry | None
    part: Part | None
    span: Span
    concept: str | None = None
    inner: Visual | None = None
    """What the part is inside a component that is made of others, where it is all of a visual."""


def _operand(
    ctx: Context, stage: Stage, scope: Scope, expr: tree.Expr, verb: Verb, name: str, clauses: Clauses
) -> Operand | None:
    span = scope.span(expr.at)
    value = stage.now(evaluate(ctx, scope, expr))
    match value:
        case Unknown():
            return None
        case Visual():
            entry = stage.entries.get(value)
            if entry is None:
                made = isinstance(expr, tree.Call)
                if made and not verb.makes:
                    message = f"nobody has shown this `{value.component.name}`: each call makes a new visual"
                    ctx.report("PVC0326", message, span, f"name it first (`let NAME = ...`), then `{name} NAME`")
                    return None
                entry = enter(stage, value, named=not made, name=clauses.name)
            return Operand(entry, None, span)
        case PartThing():
            if value.kind == "group":
                message = f"`{value.selector}` are many: say which"
                ctx.report("PVC0327", message, span, f"write `{value.selector}[2]` or `{value.selector}[1..3]`")
                return None
            entry = stage.entries.get(value.visual) or enter(stage, value.visual, named=True)
            if name == "play" and isinstance(value.within, Visual):
                return Operand(entry, None, span)  # the one video inside
            if name == "transform" and isinstance(value.within, Visual):
                return Operand(entry, Part(value.selector, span), span, inner=value.within)
            if not verb.part:
                fixes = (replacing(span, entry.id),) if entry.named else ()
                ctx.report(
                    "PVC0326",
                    f"`{name}` acts on a whole visual, not on a part",
                    span,
                    f"as in `{verb.usage}`",
                    fixes=fixes,
                )
                return None
            return Operand(entry, Part(value.selector, span), span)
        case ConceptThing() if verb.part and name in ("highlight", "unhighlight"):
            return Operand(None, Part(f"concept:{value.concept.name}", span), span, value.concept.name)
    ctx.report("PVC0326", f"`{name}` acts on visuals, this is {describe(value)}", span, f"as in `{verb.usage}`")
    return None


def _bind(ctx: Context, scope: Scope, clauses: Clauses, visual: Visual) -> None:
    """`as NAME`: the name is known from here on."""
    if clauses.name is None or clauses.name_span is None:
        return
    previous = scope.local(clauses.name)
    if previous is not None:
        from pvc.compiler.diagnostics.model import Label

        label = Label(previous.span, "the first is here")
        ctx.report(
            "PVC0209",
            f"`{clauses.name}` names something already",
            clauses.name_span,
            "choose another name",
            labels=(label,),
        )
        return
    at = tree.At(clauses.name_span.start - scope.base, clauses.name_span.end - scope.base)
    scope.outer().names[clauses.name] = Binding(clauses.name, "as", scope.unit, scope.base, at, None, visual, used=True)


# ------------------------------------------------------------------------------------------------ verbs


def _custom(ctx: Context, stage: Stage, scope: Scope, action: tree.Action) -> Verb | None:
    """A verb that the visual's own component declares."""
    if len(action.operands) == 1:
        value = evaluate(ctx, scope, action.operands[0])
        if isinstance(value, PartThing):
            value = value.visual
        if isinstance(value, Visual) and action.verb in value.component.actions:
            return Verb(frozenset(value.component.actions[action.verb]) | {"for"}, (1, 1), part=True)
    return None


_ELSEWHERE = {
    "use": "it stands at the top of a file: `use std.charts`",
    "transition": 'it stands before the brace of the scene: `scene one "One" transition push { ... }`',
    "music": 'it stands before the brace of the scene: `scene one "One" music calm { ... }`',
    "fallback": "it stands behind what it is for: `show eq on manim fallback canvas`, or in the `talk`",
    "on": "it stands behind what it is for: `show eq on manim`, or before the brace of the scene",
}
"""What people write as a statement of a scene that is none."""


def unknown_verb(ctx: Context, scope: Scope, action: tree.Action) -> None:
    word = scope.span(action.name_at)
    if action.verb in _ELSEWHERE:
        ctx.report("PVC0407", f"`{action.verb}` is no statement of a scene", word, _ELSEWHERE[action.verb])
        return
    hint, fixes = suggestion(action.verb, [*VERBS, "say", "wait", "together", "let", "claim"], word)
    if not fixes:
        hint = "verbs are " + ", ".join(VERBS)
    ctx.report("PVC0325", f"there is no verb `{action.verb}`", word, hint, fixes=fixes)


def act(ctx: Context, stage: Stage, scope: Scope, action: tree.Action, moment: Moment | None) -> list[Action]:
    """The action as the plan takes it; several for `highlight a.x[1], b`; none where something was reported."""
    films = action.verb in camera.FILMS
    if films and action.operands and not camera.is_camera(action):
        films = _custom(ctx, stage, scope, action) is None  # a component may have an action of that name
    if films:
        return camera.film(ctx, stage, scope, action, VERBS[action.verb], moment)
    if action.verb == "play" and len(action.operands) == 1:
        heard = evaluate(ctx, scope, action.operands[0])
        if isinstance(heard, SoundThing):
            from pvc.compiler.check.sounds import play

            return [play(ctx, scope, action, heard.effect, moment)]
        if isinstance(heard, Unknown):  # a sound or a video: which clauses it takes is not known
            return []
        if not isinstance(heard, Visual | PartThing | Unknown):
            hint = 'declare one: `sound ding = file("ding.wav")`'
            message = f"`play` takes a sound or a video, this is {describe(heard)}"
            ctx.report("PVC0326", message, scope.span(action.operands[0].at), hint)
            return []
    if action.verb in _ELSEWHERE:
        unknown_verb(ctx, scope, action)
        return []
    verb = VERBS.get(action.verb) if action.verb not in camera.FILMS else None
    verb = verb or _custom(ctx, stage, scope, action)
    if verb is None:
        unknown_verb(ctx, scope, action)
        return []
    span = scope.span(action.at)
    least, most = verb.operands
    if len(action.operands) < least:
        ctx.report("PVC0326", f"`{action.verb}` does not say what to {action.verb}", span, f"as in `{verb.usage}`")
        return []
    if action.verb == "poster":
        return _poster(ctx, scope, action, verb, moment)
    if len(action.operands) > most:
        ctx.report(
            "PVC0326",
            f"`{action.verb}` takes one visual at a time",
            scope.span(action.operands[most].at),
            f"as in `{verb.usage}`",
        )
        return []
    clauses = (
        _options(ctx, stage, scope, action, verb)
        if action.verb not in VERBS or action.verb in camera.FILMS
        else clauses_of(ctx, stage, scope, action, verb)
    )
    if action.verb == "move" and not action.clauses:
        ctx.report("PVC0326", "`move` does not say where to", span, f"as in `{verb.usage}`")
        return []
    if clauses.name is not None and len(action.operands) > 1:
        ctx.report("PVC0326", "`as` names one visual", clauses.name_span, "show them one by one to name them")
    operands = [_operand(ctx, stage, scope, expr, verb, action.verb, clauses) for expr in action.operands]
    known = [operand for operand in operands if operand is not None]
    if len(known) < len(operands):
        for operand in known:  # what the action would have done to the others is not known either
            if operand.entry is not None:
                operand.entry.dead = True
        if clauses.name is not None and clauses.name_span is not None:  # so that the name itself is no second error
            at = tree.At(clauses.name_span.start - scope.base, clauses.name_span.end - scope.base)
            scope.outer().names.setdefault(
                clauses.name, Binding(clauses.name, "as", scope.unit, scope.base, at, None, UNKNOWN, used=True)
            )
        return []
    if action.verb == "transform":
        return _transform(ctx, stage, scope, action, known[0], clauses, moment, span)
    if action.verb == "play" and known[0].entry is not None:
        clauses.options = playing.part(ctx, known[0].entry, clauses.duration, known[0].span)
        if not clauses.options:
            return []
    _live(ctx, stage, scope, action.verb, known, clauses)
    check_beside(ctx, clauses, known[0].entry if len(known) == 1 else None)
    return _made(action.verb, known, clauses, moment, span, stage)


def _poster(ctx: Context, scope: Scope, action: tree.Action, verb: Verb, moment: Moment | None) -> list[Action]:
    """`poster`: what is seen at this moment stands for the talk."""
    span = scope.span(action.at)
    for clause in action.clauses:
        unknown_clause(ctx, scope, action, clause, verb)
    if action.operands:
        hint = 'it is what is seen then; a file is `poster = "cover.png"` in the `talk { ... }`'
        ctx.report("PVC0326", "`poster` stands alone", scope.span(action.operands[0].at), hint)
        return []
    return [Action("poster", (), span, moment=moment)]


def _options(ctx: Context, stage: Stage, scope: Scope, action: tree.Action, verb: Verb) -> Clauses:
    """The clauses of a component's own action are its parameters."""
    found = Clauses()
    value = evaluate(ctx, scope, action.operands[0])
    visual = value.visual if isinstance(value, PartThing) else cast(Visual, value)
    parameters = visual.component.actions[action.verb]
    options: dict[str, Value] = {}
    for clause in action.clauses:
        if clause.keyword in parameters:
            what = f"`{clause.keyword}` of `{action.verb}`"
            given = read(ctx, scope, clause.value, parameters[clause.keyword].type, what)
            if not isinstance(given, Unknown):
                options[clause.keyword] = cast(Value, given)
        elif clause.keyword == "for":
            found.duration = duration_of(ctx, scope, clause.value, "this action")
        else:
            unknown_clause(ctx, scope, action, clause, verb)
    for name, parameter in parameters.items():
        if name not in options and parameter.default is not None:
            given = read(ctx, visual.component.scope, parameter.default, parameter.type, f"the default of `{name}`")
            if not isinstance(given, Unknown):
                options[name] = cast(Value, given)
        elif name not in options and not any(clause.keyword == name for clause in action.clauses):
            ctx.report("PVC0303", f"`{action.verb}` needs `{name}`", scope.span(action.at))
    found.options = tuple(options.items())
    return found


def _live(ctx: Context, stage: Stage, scope: Scope, verb: str, operands: list[Operand], clauses: Clauses) -> None:
    """What the action does to each visual's life."""
    for operand in operands:
        entry = operand.entry
        if entry is None:
            continue
        match verb:
            case "show":
                lifecycle.show(ctx, entry, operand.span)
                entry.played = None if entry.played is None else Fraction(0)
                _choose(ctx, entry, clauses)
                _bind(ctx, scope, clauses, entry.visual)
            case "hide":
                lifecycle.hide(ctx, entry, operand.span)
            case "reveal":
                lifecycle.reveal(entry, operand.span)
            case _:
                lifecycle.need_shown(ctx, entry, verb, operand.span)


def _choose(ctx: Context, entry: Entry, clauses: Clauses) -> None:
    """`on BACKEND`: one for the whole life of a visual."""
    if clauses.fallback is not None:
        entry.fallback = clauses.fallback
    if clauses.backend is None:
        return
    if entry.backend is not None and entry.backend != clauses.backend:
        message = f"`{entry.id}` was drawn by {entry.backend} before"
        ctx.report("PVC0332", message, clauses.backend_span, "a visual keeps its backend through a scene")
        return
    entry.backend, entry.backend_span = clauses.backend, clauses.backend_span


def _transform(
    ctx: Context,
    stage: Stage,
    scope: Scope,
    action: tree.Action,
    source: Operand,
    clauses: Clauses,
    moment: Moment | None,
    span: Span,
) -> list[Action]:
    if clauses.target is None:
        if not any(clause.keyword == "into" for clause in action.clauses):
            ctx.report("PVC0326", "`transform` does not say into what", span, "as in `transform eq into other`")
        return []
    value = evaluate(ctx, scope, clauses.target)
    at = scope.span(clauses.target.at)
    if isinstance(value, Unknown) or source.entry is None:
        return []
    if not isinstance(value, Visual):
        ctx.report("PVC0326", f"`into` takes a visual, this is {describe(value)}", at)
        return []
    if source.inner is not None:  # the visual becomes one with another in the place of its part
        from pvc.compiler.check.pictures import exchanged

        own = stage.entries.get(value)
        if own is not None:
            own.dead = True  # it is shown, but as a part
        whole = source.entry.visual
        value = exchanged(whole, source.inner, value, whole.span)
        if clauses.name is None:
            stage.latest[whole] = value
            stage.names.setdefault(value, source.entry.id)
    target = stage.entries.get(value)
    if target is None:
        target = enter(stage, value, named=not isinstance(clauses.target, tree.Call), name=clauses.name)
    lifecycle.transform(ctx, source.entry, target, span)
    check_beside(ctx, clauses, target)
    _choose(ctx, target, clauses)
    _bind(ctx, scope, clauses, value)
    return [
        Action(
            "transform",
            (source.entry.id,),
            span,
            target=target.id,
            effect=clauses.effect,
            place=clauses.place,
            duration=clauses.duration,
            moment=moment,
        )
    ]


def _made(
    verb: str, operands: list[Operand], clauses: Clauses, moment: Moment | None, span: Span, stage: Stage
) -> list[Action]:
    """One action for all whole visuals together, and one for each part (parts are addressed one by one)."""
    common: dict[str, Any] = dict(  # noqa: C408
        effect=clauses.effect,
        place=clauses.place,
        duration=clauses.duration,
        color=clauses.color,
        options=clauses.options,
    )
    made: list[Action] = []
    whole = tuple(operand.entry.id for operand in operands if operand.part is None and operand.entry is not None)
    if whole or not operands:
        made.append(Action(verb, whole, span, **common))
    for operand in operands:
        if operand.part is None:
            continue
        if operand.entry is not None:
            ids: tuple[str, ...] = (operand.entry.id,)
        else:  # a concept: wherever it is on screen
            ids = tuple(entry.id for entry in stage.order if entry.life is lifecycle.Life.SHOWN)
        made.append(Action(verb, ids, span, part=operand.part, **common))
    if len(made) > 1:
        return [Action("together", (), span, moment=moment, children=tuple(made))]
    if moment is not None:
        return [_moved(made[0], moment)]
    return made


def _moved(action: Action, moment: Moment) -> Action:
    from dataclasses import replace

    return replace(action, moment=moment)
