"""Skia without the system's libGL: the libraries that we write are real ones to the dynamic linker."""

from __future__ import annotations

import ctypes
import importlib.util
import platform
import sys
from pathlib import Path

import pytest

from pvc.runtime.backends.canvas.graphics_library import _MACHINES, import_skia, shared_object, undefined_symbols

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in _MACHINES, reason="ELF on x86-64 or arm64 only"
)


def test_every_symbol_of_a_written_library_is_a_function_that_returns_0(tmp_path: Path) -> None:
    machine, code = _MACHINES[platform.machine()]
    symbols = tuple(f"glThing{index}" for index in range(200))
    path = tmp_path / "libThing.so.1"
    path.write_bytes(shared_object("libThing.so.1", symbols, machine, code))
    library = ctypes.CDLL(str(path))
    assert {getattr(library, name)() for name in symbols} == {0}
    with pytest.raises(AttributeError):
        _ = library.glMissing


def test_skia_wants_what_we_would_define() -> None:
    spec = importlib.util.find_spec("skia")
    assert spec is not None
    assert spec.origin is not None
    wanted = undefined_symbols(Path(spec.origin).read_bytes(), ("gl", "egl"))
    assert {"eglGetProcAddress", "glClear"} <= set(wanted)


def test_skia_is_imported_one_way_or_the_other() -> None:
    assert import_skia().__name__ == "skia"
