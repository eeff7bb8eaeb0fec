"""Which way text runs: the Unicode bidirectional algorithm (UAX #9) for one paragraph without explicit embeddings.

Rules P2-P3, W1-W7, N1-N2, I1-I2 and L1-L2. Explicit controls (LRE, RLO, isolates ...) are treated as neutrals: nobody
types them into a talk, and ignoring them never loses a character. Paired brackets follow N1/N2 without N0, which
differs only for brackets that enclose text of the opposite direction to both sides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar
from unicodedata import bidirectional

_T = TypeVar("_T")

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_NEUTRAL = frozenset({"B", "S", "WS", "ON", "BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def has_right_to_left(text: str) -> bool:
    return _RIGHT_TO_LEFT.search(text) is not None


def base_level(text: str) -> int:
    """0 where the first letter with a direction runs left to right (or there is none), else 1."""
    for char in text:
        kind = bidirectional(char)
        if kind == "L":
            return 0
        if kind in ("R", "AL"):
            return 1
    return 0


def levels(text: str, base: int) -> list[int]:
    """The embedding level of each character: even runs left to right, odd right to left."""
    kinds = _weak([bidirectional(char) or "L" for char in text], base)
    _neutral(kinds, base)
    result = []
    for kind in kinds:
        if base % 2 == 0:
            result.append(base + (1 if kind == "R" else 2 if kind in ("AN", "EN") else 0))
        else:
            result.append(base + (1 if kind in ("L", "AN", "EN") else 0))
    for index in range(len(text) - 1, -1, -1):  # L1: white space at the end runs with the paragraph
        if not text[index].isspace():
            break
        result[index] = base
    return result


def _weak(kinds: list[str], base: int) -> list[str]:
    edge = "R" if base % 2 else "L"
    before, strong = edge, edge
    for index, kind in enumerate(kinds):  # W1-W3
        if kind == "NSM":
            kind = before
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            kind = "AN"
        before = kind
        kinds[index] = kind
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    for index in range(1, len(kinds) - 1):  # W4
        left, right = kinds[index - 1], kinds[index + 1]
        if (kinds[index] == "ES" and left == right == "EN") or (
            kinds[index] == "CS" and left == right and left in ("EN", "AN")
        ):
            kinds[index] = left
    start = 0
    while start < len(kinds):  # W5, W6
        if kinds[start] != "ET":
            if kinds[start] in ("ES", "CS"):
                kinds[start] = "ON"
            start += 1
            continue
        end = start
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        number = (start > 0 and kinds[start - 1] == "EN") or (end < len(kinds) and kinds[end] == "EN")
        kinds[start:end] = ["EN" if number else "ON"] * (end - start)
        start = end
    strong = edge
    for index, kind in enumerate(kinds):  # W7
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[index] = "L"
    return kinds


def _neutral(kinds: list[str], base: int) -> None:
    edge = "R" if base % 2 else "L"
    start = 0
    while start < len(kinds):
        if kinds[start] not in _NEUTRAL:
            start += 1
            continue
        end = start
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        left = _side(kinds[start - 1]) if start else edge
        right = _side(kinds[end]) if end < len(kinds) else edge
        kinds[start:end] = [left if left == right else edge] * (end - start)
        start = end


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"  # numbers count as R here (N1)


def visual_order(items: Sequence[_T], item_levels: Sequence[int]) -> list[_T]:
    """Items of one line in the order in which they are drawn from left to right (rule L2)."""
    order = list(range(len(items)))
    if not order:
        return []
    for level in range(max(item_levels), 0, -1):
        start = 0
        while start < len(order):
            if item_levels[order[start]] < level:
                start += 1
                continue
            end = start
            while end < len(order) and item_levels[order[end]] >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = end
    return [items[index] for index in order]
