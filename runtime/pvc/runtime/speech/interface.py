"""What a voice is to the runtime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pvc.compiler.model.speech import Utterance, Word

if TYPE_CHECKING:  # asking an engine who it is must not cost the import of numpy
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Speech:
    """``samples``: mono float32 in -1..1 at 48 kHz, silence trimmed at both ends, loudness not yet adjusted. ``words``
    in samples of it; ``estimated`` where the engine could not say when its words were heard."""

    samples: NDArray[np.float32]
    words: tuple[Word, ...]
    estimated: bool


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do. ``ssml``: the kinds of marks that it honours; ``found_by_name``: a voice that says nothing
    else is looked up by its name in the talk."""

    ssml: tuple[str, ...]
    memory_mb: int
    found_by_name: bool = False


class Engine(Protocol):
    name: str

    def identity(self, utterance: Utterance) -> tuple[tuple[str, str], ...]:
        """What changes the sound besides the utterance: engine version, voice data digest, our adapter's code."""
        ...

    def capabilities(self) -> Capabilities: ...

    def synthesize(self, utterance: Utterance) -> Speech: ...
