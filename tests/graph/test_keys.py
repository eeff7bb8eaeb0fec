"""Every field of every kind of node matters to its key, at any depth; and nothing that must not matter is in one."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler.graph import nodes
from pvc.compiler.graph.keys import difference, explained, key, key_bytes, read_node
from pvc.compiler.graph.nodes import KINDS, Node
from pvc.compiler.model import display
from pvc.compiler.model.display import Chunk, Item, Keyframe, Layer, Paint, Path, Track
from pvc.compiler.model.program import SpeechMark, Voice
from pvc.compiler.model.speech import Utterance
from pvc.compiler.model.values import Color, Tex

CODE = (("skia", "144.1"), ("code", "aa"))
CHUNK = Chunk(
    (1920, 1080),
    Paint(15, 20, 32),
    (
        Layer(
            "canvas",
            (
                Item(
                    "",
                    "f" * 64,
                    96.0,
                    120.5,
                    1.0,
                    (
                        Track("opacity", None, (Keyframe(0, (0.0,)), Keyframe(12, (1.0,), "out"))),
                        Track("morph", (1, 2), (Keyframe(0, (0.0,)),), Path("MLZ", (0.0, 0.0, 4.0, 4.0))),
                    ),
                    "equation",
                    (("formula", Tex("x^2")), ("tint", Color(1, 2, 3))),
                ),
            ),
        ),
        Layer("manim", (Item("", "e" * 64, 0.0, 0.0, 1.0, ()),)),
    ),
    24,
    False,
)
RASTER = nodes.Raster(1920, 1080, Fraction(30000, 1001))
PAINTED = (("f" * 64, "a" * 64),)
RECIPE = display.Recipe(
    *("manim", "d" * 64, "Intro", 960.0, 540.0, '{"planets": 3}'),
    (("accent", Paint(1, 2, 3)),),
    (("sans", "c" * 64),),
    (("data/bleu.csv", "b" * 64),),
)
UTTERANCE = Utterance(
    "Hello there.",
    ((0, 12, "Hello there."),),
    (SpeechMark("break", 5, 5, "300ms"),),
    Voice("ada", "espeak", (("voice", "en-us"),), Fraction(9, 10), Fraction(1)),
    "en",
)
CAPTIONS = nodes.Captions((nodes.Line(0, 4800, "Hello there."),), "en", CODE)
SAMPLES: dict[type, Node] = {
    nodes.Speak: nodes.Speak(UTTERANCE, CODE),
    nodes.Drawing: nodes.Drawing("f" * 64),
    nodes.Painting: nodes.Painting(RECIPE, 4.0, 960, 540, Fraction(30), CODE),
    nodes.Frames: nodes.Frames(CHUNK.layers[0], (1920, 1080), Paint(1, 2, 3), 24, False, True, RASTER, CODE, PAINTED),
    nodes.Segment: nodes.Segment(CHUNK, RASTER, (("canvas", CODE), ("manim", CODE)), CODE, ((1, "d" * 64),), PAINTED),
    nodes.Tone: nodes.Tone("e" * 64, Fraction(1), (("seed", "7"),), True, Fraction(-26), CODE),
    nodes.Audio: nodes.Audio(
        (nodes.Placing(100, "c" * 64, 48000),),
        96000,
        CODE,
        (nodes.Bed(0, 96000, "b" * 64, Fraction(-3), True),),
        (nodes.Struck(4800, "a" * 64, Fraction(2), 960),),
    ),
    nodes.Captions: CAPTIONS,
    nodes.Mux: nodes.Mux(
        (nodes.Stretch("a" * 64, 30),),
        "b" * 64,
        CAPTIONS,
        (nodes.Chapter(0, "One"),),
        "A talk",
        (("artist", "A. N. Author"),),
        RASTER,
        CODE,
    ),
    nodes.Poster: nodes.Poster(CHUNK, 3, RASTER, (("canvas", CODE),), PAINTED),
}


def other(value: object) -> object:
    """A value of the same kind that differs."""
    match value:
        case bool():
            return not value
        case int() | float() | Fraction():
            return value + 1
        case str():
            return value + "x"
        case None:
            return "something"
    raise AssertionError(f"a kind of leaf that this test does not know: {type(value)}")


def changes(value: typing.Any, path: str = "") -> Iterator[tuple[str, object]]:
    """The value with one leaf changed, one entry dropped or one doubled, for every leaf and entry in it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            for name, changed in changes(getattr(value, field.name), f"{path}.{field.name}"):
                yield name, dataclasses.replace(value, **{field.name: changed})
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            for name, changed in changes(item, f"{path}[{index}]"):
                yield name, (*value[:index], changed, *value[index + 1 :])
            yield f"{path} without [{index}]", (*value[:index], *value[index + 1 :])
        if value:
            yield f"{path} doubled", (*value, value[-1])
            yield f"{path} gone", None
        if len(value) > 1 and value[0] != value[1]:
            yield f"{path} turned", value[::-1]
    else:
        yield path, other(value)
        if value is not None:
            yield f"{path} gone", None


def test_the_samples_cover_every_kind_and_every_field() -> None:
    assert set(SAMPLES) == set(KINDS)
    for kind, node in SAMPLES.items():
        for field in dataclasses.fields(kind):
            assert getattr(node, field.name) not in (None, (), ""), f"{kind.__name__}.{field.name} has no sample"


@pytest.mark.parametrize("kind", list(SAMPLES), ids=lambda kind: kind.__name__)
def test_every_field_matters(kind: type) -> None:
    node = SAMPLES[kind]
    before = key(node)
    count = 0
    for path, changed in changes(node):
        assert key(typing.cast(Node, changed)) != before, f"{path} is not in the key"
        count += 1
    assert count >= len(dataclasses.fields(node))


def test_kinds_never_share_a_key() -> None:
    assert len({key(node) for node in SAMPLES.values()}) == len(SAMPLES)


@pytest.mark.parametrize("kind", list(SAMPLES), ids=lambda kind: kind.__name__)
def test_key_bytes_are_read_back(kind: type) -> None:
    assert read_node(key_bytes(SAMPLES[kind])) == SAMPLES[kind]


@pytest.mark.parametrize("kind", list(SAMPLES), ids=lambda kind: kind.__name__)
def test_the_explained_form_shows_every_change(kind: type) -> None:
    node = SAMPLES[kind]
    assert difference(node, node) == ()
    for path, changed in changes(node):
        assert difference(node, typing.cast(Node, changed)), f"{path} is not explained"


def test_the_explained_form_names_the_field() -> None:
    before = SAMPLES[nodes.Segment]
    assert isinstance(before, nodes.Segment)
    after = dataclasses.replace(before, chunk=dataclasses.replace(before.chunk, frames=25))
    assert difference(before, after) == (("chunk.frames", "24", "25"),)
    assert explained(before)["painters.canvas.skia"] == "'144.1'"


def test_the_names_of_visuals_are_in_no_key() -> None:
    item = CHUNK.layers[0].items[0]
    named = dataclasses.replace(
        CHUNK,
        layers=(dataclasses.replace(CHUNK.layers[0], items=(dataclasses.replace(item, visual="eq"),)), CHUNK.layers[1]),
    )
    assert nodes.nameless(named) == CHUNK


def test_no_node_has_a_place_for_paths_or_times_of_files() -> None:
    """Names that would hold what must never be in a key; the display model's `Path` is an outline, not a file."""
    forbidden = {"path", "file", "mtime", "inode", "host", "pid"}
    waiting: list[type] = [*KINDS, Utterance, Chunk, Layer, Item, Track]
    for kind in waiting:
        for field in dataclasses.fields(kind):
            if (kind, field.name) != (Track, "path"):
                assert field.name not in forbidden, f"{kind.__name__}.{field.name}"
    assert typing.get_type_hints(Track, vars(display))["path"] == (Path | None)


@given(st.text(), st.text())
def test_different_texts_never_share_a_key(one: str, two: str) -> None:
    first, second = (key(nodes.Speak(dataclasses.replace(UTTERANCE, text=text), CODE)) for text in (one, two))
    assert (first == second) == (one == two)
