"""What happens to one life of a visual, as curves. The verbs write into it; `chunks` cuts it into tracks.

A **channel** keeps apart what comes from different causes (`life`: entering and leaving, `mark`: highlights, `focus`,
`morph`): each is a track of its own, and their effects combine as `pvc.compiler.model.tracks` says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from pvc.compiler.model.display import Ease, Fragment, Path, Property
from pvc.compiler.model.tracks import NEUTRAL
from pvc.compiler.stage import curves
from pvc.compiler.stage.curves import Curve, Value

Address: TypeAlias = tuple[Property, str, int | None]
"""(property, channel, element); None for the whole item."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a fragment stands: the centre of it in the reference frame (px) and its scale."""

    x: float
    y: float
    scale: float = 1.0


@dataclass(slots=True)
class Script:
    """One life. It is on the stage over frames ``[shown, gone)``; ``hidden`` are elements that wait to be revealed."""

    visual: str
    fragment: Fragment
    digest: str
    shown: int
    gone: int
    centre: Curve
    scale: Curve
    curves: dict[Address, Curve] = field(default_factory=dict)
    paths: dict[int, Path] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)


def script(visual: str, fragment: Fragment, digest: str, shown: int, gone: int, stand: Stand) -> Script:
    centre = curves.begin("translate", (stand.x, stand.y))
    return Script(visual, fragment, digest, shown, gone, centre, curves.begin("scale", (stand.scale, stand.scale)))


def stand_at(actor: Script, frame: int) -> Stand:
    """Where it stands at a frame of the scene."""
    x, y = curves.at(actor.centre, frame)
    return Stand(x, y, curves.at(actor.scale, frame)[0])


def value(actor: Script, kind: Property, channel: str, target: int | None, frame: int) -> Value | None:
    """A channel's value at a frame, None where nothing was ever written into it."""
    curve = actor.curves.get((kind, channel, target))
    return None if curve is None else curves.at(curve, frame)


def jump(actor: Script, kind: Property, channel: str, targets: Iterable[int | None], frame: int, to: Value) -> None:
    """Set a quantity at once."""
    aim(actor, kind, channel, targets, frame, 0, to)


def aim(
    actor: Script,
    kind: Property,
    channel: str,
    targets: Iterable[int | None],
    start: int,
    frames: int,
    to: Value,
    ease: Ease = "smooth",
) -> None:
    """Let a quantity of some elements (None: of the whole) go to a value over some frames."""
    for target in targets:
        address = (kind, channel, target)
        curve = actor.curves.get(address)
        if curve is None:
            rest = (*to[:4], 0.0) if kind == "color" else NEUTRAL[kind]
            curve = actor.curves[address] = curves.begin(kind, rest)
        curves.go(curve, start, frames, to, ease)


def sweep(
    actor: Script,
    kind: Property,
    channel: str,
    targets: Iterable[int | None],
    start: int,
    frames: int,
    origin: Value,
    to: Value,
    ease: Ease = "smooth",
) -> None:
    """Let a quantity go from one value, taken at once, to another."""
    chosen = tuple(targets)
    jump(actor, kind, channel, chosen, start, origin)
    aim(actor, kind, channel, chosen, start, frames, to, ease)
