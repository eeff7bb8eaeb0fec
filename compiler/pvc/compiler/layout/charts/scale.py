"""From data to pixels: linear and logarithmic scales with ticks at round numbers.

Ticks come from matplotlib's locators (`matplotlib.ticker`), imported only when a scale is made: 0.13 s once a process.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """``low`` in data is ``start`` in px, ``high`` is ``end``; ``ticks`` in data, all inside [low, high]."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]
    log: bool = False

    def at(self, value: float) -> float:
        """The pixel of a value; a log scale wants it positive."""
        if self.log:
            low, high, value = math.log10(self.low), math.log10(self.high), math.log10(value)
        else:
            low, high = self.low, self.high
        return self.start + (value - low) / (high - low) * (self.end - self.start)

    def spanning(self, start: float, end: float) -> Scale:
        """The same data over other pixels."""
        return Scale(self.low, self.high, start, end, self.ticks, self.log)


def _widened(low: float, high: float) -> tuple[float, float]:
    """A range of some width around a single value."""
    if high - low > 1e-12 * max(abs(low), abs(high)):
        return low, high
    pad = abs(low) * 0.5 or 1.0
    return low - pad, high + pad


def linear_ticks(low: float, high: float, count: int, whole: bool = False) -> tuple[float, ...]:
    """At most ``count`` + 1 round numbers that reach beyond ``low`` and ``high`` or touch them; ``whole``: no fractions
    (of epochs, or years)."""
    from matplotlib.ticker import MaxNLocator

    steps = [1, 2, 5, 10] if whole else [1, 2, 2.5, 5, 10]
    locator = MaxNLocator(nbins=count, steps=steps, min_n_ticks=2, integer=whole)
    step_free = [float(tick) for tick in locator.tick_values(low, high)]
    largest = max(abs(low), abs(high), high - low)
    return tuple(0.0 if abs(tick) < largest * 1e-10 else tick for tick in step_free)


_OVERHANG = 0.4
"""Data may reach beyond the last tick by this share of a step: the next tick would waste more room than it helps."""


def _rounded(low: float, high: float, ticks: Sequence[float]) -> tuple[float, float]:
    """Ends at ticks, or at the data where they reach only a little beyond a tick."""
    inner = [tick for tick in ticks if low <= tick <= high]
    if len(inner) < 2:
        return min(low, ticks[0]), max(high, ticks[-1])
    slack = (inner[1] - inner[0]) * _OVERHANG
    return (
        low if low >= inner[0] - slack else min(low, ticks[0]),
        high if high <= inner[-1] + slack else max(high, ticks[-1]),
    )


def linear(
    values: Sequence[float], start: float, end: float, *, count: int = 5, zero: bool = False, tight: bool = False
) -> Scale:
    """A linear scale over the values, widened to round ticks (``tight``: kept as they are, ticks inside only).

    ``zero``: the scale must show zero, as bars need.
    """
    low, high = min(values, default=0.0), max(values, default=1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
        high = high if high > low else 1.0  # nothing but zeros stands at the foot of an axis
    if not tight:
        low, high = (low, high) if zero and low != high else _widened(low, high)
    low, high = _widened(low, high) if low == high else (low, high)
    whole = high - low >= 2 and all(value == int(value) for value in values)
    ticks = linear_ticks(low, high, max(2, count), whole)
    if not tight:
        low, high = _rounded(low, high, ticks)
    slack = (high - low) * 1e-9
    return Scale(low, high, start, end, tuple(tick for tick in ticks if low - slack <= tick <= high + slack))


def logarithmic(values: Sequence[float], start: float, end: float, *, count: int = 5, decades: bool = False) -> Scale:
    """A log scale over positive values; its ends are the decades around them (``decades``: the lower one truly
    below, so that the least bar has a length) or 1, 2, 5 times one.

    Ticks are decades, with 2 and 5 where there are few of them.
    """
    low, high = min(values, default=1.0), max(values, default=10.0)
    first, last = math.floor(math.log10(low) + 1e-12), math.ceil(math.log10(high) - 1e-12)
    if decades and float(f"1e{first}") >= low * (1 - 1e-12):
        first -= 1
    if first >= last:
        last = first + 1
    stride = max(1, math.ceil((last - first) / max(2, count)))
    subs = (1.0, 2.0, 5.0) if last - first <= 2 else (1.0,)
    candidates = sorted(
        float(f"{sub}e{power}") for power in range(first, last + 1, stride) for sub in (subs if stride == 1 else (1.0,))
    )
    if decades or len(subs) == 1:
        floor, ceiling = float(f"1e{first}"), float(f"1e{last}")
    else:
        floor = max((tick for tick in candidates if tick <= low * (1 + 1e-12)), default=float(f"1e{first}"))
        ceiling = min((tick for tick in candidates if tick >= high * (1 - 1e-12)), default=float(f"1e{last}"))
    if floor >= ceiling:
        floor, ceiling = floor / 2, ceiling * 2
    floor, ceiling = min(floor, low), max(ceiling, high)
    ticks = tuple(tick for tick in candidates if floor * (1 - 1e-9) <= tick <= ceiling * (1 + 1e-9))
    return Scale(floor, ceiling, start, end, ticks, log=True)
