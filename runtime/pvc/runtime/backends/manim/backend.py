"""Manim as a painter: a child process with manim imported, kept warm, asked for exact frames.

It paints any display list through Manim's Cairo camera and has components of its own (`native.py`). It lives in a
process of its own because importing Manim takes most of a second and 120 MB, and so that its end is not ours.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from multiprocessing import shared_memory
from pathlib import Path
from typing import Any

import msgpack
import numpy as np

from pvc.compiler.digest import canonical, code_digest
from pvc.compiler.model.display import Chunk, Fragment, Glyphs, Picture
from pvc.compiler.packing import packed
from pvc.runtime.backends.interface import Frame, PixelRect, Resources
from pvc.runtime.backends.rasters import versions
from pvc.runtime.errors import EngineError

FRAME_SECONDS = 60.0
"""A frame takes milliseconds; what takes this long hangs."""
START_SECONDS = 90.0
MEMORY_BYTES = 6 << 30
"""Address space of the child: a scene that needs more is ended before the machine swaps."""

_MODULES = (
    "pvc.runtime.backends.manim",
    "pvc.runtime.backends.films",
    "pvc.runtime.backends.rasters",
    "pvc.runtime.programs.reel",
    "pvc.compiler.model.morph",
    "pvc.compiler.model.tracks",
    "pvc.compiler.text.outline",
    "pvc.compiler.layout.plots.expression",
)
_INSTALL = (
    "pip install 'paper-video-compiler[manim]' (on Debian and Ubuntu first: apt install libcairo2-dev libpango1.0-dev "
    "pkg-config), or write `fallback canvas`"
)


def installed() -> bool:
    """Whether Manim is there, found without importing it."""
    return importlib.util.find_spec("manim") is not None


@cache
def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("manim")
    except PackageNotFoundError:
        raise EngineError("PVC0831", "the backend 'manim' is not installed", _INSTALL) from None


class ManimBackend:
    """`manim` (see `interface.Backend`)."""

    name = "manim"

    def __init__(self) -> None:
        _version()
        self._process: subprocess.Popen[bytes] | None = None
        self._hello: dict[str, str] = {}

    def identity(self) -> tuple[tuple[str, str], ...]:
        self._started()
        return (
            ("backend", "manim"),
            ("manim", self._hello["manim"]),
            ("cairo", self._hello["cairo"]),
            *versions(),
            ("adapter", code_digest(_MODULES)),
        )

    def paint(
        self, chunk: Chunk, layer: int, size: tuple[int, int], opaque: bool, resources: Resources
    ) -> Iterator[Frame]:
        fragments = {item.fragment: resources.fragment(item.fragment) for item in chunk.layers[layer].items}
        process = self._started()
        share = shared_memory.SharedMemory(create=True, size=size[0] * size[1] * 4)
        finished = False
        try:
            self._send(
                process,
                {
                    "chunk": canonical(chunk),
                    "layer": layer,
                    "size": list(size),
                    "opaque": opaque,
                    "fragments": {digest: canonical(fragment) for digest, fragment in fragments.items()},
                    "files": _files(fragments.values(), resources),
                    "share": share.name,
                },
            )
            shared = np.ndarray((size[1], size[0], 4), np.uint8, share.buf)
            own = np.empty((size[1], size[0], 4), np.uint8)
            for number in range(chunk.frames):
                message = self._receive(process, FRAME_SECONDS)
                if "error" in message:
                    finished = True
                    if "code" in message:
                        raise EngineError(message["code"], message["error"], message["hint"])
                    raise EngineError(
                        "PVC0833", f"Manim could not paint this: {message['error']}", "use `on canvas` for this visual"
                    )
                changed = None if message["changed"] is None else PixelRect(*message["changed"])
                rows = slice(None) if changed is None else slice(changed.top, changed.bottom)
                columns = slice(None) if changed is None else slice(changed.left, changed.right)
                own[rows, columns] = shared[rows, columns]
                self._write(process, b"+")
                finished = number == chunk.frames - 1
                yield Frame(own, changed)
            del shared
        finally:
            if not finished:
                # The child stands in the middle of a chunk: a fresh one is cheaper than finding out where.
                self.close()
            with contextlib.suppress(BufferError):
                share.close()
            share.unlink()

    def close(self) -> None:
        """Ends the child."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PYTHONHASHSEED": "0",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "pvc.runtime.backends.manim.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            preexec_fn=_limits if sys.platform == "linux" else None,
        )
        self._process = process
        self._hello = {str(key): str(value) for key, value in self._receive(process, START_SECONDS).items()}
        if broken := self._hello.get("broken"):
            self.close()
            raise EngineError(
                "PVC0831",
                f"Manim is installed but cannot be imported: {broken}",
                "install it anew: " + _INSTALL.replace("or write `fallback canvas`", "or write `on canvas`"),
            )
        return process

    def _send(self, process: subprocess.Popen[bytes], message: dict[str, object]) -> None:
        data = packed(message)
        self._write(process, struct.pack(">I", len(data)) + data)

    def _write(self, process: subprocess.Popen[bytes], data: bytes) -> None:
        assert process.stdin is not None
        try:
            process.stdin.write(data)
            process.stdin.flush()
        except OSError as error:
            raise self._died(process) from error

    def _receive(self, process: subprocess.Popen[bytes], seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        (size,) = struct.unpack(">I", self._read(process, 4, deadline))
        message: dict[str, Any] = msgpack.unpackb(self._read(process, size, deadline))
        return message

    def _read(self, process: subprocess.Popen[bytes], count: int, deadline: float) -> bytes:
        assert process.stdout is not None
        data = b""
        while len(data) < count:
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                self.close()
                raise EngineError("PVC0832", "Manim gave no answer in time and was ended", "run the build again")
            part = os.read(process.stdout.fileno(), count - len(data))
            if not part:
                raise self._died(process)
            data += part
        return data

    def _died(self, process: subprocess.Popen[bytes]) -> EngineError:
        self.close()
        return EngineError(
            "PVC0832",
            f"Manim's process ended while it worked (status {process.returncode})",
            "run the build again; if it happens again, `pvc doctor` tells whether memory is short",
        )


def _files(fragments: Any, resources: Resources) -> dict[str, str]:
    digests = {
        primitive.font if isinstance(primitive, Glyphs) else primitive.digest
        for fragment in fragments
        for primitive in _leaves(fragment)
    }
    return {digest: str(Path(resources.blob(digest)).resolve()) for digest in sorted(digests)}


def _leaves(fragment: Fragment) -> list[Glyphs | Picture]:
    return [element.primitive for element in fragment.elements if isinstance(element.primitive, (Glyphs, Picture))]


def _limits() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
