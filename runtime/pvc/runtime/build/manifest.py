"""`OUT.json`: what the film promises, and where every frame of it came from.

The source map is a list of stretches that tile the film: frames `[start, start + frames)`, the scene, the visuals that
are seen, the actions that play, and the lines they stand in. Paths are relative to the talk, so that equal talks have
equal manifests wherever they lie.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from pvc.compiler.clock import SAMPLE_RATE, sample_at
from pvc.compiler.diagnostics.places import Lines
from pvc.compiler.graph.nodes import Audio, Chapter, Raster, Tone
from pvc.compiler.model.program import Program, SceneSpec, captions_of
from pvc.compiler.model.speech import TalkTime
from pvc.compiler.plan.walk import walk
from pvc.compiler.source import Span
from pvc.compiler.world import Unreadable, World
from pvc.runtime.build import sound
from pvc.runtime.build.pictures import Pictures
from pvc.runtime.build.realise import Entry

TURNED_UP = 3
"""Decibels of gain above which music in a pause may be as loud as the voice after it."""
SCHEMA = 1


class Places:
    """Spans as `{path, line, column, end_line}`, paths relative to the talk's folder."""

    def __init__(self, talk: Path, world: World) -> None:
        self._folder = str(talk.absolute().parent)
        self._world = world
        self._lines: dict[str, Lines | None] = {}

    def of(self, span: Span | None) -> dict[str, object] | None:
        if span is None:
            return None
        if span.path not in self._lines:
            try:
                text = self._world.read(span.path).decode("utf-8", "replace")
                self._lines[span.path] = Lines(text)
            except Unreadable:
                self._lines[span.path] = None
        lines = self._lines[span.path]
        found: dict[str, object] = {"path": relative(span.path, self._folder)}
        if lines is not None:
            begin, end = lines.position(span.start), lines.position(max(span.start, span.end - 1))
            found.update(line=begin.line, column=begin.column, end_line=end.line)
        return found


def relative(path: str, folder: str) -> str:
    """The path from ``folder``, with forward slashes."""
    try:
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:  # another drive
        return Path(path).name


def manifest(
    talk: Path,
    program: Program,
    when: TalkTime,
    raster: Raster,
    pictures: Pictures,
    chapters: Iterable[Chapter],
    entries: Iterable[Entry],
    film: tuple[str, int],
    world: World,
) -> dict[str, object]:
    """The manifest as plain data. ``film``: digest and size of the finished file."""
    places = Places(talk, world)
    folder = str(talk.absolute().parent)
    entries = tuple(entries)
    stills = sum(shot.placed.length for shot in pictures.shots if shot.placed.chunk.hold)
    return {
        "schema": SCHEMA,
        "title": program.title,
        "language": program.language,
        "contract": {
            "width": raster.width,
            "height": raster.height,
            "fps": f"{raster.fps.numerator}/{raster.fps.denominator}",
            "frames": when.frames,
            "samples": sample_at(when.frames, when.fps),
            "rate": SAMPLE_RATE,
            "color": raster.color,
            "chapters": [{"frame": chapter.start, "title": chapter.title} for chapter in chapters],
            "digest": film[0],
            "size": film[1],
            **({} if captions_of(program) == "soft" else {"captions": 0}),
            "accompanied": bool(
                sound.beds(program, when) or sound.effects(program, when) or sound.heard_films(program, when)
            ),
            "loud": _loud(entries),
        },
        "frames": {"moving": when.frames - stills, "held": stills},
        "scenes": [
            {
                "id": spec.id,
                "title": spec.title,
                "start": start,
                "frames": scene.frames,
                "source": places.of(spec.span),
                "notes": list(spec.notes),
                "claims": [
                    {"text": claim.text, "source": claim.source, "at": claim.place, "quote": claim.quote}
                    for claim in spec.claims
                ],
            }
            for spec, scene, start in zip(program.scenes, when.scenes, starts(when), strict=True)
        ],
        "sentences": _sentences(program, when, places),
        "source_map": _source_map(program, when, pictures, places),
        "nodes": [
            {
                "key": entry.key,
                "kind": entry.kind,
                "label": entry.label,
                "inputs": list(entry.inputs),
                "outputs": [] if entry.result is None else [output.digest for output in entry.result.outputs],
            }
            for entry in entries
        ],
        "files": [{"path": relative(path, folder), "digest": digest} for path, digest in program.files],
    }


def _loud(entries: Iterable[Entry]) -> list[tuple[int, int]]:
    """(start, samples) of what besides the voice may be as loud as it: effects, films, music that was turned up."""
    entries = tuple(entries)
    lengths = {entry.digest: entry.done.fact("samples") for entry in entries if isinstance(entry.node, Tone)}
    found: list[tuple[int, int]] = []
    for node in (entry.node for entry in entries if isinstance(entry.node, Audio)):
        found += [(bed.start, bed.end - bed.start) for bed in node.beds if bed.gain > TURNED_UP]
        for struck in node.effects:
            length = struck.samples or lengths[struck.tone]
            assert isinstance(length, int)
            found.append((struck.start, min(length, node.samples - struck.start)))
    return sorted(found)


def starts(when: TalkTime) -> list[int]:
    """The frame at which each scene begins."""
    found, frame = [], 0
    for scene in when.scenes:
        found.append(frame)
        frame += scene.frames
    return found


def _sentences(program: Program, when: TalkTime, places: Places) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for spec, scene, frame in zip(program.scenes, when.scenes, starts(when), strict=True):
        start = sample_at(frame, when.fps)
        for clip in scene.clips:
            narration = spec.beats[clip.beat].narration
            found.append(
                {
                    "scene": spec.id,
                    "text": clip.utterance.text,
                    "start": start + clip.start,
                    "samples": clip.timing.samples,
                    "estimated": clip.timing.estimated,
                    "source": places.of(narration.span if narration else None),
                }
            )
    return found


def _source_map(program: Program, when: TalkTime, pictures: Pictures, places: Places) -> list[dict[str, object]]:
    begins = dict(zip((spec.id for spec in program.scenes), starts(when), strict=True))
    specs = {spec.id: spec for spec in program.scenes}
    actions = {spec.id: _actions(spec) for spec in program.scenes}
    found: list[dict[str, object]] = []
    for shot, entry in zip(pictures.shots, pictures.segments, strict=True):
        visuals = {visual.id: visual for visual in specs[shot.scene].visuals}
        acts = actions[shot.scene]
        seen = dict.fromkeys(item.visual for layer in shot.placed.chunk.layers for item in layer.items if item.visual)
        played = [
            {"visual": visual, "verb": acts[index][0], "source": places.of(acts[index][1])}
            for visual, index in shot.placed.sources
            if index is not None and index in acts
        ]
        found.append(
            {
                "start": begins[shot.scene] + shot.placed.start,
                "frames": shot.placed.length,
                "scene": shot.scene,
                "chunk": shot.number,
                "segment": entry.key,
                "hold": shot.placed.chunk.hold,
                "visuals": [{"id": name, "source": places.of(visuals[name].span)} for name in seen if name in visuals],
                "actions": played,
            }
        )
    return found


def _actions(spec: SceneSpec) -> dict[int, tuple[str, Span]]:
    return {step.index: (step.action.verb, step.action.span) for step in walk(spec)}
