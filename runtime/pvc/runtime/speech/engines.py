"""Voice engines by name."""

from __future__ import annotations

from functools import cache

from pvc.compiler.model.speech import Utterance
from pvc.runtime.errors import EngineError
from pvc.runtime.speech.interface import Engine

NAMES = ("espeak", "piper")


@cache
def engine(name: str) -> Engine:
    """The engine of a name, one object a process. Raises EngineError for a name that none has."""
    match name:
        case "espeak":
            from pvc.runtime.speech.espeak import EspeakEngine

            return EspeakEngine()
        case "piper":
            from pvc.runtime.speech.piper import PiperEngine

            return PiperEngine()
    raise EngineError("PVC0804", f"there is no voice engine '{name}'", f"the engines are: {', '.join(NAMES)}")


def unsupported(utterance: Utterance) -> tuple[str, ...]:
    """The kinds of SSML elements in an utterance that its engine does not honour, for a warning."""
    honoured = engine(utterance.voice.engine).capabilities().ssml
    return tuple(sorted({mark.kind for mark in utterance.marks if mark.kind not in honoured}))
