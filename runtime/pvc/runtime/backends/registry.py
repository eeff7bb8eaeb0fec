"""Backends by name: the plug-ins, each in a folder of its own, imported when first needed."""

from __future__ import annotations

import importlib
from functools import cache

from pvc.runtime.backends.interface import Backend
from pvc.runtime.errors import EngineError

BACKENDS = {
    "canvas": "pvc.runtime.backends.canvas.backend:CanvasBackend",
    "manim": "pvc.runtime.backends.manim.backend:ManimBackend",
}
"""`module:class` by the name that `on NAME` uses."""


@cache
def backend(name: str) -> Backend:
    """The backend of a name, one object a process. Raises EngineError where there is none of that name or what it needs
    is not installed."""
    if name not in BACKENDS:
        raise EngineError("PVC0880", f"there is no backend '{name}'", f"the backends are: {', '.join(BACKENDS)}")
    module, _, kind = BACKENDS[name].partition(":")
    try:
        made: Backend = getattr(importlib.import_module(module), kind)()
    except ImportError as error:
        raise EngineError(
            "PVC0881",
            f"the backend '{name}' cannot be used: {error}",
            "`pvc doctor` says what to install; or write `fallback canvas` at the visual",
        ) from error
    return made
