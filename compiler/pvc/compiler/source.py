"""Where text comes from: files and spans in them.

Invariant: a span is in UTF-8-decoded *characters* of the whole file once it reaches a diagnostic. Inside a block the
tree keeps offsets relative to the block, so that an edit above it does not change the block's tree.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters ``[start, end)`` of the file named by ``path`` (as the user spelt it)."""

    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Position:
    """A place for people: line and column count from 1, columns in characters."""

    line: int
    column: int
