"""What text is set in, and what comes out. `typeset.py` makes TextBlocks; components put them together."""

from __future__ import annotations

from dataclasses import dataclass

from pvc.compiler.model.display import Element, Paint, Rect


@dataclass(frozen=True, slots=True)
class TextStyle:
    """``family`` as the theme names it; ``size`` in reference px; ``leading`` a factor of it; ``tabular``: figures of
    equal width."""

    family: str
    size: float
    paint: Paint
    weight: int = 400
    italic: bool = False
    leading: float = 1.3
    tabular: bool = False


@dataclass(frozen=True, slots=True)
class WordBox:
    """Where one word (``text[start:end]`` of the text after `spans.polish`) landed; ``element`` is the index of the
    first element that draws it."""

    start: int
    end: int
    box: Rect
    element: int


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Set text at its own origin (top left). One Glyphs element for each run of each line (and one for each word where
    words were asked for apart). ``baseline``: of the first line, from the top. ``missing``: characters that no font
    covers."""

    width: float
    height: float
    baseline: float
    lines: int
    elements: tuple[Element, ...]
    words: tuple[WordBox, ...] = ()
    missing: tuple[str, ...] = ()
