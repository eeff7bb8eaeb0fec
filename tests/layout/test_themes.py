"""The themes keep what visual design promises: contrast, and categorical colours that colour-blind eyes can part.

Colour blindness is simulated by Machado, Oliveira and Fernandes (2009), severity 1, in linear RGB; differences are
CIEDE2000 (Sharma, Wu and Dalal, 2005), where 1 is just noticeable side by side and 10 is told apart at a glance.
"""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from layout.surroundings import themes

from pvc.compiler.layout.colors import contrast, paint
from pvc.compiler.model.display import Paint
from pvc.compiler.stage.colors import over

VISION = {
    "usual": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
READ = ("muted", "accent", "warm", "cool", "good", "bad")
NAMES = ("midnight", "paper", "editorial", "chalk", "contrast", "journal")
CATEGORIES = tuple(f"category{number}" for number in range(1, 9))

Lab = tuple[float, float, float]
_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.072175), (0.0193339, 0.119192, 0.9503041))
_WHITE = (0.95047, 1.0, 1.08883)


def _linear(paint: Paint) -> Lab:
    shares = [channel / 255 for channel in (paint.red, paint.green, paint.blue)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return red, green, blue


def _lab(paint: Paint, vision: str) -> Lab:
    """CIELAB under D65 of a colour as a kind of eye sees it."""
    linear = _linear(paint)
    seen = [min(1.0, max(0.0, sum(f * c for f, c in zip(row, linear, strict=True)))) for row in VISION[vision]]
    x, y, z = (
        sum(f * c for f, c in zip(row, seen, strict=True)) / white for row, white in zip(_XYZ, _WHITE, strict=True)
    )

    def root(share: float) -> float:
        return share ** (1 / 3) if share > 216 / 24389 else (24389 / 27 * share + 16) / 116

    return 116 * root(y) - 16, 500 * (root(x) - root(y)), 200 * (root(y) - root(z))


def ciede2000(first: Lab, second: Lab) -> float:
    """Equations 2 to 22 of Sharma, Wu and Dalal, with all weights 1."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + 25**7))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1 = math.degrees(math.atan2(b1, a1 * stretch)) % 360
    h2 = math.degrees(math.atan2(b2, a2 * stretch)) % 360
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    middle = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    wave = (
        1
        - 0.17 * math.cos(math.radians(middle - 30))
        + 0.24 * math.cos(math.radians(2 * middle))
        + 0.32 * math.cos(math.radians(3 * middle + 6))
        - 0.2 * math.cos(math.radians(4 * middle - 63))
    )
    for_light = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    for_chroma, for_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * wave
    spin = math.radians(60 * math.exp(-(((middle - 275) / 25) ** 2)))
    rotation = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7)) * math.sin(spin)
    dl, dc, dh = (l2 - l1) / for_light, (c2 - c1) / for_chroma, hue / for_hue
    return math.sqrt(dl * dl + dc * dc + dh * dh + rotation * dc * dh)


@pytest.mark.parametrize(
    ("first", "second", "expected"),  # pairs 1, 4, 9, 17, 20 and 25 of the paper's table
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
        ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_the_distance_is_that_of_the_paper(first: Lab, second: Lab, expected: float) -> None:
    assert ciede2000(first, second) == pytest.approx(expected, abs=1e-4)


def test_these_are_all() -> None:
    assert set(NAMES) == set(themes())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ground", ["background", "surface"])
def test_contrast(name: str, ground: str) -> None:
    theme = themes()[name]
    behind = paint(theme, ground)
    assert contrast(paint(theme, "text"), behind) >= 7.0
    for token in READ:
        assert contrast(paint(theme, token), behind) >= 4.5, token


@pytest.mark.parametrize("name", NAMES)
def test_categories_stand_out_from_the_background(name: str) -> None:
    theme = themes()[name]
    for token in CATEGORIES:
        assert contrast(paint(theme, token), paint(theme, "background")) >= 3.0, token


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("vision", sorted(VISION))
def test_categories_differ_for_every_eye(name: str, vision: str) -> None:
    seen = [_lab(paint(themes()[name], token), vision) for token in CATEGORIES]
    least = min(ciede2000(one, two) for one, two in combinations(seen, 2))
    assert least >= (18.0 if vision == "usual" else 12.0)


@pytest.mark.parametrize("name", NAMES)
def test_captions_can_be_read_on_white_and_on_black(name: str) -> None:
    style = dict(themes()[name].style)
    ink, box = (_color(style[f"caption_{part}"]) for part in ("color", "background"))
    for behind in (Paint(0, 0, 0), Paint(255, 255, 255)):
        assert contrast(ink, over(box, behind)) >= 4.5


def _color(code: str) -> Paint:
    values = [int(code[index : index + 2], 16) for index in range(1, len(code), 2)]
    return Paint(*values)


def test_a_theme_may_square_its_corners() -> None:
    radii = {name: themes()[name].corners for name in NAMES}
    assert radii["midnight"] == 1.0
    assert radii["contrast"] == 0.0


def test_titles_have_a_family_of_their_own_where_a_theme_says_so() -> None:
    assert themes()["editorial"].font("display") == "Source Serif Pro"
    assert themes()["editorial"].font("sans") == "Source Sans Pro"
    assert themes()["midnight"].font("display") == themes()["midnight"].font("sans")


def test_sizes_are_those_that_can_be_read() -> None:
    for theme in themes().values():
        assert 88 <= theme.size("title") <= 96
        assert 56 <= theme.size("heading") <= 64
        assert 40 <= theme.size("body") <= 44
        assert 30 <= theme.size("code") <= 34
        assert theme.size("label") >= 28
