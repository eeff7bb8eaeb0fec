"""The first phase: every sentence is spoken once. What follows only learns how long it was and when its words came."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from pvc.compiler.digest import code_digest
from pvc.compiler.graph import nodes
from pvc.compiler.graph.keys import read_node
from pvc.compiler.model.speech import Timing, Utterance, Word
from pvc.runtime.build.realise import Entry, Realiser
from pvc.runtime.execute.task import Workplace
from pvc.runtime.media.picture import arithmetic
from pvc.runtime.speech.engines import engine
from pvc.runtime.store.result import Output, Result

WORK = "pvc.runtime.build.voices:speak"
LEVELLING = ("pvc.runtime.media.audio", "pvc.runtime.media.loudness")
"""The modules that bring a clip to the talk's loudness."""
_BYTES = 4
"""Of one sample: 32-bit floats, little endian."""


def label(utterance: Utterance) -> str:
    """A sentence as reports name it."""
    text = " ".join(utterance.text.split())
    return f'"{text if len(text) <= 48 else text[:47].rstrip() + "…"}"'


def ask(realiser: Realiser, utterances: Iterable[Utterance]) -> dict[Utterance, Entry]:
    """Asks for every sentence. Raises EngineError for an engine that is not there."""
    asked: dict[Utterance, Entry] = {}
    for utterance in utterances:
        if utterance in asked:
            continue
        voice = engine(utterance.voice.engine)
        node = speak_node(utterance)
        asked[utterance] = realiser.want(
            node,
            WORK,
            label(utterance),
            check=_wrong,
            cost=0.05 + 0.001 * len(utterance.text),
            memory=100 + voice.capabilities().memory_mb,
            timeout=120.0 + len(utterance.text),
        )
    return asked


def speak_node(utterance: Utterance) -> nodes.Speak:
    """The node of a sentence. Raises EngineError for an engine that is not there. The name of a voice is for messages,
    unless the engine looks its data up by it: giving it another name speaks nothing anew."""
    levelled = ("level", code_digest(LEVELLING))
    voice = engine(utterance.voice.engine)
    identity = (*voice.identity(utterance), arithmetic(), levelled)
    if not voice.capabilities().found_by_name:
        utterance = replace(utterance, voice=replace(utterance.voice, name=""))
    return nodes.Speak(utterance, identity)


def _wrong(result: Result) -> str | None:
    samples = result.fact("samples")
    if result.output().size != samples * _BYTES:  # type: ignore[operator]
        return f"{result.output().size} bytes for {samples} samples"
    return None


def timing(result: Result) -> Timing:
    """What the planner learns of a spoken sentence."""
    words = tuple(Word(*word) for word in result.fact("words"))  # type: ignore[attr-defined]
    return Timing(int(result.fact("samples")), words, bool(result.fact("estimated")), result.output().digest)  # type: ignore[call-overload]


def speak(node: bytes, place: Workplace) -> Result:
    """Runs a `nodes.Speak`: mono 32-bit PCM at 48 kHz, each clip at the talk's loudness (so that an edit of one leaves
    the others alone)."""
    from pvc.runtime.media.audio import level

    what = read_node(node)
    assert isinstance(what, nodes.Speak)
    began = time.perf_counter()
    speech = engine(what.utterance.voice.engine).synthesize(what.utterance)
    samples = level(speech.samples)
    data = samples.astype("<f4", copy=False).tobytes()
    words = tuple((word.start, word.end, word.begin, word.finish) for word in speech.words)
    return Result(
        (Output("main", place.blobs.put(data), len(data)),),
        (
            ("samples", len(samples)),
            ("words", words),
            ("estimated", speech.estimated),
            ("voice", time.perf_counter() - began),
        ),
    )
