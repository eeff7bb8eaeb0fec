"""Which version of the language a file is written in: the setting `vid` of its talk.

A file that does not say is read as the language that this pvc speaks. So is a file without a talk: it is used by one.
"""

from __future__ import annotations

from dataclasses import dataclass

from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

VERSION = 1
"""The version of the language that this pvc speaks."""
OLDEST = 0
"""The oldest one that `pvc migrate` knows: the drafts before the first release."""
SETTING = "vid"


@dataclass(frozen=True, slots=True)
class Stated:
    """``number`` is None for what is no version; ``span`` is of the value."""

    number: int | None
    span: Span


def stated(file: tree.File) -> Stated | None:
    """What a file says of its version; None where it says nothing."""
    for block in file.blocks:
        if not isinstance(block.item, tree.Talk):
            continue
        for item in block.item.body:
            if isinstance(item, tree.Setting) and item.name == SETTING:
                value = item.value
                at = item.at if isinstance(value, tree.Missing) else value.at
                number: int | None = None
                if isinstance(value, tree.Number) and value.unit is None and value.value == value.value.to_integral():
                    number = int(value.value) if 0 <= value.value < 1_000_000 else None
                return Stated(number, Span(file.path, block.start + at.start, block.start + at.end))
    return None
