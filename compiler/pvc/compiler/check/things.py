"""What a name or an expression can stand for while checking, beyond the plain values of the model.

`UNKNOWN` is what an expression is worth once it has been reported: every operation on it is silent, so that one
mistake is reported once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from pvc.compiler.model.program import ConceptSpec, Effect, Music, Source, Voice
from pvc.compiler.model.theme import Theme
from pvc.compiler.model.values import Value
from pvc.compiler.source import Span

if TYPE_CHECKING:
    from pvc.compiler.check.components import Component
    from pvc.compiler.papers.paper import Paper


class Unknown:
    """The type of `UNKNOWN`, the worth of what has been reported."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True, eq=False)
class Visual:
    """A call of a component. Compared by identity: two equal calls are two visuals."""

    component: Component
    arguments: tuple[tuple[str, Value], ...]
    span: Span
    broken: bool = False
    """Whether an argument was wrong; then nothing more is said about its parts."""
    concepts: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, eq=False)
class PaperThing:
    """A `paper` that was read; ``paper`` is None where it could not be (which has been reported)."""

    source: Source
    paper: Paper | None


@dataclass(frozen=True, slots=True)
class VoiceThing:
    voice: Voice


@dataclass(frozen=True, slots=True)
class MusicThing:
    music: Music


@dataclass(frozen=True, slots=True)
class SoundThing:
    effect: Effect


@dataclass(frozen=True, slots=True)
class ThemeThing:
    theme: Theme


@dataclass(frozen=True, slots=True)
class ConceptThing:
    concept: ConceptSpec


@dataclass(frozen=True, slots=True)
class PartThing:
    """A part of a visual, its selector canonical (see `Part` in the model)."""

    visual: Visual
    selector: str
    kind: str


Thing: TypeAlias = (
    Value | Unknown | Visual | PaperThing | VoiceThing | MusicThing | SoundThing | ThemeThing | ConceptThing | PartThing
)
