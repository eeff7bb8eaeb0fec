"""The embedded painter: Skia, in memory, redrawing only what changed.

A layer's items are cut into *pieces* in paint order. A run of elements that rest throughout the chunk is one still
piece: it is rasterised once and composed from then on by copying pixels. An element that moves is a piece of its own;
an item that moves, fades or blurs as a whole is one piece.

For every frame the bounds of pieces whose state changed, before and after, make up the dirty rectangle, which then
grows until it cuts no moving piece. Inside it the base is restored and everything is composed again. So no path is ever
drawn under a clip that cuts it (Skia's coverage of a cut path differs by a few levels from that of a whole one), and a
partial redraw has the bytes of a full one; a test holds us to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pvc.compiler.digest import code_digest
from pvc.compiler.model import tracks
from pvc.compiler.model.display import Chunk, Element, Fragment, Item, Property, Rect, Shape
from pvc.compiler.model.tracks import Matrix, Motion, State
from pvc.runtime.backends.canvas.elements import Drawn, clip_rect
from pvc.runtime.backends.canvas.graphics_library import import_skia
from pvc.runtime.backends.interface import Frame, PixelRect, Resources

_NOTHING = PixelRect(0, 0, 0, 0)
_MARGIN = 2
"""Pixels added around bounds: anti-aliasing and the overshoot of curves that bounds of control points do not show."""
_MODULES = ("pvc.runtime.backends.canvas", "pvc.compiler.model.morph", "pvc.compiler.model.tracks")


@dataclass(frozen=True, slots=True)
class _Actor:
    """An item of the layer with its fragment, its motion, and its elements ready to draw."""

    item: Item
    fragment: Fragment
    motion: Motion
    drawn: tuple[Drawn, ...]


@dataclass(slots=True)
class _Piece:
    """Some elements of an actor that are painted together. ``states``, ``whole`` and ``bounds`` are as painted last."""

    actor: _Actor
    indices: tuple[int, ...]
    whole: State
    states: tuple[State, ...]
    bounds: PixelRect = _NOTHING


@dataclass(frozen=True, slots=True)
class _Still:
    """A run of resting elements, rasterised: ``image`` covers ``bounds``."""

    image: Any
    bounds: PixelRect


def _is_group(item: Item) -> bool:
    """Whether an item must be composed as one picture at some frame."""
    neutral: dict[Property, float] = {"opacity": 1.0, "blur": 0.0}
    return any(
        track.targets is None
        and track.property in neutral
        and any(key.value[0] != neutral[track.property] for key in track.keys)
        for track in item.tracks
    )


def _reach(element: Element, state: State) -> float:
    """How far paint may lie outside the element's bounds, in px of the fragment."""
    stroke = element.primitive.stroke if isinstance(element.primitive, Shape) else None
    own = stroke.width * (2.0 if stroke.join == "miter" else 0.75) if stroke is not None else 0.0
    return own + tracks.OUTLINE_WIDTH + 3.0 * state.blur


def _grown(rect: Rect, by: float) -> tuple[float, float, float, float]:
    return (rect.x - by, rect.y - by, rect.right + by, rect.bottom + by)


def _pixels(box: tuple[float, float, float, float], matrix: Matrix, scale: float, size: tuple[int, int]) -> PixelRect:
    """The whole pixels that a rectangle covers after a matrix."""
    left, top, right, bottom = box
    corners = [tracks.apply(matrix, x, y) for x in (left, right) for y in (top, bottom)]
    xs = [x * scale for x, _ in corners]
    ys = [y * scale for _, y in corners]
    return PixelRect(
        max(0, int(np.floor(min(xs))) - _MARGIN),
        max(0, int(np.floor(min(ys))) - _MARGIN),
        min(size[0], int(np.ceil(max(xs))) + _MARGIN),
        min(size[1], int(np.ceil(max(ys))) + _MARGIN),
    )


def _empty(rect: PixelRect) -> bool:
    return rect.left >= rect.right or rect.top >= rect.bottom


def _union(one: PixelRect, other: PixelRect) -> PixelRect:
    if _empty(one):
        return other
    if _empty(other):
        return one
    return PixelRect(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )


def _meets(one: PixelRect, other: PixelRect) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


class _Painting:
    """One layer of one chunk being painted."""

    def __init__(
        self, chunk: Chunk, layer: int, size: tuple[int, int], opaque: bool, resources: Resources, frame: int
    ) -> None:
        self.skia = import_skia()
        self.size = size
        self.scale = size[0] / chunk.reference[0]
        ground = chunk.background
        self.ground = self.skia.Color(ground.red, ground.green, ground.blue, ground.alpha) if opaque else 0
        self.actors = tuple(_actor(item, resources) for item in chunk.layers[layer].items)
        self.everything = PixelRect(0, 0, *size)
        self.pixels: NDArray[np.uint8] = np.zeros((size[1], size[0], 4), dtype=np.uint8)
        self.canvas, self.surface = self._surface(self.pixels)
        self.canvas.clear(self.ground)
        stack = self._stack(frame)
        resting = next((index for index, one in enumerate(stack) if isinstance(one, _Piece)), len(stack))
        self._compose(stack[:resting], self.everything)
        self.base = self.pixels.copy()
        self.stack = stack[resting:]
        self.moving = tuple(one for one in self.stack if isinstance(one, _Piece))
        self._compose(self.stack, self.everything)

    def _surface(self, pixels: NDArray[np.uint8]) -> tuple[Any, Any]:
        info = self.skia.ImageInfo.Make(
            pixels.shape[1],
            pixels.shape[0],
            self.skia.ColorType.kRGBA_8888_ColorType,
            self.skia.AlphaType.kPremul_AlphaType,
        )
        surface = self.skia.Surface.MakeRasterDirect(info, pixels)
        return surface.getCanvas(), surface

    def _stack(self, frame: int) -> list[_Piece | _Still]:
        """The layer's pieces in paint order, neighbouring resting ones rasterised together."""
        stack: list[_Piece | _Still] = []
        resting: list[_Piece] = []

        def settle() -> None:
            if resting:
                still = self._rasterised(resting)
                if still is not None:
                    stack.append(still)
                resting.clear()

        for actor in self.actors:
            pose = tracks.pose(actor.motion, frame)
            count = len(actor.drawn)
            if actor.motion.whole.still is None or _is_group(actor.item):
                runs = [(tuple(range(count)), actor.motion.whole.still is None or _moving(actor.motion) != set())]
            else:
                runs = _runs(count, _moving(actor.motion))
            for indices, moves in runs:
                piece = _Piece(actor, indices, pose.whole, tuple(pose.elements[index] for index in indices))
                piece.bounds = self._bounds(piece)
                if moves:
                    settle()
                    stack.append(piece)
                else:
                    resting.append(piece)
        settle()
        return stack

    def _rasterised(self, pieces: list[_Piece]) -> _Still | None:
        bounds = _NOTHING
        for piece in pieces:
            bounds = _union(bounds, piece.bounds)
        if _empty(bounds):
            return None
        pixels: NDArray[np.uint8] = np.zeros((bounds.bottom - bounds.top, bounds.right - bounds.left, 4), np.uint8)
        canvas, surface = self._surface(pixels)
        canvas.translate(-bounds.left, -bounds.top)
        for piece in pieces:
            self._draw(canvas, piece)
        return _Still(surface.makeImageSnapshot(), bounds)

    def _bounds(self, piece: _Piece) -> PixelRect:
        """The pixels that a piece may touch."""
        if not piece.whole.visible:
            return _NOTHING
        actor = piece.actor
        matrix = tracks.item_matrix(actor.item, actor.fragment, piece.whole)
        found = _NOTHING
        for index, state in zip(piece.indices, piece.states, strict=True):
            if state.visible:
                found = _union(found, self._element_bounds(actor.fragment.elements[index], state, piece.whole, matrix))
        return found

    def _element_bounds(self, element: Element, state: State, whole: State, matrix: Matrix) -> PixelRect:
        box = _grown(element.bounds, _reach(element, state) + 3.0 * whole.blur)
        if state.path is not None and state.morph > 0.0:
            xs, ys = state.path.points[0::2], state.path.points[1::2]
            reach = _reach(element, state)
            box = (
                min(box[0], min(xs) - reach),
                min(box[1], min(ys) - reach),
                max(box[2], max(xs) + reach),
                max(box[3], max(ys) + reach),
            )
        return _pixels(box, tracks.concat(matrix, tracks.element_matrix(element, state)), self.scale, self.size)

    def _draw(self, canvas: Any, piece: _Piece) -> None:
        whole, actor = piece.whole, piece.actor
        if not whole.visible:
            return
        skia = self.skia
        depth = canvas.save()
        canvas.scale(self.scale, self.scale)
        a, b, c, d, e, f = tracks.item_matrix(actor.item, actor.fragment, whole)
        canvas.concat(skia.Matrix.MakeAll(a, c, e, b, d, f, 0, 0, 1))
        if whole.clip is not None:
            box = Rect(0.0, 0.0, actor.fragment.width, actor.fragment.height)
            canvas.clipRect(clip_rect(box, whole.clip), skia.ClipOp.kIntersect, True)
        if whole.opacity < 1.0 or whole.blur > 0.0:
            paint = skia.Paint(Alphaf=min(1.0, whole.opacity))
            if whole.blur > 0.0:
                blur = whole.blur / actor.item.scale
                paint.setImageFilter(skia.ImageFilters.Blur(blur, blur))
            canvas.saveLayer(None, paint)
        unit = self.scale * max(abs(a) + abs(b), abs(c) + abs(d))
        for index, state in zip(piece.indices, piece.states, strict=True):
            written = state if whole.trim >= 1.0 else replace(state, trim=state.trim * whole.trim)
            actor.drawn[index].draw(canvas, written, whole.color, unit)
        canvas.restoreToCount(depth)

    def _compose(self, stack: list[_Piece | _Still], where: PixelRect) -> None:
        depth = self.canvas.save()
        self.canvas.clipRect(self.skia.Rect.MakeLTRB(where.left, where.top, where.right, where.bottom))
        for one in stack:
            if not _meets(one.bounds, where):
                continue
            if isinstance(one, _Still):
                self.canvas.drawImage(one.image, one.bounds.left, one.bounds.top)
            else:
                self._draw(self.canvas, one)
        self.canvas.restoreToCount(depth)

    def next(self, frame: int) -> Frame:
        """The frame after the one painted last."""
        dirty = self._advance(frame)
        if _empty(dirty):
            return Frame(self.pixels, _NOTHING)
        grows = True
        while grows:
            grows = False
            for piece in self.moving:
                if _meets(piece.bounds, dirty) and _union(dirty, piece.bounds) != dirty:
                    dirty, grows = _union(dirty, piece.bounds), True
        rows, columns = slice(dirty.top, dirty.bottom), slice(dirty.left, dirty.right)
        self.pixels[rows, columns] = self.base[rows, columns]
        self._compose(self.stack, dirty)
        return Frame(self.pixels, dirty)

    def whole(self, frame: int) -> Frame:
        """A frame with everything that moves drawn again, changed or not."""
        self._advance(frame)
        self.pixels[...] = self.base
        self._compose(self.stack, self.everything)
        return Frame(self.pixels, None)

    def _advance(self, frame: int) -> PixelRect:
        """Brings every moving piece to a frame; the union of the bounds of those that changed, before and after."""
        poses: dict[int, tracks.Pose] = {}
        dirty = _NOTHING
        for piece in self.moving:
            key = id(piece.actor)
            pose = poses.get(key)
            if pose is None:
                pose = poses[key] = tracks.pose(piece.actor.motion, frame)
            states = tuple(pose.elements[index] for index in piece.indices)
            if states == piece.states and pose.whole == piece.whole:
                continue
            dirty = _union(dirty, piece.bounds)
            piece.states, piece.whole = states, pose.whole
            piece.bounds = self._bounds(piece)
            dirty = _union(dirty, piece.bounds)
        if not _empty(dirty) and any(_is_delicate(one) and _meets(one.bounds, dirty) for one in self.moving):
            # A blur's rounding and the coverage along a clip's edge depend on the size of the picture.
            return self.everything
        return dirty


def _is_delicate(piece: _Piece) -> bool:
    """Whether the piece's pixels depend on how large a picture it is drawn into."""
    return any(state.blur > 0.0 or state.clip is not None for state in (piece.whole, *piece.states))


def _actor(item: Item, resources: Resources) -> _Actor:
    fragment = resources.fragment(item.fragment)
    motion = tracks.motion(item, len(fragment.elements))
    return _Actor(item, fragment, motion, tuple(Drawn(element, resources) for element in fragment.elements))


def _moving(motion: Motion) -> set[int]:
    return {target for group in motion.groups if group.still is None for target in group.targets}


def _runs(count: int, moving: set[int]) -> list[tuple[tuple[int, ...], bool]]:
    """Resting neighbours together, each moving element alone; in paint order."""
    runs: list[tuple[tuple[int, ...], bool]] = []
    resting: list[int] = []
    for index in range(count):
        if index in moving:
            if resting:
                runs.append((tuple(resting), False))
                resting = []
            runs.append(((index,), True))
        else:
            resting.append(index)
    if resting:
        runs.append((tuple(resting), False))
    return runs


class CanvasBackend:
    """`canvas` (see `interface.Backend`)."""

    name = "canvas"

    def identity(self) -> tuple[tuple[str, str], ...]:
        from importlib.metadata import version

        return (
            ("backend", "canvas"),
            ("skia", version("skia-python")),
            ("pdfium", version("pypdfium2")),
            ("adapter", code_digest(_MODULES)),
        )

    def paint(
        self, chunk: Chunk, layer: int, size: tuple[int, int], opaque: bool, resources: Resources
    ) -> Iterator[Frame]:
        painting = _Painting(chunk, layer, size, opaque, resources, 0)
        yield Frame(painting.pixels, None)
        for frame in range(1, chunk.frames):
            yield painting.next(frame)

    def paint_whole(
        self, chunk: Chunk, layer: int, size: tuple[int, int], opaque: bool, resources: Resources
    ) -> Iterator[Frame]:
        """The same frames, each drawn whole: what redrawing only changes is measured against."""
        painting = _Painting(chunk, layer, size, opaque, resources, 0)
        yield Frame(painting.pixels, None)
        for frame in range(1, chunk.frames):
            yield painting.whole(frame)

    def paint_one(
        self, chunk: Chunk, layer: int, frame: int, size: tuple[int, int], opaque: bool, resources: Resources
    ) -> Frame:
        """One frame alone; the same bytes as in the sequence."""
        return Frame(_Painting(chunk, layer, size, opaque, resources, frame).pixels, None)
