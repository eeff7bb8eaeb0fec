"""The embedded painter: Skia, in memory, redrawing only what changed.

A layer's items are cut into *pieces* in paint order. A run of elements that rest throughout the chunk is one still
piece: it is rasterised once and composed from then on by copying pixels. An element that moves is a piece of its own;
an item that moves, fades or blurs as a whole is one piece.

For every frame the bounds of pieces whose state changed, before and after, make up the changed rectangle, which then
grows until it cuts no moving piece. Inside it the base is restored and everything is composed again. So no path is ever
drawn under a clip that cuts it (Skia's coverage of a cut path differs by a few levels from that of a whole one), and a
partial redraw has the bytes of a full one; a test holds us to it. What Skia draws differently into a smaller picture
(blurs, edges that clip, groups) is drawn into a picture of its own, which only the piece's state decides, and copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pvc.compiler.digest import code_digest
from pvc.compiler.model import space, tracks
from pvc.compiler.model.display import Chunk, Rect
from pvc.runtime.backends.canvas import solids
from pvc.runtime.backends.canvas.elements import clip_rect
from pvc.runtime.backends.canvas.graphics_library import import_skia
from pvc.runtime.backends.canvas.pieces import Piece, actor, bounds, is_group, moving, runs
from pvc.runtime.backends.canvas.regions import NOTHING, is_empty, meets, union
from pvc.runtime.backends.interface import Frame, PixelRect, Resources
from pvc.runtime.backends.rasters import versions

_MODULES = (
    "pvc.runtime.backends.canvas",
    "pvc.runtime.backends.films",
    "pvc.runtime.backends.rasters",
    "pvc.runtime.programs.reel",
    "pvc.compiler.model.morph",
    "pvc.compiler.model.space",
    "pvc.compiler.model.tracks",
)


@dataclass(frozen=True, slots=True)
class _Still:
    """A run of resting elements, rasterised: ``image`` covers ``bounds``."""

    image: Any
    bounds: PixelRect


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
        self.actors = tuple(actor(item, resources, self.scale) for item in chunk.layers[layer].items)
        self.everything = PixelRect(0, 0, *size)
        self.pixels: NDArray[np.uint8] = np.zeros((size[1], size[0], 4), dtype=np.uint8)
        self.surface = self.skia.Surface.MakeRasterDirect(self._info(*size), self.pixels)
        self.canvas = self.surface.getCanvas()
        self.canvas.clear(self.ground)
        stack = self._stack(frame)
        resting = next((index for index, one in enumerate(stack) if isinstance(one, Piece)), len(stack))
        self._compose(stack[:resting], self.everything)
        self.base = self.pixels.copy()
        self.stack = stack[resting:]
        self.moving = tuple(one for one in self.stack if isinstance(one, Piece))
        self._compose(self.stack, self.everything)

    def _info(self, width: int, height: int) -> Any:
        skia = self.skia
        return skia.ImageInfo.Make(width, height, skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kPremul_AlphaType)

    def _stack(self, frame: int) -> list[Piece | _Still]:
        """The layer's pieces in paint order, neighbouring resting ones rasterised together."""
        stack: list[Piece | _Still] = []
        resting: list[Piece] = []

        def settle() -> None:
            if resting:
                area = NOTHING
                for piece in resting:
                    area = union(area, piece.bounds)
                if not is_empty(area):
                    stack.append(_Still(self._picture(resting, area), area))
                resting.clear()

        for one in self.actors:
            pose = tracks.pose(one.motion, frame)
            count = len(one.drawn)
            if one.motion.whole.still is None or is_group(one.item) or one.fragment.space is not None:
                cut = [(tuple(range(count)), one.motion.whole.still is None or moving(one.motion) != set())]
            else:
                cut = runs(count, moving(one.motion))
            for indices, moves in cut:
                piece = Piece(one, indices, pose.whole, tuple(pose.elements[index] for index in indices))
                piece.bounds = bounds(piece, self.scale, self.size)
                if moves:
                    settle()
                    stack.append(piece)
                else:
                    resting.append(piece)
        settle()
        return stack

    def _picture(self, pieces: list[Piece], area: PixelRect) -> Any:
        """Some pieces on nothing."""
        surface = self.skia.Surface.MakeRaster(self._info(area.right - area.left, area.bottom - area.top))
        canvas = surface.getCanvas()
        canvas.clear(0)
        canvas.translate(-area.left, -area.top)
        for piece in pieces:
            self._draw(canvas, piece)
        return surface.makeImageSnapshot()

    def _draw(self, canvas: Any, piece: Piece) -> None:
        if not piece.whole.visible or is_empty(piece.bounds):
            return
        if not piece.special:
            self._elements(canvas, piece, piece.whole.opacity)
            return
        image, area = self._apart(piece)
        if image is not None:
            paint = self.skia.Paint(Alphaf=min(1.0, piece.whole.opacity))
            canvas.drawImage(image, area.left, area.top, self.skia.SamplingOptions(), paint)

    def _apart(self, piece: Piece) -> tuple[Any, PixelRect]:
        """A special piece as a picture, its own opacity left out, so that a mere fade makes it only once."""
        whole = replace(piece.whole, opacity=1.0)
        if piece.apart is not None and piece.apart[0] == whole and piece.apart[1] == piece.states:
            return piece.apart[2:]
        margin = 6.0 * piece.blur * self.scale
        area = bounds(piece, self.scale, self.size, margin) if margin else piece.bounds
        image = None
        if not is_empty(area):
            surface = self.skia.Surface.MakeRaster(self._info(area.right - area.left, area.bottom - area.top))
            canvas = surface.getCanvas()
            canvas.clear(0)
            canvas.translate(-area.left, -area.top)
            self._elements(canvas, piece, 1.0)
            image = surface.makeImageSnapshot()
        piece.apart = (whole, piece.states, image, area)
        return image, area

    def _elements(self, canvas: Any, piece: Piece, opacity: float) -> None:
        skia = self.skia
        whole, one = piece.whole, piece.actor
        depth = canvas.save()
        canvas.scale(self.scale, self.scale)
        a, b, c, d, e, f = tracks.item_matrix(one.item, one.fragment, whole)
        canvas.concat(skia.Matrix.MakeAll(a, c, e, b, d, f, 0, 0, 1))
        if whole.clip is not None:
            box = Rect(0.0, 0.0, one.fragment.width, one.fragment.height)
            canvas.clipRect(clip_rect(box, whole.clip), skia.ClipOp.kIntersect, True)
        if whole.blur > 0.0:
            blur = whole.blur / one.item.scale
            canvas.saveLayer(None, skia.Paint(ImageFilter=skia.ImageFilters.Blur(blur, blur)))
        if one.fragment.space is not None:
            self._space(canvas, piece, opacity)
            canvas.restoreToCount(depth)
            return
        for index, state in zip(piece.indices, piece.states, strict=True):
            if whole.trim < 1.0 or opacity < 1.0:
                state = replace(state, trim=state.trim * whole.trim, opacity=state.opacity * opacity)
            one.drawn[index].draw(canvas, state, whole.color)
        canvas.restoreToCount(depth)

    def _space(self, canvas: Any, piece: Piece, opacity: float) -> None:
        """A fragment of solids, always whole: what is near covers what is far."""
        whole, one = piece.whole, piece.actor
        assert one.fragment.space is not None
        states = piece.states
        if whole.trim < 1.0 or opacity < 1.0:
            states = tuple(
                replace(state, trim=state.trim * whole.trim, opacity=state.opacity * opacity) for state in states
            )
        pose = space.pose(one.fragment.space, whole.azimuth, whole.elevation)
        solids.draw(canvas, one.drawn, states, pose, whole.color)

    def _compose(self, stack: list[Piece | _Still], where: PixelRect) -> None:
        depth = self.canvas.save()
        self.canvas.clipRect(self.skia.Rect.MakeLTRB(where.left, where.top, where.right, where.bottom))
        for one in stack:
            if not meets(one.bounds, where):
                continue
            if isinstance(one, _Still):
                self.canvas.drawImage(one.image, one.bounds.left, one.bounds.top)
            else:
                self._draw(self.canvas, one)
        self.canvas.restoreToCount(depth)

    def next(self, frame: int) -> Frame:
        """The frame after the one painted last."""
        changed = self._advance(frame)
        if is_empty(changed):
            return Frame(self.pixels, NOTHING)
        drawn = self._uncut(changed)
        rows, columns = slice(drawn.top, drawn.bottom), slice(drawn.left, drawn.right)
        self.pixels[rows, columns] = self.base[rows, columns]
        self._compose(self.stack, drawn)
        return Frame(self.pixels, changed)

    def _uncut(self, rect: PixelRect) -> PixelRect:
        """The rectangle grown until it cuts no piece that is drawn as outlines; pictures may be cut anywhere."""
        grows = True
        while grows:
            grows = False
            for piece in self.moving:
                if not piece.special and meets(piece.bounds, rect) and union(rect, piece.bounds) != rect:
                    rect, grows = union(rect, piece.bounds), True
        return rect

    def whole(self, frame: int) -> Frame:
        """A frame with everything that moves drawn again, changed or not."""
        self._advance(frame)
        self.pixels[...] = self.base
        self._compose(self.stack, self.everything)
        return Frame(self.pixels, None)

    def _advance(self, frame: int) -> PixelRect:
        """Brings every moving piece to a frame; the union of the bounds of those that changed, before and after."""
        poses: dict[int, tracks.Pose] = {}
        dirty = NOTHING
        for piece in self.moving:
            key = id(piece.actor)
            pose = poses.get(key)
            if pose is None:
                pose = poses[key] = tracks.pose(piece.actor.motion, frame)
            states = tuple(pose.elements[index] for index in piece.indices)
            if states == piece.states and pose.whole == piece.whole:
                continue
            dirty = union(dirty, piece.bounds)
            piece.states, piece.whole = states, pose.whole
            piece.bounds = bounds(piece, self.scale, self.size)
            dirty = union(dirty, piece.bounds)
        return dirty


class CanvasBackend:
    """`canvas` (see `interface.Backend`)."""

    name = "canvas"

    def identity(self) -> tuple[tuple[str, str], ...]:
        from importlib.metadata import version

        return (
            ("backend", "canvas"),
            ("skia", version("skia-python")),
            *versions(),
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
