"""Expressions, types and fields out of what the automaton reduces; and which comments belong to whom.

Methods are named after the actions of grammar/vid.lark. Each takes the values of its rule's symbols (a token's value is
its index), and the first and last token that the rule covers. Comments are taken out of the tokens' tables by the
first node that wants them, innermost first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any, TypeAlias

from pvc.compiler.syntax import literals, tree
from pvc.compiler.syntax.lexer import Tokens
from pvc.compiler.syntax.problem import Problem
from pvc.compiler.syntax.tree import At

Values: TypeAlias = list[Any]
"""The values of a rule's symbols. Any list among them may be changed by the action that gets it."""

_PRECEDENCE = {"or": 1, "and": 2, "not": 3, "in": 4, "..": 5, "+": 6, "-": 6, "*": 7, "/": 7} | dict.fromkeys(
    ("==", "!=", "<", "<=", ">", ">="), 4
)


class ExpressionBuilder:
    """The actions below statements, over one block's tokens."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.values = tokens.values
        self.comments = sorted({*tokens.leading, *tokens.trailing, *tokens.blank})
        self.closed: dict[int, tree.Expr] = {}  # by id: expressions in parentheses, whose inside no operator may enter

    # ------------------------------------------------------------------------------------------ places and comments

    def at(self, first: int, last: int) -> At:
        return At(self.starts[first], self.ends[last])

    def problem(self, code: str, message: str, at: At, hint: str, fix: str | None = None) -> None:
        self.tokens.problems.append(Problem(code, message, at.start, at.end, hint, fix))

    def trivia(self, first: int, last: int, dangling: tuple[str, ...] = ()) -> tree.Trivia:
        comments = self.comments
        if not comments:
            return tree.NO_TRIVIA
        tokens = self.tokens
        low, high = bisect_left(comments, first), bisect_right(comments, last)
        if low == high and not dangling:
            return tree.NO_TRIVIA
        above = tokens.leading.pop(first, [])
        leading = [text for text in above if not _is_doc(text)]
        while leading and leading[0] == "":
            del leading[0]  # it stood behind the documentation
        docs = [text[3:].removeprefix(" ") for text in above if _is_doc(text)]
        trailing = tokens.trailing.pop(last, None)
        blank = first in tokens.blank
        # Comments in the middle of a statement have no place of their own in the tree: they move above it.
        for index in comments[low:high]:
            if index != first and index in tokens.leading:
                leading += [plain_comment(text) for text in tokens.leading.pop(index) if text]
            if index in tokens.trailing:
                leading.append(plain_comment(tokens.trailing.pop(index)))
        while leading and docs and leading[-1] == "":
            leading.pop()
        if not (leading or docs or trailing or blank or dangling):
            return tree.NO_TRIVIA
        return tree.Trivia(tuple(leading), trailing, "\n".join(docs) if docs else None, blank, dangling)

    def inner_trivia(self, first: int, last: int) -> tree.Trivia:
        """For an argument or a field: a comment behind its comma is its own."""
        if not self.comments:
            return tree.NO_TRIVIA
        tokens = self.tokens
        comma = last + 1
        if last not in tokens.trailing and comma in tokens.trailing and tokens.kinds[comma] == "COMMA":
            tokens.trailing[last] = tokens.trailing.pop(comma)
            found = self.trivia(first, last)
            if found.trailing is None:
                return tree.Trivia(found.leading, tokens.trailing.pop(last, None), found.doc, found.blank_before)
            return found
        return self.trivia(first, last)

    # ------------------------------------------------------------------------------------------ lists

    def nothing(self, v: Values, first: int, last: int) -> list[Any]:
        return []

    def first(self, v: Values, first: int, last: int) -> list[Any]:
        return [v[0]]

    def second(self, v: Values, first: int, last: int) -> Any:
        return v[1]

    def third(self, v: Values, first: int, last: int) -> list[Any]:
        v[0].append(v[2])
        return v[0]  # type: ignore[no-any-return]

    def append(self, v: Values, first: int, last: int) -> list[Any]:
        v[0].append(v[1])
        return v[0]  # type: ignore[no-any-return]

    def same(self, v: Values, first: int, last: int) -> Any:
        return v[0]

    # ------------------------------------------------------------------------------------------ expressions

    def name(self, v: Values, first: int, last: int) -> tree.Name:
        return tree.Name(tuple(self.values[first].split(".")), At(self.starts[first], self.ends[first]))

    def number(self, v: Values, first: int, last: int) -> tree.Number | tree.Missing:
        at = At(self.starts[first], self.ends[first])
        found = literals.number(self.values[first])
        if found is None:
            self.problem("PVC0112", "This number is too long to be meant", at, "write fewer digits")
            return tree.Missing(at)
        return tree.Number(found[0], found[1], at)

    def text(self, v: Values, first: int, last: int) -> tree.Text:
        return self.string(first)

    def string(self, token: int) -> tree.Text:
        value = self.values[token]
        at = At(self.starts[token], self.ends[token])
        raw = literals.content(value)
        if "\\" in raw:
            raw, _, bad = literals.unescape(raw)
            self._bad_escapes(at, bad)
        return tree.Text(raw, at)

    def narration(self, token: int) -> tree.Narration:
        value = self.values[token]
        at = At(self.starts[token], self.ends[token])
        raw = literals.content(value)
        if "\\" not in raw:
            return tree.Narration(raw, at)
        text, offsets, bad = literals.unescape(raw, narration=True)
        self._bad_escapes(at, bad)
        if text == raw:
            return tree.Narration(text, at)
        base = at.start + 1
        return tree.Narration(text, at, tuple(base + offset for offset in offsets))

    def _bad_escapes(self, at: At, bad: Sequence[tuple[int, int]]) -> None:
        base = at.start + 1
        for start, end in bad:
            place = At(base + start, base + end)
            written = self.tokens.text[place.start : place.end]
            hint = 'there are \\" \\\\ \\n \\t \\{ \\} \\< and \\u{1F600}; a backslash itself is \\\\'
            self.problem("PVC0109", f"`{written}` is no escape", place, hint, "\\" + written)

    def color(self, v: Values, first: int, last: int) -> tree.ColorLiteral | tree.Missing:
        at = At(self.starts[first], self.ends[first])
        digits = literals.color(self.values[first])
        if digits is None:
            self.problem(
                "PVC0111",
                f"`{self.values[first]}` is no colour",
                at,
                "write `#` and 6 hexadecimal digits, or 8 with alpha",
            )
            return tree.Missing(at)
        return tree.ColorLiteral(digits, at)

    def tagged(self, v: Values, first: int, last: int) -> tree.Tagged:
        tag, raw = literals.raw(self.values[first])
        return tree.Tagged(tag, raw.replace("\r\n", "\n"), At(self.starts[first], self.ends[first]))

    def truth(self, v: Values, first: int, last: int) -> tree.Bool:
        return tree.Bool(self.values[first] == "true", At(self.starts[first], self.ends[first]))

    def call_empty(self, v: Values, first: int, last: int) -> tree.Call:
        return tree.Call(v[0], (), self.at(first, last))

    def call(self, v: Values, first: int, last: int) -> tree.Call:
        return tree.Call(v[0], tuple(v[2]), self.at(first, last))

    def argument(self, v: Values, first: int, last: int) -> tree.Argument:
        return tree.Argument(None, v[0], self.at(first, last), self.inner_trivia(first, last))

    def argument_named(self, v: Values, first: int, last: int) -> tree.Argument:
        return tree.Argument(
            self.values[first], v[2], self.at(first, last), self.inner_trivia(first, last), self.at(first, first)
        )

    def sequence_empty(self, v: Values, first: int, last: int) -> tree.ListExpr:
        return tree.ListExpr((), self.at(first, last))

    def sequence(self, v: Values, first: int, last: int) -> tree.ListExpr:
        return tree.ListExpr(tuple(v[1]), self.at(first, last))

    def record_empty(self, v: Values, first: int, last: int) -> tree.RecordExpr:
        return tree.RecordExpr((), self.at(first, last))

    def record(self, v: Values, first: int, last: int) -> tree.RecordExpr:
        return tree.RecordExpr(tuple(v[1]), self.at(first, last))

    def pair(self, v: Values, first: int, last: int) -> tuple[str, tree.Expr]:
        key = self.values[first]
        return (self.string(first).value if self.tokens.kinds[first] == "STRING" else key), v[2]

    def parenthesised(self, v: Values, first: int, last: int) -> tree.Expr:
        inner: tree.Expr = v[1]
        if isinstance(inner, (tree.Binary, tree.Unary, tree.RangeExpr, tree.Number)):
            self.closed[id(inner)] = inner
        return inner

    def index(self, v: Values, first: int, last: int) -> tree.Index:
        return tree.Index(v[0], v[2], self.at(first, last))

    def attribute(self, v: Values, first: int, last: int) -> tree.Attribute:
        return tree.Attribute(v[0], self.values[v[2]], self.at(first, last))

    def attribute_path(self, v: Values, first: int, last: int) -> tree.Attribute:
        base: tree.Expr = v[0]
        end = self.starts[v[2]]
        for name in self.values[v[2]].split("."):
            end += len(name)
            base = tree.Attribute(base, name, At(self.starts[first], end))
            end += 1
        return base  # type: ignore[return-value]  # a dotted token has at least one name

    def unary(self, v: Values, first: int, last: int) -> tree.Expr:
        op = self.values[first]
        operand: tree.Expr = v[1]
        at = self.at(first, last)
        if (
            op == "-"
            and type(operand) is tree.Number
            and id(operand) not in self.closed
            and not operand.value.is_signed()
        ):
            return tree.Number(-operand.value, operand.unit, at)
        return tree.Unary(op, operand, at)

    def worded(self, v: Values, first: int, last: int) -> tree.Unary:
        return tree.Unary(self.values[v[0]], v[1], self.at(first, last))

    def binary(self, v: Values, first: int, last: int) -> tree.Expr:
        return self._combine(v[0], self.values[v[1]], v[2])

    def _combine(self, left: tree.Expr, op: str, right: tree.Expr) -> tree.Expr:
        """``left op right``, where ``left`` was read without regard to precedence: a tighter ``op`` goes down its right
        side."""
        strength = _PRECEDENCE[op]
        kind = type(left)
        if id(left) not in self.closed:
            if kind is tree.Binary and _PRECEDENCE[left.op] < strength:  # type: ignore[union-attr]
                inner = self._combine(left.right, op, right)  # type: ignore[union-attr]
                return tree.Binary(left.op, left.left, inner, At(left.at.start, inner.at.end))  # type: ignore[union-attr]
            if kind is tree.RangeExpr and _PRECEDENCE[".."] < strength:
                inner = self._combine(left.high, op, right)  # type: ignore[union-attr]
                return tree.RangeExpr(left.low, inner, At(left.at.start, inner.at.end))  # type: ignore[union-attr]
            if kind is tree.Unary and left.op == "not" and _PRECEDENCE["not"] < strength:  # type: ignore[union-attr]
                inner = self._combine(left.operand, op, right)  # type: ignore[union-attr]
                return tree.Unary("not", inner, At(left.at.start, inner.at.end))
        at = At(left.at.start, right.at.end)
        return tree.RangeExpr(left, right, at) if op == ".." else tree.Binary(op, left, right, at)

    # ------------------------------------------------------------------------------------------ types and fields

    def type_name(self, v: Values, first: int, last: int) -> tree.TypeExpr:
        return tree.TypeExpr(self.values[first], (), self.at(first, last))

    def type_arguments(self, v: Values, first: int, last: int) -> tree.TypeExpr:
        return tree.TypeExpr(self.values[first], tuple(v[2]), self.at(first, last))

    def field(self, v: Values, first: int, last: int) -> tree.FieldDecl:
        return self._field(v[2], None, first, last)

    def field_default(self, v: Values, first: int, last: int) -> tree.FieldDecl:
        return self._field(v[2], v[4], first, last)

    def _field(self, kind: tree.TypeExpr, default: tree.Expr | None, first: int, last: int) -> tree.FieldDecl:
        found = self.inner_trivia(first, last)
        doc = found.doc
        if doc is not None:
            found = tree.Trivia(found.leading, found.trailing, None, found.blank_before)
        name = self.string(first).value if self.tokens.kinds[first] == "STRING" else self.values[first]
        return tree.FieldDecl(name, kind, default, doc, self.at(first, last), found, self.at(first, first))


def plain_comment(text: str) -> str:
    """A comment as one that is no doc comment."""
    return f"// {text[2:]}" if _is_doc(text) else text


def _is_doc(comment: str) -> bool:
    return comment.startswith("///") and not comment.startswith("////")
