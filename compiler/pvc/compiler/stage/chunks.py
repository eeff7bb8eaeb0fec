"""Cutting a scene's time line where everything is settled: stretches that move, and holds between them.

A chunk knows nothing of where it stands in the scene: its keyframes count from its own first frame, settled quantities
are tracks of one keyframe, neutral ones are left out, items that cannot be seen are left out. So equal states give
equal chunks, and how long a hold lasts is beside the chunk, not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pvc.compiler.digest import digest_of
from pvc.compiler.graph.nodes import nameless
from pvc.compiler.layout.compose import union
from pvc.compiler.model.display import (
    Chunk,
    Fragment,
    Item,
    Keyframe,
    Layer,
    Paint,
    Path,
    Placed,
    Property,
    Track,
    quantise,
)
from pvc.compiler.model.tracks import motion, pose
from pvc.compiler.stage import curves
from pvc.compiler.stage.curves import Curve, neutral
from pvc.compiler.stage.script import Script

_ORDER: tuple[Property, ...] = (
    *("opacity", "translate", "scale", "rotate", "color", "trim", "blur", "clip", "morph", "time", "orbit"),
)
FILM_PIECE = 120
"""Frames after which a film that plays is cut."""
OVERHANG = 64.0
"""Reference px by which ink may reach beyond an element's bounds (strokes, blurs)."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A script with what its items carry besides; actors are given in paint order."""

    script: Script
    backend: str
    native: str | None
    arguments: tuple[tuple[str, object], ...]
    over: bool = False
    """It is shown in a layer of its own, over all others (see `display.Layer`)."""


@dataclass(frozen=True, slots=True)
class _Bundle:
    """Elements (None: the whole) whose curves of one property and channel are the same over the whole scene."""

    kind: Property
    targets: tuple[int, ...] | None
    curve: Curve
    path: Path | None


@dataclass(frozen=True, slots=True)
class _Cast:
    actor: Actor
    bundles: tuple[_Bundle, ...]
    elements: int


def _bundles(script: Script) -> tuple[_Bundle, ...]:
    groups: dict[tuple[int, str, tuple[Keyframe, ...], Path | None, bool], list[int | None]] = {}
    for (kind, channel, target), curve in script.curves.items():
        path = script.paths.get(target) if kind == "morph" and target is not None else None
        group = (_ORDER.index(kind), channel, tuple(curve.keys), path, target is None)
        groups.setdefault(group, []).append(target)
    found: list[tuple[int, str, tuple[int, ...], _Bundle]] = []
    for (kind_index, channel, keys, path, whole), targets in groups.items():
        chosen = tuple(sorted(target for target in targets if target is not None))
        bundle = _Bundle(_ORDER[kind_index], None if whole else chosen, Curve(_ORDER[kind_index], list(keys)), path)
        found.append((kind_index, channel, chosen, bundle))
    return tuple(entry[3] for entry in sorted(found, key=lambda entry: entry[:3]))


def _segments(curve: Curve) -> tuple[list[tuple[int, int]], list[int]]:
    """Where a curve is under way, and where it jumps. A way that is written frame by frame is one."""
    ways: list[tuple[int, int]] = []
    jumps: list[int] = []
    keys = curve.keys
    sampled = False
    for before, after in pairwise(keys):
        if before.value == after.value:
            sampled = False
            continue
        if after.ease == "step" or after.frame == before.frame:
            jumps.append(after.frame)
        elif sampled and after.ease == "linear" and ways and ways[-1][1] == before.frame:
            ways[-1] = (ways[-1][0], after.frame)
        else:
            ways.append((before.frame, after.frame))
        sampled = after.ease == "linear"
    return ways, jumps


def _cuts(cast: Sequence[_Cast], frames: int) -> list[tuple[int, int, bool]]:
    """The scene as ``(start, end, moving)``, without gaps. A film that plays is cut every so often, where nothing else
    is under way: so its parts are painted side by side, and an edit of one leaves the others."""
    ways: list[tuple[int, int]] = []
    played: set[int] = set()
    busy: list[tuple[int, int]] = []
    points = {0, frames}
    for member in cast:
        script = member.actor.script
        points.update((script.shown, script.gone))
        for curve in (script.centre, script.scale, *(bundle.curve for bundle in member.bundles)):
            moving, jumps = _segments(curve)
            points.update(frame for frame in jumps if script.shown <= frame < script.gone)
            for start, end in moving:
                start, end = max(start, script.shown), min(end, script.gone)
                if start < end:
                    ways.append((start, end))
                    if curve.kind == "time":
                        played.update(range(start + FILM_PIECE, end, FILM_PIECE))
                    else:
                        busy.append((start, end))
    merged: list[list[int]] = []
    for start, end in sorted(ways):
        start, end = max(0, start), min(end, frames)
        if merged and start < merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        elif start < end:
            merged.append([start, end])
    pieces: list[tuple[int, int, bool]] = []
    at = 0
    for start, end in [*merged, [frames, frames]]:
        stops = [at, *sorted(point for point in points if at < point < start), start]
        pieces.extend((low, high, False) for low, high in pairwise(stops) if low < high)
        if start < end:
            here = (frame for frame in played if start < frame < end)
            stops = [start, *sorted(frame for frame in here if not any(a < frame < b for a, b in busy)), end]
            pieces.extend((low, high, True) for low, high in pairwise(stops))
        at = end
    return pieces


def window(curve: Curve, start: int, end: int) -> tuple[Keyframe, ...]:
    """A curve's keys over ``[start, end]``, counted from ``start``, none of them idle; one key where nothing
    changes."""
    first = curves.at(curve, start)
    keys = [Keyframe(0, first)]
    keys.extend(Keyframe(key.frame - start, key.value, key.ease) for key in curve.keys if start < key.frame <= end)
    following = next((key for key in curve.keys if key.frame > end), None)
    if end > start and following is not None and following.ease == "linear":  # cut on the way
        keys.append(Keyframe(end - start, curves.at(curve, end), "linear"))
    kept = [keys[0]]
    for position, key in enumerate(keys[1:], 1):
        following = keys[position + 1] if position + 1 < len(keys) else None
        idle = key.value == kept[-1].value and (following is None or following.value == key.value)
        if not idle:
            kept.append(key)
    while len(kept) > 1 and kept[-1].value == kept[-2].value:
        kept.pop()
    return tuple(kept)


def _presence(script: Script, start: int, end: int) -> list[Track]:
    """A track that keeps an item unseen in the part of its chunk before it comes on or after it has gone."""
    keys = [Keyframe(0, (0.0 if script.shown > start else 1.0,))]
    if start < script.shown < end:
        keys.append(Keyframe(script.shown - start, (1.0,), "step"))
    if start < script.gone < end:
        keys.append(Keyframe(script.gone - start, (0.0,), "step"))
    return [Track("opacity", None, tuple(keys))] if len(keys) > 1 else []


def _tracks(member: _Cast, start: int, end: int) -> list[Track]:
    found = _presence(member.actor.script, start, end)
    for bundle in member.bundles:
        keys = window(bundle.curve, start, end)
        if len(keys) == 1 and neutral(bundle.kind, keys[0].value):
            continue
        found.append(Track(bundle.kind, bundle.targets, keys, bundle.path))
    return found


def _places(script: Script, start: int, end: int) -> tuple[float, float, float, list[Track]]:
    """An item's corner and scale at ``start``, with the tracks by which it moves on from there."""
    fragment = script.fragment
    x, y = curves.at(script.centre, start)
    scale = curves.at(script.scale, start)[0]
    tracks = []
    centre = window(script.centre, start, end)
    if len(centre) > 1:
        keys = (
            Keyframe(key.frame, (quantise(key.value[0] - x), quantise(key.value[1] - y)), key.ease) for key in centre
        )
        tracks.append(Track("translate", None, tuple(keys)))
    sizes = window(script.scale, start, end)
    if len(sizes) > 1:
        keys = (Keyframe(key.frame, (key.value[0] / scale, key.value[0] / scale), key.ease) for key in sizes)
        tracks.append(Track("scale", None, tuple(keys)))
    return quantise(x - scale * fragment.width / 2), quantise(y - scale * fragment.height / 2), scale, tracks


def _visible(item: Item, elements: int, frames: int) -> bool:
    """Whether anything of an item is seen at some frame of its chunk."""
    gates = [track for track in item.tracks if track.property in ("opacity", "trim", "clip", "scale")]
    if not gates:
        return elements > 0
    ends = {0, frames, *(key.frame for track in gates for key in track.keys)}
    samples = sorted(frame for frame in ends if 0 <= frame <= frames)
    moving = motion(replace(item, tracks=tuple(gates)), elements)
    middles = [(low + high) / 2 for low, high in pairwise(samples)]
    for frame in (*samples[: 1 if frames <= 1 else None], *middles):
        now = pose(moving, frame)
        if now.whole.visible and any(state.visible for state in now.elements):
            return True
    return False


def _beyond(item: Item, fragment: Fragment, reference: tuple[int, int]) -> bool:
    """Whether an item that rests lies wholly outside the frame, where the camera does not look."""
    if any(len(track.keys) > 1 or track.property in ("translate", "scale", "rotate", "morph") for track in item.tracks):
        return False
    box = union(element.bounds for element in fragment.elements)
    left, top = item.x + item.scale * box.x, item.y + item.scale * box.y
    right, bottom = left + item.scale * box.width, top + item.scale * box.height
    spare = OVERHANG * max(1.0, item.scale)
    return right < -spare or bottom < -spare or left > reference[0] + spare or top > reference[1] + spare


def _item(member: _Cast, start: int, end: int, moving: bool) -> Item | None:
    script = member.actor.script
    x, y, scale, moves = _places(script, start, end if moving else start)
    tracks = tuple(moves + _tracks(member, start, end if moving else start))
    actor = member.actor
    item = Item(script.visual, script.digest, x, y, scale, tracks, actor.native, actor.arguments)
    return item if _visible(item, member.elements, end - start if moving else 1) else None


def _layers(
    cast: Sequence[_Cast], start: int, end: int, moving: bool, frame: tuple[int, int] | None
) -> tuple[Layer, ...]:
    """``frame``: its size where a camera may look away from something, None where nothing can be out of it."""
    layers: list[tuple[str, bool, list[Item]]] = []
    for member in cast:
        script, over = member.actor.script, member.actor.over
        if script.shown >= max(end, start + 1) or script.gone <= start:
            continue
        item = _item(member, start, end, moving)
        if item is None or (frame is not None and not moving and _beyond(item, script.fragment, frame)):
            continue
        if layers and layers[-1][:2] == (member.actor.backend, over):
            layers[-1][2].append(item)
        else:
            layers.append((member.actor.backend, over, [item]))
    made = tuple(Layer(backend, tuple(items), over) for backend, over, items in layers)
    return made if made and not made[0].over else (Layer("canvas", ()), *made)


def _moves(layers: Sequence[Layer]) -> bool:
    return any(len(track.keys) > 1 for layer in layers for item in layer.items for track in item.tracks)


def cut(
    actors: Sequence[Actor],
    frames: int,
    reference: tuple[int, int],
    background: Paint,
    actions: Sequence[tuple[int, int, int, tuple[str, ...]]],
    filmed: bool = False,
) -> tuple[Placed, ...]:
    """A scene of ``frames`` frames as chunks that cover it without gap or overlap.

    ``actions`` are ``(start, end, index, visuals)`` of everything that moves, for the source map. ``filmed``: whether
    a camera moves in this scene.
    """
    view = reference if filmed else None
    cast = [_Cast(actor, _bundles(actor.script), len(actor.script.fragment.elements)) for actor in actors]
    found: list[Placed] = []
    for start, end, moving in _cuts(cast, frames):
        layers = _layers(cast, start, end, moving, view)
        moving = moving and _moves(layers)
        if not moving:
            layers = _layers(cast, start, start, False, view)
        chunk = Chunk(reference, background, layers, end - start if moving else 1, not moving)
        sources: list[tuple[str, int | None]] = []
        seen = {item.visual for layer in layers if not layer.over for item in layer.items}
        if moving:
            for begin, finish, index, visuals in actions:
                if begin < end and start < max(finish, begin + 1):
                    sources.extend((visual, index) for visual in visuals if visual in seen)
        acting = {visual for visual, _ in sources}
        sources.extend((visual, None) for visual in sorted(seen - acting))
        last = found[-1] if found else None
        if last is not None and chunk.hold and last.chunk == chunk:
            found[-1] = replace(last, length=last.length + end - start)
        else:
            found.append(Placed(chunk, start, end - start, tuple(dict.fromkeys(sources))))
    return tuple(found)


def identity(chunk: Chunk) -> str:
    """The digest of what a chunk looks like: the ids of its visuals, which only the source map needs, are left out."""
    return digest_of(nameless(chunk))
