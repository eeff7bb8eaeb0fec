"""What can be folded: items, bodies, long calls and lists, runs of comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pvc.compiler.syntax.lexer import TooDeep, lex
from pvc.lsp.analysis import Analysis

_COMMENTS = re.compile(r"(?:^[ \t]*//[^\n]*\n){2,}", re.MULTILINE)
_OPEN = frozenset({"LBRACE", "LPAREN", "LBRACKET", "RECORD"})
_CLOSE = frozenset({"RBRACE", "RPAREN", "RBRACKET"})


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines from 0, both included; ``kind`` is `region` or `comment`."""

    first: int
    last: int
    kind: str


@lru_cache(maxsize=4096)
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


def folds(analysis: Analysis) -> list[Fold]:
    found: list[Fold] = []
    for block in analysis.blocks:
        first = analysis.lines.place(block.start).line
        found += (Fold(first + each.first, first + each.last, each.kind) for each in _folds(block.text))
    return found
