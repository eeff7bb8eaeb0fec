"""Trees, sequences, networks and timelines: places that say what is meant, wrong input that is told."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from figures.drawn import FULL, HALF, assert_sound, codes, lay, members, overlaps, shapes, texts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pvc.compiler.layout.component import Box
from pvc.compiler.layout.diagrams.timeline import when
from pvc.compiler.model.display import Element, Fragment, Paint, Rect, Shape
from pvc.compiler.model.program import ConceptSpec
from pvc.compiler.model.values import Record, Symbol, Token, Value

TALL, SQUARE = Box(984.0, 1500.0), Box(984.0, 800.0)
BOXES = (FULL, HALF, TALL, SQUARE)
SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N"), max_codepoint=0x24F), min_size=1, max_size=24)
COOL = Paint(0x4F, 0xD1, 0xC5)
CONCEPT = ConceptSpec("queries", ("Q",), ("query",), Token("cool"))
MODEL = (
    *("model -> encoder", "model -> decoder: right", "encoder -> attention", "encoder -> feed-forward"),
    *("decoder -> masked", "decoder -> query: looks back", "decoder -> last"),
)
REQUEST = (
    *("client -> server: GET /query", "server -> database: SELECT", "database --> server: rows"),
    *("server -> server: render", "server --> client: page", "client -> database: across all of them"),
)
HISTORY = ("2014: Attention", "2017: Transformer", "2018: BERT", "2020: GPT-3")


def box_of(fragment: Fragment, selector: str) -> Rect:
    (found,) = shapes(fragment, selector, "box")
    return found.bounds


def middle(box: Rect) -> tuple[float, float]:
    return box.x + box.width / 2, box.y + box.height / 2


def stroke_of(element: Element) -> Paint:
    assert isinstance(element.primitive, Shape)
    assert element.primitive.stroke is not None
    return element.primitive.stroke.paint


# ------------------------------------------------------------------------------------------------ trees


@pytest.mark.parametrize("direction", ["down", "up", "right", "left"])
def test_children_stand_below_their_parents_middle(direction: str) -> None:
    fragment = lay("diagram.tree", edges=MODEL, direction=Symbol(direction))
    assert_sound(fragment)
    assert not fragment.problems
    across = 0 if direction in ("down", "up") else 1
    sign = 1 if direction in ("down", "right") else -1
    places = {
        name: middle(box_of(fragment, f'nodes["{name}"]')) for name in ("model", "encoder", "decoder", "masked", "last")
    }
    assert places["model"][across] == pytest.approx((places["encoder"][across] + places["decoder"][across]) / 2, abs=1)
    assert places["decoder"][across] == pytest.approx((places["masked"][across] + places["last"][across]) / 2, abs=1)
    for one, two in pairwise(("model", "decoder", "last")):
        assert sign * places[one][1 - across] < sign * places[two][1 - across]
    boxes = [element.bounds for element in shapes(fragment, "nodes", "box")]
    assert not any(overlaps(one, two, 0.0) for one, two in combinations(boxes, 2))


def test_levels_subtrees_and_leaves_are_parts() -> None:
    fragment = lay("diagram.tree", edges=MODEL)
    assert set(members(fragment, "levels[1]")) == set(members(fragment, 'nodes["model"]'))
    below = set(members(fragment, 'subtrees["decoder"]'))
    assert below >= set(members(fragment, 'nodes["masked"]')) | set(members(fragment, 'edges["decoder -> masked"]'))
    assert not below & set(members(fragment, 'nodes["encoder"]'))
    assert not below & set(members(fragment, 'edges["model -> decoder"]'))
    assert len(shapes(fragment, "leaves", "box")) == 5


def test_branches_begin_and_end_at_boxes_and_have_no_heads() -> None:
    fragment = lay("diagram.tree", edges=MODEL, direction=Symbol("down"))
    for edge in MODEL:
        tail, head = edge.partition(":")[0].split(" -> ")
        (branch,) = shapes(fragment, f'edges["{tail} -> {head}"]', "line")
        assert isinstance(branch.primitive, Shape)
        assert branch.primitive.path.verbs == "MC"
        points = branch.primitive.path.points
        assert points[1] == pytest.approx(box_of(fragment, f'nodes["{tail}"]').bottom, abs=3)
        assert points[-1] == pytest.approx(box_of(fragment, f'nodes["{head}"]').y, abs=3)


def test_one_slip_in_an_edge_is_one_finding() -> None:
    for edges in (("a => b",), ("a",)):
        assert codes(lay("diagram.flow", edges=edges)) == {"PVC0551"}
    two_parents = lay("diagram.tree", edges=("a -> c", "b -> c"))
    assert [problem.code for problem in two_parents.problems] == ["PVC0583"]


@pytest.mark.parametrize(
    ("edges", "said"),
    [
        (("a -> c", "b -> c"), "hangs from"),
        (("a -> b", "b -> a"), "above and below"),
        (("a -> a",), "above and below"),
        (("a -> b", "c -> d"), "2 roots"),
    ],
)
def test_what_is_no_tree_is_told(edges: tuple[str, ...], said: str) -> None:
    fragment = lay("diagram.tree", edges=edges)
    assert any(problem.code == "PVC0583" and said in problem.message for problem in fragment.problems)
    assert "PVC0552" in codes(lay("diagram.tree", edges=()))


@given(st.lists(st.tuples(st.integers(0, 30), NAMES, st.booleans()), max_size=14), st.sampled_from(BOXES))
@SETTINGS
def test_any_tree(drawn: list[tuple[int, str, bool]], box: Box) -> None:
    names = ["root"]
    edges = []
    for number, (parent, name, labelled) in enumerate(drawn):
        names.append(f"{name}{number}")
        edges.append(f"{names[parent % (len(names) - 1)]} -> {names[-1]}" + (": label" if labelled else ""))
    fragment = lay("diagram.tree", box, edges=tuple(edges))
    assert codes(fragment) <= {"PVC0553", "PVC0552"}
    if not fragment.problems:
        assert_sound(fragment)
        boxes = [element.bounds for element in shapes(fragment, "nodes", "box")]
        assert not any(overlaps(one, two, 0.0) for one, two in combinations(boxes, 2))


@pytest.mark.parametrize("direction", ["down", "up"])
def test_words_beside_an_arrow_do_not_touch_it(direction: str) -> None:
    fragment = lay("diagram.flow", TALL, edges=("a -> b: glycolysis", "b -> c: link"), direction=Symbol(direction))
    lines = [element.bounds for element in shapes(fragment, "edges", "line")]
    words = [element.bounds for element in members(fragment, "labels") if not isinstance(element.primitive, Shape)]
    beside = [word for word in words if all(word.x > middle(line)[0] for line in lines)]
    assert len(beside) >= 2
    assert all(word.x - middle(line)[0] >= 12 for word in beside for line in lines)


# ------------------------------------------------------------------------------------------------ sequences


@pytest.mark.parametrize("box", BOXES)
def test_messages_run_between_lifelines_in_order(box: Box) -> None:
    fragment = lay("diagram.sequence", box, messages=REQUEST, concepts=(CONCEPT,))
    assert_sound(fragment)
    assert not fragment.problems
    lines = {
        name: next(e.bounds for e in shapes(fragment, f'actors["{name}"]', "line"))
        for name in ("client", "server", "database")
    }
    ys = []
    for number, text in enumerate(REQUEST, 1):
        arrow = shapes(fragment, f"messages[{number}]", "line")[0]
        tail, _, head = text.partition(":")[0].replace("-->", "->").partition(" -> ")
        assert isinstance(arrow.primitive, Shape)
        points = arrow.primitive.path.points
        assert points[0] == pytest.approx(middle(lines[tail])[0], abs=1)
        if tail != head:
            assert points[6] == pytest.approx(middle(lines[head])[0], abs=3)
            assert points[1] == points[7]
        ys.append(middle(arrow.bounds)[1])
        assert bool(arrow.primitive.stroke and arrow.primitive.stroke.dash) == ("-->" in text)
    assert ys == sorted(ys)
    assert stroke_of(shapes(fragment, 'messages["GET /query"]', "line")[0]) == COOL
    orders = [members(fragment, f"messages[{number}]")[0].order for number in range(1, 7)]
    assert orders == sorted(set(orders))


def test_actors_may_be_given_and_replies_turned() -> None:
    fragment = lay("diagram.sequence", actors=("b", "a"), messages=("a <- b: left", "b <-- a: reply"))
    assert box_of(fragment, 'actors["b"]').x < box_of(fragment, 'actors["a"]').x
    assert "b to a: left; a to b: reply" in fragment.description


@pytest.mark.parametrize(
    "arguments",
    [
        {"messages": ()},
        {"messages": ("a b",)},
        {"messages": ("-> b",)},
        {"messages": ("a -> c",), "actors": ("a", "b")},
        {"messages": tuple(f"a -> b: {n}" for n in range(40))},
    ],
)
def test_wrong_messages_are_told(arguments: dict[str, Value]) -> None:
    assert "PVC0584" in codes(lay("diagram.sequence", **arguments))


@given(
    st.lists(NAMES, min_size=1, max_size=5, unique=True),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.text(max_size=50), st.booleans()), max_size=9),
    st.sampled_from(BOXES),
)
@SETTINGS
def test_any_sequence(actors: list[str], drawn: list[tuple[int, int, str, bool]], box: Box) -> None:
    arrows = tuple(
        f"{actors[tail % len(actors)]} {'-->' if reply else '->'} {actors[head % len(actors)]}: {text}"
        for tail, head, text, reply in drawn
    )
    fragment = lay("diagram.sequence", box, actors=tuple(actors), messages=arrows)
    assert codes(fragment) <= {"PVC0553", "PVC0502", "PVC0511", "PVC0510"}
    if not fragment.problems:
        assert_sound(fragment)


# ------------------------------------------------------------------------------------------------ networks


@pytest.mark.parametrize("box", BOXES)
def test_layers_show_their_neurons_and_an_ellipsis(box: Box) -> None:
    fragment = lay(
        *("diagram.neural_net", box), layers=(3, 512, 2), names=("in", "query", "out"), outputs=("cat", "dog"),
        concepts=(CONCEPT,),
    )  # fmt: skip
    assert_sound(fragment)
    assert not fragment.problems
    assert len(shapes(fragment, "neurons", "dot")) == 3 + 7 + 2
    (last,) = members(fragment, 'neurons["2,512"]')
    assert stroke_of(last) == COOL
    assert len([e for e in members(fragment, "layers[2]") if e.morph.startswith("ellipsis")]) == 3
    assert {"512", "cat", "dog"} <= set(texts(fragment))
    assert len(members(fragment, "edges[1]")) == 3
    assert len(members(fragment, "edges[2]")) == 7
    first, second = members(fragment, 'neurons["1,1"]')[0], members(fragment, 'neurons["2,1"]')[0]
    assert first.order < members(fragment, "edges[1]")[0].order < second.order
    along = 1 if box is TALL else 0
    assert middle(first.bounds)[along] < middle(second.bounds)[along] < middle(last.bounds)[along] + 1


@pytest.mark.parametrize("box", [TALL, SQUARE])
def test_names_of_neurons_in_a_row_stand_apart(box: Box) -> None:
    ends = ("benign tumour", "malignant melanoma", "inflammation", "healthy tissue")
    for outputs in (ends, ("tumour", "no tumour")):
        fragment = lay(
            *("diagram.neural_net", box), layers=(4, 6, len(outputs)), names=("in", "", "out"), inputs=ends,
            outputs=outputs, direction=Symbol("down"),
        )  # fmt: skip
        assert not fragment.problems
        assert_sound(fragment)
        said = [element.bounds for element in members(fragment, "labels")]
        assert len(said) >= 4 + len(outputs)
        assert not any(overlaps(one, two, 0.0) for one, two in combinations(said, 2))


def test_edges_touch_the_borders_of_neurons() -> None:
    fragment = lay("diagram.neural_net", layers=(1, 2))
    (edge,) = members(fragment, "edges[1]")
    assert isinstance(edge.primitive, Shape)
    (neuron,) = members(fragment, 'neurons["1,1"]')
    x, y = middle(neuron.bounds)
    radius = neuron.bounds.width / 2 - 1.5
    ax, ay = edge.primitive.path.points[:2]
    assert ((ax - x) ** 2 + (ay - y) ** 2) ** 0.5 == pytest.approx(radius, abs=0.5)
    assert edge.primitive.path.verbs == "MLML"


@pytest.mark.parametrize(
    "arguments",
    [
        {"layers": ()},
        {"layers": (3, 0)},
        {"layers": (1,) * 20},
        {"layers": (3, 2), "names": ("a",)},
        {"layers": (3, 2), "most": 1},
        {"layers": (3, 2), "outputs": ("a", "b", "c")},
    ],
)
def test_wrong_layers_are_told(arguments: dict[str, Value]) -> None:
    assert "PVC0585" in codes(lay("diagram.neural_net", **arguments))


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=9),
    st.integers(2, 16),
    st.sampled_from(BOXES),
    st.booleans(),
    st.sampled_from(["auto", "right", "down"]),
)
@SETTINGS
def test_any_network(layers: list[int], most: int, box: Box, named: bool, direction: str) -> None:
    names = tuple(f"layer {n}" for n in range(len(layers))) if named else ()
    fragment = lay("diagram.neural_net", box, layers=tuple(layers), most=most, names=names, direction=Symbol(direction))
    assert codes(fragment) <= {"PVC0553"}
    assert_sound(fragment)


# ------------------------------------------------------------------------------------------------ timelines


def dots(fragment: Fragment, count: int) -> list[tuple[float, float]]:
    return [middle(box_of(fragment, f"events[{number}]")) for number in range(1, count + 1)]


def test_events_stand_in_proportion_to_their_dates() -> None:
    fragment = lay("diagram.timeline", events=HISTORY)
    assert_sound(fragment)
    assert not fragment.problems
    xs = [x for x, _ in dots(fragment, 4)]
    assert (xs[1] - xs[0]) / (xs[3] - xs[0]) == pytest.approx(0.5, abs=0.01)
    even = lay("diagram.timeline", events=HISTORY, spacing=Symbol("even"))
    xs = [x for x, _ in dots(even, 4)]
    assert xs[1] - xs[0] == pytest.approx(xs[3] - xs[2])


def test_a_tall_frame_has_an_upright_line() -> None:
    fragment = lay("diagram.timeline", TALL, events=HISTORY, title="Models")
    assert_sound(fragment)
    places = dots(fragment, 4)
    assert len({round(x) for x, _ in places}) == 1
    assert [y for _, y in places] == sorted(y for _, y in places)


def test_no_word_is_broken_where_another_arrangement_keeps_it() -> None:
    events = (
        *("1685: Johann Sebastian Bach is born in Eisenach", "1750: Bach dies", "1770: Beethoven", "1800: Haydn"),
        *("1827: Beethoven dies", "1833: Brahms", "1874: Schönberg invents nothing yet"),
    )
    for box in (SQUARE, Box(984.0, 700.0), TALL, FULL):
        fragment = lay("diagram.timeline", box, "contrast", events=events)
        assert not fragment.problems
        assert "Beethoven" in " ".join(texts(fragment)).split()
        assert "n" not in " ".join(texts(fragment)).split()


def test_dates_are_read_and_words_are_not() -> None:
    assert when("2017") is not None
    assert when("300 BC") < when("1737") < when("2017-06") < when("2017-06-12")  # type: ignore[operator]
    assert when("long ago") is None
    words = lay("diagram.timeline", events=("long ago: A", "2017: B", "now: C"))
    assert not words.problems
    assert words.description == "Timeline. long ago: A; 2017: B; now: C."


@pytest.mark.parametrize(
    "events", [(), ("",), (Record((("when", "2017"), ("label", "x"))),), tuple(f"{n}: x" for n in range(40))]
)
def test_wrong_events_are_told(events: tuple[Value, ...]) -> None:
    assert "PVC0586" in codes(lay("diagram.timeline", events=events))


@given(
    st.lists(
        st.tuples(st.one_of(st.integers(-3000, 2030).map(str), NAMES), NAMES, st.text(max_size=60)),
        min_size=1,
        max_size=10,
    ),
    st.sampled_from(BOXES),
    st.sampled_from(["auto", "even", "dates"]),
)
@SETTINGS
def test_any_timeline(drawn: list[tuple[str, str, str]], box: Box, spacing: str) -> None:
    events = tuple(
        Record((("date", date), ("label", f"{label}{n}"), ("text", text)))
        for n, (date, label, text) in enumerate(drawn)
    )
    fragment = lay("diagram.timeline", box, events=events, spacing=Symbol(spacing))
    assert codes(fragment) <= {"PVC0553", "PVC0502", "PVC0511", "PVC0510"}
    if not fragment.problems:
        assert_sound(fragment)
