"""Drawing one element in a given state onto a Skia canvas whose matrix already maps the fragment to pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import floor
from typing import Any

from pvc.compiler.model import morph, tracks
from pvc.compiler.model.display import Element, Glyphs, Paint, Path, Picture, Shape, Stroke
from pvc.compiler.model.tracks import State
from pvc.runtime.backends.canvas.graphics_library import import_skia
from pvc.runtime.backends.canvas.pictures import image_of, shrinkable, still_of
from pvc.runtime.backends.interface import Resources
from pvc.runtime.errors import EngineError

Blend = tuple[float, float, float, float, float] | None


@lru_cache(maxsize=64)
def _typeface(path: str) -> Any:
    face = import_skia().Typeface.MakeFromFile(path)
    if face is None:
        raise EngineError("PVC0822", f"the font file {path.rsplit('/', 1)[-1]} could not be read", "replace the file")
    return face


def font_of(glyphs: Glyphs, resources: Resources) -> Any:
    """The face at its size: unhinted and placed at fractions of a pixel, so that moving text does not shiver."""
    skia = import_skia()
    font = skia.Font(_typeface(str(resources.blob(glyphs.font))), glyphs.size)
    font.setSubpixel(True)
    font.setLinearMetrics(True)
    font.setBaselineSnap(False)
    font.setHinting(skia.FontHinting.kNone)
    font.setEdging(skia.Font.Edging.kAntiAlias)
    return font


def skia_path(verbs: str, points: tuple[float, ...], even_odd: bool) -> Any:
    skia = import_skia()
    path = skia.Path()
    at = 0
    for verb in verbs:
        if verb == "M":
            path.moveTo(points[at], points[at + 1])
            at += 2
        elif verb == "L":
            path.lineTo(points[at], points[at + 1])
            at += 2
        elif verb == "Q":
            path.quadTo(*points[at : at + 4])
            at += 4
        elif verb == "C":
            path.cubicTo(*points[at : at + 6])
            at += 6
        else:
            path.close()
    if even_odd:
        path.setFillType(skia.PathFillType.kEvenOdd)
    return path


def _paint(color: Paint, opacity: float) -> Any:
    skia = import_skia()
    alpha = round(color.alpha * min(1.0, max(0.0, opacity)))
    return skia.Paint(AntiAlias=True, Color=skia.Color(color.red, color.green, color.blue, alpha))


def _stroke_paint(stroke: Stroke, color: Paint, opacity: float) -> Any:
    skia = import_skia()
    paint = _paint(color, opacity)
    paint.setStyle(skia.Paint.kStroke_Style)
    paint.setStrokeWidth(stroke.width)
    paint.setStrokeCap(
        {"butt": skia.Paint.kButt_Cap, "round": skia.Paint.kRound_Cap, "square": skia.Paint.kSquare_Cap}[stroke.cap]
    )
    paint.setStrokeJoin(
        {"miter": skia.Paint.kMiter_Join, "round": skia.Paint.kRound_Join, "bevel": skia.Paint.kBevel_Join}[stroke.join]
    )
    return paint


def _trimmed(paint: Any, share: float, dash: tuple[float, ...]) -> Any:
    skia = import_skia()
    effect = None
    if dash:
        effect = skia.DashPathEffect.Make(list(dash) if len(dash) % 2 == 0 else [*dash, *dash], 0.0)
    if share < 1.0:
        trim = skia.TrimPathEffect.Make(0.0, max(share, 1e-6))
        effect = trim if effect is None else skia.PathEffect.MakeCompose(effect, trim)
    if effect is not None:
        paint.setPathEffect(effect)
    return paint


def stroke_paint(stroke: Stroke, color: Paint, opacity: float, share: float) -> Any:
    """Skia's paint for a stroke of which a share of the length is drawn."""
    return _trimmed(_stroke_paint(stroke, color, opacity), share, stroke.dash)


@dataclass(slots=True)
class Drawn:
    """An element with everything of Skia's that it needs, made at most once."""

    element: Element
    resources: Resources
    item_scale: float
    """Px of the reference frame for a px of the fragment, before any track."""
    wide: float
    high: float
    """Pixels of the frame for a px of the fragment, across and down, at the largest that tracks make it."""
    _path: Any = None
    _blob: Any = None
    _pair: tuple[Path, Path, morph.Pair] | None = None

    def draw(self, canvas: Any, state: State, item_color: Blend) -> None:
        """Paints the element in a state; its matrix, clip, opacity and blur included."""
        if not state.visible:
            return
        skia = import_skia()
        canvas.save()
        if state is not tracks.REST:
            a, b, c, d, e, f = tracks.element_matrix(self.element, state)
            canvas.concat(skia.Matrix.MakeAll(a, c, e, b, d, f, 0, 0, 1))
        if state.clip is not None:
            canvas.clipRect(clip_rect(self.element.bounds, state.clip), skia.ClipOp.kIntersect, True)
        if state.blur > 0.0:
            deviation = state.blur / self.item_scale
            canvas.saveLayer(None, skia.Paint(ImageFilter=skia.ImageFilters.Blur(deviation, deviation)))
        primitive = self.element.primitive
        match primitive:
            case Shape():
                self._shape(canvas, primitive, state, item_color)
            case Glyphs():
                self._glyphs(canvas, primitive, state, item_color)
            case Picture():
                self._picture(canvas, primitive, state)
        canvas.restoreToCount(canvas.getSaveCount() - (2 if state.blur > 0.0 else 1))

    def _outline(self, shape: Shape, state: State) -> Any:
        if state.path is not None and state.morph > 0.0:
            if self._pair is None or self._pair[0] is not shape.path or self._pair[1] is not state.path:
                self._pair = (shape.path, state.path, morph.pair(shape.path, state.path))
            between = morph.between(self._pair[2], state.morph)
            return skia_path(between.verbs, between.points, between.even_odd)
        if self._path is None:
            self._path = skia_path(shape.path.verbs, shape.path.points, shape.path.even_odd)
        return self._path

    def _shape(self, canvas: Any, shape: Shape, state: State, item_color: Blend) -> None:
        path = self._outline(shape, state)
        if shape.fill is not None:
            fill = tracks.blend(tracks.blend(shape.fill, state.color), item_color)
            share = tracks.fill_share(state.trim)
            if share > 0.0:
                canvas.drawPath(path, _paint(fill, state.opacity * share))
            if state.trim < 1.0 and shape.stroke is None:
                self._writing(canvas, path, fill, state)
        if shape.stroke is not None:
            color = tracks.blend(tracks.blend(shape.stroke.paint, state.color), item_color)
            paint = _stroke_paint(shape.stroke, color, state.opacity)
            canvas.drawPath(
                path, _trimmed(paint, tracks.stroke_share(state.trim, shape.fill is not None), shape.stroke.dash)
            )

    def _writing(self, canvas: Any, path: Any, color: Paint, state: State) -> None:
        """The outline by which a fill without a stroke is written."""
        opacity = state.opacity * tracks.outline_opacity(state.trim)
        if opacity > 0.0:
            stroke = Stroke(color, tracks.OUTLINE_WIDTH / self.item_scale)
            paint = _trimmed(_stroke_paint(stroke, color, opacity), tracks.outline_share(state.trim), ())
            canvas.drawPath(path, paint)

    def _glyphs(self, canvas: Any, glyphs: Glyphs, state: State, item_color: Blend) -> None:
        skia = import_skia()
        color = tracks.blend(tracks.blend(glyphs.paint, state.color), item_color)
        share = tracks.fill_share(state.trim)
        if share > 0.0:
            if self._blob is None:
                builder = skia.TextBlobBuilder()
                places = [skia.Point(x, y) for x, y in zip(glyphs.xs, glyphs.ys, strict=True)]
                builder.allocRunPos(font_of(glyphs, self.resources), list(glyphs.ids), places)
                self._blob = builder.make()
            if self._blob is not None:
                canvas.drawTextBlob(self._blob, 0, 0, _paint(color, state.opacity * share))
        if state.trim < 1.0:
            if self._path is None:
                font = font_of(glyphs, self.resources)
                self._path = skia.Path()
                for glyph, x, y in zip(glyphs.ids, glyphs.xs, glyphs.ys, strict=True):
                    outline = font.getPath(glyph)
                    if outline is not None:
                        self._path.addPath(outline, x, y)
            self._writing(canvas, self._path, color, state)

    def _picture(self, canvas: Any, picture: Picture, state: State) -> None:
        """A picture that is neither scaled nor turned is copied to the nearest whole pixel: as crisp as it was made,
        and cheap to move. One that is, is filtered."""
        skia = import_skia()
        rect = picture.rect
        size = (max(1, round(rect.width * self.wide)), max(1, round(rect.height * self.high)))
        path = self.resources.blob(picture.digest)
        paint = _paint(Paint(0, 0, 0), state.opacity * tracks.fill_share(state.trim))
        matrix = canvas.getTotalMatrix()
        wide, high = matrix.getScaleX() * rect.width, matrix.getScaleY() * rect.height
        upright = matrix.getSkewX() == 0.0 and matrix.getSkewY() == 0.0
        image = image_of(picture, path, *size) if picture.film is None else still_of(picture, path, *size, state.time)
        if upright and abs(wide - image.width()) < 0.75 and abs(high - image.height()) < 0.75:
            left = floor(matrix.getScaleX() * rect.x + matrix.getTranslateX() + 0.5)
            top = floor(matrix.getScaleY() * rect.y + matrix.getTranslateY() + 0.5)
            canvas.save()
            canvas.resetMatrix()
            canvas.drawImage(image, left, top, skia.SamplingOptions(), paint)
            canvas.restore()
            return
        place = skia.Rect.MakeXYWH(rect.x, rect.y, rect.width, rect.height)
        # Shrinking needs mipmaps against shimmer.
        sampling = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
        shrunk = shrinkable(picture, path, *size) if picture.film is None else image.withDefaultMipmaps()
        canvas.drawImageRect(shrunk, place, sampling, paint)


def clip_rect(bounds: Any, clip: tuple[float, float, float, float]) -> Any:
    """The rectangle of a `clip` value over bounds; edges at 0 or 1 are far away, so that overhanging ink is kept."""
    left = bounds.x + bounds.width * clip[0] if clip[0] > 0.0 else -1e5
    top = bounds.y + bounds.height * clip[1] if clip[1] > 0.0 else -1e5
    right = bounds.x + bounds.width * clip[2] if clip[2] < 1.0 else 1e5
    bottom = bounds.y + bounds.height * clip[3] if clip[3] < 1.0 else 1e5
    return import_skia().Rect.MakeLTRB(left, top, right, bottom)
