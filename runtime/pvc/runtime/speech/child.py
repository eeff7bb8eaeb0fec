"""Talking to a voice's child process: one request, one answer, a timeout, and a clean end.

Each thread has a child of its own, so that callers may synthesise in parallel threads without locks.
"""

from __future__ import annotations

import json
import os
import select
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from pvc.runtime.errors import EngineError

TIMEOUT_SECONDS = 120.0
"""A sentence takes milliseconds; what takes this long hangs."""


@dataclass
class _Running:
    process: subprocess.Popen[bytes]
    hello: dict[str, Any]


@dataclass
class Child:
    """A program ``python -m module`` that speaks the protocol described in `espeak_process.py`."""

    module: str
    engine: str
    arguments: tuple[str, ...] = ()
    _local: threading.local = field(default_factory=threading.local)
    _all: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def hello(self) -> dict[str, Any]:
        """What the child said of itself when it started."""
        return self._running().hello

    def ask(self, request: dict[str, object]) -> tuple[dict[str, Any], bytes]:
        """The answer's header and its PCM. Raises EngineError where the child died, hung or refused to start."""
        running = self._running()
        try:
            assert running.process.stdin is not None
            running.process.stdin.write(json.dumps(request).encode() + b"\n")
            running.process.stdin.flush()
            return self._receive(running.process)
        except OSError as error:
            self._drop(running.process)
            raise EngineError(
                "PVC0801", f"the voice engine '{self.engine}' died while it spoke", "run the build again"
            ) from error

    def close(self) -> None:
        """End every child of every thread."""
        for process in self._all:
            if process.poll() is None:
                process.kill()
            process.wait()
        self._all.clear()
        self._local = threading.local()

    def _running(self) -> _Running:
        running: _Running | None = getattr(self._local, "running", None)
        if running is not None and running.process.poll() is None:
            return running
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        process = subprocess.Popen(
            # -S: `site` would only look for what PYTHONPATH names already, at 10 ms a start.
            [sys.executable, "-S", "-m", self.module, *self.arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        self._all.append(process)
        try:
            header, _ = self._receive(process)
        except OSError as error:
            _, complaint = process.communicate()
            last = complaint.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
            raise EngineError(
                "PVC0802",
                f"the voice engine '{self.engine}' does not start: {last[0]}",
                "run `pvc doctor` to see what is missing",
            ) from error
        running = _Running(process, header)
        self._local.running = running
        return running

    def _receive(self, process: subprocess.Popen[bytes]) -> tuple[dict[str, Any], bytes]:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        (size,) = struct.unpack(">I", self._read(process, 4, deadline))
        header = json.loads(self._read(process, size, deadline))
        (size,) = struct.unpack(">I", self._read(process, 4, deadline))
        return header, self._read(process, size, deadline)

    def _read(self, process: subprocess.Popen[bytes], count: int, deadline: float) -> bytes:
        assert process.stdout is not None
        handle = process.stdout.fileno()
        parts: list[bytes] = []
        while count:
            ready, _, _ = select.select([handle], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                self._drop(process)
                raise EngineError(
                    "PVC0801",
                    f"the voice engine '{self.engine}' gave no answer in {TIMEOUT_SECONDS:.0f} s",
                    "shorten the sentence, or choose another voice",
                )
            part = os.read(handle, min(count, 1 << 20))
            if not part:
                raise BrokenPipeError("the child closed its output")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def _drop(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()
        if process in self._all:
            self._all.remove(process)
