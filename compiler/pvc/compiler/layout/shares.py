"""Sharing a length among visuals that stand in a row: what each gets of the room."""

from __future__ import annotations

from collections.abc import Sequence


def shares(wishes: Sequence[float], stretch: Sequence[bool], room: float) -> list[float]:
    """Lengths along the axis that is shared: visuals of a size of their own get it, stretching ones the rest in equal
    parts (never less than 0.9 of an equal part); where there is too little, the longest give way first."""
    count = len(wishes)
    fair = room / count
    wanted = [0.9 * fair if grows else wish for wish, grows in zip(wishes, stretch, strict=True)]
    if sum(wanted) > room:
        low, high = 0.0, room
        for _ in range(40):
            cap = (low + high) / 2
            if sum(min(want, cap) for want in wanted) > room:
                high = cap
            else:
                low = cap
        return [min(want, low) for want in wanted]
    growing = sum(stretch)
    if growing:
        spare = (room - sum(wanted)) / growing
        return [want + spare if grows else want for want, grows in zip(wanted, stretch, strict=True)]
    return wanted
