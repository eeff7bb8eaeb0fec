"""One visual becomes another: like elements travel, the rest cross-fades.

`matching` says which elements are the same things. All motion is written into the new visual's script, each element
starting from its partner's place, size, outline and colour; of the old one the matched elements vanish at once and the
others fade. `passage` says when: in turn, so that no frame is a heap, or crossing over each other where so little is
matched that a frame between would be all but empty. Matched elements that end where they began have no track at all and
stay still. What has no partner in a formula drifts along with its neighbour that has one, so that nothing runs into it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from pvc.compiler.model.display import Element, Fragment, Glyphs, Path, Property, Rect, Shape
from pvc.compiler.model.morph import moved
from pvc.compiler.model.tracks import Matrix, apply, pivot
from pvc.compiler.stage import edits
from pvc.compiler.stage.emphasis import paint_at
from pvc.compiler.stage.entrances import enter
from pvc.compiler.stage.matching import Match, bows, in_order, match
from pvc.compiler.stage.passage import CROSSING, IN_TURN, Passage, Span, frames_of, ink, passage
from pvc.compiler.stage.script import Script, Stand, aim, jump, stand_at, sweep, value
from pvc.compiler.stage.ways import FIRST, THEN, uprights

_STILL = 1 / 64
"""Motion below this many px is none."""

_WAIT = 0.15
"""Share of a bow for which it only rises, and then only sinks."""
_DRIFT = 320.0
"""Reference px by which what has no partner drifts at most."""
_PART = 18.0
"""Reference px by which what leaves rises and what comes rises, where they cross over: they are not read as one."""
_BACK = 0.95
"""Scale to which a picture steps back, and from which its successor comes, where they share nothing."""


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
    way: tuple[int, int],
    origin: tuple[float, ...],
    to: tuple[float, ...],
) -> None:
    """Take a value at ``start`` and keep it until the ``way`` (first frame, frames) begins; go from there."""
    jump(target, kind, channel, (index,), start, origin)
    aim(target, kind, channel, (index,), *way, to)


def _curve(
    target: Script, channel: str, index: int, start: int, way: tuple[int, int], by: tuple[float, float], first: bool
) -> None:
    """Come from ``by`` px away to the element's own place in a soft curve; ``first``: up or down before aside."""
    across, upright = (THEN, FIRST) if first else (FIRST, THEN)
    _way(target, "translate", channel, index, start, frames_of(across, *way), (by[0], 0.0), (0.0, 0.0))
    _way(target, "translate", f"{channel}:upright", index, start, frames_of(upright, *way), (0.0, by[1]), (0.0, 0.0))


def _aloft(way: tuple[int, int]) -> tuple[int, int]:
    """When what goes by in a bow goes aside: not before it has left its row, and not while it comes down again."""
    begin, frames = way
    wait = round(_WAIT * frames)
    return begin + wait, max(1, frames - 2 * wait)


def _bow(target: Script, index: int, way: tuple[int, int], height: float) -> None:
    """Leave the straight way by ``height`` px and come back to it, along half a wave."""
    begin, frames = way
    half = frames // 2
    if half:
        aim(target, "translate", "bow", (index,), begin, half, (0.0, height), "in_out")
        aim(target, "translate", "bow", (index,), begin + half, frames - half, (0.0, 0.0), "in_out")


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


def _places(source: Script, pairs: Sequence[Match], bridge: Matrix) -> dict[int, Rect]:
    """Where each element of the target comes from, in its own coordinates."""
    found: dict[int, Rect] = {}
    for pair in pairs:
        box = source.fragment.elements[pair.old].bounds
        found[pair.new] = Rect(*apply(bridge, box.x, box.y), box.width * bridge[0], box.height * bridge[0])
    return found


def _reshaped(old: Element, new: Element) -> Path | None:
    """The old outline where the new one is another. Symbols of formulas, a root sign and a larger one, are only scaled:
    halfway between their outlines they would be blots."""
    first, second = old.primitive, new.primitive
    if not isinstance(first, Shape) or not isinstance(second, Shape) or _of_formula(new):
        return None
    return None if _alike(first.path, second.path) else first.path


def travel(
    source: Script,
    target: Script,
    pairs: Sequence[Match],
    bridge: Matrix,
    start: int,
    frames: int,
    span: Span = IN_TURN.way,
    channel: str = "morph",
) -> None:
    """Let elements of the target come from where their partners in the source are, over a ``span`` of the frames."""
    way = frames_of(span, start, frames)
    was = _places(source, pairs, bridge)
    risen = bows(pairs, was, target.fragment)
    curved = uprights(
        [pair for pair in pairs if _of_formula(target.fragment.elements[pair.new])], was, target.fragment, risen
    )
    for pair in pairs:
        index = pair.new
        old, new = source.fragment.elements[pair.old], target.fragment.elements[index]
        reshaped = _reshaped(old, new)
        if reshaped is not None:
            target.paths[index] = moved(reshaped, *bridge)
            _way(target, "morph", channel, index, start, way, (1.0,), (0.0,))
        else:
            dx, dy, sx, sy = _origin(old, new, bridge)
            if index in curved:
                _curve(target, channel, index, start, way, (dx, dy), curved[index])
            elif abs(dx) > _STILL or abs(dy) > _STILL:
                aside = _aloft(way) if index in risen else way
                _way(target, "translate", channel, index, start, aside, (dx, dy), (0.0, 0.0))
            if abs(sx - 1) > 1e-3 or abs(sy - 1) > 1e-3:
                _way(target, "scale", channel, index, start, way, (sx, sy), (1.0, 1.0))
        _recolour(source, target, pair, start, way, channel)
    for index, height in risen.items():
        _bow(target, index, way, height)


def _recolour(source: Script, target: Script, pair: Match, start: int, way: tuple[int, int], channel: str) -> None:
    was, now = paint_at(source, pair.old, start), paint_at(target, pair.new, start)
    if was is None or now is None or was == now:
        return
    color = (float(was.red), float(was.green), float(was.blue), float(was.alpha))
    _way(target, "color", channel, pair.new, start, way, (*color, 1.0), (*color, 0.0))


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
    """Turn one visual into another over ``frames`` from ``start``. Where nothing matches they cross over each other.
    ``lead`` False: a further source of the same target, which only lends its elements' places."""
    now = tuple(index for index in range(len(target.fragment.elements)) if index not in target.hidden)
    if frames <= 0 or effect == "cut":
        jump(source, "opacity", "life", (None,), start, (0.0,))
        return
    seen = _seen(source, start)
    pairs = match(source.fragment, target.fragment, seen, now)
    if not pairs:
        _cross_over(source, target, now, start, frames, effect, stagger, lead)
        return
    same = [pair for pair in pairs if _reads_alike(source.fragment, target.fragment, pair)]
    changed = [pair for pair in pairs if pair not in set(same)]
    bridge = between(source.fragment, stand_at(source, start), target.fragment, stand_at(target, start))
    arrived = {pair.new for pair in pairs}
    late = [index for index in now if index not in arrived]
    written = [index for index in late if edits.of_a_line(target.fragment.elements[index])]
    matched = {pair.old for pair in same}
    gone = [index for index in seen if index not in matched]
    times = _times(source, target, pairs, seen, now, bridge[0])
    # New words of a listing are written once those that stay have made room.
    moving = round(frames * 0.55) if written and lead else frames
    travel(source, target, pairs, bridge, start, moving, times.way)
    for pair in changed:  # a label whose words change keeps its place: the old words fade into the new
        sweep(target, "opacity", "morph", (pair.new,), start, frames, (0.0,), (1.0,))
    jump(source, "opacity", "life", matched, start, (0.0,))
    _fade(source, gone, frames_of(times.away, start, frames), 0.0)
    faded = [index for index in late if not edits.of_a_line(target.fragment.elements[index])]
    way = frames_of(times.way, start, moving)
    _drift(source, target, pairs, bridge, gone, faded if lead else (), start, way, _PART * times.lap)
    if lead:
        jump(target, "opacity", "morph", late, start, (0.0,))
        _fade(target, faded, frames_of(times.come, start, frames), 1.0, "morph")
        if written:
            jump(target, "opacity", "morph", written, start + moving, (1.0,))
            enter(target, written, start + moving, frames - moving, "write", stagger)


def _fade(
    actor: Script, targets: Sequence[int | None], time: tuple[int, int], to: float, channel: str = "life"
) -> None:
    aim(actor, "opacity", channel, targets, *time, (to,))


def _times(
    source: Script, target: Script, pairs: Sequence[Match], seen: Sequence[int], now: Sequence[int], ratio: float
) -> Passage:
    """When what happens; ``ratio``: the scale from the source's px to the target's."""
    old, new = source.fragment.elements, target.fragment.elements
    stays = ink(new[pair.new] for pair in pairs)
    return passage(stays, ratio * ink(old[index] for index in seen), ink(new[index] for index in now))


def _of_formula(element: Element) -> bool:
    return element.morph.startswith("glyph:")


def _drift(
    source: Script,
    target: Script,
    pairs: Sequence[Match],
    bridge: Matrix,
    gone: Sequence[int],
    come: Sequence[int],
    start: int,
    way: tuple[int, int],
    part: float,
) -> None:
    """Let the glyphs of formulas that have no partner follow the nearest of those that keep their order; what leaves
    and what comes rise by ``part`` (reference px) besides."""
    old, new = source.fragment.elements, target.fragment.elements
    guides = [pair for pair in in_order(pairs, target.fragment) if _of_formula(new[pair.new])]
    if not guides:
        return
    scale = stand_at(target, start).scale
    ways = []
    for pair in guides:
        box, place = old[pair.old].bounds, new[pair.new].bounds
        x, y = apply(bridge, box.x + box.width / 2, box.y + box.height / 2)
        dx, dy = (place.x + place.width / 2 - x) * scale, (place.y + place.height / 2 - y) * scale
        short = min(1.0, _DRIFT / max(math.hypot(dx, dy), 1e-9))
        ways.append((dx * short, dy * short))

    def followed(places: Sequence[Element], run: Sequence[Element]) -> tuple[float, float]:
        """The way of the guide that stands nearest to one of a run, so that words are not torn apart."""

        def away(number: int) -> float:
            return min(_apart(places[number].bounds, element.bounds) for element in run)

        return ways[min(range(len(guides)), key=away)]

    leaving, arriving = [old[pair.old] for pair in guides], [new[pair.new] for pair in guides]
    own = stand_at(source, start).scale
    for run in _neighbours(index for index in gone if _of_formula(old[index])):
        dx, dy = followed(leaving, [old[index] for index in run])
        aim(source, "translate", "morph", run, *way, (dx / own, (dy - part) / own))
    for run in _neighbours(index for index in come if _of_formula(new[index])):
        dx, dy = followed(arriving, [new[index] for index in run])
        jump(target, "translate", "morph", run, start, (-dx / scale, (part - dy) / scale))
        aim(target, "translate", "morph", run, *way, (0.0, 0.0))


def _apart(one: Rect, other: Rect) -> float:
    """The distance of two boxes' centres."""
    across = one.x + one.width / 2 - other.x - other.width / 2
    return math.hypot(across, one.y + one.height / 2 - other.y - other.height / 2)


def _neighbours(indices: Iterable[int]) -> list[list[int]]:
    """Indices that follow each other, together."""
    found: list[list[int]] = []
    for index in indices:
        if found and found[-1][-1] == index - 1:
            found[-1].append(index)
        else:
            found.append([index])
    return found


def _reads_alike(old: Fragment, new: Fragment, pair: Match) -> bool:
    """Whether a matched pair shows the same words (or shows none)."""
    first, second = old.elements[pair.old].primitive, new.elements[pair.new].primitive
    if isinstance(first, Glyphs) and isinstance(second, Glyphs):
        return first.font == second.font and first.ids == second.ids
    return True


def _cross_over(
    source: Script,
    target: Script,
    now: Sequence[int],
    start: int,
    frames: int,
    effect: str | None,
    stagger: int,
    lead: bool,
) -> None:
    """Two pictures that share nothing: the old one steps back while the new one comes, and both are seen in between. A
    picture that is built up (a chart), or is brought in by an effect that was asked for, is built meanwhile."""
    away = frames_of(CROSSING.away, start, frames)
    _fade(source, (None,), away, 0.0)
    aim(source, "scale", "morph", (None,), *away, (_BACK, _BACK))
    if not lead or not now:
        return
    chosen = effect or target.fragment.entrance
    if chosen in ("draw", "grow") or (effect is not None and effect != "fade"):
        everything = len(now) == len(target.fragment.elements)
        pause = round(frames * CROSSING.come[0])
        jump(target, "opacity", "morph", (None,), start, (0.0,))
        jump(target, "opacity", "morph", (None,), start + pause, (1.0,))
        enter(target, None if everything else now, start + pause, frames - pause, chosen, stagger)
        return
    come = frames_of(CROSSING.come, start, frames)
    jump(target, "opacity", "morph", (None,), start, (0.0,))
    _fade(target, (None,), come, 1.0, "morph")
    jump(target, "scale", "morph", (None,), start, (_BACK, _BACK))
    aim(target, "scale", "morph", (None,), come[0], start + frames - come[0], (1.0, 1.0))
