"""The local executor: warm worker processes, longest task first, as many as the processors and the memory allow.

A worker is started only when there is work for it: for a few small tasks one is enough, because starting another
costs more than it saves. A worker that dies or hangs is ended and its task tried once more in a fresh one; the second
time the task fails with a diagnostic that names the node.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import asdict
from pathlib import Path

from pvc.compiler.codec import Undecodable, decode
from pvc.runtime import errors
from pvc.runtime.errors import Cancelled, EngineError, PvcError
from pvc.runtime.execute import memory, wire
from pvc.runtime.execute.task import Task, perform
from pvc.runtime.store.blobs import DamagedBlob
from pvc.runtime.store.result import RESULT_MODULES, Result

_START = 0.4
"""Seconds that a worker takes to be useful: with less work than that waiting, no further one is started."""


class WorkerBug(Exception):
    """Something unexpected went wrong in a worker; the text is its traceback."""


class Inside:
    """Runs tasks in this process, one after the other: for one frame, and for looking into a failure."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def submit(self, task: Task) -> Future[Result]:
        future: Future[Result] = Future()
        try:
            future.set_result(perform(task, self._root))
        except Exception as error:
            future.set_exception(error)
        return future


class _Process:
    """One worker process and the pipes to it."""

    def __init__(self, root: Path, preload: Sequence[str]) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        environ = dict(os.environ)
        environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        environ.update(PYTHONHASHSEED="0", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
        self.child = subprocess.Popen(
            [sys.executable, "-P", "-m", "pvc.runtime.execute.worker", str(root), ",".join(preload)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=environ,
            start_new_session=True,  # ^C at the terminal is for the build, which then ends its workers
        )
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self._write, self._read = self.child.stdin.fileno(), self.child.stdout.fileno()

    def ask(self, task: Task) -> dict[str, object]:
        """Raises wire.Closed, wire.Late."""
        wire.write(self._write, asdict(task))
        answer: dict[str, object] = wire.read(self._read, task.timeout)
        return answer

    def last_words(self) -> str:
        """The end of what the worker wrote to its stderr."""
        with contextlib.suppress(OSError, ValueError):
            end = self._log.seek(0, os.SEEK_END)
            self._log.seek(max(0, end - 2000))
            return self._log.read().decode("utf-8", "replace").strip()
        return ""

    def end(self, gently: bool = False) -> int | None:
        """Ends the process (and what it started) and gives its exit status."""
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        if gently:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.wait(0.5)
        # Always, because what a worker started (a voice that hangs, say) is not ended by the worker's own end.
        with contextlib.suppress(OSError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()
        self._log.close()
        return self.child.returncode


class _Slot:
    """A thread's worker, if it has one."""

    process: _Process | None = None


class Local:
    """At most ``jobs`` workers over the store at ``root`` that import ``preload`` while they wait. ``started`` is told
    of each task as it begins (from another thread)."""

    def __init__(
        self,
        root: Path,
        jobs: int,
        preload: Sequence[str] = (),
        started: Callable[[Task], None] = lambda task: None,
    ) -> None:
        self._root = root
        self._jobs = max(1, jobs)
        self._preload = tuple(preload)
        self._started = started
        self._heap: list[tuple[float, int, Task, Future[Result]]] = []
        self._count = itertools.count()
        self._change = threading.Condition()
        self._slots = 0
        self._busy = 0
        self._busy_memory = 0
        self._budget: int | None = None
        self._stopped = False
        self._processes: set[_Process] = set()
        self._threads: list[threading.Thread] = []

    # ------------------------------------------------------------------------------------------ the outside

    def warm(self) -> None:
        """Starts the first worker now, before there is a task, so that its imports overlap with other work."""
        with self._change:
            if self._slots == 0 and not self._stopped:
                self._add_slot()

    def submit(self, task: Task) -> Future[Result]:
        future: Future[Result] = Future()
        with self._change:
            if self._stopped:
                future.set_exception(Cancelled())
                return future
            heapq.heappush(self._heap, (-task.cost, next(self._count), task, future))
            waiting = sum(-entry[0] for entry in self._heap)
            free = self._slots - self._busy
            if self._slots == 0 or (len(self._heap) > free and self._slots < self._jobs and waiting > _START):
                self._add_slot()
            self._change.notify()
        return future

    def close(self, kill: bool = False) -> None:
        """Ends all workers; ``kill``: in the middle of what they do. Tasks that did not run fail with Cancelled."""
        with self._change:
            self._stopped = True
            left = [future for _, _, _, future in self._heap]
            self._heap.clear()
            processes = tuple(self._processes)
            self._change.notify_all()
        if kill:
            for process in processes:
                with contextlib.suppress(OSError):
                    os.killpg(process.child.pid, signal.SIGKILL)
        for future in left:
            if future.set_running_or_notify_cancel():
                future.set_exception(Cancelled())
        for thread in self._threads:
            thread.join()

    # ------------------------------------------------------------------------------------------ the inside

    def _add_slot(self) -> None:
        self._slots += 1
        thread = threading.Thread(target=self._serve, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _fits(self, task: Task) -> bool:
        if self._busy_memory == 0:
            return True  # whatever it needs, it will get no more room by waiting
        if self._budget is None:
            self._budget = int(memory.available() * 0.85)
        return self._busy_memory + task.memory <= self._budget

    def _next(self) -> tuple[Task, Future[Result]] | None:
        """The longest task that memory has room for; None when the executor is closed."""
        with self._change:
            while not self._stopped:
                if self._heap and self._fits(self._heap[0][2]):
                    _, _, task, future = heapq.heappop(self._heap)
                    self._busy += 1
                    self._busy_memory += task.memory
                    return task, future
                self._change.wait()
            return None

    def _serve(self) -> None:
        slot = _Slot()
        with contextlib.suppress(OSError):  # the first task will meet the same and say so
            slot.process = self._start()
        while (found := self._next()) is not None:
            task, future = found
            try:
                if future.set_running_or_notify_cancel():
                    self._started(task)
                    future.set_result(self._attempt(slot, task))
            except BaseException as error:
                future.set_exception(error)
            finally:
                with self._change:
                    self._busy -= 1
                    self._busy_memory -= task.memory
                    self._change.notify_all()
        if slot.process is not None:
            self._end(slot.process, gently=True)

    def _start(self) -> _Process | None:
        with self._change:
            if self._stopped:
                return None
            process = _Process(self._root, self._preload)
            self._processes.add(process)
            return process

    def _end(self, process: _Process, gently: bool = False) -> int | None:
        with self._change:
            self._processes.discard(process)
        return process.end(gently)

    def _attempt(self, slot: _Slot, task: Task) -> Result:
        for attempt in (1, 2):
            process = slot.process = slot.process or self._start()
            if process is None:
                raise Cancelled
            began = time.monotonic()
            try:
                return _record(process.ask(task))
            except (wire.Closed, wire.Late) as error:
                words = process.last_words()
                slot.process = None
                status = self._end(process)
                if self._stopped:
                    raise Cancelled from error
                if attempt == 2:
                    raise _lost(task, error, status, time.monotonic() - began, words) from error
        raise AssertionError("unreachable")


def _lost(task: Task, error: Exception, status: int | None, seconds: float, words: str) -> EngineError:
    hint = "run `pvc doctor`; if memory is short, use --jobs 1"
    if words:
        hint += f"; the worker's last words: {words.splitlines()[-1][:300]}"
    if isinstance(error, wire.Late):
        return EngineError("PVC0891", f"{task.label} did not finish within {seconds:.0f} s, twice", hint)
    how = f"signal {-status}" if status is not None and status < 0 else f"status {status}"
    return EngineError("PVC0890", f"the worker that ran {task.label} died ({how}), twice", hint)


def _record(answer: dict[str, object]) -> Result:
    if "record" in answer:
        try:
            record = decode(answer["record"], modules=RESULT_MODULES)  # type: ignore[arg-type]
        except Undecodable as error:
            raise WorkerBug(f"an answer that is no record: {error}") from error
        assert isinstance(record, Result)
        return record
    if "damaged" in answer:
        raise DamagedBlob(str(answer["damaged"]), "damaged")
    if "trace" in answer:
        raise WorkerBug(str(answer["trace"]))
    kind = getattr(errors, str(answer["kind"]), PvcError)
    hint = answer["hint"]
    raise kind(str(answer["code"]), str(answer["message"]), None if hint is None else str(hint))
