"""Time limits that hold on any machine: a busy or slow one is measured first, by a loop of fixed work."""

from __future__ import annotations

import time

REFERENCE = 0.020
"""Seconds that `_work` takes on the machine where the limits were set, idle."""


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
