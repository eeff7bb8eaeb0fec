"""Reading what MathJax drew: SVG to a tree of math nodes whose leaves are outlines, rules and boxes.

Coordinates come out in thousandths of an em, y **down**, relative to the formula's left end of the baseline. MathJax's
SVG is a small dialect (g, use, path, rect, line, polygon, ellipse, text, nested svg for stretched strokes); anything
else in it is ignored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from xml.etree import ElementTree

from pvc.compiler.model.display import Path

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_LINK = "{http://www.w3.org/1999/xlink}href"
_RULE = 60.0
"""Thickness of a table's lines, which MathJax leaves to a style sheet (70 there; 60 is that of its fraction bars)."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One thing drawn. ``kind``: `glyph` (filled outline), `rule` (a filled bar), `line` (a stroke of ``width``), `box`
    (a background), `text` (characters that MathJax's font lacks; ``char`` holds them and ``width`` their size).
    ``char``: hexadecimal code point of a glyph. ``color``: a colour that the TeX itself gave."""

    kind: str
    path: Path
    char: str = ""
    color: str | None = None
    width: float = 0.0
    dashed: bool = False


@dataclass(slots=True)
class Node:
    """A math node: ``kind`` as MathML names it (`mi`, `mfrac`, ...; `g` for a plain group). ``parts``: child nodes and
    indices of leaves in the order of the SVG. ``latex``: the TeX that it came from, where MathJax says."""

    kind: str
    parts: list[Node | int] = field(default_factory=list)
    latex: str = ""

    @property
    def children(self) -> list[Node]:
        return [part for part in self.parts if isinstance(part, Node)]

    def leaves(self) -> list[int]:
        """Indices of all leaves below, in reading order: a root's sign before what is under it, a fraction's bar
        between numerator and denominator."""
        found: list[int] = []
        for part in reading_order(self):
            if isinstance(part, int):
                found.append(part)
            else:
                found.extend(part.leaves())
        return found


@dataclass(frozen=True, slots=True)
class Drawing:
    """A formula as drawn: extents in thousandths of an em (``ascent`` above, ``descent`` below the baseline)."""

    root: Node
    leaves: tuple[Leaf, ...]
    width: float
    ascent: float
    descent: float


def read(text: str) -> Drawing:
    """The drawing in MathJax's SVG. Raises ValueError where it is none."""
    try:
        tree = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ValueError(f"MathJax's SVG cannot be read: {error}") from error
    box = [float(value) for value in (tree.get("viewBox") or "").split()]
    if len(box) != 4:
        raise ValueError("MathJax's SVG has no size")
    reader = _Reader({})
    root = Node("svg")
    for child in tree:
        reader.visit(child, root, _IDENTITY, None, None)
    return Drawing(root, tuple(reader.leaves), box[2], -box[1], box[3] + box[1])


def reading_order(node: Node) -> list[Node | int]:
    """Children and leaves of a node in the order in which they are read."""
    if node.kind in ("msqrt", "mroot"):
        signs = [part for part in node.parts if isinstance(part, int) or part.kind == "mo"]
        return signs + [part for part in node.parts if part not in signs]
    if node.kind == "mfrac":
        rules = [part for part in node.parts if isinstance(part, int)]
        terms = [part for part in node.parts if not isinstance(part, int)]
        return [*terms[:1], *rules, *terms[1:]]
    return node.parts


@dataclass(slots=True)
class _Reader:
    outlines: dict[str, str]
    leaves: list[Leaf] = field(default_factory=list)

    def visit(
        self, element: ElementTree.Element, parent: Node, matrix: Matrix, color: str | None, clip: _Clip | None
    ) -> None:
        name = element.tag.rpartition("}")[2]
        if name == "defs":
            for path in element:
                self.outlines[path.get("id") or ""] = path.get("d") or ""
            return
        matrix = _times(matrix, _transform(element.get("transform") or ""))
        fill = element.get("fill")
        if fill not in (None, "currentColor", "none"):
            color = fill
        if name in ("g", "a"):
            kind = element.get("data-mml-node")
            node = Node(kind or "g", latex=element.get("data-latex") or "")
            parent.parts.append(node)
            for child in element:
                self.visit(child, node, matrix, color, clip)
        elif name == "svg":
            matrix, clip = _viewport(element, matrix)
            for child in element:
                self.visit(child, parent, matrix, color, clip)
        else:
            leaf = self.leaf(name, element, matrix, color, clip)
            if leaf is not None:
                parent.parts.append(len(self.leaves))
                self.leaves.append(leaf)

    def leaf(
        self, name: str, element: ElementTree.Element, matrix: Matrix, color: str | None, clip: _Clip | None
    ) -> Leaf | None:
        if name == "use":
            outline = self.outlines.get((element.get(_LINK) or element.get("href") or "").lstrip("#"), "")
            verbs, points = _outline(outline)
            if not verbs:
                return None
            path = Path(verbs, _moved(points, matrix))
            return Leaf("glyph", _clipped(path, clip) if clip else path, element.get("data-c") or "", color)
        if name == "rect":
            return _rect(element, matrix, color)
        if name == "line":
            ends = tuple(_number(element, key) for key in ("x1", "y1", "x2", "y2"))
            width = _number(element, "stroke-width", _RULE) * _scale(matrix)
            dashed = "dashed" in (element.get("class") or "")
            return Leaf("line", Path("ML", _moved(ends, matrix)), "", color, width, dashed)
        if name == "polygon":
            numbers = [float(value) for value in re.findall(r"-?[\d.]+", element.get("points") or "")]
            if len(numbers) < 6:
                return None
            return Leaf("rule", Path("M" + "L" * (len(numbers) // 2 - 1) + "Z", _moved(numbers, matrix)), "", color)
        if name == "ellipse":
            return _ellipse(element, matrix, color)
        if name == "path":
            verbs, points = _outline(element.get("d") or "")
            width = _number(element, "stroke-width") * _scale(matrix)
            kind = "line" if element.get("fill") == "none" or width else "rule"
            return Leaf(kind, Path(verbs, _moved(points, matrix)), "", color, width) if verbs else None
        if name == "text" and element.text:
            size = float((element.get("font-size") or "1000").removesuffix("px"))
            return Leaf("text", Path("M", _moved((0.0, 0.0), matrix)), element.text, color, size * _scale(matrix))
        return None


@dataclass(frozen=True, slots=True)
class _Clip:
    left: float
    top: float
    right: float
    bottom: float


def _viewport(element: ElementTree.Element, matrix: Matrix) -> tuple[Matrix, _Clip | None]:
    """A nested svg: MathJax uses it to cut a stretched stroke to length. Its box is clipped to, where it has one."""
    box = [float(value) for value in (element.get("viewBox") or "").split()]
    x, y = _number(element, "x"), _number(element, "y")
    width, height = _number(element, "width"), _number(element, "height")
    if len(box) != 4 or not width or not height or not box[2] or not box[3]:
        return matrix, None
    corners = _moved((x, y, x + width, y + height), matrix)
    clip = _Clip(
        *(min(corners[0], corners[2]), min(corners[1], corners[3])),
        *(max(corners[0], corners[2]), max(corners[1], corners[3])),
    )
    inner = _times((1, 0, 0, 1, x, y), (width / box[2], 0, 0, height / box[3], 0, 0))
    return _times(matrix, _times(inner, (1, 0, 0, 1, -box[0], -box[1]))), clip


def _clipped(path: Path, clip: _Clip) -> Path:
    """A stretched stroke cut to its viewport. Extenders are plain bars, so each contour becomes the part of its
    bounding box that is inside."""
    verbs, points, at = "", [], 0
    for contour in re.findall("M[^M]*", path.verbs):
        count = sum({"M": 1, "L": 1, "Q": 2, "C": 3}.get(verb, 0) for verb in contour) * 2
        xs, ys = path.points[at : at + count : 2], path.points[at + 1 : at + count : 2]
        at += count
        left, right = max(min(xs), clip.left), min(max(xs), clip.right)
        top, bottom = max(min(ys), clip.top), min(max(ys), clip.bottom)
        if left < right and top < bottom:
            verbs += "MLLLZ"
            points += [left, top, right, top, right, bottom, left, bottom]
    return Path(verbs, tuple(points))


def _rect(element: ElementTree.Element, matrix: Matrix, color: str | None) -> Leaf | None:
    if element.get("data-hitbox") or element.get("data-background"):
        return None
    x, y = _number(element, "x"), _number(element, "y")
    width, height = _number(element, "width"), _number(element, "height")
    right, top = x + width, y + height
    path = Path("MLLLZ", _moved((x, y, right, y, right, top, x, top), matrix))
    if element.get("fill") == "none":
        return Leaf("line", path, "", color, _number(element, "stroke-width", _RULE) * _scale(matrix))
    if element.get("data-bgcolor"):
        return Leaf("box", path, "", color)
    if width <= 0 or height <= 0:
        return None
    if width >= height:  # a fraction bar: a stroke along it can be drawn from its start
        ends = _moved((x, y + height / 2, right, y + height / 2), matrix)
        return Leaf("line", Path("ML", ends), "", color, height * _scale(matrix))
    return Leaf("rule", path, "", color)


def _ellipse(element: ElementTree.Element, matrix: Matrix, color: str | None) -> Leaf:
    x, y = _number(element, "cx"), _number(element, "cy")
    a, b = _number(element, "rx"), _number(element, "ry")
    k, m = a * 0.5523, b * 0.5523  # the usual cubic approximation of a quarter circle
    points = (
        *(x + a, y, x + a, y + m, x + k, y + b, x, y + b),
        *(x - k, y + b, x - a, y + m, x - a, y),
        *(x - a, y - m, x - k, y - b, x, y - b),
        *(x + k, y - b, x + a, y - m, x + a, y),
    )
    width = _number(element, "stroke-width", _RULE) * _scale(matrix)
    return Leaf("line", Path("MCCCCZ", _moved(points, matrix)), "", color, width)


def _number(element: ElementTree.Element, key: str, default: float = 0.0) -> float:
    match = re.match(r"-?[\d.]+(?:e-?\d+)?", element.get(key) or "")
    return float(match.group()) if match else default


def _times(a: Matrix, b: Matrix) -> Matrix:
    """First ``b``, then ``a``."""
    return (
        *(a[0] * b[0] + a[2] * b[1], a[1] * b[0] + a[3] * b[1]),
        *(a[0] * b[2] + a[2] * b[3], a[1] * b[2] + a[3] * b[3]),
        *(a[0] * b[4] + a[2] * b[5] + a[4], a[1] * b[4] + a[3] * b[5] + a[5]),
    )


def _scale(matrix: Matrix) -> float:
    return float(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5)


def _moved(points: tuple[float, ...] | list[float], matrix: Matrix) -> tuple[float, ...]:
    a, b, c, d, e, f = matrix
    result: list[float] = []
    for index in range(0, len(points), 2):
        x, y = points[index], points[index + 1]
        result += [a * x + c * y + e, b * x + d * y + f]
    return tuple(result)


@lru_cache(maxsize=4096)
def _transform(text: str) -> Matrix:
    matrix = _IDENTITY
    for name, body in re.findall(r"(\w+)\s*\(([^)]*)\)", text):
        numbers = [float(value) for value in re.findall(r"-?[\d.]+(?:e-?\d+)?", body)]
        step: Matrix = _IDENTITY
        if name == "translate" and numbers:
            step = (1.0, 0.0, 0.0, 1.0, numbers[0], numbers[1] if len(numbers) > 1 else 0.0)
        elif name == "scale" and numbers:
            step = (numbers[0], 0.0, 0.0, numbers[-1], 0.0, 0.0)
        elif name == "matrix" and len(numbers) == 6:
            step = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
        elif name == "rotate" and numbers:
            from math import cos, radians, sin

            turn = radians(numbers[0])
            step = (cos(turn), sin(turn), -sin(turn), cos(turn), 0.0, 0.0)
        matrix = _times(matrix, step)
    return matrix


@lru_cache(maxsize=2048)
def _outline(data: str) -> tuple[str, tuple[float, ...]]:
    """An SVG path with absolute commands as verbs and points; H, V, S and T are written out."""
    verbs: list[str] = []
    points: list[float] = []
    x = y = start_x = start_y = 0.0
    control: tuple[str, float, float] = ("", 0.0, 0.0)
    for command, body in re.findall(r"([MLHVCSQTZ])([^MLHVCSQTZ]*)", data):
        numbers = [float(value) for value in re.findall(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?", body)]
        if command == "Z":
            verbs.append("Z")
            x, y, control = start_x, start_y, ("", 0.0, 0.0)
            continue
        size = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2}[command]
        for at in range(0, len(numbers) - size + 1, size):
            values = numbers[at : at + size]
            if command in "HV":
                values = [values[0], y] if command == "H" else [x, values[0]]
            elif command in "ST":
                mirrored = control[0] == ("C" if command == "S" else "Q")
                first = (2 * x - control[1], 2 * y - control[2]) if mirrored else (x, y)
                values = [*first, *values]
            verb = {"M": "M" if at == 0 else "L", "C": "C", "S": "C", "Q": "Q", "T": "Q"}.get(command, "L")
            verbs.append(verb)
            points += values
            x, y = values[-2], values[-1]
            control = (verb, values[-4], values[-3]) if verb in "CQ" else ("", 0.0, 0.0)
            if verb == "M":
                start_x, start_y = x, y
    return "".join(verbs), tuple(points)
