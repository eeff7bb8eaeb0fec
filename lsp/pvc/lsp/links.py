"""What a file names that can be opened by a click: files, modules, and addresses on the web."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pvc.compiler.resolve.scope import Unit
from pvc.compiler.syntax import tree
from pvc.lsp.analysis import Analysis
from pvc.lsp.memo import once_a_block
from pvc.lsp.walking import nodes

_URL = re.compile(r"https?://[^\s\"'<>`\\{}|^]*[^\s\"'<>`\\{}|^.,;:!?)\]]")
_DOI = re.compile(r"(?:doi:\s?)(10\.\d{4,9}/[^\s\"'<>]*[^\s\"'<>.,;:)])", re.IGNORECASE)
_ARXIV = re.compile(r"arxiv:\s?(\d{4}\.\d{4,5}(?:v\d+)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """Either a file's ``path`` or an address ``url``."""

    start: int
    end: int
    path: str = ""
    url: str = ""


@once_a_block
def _named(block: tree.Block) -> tuple[tree.Text, ...]:
    """The quoted texts of a block that may be files."""
    found: list[tree.Text] = []
    for node in nodes(block.item):
        if isinstance(node, tree.Use) and node.path is not None:
            found.append(node.path)
        elif isinstance(node, tree.Declaration) and isinstance(node.value, tree.Text):
            found.append(node.value)
        elif isinstance(node, tree.Call):
            found += (argument.value for argument in node.arguments if isinstance(argument.value, tree.Text))
    return tuple(each for each in found if "." in each.value and "\n" not in each.value and len(each.value) < 500)


@once_a_block
def _addresses(block: tree.Block) -> tuple[tuple[int, int, str], ...]:
    """Places of addresses in texts and comments, each with what to open."""
    text = block.text
    found = [(each.start(), each.end(), each.group()) for each in _URL.finditer(text)]
    found += ((each.start(1), each.end(1), f"https://doi.org/{each[1]}") for each in _DOI.finditer(text))
    found += ((each.start(1), each.end(1), f"https://arxiv.org/abs/{each[1]}") for each in _ARXIV.finditer(text))
    return tuple(sorted(found))


def links(analysis: Analysis) -> list[Link]:
    """The files that are named and are there, the modules, the addresses; in the order of the text."""
    folder = os.path.dirname(analysis.path)
    known = {os.path.normpath(path) for path, _ in analysis.files}
    found: list[Link] = []
    for block in analysis.blocks:
        found += (Link(block.start + start, block.start + end, url=url) for start, end, url in _addresses(block))
        for text in _named(block):
            path = os.path.normpath(os.path.join(folder, text.value))
            at = block.text.find(text.value, text.at.start, text.at.end)
            if at >= 0 and (path in known or os.path.isfile(path)):
                found.append(Link(block.start + at, block.start + at + len(text.value), path))
        found += _module(analysis, block)
    return found


def _module(analysis: Analysis, block: tree.Block) -> Iterator[Link]:
    item = block.item
    if isinstance(item, tree.Use) and item.module is not None and analysis.unit is not None:
        module = analysis.unit.modules.get(item.alias or item.module.parts[-1])
        if module is not None and isinstance(module.value, Unit):
            at = item.module.at
            yield Link(block.start + at.start, block.start + at.end, module.value.path)
