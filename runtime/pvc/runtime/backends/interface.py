"""What a backend is to the runtime: it turns one layer of a chunk into raw frames, exactly as many as asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pvc.compiler.model.display import Chunk, Fragment


@dataclass(frozen=True, slots=True)
class PixelRect:
    """Whole pixels, half-open: ``[left, right) x [top, bottom)``."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. ``pixels``: height x width x 4, uint8, RGBA, alpha premultiplied, C-contiguous; the buffer may be
    reused for the next frame, so whoever keeps it copies it. ``changed``: where it differs from the frame before at
    most; None: anywhere; a rectangle without area: nowhere."""

    pixels: NDArray[np.uint8]
    changed: PixelRect | None


class Resources(Protocol):
    """Where a painter finds what a chunk refers to."""

    def fragment(self, digest: str) -> Fragment: ...

    def blob(self, digest: str) -> Path:
        """The file (image, font) with these bytes."""
        ...


class Backend(Protocol):
    """One worker's view of an engine. Raises EngineError (see `errors.py`) for what the user can mend."""

    name: str

    def identity(self) -> tuple[tuple[str, str], ...]:
        """What of the engine changes its pixels: versions, build flags, a digest of our own adapter's code."""
        ...

    def paint(
        self, chunk: Chunk, layer: int, size: tuple[int, int], opaque: bool, resources: Resources
    ) -> Iterator[Frame]:
        """Frames 0 .. chunk.frames-1 of one layer at ``size`` pixels; ``opaque``: over the chunk's background."""
        ...
