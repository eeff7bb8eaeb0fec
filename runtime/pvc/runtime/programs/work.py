"""What a worker does for a program: runs it in its sandbox, keeps its frames, looks whether it does that again."""

from __future__ import annotations

import contextlib
import json
import math
import time
from collections.abc import Generator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pvc.compiler.digest import code_digest, digest_bytes
from pvc.compiler.graph import nodes
from pvc.compiler.graph.keys import read_node
from pvc.runtime.backends.interface import Frame
from pvc.runtime.build import lossless
from pvc.runtime.errors import EngineError
from pvc.runtime.execute.task import Workplace
from pvc.runtime.programs import reel
from pvc.runtime.programs.run import Job, Limits, Told, run
from pvc.runtime.store.result import Output, Result

WORK = "pvc.runtime.programs.work:paint"
_CODE = ("pvc.runtime.programs", "pvc.runtime.build.lossless", "pvc.runtime.backends.canvas.graphics_library")
NAME, WEAK = "name", "weak"
"""Of what comes along with a task: the file's name for messages, and whether a weaker sandbox will do. Neither is seen
in the pictures, so neither is part of a key."""
MOST_BYTES = 512 << 20
"""Of what is kept of one program."""


def frames_of(length: float, fps: Fraction) -> int:
    """How many frames there are of a motion: one at its start, one at its very end."""
    return math.ceil(Fraction(length).limit_denominator(1_000_000) * fps) + 1


def paint(node: bytes, place: Workplace) -> Result:
    """Runs a `nodes.Painting`: one output, a reel. Raises EngineError: PVC0841 to PVC0845."""
    what = read_node(node)
    assert isinstance(what, nodes.Painting)
    began = time.perf_counter()
    name = place.attached.get(NAME, b"the program").decode("utf-8", "replace")
    weak = place.attached.get(WEAK) == b"1"
    job = job_of(what, name, place)
    told, again = Told(), Told()
    count = job.count
    spot = count // 2
    digests: dict[int, str] = {}
    try:
        with contextlib.closing(_frames(job, told, digests, spot, weak)) as frames:
            data, came = reel.pack(frames, job.size, job.fps, MOST_BYTES)
    except lossless.TooLarge:
        hint = "let less of it move, or let it last shorter"
        raise EngineError("PVC0843", f"what `{name}` paints is too large to be kept", hint) from None
    if came != count:
        raise EngineError("PVC0844", f"`{name}` painted {came} frames instead of {count}")
    # A second, fresh process paints one frame out of turn: it has to be the same picture.
    with contextlib.closing(run(_only(job, spot), again, weak=weak)) as repeated:
        second = next(repeated, b"")
    if digest_bytes(second) != digests[spot]:
        raise EngineError(
            "PVC0845",
            f"`{name}` painted another picture at {spot * job.fps[1] / job.fps[0]:.2f} s when it was asked again",
            "what it draws may depend on `t` and on what it is given alone: no clock, no chance without a fixed seed, "
            "nothing kept from frame to frame",
        )
    output = Output("main", place.blobs.put(data), len(data))
    facts = (
        ("frames", came),
        ("raster", time.perf_counter() - began),
        ("sandbox", " ".join(told.layers)),
        *([("plays", told.plays)] if told.plays is not None else []),
        *((f"about.{name}", value) for name, value in told.about),
    )
    return Result((output,), facts)


def _only(job: Job, number: int) -> Job:
    return replace(job, first=number, count=number + 1)


def job_of(what: nodes.Painting, name: str, place: Workplace) -> Job:
    """What a node says, as a run takes it."""
    recipe = what.recipe
    return Job(
        name,
        place.blobs.read(recipe.source).decode("utf-8"),
        recipe.engine,
        recipe.entry,
        (what.width, what.height),
        recipe.width,
        recipe.height,
        what.length,
        (what.fps.numerator, what.fps.denominator),
        frames_of(what.length, what.fps),
        0,
        json.loads(recipe.arguments) or {},
        {name: (paint.red, paint.green, paint.blue, paint.alpha) for name, paint in recipe.colors},
        {role: str(_file(digest, place)) for role, digest in recipe.fonts},
        {written: str(_file(digest, place)) for written, digest in recipe.inputs},
    )


def _file(digest: str, place: Workplace) -> Path:
    path = place.blobs.path(digest)
    if path.is_file():
        return path
    from pvc.compiler.text import fonts

    return fonts.file(digest)


def _frames(job: Job, told: Told, digests: dict[int, str], spot: int, weak: bool) -> Generator[Frame]:
    width, height = job.size
    for number, data in enumerate(run(job, told, Limits(), weak)):
        if number == spot:
            digests[number] = digest_bytes(data)
        pixels: NDArray[np.uint8] = np.frombuffer(data, np.uint8).reshape(height, width, 4).copy()
        np.minimum(pixels[..., :3], pixels[..., 3:], out=pixels[..., :3])  # colour above its alpha is no colour
        yield Frame(pixels, None)


def runner(engine: str) -> nodes.Identity:
    """What of the machine and of our code shows in what a program paints."""
    from importlib.metadata import PackageNotFoundError, version

    packages = {"canvas": "skia-python", "manim": "manim"}
    try:
        found = version(packages[engine])
    except PackageNotFoundError:
        found = "none"
    return (("engine", engine), (packages[engine], found), ("code", code_digest(_CODE)))
