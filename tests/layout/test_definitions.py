"""What the symbols of a formula mean, beside it or below."""

from __future__ import annotations

import pytest
from figures.drawn import FULL, HALF, codes, lay, members, outside

from pvc.compiler.layout.component import Box
from pvc.compiler.layout.compose import union
from pvc.compiler.model.display import Glyphs, Paint, Rect, Shape
from pvc.compiler.model.program import ConceptSpec
from pvc.compiler.model.values import Tex, Token, Value
from pvc.compiler.stage.transforms import match

LONG = Tex(r"\mathrm{Attention}(Q, K, V) = \mathrm{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right) V")
SHORT = Tex("E = mc^2")
KEYS = ("Q: the queries", "K: the keys, what they are compared with", "d_k: the width of a key")
MASS = ("m: the mass", "c: the speed of light")
CONCEPT = ConceptSpec("queries", ("Q",), ("query",), Token("cool"))


def formula_box(fragment: object) -> Rect:
    elements = [
        element
        for index, element in enumerate(fragment.elements)  # type: ignore[attr-defined]
        if not element.morph.startswith("where:") and element.morph != "rule"
    ]
    return union(element.bounds for element in elements)


def test_short_formulas_have_them_beside_and_wide_ones_below() -> None:
    beside = lay("equation", formula=SHORT, where=MASS)
    assert not beside.problems
    assert all(element.bounds.x > formula_box(beside).right for element in members(beside, "where[1]"))
    below = lay("equation", formula=LONG, where=KEYS)
    assert not below.problems
    assert all(element.bounds.y > formula_box(below).bottom for element in members(below, "where[1]"))
    rows = [union(element.bounds for element in members(below, f"where[{n}]")) for n in (1, 2, 3)]
    assert rows[0].bottom < rows[1].y < rows[1].bottom < rows[2].y
    plain = lay("equation", formula=LONG)
    assert formula_box(below).width == pytest.approx(formula_box(plain).width)


@pytest.mark.parametrize("box", [FULL, HALF, Box(984.0, 1500.0), Box(984.0, 800.0), Box(600.0, 500.0)])
@pytest.mark.parametrize("theme", ["midnight", "paper"])
def test_they_fit_every_place(box: Box, theme: str) -> None:
    for formula, where in ((SHORT, MASS), (LONG, KEYS)):
        fragment = lay("equation", box, theme, formula=formula, where=where)
        assert codes(fragment) <= ({"PVC0503"} if box.width < 800 else set())
        if not fragment.problems:
            assert not outside(fragment, 3.0)
            assert fragment.height <= box.height


def test_symbols_have_the_colours_of_concepts_and_are_told() -> None:
    fragment = lay("equation", formula=LONG, where=KEYS, concepts=(CONCEPT,))
    own = set(members(fragment, "where[1]")) & set(members(fragment, "concept:queries"))
    (symbol,) = own
    assert isinstance(symbol.primitive, Shape)
    assert symbol.primitive.fill == Paint(0x4F, 0xD1, 0xC5)
    assert "Where Q: the queries; K: the keys" in fragment.description
    assert any(isinstance(element.primitive, Glyphs) for element in members(fragment, "where[1]"))
    orders = [max(element.order for element in members(fragment, f"where[{n}]")) for n in (1, 2, 3)]
    assert orders == sorted(set(orders)), "they are written one after the other"


def test_a_symbol_of_the_list_never_travels_into_the_next_formula() -> None:
    old, new = lay("equation", formula=LONG, where=KEYS), lay("equation", formula=LONG)
    found = match(old, new, range(len(old.elements)), range(len(new.elements)))
    assert len(found) == len(new.elements)
    assert not any(old.elements[pair.old].morph.startswith("where:") for pair in found)


@pytest.mark.parametrize("where", [("the queries",), (": nothing",), ("Q:",)])
def test_what_defines_nothing_is_told(where: tuple[Value, ...]) -> None:
    assert codes(lay("equation", formula=SHORT, where=where)) == {"PVC0587"}
    assert codes(lay("equation", formula=SHORT, where=(r"\frac{: x",))) == {"PVC0511"}
