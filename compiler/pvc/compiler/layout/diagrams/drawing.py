"""Boxes, discs and splines with arrow heads: how a laid out network is drawn, whatever laid it out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pvc.compiler.layout.colors import category, concept_color, concept_parts, mix, readable
from pvc.compiler.layout.compose import rectangle, shift_path, union
from pvc.compiler.layout.diagrams.engine import Arranged
from pvc.compiler.layout.diagrams.network import Network, Node, entrance
from pvc.compiler.layout.labels import Look, paragraph, put, rich
from pvc.compiler.layout.page import plain
from pvc.compiler.layout.sheet import Sheet, disc, named, numbered, path_bounds
from pvc.compiler.model.display import Paint, Path, Point, Rect, Stroke, quantise
from pvc.compiler.text.style import TextBlock
from pvc.compiler.text.typeset import text_width

LINE = 3.5
APART = 22.0
"""Between edges that join the same two nodes, px."""

LOOP = 60.0
"""How far an edge from a node to itself reaches, px, more or less."""

UNBROKEN = 14.0
"""Em of a single word up to which it is not broken over two lines."""

HEAD = 15.0
"""Length of an arrow head's wings, px."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A node's label, set, with the outline around it; ``round`` for a disc."""

    block: TextBlock
    width: float
    height: float
    round: bool = False


def quiet(look: Look) -> tuple[Paint, Paint]:
    """(fill, line) of a box that no concept colours: a breath of the accent, so that it is of one family with those
    that have a colour and is never a dead grey."""
    line = readable(mix(look.background, look.accent, 0.55), look.background, look.accent, 3.0)
    return mix(look.background, look.accent, 0.1), line


def node_style_colors(network: Network, look: Look) -> list[tuple[Paint, Paint]]:
    """(fill, line) of each node: the concept's colour, else its group's, else quiet."""
    groups = list(dict.fromkeys(node.group for node in network.nodes if node.group))
    plain = quiet(look)
    found = []
    for node in network.nodes:
        concept = concept_color(look.env, node.label) or concept_color(look.env, node.id)
        if concept:
            color = concept[1]
        elif node.group:
            color = category(look.env.theme, groups.index(node.group))
        else:
            found.append(plain)
            continue
        found.append((mix(look.background, color, 0.18), color))
    return found


def set_nodes(sheet: Sheet, network: Network, size: float, width: float, look: Look, round_nodes: bool) -> list[Shape]:
    """Labels set at this size in at most ``width`` px (or as wide as their longest word, which is not broken), with the
    boxes that hold them."""
    shapes = []
    style = look.style(size=size, weight=600)
    for node in network.nodes:
        words = (text_width(word, style, look.env) + 1 for word in plain(node.label).split())
        room = min(max([width, *words]), UNBROKEN * size)
        block = paragraph(rich(node.label, style, look.env, sheet), style, room, look.env, "center")
        wide, tall = block.width + size * 1.5, block.height + size * 0.95
        if round_nodes and math.hypot(block.width, block.height * 0.8) < size * 4.2:
            across = max(math.hypot(block.width, block.height * 0.8) + size * 0.7, size * 2.2)
            shapes.append(Shape(block, across, across, True))
        else:
            shapes.append(Shape(block, max(wide, size * 2.6), tall))
    return shapes


def draw(
    sheet: Sheet,
    network: Network,
    arranged: Arranged,
    shapes: Sequence[Shape],
    labels: Sequence[TextBlock | None],
    size: float,
    top: float,
    least: float,
    look: Look,
) -> Rect:
    """Everything, below ``top``, centred in its own width or in ``least`` px, whichever is more: edges first,
    boxes over their ends, labels of edges last. Returns the rectangle that it covers."""
    node_order, edge_order = entrance(network)
    colors = node_style_colors(network, look)
    splines, spots = parted(network, arranged, shapes, labels)
    arranged = replace(arranged, labels=spots)
    paths = [
        edge_path(spline, edge.tail_arrow, edge.head_arrow) if len(spline) >= 4 else None
        for edge, spline in zip(network.edges, splines, strict=True)
    ]
    cover = _cover(arranged, shapes, labels, [path for path in paths if path])
    wide = max(cover.width, least)
    dx, dy = (wide - cover.width) / 2 - cover.x, top - cover.y
    for index, path in enumerate(paths):
        if path:
            _edge(sheet, network, index, shift_path(path, dx, dy), edge_order[index], look)
    for index, (node, shape) in enumerate(zip(network.nodes, shapes, strict=True)):
        x, y = arranged.nodes[index]
        _node(sheet, node, index, shape, (x + dx, y + dy), colors[index], size, node_order[index], look)
    for index, (edge, block) in enumerate(zip(network.edges, labels, strict=True)):
        spot = arranged.labels[index]
        if block is None or spot is None:
            continue
        parts = ("labels", numbered("edges", index + 1), *(named("edges", name) for name in edge.names))
        put(
            *(sheet, block, spot[0] + dx, spot[1] + dy - block.height / 2),
            size=size,
            across="middle",
            parts=(*parts, *concept_parts(look.env, edge.label)),
            order=edge_order[index],
            morph=f"edge-label:{edge.names[0]}",
        )
    return Rect(0.0, top, wide, cover.height)


def _cover(
    arranged: Arranged, shapes: Sequence[Shape], labels: Sequence[TextBlock | None], paths: Sequence[Path]
) -> Rect:
    """The bounds of all that will be drawn, lines' widths included."""
    boxes = [
        Rect(x - shape.width / 2 - 1.5, y - shape.height / 2 - 1.5, shape.width + 3, shape.height + 3)
        for (x, y), shape in zip(arranged.nodes, shapes, strict=True)
    ]
    boxes += [path_bounds(path, LINE / 2) for path in paths]
    for spot, block in zip(arranged.labels, labels, strict=True):
        if spot is not None and block is not None:
            boxes.append(Rect(spot[0] - block.width / 2, spot[1] - block.height / 2, block.width, block.height))
    return union(boxes)


def _node(
    sheet: Sheet,
    node: Node,
    index: int,
    shape: Shape,
    at: Point,
    colors: tuple[Paint, Paint],
    size: float,
    order: int,
    look: Look,
) -> None:
    x, y = at
    fill, line = colors
    parts = ["nodes", numbered("nodes", index + 1), named("nodes", node.id)]
    if node.label != node.id:
        parts.append(named("nodes", node.label))
    parts += concept_parts(look.env, node.label, node.id)
    if shape.round:
        path = disc(x, y, shape.width / 2)
    else:
        box = Rect(x - shape.width / 2, y - shape.height / 2, shape.width, shape.height)
        path = rectangle(box, min(14.0, shape.height / 3) * look.env.theme.corners)
    sheet.shape(
        *(path, "box"),
        fill=fill,
        stroke=Stroke(line, 2.5),
        parts=parts,
        order=order,
        morph=f"node:{node.id}",
        origin=(x, y),
    )
    parts.append("labels")
    put(
        *(sheet, shape.block, x, y),
        size=size,
        across="middle",
        along="middle",
        parts=parts,
        order=order,
        ground=fill,
        morph=f"node-label:{node.id}",
    )


def _edge(sheet: Sheet, network: Network, index: int, path: Path, order: int, look: Look) -> None:
    edge = network.edges[index]
    concept = concept_color(look.env, edge.label) if edge.label else None
    quiet = mix(look.background, look.muted, 0.85)
    color = readable(concept[1], look.background, look.text, 3.0) if concept else quiet
    parts = ("edges", numbered("edges", index + 1), *(named("edges", name) for name in edge.names))
    sheet.shape(
        *(path, "line"),
        stroke=Stroke(color, LINE),
        parts=(*parts, *concept_parts(look.env, edge.label)),
        order=order,
        morph=f"edge:{edge.names[0]}",
    )


def parted(
    network: Network, arranged: Arranged, shapes: Sequence[Shape], labels: Sequence[TextBlock | None]
) -> tuple[list[tuple[Point, ...]], tuple[Point | None, ...]]:
    """The splines and the centres of their labels, with loops large enough for an arrow head where there is room for
    them, and edges between the same two nodes held apart."""
    splines, spots = list(arranged.splines), list(arranged.labels)
    pairs: dict[tuple[int, int], list[int]] = {}
    for index, edge in enumerate(network.edges):
        pairs.setdefault((min(edge.tail, edge.head), max(edge.tail, edge.head)), []).append(index)
    for (first, second), members in pairs.items():
        if first == second or len(members) < 2:
            continue
        (ax, ay), (bx, by) = arranged.nodes[first], arranged.nodes[second]
        length = math.hypot(bx - ax, by - ay) or 1.0
        nx, ny = (ay - by) / length, (bx - ax) / length
        ranked = sorted(members, key=lambda index: _aside(splines[index], (ax, ay), (nx, ny)))
        for place, index in enumerate(ranked):
            wanted = (place - (len(ranked) - 1) / 2) * APART
            own = _aside(splines[index], (ax, ay), (nx, ny))
            if abs(own) < abs(wanted) or own * wanted < 0:
                shift = wanted - own
                splines[index] = tuple((x + nx * shift, y + ny * shift) for x, y in splines[index])
                spot = spots[index]
                spots[index] = None if spot is None else (spot[0] + nx * shift, spot[1] + ny * shift)
    loops = [index for index, edge in enumerate(network.edges) if edge.tail == edge.head]
    taken = [
        *(_box(at, shape.width, shape.height) for at, shape in zip(arranged.nodes, shapes, strict=True)),
        *(
            _box(spot, block.width, block.height)
            for index, (spot, block) in enumerate(zip(spots, labels, strict=True))
            if spot is not None and block is not None and index not in loops
        ),
        *(
            _box(_at(spline[start : start + 4], step / 12), LINE, LINE)
            for index, spline in enumerate(splines)
            if index not in loops
            for start in range(0, len(spline) - 3, 3)
            for step in range(13)
        ),
    ]
    for index in loops:
        node = network.edges[index].tail
        others = taken[:node] + taken[node + 1 :]  # its own box is no obstacle
        splines[index], spots[index], covered = _loop(arranged.nodes[node], shapes[node], labels[index], others)
        taken.extend(covered)
    return splines, tuple(spots)


def _aside(spline: Sequence[Point], origin: Point, normal: Point) -> float:
    """How far a spline's middle stands off the line between two nodes, along ``normal``."""
    x, y = spline[len(spline) // 2] if spline else origin
    return (x - origin[0]) * normal[0] + (y - origin[1]) * normal[1]


def _box(at: Point, width: float, height: float) -> Rect:
    return Rect(at[0] - width / 2, at[1] - height / 2, width, height)


_SIDES = ((1, 0), (0, -1), (0, 1), (-1, 0))
"""Where a loop may stand at its node, the best first: right, above, below, left."""


def _loop(
    at: Point, shape: Shape, label: TextBlock | None, taken: Sequence[Rect]
) -> tuple[tuple[Point, ...], Point | None, list[Rect]]:
    """An edge from a node to itself at the side where least stands in its way, the centre of its label beyond it, and
    what both cover."""
    rise = LOOP * 0.28
    best: tuple[int, tuple[tuple[Point, ...], Point | None, list[Rect]]] | None = None
    for number in range(4):  # a further loop at a side goes round the ones that are there
        for ux, uy in _SIDES:
            half = (shape.width if ux else shape.height) / 2
            if shape.round:
                half *= math.cos(math.asin(min(0.9, rise / half)))
            reach = LOOP * (1.2 + 0.5 * number)

            def place(out: float, along: float, ux: int = ux, uy: int = uy, half: float = half) -> Point:
                return (at[0] + ux * (half + out) - uy * along, at[1] + uy * (half + out) + ux * along)

            spline = (place(0, -rise), place(reach, -3.2 * rise), place(reach, 3.2 * rise), place(0, rise))
            covered = [_box(place(reach * 0.4, 0), *((reach * 0.7, 2.4 * rise) if ux else (2.4 * rise, reach * 0.7)))]
            spot: Point | None = None
            if label is not None:
                wide = label.width if ux else label.height
                spot = place(reach * 0.75 + 12 + wide / 2, 0)
                covered.append(_box(spot, label.width, label.height))
            hits = sum(_meet(one, other) for one in covered for other in taken)
            if best is None or hits < best[0]:
                best = (hits, (spline, spot, covered))
            if hits == 0:
                return best[1]
    assert best is not None
    return best[1]


def _meet(one: Rect, other: Rect) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def edge_path(spline: Sequence[Point], tail_arrow: bool, head_arrow: bool) -> Path:
    """The spline with open arrow heads as further strokes of one path, so that trimming draws the line and then its
    head. Ends stand back by half a line from the boxes that they touch."""
    first = _direction(spline)
    last = _direction(spline[::-1])
    verbs = "M" + "C" * ((len(spline) - 1) // 3)
    points = [value for point in spline[: 1 + 3 * (len(verbs) - 1)] for value in point]
    for wanted, tip, (ux, uy) in ((tail_arrow, spline[0], first), (head_arrow, spline[-1], last)):
        if not wanted:
            continue
        wings = []
        for turn in (0.5, -0.5):
            cos, sin = math.cos(turn), math.sin(turn)
            wings.append((tip[0] + HEAD * (ux * cos - uy * sin), tip[1] + HEAD * (ux * sin + uy * cos)))
        verbs += "MLL"
        points.extend((*wings[0], *tip, *wings[1]))
    return Path(verbs, tuple(map(quantise, points)))


def _direction(spline: Sequence[Point]) -> Point:
    """The unit vector from a spline's first point into it, measured a head's length along, so that a short last bend
    does not turn the arrow."""
    x, y = spline[0]
    for share in (0.15, 0.3, 0.5, 1.0):
        px, py = _at(spline[:4], share)
        distance = math.hypot(px - x, py - y)
        if distance >= HEAD * 0.8 or (share == 1.0 and distance > 0):
            return ((px - x) / distance, (py - y) / distance)
    return (1.0, 0.0)


def _at(piece: Sequence[Point], share: float) -> Point:
    """A point of a cubic piece (Bernstein form)."""
    rest = 1 - share
    weights = (rest**3, 3 * rest * rest * share, 3 * rest * share * share, share**3)
    return (
        sum(weight * point[0] for weight, point in zip(weights, piece, strict=True)),
        sum(weight * point[1] for weight, point in zip(weights, piece, strict=True)),
    )
