"""Pseudocode: lines and their numbers, keywords, nesting, formulas, comments."""

from __future__ import annotations

from itertools import pairwise

import pytest
from figures.drawn import FULL, HALF, codes, lay, members, outside, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from pvc.compiler.layout.algorithm import Line, marked, read
from pvc.compiler.layout.colors import contrast
from pvc.compiler.layout.component import Box
from pvc.compiler.layout.compose import union
from pvc.compiler.model.display import Glyphs, Paint, Shape
from pvc.compiler.model.program import ConceptSpec
from pvc.compiler.model.values import Code, Token

DESCENT = r"""
Input: a rate $\eta$
Output: $\theta$
repeat
    for each query $Q_i$ do   // in any order
        $g \leftarrow \nabla L(\theta)$

        if $g > c$ then
            $g \leftarrow c$  // clip
    $\theta \leftarrow \theta - \eta g$
until converged
return $\theta$
"""
CONCEPT = ConceptSpec("queries", ("Q",), ("query",), Token("cool"))


def pseudo(source: str) -> Code:
    return Code(source, "pseudo")


def test_lines_are_numbered_and_nested() -> None:
    lines = read(DESCENT)
    assert [line.number for line in lines] == [None, None, 1, 2, 3, 4, 5, 6, 7, 8]
    assert [line.depth for line in lines][2:] == [0, 1, 2, 2, 3, 1, 0, 0]
    assert lines[3] == Line(2, 1, "for each query $Q_i$ do", "in any order")
    assert read("a `x // y` b") == (Line(1, 0, "a `x // y` b", ""),)
    assert read("  a\n    b\n  c")[1].depth == 1


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("for each $x$ in the set do", "**for each** $x$ **in** the set **do**"),
        ("if $a$ and not $b$ then return", "**if** $a$ **and not** $b$ **then return**"),
        ("return the sum of $a$ and $b$", "**return** the sum of $a$ and $b$"),
        ("set x to the first in the list", "set x to the first in the list"),
        ("while `while` and $\\text{and}$", "**while** `while` **and** $\\text{and}$"),
        ("end-to-end", "end-to-end"),
    ],
)
def test_keywords_are_those_of_their_statement(line: str, shown: str) -> None:
    assert marked(line) == shown


@pytest.mark.parametrize("theme", ["midnight", "paper"])
@pytest.mark.parametrize("box", [FULL, HALF, Box(984.0, 1500.0), Box(984.0, 800.0)])
def test_it_fits_and_can_be_read(theme: str, box: Box) -> None:
    fragment = lay("algorithm", box, theme, source=pseudo(DESCENT), title="Descent", concepts=(CONCEPT,))
    assert not fragment.problems
    assert not outside(fragment, 2.0)
    for element in fragment.elements:
        if isinstance(element.primitive, Glyphs) and element.ground:
            assert contrast(element.primitive.paint, element.ground) >= 4.5, element.primitive.text


def test_parts_are_lines_header_comments_and_concepts() -> None:
    fragment = lay("algorithm", source=pseudo(DESCENT), title="Descent", concepts=(CONCEPT,))
    boxes = [union(element.bounds for element in members(fragment, f"lines[{number}]")) for number in range(1, 9)]
    assert all(one.bottom <= two.bottom for one, two in pairwise(boxes))
    assert {"in", "any", "order"} <= set(
        " ".join(element.primitive.text for element in members(fragment, "comments")).split()
    )  # type: ignore[union-attr]
    assert members(fragment, "header")
    assert len(members(fragment, "guides")) == 3
    kinds = {type(element.primitive) for element in members(fragment, "concept:queries")}
    assert kinds == {Glyphs, Shape}, "the word and the symbol"
    symbol = next(e for e in members(fragment, "concept:queries") if isinstance(e.primitive, Shape))
    assert isinstance(symbol.primitive, Shape)
    assert symbol.primitive.fill == Paint(0x4F, 0xD1, 0xC5)
    assert "2: for each query Q_i do" in fragment.description
    assert "1" not in texts(lay("algorithm", source=pseudo(DESCENT), numbers=False))


def test_what_comes_out_stands_above_wherever_it_is_written() -> None:
    steps = "Input: $x$\nwhile $x$\n    $x \\leftarrow x - 1$\n"
    assert read(steps + "Output: $x$") == read(steps.replace("while", "Output: $x$\nwhile"))


def test_what_is_wrong_is_told() -> None:
    assert codes(lay("algorithm", source=pseudo("  \n "))) == {"PVC0504"}
    assert codes(lay("algorithm", source=pseudo("$\\frac{$"))) == {"PVC0511"}
    assert "PVC0752" in codes(lay("algorithm", source=pseudo("\n".join(f"step {n}" for n in range(20)))))
    assert "PVC0503" in codes(lay("algorithm", Box(150.0, 100.0), source=pseudo(DESCENT)))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from([FULL, HALF]))
def test_any_text_is_set_or_told(source: str, box: Box) -> None:
    fragment = lay("algorithm", box, source=pseudo(source))
    if not any(problem.severity == "error" for problem in fragment.problems):
        assert not outside(fragment, 12.0)
