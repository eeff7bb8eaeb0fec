"""One animated quantity over a whole scene, built action by action: `go` to a value over some frames.

Whatever is still under way when the next `go` begins is cut there and goes on from where it was, so that quantities
never jump unless told to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from pvc.compiler.model.display import Ease, Keyframe, Property, Track, quantise
from pvc.compiler.model.tracks import NEUTRAL, value_at

Value: TypeAlias = tuple[float, ...]
_PIXELS = frozenset({"translate", "blur"})


def rounded(kind: Property, value: Value) -> Value:
    """Values as they are stored: px to 1/1024, shares and factors to 2^-16, both exact in binary."""
    if kind in _PIXELS:
        return tuple(quantise(number) for number in value)
    return tuple(round(number * 65536.0) / 65536.0 for number in value)


def neutral(kind: Property, value: Value) -> bool:
    """Whether a value changes nothing."""
    if kind == "color":
        return value[4] == 0.0
    return value == NEUTRAL[kind]


@dataclass(slots=True)
class Curve:
    """Keys in scene frames, in order; before the first, the first's value holds."""

    kind: Property
    keys: list[Keyframe] = field(default_factory=list)


def at(curve: Curve, frame: int) -> Value:
    """The value at a frame of the scene."""
    return value_at(Track(curve.kind, None, tuple(curve.keys)), frame)


def go(curve: Curve, start: int, frames: int, value: Value, ease: Ease = "smooth") -> None:
    """From the value at ``start`` to another over ``frames``; at once where that is 0."""
    value = rounded(curve.kind, value)
    current = rounded(curve.kind, at(curve, start))
    if _cut(curve, start):
        _append(curve.keys, Keyframe(start, current, "linear"))
    if current == value:
        return
    if frames <= 0:
        _append(curve.keys, Keyframe(start, value, "step"))
        return
    _append(curve.keys, Keyframe(start, current, "linear"))
    curve.keys.append(Keyframe(start + frames, value, ease))


def begin(kind: Property, value: Value) -> Curve:
    """A curve that has one value from the start of the scene on."""
    return Curve(kind, [Keyframe(0, rounded(kind, value))])


def _cut(curve: Curve, start: int) -> bool:
    """Drop everything after a frame. The part of an eased way that lies before it is kept frame by frame, exactly."""
    keys = curve.keys
    first = next((index for index, key in enumerate(keys) if key.frame > start), len(keys))
    if first == len(keys):
        return False
    running, before = keys[first], keys[first - 1] if first else None
    kept: list[Keyframe] = []
    if before is not None and running.ease not in ("step", "linear") and running.value != before.value:
        kept = [Keyframe(frame, rounded(curve.kind, at(curve, frame))) for frame in range(before.frame + 1, start)]
    del keys[first:]
    keys.extend(kept)
    return True


def _append(keys: list[Keyframe], key: Keyframe) -> None:
    """Add a key. At one frame there may be two: where a way ends, and where a jump from there goes."""
    if keys and keys[-1].frame == key.frame:
        last = keys[-1]
        if last.value == key.value:
            return
        if last.ease == "step" or len(keys) == 1:
            keys[-1] = Keyframe(key.frame, key.value, last.ease)
            return
    keys.append(key)
