"""Files that a file names: `use "./brand.vid"`, `csv("data.csv")`, pictures; to be opened by a click."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache

from pvc.compiler.resolve.scope import Unit
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.parser import parse_block
from pvc.lsp.analysis import Analysis
from pvc.lsp.spots import nodes


@dataclass(frozen=True, slots=True)
class Link:
    start: int
    end: int
    path: str


@lru_cache(maxsize=4096)
def _named(text: str) -> tuple[tree.Text, ...]:
    """The quoted texts of a block that may be files."""
    item = parse_block(text)[0]
    found: list[tree.Text] = []
    for node in nodes(item):
        if isinstance(node, tree.Use) and node.path is not None:
            found.append(node.path)
        elif isinstance(node, tree.Declaration) and isinstance(node.value, tree.Text):
            found.append(node.value)
        elif isinstance(node, tree.Call):
            found += (argument.value for argument in node.arguments if isinstance(argument.value, tree.Text))
    return tuple(each for each in found if "." in each.value and "\n" not in each.value and len(each.value) < 500)


def links(analysis: Analysis) -> list[Link]:
    """The files that are named and were read."""
    folder = os.path.dirname(analysis.path)
    known = {os.path.normpath(path) for path, _ in analysis.files}
    found: list[Link] = []
    for block in analysis.blocks:
        for text in _named(block.text):
            path = os.path.normpath(os.path.join(folder, text.value))
            if path in known:
                start, end = block.start + text.at.start + 1, block.start + text.at.end - 1
                found.append(Link(start, end, path))
        item = block.item
        if isinstance(item, tree.Use) and item.module is not None and analysis.unit is not None:
            module = analysis.unit.modules.get(item.alias or item.module.parts[-1])
            if module is not None and isinstance(module.value, Unit):
                at = item.module.at
                found.append(Link(block.start + at.start, block.start + at.end, module.value.path))
    return found
