"""Keys of nodes: terse (a digest) and explained (every field by name), two forms of one thing.

``key(node)`` is the digest of the canonical bytes of (schema, kind, node): nothing of a node is left out. Those bytes
are kept beside a build, and ``difference`` reads them back to say which field made a node run again.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from fractions import Fraction

from pvc.compiler.codec import decode
from pvc.compiler.digest import canonical, digest_bytes
from pvc.compiler.graph.nodes import KINDS, Node

SCHEMA = 1
"""Counts changes of what nodes mean that their fields do not show."""


def key_bytes(node: Node) -> bytes:
    """What a node's key is the digest of."""
    return canonical((SCHEMA, KINDS[type(node)], node))


def key(node: Node) -> str:
    """The node's key: 64 hex digits."""
    return digest_bytes(key_bytes(node))


def read_node(data: bytes) -> Node:
    """The node that `key_bytes` was asked about. Raises `codec.Undecodable`."""
    _, _, node = decode(data, modules=("pvc.compiler.graph.nodes",))
    return node  # type: ignore[no-any-return]


def explained(value: object, name: str = "") -> dict[str, str]:
    """Every leaf of a node by its path (`chunk.layers[0].items[1].x`), as short text."""
    if is_dataclass(value) and not isinstance(value, type):
        found: dict[str, str] = {}
        for field in fields(value):
            found.update(explained(getattr(value, field.name), f"{name}.{field.name}" if name else field.name))
        return found
    if isinstance(value, tuple | list):
        if _is_pairs(value):
            named: dict[str, str] = {f"{name} (names)": ", ".join(entry[0] for entry in value)}
            for entry in value:
                named.update(explained(entry[1], f"{name}.{entry[0]}"))
            return named
        if all(isinstance(item, int | float | Fraction) for item in value):
            return {name: "(" + ", ".join(str(item) for item in value) + ")"}
        listed: dict[str, str] = {f"{name} (count)": str(len(value))}
        for index, item in enumerate(value):
            listed.update(explained(item, f"{name}[{index}]"))
        return listed
    return {name: repr(value) if isinstance(value, str | bytes) else str(value)}


def _is_pairs(value: tuple[object, ...] | list[object]) -> bool:
    names = [item[0] for item in value if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str)]
    return bool(value) and len(names) == len(value) == len(set(names))


def difference(old: Node, new: Node) -> tuple[tuple[str, str | None, str | None], ...]:
    """(path, before, after) of every field in which two nodes differ; None where a side lacks it."""
    before, after = explained(old), explained(new)
    names = [*after, *(name for name in before if name not in after)]
    return tuple((name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name))
