"""Canonical bytes of plain values, and their BLAKE3 digest: the one way by which keys are made.

Two values have equal bytes exactly if they are equal as data: dataclasses go in with their class name and every field
(a deny-list is the caller's business: nothing is left out silently), numbers of different types differ (1, 1.0 and
True, and 0.0 and -0.0 too), and sets or mappings are refused rather than sorted behind the caller's back. The form can
be read back (`codec.decode`): a dataclass is a msgpack map of one entry, its name to its fields.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Hashable, Iterable
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import msgpack
from blake3 import blake3


@cache
def _field_names(kind: Hashable) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))  # type: ignore[arg-type]


def _checked(items: list[object]) -> list[object]:
    if dict in set(map(type, items)):
        raise TypeError("no canonical form for dict")
    return items


def _plain(value: object) -> object:
    """What msgpack cannot pack by itself: tuples (so that it need not guess), dataclasses, exact numbers."""
    kind = type(value)
    if isinstance(value, tuple):
        return _checked(list(value))
    if is_dataclass(value) and not isinstance(value, type):
        return {kind.__name__: _checked([getattr(value, name) for name in _field_names(kind)])}  # type: ignore[arg-type]
    if isinstance(value, Fraction | Decimal):
        number = Fraction(value)
        return {"Fraction": [str(number.numerator), str(number.denominator)]}
    if isinstance(value, str):
        return str(value)
    if kind is int:  # beyond 64 bits
        return {"Integer": [str(value)]}
    raise TypeError(f"no canonical form for {kind.__name__}")


def canonical(value: object) -> bytes:
    """The canonical bytes of a plain value. Raises TypeError for a type that has none."""
    if type(value) is dict:
        raise TypeError("no canonical form for dict")
    return msgpack.packb(value, default=_plain, strict_types=True, use_bin_type=True)  # type: ignore[no-any-return]


def digest_bytes(data: bytes) -> str:
    """BLAKE3 of bytes, as 64 hex digits."""
    return blake3(data).hexdigest()


def digest_of(value: object) -> str:
    """BLAKE3 of a value's canonical bytes."""
    return digest_bytes(canonical(value))


@cache
def _module_digest(name: str) -> str:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no source for module {name}", name=name)
    hasher = blake3()
    origin = Path(spec.origin)
    sources = sorted(origin.parent.rglob("*.py")) if spec.submodule_search_locations else [origin]
    for source in sources:
        data = source.read_bytes()
        hasher.update(f"{source.relative_to(origin.parent).as_posix()}\0{len(data)}\0".encode())
        hasher.update(data)
    return hasher.hexdigest()


@cache
def installed() -> str:
    """The digest of the names of all installed distributions, which carry their versions: part of the key of whatever
    a library had a hand in (a shaper, a plotter, a reader of PDFs). An upgrade of any of them makes it anew, which is
    cheap where the same comes out. Read from listings of folders, a millisecond or two."""
    found: set[str] = set()
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        found.update(name for name in names if name.endswith((".dist-info", ".egg-info", ".egg-link", ".pth")))
    return digest_of(tuple(sorted(found)))


def code_digest(names: Iterable[str]) -> str:
    """The digest of the source of some modules (of a package: all modules in it), by name, without importing them.

    Part of the key of whatever that code made: editing the code makes what it made anew. Raises ModuleNotFoundError.
    """
    return digest_of(tuple((name, _module_digest(name)) for name in sorted(set(names))))
