"""Canonical form as edits of few lines, so that cursors and folds elsewhere stay."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from pvc.compiler.syntax.spelling import fmt, parse_file

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
    return _replacements(text, done, 0) if done else []


def formatted_part(text: str, path: str, start: int, end: int) -> list[Replacement]:
    """What to replace so that the items which ``[start, end)`` touches look as they do when all is formatted. Whole
    items: half of one in another form might mean something else."""
    done = fmt(text, path).text
    old, new = parse_file(text, path).file.blocks, parse_file(done, path).file.blocks
    if len(old) != len(new):
        return []
    found: list[Replacement] = []
    for before, after in zip(old, new, strict=True):
        body = before.text.strip()
        at = before.start + before.text.index(body)
        if body and at < max(end, start + 1) and start < at + len(body):
            at -= len(text[:at]) - len(text[:at].rstrip(" \t"))
            whole = text[at : before.start + len(before.text.rstrip())]
            found += _replacements(whole, _body(after.text), at)
    return found


def _body(text: str) -> str:
    """A text less what is empty around it; its first line stays indented."""
    lines = text.rstrip().split("\n")
    return "\n".join(lines[next((number for number, line in enumerate(lines) if line.strip()), 0) :])


def _replacements(before: str, after: str, at: int) -> list[Replacement]:
    """What makes one text the other, which begins at an offset; by lines."""
    if before == after:
        return []
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    gone, come = old[first : len(old) - last], new[first : len(new) - last]
    starts = [at + sum(map(len, old[:first]))]
    for line in gone:
        starts.append(starts[-1] + len(line))
    if len(gone) > MOST_COMPARED or len(come) > MOST_COMPARED:
        return [Replacement(starts[0], starts[-1], "".join(come))]
    changes = SequenceMatcher(None, gone, come, autojunk=False).get_opcodes()
    return [
        Replacement(starts[low], starts[high], "".join(come[new_low:new_high]))
        for kind, low, high, new_low, new_high in changes
        if kind != "equal"
    ]
