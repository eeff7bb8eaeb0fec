"""The bidirectional algorithm on cases that can be checked by eye. Hebrew letters stand for right-to-left text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler.text.bidi import base_level, has_right_to_left, levels, visual_order

ALEF, BET, GIMEL = "\u05d0", "\u05d1", "\u05d2"


def drawn(text: str) -> str:
    """Characters from left to right as they are drawn."""
    base = base_level(text)
    return "".join(visual_order(list(text), levels(text, base)))


@pytest.mark.parametrize(
    ("logical", "visual"),
    [
        ("abc", "abc"),
        (f"{ALEF}{BET}{GIMEL}", f"{GIMEL}{BET}{ALEF}"),
        (f"ab {ALEF}{BET} cd", f"ab {BET}{ALEF} cd"),
        (f"{ALEF} ab {BET}", f"{BET} ab {ALEF}"),
        # Numbers run left to right inside right-to-left text.
        (f"{ALEF} 123 {BET}", f"{BET} 123 {ALEF}"),
        (f"{ALEF} 1.5 {BET}", f"{BET} 1.5 {ALEF}"),
        # A full stop at the end belongs to the paragraph, not to the last word.
        (f"{ALEF} ab.", f".ab {ALEF}"),
        (f"ab {ALEF}.", f"ab {ALEF}."),
        # Neutral characters between two of one direction go along with them.
        (f"ab {ALEF}, {BET} cd", f"ab {BET} ,{ALEF} cd"),
        # Arabic digits after Arabic letters; a percent sign stays with its number.
        (f"{ALEF} 50%", f"50% {ALEF}"),
        ("", ""),
    ],
)
def test_order(logical: str, visual: str) -> None:
    assert drawn(logical) == visual


@given(st.text(alphabet="ab 12.,-" + ALEF + BET + "\u0627\u0628\u0661", max_size=24))
def test_every_character_is_drawn_once(text: str) -> None:
    assert sorted(drawn(text)) == sorted(text)


def test_plain_text_is_known_without_the_algorithm() -> None:
    assert not has_right_to_left("Größe, naïve, Ελληνικά, Привет 123")
    assert has_right_to_left("x مرحبا")
