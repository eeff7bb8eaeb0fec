"""Frames of one layer through Manim's Cairo camera, each from the tracks at that frame. In the child process only.

No `Scene`, no `play`, no clock of Manim's: the compiler owns integer frames, so the camera is handed the mobjects of
every frame as they stand. What rests from the bottom up is captured once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

import numpy as np
from manim.camera.camera import Camera
from numpy.typing import NDArray

from pvc.compiler.model import tracks
from pvc.compiler.model.display import Chunk, Fragment, Item, Paint, Picture, Rect
from pvc.compiler.model.tracks import Motion, Pose
from pvc.runtime.backends.interface import PixelRect
from pvc.runtime.backends.manim import native
from pvc.runtime.backends.manim.compositing import Raster, blur, clip, difference, fade, over, turned, wipe
from pvc.runtime.backends.manim.mobjects import Drawing, Units
from pvc.runtime.backends.rasters import raster

_FRAME_HEIGHT = 8.0
"""Manim's own unit: a frame is 8 high."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Actor:
    item: Item
    fragment: Fragment
    motion: Motion
    drawings: tuple[Drawing, ...]
    moves: bool


def frames(
    chunk: Chunk,
    layer: int,
    size: tuple[int, int],
    opaque: bool,
    fragments: dict[str, Fragment],
    files: dict[str, File],
) -> Iterator[tuple[Pixels, PixelRect | None]]:
    """(premultiplied RGBA, where it differs from the frame before; None: anywhere) for each frame of the chunk."""
    painting = _Painting(chunk, layer, size, opaque, fragments, files)
    before = [tracks.pose(actor.motion, 0) for actor in painting.actors]
    painting.paint(before)
    yield painting.pixels, None
    shown = painting.pixels.copy()
    for number in range(1, chunk.frames):
        poses = [tracks.pose(actor.motion, number) for actor in painting.actors]
        changed = PixelRect(0, 0, 0, 0)
        if poses != before:
            painting.paint(poses)
            changed = difference(shown, painting.pixels)
            place = slice(changed.top, changed.bottom), slice(changed.left, changed.right)
            shown[place] = painting.pixels[place]
        before = poses
        yield painting.pixels, changed


class _Painting:
    def __init__(
        self,
        chunk: Chunk,
        layer: int,
        size: tuple[int, int],
        opaque: bool,
        fragments: dict[str, Fragment],
        files: dict[str, File],
    ) -> None:
        self.size = size
        width = _FRAME_HEIGHT * chunk.reference[0] / chunk.reference[1]
        self.units = Units(chunk.reference, width)
        self.files = files
        self.ground = chunk.background if opaque else Paint(0, 0, 0, 0)
        self.camera = _camera(size, width)
        self.actors = tuple(_actor(item, fragments[item.fragment], files) for item in chunk.layers[layer].items)
        self.resting = next((index for index, actor in enumerate(self.actors) if actor.moves), len(self.actors))
        self.base: Pixels | None = None
        self.spare: list[Pixels] = []
        self.pixels: Pixels = np.zeros((size[1], size[0], 4), dtype=np.uint8)

    def paint(self, poses: list[Pose]) -> None:
        if self.base is None:
            self.pixels[...] = _color(self.ground)
            self._actors(range(self.resting), poses)
            self.base = self.pixels.copy()
        else:
            self.pixels[...] = self.base
        self._actors(range(self.resting, len(self.actors)), poses)

    def _actors(self, which: range, poses: list[Pose]) -> None:
        pending: list[Any] = []
        for index in which:
            actor, pose = self.actors[index], poses[index]
            if not pose.whole.visible:
                continue
            simple = pose.whole.opacity >= 1.0 and pose.whole.blur <= 0.0 and pose.whole.clip is None
            if simple and all(state.blur <= 0.0 and state.clip is None for state in pose.elements):
                pending += self._mobjects(actor, pose)
            else:
                self._capture(pending, self.pixels)
                pending = []
                self._group(actor, pose)
        self._capture(pending, self.pixels)

    def _mobjects(self, actor: _Actor, pose: Pose, only: int | None = None) -> list[Any]:
        matrix = tracks.item_matrix(actor.item, actor.fragment, pose.whole)
        out: list[Any] = []
        if actor.fragment.space is not None:
            return self._space(actor, pose) if only in (None, 0) else []
        for index, drawing in enumerate(actor.drawings):
            if only is not None and index != only:
                continue
            state = pose.elements[index]
            primitive = drawing.element.primitive
            if isinstance(primitive, Picture):
                placed = tracks.concat(matrix, tracks.element_matrix(drawing.element, state))
                self._picture(primitive, out, state, placed)
            else:
                trim = state.trim * pose.whole.trim
                out += drawing.mobjects(state, trim, matrix, pose.whole.color, self.units)
        return out

    def _space(self, actor: _Actor, pose: Pose) -> list[Any]:
        """A fragment of solids as pixels: Manim has no display list for them, so both engines share one painter."""
        from pvc.runtime.backends.canvas.solids import pixels_of

        what = (actor.fragment, actor.item, pose.whole, pose.elements)
        pixels = pixels_of(*what, self._scale(), self.size, self.files)
        return [Raster(pixels, 0, 0)]

    def _picture(self, picture: Picture, out: list[Any], state: tracks.State, matrix: tracks.Matrix) -> None:
        """A picture as pixels: Manim's own `ImageMobject` does not survive current versions of Pillow, and blends
        colours that it takes for not premultiplied."""
        opacity = state.opacity * tracks.fill_share(state.trim)
        if not state.visible or opacity <= 0.0:
            return
        rect, scale = picture.rect, self._scale()
        a, b, c, d, e, f = (value * scale for value in matrix)
        width = max(1, round(rect.width * float(np.hypot(a, b))))
        height = max(1, round(rect.height * float(np.hypot(c, d))))
        pixels = raster(picture, self.files[picture.digest], width, height, state.time)
        x, y = a * rect.x + c * rect.y + e, b * rect.x + d * rect.y + f
        if b == 0.0 and c == 0.0 and a > 0.0 and d > 0.0:
            left, top = int(np.floor(x + 0.5)), int(np.floor(y + 0.5))
        else:
            across = (a * rect.width / pixels.shape[1], b * rect.width / pixels.shape[1])
            down = (c * rect.height / pixels.shape[0], d * rect.height / pixels.shape[0])
            pixels, left, top = turned(pixels, across, down, (x, y))
        if opacity < 1.0:
            pixels = pixels.copy()
            fade(pixels, opacity)
        out.append(Raster(pixels, left, top))

    def _group(self, actor: _Actor, pose: Pose) -> None:
        """An item with an opacity, a blur or a clip: painted apart, changed as one picture, and put on top."""
        matrix = tracks.item_matrix(actor.item, actor.fragment, pose.whole)
        scale = self._scale()
        layer = self._empty()
        plain: list[Any] = []
        for index, state in enumerate(pose.elements):
            shown = self._mobjects(actor, pose, only=index)
            if state.blur <= 0.0 and state.clip is None:
                plain += shown
                continue
            self._capture(plain, layer)
            plain = []
            target = self._empty()
            self._capture(shown, target)
            blur(target, state.blur * scale)
            element = actor.fragment.elements[index]
            clip(
                target, element.bounds, state.clip, tracks.concat(matrix, tracks.element_matrix(element, state)), scale
            )
            over(layer, target)
            self._done(target)
        self._capture(plain, layer)
        blur(layer, pose.whole.blur * scale)
        clip(layer, Rect(0.0, 0.0, actor.fragment.width, actor.fragment.height), pose.whole.clip, matrix, scale)
        fade(layer, pose.whole.opacity)
        over(self.pixels, layer)
        self._done(layer)

    def _empty(self) -> Pixels:
        """A picture of the frame's size with nothing in it. Fresh memory costs more than what is drawn into it."""
        return self.spare.pop() if self.spare else np.zeros_like(self.pixels)

    def _done(self, layer: Pixels) -> None:
        wipe(layer)
        self.spare.append(layer)

    def _scale(self) -> float:
        return self.size[0] / self.units.reference[0]

    def _capture(self, shown: list[Any], target: Pixels) -> None:
        """Mobjects by Manim's camera, pictures between them as they are."""
        mobjects: list[Any] = []

        def flush() -> None:
            if mobjects:
                self.camera.pixel_array = target
                self.camera.capture_mobjects(mobjects, include_submobjects=False)
                mobjects.clear()

        for one in shown:
            if isinstance(one, Raster):
                flush()
                one.over(target)
            else:
                mobjects.append(one)
        flush()


def _camera(size: tuple[int, int], width: float) -> Any:
    return Camera(
        pixel_width=size[0],
        pixel_height=size[1],
        frame_width=width,
        frame_height=_FRAME_HEIGHT,
        background_opacity=0.0,
        use_z_index=False,
    )


def _actor(item: Item, fragment: Fragment, files: dict[str, File]) -> _Actor:
    motion = tracks.motion(item, len(fragment.elements))
    own = native.replacements(item.native, dict(item.arguments), fragment) if item.native else {}
    drawings = tuple(
        Drawing(element, files, native=item.native is not None, replaced=own.get(index))
        for index, element in enumerate(fragment.elements)
    )
    moves = motion.whole.still is None or any(group.still is None for group in motion.groups)
    return _Actor(item, fragment, motion, drawings, moves)


def _color(paint: Paint) -> tuple[int, int, int, int]:
    share = paint.alpha / 255
    return (round(paint.red * share), round(paint.green * share), round(paint.blue * share), paint.alpha)
