"""Findings about pictures (overflow, overlap, contrast, what stands outside the frame): asked of another process when
nobody types, and told when they are there."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping

from pvc.compiler.diagnostics.model import Diagnostic
from pvc.runtime.execute import wire

Told = Callable[[int, tuple[Diagnostic, ...]], None]


class Layouts:
    """``told`` gets the number of a request and what was found, from another thread. A process that dies is started
    anew by the next request, a few times; it ends with ours, as its stdin does."""

    STARTS = 5

    def __init__(self, told: Told) -> None:
        self._told = told
        self._child: subprocess.Popen[bytes] | None = None
        self._number = 0
        self._starts = 0

    def ask(self, path: str, texts: Mapping[str, str]) -> int:
        """Has a talk laid out, with these texts instead of what is on the disk; gives the request's number. A request
        before it is given up."""
        self._number += 1
        child = self._running()
        if child is not None and child.stdin is not None:
            request = {"number": self._number, "path": path, "texts": dict(texts)}
            with contextlib.suppress(wire.Closed, ValueError):
                wire.write(child.stdin.fileno(), request)
        return self._number

    def _running(self) -> subprocess.Popen[bytes] | None:
        if self._child is not None and self._child.poll() is None:
            return self._child
        if self._starts >= self.STARTS:
            return None
        self._starts += 1
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "pvc.lsp.layout_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environ,
        )
        threading.Thread(target=self._read, args=(self._child,), daemon=True).start()
        return self._child

    def _read(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdout is not None
        while True:
            try:
                answer = wire.read(child.stdout.fileno())
                found = pickle.loads(answer["found"])
            except (wire.Closed, ValueError, EOFError, pickle.UnpicklingError):
                return
            self._told(answer["number"], found)
