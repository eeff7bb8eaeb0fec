"""The nearest name to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable


def distance(first: str, second: str, bound: int) -> int:
    """Optimal string alignment distance (edits and swaps of neighbours, each once); ``bound + 1`` where it is more."""
    if abs(len(first) - len(second)) > bound:
        return bound + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > bound:
            return bound + 1
    return min(row[-1], bound + 1)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was most likely meant, None where none is near. Case is half forgiven; ties go to the first
    in alphabetical order, so that messages do not depend on the order of declarations."""
    # Of a name of one letter nothing is left when that is another one: only its case can be wrong.
    bound = max(1, (len(name) + 1) // 3) if len(name) > 1 else 0
    best: tuple[int, str] | None = None
    lowered = name.casefold()
    for other in sorted(set(known)):
        folded = other.casefold()
        if folded == lowered:
            return other
        far = distance(lowered, folded, bound)
        if (
            far > bound
            and len(lowered) >= 3
            and (folded.startswith(lowered) or (lowered.startswith(folded) and len(folded) >= 3))
        ):
            far = bound  # an abbreviation: `accent` for `accentuated`
        if far <= bound and (best is None or far < best[0]):
            best = (far, other)
    return best[1] if best else None
