"""Voice engines by name."""

from __future__ import annotations

from functools import cache

from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.model.program import Program
from pvc.runtime.errors import EngineError
from pvc.runtime.speech.interface import Engine

NAMES = ("espeak", "piper")
SPELT = ("say-as", "sub")
"""Elements that the compiler itself spells out, so that every voice knows them."""


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


def unsupported(program: Program) -> tuple[Diagnostic, ...]:
    """A warning for each element of a narration that its voice does not honour: it is heard as if it were not there.

    Raises EngineError for a voice whose engine there is none of.
    """
    found = []
    for narration in (beat.narration for scene in program.scenes for beat in scene.beats):
        if narration is None or not narration.marks:
            continue
        voice = narration.voice or program.voice
        honoured = engine(voice.engine).capabilities().ssml
        for kind in sorted({mark.kind for mark in narration.marks} - set(honoured) - set(SPELT)):
            message = f"the voice '{voice.name}' ({voice.engine}) does not know <{kind}>: it is spoken without it"
            hint = f"{voice.engine} knows: {', '.join(sorted({*honoured, *SPELT}))}"
            found.append(Diagnostic("PVC0805", Severity.WARNING, message, narration.span, hint))
    return tuple(found)
