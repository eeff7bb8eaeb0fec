"""Piper: neural voices from ONNX files, in a child process. Weights are the user's own; none come with pvc.

A voice is `NAME.onnx` with `NAME.onnx.json` beside it, found by `voice v = piper(model: "NAME")` in the folders of
``voice_folders()`` or by a path. Noise is off by default: piper draws it unseeded, and a build must come out the same
twice; `piper(model: ..., noise: 0.667, noise_w: 0.8)` turns it on for who prefers a livelier voice.
"""

from __future__ import annotations

import os
from fractions import Fraction
from functools import cache
from pathlib import Path

from pvc.compiler.digest import code_digest, digest_bytes
from pvc.compiler.model.program import Voice
from pvc.compiler.model.speech import Utterance
from pvc.runtime.errors import EngineError
from pvc.runtime.speech.child import Child
from pvc.runtime.speech.interface import Capabilities, Speech
from pvc.runtime.speech.ssml import tokens

_MODULES = (
    "pvc.runtime.speech.finish",
    "pvc.runtime.speech.piper",
    "pvc.runtime.speech.piper_process",
    "pvc.runtime.speech.resample",
    "pvc.runtime.speech.words",
)


def voice_folders() -> tuple[Path, ...]:
    """Where voices are looked for: `PVC_VOICES`, then the user's data folder."""
    named = os.environ.get("PVC_VOICES")
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return (*([Path(named)] if named else []), data / "pvc" / "voices")


def find_model(voice: Voice) -> tuple[Path, Path]:
    """The model and configuration files of a voice. Raises EngineError where there is none, naming where it looked."""
    wanted = str(dict(voice.parameters).get("model") or voice.name)
    direct = Path(wanted)
    candidates = [direct] if direct.suffix == ".onnx" else [folder / f"{wanted}.onnx" for folder in voice_folders()]
    for model in candidates:
        configuration = model.with_name(model.name + ".json")
        if model.is_file() and configuration.is_file():
            return model, configuration
    looked = ", ".join(str(path.parent) for path in candidates)
    raise EngineError(
        "PVC0804",
        f"there is no piper voice '{wanted}'",
        f"put {Path(wanted).name.removesuffix('.onnx')}.onnx and its .onnx.json into one of: {looked}",
    )


@cache
def _file_digest(path: Path, size: int, modified: int) -> str:
    return digest_bytes(path.read_bytes())


def _digest(path: Path) -> str:
    seen = path.stat()
    return _file_digest(path, seen.st_size, seen.st_mtime_ns)


def _number(voice: Voice, name: str, default: float) -> float:
    value = dict(voice.parameters).get(name)
    return float(value) if isinstance(value, (int, Fraction)) else default


class PiperEngine:
    """`piper` (see `interface.Engine`)."""

    name = "piper"

    def __init__(self) -> None:
        self._children: dict[Path, Child] = {}

    def identity(self, utterance: Utterance) -> tuple[tuple[str, str], ...]:
        model, configuration = find_model(utterance.voice)
        return (
            ("engine", f"piper {_installed()}"),
            ("model", _digest(model)),
            ("configuration", _digest(configuration)),
            ("adapter", code_digest(_MODULES)),
        )

    def capabilities(self) -> Capabilities:
        return Capabilities(
            ssml=("sub",),
            memory_mb=300,
            found_by_name=True,
        )

    def synthesize(self, utterance: Utterance) -> Speech:
        import numpy as np

        from pvc.runtime.speech.finish import finished

        model, configuration = find_model(utterance.voice)
        child = self._children.setdefault(
            model, Child("pvc.runtime.speech.piper_process", "piper", (str(model), str(configuration)))
        )
        header, pcm = child.ask(
            {
                "text": "".join(say for _, _, say in utterance.spoken) or utterance.text,
                "noise": _number(utterance.voice, "noise", 0.0),
                "noise_w": _number(utterance.voice, "noise_w", 0.0),
                "length": float(1 / utterance.voice.rate),
            }
        )
        if "error" in header:
            raise EngineError("PVC0803", str(header["error"]), "try another voice, or reword the sentence")
        raw = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768.0
        words = tokens(utterance.text)
        marks = {int(index): int(sample) for index, sample in header["marks"]}
        # Numbers and abbreviations are several spoken words for one written: then times by word would be wrong ones.
        return finished(raw, int(header["rate"]), marks if len(marks) == len(words) else {}, words)

    def close(self) -> None:
        for child in self._children.values():
            child.close()


def _installed() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("piper-tts")
    except PackageNotFoundError:
        raise EngineError(
            "PVC0802", "the voice engine 'piper' is not installed", "pip install 'paper-video-compiler[piper]'"
        ) from None
