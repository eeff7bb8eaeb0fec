"""Elements of a display list as Manim mobjects: the outlines of a fragment in Manim's units (y up, 8 high or so).

Runs in the child process only, where manim is imported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any

import numpy as np
from manim import VMobject
from manim.constants import CapStyleType, LineJointType
from manim.utils.bezier import partial_bezier_points
from numpy.typing import NDArray

from pvc.compiler.model import morph, tracks
from pvc.compiler.model.display import Element, Glyphs, Paint, Path, Shape
from pvc.compiler.model.tracks import Matrix, State
from pvc.compiler.text.outline import outline_from

Points = NDArray[np.float64]
Blend = tuple[float, float, float, float, float] | None

_CAPS = {"butt": CapStyleType.BUTT, "round": CapStyleType.ROUND, "square": CapStyleType.SQUARE}
_JOINS = {"miter": LineJointType.MITER, "round": LineJointType.ROUND, "bevel": LineJointType.BEVEL}


@dataclass(frozen=True, slots=True)
class Units:
    """From reference px (y down, origin top left) to Manim's units (y up, origin in the middle)."""

    reference: tuple[int, int]
    width: float

    @property
    def per_px(self) -> float:
        return self.width / self.reference[0]

    def points(self, flat: Points, matrix: Matrix) -> Points:
        """Rows (x, y) of px through a matrix, as rows (x, y, 0) of units."""
        a, b, c, d, e, f = matrix
        x, y = flat[:, 0], flat[:, 1]
        out = np.zeros((len(flat), 3))
        out[:, 0] = (a * x + c * y + e - self.reference[0] / 2) * self.per_px
        out[:, 1] = -(b * x + d * y + f - self.reference[1] / 2) * self.per_px
        return out


def cubics(path: Path) -> Points:
    """A path as cubic pieces, four rows (x, y) each, in px. Closed contours end where they began, as Manim wants."""
    rows: list[tuple[float, float]] = []
    points, at = path.points, 0
    here = first = (0.0, 0.0)

    def straight(to: tuple[float, float]) -> None:
        (x0, y0), (x1, y1) = here, to
        dx, dy = (x1 - x0) / 3, (y1 - y0) / 3
        rows.extend([here, (x0 + dx, y0 + dy), (x1 - dx, y1 - dy), to])

    for verb in path.verbs:
        if verb == "M":
            here = first = (points[at], points[at + 1])
            at += 2
        elif verb == "L":
            to = (points[at], points[at + 1])
            straight(to)
            here, at = to, at + 2
        elif verb == "Q":
            (cx, cy), to = (points[at], points[at + 1]), (points[at + 2], points[at + 3])
            one = (here[0] + 2 / 3 * (cx - here[0]), here[1] + 2 / 3 * (cy - here[1]))
            two = (to[0] + 2 / 3 * (cx - to[0]), to[1] + 2 / 3 * (cy - to[1]))
            rows.extend([here, one, two, to])
            here, at = to, at + 4
        elif verb == "C":
            to = (points[at + 4], points[at + 5])
            rows.extend([here, (points[at], points[at + 1]), (points[at + 2], points[at + 3]), to])
            here, at = to, at + 6
        else:
            if here != first:
                straight(first)
            here = first
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def shortened(points: Points, share: float) -> Points:
    """The first part of cubic pieces, by length: what a `trim` leaves."""
    if share >= 1.0 or len(points) == 0:
        return points
    pieces = points.reshape(-1, 4, points.shape[1])
    t = np.linspace(0.0, 1.0, 9)[:, None, None]
    p0, p1, p2, p3 = (pieces[:, k] for k in range(4))
    curve = (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t**2 * p2 + t**3 * p3
    steps = np.linalg.norm(np.diff(curve, axis=0), axis=2)
    lengths = steps.sum(axis=0)
    wanted = share * lengths.sum()
    done = np.cumsum(lengths)
    index = int(np.searchsorted(done, wanted))
    if index >= len(pieces):
        return points
    before = done[index] - lengths[index]
    along = np.concatenate([[0.0], np.cumsum(steps[:, index])])
    inside = float(np.interp(wanted - before, along, np.linspace(0.0, 1.0, 9)))
    last = np.asarray(partial_bezier_points(pieces[index], 0.0, inside)).reshape(4, -1)
    return np.concatenate([points[: 4 * index], last])


def dashed(points: Points, dash: tuple[float, ...]) -> Points:
    """Cubic pieces cut into dashes along their length (px)."""
    pattern = dash if len(dash) % 2 == 0 else (*dash, *dash)
    if not pattern or sum(pattern) <= 0 or len(points) == 0:
        return points
    out: list[Points] = []
    offset = 0.0
    for piece in points.reshape(-1, 4, 2):
        length = float(np.linalg.norm(np.diff(_sampled(piece), axis=0), axis=1).sum())
        at = 0.0
        while at < length:
            phase = (offset + at) % sum(pattern)
            index = 0
            while phase >= pattern[index]:
                phase -= pattern[index]
                index += 1
            step = min(pattern[index] - phase, length - at)
            if index % 2 == 0 and step > 0:
                out.append(np.asarray(partial_bezier_points(piece, at / length, (at + step) / length)))
            at += max(step, 1e-3)
        offset += length
    return np.concatenate(out) if out else points[:0]


def _sampled(piece: Points) -> Points:
    t = np.linspace(0.0, 1.0, 9)[:, None]
    sampled: Points = (
        (1 - t) ** 3 * piece[0] + 3 * (1 - t) ** 2 * t * piece[1] + 3 * (1 - t) * t**2 * piece[2] + t**3 * piece[3]
    )
    return sampled


def _rgba(paint: Paint, opacity: float) -> Points:
    return np.array([[paint.red / 255, paint.green / 255, paint.blue / 255, paint.alpha / 255 * opacity]])


def _mobject(points: Points) -> Any:
    made = VMobject()
    made.set_points(points)
    made.fill_rgbas = np.zeros((1, 4))
    made.stroke_rgbas = np.zeros((1, 4))
    made.background_stroke_rgbas = np.zeros((1, 4))
    made.background_stroke_width = 0.0
    made.stroke_width = 0.0
    return made


@dataclass(slots=True)
class Drawing:
    """An element ready to become mobjects in any state. ``native`` blends outlines by Manim's own alignment."""

    element: Element
    files: dict[str, File]
    native: bool = False
    replaced: Points | None = None
    """Points (px of the fragment) that Manim made instead of the compiler's: a plotted function, an axis."""
    _points: Points | None = None
    _pair: tuple[Path, Any] | None = None
    _blobs: list[Points] = field(default_factory=list)

    def mobjects(self, state: State, trim: float, item: Matrix, item_color: Blend, units: Units) -> list[Any]:
        """What Manim's camera is to paint, in paint order. ``trim`` is the element's and the item's together."""
        if not state.visible or trim <= 0.0:
            return []
        matrix = tracks.concat(item, tracks.element_matrix(self.element, state))
        points = self._outline(state)
        a, b, c, d, _, _ = matrix
        # Stroke widths in Manim are hundredths of a unit and do not follow a mobject's scale.
        thickness = units.per_px * 100.0 * abs(a * d - b * c) ** 0.5
        match self.element.primitive:
            case Shape(fill=fill, stroke=stroke):
                out = []
                if fill is not None:
                    color = tracks.blend(tracks.blend(fill, state.color), item_color)
                    out += self._filled(points, color, state, trim, matrix, units, thickness, outline=stroke is None)
                if stroke is not None:
                    color = tracks.blend(tracks.blend(stroke.paint, state.color), item_color)
                    drawn = dashed(shortened(points, tracks.stroke_share(trim, fill is not None)), stroke.dash)
                    made = _mobject(units.points(drawn, matrix))
                    made.stroke_rgbas = _rgba(color, state.opacity)
                    made.stroke_width = stroke.width * thickness
                    made.cap_style, made.joint_type = _CAPS[stroke.cap], _JOINS[stroke.join]
                    out.append(made)
                return out
            case Glyphs(paint=paint):
                color = tracks.blend(tracks.blend(paint, state.color), item_color)
                return self._filled(points, color, state, trim, matrix, units, thickness, outline=True)
        return []

    def _filled(
        self,
        points: Points,
        color: Paint,
        state: State,
        trim: float,
        matrix: Matrix,
        units: Units,
        thickness: float,
        *,
        outline: bool,
    ) -> list[Any]:
        out = []
        share = tracks.fill_share(trim)
        if share > 0.0:
            made = _mobject(units.points(points, matrix))
            made.fill_rgbas = _rgba(color, state.opacity * share)
            out.append(made)
        if outline and trim < 1.0:
            made = _mobject(units.points(shortened(points, tracks.outline_share(trim)), matrix))
            made.stroke_rgbas = _rgba(color, state.opacity * tracks.outline_opacity(trim))
            made.stroke_width = tracks.OUTLINE_WIDTH * thickness
            made.cap_style = CapStyleType.ROUND
            out.append(made)
        return out

    def _outline(self, state: State) -> Points:
        primitive = self.element.primitive
        if isinstance(primitive, Shape) and state.path is not None and state.morph > 0.0:
            return self._between(primitive.path, state.path, state.morph)
        if self._points is None:
            if self.replaced is not None:
                self._points = self.replaced
            elif isinstance(primitive, Shape):
                self._points = cubics(primitive.path)
            elif isinstance(primitive, Glyphs):
                outlines = outline_from(primitive, self.files[primitive.font])
                parts = [cubics(outline) for outline in outlines]
                self._points = np.concatenate(parts) if parts else np.zeros((0, 2))
            else:
                self._points = np.zeros((0, 2))
        return self._points

    def _between(self, start: Path, end: Path, share: float) -> Points:
        if self._pair is None or self._pair[0] is not end:
            self._pair = (end, self._aligned(start, end) if self.native else morph.pair(start, end))
        prepared = self._pair[1]
        if isinstance(prepared, morph.Pair):
            return cubics(morph.between(prepared, share))
        one, two = prepared
        mixed: Points = one + (two - one) * share
        return mixed

    def _aligned(self, start: Path, end: Path) -> tuple[Points, Points]:
        """Manim's way to morph: both outlines brought to the same number of curves by `VMobject.align_points`."""
        sides = []
        for path in (start, end):
            side = VMobject()
            flat = cubics(path)
            side.set_points(np.concatenate([flat, np.zeros((len(flat), 1))], axis=1))
            sides.append(side)
        sides[0].align_points(sides[1])
        return sides[0].points[:, :2], sides[1].points[:, :2]
