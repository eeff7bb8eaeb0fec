"""Reading canonical bytes back: what `digest.canonical` wrote of the model's values becomes those values again.

Only the plain frozen dataclasses of the model (and those that a caller registers) can come out; nothing is executed,
so bytes from a stranger's cache are safe to read. Lists come back as tuples, a Decimal as the Fraction it equals.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable
from dataclasses import is_dataclass
from fractions import Fraction
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any

import msgpack

_MODEL = ("display", "program", "speech", "theme", "values")


class Undecodable(Exception):
    """Bytes that are no canonical form of a known value (damaged, or of another version)."""


def _dataclasses(module: ModuleType) -> dict[str, type]:
    return {
        name: kind
        for name, kind in vars(module).items()
        if inspect.isclass(kind) and is_dataclass(kind) and kind.__module__ == module.__name__
    }


@cache
def registry(modules: tuple[str, ...] = ()) -> MappingProxyType[str, type]:
    """Dataclasses by name: the model's, and those of ``modules``. Raises ValueError where two share a name."""
    found: dict[str, type] = {}
    for name in (*(f"pvc.compiler.model.{part}" for part in _MODEL), "pvc.compiler.source", *modules):
        for key, kind in _dataclasses(importlib.import_module(name)).items():
            if found.setdefault(key, kind) is not kind:
                raise ValueError(f"two dataclasses are named {key}")
    return MappingProxyType(found)


def decode(data: bytes, modules: Iterable[str] = ()) -> Any:
    """The value with these canonical bytes; ``modules`` name further modules whose dataclasses may occur. Raises
    Undecodable."""
    known = registry(tuple(modules))

    def build(pairs: list[tuple[str, Any]]) -> object:
        ((name, values),) = pairs
        if name == "Fraction":
            return Fraction(int(values[0]), int(values[1]))
        if name == "Integer":
            return int(values[0])
        return known[name](*values)

    try:
        return msgpack.unpackb(data, use_list=False, object_pairs_hook=build, raw=False)
    except Exception as error:  # whatever msgpack or a constructor says about damaged bytes
        raise Undecodable(f"{type(error).__name__}: {error}") from error
