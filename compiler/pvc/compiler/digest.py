"""Canonical bytes of plain values, and their BLAKE3 digest: the one way by which keys are made.

Two values have equal bytes exactly if they are equal as data: dataclasses go in with their class name and every field
(a deny-list is the caller's business: nothing is left out silently), numbers of different types differ, and sets or
unordered mappings are refused rather than sorted behind the caller's back.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

import msgpack
from blake3 import blake3


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _plain(value: object) -> object:
    kind = type(value)
    if kind is str or kind is int or kind is bool or kind is bytes or value is None:
        return value
    if kind is float:
        return value + 0.0 if value else 0.0  # type: ignore[operator]  # -0.0 and 0.0 are one number
    if kind is tuple or kind is list:
        return [_plain(item) for item in value]  # type: ignore[attr-defined]
    if kind is Fraction or kind is Decimal:
        number = Fraction(value)  # type: ignore[arg-type]
        return ["Fraction", str(number.numerator), str(number.denominator)]
    if is_dataclass(value):
        return [kind.__name__, *(_plain(getattr(value, name)) for name in _field_names(kind))]
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"no canonical form for {kind.__name__}")


def canonical(value: object) -> bytes:
    """The canonical bytes of a plain value. Raises TypeError for a type that has none."""
    return msgpack.packb(_plain(value), use_bin_type=True)  # type: ignore[no-any-return]


def digest_bytes(data: bytes) -> str:
    """BLAKE3 of bytes, as 64 hex digits."""
    return blake3(data).hexdigest()


def digest_of(value: object) -> str:
    """BLAKE3 of a value's canonical bytes."""
    return digest_bytes(canonical(value))
