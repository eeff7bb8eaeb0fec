"""AAC."""

from __future__ import annotations

from dataclasses import dataclass

FRAME = 1024


@dataclass(frozen=True, slots=True)
class AacTrack:
    packets: tuple[bytes, ...]
    config: bytes
    priming: int
    samples: int
    channels: int
