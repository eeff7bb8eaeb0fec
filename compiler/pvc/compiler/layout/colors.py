"""Colours of figures: the theme's tokens as paints, mixed in OKLab, chosen by concept, and kept readable.

Mixing happens in OKLab (B. Ottosson, "A perceptual color space for image processing", 2020), so that the steps of a
heatmap look equally wide; contrast is WCAG 2.2's ratio (relative luminance, success criterion 1.4.3).
"""

from __future__ import annotations

import math
import re
from functools import cache

from pvc.compiler.layout.component import Env
from pvc.compiler.model.display import Paint
from pvc.compiler.model.theme import Theme
from pvc.compiler.model.values import Color, Token

CATEGORIES = 8
"""How many categorical colours a theme has."""

LABEL_CONTRAST = 4.5
"""The least WCAG ratio of a label to what is behind it."""


def paint(theme: Theme, token: str, alpha: int = 255) -> Paint:
    """A theme's token as a paint; ``alpha`` multiplies its own."""
    color = theme.color(token)
    return Paint(color.red, color.green, color.blue, color.alpha * alpha // 255)


def resolved(theme: Theme, color: Token | Color) -> Paint:
    """A colour as written in a talk, symbolic or not."""
    if isinstance(color, Token):
        return paint(theme, color.name)
    return Paint(color.red, color.green, color.blue, color.alpha)


def category(theme: Theme, index: int) -> Paint:
    """The categorical colour of the series with this index (from 0); they repeat after the eighth."""
    return paint(theme, f"category{index % CATEGORIES + 1}")


def _linear(code: int) -> float:
    share = code / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _code(linear: float) -> int:
    share = 12.92 * linear if linear <= 0.0031308 else 1.055 * max(linear, 0.0) ** (1 / 2.4) - 0.055
    return min(255, max(0, round(share * 255)))


def luminance(color: Paint) -> float:
    """WCAG relative luminance, 0..1; alpha is not looked at."""
    return 0.2126 * _linear(color.red) + 0.7152 * _linear(color.green) + 0.0722 * _linear(color.blue)


def contrast(first: Paint, second: Paint) -> float:
    """WCAG contrast ratio, 1..21."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _oklab(color: Paint) -> tuple[float, float, float]:
    r, g, b = _linear(color.red), _linear(color.green), _linear(color.blue)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


ALIKE = 0.08
"""Colours nearer than this in OKLab may be taken for each other."""


def distance(first: Paint, second: Paint) -> float:
    """How far apart two colours look: Euclidean in OKLab (black to white is 1)."""
    return math.dist(_oklab(first), _oklab(second))


def mix(first: Paint, second: Paint, share: float) -> Paint:
    """``first`` at share 0, ``second`` at 1, along a straight line in OKLab; alpha is mixed linearly."""
    one, two = _oklab(first), _oklab(second)
    light, a, b = (x + (y - x) * share for x, y in zip(one, two, strict=True))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return Paint(
        _code(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _code(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _code(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
        round(first.alpha + (second.alpha - first.alpha) * share),
    )


def readable(color: Paint, ground: Paint, text: Paint, ratio: float = LABEL_CONTRAST) -> Paint:
    """The colour, moved towards ``text`` by tenths until it stands out from ``ground``, so that a label in its series'
    colour keeps its hue but can be read. ``text`` itself where nothing less does."""
    for tenth in range(10):
        candidate = mix(color, text, tenth / 10)
        if contrast(candidate, ground) >= ratio:
            return candidate
    return text


def ink_on(ground: Paint, theme: Theme) -> Paint:
    """The theme's text or background colour, whichever reads better on ``ground``; black or white where neither is
    enough (one of these always is: at least 4.58)."""
    own = max(paint(theme, "text"), paint(theme, "background"), key=lambda color: contrast(color, ground))
    if contrast(own, ground) >= LABEL_CONTRAST:
        return own
    return max(Paint(0, 0, 0), Paint(255, 255, 255), key=lambda color: contrast(color, ground))


LETTERED = 5.5
"""The least ratio of a number to the filled shape that it stands on: thin figures on a middling colour are hard to read
at `LABEL_CONTRAST`."""


def lettered(ground: Paint, theme: Theme) -> tuple[Paint, Paint]:
    """(ground, ink): the ground moved as little as need be, towards black under light ink or white under dark, until
    what is written on it reads at `LETTERED`. Colours that are light or dark enough stay as they are."""
    own = (paint(theme, "text"), paint(theme, "background"))
    ink = max(own, key=lambda color: contrast(color, ground))
    if contrast(ink, ground) < LETTERED:
        ink = max((*own, Paint(0, 0, 0), Paint(255, 255, 255)), key=lambda color: contrast(color, ground))
    away = Paint(0, 0, 0) if luminance(ink) > luminance(ground) else Paint(255, 255, 255)
    moved = ground
    for step in range(1, 21):
        if contrast(ink, moved) >= LETTERED:
            break
        moved = mix(ground, away, step / 40)
    return moved, ink


def receding(theme: Theme) -> Paint:
    """The colour of what steps back while something else speaks."""
    return mix(paint(theme, "background"), paint(theme, "muted"), 0.6)


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + r")(?!\w)", re.IGNORECASE)


def concept_color(env: Env, label: str) -> tuple[str, Paint] | None:
    """(name, colour) of the concept that a label speaks of: its name or one of its words occurs in it as a whole word.

    The concept whose word stands first wins, then the one declared first.
    """
    found: list[tuple[int, int, str, Paint]] = []
    for index, concept in enumerate(env.concepts):
        match = _pattern((concept.name, *concept.words)).search(label)
        if match:
            found.append((match.start(), index, concept.name, resolved(env.theme, concept.color)))
    if not found:
        return None
    _, _, name, color = min(found, key=lambda item: item[:2])
    return name, color


def concept_parts(env: Env, *labels: str) -> tuple[str, ...]:
    """The selectors of the concepts that labels speak of, so that `highlight query` finds what is drawn for them."""
    found = (concept_color(env, label) for label in labels if label)
    return tuple(dict.fromkeys(f"concept:{concept[0]}" for concept in found if concept))
