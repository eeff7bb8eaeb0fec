"""`diagrams.flow` and `diagrams.graph`: the arrangement that fills its place best, at the largest labels that fit.

Graphviz is asked for several arrangements (directions, widths of labels, programs); each takes a few milliseconds. The
one that fits at the largest label size wins, then the one that fills the box best.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.diagrams import drawing
from pvc.compiler.layout.diagrams.engine import Arranged, LayoutFailed, Link, arrange
from pvc.compiler.layout.diagrams.network import Network, depths, read
from pvc.compiler.layout.labels import Look, heading, look, paragraph, rich
from pvc.compiler.layout.sheet import Sheet
from pvc.compiler.model.display import Fragment, Rect
from pvc.compiler.model.values import Value
from pvc.compiler.text.style import TextBlock

DIRECTIONS = {"right": "LR", "down": "TB", "left": "RL", "up": "BT"}
_TURNED = {"right": "down", "down": "right", "left": "up", "up": "left"}
"""Where a flow runs in a place that it cannot run through as it was told to: a row of boxes in an upright frame."""
_SIZES = (2.0, 1.75, 1.5, 1.25, 1.0)
"""Label sizes tried, as factors of the theme's `label`: the last is the least that may be."""

_EDGES = 0.75
"""Size of an edge's label to that of the nodes'; never below the theme's `label`."""

_MORE = 2
"""How many smaller sizes are looked at for an arrangement that lies as the room does."""

_WIDTHS = (11.0, 7.5, 5.0)
"""Widths of labels tried, in label sizes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One of Graphviz' programs with its graph attributes; ``length`` of its springs in inches."""

    program: str
    settings: tuple[tuple[str, str], ...]
    length: float = 1.0


Arranger: TypeAlias = Callable[
    [Network, Sequence[drawing.Shape], Sequence[TextBlock | None], Plan],
    Arranged,
]


@dataclass(frozen=True, slots=True)
class _Candidate:
    arranged: Arranged
    shapes: tuple[drawing.Shape, ...]
    labels: tuple[TextBlock | None, ...]
    size: float
    score: float


def flow(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`diagrams.flow`: parts `nodes["id"]`, `nodes[n]`, `edges["a->b"]`, `edges[n]`, `labels`, `title`."""
    wanted = given.text(arguments, "direction", "auto")
    ways = [wanted] if wanted in DIRECTIONS else ["right", "down"]
    found = _flowing(arguments, box, env, ways)
    if wanted in _TURNED and any(problem.code == "PVC0553" for problem in found.problems):
        turned = _flowing(arguments, box, env, [_TURNED[wanted]])
        if not turned.problems:
            return turned
    return found


def _flowing(arguments: Mapping[str, Value], box: Box, env: Env, ways: Sequence[str]) -> Fragment:
    plans = [_layered(DIRECTIONS[way], narrow) for way in ways for narrow in (False, True)]
    return laid_out(arguments, box, env, plans, directed=True, round_nodes=False)


def graph(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`diagrams.graph`: as `flow`, but laid out by springs (or in layers, or on a circle), nodes round where their
    labels are short."""
    chosen = given.text(arguments, "arrangement", "auto")
    if chosen == "layers":
        plans = [_layered("TB", False), _layered("LR", False)]
    elif chosen in ("circle", "radial"):
        plans = [_sprung("circo" if chosen == "circle" else "twopi", 1.0, box)]
    else:
        plans = [_sprung("neato", length, box) for length in (4.0, 3.0, 2.2)] + [_sprung("fdp", 2.0, box)]
    return laid_out(arguments, box, env, plans, directed=given.flag(arguments, "directed", False), round_nodes=True)


def _layered(rank_direction: str, narrow: bool) -> Plan:
    settings = (
        ("rankdir", rank_direction),
        ("nodesep", "0.4" if narrow else "0.6"),
        ("ranksep", "0.65" if narrow else "1.0"),
        ("splines", "spline"),
    )
    return Plan("dot", settings)


def _sprung(program: str, length: float, box: Box) -> Plan:
    ratio = min(1.2, max(0.5, box.height / box.width))
    settings = (
        ("overlap", "scalexy"),
        ("sep", "+24"),
        ("esep", "+12"),
        ("splines", "spline"),
        # fdp does not know `regular`, and what it does not know it seeds with the clock: another layout each second.
        ("start", "1" if program == "fdp" else "regular"),
        *((("ratio", f"{ratio:.3f}"),) if program in ("neato", "fdp") else ()),
    )
    return Plan(program, settings, length)


def laid_out(
    arguments: Mapping[str, Value],
    box: Box,
    env: Env,
    plans: Sequence[Plan],
    directed: bool,
    round_nodes: bool,
    amended: Callable[[Sheet, Network], Network] | None = None,
    arranger: Arranger | None = None,
) -> Fragment:
    """The best of the plans, drawn; ``amended`` has a look at what was read before it is laid out, ``arranger`` lays
    out instead of Graphviz."""
    sheet, seen = Sheet(), look(env)
    network = read(sheet, arguments, directed)
    if amended is not None:
        network = amended(sheet, network)
    title = given.text(arguments, "title")
    above = heading(sheet, title, box.width, seen)
    top, least = (above.height + seen.size, above.width) if above else (0.0, 0.0)
    if not network.nodes:
        return sheet.fragment(box.width, max(top, 1.0), entrance="grow")
    room = Rect(0.0, top, box.width, box.height - top)
    best = _best(sheet, network, room, plans, seen, directed, round_nodes, arranger)
    if best is None:
        return sheet.fragment(box.width, max(top, 1.0), entrance="grow")
    cover = drawing.draw(
        *(sheet, network, best.arranged, best.shapes, best.labels, best.size, top),
        least=least,
        look=seen,
    )
    if cover.width > box.width + 0.5 or cover.bottom > box.height + 0.5:
        needed = f"{round(cover.width)} × {round(cover.height)} px"
        sheet.problem(
            "PVC0553",
            f"the diagram needs {needed} at the least size of labels, it has {round(box.width)} × {round(room.height)}",
            "give it a larger region, shorten its labels, or show fewer nodes",
        )
    return sheet.fragment(cover.width, cover.bottom, entrance="grow", description=_described(title, network))


def _best(
    sheet: Sheet,
    network: Network,
    room: Rect,
    plans: Sequence[Plan],
    seen: Look,
    directed: bool,
    round_nodes: bool,
    arranger: Arranger | None,
) -> _Candidate | None:
    """Of the largest sizes at which something fits the best arrangement; a smaller one wins where it lies as the room
    does and the larger one does not. Where nothing fits, what is least too large."""
    best: _Candidate | None = None
    failure = ""
    later = 0
    for factor in _SIZES:
        size = seen.size * factor
        for ems in _WIDTHS:
            shapes = drawing.set_nodes(sheet, network, size, size * ems, seen, round_nodes)
            labels = _edge_labels(sheet, network, max(seen.size, size * _EDGES), seen)
            for rank, plan in enumerate(plans):
                try:
                    if arranger is not None:
                        arranged = arranger(network, shapes, labels, plan)
                    else:
                        arranged = _arranged(network, shapes, labels, plan, directed)
                except LayoutFailed as failed:
                    failure = str(failed)
                    continue
                score = _score(network, arranged, shapes, room) - rank * 0.02
                if score > 0:
                    score += 0.25 * _lies_as(arranged, room) - 0.12 * later
                if best is None or score > best.score:
                    best = _Candidate(arranged, tuple(shapes), tuple(labels), size, score)
            if best is not None and best.score > 0 and (later == _MORE or _lies_as(best.arranged, room)):
                return best  # smaller labels are not looked at
        later += best is not None and best.score > 0
    if best is None:
        sheet.problem("PVC0554", f"the diagram could not be laid out: {failure}", "simplify it, or split it in two")
    return best


def _lies_as(arranged: Arranged, room: Rect) -> bool:
    """Whether a diagram is wide in a wide room, or tall in a tall one; one that is nearly square suits any."""
    ratio = arranged.width / max(arranged.height, 1.0)
    return 0.7 < ratio < 1.4 or (ratio > 1) == (room.width > room.height)


def _score(network: Network, arranged: Arranged, shapes: Sequence[drawing.Shape], room: Rect) -> float:
    """Above 0 where it fits: how much of the box it fills along its longer side, less for boxes that overlap; below 0
    by how much it is too large."""
    across, down = arranged.width / room.width, arranged.height / room.height
    if max(across, down) > 1:
        return -max(across, down)
    overlaps = 0
    boxes = [
        Rect(x - shape.width / 2, y - shape.height / 2, shape.width, shape.height)
        for (x, y), shape in zip(arranged.nodes, shapes, strict=True)
    ]
    for index, one in enumerate(boxes):
        for two in boxes[index + 1 :]:
            if one.x < two.right and two.x < one.right and one.y < two.bottom and two.y < one.bottom:
                overlaps += 1
    if overlaps:
        return -1 - overlaps
    filled = 0.5 * max(across, down) + 0.3 * min(across, down)
    return 0.2 + filled / (1 + 0.15 * _crossings(network, arranged))


def _crossings(network: Network, arranged: Arranged) -> int:
    """How many pairs of edges cross, taken as straight lines between their nodes."""
    segments = [(edge.tail, edge.head) for edge in network.edges if edge.tail != edge.head]
    if len(segments) > 150:
        return 0

    def side(a: int, b: int, c: int) -> float:
        (ax, ay), (bx, by), (cx, cy) = (arranged.nodes[index] for index in (a, b, c))
        return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)

    return sum(
        1
        for index, (a, b) in enumerate(segments)
        for c, d in segments[index + 1 :]
        if len({a, b, c, d}) == 4 and side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
    )


def _edge_labels(sheet: Sheet, network: Network, size: float, seen: Look) -> list[TextBlock | None]:
    style = seen.style(seen.muted, size=size)
    return [
        paragraph(rich(edge.label, style, seen.env, sheet), style, size * 7, seen.env, "center") if edge.label else None
        for edge in network.edges
    ]


def _arranged(
    network: Network,
    shapes: Sequence[drawing.Shape],
    labels: Sequence[TextBlock | None],
    plan: Plan,
    directed: bool,
) -> Arranged:
    depth = depths(network)
    deepest = max(depth, default=0)
    links = []
    upright = dict(plan.settings).get("rankdir", "TB") in ("TB", "BT")  # labels stand beside their arrows, not above
    for edge, block in zip(network.edges, labels, strict=True):
        label = (block.width + (28 if upright else 14), block.height + 8) if block else None
        if edge.tail == edge.head:
            label = (drawing.LOOP + (label[0] if label else 0.0), max(drawing.LOOP, label[1] if label else 0.0))
        links.append(Link(edge.tail, edge.head, label, 1 + deepest - depth[edge.tail]))
    # Room for half of each box's line, so that splines end at what is seen.
    sizes = [(shape.width + 2.5, shape.height + 2.5) for shape in shapes]
    outlines = ["circle" if shape.round else "box" for shape in shapes]
    around = _rings(sizes, links) if plan.program in ("twopi", "circo") else ()
    return arrange(
        sizes,
        links,
        program=plan.program,
        directed=directed or plan.program == "dot",
        settings=(*plan.settings, *around),
        shapes=outlines,
        length=plan.length,
    )


def _rings(sizes: Sequence[tuple[float, float]], links: Sequence[Link]) -> tuple[tuple[str, str], ...]:
    """How far rings lie apart, in inches: the widest node, and an edge of some length or as long as its label."""
    widest = max((max(size) for size in sizes), default=0.0)
    label = max((max(link.label) for link in links if link.label and link.tail != link.head), default=0.0)
    return (
        ("ranksep", f"{(widest + max(label + 24, 48.0)) / 72:.2f}"),
        ("mindist", f"{max(label + 24, 48.0) / 72:.2f}"),
    )


def _described(title: str, network: Network) -> str:
    edges = [
        f"{network.nodes[edge.tail].label} to {network.nodes[edge.head].label}"
        + (f" ({edge.label})" if edge.label else "")
        for edge in network.edges[:20]
    ]
    names = ", ".join(node.label for node in network.nodes[:30])
    head = title or f"A diagram of {len(network.nodes)} nodes"
    return f"{head}: {names}. " + (f"Edges: {'; '.join(edges)}." if edges else "")
