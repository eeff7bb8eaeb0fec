"""Drawing a fragment's space: all that is solid sorted by depth and shaded by one light, lines behind it, text before.

The painter's algorithm (M. Newell, R. Newell, T. Sancha, 1972): what is farther is drawn first. A mesh is cut into its
cells for that; its triangles have no smooth edges of their own, so it is drawn at twice the size and halved. The light
stands still beside the viewer, above the left shoulder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pvc.compiler.model import tracks
from pvc.compiler.model.display import Ball, Element, Fragment, Glyphs, Item, Mesh, Paint, Rod, Shape, Wire
from pvc.compiler.model.space import Pose, pose
from pvc.compiler.model.tracks import State
from pvc.runtime.backends.canvas.elements import Drawn, stroke_paint
from pvc.runtime.backends.canvas.graphics_library import import_skia

Floats = NDArray[np.float64]
Blend = tuple[float, float, float, float, float] | None

LIGHT = np.array((-0.42, -0.66, 0.62)) / np.linalg.norm((-0.42, -0.66, 0.62))
"""Towards the light, as (right, away, up) of the viewer."""
_AMBIENT = 0.56
_GLOSS = 0.16
_SHARPNESS = 28
_LINE_PX = 1.1
_FINER = 2
"""How many times larger a mesh is drawn than it is shown."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """A mesh turned and projected: triangles of ``points`` by index, far ones first is up to `order`."""

    points: Floats
    colors: NDArray[np.int64]
    triangles: NDArray[np.int64]
    """Six indices a row: a cell, or a piece of a grid line."""
    depths: Floats


@dataclass(slots=True)
class _Thing:
    """One solid to be drawn, or a run of a mesh's cells."""

    depth: float
    element: Element
    state: State


def draw(canvas: Any, drawn: tuple[Drawn, ...], states: tuple[State, ...], space: Pose, item_color: Blend) -> None:
    """Paint a whole fragment that has a space. The canvas maps px of the fragment to pixels."""
    pairs = [(one, state) for one, state in zip(drawn, states, strict=True) if state.visible]
    for one, state in pairs:
        if isinstance(one.element.primitive, Wire):
            _wire(canvas, one.element.primitive, state, _share(one.element, space), space, item_color)
    solid = [(one.element, state) for one, state in pairs if isinstance(one.element.primitive, Mesh | Ball | Rod)]
    if any(isinstance(element.primitive, Mesh) for element, _ in solid):
        _finely(canvas, _reach(solid, space), lambda finer: _solids(finer, solid, space, item_color))
    else:
        _solids(canvas, solid, space, item_color)
    for one, state in pairs:
        if isinstance(one.element.primitive, Glyphs | Shape):
            _flat(canvas, one, state, space, item_color)


@dataclass(frozen=True, slots=True)
class _Files:
    """Resources of a painter that knows its files already."""

    files: Mapping[str, Path]

    def fragment(self, digest: str) -> Fragment:
        raise KeyError(digest)

    def blob(self, digest: str) -> Path:
        return self.files[digest]


def pixels_of(
    fragment: Fragment,
    item: Item,
    whole: State,
    states: tuple[State, ...],
    scale: float,
    size: tuple[int, int],
    files: Mapping[str, Path],
) -> NDArray[np.uint8]:
    """A fragment of solids alone on nothing, as a painter that has none of its own puts it into a frame of ``size``
    (width, height) pixels; ``scale`` pixels for a px. The item's opacity, blur and clip are left to the caller."""
    assert fragment.space is not None
    skia = import_skia()
    info = skia.ImageInfo.Make(*size, skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kPremul_AlphaType)
    pixels: NDArray[np.uint8] = np.zeros((size[1], size[0], 4), dtype=np.uint8)
    canvas = skia.Surface.MakeRasterDirect(info, pixels).getCanvas()
    drawn = tuple(Drawn(element, _Files(files), item.scale, scale, scale) for element in fragment.elements)
    canvas.scale(scale, scale)
    a, b, c, d, e, f = tracks.item_matrix(item, fragment, whole)
    canvas.concat(skia.Matrix.MakeAll(a, c, e, b, d, f, 0, 0, 1))
    if whole.trim < 1.0:
        states = tuple(replace(state, trim=state.trim * whole.trim) for state in states)
    draw(canvas, drawn, states, pose(fragment.space, whole.azimuth, whole.elevation), whole.color)
    return pixels


def _share(element: Element, space: Pose) -> float:
    return 1.0 if element.pin is None else space.open(element.pin.gates)


def _flat(canvas: Any, one: Drawn, state: State, space: Pose, item_color: Blend) -> None:
    """Text and flat shapes: upright, carried along by the spot that they are pinned to."""
    pin = one.element.pin
    if pin is not None:
        state = replace(state, opacity=state.opacity * space.open(pin.gates))
        if pin.spot is not None:
            x, y, _ = space.seen(pin.spot)
            at_rest = pose(space.space).seen(pin.spot)
            state = replace(state, dx=state.dx + x - at_rest[0], dy=state.dy + y - at_rest[1])
    if state.opacity > 0.0:
        one.draw(canvas, state, item_color)


def _wire(canvas: Any, wire: Wire, state: State, share: float, space: Pose, item_color: Blend) -> None:
    skia = import_skia()
    opacity = state.opacity * share
    if opacity <= 0.0 or len(wire.points) < 6:
        return
    path = skia.Path()
    for at in range(0, len(wire.points), 3):
        x, y, _ = space.seen((wire.points[at], wire.points[at + 1], wire.points[at + 2]))
        if at:
            path.lineTo(x, y)
        else:
            path.moveTo(x, y)
    color = tracks.blend(tracks.blend(wire.stroke.paint, state.color), item_color)
    canvas.drawPath(path, stroke_paint(wire.stroke, color, opacity, tracks.stroke_share(state.trim)))


def _reach(solid: list[tuple[Element, State]], space: Pose) -> Any:
    """The rectangle around everything solid as it is seen, in px of the fragment."""
    skia = import_skia()
    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    for element, state in solid:
        primitive, wide = element.primitive, 2.0
        match primitive:
            case Mesh():
                points = np.array(primitive.points, dtype=np.float64).reshape(-1, 3)
            case Ball():
                points = np.array((primitive.centre,))
                wide += primitive.radius * state.sx * space.magnification(space.seen(primitive.centre)[2])
            case Rod():
                points = np.array((primitive.start, primitive.end))
                wide += primitive.radius * space.space.scale * 2.0
            case _:
                continue
        turned = points[np.isfinite(points).all(axis=1)] @ np.array((space.right, space.away, space.up)).T
        if not len(turned):
            continue
        size = space.space.scale * space.space.distance / np.maximum(space.space.distance + turned[:, 1], 1e-3)
        seen = np.stack((space.space.x + size * turned[:, 0], space.space.y - size * turned[:, 2]), axis=1)
        low, high = np.minimum(low, seen.min(axis=0) - wide), np.maximum(high, seen.max(axis=0) + wide)
    if not np.isfinite(low).all():
        return skia.Rect.MakeEmpty()
    return skia.Rect.MakeLTRB(float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def _finely(canvas: Any, reach: Any, paint: Any) -> None:
    """Let something inside a rectangle be painted at twice the size, and halve it onto the canvas."""
    skia = import_skia()
    bounds = canvas.getDeviceClipBounds()
    if not bounds.intersect(canvas.getTotalMatrix().mapRect(reach).roundOut()):
        return
    width, height = bounds.width(), bounds.height()
    surface = skia.Surface.MakeRaster(skia.ImageInfo.MakeN32Premul(width * _FINER, height * _FINER))
    finer = surface.getCanvas()
    finer.clear(0)
    finer.scale(_FINER, _FINER)
    finer.translate(-bounds.left(), -bounds.top())
    finer.concat(canvas.getTotalMatrix())
    paint(finer)
    canvas.save()
    canvas.resetMatrix()
    place = skia.Rect.MakeXYWH(bounds.left(), bounds.top(), width, height)
    # The first level of a picture's mipmaps is its half: four pixels averaged, and much faster than a filter.
    half = skia.SamplingOptions(skia.FilterMode.kNearest, skia.MipmapMode.kNearest)
    canvas.drawImageRect(surface.makeImageSnapshot().withDefaultMipmaps(), place, half, None)
    canvas.restore()


def _solids(canvas: Any, solid: list[tuple[Element, State]], space: Pose, item_color: Blend) -> None:
    """Everything solid, the farthest first; cells of a mesh that follow each other go in one call."""
    meshes: list[tuple[_Cells, float]] = []
    things: list[_Thing] = []
    for element, state in solid:
        match element.primitive:
            case Mesh():
                meshes.append((_cells(canvas, element.primitive, state, space, item_color), state.opacity))
            case Ball():
                _, _, depth = space.seen(element.primitive.centre)
                things.append(_Thing(depth, element, state))
            case Rod():
                rod = element.primitive
                middle = tuple((a + b) / 2 for a, b in zip(rod.start, rod.end, strict=True))
                things.append(_Thing(space.seen((middle[0], middle[1], middle[2]))[2], element, state))
    things.sort(key=lambda thing: -thing.depth)
    depths = [thing.depth for thing in things]
    for cells, opacity in meshes:
        order = np.argsort(-cells.depths, kind="stable")
        if not things:
            _triangles(canvas, cells, order, opacity)
            continue
        cuts = np.searchsorted(-cells.depths[order], -np.array(depths))
        start = 0
        for thing, stop in zip(things, cuts, strict=True):
            _triangles(canvas, cells, order[start:stop], opacity)
            _thing(canvas, thing, space, item_color)
            start = int(stop)
        _triangles(canvas, cells, order[start:], opacity)
        things = []
    for thing in things:
        _thing(canvas, thing, space, item_color)


def _thing(canvas: Any, thing: _Thing, space: Pose, item_color: Blend) -> None:
    primitive, state = thing.element.primitive, thing.state
    if isinstance(primitive, Ball):
        _ball(canvas, primitive, state, space, item_color)
    elif isinstance(primitive, Rod):
        _rod(canvas, primitive, state, space, item_color)


# ------------------------------------------------------------------------------------------------ meshes


def _cells(canvas: Any, mesh: Mesh, state: State, space: Pose, item_color: Blend) -> _Cells:
    """A mesh as triangles where they are seen, shaded."""
    columns = mesh.columns
    points = np.array(mesh.points, dtype=np.float64).reshape(-1, columns, 3)
    if state.sy != 1.0:
        floor = float(np.nanmin(points[..., 2]))
        points[..., 2] = floor + (points[..., 2] - floor) * state.sy
    turned = points @ np.array((space.right, space.away, space.up)).T
    flat = turned.reshape(-1, 3)
    size = space.space.scale * space.space.distance / np.maximum(space.space.distance + flat[:, 1], 1e-3)
    seen = np.stack((space.space.x + size * flat[:, 0], space.space.y - size * flat[:, 2]), axis=1)
    colors = _shaded(mesh, turned, state, item_color)
    number = np.arange(flat.shape[0]).reshape(-1, columns)
    a, b, c, d = number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:]
    cells = np.stack((a, b, d, a, d, c), axis=-1).reshape(-1, 6)
    depth = (flat[a, 1] + flat[b, 1] + flat[c, 1] + flat[d, 1]).reshape(-1) / 4
    whole = np.isfinite(depth)
    if mesh.every and mesh.lines is not None:
        lines = _grid_lines(canvas, mesh, number, seen, depth.reshape(a.shape), colors)
        seen, colors = np.concatenate((seen, lines.points)), np.concatenate((colors, lines.colors))
        cells, depth = np.concatenate((cells[whole], lines.triangles)), np.concatenate((depth[whole], lines.depths))
    else:
        cells, depth = cells[whole], depth[whole]
    return _Cells(seen, colors, cells, depth)


def _shaded(mesh: Mesh, turned: Floats, state: State, item_color: Blend) -> NDArray[np.int64]:
    """0xRRGGBB for each point, in the light. Both sides of a sheet are lit as the viewer sees them."""
    along, down = np.gradient(turned, axis=1), np.gradient(turned, axis=0)
    normal = np.cross(along, down).reshape(-1, 3)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    normal *= np.where(normal[:, 1:2] > 0, -1.0, 1.0)
    facing = np.clip(normal @ LIGHT, 0.0, 1.0)
    half = LIGHT + np.array((0.0, -1.0, 0.0))
    half /= np.linalg.norm(half)
    gloss = _GLOSS * np.clip(normal @ half, 0.0, 1.0) ** _SHARPNESS
    packed = np.array(mesh.colors, dtype=np.int64)
    rgb = np.stack((packed >> 16 & 255, packed >> 8 & 255, packed & 255), axis=1).astype(np.float64)
    for color in (state.color, item_color):
        if color is not None and color[4] > 0:
            rgb += (np.array(color[:3]) - rgb) * min(1.0, color[4])
    light = (_AMBIENT + (1.06 - _AMBIENT) * facing)[:, None]
    lit = np.nan_to_num(np.clip(rgb * light + 255.0 * gloss[:, None], 0, 255)).astype(np.int64)
    return np.asarray(lit[:, 0] << 16 | lit[:, 1] << 8 | lit[:, 2], dtype=np.int64)


def _grid_lines(
    canvas: Any, mesh: Mesh, number: NDArray[np.int64], seen: Floats, depth: Floats, colors: NDArray[np.int64]
) -> _Cells:
    """Thin lines along every so many rows and columns, each piece just before the nearer of the cells beside it."""
    assert mesh.lines is not None
    rows, columns = number.shape
    near = np.full((rows + 1, columns + 1), np.inf)
    near[1:-1, 1:-1] = np.where(np.isfinite(depth), depth, np.inf)
    firsts, seconds, depths = [], [], []
    for row in (*range(0, rows - 1, mesh.every), rows - 1):
        firsts.append(number[row, :-1])
        seconds.append(number[row, 1:])
        depths.append(np.minimum(near[row, 1:-1], near[row + 1, 1:-1]))
    for column in (*range(0, columns - 1, mesh.every), columns - 1):
        firsts.append(number[:-1, column])
        seconds.append(number[1:, column])
        depths.append(np.minimum(near[1:-1, column], near[1:-1, column + 1]))
    first, second, where = np.concatenate(firsts), np.concatenate(seconds), np.concatenate(depths)
    kept = np.isfinite(where) & np.isfinite(seen[first]).all(axis=1) & np.isfinite(seen[second]).all(axis=1)
    first, second, where = first[kept], second[kept], where[kept]
    start, end = seen[first], seen[second]
    way = end - start
    length = np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-9)
    side = np.stack((-way[:, 1], way[:, 0]), axis=1) / length * (_LINE_PX / 2)
    corners = np.stack((start - side, start + side, end - side, end + side), axis=1).reshape(-1, 2)
    line = np.array((mesh.lines.red, mesh.lines.green, mesh.lines.blue), dtype=np.float64)
    amount = mesh.lines.alpha / 255

    def inked(index: NDArray[np.int64]) -> NDArray[np.int64]:
        rgb = np.stack((colors[index] >> 16 & 255, colors[index] >> 8 & 255, colors[index] & 255), axis=1)
        mixed = (rgb + (line - rgb) * amount).astype(np.int64)
        return np.asarray(mixed[:, 0] << 16 | mixed[:, 1] << 8 | mixed[:, 2], dtype=np.int64)

    one, two = inked(first), inked(second)
    paints = np.stack((one, one, two, two), axis=1).reshape(-1)
    base = seen.shape[0] + 4 * np.arange(first.shape[0])[:, None]
    return _Cells(corners, paints, base + np.array((0, 1, 3, 0, 3, 2)), where - 1e-6)


def _triangles(canvas: Any, cells: _Cells, order: NDArray[np.int64], opacity: float) -> None:
    if not len(order):
        return
    skia = import_skia()
    used, index = np.unique(cells.triangles[order].reshape(-1), return_inverse=True)
    alpha = round(255 * min(1.0, max(0.0, opacity))) << 24
    places = [skia.Point(x, y) for x, y in cells.points[used].tolist()]
    colors = (cells.colors[used] | alpha).tolist()
    paint = skia.Paint(AntiAlias=False)
    flat = index.reshape(-1)
    if len(used) <= 0xFFFF:
        kind = skia.Vertices.VertexMode.kTriangles_VertexMode
        made = skia.Vertices(kind, places, None, colors, flat.tolist())
        canvas.drawVertices(made, paint, skia.BlendMode.kDst)


# ------------------------------------------------------------------------------------------------ balls and rods


def _toward(paint: Paint, other: tuple[int, int, int], share: float) -> Paint:
    red, green, blue = (
        round(own + (to - own) * share) for own, to in zip((paint.red, paint.green, paint.blue), other, strict=True)
    )
    return Paint(red, green, blue, paint.alpha)


def _code(paint: Paint, opacity: float) -> int:
    skia = import_skia()
    alpha = round(paint.alpha * min(1.0, max(0.0, opacity)))
    return int(skia.Color(paint.red, paint.green, paint.blue, alpha))


def _ball(canvas: Any, ball: Ball, state: State, space: Pose, item_color: Blend) -> None:
    skia = import_skia()
    x, y, depth = space.seen(ball.centre)
    radius = ball.radius * space.magnification(depth) * state.sx
    if radius <= 0.0:
        return
    own = tracks.blend(tracks.blend(ball.paint, state.color), item_color)
    opacity = state.opacity * tracks.fill_share(state.trim)
    colors = [
        _code(_toward(own, (255, 255, 255), 0.5), opacity),
        _code(own, opacity),
        _code(_toward(own, (0, 0, 0), 0.42), opacity),
    ]
    focus = skia.Point(x - 0.36 * radius, y - 0.42 * radius)
    paint = skia.Paint(AntiAlias=True)
    paint.setShader(skia.GradientShader.MakeRadial(focus, 1.5 * radius, colors, [0.0, 0.42, 1.0]))
    canvas.drawCircle(x, y, radius, paint)


def _rod(canvas: Any, rod: Rod, state: State, space: Pose, item_color: Blend) -> None:
    share = tracks.stroke_share(state.trim)
    if share <= 0.0:
        return

    def spot(part: float) -> tuple[float, float, float]:
        a, b = rod.start, rod.end
        return (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, a[2] + (b[2] - a[2]) * part)

    halves = [(0.0, 1.0, rod.paint)]
    if rod.other is not None and rod.other != rod.paint:
        halves = [(0.0, 0.5, rod.paint), (0.5, 1.0, rod.other)]
    if space.seen(rod.start)[2] < space.seen(rod.end)[2]:
        halves.reverse()  # the farther half first
    for low, high, paint in halves:
        if share > low:
            own = tracks.blend(tracks.blend(paint, state.color), item_color)
            _bar(canvas, rod.radius, spot(low), spot(min(high, share)), own, state.opacity, space)


def _bar(
    canvas: Any,
    radius: float,
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    own: Paint,
    opacity: float,
    space: Pose,
) -> None:
    """A straight piece of a rod: as wide at each end as it is near, light along its upper left side."""
    skia = import_skia()
    ax, ay, a_depth = space.seen(start)
    bx, by, b_depth = space.seen(end)
    length = float(np.hypot(bx - ax, by - ay))
    if length < 1e-6:
        return
    nx, ny = -(by - ay) / length, (bx - ax) / length
    if nx * 0.65 + ny * 0.76 < 0:  # the lit side comes first
        nx, ny = -nx, -ny
    one, two = radius * space.magnification(a_depth), radius * space.magnification(b_depth)
    path = skia.Path()
    path.moveTo(ax - nx * one, ay - ny * one)
    path.lineTo(bx - nx * two, by - ny * two)
    path.lineTo(bx + nx * two, by + ny * two)
    path.lineTo(ax + nx * one, ay + ny * one)
    path.close()
    wide = max(one, two)
    shades = [
        _toward(own, (255, 255, 255), 0.12),
        _toward(own, (255, 255, 255), 0.34),
        own,
        _toward(own, (0, 0, 0), 0.4),
    ]
    colors = [_code(shade, opacity) for shade in shades]
    ends = [skia.Point(ax - nx * wide, ay - ny * wide), skia.Point(ax + nx * wide, ay + ny * wide)]
    paint = skia.Paint(AntiAlias=True)
    paint.setShader(skia.GradientShader.MakeLinear(ends, colors, [0.0, 0.28, 0.55, 1.0]))
    canvas.drawPath(path, paint)
