"""Where an action hangs in a narration: `at cue`, `at "phrase"`, with an offset; each spoken after the one above it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from pvc.compiler.check import narration
from pvc.compiler.check.context import Context, replacing, suggestion
from pvc.compiler.check.expressions import evaluate
from pvc.compiler.check.narration import Spoken
from pvc.compiler.check.things import Unknown
from pvc.compiler.check.types import describe
from pvc.compiler.diagnostics.model import Label
from pvc.compiler.model.program import Moment
from pvc.compiler.model.values import Duration
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

NOTHING = Duration(Fraction(0))


@dataclass(slots=True, eq=False)
class Voiced:
    """The narration around the statements being checked; ``last`` is the place of the last anchor."""

    spoken: Spoken
    used: set[str] = field(default_factory=set)
    last: int = -1
    last_span: Span | None = None


def moment_of(ctx: Context, scope: Scope, anchor: tree.Anchor, voiced: Voiced) -> Moment | None:
    """Where an anchor hangs; None where it was reported."""
    span = scope.span(anchor.at)
    target = anchor.target
    spoken = voiced.spoken
    at = scope.span(target.at)
    if isinstance(target, tree.Text):
        offset = _phrase(ctx, target.value, spoken, at)
        label = target.value
    else:
        label = ".".join(target.parts)
        offset = next((cue.offset for cue in spoken.cues if cue.name == label), None)
        voiced.used.add(label)
        if offset is None:
            _unknown_cue(ctx, label, spoken, at, voiced.used)
    shift = NOTHING
    if anchor.offset is not None:
        value = evaluate(ctx, scope, anchor.offset)
        if isinstance(value, Duration):
            shift = value
        elif not isinstance(value, Unknown):
            ctx.report(
                "PVC0301",
                f"an anchor is shifted by a duration, this is {describe(value)}",
                scope.span(anchor.offset.at),
                "as in `at scores + 0.3s`",
            )
            return None
    if offset is None:
        return None
    if offset < voiced.last:
        labels = (Label(voiced.last_span, "this comes later in the narration"),) if voiced.last_span else ()
        ctx.report(
            "PVC0405",
            f"the anchor `{label}` is spoken before the one above it",
            span,
            "write actions in the order in which they happen",
            labels=labels,
        )
        return None
    voiced.last, voiced.last_span = offset, span
    return Moment(offset, shift, label, span)


def _phrase(ctx: Context, phrase: str, spoken: Spoken, span: Span) -> int | None:
    found = narration.find_phrase(spoken.text, phrase)
    if len(found) == 1:
        return found[0]
    label = (Label(scope_span(spoken), "the narration"),)
    if not found:
        near = narration.nearest_phrase(spoken.text, phrase)
        hint = f'did you mean "{near}"?' if near else "an anchor repeats words of the narration, letter by letter"
        quoted = '"' + near.replace("\\", "\\\\").replace('"', '\\"') + '"' if near else ""
        fixes = (replacing(span, quoted),) if near else ()
        ctx.report("PVC0403", f'"{phrase}" does not occur in the narration', span, hint, labels=label, fixes=fixes)
    else:
        ctx.report(
            "PVC0404",
            f'"{phrase}" occurs {len(found)} times in the narration',
            span,
            "take a longer phrase, or put a cue (`{here}`) where you mean",
            labels=tuple(Label(spoken.span(at, at + len(phrase)), "here") for at in found[:4]),
        )
    return None


def scope_span(spoken: Spoken) -> Span:
    """The span of a whole narration."""
    return spoken.scope.span(spoken.node.at)


def _unknown_cue(ctx: Context, name: str, spoken: Spoken, span: Span, used: set[str]) -> None:
    hint, fixes = suggestion(name, [cue.name for cue in spoken.cues], span)
    used.update(edit.text for fix in fixes for edit in fix.edits)  # what was most likely meant is not unused
    if not fixes and narration.find_phrase(spoken.text, name):
        fixes = (replacing(span, f'"{name}"'),)
        hint = f'to hang on the spoken word, write `at "{name}"`; or put the cue `{{{name}}}` into the narration'
    elif hint is None:
        hint = f"put `{{{name}}}` before the word that it marks"
    ctx.report(
        "PVC0401",
        f"the narration has no cue `{{{name}}}`",
        span,
        hint,
        labels=(Label(scope_span(spoken), "the narration"),),
        fixes=fixes,
    )
