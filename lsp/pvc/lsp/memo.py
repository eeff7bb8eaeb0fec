"""What follows from a block alone is worked out once for each text: most blocks are the same after a key press."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from pvc.compiler.recent import OVERHEAD, Recent
from pvc.compiler.syntax import tree

Result = TypeVar("Result")
KEPT = 1_000_000
"""Characters of blocks whose results are kept, for each kind of result."""


def once_a_block(work: Callable[[tree.Block], Result]) -> Callable[[tree.Block], Result]:
    """The function, its results kept by the block's text and what it was read as (both spellings may share a text)."""
    known: Recent[tuple[type, str], Result] = Recent(KEPT)

    @wraps(work)
    def run(block: tree.Block) -> Result:
        return known.get((type(block.item), block.text), len(block.text) + OVERHEAD, lambda: work(block))

    return run
