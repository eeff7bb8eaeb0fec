"""Graphviz in process (pygraphviz's wheel carries it): boxes of given sizes go in, places and splines come out.

Node names, labels and styles never reach it: nodes are numbers with a width and a height, edge labels are empty boxes
of the size that our own typesetter found. So nothing that a talk says can break Graphviz, its fonts do not matter, and
equal networks come out equal on every machine. All numbers are px, y down.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pvc.compiler.model.display import Point

_INCH = 72.0


class LayoutFailed(Exception):
    """Graphviz returned an error, or a picture without places."""


@dataclass(frozen=True, slots=True)
class Link:
    """An edge between two nodes by index; ``label`` is (width, height) of its label, None for none. ``weight``: how
    much it wants to be short and straight."""

    tail: int
    head: int
    label: tuple[float, float] | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Arranged:
    """``nodes[i]`` is the centre of node i; ``splines[i]`` the cubic chain of link i (1 + 3n points, tail to head);
    ``labels[i]`` the centre of its label."""

    width: float
    height: float
    nodes: tuple[Point, ...]
    splines: tuple[tuple[Point, ...], ...]
    labels: tuple[Point | None, ...]


def _label_markup(size: tuple[float, float] | None) -> str:
    if size is None:
        return ""
    width, height = (max(1, round(value)) for value in size)
    table = (
        f'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{height}"'
    )
    return f"<<TABLE {table}><TR><TD></TD></TR></TABLE>>"


def arrange(
    sizes: Sequence[tuple[float, float]],
    links: Sequence[Link],
    *,
    program: str = "dot",
    directed: bool = True,
    settings: Sequence[tuple[str, str]] = (),
    shapes: Sequence[str] = (),
    length: float = 1.0,
) -> Arranged:
    """Lay a network out with one of Graphviz' programs (`dot`, `neato`, `fdp`, `circo`, `twopi`).

    ``settings`` are Graphviz' own graph attributes; ``shapes`` its node shapes (`box` where there are none);
    ``length`` how long springs want to be, in inches of 72 px. Raises LayoutFailed.
    """
    import pygraphviz
    from pygraphviz import graphviz as library

    graph = pygraphviz.AGraph(directed=directed, strict=False, **dict(settings))
    for index, (width, height) in enumerate(sizes):
        shape = shapes[index] if shapes else "box"
        inches = {"width": f"{width / _INCH:.5f}", "height": f"{height / _INCH:.5f}"}
        graph.add_node(f"n{index}", shape=shape, fixedsize="true", label="", **inches)
    for index, link in enumerate(links):
        graph.add_edge(
            f"n{link.tail}",
            f"n{link.head}",
            key=f"e{index}",
            comment=str(index),
            arrowhead="none",
            label=_label_markup(link.label),
            weight=str(link.weight),
            len=f"{length:g}",
        )
    context = library.gvContextWithBuiltins()
    try:
        if library.gvLayout(context, graph.handle, program.encode()):
            raise LayoutFailed(f"Graphviz could not lay out {len(sizes)} nodes with {program}")
        error, drawn = library.gvRenderData(context, graph.handle, b"json0")
        library.gvFreeLayout(context, graph.handle)
        if error:
            raise LayoutFailed(f"Graphviz could not draw {len(sizes)} nodes")
    finally:
        library.gvFreeContext(context)
        graph.close()
    return _read(json.loads(drawn), len(sizes), len(links))


def _pairs(text: str) -> list[Point]:
    found: list[Point] = []
    for pair in text.split():
        x, y = pair.split(",")
        found.append((float(x), float(y)))
    return found


def _read(drawn: dict[str, object], count: int, links: int) -> Arranged:
    """Graphviz' JSON (points, y up) in px, y down, with the picture's top left corner at the origin."""
    left, bottom, right, top = (float(value) for value in str(drawn["bb"]).split(","))

    def turned(point: Point) -> Point:
        return (point[0] - left, top - point[1])

    nodes: dict[int, Point] = {}
    objects = drawn.get("objects")
    for item in objects if isinstance(objects, list) else []:
        if "pos" in item and item["name"].startswith("n"):
            nodes[int(item["name"][1:])] = turned(_pairs(item["pos"])[0])
    splines: list[tuple[Point, ...]] = [()] * links
    labels: list[Point | None] = [None] * links
    edges = drawn.get("edges")
    for item in edges if isinstance(edges, list) else []:
        index = int(item["comment"])
        # A spline may come in pieces (`;`) where edges were merged: they follow each other.
        splines[index] = tuple(turned(point) for piece in item.get("pos", "").split(";") for point in _pairs(piece))
        if "lp" in item:
            labels[index] = turned(_pairs(item["lp"])[0])
    if len(nodes) != count:
        raise LayoutFailed(f"Graphviz placed {len(nodes)} of {count} nodes")
    return Arranged(
        right - left, top - bottom, tuple(nodes[index] for index in range(count)), tuple(splines), tuple(labels)
    )
