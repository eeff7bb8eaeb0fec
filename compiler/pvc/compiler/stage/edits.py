"""Edits of listings: which line of one is which line of another, though it reads differently.

The pieces of a listing's line have morph keys `line:WORDS OF THE LINE:NUMBER`, so that lines that are kept move as
wholes. Here lines that were changed find each other by what they have in common, and their equal pieces as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from pvc.compiler.model.display import Element, Glyphs, Shape

PREFIX = "line:"
ALIKE = 0.5
"""Lines with less in common (Ratcliff and Obershelp's measure, 0..1) are not the same line."""


def of_a_line(element: Element) -> bool:
    return element.morph.startswith(PREFIX)


def _lines(elements: Sequence[Element], indices: Sequence[int]) -> list[tuple[str, list[int]]]:
    """Elements grouped by the line that they belong to, in the order of the lines."""
    found: list[tuple[str, list[int]]] = []
    last = ("", -1)
    for index in indices:
        element = elements[index]
        if of_a_line(element):
            line = (element.morph.rpartition(":")[0], element.order)
            if line != last:
                found.append((line[0].removeprefix(PREFIX), []))
                last = line
            found[-1][1].append(index)
    return found


def _words(element: Element) -> str:
    """What a piece says: its text, or (a glyph of a formula) its outline, by verbs and size."""
    primitive = element.primitive
    if isinstance(primitive, Glyphs):
        return primitive.text
    verbs = primitive.path.verbs if isinstance(primitive, Shape) else ""
    return f"{element.role} {verbs} {element.bounds.width:.1f} {element.bounds.height:.1f}"


def paired(
    old: Sequence[Element], new: Sequence[Element], sources: Sequence[int], targets: Sequence[int]
) -> list[tuple[int, int]]:
    """Equal pieces of lines that were changed, as (index in ``old``, index in ``new``); the order of lines is kept.

    ``sources`` and ``targets`` are the elements that have no partner yet.
    """
    before, after = _lines(old, sources), _lines(new, targets)
    found: list[tuple[int, int]] = []
    for i, j in _aligned([text for text, _ in before], [text for text, _ in after]):
        others, pieces = before[i][1], after[j][1]
        words = [_words(old[index]) for index in others], [_words(new[index]) for index in pieces]
        for block in SequenceMatcher(None, *words, autojunk=False).get_matching_blocks():
            found.extend((others[block.a + step], pieces[block.b + step]) for step in range(block.size))
    return found


def _aligned(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Which line became which, in order, so that together they have the most in common (dynamic programming, as in
    S. Needleman and C. Wunsch, 1970); lines that are not alike have no partner."""

    def alike(i: int, j: int) -> float:
        ratio = SequenceMatcher(None, before[i], after[j], autojunk=False).ratio()
        return ratio if ratio > ALIKE else 0.0

    ratios = [[alike(i, j) for j in range(len(after))] for i in range(len(before))]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in range(len(before) - 1, -1, -1):
        for j in range(len(after) - 1, -1, -1):
            both = ratios[i][j] + best[i + 1][j + 1] if ratios[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], both)
    found = []
    i = j = 0
    while i < len(before) and j < len(after):
        if ratios[i][j] and best[i][j] == ratios[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found
