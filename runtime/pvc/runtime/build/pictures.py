"""The second phase: scenes are staged, their chunks become segments.

Scenes are staged one after the other here while workers already paint the ones before. A chunk of one layer is one
node; of several, the layers of foreign backends are painted by nodes of their own first and kept without loss.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from pvc.compiler.codec import Undecodable, decode
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.digest import canonical, code_digest, digest_of
from pvc.compiler.graph import nodes
from pvc.compiler.model.display import Chunk, Footage, Fragment, Glyphs, Picture, Placed
from pvc.compiler.model.program import Program
from pvc.compiler.programs import shown
from pvc.compiler.source import Span
from pvc.compiler.world import World
from pvc.runtime.build.environment import environment
from pvc.runtime.build.realise import Check, Entry, Realiser
from pvc.runtime.errors import EngineError
from pvc.runtime.execute.task import Task
from pvc.runtime.media.picture import coder_identity
from pvc.runtime.store.result import Result

SEGMENT = "pvc.runtime.build.paint:segment"
FRAMES = "pvc.runtime.build.paint:frames"
POSTER = "pvc.runtime.build.paint:poster"
_IDENTIFY = "pvc.runtime.build.paint:identify"
_EMBEDDED = "canvas"
_ENCODING = (
    "pvc.runtime.media.segments",
    "pvc.runtime.media.convert",
    "pvc.runtime.media.picture",
    "pvc.runtime.build.paint",
    "pvc.runtime.build.blend",
)
_KEEPING = ("pvc.runtime.build.lossless", "pvc.runtime.build.paint")


def encoder() -> nodes.Identity:
    """What of libraries and of our code turns painted layers into a segment's bytes."""
    return (*coder_identity(), ("code", code_digest(_ENCODING)))


def _memo(backend: str) -> str:
    return digest_of(("identity", backend, environment()))


@dataclass(frozen=True, slots=True)
class Shot:
    """A chunk at its place: ``scene`` and frame ``start`` in it, ``length`` frames long; ``segment`` is its node, set
    when all layers that are painted apart are known."""

    scene: str
    number: int
    placed: Placed


@dataclass(slots=True)
class Pictures:
    """The pictures of one build: `add` scenes, `close`, then `segments`."""

    realiser: Realiser
    world: World
    raster: nodes.Raster
    shots: list[Shot] = field(default_factory=list)
    fragments: dict[str, Fragment] = field(default_factory=dict)
    _asked: list[Entry | None] = field(default_factory=list)
    _layers: dict[int, list[tuple[int, Entry]]] = field(default_factory=dict)
    _identities: dict[str, nodes.Identity] = field(default_factory=dict)
    _asking: dict[str, Future[Result]] = field(default_factory=dict)
    _encoded: dict[str, bytes] = field(default_factory=dict)
    _files: dict[str, tuple[str, Span]] = field(default_factory=dict)
    """Paths of programs by digest, each with a place in the talk that shows it."""
    _paintings: dict[str, Entry] = field(default_factory=dict)
    """What programs paint, by the digest of the picture that shows it."""
    _waiting: list[int] = field(default_factory=list)
    weak: bool = False
    """Whether a person allowed programs a weaker sandbox."""

    def add(self, scene: str, placed: Iterable[Placed], fragments: Mapping[str, Fragment]) -> None:
        """Asks for the pictures of a scene."""
        self.fragments.update(fragments)
        for number, one in enumerate(placed, 1):
            index = len(self.shots)
            self.shots.append(Shot(scene, number, one))
            self._asked.append(None)
            if self._programs(one.chunk):
                self._waiting.append(index)
            else:
                self._ask_for(index)

    def _ask_for(self, index: int) -> None:
        """Asks for a shot's segment, or first for its layers that are painted apart."""
        foreign = self._foreign(index)
        if foreign:
            self._layers[index] = foreign
        else:
            self._asked[index] = self._segment(index, ())

    def close(self) -> None:
        """Asks for what had to wait for programs, and for layers that are painted apart. Waits for those."""
        self.realiser.finish(self._paintings.values())
        for index in self._waiting:
            self._ask_for(index)
        self.realiser.finish(entry for layers in self._layers.values() for _, entry in layers)
        for index, layers in self._layers.items():
            kept = tuple((layer, entry.digest) for layer, entry in layers)
            self._asked[index] = self._segment(index, kept, tuple(entry.key for _, entry in layers))

    @property
    def segments(self) -> tuple[Entry, ...]:
        """The segment of every shot, in the talk's order."""
        return tuple(entry for entry in self._asked if entry is not None)

    def name(self, program: Program) -> None:
        """Takes the names of the program's own programs, for labels and messages."""
        self._files = {use.file.digest: (use.file.path, visual.span) for visual, use in shown(program)}

    def said(self) -> tuple[Diagnostic, ...]:
        """What is to be told of programs that ran, now or in an earlier build."""
        from pvc.runtime.programs.remarks import remarks

        found: list[Diagnostic] = []
        for entry in self._paintings.values():
            node = entry.node
            if isinstance(node, nodes.Painting) and entry.result is not None:
                name, span = self._files.get(node.recipe.source, ("a program", None))
                found.extend(remarks(node, entry.result, name, span))
        return tuple(dict.fromkeys(found))

    def meet(self, program: Program) -> None:
        """Asks the backends that the program names for their identities, without waiting: an engine that takes seconds
        to start does so beside the voice and the layout."""
        self.name(program)
        for backend in sorted({visual.backend for scene in program.scenes for visual in scene.visuals}):
            if self.world.recall(_memo(backend)) is None:
                self._asking[backend] = self._ask(backend)

    def _ask(self, backend: str) -> Future[Result]:
        cost = 0.01 if backend == _EMBEDDED else 2.0
        return self.realiser.executor.submit(
            Task("", "identify", f"the backend {backend}", _IDENTIFY, backend.encode(), cost=cost)
        )

    def identity(self, backend: str) -> nodes.Identity:
        """What a backend says of itself; asked of a worker once for each installation. Raises EngineError."""
        if backend not in self._identities:
            data = self.world.recall(_memo(backend))
            if data is None:
                asked = self._asking.get(backend) or self._ask(backend)
                data = canonical(asked.result().fact("identity"))
                self.world.remember(_memo(backend), data)
            try:
                self._identities[backend] = decode(data)
            except Undecodable as error:
                raise EngineError("PVC0881", f"the backend '{backend}' gave no identity") from error
        return self._identities[backend]

    def poster(self, chunk: Chunk, frame: int) -> Entry:
        """Asks for one frame of a chunk as a PNG."""
        self.realiser.finish(self._programs(chunk).values())
        node = nodes.Poster(nodes.nameless(chunk), frame, self.raster, self._painters(chunk), self._painted_by(chunk))
        return self.realiser.want(
            node, POSTER, "the poster", attach=lambda: self._attachments([chunk]), cost=0.1, memory=self._memory(1)
        )

    # ------------------------------------------------------------------------------------------

    def _painters(self, chunk: Chunk) -> tuple[tuple[str, nodes.Identity], ...]:
        names = sorted({layer.backend for layer in chunk.layers} or {_EMBEDDED})
        return tuple((name, self.identity(name)) for name in names)

    def _programs(self, chunk: Chunk) -> dict[str, Entry]:
        """The nodes of the programs that a chunk shows, by the digest of their picture."""
        found: dict[str, Entry] = {}
        for digest in _fragments_of(chunk):
            for picture, film in _painted_pictures(self.fragments[digest]):
                if picture.digest not in self._paintings:
                    self._paintings[picture.digest] = self._painting(film, chunk.reference)
                found[picture.digest] = self._paintings[picture.digest]
        return found

    def _painted_by(self, chunk: Chunk) -> tuple[tuple[str, str], ...]:
        """Digests of what programs painted for a chunk; only once that is known."""
        return tuple(sorted((picture, entry.digest) for picture, entry in self._programs(chunk).items()))

    def _painting(self, film: Footage, reference: tuple[int, int]) -> Entry:
        from pvc.runtime.programs import work

        recipe = film.recipe
        assert recipe is not None
        scale = self.raster.width / reference[0]
        size = max(1, round(recipe.width * scale)), max(1, round(recipe.height * scale))
        node = nodes.Painting(recipe, film.length, *size, self.raster.fps, work.runner(recipe.engine))
        name, span = self._files.get(recipe.source, ("a program", None))
        count = work.frames_of(film.length, self.raster.fps)

        def attach() -> list[tuple[str, bytes]]:
            self._keep([recipe.source, *(digest for _, digest in (*recipe.fonts, *recipe.inputs))])
            return [(work.NAME, name.encode()), (work.WEAK, b"1" if self.weak else b"0")]

        return self.realiser.want(
            node,
            work.WORK,
            f"{name} ({count} frames on {recipe.engine})",
            attach=attach,
            check=_frames_check(count),
            cost=1.0 + 0.02 * count,
            memory=1200,
            timeout=2400.0,
            span=span,
        )

    def _foreign(self, index: int) -> list[tuple[int, Entry]]:
        """The nodes of layers to be painted apart: where there are several, those of other backends than ours, and all
        that lie under a thin layer which is not theirs."""
        shot = self.shots[index]
        chunk = shot.placed.chunk
        if len(chunk.layers) < 2:
            return []
        under = any(layer.over for layer in chunk.layers)
        found: list[tuple[int, Entry]] = []
        for number, layer in enumerate(nodes.nameless(chunk).layers):
            if layer.over or (layer.backend == _EMBEDDED and not under):
                continue
            node = nodes.Frames(
                layer,
                chunk.reference,
                chunk.background,
                chunk.frames,
                chunk.hold,
                number == 0,
                self.raster,
                (*self.identity(layer.backend), ("keeping", code_digest(_KEEPING))),
                self._painted_by(Chunk(chunk.reference, chunk.background, (layer,), chunk.frames, chunk.hold)),
            )
            alone = Chunk(chunk.reference, chunk.background, (layer,), chunk.frames, chunk.hold)
            entry = self.realiser.want(
                node,
                FRAMES,
                f"{shot.scene}, chunk {shot.number}, layer {number + 1} ({layer.backend})",
                scene=shot.scene,
                inputs=self._drawings(replace(alone, layers=(chunk.layers[number],)), shot.scene),
                attach=lambda alone=alone: self._attachments([alone]),  # type: ignore[misc]
                check=_frames_check(chunk.frames),
                cost=0.3 + 0.02 * chunk.frames,
                memory=900,
                timeout=120.0 + 2.0 * chunk.frames,
            )
            found.append((number, entry))
        return found

    def _segment(self, index: int, kept: tuple[tuple[int, str], ...], layers: tuple[str, ...] = ()) -> Entry:
        shot = self.shots[index]
        chunk = shot.placed.chunk
        pixels = self.raster.width * self.raster.height / (1920 * 1080)
        painted = self._painted_by(chunk)
        node = nodes.Segment(nodes.nameless(chunk), self.raster, self._painters(chunk), encoder(), kept, painted)
        what = "still" if chunk.hold else f"{chunk.frames} frames"
        return self.realiser.want(
            node,
            SEGMENT,
            f"{shot.scene}, chunk {shot.number} ({what})",
            scene=shot.scene,
            inputs=(
                *self._drawings(chunk, shot.scene),
                *(entry.key for entry in self._programs(chunk).values()),
                *layers,
            ),
            attach=lambda: self._attachments([chunk]),
            check=_frames_check(chunk.frames),
            cost=0.04 + 0.015 * chunk.frames * pixels,
            memory=self._memory(len(chunk.layers)),
            timeout=120.0 + 2.0 * chunk.frames,
        )

    def _memory(self, layers: int) -> int:
        megabytes = self.raster.width * self.raster.height * 4 / (1 << 20)
        return round(250 + megabytes * (6 + 3 * layers))

    def _drawings(self, chunk: Chunk, scene: str) -> tuple[str, ...]:
        """Enters the fragments of a chunk as nodes (made by the compiler, never run here) and gives their keys."""
        visuals = {item.fragment: item.visual for layer in chunk.layers for item in layer.items}
        keys = []
        for digest in _fragments_of(chunk):
            fragment = self.fragments[digest]
            size = f"{fragment.width:.0f}x{fragment.height:.0f} px"
            entry = self.realiser.note_source(nodes.Drawing(digest), f"{visuals[digest]} ({size})", scene)
            keys.append(entry.key)
        return tuple(keys)

    def _attachments(self, chunks: Iterable[Chunk]) -> list[tuple[str, bytes]]:
        """The fragments of chunks as bytes; the talk's own images and fonts in them go to the store for workers."""
        attached: list[tuple[str, bytes]] = []
        for chunk in chunks:
            for digest in _fragments_of(chunk):
                if digest not in self._encoded:
                    fragment = self.fragments[digest]
                    self._encoded[digest] = canonical(fragment)
                    self._keep_files(fragment)
                attached.append((digest, self._encoded[digest]))
        return attached

    def _keep_files(self, fragment: Fragment) -> None:
        self._keep(_files_of(fragment))

    def _keep(self, digests: Iterable[str]) -> None:
        """Puts files of the talk by these digests into the store, where workers find them."""
        own: list[bytes] = []
        for digest in digests:
            try:
                own.append(self.world.blob(digest))
            except KeyError:
                continue  # an installed font, or in the store already
        if own:
            self.realiser.store.keep(own)


def _fragments_of(chunk: Chunk) -> tuple[str, ...]:
    found = dict.fromkeys(item.fragment for layer in chunk.layers for item in layer.items if item.fragment)
    return tuple(found)


def _files_of(fragment: Fragment) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for element in fragment.elements:
        match element.primitive:
            case Glyphs(font=digest) | Picture(digest=digest):
                found[digest] = None
    return tuple(found)


def _painted_pictures(fragment: Fragment) -> list[tuple[Picture, Footage]]:
    """Pictures of a fragment that programs paint."""
    return [
        (each.primitive, each.primitive.film)
        for each in fragment.elements
        if isinstance(each.primitive, Picture) and each.primitive.film is not None and each.primitive.film.recipe
    ]


def _frames_check(frames: int) -> Check:
    def check(result: Result) -> str | None:
        came = result.fact("frames")
        return None if came == frames and result.output().size > 0 else f"{came} frames instead of {frames}"

    return check
