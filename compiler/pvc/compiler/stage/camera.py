"""The camera of a scene: what it looks at after each of its moves, and how that becomes motion of all that is in view.

A **view** maps the reference frame at rest to what is seen. Moves are worked out on the arrangement, in the order of
the text, so where the camera looks does not depend on how fast somebody speaks. Lowering folds the camera into where
each visual stands and how large it is: painters know nothing of it, and text that is seen larger is set larger, never
enlarged as a picture. What tells the viewer where they are (FIXED) stands before the camera and does not move.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from pvc.compiler.layout.compose import union
from pvc.compiler.model.display import Ball, Element, Fragment, Keyframe, Rect, Rod
from pvc.compiler.model.program import CAMERA_VERBS, SceneSpec, VisualSpec
from pvc.compiler.model.space import pose
from pvc.compiler.model.tracks import eased
from pvc.compiler.plan.pace import turned_degrees
from pvc.compiler.plan.walk import walk
from pvc.compiler.stage import curves, parts
from pvc.compiler.stage.arrange import Standing
from pvc.compiler.stage.curves import Curve, Value
from pvc.compiler.stage.lives import Life, Lifelines
from pvc.compiler.stage.regions import Frame
from pvc.compiler.stage.script import Script, Stand

FIXED = ("lower_third", "progress")
"""Layouts that stand before the camera, not in front of it."""
FILL = 0.8
"""Share of the body's width or height that a thing fills once the camera has come to it."""
CLOSEST = 3.0
"""The most that a camera comes nearer without being told how near: larger letters tell no more."""


@dataclass(frozen=True, slots=True)
class View:
    """A point p of the frame at rest is seen at ``zoom * p + (x, y)``, in reference px."""

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0


REST = View()
"""All of the frame, as it is laid out."""


def placed(rect: Rect, fragment: Fragment, stand: Stand) -> Rect:
    """A rectangle of a fragment as it stands in the reference frame."""
    left = stand.x - stand.scale * fragment.width / 2
    top = stand.y - stand.scale * fragment.height / 2
    return Rect(
        left + stand.scale * rect.x, top + stand.scale * rect.y, stand.scale * rect.width, stand.scale * rect.height
    )


def seen(rect: Rect, view: View) -> Rect:
    """A rectangle of the frame as the camera shows it."""
    zoom = view.zoom
    return Rect(zoom * rect.x + view.x, zoom * rect.y + view.y, zoom * rect.width, zoom * rect.height)


def stand_of(life: Life, standing: Standing, index: int) -> Stand:
    """Where a life stands once the action of a number has been done."""
    chosen = standing.stands[0]
    for stay, stand in zip(life.stays, standing.stands, strict=True):
        if stay.begin <= index:
            chosen = stand
    return chosen


def area(
    life: Life,
    standing: Standing,
    index: int,
    selector: str | None = None,
    turned: tuple[float, float] = (0.0, 0.0),
) -> Rect | None:
    """The rectangle in the frame at rest around a life, or around a part of it; None where that draws nothing.
    ``turned``: by how much a camera has gone round it (degrees of azimuth and elevation)."""
    fragment = standing.fragment
    whole = range(len(fragment.elements))
    chosen = whole if selector is None else parts.elements(fragment, selector)
    boxes = [_bounds(fragment, fragment.elements[each], turned) for each in chosen]
    return placed(union(boxes), fragment, stand_of(life, standing, index)) if boxes else None


def _bounds(fragment: Fragment, element: Element, turned: tuple[float, float]) -> Rect:
    """Where an element is in its fragment; one that stands in space goes with the spot where it stands."""
    box, primitive = element.bounds, element.primitive
    spot = element.pin.spot if element.pin is not None else None
    if isinstance(primitive, Ball):
        spot = primitive.centre
    elif isinstance(primitive, Rod):
        a, b = primitive.start, primitive.end
        spot = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2)
    if fragment.space is None or spot is None or turned == (0.0, 0.0):
        return box
    rest, now = pose(fragment.space).seen(spot), pose(fragment.space, *turned).seen(spot)
    return Rect(box.x + now[0] - rest[0], box.y + now[1] - rest[1], box.width, box.height)


def turns(spec: SceneSpec, lines: Lifelines) -> dict[int, dict[int, tuple[float, float]]]:
    """By how much each life (by index) has been turned once an action, and all that happens together with it, is
    done; by the number of the action. Empty where nothing turns."""
    steps = list(walk(spec))
    if not any(step.action.verb == "orbit" for step in steps):
        return {}
    now: dict[int, tuple[float, float]] = {}
    found: dict[int, dict[int, tuple[float, float]]] = {}
    last: dict[int, dict[int, tuple[float, float]]] = {}
    for step in steps:
        if step.action.verb == "orbit":
            by, tilt = (float(value) for value in turned_degrees(step.action))
            for name in step.action.visuals:
                life = lines.acts.get((step.index, name))
                if life is not None:
                    before = now.get(life, (0.0, 0.0))
                    now = {**now, life: (before[0] + by, before[1] + tilt)}
        found[step.index] = now
        if step.parent is not None:
            last[step.parent] = now
    return {step.index: found[step.index] if step.parent is None else last[step.parent] for step in steps}


def _room(
    lines: Lifelines, standings: Sequence[Standing], visuals: Mapping[str, VisualSpec], stage: Frame, index: int
) -> Rect:
    """Where a thing that the camera comes to may stand: the body less what is fixed at its foot just then."""
    body, floor = stage.body, stage.body.bottom
    for life, standing in zip(lines.lives, standings, strict=True):
        if visuals[life.visual].layout in FIXED and life.begin <= index < life.end:
            box = area(life, standing, index)
            if box is not None and box.y > body.y + body.height / 2:
                floor = min(floor, box.y - stage.gutter / 2)
    return Rect(body.x, body.y, body.width, max(body.height / 2, floor - body.y))


def _centred(target: Rect, zoom: float, room: Rect) -> View:
    return View(
        zoom,
        room.x + room.width / 2 - zoom * (target.x + target.width / 2),
        room.y + room.height / 2 - zoom * (target.y + target.height / 2),
    )


def _fitting(target: Rect, room: Rect, closest: float = CLOSEST) -> float:
    """The zoom at which a target fills its share of the room: never farther away than at rest, nor nearer than
    ``closest``."""
    fit = FILL * min(room.width / max(target.width, 1.0), room.height / max(target.height, 1.0))
    return min(closest, max(1.0, fit))


def views(
    spec: SceneSpec,
    lines: Lifelines,
    standings: Sequence[Standing],
    visuals: Mapping[str, VisualSpec],
    stage: Frame,
) -> dict[int, View]:
    """What the camera shows after each of its moves, by the number of the action; empty for a scene that has none."""
    found: dict[int, View] = {}
    now = REST
    turned = turns(spec, lines)
    for step in walk(spec):
        action = step.action
        if action.verb not in CAMERA_VERBS:
            continue
        if action.verb == "reset":
            now = found[step.index] = REST
            continue
        boxes = []
        for name in action.visuals:
            life = lines.acts.get((step.index, name))
            if life is not None:
                selector = action.part.selector if action.part is not None else None
                angles = turned.get(step.index, {}).get(life, (0.0, 0.0))
                box = area(lines.lives[life], standings[life], step.index, selector, angles)
                if box is not None:
                    boxes.append(box)
        room = _room(lines, standings, visuals, stage, step.index)
        factor = dict(action.options).get("by")
        if boxes:
            target = union(boxes)
            zoom = _fitting(target, room, now.zoom if action.verb == "pan" else CLOSEST)
            now = _centred(target, float(factor) if isinstance(factor, int | Fraction) else zoom, room)
        elif isinstance(factor, int | Fraction):
            middle = ((stage.width / 2 - now.x) / now.zoom, (stage.height / 2 - now.y) / now.zoom)
            zoom = float(factor)
            now = View(zoom, stage.width / 2 - zoom * middle[0], stage.height / 2 - zoom * middle[1])
        found[step.index] = now
    return found


def after(spec: SceneSpec, moves: Mapping[int, View]) -> dict[int, View]:
    """The view in which each action of a scene is seen, by its number: what the camera shows once the action, and
    everything that happens together with it, is done."""
    found: dict[int, View] = {}
    last: dict[int, View] = {}
    now = REST
    steps = list(walk(spec))
    for step in steps:
        now = found[step.index] = moves.get(step.index, now)
        if step.parent is not None:
            last[step.parent] = now
    for step in steps:
        if step.parent is not None:
            found[step.index] = last[step.parent]
    return found


# ------------------------------------------------------------------------------------------------ in time


def begin() -> Curve:
    """A camera at rest. Its values are zoom, x, y of a view."""
    return curves.begin("scale", (REST.zoom, REST.x, REST.y))


def go(camera: Curve, start: int, frames: int, view: View) -> None:
    """Let the camera go to a view. The zoom changes by equal factors in equal (eased) times, which looks even, and a
    straight line of views is kept to, so that one point of the picture stays where it is. Frame by frame, since no
    ease of a track does that."""
    goal = curves.rounded("scale", (view.zoom, view.x, view.y))
    origin = curves.at(camera, start)
    camera.keys[:] = [key for key in camera.keys if key.frame <= start]
    if goal == origin:
        return
    if frames <= 0:
        camera.keys.append(Keyframe(start, goal, "step"))
        return
    if camera.keys[-1].frame < start:
        camera.keys.append(Keyframe(start, origin, "linear"))
    ratio = goal[0] / origin[0]
    for frame in range(1, frames):
        share = eased("in_out", frame / frames)
        if abs(ratio - 1.0) > 1e-3:
            share = (ratio**share - 1.0) / (ratio - 1.0)
        value = tuple(a + (b - a) * share for a, b in zip(origin, goal, strict=True))
        camera.keys.append(Keyframe(start + frame, curves.rounded("scale", value), "linear"))
    camera.keys.append(Keyframe(start + frames, goal, "linear"))


def _ways(curve: Curve) -> list[tuple[int, int]]:
    """Where a curve is under way, stretches that touch joined."""
    found: list[tuple[int, int]] = []
    for before, key in pairwise(curve.keys):
        if before.value == key.value or key.ease == "step" or before.frame == key.frame:
            continue
        if found and found[-1][1] >= before.frame:
            found[-1] = (found[-1][0], key.frame)
        else:
            found.append((before.frame, key.frame))
    return found


def _spans(camera: Curve, own: Curve) -> list[tuple[int, int]]:
    """Where the two must be combined frame by frame: the camera's ways, widened by ways of the other that meet them."""
    spans: list[list[int]] = []
    for low, high, of_camera in sorted([(*way, True) for way in _ways(camera)] + [(*way, False) for way in _ways(own)]):
        if spans and low < spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], high)
            spans[-1][2] |= of_camera
        else:
            spans.append([low, high, int(of_camera)])
    return [(low, high) for low, high, of_camera in spans if of_camera]


def _combined(own: Curve, camera: Curve, combine: Callable[[Value, Value], Value]) -> Curve:
    """One curve that is at every frame what ``combine`` makes of both. Where only one of them is under way its own keys
    are kept: a view is linear in what it maps, so what lies between two keys is mapped like them."""
    spans = _spans(camera, own)
    jumps = [key.frame for key in camera.keys if key.ease == "step"]
    keys: list[Keyframe] = []

    def value(frame: int) -> Value:
        return curves.rounded(own.kind, combine(curves.at(own, frame), curves.at(camera, frame)))

    def add(frame: int, ease: str, given: Value | None = None) -> None:
        key = Keyframe(frame, given if given is not None else value(frame), ease)  # type: ignore[arg-type]
        if not keys or keys[-1] != key:
            keys.append(key)

    events = sorted(
        [(key.frame, 0, position) for position, key in enumerate(own.keys)]
        + [(frame, 1, 0) for frame in jumps]
        + [(low, 2, high) for low, high in spans]
    )
    for frame, kind, number in events:
        inside = any(low <= frame <= high for low, high in spans)
        if kind == 0 and not inside:
            key = own.keys[number]
            add(frame, key.ease, curves.rounded(own.kind, combine(key.value, curves.at(camera, frame))))
        elif kind == 1 and not inside:
            add(frame, "step")
        elif kind == 2:
            for step in range(frame, number + 1):
                add(step, "linear")
    return Curve(own.kind, keys or [Keyframe(0, value(0))])


def film(cast: Iterable[Script], camera: Curve) -> None:
    """Let everything be seen through the camera: its moves are folded into where things stand and how large they
    are."""

    def centre(own: Value, view: Value) -> Value:
        return (view[0] * own[0] + view[1], view[0] * own[1] + view[2])

    def scaled(own: Value, view: Value) -> Value:
        return tuple(view[0] * each for each in own)

    if len(camera.keys) < 2:
        return
    for script in cast:
        script.centre = _combined(script.centre, camera, centre)
        script.scale = _combined(script.scale, camera, scaled)
        for address, curve in script.curves.items():
            if address[0] == "translate" and address[2] is None:  # in px of the frame, not of the fragment
                script.curves[address] = _combined(curve, camera, scaled)
