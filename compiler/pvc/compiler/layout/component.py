"""The face between a component's implementation and the rest: `lay_out(arguments, box, env) -> Fragment`.

An implementation is a free, pure function; `registry.py` maps the name that a component declares (`layout =
"equation"`) to it, lazily, so that nobody imports matplotlib who draws no chart. Whatever is wrong comes back as
``Fragment.problems``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pvc.compiler.model.display import Fragment
from pvc.compiler.model.program import ConceptSpec
from pvc.compiler.model.theme import Theme
from pvc.compiler.model.values import Value
from pvc.compiler.world import World


@dataclass(frozen=True, slots=True)
class Box:
    """The most room a visual may take, in reference pixels. A component with a size of its own stays below it and is
    reported (`problems`) where it cannot; a stretching one (a chart) fills it. ``alone``: nothing else shares the body
    of the frame while the visual is there, so that it may be composed as a page."""

    width: float
    height: float
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Env:
    """What a layout may know besides its arguments. ``addressed``: canonical selectors of the parts that the talk acts
    on (a formula marks them when it is typeset). ``reference``: the reference frame's size. ``font_files``: digests of
    the project's own font files, tried after the theme's families."""

    theme: Theme
    concepts: tuple[ConceptSpec, ...]
    language: str
    reference: tuple[int, int]
    addressed: tuple[str, ...]
    world: World
    font_files: tuple[str, ...] = ()
    programs: bool = False
    """Whether programs of the talk may be run: else they show what stands in their place."""


class Layout(Protocol):
    def __call__(self, arguments: Mapping[str, Value], box: Box, env: Env, /) -> Fragment: ...
