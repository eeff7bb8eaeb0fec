"""The language of plotted functions: read by a parser of its own, checked against Python's arithmetic."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pvc.compiler.layout.plots.expression import (
    CONSTANTS,
    FUNCTIONS,
    Applied,
    BadExpression,
    Constant,
    Expression,
    Negated,
    Number,
    Operation,
    Variable,
    evaluate,
    parse,
    spell,
)
from pvc.compiler.layout.plots.tex import tex_of

NUMBERS = st.one_of(
    st.integers(0, 1000).map(float), st.floats(0, 1e6, allow_nan=False).map(abs), st.sampled_from([0.5, 1e-3])
)
LEAVES = st.one_of(NUMBERS.map(Number), st.just(Variable()), st.sampled_from(list(CONSTANTS)).map(Constant))


def _branches(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    def applied(name: str) -> st.SearchStrategy[Expression]:
        fewest, most, _ = FUNCTIONS[name]
        arguments = st.lists(inner, min_size=fewest, max_size=min(most, 3)).map(tuple)
        return arguments.map(lambda values: Applied(name, values))

    return st.one_of(
        inner.map(Negated),
        st.builds(Operation, st.sampled_from("+-*/^"), inner, inner),
        st.sampled_from(sorted(FUNCTIONS)).flatmap(applied),
    )


EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(LEAVES, _branches, max_leaves=12)


@given(EXPRESSIONS)
@settings(max_examples=300, deadline=None)
def test_spelling_and_reading_are_inverse(expression: Expression) -> None:
    assert parse(spell(expression)) == expression


@given(EXPRESSIONS)
@settings(max_examples=100, deadline=None)
def test_every_expression_has_tex_with_balanced_braces(expression: Expression) -> None:
    tex = tex_of(expression)
    assert tex.count("{") == tex.count("}")
    assert tex.count(r"\left") == tex.count(r"\right")


PLAIN = ("sin", "cos", "tan", "exp", "sqrt", "tanh", "abs", "min", "max", "log10")


def _plain_branches(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    one = st.sampled_from([name for name in PLAIN if name not in ("min", "max")])
    two = st.sampled_from(["min", "max"])
    return st.one_of(
        inner.map(Negated),
        st.builds(Operation, st.sampled_from("+-*/^"), inner, inner),
        st.builds(lambda name, value: Applied(name, (value,)), one, inner),
        st.builds(lambda name, a, b: Applied(name, (a, b)), two, inner, inner),
    )


@given(st.recursive(LEAVES, _plain_branches, max_leaves=8), st.floats(-20, 20))
@settings(max_examples=300, deadline=None)
def test_values_are_pythons(expression: Expression, x: float) -> None:
    names: dict[str, object] = {name: getattr(math, name, None) for name in PLAIN}
    names |= {"abs": math.fabs, "min": min, "max": max, "x": x, **CONSTANTS}
    ours = evaluate(expression, x)
    try:
        theirs = eval(spell(expression).replace("^", "**"), {"__builtins__": {}}, names)
    except (ValueError, ZeroDivisionError, TypeError):  # a TypeError is a function of a complex number
        assert math.isnan(ours)
        return
    except OverflowError:
        return  # too large for a float: ours goes on with an infinity
    if isinstance(theirs, complex) or math.isnan(theirs):
        return
    if not math.isnan(ours) and not math.isinf(theirs):
        assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize(
    ("source", "x", "value"),
    [
        ("-x^2", 3, -9),
        ("2^3^2", 0, 512),
        ("2^-1", 0, 0.5),
        ("1 - 2 - 3", 0, -4),
        ("8/4/2", 0, 1),
        ("2*pi", 0, math.tau),
        ("x ** 2", 3, 9),
        ("2·x − 1", 3, 5),
        ("π", 0, math.pi),
        ("sigmoid(0)", 0, 0.5),
        ("sigmoid(-1000)", 0, 0),
        ("relu(x)", -2, 0),
        ("log(8, 2)", 0, 3),
        ("log(e)", 0, 1),
        ("max(1, x, 3)", 2, 3),
        ("gelu(0)", 0, 0),
        ("1e3", 0, 1000),
        (".5 + 1.", 0, 1.5),
        ("--x", 4, 4),
    ],
)
def test_values(source: str, x: float, value: float) -> None:
    assert evaluate(parse(source), x) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("source", ["1/x", "log(x)", "sqrt(x - 1)", "x^0.5 / 0", "asin(2)", "0^-1", "log(-1)", "x/x"])
def test_undefined_is_nan(source: str) -> None:
    assert math.isnan(evaluate(parse(source), 0.0))


def test_too_large_is_an_infinity() -> None:
    assert evaluate(parse("exp(x)"), 1e6) == math.inf
    assert evaluate(parse("-exp(x)"), 1e6) == -math.inf
    assert evaluate(parse("sinh(-x)"), 1e6) == -math.inf
    assert evaluate(parse("(-10)^(2*x+1)"), 500.0) == -math.inf


@pytest.mark.parametrize(
    ("source", "position", "word"),
    [
        ("", 0, "ends"),
        ("sin(x", 3, "missing"),
        ("2x", 1, "one too many"),
        ("2 * (x + 1", 4, "missing"),
        ("x +", 3, "ends"),
        ("x $ 2", 2, "`$`"),
        ("y + 1", 0, "`y`"),
        ("sin", 0, "function"),
        ("sin()", 4, "value"),
        ("sin(x, x)", 0, "takes 1"),
        ("(x))", 3, "one too many"),
        ("* x", 0, "before `*`"),
        ("x; import os", 1, "`;`"),
        ("__import__", 0, "`__import__`"),
    ],
)
def test_what_is_wrong_and_where(source: str, position: int, word: str) -> None:
    with pytest.raises(BadExpression) as caught:
        parse(source)
    assert caught.value.position == position
    assert word in caught.value.message


def test_hints_help() -> None:
    with pytest.raises(BadExpression) as caught:
        parse("2x")
    assert caught.value.hint == "write * between factors"
    with pytest.raises(BadExpression) as caught:
        parse("sgmoid(x)")
    assert caught.value.hint == "did you mean `sigmoid`?"


@pytest.mark.parametrize("source", ["(" * 5000 + "x", "-" * 1500 + "x", "x" * 100_000, "2^" * 900 + "2"])
def test_monsters_are_refused(source: str) -> None:
    with pytest.raises(BadExpression):
        parse(source)


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(source: str) -> None:
    try:
        parse(source)
        position = 0
    except BadExpression as bad:
        position = bad.position
    assert 0 <= position <= len(source)
