"""Which elements of one picture are the same things in another, and which way they go there.

Elements are the same thing where their `morph` keys agree. Long common runs are matched before short ones (greedy
string tiling; M. Wise, 1993), so that a term of a formula travels as a whole and a fraction is never taken apart.
Where runs change their order, the heaviest set that keeps it goes straight and the others pass in a bow above or below.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pvc.compiler.layout.compose import union
from pvc.compiler.model.display import Element, Fragment, Rect
from pvc.compiler.stage import edits

_LIMIT = 90_000
"""Pairs of elements up to which all common runs are looked at; beyond, those that difflib finds."""
_CLEAR = 28.0
"""Px between a run that goes by in a bow and what it passes."""
_ROOM = 1.2
"""How much higher than needed at its top a bow is, because the others are passed before and after it."""
_RELATIONS = frozenset(f"glyph:{code}" for code in ("3D", "2248", "2264", "2265", "3C", "3E", "2261", "221D", "3A"))
"""Morph keys of relation signs: other things pass them, not the other way round."""
_HIGHEST = 260.0
"""Px that a bow rises at most."""
_BARS = ("glyph:line", "glyph:rule")
"""Morph keys of the bars of fractions and roots."""


@dataclass(frozen=True, slots=True)
class Match:
    """Element ``old`` of the one fragment is element ``new`` of the other."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class _Token:
    """What is matched as one: positions ``[begin, end)`` of a row of elements, and their keys."""

    begin: int
    end: int
    key: str


def _is_bar(element: Element) -> bool:
    return element.morph in _BARS and element.bounds.width > 4 * element.bounds.height


def _fractions(fragment: Fragment, row: Sequence[int]) -> list[_Token]:
    """A row of elements as tokens: a fraction (or a root) with all that its bar covers is one, others stand alone."""
    inside = [0] * len(row)
    bars = [position for position, index in enumerate(row) if _is_bar(fragment.elements[index])]
    bars.sort(key=lambda position: -fragment.elements[row[position]].bounds.width)
    for number, bar in enumerate(bars, 1):
        if inside[bar]:
            continue
        box = fragment.elements[row[bar]].bounds

        def covered(position: int, box: Rect = box) -> bool:
            bounds = fragment.elements[row[position]].bounds
            return box.x <= bounds.x + bounds.width / 2 <= box.right and not inside[position]

        begin = end = bar
        while begin > 0 and covered(begin - 1):
            begin -= 1
        while end + 1 < len(row) and covered(end + 1):
            end += 1
        inside[begin : end + 1] = [number] * (end + 1 - begin)
    found: list[_Token] = []
    at = 0
    while at < len(row):
        end = at + 1
        while inside[at] and end < len(row) and inside[end] == inside[at]:
            end += 1
        found.append(_Token(at, end, " ".join(fragment.elements[index].morph for index in row[at:end])))
        at = end
    return found


def _tiles(
    left: Sequence[_Token], right: Sequence[_Token], taken_left: list[bool], taken_right: list[bool]
) -> list[tuple[_Token, _Token]]:
    """Pairs of tokens with equal keys, claimed in the longest common runs first (by how many elements they have); among
    equals, in the one that shifts its relative place the least. What was taken before is in no run."""
    width, height = max(1, len(left)), max(1, len(right))
    waiting: list[tuple[int, float, int, int, int]] = []

    def offer(i: int, j: int, length: int) -> None:
        weight = left[i + length - 1].end - left[i].begin
        heapq.heappush(waiting, (-weight, abs(i / width - j / height), i, j, length))

    def same(i: int, j: int) -> bool:
        inside = i < len(left) and j < len(right)
        return inside and left[i].key == right[j].key and not taken_left[i] and not taken_right[j]

    lengths = [0] * (len(right) + 1)
    for i in range(len(left)):
        before = 0
        for j in range(len(right)):
            above, lengths[j + 1] = lengths[j + 1], (before + 1 if same(i, j) else 0)
            before, length = above, lengths[j + 1]
            if length and not same(i + 1, j + 1):
                offer(i - length + 1, j - length + 1, length)
    found: list[tuple[_Token, _Token]] = []
    while waiting:
        _, _, i, j, length = heapq.heappop(waiting)
        free = [not taken_left[i + step] and not taken_right[j + step] for step in range(length)]
        if all(free):
            for step in range(length):
                taken_left[i + step] = taken_right[j + step] = True
                found.append((left[i + step], right[j + step]))
            continue
        begin = None
        for step, open_ in enumerate([*free, False]):
            if open_ and begin is None:
                begin = step
            elif not open_ and begin is not None:
                offer(i + begin, j + begin, step - begin)
                begin = None
    return found


def _claimed(old: Fragment, new: Fragment, firsts: Sequence[int], seconds: Sequence[int]) -> list[tuple[int, int]]:
    """Fractions as wholes first, with what stands beside them; then what is left, piece by piece."""
    left, right = _fractions(old, firsts), _fractions(new, seconds)
    pairs: list[tuple[int, int]] = []
    if any(token.end - token.begin > 1 for token in (*left, *right)):
        for one, two in _tiles(left, right, [False] * len(left), [False] * len(right)):
            pairs.extend(zip(range(one.begin, one.end), range(two.begin, two.end), strict=True))
    taken_left, taken_right = [False] * len(firsts), [False] * len(seconds)
    for i, j in pairs:
        taken_left[i] = taken_right[j] = True
    singles = (
        [_Token(i, i + 1, old.elements[index].morph) for i, index in enumerate(firsts)],
        [_Token(j, j + 1, new.elements[index].morph) for j, index in enumerate(seconds)],
    )
    rest = _tiles(*singles, taken_left, taken_right)
    return [*pairs, *((one.begin, two.begin) for one, two in rest)]


def _long(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """The same for very long rows, approximately: what keeps its order first, then equal keys in turn."""
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    pairs = [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]
    used_left = {i for i, _ in pairs}
    used_right = {j for _, j in pairs}
    spare: dict[str, list[int]] = {}
    for position, key in enumerate(left):
        if position not in used_left:
            spare.setdefault(key, []).append(position)
    for position, key in enumerate(right):
        if position not in used_right and spare.get(key):
            pairs.append((spare[key].pop(0), position))
    return pairs


def match(old: Fragment, new: Fragment, sources: Sequence[int], targets: Sequence[int]) -> tuple[Match, ...]:
    """Pairs of elements with equal morph keys among some of each fragment; an element is in one pair at most."""
    firsts = [index for index in sources if old.elements[index].morph]
    seconds = [index for index in targets if new.elements[index].morph]
    if len(firsts) * len(seconds) <= _LIMIT:
        pairs = _claimed(old, new, firsts, seconds)
    else:
        left = [old.elements[index].morph for index in firsts]
        right = [new.elements[index].morph for index in seconds]
        pairs = _long(left, right)
    found = [(firsts[i], seconds[j]) for i, j in pairs]
    lone = {i for i, _ in found}, {j for _, j in found}
    found += edits.paired(
        *(old.elements, new.elements),
        [index for index in firsts if index not in lone[0]],
        [index for index in seconds if index not in lone[1]],
    )
    return tuple(Match(i, j) for i, j in sorted(found, key=lambda pair: pair[1]))


def runs(pairs: Sequence[Match]) -> list[list[Match]]:
    """Pairs that stand side by side in both pictures, in the order of the new one."""
    found: list[list[Match]] = []
    for pair in sorted(pairs, key=lambda pair: pair.new):
        last = found[-1][-1] if found else None
        if last is not None and (pair.old, pair.new) == (last.old + 1, last.new + 1):
            found[-1].append(pair)
        else:
            found.append([pair])
    return found


def _straight(groups: Sequence[Sequence[Match]], fragment: Fragment) -> set[int]:
    """The heaviest set of runs that are in the same order in both pictures (by how many elements they have)."""
    best: list[tuple[float, int]] = []
    for index, group in enumerate(groups):
        earlier = [other for other in range(index) if groups[other][0].old < group[0].old]
        before = max(earlier, key=lambda other: best[other][0], default=-1)
        weight = sum(1.5 if fragment.elements[pair.new].morph in _RELATIONS else 1.0 for pair in group)
        best.append((weight + (best[before][0] if before >= 0 else 0.0), before))
    chosen: set[int] = set()
    at = max(range(len(best)), key=lambda index: best[index][0], default=-1)
    while at >= 0:
        chosen.add(at)
        at = best[at][1]
    return chosen


def in_order(pairs: Sequence[Match], new: Fragment) -> tuple[Match, ...]:
    """The heaviest set of pairs whose runs keep their order: none of them passes another."""
    groups = runs(pairs)
    return tuple(pair for index in sorted(_straight(groups, new)) for pair in groups[index])


def _cross(first: tuple[Rect, Rect], second: tuple[Rect, Rect]) -> bool:
    """Whether two runs, each (where it was, where it goes), change sides within one line."""

    def level(one: Rect, two: Rect) -> bool:
        return one.y < two.bottom and two.y < one.bottom

    before = first[0].x + first[0].right - second[0].x - second[0].right
    after = first[1].x + first[1].right - second[1].x - second[1].right
    return before * after < 0 and level(first[0], second[0]) and level(first[1], second[1])


def bows(
    pairs: Sequence[Match], was: Mapping[int, Rect], new: Fragment, roles: Sequence[str] = ("glyph", "line")
) -> dict[int, float]:
    """How far (px; negative: up) each element of the new picture leaves the straight way, for runs of glyphs that
    others of the same line are in the way of. ``was``: where each came from, in the new picture's coordinates."""
    chosen = [pair for pair in pairs if new.elements[pair.new].role in roles]
    groups = runs(chosen)
    if len(groups) < 2:
        return {}
    ways = [
        (union(was[pair.new] for pair in group), union(new.elements[pair.new].bounds for pair in group))
        for group in groups
    ]
    keep = _straight(groups, new)
    sides: dict[int, float] = {}
    heights: dict[int, float] = {}
    for index in (index for index in range(len(groups)) if index not in keep):
        start, end = ways[index]
        crossed = [other for other in range(len(groups)) if other != index and _cross(ways[index], ways[other])]
        if not crossed:
            continue
        sides[index] = 1.0 if any(sides.get(other) == -1.0 for other in crossed) else -1.0
        tallest = max(max(ways[other][0].height, ways[other][1].height) for other in crossed)
        heights[index] = min(_HIGHEST, _ROOM * (max(start.height, end.height) + tallest) / 2 + _CLEAR)
        if sides.get(index - 1) == sides[index]:  # neighbours go by side by side
            heights[index] = max(heights[index], heights[index - 1])
    for index in sorted(sides, reverse=True):
        if sides.get(index + 1) == sides[index]:
            heights[index] = max(heights[index], heights[index + 1])
    return {pair.new: sides[index] * heights[index] for index in sides for pair in groups[index]}
