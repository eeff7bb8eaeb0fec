"""Spans that stay equal when their block moves.

While a talk is checked again and again, a span counts from its block's *anchor*: a number that the block keeps as long
as it keeps its name, far behind every offset of a file. An edit above a block then changes no result about it. What
leaves the checker is put in its place: `placed` turns anchored spans into those of the file as it is now.

A block of which only comments or white space are others than when it was read (`resolve.spacing`) stays as it was, too:
spans count in its old text, and `Moved` says where each word of that stands now.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from pvc.compiler.source import Span

SHIFT = 24
"""Bits for an offset inside a block; no file has that many characters (`parser.LARGEST`)."""

T = TypeVar("T")


class Anchors:
    """Numbers of blocks by (path, key). A number is never given twice. With ``fixed`` (a file that is read once) a
    block's anchor is the place where it stands, and nothing need be put in its place."""

    def __init__(self, fixed: bool = False) -> None:
        self.fixed = fixed
        self._known: dict[tuple[str, str], int] = {}
        self._next = 0

    def of(self, path: str, key: str, start: int) -> int:
        if self.fixed:
            return start
        found = self._known.get((path, key))
        if found is None:
            self._next += 1
            found = self._known[path, key] = self._next << SHIFT
        return found

    def retain(self, path: str, keys: frozenset[str]) -> None:
        """Forgets the blocks of a file that are not among ``keys``, once they are many."""
        if len(self._known) > 64 and len(self._known) > 4 * len(keys):
            self._known = {pair: number for pair, number in self._known.items() if pair[0] != path or pair[1] in keys}


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the words of a block stand, which starts at ``start`` in its file: each was at ``[low, high)`` in the text
    that spans count in, and is at ``[first, last)`` in the text that is there now."""

    start: int
    low: tuple[int, ...]
    high: tuple[int, ...]
    first: tuple[int, ...]
    last: tuple[int, ...]

    def beginning(self, offset: int) -> int:
        """Where what begins at an offset of the old text begins in the file."""
        index = bisect_right(self.low, offset) - 1
        return self.start + (min(self.first[index] + offset - self.low[index], self.last[index]) if index >= 0 else 0)

    def end(self, offset: int) -> int:
        """Where what ends at an offset of the old text ends in the file."""
        index = bisect_left(self.high, offset)
        if index == len(self.high):
            return self.start + (self.last[-1] if self.last else 0)
        return self.start + max(self.last[index] - (self.high[index] - offset), self.first[index])


Starts = Mapping[tuple[str, int], int | Moved]
"""Where blocks stand, by path and the number of their anchor (`anchor >> SHIFT`)."""


_NOWHERE: Starts = {}
_NO_SPAN = Span("", 0, 0)


def unplaced(value: T) -> T:
    """A value that says nothing of places any more: equal for two that differ in them alone."""
    return placed(value, _NOWHERE)


def place(span: Span, starts: Starts) -> Span:
    """A span where its block stands; one of a block that is gone is put at the start of its file."""
    if starts is _NOWHERE:
        return _NO_SPAN
    number = span.start >> SHIFT
    if not number:
        return span
    start = starts.get((span.path, number))
    if start is None:
        return Span(span.path, 0, 0)
    if isinstance(start, Moved):
        base = number << SHIFT
        begin = start.beginning(span.start - base)
        return Span(span.path, begin, max(begin, start.end(span.end - base)))
    shift = start - (number << SHIFT)
    return Span(span.path, span.start + shift, span.end + shift)


def placed(value: T, starts: Starts) -> T:
    """A value with all spans in it put in their places; equal parts are kept, not copied."""
    return _placer(type(value))(value, starts)  # type: ignore[no-any-return, arg-type]


@cache
def _placer(kind: type) -> Callable[[Any, Starts], Any]:
    if kind is Span:
        return place
    if issubclass(kind, tuple):
        return _tuple
    if is_dataclass(kind):
        names = tuple(field.name for field in fields(kind) if _may_hold(str(field.type)))
        return _dataclass(names) if names else _same
    return _same


def _may_hold(annotation: str) -> bool:
    """Whether a field of this type can hold a span, however deep; plain types cannot."""
    return annotation not in ("str", "int", "bool", "float", "Fraction", "str | None", "int | None", "bool | None")


def _same(value: Any, starts: Starts) -> Any:
    return value


def _tuple(value: Any, starts: Starts) -> Any:
    made = None
    for index, old in enumerate(value):
        new = placed(old, starts)
        if new is not old:
            if made is None:
                made = list(value)
            made[index] = new
    return value if made is None else tuple(made)


def _dataclass(names: tuple[str, ...]) -> Callable[[Any, Starts], Any]:
    def run(value: Any, starts: Starts) -> Any:
        changes: dict[str, Any] = {}
        for name in names:
            old = getattr(value, name)
            new = placed(old, starts)
            if new is not old:
                changes[name] = new
        return replace(value, **changes) if changes else value

    return run
