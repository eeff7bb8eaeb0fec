"""How a scene gives way to the next one: what is still shown leaves, and what the next scene opens with may come.

A scene begins on the empty background, so a transition is mostly the leaving alone, painted as a part of its own scene;
then the order of scenes does not matter to it. Only where the next scene opens with something (a `show` that takes no
time, as its very first action) is that painted in the transition as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pvc.compiler.model.display import Keyframe, quantise
from pvc.compiler.model.program import Action, SceneSpec
from pvc.compiler.model.tracks import eased
from pvc.compiler.stage import curves
from pvc.compiler.stage.chunks import Actor
from pvc.compiler.stage.curves import Curve, neutral
from pvc.compiler.stage.script import Address, Script, aim, stand_at, sweep

CHANNEL = "exit"
_WHOLE = (None,)


def leave(
    cast: Sequence[Script], kind: str, end: int, away: int, frame: tuple[int, int], *, empty: bool = False
) -> None:
    """All that is left on the stage goes over ``away`` frames from ``end`` on. ``frame``: its size in px. ``empty``:
    nothing comes meanwhile; then a fade has come to its end in the last of these frames, at which a film stops."""
    for actor in cast:
        match kind:
            case "cut":
                pass  # it stays to the scene's last frame
            case "push":
                aim(actor, "translate", CHANNEL, _WHOLE, end, away, (-float(frame[0]), 0.0), "in_out")
            case "wipe":
                _wipe(actor, end, away, frame, leaving=True)
            case "dip":
                aim(actor, "opacity", CHANNEL, _WHOLE, end, away // 2, (0.0,))
            case _:
                aim(actor, "opacity", CHANNEL, _WHOLE, end, max(1, away - 1) if empty else away, (0.0,))


def arrive(cast: Sequence[Actor], kind: str, end: int, away: int, last: int, frame: tuple[int, int]) -> list[Actor]:
    """What the next scene opens with, coming while this one leaves, and there until this one's frame ``last``."""
    found = []
    for actor in cast:
        script = _frozen(actor.script, end, last)
        match kind:
            case "push":
                sweep(script, "translate", CHANNEL, _WHOLE, end, away, (float(frame[0]), 0.0), (0.0, 0.0), "in_out")
            case "wipe":
                _wipe(script, end, away, frame, leaving=False)
            case "dip":
                sweep(script, "opacity", CHANNEL, _WHOLE, end, 0, (0.0,), (0.0,))
                aim(script, "opacity", CHANNEL, _WHOLE, end + away // 2, away - away // 2, (1.0,))
            case _:
                sweep(script, "opacity", CHANNEL, _WHOLE, end, away, (0.0,), (1.0,))
        found.append(replace(actor, script=script))
    return found


def opens(spec: SceneSpec) -> bool:
    """Whether a scene may show something in its very first frame."""

    def at_once(action: Action) -> bool:
        if action.verb == "together":
            return any(at_once(child) for child in action.children)
        lasts = action.duration is None or action.duration.seconds or action.duration.frames
        return action.verb == "show" and action.moment is None and (action.effect == "cut" or not lasts)

    return bool(spec.beats and spec.beats[0].actions) and at_once(spec.beats[0].actions[0])


def opening(cast: Sequence[Actor]) -> list[Actor]:
    """Those of a scene's actors that are there in its first frame."""
    return [actor for actor in cast if actor.script.shown == 0 and actor.script.gone > 0]


def _frozen(script: Script, start: int, end: int) -> Script:
    """A script's state in the first frame of its scene, held over ``[start, end)`` of another one."""
    stand = stand_at(script, 0)
    kept: dict[Address, Curve] = {}
    for address, curve in script.curves.items():
        value = curves.at(curve, 0)
        if not neutral(curve.kind, value):
            kept[address] = curves.begin(curve.kind, value)
    centre = curves.begin("translate", (stand.x, stand.y))
    scale = curves.begin("scale", (stand.scale, stand.scale))
    return Script(
        script.visual,
        script.fragment,
        script.digest,
        start,
        end,
        centre,
        scale,
        kept,
        dict(script.paths),
    )


def _wipe(actor: Script, end: int, away: int, frame: tuple[int, int], leaving: bool) -> None:
    """A vertical edge runs over the frame from left to right. Each item is cut where the edge stands on it, frame by
    frame, since what is one way over the frame is none over an item that lies only in a part of it."""
    stand = stand_at(actor, end)
    width = actor.fragment.width * stand.scale
    left = stand.x - width / 2
    keys = []
    for step in range(away + 1):
        edge = frame[0] * eased("in_out", step / max(1, away))
        # At the ends nothing may be left over, whatever hangs out of the fragment's rectangle.
        share = step / max(1, away) if step in (0, away) else min(1.0, max(0.0, (edge - left) / max(1.0, width)))
        value = (share, 0.0, 1.0, 1.0) if leaving else (0.0, 0.0, share, 1.0)
        keys.append(Keyframe(end + step, tuple(quantise(part * 64) / 64 for part in value), "linear"))
    actor.curves["clip", CHANNEL, None] = Curve("clip", keys)
