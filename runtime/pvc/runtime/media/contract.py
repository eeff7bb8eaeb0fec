"""What a build promises of its film; written beside it (`OUT.json`), compared by `pvc verify`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from pvc.runtime.errors import MediaError


@dataclass(frozen=True, slots=True)
class Contract:
    """``frames`` and ``samples`` (48 kHz) are exact; ``chapters``: (frame, title); ``captions``: how many, None: not
    promised; ``speech``: (start, samples) of every sentence; ``accompanied``: there is more to hear than the voice, and
    over the samples ``loud`` it may be as loud as that;
    ``digest``: BLAKE3 of the file, empty: not promised; ``said``: the script that the captions show, without its white
    space, empty: not promised."""

    width: int
    height: int
    fps: Fraction
    frames: int
    samples: int
    chapters: tuple[tuple[int, str], ...] = ()
    captions: int | None = None
    speech: tuple[tuple[int, int], ...] = ()
    digest: str = ""
    size: int | None = None
    accompanied: bool = False
    said: str = ""
    loud: tuple[tuple[int, int], ...] = ()

    def to_json(self) -> dict[str, object]:
        """Plain data for a manifest; `from_json` reads it back."""
        return {
            "width": self.width,
            "height": self.height,
            "fps": f"{self.fps.numerator}/{self.fps.denominator}",
            "frames": self.frames,
            "samples": self.samples,
            "chapters": [{"frame": frame, "title": title} for frame, title in self.chapters],
            "captions": self.captions,
            "speech": [[start, samples] for start, samples in self.speech],
            "digest": self.digest,
            "size": self.size,
            "accompanied": self.accompanied,
            "said": self.said,
            "loud": [[start, samples] for start, samples in self.loud],
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Contract:
        """Raises ValueError for data that is no contract."""
        try:
            fps = Fraction(data["fps"])
            contract = Contract(
                _count(data["width"]),
                _count(data["height"]),
                fps,
                _count(data["frames"]),
                _count(data["samples"]),
                tuple((_count(chapter["frame"]), str(chapter["title"])) for chapter in data.get("chapters", ())),
                None if data.get("captions") is None else _count(data["captions"]),
                tuple((_count(start), _count(samples)) for start, samples in data.get("speech", ())),
                str(data.get("digest") or ""),
                None if data.get("size") is None else _count(data["size"]),
                data.get("accompanied") is True,
                str(data.get("said") or ""),
                tuple((_count(start), _count(samples)) for start, samples in data.get("loud", ())),
            )
        except (KeyError, TypeError, AttributeError, ZeroDivisionError) as error:
            raise ValueError(f"not a contract: {error!r}") from error
        if fps <= 0:
            raise ValueError("not a contract: fps")
        return contract


def without_space(text: str) -> str:
    """A text by which two ways of breaking it into lines are equal."""
    return "".join(text.split())


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"not a contract: {value!r} is no count")
    return value


def contract_of(manifest: Path) -> Contract:
    """The contract in a build's manifest; sentences listed there are its ``speech``, and what captions are to say where
    they are not promised to be none. Raises MediaError (PVC0871)."""
    try:
        data = json.loads(manifest.read_bytes())
        promised = dict(data["contract"])
        if "speech" not in promised:
            promised["speech"] = [(item["start"], item["samples"]) for item in data.get("sentences", ())]
        if "said" not in promised and promised.get("captions") is None:
            promised["said"] = without_space(" ".join(str(item["text"]) for item in data.get("sentences", ())))
        return Contract.from_json(promised)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MediaError(
            "PVC0871",
            f"{manifest} is no manifest of a build ({type(error).__name__})",
            "build again, or verify without it",
        ) from error
