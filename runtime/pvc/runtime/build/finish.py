"""The third phase: sound, captions and chapters join the pictures; then all files appear at their places together."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pvc.compiler.captions import Cue, cues, srt, vtt
from pvc.compiler.chapters import Chapter, chapter_text, chapters
from pvc.compiler.digest import code_digest
from pvc.compiler.graph import nodes
from pvc.compiler.model.display import Chunk
from pvc.compiler.model.program import Program, captions_of
from pvc.compiler.model.speech import TalkTime
from pvc.compiler.world import World
from pvc.runtime.build import join
from pvc.runtime.build.events import Phase
from pvc.runtime.build.manifest import manifest
from pvc.runtime.build.outputs import holds, output_error, sweep_beside, temporary_beside, write_output
from pvc.runtime.build.pictures import Pictures
from pvc.runtime.build.realise import Entry, Realiser
from pvc.runtime.build.report import Report
from pvc.runtime.store.result import Result


@dataclass(frozen=True, slots=True)
class Finish:
    """What the last phase starts from."""

    realiser: Realiser
    world: World
    program: Program
    when: TalkTime
    pictures: Pictures
    audio: Entry
    raster: nodes.Raster
    talk: Path
    target: Path


def beside(target: Path, ending: str) -> Path:
    """The file beside the film with another ending (`.srt`)."""
    return target.with_name(target.stem + ending)


def finish(what: Finish, report: Report) -> tuple[Path, ...]:
    """Makes and publishes every output; gives their paths. Raises PvcError."""
    realiser, target = what.realiser, what.target
    realiser.watch(Phase("pictures"))
    poster = what.pictures.poster(*poster_frame(what.pictures, what.program, what.when, what.world))
    realiser.finish()
    realiser.watch(Phase("finish"))
    spoken, opened, node, inputs = plan_film(what)
    temporary = temporary_beside(target)
    try:
        film = _film(realiser, node, inputs, target, temporary)
        digest, size = str(film.done.fact("digest")), film.done.fact("size")
        assert isinstance(size, int)
        report.frames = what.when.frames
        report.fps = f"{what.raster.fps.numerator}/{what.raster.fps.denominator}"
        mark = time.perf_counter()
        document = manifest(
            what.talk,
            what.program,
            what.when,
            what.raster,
            what.pictures,
            node.chapters,
            realiser.entries.values(),
            (digest, size),
            what.world,
        )
        small = {
            **_caption_files(target, spoken, what.program),
            beside(target, ".chapters.txt"): chapter_text(opened, what.when.fps).encode(),
            beside(target, ".json"): (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode(),
            beside(target, ".png"): realiser.store.blobs.read(poster.done.output().digest),
        }
        if not holds(target, digest, size):
            try:
                os.replace(temporary, target)
            except OSError as error:
                raise output_error(target, error) from error
        for path, data in small.items():
            write_output(path, data)
        report.spent("mux", time.perf_counter() - mark)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
        sweep_beside(target)
    made = (target, *small)
    report.outputs = [str(path) for path in made]
    return made


def outputs_of(target: Path, program: Program) -> tuple[Path, ...]:
    """Every file that a build of the program writes."""
    endings = (".chapters.txt", ".json", ".png", *(() if captions_of(program) == "none" else (".srt", ".vtt")))
    return (target, *(beside(target, ending) for ending in endings))


def _caption_files(target: Path, spoken: tuple[Cue, ...], program: Program) -> dict[Path, bytes]:
    """The captions beside the film, unless the talk wants none."""
    if captions_of(program) == "none":
        return {}
    return {
        beside(target, ".srt"): srt(spoken).encode(),
        beside(target, ".vtt"): vtt(spoken, program.language).encode(),
    }


def plan_film(what: Finish) -> tuple[tuple[Cue, ...], tuple[Chapter, ...], nodes.Mux, tuple[str, ...]]:
    """Captions, chapters and the node of the film, with the keys of what it is made of."""
    spoken = cues(what.when)
    opened = chapters(what.program, what.when)
    lines = nodes.Captions(
        tuple(nodes.Line(cue.start, cue.end, cue.text) for cue in spoken if captions_of(what.program) == "soft"),
        what.program.language,
        (("code", code_digest(["pvc.compiler.captions"])),),
    )
    noted = what.realiser.note(lines, f"{len(lines.lines)} captions", Result(), ran=None)
    marks = tuple(nodes.Chapter(mark.frame, mark.title) for mark in opened)
    segments = what.pictures.segments
    node = nodes.Mux(
        tuple(
            nodes.Stretch(entry.digest, shot.placed.length)
            for shot, entry in zip(what.pictures.shots, segments, strict=True)
        ),
        what.audio.digest,
        lines,
        marks,
        what.program.title,
        tags(what.program),
        what.raster,
        join.identity(),
    )
    return spoken, opened, node, tuple(dict.fromkeys((*(entry.key for entry in segments), what.audio.key, noted.key)))


def lies_at(made: Result, places: Iterable[Path]) -> str | None:
    """What is wrong where a finished film lies at none of its places as it was written."""
    digest, size = str(made.fact("digest")), made.fact("size")
    assert isinstance(size, int)
    return None if any(holds(path, digest, size) for path in places) else "the file is not what was written"


def _film(realiser: Realiser, node: nodes.Mux, inputs: tuple[str, ...], target: Path, temporary: Path) -> Entry:
    """The finished file: known if it lies at its place as it was made, else made beside it."""
    frames = sum(stretch.frames for stretch in node.stretches)

    def check(result: Result) -> str | None:
        if result.fact("film") != frames:
            return f"{result.fact('film')} frames instead of {frames}"
        return lies_at(result, (temporary, target))

    film = realiser.want(
        node,
        join.WORK,
        "the film",
        inputs=inputs,
        check=check,
        cost=0.1 + 0.0001 * frames,
        timeout=300.0,
        target=temporary,
    )
    realiser.finish([film])
    return film


def poster_frame(pictures: Pictures, program: Program, when: TalkTime, world: World) -> tuple[Chunk, int]:
    """The picture that stands for the talk: its own file, what is seen where it says `poster`, or else the longest
    still of its first scene."""
    from pvc.compiler.plan import walk
    from pvc.compiler.stage.burning import uncaptioned
    from pvc.compiler.stage.cover import cover

    own = cover(program, world)
    if own is not None:
        chunk, digest, fragment = own
        pictures.fragments[digest] = fragment
        return chunk, 0
    for spec, scene in zip(program.scenes, when.scenes, strict=True):
        at = {action.index: action.start for action in scene.actions}
        for step in walk(spec):
            if step.action.verb == "poster":
                return _seen(pictures, scene.scene, min(at[step.index], scene.frames - 1))
    first = pictures.shots[0].scene
    shots = [shot for shot in pictures.shots if shot.scene == first]
    # The last frame of a fade out is a still too, and an empty one.
    shown = [
        shot for shot in shots if any(layer.items for layer in uncaptioned(shot.placed.chunk).layers if not layer.over)
    ]
    shots = shown or shots
    stills = [shot for shot in shots if shot.placed.chunk.hold]
    best = max(stills or shots, key=lambda shot: shot.placed.length)
    return uncaptioned(best.placed.chunk), 0 if best.placed.chunk.hold else best.placed.chunk.frames - 1


def _seen(pictures: Pictures, scene: str, frame: int) -> tuple[Chunk, int]:
    """The chunk that is seen at a frame of a scene, and the frame in it."""
    shots = [shot for shot in pictures.shots if shot.scene == scene]
    shot = next((one for one in shots if frame < one.placed.start + one.placed.length), shots[-1])
    inside = min(max(0, frame - shot.placed.start), shot.placed.chunk.frames - 1)
    from pvc.compiler.stage.burning import uncaptioned

    return uncaptioned(shot.placed.chunk), 0 if shot.placed.chunk.hold else inside


def tags(program: Program) -> tuple[tuple[str, str], ...]:
    """Metadata of the container, from the talk's settings."""
    names = {"author": "artist", "authors": "artist", "description": "description", "copyright": "copyright"}
    found: list[tuple[str, str]] = []
    for name, value in program.settings:
        text = ", ".join(map(str, value)) if isinstance(value, tuple) else value
        if name in names and isinstance(text, str):
            found.append((names[name], text))
    return tuple(found)
