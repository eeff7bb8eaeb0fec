"""The frame's regions for every format: margins, the zone kept free for captions, header, footer, halves, corners.

All in px of the reference frame. A theme states its spacing for 1920x1080; other formats take it by their own width
(what runs along x) and height (what runs along y). An upright film is seen on phones, under what the player draws over
it, names and buttons at the foot and a bar at the top: its margins keep clear of them. Where a frame is not wide, two
halves lie above each other: `left` is the upper one, `right` the lower.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pvc.compiler.model.display import Rect
from pvc.compiler.model.theme import Theme

UNIT = 8.0
"""The rhythm on which gaps are balanced."""

WIDE = 1.2
"""Width to height from which on halves stand side by side."""
UPRIGHT = 0.8
"""Width to height up to which a film is watched upright on a phone."""
PHONE_TOP, PHONE_BOTTOM, PHONE_SIDE = 0.1, 0.2, 0.06
"""Shares of an upright frame's height and width that players cover: the bar at the top, captions, names and buttons at
the foot (YouTube, TikTok and Instagram draw there in 2025), and a thumb's breadth at the sides."""

_SPACE = {"margin": 96.0, "gutter": 48.0, "caption_zone": 130.0}


@dataclass(frozen=True, slots=True)
class Frame:
    """A format's reference frame with the theme's spacing: ``floor`` is where the zone for captions begins."""

    width: float
    height: float
    margin_x: float
    margin_y: float
    floor: float
    gutter: float

    @property
    def body(self) -> Rect:
        """What is inside the margins and above the captions."""
        return Rect(self.margin_x, self.margin_y, self.width - 2 * self.margin_x, self.floor - self.margin_y)


def snap(value: float) -> float:
    """To the nearest multiple of the rhythm."""
    return round(value / UNIT) * UNIT


def _space(theme: Theme, name: str) -> float:
    return float(dict(theme.space).get(name, Fraction(_SPACE[name])))


def frame(theme: Theme, reference: tuple[int, int], least: float = 0.0) -> Frame:
    """The frame of a format with a theme's spacing; ``least``: px that must be free at its foot."""
    width, height = reference
    margin = _space(theme, "margin") / 1920
    zone = _space(theme, "caption_zone") / 1080 * height
    across, above = snap(margin * width), snap(margin * height)
    below = max(zone, above, snap(least))
    if width / height <= UPRIGHT:
        across = max(across, snap(PHONE_SIDE * width))
        above, below = max(above, snap(PHONE_TOP * height)), max(below, snap(PHONE_BOTTOM * height))
    return Frame(float(width), float(height), across, above, float(height) - below, snap(_space(theme, "gutter")))


def inset(body: Rect, top: float, bottom: float) -> Rect:
    """A body with strips taken off its top and bottom."""
    return Rect(body.x, body.y + top, body.width, max(0.0, body.height - top - bottom))


def named(name: str, stage: Frame, body: Rect, bleeds: bool) -> Rect:
    """A region by its name; the body for a name that is none (the checker has excluded it). ``full`` is the whole frame
    for what ``bleeds`` to its edges (pictures), all inside the margins for the rest."""
    half_width, half_height = (body.width - stage.gutter) / 2, (body.height - stage.gutter) / 2
    right, low = body.right - half_width, body.bottom - half_height
    if stage.width / stage.height < WIDE:
        name = {"left": "top", "right": "bottom"}.get(name, name)
    if name == "full":
        if bleeds:
            return Rect(0.0, 0.0, stage.width, stage.height)
        inside = Rect(stage.margin_x, stage.margin_y, stage.width - 2 * stage.margin_x, 0.0)
        return Rect(inside.x, inside.y, inside.width, stage.height - 2 * stage.margin_y)
    table = {
        "left": Rect(body.x, body.y, half_width, body.height),
        "right": Rect(right, body.y, half_width, body.height),
        "top": Rect(body.x, body.y, body.width, half_height),
        "bottom": Rect(body.x, low, body.width, half_height),
        "top_left": Rect(body.x, body.y, half_width, half_height),
        "top_right": Rect(right, body.y, half_width, half_height),
        "bottom_left": Rect(body.x, low, half_width, half_height),
        "bottom_right": Rect(right, low, half_width, half_height),
    }
    return table.get(name, body)


def beyond(body: Rect, obstacles: list[Rect], gutter: float) -> Rect:
    """The largest part of the body beside what stands in it already; the body itself where hardly anything is left."""
    if not obstacles:
        return body
    left = min(rect.x for rect in obstacles)
    top = min(rect.y for rect in obstacles)
    right = max(rect.right for rect in obstacles)
    bottom = max(rect.bottom for rect in obstacles)
    choices = [
        Rect(body.x, body.y, left - gutter - body.x, body.height),
        Rect(right + gutter, body.y, body.right - right - gutter, body.height),
        Rect(body.x, body.y, body.width, top - gutter - body.y),
        Rect(body.x, bottom + gutter, body.width, body.bottom - bottom - gutter),
    ]
    best = max(choices, key=lambda rect: max(0.0, rect.width) * max(0.0, rect.height))
    if best.width < 0.15 * body.width or best.height < 0.15 * body.height:
        return body
    return best
