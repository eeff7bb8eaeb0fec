"""Backends by name, where they are there and where they are not."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys

import pytest

from pvc.runtime.backends.manim import backend as manim
from pvc.runtime.backends.registry import BACKENDS, backend
from pvc.runtime.errors import EngineError


def test_canvas_is_always_there_and_one_object() -> None:
    assert backend("canvas").name == "canvas"
    assert backend("canvas") is backend("canvas")
    assert {"skia", "pillow", "pdfium", "adapter"} <= set(dict(backend("canvas").identity()))


def test_a_name_that_there_is_not_lists_those_that_there_are() -> None:
    with pytest.raises(EngineError) as caught:
        backend("manin")
    assert caught.value.code == "PVC0880"
    assert all(name in (caught.value.hint or "") for name in BACKENDS)


def test_manim_that_is_not_installed_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", absent)
    manim._version.cache_clear()
    with pytest.raises(EngineError) as caught:
        manim.ManimBackend()
    manim._version.cache_clear()
    assert caught.value.code == "PVC0831"
    assert "paper-video-compiler[manim]" in (caught.value.hint or "")
    assert "libpango1.0-dev" in (caught.value.hint or "")


def test_asking_for_manim_does_not_import_it() -> None:
    """Seen from a fresh process: the parent of the child stays small, installed or not."""
    code = (
        "import sys\n"
        "from pvc.runtime.backends.registry import backend\n"
        "from pvc.runtime.errors import EngineError\n"
        "try: backend('manim')\n"
        "except EngineError: pass\n"
        "print('manim' in sys.modules, 'skia' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split() == ["False", "False"]
