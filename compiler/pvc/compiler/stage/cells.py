"""Sharing a rectangle among visuals that are on the stage together: a row, a column or a grid, whichever fits larger.

Pure geometry: wishes in, rectangles out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pvc.compiler.layout.shares import shares
from pvc.compiler.model.display import Rect
from pvc.compiler.stage import presence
from pvc.compiler.stage.regions import UNIT

IDEAL = 1.6
"""Width to height at which a chart is read best."""
FULL_ACROSS, FULL_DOWN = 0.94, 0.76
"""Shares of their rectangle's width and height that visuals which were enlarged together fill at most."""
_WIDEST_GAP = 96.0
"""Px beyond which spare room goes to the outside rather than between two visuals."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The size that a cell's visuals have by nature; ``stretch``: they fill what they get."""

    width: float
    height: float
    stretch: bool

    def scaled(self, by: float) -> Wish:
        return Wish(self.width * by, self.height * by, self.stretch) if by != 1.0 else self


def _spread(lengths: Sequence[float], start: float, room: float, gap: float) -> list[float]:
    """Where each begins: gaps of at least ``gap`` on the rhythm, wider where there is room, the whole centred."""
    count = len(lengths)
    spare = room - sum(lengths) - gap * (count - 1)
    more = max(0.0, min(spare / (count + 1), _WIDEST_GAP - gap))
    wide = math.floor((gap + more) / UNIT) * UNIT if count > 1 else 0.0
    at = start + (room - sum(lengths) - wide * (count - 1)) / 2
    places = []
    for length in lengths:
        places.append(at)
        at += length + wide
    return places


def row(wishes: Sequence[Wish], rect: Rect, gap: float) -> list[Rect]:
    """Side by side, all as high as the rectangle; what stretches keeps a wider gap to what does not."""
    if 0 < sum(wish.stretch for wish in wishes) < len(wishes):
        gap = max(gap, min(2 * gap, _WIDEST_GAP))
    room = rect.width - gap * (len(wishes) - 1)
    widths = shares([wish.width for wish in wishes], [wish.stretch for wish in wishes], room)
    starts = _spread(widths, rect.x, rect.width, gap)
    return [Rect(x, rect.y, width, rect.height) for x, width in zip(starts, widths, strict=True)]


def column(wishes: Sequence[Wish], rect: Rect, gap: float) -> list[Rect]:
    """One below the other, all as wide as the rectangle."""
    room = rect.height - gap * (len(wishes) - 1)
    heights = shares([wish.height for wish in wishes], [wish.stretch for wish in wishes], room)
    starts = _spread(heights, rect.y, rect.height, gap)
    return [Rect(rect.x, y, rect.width, height) for y, height in zip(starts, heights, strict=True)]


def grid(wishes: Sequence[Wish], rect: Rect, gap: float, columns: int) -> list[Rect]:
    """Equal cells in rows of ``columns``."""
    rows = math.ceil(len(wishes) / columns)
    width = (rect.width - gap * (columns - 1)) / columns
    height = (rect.height - gap * (rows - 1)) / rows
    return [
        Rect(rect.x + (index % columns) * (width + gap), rect.y + (index // columns) * (height + gap), width, height)
        for index in range(len(wishes))
    ]


def _quality(wish: Wish, cell: Rect, rect: Rect) -> float:
    """How well a visual comes out in a cell, 0..1: the scale at which it fits, or how much of the rectangle it fills at
    how good an aspect."""
    if cell.width <= 0 or cell.height <= 0:
        return 0.0
    if not wish.stretch:
        return min(1.0, cell.width / max(wish.width, 1.0), cell.height / max(wish.height, 1.0))
    aspect = cell.width / cell.height
    return math.sqrt(cell.width * cell.height / (rect.width * rect.height) * min(aspect / IDEAL, IDEAL / aspect))


def arrange(wishes: Sequence[Wish], rect: Rect, gap: float) -> list[Rect]:
    """Cells for visuals that share a rectangle. Ties go to the row where the rectangle is wide, else to the column."""
    if not wishes:
        return []
    if len(wishes) == 1:
        return [rect]
    choices = [row(wishes, rect, gap), column(wishes, rect, gap)]
    if rect.height > rect.width:
        choices.reverse()
    if len(wishes) > 3:
        choices.extend(grid(wishes, rect, gap, columns) for columns in range(2, math.ceil(len(wishes) / 2) + 1))

    def worth(cells: list[Rect]) -> float:
        scores = [_quality(wish, cell, rect) for wish, cell in zip(wishes, cells, strict=True)]
        mean = math.exp(sum(math.log(max(score, 1e-9)) for score in scores) / len(scores))
        return mean + 0.5 * min(scores)

    best, best_worth = choices[0], worth(choices[0])
    for cells in choices[1:]:
        if worth(cells) > best_worth * 1.02:
            best, best_worth = cells, worth(cells)
    return best


def _extent(wishes: Sequence[Wish], found: Sequence[Rect]) -> Rect:
    """What visuals of these sizes cover, each in the middle of its cell."""
    middles = [(cell.x + cell.width / 2, cell.y + cell.height / 2) for cell in found]
    sizes = [
        (min(wish.width, cell.width), min(wish.height, cell.height)) for wish, cell in zip(wishes, found, strict=True)
    ]
    left = min(x - width / 2 for (x, _), (width, _) in zip(middles, sizes, strict=True))
    top = min(y - height / 2 for (_, y), (_, height) in zip(middles, sizes, strict=True))
    right = max(x + width / 2 for (x, _), (width, _) in zip(middles, sizes, strict=True))
    bottom = max(y + height / 2 for (_, y), (_, height) in zip(middles, sizes, strict=True))
    return Rect(left, top, right - left, bottom - top)


def roomy(wishes: Sequence[Wish], rect: Rect, gap: float) -> bool:
    """Whether visuals of these sizes share a rectangle with room to spare around them."""
    found = arrange(wishes, rect, gap)
    if any(
        wish.width > cell.width + 0.5 or wish.height > cell.height + 0.5
        for wish, cell in zip(wishes, found, strict=True)
    ):
        return False
    extent = _extent(wishes, found)
    return extent.width <= FULL_ACROSS * rect.width and extent.height <= FULL_DOWN * rect.height


def rise(wishes: Sequence[Wish], found: Sequence[Rect], rect: Rect, frame_height: float) -> float:
    """How far above the middle visuals of a size of their own stand together, in px: as one alone would."""
    if any(wish.stretch for wish in wishes):
        return 0.0
    return presence.lift(_extent(wishes, found).height, rect, frame_height)
