"""What a build tells whoever watches it: plain values, in order, from one thread at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase begins: `check`, `voice`, `layout`, `pictures`, `sound`, `finish`."""

    name: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A node of the graph is wanted; ``cost`` is the estimate in seconds, 0 where it is ``cached``."""

    kind: str
    label: str
    cached: bool
    cost: float


@dataclass(frozen=True, slots=True)
class Started:
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A node has run; ``seconds`` by the clock, ``cost`` as it was estimated."""

    kind: str
    label: str
    seconds: float
    cost: float


Event: TypeAlias = Phase | Wanted | Started | Finished
Watch: TypeAlias = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Watches nothing."""
