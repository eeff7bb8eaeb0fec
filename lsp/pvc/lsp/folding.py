"""What can be folded: items, bodies, long calls and lists, runs of comments."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pvc.compiler.recent import of_texts
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.lexer import TooDeep, lex
from pvc.compiler.syntax.spelling import is_yaml
from pvc.lsp.analysis import Analysis
from pvc.lsp.memo import KEPT, once_a_block
from pvc.lsp.walking import nodes

_COMMENTS = re.compile(r"(?:^[ \t]*//[^\n]*\n){2,}", re.MULTILINE)
_OPEN = frozenset({"LBRACE", "LPAREN", "LBRACKET", "RECORD"})
_CLOSE = frozenset({"RBRACE", "RPAREN", "RBRACKET"})


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines from 0, both included; ``kind`` is `region` or `comment`."""

    first: int
    last: int
    kind: str


@of_texts(KEPT)
def _folds(text: str) -> tuple[Fold, ...]:
    found: list[Fold] = []
    try:
        tokens = lex(text)
    except TooDeep:
        return ()

    def line(offset: int) -> int:
        return text.count("\n", 0, offset)

    stack: list[int] = []
    for index, kind in enumerate(tokens.kinds):
        if kind in _OPEN:
            stack.append(tokens.starts[index])
        elif kind in _CLOSE and stack:
            start = stack.pop()
            if "\n" in text[start : tokens.starts[index]]:
                found.append(Fold(line(start), line(tokens.starts[index]) - 1, "region"))
        elif kind == "TAGGED" and "\n" in tokens.values[index]:
            found.append(Fold(line(tokens.starts[index]), line(tokens.ends[index]), "region"))
    found += (Fold(line(run.start()), line(run.end()) - 1, "comment") for run in _COMMENTS.finditer(text))
    return tuple(each for each in found if each.last > each.first)


@once_a_block
def _mappings(block: tree.Block) -> tuple[Fold, ...]:
    """The nodes of a block of the YAML twin that take several lines."""
    text = block.text
    found: list[Fold] = []
    for node in nodes(block.item):
        at = getattr(node, "at", None)
        if at is not None and "\n" in text[at.start : at.end].rstrip():
            first = text.count("\n", 0, at.start)
            found.append(Fold(first, first + text[at.start : at.end].rstrip().count("\n"), "region"))
    return tuple(dict.fromkeys(each for each in found if each.last > each.first))


def folds(analysis: Analysis) -> list[Fold]:
    if is_yaml(analysis.path):
        return [
            Fold(first + each.first, first + each.last, each.kind)
            for block in analysis.blocks
            for first in (analysis.lines.place(block.start).line,)
            for each in _mappings(block)
        ]
    found: list[Fold] = []
    for block in analysis.blocks:
        first = analysis.lines.place(block.start).line
        found += (Fold(first + each.first, first + each.last, each.kind) for each in _folds(block.text))
    return found
