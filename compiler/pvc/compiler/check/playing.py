"""`play clip`: which part of a film an action plays, so that the plan knows how long it takes."""

from __future__ import annotations

from fractions import Fraction

from pvc.compiler.check.context import Context
from pvc.compiler.check.lifecycle import Entry
from pvc.compiler.check.things import Visual
from pvc.compiler.film import Film, probe
from pvc.compiler.model.values import Asset, Duration, Value
from pvc.compiler.source import Span


def players(visual: Visual) -> list[Visual]:
    """What plays of a visual: itself, or what it is made of."""
    if "play" in visual.component.actions:
        return [visual]
    inside = visual.built.leaves if visual.built is not None else ()
    return [player for leaf in inside for player in players(leaf)]


def inner_visuals(visual: Visual) -> list[Visual]:
    """A visual with all that it is made of."""
    inside = visual.built.leaves if visual.built is not None else ()
    return [visual, *(each for leaf in inside for each in inner_visuals(leaf))]


def film_of(ctx: Context, visual: Visual) -> Film | None:
    """The video that a visual shows, None where it has none that can be played (its layout says why)."""
    from pvc.compiler.check import programs

    painted = programs.film(visual)
    if painted is not None:
        return painted
    asset = next((value for _, value in visual.arguments if isinstance(value, Asset)), None)
    if asset is None or asset.kind != "video":
        return None
    found = probe(asset.digest, ctx.world)
    return None if found.reason else found


def part(ctx: Context, entry: Entry, duration: Duration | None, span: Span) -> tuple[tuple[str, Value], ...]:
    """`from` and `to`: seconds of the visual's stretch. It goes on from where it stopped; at its end it starts again.
    Empty where something was reported."""
    from pvc.compiler.layout.videos import SHORTEST, stretch

    found = players(entry.visual)
    if len(found) != 1:
        entry.dead = True
        what = "is nothing that plays" if not found else "shows more than one thing that plays"
        ctx.report("PVC0326", f"`{entry.id}` {what}", span, "as in `play clip`, of a `video` or a `program`")
        return ()
    (visual,) = found
    if visual is not entry.visual and dict(visual.arguments).get("sound") is True:
        message = f"the video inside `{entry.id}` is shown without its sound"
        ctx.report("PVC0326", message, span, "show it in the scene itself, or leave `sound: true` away")
        return ()
    film = film_of(ctx, visual)
    if film is None:
        entry.played = Fraction(0)
        return ()
    begin, end = stretch(dict(visual.arguments), film)
    length = min(end, film.seconds) - begin
    if length < SHORTEST:
        entry.played = Fraction(0)
        return ()  # the layout says that there is nothing
    if dict(visual.arguments).get("sound") is True and not film.sound:
        ctx.warn(
            "PVC0812",
            f"`{entry.id}` is to be heard, but its file has no sound",
            entry.visual.span,
            "leave `sound: true` away, or export the file with its sound",
        )
    at = entry.played or Fraction(0)
    if length - at < SHORTEST:
        at = Fraction(0)
    left = length - at
    wanted = left
    if duration is not None:
        wanted = duration.seconds if duration.frames is None else Fraction(duration.frames) / ctx.fps
        if wanted > left + 1 / ctx.fps:
            ctx.warn(
                "PVC0811",
                f"`{entry.id}` has only {float(left):.1f} s left to play, not {float(wanted):.1f} s",
                span,
                "its last frame stands for the rest; leave `for` away to play what there is",
            )
    entry.played = at + min(wanted, left)
    return (("from", at), ("to", entry.played))
