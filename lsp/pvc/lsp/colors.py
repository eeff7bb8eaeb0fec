"""Colours in a file: `#1e90ff` and `theme.accent`, and how a picked one is written."""

from __future__ import annotations

from dataclasses import dataclass

from pvc.compiler.model.values import Color
from pvc.compiler.syntax import tree
from pvc.lsp.analysis import Analysis
from pvc.lsp.memo import once_a_block
from pvc.lsp.walking import nodes


@dataclass(frozen=True, slots=True)
class Swatch:
    start: int
    end: int
    color: Color


@once_a_block
def _colored(block: tree.Block) -> tuple[tree.ColorLiteral | tree.Name, ...]:
    return tuple(
        node
        for node in nodes(block.item)
        if isinstance(node, tree.ColorLiteral)
        or (isinstance(node, tree.Name) and len(node.parts) == 2 and node.parts[0] == "theme")
    )


def swatches(analysis: Analysis) -> list[Swatch]:
    theme = dict(analysis.program.theme.colors) if analysis.program is not None else {}
    found: list[Swatch] = []
    for block in analysis.blocks:
        for node in _colored(block):
            if isinstance(node, tree.ColorLiteral):
                channels = [int(node.hex[i : i + 2], 16) for i in range(0, len(node.hex), 2)]
                color: Color | None = Color(*channels)
            else:
                color = theme.get(node.parts[1])
            if color is not None:
                found.append(Swatch(block.start + node.at.start, block.start + node.at.end, color))
    return found


def spellings(analysis: Analysis, color: Color) -> list[str]:
    """A colour as it can be written: the theme's tokens that are exactly it, then its digits."""
    program = analysis.program
    named = [f"theme.{name}" for name, value in program.theme.colors if value == color] if program is not None else []
    digits = f"#{color.red:02x}{color.green:02x}{color.blue:02x}"
    return [*named, digits if color.alpha == 255 else f"{digits}{color.alpha:02x}"]
