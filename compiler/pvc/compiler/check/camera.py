"""The camera of a scene: `zoom camera to eq`, `pan camera to chart`, `reset camera`. It looks at visuals and parts that
are on screen; every scene begins with all of the frame in view."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

from pvc.compiler.check import lifecycle
from pvc.compiler.check.clauses import duration_of, unknown_clause
from pvc.compiler.check.context import Context
from pvc.compiler.check.expressions import evaluate, touch, word_of
from pvc.compiler.check.fit import read
from pvc.compiler.check.lifecycle import Entry
from pvc.compiler.check.things import PartThing, Unknown, Visual
from pvc.compiler.check.types import NUMBER, Type, describe
from pvc.compiler.check.verbs import VERBS, Verb
from pvc.compiler.check.visuals import Stage, enter
from pvc.compiler.model.program import CAMERA_VERBS, Action, Moment, Part
from pvc.compiler.model.values import Angle, Duration, Value
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.syntax import tree

CAMERA = "camera"
"""The word behind the verb; it stands for the scene's one camera, whatever else has that name."""
LEAST_ZOOM, MOST_ZOOM = Fraction(1, 4), Fraction(8)
"""How far a camera may be asked to zoom (`by 2`): farther out nothing can be read, closer nothing can be told."""


FILMS = CAMERA_VERBS | {"orbit"}
"""Verbs whose operand is the camera. `orbit` turns what stands in space, so its visuals are what changes."""
MOST_TURN, MOST_TILT = Fraction(1440), Fraction(90)


def is_camera(action: tree.Action) -> bool:
    """Whether a verb's first operand is the word `camera`."""
    return bool(action.operands) and word_of(action.operands[0]) == CAMERA


def _targets(
    ctx: Context, stage: Stage, scope: Scope, action: tree.Action, expr: tree.Expr
) -> tuple[list[Entry], Part | None] | None:
    """What stands behind `to`: a visual, a part, or several visuals in a list."""
    verb = VERBS[action.verb]
    several = isinstance(expr, tree.ListExpr)
    found: list[Entry] = []
    part: Part | None = None
    ok = True
    for each in expr.items if isinstance(expr, tree.ListExpr) else (expr,):
        value, span = evaluate(ctx, scope, each), scope.span(each.at)
        visual = value.visual if isinstance(value, PartThing) else value
        if isinstance(value, Unknown) or isinstance(visual, Unknown):
            ok = False
        elif not isinstance(visual, Visual) or (several and isinstance(value, PartThing)):
            what = "visuals" if several else "a visual or a part of one"
            ctx.report(
                "PVC0326",
                f"the camera looks at {what}, this is {describe(value)}",
                span,
                f"as in `{verb.usage}`",
            )
            ok = False
        elif isinstance(value, PartThing) and value.kind == "group":
            ctx.report(
                "PVC0327",
                f"`{value.selector}` are many: say which",
                span,
                f"write `{value.selector}[2]` or `{value.selector}[1..3]`",
            )
            ok = False
        else:
            entry = stage.entries.get(visual) or enter(stage, visual, named=not isinstance(each, tree.Call))
            ok = lifecycle.need_shown(ctx, entry, f"be what the camera {action.verb}s to", span) and ok
            part = Part(value.selector, span) if isinstance(value, PartThing) else None
            found.append(entry)
    if ok and not found:
        ctx.report("PVC0326", "an empty list shows nothing", scope.span(expr.at), f"as in `{verb.usage}`")
    return (found, part) if ok and found else None


def _factor(ctx: Context, scope: Scope, expr: tree.Expr) -> Fraction | None:
    value = read(ctx, scope, expr, NUMBER, "`by`")
    if isinstance(value, Unknown):
        return None
    factor = Fraction(cast("int | Fraction", value))
    if not LEAST_ZOOM <= factor <= MOST_ZOOM:
        ctx.report(
            "PVC0320",
            f"a camera zooms by {float(LEAST_ZOOM):g} to {float(MOST_ZOOM):g}",
            scope.span(expr.at),
            "`by 2` shows everything twice as large",
        )
        return None
    return factor


def film(
    ctx: Context, stage: Stage, scope: Scope, action: tree.Action, verb: Verb, moment: Moment | None
) -> list[Action]:
    """A verb of the camera as the plan takes it; nothing where something was reported."""
    span = scope.span(action.at)
    if not is_camera(action):
        what = scope.span(action.operands[0].at) if action.operands else span
        ctx.report("PVC0326", f"`{action.verb}` is done by the camera", what, f"as in `{verb.usage}`")
        for operand in action.operands:
            touch(scope, operand)
        return []
    if len(action.operands) > 1:
        ctx.report("PVC0326", "a scene has one camera", scope.span(action.operands[1].at), f"as in `{verb.usage}`")
        return []
    if action.verb == "orbit":
        return _orbit(ctx, stage, scope, action, verb, moment)
    duration: Duration | None = None
    options: dict[str, Value] = {}
    looked: tuple[list[Entry], Part | None] | None = None
    given: set[str] = set()
    ok = True
    for clause in action.clauses:
        keyword = clause.keyword
        if keyword not in verb.clauses:
            unknown_clause(ctx, scope, action, clause, verb)
            continue
        if keyword in given:
            ctx.report("PVC0304", f"`{keyword}` is given twice", scope.span(clause.at), "keep one of them")
            continue
        given.add(keyword)
        if keyword == "for":
            duration = duration_of(ctx, scope, clause.value, "a move of the camera")
        elif keyword == "to":
            looked = _targets(ctx, stage, scope, action, clause.value)
            ok = ok and looked is not None
        else:
            factor = _factor(ctx, scope, clause.value)
            ok = ok and factor is not None
            if factor is not None:
                options["by"] = factor
    if not ok:
        return []
    if action.verb != "reset" and not given & {"to", "by"}:
        ctx.report("PVC0326", f"`{action.verb} camera` does not say where to", span, f"as in `{verb.usage}`")
        return []
    entries, part = looked or ([], None)
    ids = tuple(dict.fromkeys(entry.id for entry in entries))
    made = Action(action.verb, ids, span, part=part, duration=duration, options=tuple(options.items()), moment=moment)
    return [made]


def _angle(ctx: Context, scope: Scope, expr: tree.Expr, what: str, most: Fraction) -> Angle | None:
    value = read(ctx, scope, expr, Type("angle"), what)
    if isinstance(value, Unknown):
        return None
    angle = cast(Angle, value)
    if not -most <= angle.degrees <= most:
        ctx.report("PVC0320", f"{what} is between -{most}deg and {most}deg", scope.span(expr.at))
        return None
    return angle


def _orbit(
    ctx: Context, stage: Stage, scope: Scope, action: tree.Action, verb: Verb, moment: Moment | None
) -> list[Action]:
    """`orbit camera by 40deg`: everything on screen that stands in space is turned, or the one that `around` names."""
    span = scope.span(action.at)
    duration: Duration | None = None
    options: dict[str, Value] = {}
    around: list[Entry] | None = None
    given: set[str] = set()
    ok = True
    for clause in action.clauses:
        keyword = clause.keyword
        if keyword not in verb.clauses:
            unknown_clause(ctx, scope, action, clause, verb)
        elif keyword in given:
            ctx.report("PVC0304", f"`{keyword}` is given twice", scope.span(clause.at), "keep one of them")
        elif keyword == "for":
            duration = duration_of(ctx, scope, clause.value, "a move of the camera")
        elif keyword == "around":
            found = _targets(ctx, stage, scope, action, clause.value)
            around = found[0] if found is not None else None
            ok = ok and found is not None
        else:
            angle = _angle(ctx, scope, clause.value, f"`{keyword}`", MOST_TURN if keyword == "by" else MOST_TILT)
            ok = ok and angle is not None
            if angle is not None:
                options[keyword] = angle
        given.add(keyword)
    if not ok:
        return []
    if not given & {"by", "tilt"}:
        ctx.report("PVC0326", "`orbit camera` does not say how far", span, f"as in `{verb.usage}`")
        return []
    shown = [entry for entry in stage.order if entry.life is lifecycle.Life.SHOWN] if around is None else around
    turned = [entry for entry in shown if "orbit" in entry.visual.component.actions]
    if not turned:
        if not any(entry.dead for entry in shown):
            ctx.report(
                "PVC0416",
                "there is nothing on screen that the camera could go round",
                span,
                "show something that stands in space first: `surface3d`, `point_cloud`, `network3d`, `molecule`",
            )
        return []
    ids = tuple(dict.fromkeys(entry.id for entry in turned))
    return [Action("orbit", ids, span, duration=duration, options=tuple(options.items()), moment=moment)]
