"""What a raster file says of itself, from its structure alone: no pixel is decoded.

PNG (W3C PNG specification, 3rd edition, 5: chunks and their CRC), JPEG (ITU-T T.81, B.1.1: markers; Exif orientation
from JEITA CP-3451, 4.6), GIF (89a, 18) and WebP (RFC 9649).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Raster:
    """Size in pixels as it is seen (a JPEG's Exif orientation counts); ``alpha``: it may be transparent."""

    format: str
    width: int
    height: int
    alpha: bool = False


class Undecodable(Exception):
    """Why a file is no picture that can be drawn, in a few words."""


def probe(data: bytes) -> Raster:
    """Format and size; raises Undecodable where the file is cut short, damaged or of another kind."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            found = _png(data)
        elif data.startswith(b"\xff\xd8\xff"):
            found = _jpeg(data)
        elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            found = _webp(data)
        elif data[:6] in (b"GIF87a", b"GIF89a"):
            found = _gif(data)
        else:
            raise Undecodable("it is neither PNG, JPEG, WebP nor GIF" if data else "it is empty")
    except (struct.error, IndexError):
        raise Undecodable("it is cut short") from None
    if found.width < 1 or found.height < 1:
        raise Undecodable("its size is zero")
    return found


def _png(data: bytes) -> Raster:
    at, header, pixels, alpha = 8, None, False, False
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        (crc,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(kind + body) != crc:
            raise Undecodable(f"it is damaged (a {kind.decode('ascii', 'replace')} chunk has another checksum)")
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
            alpha = header[3] in (4, 6)
        elif kind == b"tRNS":
            alpha = True
        elif kind == b"IDAT":
            pixels = True
        elif kind == b"IEND":
            break
        at += 12 + length
    else:
        raise Undecodable("it is cut short")
    if header is None or not pixels:
        raise Undecodable("it holds no picture")
    return Raster("png", header[0], header[1], alpha)


_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def _jpeg(data: bytes) -> Raster:
    at, turned, size = 2, False, None
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:
            at += 1
        if data[at] != 0xFF:
            raise Undecodable("it is damaged (a marker is missing)")
        marker = data[at + 1]
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            size = (width, height)
        elif marker == 0xE1 and data[at + 4 : at + 10] == b"Exif\0\0":
            turned = _exif_turned(data[at + 10 : at + 2 + length])
        elif marker == 0xDA:
            break
        elif marker == 0xD9:
            raise Undecodable("it holds no picture")
        at += 2 + length
    if size is None:
        raise Undecodable("it holds no picture")
    if data.rfind(b"\xff\xd9", at) < 0:
        raise Undecodable("it is cut short")
    return Raster("jpeg", size[1], size[0]) if turned else Raster("jpeg", *size)


def _exif_turned(exif: bytes) -> bool:
    """Whether the orientation tag (0x0112) swaps width and height: 5 to 8 do."""
    try:
        order = {b"II": "<", b"MM": ">"}[exif[:2]]
        (first,) = struct.unpack_from(order + "I", exif, 4)
        (count,) = struct.unpack_from(order + "H", exif, first)
        for index in range(count):
            tag, _, _, value = struct.unpack_from(order + "HHIH", exif, first + 2 + 12 * index)
            if tag == 0x0112:
                return 5 <= int(value) <= 8
    except (KeyError, struct.error):
        return False  # a broken note about the picture does not break the picture
    return False


def _webp(data: bytes) -> Raster:
    (riff,) = struct.unpack_from("<I", data, 4)
    if len(data) < riff + 8:
        raise Undecodable("it is cut short")
    kind = data[12:16]
    if kind == b"VP8X":
        width = 1 + int.from_bytes(data[24:27], "little")
        height = 1 + int.from_bytes(data[27:30], "little")
        return Raster("webp", width, height, bool(data[20] & 0x10))
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return Raster("webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), bool(bits >> 28 & 1))
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return Raster("webp", width & 0x3FFF, height & 0x3FFF)
    raise Undecodable("it holds no picture")


def _gif(data: bytes) -> Raster:
    width, height = struct.unpack_from("<HH", data, 6)
    if b"\x3b" not in data[-16:]:
        raise Undecodable("it is cut short")
    return Raster("gif", width, height, True)
