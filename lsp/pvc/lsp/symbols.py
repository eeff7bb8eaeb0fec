"""The outline of a file: its items, and what scenes and components hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.lsp.analysis import Analysis
from pvc.lsp.names import occurrences


@dataclass(frozen=True, slots=True)
class Symbol:
    """``kind`` is the language's word (`scene`, `let`, `data`, ...); ``name_span`` lies within ``span``."""

    name: str
    detail: str
    kind: str
    span: Span
    name_span: Span
    children: tuple[Symbol, ...] = ()


def symbols(analysis: Analysis) -> list[Symbol]:
    return of_blocks(analysis.path, analysis.blocks)


def of_blocks(path: str, blocks: Iterable[tree.Block]) -> list[Symbol]:
    found: list[Symbol] = []
    for block in blocks:
        made = _item(path, block)
        if made is not None:
            found.append(made)
    return found


def _span(path: str, block: tree.Block, at: tree.At) -> Span:
    return Span(path, block.start + at.start, block.start + max(at.start, at.end))


def _item(path: str, block: tree.Block) -> Symbol | None:
    item = block.item
    if isinstance(item, tree.Broken):
        return None
    span = _span(path, block, item.at)
    kind, name, detail = type(item).__name__.lower(), "", ""
    children: list[Symbol] = []
    match item:
        case tree.Talk():
            name = item.title.value or "talk"
            children = [_child(path, block, each) for each in item.body if isinstance(each, tree.Setting | tree.Group)]
        case tree.Use():
            name = ".".join(item.module.parts) if item.module else item.path.value if item.path else ""
        case tree.Declaration():
            kind, name = item.kind, item.name
            children = [
                Symbol(each.name, each.type.name, "column", _span(path, block, each.at), _span(path, block, each.at))
                for each in item.columns
            ]
        case tree.Let() | tree.Concept():
            name = item.name
        case tree.ThemeDecl():
            kind, name = "theme", item.name
            children = [_child(path, block, each) for each in item.body if isinstance(each, tree.Setting | tree.Group)]
        case tree.ComponentDecl():
            kind, name = "component", item.name
            for field in item.parameters:
                at = _span(path, block, field.at)
                children.append(Symbol(field.name, field.type.name, "parameter", at, at))
            children += _statements(path, block, item.body)
        case tree.Scene():
            name, detail = item.name, item.title.value if item.title else ""
            children = _statements(path, block, item.body)
        case tree.Lexicon():
            name = "lexicon"
        case tree.Translation():
            name = item.language
    own = next((each for each in occurrences(block) if each.declares and each.name == name), None)
    named = span
    if own is not None and item.at.start <= own.start and own.end <= item.at.end:
        named = Span(path, block.start + own.start, block.start + own.end)
    return Symbol(name or kind, detail, kind, span, named, tuple(children))


def _child(path: str, block: tree.Block, node: tree.Setting | tree.Group) -> Symbol:
    span = _span(path, block, node.at)
    named = _span(path, block, node.name_at) if node.name_at != tree.NOWHERE else Span(path, span.start, span.start)
    kind = "group" if isinstance(node, tree.Group) else "setting"
    inner = node.items if isinstance(node, tree.Group) else ()
    children = tuple(_child(path, block, each) for each in inner if isinstance(each, tree.Setting | tree.Group))
    return Symbol(node.name, "", kind, span, named, children)


def _statements(path: str, block: tree.Block, body: tuple[object, ...]) -> list[Symbol]:
    found: list[Symbol] = []
    for node in body:
        at = getattr(node, "at", None)
        if not isinstance(at, tree.At):
            continue
        span = _span(path, block, at)
        match node:
            case tree.PartDecl() | tree.ActionDecl():
                found.append(Symbol(node.name, node.doc.value if node.doc else "", "part", span, span))
            case tree.Let():
                detail = ".".join(node.value.callee.parts) if isinstance(node.value, tree.Call) else ""
                found.append(Symbol(node.name, detail, "let", span, span))
            case tree.Say():
                text = " ".join(node.text.value.split())
                short = text if len(text) <= 60 else text[:59] + "…"
                found.append(Symbol(short or "say", "", "say", span, _span(path, block, node.text.at)))
            case tree.For() | tree.If() | tree.Arrangement():
                inner = (*node.body, *node.otherwise) if isinstance(node, tree.If) else node.body
                found += _statements(path, block, inner)
    return found
