"""Visuals that programs paint: what the checker has to say of them besides their arguments."""

from __future__ import annotations

from fractions import Fraction

from pvc.compiler.check.context import Context
from pvc.compiler.check.playing import inner_visuals
from pvc.compiler.check.things import Thing, Visual
from pvc.compiler.film import Film
from pvc.compiler.model.values import Asset, Duration, Symbol, Value
from pvc.compiler.programs import ENGINES
from pvc.compiler.source import Span

LAYOUT = "program"
_LEAST, _MOST = Fraction(1, 30), Fraction(120)


def examine(ctx: Context, values: dict[str, Thing], span: Span) -> bool:
    """Looks at the arguments of a program; a time in frames becomes one in seconds. False where something is wrong."""
    sound = True
    lasts = values.get("lasts")
    if isinstance(lasts, Duration):
        seconds = lasts.seconds if lasts.frames is None else Fraction(lasts.frames) / ctx.fps
        values["lasts"] = Duration(seconds)
        if not _LEAST <= seconds <= _MOST:
            ctx.report(
                "PVC0415",
                f"a program moves between {float(_LEAST):.2f} s and {float(_MOST):.0f} s, not {float(seconds):.2f} s",
                span,
                "`lasts` is how long its motion takes; after that its last frame stands",
            )
            sound = False
    ratio = values.get("ratio")
    if isinstance(ratio, int | Fraction) and not Fraction(1, 10) <= ratio <= 10:
        hint = "it is the width divided by the height, as in `ratio: 16 / 9`"
        ctx.report("PVC0320", "`ratio` of a program is between 0.1 and 10", span, hint)
        sound = False
    return sound


def film(visual: Visual) -> Film | None:
    """What plays of a program, as of a video; None for what is none."""
    if visual.component.layout != LAYOUT:
        return None
    lasts = dict(visual.arguments).get("lasts")
    return Film(1, 1, lasts.seconds) if isinstance(lasts, Duration) else None


def engine(
    ctx: Context, visual: Visual, backend: str, fallback: str | None, span: Span
) -> tuple[tuple[str, Value], ...]:
    """The arguments of a program with the engine that it is written for."""
    if backend not in ENGINES:
        known = " or ".join(f"`on {name}`" for name in ENGINES)
        ctx.report("PVC0848", f"no program can be written for `{backend}`", span, f"say {known}")
    if fallback is not None and fallback != backend:
        ctx.report(
            "PVC0848",
            f"a program for {backend} cannot be run by {fallback} instead",
            span,
            'give a picture instead: `fallback: "still.png"` among its arguments',
        )
    return (*visual.arguments, ("engine", Symbol(backend)))


def warn(ctx: Context, visual: Visual, name: str) -> None:
    """Says of every program in a visual that nothing stands in its place where it is not run."""
    for each in inner_visuals(visual):
        arguments = dict(each.arguments)
        file = arguments.get("file")
        if each.component.layout == LAYOUT and isinstance(file, Asset) and arguments.get("fallback") is None:
            ctx.warn(
                "PVC0840",
                f"`{name}` shows what the program `{file.path}` paints, and nothing where programs may not run",
                visual.span,
                'state `fallback: "still.png"`; or build with `--allow-programs`, which runs it in a sandbox',
            )
