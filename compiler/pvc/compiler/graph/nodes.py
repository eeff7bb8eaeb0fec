"""The render graph's nodes: what is to be made, as frozen values. A node's whole value is its key (`keys.py`).

What a node must never hold: paths, times of files, where it stands in the talk, ids that only name things. Inputs that
other nodes make are digests of their bytes, so a node whose inputs come out the same is not run again (early cutoff).

``Identity`` values say which code and which library made a thing: pairs such as ``("skia", "144.1")``,
``("code", <digest of the adapter's source>)``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from pvc.compiler.model.display import Chunk, Layer, Paint, Recipe
from pvc.compiler.model.speech import Utterance

Identity: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Raster:
    """The pixels of the finished film: size, exact frame rate, colour (`bt709-limited`)."""

    width: int
    height: int
    fps: Fraction
    color: str = "bt709-limited"


@dataclass(frozen=True, slots=True)
class Speak:
    """One sentence by one voice: mono PCM and its words' times."""

    utterance: Utterance
    engine: Identity


@dataclass(frozen=True, slots=True)
class Drawing:
    """A visual laid out, as bytes of a `display.Fragment` by digest: made by the compiler, an input of segments."""

    fragment: str


@dataclass(frozen=True, slots=True)
class Painting:
    """What a program of the talk paints over ``length`` seconds at ``width`` x ``height`` pixels, kept lossless; made
    in a sandbox and only where a person allowed it. ``runner``: the engine, and the code around it."""

    recipe: Recipe
    length: float
    width: int
    height: int
    fps: Fraction
    runner: Identity


@dataclass(frozen=True, slots=True)
class Frames:
    """One layer of a chunk that has several, painted by a slow backend and kept lossless, so that a change in another
    layer does not paint it again. ``opaque``: over ``background``."""

    layer: Layer
    reference: tuple[int, int]
    background: Paint
    frames: int
    hold: bool
    opaque: bool
    raster: Raster
    painter: Identity
    programs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A chunk painted, blended and encoded as one closed group of pictures. ``painters`` are identities by backend;
    ``kept`` are (index of a layer, digest of its lossless frames) for layers painted apart (`Frames`), ``programs`` are
    (digest of a moving picture, digest of what its program painted) for those in its other layers."""

    chunk: Chunk
    raster: Raster
    painters: tuple[tuple[str, Identity], ...]
    encoder: Identity
    kept: tuple[tuple[int, str], ...] = ()
    programs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Placing:
    """A clip of PCM by digest on the talk's time line, in samples; ``samples`` is its length."""

    start: int
    clip: str
    samples: int


@dataclass(frozen=True, slots=True)
class Tone:
    """A sound of the talk as PCM, at ``loudness`` (LUFS): of a recording by digest from ``begin`` seconds on, or
    generated from a ``score``. ``loop``: made so that its end runs on into its beginning."""

    recording: str
    begin: Fraction
    score: tuple[tuple[str, str], ...]
    loop: bool
    loudness: Fraction
    maker: Identity


@dataclass(frozen=True, slots=True)
class Bed:
    """Music by digest under samples ``[start, end)`` of the talk; ``gain`` in decibels, and whether it goes on from its
    beginning where it ends."""

    start: int
    end: int
    tone: str
    gain: Fraction
    loop: bool


@dataclass(frozen=True, slots=True)
class Struck:
    """A sound by digest that begins at a sample of the talk; ``gain`` in decibels. ``samples`` of it are heard (0:
    all): that of a video, which the music makes way for as for a voice."""

    start: int
    tone: str
    gain: Fraction
    samples: int = 0


@dataclass(frozen=True, slots=True)
class Audio:
    """The talk's whole sound, ``samples`` long, clips at their places, encoded for the container once. Mixing is a part
    of it: the mix alone would be hundreds of megabytes that nobody reads twice."""

    clips: tuple[Placing, ...]
    samples: int
    encoder: Identity
    beds: tuple[Bed, ...] = ()
    effects: tuple[Struck, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A caption: ``text`` is shown over samples ``[start, end)`` of the talk; lines divided by a newline."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Captions:
    """Captions of the talk; made into SRT, WebVTT and the soft track of the container."""

    lines: tuple[Line, ...]
    language: str
    writer: Identity


@dataclass(frozen=True, slots=True)
class Stretch:
    """``frames`` frames of a segment by digest; where that has fewer, its last picture is held."""

    segment: str
    frames: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter from frame ``start`` of the talk on."""

    start: int
    title: str


@dataclass(frozen=True, slots=True)
class Mux:
    """The finished file: segments joined by copy, sound by digest, captions and chapters."""

    stretches: tuple[Stretch, ...]
    audio: str
    captions: Captions
    chapters: tuple[Chapter, ...]
    title: str
    tags: tuple[tuple[str, str], ...]
    raster: Raster
    muxer: Identity


@dataclass(frozen=True, slots=True)
class Poster:
    """One frame of a chunk as a PNG."""

    chunk: Chunk
    frame: int
    raster: Raster
    painters: tuple[tuple[str, Identity], ...]
    programs: tuple[tuple[str, str], ...] = ()


Node: TypeAlias = Speak | Drawing | Painting | Frames | Segment | Tone | Audio | Captions | Mux | Poster

KINDS: dict[type, str] = {
    Speak: "speak",
    Drawing: "fragment",
    Painting: "program",
    Frames: "frames",
    Segment: "segment",
    Tone: "sound",
    Audio: "audio",
    Captions: "captions",
    Mux: "mux",
    Poster: "poster",
}
"""The name of each kind of node, as reports, `pvc graph` and `pvc why` use it."""


def nameless(chunk: Chunk) -> Chunk:
    """The chunk without the ids that only source maps need: renaming a visual paints nothing."""
    return replace(chunk, layers=tuple(_nameless_layer(layer) for layer in chunk.layers))


def _nameless_layer(layer: Layer) -> Layer:
    return replace(layer, items=tuple(replace(item, visual="") for item in layer.items))
