"""What could not be read: a name in it may be used there, for all that is known."""

from __future__ import annotations

import re

from pvc.compiler.syntax import tree

_WORD = re.compile(r"[^\W\d]\w*")
_BODIES = ("body", "otherwise", "items", "entries", "blocks", "item")
"""Fields of nodes in which statements stand."""


def unread_words(node: object) -> frozenset[str]:
    """The words of the statements in a node, or in a tuple of nodes, that the parser gave up."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, tree.Broken):
            found.update(_WORD.findall(each.text))
        elif isinstance(each, tuple):
            waiting += each
        else:
            waiting += [below for name in _BODIES if (below := getattr(each, name, None))]
    return frozenset(found)
