"""The Manim child: paints layers that arrive on stdin. Run as a program, never imported.

Protocol, all messages a 4-byte big-endian length and msgpack: first, unasked, ``{"manim", "cairo"}`` (versions); then
for each request ``{"chunk", "layer", "size", "opaque", "fragments", "files", "share"}`` one message for each frame,
``{"changed": [left, top, right, bottom] or None}``, after the pixels inside stand in the shared memory ``share``; the
parent answers one byte when it has taken them. An error is ``{"error": sentence}`` (with ``code`` and ``hint`` where it
has its own), after which the next request may come.
"""

from __future__ import annotations

import os
import struct
import sys
import traceback
from multiprocessing import resource_tracker, shared_memory
from pathlib import Path
from typing import Any

import msgpack
import numpy as np

from pvc.compiler.packing import packed
from pvc.runtime.errors import PvcError


def _send(out: Any, message: dict[str, object]) -> None:
    data = packed(message)
    out.write(struct.pack(">I", len(data)) + data)
    out.flush()


def _paint(request: dict[str, Any], source: Any, out: Any) -> None:
    from pvc.compiler import codec
    from pvc.runtime.backends.manim.painting import frames

    width, height = request["size"]
    share = shared_memory.SharedMemory(request["share"])
    # The parent owns the segment; without this the child's tracker would unlink it at exit (CPython issue 82300).
    resource_tracker.unregister("/" + share.name.lstrip("/"), "shared_memory")
    try:
        target = np.ndarray((height, width, 4), np.uint8, share.buf)
        fragments = {digest: codec.decode(data) for digest, data in request["fragments"].items()}
        files = {digest: Path(path) for digest, path in request["files"].items()}
        chunk = codec.decode(request["chunk"])
        for pixels, changed in frames(chunk, request["layer"], (width, height), request["opaque"], fragments, files):
            place = (slice(None), slice(None))
            if changed is not None:
                place = (slice(changed.top, changed.bottom), slice(changed.left, changed.right))
            target[place] = pixels[place]
            sides = None if changed is None else [changed.left, changed.top, changed.right, changed.bottom]
            _send(out, {"changed": sides})
            if source.read(1) != b"+":
                return
        del target
    finally:
        share.close()


def main() -> None:
    # Whatever Manim or a library prints must not get between the messages.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    source = sys.stdin.buffer
    try:
        import cairo
        import manim
    except Exception as error:  # a library of the system that is missing, a version that does not fit
        _send(out, {"broken": f"{type(error).__name__}: {error}"})
        return

    _send(out, {"manim": manim.__version__, "cairo": cairo.cairo_version_string()})
    while head := source.read(4):
        request = msgpack.unpackb(source.read(struct.unpack(">I", head)[0]), strict_map_key=False)
        try:
            _paint(request, source, out)
        except PvcError as error:
            _send(out, {"error": error.message, "code": error.code, "hint": error.hint})
        except Exception as error:  # the child goes on; the parent says which chunk it was
            traceback.print_exc()
            _send(out, {"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
