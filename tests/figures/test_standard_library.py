"""What the standard library declares of figures is what their layouts do: names, parts, one remembered result."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from figures.drawn import FULL, between, lay, table
from layout.surroundings import Memory, env, themes

from pvc.compiler.layout import registry
from pvc.compiler.model.display import Fragment
from pvc.compiler.model.program import ConceptSpec
from pvc.compiler.model.values import Asset, Column, Record, Symbol, Tex, Token, Value
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.parser import parse

STDLIB = Path(__file__).parents[2] / "stdlib"
CONCEPT = ConceptSpec("thing", (r"\alpha",), ("alpha",), Token("warm"))
PAIRS = table("name v", "text number", ("alpha", 1.0), ("beta", 2.5), ("gamma", 2.0))
LONG = table("x s v", "number text number", *((x, s, x + len(s)) for x in range(4) for s in ("alpha", "beta")))
SPREAD = table("s v", "text number", *((s, v) for s in ("alpha", "beta") for v in (1, 2, 3, 4, 5, 40)))
TITLES: dict[str, Value] = {"title": "Title", "note": "Note"}
SAMPLES: dict[str, dict[str, Value]] = {
    "chart.bar": {"data": LONG, "x": Column("x"), "y": Column("v"), "series": Column("s"), "y_label": "Y", **TITLES},
    "chart.line": {"data": LONG, "x": Column("x"), "y": Column("v"), "series": Column("s"), **TITLES},
    "chart.scatter": {
        "data": LONG,
        "x": Column("x"),
        "y": Column("v"),
        "series": Column("s"),
        "label": Column("s"),
        **TITLES,
    },
    "chart.histogram": {"data": LONG, "x": Column("v"), **TITLES},
    "chart.heatmap": {
        "data": LONG,
        "x": Column("x"),
        "y": Column("s"),
        "value": Column("v"),
        "values": False,
        **TITLES,
    },
    "chart.box": {"data": SPREAD, "x": Column("s"), "y": Column("v"), "y_label": "Y", **TITLES},
    "chart.pie": {"data": PAIRS, "x": Column("name"), "y": Column("v"), "donut": True, "center": "all", **TITLES},
    "chart.area": {"data": LONG, "x": Column("x"), "y": Column("v"), "series": Column("s"), **TITLES},
    "diagram.flow": {"edges": ("alpha -> beta: x",), "title": "Title"},
    "diagram.graph": {"edges": ("alpha -- beta: x",), "title": "Title"},
    "diagram.tree": {"edges": ("alpha -> beta: x", "alpha -> gamma"), "title": "Title"},
    "diagram.sequence": {"messages": ("alpha -> beta: x", "beta --> alpha", "beta -> beta: y"), "title": "Title"},
    "diagram.neural_net": {"layers": (2, 20, 1), "names": ("in", "alpha", ""), "outputs": ("p",), "title": "Title"},
    "diagram.timeline": {"events": ("2017: alpha", Record((("date", "2018"), ("text", "x")))), "title": "Title"},
    "matrix": {
        "rows": ((1, Tex(r"\alpha")), (Fraction(1, 2), "alpha")),
        "name": Tex("A"),
        "row_labels": ("a", "b"),
        "column_labels": ("c", "d"),
        "shade": True,
    },
    "number_line": {
        "range": between(-3, 3),
        "points": (2, Record((("at", 1), ("label", "alpha")))),
        "intervals": (between(-2, 0),),
        "title": "Title",
    },
    "space.surface": {"fn": "x * y", "x": between(-1, 1), "y": between(-1, 1), "z_label": "z", **TITLES},
    "space.cloud": {
        "data": LONG,
        "x": Column("x"),
        "y": Column("v"),
        "z": Column("x"),
        "series": Column("s"),
        "label": Column("s"),
        **TITLES,
    },
    "space.network": {"edges": ("alpha -- beta", "beta -- gamma"), **TITLES},
    "table": {"data": PAIRS, **TITLES},
    "axes": {"x": between(-3, 3), "plots": ("x^2", "sin(x)"), "labels": ("alpha",), **TITLES},
}
MINE = {*SAMPLES, "image", "figure"}


def declared() -> dict[str, tree.ComponentDecl]:
    """The components of the three files by their layout."""
    found = {}
    for name in ("prelude", "charts", "diagrams"):
        parsed = parse((STDLIB / f"{name}.vid").read_text(encoding="utf-8"), f"{name}.vid")
        assert not parsed.diagnostics
        for block in parsed.file.blocks:
            item = block.item
            if isinstance(item, tree.ComponentDecl):
                settings = {each.name: each.value for each in item.body if isinstance(each, tree.Setting)}
                layout = settings["layout"]
                assert isinstance(layout, tree.Text)
                found[layout.value] = item
    return found


def test_every_layout_is_declared_and_known() -> None:
    components = declared()
    assert set(components) >= MINE
    for layout in components:
        assert registry.known(layout)


@pytest.mark.parametrize("layout", sorted(SAMPLES))
def test_declared_parts_are_drawn(layout: str) -> None:
    samples = [SAMPLES[layout]]
    if layout == "chart.bar":  # with values there is no axis, without them no values
        samples.append({**SAMPLES[layout], "values": False, "direction": Symbol("up")})
    drawn = set()
    for sample in samples:
        fragment = lay(layout, concepts=(CONCEPT,), **sample)
        assert not fragment.problems
        drawn |= {name.partition("[")[0].partition(":")[0] for name, _ in fragment.parts}
    said = {each.name for each in declared()[layout].body if isinstance(each, tree.PartDecl)}
    assert said <= drawn
    for each in declared()[layout].parameters:
        assert each.doc or each.default is not None or each.name in ("data", "x", "y")


@pytest.mark.parametrize("layout", sorted(SAMPLES))
def test_results_are_remembered_whole(layout: str) -> None:
    world = Memory()
    first = registry.lay_out(layout, SAMPLES[layout], FULL, env(world=world))
    registry._memory.clear()
    again = registry.lay_out(layout, SAMPLES[layout], FULL, env(world=world))
    assert isinstance(again, Fragment)
    assert again == first
    assert registry.fragment_digest(again) == registry.fragment_digest(first)


@pytest.mark.parametrize("layout", sorted(SAMPLES))
@pytest.mark.parametrize("theme", sorted(themes()))
def test_every_label_can_be_read(layout: str, theme: str) -> None:
    from pvc.compiler.layout.colors import contrast
    from pvc.compiler.model.display import Glyphs, Paint

    fragment = lay(layout, theme=theme, concepts=(CONCEPT,), **SAMPLES[layout])
    background = env(theme).theme.color("background")
    frame = Paint(background.red, background.green, background.blue)
    for element in fragment.elements:
        if isinstance(element.primitive, Glyphs):
            assert contrast(element.primitive.paint, element.ground or frame) >= 4.5, element.primitive.text
            assert element.primitive.size >= 28 or element.primitive.text == ""


def test_a_description_for_those_who_cannot_see() -> None:
    told = lay("chart.bar", data=PAIRS, x="name", y="v", title="Scores", unit="%").description
    assert told == "Scores. alpha: 1.0%; beta: 2.5%; gamma: 2.0%."
    assert "beta" in lay("diagram.flow", edges=("alpha -> beta",)).description
    assert lay("axes", x=between(-1, 1), plots=("x",)).description == "Axes. y = x, for x from −1 to 1."


def test_charts_morph_by_what_they_show() -> None:
    first = lay("chart.bar", data=PAIRS, x="name", y="v")
    second = lay(
        "chart.bar", data=table("name v", "text number", ("beta", 7.0), ("alpha", 3.0), ("delta", 1.0)), x="name", y="v"
    )
    keys = [{element.morph for element in fragment.elements if element.role == "bar"} for fragment in (first, second)]
    assert keys[0] & keys[1] == {"bar:alpha", "bar:beta"}
    for fragment in (first, second):
        named = [element.morph for element in fragment.elements if element.morph]
        assert len(named) == len(set(named)), "a morph key stands for one thing"


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    import subprocess
    import sys

    code = (
        "import sys; import pvc.compiler.layout.registry; "
        "print([m for m in ('numpy', 'matplotlib', 'pygraphviz', 'pypdfium2', 'PIL') if m in sys.modules])"
    )
    where = {"PYTHONPATH": str(STDLIB.parent / "compiler")}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=where)
    assert said.stdout.strip() == "[]"


def test_an_asset_is_found_through_the_world_only() -> None:
    from pvc.compiler.layout.registry import implementation

    missing = Asset("0" * 64, "gone.png", "image")
    with pytest.raises(KeyError):
        implementation("image")({"file": missing}, FULL, env())
