"""A theme after inheritance: plain tokens. Numbers are pixels of the reference frame or seconds.

Tokens by group: ``colors`` (background, surface, text, muted, rule, accent, warm, cool, good, bad,
category1..category8), ``type`` (title, heading, body, small, code, label: sizes in px; leading: a factor), ``fonts``
(sans, serif, mono, math: family names; display: that of titles and headings, else sans), ``space`` (margin, gutter,
unit, caption_zone: px), ``motion`` (enter, exit, morph, camera, stagger, transition, lead, sentence_gap, scene_gap:
seconds), ``caption`` (size px, colour tokens), ``style`` (anything else: words; corners: a factor).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pvc.compiler.model.values import Color


@dataclass(frozen=True, slots=True)
class Theme:
    name: str
    colors: tuple[tuple[str, Color], ...]
    type: tuple[tuple[str, Fraction], ...]
    fonts: tuple[tuple[str, str], ...]
    space: tuple[tuple[str, Fraction], ...]
    motion: tuple[tuple[str, Fraction], ...]
    style: tuple[tuple[str, str], ...] = ()

    def color(self, name: str) -> Color:
        """The colour of a token; KeyError where the theme has none of that name (the checker has excluded it)."""
        return dict(self.colors)[name]

    def size(self, name: str) -> float:
        """A type size in reference pixels."""
        return float(dict(self.type)[name])

    def seconds(self, name: str) -> Fraction:
        """A time of the motion group, exact."""
        return dict(self.motion)[name]

    def font(self, role: str) -> str:
        families = dict(self.fonts)
        return families.get("display", families["sans"]) if role == "display" else families[role]

    @property
    def corners(self) -> float:
        """How round corners are, as a factor of what they are by themselves: ``style { corners = 0 }`` squares them."""
        try:
            return max(0.0, min(4.0, float(Fraction(dict(self.style).get("corners", "1")))))
        except (ValueError, ZeroDivisionError):
            return 1.0
