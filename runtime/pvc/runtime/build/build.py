"""Building a talk: check, speak, stage and paint, mix, join. Nothing is published before all of it is well.

1. Every sentence is spoken (or known). 2. The plan is made of their lengths; scenes are staged and their chunks become
segments, while workers already paint the scenes before. 3. Sound is mixed and encoded, and all is joined. A build that
stops anywhere keeps what was finished; the next one goes on from there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pvc.compiler import query
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.model.program import Program
from pvc.compiler.model.speech import SceneTime, TalkTime, Utterance
from pvc.runtime.build import memory, sound, voices
from pvc.runtime.build.events import Phase, Watch, ignore
from pvc.runtime.build.expected import film_failures, looking
from pvc.runtime.build.finish import Finish, finish, outputs_of
from pvc.runtime.build.front import failed, front, only_scene, raster, timed
from pvc.runtime.build.outputs import require_apart, require_writable
from pvc.runtime.build.pictures import Pictures
from pvc.runtime.build.realise import Entry, Realiser
from pvc.runtime.build.report import Report
from pvc.runtime.build.request import Outcome, Request, replay
from pvc.runtime.build.trace import BUILT_IN, left_over, write_trace
from pvc.runtime.build.warm import Warm
from pvc.runtime.build.world import TracedWorld
from pvc.runtime.errors import Cancelled
from pvc.runtime.execute.local import Local
from pvc.runtime.speech.engines import unsupported
from pvc.runtime.store.blobs import DamagedBlob
from pvc.runtime.store.collect import collect
from pvc.runtime.store.location import open_store
from pvc.runtime.store.store import Store

if TYPE_CHECKING:
    from pvc.compiler.stage import Staged

PRELOAD = (
    "pvc.runtime.build.voices",
    "pvc.runtime.build.paint",
    "pvc.runtime.backends.canvas.backend",
    "pvc.runtime.media.segments",
    "av",
)
"""What every worker imports while it waits for work."""


def build(request: Request, watch: Watch = ignore, warm: Warm | None = None) -> Outcome:
    """Builds a talk. Errors of the talk are in the outcome; raises PvcError for what else a person can mend, and
    KeyboardInterrupt or Cancelled after a stop. The store is sound in any case, and workers are ended, except those of
    ``warm``, which keeps what a build of the same talk can use again."""
    began = time.perf_counter()
    if not request.force and (known := replay(request)) is not None:
        return known
    require_writable(request.target)
    store, warnings = open_store(request.cache)
    try:
        outcome = _repaired(request, store, watch, began, warm)
        if outcome.report is not None:
            collect_if_large(store, request.bound)
    finally:
        store.close()
    return Outcome(outcome.report, (*warnings, *outcome.diagnostics))


def _repaired(
    request: Request, store: Store, watch: Watch, began: float, warm: Warm | None, attempts: int = 3
) -> Outcome:
    """The outcome of an attempt; where a cached file was bad, what it was is dropped and made anew by another one."""
    try:
        return _attempt(request, store, watch, began, warm)
    except DamagedBlob as error:
        store.drop(error.digest)
        if attempts <= 1:
            raise
    return _repaired(request, store, watch, began, warm, attempts - 1)


def collect_if_large(store: Store, bound: int) -> None:
    """Collects where the store has outgrown its bound; puts it off where another build is using it."""
    used = sum(size for _, _, _, size in store.records.by_age())
    if used > bound:
        collect(store, bound * 4 // 5)


@contextmanager
def working(request: Request, store: Store, watch: Watch, warm: Warm | None = None) -> Iterator[Realiser]:
    """A realiser with warm workers; they are ended at once if the block fails."""
    realiser = Realiser(store, watch, timeout=request.timeout)
    if warm is not None:
        executor = warm.executor(store.blobs.root, request.jobs, PRELOAD, realiser.started)
    else:
        executor = Local(store.blobs.root, request.jobs, PRELOAD, realiser.started)
    realiser.executor = executor
    executor.warm()
    try:
        yield realiser
    except BaseException as error:
        if warm is not None:
            warm.end_workers()
        executor.close(kill=True)
        if isinstance(error, DamagedBlob):
            _drop_damaged(store, realiser)
        raise
    if warm is None:
        executor.close()


def _drop_damaged(store: Store, realiser: Realiser) -> None:
    """One cached file was bad, so others may be: all that this build takes from the store are looked at, and the bad
    ones dropped."""
    for entry in realiser.entries.values():
        for output in entry.result.outputs if entry.result is not None else ():
            try:
                store.blobs.checked(output.digest)
            except DamagedBlob:
                store.drop(output.digest)


def _attempt(request: Request, store: Store, watch: Watch, began: float, warm: Warm | None = None) -> Outcome:
    world = TracedWorld(store)
    if warm is None:
        return _build(request, store, watch, began, world, None)
    try:
        return _build(request, store, warm.cancelling(watch), began, world, warm)
    except query.Cancelled as error:
        raise Cancelled from error
    finally:
        warm.looked(world)


def _build(
    request: Request, store: Store, watch: Watch, began: float, world: TracedWorld, warm: Warm | None
) -> Outcome:
    report = Report(str(request.talk), str(request.target))
    with working(request, store, watch, warm) as realiser:
        watch(Phase("check"))
        mark = time.perf_counter()
        checker = warm.checker(world) if warm is not None else None
        found = front(
            request.talk, world, request.format, request.language, request.levels, checker, request.consent, True
        )
        report.spent("check", time.perf_counter() - mark)
        if found.program is None:
            return Outcome(None, found.diagnostics)
        if warm is not None:
            warm.looked(world)
            warm.checked()
        program = only_scene(found.program, request.scene)
        if request.format is None:
            report.formats = list(program.formats[1:])
        size = raster(program.format, request.preset)
        _require_apart(request, program, world)

        pictures = Pictures(realiser, world, size, weak=request.consent.weak)
        pictures.meet(program)
        watch(Phase("voice"))
        staging = _Staging(program, world, report, warm)
        tones = sound.ask_tones(realiser, world, program)
        spoken = _speak(realiser, staging)
        settings = found.judge.settings
        planned = timed(
            program, {utterance: voices.timing(entry.done) for utterance, entry in spoken.items()}, settings
        )
        settle = found.judge.settle
        diagnostics = [*found.diagnostics, *settle((*unsupported(program), *planned.diagnostics))]

        audio = None
        if not failed(diagnostics):
            realiser.finish(tones.values())
            audio = sound.ask(realiser, program, planned.time, spoken, tones)
        watch(Phase("layout"))
        diagnostics += _stage(pictures, staging, planned.time, settle)
        if failed(diagnostics) or audio is None:
            return Outcome(None, tuple(diagnostics))
        pictures.close()
        diagnostics += settle(pictures.said())
        _require_apart(request, program, world)

        made = finish(
            Finish(realiser, world, program, planned.time, pictures, audio, size, request.talk, request.target),
            report,
        )
        diagnostics += settle(film_failures(program, made[0]))
        _remember(request, store, realiser, pictures, report)
        report.wall = time.perf_counter() - began
        _trace(request, world, spoken, made, report, tuple(diagnostics))
        return Outcome(report, tuple(diagnostics))


def _require_apart(request: Request, program: Program, world: TracedWorld) -> None:
    require_apart(outputs_of(request.target, program), (seen.path for seen in world.seen() if seen.digest is not None))


@dataclass(slots=True)
class _Staging:
    """Scenes staged so far, each with the times it was staged for: a scene knows nothing but its own, so equal times
    give the same chunks, and what was staged for estimates that came true need not be staged again."""

    program: Program
    world: TracedWorld
    report: Report
    warm: Warm | None = None
    done: dict[int, tuple[SceneTime, Staged]] = field(default_factory=dict)

    def stage(self, index: int, when: SceneTime) -> Staged:
        from pvc.compiler.stage import stage

        known = self.done.get(index)
        if known is not None and known[0] == when:
            return known[1]
        mark = time.perf_counter()
        staged = self.warm.staged(self.program, index, when) if self.warm is not None else None
        if staged is None:
            staged = stage(self.program, index, when, self.world)
            if self.warm is not None:
                self.warm.keep(self.program, index, when, staged)
        self.report.spent("layout", time.perf_counter() - mark)
        self.done[index] = when, staged
        return staged


def _speak(realiser: Realiser, staging: _Staging) -> dict[Utterance, Entry]:
    """Has every sentence spoken. While the voices are busy, scenes are staged for the estimated times: layouts hardly
    depend on times, so the staging that follows finds them in the memo, and scenes whose voice is known are done."""
    from pvc.compiler.plan import utterances

    program = staging.program
    asked = voices.ask(realiser, utterances(program))
    guessed = timed(program, {u: voices.timing(e.result) for u, e in asked.items() if e.result is not None})
    for index, scene in enumerate(guessed.time.scenes):
        if all(entry.result is not None for entry in asked.values()):
            break
        staging.stage(index, scene)
        realiser.poll()
    realiser.finish(asked.values())
    return asked


Settle: TypeAlias = Callable[[Iterable[Diagnostic]], tuple[Diagnostic, ...]]
"""Findings at the levels that the project gives them."""


def _stage(pictures: Pictures, staging: _Staging, when: TalkTime, settle: Settle) -> list[Diagnostic]:
    """Stages every scene; its segments are asked for at once, unless something is wrong with it."""
    diagnostics: list[Diagnostic] = []
    seen = looking(staging.program)
    for index, scene in enumerate(when.scenes):
        staged = staging.stage(index, scene)
        diagnostics += settle(staged.diagnostics)
        seen.add(index, scene, staged)
        if not failed(diagnostics):
            pictures.add(scene.scene, staged.placed, staged.fragments)
        pictures.realiser.poll()
    return [*diagnostics, *settle(seen.failures(when))]


def lengths(pictures: Pictures) -> tuple[memory.Lasting, ...]:
    """How long each shot lasts."""
    return tuple(
        memory.Lasting(shot.scene, shot.number, entry.key, shot.placed.length, shot.placed.chunk.hold)
        for shot, entry in zip(pictures.shots, pictures.segments, strict=True)
    )


def known(realiser: Realiser) -> tuple[memory.Known, ...]:
    """The nodes of a build, to be remembered."""
    return tuple(
        memory.Known(
            entry.key, entry.kind, entry.label, entry.scene, entry.inputs, entry.data, entry.seconds is not None
        )
        for entry in realiser.entries.values()
    )


def _remember(request: Request, store: Store, realiser: Realiser, pictures: Pictures, report: Report) -> None:
    now = lengths(pictures)
    talk = request.talk.absolute()
    before = memory.load(request.cache, talk, request.options)
    if before is not None:
        report.compare(before.lengths, now)
    report.count(realiser.entries.values())
    report.held = sum(shot.frames for shot in now if shot.hold)
    report.moving = sum(shot.frames for shot in now if not shot.hold)
    built = memory.Built(memory.VERSION, request.scene, request.preset, str(request.target), known(realiser), now)
    memory.keep(request.cache, talk, request.options, built)


def _trace(
    request: Request,
    world: TracedWorld,
    spoken: dict[Utterance, Entry],
    made: tuple[Path, ...],
    report: Report,
    diagnostics: tuple[Diagnostic, ...],
) -> None:
    import json

    from pvc.runtime.speech.engines import engine

    others: dict[object, tuple[Utterance, tuple[tuple[str, str], ...]]] = {}
    for utterance in spoken:
        if utterance.voice.engine != BUILT_IN and utterance.voice not in others:
            others[utterance.voice] = utterance, engine(utterance.voice.engine).identity(utterance)
    for path in left_over(request.cache, request.talk.absolute(), request.target, request.options, made):
        with suppress(OSError):
            path.unlink()
    write_trace(
        request.cache,
        request.talk.absolute(),
        request.target,
        request.options,
        world.seen(),
        made,
        tuple(others.values()),
        json.dumps(report.plain()),
        diagnostics,
    )
