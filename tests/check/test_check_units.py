"""Laws of the algebra of quantities."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler.check import units
from pvc.compiler.check.units import Mismatch, Quantity
from pvc.compiler.model.values import Angle, Duration, Length

FPS = Fraction(30000, 1001)
EXACT = st.fractions(min_value=-1000, max_value=1000, max_denominator=1000)
NUMBERS = st.one_of(st.integers(-1000, 1000), EXACT)
DURATIONS = st.one_of(EXACT.map(Duration), st.integers(-5000, 5000).map(lambda n: Duration(Fraction(0), n)))
LENGTHS = st.builds(Length, EXACT, st.sampled_from(units.LENGTHS))
ANGLES = EXACT.map(Angle)
QUANTITIES = st.one_of(NUMBERS, DURATIONS, LENGTHS, ANGLES)


def equal(left: Quantity | Mismatch, right: Quantity | Mismatch) -> bool:
    assert not isinstance(left, Mismatch)
    assert not isinstance(right, Mismatch)
    return units.compare("==", left, right, FPS) is True


@given(QUANTITIES, QUANTITIES)
def test_addition_commutes_or_fails_both_ways(left: Quantity, right: Quantity) -> None:
    one, other = units.add(left, right, FPS), units.add(right, left, FPS)
    assert isinstance(one, Mismatch) == isinstance(other, Mismatch)
    if not isinstance(one, Mismatch):
        assert equal(one, other)


@given(QUANTITIES, QUANTITIES)
def test_what_is_added_can_be_taken_away(left: Quantity, right: Quantity) -> None:
    total = units.add(left, right, FPS)
    if not isinstance(total, Mismatch):
        assert equal(units.add(total, right, FPS, -1), left)


@given(QUANTITIES, QUANTITIES)
def test_only_one_kind_is_added_and_only_one_unit_compared(left: Quantity, right: Quantity) -> None:
    same = units.kind_of(left) == units.kind_of(right)
    assert isinstance(units.add(left, right, FPS), Mismatch) == (not same)
    if isinstance(left, Length) and isinstance(right, Length):
        same = left.unit == right.unit or not left.value or not right.value
    assert isinstance(units.compare("<", left, right, FPS), Mismatch) == (not same)


@given(st.lists(LENGTHS, min_size=1, max_size=5), st.permutations(range(5)))
def test_lengths_add_up_in_any_order(lengths: list[Length], order: list[int]) -> None:
    def total(each: list[Length]) -> Quantity | Mismatch:
        found: Quantity | Mismatch = each[0]
        for one in each[1:]:
            assert not isinstance(found, Mismatch)
            found = units.add(found, one, FPS)
        return found

    one, other = total(lengths), total([lengths[index] for index in order if index < len(lengths)])
    assert isinstance(one, Length)
    assert isinstance(other, Length)
    sizes = {"%": 12, "px": 1, "em": 40}  # of some frame
    assert sum(value * sizes[unit] for value, unit in units.terms_of(one)) == sum(
        each.value * sizes[each.unit] for each in lengths
    )
    assert units.compare("==", one, other, FPS) is True


@given(QUANTITIES, NUMBERS.filter(bool))
def test_multiplying_is_undone_by_dividing(value: Quantity, factor: int | Fraction) -> None:
    product = units.multiply(value, factor, FPS)
    assert not isinstance(product, Mismatch)
    assert equal(units.divide(product, factor, FPS), value)
    assert units.kind_of(product) == units.kind_of(value)


@given(QUANTITIES, QUANTITIES)
def test_a_ratio_is_a_number_that_gives_the_one_from_the_other(left: Quantity, right: Quantity) -> None:
    ratio = units.divide(left, right, FPS)
    if isinstance(ratio, Mismatch) or units.kind_of(right) == "number":
        return
    assert units.kind_of(ratio) == "number"
    assert equal(units.multiply(right, ratio, FPS), left)


@given(QUANTITIES)
def test_negation_is_its_own_inverse_and_zero_is_no_divisor(value: Quantity) -> None:
    assert equal(units.negate(units.negate(value)), value)
    nothing = units.add(value, value, FPS, -1)
    assert not isinstance(nothing, Mismatch)
    assert isinstance(units.divide(value, nothing, FPS), Mismatch)


@given(st.integers(0, 10_000), st.sampled_from([Fraction(24), Fraction(30), FPS]))
def test_frames_meet_seconds_at_the_frame_rate(frames: int, fps: Fraction) -> None:
    total = units.add(Duration(Fraction(0), frames), Duration(Fraction(1)), fps)
    assert total == Duration(Fraction(frames) / fps + 1)


def test_numbers_as_written() -> None:
    assert units.quantity(Decimal("3"), None) == 3
    assert isinstance(units.quantity(Decimal("3"), None), int)
    assert units.quantity(Decimal("0.1"), None) == Fraction(1, 10)
    assert units.quantity(Decimal("300"), "ms") == Duration(Fraction(3, 10))
    assert units.quantity(Decimal("2"), "min") == Duration(Fraction(120))
    assert units.quantity(Decimal("12"), "f") == Duration(Fraction(0), 12)
    assert units.quantity(Decimal("0.25"), "turn") == Angle(Fraction(90))
    for bad in (("1.5", "f"), ("1", "kg"), ("1e999999999", None), ("1e-99999", "s")):
        assert isinstance(units.quantity(Decimal(bad[0]), bad[1]), Mismatch)
