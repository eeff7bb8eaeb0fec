"""What stands at an offset: the innermost nodes of the tree there."""

from __future__ import annotations

from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.lsp.analysis import Analysis
from pvc.lsp.navigation import Found
from pvc.lsp.walking import nodes, nodes_at


def _span(analysis: Analysis, block: tree.Block, at: tree.At) -> Span:
    return Span(analysis.path, block.start + at.start, block.start + at.end)


def verb_at(analysis: Analysis, offset: int) -> tuple[Span, str] | None:
    """The verb of an action that an offset stands on."""
    block = analysis.block_at(offset)
    if block is None:
        return None
    for node in nodes_at(block.item, offset - block.start):
        if isinstance(node, tree.Action) and node.name_at.start <= offset - block.start <= node.name_at.end:
            return _span(analysis, block, node.name_at), node.verb
    return None


def setting_at(analysis: Analysis, offset: int) -> tuple[Span, str] | None:
    """The talk's setting whose name an offset stands on."""
    block = analysis.block_at(offset)
    if block is None or not isinstance(block.item, tree.Talk):
        return None
    for node in nodes(block.item.body):
        if isinstance(node, tree.Setting) and node.name_at.start <= offset - block.start <= node.name_at.end:
            return _span(analysis, block, node.name_at), node.name
    return None


def visual_call(analysis: Analysis, found: Found) -> tree.Expr | None:
    """What a scene's own name was made of: the value of its `let`, or the call that `as` names."""
    block = next((each for each in analysis.blocks if each.start == found.meaning.block), None)
    return made_of(block.item, found.meaning.name) if block is not None else None


def made_of(item: object, name: str) -> tree.Expr | None:
    for node in nodes(item):
        match node:
            case tree.Let(name=let) if let == name:
                return node.value
            case tree.Action() if node.operands:
                for clause in node.clauses:
                    if clause.keyword == "as" and clause.value == tree.Name((name,)):
                        return node.operands[0]
    return None
