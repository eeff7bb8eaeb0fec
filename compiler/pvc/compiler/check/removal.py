"""Fixes that take a whole statement out of a file, with its lines and its documentation, in either spelling."""

from __future__ import annotations

import re

from pvc.compiler.diagnostics.model import Applicability, Edit, Fix
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

_REST = re.compile(r"[ \t]*(?:(?://|#)[^\n]*)?(?:\n|\Z)")
_BEFORE = re.compile(r"[ \t]*(?:-[ \t]+)?")


def block_of(scope: Scope) -> tree.Block | None:
    """The block that a scope's statements stand in."""
    return scope.unit.block(scope.base)


def text_of(scope: Scope, at: tree.At) -> str | None:
    """The source of a node."""
    block = block_of(scope)
    return block.text[at.start : at.end] if block is not None else None


def removing(
    scope: Scope, at: tree.At, title: str = "remove it", trust: Applicability = Applicability.SUGGESTED
) -> tuple[Fix, ...]:
    """The fix that removes a statement; none where something else stands on its lines. What is safe keeps comments."""
    block = block_of(scope)
    if block is None:
        return ()
    text = block.text
    start = text.rfind("\n", 0, at.start) + 1
    rest = _REST.match(text, at.end)
    if rest is None or _BEFORE.fullmatch(text, start, at.start) is None:
        return ()
    while start > 0:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above:start].lstrip().startswith("///"):
            break
        start = above
    span = Span(scope.unit.path, scope.base + start, scope.base + rest.end())
    if trust is Applicability.SAFE and (rest.group().strip() or text[start : at.start].strip(" -\t")):
        trust = Applicability.SUGGESTED  # somebody's words would go with it
    return (Fix(title, (Edit(span, ""),), trust),)


def without_cue(scope: Scope, cue: Span, title: str, trust: Applicability) -> tuple[Fix, ...]:
    """The fix that takes a cue out of a narration, with one of the spaces around it."""
    block = block_of(scope)
    if block is None:
        return ()
    start, end = cue.start - scope.base, cue.end - scope.base
    if block.text[start - 1 : start] == " " and block.text[end : end + 1] in (" ", '"', ".", ",", "?", "!"):
        start -= 1
    elif block.text[start - 1 : start] == '"' and block.text[end : end + 1] == " ":
        end += 1
    return (Fix(title, (Edit(Span(cue.path, scope.base + start, scope.base + end), ""),), trust),)
