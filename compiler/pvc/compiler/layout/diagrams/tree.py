"""`diagrams.tree`: what branches from one root, level by level.

A tree is a network in which every node but the root has one parent. Branches have no arrow heads. A parent stands in
the middle of its children and subtrees stand as close as their outlines allow (E. Reingold and J. Tilford, "Tidier
drawings of trees", 1981), which Graphviz' layers do not promise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.diagrams.drawing import Shape
from pvc.compiler.layout.diagrams.engine import Arranged
from pvc.compiler.layout.diagrams.flow import DIRECTIONS, Plan, laid_out
from pvc.compiler.layout.diagrams.network import Network
from pvc.compiler.layout.sheet import Sheet, named, numbered
from pvc.compiler.model.display import Fragment, Point
from pvc.compiler.model.values import Value
from pvc.compiler.text.style import TextBlock

_ASIDE = 10.0
"""Between a branch and its label, px."""


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """Parts as those of `flow`, and `levels[n]` (the root's is 1), `subtrees["name"]` (a node with all below it),
    `leaves`."""
    wanted = given.text(arguments, "direction", "auto")
    ways = [wanted] if wanted in DIRECTIONS else ["down", "right"]
    plans = [Plan("tidy", (("rankdir", DIRECTIONS[way]),)) for way in ways]
    found: list[Network] = []

    def checked(sheet: Sheet, network: Network) -> Network:
        tree = _rooted(sheet, network)
        found.append(tree)
        return tree

    fragment = laid_out(arguments, box, env, plans, directed=True, round_nodes=False, amended=checked, arranger=tidy)
    return _with_parts(fragment, found[0])


def parents(network: Network) -> tuple[int | None, ...]:
    """The parent of each node by index; None for a root."""
    found: list[int | None] = [None] * len(network.nodes)
    for edge in network.edges:
        found[edge.head] = edge.tail
    return tuple(found)


def tidy(network: Network, shapes: Sequence[Shape], labels: Sequence[TextBlock | None], plan: Plan) -> Arranged:
    """Places of the nodes, branches that leave and arrive square, labels at their middles."""
    way = dict(plan.settings)["rankdir"]
    upright = way in ("TB", "BT")
    size = shapes[0].block.height if shapes else 0.0
    extents = [(shape.width, shape.height) if upright else (shape.height, shape.width) for shape in shapes]
    over = parents(network)
    below: list[list[int]] = [[] for _ in network.nodes]
    room = [across for across, _ in extents]
    for edge, block in zip(network.edges, labels, strict=True):
        below[edge.tail].append(edge.head)
        if block:  # a label stands beside the end of its branch
            beside = (block.width if upright else block.height) + _ASIDE + size * 0.4
            room[edge.head] = max(room[edge.head], 2 * beside)
    level = [0] * len(shapes)
    across = [0.0] * len(shapes)
    for root in (index for index, parent in enumerate(over) if parent is None):
        _leveled(root, 0, below, level)
    outline: list[tuple[float, float]] = []
    for root in (index for index, parent in enumerate(over) if parent is None):
        shift, outline = _beside(outline, _placed(root, below, room, across, size), size)
        _shifted(root, below, across, shift)
    sizes = [((block.width, block.height) if upright else (block.height, block.width)) for block in labels if block]
    gap = size * 1.5 + max((tall for _, tall in sizes), default=0.0) * 1.3
    deep = [max(extents[i][1] for i in range(len(shapes)) if level[i] == at) for at in range(max(level, default=0) + 1)]
    starts = [sum(deep[:at]) + gap * at for at in range(len(deep))]
    left = min((x - room[i] / 2 for i, x in enumerate(across)), default=0.0)
    wide = max((x + room[i] / 2 for i, x in enumerate(across)), default=0.0) - left
    tall = starts[-1] + deep[-1] if deep else 0.0

    def turned(x: float, y: float) -> Point:
        if way in ("BT", "RL"):
            y = tall - y
        return (x, y) if upright else (y, x)

    # Boxes of a level stand on one line towards their parents, so that branches begin and end together.
    down = [
        starts[level[i]] + extents[i][1] / 2 if not upright else starts[level[i]] + deep[level[i]] / 2
        for i in range(len(shapes))
    ]
    nodes = tuple(turned(across[i] - left, down[i]) for i in range(len(shapes)))
    splines, spots = [], []
    for edge, block in zip(network.edges, labels, strict=True):
        ax, ay = across[edge.tail] - left, down[edge.tail] + extents[edge.tail][1] / 2 + 1.25
        bx, by = across[edge.head] - left, down[edge.head] - extents[edge.head][1] / 2 - 1.25
        turn = starts[level[edge.head]] - gap / 2
        splines.append(
            tuple(
                turned(x, y)
                for x, y in ((ax, ay), (ax, turn + (by - turn) * 0.2), (bx, turn - (turn - ay) * 0.2), (bx, by))
            )
        )
        spots.append(
            _spot(turned(bx, by), block, upright, -1.0 if bx < ax else 1.0, -1.0 if way in ("TB", "LR") else 1.0)
        )
    size_of = (wide, tall) if upright else (tall, wide)
    return Arranged(*size_of, nodes, tuple(splines), tuple(spots))


def _spot(tip: Point, block: TextBlock | None, upright: bool, side: float, back: float) -> Point | None:
    """The centre of a label beside the end of its branch, on the side that the branch does not come from; ``back`` is
    the direction from the child to its parent."""
    if block is None:
        return None
    if upright:
        return (tip[0] + side * (block.width / 2 + _ASIDE), tip[1] + back * (block.height / 2 + 2))
    return (tip[0] + back * (block.width / 2 + _ASIDE), tip[1] + side * (block.height / 2 + 2))


def _leveled(node: int, at: int, below: Sequence[Sequence[int]], level: list[int]) -> None:
    level[node] = at
    for child in below[node]:
        _leveled(child, at + 1, below, level)


def _shifted(node: int, below: Sequence[Sequence[int]], across: list[float], by: float) -> None:
    across[node] += by
    for child in below[node]:
        _shifted(child, below, across, by)


def _placed(
    node: int, below: Sequence[Sequence[int]], room: Sequence[float], across: list[float], size: float
) -> list[tuple[float, float]]:
    """Place a subtree around its root at 0; its outline: where each of its levels begins and ends."""
    outline: list[tuple[float, float]] = []
    for child in below[node]:
        shift, outline = _beside(outline, _placed(child, below, room, across, size), size)
        _shifted(child, below, across, shift)
    children = below[node]
    half = room[node] / 2
    if not children:
        across[node] = 0.0
        return [(-half, half)]
    middle = (across[children[0]] + across[children[-1]]) / 2
    for child in children:
        _shifted(child, below, across, -middle)
    across[node] = 0.0
    return [(-half, half), *((start - middle, end - middle) for start, end in outline)]


def _beside(
    first: list[tuple[float, float]], second: list[tuple[float, float]], size: float
) -> tuple[float, list[tuple[float, float]]]:
    """How far ``second`` moves to stand clear of ``first`` at every level, and the outline of both."""
    if not first:
        return 0.0, second
    gap = size * 0.75
    shift = max(one[1] + gap - two[0] for one, two in zip(first, second, strict=False))
    moved = [(start + shift, end + shift) for start, end in second]
    joined = [(one[0], two[1]) for one, two in zip(first, moved, strict=False)]
    longer = first if len(first) > len(second) else moved
    return shift, joined + longer[len(joined) :]


def _rooted(sheet: Sheet, network: Network) -> Network:
    """The tree without arrow heads; edges that do not belong into a tree are reported and left out."""
    above: dict[int, int] = {}
    kept = []
    for edge in network.edges:
        tail, head = network.nodes[edge.tail].label, network.nodes[edge.head].label
        over = edge.tail
        while over in above:
            over = above[over]
        if edge.tail == edge.head or over == edge.head:
            sheet.problem(
                "PVC0583", f"`{head}` cannot be above and below `{tail}`", "a branch leads away from the root"
            )
        elif edge.head in above:
            first = network.nodes[above[edge.head]].label
            sheet.problem(
                "PVC0583",
                f"`{head}` hangs from `{first}` and from `{tail}`",
                "in a tree a node has one parent: `diagrams.flow` draws any network",
            )
        else:
            above[edge.head] = edge.tail
            kept.append(replace(edge, tail_arrow=False, head_arrow=False))
    tree = Network(network.nodes, tuple(kept))
    roots = [node.label for index, node in enumerate(tree.nodes) if parents(tree)[index] is None]
    if len(roots) > 1 and len(kept) == len(network.edges):  # else one of them is the edge that was left out
        several = ", ".join(f"`{name}`" for name in roots[:4])
        sheet.problem("PVC0583", f"the tree has {len(roots)} roots: {several}", "join them below one root")
    return tree


def _with_parts(fragment: Fragment, network: Network) -> Fragment:
    over = parents(network)
    known = dict(fragment.parts)
    new: dict[str, set[int]] = {}

    def add(part: str, index: int) -> None:
        new.setdefault(part, set()).update(known.get(numbered("nodes", index + 1), ()))

    def add_branch(part: str, index: int) -> None:
        for number, edge in enumerate(network.edges, 1):
            if edge.head == index:
                new.setdefault(part, set()).update(known.get(numbered("edges", number), ()))

    for index in range(len(network.nodes)):
        level, at = 1, index
        while (up := over[at]) is not None:
            level, at = level + 1, up
        add(numbered("levels", level), index)
        if index not in over:
            add("leaves", index)
        for root in _upwards(over, index):
            names = dict.fromkeys((network.nodes[root].id, network.nodes[root].label))
            for part in (numbered("subtrees", root + 1), *(named("subtrees", name) for name in names)):
                add(part, index)
                if index != root:
                    add_branch(part, index)
    extra = tuple((part, tuple(sorted(members))) for part, members in new.items() if members)
    return replace(fragment, parts=(*fragment.parts, *extra))


def _upwards(over: tuple[int | None, ...], index: int) -> list[int]:
    """A node and all above it."""
    found = [index]
    while (up := over[found[-1]]) is not None:
        found.append(up)
    return found
