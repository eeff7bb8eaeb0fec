"""What follows from a block alone is worked out once for each text: most blocks are the same after a key press."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from pvc.compiler.syntax import tree

Result = TypeVar("Result")
MOST = 4096
"""Blocks that are kept."""


def once_a_block(work: Callable[[tree.Block], Result]) -> Callable[[tree.Block], Result]:
    """The function, its results kept by the block's text and what it was read as (both spellings may share a text)."""
    known: OrderedDict[tuple[type, str], Result] = OrderedDict()

    @wraps(work)
    def run(block: tree.Block) -> Result:
        key = type(block.item), block.text
        if key in known:
            known.move_to_end(key)
            return known[key]
        found = known[key] = work(block)
        if len(known) > MOST:
            known.popitem(last=False)
        return found

    return run
