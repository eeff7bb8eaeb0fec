"""What workers do for nodes with pictures: paint (each layer by its backend), blend, encode. Raw frames stay here."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pvc.compiler import codec
from pvc.compiler.graph import nodes
from pvc.compiler.graph.keys import read_node
from pvc.compiler.model.display import Chunk, Fragment
from pvc.runtime.backends.interface import Frame
from pvc.runtime.backends.registry import backend
from pvc.runtime.build import lossless
from pvc.runtime.build.blend import blended
from pvc.runtime.errors import MediaError
from pvc.runtime.execute.task import Workplace
from pvc.runtime.store.blobs import DamagedBlob
from pvc.runtime.store.result import Output, Result


@lru_cache(maxsize=64)
def _decoded(data: bytes) -> Fragment:
    value = codec.decode(data)
    if not isinstance(value, Fragment):
        raise codec.Undecodable("not a fragment")
    return value


@dataclass(frozen=True, slots=True)
class Found:
    """Resources for painters (`backends.interface.Resources`): what came with the task, the store, installed fonts."""

    place: Workplace
    programs: Mapping[str, str] = field(default_factory=dict)
    """Digests of what programs painted, by that of the picture that shows it."""

    def fragment(self, digest: str) -> Fragment:
        return _decoded(self.place.attached[digest])

    def blob(self, digest: str) -> Path:
        digest = self.programs.get(digest, digest)
        path = self.place.blobs.path(digest)
        if path.is_file():
            return path
        from pvc.compiler.text import fonts

        try:
            return fonts.file(digest)
        except KeyError:
            raise DamagedBlob(digest, "gone") from None


@dataclass(slots=True)
class Clock:
    """Seconds spent in the painters, seen from whoever takes their frames."""

    seconds: float = 0.0

    def timed(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        while True:
            began = time.perf_counter()
            frame = next(frames, None)
            self.seconds += time.perf_counter() - began
            if frame is None:
                return
            yield frame


def painted(
    chunk: Chunk,
    size: tuple[int, int],
    kept: dict[int, str],
    place: Workplace,
    programs: tuple[tuple[str, str], ...] = (),
) -> Iterator[Frame]:
    """The frames of a chunk, layers blended. ``kept``: digests of lossless frames by layer; ``programs``: see
    `nodes.Segment`."""
    found = Found(place, dict(programs))
    layers = [
        lossless.unpack(place.blobs.read(kept[index]))
        if index in kept
        else iter(backend(layer.backend).paint(chunk, index, size, index == 0, found))
        for index, layer in enumerate(chunk.layers)
    ]
    if len(layers) == 1:
        return layers[0]
    return blended(layers, chunk.frames, size)


def background_only(chunk: Chunk) -> Chunk:
    """The chunk with a layer to paint its background where it has none at all (an empty stretch)."""
    if chunk.layers:
        return chunk
    from dataclasses import replace

    from pvc.compiler.model.display import Layer

    return replace(chunk, layers=(Layer("canvas", ()),))


def segment(node: bytes, place: Workplace) -> Result:
    """Runs a `nodes.Segment`: one output, the encoded segment."""
    from pvc.runtime.media.convert import Planes
    from pvc.runtime.media.picture import Picture
    from pvc.runtime.media.segments import encode_segment

    what = read_node(node)
    assert isinstance(what, nodes.Segment)
    raster = what.raster
    began = time.perf_counter()
    clock = Clock()
    chunk = background_only(what.chunk)
    frames = clock.timed(painted(chunk, (raster.width, raster.height), dict(what.kept), place, what.programs))
    picture = Picture(raster.width, raster.height, raster.fps)
    planes = Planes(picture)
    data = encode_segment(frames, chunk.frames, picture, planes)
    total = time.perf_counter() - began
    output = Output("main", place.blobs.put(data), len(data))
    facts = (
        ("frames", chunk.frames),
        ("raster", clock.seconds),
        ("convert", planes.seconds),
        ("encode", total - clock.seconds - planes.seconds),
    )
    return Result((output,), facts)


def frames(node: bytes, place: Workplace) -> Result:
    """Runs a `nodes.Frames`: one layer painted apart and kept without loss."""
    what = read_node(node)
    assert isinstance(what, nodes.Frames)
    began = time.perf_counter()
    chunk = Chunk(what.reference, what.background, (what.layer,), what.frames, what.hold)
    size = what.raster.width, what.raster.height
    painter = backend(what.layer.backend).paint(chunk, 0, size, what.opaque, Found(place, dict(what.programs)))
    data, count = lossless.pack(painter, size)
    if count != what.frames:
        raise MediaError("PVC0851", f"the backend {what.layer.backend} gave {count} frames instead of {what.frames}")
    output = Output("main", place.blobs.put(data), len(data))
    return Result((output,), (("frames", count), ("raster", time.perf_counter() - began)))


def poster(node: bytes, place: Workplace) -> Result:
    """Runs a `nodes.Poster`: one frame as a PNG."""
    from pvc.runtime.build.png import encode_png

    what = read_node(node)
    assert isinstance(what, nodes.Poster)
    raster = what.raster
    began = time.perf_counter()
    chunk = background_only(what.chunk)
    for number, frame in enumerate(painted(chunk, (raster.width, raster.height), {}, place, what.programs)):
        if number == what.frame:
            data = encode_png(frame.pixels)
            output = Output("main", place.blobs.put(data), len(data))
            return Result((output,), (("raster", time.perf_counter() - began),))
    raise MediaError("PVC0851", f"a painter gave fewer frames than {what.frame + 1}", "this is a fault of the backend")


def identify(node: bytes, place: Workplace) -> Result:
    """What a backend says of itself; ``node`` is its name. Asked of a worker, so that the build imports no painter."""
    return Result((), (("identity", backend(node.decode()).identity()),))
