"""What a library of components offers, read from its declarations and doc comments: for reference pages and galleries.

A doc comment is prose, then (where it has one) an example, fenced as ```` ```vid ````: the statements of a scene.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pvc.compiler.check  # noqa: F401 - first, since it and the resolver import each other
from pvc.compiler import data
from pvc.compiler.check.verbs import VERBS
from pvc.compiler.resolve.standard import PRELUDE, STANDARD
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.parser import parse
from pvc.compiler.syntax.phrases import type_text

_FENCE = re.compile(r"^```vid\n(.*?)^```$\n?", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parameter:
    """``default``: as written, None where an argument is needed; ``doc``: one paragraph."""

    name: str
    type: str
    default: str | None
    doc: str


@dataclass(frozen=True, slots=True)
class Part:
    """``selector``: as it stands behind a visual's name, such as ``.bars["..."]`` or ``[tex`...`]``."""

    selector: str
    doc: str


@dataclass(frozen=True, slots=True)
class Action:
    """A verb that this component understands beside the common ones. ``usage``: a statement with it; ``clauses``: what
    may follow it, ``by`` in `orbit camera by 40deg`."""

    usage: str
    clauses: tuple[Parameter, ...]
    doc: str


@dataclass(frozen=True, slots=True)
class Component:
    """``module``: the standard module that must be used for it, "" where it is always there; ``name``: as it is called
    (`charts.bar`); ``example``: statements of a scene, "" where the comment has none; ``backends``: those besides
    canvas that draw it in a way of their own."""

    module: str
    name: str
    prose: str
    example: str
    parameters: tuple[Parameter, ...]
    parts: tuple[Part, ...]
    actions: tuple[Action, ...]
    backends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    name: str
    prose: str


def split_doc(doc: str | None) -> tuple[str, str]:
    """The prose of a doc comment (a line for each paragraph) and its example, each "" where there is none."""
    whole = (doc or "") + "\n"
    found = _FENCE.search(whole)
    prose = _FENCE.sub("", whole)
    paragraphs = (" ".join(each.split()) for each in re.split(r"\n\s*\n", prose))
    return "\n".join(each for each in paragraphs if each), found[1].rstrip("\n") if found is not None else ""


def _parts(item: tree.ComponentDecl) -> Iterator[Part]:
    for part in item.body:
        if not isinstance(part, tree.PartDecl):
            continue
        if part.name == "tex":
            selector = "[tex`...`]"
        elif part.name == "concept":
            selector = "[CONCEPT]"
        elif part.index is None:
            selector = f".{part.name}"
        else:
            selector = f'.{part.name}["..."]' if part.index.name == "text" else f".{part.name}[2]"
        yield Part(selector, part.doc.value if part.doc is not None else "")


def _parameters(block: tree.Block, fields: Iterable[tree.FieldDecl]) -> tuple[Parameter, ...]:
    def written(node: tree.Expr | None) -> str | None:
        return None if node is None else block.text[node.at.start : node.at.end]

    return tuple(
        Parameter(each.name, type_text(each.type), written(each.default), " ".join((each.doc or "").split()))
        for each in fields
    )


def _actions(block: tree.Block, item: tree.ComponentDecl) -> Iterator[Action]:
    for action in item.body:
        if isinstance(action, tree.ActionDecl):
            doc = action.doc.value if action.doc is not None else ""
            yield Action(VERBS[action.name].usage, _parameters(block, action.parameters), doc)


def _component(module: str, block: tree.Block, item: tree.ComponentDecl) -> Component:
    prose, example = split_doc(item.trivia.doc)
    return Component(
        module,
        f"{module}.{item.name}" if module else item.name,
        prose,
        example,
        _parameters(block, item.parameters),
        tuple(_parts(item)),
        tuple(_actions(block, item)),
        tuple(each.backend for each in item.body if isinstance(each, tree.Render)),
    )


def _blocks(module: str) -> tuple[tree.Block, ...]:
    path = data.path("stdlib", f"{module}.vid")
    return tuple(parse(path.read_text(encoding="utf-8"), path.name).file.blocks)


def modules() -> tuple[str, ...]:
    """The standard modules that hold components; "" stands for what is always in scope."""
    return ("", *STANDARD)


def components(module: str) -> tuple[Component, ...]:
    """The components of a standard module (see `modules`), in the order of their declaration."""
    files = PRELUDE if module == "" else (module,)
    return tuple(
        _component(module, block, block.item)
        for file in files
        for block in _blocks(file)
        if isinstance(block.item, tree.ComponentDecl)
    )


def themes() -> tuple[Theme, ...]:
    """The themes that are always in scope."""
    return tuple(
        Theme(block.item.name, split_doc(block.item.trivia.doc)[0])
        for file in PRELUDE
        for block in _blocks(file)
        if isinstance(block.item, tree.ThemeDecl)
    )
