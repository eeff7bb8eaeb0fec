"""One visual becomes another: like elements travel, the rest cross-fades.

Elements are the same thing where their `morph` keys agree. The longest common subsequence is matched first, so that
order is kept; then what is left over with equal keys (a term that changed sides). All motion is written into the new
visual's script, each element starting from its partner's place, size, outline and colour; of the old one the matched
elements vanish at once and the others fade. Matched elements that end where they began have no track at all and stay
still.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pvc.compiler.model.display import Element, Fragment, Glyphs, Path, Shape
from pvc.compiler.model.morph import moved
from pvc.compiler.model.tracks import Matrix, apply, pivot
from pvc.compiler.stage import edits
from pvc.compiler.stage.emphasis import paint_at
from pvc.compiler.stage.entrances import enter
from pvc.compiler.stage.script import Script, Stand, aim, jump, stand_at, sweep, value

_LIMIT = 400_000
"""Pairs of elements up to which the exact longest common subsequence is worked out."""
_STILL = 1 / 64
"""Motion below this many px is none."""


@dataclass(frozen=True, slots=True)
class Match:
    """Element ``old`` of the one fragment is element ``new`` of the other."""

    old: int
    new: int


def _subsequence(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """Indices of a longest common subsequence (dynamic programming; Wagner and Fischer, 1974)."""
    rows = [[0] * (len(second) + 1)]
    for key in first:
        above = rows[-1]
        row = [0]
        for position, other in enumerate(second):
            row.append(above[position] + 1 if key == other else max(above[position + 1], row[-1]))
        rows.append(row)
    found = []
    i, j = len(first), len(second)
    while i and j:
        if first[i - 1] == second[j - 1] and rows[i][j] == rows[i - 1][j - 1] + 1:
            found.append((i - 1, j - 1))
            i, j = i - 1, j - 1
        elif rows[i - 1][j] >= rows[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return found[::-1]


def match(old: Fragment, new: Fragment, sources: Sequence[int], targets: Sequence[int]) -> tuple[Match, ...]:
    """Pairs of elements with equal morph keys among some of each fragment; an element is in one pair at most."""
    firsts = [index for index in sources if old.elements[index].morph]
    seconds = [index for index in targets if new.elements[index].morph]
    left = [old.elements[index].morph for index in firsts]
    right = [new.elements[index].morph for index in seconds]
    if len(left) * len(right) <= _LIMIT:
        pairs = _subsequence(left, right)
    else:
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
    found = [(firsts[i], seconds[j]) for i, j in pairs]
    lone = {i for i, _ in found}, {j for _, j in found}
    found += edits.paired(
        *(old.elements, new.elements),
        [index for index in firsts if index not in lone[0]],
        [index for index in seconds if index not in lone[1]],
    )
    return tuple(Match(i, j) for i, j in sorted(found, key=lambda pair: pair[1]))


def between(old: Fragment, was: Stand, new: Fragment, now: Stand) -> Matrix:
    """From the old fragment's coordinates to the new one's, as both stand in the frame."""
    ratio = was.scale / now.scale
    x = (was.x - now.x) / now.scale + new.width / 2 - ratio * old.width / 2
    y = (was.y - now.y) / now.scale + new.height / 2 - ratio * old.height / 2
    return (ratio, 0.0, 0.0, ratio, x, y)


def _sizes(old: Element, new: Element, ratio: float) -> tuple[float, float]:
    """How much larger the old element is than the new, along both axes. Text scales evenly, by its type size; so does a
    shape whose outline is the same; a side without extent says nothing."""
    first, second = old.primitive, new.primitive
    if isinstance(first, Glyphs) and isinstance(second, Glyphs) and second.size > 0:
        even = ratio * first.size / second.size
        return even, even
    width = ratio * old.bounds.width / new.bounds.width if new.bounds.width > 0.5 and old.bounds.width > 0.5 else None
    height = (
        ratio * old.bounds.height / new.bounds.height if new.bounds.height > 0.5 and old.bounds.height > 0.5 else None
    )
    if width is None and height is None:
        return 1.0, 1.0
    if old.role in ("glyph", "text") and width is not None and height is not None and abs(width - height) < 0.05:
        even = (width + height) / 2
        return even, even
    return width if width is not None else height or 1.0, height if height is not None else width or 1.0


def _alike(first: Path, second: Path) -> bool:
    """Whether one outline is the other moved and scaled, to a fiftieth of its size."""
    if first.verbs != second.verbs or len(first.points) != len(second.points):
        return False

    def normal(path: Path) -> list[float]:
        xs, ys = path.points[0::2], path.points[1::2]
        left, top = min(xs), min(ys)
        width, height = max(max(xs) - left, 1e-6), max(max(ys) - top, 1e-6)
        return [(x - left) / width for x in xs] + [(y - top) / height for y in ys]

    if not first.points:
        return True
    return all(abs(a - b) < 0.02 for a, b in zip(normal(first), normal(second), strict=True))


def travel(
    source: Script, target: Script, pair: Match, bridge: Matrix, start: int, frames: int, channel: str = "morph"
) -> None:
    """Let one element of the target come from where its partner in the source is."""
    old, new = source.fragment.elements[pair.old], target.fragment.elements[pair.new]
    first, second = old.primitive, new.primitive
    index = (pair.new,)
    if isinstance(first, Shape) and isinstance(second, Shape) and not _alike(first.path, second.path):
        target.paths[pair.new] = moved(first.path, *bridge)
        sweep(target, "morph", channel, index, start, frames, (1.0,), (0.0,))
    else:
        sx, sy = _sizes(old, new, bridge[0])
        box = old.bounds
        x, y = apply(bridge, box.x + box.width / 2, box.y + box.height / 2)
        px, py = pivot(new)
        cx, cy = new.bounds.x + new.bounds.width / 2, new.bounds.y + new.bounds.height / 2
        if isinstance(first, Glyphs) and isinstance(second, Glyphs) and first.xs and second.xs:
            # Text lies on its baseline: boxes of different runs differ where ink does.
            x, y = apply(bridge, first.xs[0], first.ys[0])
            cx, cy = second.xs[0], second.ys[0]
        dx, dy = x - (px + sx * (cx - px)), y - (py + sy * (cy - py))
        if abs(dx) > _STILL or abs(dy) > _STILL:
            sweep(target, "translate", channel, index, start, frames, (dx, dy), (0.0, 0.0))
        if abs(sx - 1) > 1e-3 or abs(sy - 1) > 1e-3:
            sweep(target, "scale", channel, index, start, frames, (sx, sy), (1.0, 1.0))
    _recolour(source, target, pair, start, frames, channel)


def _recolour(source: Script, target: Script, pair: Match, start: int, frames: int, channel: str) -> None:
    was, now = paint_at(source, pair.old, start), paint_at(target, pair.new, start)
    if was is None or now is None or was == now:
        return
    color = (float(was.red), float(was.green), float(was.blue), float(was.alpha))
    sweep(target, "color", channel, (pair.new,), start, frames, (*color, 1.0), (*color, 0.0))


def _seen(actor: Script, frame: int) -> tuple[int, ...]:
    """Elements that are not waiting to be revealed and not faded out."""

    def shown(index: int) -> bool:
        if index in actor.hidden:
            return False
        opacity = value(actor, "opacity", "life", index, frame)
        return opacity is None or opacity[0] > 0.0

    return tuple(index for index in range(len(actor.fragment.elements)) if shown(index))


def transform(
    source: Script, target: Script, start: int, frames: int, effect: str | None, stagger: int, lead: bool = True
) -> None:
    """Turn one visual into another over ``frames`` from ``start``. Where nothing matches the old one fades and the new
    one enters in its own way, overlapping a little. ``lead`` False: a further source of the same target, which only
    lends its elements' places."""
    now = tuple(index for index in range(len(target.fragment.elements)) if index not in target.hidden)
    if frames <= 0 or effect == "cut":
        jump(source, "opacity", "life", (None,), start, (0.0,))
        return
    seen = _seen(source, start)
    pairs = match(source.fragment, target.fragment, seen, now)
    if not pairs:
        away = max(1, round(frames * 0.45))
        aim(source, "opacity", "life", (None,), start, away, (0.0,))
        if lead:
            _late(target, now, start, frames, effect, stagger)
        return
    same = [pair for pair in pairs if _reads_alike(source.fragment, target.fragment, pair)]
    changed = [pair for pair in pairs if pair not in set(same)]
    bridge = between(source.fragment, stand_at(source, start), target.fragment, stand_at(target, start))
    arrived = {pair.new for pair in pairs}
    late = [index for index in now if index not in arrived]
    written = [index for index in late if edits.of_a_line(target.fragment.elements[index])]
    # New words of a listing are written once those that stay have made room.
    moving = round(frames * 0.55) if written and lead else frames
    for pair in pairs:
        travel(source, target, pair, bridge, start, moving)
    for pair in changed:  # a label whose words change keeps its place: the old words fade into the new
        sweep(target, "opacity", "morph", (pair.new,), start, frames, (0.0,), (1.0,))
    matched = {pair.old for pair in same}
    gone = [index for index in seen if index not in matched]
    jump(source, "opacity", "life", matched, start, (0.0,))
    aim(source, "opacity", "life", gone, start, max(1, round(frames * 0.4)), (0.0,))
    if lead:
        faded = [index for index in late if not edits.of_a_line(target.fragment.elements[index])]
        pause = round(frames * 0.5)
        jump(target, "opacity", "morph", late, start, (0.0,))
        aim(target, "opacity", "morph", faded, start + pause, frames - pause, (1.0,))
        if written:
            jump(target, "opacity", "morph", written, start + moving, (1.0,))
            enter(target, written, start + moving, frames - moving, "write", stagger)


def _reads_alike(old: Fragment, new: Fragment, pair: Match) -> bool:
    """Whether a matched pair shows the same words (or shows none)."""
    first, second = old.elements[pair.old].primitive, new.elements[pair.new].primitive
    if isinstance(first, Glyphs) and isinstance(second, Glyphs):
        return first.font == second.font and first.ids == second.ids
    return True


def _late(target: Script, now: tuple[int, ...], start: int, frames: int, effect: str | None, stagger: int) -> None:
    """Let the new visual enter in the later part of a transform."""
    pause = round(frames * 0.35)
    chosen = None if len(now) == len(target.fragment.elements) else now
    jump(target, "opacity", "morph", (None,), start, (0.0,))
    jump(target, "opacity", "morph", (None,), start + pause, (1.0,))
    if now:
        enter(target, chosen, start + pause, frames - pause, effect or target.fragment.entrance, stagger)
