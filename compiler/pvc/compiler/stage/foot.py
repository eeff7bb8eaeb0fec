"""The frame of a talk, with what stands at its foot: captions painted into the picture, and how far the talk has come.

Layouts keep the theme's zone for captions free in any case. Where captions are painted there must be room in it for two
lines that touch neither what is above them nor the frame's edge, and for the progress below them.
"""

from __future__ import annotations

from fractions import Fraction

from pvc.compiler.layout.progress import THICK, TITLE
from pvc.compiler.model.program import Program, SceneSpec, captions_of
from pvc.compiler.model.theme import Theme
from pvc.compiler.model.values import Symbol
from pvc.compiler.stage import regions

LEADING = 1.25
"""Of a caption's lines, em."""
ACROSS, ABOVE = 0.5, 0.22
"""Room between a caption's words and the edge of its ground, em."""
CLEAR = 20.0
"""Px above and below a caption of two lines."""
UNDER = 14.0
"""Px between the progress and the frame's lower edge."""


def caption_size(theme: Theme) -> float:
    """Px of a caption's type."""
    try:
        return float(Fraction((dict(theme.style).get("caption_size") or "").removesuffix("px")))
    except ValueError:
        return 40.0


def two_lines(theme: Theme) -> float:
    """Px of height that a caption of two lines takes with the room above and below it."""
    return (2 * LEADING + 2 * ABOVE) * caption_size(theme) + 2 * CLEAR


def progress_style(program: Program) -> str:
    """How a talk shows how far it has come: `bar`, `dots` or `none`."""
    value = dict(program.settings).get("progress")
    return value.name if isinstance(value, Symbol) else "none"


def below_captions(program: Program) -> float:
    """Px at the frame's lower edge that painted captions leave to the progress."""
    if progress_style(program) == "none":
        return 0.0
    return UNDER + 1.6 * TITLE * float(program.theme.size("label")) + THICK


def frame(program: Program, spec: SceneSpec) -> regions.Frame:
    """The frame in which a scene of the talk is arranged."""
    least = 0.0
    if captions_of(program) == "burned" and any(beat.narration is not None for beat in spec.beats):
        least = two_lines(program.theme) + below_captions(program)
    return regions.frame(program.theme, program.format.reference, least)
