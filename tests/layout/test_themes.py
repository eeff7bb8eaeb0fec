"""The two themes keep what visual design promises: contrast, and categorical colours that colour-blind eyes can part.

Colour blindness is simulated by Machado, Oliveira and Fernandes (2009), severity 1, in linear RGB; differences are
Euclidean distances in OKLab, where 0.02 is just noticeable.
"""

from __future__ import annotations

from itertools import combinations

import pytest
from layout.surroundings import themes

from pvc.compiler.layout.colors import contrast, paint
from pvc.compiler.model.display import Paint

VISION = {
    "usual": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
READ = ("muted", "accent", "warm", "cool", "good", "bad", *(f"category{number}" for number in range(1, 9)))


def _linear(paint: Paint) -> tuple[float, float, float]:
    shares = [channel / 255 for channel in (paint.red, paint.green, paint.blue)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return red, green, blue


def _oklab(linear: tuple[float, float, float]) -> tuple[float, float, float]:
    r, g, b = (max(0.0, channel) for channel in linear)
    lo = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    me = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    sh = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * lo + 0.793617785 * me - 0.0040720468 * sh,
        1.9779984951 * lo - 2.428592205 * me + 0.4505937099 * sh,
        0.0259040371 * lo + 0.7827717662 * me - 0.808675766 * sh,
    )


def _seen(paint: Paint, vision: str) -> tuple[float, float, float]:
    linear = _linear(paint)
    red, green, blue = (sum(f * c for f, c in zip(row, linear, strict=True)) for row in VISION[vision])
    return _oklab((red, green, blue))


@pytest.mark.parametrize("name", ["midnight", "paper"])
@pytest.mark.parametrize("ground", ["background", "surface"])
def test_contrast(name: str, ground: str) -> None:
    theme = themes()[name]
    behind = paint(theme, ground)
    assert contrast(paint(theme, "text"), behind) >= 7.0
    for token in READ:
        assert contrast(paint(theme, token), behind) >= 4.5, token


@pytest.mark.parametrize("name", ["midnight", "paper"])
@pytest.mark.parametrize("vision", sorted(VISION))
def test_categories_differ_for_every_eye(name: str, vision: str) -> None:
    colors = [_seen(paint(themes()[name], f"category{number}"), vision) for number in range(1, 9)]
    least = min(sum((a - b) ** 2 for a, b in zip(one, two, strict=True)) ** 0.5 for one, two in combinations(colors, 2))
    assert least >= 0.05


def test_sizes_are_those_that_can_be_read() -> None:
    for theme in themes().values():
        assert 88 <= theme.size("title") <= 96
        assert 56 <= theme.size("heading") <= 64
        assert 40 <= theme.size("body") <= 44
        assert 30 <= theme.size("code") <= 34
        assert theme.size("label") >= 28
