"""Visuals whose backend is not installed here are drawn by the one named in its place, and that is said."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.model.program import Program, VisualSpec
from pvc.runtime.errors import EngineError

_EMBEDDED = "canvas"


@cache
def _absent(name: str) -> EngineError | None:
    """Why a backend cannot be used here; None where it can. Its plug-in is made, which starts nothing."""
    from pvc.runtime.backends.registry import backend

    try:
        backend(name)
    except EngineError as error:
        return error
    return None


def fall_back(program: Program) -> tuple[Program, tuple[Diagnostic, ...]]:
    """The program with the fallback as the backend of each visual whose own is absent, and a warning for each backend
    that is. A visual without a fallback keeps its backend, so that the build says what to install."""
    said: dict[tuple[str, str], Diagnostic] = {}

    def settled(visual: VisualSpec) -> VisualSpec:
        if visual.fallback is None or visual.backend == _EMBEDDED or (error := _absent(visual.backend)) is None:
            return visual
        said.setdefault(
            (visual.backend, visual.fallback),
            Diagnostic(
                "PVC0882",
                Severity.WARNING,
                f"{error.message}; `{visual.fallback}` draws in its place",
                visual.span,
                hint=error.hint,
            ),
        )
        return replace(visual, backend=visual.fallback, native=None)

    scenes = tuple(replace(scene, visuals=tuple(settled(one) for one in scene.visuals)) for scene in program.scenes)
    return (replace(program, scenes=scenes), tuple(said.values())) if said else (program, ())
