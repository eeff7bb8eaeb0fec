"""When things happen while one picture turns into another: what leaves, what travels, what comes.

Where most of what is seen stays, things happen in turn: what has no partner leaves, partners travel through the room
that this makes, and what is new comes as they arrive. Where little stays, that would leave the frame all but empty in
the middle: then the old and the new cross over each other, the less stays the more. In between lies every mixture.

All numbers are shares of a transform's frames, or of ink.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pvc.compiler.model.display import Element

Span: TypeAlias = tuple[float, float]
"""From where to where, as shares of the frames."""

_ENOUGH = 0.94
"""Share of the ink that stays from which all happens in turn."""
_LITTLE = 0.34
"""Share of the ink that stays up to which the old and the new cross over."""


@dataclass(frozen=True, slots=True)
class Passage:
    """``away``: what has no partner fades; ``way``: partners travel; ``come``: what is new appears. ``lap``: 0 where
    these happen in turn, 1 where the old and the new cross over each other."""

    away: Span
    way: Span
    come: Span
    lap: float


IN_TURN = Passage((0.0, 0.28), (0.08, 0.8), (0.55, 0.95), 0.0)
CROSSING = Passage((0.0, 0.5), (0.0, 0.68), (0.15, 0.7), 1.0)


def ink(elements: Iterable[Element]) -> float:
    """How much there is of some elements, roughly: glyphs count by how wide and high they are."""
    return sum(element.bounds.width + element.bounds.height for element in elements)


def passage(stays: float, before: float, after: float) -> Passage:
    """By how much ink stays, of what was there before and is there after."""
    share = stays / max(before, after, 1e-9)
    lap = min(1.0, max(0.0, (_ENOUGH - share) / (_ENOUGH - _LITTLE)))

    def mixed(first: Span, second: Span) -> Span:
        return (first[0] + lap * (second[0] - first[0]), first[1] + lap * (second[1] - first[1]))

    return Passage(
        mixed(IN_TURN.away, CROSSING.away), mixed(IN_TURN.way, CROSSING.way), mixed(IN_TURN.come, CROSSING.come), lap
    )


def frames_of(span: Span, start: int, frames: int) -> tuple[int, int]:
    """A span as (first frame, number of frames) of an action that has at least one; inside it, at least one long."""
    begin = start + min(round(span[0] * frames), frames - 1)
    return begin, max(1, start + round(span[1] * frames) - begin)
