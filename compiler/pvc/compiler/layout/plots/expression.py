"""Functions of x (or of x and y) as written in a talk: `exp(-x^2)`, `2*sin(pi*x) + 1`. Read here, never run as code.

Grammar (``^`` binds tighter than a sign before it and to the right, as in mathematics: -x^2 = -(x^2), 2^3^2 = 2^9):
    sum     = product (("+" | "-") product)*
    product = signed (("*" | "/") signed)*
    signed  = ("+" | "-") signed | power
    power   = atom ("^" signed)?
    atom    = number | name | name "(" sum ("," sum)* ")" | "(" sum ")"
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

LONGEST = 2000
"""Characters of an expression."""

DEEPEST = 60
"""Levels of nesting."""


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Variable:
    """x, or y where a function has two variables."""

    name: str = "x"


@dataclass(frozen=True, slots=True)
class Constant:
    name: str


@dataclass(frozen=True, slots=True)
class Negated:
    operand: Expression


@dataclass(frozen=True, slots=True)
class Operation:
    """``operator`` is one of + - * / ^."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Applied:
    function: str
    arguments: tuple[Expression, ...]


Expression: TypeAlias = Number | Variable | Constant | Negated | Operation | Applied


class BadExpression(Exception):
    """What is wrong with an expression, and ``position``: the index of the character where it shows."""

    def __init__(self, message: str, position: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.hint = hint


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _sign(x: float) -> float:
    return math.copysign(1.0, x) if x else 0.0


def _log(x: float, base: float = math.e) -> float:
    return math.log(x) / math.log(base)


CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau}

FUNCTIONS: dict[str, tuple[int, int, Callable[..., float]]] = {
    "sin": (1, 1, math.sin),
    "cos": (1, 1, math.cos),
    "tan": (1, 1, math.tan),
    "asin": (1, 1, math.asin),
    "acos": (1, 1, math.acos),
    "atan": (1, 1, math.atan),
    "sinh": (1, 1, math.sinh),
    "cosh": (1, 1, math.cosh),
    "tanh": (1, 1, math.tanh),
    "exp": (1, 1, math.exp),
    "log": (1, 2, _log),
    "ln": (1, 1, math.log),
    "log2": (1, 1, math.log2),
    "log10": (1, 1, math.log10),
    "sqrt": (1, 1, math.sqrt),
    "abs": (1, 1, math.fabs),
    "sign": (1, 1, _sign),
    "floor": (1, 1, lambda x: float(math.floor(x))),
    "ceil": (1, 1, lambda x: float(math.ceil(x))),
    "round": (1, 1, lambda x: float(round(x))),
    "erf": (1, 1, math.erf),
    "sigmoid": (1, 1, _sigmoid),
    "relu": (1, 1, lambda x: max(x, 0.0)),
    "softplus": (1, 1, lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x)))),
    "gelu": (1, 1, lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2),
    "min": (1, 16, min),
    "max": (1, 16, max),
}
"""(fewest, most arguments, meaning). `log` and `ln` are natural, `log(x, b)` is to base b; `gelu` is the exact form of
D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units", 2016."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)|(?P<symbol>\*\*|[-+*/^(),]))"
)
_SPELT = str.maketrans({"\N{MINUS SIGN}": "-", "·": "*", "×": "*", "÷": "/"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(source: str) -> Iterator[_Token]:
    plain = source.translate(_SPELT)
    at = 0
    while plain[at:].strip():
        match = _TOKEN.match(plain, at)
        if match is None:
            at += len(plain[at:]) - len(plain[at:].lstrip())
            raise BadExpression(f"`{source[at]}` does not belong in an expression", at)
        kind = match.lastgroup or ""
        text = match.group(kind)
        yield _Token(kind, "^" if text == "**" else "pi" if text == "π" else text, match.start(kind))
        at = match.end()
    yield _Token("end", "", len(source))


class _Reader:
    def __init__(self, source: str, variables: tuple[str, ...]) -> None:
        self.variables = variables
        self.tokens = list(_tokens(source))
        self.index = 0
        self.depth = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.index]

    def take(self, symbols: str) -> str | None:
        token = self.next
        if token.kind == "symbol" and token.text in symbols:
            self.index += 1
            return token.text
        return None

    def want(self, symbol: str, opened: int) -> None:
        if self.take(symbol) is None:
            token = self.next
            found = f"`{token.text}`" if token.text else "the end"
            hint = "write * between factors" if token.kind in ("number", "name") or token.text == "(" else None
            raise BadExpression(f"`{symbol}` is missing before {found}", token.at if token.text else opened, hint)

    def sum(self) -> Expression:
        left = self.product()
        while operator := self.take("+-"):
            left = Operation(operator, left, self.product())
        return left

    def product(self) -> Expression:
        left = self.signed()
        while operator := self.take("*/"):
            left = Operation(operator, left, self.signed())
        return left

    def signed(self) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadExpression(f"nested more than {DEEPEST} levels deep", self.next.at)
        sign = self.take("+-")
        inner = self.signed() if sign else self.power()
        self.depth -= 1
        return Negated(inner) if sign == "-" else inner

    def power(self) -> Expression:
        base = self.atom()
        return Operation("^", base, self.signed()) if self.take("^") else base

    def atom(self) -> Expression:
        token = self.next
        if token.kind == "number":
            self.index += 1
            return Number(float(token.text))
        if token.kind == "name":
            self.index += 1
            return self.named(token)
        if self.take("("):
            inner = self.sum()
            self.want(")", token.at)
            return inner
        if token.kind == "end":
            raise BadExpression("the expression ends where a value should stand", token.at)
        raise BadExpression(f"a value should stand before `{token.text}`", token.at)

    def named(self, token: _Token) -> Expression:
        if token.text in FUNCTIONS:
            opened = self.next.at
            if self.take("(") is None:
                raise BadExpression(f"`{token.text}` is a function", token.at, f"write {token.text}(...)")
            arguments = [self.sum()]
            while self.take(","):
                arguments.append(self.sum())
            self.want(")", opened)
            fewest, most, _ = FUNCTIONS[token.text]
            if not fewest <= len(arguments) <= most:
                count = f"{fewest}" if fewest == most else f"{fewest} to {most}"
                raise BadExpression(f"`{token.text}` takes {count} values, not {len(arguments)}", token.at)
            return Applied(token.text, tuple(arguments))
        if token.text in self.variables:
            return Variable(token.text)
        if token.text in CONSTANTS:
            return Constant(token.text)
        raise BadExpression(f"`{token.text}` means nothing here", token.at, _nearest(token.text, self.variables))


def _nearest(name: str, variables: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, [*variables, *CONSTANTS, *FUNCTIONS], 1, 0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    known = "the variable is x" if variables == ("x",) else f"the variables are {' and '.join(variables)}"
    return f"{known}; constants are pi, e and tau"


def parse(source: str, variables: tuple[str, ...] = ("x",)) -> Expression:
    """Read an expression. Raises BadExpression."""
    if len(source) > LONGEST:
        raise BadExpression(f"longer than {LONGEST} characters", LONGEST)
    reader = _Reader(source, variables)
    found = reader.sum()
    token = reader.next
    if token.kind != "end":
        hint = "write * between factors" if token.kind in ("number", "name") or token.text == "(" else None
        raise BadExpression(f"`{token.text}` is one too many", token.at, hint)
    return found


def evaluate(expression: Expression, x: float, y: float = math.nan) -> float:
    """The value at x (and y); NaN where the function has none, an infinity where it is too large for a float."""
    try:
        return _value(expression, x, y)
    except (ValueError, ZeroDivisionError, ArithmeticError):
        return math.nan


def _value(expression: Expression, x: float, y: float) -> float:
    match expression:
        case Number():
            return expression.value
        case Variable():
            return x if expression.name == "x" else y
        case Constant():
            return CONSTANTS[expression.name]
        case Negated():
            return -_value(expression.operand, x, y)
        case Operation():
            return _operated(expression.operator, _value(expression.left, x, y), _value(expression.right, x, y))
        case Applied():
            values = [_value(argument, x, y) for argument in expression.arguments]
            if any(math.isnan(value) for value in values):
                return math.nan
            try:
                return FUNCTIONS[expression.function][2](*values)
            except OverflowError:
                return math.inf if math.isfinite(values[0]) and expression.function != "sinh" else _endless(values[0])


def _endless(value: float) -> float:
    return math.copysign(math.inf, value)


def _operated(operator: str, left: float, right: float) -> float:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if operator == "/":
        return left / right
    try:
        power = left**right
    except OverflowError:
        odd = left < 0 and right % 2 == 1
        return -math.inf if odd else math.inf
    return math.nan if isinstance(power, complex) else float(power)


_BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}


def spell(expression: Expression) -> str:
    """The expression in the language that `parse` reads: parse(spell(e)) == e."""
    return _spelt(expression, 0)


def _spelt(expression: Expression, outer: int) -> str:
    match expression:
        case Number():
            return f"{expression.value!r}".replace("inf", "1e999")
        case Variable():
            return expression.name
        case Constant():
            return expression.name
        case Negated():
            inner = "-" + _spelt(expression.operand, 3)
            return f"({inner})" if outer > 3 else inner
        case Operation():
            own = _BINDING[expression.operator]
            if expression.operator == "^":
                shown = f"{_spelt(expression.left, 5)}^{_spelt(expression.right, 3)}"
            else:
                shown = f"{_spelt(expression.left, own)} {expression.operator} {_spelt(expression.right, own + 1)}"
            return f"({shown})" if own < outer else shown
        case Applied():
            return f"{expression.function}({', '.join(_spelt(argument, 0) for argument in expression.arguments)})"
