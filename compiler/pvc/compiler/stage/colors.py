"""Colours of the theme as paints, and how well one can be read on another."""

from __future__ import annotations

from pvc.compiler.model.display import Paint
from pvc.compiler.model.theme import Theme
from pvc.compiler.model.values import Color, Token

TEXT_RATIO = 4.5
"""Least contrast of text: WCAG 2.2, success criterion 1.4.3 (AA)."""
GRAPHIC_RATIO = 3.0
"""Least contrast of graphical objects: WCAG 2.2, success criterion 1.4.11 (AA)."""


def paint(color: Color | Token, theme: Theme) -> Paint:
    """A colour as a paint; a token that the theme lacks is its text colour (the checker has excluded it)."""
    if isinstance(color, Token):
        try:
            color = theme.color(color.name)
        except KeyError:
            color = theme.color("text")
    return Paint(color.red, color.green, color.blue, color.alpha)


def over(top: Paint, ground: Paint) -> Paint:
    """What is seen of a paint over an opaque ground (source-over in code values, as painters do it)."""
    share = top.alpha / 255

    def mix(own: int, other: int) -> int:
        return round(own * share + other * (1 - share))

    return Paint(mix(top.red, ground.red), mix(top.green, ground.green), mix(top.blue, ground.blue))


def luminance(color: Paint) -> float:
    """Relative luminance of an opaque sRGB colour, 0..1: WCAG 2.2, definition "relative luminance"."""

    def linear(code: int) -> float:
        value = code / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)


def contrast(front: Paint, ground: Paint) -> float:
    """The contrast ratio, 1..21, of a paint on an opaque ground: WCAG 2.2, definition "contrast ratio"."""
    first, second = luminance(over(front, ground)), luminance(ground)
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def legible(color: Paint, ground: Paint, ratio: float) -> Paint:
    """The colour itself, or the nearest mix of it with white or black that reaches a contrast ratio on its ground."""
    if contrast(color, ground) >= ratio:
        return color
    end = 255 if luminance(ground) < 0.18 else 0
    for step in range(1, 21):
        share = step / 20

        def mix(own: int, share: float = share) -> int:
            return round(own + (end - own) * share)

        mixed = Paint(mix(color.red), mix(color.green), mix(color.blue), color.alpha)
        if contrast(mixed, ground) >= ratio:
            return mixed
    return Paint(end, end, end, color.alpha)
