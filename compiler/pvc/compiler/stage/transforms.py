"""One visual becomes another: like elements travel, the rest cross-fades.

`matching` says which elements are the same things. All motion is written into the new visual's script, each element
starting from its partner's place, size, outline and colour; of the old one the matched elements vanish at once and the
others fade. It happens in turn, so that no frame is a heap: first the others fade, then what is matched travels, then
what is new appears. Matched elements that end where they began have no track at all and stay still.
"""

from __future__ import annotations

from collections.abc import Sequence

from pvc.compiler.model.display import Element, Fragment, Glyphs, Path, Property, Rect, Shape
from pvc.compiler.model.morph import moved
from pvc.compiler.model.tracks import Matrix, apply, pivot
from pvc.compiler.stage import edits
from pvc.compiler.stage.emphasis import paint_at
from pvc.compiler.stage.entrances import enter
from pvc.compiler.stage.matching import Match, bows, match
from pvc.compiler.stage.script import Script, Stand, aim, jump, stand_at, sweep, value

_STILL = 1 / 64
"""Motion below this many px is none."""

FADED = 0.38
"""Share of a transform's frames after which what has no partner is gone."""
UNDER_WAY = (0.1, 0.85)
"""Shares between which partners travel."""
ARRIVES = 0.62
"""Share after which what is new appears."""


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


def _way(
    target: Script,
    kind: Property,
    channel: str,
    index: int,
    start: int,
    frames: int,
    origin: tuple[float, ...],
    to: tuple[float, ...],
) -> None:
    """Take a value at once, keep it while the others fade, and go from there."""
    begin, end = (start + round(share * frames) for share in UNDER_WAY)
    jump(target, kind, channel, (index,), start, origin)
    aim(target, kind, channel, (index,), begin, max(1, end - begin), to)


def _bow(target: Script, index: int, start: int, frames: int, height: float) -> None:
    """Leave the straight way by ``height`` px and come back to it, along half a wave."""
    begin, end = (start + round(share * frames) for share in UNDER_WAY)
    half = max(1, (end - begin) // 2)
    aim(target, "translate", "bow", (index,), begin, half, (0.0, height), "in_out")
    aim(target, "translate", "bow", (index,), begin + half, max(1, end - begin - half), (0.0, 0.0), "in_out")


def _origin(old: Element, new: Element, bridge: Matrix) -> tuple[float, float, float, float]:
    """By how much the new element is moved and scaled where it looks like the old one: (dx, dy, sx, sy)."""
    sx, sy = _sizes(old, new, bridge[0])
    first, second, box = old.primitive, new.primitive, old.bounds
    x, y = apply(bridge, box.x + box.width / 2, box.y + box.height / 2)
    px, py = pivot(new)
    cx, cy = new.bounds.x + new.bounds.width / 2, new.bounds.y + new.bounds.height / 2
    if isinstance(first, Glyphs) and isinstance(second, Glyphs) and first.xs and second.xs:
        # Text lies on its baseline: boxes of different runs differ where ink does.
        x, y = apply(bridge, first.xs[0], first.ys[0])
        cx, cy = second.xs[0], second.ys[0]
    return x - (px + sx * (cx - px)), y - (py + sy * (cy - py)), sx, sy


def travel(
    source: Script,
    target: Script,
    pairs: Sequence[Match],
    bridge: Matrix,
    start: int,
    frames: int,
    channel: str = "morph",
) -> None:
    """Let elements of the target come from where their partners in the source are."""
    was: dict[int, Rect] = {}
    for pair in pairs:
        old, new = source.fragment.elements[pair.old], target.fragment.elements[pair.new]
        first, second = old.primitive, new.primitive
        x, y = apply(bridge, old.bounds.x, old.bounds.y)
        was[pair.new] = Rect(x, y, old.bounds.width * bridge[0], old.bounds.height * bridge[0])
        if isinstance(first, Shape) and isinstance(second, Shape) and not _alike(first.path, second.path):
            target.paths[pair.new] = moved(first.path, *bridge)
            _way(target, "morph", channel, pair.new, start, frames, (1.0,), (0.0,))
        else:
            dx, dy, sx, sy = _origin(old, new, bridge)
            if abs(dx) > _STILL or abs(dy) > _STILL:
                _way(target, "translate", channel, pair.new, start, frames, (dx, dy), (0.0, 0.0))
            if abs(sx - 1) > 1e-3 or abs(sy - 1) > 1e-3:
                _way(target, "scale", channel, pair.new, start, frames, (sx, sy), (1.0, 1.0))
        _recolour(source, target, pair, start, frames, channel)
    for index, height in bows(pairs, was, target.fragment).items():
        _bow(target, index, start, frames, height)


def _recolour(source: Script, target: Script, pair: Match, start: int, frames: int, channel: str) -> None:
    was, now = paint_at(source, pair.old, start), paint_at(target, pair.new, start)
    if was is None or now is None or was == now:
        return
    color = (float(was.red), float(was.green), float(was.blue), float(was.alpha))
    _way(target, "color", channel, pair.new, start, frames, (*color, 1.0), (*color, 0.0))


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
    travel(source, target, pairs, bridge, start, moving)
    for pair in changed:  # a label whose words change keeps its place: the old words fade into the new
        sweep(target, "opacity", "morph", (pair.new,), start, frames, (0.0,), (1.0,))
    matched = {pair.old for pair in same}
    gone = [index for index in seen if index not in matched]
    jump(source, "opacity", "life", matched, start, (0.0,))
    aim(source, "opacity", "life", gone, start, max(1, round(frames * FADED)), (0.0,), "out")
    if lead:
        faded = [index for index in late if not edits.of_a_line(target.fragment.elements[index])]
        pause = round(frames * ARRIVES)
        jump(target, "opacity", "morph", late, start, (0.0,))
        aim(target, "opacity", "morph", faded, start + pause, frames - pause, (1.0,), "out")
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
