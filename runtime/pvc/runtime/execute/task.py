"""What an executor is given, and what it gives back: plain values that travel between processes and machines."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pvc.runtime.store.blobs import Blobs
from pvc.runtime.store.result import Result


@dataclass(frozen=True, slots=True)
class Task:
    """One node to run. ``call`` names the function that does it (`module:function`, see `Work`); ``node`` is the node's
    key bytes; ``attached`` are blobs that come along by digest (fragments); ``target`` is a file to write where the
    result is not kept in the store. ``cost`` in seconds and ``memory`` in MB are estimates for scheduling; ``timeout``
    in seconds is when a worker counts as hung."""

    key: str
    kind: str
    label: str
    call: str
    node: bytes
    attached: tuple[tuple[str, bytes], ...] = ()
    target: str | None = None
    cost: float = 0.1
    memory: int = 400
    timeout: float = 600.0


@dataclass(frozen=True, slots=True)
class Workplace:
    """What the function that runs a node may use: the store's blobs, what came along, where to write."""

    blobs: Blobs
    attached: Mapping[str, bytes] = field(default_factory=dict)
    target: Path | None = None


class Work(Protocol):
    """A function that runs one kind of node. Raises PvcError for what the user can mend."""

    def __call__(self, node: bytes, place: Workplace, /) -> Result: ...


class Executor(Protocol):
    """Runs tasks somewhere: here, in worker processes, on a cluster."""

    def submit(self, task: Task) -> Future[Result]:
        """The task's result to come. It fails with PvcError for what the user can mend, Cancelled after a stop."""
        ...


def resolve(call: str) -> Callable[[bytes, Workplace], Result]:
    """The function named by a task's ``call``."""
    module, _, name = call.partition(":")
    function: Callable[[bytes, Workplace], Result] = getattr(importlib.import_module(module), name)
    return function


def perform(task: Task, root: Path) -> Result:
    """Runs a task in this process; ``root`` is the store's folder (`Blobs.root`)."""
    target = None if task.target is None else Path(task.target)
    return resolve(task.call)(task.node, Workplace(Blobs(root), dict(task.attached), target))
