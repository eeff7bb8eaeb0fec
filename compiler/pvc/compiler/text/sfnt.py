"""Font files as containers (OpenType specification, "Organization of an OpenType Font"): which tables one has, whether
it is whole, and which weight and slope it says it has."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_NEEDED = ("cmap", "head", "hhea", "hmtx", "maxp")
_OUTLINES = ("glyf", "CFF ", "CFF2")
_PICTURES = ("CBDT", "sbix", "COLR", "SVG ", "EBDT")
REGULAR, BOLD = 400, 700


class NoFont(Exception):
    """The bytes are no font that can be set; the text says why, to stand behind `it`."""


def tables(data: bytes) -> Mapping[str, bytes]:
    """The tables of a font file (of the first font in a collection) by tag. Raises NoFont where it is cut short."""
    try:
        start = struct.unpack_from(">L", data, 12)[0] if data.startswith(b"ttcf") else 0
        (count,) = struct.unpack_from(">H", data, start + 4)
        found = {}
        for number in range(count):
            tag, _, offset, length = struct.unpack_from(">4sLLL", data, start + 12 + 16 * number)
            if offset + length > len(data):
                raise NoFont("is damaged, or cut short")
            found[tag.decode("latin-1")] = data[offset : offset + length]
    except struct.error:
        raise NoFont("is damaged, or cut short") from None
    return found


def examine(data: bytes) -> None:
    """Raises NoFont where text cannot be set with a file."""
    found = tables(data)
    if any(not found.get(name) for name in _NEEDED):
        raise NoFont("is damaged: it lacks tables that every font has")
    if not any(found.get(name) for name in _OUTLINES):
        drawn = any(name in found for name in _PICTURES)
        raise NoFont("holds pictures instead of outlines" if drawn else "has no outlines")


def style(data: bytes) -> tuple[int, bool]:
    """(weight from 1 to 1000, whether it is slanted), as the tables `OS/2` and `head` say."""
    found = tables(data)
    weight, slanted = REGULAR, False
    if len(found.get("head", b"")) >= 46:
        (mac,) = struct.unpack_from(">H", found["head"], 44)
        weight, slanted = BOLD if mac & 1 else REGULAR, bool(mac & 2)
    if len(found.get("OS/2", b"")) >= 64:
        (weight,) = struct.unpack_from(">H", found["OS/2"], 4)
        (selection,) = struct.unpack_from(">H", found["OS/2"], 62)
        slanted = slanted or bool(selection & 0x201)  # italic, or oblique
    return min(1000, max(1, weight)), slanted
