"""What can be written at the cursor: single things, and many in an order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

_BEHIND = re.compile(r"^\w*[ \t]*")


@dataclass(frozen=True, slots=True)
class Item:
    """``kind`` is the language's word for what it is; ``text`` replaces the prefix at the cursor."""

    label: str
    kind: str
    detail: str = ""
    doc: str = ""
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """``items`` replace the characters from ``start`` to the cursor."""

    items: tuple[Item, ...]
    start: int


def ranked(items: Iterable[Item], wanted: str) -> tuple[Item, ...]:
    """The items that fit what is written, each once: those that begin with it first. Some editors show them in this
    order, others by their own rules."""
    unique: dict[str, Item] = {}
    for each in items:
        if fits(each.label, wanted):
            unique.setdefault(each.label, each)
    return tuple(sorted(unique.values(), key=lambda each: _distance(each.label, wanted)))


def _distance(label: str, wanted: str) -> int:
    for rank, (one, other) in enumerate(((label, wanted), (label.casefold(), wanted.casefold()))):
        if one.lstrip('\\"').startswith(other.lstrip('\\"')):
            return rank
    return 2 if wanted.casefold() in label.casefold() else 3


def beside(items: Iterable[Item], rest: str) -> Iterator[Item]:
    """The items, less what stands behind the cursor already: the `:` of an argument, the `=` of a setting."""
    rest = _BEHIND.sub("", rest)
    for each in items:
        if rest[:1] in (":", "=") and each.text is not None and rest[0] in each.text and rest[:2] != "==":
            yield replace(each, text=each.text[: each.text.index(rest[0])].rstrip())
        elif rest[:1] != "`" or "`" not in (each.text or each.label):
            yield each


def fits(label: str, wanted: str) -> bool:
    """Whether the letters wanted occur in the label in their order, the first one first."""
    if not wanted:
        return True
    label, wanted = label.casefold(), wanted.casefold()
    if label[:1] != wanted[0] and not label.startswith(wanted):
        return wanted in label
    rest = iter(label)
    return all(letter in rest for letter in wanted)
