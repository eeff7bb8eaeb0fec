"""The engine by itself: queries over numbers that change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler.query import Cancelled, Cycle, Engine, Query

CELLS: dict[str, int] = {}
CELL: Query[str, int] = Query("cell", lambda db, key: CELLS[key], volatile=True)
SIGN: Query[str, int] = Query("sign", lambda db, key: (db.get(CELL, key) > 0) - (db.get(CELL, key) < 0))
SUM: Query[tuple[str, ...], int] = Query("sum", lambda db, key: sum(db.get(SIGN, each) for each in key))
FIRST: Query[tuple[str, ...], str] = Query(
    "first", lambda db, key: next((each for each in key if db.get(SIGN, each) > 0), "")
)


def ran(db: Engine) -> list[str]:
    found = [f"{each.query} {each.label}" for each in db.log or () if each.ran and each.query != "cell"]
    db.log = []
    return found


def test_an_equal_result_stops_the_change() -> None:
    CELLS.update(a=1, b=2)
    db = Engine()
    db.log = []
    assert db.get(SUM, ("a", "b")) == 2
    assert ran(db) == ["sign a", "sign b", "sum ('a', 'b')"]
    CELLS["a"] = 7
    assert db.get(SUM, ("a", "b")) == 2
    assert ran(db) == []  # nothing is looked at twice in one revision
    db.advance()
    assert db.get(SUM, ("a", "b")) == 2
    assert ran(db) == ["sign a"]
    CELLS["b"] = -1
    db.advance()
    assert db.get(SUM, ("a", "b")) == 0
    assert ran(db) == ["sign b", "sum ('a', 'b')"]


def test_only_what_was_asked_for_counts() -> None:
    CELLS.update(a=1, b=1)
    db = Engine()
    assert db.get(FIRST, ("a", "b")) == "a"
    db.log = []
    CELLS["b"] = -3
    db.advance()
    assert db.get(FIRST, ("a", "b")) == "a"
    assert ran(db) == []


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(-2, 2)), max_size=20))
def test_results_are_those_of_a_new_engine(steps: list[tuple[str, int]]) -> None:
    CELLS.update(dict.fromkeys("abcd", 0))
    db = Engine()
    for name, value in steps:
        CELLS[name] = value
        db.advance()
        for key in (("a", "b"), ("b", "c", "d")):
            assert db.get(SUM, key) == Engine().get(SUM, key)
            assert db.get(FIRST, key) == Engine().get(FIRST, key)


def test_cancelled_work_goes_on_where_it_was() -> None:
    CELLS.update(a=1, b=2, c=3)
    db = Engine()
    left = [4]

    def stop() -> bool:
        left[0] -= 1
        return left[0] < 0

    db.cancelled = stop
    with pytest.raises(Cancelled):
        db.get(SUM, ("a", "b", "c"))
    db.cancelled = None
    db.log = []
    assert db.get(SUM, ("a", "b", "c")) == 3
    assert "sign a" not in ran(db)


def test_a_query_that_needs_itself() -> None:
    bad: Query[int, int] = Query("bad", lambda db, key: db.get(bad, key))
    with pytest.raises(Cycle):
        Engine().get(bad, 1)
    known: Query[int, int] = Query("known", lambda db, key: db.get(known, (key + 1) % 500) + 1, cycle=lambda key: 0)
    db = Engine()
    first = db.get(known, 0)
    db.advance()
    assert db.get(known, 0) == first == 500


def test_a_failure_leaves_nothing_behind() -> None:
    CELLS.update(a=1)
    fails = [True]

    def run(db: Engine, key: str) -> int:
        value = db.get(CELL, key)
        if fails[0]:
            raise OSError("away")
        return value

    query: Query[str, int] = Query("fails", run)
    db = Engine()
    with pytest.raises(OSError, match="away"):
        db.get(query, "a")
    assert not db.active
    fails[0] = False
    assert db.get(query, "a") == 1


def test_what_nobody_needs_is_forgotten() -> None:
    CELLS.update({f"k{number}": number for number in range(300)})
    db = Engine()
    for number in range(300):
        db.get(SIGN, f"k{number}")
    db.sweep([(SIGN, "k7")], most=100)
    assert db.size == 2
    db.log = []
    db.get(SIGN, "k7")
    assert ran(db) == []
