"""How things come and go: `fade`, `write`, `draw`, `grow`, `wipe`, `cut`, chosen by effect and by each element's role.

Elements of a lower `order` come first, staggered so that all of it fits the action's frames. Entrances slow down as
they arrive (ease out); nothing bounces.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pvc.compiler.layout.selectors import outer
from pvc.compiler.model.display import Element, Fragment, Glyphs, Path, Point, Shape
from pvc.compiler.stage.script import Script, aim, jump, sweep

RISE = 16.0
"""Reference px by which something that fades in comes up."""
_NEAR = 4.0
"""Px within which a dot lies on a line."""
_AROUND = 0.5
"""Share of an entrance in which a chart's axes are set up."""
_AFTER = 0.2
"""Share of it after which its data begin to come."""
_DRAWN = 0.86
"""Share of its time in which a line with a name is drawn; what is left is for the name at its end."""
_AXES = frozenset({"x_axis", "y_axis", "axis", "axis:line"})
"""Morph keys of axes that are drawn; those of baselines begin with `baseline:`."""
_OUT, _ENDED = 0.35, 0.8
"""Shares of its time after which a bar has room for the lines that come out of it, and these have come to an end."""
_WHOLE: tuple[None] = (None,)
_OPEN = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Slot:
    """Frames of one step of a staggered entrance, from the action's start."""

    offset: int
    frames: int


def slots(count: int, frames: int, stagger: int) -> tuple[Slot, ...]:
    """``count`` overlapping stretches of equal length in ``frames``: ``stagger`` frames apart, closer where that would
    leave each less than two fifths of the whole."""
    if count <= 1:
        return (Slot(0, frames),) * count
    step = min(float(stagger), 0.6 * frames / (count - 1))
    length = max(1, frames - int(step * (count - 1)))
    return tuple(Slot(min(round(step * index), frames - length), length) for index in range(count))


def orders(fragment: Fragment, targets: Iterable[int]) -> list[tuple[int, ...]]:
    """Elements grouped by their order, the first to come first."""
    groups: dict[int, list[int]] = {}
    for index in targets:
        groups.setdefault(fragment.elements[index].order, []).append(index)
    return [tuple(groups[order]) for order in sorted(groups)]


def right_to_left(text: str) -> bool:
    """Whether a text's first strong character runs from right to left (Unicode Bidirectional Algorithm, rule P2)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return False
        if kind in ("R", "AL"):
            return True
    return False


def _weight(element: Element) -> int:
    return max(1, len(element.primitive.ids)) if isinstance(element.primitive, Glyphs) else 1


def _wipe(actor: Script, targets: Sequence[int | None], start: int, frames: int, backwards: bool) -> None:
    closed = (1.0, 0.0, 1.0, 1.0) if backwards else (0.0, 0.0, 0.0, 1.0)
    sweep(actor, "clip", "life", targets, start, frames, closed, _OPEN, "in_out")


def _fade(actor: Script, targets: Sequence[int | None], start: int, frames: int, rise: float = RISE) -> None:
    sweep(actor, "opacity", "life", targets, start, frames, (0.0,), (1.0,), "out")
    if rise:
        sweep(actor, "translate", "life", targets, start, frames, (0.0, rise), (0.0, 0.0), "out")


def _write(actor: Script, targets: Sequence[int], start: int, frames: int) -> None:
    """One after the other in reading order, each as long as it is: outlines of single glyphs and lines are traced,
    longer runs of text appear along the line."""
    elements = actor.fragment.elements
    row = sorted(targets, key=lambda index: (elements[index].order, index))
    total = sum(_weight(elements[index]) for index in row)
    done = 0
    for index in row:
        element = elements[index]
        weight = _weight(element)
        begin = round(0.8 * frames * done / total)
        length = min(frames - begin, max(3, round(0.8 * frames * weight / total + 0.2 * frames)))
        done += weight
        if element.role == "image":
            _fade(actor, (index,), start + begin, length, 0.0)
        elif weight > 3 and isinstance(element.primitive, Glyphs):
            jump(actor, "opacity", "life", (index,), start, (1.0,))
            backwards = right_to_left(element.primitive.text)
            closed = (1.0, 0.0, 1.0, 1.0) if backwards else (0.0, 0.0, 0.0, 1.0)
            jump(actor, "clip", "life", (index,), start, closed)
            aim(actor, "clip", "life", (index,), start + begin, length, _OPEN, "linear")
        else:
            jump(actor, "opacity", "life", (index,), start, (1.0,))
            jump(actor, "trim", "life", (index,), start, (0.0,))
            aim(actor, "trim", "life", (index,), start + begin, length, (1.0,), "in_out")


def _flat(element: Element) -> tuple[float, float]:
    """The scale from which a bar grows: flat along the axis on whose baseline its origin lies."""
    origin, bounds = element.origin, element.bounds
    if origin is None:
        return (1.0, 0.0)
    aside = min(abs(origin[0] - bounds.x), abs(origin[0] - bounds.right))
    below = min(abs(origin[1] - bounds.y), abs(origin[1] - bounds.bottom))
    upright = aside > 0.25 * bounds.width or below <= 0.01 * max(1.0, bounds.height)
    return (1.0, 0.0) if upright else (0.0, 1.0)


def _grown(actor: Script, index: int, start: int, frames: int) -> None:
    """One element of a chart or a diagram, by its role."""
    element = actor.fragment.elements[index]
    primitive = element.primitive
    role = element.role
    if role == "bar":
        jump(actor, "opacity", "life", (index,), start, (1.0,))
        sweep(actor, "scale", "life", (index,), start, frames, _flat(element), (1.0, 1.0), "out")
    elif role == "dot":
        _fade(actor, (index,), start, frames, 0.0)
        sweep(actor, "scale", "life", (index,), start, frames, (0.4, 0.4), (1.0, 1.0), "out")
    elif role == "area":  # opens along time, as the line at its edge is drawn
        jump(actor, "opacity", "life", (index,), start, (1.0,))
        sweep(actor, "clip", "life", (index,), start, frames, (0.0, 0.0, 0.0, 1.0), _OPEN, "in_out")
    elif role == "line" or (role == "box" and isinstance(primitive, Shape) and primitive.stroke is not None):
        jump(actor, "opacity", "life", (index,), start, (1.0,))
        sweep(actor, "trim", "life", (index,), start, frames, (0.0,), (1.0,), "in_out")
    else:
        _fade(actor, (index,), start, frames, 0.0)


def reached(path: Path, point: Point) -> float | None:
    """The share of a path's length, curves taken as straight, after which it passes a point; None where it never comes
    within a few px of it."""
    away, share = nearest(path, point)
    return share if away <= _NEAR else None


def nearest(path: Path, point: Point) -> tuple[float, float]:
    """How near a path comes to a point, in px, and after which share of its length (curves taken as straight)."""
    at = 0
    done = 0.0
    found = (math.inf, 0.0)  # (distance, length until there)
    x = y = 0.0
    for verb in path.verbs:
        if verb == "Z":
            continue
        at += 2 * {"M": 1, "L": 1, "Q": 2, "C": 3}[verb]
        nx, ny = path.points[at - 2], path.points[at - 1]
        length = 0.0 if verb == "M" else math.hypot(nx - x, ny - y)
        if length:
            along = ((point[0] - x) * (nx - x) + (point[1] - y) * (ny - y)) / length
            along = min(length, max(0.0, along))
            share = along / length
            away = math.hypot(point[0] - x - share * (nx - x), point[1] - y - share * (ny - y))
            if away < found[0] - 1e-6:
                found = (away, done + along)
        done += length
        x, y = nx, ny
    return (found[0], found[1] / done) if done else (math.inf, 0.0)


def _until(share: float) -> float:
    """The share of the time after which a line drawn with ease `in_out` has come so far (the inverse of `eased`)."""
    if share < 0.5:
        return math.cbrt(share / 4)
    return 1.0 - math.cbrt(2.0 * (1.0 - share)) / 2.0


def _pause(fragment: Fragment, group: Sequence[int], index: int, frames: int) -> int:
    """How many frames an element of a group waits for the others: the number at a bar's end until the bar is nearly
    there, the whiskers of a box until it is wide enough and their caps until they end, what is written in a box until
    its outline is closed, a name until its line is there, a dot on a line until the line reaches it."""
    element = fragment.elements[index]
    roles = {fragment.elements[other].role for other in group}
    if element.role in ("text", "glyph"):
        return frames // 2 if roles & {"bar", "box"} or ("line" in roles and element.order > 0) else 0
    if element.role == "line" and "bar" in roles:
        return round(frames * (_ENDED if _caps(fragment, group, index) else _OUT))
    if element.role != "dot" or element.origin is None:
        return 0
    for other in group:
        line = fragment.elements[other]
        if line.role == "line" and isinstance(line.primitive, Shape):
            share = reached(line.primitive.path, element.origin)
            if share is not None:
                return round(0.85 * frames * _until(share))
    return 0


def _caps(fragment: Fragment, group: Sequence[int], index: int) -> bool:
    """Whether a line stands across the end of another one of its group."""
    box = fragment.elements[index].bounds
    x, y = box.x + box.width / 2, box.y + box.height / 2
    for other in group:
        line = fragment.elements[other]
        if other != index and line.role == "line" and isinstance(line.primitive, Shape) and line.primitive.path.points:
            end = line.primitive.path.points[-2:]
            if math.hypot(end[0] - x, end[1] - y) <= 1.0:
                return True
    return False


@dataclass(frozen=True, slots=True)
class _Named:
    """A line that is drawn, and what waits for its head to come by: its name, and what leads there."""

    path: Path
    names: frozenset[int]


def _named(fragment: Fragment, group: Sequence[int], labels: frozenset[int]) -> _Named | None:
    """The longest line of a group, where something in the group names it."""
    names = labels.intersection(group)
    paths = [
        element.primitive.path
        for index in group
        if index not in names
        and (element := fragment.elements[index]).role == "line"
        and isinstance(element.primitive, Shape)
    ]
    return _Named(max(paths, key=lambda path: len(path.points)), names) if names and paths else None


def _passed(line: _Named, element: Element) -> float:
    """The share of a line after which it is nearest to what names it."""
    box = element.bounds
    x, y = box.x + box.width / 2, box.y + box.height / 2
    spots = ((box.x, y), (box.right, y), (x, box.y), (x, box.bottom))
    return min(nearest(line.path, spot) for spot in spots)[1]


def _belonging(fragment: Fragment, *parts: str) -> frozenset[int]:
    """The elements of all parts of these names, those of inner visuals too."""
    return frozenset(
        index for name, indices in fragment.parts if name[len(outer(name)) :] in parts for index in indices
    )


def _set_up(actor: Script, targets: Sequence[int], start: int, frames: int) -> None:
    """What a chart's data stand in, as one gesture: axes are drawn while all that belongs to them comes up."""
    for index in targets:
        element = actor.fragment.elements[index]
        if element.morph in _AXES or element.morph.startswith("baseline:"):
            jump(actor, "opacity", "life", (index,), start, (1.0,))
            sweep(actor, "trim", "life", (index,), start, frames, (0.0,), (1.0,), "out")
        else:
            _fade(actor, (index,), start, frames, 0.0)


def _built(actor: Script, targets: Sequence[int], start: int, frames: int, stagger: int) -> None:
    fragment = actor.fragment
    axes = _belonging(fragment, "axes", "axis")
    around = [index for index in targets if index in axes]
    if around:
        around += [index for index in targets if index not in axes and fragment.elements[index].order == 0]
        inside = set(targets).difference(around)
        _set_up(actor, around, start, max(1, round(frames * (_AROUND if inside else 1.0))))
        targets = [index for index in targets if index in inside]
    wait = round(frames * _AFTER) if around else 0
    labels = _belonging(fragment, "labels") - axes
    groups = orders(fragment, targets)
    if any(fragment.elements[index].morph.startswith("area:") for index in targets):
        stagger = 0  # areas that lie on each other open together
    for group, slot in zip(groups, slots(len(groups), frames - wait, stagger), strict=True):
        named = _named(fragment, group, labels)
        drawn = slot.frames if named is None else max(1, round(_DRAWN * slot.frames))
        for index in group:
            element = fragment.elements[index]
            if named is not None and index in named.names:
                late = max(0, round(drawn * _until(_passed(named, element))) - 1)  # its head is there
                length = min(slot.frames - late, max(3, slot.frames // 4))
            else:
                late = _pause(fragment, group, index, drawn)
                length = drawn - late
                if element.role == "dot" and late:
                    length = min(length, max(3, drawn // 4))
            begin = start + wait + slot.offset + late
            if begin > start:
                jump(actor, "opacity", "life", (index,), start, (0.0,))
            _grown(actor, index, begin, length)


def _stung(actor: Script, targets: Sequence[int], start: int, frames: int) -> None:
    """A calm opening: the mark comes up slowly, a line is drawn under it, then the rest, each when the one before is
    nearly there."""
    groups = orders(actor.fragment, targets)
    length = max(1, round(frames / (1 + 0.5 * (len(groups) - 1))))
    for number, group in enumerate(groups):
        begin = min(round(0.5 * number * length), frames - length)
        jump(actor, "opacity", "life", group, start, (0.0,))
        lines = [index for index in group if actor.fragment.elements[index].role == "line"]
        for index in lines:
            _grown(actor, index, start + begin, length)
        _fade(actor, [index for index in group if index not in lines], start + begin, length, 0.0 if number else RISE)


def _faded(actor: Script, targets: Sequence[int], start: int, frames: int, stagger: int) -> None:
    groups = orders(actor.fragment, targets)
    for group, slot in zip(groups, slots(len(groups), frames, stagger), strict=True):
        if slot.offset:
            jump(actor, "opacity", "life", group, start, (0.0,))
        _fade(actor, group, start + slot.offset, slot.frames)


def enter(actor: Script, targets: Sequence[int] | None, start: int, frames: int, effect: str, stagger: int) -> None:
    """Bring in some elements (None: all) over ``frames`` from ``start``; an unknown effect is a fade."""
    everything = targets is None
    chosen = tuple(range(len(actor.fragment.elements))) if targets is None else tuple(targets)
    if effect == "cut" or frames <= 0:
        if not everything:
            jump(actor, "opacity", "life", chosen, start, (1.0,))
    elif effect == "wipe":
        texts = (part.primitive.text for part in actor.fragment.elements if isinstance(part.primitive, Glyphs))
        backwards = right_to_left("".join(texts))
        if not everything:
            jump(actor, "opacity", "life", chosen, start, (1.0,))
        _wipe(actor, _WHOLE if everything else chosen, start, frames, backwards)
    elif effect == "sting":
        _stung(actor, chosen, start, frames)
    elif effect == "write":
        _write(actor, chosen, start, frames)
    elif effect in ("draw", "grow"):
        _built(actor, chosen, start, frames, stagger)
    elif everything and len(orders(actor.fragment, chosen)) <= 1:
        _fade(actor, _WHOLE, start, frames)
    else:
        _faded(actor, chosen, start, frames, stagger)


def leave(actor: Script, targets: Sequence[int] | None, start: int, frames: int, effect: str) -> None:
    """Take some elements (None: the whole visual) away."""
    chosen: Sequence[int | None] = _WHOLE if targets is None else tuple(targets)
    if effect == "cut" or frames <= 0:
        jump(actor, "opacity", "life", chosen, start, (0.0,))
    elif effect == "wipe":
        aim(actor, "clip", "life", chosen, start, frames, (1.0, 0.0, 1.0, 1.0), "in_out")
    else:
        aim(actor, "opacity", "life", chosen, start, frames, (0.0,), "smooth")
