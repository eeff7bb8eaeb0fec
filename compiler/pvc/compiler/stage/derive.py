"""A derivation's next step comes out of the one above it.

What both have in common comes as a copy: it appears beneath what it is taken from, clear of it, and glides along its
own line to its place, as all copies do, side by side. What is new appears as the copies arrive. The step above does not
move.
"""

from __future__ import annotations

from collections.abc import Sequence

from pvc.compiler.layout.compose import union
from pvc.compiler.stage.matching import Match, runs
from pvc.compiler.stage.passage import Span, frames_of
from pvc.compiler.stage.script import Script, aim, jump

APPEAR: Span = (0.0, 0.36)
SINK: Span = (0.0, 0.5)
GLIDE: Span = (0.12, 0.78)
COME: Span = (0.5, 0.95)
"""When copies appear, sink and glide, and what is new comes: shares of the action's frames."""
_FALL, _LEAST = 40.0, 10.0
"""Px by which copies sink at most and at least; in between as far as there is room beneath the step above."""
_STILL = 1 / 64


def derive(
    actor: Script, pairs: Sequence[Match], before: Sequence[int], targets: Sequence[int], start: int, frames: int
) -> None:
    """Bring in the elements of a step. ``pairs``: those that are copies of elements ``before``, in their order, so that
    they pass none of their own kind."""
    elements = actor.fragment.elements
    arrived = {pair.new for pair in pairs}
    room = min(elements[index].bounds.y for index in arrived) - max(elements[index].bounds.bottom for index in before)
    fall = min(_FALL, max(_LEAST, room))
    for run in runs(pairs):
        old = union(elements[pair.old].bounds for pair in run)
        new = union(elements[pair.new].bounds for pair in run)
        dx = old.x + old.width / 2 - new.x - new.width / 2
        if abs(dx) > _STILL:
            copied = [pair.new for pair in run]
            jump(actor, "translate", "morph", copied, start, (dx, 0.0))
            aim(actor, "translate", "morph", copied, *frames_of(GLIDE, start, frames), (0.0, 0.0))
    copies = sorted(arrived)
    jump(actor, "translate", "sink", copies, start, (0.0, -fall))
    aim(actor, "translate", "sink", copies, *frames_of(SINK, start, frames), (0.0, 0.0), "out")
    aim(actor, "opacity", "life", copies, *frames_of(APPEAR, start, frames), (1.0,))
    late = [index for index in targets if index not in arrived]
    aim(actor, "opacity", "life", late, *frames_of(COME, start, frames), (1.0,))
