"""Looking without building: what the graph of a talk would be now, and one frame of it.

Sentences that no voice has spoken yet have estimated lengths here; everything that follows from them is then a guess,
and the caller is told how many there were.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.model.display import Chunk
from pvc.compiler.model.program import Program
from pvc.compiler.model.speech import TalkTime, Utterance
from pvc.runtime.build import join, memory, sound, voices
from pvc.runtime.build.finish import Finish, lies_at, plan_film, poster_frame
from pvc.runtime.build.front import Timed, failed, front, only_scene, raster, timed
from pvc.runtime.build.pictures import Pictures
from pvc.runtime.build.realise import Entry, Realiser
from pvc.runtime.build.request import Request
from pvc.runtime.build.world import TracedWorld
from pvc.runtime.errors import PvcError
from pvc.runtime.execute.local import Inside
from pvc.runtime.store.location import open_store
from pvc.runtime.store.store import Store


@dataclass(frozen=True, slots=True)
class Surveyed:
    """The graph of a talk as it is now. An entry without a result would run; ``estimated``: sentences not spoken yet.
    ``entries`` is empty where the talk has errors."""

    entries: tuple[Entry, ...]
    estimated: int
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One frame as a PNG (None where the talk has errors): frame ``frame`` of the talk's ``frames``, in ``scene``."""

    png: bytes | None
    frame: int
    frames: int
    scene: str
    estimated: int
    diagnostics: tuple[Diagnostic, ...]


@contextmanager
def looking_at(request: Request) -> Iterator[tuple[Store, Realiser, TracedWorld, tuple[Diagnostic, ...]]]:
    """The store, a realiser that runs nothing, a world, and what the store has to say."""
    store, warnings = open_store(request.cache)
    try:
        realiser = Realiser(store, dry=True)
        realiser.executor = Inside(store.blobs.root)
        yield store, realiser, TracedWorld(store), warnings
    finally:
        store.close()


def heard(realiser: Realiser, program: Program) -> tuple[dict[Utterance, Entry], Timed]:
    """Every sentence's node, and the plan from what is known of them."""
    from pvc.compiler.plan import utterances

    spoken = voices.ask(realiser, utterances(program))
    known = {utterance: voices.timing(entry.result) for utterance, entry in spoken.items() if entry.result is not None}
    return spoken, timed(program, known)


def survey(request: Request) -> Surveyed:
    """The graph of a talk. Runs nothing but the compiler. Raises PvcError."""
    from pvc.compiler.stage import stage

    with looking_at(request) as (_, realiser, world, warnings):
        found = front(request.talk, world, request.format, request.language, request.levels, None, request.consent)
        if found.program is None:
            return Surveyed((), 0, (*warnings, *found.diagnostics))
        program = only_scene(found.program, request.scene)
        size = raster(program.format, request.preset)
        spoken, planned = heard(realiser, program)
        settle = found.judge.settle
        diagnostics = [*warnings, *found.diagnostics, *settle(planned.diagnostics)]
        pictures = Pictures(realiser, world, size, weak=request.consent.weak)
        pictures.name(program)
        for index, scene in enumerate(planned.time.scenes):
            staged = stage(program, index, scene, world)
            diagnostics += (said := settle(staged.diagnostics))
            if failed(said):
                return Surveyed((), planned.estimated, tuple(diagnostics))
            pictures.add(scene.scene, staged.placed, staged.fragments)
        pictures.close()
        pictures.poster(*poster_frame(pictures, program, planned.time, world))
        tones = sound.ask_tones(realiser, world, program)
        audio = sound.ask(realiser, program, planned.time, spoken, tones)
        what = Finish(realiser, world, program, planned.time, pictures, audio, size, request.talk, request.target)
        *_, film, inputs = plan_film(what)
        before = memory.load(request.cache, request.talk.absolute(), request.options)
        places = (request.target, *((Path(before.output),) if before is not None else ()))
        realiser.want(film, join.WORK, "the film", inputs=inputs, check=lambda made: lies_at(made, places))
        return Surveyed(tuple(realiser.entries.values()), planned.estimated, tuple(diagnostics))


def frame_of(
    request: Request, seconds: float | None, scene: str | None, number: int | None, line: int | None = None
) -> Snapshot:
    """Paints the frame at ``seconds`` of the talk, the last settled one of ``scene``, frame ``number``, or that which
    shows what stands in ``line`` of the talk's file (counted from 1). Raises PvcError, also where the talk is not that
    long and where nothing of a scene stands in that line."""
    from pvc.compiler.stage import settled, stage, still

    with looking_at(request) as (store, realiser, world, warnings):
        found = front(request.talk, world, request.format, request.language, request.levels, None, request.consent)
        if found.program is None:
            return Snapshot(None, 0, 0, "", 0, (*warnings, *found.diagnostics))
        program = found.program
        if scene is not None:
            only_scene(program, scene)
        _, planned = heard(realiser, program)
        when = planned.time
        if line is not None:
            number = _frame_of_line(program, when, str(request.talk), world, line)
        begins = 0
        for index, one in enumerate(when.scenes):
            wanted = _wanted(seconds, scene, number, one.scene, one.frames, begins, float(when.fps), when.frames)
            if wanted is not None:
                staged = stage(program, index, one, world)
                diagnostics = (*warnings, *found.diagnostics, *found.judge.settle(staged.diagnostics))
                if failed(diagnostics):
                    return Snapshot(None, 0, 0, one.scene, planned.estimated, diagnostics)
                if scene is not None:
                    wanted = settled(staged, program.scenes[index], one)
                placed, inside = still(staged, wanted)
                pictures = Pictures(realiser, world, raster(program.format, request.preset), weak=request.consent.weak)
                pictures.name(program)
                pictures.fragments.update(staged.fragments)
                realiser.dry = False
                data = _painted(pictures, placed.chunk, inside, store, realiser)
                return Snapshot(data, begins + wanted, when.frames, one.scene, planned.estimated, diagnostics)
            begins += one.frames
        raise PvcError(
            "PVC0910",
            f"the talk ends at {float(when.frames / when.fps):.1f} s (frame {when.frames - 1})",
            "name an earlier time, or `talk.vid@scene:ID`",
        )


def _frame_of_line(program: Program, when: TalkTime, talk: str, world: TracedWorld, line: int) -> int:
    """The talk's frame for a line of its file. Raises PvcError where no scene is there."""
    from pvc.compiler.plan.places import frame_for

    text = world.read(talk).decode("utf-8", errors="replace")
    lines = text.splitlines(keepends=True)
    if not 1 <= line <= len(lines):
        raise PvcError("PVC0910", f"{talk} has {len(lines)} lines", "name one of them")
    start = sum(map(len, lines[: line - 1]))
    content = lines[line - 1]
    start, end = start + len(content) - len(content.lstrip()), start + len(content.rstrip())
    begins = 0
    for spec, time in zip(program.scenes, when.scenes, strict=True):
        if Path(spec.span.path).absolute() == Path(talk).absolute():
            found = frame_for(spec, time, spec.span.path, start, end)
            if found is not None:
                return begins + found
        begins += time.frames
    hint = "name a line inside a scene, or `talk.vid@1:23`"
    raise PvcError("PVC0910", f"line {line} of {talk} belongs to no scene", hint)


def _wanted(
    seconds: float | None,
    scene: str | None,
    number: int | None,
    name: str,
    length: int,
    begins: int,
    fps: float,
    total: int,
) -> int | None:
    """The frame inside this scene that is asked for, None where it is another scene's."""
    if scene is not None:
        return 0 if name == scene else None
    frame = number if number is not None else int((seconds or 0.0) * fps + 1e-6)
    if frame == total and number is None:
        frame -= 1  # the very end
    return frame - begins if begins <= frame < begins + length else None


def _painted(pictures: Pictures, chunk: Chunk, frame: int, store: Store, realiser: Realiser) -> bytes:
    entry = pictures.poster(chunk, frame)
    realiser.finish([entry])
    return store.blobs.read(entry.done.output().digest)


def talks_near(folder: Path) -> tuple[Path, ...]:
    """The `.vid` files of a folder that declare a talk."""
    found = []
    for path in sorted(folder.glob("*.vid")):
        try:
            text = path.read_bytes()[: 1 << 16]
        except OSError:
            continue
        if any(line.startswith(b"talk ") for line in text.splitlines()):
            found.append(path)
    return tuple(found)
