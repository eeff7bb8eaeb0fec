"""What a diagram says: nodes by id, and edges as they are written (`encoder -> decoder: keys, values`)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.sheet import Sheet
from pvc.compiler.model.values import Record, Value

MOST_NODES = 200
MOST_EDGES = 600

_ARROW = re.compile(r"\s*(<->|<-|->|--|–|→|←|↔)\s*")
_KINDS = {"->": (False, True), "<-": (True, False), "<->": (True, True), "--": (False, False)}
_SPELT = {"→": "->", "←": "<-", "↔": "<->", "–": "--"}


@dataclass(frozen=True, slots=True)
class Node:
    """``group``: nodes of one group have one colour; "" for none."""

    id: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """Between nodes by index; ``tail_arrow`` and ``head_arrow`` say where arrow heads are. ``selectors`` are the names
    by which the edge is addressed: as it was written, and from tail to head."""

    tail: int
    head: int
    label: str
    tail_arrow: bool
    head_arrow: bool
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Network:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def read(sheet: Sheet, arguments: Mapping[str, Value], directed: bool) -> Network:
    """The network that `nodes` and `edges` describe; what is wrong is among the sheet's problems and left out.

    Without `nodes` every name in an edge is a node.
    """
    nodes = _nodes(sheet, arguments.get("nodes"))
    texts = given.texts(arguments, "edges")
    pieces = [(text, _split(sheet, text)) for text in texts]
    if not nodes:
        names = dict.fromkeys(name for _, found in pieces for name in (found[0] if found else ()))
        nodes = [Node(name, name) for name in names]
    index = {node.id: number for number, node in enumerate(nodes)}
    for number, node in enumerate(nodes):
        index.setdefault(node.label, number)
    edges: list[Edge] = []
    for text, found in pieces:
        if found:
            edges.extend(_edges(sheet, text, *found, index, directed))
    if len(nodes) > MOST_NODES or len(edges) > MOST_EDGES:
        sheet.problem(
            *("PVC0553", f"a diagram of {len(nodes)} nodes and {len(edges)} edges cannot be followed in a video"),
            hint=f"show at most {MOST_NODES} nodes and {MOST_EDGES} edges; a dozen is better",
        )
        return Network((), ())
    if not nodes and all(found for _, found in pieces):  # else that was said of its edges
        sheet.problem("PVC0552", "the diagram has no nodes", 'give it some, as in `nodes: ["encoder", "decoder"]`')
    return Network(tuple(nodes), tuple(edges))


def _nodes(sheet: Sheet, value: Value) -> list[Node]:
    items: Sequence[Value] = value if isinstance(value, tuple) else ()
    nodes: list[Node] = []
    seen: set[str] = set()
    for number, item in enumerate(items, 1):
        node = _node(sheet, item, number)
        if node is None:
            continue
        if node.id in seen:
            sheet.problem("PVC0552", f"two nodes are called `{node.id}`", "give each node an `id` of its own")
            continue
        seen.add(node.id)
        nodes.append(node)
    return nodes


def _node(sheet: Sheet, item: Value, number: int) -> Node | None:
    if not isinstance(item, Record):
        name = given.as_text(item).strip()
        if name:
            return Node(name, name)
        sheet.problem("PVC0552", f"node {number} has no name", "write its label, or leave it out")
        return None
    fields = {name: given.as_text(value).strip() for name, value in item.fields}
    unknown = [name for name in fields if name not in ("id", "label", "group")]
    if unknown:
        known = "a node has an `id`, a `label` and a `group`"
        sheet.problem("PVC0552", f"node {number} has a field `{unknown[0]}`, which means nothing", known)
    name = fields.get("id") or fields.get("label") or ""
    if not name:
        sheet.problem("PVC0552", f"node {number} has neither `id` nor `label`", 'write { id: "enc", label: "Encoder" }')
        return None
    return Node(name, fields.get("label") or name, fields.get("group", ""))


def _split(sheet: Sheet, text: str) -> tuple[tuple[str, ...], tuple[str, ...], str] | None:
    """(names, arrows between them, label): `a -> b -> c: x` is two edges with one label each."""
    first = _ARROW.search(text)
    cut = text.find(":", first.end()) if first else -1
    path, label = (text[:cut], text[cut + 1 :].strip()) if cut >= 0 else (text, "")
    pieces = [piece.strip() for piece in _ARROW.split(path)]
    names, arrows = tuple(pieces[0::2]), tuple(_SPELT.get(arrow, arrow) for arrow in pieces[1::2])
    if not arrows or not all(names):
        sheet.problem("PVC0551", f"`{text}` is no edge", "write `encoder -> decoder`, or `a -- b` without an arrow")
        return None
    return names, arrows, label


def _edges(
    sheet: Sheet,
    text: str,
    names: tuple[str, ...],
    arrows: tuple[str, ...],
    label: str,
    index: Mapping[str, int],
    directed: bool,
) -> list[Edge]:
    for name in names:
        if name not in index:
            close = get_close_matches(name, list(index), 1, 0.6)
            hint = f"did you mean `{close[0]}`?" if close else f"the nodes are: {', '.join(list(index)[:8])}"
            sheet.problem("PVC0550", f"the edge `{text}` names a node `{name}` that there is none of", hint)
            return []
    found = []
    for first, arrow, second in zip(names, arrows, names[1:], strict=False):
        tail_arrow, head_arrow = _KINDS[arrow]
        tail, head = index[first], index[second]
        backwards = arrow == "<-"
        if backwards:  # laid out along its arrow
            tail, head, tail_arrow, head_arrow = head, tail, False, True
            first, second = second, first
        selectors = [f"{first}->{second}", f"{first} -> {second}"]
        if arrow in ("--", "<->"):
            selectors += [f"{first}{arrow}{second}", f"{first} {arrow} {second}", f"{second}->{first}"]
        if not directed:
            selectors += [f"{first}--{second}", f"{second}--{first}"]
        found.append(Edge(tail, head, label, tail_arrow, head_arrow, tuple(dict.fromkeys(selectors))))
    return found


def entrance(network: Network) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(order of each node, order of each edge): nodes come in topological order (R. Kahn's algorithm, 1962; what is
    left in cycles from its first node on), and each edge right after the later of its ends."""
    count = len(network.nodes)
    waiting = [0] * count
    out: list[list[int]] = [[] for _ in range(count)]
    for edge in network.edges:
        if edge.tail != edge.head:
            waiting[edge.head] += 1
            out[edge.tail].append(edge.head)
    placed: list[int] = []
    done = [False] * count
    ready = [node for node in range(count) if not waiting[node]]
    while len(placed) < count:
        if not ready:
            ready = [next(node for node in range(count) if not done[node])]
        node = ready.pop(0)
        if done[node]:
            continue
        done[node] = True
        placed.append(node)
        for after in out[node]:
            waiting[after] -= 1
            if not waiting[after] and not done[after]:
                ready.append(after)
    node_order, edge_order = [0] * count, [0] * len(network.edges)
    step = 0
    shown: set[int] = set()
    for node in placed:
        step += 1
        node_order[node] = step
        shown.add(node)
        complete = [
            number
            for number, edge in enumerate(network.edges)
            if {edge.tail, edge.head} <= shown and not edge_order[number]
        ]
        if complete:
            step += 1
            for number in complete:
                edge_order[number] = step
    return tuple(node_order), tuple(edge_order)


def depths(network: Network) -> tuple[int, ...]:
    """How many edges lie before each node on the shortest way from a node without one before it."""
    count = len(network.nodes)
    heads = {edge.head for edge in network.edges if edge.head != edge.tail}
    depth = [0 if node not in heads else -1 for node in range(count)]
    wave = [node for node in range(count) if depth[node] == 0] or list(range(min(1, count)))
    for node in wave:
        depth[node] = 0
    while wave:
        reached = [edge.head for node in wave for edge in network.edges if edge.tail == node and depth[edge.head] < 0]
        for node in reached:
            depth[node] = depth[next(e.tail for e in network.edges if e.head == node and depth[e.tail] >= 0)] + 1
        wave = list(dict.fromkeys(reached))
    return tuple(max(0, value) for value in depth)
