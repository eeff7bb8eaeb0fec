"""The talk's sound: every clip at its sample, music under it, effects at their moments; mixed and encoded once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from pvc.compiler.clock import frame_at, sample_at
from pvc.compiler.digest import code_digest
from pvc.compiler.graph import nodes
from pvc.compiler.graph.keys import read_node
from pvc.compiler.model.program import Action, Music, Program, SceneSpec
from pvc.compiler.model.speech import TalkTime, Utterance
from pvc.compiler.model.values import Asset, Duration
from pvc.compiler.packing import packed
from pvc.compiler.plan.pace import played_seconds
from pvc.compiler.plan.walk import walk
from pvc.compiler.world import World
from pvc.runtime.build.realise import Entry, Realiser
from pvc.runtime.execute.task import Workplace
from pvc.runtime.media.picture import arithmetic, coder_identity
from pvc.runtime.store.result import Output, Result

if TYPE_CHECKING:
    from pvc.runtime.media.loudness import Sound

WORK = "pvc.runtime.build.sound:audio"
TONE = "pvc.runtime.build.sound:tone"
CODE = (
    "pvc.runtime.media.audio",
    "pvc.runtime.media.loudness",
    "pvc.runtime.media.aac",
    "pvc.runtime.media.bed",
    "pvc.runtime.media.master",
    "pvc.runtime.build.sound",
)
_MADE = ("pvc.runtime.media.bed", "pvc.runtime.media.score", "pvc.runtime.media.loudness")
OPEN, STRUCK, CLIP = Fraction(-26), Fraction(-20), Fraction(-16)
"""LUFS of a bed beside speech, of an effect and of a video's own sound, before their gains (`media.bed` says why; a
video mostly speaks, a little softer than the voice)."""


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


@dataclass(frozen=True, slots=True)
class Heard:
    """The sound of a video while it plays: from the sample ``start`` of the talk, ``samples`` long, taken from
    ``begin`` seconds of its file on; ``gain`` in decibels."""

    start: int
    samples: int
    asset: Asset
    begin: Fraction
    gain: Fraction

    @property
    def tone(self) -> tuple[str, Fraction]:
        return (self.asset.digest, self.begin)


def heard_films(program: Program, when: TalkTime) -> tuple[Heard, ...]:
    """The videos that are heard. One that leaves before its part has been played is heard no longer."""
    found: list[Heard] = []
    frame = 0
    for spec, scene in zip(program.scenes, when.scenes, strict=True):
        at = {action.index: action.start for action in scene.actions}
        visuals = {visual.id: dict(visual.arguments) for visual in spec.visuals}
        steps = list(walk(spec))
        for step in steps:
            if step.action.verb != "play" or not step.action.visuals:
                continue
            name = step.action.visuals[0]
            asset, begin = _sounding(visuals.get(name, {}))
            first = dict(step.action.options).get("from")
            if asset is None or not isinstance(first, int | Fraction):
                continue
            start = at[step.index]
            leaves = (
                at[other.index]
                for other in steps
                if other.action.verb in ("hide", "transform")
                and name in other.action.visuals
                and at[other.index] >= start
            )
            last = min(start + frame_at(played_seconds(step.action), when.fps), scene.frames, *leaves)
            samples = sample_at(frame + last, when.fps) - sample_at(frame + start, when.fps)
            if samples > 0:
                gain = visuals[name].get("gain")
                loud = Fraction(gain) if isinstance(gain, int | Fraction) else Fraction(0)
                found.append(Heard(sample_at(frame + start, when.fps), samples, asset, begin + Fraction(first), loud))
        frame += scene.frames
    return tuple(found)


def _sounding(arguments: Mapping[str, object]) -> tuple[Asset | None, Fraction]:
    """The file of a video that is to be heard, and where in it the video begins."""
    asset, begin = arguments.get("file"), arguments.get("begin")
    if arguments.get("sound") is not True or not isinstance(asset, Asset):
        return None, Fraction(0)
    return asset, begin.seconds if isinstance(begin, Duration) else Fraction(0)


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
            if step.action.verb == "play" and step.action.visuals:
                for key, node, label in _of_film(spec, step.action):
                    if key not in found:
                        found[key] = _tone(realiser, world, node, label)
            asset = dict(step.action.options).get("sound") if step.action.verb == "sound" else None
            if isinstance(asset, Asset) and asset.digest not in found:
                node = nodes.Tone(asset.digest, Fraction(0), (), False, STRUCK, _maker())
                found[asset.digest] = _tone(realiser, world, node, f"the sound {asset.path}")
    return found


def _of_film(spec: SceneSpec, action: Action) -> Iterator[tuple[object, nodes.Tone, str]]:
    """The sound that a `play` of a video needs, if it is to be heard and has one."""
    visual = next((each for each in spec.visuals if each.id == action.visuals[0]), None)
    asset, begin = _sounding(dict(visual.arguments)) if visual is not None else (None, Fraction(0))
    first = dict(action.options).get("from")
    if asset is not None and isinstance(first, int | Fraction):
        begin += Fraction(first)
        node = nodes.Tone(asset.digest, begin, (), False, CLIP, _maker())
        yield (asset.digest, begin), node, f"the sound of {asset.path}"


def _maker() -> nodes.Identity:
    return (*coder_identity(), arithmetic(), ("code", code_digest(_MADE)))


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
        (*coder_identity(), arithmetic(), ("code", code_digest(CODE))),
        tuple(
            nodes.Bed(start, end, tones[music].digest, music.gain, music.loop)
            for music, start, end in beds(program, when)
        ),
        (
            *(nodes.Struck(start, tones[asset.digest].digest, gain) for start, asset, gain in effects(program, when)),
            *(
                nodes.Struck(each.start, tones[each.tone].digest, each.gain, each.samples)
                for each in heard_films(program, when)
            ),
        ),
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
    from pvc.runtime.media import master
    from pvc.runtime.media.aac import encode_aac
    from pvc.runtime.media.audio import mix
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
    accompanied = bool(what.beds or what.effects)
    if accompanied:
        tones = heard([*(bed.tone for bed in what.beds), *(struck.tone for struck in what.effects)])
        programme = master.balanced(_accompanied(programme, what, tones), bool(what.clips))
    memory = Records(place.blobs.root)  # stretches between pauses are known from earlier builds
    try:
        track = master.encoded(programme, memory) if accompanied else encode_aac(programme, memory)
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
    spoken += [(struck.start, struck.start + struck.samples) for struck in what.effects if struck.samples]
    spoken.sort()
    gain = ducking(spoken, what.samples) if what.beds else None
    for bed in what.beds:
        if gain is None or bed.end <= bed.start:
            continue
        under = laid(tones[bed.tone], bed.end - bed.start, bed.loop) * gain[bed.start : bed.end]
        programme[bed.start : bed.end] += under * _factor(bed.gain)
    for struck in what.effects:
        sound = tones[struck.tone]
        room = min(what.samples - struck.start, struck.samples or what.samples)
        if len(sound) > room:
            sound = soft_ends(sound[:room])
        programme[struck.start : struck.start + len(sound)] += sound * _factor(struck.gain)
    return programme


def _factor(decibels: Fraction) -> float:
    return float(10 ** (float(decibels) / 20))
