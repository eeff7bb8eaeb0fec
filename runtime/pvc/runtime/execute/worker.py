"""A worker process: waits for tasks on its standard input, runs them one by one, answers.

It is started as a program of its own, never forked from a process that has Skia or an encoder open. While it waits it
imports what coming tasks will need. When its parent dies it ends at once, whatever it is doing.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import queue
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

from pvc.compiler.digest import canonical
from pvc.runtime.errors import PvcError
from pvc.runtime.execute import wire
from pvc.runtime.execute.task import Task, perform
from pvc.runtime.store.blobs import DamagedBlob


def _take_over_standard_files() -> tuple[int, int]:
    """Private copies of stdin and stdout; what a library prints goes to stderr instead of into our answers."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return incoming, outgoing


def _listen(incoming: int, tasks: queue.SimpleQueue[Any]) -> None:
    while True:
        try:
            tasks.put(wire.read(incoming))
        except wire.Closed:
            os._exit(0)


def _answer(task: Task, root: Path) -> dict[str, object]:
    try:
        return {"record": canonical(perform(task, root))}
    except DamagedBlob as error:
        return {"damaged": error.digest}
    except PvcError as error:
        return {"kind": type(error).__name__, "code": error.code, "message": error.message, "hint": error.hint}
    except MemoryError:
        message = f"there is not enough memory for {task.label}"
        hint = "close other programs, use --jobs 1, or build a smaller --preset"
        return {"kind": "EngineError", "code": "PVC0890", "message": message, "hint": hint}
    except Exception:
        return {"trace": traceback.format_exc()}


def main() -> None:
    """``python -m pvc.runtime.execute.worker ROOT MODULE,MODULE,...``"""
    root = Path(sys.argv[1])
    waiting = [name for name in sys.argv[2].split(",") if name]
    incoming, outgoing = _take_over_standard_files()
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(incoming, tasks), daemon=True).start()
    while True:
        try:
            message = tasks.get(block=not waiting)
        except queue.Empty:
            with contextlib.suppress(Exception):  # a task that needs it will say what is wrong
                importlib.import_module(waiting.pop(0))
            continue
        wire.write(outgoing, _answer(Task(**message), root))


if __name__ == "__main__":
    main()
