"""What could not be read: a name in it may be used there, for all that is known."""

from __future__ import annotations

import re
from collections.abc import Callable

from pvc.compiler.query import Query
from pvc.compiler.resolve.sources import PARSED, Sources
from pvc.compiler.syntax import tree

_WORD = re.compile(r"[^\W\d]\w*")
_NAMED = re.compile(r"\b(?:let|as|for|data|paper|voice|music|sound|font|concept|component|theme)\s+([^\W\d]\w*)")
_BODIES = ("body", "otherwise", "items", "entries", "blocks", "item")
"""Fields of nodes in which statements stand."""


def unread_names(node: object) -> frozenset[str]:
    """The names that a node's statements, or those of a tuple of nodes, would declare had the parser understood them:
    a use of one is no second mistake."""
    return frozenset(name for text in _unread(node) for name in _NAMED.findall(text))


def unread_words(node: object) -> frozenset[str]:
    """The words of the statements in a node, or in a tuple of nodes, that the parser gave up."""
    return frozenset(word for text in _unread(node) for word in _WORD.findall(text))


def _unread(node: object) -> list[str]:
    found: list[str] = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, tree.Broken):
            found.append(each.text)
        elif isinstance(each, tuple):
            waiting += each
        else:
            waiting += [below for name in _BODIES if (below := getattr(each, name, None))]
    return found


def _of_file(read: Callable[[object], frozenset[str]]) -> Callable[[Sources, str], frozenset[str]]:
    def of(db: Sources, path: str) -> frozenset[str]:
        found = db.get(PARSED, path)
        return read(found.parsed.file.blocks) if found.parsed is not None and found.diagnostics else frozenset()

    return of


UNREAD_NAMES: Query[str, frozenset[str]] = Query("unread names", _of_file(unread_names))
"""The names that a file would declare had all of it been understood."""

UNREAD_WORDS: Query[str, frozenset[str]] = Query("unread", _of_file(unread_words))
"""The words of a file that stand in what could not be read."""
