"""Canonical form as edits of few lines, so that cursors and folds elsewhere stay."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from pvc.compiler.syntax.spelling import fmt

MOST_COMPARED = 4000
"""Lines between the first and the last difference up to which edits are made small."""


@dataclass(frozen=True, slots=True)
class Replacement:
    start: int
    end: int
    text: str


def formatted(text: str, path: str) -> list[Replacement]:
    """What to replace so that ``text`` is in canonical form. Blocks with errors stay as they are; in the YAML twin all
    of the file does, since an error there may reach anywhere."""
    done = fmt(text, path).text
    if done == text or not done:
        return []
    old, new = text.splitlines(keepends=True), done.splitlines(keepends=True)
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    before, after = old[first : len(old) - last], new[first : len(new) - last]
    starts = [sum(map(len, old[:first]))]
    for line in before:
        starts.append(starts[-1] + len(line))
    if len(before) > MOST_COMPARED or len(after) > MOST_COMPARED:
        return [Replacement(starts[0], starts[-1], "".join(after))]
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [
        Replacement(starts[low], starts[high], "".join(after[new_low:new_high]))
        for kind, low, high, new_low, new_high in changes
        if kind != "equal"
    ]
