"""Canonical selectors of parts, taken apart: `cards[2].formula.tex:QK^\\top`.

Between dots stand the parts of visuals that are made of others, outermost first; the last is what the innermost visual
calls its own part.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SEGMENT = re.compile(r'[^\W\d]\w*(?:\[(?:\d+(?:\.\.\d+)?|"(?:[^"\\]|\\.)*")\])?')
_FREE = ("tex:", "concept:")


@lru_cache(maxsize=4096)
def segments(selector: str) -> tuple[str, ...]:
    """The parts between the dots; what cannot be taken apart is one."""
    found: list[str] = []
    at = 0
    while at < len(selector):
        match = None if selector.startswith(_FREE, at) else _SEGMENT.match(selector, at)
        if match is None or (match.end() < len(selector) and selector[match.end()] != "."):
            found.append(selector[at:])
            break
        found.append(match[0])
        at = match.end() + 1
    return tuple(found)


def outer(selector: str) -> str:
    """What stands before the last part, with its dot; empty for a visual's own part."""
    return selector[: len(selector) - len(segments(selector)[-1])] if selector else ""


def single(selector: str) -> bool:
    """Whether it is a visual's own part, not one of a visual inside it."""
    return len(segments(selector)) == 1


def head(selector: str) -> str:
    """The word that a selector begins with: `cards` of `cards[2]`, `tex` of `tex:x`."""
    match = re.match(r"\w+", selector)
    return match[0] if match else selector


def joined(first: str, rest: str) -> str:
    return f"{first}.{rest}"
