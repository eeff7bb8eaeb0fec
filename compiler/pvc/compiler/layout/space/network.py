"""`network3d`: nodes and edges spread out in space, so that their distances are as near as may be to the numbers of
steps between them.

Stress majorisation (E. Gansner, Y. Koren, S. North, Graph Drawing by Stress Majorization, 2004), from a start on a
sphere's spiral: nothing is drawn by lot, so equal networks look equal.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.colors import category, concept_color, concept_parts, mix, readable
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.diagrams.network import Network, read
from pvc.compiler.layout.labels import look
from pvc.compiler.layout.sheet import Sheet, named, numbered
from pvc.compiler.layout.space.stage import between, finished, fitted, pinned, rounded, solid
from pvc.compiler.model.display import Ball, Fragment, Point3, Rod
from pvc.compiler.model.values import Value

_STEPS = 160
_APART = 3
"""Steps that two nodes count as apart that no path joins."""
_BALL = 84.0
"""The largest radius of a node, px."""


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`network3d`: parts `nodes[..]`, `edges[..]`, `labels`, `title`, `note`."""
    sheet, seen = Sheet(), look(env)
    room = framed.frame(sheet, arguments, box, seen)
    network = read(sheet, arguments, False)
    if not network.nodes or not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True, entrance="draw")
    spots = spread(network)
    count = len(spots)
    radius = min(0.11, 0.34 / math.sqrt(count + 3))
    space = fitted(room, [(x, y, z) for x, y, z in spots], (seen.size * 4.0, seen.size * 2.6), 18.0, 0.0, radius)
    radius = min(radius, _BALL / space.scale)
    groups = list(dict.fromkeys(node.group for node in network.nodes if node.group))
    colors = []
    for node in network.nodes:
        concept = concept_color(env, node.label) or concept_color(env, node.id)
        plain = category(env.theme, groups.index(node.group)) if node.group else seen.accent
        colors.append(concept[1] if concept else plain)
    quiet = mix(seen.rule, seen.muted, 0.45)
    for number, edge in enumerate(network.edges, 1):
        start, end = spots[edge.tail], spots[edge.head]
        parts = ["edges", numbered("edges", number), *(named("edges", name) for name in edge.names)]
        ends = between(start, end, radius * 0.94, radius * 0.94)
        if ends is not None:
            solid(sheet, space, Rod(*ends, radius * 0.14, quiet), "line", parts, 1)
    for number, (node, spot, color) in enumerate(zip(network.nodes, spots, colors, strict=True), 1):
        names = dict.fromkeys((node.id, node.label))
        parts = ["nodes", numbered("nodes", number), *(named("nodes", name) for name in names)]
        parts += concept_parts(env, node.label, node.id)
        solid(sheet, space, Ball(spot, radius, color), "dot", parts, 0)
        if node.label:
            pinned(
                *(sheet, space, node.label, spot, seen),
                color=readable(color, seen.background, seen.text),
                weight=600,
                shift=(0.0, radius * space.scale * 1.15 + 0.7 * seen.size),
                parts=("labels", *parts),
                order=0,
                plate=True,
            )
    title = given.text(arguments, "title") or "A network"
    told = ", ".join(node.label for node in network.nodes[:12])
    return finished(sheet, space, box.width, box.height, f"{title}. {count} nodes: {told}.", "draw")


def _steps(network: Network) -> list[list[int]]:
    """How many edges lie between any two nodes."""
    count = len(network.nodes)
    near: list[list[int]] = [[] for _ in range(count)]
    for edge in network.edges:
        near[edge.tail].append(edge.head)
        near[edge.head].append(edge.tail)
    found = []
    for start in range(count):
        row = [-1] * count
        row[start] = 0
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            for other in near[here]:
                if row[other] < 0:
                    row[other] = row[here] + 1
                    waiting.append(other)
        found.append(row)
    furthest = max((max(row) for row in found), default=1)
    return [[value if value >= 0 else furthest + _APART for value in row] for row in found]


def spread(network: Network) -> tuple[Point3, ...]:
    """A place for each node, inside the unit sphere around the origin."""
    import numpy as np

    count = len(network.nodes)
    if count == 1:
        return ((0.0, 0.0, 0.0),)
    wanted = np.array(_steps(network), dtype=np.float64)
    index = np.arange(count) + 0.5
    polar, turn = np.arccos(1 - 2 * index / count), math.pi * (1 + math.sqrt(5)) * index
    places = np.stack((np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn), np.cos(polar)), axis=1)
    places *= wanted.max() / 2
    weights = np.divide(1.0, wanted**2, out=np.zeros_like(wanted), where=wanted > 0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.pinv(laplacian)
    for _ in range(_STEPS):
        apart = places[:, None] - places[None]
        length = np.linalg.norm(apart, axis=2)
        ratio = np.divide(weights * wanted, length, out=np.zeros_like(length), where=length > 1e-9)
        other = -ratio
        np.fill_diagonal(other, ratio.sum(axis=1))
        places = inverse @ (other @ places)
    places -= places.mean(axis=0)
    # The widest direction lies across and the next one upright: a flat network faces the viewer.
    _, _, axes = np.linalg.svd(places, full_matrices=False)
    axes = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])[:, None] * axes
    places = np.stack([places @ axis for axis in axes[[0, -1, 1]]], axis=1)
    places /= max(float(np.linalg.norm(places, axis=1).max()), 1e-9)
    return tuple(rounded((float(x), float(y), float(z))) for x, y, z in places)
