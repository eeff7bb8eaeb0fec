"""Colours for words by their meaning: what an editor's grammar cannot know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pvc.compiler.syntax import tree
from pvc.lsp.analysis import Analysis
from pvc.lsp.names import Occurrence, occurrences
from pvc.lsp.navigation import parameter_of
from pvc.lsp.walking import nodes

KINDS = ("keyword", "namespace", "class", "variable", "parameter", "property", "label", "type", "function", "number")
"""The legend: the names LSP gives to kinds of tokens, in the order of their numbers."""


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    kind: str
    declares: bool


_SPACES = {
    "modules": "namespace",
    "components": "class",
    "themes": "type",
    "values": "variable",
    "parameters": "parameter",
    "scenes": "namespace",
    "cues": "label",
}


def tokens(analysis: Analysis, start: int, end: int) -> list[Token]:
    """The tokens in ``[start, end)``, in order and apart."""
    found: list[Token] = []
    for block in analysis.blocks:
        if block.start + len(block.text) < start or block.start > end:
            continue
        made = [*_names(analysis, block), *_verbs(block)]
        last = -1
        for token in sorted(made, key=lambda each: (each.start, each.end)):
            if token.start >= last and start <= token.start < end:
                found.append(token)
                last = token.end
    return found


def _names(analysis: Analysis, block: tree.Block) -> Iterator[Token]:
    for each in occurrences(block):
        kind = _kind(analysis, each)
        if kind is not None:
            yield Token(block.start + each.start, block.start + each.end, kind, each.declares)


def _kind(analysis: Analysis, each: Occurrence) -> str | None:
    unit = analysis.unit
    if each.space == "values" and each.local is None and unit is not None and not each.declares and not each.owner:
        if each.slot is not None:
            field = parameter_of(unit, each.slot)
            if field is not None and field.type.name in ("column", "symbol"):
                return "property"
        if unit.find("values", each.name) is None:
            return "namespace" if unit.find("modules", each.name) is not None or each.name == "theme" else None
    return _SPACES[each.space]


def _verbs(block: tree.Block) -> Iterator[Token]:
    if not isinstance(block.item, tree.Scene):
        return
    for node in nodes(block.item.body):
        if isinstance(node, tree.Action):
            start = block.start + node.name_at.start
            if block.text.startswith(node.verb, node.name_at.start):
                yield Token(start, start + len(node.verb), "function", False)
