"""An expression as a person would write it on a board: TeX for its label."""

from __future__ import annotations

from pvc.compiler.layout.plots.expression import (
    Applied,
    Constant,
    Expression,
    Negated,
    Number,
    Operation,
    Variable,
)

_OPERATORS = {"sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "ln", "min", "max"}
_BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}


def tex_of(expression: Expression) -> str:
    """TeX of an expression: powers are raised, quotients stay in the line (a fraction would be too small in a label),
    products are written without a sign where they can be."""
    return _tex(expression, 0)


def _wrapped(inner: str, needed: bool) -> str:
    return f"({inner})" if needed else inner


def _number(value: float) -> str:
    text = f"{value:.6g}"
    mantissa, _, exponent = text.partition("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def _tex(expression: Expression, outer: int) -> str:
    match expression:
        case Number():
            return _number(expression.value)
        case Variable():
            return "x"
        case Constant():
            return {"pi": r"\pi", "tau": r"\tau", "e": "e"}[expression.name]
        case Negated():
            return _wrapped("-" + _tex(expression.operand, 3), outer > 1)
        case Operation():
            return _operation(expression, outer)
        case Applied():
            return _applied(expression)


def _operation(expression: Operation, outer: int) -> str:
    operator, left, right = expression.operator, expression.left, expression.right
    own = _BINDING[operator]
    if operator == "/":
        return _wrapped(f"{_tex(left, own)} / {_tex(right, own + 1)}", outer > own)
    if operator == "^":
        if isinstance(left, Applied) and left.function in _OPERATORS - {"exp"}:
            return rf"\{left.function}^{{{_tex(right, 0)}}}{_arguments(left)}"
        base = _tex(left, 5)
        return _wrapped(rf"{base}^{{{_tex(right, 0)}}}", outer > 4)
    if operator == "*":
        first, second = _tex(left, own), _tex(right, own + 1)
        sign = r" \cdot " if second[0].isdigit() or isinstance(right, Number) else r"\, " if first[-1] == "}" else " "
        return _wrapped(first + sign + second, outer > own)
    return _wrapped(f"{_tex(left, own)} {operator} {_tex(right, own + 1)}", outer > own)


def _arguments(expression: Applied) -> str:
    inner = [_tex(argument, 0) for argument in expression.arguments]
    if len(inner) == 1 and len(inner[0]) == 1 and expression.function in _OPERATORS:
        return f" {inner[0]}"
    return f"({', '.join(inner)})"


def _applied(expression: Applied) -> str:
    name, values = expression.function, expression.arguments
    if name == "exp":
        return rf"e^{{{_tex(values[0], 0)}}}"
    if name == "sqrt":
        return rf"\sqrt{{{_tex(values[0], 0)}}}"
    if name == "abs":
        return rf"\left|{_tex(values[0], 0)}\right|"
    if name in ("floor", "ceil"):
        return rf"\left\l{name} {_tex(values[0], 0)} \right\r{name}"
    if name == "sigmoid":
        return r"\sigma" + _arguments(expression)
    if name == "log" and len(values) == 2:
        return rf"\log_{{{_tex(values[1], 0)}}}{_arguments(Applied('log', values[:1]))}"
    if name in ("log2", "log10"):
        return rf"\log_{{{name[3:]}}}{_arguments(Applied('log', values))}"
    if name in _OPERATORS:
        return rf"\{name}{_arguments(expression)}"
    shown = {"relu": "ReLU", "gelu": "GELU", "asin": "arcsin", "acos": "arccos", "atan": "arctan"}.get(name, name)
    return rf"\operatorname{{{shown}}}{_arguments(expression)}"
