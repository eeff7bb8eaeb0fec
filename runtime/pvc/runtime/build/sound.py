"""The talk's sound: every clip at its sample, music under it, effects at their moments; mixed and encoded once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from pvc.compiler.clock import sample_at
from pvc.compiler.digest import code_digest
from pvc.compiler.graph import nodes
from pvc.compiler.graph.keys import read_node
from pvc.compiler.model.program import Music, Program
from pvc.compiler.model.speech import TalkTime, Utterance
from pvc.compiler.model.values import Asset
from pvc.compiler.packing import packed
from pvc.compiler.plan.walk import walk
from pvc.compiler.world import World
from pvc.runtime.build.realise import Entry, Realiser
from pvc.runtime.execute.task import Workplace
from pvc.runtime.media.picture import coder_identity
from pvc.runtime.store.result import Output, Result

if TYPE_CHECKING:
    from pvc.runtime.media.loudness import Sound

WORK = "pvc.runtime.build.sound:audio"
TONE = "pvc.runtime.build.sound:tone"
CODE = ("pvc.runtime.media.audio", "pvc.runtime.media.loudness", "pvc.runtime.media.aac", "pvc.runtime.media.bed")
_MADE = ("pvc.runtime.media.bed", "pvc.runtime.media.score", "pvc.runtime.media.loudness")
OPEN, STRUCK = Fraction(-26), Fraction(-20)
"""LUFS of a bed beside speech and of an effect, before their gains (`media.bed` says why)."""


def placings(when: TalkTime, spoken: Mapping[Utterance, Entry]) -> tuple[nodes.Placing, ...]:
    """Every clip on the talk's time line, in samples."""
    found: list[nodes.Placing] = []
    frame = 0
    for scene in when.scenes:
        start = sample_at(frame, when.fps)
        found += [
            nodes.Placing(start + clip.start, spoken[clip.utterance].digest, clip.timing.samples)
            for clip in scene.clips
        ]
        frame += scene.frames
    return tuple(found)


def beds(program: Program, when: TalkTime) -> tuple[tuple[Music, int, int], ...]:
    """Which music is heard over which samples: neighbouring scenes of one music are one stretch of it."""
    found: list[tuple[Music, int, int]] = []
    frame = 0
    for spec, scene in zip(program.scenes, when.scenes, strict=True):
        start, end = sample_at(frame, when.fps), sample_at(frame + scene.frames, when.fps)
        frame += scene.frames
        music = spec.music or program.music
        if found and found[-1][0] == music:
            found[-1] = music, found[-1][1], end
        else:
            found.append((music, start, end))
    return tuple(each for each in found if each[0].kind != "none")


def effects(program: Program, when: TalkTime) -> tuple[tuple[int, Asset, Fraction], ...]:
    """The sounds that actions play: (sample of the talk, file, gain)."""
    found: list[tuple[int, Asset, Fraction]] = []
    frame = 0
    for spec, scene in zip(program.scenes, when.scenes, strict=True):
        at = {action.index: action.start for action in scene.actions}
        for step in walk(spec):
            if step.action.verb != "sound":
                continue
            options = dict(step.action.options)
            asset, gain = options["sound"], options["gain"]
            if isinstance(asset, Asset) and isinstance(gain, int | Fraction):
                found.append((sample_at(frame + at[step.index], when.fps), asset, Fraction(gain)))
        frame += scene.frames
    return tuple(sorted(found, key=lambda each: each[0]))


def ask_tones(realiser: Realiser, world: World, program: Program) -> dict[object, Entry]:
    """Asks for the music and the effects of a talk as PCM: by music, or by the file of an effect. They depend on
    nothing but themselves, so they are made beside everything else."""
    found: dict[object, Entry] = {}
    for spec in program.scenes:
        music = spec.music or program.music
        if music.kind != "none" and music not in found:
            score = tuple((name, str(value)) for name, value in music.score)
            file = music.asset.digest if music.asset is not None else ""
            node = nodes.Tone(file, music.begin, score, music.loop, OPEN, _maker())
            found[music] = _tone(realiser, world, node, f"the music {music.name}")
        for step in walk(spec):
            asset = dict(step.action.options).get("sound") if step.action.verb == "sound" else None
            if isinstance(asset, Asset) and asset.digest not in found:
                node = nodes.Tone(asset.digest, Fraction(0), (), False, STRUCK, _maker())
                found[asset.digest] = _tone(realiser, world, node, f"the sound {asset.path}")
    return found


def _maker() -> nodes.Identity:
    return (*coder_identity(), ("code", code_digest(_MADE)))


def _tone(realiser: Realiser, world: World, node: nodes.Tone, label: str) -> Entry:
    if node.recording and not realiser.dry:
        realiser.store.keep([world.blob(node.recording)])
    return realiser.want(node, TONE, label, cost=0.5, memory=400, timeout=300.0)


def ask(
    realiser: Realiser,
    program: Program,
    when: TalkTime,
    spoken: Mapping[Utterance, Entry],
    tones: Mapping[object, Entry],
) -> Entry:
    """Asks for the encoded sound. The tones must be there, unless nothing is run."""
    samples = sample_at(when.frames, when.fps)
    node = nodes.Audio(
        placings(when, spoken),
        samples,
        (*coder_identity(), ("code", code_digest(CODE))),
        tuple(
            nodes.Bed(start, end, tones[music].digest, music.gain, music.loop)
            for music, start, end in beds(program, when)
        ),
        tuple(nodes.Struck(start, tones[asset.digest].digest, gain) for start, asset, gain in effects(program, when)),
    )
    return realiser.want(
        node,
        WORK,
        "the sound",
        inputs=tuple(dict.fromkeys(entry.key for entry in (*spoken.values(), *tones.values()))),
        check=lambda result: None if result.fact("samples") == samples else f"{result.fact('samples')} samples",
        cost=0.1 + samples / 48_000 / 100,
        memory=300 + samples * (60 if node.beds else 24) // (1 << 20),
        timeout=120.0 + samples / 48_000,
    )


def tone(node: bytes, place: Workplace) -> Result:
    """Runs a `nodes.Tone`: one output, mono 32-bit PCM at 48 kHz."""
    from pvc.runtime.media import bed
    from pvc.runtime.media.score import pad

    what = read_node(node)
    assert isinstance(what, nodes.Tone)
    began = time.perf_counter()
    if what.score:
        made = pad(dict(what.score))  # a loop by itself
    else:
        made = bed.decoded(place.blobs.path(what.recording), int(what.begin * 48_000))
        made = bed.looping(made) if what.loop else bed.soft_ends(made)
    made = bed.at_loudness(made, float(what.loudness))
    data = made.astype("<f4", copy=False).tobytes()
    output = Output("main", place.blobs.put(data), len(data))
    return Result((output,), (("samples", len(made)), ("sound", time.perf_counter() - began)))


def audio(node: bytes, place: Workplace) -> Result:
    """Runs a `nodes.Audio`: one output, the encoded packets."""
    from pvc.runtime.media.aac import encode_aac
    from pvc.runtime.media.audio import limit, mix
    from pvc.runtime.store.records import Records

    what = read_node(node)
    assert isinstance(what, nodes.Audio)
    began = time.perf_counter()

    def heard(digests: Iterable[str]) -> dict[str, Sound]:
        import numpy as np

        return {
            digest: np.frombuffer(place.blobs.read(digest), dtype="<f4").astype(np.float32, copy=False)
            for digest in set(digests)
        }

    sounds = heard(placing.clip for placing in what.clips)
    programme = mix([(placing.start, sounds[placing.clip]) for placing in what.clips], what.samples)
    if what.beds or what.effects:
        tones = heard([*(bed.tone for bed in what.beds), *(struck.tone for struck in what.effects)])
        programme = limit(_accompanied(programme, what, tones))
    memory = Records(place.blobs.root)  # stretches between pauses are known from earlier builds
    try:
        track = encode_aac(programme, memory)
    finally:
        memory.close()
    parts = (track.packets, track.config, track.priming, track.samples, track.channels)
    data = packed(parts)
    output = Output("main", place.blobs.put(data), len(data))
    return Result((output,), (("samples", track.samples), ("sound", time.perf_counter() - began)))


def _accompanied(programme: Sound, what: nodes.Audio, tones: Mapping[str, Sound]) -> Sound:
    """The voice with its music and effects."""
    from pvc.runtime.media.bed import ducking, laid, soft_ends

    spoken = [(placing.start, placing.start + placing.samples) for placing in what.clips]
    gain = ducking(spoken, what.samples) if what.beds else None
    for bed in what.beds:
        if gain is None or bed.end <= bed.start:
            continue
        under = laid(tones[bed.tone], bed.end - bed.start, bed.loop) * gain[bed.start : bed.end]
        programme[bed.start : bed.end] += under * _factor(bed.gain)
    for struck in what.effects:
        sound = tones[struck.tone]
        room = what.samples - struck.start
        if len(sound) > room:
            sound = soft_ends(sound[:room])
        programme[struck.start : struck.start + len(sound)] += sound * _factor(struck.gain)
    return programme


def _factor(decibels: Fraction) -> float:
    return float(10 ** (float(decibels) / 20))
