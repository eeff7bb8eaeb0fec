"""What tracks mean: the state of an item and of its elements at a frame. The one definition that every painter follows.

**Time.** A track's value before its first keyframe is the first value, from its last on the last one. Between two
keyframes ``a`` and ``b`` it is ``a + (b - a) * ease((frame - a.frame) / (b.frame - a.frame))`` with the ease of ``b``.
Two keyframes at one frame are a jump: the first ends the way before it, the second holds from that frame on.
A moving chunk of n frames paints frames 0 .. n-1; its state at frame n is the state of the hold that follows.

**Eases**, u in 0..1 (`eased`): ``linear`` u; ``out`` 1-(1-u)^3 and ``in_out`` 4u^3 | 1-(2-2u)^3/2 are Penner's cubic
ease-out and ease-in-out (R. Penner, Programming Macromedia Flash MX, 2002, ch. 7); ``smooth`` 6u^5-15u^4+10u^3 has no
velocity and no acceleration at either end (K. Perlin, Improving Noise, SIGGRAPH 2002); ``step`` keeps the value before
until the keyframe itself.

**Space.** Points of a fragment go through the element's matrix, then the item's (`element_matrix`, `item_matrix`):
scale and rotation (positive: clockwise on the screen, y is down) about the pivot, then translation. An element's pivot
is its origin, else the centre of its bounds, and its translation is in px of the fragment; an item's pivot is the
centre of the fragment where it stands, and its translation is in px of the reference frame.

**Properties** (`State`; the neutral value is what holds without a track):

==========  ==============  ==========================================================================================
opacity     1               multiplies the paint's alpha. An item's applies to the item as one picture (a group), not
                            to each element, so that overlapping elements do not show through.
translate   (0, 0)          see above; several add up
scale       (1, 1)          see above; several multiply
rotate      0               degrees; several add up
color       no blend        every paint p becomes p + (c - p) * amount for each of r, g, b, a, in straight sRGB code
                            values; the element's blend comes first, then the item's. Pictures are not coloured.
trim        1               `stroke_share` of a stroke's length is drawn from its start; a fill has `fill_share`; a fill
                            (or glyph) without a stroke is outlined meanwhile by a line of OUTLINE_WIDTH px in the
                            fill's paint, `outline_share` long, with opacity `outline_opacity`. Share is of the whole
                            path's length, contour after contour. Pictures: fill_share of their opacity.
blur        0               standard deviation in px of the reference frame
clip        (0, 0, 1, 1)    shares of the bounds (an item's: of the fragment's rectangle). An edge at 0 (left, top) or 1
                            (right, bottom) does not cut at all, so that overhanging ink is never lost at rest.
morph       0               the element's path blended towards the track's path: `pvc.compiler.model.morph`
orbit       (0, 0)          degrees about the upward axis and of elevation, of an item whose fragment has a space
time        0               seconds of a film that have been played: the last frame that began no later is seen
==========  ==============  ==========================================================================================

Where several tracks of one property meet in one element, opacities, trims and scales multiply, translations, rotations,
blurs, times and orbits add, clips intersect, and of colours and morphs the last one wins (a visual may be dimmed by a
`focus` and fade out at once, say).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pvc.compiler.model.display import Ease, Element, Fragment, Item, Paint, Path, Property, Track

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
"""(a, b, c, d, e, f): x' = a x + c y + e, y' = b x + d y + f, the order of SVG and PDF."""

OUTLINE_WIDTH = 2.0
"""Width in reference px of the line by which a fill without a stroke is written."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

NEUTRAL: dict[Property, tuple[float, ...]] = {
    "opacity": (1.0,),
    "translate": (0.0, 0.0),
    "scale": (1.0, 1.0),
    "rotate": (0.0,),
    "trim": (1.0,),
    "blur": (0.0,),
    "clip": (0.0, 0.0, 1.0, 1.0),
    "morph": (0.0,),
    "time": (0.0,),
    "orbit": (0.0, 0.0),
}
"""The value of a property that changes nothing. `color` has none of its own: any colour with amount 0 is neutral."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything that tracks can change of one element, or of one whole item, at one frame."""

    opacity: float = 1.0
    dx: float = 0.0
    dy: float = 0.0
    sx: float = 1.0
    sy: float = 1.0
    angle: float = 0.0
    color: tuple[float, float, float, float, float] | None = None
    trim: float = 1.0
    blur: float = 0.0
    clip: tuple[float, float, float, float] | None = None
    morph: float = 0.0
    path: Path | None = None
    """What the element's path is blended towards, by ``morph``."""
    time: float = 0.0
    azimuth: float = 0.0
    elevation: float = 0.0

    @property
    def visible(self) -> bool:
        """Whether anything at all is to be painted."""
        if self.opacity <= 0.0 or self.sx == 0.0 or self.sy == 0.0 or self.trim <= 0.0:
            return False
        return self.clip is None or (self.clip[0] < self.clip[2] and self.clip[1] < self.clip[3])


REST = State()
"""The state without any track."""


@dataclass(frozen=True, slots=True)
class Group:
    """Elements (by index) that the same tracks act on, so that their state is worked out once."""

    targets: tuple[int, ...]
    tracks: tuple[Track, ...]
    still: State | None
    """Their state at every frame, where none of the tracks ever changes."""


@dataclass(frozen=True, slots=True)
class Motion:
    """An item's tracks sorted out once for a chunk. Elements in no group are at rest."""

    whole: Group
    groups: tuple[Group, ...]
    elements: int


@dataclass(frozen=True, slots=True)
class Pose:
    """An item at one frame: its own state, and those of its elements by index (REST for most)."""

    whole: State
    elements: tuple[State, ...]


def eased(ease: Ease, u: float) -> float:
    """The share of the way that is done after the share ``u`` of the time; formulas at the head of this module."""
    if u <= 0.0:
        return 0.0
    if u >= 1.0:
        return 1.0
    if ease == "linear":
        return u
    if ease == "out":
        return 1.0 - (1.0 - u) ** 3
    if ease == "in_out":
        return 4.0 * u**3 if u < 0.5 else 1.0 - (2.0 - 2.0 * u) ** 3 / 2.0
    if ease == "smooth":
        return min(1.0, u * u * u * (u * (u * 6.0 - 15.0) + 10.0))  # rounding would go a hair beyond
    return 0.0


def value_at(track: Track, frame: float) -> tuple[float, ...]:
    """The track's value at a frame of its chunk (a fraction of a frame is allowed, for motion blur)."""
    keys = track.keys
    before = keys[0]
    if frame < before.frame or len(keys) == 1:
        return before.value
    for after in keys[1:]:
        if frame < after.frame:
            share = eased(after.ease, (frame - before.frame) / (after.frame - before.frame))
            return tuple(a + (b - a) * share for a, b in zip(before.value, after.value, strict=True))
        before = after
    return before.value


def is_still(track: Track) -> bool:
    """Whether the track's value is the same at every frame."""
    first = track.keys[0].value
    return all(key.value == first for key in track.keys[1:])


def _combine(tracks: Sequence[Track], frame: float) -> State:
    opacity = sx = sy = trim = 1.0
    dx = dy = angle = blur = morph = time = azimuth = elevation = 0.0
    color: tuple[float, float, float, float, float] | None = None
    clip: tuple[float, float, float, float] | None = None
    path: Path | None = None
    for track in tracks:
        value = value_at(track, frame)
        kind = track.property
        if kind == "opacity":
            opacity *= value[0]
        elif kind == "translate":
            dx += value[0]
            dy += value[1]
        elif kind == "scale":
            sx *= value[0]
            sy *= value[1]
        elif kind == "rotate":
            angle += value[0]
        elif kind == "color":
            color = (value[0], value[1], value[2], value[3], value[4]) if value[4] > 0.0 else color
        elif kind == "trim":
            trim *= value[0]
        elif kind == "blur":
            blur += value[0]
        elif kind == "clip":
            old = clip or (0.0, 0.0, 1.0, 1.0)
            clip = (max(old[0], value[0]), max(old[1], value[1]), min(old[2], value[2]), min(old[3], value[3]))
        elif kind == "time":
            time += value[0]
        elif kind == "orbit":
            azimuth += value[0]
            elevation += value[1]
        else:
            morph, path = (value[0], track.path) if value[0] > 0.0 else (morph, path)
    if clip == (0.0, 0.0, 1.0, 1.0):
        clip = None
    return State(opacity, dx, dy, sx, sy, angle, color, trim, blur, clip, morph, path, time, azimuth, elevation)


def _group(targets: tuple[int, ...], tracks: tuple[Track, ...]) -> Group:
    still = _combine(tracks, 0) if all(is_still(track) for track in tracks) else None
    return Group(targets, tracks, still)


def motion(item: Item, elements: int) -> Motion:
    """Sort an item's tracks by what they act on; ``elements`` is how many its fragment has.

    Targets beyond the last element are ignored: a painter must not fall over a list made for another layout.
    """
    whole = tuple(track for track in item.tracks if track.targets is None)
    acting: dict[int, list[Track]] = {}
    for track in item.tracks:
        for target in track.targets or ():
            if 0 <= target < elements:
                acting.setdefault(target, []).append(track)
    groups: dict[tuple[int, ...], tuple[list[int], tuple[Track, ...]]] = {}
    for target, tracks in acting.items():
        key = tuple(id(track) for track in tracks)
        groups.setdefault(key, ([], tuple(tracks)))[0].append(target)
    return Motion(
        _group((), whole), tuple(_group(tuple(targets), tracks) for targets, tracks in groups.values()), elements
    )


def pose(moving: Motion, frame: float) -> Pose:
    """The state of a whole item at a frame of its chunk."""
    states = [REST] * moving.elements
    for group in moving.groups:
        state = group.still if group.still is not None else _combine(group.tracks, frame)
        for target in group.targets:
            states[target] = state
    whole = moving.whole.still if moving.whole.still is not None else _combine(moving.whole.tracks, frame)
    return Pose(whole, tuple(states))


def blend(paint: Paint, color: tuple[float, float, float, float, float] | None) -> Paint:
    """A paint under a `color` track's value."""
    if color is None or color[4] <= 0.0:
        return paint
    amount = min(color[4], 1.0)

    def mix(own: int, other: float) -> int:
        return min(255, max(0, round(own + (other - own) * amount)))

    return Paint(
        mix(paint.red, color[0]), mix(paint.green, color[1]), mix(paint.blue, color[2]), mix(paint.alpha, color[3])
    )


def stroke_share(trim: float, filled: bool = False) -> float:
    """How much of a stroke's length is drawn. Around a fill it is closed before the fill begins to appear: a whole
    surface within half an outline looks torn."""
    return outline_share(trim) if filled else min(1.0, max(0.0, trim))


def fill_share(trim: float) -> float:
    """The opacity of a fill: nothing in the first half of `trim`, then linear to 1."""
    return min(1.0, max(0.0, 2.0 * trim - 1.0))


def outline_share(trim: float) -> float:
    """How much of the outline of a fill without a stroke is drawn: all of it once the fill begins to appear."""
    return min(1.0, max(0.0, 2.0 * trim))


def outline_opacity(trim: float) -> float:
    """The opacity of that outline: it gives way as the fill appears, so that nothing jumps at the end."""
    return 1.0 - fill_share(trim)


def _about(x: float, y: float, state: State) -> Matrix:
    """Scale, then rotate, about (x, y), then translate."""
    if state.angle:
        turn = math.radians(state.angle)
        cos, sin = math.cos(turn), math.sin(turn)
    else:
        cos, sin = 1.0, 0.0
    a, b, c, d = cos * state.sx, sin * state.sx, -sin * state.sy, cos * state.sy
    return (a, b, c, d, x - a * x - c * y + state.dx, y - b * x - d * y + state.dy)


def concat(outer: Matrix, inner: Matrix) -> Matrix:
    """The matrix that does ``inner`` first, then ``outer``."""
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)


def pivot(element: Element) -> tuple[float, float]:
    """The point about which an element is scaled and turned."""
    if element.origin is not None:
        return element.origin
    bounds = element.bounds
    return (bounds.x + bounds.width / 2, bounds.y + bounds.height / 2)


def element_matrix(element: Element, state: State) -> Matrix:
    """From the element at rest to the fragment's coordinates."""
    if state is REST:
        return IDENTITY
    return _about(*pivot(element), state)


def item_matrix(item: Item, fragment: Fragment, state: State) -> Matrix:
    """From the fragment's coordinates to the reference frame's."""
    placed = (item.scale, 0.0, 0.0, item.scale, item.x, item.y)
    if state is REST:
        return placed
    centre_x = item.x + item.scale * fragment.width / 2
    centre_y = item.y + item.scale * fragment.height / 2
    return concat(_about(centre_x, centre_y, state), placed)
