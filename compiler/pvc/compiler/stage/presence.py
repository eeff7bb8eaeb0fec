"""How large and where a visual stands in the rectangle that it has: its presence.

What has a size of its own (a list, a formula, a listing) is set in type that reads well in half a frame. Alone in a
larger place it looks lost, so it is enlarged as the vectors that it is, in a few steps so that the scenes of a talk
keep to a few sizes, and never so far that its place looks full. It stands a little above the middle, where the eye
takes the middle to be, and lists, listings and tables begin at the left edge that the heading above them gives.

Pure geometry; px of the reference frame.
"""

from __future__ import annotations

from pvc.compiler.model.display import Fragment, Rect

STEPS = (1.0, 1.12, 1.25, 1.4, 1.55)
"""The scales there are. Neighbours differ by an eighth, which looks like a choice and not like a mistake."""

_MOST = {
    "bullets": 1.25,
    "text": 1.4,
    "quote": 1.4,
    "code": 1.4,
    "algorithm": 1.4,
    "table": 1.55,
    "matrix": 1.4,
    "citation": 1.25,
    "end_card": 1.25,
    "equation": 1.25,
    "derivation": 1.55,
    "diagram": 1.4,
    "arrangement": 1.25,
}
"""How far each kind of visual may grow: body text stays below the size of a heading, a formula below shouting."""

ACROSS, DOWN = 0.86, 0.72
"""Shares of its rectangle's width and height that an enlarged visual fills at most."""

FLUSH = frozenset({"algorithm", "bullets", "code", "table", "text"})
"""What begins at the left edge under a heading; what is symmetrical in itself (a formula, a diagram) is centred."""

_HUNG = 0.36
"""Share of the room that it leaves that is above what begins at the left edge: it hangs from its heading."""

EYE = 0.475
"""The height of a frame's optical middle as a share of its height."""
_LIFT = 0.22
"""The most by which a visual rises towards the optical middle, as a share of the room that it leaves above it."""


def most(layout: str) -> float:
    """How far visuals of a kind may be enlarged; 1 for those that stay as they are laid out."""
    return _MOST.get(layout, 1.0)


def growth(layout: str, fragment: Fragment, rect: Rect) -> float:
    """The step by which a visual of this layout's kind is enlarged in a rectangle; 1 where it fills enough of it or
    stretches by itself."""
    if fragment.stretch or fragment.width <= 0 or fragment.height <= 0:
        return 1.0
    fit = min(most(layout), ACROSS * rect.width / fragment.width, DOWN * rect.height / fragment.height)
    return max((step for step in STEPS if step <= fit + 1e-9), default=1.0)


def hung(height: float, rect: Rect) -> float:
    """How far below its rectangle's top a visual of this height begins that hangs from a heading, in px."""
    return _HUNG * max(0.0, rect.height - height)


def lift(height: float, rect: Rect, frame_height: float) -> float:
    """How far above its rectangle's middle a visual of this height stands, in px."""
    spare = max(0.0, rect.height - height)
    low = rect.y + rect.height / 2 - EYE * frame_height
    return max(0.0, min(low, _LIFT * spare / 2))
