"""The finished file: what the muxer is told, and the worker that does it."""

from __future__ import annotations

import time
from pathlib import Path

from pvc.compiler.digest import code_digest
from pvc.compiler.graph import nodes
from pvc.compiler.graph.keys import read_node
from pvc.runtime.execute.task import Workplace
from pvc.runtime.store.blobs import file_digest
from pvc.runtime.store.result import Result

WORK = "pvc.runtime.build.join:mux"
CODE = (
    "pvc.runtime.media.mux",
    "pvc.runtime.media.boxes",
    "pvc.runtime.media.index",
    "pvc.runtime.media.segments",
    "pvc.runtime.build.join",
)


def identity() -> nodes.Identity:
    """What of our own code decides the file's bytes."""
    return (("code", code_digest(CODE)),)


def mux(node: bytes, place: Workplace) -> Result:
    """Runs a `nodes.Mux`: writes the file to the place's target; the result tells its digest and size."""
    import msgpack

    from pvc.runtime.media.aac import AacTrack
    from pvc.runtime.media.mux import Mark, MuxPlan, Piece, Subtitle
    from pvc.runtime.media.mux import mux as write
    from pvc.runtime.media.picture import Picture

    what = read_node(node)
    assert isinstance(what, nodes.Mux)
    assert place.target is not None
    began = time.perf_counter()
    checked: dict[str, Path] = {}
    for stretch in what.stretches:
        if stretch.segment not in checked:
            checked[stretch.segment] = place.blobs.checked(stretch.segment)
    packets, config, priming, samples, channels = msgpack.unpackb(place.blobs.read(what.audio))
    plan = MuxPlan(
        Picture(what.raster.width, what.raster.height, what.raster.fps),
        tuple(Piece(checked[stretch.segment], stretch.frames) for stretch in what.stretches),
        AacTrack(tuple(packets), config, priming, samples, channels),
        tuple(Subtitle(line.start, line.end, line.text) for line in what.captions.lines),
        tuple(Mark(chapter.start, chapter.title) for chapter in what.chapters),
        what.title,
        what.captions.language,
        what.tags,
    )
    write(plan, place.target)
    facts = (
        ("digest", file_digest(place.target)),
        ("size", place.target.stat().st_size),
        ("film", plan.frames),
        ("mux", time.perf_counter() - began),
    )
    return Result((), facts)
