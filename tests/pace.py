"""Time limits that hold on any machine: what takes too long gets another chance, as neighbours come and go, and a slow
machine is measured first, by a loop of fixed work. What is quadratic, or hangs, takes too long every time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

REFERENCE = 0.020
"""Seconds that `_work` takes on the machine where the limits were set, idle."""
CHANCES = 3

T = TypeVar("T")


def _work() -> int:
    table = {str(number): number for number in range(1000)}
    total = 0
    for number in range(200_000):
        total += table[str(number % 1000)]
    return total


def slowness() -> float:
    """How many times slower than the reference this machine is now, at least 1."""
    started = time.process_time()
    _work()
    return max(1.0, (time.process_time() - started) / REFERENCE)


def in_time(seconds: float, work: Callable[[], T]) -> T:
    """What the work gives, if one of a few runs needs no more than so many seconds of a processor (on the machine of
    reference)."""
    taken: list[str] = []
    for _ in range(CHANCES):
        started = time.process_time()
        done = work()
        spent, slow = time.process_time() - started, slowness()
        if spent < seconds * slow:
            return done
        taken.append(f"{spent:.2f} s on a machine {slow:.1f} times slower")
    raise AssertionError(f"more than {seconds:g} s: {'; '.join(taken)}")
