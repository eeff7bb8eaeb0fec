"""What happens to each visual through a scene: hidden, shown, gone. Every action says what it
needs and what it makes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from pvc.compiler.check.context import Context
from pvc.compiler.check.things import Visual
from pvc.compiler.diagnostics.model import Label
from pvc.compiler.source import Span


class Life(StrEnum):
    HIDDEN = "hidden"
    SHOWN = "shown"
    GONE = "gone"


@dataclass(slots=True, eq=False)
class Entry:
    """A visual in a scene. ``since``: the action that made its state; ``why``: that action's verb. ``named`` is False
    for one that was made where it is shown."""

    id: str
    visual: Visual
    named: bool
    life: Life = Life.HIDDEN
    since: Span | None = None
    why: str = ""
    ever: bool = False
    backend: str | None = None
    fallback: str | None = None
    backend_span: Span | None = None
    dead: bool = False
    """Something about it was reported: its life is followed no more."""
    played: Fraction | None = None
    """Seconds of a film that have been played since it was shown; None for one that is never played."""


def _labels(entry: Entry) -> tuple[Label, ...]:
    words = {"show": "shown here", "hide": "hidden here", "transform": "transformed here", "reveal": "revealed here"}
    return (Label(entry.since, words.get(entry.why, "here")),) if entry.since is not None else ()


_DONE = {
    "hide": "be hidden",
    "move": "be moved",
    "highlight": "be highlighted",
    "unhighlight": "be unhighlighted",
    "transform": "be transformed",
    "focus": "be in focus",
    "play": "be played",
    "zoom": "be zoomed to",
    "pan": "be looked at",
}
"""What happens to a visual, by verb."""


def need_shown(ctx: Context, entry: Entry, verb: str, span: Span) -> bool:
    """Whether a verb that acts on what is on screen may act on this visual now; else that is reported."""
    if entry.dead or entry.life is Life.SHOWN:
        return True
    if entry.life is Life.HIDDEN:
        hint = f"show it first: `show {entry.id}`"
        if verb == "hide":
            hint = "remove this, or show it first"
        done = _DONE.get(verb, verb)
        ctx.report("PVC0408", f"`{entry.id}` is not on screen yet when it is to {done}", span, hint)
    else:
        gone = "was transformed into another visual" if entry.why == "transform" else "was hidden"
        hint = (
            "speak of the new visual instead" if entry.why == "transform" else f"show it again first: `show {entry.id}`"
        )
        done = _DONE.get(verb, verb)
        ctx.report("PVC0409", f"`{entry.id}` {gone} before it is to {done}", span, hint, labels=_labels(entry))
    entry.dead = True
    return False


def show(ctx: Context, entry: Entry, span: Span, verb: str = "show") -> None:
    if entry.life is Life.SHOWN and not entry.dead:
        hint = "`move` it, or `hide` it before"
        ctx.report("PVC0410", f"`{entry.id}` is on screen already", span, hint, labels=_labels(entry))
        entry.dead = True
    _become(entry, Life.SHOWN, verb, span)


def reveal(entry: Entry, span: Span) -> None:
    """The first part revealed brings the visual on screen."""
    if entry.life is not Life.SHOWN:
        _become(entry, Life.SHOWN, "reveal", span)


def hide(ctx: Context, entry: Entry, span: Span) -> None:
    need_shown(ctx, entry, "hide", span)
    _become(entry, Life.GONE, "hide", span)


def transform(ctx: Context, source: Entry, target: Entry, span: Span) -> None:
    need_shown(ctx, source, "transform", span)
    if source is target:
        ctx.report(
            "PVC0411", f"`{source.id}` cannot be transformed into itself", span, "name another visual behind `into`"
        )
        return
    if target.life is Life.SHOWN and not target.dead:
        message = f"`{target.id}` is on screen already, so nothing can be transformed into it"
        ctx.report(
            "PVC0411",
            message,
            span,
            f"do not show `{target.id}` before: the transform brings it",
            labels=_labels(target),
        )
        target.dead = True
    _become(source, Life.GONE, "transform", span)
    _become(target, Life.SHOWN, "transform", span)


def _become(entry: Entry, life: Life, why: str, span: Span) -> None:
    entry.life, entry.why, entry.since = life, why, span
    if life is Life.SHOWN:
        entry.ever = True
