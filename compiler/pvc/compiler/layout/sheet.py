"""A fragment in the making: elements are added in paint order, each under the parts that it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pvc.compiler.model.display import (
    Element,
    Fragment,
    Paint,
    Path,
    Point,
    Problem,
    Rect,
    Shape,
    Stroke,
    quantise,
)

Role: TypeAlias = Literal["text", "glyph", "line", "bar", "area", "box", "image", "dot"]


def named(part: str, name: str) -> str:
    """The selector of a part by name, `bars["BLEU"]`; quotes and backslashes in the name are escaped."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'{part}["{escaped}"]'


def numbered(part: str, number: int) -> str:
    """The selector of a part by its count from 1, `bars[2]`."""
    return f"{part}[{number}]"


def path_bounds(path: Path, pad: float = 0.0) -> Rect:
    """The bounds of a path's points (control points too, so never too small), grown by ``pad`` on every side."""
    xs, ys = path.points[0::2], path.points[1::2]
    if not xs:
        return Rect(0.0, 0.0, 0.0, 0.0)
    left, top = min(xs) - pad, min(ys) - pad
    return Rect(quantise(left), quantise(top), quantise(max(xs) + pad - left), quantise(max(ys) + pad - top))


def polyline(points: Iterable[Point], closed: bool = False) -> Path:
    """Straight pieces through the points."""
    flat = [quantise(value) for point in points for value in point]
    return Path("M" + "L" * (len(flat) // 2 - 1) + ("Z" if closed else ""), tuple(flat))


def disc(x: float, y: float, radius: float) -> Path:
    """A circle of four cubic arcs."""
    k = radius * 0.5523
    r = radius
    points = (
        *(x + r, y),
        *(x + r, y + k, x + k, y + r, x, y + r),
        *(x - k, y + r, x - r, y + k, x - r, y),
        *(x - r, y - k, x - k, y - r, x, y - r),
        *(x + k, y - r, x + r, y - k, x + r, y),
    )
    return Path("MCCCCZ", tuple(map(quantise, points)))


@dataclass(slots=True)
class Sheet:
    """Elements, parts and problems as they come; `fragment` freezes them."""

    elements: list[Element] = field(default_factory=list)
    parts: dict[str, list[int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Characters in labels that no font covers."""

    def add(self, element: Element, parts: Iterable[str] = ()) -> None:
        index = len(self.elements)
        self.elements.append(element)
        for part in parts:
            members = self.parts.setdefault(part, [])
            if not members or members[-1] != index:
                members.append(index)

    def shape(
        self,
        path: Path,
        role: Role,
        *,
        fill: Paint | None = None,
        stroke: Stroke | None = None,
        parts: Iterable[str] = (),
        order: int = 0,
        morph: str = "",
        origin: Point | None = None,
        ground: Paint | None = None,
    ) -> None:
        """A path as one element; its bounds take in half the stroke (a level or upright line with butt ends is not
        longer than its points)."""
        bounds = path_bounds(path, stroke.width / 2 if stroke else 0.0)
        if stroke and stroke.cap == "butt" and path.verbs == "ML":
            exact = path_bounds(path)
            if not exact.height:
                bounds = Rect(exact.x, bounds.y, exact.width, bounds.height)
            elif not exact.width:
                bounds = Rect(bounds.x, exact.y, bounds.width, exact.height)
        settled = None if origin is None else (quantise(origin[0]), quantise(origin[1]))
        self.add(Element(Shape(path, fill, stroke), bounds, role, order, morph, settled, ground), parts)

    def problem(self, code: str, message: str, hint: str | None = None) -> None:
        found = Problem(code, message, hint)
        if found not in self.problems:
            self.problems.append(found)

    def fragment(
        self,
        width: float,
        height: float,
        *,
        entrance: str = "fade",
        stretch: bool = False,
        description: str = "",
        baseline: float | None = None,
    ) -> Fragment:
        if self.missing:
            names = ", ".join(f"`{char}` (U+{ord(char):04X})" for char in self.missing[:6])
            more = f" and {len(self.missing) - 6} more" if len(self.missing) > 6 else ""
            hint = 'declare a font file that has them: `font more = file("fonts/MyFont.ttf")`'
            self.problem("PVC0502", f"no font has {names}{more}", hint)
        return Fragment(
            quantise(width),
            quantise(height),
            tuple(self.elements),
            tuple((name, tuple(members)) for name, members in self.parts.items()),
            entrance,
            baseline,
            stretch,
            tuple(self.problems),
            description,
        )
