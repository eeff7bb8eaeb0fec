"""`expect visible eq at scores`: what is to be seen when a word is heard."""

from __future__ import annotations

from collections.abc import Sequence

from pvc.compiler.check import narration
from pvc.compiler.check.anchors import Voiced, moment_of
from pvc.compiler.check.context import Context
from pvc.compiler.check.expressions import evaluate
from pvc.compiler.check.narration import Spoken
from pvc.compiler.check.things import PartThing, Unknown, Visual
from pvc.compiler.check.types import describe
from pvc.compiler.check.visuals import Stage
from pvc.compiler.model.program import Beat, Expectation, Part, Sighting
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.syntax import tree

SIGHTINGS = ("visible", "hidden", "readable")
_EXAMPLE = "as in `expect visible eq at scores + 0.5s`"


def sighting(
    ctx: Context, scope: Scope, node: tree.Expect, stage: Stage, beats: Sequence[Beat], voiced: Voiced | None
) -> Expectation | None:
    """An expectation of what is seen. ``voiced``: the narration around it; else that of the beats above counts."""
    condition, span = node.condition, scope.span(node.at)
    assert isinstance(condition, tree.Unary)
    at: tree.Anchor | None = None
    for clause in node.clauses:
        if clause.keyword != "at":
            message = f"`expect {condition.op}` does not take `{clause.keyword}`"
            ctx.report("PVC0331", message, scope.span(clause.at), _EXAMPLE)
        else:
            at = _anchor(clause.value)
            if at is None:
                ctx.report("PVC0333", "`at` takes a cue or words of the narration", scope.span(clause.at), _EXAMPLE)
                return None
    found = _target(ctx, scope, condition.operand, stage)
    if found is None:
        return None
    if at is None:
        if not any(clause.keyword == "at" for clause in node.clauses):
            ctx.report("PVC0333", f"`expect {condition.op}` does not say when", span, _EXAMPLE)
        return None
    around = _narration(ctx, scope, at, beats, voiced)
    if around is None:
        return None
    spoken, beat = around
    fresh = Voiced(spoken)
    moment = moment_of(ctx, scope, at, fresh)
    if voiced is not None:
        voiced.used |= fresh.used
    if moment is None:
        return None
    visual, part, text = found
    return Expectation(condition.op, "", None, span, Sighting(visual, part, text, beat, moment))


def _anchor(value: tree.Expr) -> tree.Anchor | None:
    match value:
        case tree.Name() | tree.Text():
            return tree.Anchor(value, None, value.at)
        case tree.Binary(op="+" | "-", left=tree.Name() | tree.Text() as target, right=tree.Number() as shift):
            sign = -1 if value.op == "-" else 1
            return tree.Anchor(target, tree.Number(sign * shift.value, shift.unit, shift.at), value.at)
    return None


def _target(
    ctx: Context, scope: Scope, operand: tree.Expr, stage: Stage
) -> tuple[str | None, Part | None, str | None] | None:
    if isinstance(operand, tree.Text):
        return None, None, operand.value
    value = evaluate(ctx, scope, operand)
    span = scope.span(operand.at)
    match value:
        case Unknown():
            return None
        case Visual() if value in stage.entries:
            return stage.entries[value].id, None, None
        case PartThing() if value.visual in stage.entries:
            return stage.entries[value.visual].id, Part(value.selector, span), None
    ctx.report("PVC0333", f"a visual of the scene or a text is seen, this is {describe(value)}", span, _EXAMPLE)
    return None


def _narration(
    ctx: Context, scope: Scope, at: tree.Anchor, beats: Sequence[Beat], voiced: Voiced | None
) -> tuple[Spoken, int] | None:
    """The narration that an anchor is a word of, and its beat: the one around, else the nearest above that has it."""
    if voiced is not None:
        return voiced.spoken, len(beats)
    target = at.target
    name = target.value if isinstance(target, tree.Text) else ".".join(target.parts)
    for number in range(len(beats) - 1, -1, -1):
        said = beats[number].narration
        if said is None:
            continue
        cue = not isinstance(target, tree.Text) and any(each.name == name for each in said.cues)
        if cue or (isinstance(target, tree.Text) and narration.find_phrase(said.text, name)):
            origin = tuple(range(len(said.text) + 1))
            return Spoken(said.text, said.cues, said.marks, origin, tree.Narration(said.text), scope), number
    what = f"the words “{name}”" if isinstance(target, tree.Text) else f"the cue `{name}`"
    hint = "write `expect` below the `say`, or in its braces"
    ctx.report("PVC0401", f"no narration above has {what}", scope.span(target.at), hint)
    return None
