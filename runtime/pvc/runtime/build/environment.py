"""What besides the talk's own files decides what a build makes: our code, the installed packages, the interpreter.

Read from directory listings and our own sources alone (some 10 ms), so that a build of an unchanged talk need not
import what it does not use.
"""

from __future__ import annotations

import os
import platform
import sys
from functools import cache
from pathlib import Path

from pvc.compiler.data import path as data_path
from pvc.compiler.digest import digest_bytes, digest_of, installed


def _parts() -> list[Path]:
    """The folders of the `pvc` namespace package that are installed."""
    import pvc

    return [Path(folder) for folder in pvc.__path__]


@cache
def our_code() -> str:
    """The digest of every file of ours that a build may read: code, the standard library, the grammar."""
    found: set[tuple[str, str]] = set()
    for folder in (*_parts(), data_path("stdlib"), data_path("grammar")):
        for place, names, files in os.walk(folder):
            names[:] = [name for name in names if name != "__pycache__"]
            for name in files:
                if name.endswith((".py", ".vid", ".lark", ".json")):
                    path = os.path.join(place, name)
                    with open(path, "rb", buffering=0) as file:
                        found.add((os.path.relpath(path, folder), digest_bytes(file.readall() or b"")))
    return digest_of(tuple(sorted(found)))


@cache
def environment() -> str:
    """The digest of all of it, and of the settings that engines read from environment variables."""
    variables = tuple(
        sorted((name, value) for name, value in os.environ.items() if name.startswith(("PVC_VOICE", "PVC_MODEL")))
    )
    system = (sys.version, platform.machine(), platform.system())
    return digest_of((our_code(), installed(), system, variables))
