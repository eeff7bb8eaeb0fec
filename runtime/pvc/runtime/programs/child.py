"""The inside of the sandbox: one fresh process for one run of one program. Started by `run.py`, never imported by it.

A request comes as JSON on the standard input, which is then closed. Everything goes out through one pipe that was
inherited: a letter, four bytes of length (big-endian), that many bytes. ``H``: JSON, the layers that stand and the
engine; ``F``: a frame, its number (four bytes) and its pixels; ``E``: JSON, what went wrong; ``D``: JSON, done. Nothing
is pickled. What the program prints goes another way. By the time a line of the program is read, the walls stand."""

from __future__ import annotations

import contextlib
import json
import os
import struct
import sys
import traceback
from typing import Any

LONGEST_ERROR = 2000


def _send(out: int, kind: bytes, *parts: bytes | bytearray) -> None:
    data = memoryview(kind + struct.pack(">I", sum(map(len, parts))) + b"".join(parts))
    while data:
        data = data[os.write(out, data) :]


def _say(out: int, kind: bytes, message: dict[str, Any]) -> None:
    _send(out, kind, json.dumps(message).encode())


def _engine(name: str) -> Any:
    import importlib

    return importlib.import_module(f"pvc.runtime.programs.on_{name}")


def _fault(error: BaseException, name: str) -> dict[str, Any]:
    """What went wrong, and in which line of the program."""
    if isinstance(error, SyntaxError) and error.filename == name:
        return {"message": f"{type(error).__name__}: {error.msg}", "line": error.lineno}
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
    words = " ".join(str(error).split())[:LONGEST_ERROR]
    message = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return {"message": message, "line": lines[-1] if lines else None, "denied": isinstance(error, PermissionError)}


def main(out: int) -> None:
    """Reads the request, puts up the walls, runs the program."""
    from pvc.runtime.programs import layers

    request = json.loads(sys.stdin.buffer.read())
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.path[:] = [*request["modules"], request["inputs"]]
    try:
        stand = layers.confine(
            layers.Bounds(**request["bounds"]), request["reads"], request["scratch"], request["parent"]
        )
    except OSError as error:
        _say(out, b"E", {"message": f"the sandbox cannot be made: {error}", "walls": True})
        return
    lacking = [name for name in request["needs"] if name not in stand]
    if lacking:
        _say(out, b"E", {"message": f"the sandbox stands without {' and '.join(lacking)}", "walls": True})
        return
    try:
        engine = _engine(request["engine"])
        about = engine.ready()
    except BaseException as error:
        _say(out, b"E", {**_fault(error, ""), "engine": True})
        return
    _say(out, b"H", {"layers": list(stand), "about": about})
    name = request["name"]
    try:
        _perform(engine, request, name, out)
    except MemoryError:
        _say(out, b"E", {"message": "MemoryError", "memory": True})
    except BaseException as error:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        _say(out, b"E", _fault(error, name))
    # Not through the interpreter's end: what the program left behind (threads, `atexit`) is nobody's business any more.
    os._exit(0)


def _perform(engine: Any, request: dict[str, Any], name: str, out: int) -> None:
    import random

    def namespace() -> dict[str, Any]:
        random.seed(0)
        names: dict[str, Any] = {"__name__": "program", "__file__": name, "__builtins__": __builtins__}
        exec(compile(request["source"], name, "exec", dont_inherit=True), names)
        return names

    os.chdir(request["inputs"])

    def emit(number: int, pixels: bytes | bytearray) -> None:
        _send(out, b"F", struct.pack(">I", number), pixels)

    _say(out, b"D", engine.paint(namespace, request, emit))
