"""What was built of a talk the last two times: its nodes with the bytes of their keys, so that `why` can compare.
Builds of one scene or at another size are remembered apart."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pvc.compiler import codec
from pvc.compiler.digest import canonical
from pvc.compiler.graph.keys import difference, read_node
from pvc.runtime.build.request import OTHER_FILM, film_of
from pvc.runtime.build.trace import talk_folder
from pvc.runtime.store.blobs import replace_file
from pvc.runtime.store.seal import sealed, unsealed

VERSION = 2
_SEAL = "graph"


@dataclass(frozen=True, slots=True)
class Known:
    """One node of a build; ``node`` is what its key is the digest of; ``ran``: whether that build ran it."""

    key: str
    kind: str
    label: str
    scene: str | None
    inputs: tuple[str, ...]
    node: bytes
    ran: bool


@dataclass(frozen=True, slots=True)
class Lasting:
    """How many frames a shot lasts: the ``number``-th chunk of a scene, with its segment's key."""

    scene: str
    number: int
    segment: str
    frames: int
    hold: bool


@dataclass(frozen=True, slots=True)
class Built:
    """All nodes of one build of a talk to ``output``, of ``scene`` alone where that is set, at a ``preset``'s size."""

    version: int
    scene: str | None
    preset: str
    output: str
    nodes: tuple[Known, ...]
    lengths: tuple[Lasting, ...]


def _place(root: Path, talk: Path, options: str, generation: int) -> Path:
    return talk_folder(root, talk) / f"{options[:32]}.graph{'' if generation == 0 else f'.{generation}'}"


def _read(path: Path) -> Built | None:
    try:
        built = codec.decode(unsealed(_SEAL, path.read_bytes()) or b"", ("pvc.runtime.build.memory",))
    except (OSError, codec.Undecodable):
        return None
    return built if isinstance(built, Built) and built.version == VERSION else None


def load(root: Path, talk: Path, options: str, generation: int = 0) -> Built | None:
    """The last build with these options (``generation`` 0) or the one before it (1); None where there is none."""
    return _read(_place(root, talk, options, generation))


def latest(root: Path, talk: Path, language: str | None = None) -> Built | None:
    """The last build of a talk in its first format and in one language, with whatever options else."""
    found: list[tuple[int, Path]] = []
    for path in talk_folder(root, talk).glob("*.graph"):
        if path.name.startswith(OTHER_FILM) != (language is not None) or not path.name.startswith(film_of(language)):
            continue  # commands that look at a talk look at its first format
        with contextlib.suppress(OSError):
            found.append((path.stat().st_mtime_ns, path))
    return _read(max(found)[1]) if found else None


def keep(root: Path, talk: Path, options: str, built: Built) -> None:
    """Remembers a build; the one before moves back by a generation, unless it had the same nodes."""
    before = load(root, talk, options)
    path = _place(root, talk, options, 0)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if before is not None and {node.key for node in before.nodes} != {node.key for node in built.nodes}:
            os.replace(path, _place(root, talk, options, 1))
        replace_file(path, sealed(_SEAL, canonical(built)))


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a node would run: the ``like`` node of before (None: there was none of its kind) and the fields (path,
    before, after) in which it differs. Without any it is the same node, and what came of it is no longer there."""

    node: Known
    like: Known | None
    fields: tuple[tuple[str, str | None, str | None], ...]


def causes(before: Built, now: Iterable[Known]) -> tuple[Cause, ...]:
    """A cause for each node that ``before`` did not have, or that would run all the same. It is compared with the most
    similar node of its kind that is gone (of its own scene, where there is one)."""
    current = list(now)
    keys = {node.key for node in current}
    old = {node.key: node for node in before.nodes}
    gone = [node for node in before.nodes if node.key not in keys]
    found: list[Cause] = []
    for node in current:
        if node.key in old:
            if node.ran:
                found.append(Cause(node, old[node.key], ()))
            continue
        alike = [one for one in gone if one.kind == node.kind]
        near = [one for one in alike if one.scene == node.scene] or alike
        if not near:
            found.append(Cause(node, None, ()))
            continue
        value = read_node(node.node)
        compared = [(difference(read_node(one.node), value), one) for one in near]
        fields, like = min(compared, key=lambda pair: (pair[1].label != node.label and len(pair[0]), len(pair[0])))
        found.append(Cause(node, like, fields))
    return tuple(found)
