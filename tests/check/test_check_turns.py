"""Scenes made of rows: how many there may be, and what numbers look like in a narration."""

from __future__ import annotations

from fractions import Fraction

from check_worlds import ProjectWorld
from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler.check import check
from pvc.compiler.check.generated import MOST_SCENES
from pvc.compiler.check.interpolation import plain


def test_no_statement_makes_more_scenes_than_anybody_watches() -> None:
    text = 'talk "T" { }\nscene s for n in 1..1000000000 {\n  say "The next one."\n}\n'
    found = check("talk.vid", ProjectWorld({"talk.vid": text}))
    assert [one.code for one in found.diagnostics] == ["PVC0321"]
    assert found.program is not None
    assert len(found.program.scenes) == MOST_SCENES
    assert found.program.scenes[1].id == "s[2]"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_numbers_that_have_an_end_are_said_in_full(number: object) -> None:
    value = Fraction(str(number))
    said = plain(value)
    assert said is not None
    assert Fraction(said) == value
    assert not said.endswith(".")


def test_numbers_without_an_end_are_cut() -> None:
    assert plain(Fraction(1, 3)) == "0.333333"
    assert plain(Fraction(-1, 8)) == "-0.125"
    assert plain(True) is None
