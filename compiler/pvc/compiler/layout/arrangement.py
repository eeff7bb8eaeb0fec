"""Visuals made of others: rows, columns, overlays and grids of inner visuals, put together to one fragment.

The checker has worked the component's body out to a tree of records (`check/pictures.py` says what is in them); here
each inner visual is laid out by its own layout, in the room that its group leaves it, and its elements, parts and
problems become those of the whole. Lengths: `px` of the reference frame, `%` of the room inside the group, `em` of body
text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from pvc.compiler.layout.colors import resolved
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.compose import rectangle, scale, shift
from pvc.compiler.layout.selectors import head, joined, single
from pvc.compiler.layout.shares import shares
from pvc.compiler.model.display import Element, Fragment, Inner, Paint, Problem, Rect, Shape, Space, Stroke, quantise
from pvc.compiler.model.values import Color, Length, Record, Symbol, Token, Value

GAP = 32.0
"""Px between members of a group that does not say."""
PADDING = 32.0
"""Px inside a panel (a group with a fill or a border) that does not say."""
CORNER = 16.0
SMALLEST = 0.35
"""No inner visual is scaled below this to make it fit its place; the outer frame then reports what stands over."""

Node: TypeAlias = Mapping[str, Value]
_Size: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """An inner visual among the elements of what holds it: ``[first, first + count)``."""

    number: int
    layout: str
    first: int
    count: int
    fragment: Fragment


@dataclass(frozen=True, slots=True)
class _Laid:
    """A member of a group laid out, in its own coordinates."""

    size: _Size
    stretch: bool
    elements: tuple[Element, ...]
    leaves: tuple[_Leaf, ...]
    space: Space | None = None
    """How its solids are seen, where it has some."""


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """The component `arrangement`: ``picture`` is the group at its root, with the parts that it declares. ``least``:
    the size that its panel has at least, where it stands in another that makes its members equal."""
    picture = _node(arguments.get("picture"))
    parts = [_node(each) for each in _records(picture, "parts")]
    least = _node(arguments.get("least"))
    look = _Look(env, parts)
    size = (look.length(least, "width", 0.0) or 0.0, look.length(least, "height", 0.0) or 0.0)
    laid = _lay(picture, (box.width, box.height), size, look)
    found: dict[str, tuple[int, ...]] = {}
    inner: list[Inner] = []
    problems: list[Problem] = []
    for leaf in laid.leaves:
        own = f"{leaf.number}"
        inner.append(Inner(own, leaf.layout, leaf.first, leaf.count))
        inner += (replace(one, path=f"{own}.{one.path}", first=leaf.first + one.first) for one in leaf.fragment.inner)
        problems += (
            replace(problem, inner=f"{own}.{problem.inner}" if problem.inner else own)
            for problem in leaf.fragment.problems
        )
        for name, members in leaf.fragment.parts:
            if name.startswith("concept:"):
                found[name] = (*found.get(name, ()), *(leaf.first + index for index in members))
    deep = [leaf.number for leaf in laid.leaves if leaf.fragment.space is not None]
    if len(deep) > 1:
        problems.append(
            Problem(
                "PVC0595",
                "two 3D visuals stand in one component, which has one space to show them in",
                "show one of them in the scene itself, beside the component",
                inner=f"{deep[1]}",
            )
        )
    for part in parts:
        for name, members in _exported(part, laid.leaves):
            found[name] = tuple(sorted({*found.get(name, ()), *members}))
    words = [leaf.fragment.description for leaf in laid.leaves if leaf.fragment.description]
    return Fragment(
        quantise(laid.size[0]),
        quantise(laid.size[1]),
        laid.elements,
        tuple(found.items()),
        laid.leaves[0].fragment.entrance if len(laid.leaves) == 1 else "fade",
        None,
        laid.stretch,
        tuple(problems),
        "; ".join(words),
        laid.space,
        tuple(inner),
    )


# ------------------------------------------------------------------------------------------------ reading the tree


def _node(value: Value) -> Node:
    return dict(value.fields) if isinstance(value, Record) else {}


def _records(node: Node, name: str) -> tuple[Value, ...]:
    value = node.get(name)
    return value if isinstance(value, tuple) else ()


def _word(node: Node, name: str, default: str) -> str:
    value = node.get(name)
    return value.name if isinstance(value, Symbol) else default


def _whole(node: Node, name: str, default: int) -> int:
    value = node.get(name)
    return int(value) if isinstance(value, int | Fraction) else default


@dataclass(frozen=True, slots=True)
class _Look:
    """What all of the tree is laid out with. ``parts``: those that the component declares."""

    env: Env
    parts: Sequence[Node]

    def length(self, node: Node, name: str, room: float, default: float | None = None) -> float | None:
        value = node.get(name)
        if not isinstance(value, Length):
            return default
        units = {"%": room / 100, "em": self.env.theme.size("body")}
        terms = value.terms or ((value.value, value.unit),)
        return max(0.0, sum(float(number) * units.get(unit, 1.0) for number, unit in terms))

    def paint(self, node: Node, name: str) -> Paint | None:
        value = node.get(name)
        return resolved(self.env.theme, value) if isinstance(value, Token | Color) else None


# ------------------------------------------------------------------------------------------------ laying out


def _lay(node: Node, room: _Size, least: _Size, look: _Look) -> _Laid:
    """A member in the room that it has at most; a group's panel is at least as large as ``least``."""
    room = (max(1.0, quantise(room[0])), max(1.0, quantise(room[1])))
    if _word(node, "kind", "") == "visual":
        return _leaf(node, room, least, look)
    panel = look.paint(node, "fill") is not None or look.paint(node, "border") is not None
    padding = look.length(node, "padding", min(room), PADDING if panel else 0.0) or 0.0
    padding = min(padding, min(room) / 3)
    inside = (room[0] - 2 * padding, room[1] - 2 * padding)
    content = _content(node, inside, look)
    size = (max(content.size[0] + 2 * padding, least[0]), max(content.size[1] + 2 * padding, least[1]))
    size = (quantise(size[0]), quantise(size[1]))
    kind, align = _word(node, "kind", "column"), _word(node, "align", "center")
    across = {"column": 0, "row": 1}.get(kind)
    offset = [padding + (size[axis] - 2 * padding - content.size[axis]) / 2 for axis in (0, 1)]
    if across is not None:
        spare = size[across] - 2 * padding - content.size[across]
        offset[across] = padding + {"start": 0.0, "end": 1.0}.get(align, 0.5) * spare
    moved = _moved(content, offset[0], offset[1])
    return replace(_panelled(node, moved, size, look) if panel else moved, size=size)


def _panelled(node: Node, laid: _Laid, size: _Size, look: _Look) -> _Laid:
    """The group with its panel behind it; what stands on it is known to."""
    fill, border = look.paint(node, "fill"), look.paint(node, "border")
    corner = look.length(node, "corner", min(size), CORNER) or 0.0
    rect = Rect(0.0, 0.0, *size)
    stroke = Stroke(border, 2.0) if border is not None else None
    ground = Element(Shape(rectangle(rect, corner), fill, stroke), rect, "box", 0, "panel")
    elements = tuple(
        replace(element, ground=fill) if element.ground is None and fill is not None else element
        for element in laid.elements
    )
    leaves = tuple(replace(leaf, first=leaf.first + 1) for leaf in laid.leaves)
    return _Laid(size, laid.stretch, (ground, *elements), leaves, laid.space)


def _leaf(node: Node, room: _Size, least: _Size, look: _Look) -> _Laid:
    from pvc.compiler.layout.registry import lay_out as registered

    number = _whole(node, "number", 0)
    width = look.length(node, "width", room[0])
    arguments = dict(_node(node.get("arguments")).items())
    env = replace(look.env, addressed=tuple(sorted(_wanted(number, look))))
    box = Box(min(room[0], width) if width else room[0], room[1])
    layout = _word(node, "layout", "")
    if layout == "arrangement" and max(least) > 0:
        sides = (("width", Length(_exact(least[0]), "px")), ("height", Length(_exact(least[1]), "px")))
        arguments["least"] = Record(sides)
    fragment = registered(layout, arguments, box, env)
    size = (fragment.width, fragment.height)
    leaf = _Leaf(number, layout, 0, len(fragment.elements), fragment)
    return _Laid(size, fragment.stretch, fragment.elements, (leaf,), fragment.space)


def _exact(length: float) -> Fraction:
    return Fraction(quantise(length))


def _stretches(node: Node) -> bool:
    """Whether a member can be made larger than its content: a group, or a visual that is made of others."""
    return _word(node, "kind", "") != "visual" or _word(node, "layout", "") == "arrangement"


def _moved(laid: _Laid, dx: float, dy: float) -> _Laid:
    dx, dy = quantise(dx), quantise(dy)
    if not dx and not dy:
        return laid
    space = laid.space
    if space is not None:
        space = replace(space, x=quantise(space.x + dx), y=quantise(space.y + dy))
    return replace(laid, elements=tuple(shift(each, dx, dy) for each in laid.elements), space=space)


def _fitted(laid: _Laid, room: _Size) -> _Laid:
    """Scaled down where it does not fit its place."""
    over = max(laid.size[0] / max(room[0], 1.0), laid.size[1] / max(room[1], 1.0))
    if over <= 1.004:
        return laid
    factor = max(SMALLEST, 1 / over)
    size = (laid.size[0] * factor, laid.size[1] * factor)
    space = laid.space
    if space is not None:
        x, y, unit = (quantise(side * factor) for side in (space.x, space.y, space.scale))
        space = replace(space, x=x, y=y, scale=unit)
    return replace(laid, size=size, elements=tuple(scale(each, factor) for each in laid.elements), space=space)


def _joined(size: _Size, members: Sequence[tuple[_Laid, float, float]]) -> _Laid:
    """Members at their places as one. What stands further on enters later."""
    elements: list[Element] = []
    leaves: list[_Leaf] = []
    step = 0
    space: Space | None = None
    for laid, x, y in members:
        first = len(elements)
        placed = _moved(laid, x, y)
        moved = placed.elements
        space = space or placed.space
        elements += (replace(element, order=element.order + step) for element in moved) if step else moved
        leaves += (replace(leaf, first=leaf.first + first) for leaf in laid.leaves)
        step = max((element.order for element in elements), default=-1) + 1
    return _Laid(size, any(laid.stretch for laid, _, _ in members), tuple(elements), tuple(leaves), space)


def _content(node: Node, room: _Size, look: _Look) -> _Laid:
    members = [_node(each) for each in _records(node, "members")]
    if not members:
        return _Laid((0.0, 0.0), False, (), ())
    kind = _word(node, "kind", "column")
    if kind == "overlay":
        return _overlaid(node, members, room, look)
    if kind == "grid":
        return _grid(node, members, room, look)
    return _line(node, members, room, look, 0 if kind == "row" else 1)


def _along(axis: int, along: float, across: float) -> _Size:
    return (along, across) if axis == 0 else (across, along)


def _line(node: Node, members: Sequence[Node], room: _Size, look: _Look, axis: int) -> _Laid:
    """A row (``axis`` 0) or a column (1)."""
    gap = look.length(node, "gap", room[axis], GAP) or 0.0
    free = max(1.0, room[axis] - gap * (len(members) - 1))
    even = node.get("even") is True
    align = _word(node, "align", "center")
    sides = ("width", "height")
    own = [look.length(member, sides[axis], room[axis], free / len(members) if even else None) for member in members]
    other = [min(room[1 - axis], look.length(member, sides[1 - axis], room[1 - axis]) or room[1 - axis])
             for member in members]  # fmt: skip
    first = [
        _lay(member, _along(axis, min(free, side or free), cross), (0.0, 0.0), look)
        for member, side, cross in zip(members, own, other, strict=True)
    ]
    grows = [laid.stretch and side is None for laid, side in zip(first, own, strict=True)]
    wishes = [laid.size[axis] if side is None else side for laid, side in zip(first, own, strict=True)]
    lengths = shares(wishes, grows, free)
    settled: list[_Laid] = []
    for member, laid, length, grow, side, cross in zip(members, first, lengths, grows, own, other, strict=True):
        place = _along(axis, length, cross)
        sized = _along(axis, length if side is not None else 0.0, 0.0)
        if grow or side is not None or laid.size[axis] > length + 0.5:
            laid = _lay(member, place, sized, look)
        settled.append(_fitted(laid, place))
    cells = [
        length if grow or side is not None else min(length, laid.size[axis])
        for laid, length, grow, side in zip(settled, lengths, grows, own, strict=True)
    ]
    across = max(laid.size[1 - axis] for laid in settled)
    if align == "stretch":
        places = [_along(axis, cell, across) for cell in cells]
        settled = [
            _lay(member, place, place, look) if _stretches(member) else laid
            for member, laid, place in zip(members, settled, places, strict=True)
        ]
    share = {"start": 0.0, "end": 1.0}.get(align, 0.5)
    placed = []
    at = 0.0
    for laid, cell in zip(settled, cells, strict=True):
        x, y = _along(axis, at + (cell - laid.size[axis]) / 2, share * (across - laid.size[1 - axis]))
        placed.append((laid, x, y))
        at += cell + gap
    return _joined(_along(axis, at - gap, across), placed)


def _overlaid(node: Node, members: Sequence[Node], room: _Size, look: _Look) -> _Laid:
    laid = [_fitted(_lay(member, _limited(member, room, look), (0.0, 0.0), look), room) for member in members]
    size = (max(each.size[0] for each in laid), max(each.size[1] for each in laid))
    share = {"start": 0.0, "end": 1.0}.get(_word(node, "align", "center"), 0.5)
    return _joined(size, [(each, share * (size[0] - each.size[0]), share * (size[1] - each.size[1])) for each in laid])


def _limited(member: Node, room: _Size, look: _Look) -> _Size:
    width, height = (look.length(member, side, room[axis]) for axis, side in enumerate(("width", "height")))
    return (min(room[0], width or room[0]), min(room[1], height or room[1]))


def _grid(node: Node, members: Sequence[Node], room: _Size, look: _Look) -> _Laid:
    """Cells as wide as the widest member, row by row; groups fill their cells."""
    gap = look.length(node, "gap", room[0], GAP) or 0.0
    columns = max(1, min(len(members), _whole(node, "columns", 2)))
    rows = -(-len(members) // columns)
    wide = max(1.0, (room[0] - gap * (columns - 1)) / columns)
    free = max(1.0, room[1] - gap * (rows - 1))
    laid = [_lay(member, (wide, free), (0.0, 0.0), look) for member in members]
    stretches = [any(laid[index].stretch for index in _row_of(row, columns, laid)) for row in range(rows)]
    wishes = [max(laid[index].size[1] for index in _row_of(row, columns, laid)) for row in range(rows)]
    heights = shares(wishes, stretches, free)
    width = wide if any(stretches) else min(wide, max(each.size[0] for each in laid))
    placed = []
    for index, member in enumerate(members):
        row, column = divmod(index, columns)
        cell = (width, heights[row])
        one = laid[index]
        if _stretches(member):
            one = _lay(member, cell, cell, look)
        elif one.stretch or one.size[0] > cell[0] + 0.5 or one.size[1] > cell[1] + 0.5:
            one = _lay(member, cell, (0.0, 0.0), look)
        one = _fitted(one, cell)
        x = column * (width + gap) + (cell[0] - one.size[0]) / 2
        y = sum(heights[:row]) + gap * row + (cell[1] - one.size[1]) / 2
        placed.append((one, x, y))
    return _joined((columns * (width + gap) - gap, sum(heights) + gap * (rows - 1)), placed)


def _row_of(row: int, columns: int, laid: Sequence[_Laid]) -> range:
    return range(row * columns, min(len(laid), (row + 1) * columns))


# ------------------------------------------------------------------------------------------------ parts


def names_of(part: Node) -> tuple[str, ...]:
    """What a declared part is called: `cards[2]` and `cards["BLEU"]` for one of a loop, else its name."""
    name, count, key = _word(part, "name", ""), part.get("count"), part.get("key")
    if not isinstance(count, int):
        return (name,)
    quoted = (f'{name}["{key.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"]',) if isinstance(
        key, str) else ()  # fmt: skip
    return (f"{name}[{count}]", *quoted)


def _wanted(number: int, look: _Look) -> Iterator[str]:
    """The parts of an inner visual that are asked for from outside."""
    for selector in look.env.addressed:
        if selector.startswith("concept:"):
            yield selector
    for part in look.parts:
        if part.get("leaf") != number:
            continue
        inner = _word(part, "inner", "")
        kind = _word(part, "kind", "visual")
        if kind == "part":
            yield inner
        for selector in look.env.addressed:
            if kind == "tex" and selector.startswith("tex:"):
                yield selector
            elif kind == "group" and single(selector) and head(selector) == _word(part, "name", ""):
                yield inner + selector[len(head(selector)) :]
            elif kind == "visual":
                for name in names_of(part):
                    if selector.startswith(f"{name}."):
                        yield selector[len(name) + 1 :]


def _exported(part: Node, leaves: Sequence[_Leaf]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A declared part as parts of the whole."""
    leaf = next((one for one in leaves if one.number == part.get("leaf")), None)
    if leaf is None:
        return
    inner, kind = _word(part, "inner", ""), _word(part, "kind", "visual")
    own = [(name, tuple(leaf.first + index for index in members)) for name, members in leaf.fragment.parts]
    if kind == "visual":
        for name in names_of(part):
            yield name, tuple(range(leaf.first, leaf.first + leaf.count))
            for below, members in own:
                yield joined(name, below), members
        return
    for below, members in own:
        if kind == "tex" and below.startswith("tex:"):
            yield below, members
        elif kind == "group" and single(below) and head(below) == inner:
            yield _word(part, "name", "") + below[len(inner) :], members
        elif kind == "part" and below == inner:
            for name in names_of(part):
                yield name, members
