"""The talk's sound: every clip at its sample, mixed and encoded once."""

from __future__ import annotations

import time
from collections.abc import Mapping

from pvc.compiler.clock import sample_at
from pvc.compiler.digest import code_digest
from pvc.compiler.graph import nodes
from pvc.compiler.graph.keys import read_node
from pvc.compiler.model.speech import TalkTime, Utterance
from pvc.compiler.packing import packed
from pvc.runtime.build.realise import Entry, Realiser
from pvc.runtime.execute.task import Workplace
from pvc.runtime.media.picture import coder_identity
from pvc.runtime.store.result import Output, Result

WORK = "pvc.runtime.build.sound:audio"
CODE = ("pvc.runtime.media.audio", "pvc.runtime.media.loudness", "pvc.runtime.media.aac")


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


def ask(realiser: Realiser, when: TalkTime, spoken: Mapping[Utterance, Entry]) -> Entry:
    """Asks for the encoded sound."""
    samples = sample_at(when.frames, when.fps)
    node = nodes.Audio(placings(when, spoken), samples, (*coder_identity(), ("code", code_digest(CODE))))
    return realiser.want(
        node,
        WORK,
        "the sound",
        inputs=tuple(dict.fromkeys(entry.key for entry in spoken.values())),
        check=lambda result: None if result.fact("samples") == samples else f"{result.fact('samples')} samples",
        cost=0.1 + samples / 48_000 / 100,
        memory=300 + samples * 24 // (1 << 20),
        timeout=120.0 + samples / 48_000,
    )


def audio(node: bytes, place: Workplace) -> Result:
    """Runs a `nodes.Audio`: one output, the encoded packets."""
    import numpy as np

    from pvc.runtime.media.aac import encode_aac
    from pvc.runtime.media.audio import mix
    from pvc.runtime.store.records import Records

    what = read_node(node)
    assert isinstance(what, nodes.Audio)
    began = time.perf_counter()
    sounds = {
        placing.clip: np.frombuffer(place.blobs.read(placing.clip), dtype="<f4").astype(np.float32, copy=False)
        for placing in what.clips
    }
    programme = mix([(placing.start, sounds[placing.clip]) for placing in what.clips], what.samples)
    memory = Records(place.blobs.root)  # stretches between pauses are known from earlier builds
    try:
        track = encode_aac(programme, memory)
    finally:
        memory.close()
    parts = (track.packets, track.config, track.priming, track.samples, track.channels)
    data = packed(parts)
    output = Output("main", place.blobs.put(data), len(data))
    return Result((output,), (("samples", track.samples), ("sound", time.perf_counter() - began)))
