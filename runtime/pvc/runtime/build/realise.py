"""Making nodes real: from the store where they are known, else by the executor; then published.

One `Realiser` serves one build. Equal nodes are asked for once, whatever they are called. A result is looked at
(`Check`) before it is published, so that what a broken library left behind never poisons the cache.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from pvc.compiler.digest import digest_bytes
from pvc.compiler.graph.keys import key_bytes
from pvc.compiler.graph.nodes import KINDS, Node, Tone
from pvc.compiler.source import Span
from pvc.runtime.build.events import Event, Finished, Started, Wanted, Watch, ignore
from pvc.runtime.errors import MediaError, PvcError
from pvc.runtime.execute.task import Executor, Task
from pvc.runtime.store.result import Result
from pvc.runtime.store.store import Store

Check: TypeAlias = Callable[[Result], str | None]
"""What is wrong with a result, in a few words; None where nothing is."""
UNKNOWN = "not yet known"
Attach: TypeAlias = Callable[[], Iterable[tuple[str, bytes]]]


def nothing_wrong(result: Result) -> str | None:
    return None


def nothing_attached() -> Iterable[tuple[str, bytes]]:
    return ()


@dataclass(slots=True)
class Entry:
    """A node of this build: its key in both forms, what it is called, and what came of it. ``seconds`` is None where
    nothing ran."""

    node: Node
    key: str
    data: bytes
    label: str
    scene: str | None
    inputs: tuple[str, ...]
    result: Result | None = None
    seconds: float | None = None
    cost: float = 0.0
    check: Check = nothing_wrong
    began: float = 0.0
    span: Span | None = None
    """The place in the talk to blame where it fails, if there is one."""

    @property
    def kind(self) -> str:
        return KINDS[type(self.node)]

    @property
    def digest(self) -> str:
        """The digest of the main output; where nothing has run (`Realiser.dry`), a word that no digest is."""
        return UNKNOWN if self.result is None else self.result.output().digest

    @property
    def done(self) -> Result:
        """The result, once `Realiser.finish` has returned."""
        assert self.result is not None
        return self.result


@dataclass(slots=True)
class Realiser:
    """``watch`` is told what happens, one event at a time; of starts from the executor's threads. ``executor`` is set
    before the first `want` (executors are made with `started`, so they come second). ``dry``: nothing is run, what is
    not known stays without a result. ``timeout`` replaces every node's own."""

    store: Store
    executor: Executor = field(init=False)
    watch: Watch = ignore
    dry: bool = False
    timeout: float | None = None
    entries: dict[str, Entry] = field(default_factory=dict)
    _running: dict[Future[Result], Entry] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def want(
        self,
        node: Node,
        call: str,
        label: str,
        *,
        scene: str | None = None,
        inputs: tuple[str, ...] = (),
        attach: Attach = nothing_attached,
        check: Check = nothing_wrong,
        cost: float = 0.1,
        memory: int = 400,
        timeout: float = 600.0,
        target: Path | None = None,
        span: Span | None = None,
    ) -> Entry:
        """Asks for a node: found in the store, or handed to the executor. ``inputs``: keys of what it is made of;
        ``span``: the place in the talk to blame where it fails."""
        data = key_bytes(node)
        key = digest_bytes(data)
        if (known := self.entries.get(key)) is not None:
            return known
        entry = Entry(node, key, data, label, scene, inputs, cost=cost, check=check, span=span)
        self.entries[key] = entry
        found = self.store.find(key)
        if found is not None and check(found) is None:
            entry.result = found
            self._tell(Wanted(entry.kind, label, True, 0.0))
            return entry
        self._tell(Wanted(entry.kind, label, False, cost))
        if self.dry:
            return entry
        task = Task(
            key,
            entry.kind,
            label,
            call,
            data,
            tuple(attach()),
            None if target is None else str(target),
            cost=cost,
            memory=memory,
            timeout=self.timeout or timeout,
        )
        self._running[self.executor.submit(task)] = entry
        return entry

    def started(self, task: Task) -> None:
        """To be called by the executor when a task begins."""
        entry = self.entries.get(task.key)
        if entry is not None:
            entry.began = time.monotonic()
            self._tell(Started(entry.kind, entry.label))

    def _tell(self, event: Event) -> None:
        with self._lock:
            self.watch(event)

    def note(self, node: Node, label: str, result: Result, *, inputs: tuple[str, ...] = (), ran: float | None) -> Entry:
        """Enters a node that the build itself has made (or found made): captions, the finished file."""
        data = key_bytes(node)
        entry = Entry(node, digest_bytes(data), data, label, None, inputs, result, ran)
        self.entries[entry.key] = entry
        self._tell(Wanted(entry.kind, label, ran is None, 0.0))
        return entry

    def note_source(self, node: Node, label: str, scene: str) -> Entry:
        """Enters a node that the compiler made (a fragment): a leaf, of which nothing is watched or kept."""
        data = key_bytes(node)
        key = digest_bytes(data)
        if key not in self.entries:
            self.entries[key] = Entry(node, key, data, label, scene, (), Result())
        return self.entries[key]

    def finish(self, wanted: Iterable[Entry] | None = None) -> None:
        """Waits for these nodes (None: all) and publishes whatever comes in. Raises the first failure."""
        pending = None if wanted is None else {entry.key for entry in wanted if entry.result is None}
        while self._running:
            if pending is not None and not pending & {entry.key for entry in self._running.values()}:
                return
            done, _ = wait(self._running, return_when=FIRST_COMPLETED)
            for future in done:
                self._take(future)

    def poll(self) -> None:
        """Publishes what has come in, without waiting."""
        for future in [future for future in self._running if future.done()]:
            self._take(future)

    def _take(self, future: Future[Result]) -> None:
        entry = self._running.pop(future)
        try:
            result = future.result()
        except PvcError as error:
            span = error.span or entry.span
            if isinstance(entry.node, Tone) and isinstance(error, MediaError):
                # Its node knows bytes, not names: whoever reads this wants to know which file.
                message = entry.label + error.message.removeprefix("the sound")
                raise MediaError(error.code, message, error.hint, span) from error
            error.span = span
            raise
        wrong = entry.check(result)
        if wrong is not None:
            raise MediaError(
                "PVC0892", f"{entry.label} came out wrong: {wrong}", "nothing of it was kept; `pvc doctor` may say more"
            )
        entry.result = self.store.publish(entry.key, entry.kind, result)
        entry.seconds = time.monotonic() - entry.began
        self._tell(Finished(entry.kind, entry.label, entry.seconds, entry.cost))
