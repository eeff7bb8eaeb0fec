"""The embedded voice: espeak-ng from the `espeakng-loader` wheel, in a child process. Always there, exact, plain."""

from __future__ import annotations

from fractions import Fraction

from pvc.compiler.digest import code_digest
from pvc.compiler.model.program import Voice
from pvc.compiler.model.speech import Utterance
from pvc.compiler.model.tongues import spoken_as
from pvc.runtime.errors import EngineError
from pvc.runtime.speech.child import Child
from pvc.runtime.speech.interface import Capabilities, Speech
from pvc.runtime.speech.ssml import SEMITONE, ssml

WORDS_PER_MINUTE = 165
"""espeak-ng's own default is 175; a talk is easier to follow a little slower."""
PITCH = 46
"""Of 0..100; the default 50 sounds strained on the plain male voice."""

_MODULES = (
    "pvc.compiler.model.tongues",
    "pvc.runtime.speech.espeak",
    "pvc.runtime.speech.espeak_process",
    "pvc.runtime.speech.finish",
    "pvc.runtime.speech.resample",
    "pvc.runtime.speech.ipa",
    "pvc.runtime.speech.ssml",
    "pvc.runtime.speech.words",
)


def voice_names(voice: Voice, language: str) -> tuple[str, ...]:
    """The engine's names of a voice, the best first: `espeak(voice: "en-gb-x-rp")`, with `variant: "f3"` as
    `en-gb-x-rp+f3`; without a voice, those that speak the language."""
    parameters = dict(voice.parameters)
    chosen = parameters.get("voice") or parameters.get("model")
    variant = parameters.get("variant")
    names = (str(chosen),) if chosen else spoken_as(language)
    return tuple(f"{name}+{variant}" for name in names) if variant else names


def _clamped(value: Fraction | int, low: int, high: int) -> int:
    return max(low, min(high, round(value)))


class EspeakEngine:
    """`espeak` (see `interface.Engine`). Safe to use from several threads: each gets a child of its own."""

    name = "espeak"

    def __init__(self) -> None:
        self._child = Child("pvc.runtime.speech.espeak_process", "espeak")

    def identity(self, utterance: Utterance) -> tuple[tuple[str, str], ...]:
        return (
            ("engine", "espeak-ng"),
            ("library", _library_version()),
            ("adapter", code_digest(_MODULES)),
        )

    def capabilities(self) -> Capabilities:
        return Capabilities(
            ssml=("break", "rate", "pitch", "volume", "sub", "say-as", "emphasis", "phoneme"),
            memory_mb=40,
        )

    def synthesize(self, utterance: Utterance) -> Speech:
        import numpy as np

        from pvc.runtime.speech.finish import finished

        document, words = ssml(utterance)
        voices = voice_names(utterance.voice, utterance.language)
        header, pcm = self._child.ask(
            {
                "ssml": document,
                "voices": voices,
                "rate": _clamped(WORDS_PER_MINUTE * utterance.voice.rate, 80, 450),
                "pitch": _clamped(PITCH * (1 + utterance.voice.pitch * Fraction(SEMITONE) / 100), 2, 99),
            }
        )
        if "error" in header:
            offered = ", ".join(name for name in header["voices"] if name[:2] == voices[0][:2])
            raise EngineError(
                "PVC0803",
                str(header["error"]),
                f"voices for this language: {offered}" if offered else "`pvc doctor` lists what this machine can speak",
            )
        raw = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768.0
        return finished(raw, int(header["rate"]), {int(name): sample for name, sample in header["marks"]}, words)

    def close(self) -> None:
        self._child.close()


def _library_version() -> str:
    from importlib.metadata import version

    return version("espeakng-loader")
