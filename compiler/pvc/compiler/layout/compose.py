"""Putting elements together: the few operations that every component's layout is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pvc.compiler.model.display import Element, Glyphs, Path, Picture, Primitive, Rect, Shape, quantise


def shift_path(path: Path, dx: float, dy: float) -> Path:
    points = tuple(quantise(v + (dy if i & 1 else dx)) for i, v in enumerate(path.points))
    return replace(path, points=points)


def shift_rect(rect: Rect, dx: float, dy: float) -> Rect:
    return Rect(quantise(rect.x + dx), quantise(rect.y + dy), rect.width, rect.height)


def shift_primitive(primitive: Primitive, dx: float, dy: float) -> Primitive:
    match primitive:
        case Shape():
            return replace(primitive, path=shift_path(primitive.path, dx, dy))
        case Glyphs():
            return replace(
                primitive,
                xs=tuple(quantise(x + dx) for x in primitive.xs),
                ys=tuple(quantise(y + dy) for y in primitive.ys),
            )
        case Picture():
            return replace(primitive, rect=shift_rect(primitive.rect, dx, dy))
        case _:  # solids stand in their fragment's space, not in its plane
            return primitive


def shift(element: Element, dx: float, dy: float) -> Element:
    """The element moved by (dx, dy) px."""
    origin = element.origin
    return replace(
        element,
        primitive=shift_primitive(element.primitive, dx, dy),
        bounds=shift_rect(element.bounds, dx, dy),
        origin=None if origin is None else (quantise(origin[0] + dx), quantise(origin[1] + dy)),
    )


def shift_all(elements: Iterable[Element], dx: float, dy: float) -> tuple[Element, ...]:
    return tuple(shift(element, dx, dy) for element in elements)


def scale(element: Element, factor: float) -> Element:
    """The element enlarged by a factor about the origin of its fragment."""

    def rect(old: Rect) -> Rect:
        return Rect(*(quantise(side * factor) for side in (old.x, old.y, old.width, old.height)))

    primitive = element.primitive
    match primitive:
        case Shape():
            stroke = primitive.stroke
            if stroke is not None:
                dash = tuple(length * factor for length in stroke.dash)
                stroke = replace(stroke, width=quantise(stroke.width * factor), dash=dash)
            points = tuple(quantise(value * factor) for value in primitive.path.points)
            primitive = replace(primitive, path=replace(primitive.path, points=points), stroke=stroke)
        case Glyphs():
            primitive = replace(
                primitive,
                size=quantise(primitive.size * factor),
                xs=tuple(quantise(x * factor) for x in primitive.xs),
                ys=tuple(quantise(y * factor) for y in primitive.ys),
            )
        case Picture():
            primitive = replace(primitive, rect=rect(primitive.rect), corner=quantise(primitive.corner * factor))
    origin = element.origin
    return replace(
        element,
        primitive=primitive,
        bounds=rect(element.bounds),
        origin=None if origin is None else (quantise(origin[0] * factor), quantise(origin[1] * factor)),
    )


def union(rects: Iterable[Rect]) -> Rect:
    """The least rectangle around all; an empty one at the origin for none."""
    boxes = list(rects)
    if not boxes:
        return Rect(0.0, 0.0, 0.0, 0.0)
    left = min(box.x for box in boxes)
    top = min(box.y for box in boxes)
    return Rect(left, top, max(box.right for box in boxes) - left, max(box.bottom for box in boxes) - top)


def rectangle(rect: Rect, radius: float = 0.0) -> Path:
    """A rectangle with corners rounded by ``radius`` px (cubic arcs; kappa = 0.5523 is the usual circle's)."""
    x, y, r, b = rect.x, rect.y, rect.right, rect.bottom
    if radius <= 0:
        return Path("MLLLZ", tuple(map(quantise, (x, y, r, y, r, b, x, b))))
    radius = min(radius, rect.width / 2, rect.height / 2)
    k = radius * (1 - 0.5523)
    points = (
        *(x + radius, y, r - radius, y),
        *(r - k, y, r, y + k, r, y + radius),
        *(r, b - radius),
        *(r, b - k, r - k, b, r - radius, b),
        *(x + radius, b),
        *(x + k, b, x, b - k, x, b - radius),
        *(x, y + radius),
        *(x, y + k, x + k, y, x + radius, y),
    )
    return Path("MLCLCLCLCZ", tuple(map(quantise, points)))
