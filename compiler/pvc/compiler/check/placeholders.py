"""Fixes that put something where a person has to say what it is: they are offered, never applied on their own."""

from __future__ import annotations

from collections.abc import Iterable

from pvc.compiler.check.removal import text_of
from pvc.compiler.check.types import Type
from pvc.compiler.diagnostics.model import Applicability, Edit, Fix
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.spelling import is_yaml

_VALUES = {
    "text": '"TODO"',
    "markdown": "md`TODO`",
    "tex": "tex`x`",
    "code": "python`pass`",
    "number": "1",
    "int": "1",
    "bool": "true",
    "duration": "1s",
    "length": "50%",
    "angle": "90deg",
    "color": "theme.accent",
}


def placeholder(kind: Type) -> str | None:
    """A value of a type that checks and says that it is none; None where there is no such value."""
    if kind.name == "list" and kind.arguments:
        inner = placeholder(kind.arguments[0])
        return f"[{inner}]" if inner is not None else None
    if kind.name == "range":
        return "0..1"
    if kind.name == "symbol" and kind.arguments:
        return kind.arguments[0].name
    return _VALUES.get(kind.name)


def arguments(scope: Scope, call: tree.Call, missing: Iterable[tuple[str, Type]]) -> tuple[Fix, ...]:
    """The fix that adds arguments to a call."""
    added = []
    for name, kind in missing:
        value = placeholder(kind)
        if value is None:
            return ()
        added.append(f"{name}: {value}")
    return argument(scope, call, ", ".join(added), f"add `{', '.join(added)}`")


def argument(scope: Scope, call: tree.Call, text: str, title: str) -> tuple[Fix, ...]:
    """The fix that adds ``text`` behind a call's last argument."""
    return argument_at(scope, scope.span(call.at), text, title)


def argument_at(scope: Scope, call: Span, text: str, title: str | None = None) -> tuple[Fix, ...]:
    """The same for the call whose source is at a span of the scope's block."""
    if call.path != scope.unit.path:
        return ()
    whole = text_of(scope, tree.At(call.start - scope.base, call.end - scope.base))
    if whole is None or not whole.endswith(")") or "//" in whole:  # a comment may stand where we would write
        return ()
    inside = whole[:-1].rstrip()
    if inside.endswith("("):
        lead = ""
    else:
        lead = " " if inside.endswith(",") else ", "
    at = call.start + len(inside)
    return (Fix(title or f"add `{text}`", (Edit(Span(call.path, at, at), lead + text),), Applicability.PLACEHOLDER),)


def behind(scope: Scope, at: tree.At, text: str, title: str) -> tuple[Fix, ...]:
    """The fix that adds ``text`` behind a statement or expression."""
    if is_yaml(scope.unit.path):
        return ()  # clauses are keys there
    place = scope.base + at.end
    return (Fix(title, (Edit(Span(scope.unit.path, place, place), text),), Applicability.PLACEHOLDER),)
