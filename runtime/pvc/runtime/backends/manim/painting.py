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
from pvc.compiler.model.display import Chunk, Fragment, Item, Paint, Picture
from pvc.compiler.model.tracks import Motion, Pose
from pvc.runtime.backends.manim import native
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
) -> Iterator[tuple[Pixels, bool]]:
    """(premultiplied RGBA, whether it differs from the frame before) for each frame of the chunk."""
    painting = _Painting(chunk, layer, size, opaque, fragments, files)
    before: list[Pose] | None = None
    for number in range(chunk.frames):
        poses = [tracks.pose(actor.motion, number) for actor in painting.actors]
        changed = poses != before
        if changed:
            painting.paint(poses)
        before = poses
        yield painting.pixels, changed


@dataclass(frozen=True, slots=True)
class _Raster:
    """Premultiplied pixels and where they go; parts outside the frame are cut."""

    pixels: Pixels
    left: int
    top: int

    def over(self, target: Pixels) -> None:
        height, width = target.shape[:2]
        left, top = max(0, self.left), max(0, self.top)
        right = min(width, self.left + self.pixels.shape[1])
        bottom = min(height, self.top + self.pixels.shape[0])
        if left < right and top < bottom:
            own = self.pixels[top - self.top : bottom - self.top, left - self.left : right - self.left]
            _over(target[top:bottom, left:right], own)


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
        pixels = raster(picture, self.files[picture.digest], width, height)
        x, y = a * rect.x + c * rect.y + e, b * rect.x + d * rect.y + f
        if b == 0.0 and c == 0.0 and a > 0.0 and d > 0.0:
            left, top = int(np.floor(x + 0.5)), int(np.floor(y + 0.5))
        else:
            across = (a * rect.width / pixels.shape[1], b * rect.width / pixels.shape[1])
            down = (c * rect.height / pixels.shape[0], d * rect.height / pixels.shape[0])
            pixels, left, top = turned(pixels, across, down, (x, y))
        if opacity < 1.0:
            pixels = np.round(pixels * opacity).astype(np.uint8)
        out.append(_Raster(pixels, left, top))

    def _group(self, actor: _Actor, pose: Pose) -> None:
        """An item with an opacity, a blur or a clip: painted apart, changed as one picture, and put on top."""
        matrix = tracks.item_matrix(actor.item, actor.fragment, pose.whole)
        layer: Pixels = np.zeros_like(self.pixels)
        for index, state in enumerate(pose.elements):
            special = state.blur > 0.0 or state.clip is not None
            target = np.zeros_like(layer) if special else layer
            self._capture(self._mobjects(actor, pose, only=index), target)
            if special:
                inner = tracks.concat(matrix, tracks.element_matrix(actor.fragment.elements[index], state))
                bounds = actor.fragment.elements[index].bounds
                box = (bounds.x, bounds.y, bounds.right, bounds.bottom)
                _over(layer, self._clipped(_blurred(target, state.blur * self._scale()), box, state.clip, inner))
        box = (0.0, 0.0, actor.fragment.width, actor.fragment.height)
        layer = self._clipped(_blurred(layer, pose.whole.blur * self._scale()), box, pose.whole.clip, matrix)
        if pose.whole.opacity < 1.0:
            layer = np.round(layer * pose.whole.opacity).astype(np.uint8)
        _over(self.pixels, layer)

    def _scale(self) -> float:
        return self.size[0] / self.units.reference[0]

    def _clipped(
        self,
        layer: Pixels,
        box: tuple[float, float, float, float],
        clip: tuple[float, float, float, float] | None,
        matrix: tracks.Matrix,
    ) -> Pixels:
        """``layer`` where the clip lets it be seen; edges are as smooth as a pixel's coverage along each axis."""
        if clip is None:
            return layer
        a, b, c, d, e, f = matrix
        scale = self._scale()
        ys, xs = np.mgrid[0 : self.size[1], 0 : self.size[0]]
        px, py = (xs + 0.5) / scale - e, (ys + 0.5) / scale - f
        turn = a * d - b * c
        x, y = (d * px - c * py) / turn, (a * py - b * px) / turn
        per_x, per_y = scale * np.hypot(a, b), scale * np.hypot(c, d)
        left, top, right, bottom = box
        mask = np.ones(layer.shape[:2])
        for share, edge, inside, per in (
            (clip[0], left + (right - left) * clip[0], x, per_x),
            (clip[1], top + (bottom - top) * clip[1], y, per_y),
        ):
            if share > 0.0:
                mask *= np.clip((inside - edge) * per + 0.5, 0.0, 1.0)
        for share, edge, inside, per in (
            (clip[2], left + (right - left) * clip[2], x, per_x),
            (clip[3], top + (bottom - top) * clip[3], y, per_y),
        ):
            if share < 1.0:
                mask *= np.clip((edge - inside) * per + 0.5, 0.0, 1.0)
        return np.round(layer * mask[..., None]).astype(np.uint8)

    def _capture(self, shown: list[Any], target: Pixels) -> None:
        """Mobjects by Manim's camera, pictures between them as they are."""
        mobjects: list[Any] = []

        def flush() -> None:
            if mobjects:
                self.camera.pixel_array = target
                self.camera.capture_mobjects(mobjects, include_submobjects=False)
                mobjects.clear()

        for one in shown:
            if isinstance(one, _Raster):
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


def turned(
    pixels: Pixels, across: tuple[float, float], down: tuple[float, float], at: tuple[float, float]
) -> tuple[Pixels, int, int]:
    """Pixels whose rows run along ``across`` and columns along ``down`` (each a step of one pixel of theirs) from
    ``at``, as an upright picture with its place."""
    from PIL import Image

    height, width = pixels.shape[:2]
    xs = [at[0] + i * across[0] * width + j * down[0] * height for i in (0, 1) for j in (0, 1)]
    ys = [at[1] + i * across[1] * width + j * down[1] * height for i in (0, 1) for j in (0, 1)]
    left, top = int(np.floor(min(xs))) - 1, int(np.floor(min(ys))) - 1
    size = (int(np.ceil(max(xs))) + 1 - left, int(np.ceil(max(ys))) + 1 - top)
    turn = across[0] * down[1] - across[1] * down[0]
    if abs(turn) < 1e-9:
        return np.zeros((1, 1, 4), np.uint8), left, top
    ia, ib, ic, id_ = down[1] / turn, -down[0] / turn, -across[1] / turn, across[0] / turn
    # A border of nothing gives the edges something to fade into.
    framed = np.pad(pixels, ((1, 1), (1, 1), (0, 0)))
    dx, dy = left - at[0], top - at[1]
    coefficients = (ia, ib, ia * dx + ib * dy + 1.0, ic, id_, ic * dx + id_ * dy + 1.0)
    # Named premultiplied, or Pillow would multiply once more.
    image = Image.frombytes("RGBa", (width + 2, height + 2), framed.tobytes()).transform(
        size, Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR
    )
    return np.array(image, dtype=np.uint8), left, top


def _blurred(layer: Pixels, sigma: float) -> Pixels:
    if sigma <= 0.0:
        return layer
    from scipy.ndimage import gaussian_filter  # type: ignore[import-untyped]

    blurred = gaussian_filter(layer.astype(np.float32), sigma=(sigma, sigma, 0), mode="constant")
    rounded: Pixels = np.clip(np.round(blurred), 0, 255).astype(np.uint8)
    return rounded


def _over(below: Pixels, above: Pixels) -> None:
    """Premultiplied source-over, rounded to the nearest."""
    rest = 255 - above[..., 3:4].astype(np.uint16)
    product = below.astype(np.uint16) * rest + 128
    below[...] = np.minimum(((product + (product >> 8)) >> 8) + above, 255).astype(np.uint8)
