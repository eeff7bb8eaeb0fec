"""What pure functions make of texts, kept as long as it is likely to be wanted again: by the size of the texts, not by
their number, since what is made of a text is as large as the text is, times some factor."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar, cast

Result = TypeVar("Result")
Key = TypeVar("Key", bound=Hashable)
_MISSING = object()


class Recent(Generic[Key, Result]):
    """The results for the keys asked for last, whose weights together are at most ``most``; the one asked for last is
    kept whatever it weighs."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._known: OrderedDict[Key, tuple[Result, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, weight: int, make: Callable[[], Result]) -> Result:
        """The result for a key: the one that is kept, else what ``make`` makes."""
        with self._lock:
            kept = self._known.get(key, _MISSING)
            if kept is not _MISSING:
                self._known.move_to_end(key)
                return cast(tuple[Result, int], kept)[0]
        made = make()
        with self._lock:
            if key not in self._known:
                self._known[key] = made, weight
                self._weight += weight
            while self._weight > self._most and len(self._known) > 1:
                _, (_, lighter) = self._known.popitem(last=False)
                self._weight -= lighter
        return made

    def clear(self) -> None:
        with self._lock:
            self._known.clear()
            self._weight = 0

    @property
    def weight(self) -> int:
        return self._weight


OVERHEAD = 100
"""Characters that an entry weighs beside its text."""


class OfTexts(Generic[Result]):
    """A pure function of a text that remembers results for texts of ``most`` characters together."""

    def __init__(self, make: Callable[[str], Result], most: int) -> None:
        self._make = make
        self._recent: Recent[str, Result] = Recent(most)
        self.__doc__ = make.__doc__

    def __call__(self, text: str) -> Result:
        return self._recent.get(text, len(text) + OVERHEAD, lambda: self._make(text))

    def cache_clear(self) -> None:
        self._recent.clear()

    @property
    def weight(self) -> int:
        """Characters whose results are kept."""
        return self._recent.weight


def of_texts(most: int) -> Callable[[Callable[[str], Result]], OfTexts[Result]]:
    return lambda make: OfTexts(make, most)
