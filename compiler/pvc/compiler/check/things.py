"""What a name or an expression can stand for while checking, beyond the plain values of the model.

`UNKNOWN` is what an expression is worth once it has been reported: every operation on it is silent, so that one
mistake is reported once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from pvc.compiler.model.program import ConceptSpec, Effect, InnerSpec, Music, Source, Voice
from pvc.compiler.model.theme import Theme
from pvc.compiler.model.values import Record, Value
from pvc.compiler.source import Span

if TYPE_CHECKING:
    from pvc.compiler.check.components import Component
    from pvc.compiler.check.types import Type
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
    built: Built | None = None
    """What it is made of, where its component is made of other visuals."""
    facts: Facts | None = None
    """What is known of such a component without a call."""

    @property
    def parts(self) -> Mapping[str, Type | None]:
        """Its parts, with the type of their index (None: they have none)."""
        return self.component.parts if self.facts is None else self.facts.parts


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """What a part of a component names inside it: a whole visual (``kind`` `visual`, or `tex`: its formula), or what
    that visual calls ``selector``: one of its parts (`part`) or a family of them (`group`). ``key``: the name that
    tells it from others of its loop."""

    visual: Visual
    kind: str
    selector: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the body of a component that is made of others says without a call: its ``parts``, and what each names.
    ``usable`` is False for one that can never be built."""

    parts: Mapping[str, Type | None]
    aims: Mapping[str, Aim]
    usable: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A component's body worked out: its ``picture`` as the layout takes it, the ``places`` of inner visuals in files,
    what each of its ``parts`` names (several where a loop makes them), and the visuals shown in it as ``leaves``, from
    number 1 on."""

    picture: Record
    places: tuple[InnerSpec, ...]
    parts: Mapping[str, tuple[Aim, ...]]
    leaves: tuple[Visual, ...] = ()


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
    within: Visual | PartThing | None = None
    """What it is inside a component that is made of others: the inner visual, or its part. Its selector then ends the
    selector of this."""


Thing: TypeAlias = (
    Value | Unknown | Visual | PaperThing | VoiceThing | MusicThing | SoundThing | ThemeThing | ConceptThing | PartThing
)
