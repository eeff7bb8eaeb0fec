"""Canonical bytes: one for each value, readable again, never the same for two."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler.codec import Undecodable, decode
from pvc.compiler.digest import canonical, code_digest, digest_of
from pvc.compiler.model.values import Code, Color, Length, Tex, Value

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=8),
    st.fractions(),
    st.floats(allow_nan=False),
    st.binary(max_size=8),
    st.builds(Tex, st.text(max_size=4)),
    st.builds(Color, *[st.integers(0, 255)] * 4),
    st.builds(Length, st.fractions(), st.sampled_from(["px", "em"])),
    st.builds(Code, st.text(max_size=4), st.text(max_size=4)),
)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4).map(tuple), max_leaves=12)


@given(values)
def test_values_come_back_as_they_were(value: Value) -> None:
    again = decode(canonical(value))
    assert again == value
    assert canonical(again) == canonical(value)


def typed(value: object) -> object:
    """The value with its types, so that 1 == True == 1.0 does not hide a difference."""
    if isinstance(value, tuple):
        return ("tuple", *(typed(item) for item in value))
    return (type(value).__name__, repr(value))


@given(values, values)
def test_different_values_have_different_bytes(one: Value, two: Value) -> None:
    assert (canonical(one) == canonical(two)) == (typed(one) == typed(two))


def test_a_list_that_looks_like_a_value_is_not_it() -> None:
    assert digest_of(("Tex", "x")) != digest_of(Tex("x"))
    assert digest_of(("Fraction", "1", "2")) != digest_of(Fraction(1, 2))


def test_a_decimal_is_the_fraction_it_equals() -> None:
    assert canonical(Decimal("0.5")) == canonical(Fraction(1, 2))


@pytest.mark.parametrize("bad", [{1: 2}, ({},), Tex({}), {1}, object(), Tex], ids=lambda bad: type(bad).__name__)  # type: ignore[arg-type]
def test_what_has_no_canonical_form_is_refused(bad: object) -> None:
    with pytest.raises(TypeError):
        canonical(bad)


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        value = decode(data)
    except Undecodable:
        return
    assert canonical(decode(canonical(value))) == canonical(value)


def test_unknown_classes_are_refused() -> None:
    import msgpack

    with pytest.raises(Undecodable):
        decode(msgpack.packb({"Path": ["a", "b", "c", "d", "e"]}))
    with pytest.raises(Undecodable):
        decode(msgpack.packb({"SystemExit": [1]}))


def test_code_has_a_digest_without_being_imported() -> None:
    import sys

    before = set(sys.modules)
    assert code_digest(["pvc.compiler.clock"]) != code_digest(["pvc.compiler.source"])
    assert code_digest(["pvc.compiler.source", "pvc.compiler.clock"]) == code_digest(
        ["pvc.compiler.clock", "pvc.compiler.source"]
    )
    assert not {name for name in set(sys.modules) - before if name.startswith("pvc.")}
    with pytest.raises(ModuleNotFoundError):
        code_digest(["pvc.compiler.nothing_of_that_name"])
