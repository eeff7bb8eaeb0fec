"""What a formula is once it is set."""

from __future__ import annotations

from dataclasses import dataclass

from pvc.compiler.model.display import Element, Problem


@dataclass(frozen=True, slots=True)
class MathBlock:
    """A formula at its own origin (top left), one element for each glyph and rule, ``order`` in reading order.

    ``baseline``: from the top, px. ``parts``: canonical selectors (`tex:QK^\\top`, `concept:query`) with indices into
    ``elements``. ``speech``: the formula in words, as far as that goes.
    """

    width: float
    height: float
    baseline: float
    elements: tuple[Element, ...]
    parts: tuple[tuple[str, tuple[int, ...]], ...] = ()
    problems: tuple[Problem, ...] = ()
    speech: str = ""
