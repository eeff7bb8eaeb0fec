"""What a process keeps between builds of one talk, for who builds it at every save: what the compiler knows (its
queries), staged scenes, and the workers with all that they have loaded."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pvc.compiler.model.program import Program, SceneSpec
from pvc.compiler.model.speech import SceneTime
from pvc.compiler.query.anchors import unplaced
from pvc.runtime.build.events import Event, Watch
from pvc.runtime.build.world import Seen, TracedWorld
from pvc.runtime.errors import Cancelled
from pvc.runtime.execute.local import Local
from pvc.runtime.execute.task import Task

if TYPE_CHECKING:
    from pvc.compiler.check.run import Checker
    from pvc.compiler.stage import Staged

MOST_STAGED = 64
"""Scenes whose staging is kept: each holds its layouts."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A staged scene with all that its staging rests on; ``ground`` is the program without its scenes, ``scenes`` this
    one and the next, whose opening is seen in its transition. None of them says where in the file it stands."""

    ground: Program
    scenes: tuple[SceneSpec, ...]
    when: SceneTime
    staged: Staged


class Warm:
    """Belongs to the thread that builds; `cancel` may be called from any other. ``seen``: every file that the last
    round looked at, also those that were not there. ``checked`` is called as soon as a round has read the talk, long
    before it is done: a save from then on may end it."""

    def __init__(self, checked: Callable[[], None] = lambda: None) -> None:
        self.seen: dict[str, Seen] = {}
        self.checked = checked
        self._checker: Checker | None = None
        self._executor: Local | None = None
        self._made_for: tuple[Path, int] | None = None
        self._started: Callable[[Task], None] = lambda task: None
        self._staged: dict[tuple[str, str, str], _Kept] = {}
        self._cancelled = threading.Event()
        self._lock = threading.Lock()

    # ------------------------------------------------------------------------------------------ rounds

    def begin(self) -> None:
        """A new round: nothing is cancelled, nothing was looked at."""
        self._cancelled.clear()
        self.seen = {}

    def cancel(self) -> None:
        """Ends the round that runs, if one does: it raises Cancelled as soon as it can. What is finished is kept."""
        self._cancelled.set()
        self.end_workers()

    def end_workers(self) -> None:
        """Ends the workers, in the middle of what they do; the next build starts others."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is not None:
            executor.close(kill=True)

    def cancelling(self, watch: Watch) -> Watch:
        """The watch, which ends the round where it was cancelled."""

        def tell(event: Event) -> None:
            if self._cancelled.is_set():
                raise Cancelled
            watch(event)

        return tell

    # ------------------------------------------------------------------------------------------ what is kept

    def checker(self, world: TracedWorld) -> Checker:
        """The checker, which looks at this world from now on."""
        from pvc.compiler.check.run import Checker

        if self._checker is None:
            self._checker = Checker(world)
            self._checker.db.cancelled = self._cancelled.is_set
        self._checker.db.world = world
        return self._checker

    def looked(self, world: TracedWorld) -> None:
        """Takes over what a world has looked at."""
        self.seen |= {seen.path: seen for seen in world.seen()}

    def executor(self, root: Path, jobs: int, preload: tuple[str, ...], started: Callable[[Task], None]) -> Local:
        """The workers, started where there are none (for this store)."""
        self._started = started
        with self._lock:
            if self._cancelled.is_set():
                raise Cancelled
            if self._executor is None or self._made_for != (root, jobs):
                if self._executor is not None:
                    self._executor.close()
                self._executor = Local(root, jobs, preload, self._begun)
                self._made_for = (root, jobs)
            return self._executor

    def _begun(self, task: Task) -> None:
        self._started(task)

    def staged(self, program: Program, index: int, when: SceneTime) -> Staged | None:
        """The scene as it was staged in an earlier round, if nothing that it rests on has changed since."""
        kept = self._staged.get(_name(program, index))
        if kept is None or kept.when != when:
            return None
        return kept.staged if (kept.ground, kept.scenes) == _rests_on(program, index) else None

    def keep(self, program: Program, index: int, when: SceneTime, staged: Staged) -> None:
        """Keeps a staged scene; not one of which something is said, as that names places in the file."""
        name = _name(program, index)
        self._staged.pop(name, None)
        if not staged.diagnostics:
            self._staged[name] = _Kept(*_rests_on(program, index), when, staged)
        while len(self._staged) > MOST_STAGED:
            del self._staged[next(iter(self._staged))]


def _name(program: Program, index: int) -> tuple[str, str, str]:
    return program.format.name, program.language, program.scenes[index].id


def _rests_on(program: Program, index: int) -> tuple[Program, tuple[SceneSpec, ...]]:
    ground = replace(program, title="", scenes=(), expectations=(), files=(), sources=())
    return unplaced(ground), unplaced(program.scenes[index : index + 2])
