"""How runs of symbols that change their height get to their places without running through others.

Such a run goes in a soft curve: either it changes its height first and then goes aside, or the other way round. Both
are tried out against all other runs; the one that lies less on them is taken, and the upper one where neither does.
Runs that pass others of their own line go by in a bow (`matching.bows`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pvc.compiler.layout.compose import union
from pvc.compiler.model.display import Fragment, Rect
from pvc.compiler.model.tracks import eased
from pvc.compiler.stage.matching import Match, runs

LEVEL = 10.0
"""Px aside and up or down from which a way is a curve."""
FIRST, THEN = (0.0, 0.65), (0.2, 1.0)
"""Shares of a way in which its first half is gone, and its second: they overlap, so that it has no corner."""
_SAMPLES = 12
_MOST = 60
"""Runs up to which ways are tried out; among more the upper way is taken."""


def _mixed(start: Rect, end: Rect, across: float, upright: float) -> Rect:
    """Between two places: by how much it has gone aside, and by how much up or down."""
    mean = (across + upright) / 2
    return Rect(
        start.x + (end.x - start.x) * across,
        start.y + (end.y - start.y) * upright,
        start.width + (end.width - start.width) * mean,
        start.height + (end.height - start.height) * mean,
    )


def _share(span: tuple[float, float], u: float) -> float:
    return eased("smooth", (u - span[0]) / (span[1] - span[0]))


def _common(one: Rect, other: Rect) -> float:
    """The area that two boxes share."""
    width = min(one.right, other.right) - max(one.x, other.x)
    height = min(one.bottom, other.bottom) - max(one.y, other.y)
    return width * height if width > 0 and height > 0 else 0.0


def uprights(
    pairs: Sequence[Match], was: Mapping[int, Rect], new: Fragment, apart: Mapping[int, float]
) -> dict[int, bool]:
    """For elements of the new picture that come in a curve: whether they change their height first. ``was``: where
    each comes from, in the new picture's coordinates; ``apart``: those that go in a bow, which have a way already."""
    groups = runs(pairs)
    ends = [
        (union(was[pair.new] for pair in group), union(new.elements[pair.new].bounds for pair in group))
        for group in groups
    ]
    found: dict[int, bool] = {}
    for number, group in enumerate(groups):
        start, end = ends[number]
        aside = abs(start.x + start.width / 2 - end.x - end.width / 2)
        rise = start.y + start.height / 2 - end.y - end.height / 2
        if aside <= LEVEL or abs(rise) <= LEVEL or any(pair.new in apart for pair in group):
            continue
        first = rise > 0
        if len(groups) <= _MOST:
            others = [ends[other] for other in range(len(groups)) if other != number]
            upper, lower = _met(start, end, others, first), _met(start, end, others, not first)
            first = first if upper <= lower else not first
        found.update((pair.new, first) for pair in group)
    return found


def _met(start: Rect, end: Rect, others: Sequence[tuple[Rect, Rect]], upright_first: bool) -> float:
    """How much a run lies on others while they all go."""
    across, upright = (THEN, FIRST) if upright_first else (FIRST, THEN)
    met = 0.0
    for step in range(1, _SAMPLES):
        u = step / _SAMPLES
        own = _mixed(start, end, _share(across, u), _share(upright, u))
        done = eased("smooth", u)
        met += sum(_common(own, _mixed(*way, done, done)) for way in others)
    return met
