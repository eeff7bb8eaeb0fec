"""Flows and networks: arrows end at boxes, boxes do not touch, things enter in the order of their arrows."""

from __future__ import annotations

import math
import time
from itertools import combinations

import pytest
from figures.drawn import FULL, HALF, assert_sound, codes, lay, members, overlaps, shapes, texts
from layout.surroundings import env, themes

from pvc.compiler.layout.colors import contrast, distance
from pvc.compiler.layout.component import Box
from pvc.compiler.layout.compose import union
from pvc.compiler.layout.diagrams.drawing import quiet
from pvc.compiler.layout.diagrams.engine import Link, arrange
from pvc.compiler.layout.diagrams.flow import _sprung
from pvc.compiler.layout.labels import look
from pvc.compiler.model.display import Element, Glyphs, Rect, Shape
from pvc.compiler.model.program import ConceptSpec
from pvc.compiler.model.values import Record, Symbol, Token

ATTENTION = (
    "Tokens -> Embedding",
    "Embedding -> Queries: $W_Q$",
    "Embedding -> Keys: $W_K$",
    "Embedding -> Values",
    "Queries -> Weights",
    "Keys -> Weights: softmax",
    "Weights -> Output",
    "Values -> Output",
)
FRIENDS = ("Ann -- Bob", "Bob -- Cy", "Cy -- Dee", "Dee -- Ann", "Ann -- Cy")


def ends(edge: Element) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where an edge's spline starts and stops (its arrow heads are further strokes of the path)."""
    assert isinstance(edge.primitive, Shape)
    path = edge.primitive.path
    last = 2 * (1 + 3 * (len(path.verbs.split("M")[1])))
    points = path.points
    return (points[0], points[1]), (points[last - 2], points[last - 1])


def off_border(point: tuple[float, float], node: Element) -> float:
    """How far a point is from a node's outline: a circle if it is drawn as one, else its rectangle."""
    box = node.bounds
    cx, cy = box.x + box.width / 2, box.y + box.height / 2
    dx, dy = abs(point[0] - cx), abs(point[1] - cy)
    assert isinstance(node.primitive, Shape)
    if node.primitive.path.verbs == "MCCCCZ":
        return abs(math.hypot(dx, dy) - box.width / 2)
    outside = max(dx - box.width / 2, dy - box.height / 2)
    return abs(outside)


@pytest.mark.parametrize("box", [FULL, HALF])
@pytest.mark.parametrize(("layout", "edges"), [("diagram.flow", ATTENTION), ("diagram.graph", FRIENDS)])
def test_edges_end_at_the_borders_of_their_nodes(layout: str, edges: tuple[str, ...], box: Box) -> None:
    fragment = lay(layout, box, edges=edges)
    assert not fragment.problems
    for number, text in enumerate(edges, 1):
        first, _, second = text.partition(":")[0].partition(" -> " if "->" in text else " -- ")
        (edge,) = shapes(fragment, f"edges[{number}]", "line")
        start, stop = ends(edge)
        (tail,) = shapes(fragment, f'nodes["{first}"]', "box")
        (head,) = shapes(fragment, f'nodes["{second.strip()}"]', "box")
        assert off_border(start, tail) < 3, text
        assert off_border(stop, head) < 3, text
    assert_sound(fragment)


@pytest.mark.parametrize("layout", ["diagram.flow", "diagram.graph"])
@pytest.mark.parametrize("box", [FULL, HALF])
def test_nodes_do_not_touch(layout: str, box: Box) -> None:
    fragment = lay(layout, box, edges=ATTENTION)
    boxes = shapes(fragment, "nodes", "box")
    assert len(boxes) == 7
    assert not [pair for pair in combinations(boxes, 2) if overlaps(pair[0].bounds, pair[1].bounds, 0)]


def test_labels_are_inside_their_boxes() -> None:
    fragment = lay("diagram.flow", HALF, edges=("A long name of a first step -> the second step, which is long too",))
    for name in ("A long name of a first step", "the second step, which is long too"):
        (box,) = shapes(fragment, f'nodes["{name}"]', "box")
        for element in members(fragment, f'nodes["{name}"]'):
            assert box.bounds.x <= element.bounds.x
            assert element.bounds.right <= box.bounds.right
            assert box.bounds.y <= element.bounds.y
            assert element.bounds.bottom <= box.bounds.bottom


def test_the_entrance_is_topological() -> None:
    fragment = lay("diagram.flow", edges=ATTENTION[::-1])
    order = {name: members(fragment, f'nodes["{name}"]')[0].order for name in ("Tokens", "Embedding", "Keys", "Output")}
    assert order["Tokens"] < order["Embedding"] < order["Keys"] < order["Output"]
    for text in ATTENTION:
        first, _, second = text.partition(":")[0].partition(" -> ")
        (edge,) = shapes(fragment, f'edges["{first} -> {second}"]', "line")
        later = max(members(fragment, f'nodes["{name}"]')[0].order for name in (first, second))
        assert edge.order > later


def test_cycles_loops_and_pairs() -> None:
    edges = ("a -> b -> c -> a", "b -> a: back", "c -> c: again", "a <-> c", "b -- c")
    for layout in ("diagram.flow", "diagram.graph"):
        fragment = lay(layout, edges=edges)
        assert not fragment.problems
        assert len(shapes(fragment, "edges", "line")) == 7
        assert_sound(fragment)


def ink(element: Element) -> Rect:
    """What an edge's line covers (its bounds cover the control points, too); the bounds of all else."""
    if not isinstance(element.primitive, Shape) or "C" not in element.primitive.path.verbs:
        return element.bounds
    numbers = element.primitive.path.points
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    found = []
    for start in range(0, 3 * element.primitive.path.verbs.split("M")[1].count("C"), 3):
        for step in range(21):
            t = step / 20
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            piece = points[start : start + 4]
            found.append(tuple(sum(w * p[axis] for w, p in zip(weights, piece, strict=True)) for axis in (0, 1)))
    left, top = min(x for x, _ in found), min(y for _, y in found)
    return Rect(left, top, max(x for x, _ in found) - left, max(y for _, y in found) - top)


@pytest.mark.parametrize("direction", ["right", "down", "left", "up"])
@pytest.mark.parametrize(
    "edges",
    [
        ("a -> a", "a -> b: go", "b -> a: back", "b -> b: self"),
        ("idle -> busy: job", "busy -> idle: done", "busy -> busy: more work", "busy -> failed: error", "idle -> idle"),
        ("a -> b -> c", "b -> b: between", "c -> c: last"),
    ],
)
def test_a_loop_stands_where_nothing_is_in_its_way_and_its_label_beside_it(
    edges: tuple[str, ...], direction: str
) -> None:
    fragment = lay("diagram.flow", edges=edges, direction=Symbol(direction))
    assert_sound(fragment)
    for edge in edges:
        name, _, label = edge.partition(": ")
        if len(set(name.split(" -> "))) > 1:
            continue
        (loop,) = shapes(fragment, f'edges["{name}"]', "line")
        others = [each for each in shapes(fragment, "edges", "line") if each is not loop]
        others += [each for each in fragment.elements if isinstance(each.primitive, Glyphs)]
        drawn = ink(loop)
        assert not [each for each in others if overlaps(drawn, ink(each))]
        for words in (each for each in members(fragment, f'edges["{name}"]') if isinstance(each.primitive, Glyphs)):
            assert label
            gap = max(
                max(words.bounds.x - drawn.right, drawn.x - words.bounds.right),
                max(words.bounds.y - drawn.bottom, drawn.y - words.bounds.bottom),
            )
            assert 0 <= gap < 40


def test_two_ways_between_two_nodes_stand_apart() -> None:
    fragment = lay("diagram.flow", edges=("a -> b", "b -> a"), direction=Symbol("down"))
    there, back = shapes(fragment, "edges", "line")
    assert abs(ends(there)[0][0] - ends(back)[1][0]) > 12


@pytest.mark.parametrize(
    ("direction", "axis", "sign"), [("right", 0, 1), ("left", 0, -1), ("down", 1, 1), ("up", 1, -1)]
)
def test_directions(direction: str, axis: int, sign: int) -> None:
    fragment = lay("diagram.flow", edges=("one -> two -> three",), direction=Symbol(direction))
    origins = [shapes(fragment, f'nodes["{name}"]', "box")[0].origin for name in ("one", "two", "three")]
    along = [sign * origin[axis] for origin in origins if origin]
    assert along == sorted(along)
    assert len({round(origin[1 - axis]) for origin in origins if origin}) == 1


def test_a_long_chain_turns_to_fit() -> None:
    chain = " -> ".join(f"step {n}" for n in range(1, 8))
    wide, high = lay("diagram.flow", FULL, edges=(chain,)), lay("diagram.flow", Box(500, 900), edges=(chain,))
    assert not wide.problems
    assert not high.problems
    assert wide.width > wide.height
    assert high.height > high.width


def test_too_large_a_diagram_says_so() -> None:
    chain = " -> ".join(f"a step with a long name {n}" for n in range(60))
    assert codes(lay("diagram.flow", HALF, edges=(chain,))) == {"PVC0553"}
    many = tuple(f"n{n} -> n{n + 1}" for n in range(900))
    assert codes(lay("diagram.flow", edges=many)) == {"PVC0553"}


def test_concepts_and_groups_have_colours() -> None:
    concept = ConceptSpec("query", (), ("queries",), Token("cool"))
    fragment = lay("diagram.flow", edges=ATTENTION, concepts=(concept,))
    assert members(fragment, "concept:query") == members(fragment, 'nodes["Queries"]')
    (quiet,) = shapes(fragment, 'nodes["Keys"]', "box")
    (loud,) = shapes(fragment, 'nodes["Queries"]', "box")
    assert isinstance(loud.primitive, Shape)
    assert isinstance(quiet.primitive, Shape)
    assert loud.primitive.stroke != quiet.primitive.stroke
    groups = {"a": "x", "b": "y", "c": "x"}
    nodes = tuple(Record((("id", name), ("label", name.upper()), ("group", group))) for name, group in groups.items())
    grouped = lay("diagram.graph", nodes=nodes, edges=("a -- b", "B -- C"))
    strokes = [shapes(grouped, f'nodes["{name}"]', "box")[0].primitive.stroke for name in "abc"]  # type: ignore[union-attr]
    assert strokes[0] == strokes[2] != strokes[1]
    assert members(grouped, 'nodes["A"]') == members(grouped, 'nodes["a"]')


@pytest.mark.parametrize(
    ("nodes", "edges", "code"),
    [
        (("enc", "dec"), ("enc -> decc",), "PVC0550"),
        ((), ("encoder to decoder",), "PVC0551"),
        ((), ("-> b",), "PVC0551"),
        ((), ("a -> ",), "PVC0551"),
        ((), (), "PVC0552"),
        (("a", "a"), (), "PVC0552"),
        (("a", ""), (), "PVC0552"),
        ((Record((("label", ""),)),), (), "PVC0552"),
        ((Record((("id", "a"), ("colour", "red"))),), (), "PVC0552"),
    ],
)
def test_bad_networks(nodes: tuple[object, ...], edges: tuple[str, ...], code: str) -> None:
    fragment = lay("diagram.flow", nodes=nodes, edges=edges)  # type: ignore[arg-type]
    assert code in codes(fragment)


def test_a_wrong_edge_leaves_the_rest() -> None:
    fragment = lay("diagram.flow", nodes=("encoder", "decoder"), edges=("encoder -> decoder", "encodr -> decoder"))
    assert codes(fragment) == {"PVC0550"}
    assert fragment.problems[0].hint == "did you mean `encoder`?"
    assert {"encoder", "decoder"} <= set(texts(fragment))


def test_names_cannot_break_graphviz() -> None:
    edges = ('a "quoted" \\n name -> <b>html</b> & more', "ü→ß: {x|y}", "node -> digraph")
    fragment = lay("diagram.flow", edges=edges)
    assert not fragment.problems
    assert len(shapes(fragment, "nodes", "box")) == 6


@pytest.mark.parametrize("arrangement", ["auto", "springs", "circle", "layers", "radial"])
def test_equal_networks_come_out_equal(arrangement: str) -> None:
    first = lay("diagram.graph", edges=FRIENDS, arrangement=Symbol(arrangement))
    second = lay("diagram.graph", edges=FRIENDS, arrangement=Symbol(arrangement))
    assert first == second
    assert not first.problems


def test_a_word_is_not_broken_over_two_lines() -> None:
    fragment = lay("diagram.graph", HALF, edges=("Newton -- momentum", "descent -- momentum", "descent -- noise"))
    assert {"Newton", "momentum", "descent", "noise"} <= set(texts(fragment))


@pytest.mark.parametrize("name", sorted(themes()))
def test_boxes_without_a_concept_are_of_the_accents_family(name: str) -> None:
    seen = look(env(name))
    fill, line = quiet(seen)
    assert contrast(line, seen.background) >= 3.0
    assert contrast(seen.text, fill) >= 7.0
    assert distance(fill, seen.background) < distance(line, seen.background)


@pytest.mark.parametrize(
    "edges", [("query -> compare", "compare -> weights: softmax", "weights -> answer"), ("a -> b",)]
)
def test_small_flows_are_large_and_lie_as_their_frame_does(edges: tuple[str, ...]) -> None:
    wide, tall = lay("diagram.flow", FULL, edges=edges), lay("diagram.flow", Box(984.0, 1500.0), edges=edges)
    assert wide.width > wide.height
    for fragment in (wide, tall):
        assert_sound(fragment)
        labels = [e.primitive.size for e in members(fragment, "nodes") if isinstance(e.primitive, Glyphs)]
        assert min(labels) >= 1.5 * 28


def test_no_arrangement_is_up_to_the_clock() -> None:
    """Graphviz seeds some of its programs with the time where a start is not one that they know."""
    sizes = [(150.0, 60.0), (170.0, 60.0), (140.0, 60.0), (120.0, 60.0)]
    links = [Link(0, 1), Link(1, 2), Link(0, 3)]
    plans = [_sprung(program, 2.0, HALF) for program in ("neato", "fdp", "circo", "twopi")]

    def places() -> list[object]:
        return [
            arrange(sizes, links, program=plan.program, directed=False, settings=plan.settings, length=plan.length)
            for plan in plans
        ]

    first = places()
    time.sleep(1.1)
    assert places() == first


@pytest.mark.parametrize(("direction", "sign"), [("right", 1), ("left", -1)])
def test_a_row_that_does_not_fit_is_turned(direction: str, sign: int) -> None:
    """An upright frame has no room for four boxes side by side, whatever the talk was written for."""
    edges = ("DNA -> messenger RNA: transcribed", "messenger RNA -> ribosome: exported", "ribosome -> protein: folded")
    fragment = lay("diagram.flow", Box(900, 1200), edges=edges, direction=Symbol(direction))
    assert fragment.problems == ()
    first, last = (
        union(fragment.elements[index].bounds for index in fragment.part(f"nodes[{number}]") or ()) for number in (1, 4)
    )
    assert sign * (last.y - first.y) > 300
    assert codes(lay("diagram.flow", Box(300, 200), edges=edges, direction=Symbol(direction))) == {"PVC0553"}
