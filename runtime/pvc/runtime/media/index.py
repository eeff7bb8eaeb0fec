"""Read an MP4's index: what the file says it holds, without decoding a thing. For our own files before they are
published, and for anybody's in `verify`; so it must survive any bytes.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from sys import byteorder

from pvc.runtime.errors import MediaError

MAX_INDEX = 1 << 28
"""Bytes of `moov` above which the file is taken for damaged; a day of video needs a fifth of it."""


@dataclass(frozen=True, slots=True)
class TrackIndex:
    """``kind``: handler type (`vide`, `soun`, `sbtl`, `text`, ...). ``durations``: runs (samples, ticks). ``start`` and
    ``length``: the edit list's, in seconds: where in the media the shown part begins, its length (None: no list).
    ``end``: the end of its last byte in the file. ``colour``: nclx (primaries, transfer, matrix, full range)."""

    id: int
    kind: str
    name: str
    language: str
    timescale: int
    samples: int
    durations: tuple[tuple[int, int], ...]
    sync: int | None
    start: Fraction
    length: Fraction | None
    end: int
    format: str
    colour: tuple[int, int, int, int] | None

    @property
    def ticks(self) -> int:
        return sum(count * each for count, each in self.durations)


@dataclass(frozen=True, slots=True)
class FileIndex:
    """``order``: the top-level boxes. ``torn``: the file ends before what its index promises."""

    order: tuple[str, ...]
    tracks: tuple[TrackIndex, ...]
    size: int
    torn: bool

    @property
    def fast_start(self) -> bool:
        return "moov" in self.order and "mdat" in self.order and self.order.index("moov") < self.order.index("mdat")


def read_index(path: Path) -> FileIndex:
    """Raises MediaError (PVC0860) where the bytes are no MP4, are cut short before the index ends, or contradict
    themselves; OSError where the file cannot be read."""
    order: list[str] = []
    movie: bytes | None = None
    size = path.stat().st_size
    torn = False
    with path.open("rb") as stream:
        at = 0
        while at + 8 <= size and len(order) < 10_000:
            stream.seek(at)
            head = stream.read(16)
            length, kind = struct.unpack(">I4s", head[:8])
            header = 8
            if length == 1 and len(head) == 16:
                length, header = struct.unpack(">Q", head[8:])[0], 16
            elif length == 0:
                length = size - at
            if (
                length < header
                or not kind.isascii()
                or (not order and kind not in (b"ftyp", b"moov", b"styp", b"free"))
            ):
                raise _broken("its boxes do not fit together" if order else "it does not begin like an MP4")
            order.append(kind.decode("ascii"))
            torn = torn or at + length > size
            if kind == b"moov":
                if length > MAX_INDEX or torn:
                    raise _broken("its index is cut short")
                stream.seek(at + header)
                movie = stream.read(length - header)
            at += length
    if movie is None:
        raise _broken("it has no index (`moov`)" if order else "it is empty or too short")
    try:
        tracks = tuple(_tracks(movie))
    except (struct.error, IndexError, ValueError, KeyError, ZeroDivisionError, RecursionError) as error:
        raise _broken(f"its index is damaged ({error})") from error
    return FileIndex(tuple(order), tracks, size, torn or any(track.end > size for track in tracks))


def _broken(why: str) -> MediaError:
    return MediaError("PVC0860", f"this is no whole MP4 file: {why}", "build it again with `pvc build`")


def _boxes(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        header = 8
        if length == 1:
            length, header = struct.unpack_from(">Q", data, at + 8)[0], 16
        elif length == 0:
            length = len(data) - at
        if length < header or at + length > len(data):
            raise ValueError(f"box {kind!r} of {length} bytes")
        yield kind.decode("latin-1"), data[at + header : at + length]
        at += length


def _tree(data: bytes) -> dict[str, bytes]:
    """Boxes by kind; the last of each."""
    return dict(_boxes(data))


def _clock(data: bytes) -> tuple[int, int, int]:
    """Time scale, duration, and where the fields behind them begin; for `mvhd` and `mdhd`."""
    if data[0] == 1:
        scale, duration = struct.unpack_from(">IQ", data, 20)
        return scale, duration, 32
    scale, duration = struct.unpack_from(">II", data, 12)
    return scale, duration, 20


def _tracks(movie: bytes) -> Iterator[TrackIndex]:
    movie_scale = 0
    for kind, body in _boxes(movie):
        if kind == "mvhd":
            movie_scale = _clock(body)[0]
        if kind == "trak":
            yield _track(_tree(body), movie_scale)


def _track(parts: dict[str, bytes], movie_scale: int) -> TrackIndex:
    media = _tree(parts["mdia"])
    table = _tree(_tree(media["minf"])["stbl"])
    scale, _, behind = _clock(media["mdhd"])
    code = struct.unpack_from(">H", media["mdhd"], behind)[0]
    sizes = _sizes(table["stsz"])
    times = _numbers(table["stts"], 4, 2)
    durations = tuple(zip(times[::2], times[1::2], strict=True))
    start, length = Fraction(0), None
    if "edts" in parts:
        start, length = _edit(_tree(parts["edts"])["elst"], movie_scale, scale)
    description = next(_boxes(table["stsd"][8:]))
    samples = len(sizes)
    if sum(count for count, _ in durations) != samples:
        raise ValueError("sizes and times of samples differ in number")
    header = parts["tkhd"]
    return TrackIndex(
        id=struct.unpack_from(">I", header, 20 if header[0] == 1 else 12)[0],
        kind=media["hdlr"][8:12].decode("latin-1"),
        name=media["hdlr"][24:].split(b"\0")[0].decode(errors="replace"),
        language="".join(chr((code >> shift & 31) + 0x60) for shift in (10, 5, 0)),
        timescale=scale,
        samples=samples,
        durations=durations,
        sync=len(_numbers(table["stss"], 4, 1)) if "stss" in table else None,
        start=start,
        length=length,
        end=_end(table, sizes),
        format=description[0],
        colour=_colour(description[1]) if media["hdlr"][8:12] == b"vide" else None,
    )


def _numbers(data: bytes, at: int, columns: int) -> list[int]:
    count = struct.unpack_from(">I", data, at)[0] * columns
    if at + 4 + 4 * count > len(data):
        raise ValueError("a table is cut short")
    numbers = array("I", data[at + 4 : at + 4 + 4 * count])
    if byteorder == "little":
        numbers.byteswap()
    return numbers.tolist()


def _sizes(data: bytes) -> list[int]:
    each, count = struct.unpack_from(">II", data, 4)
    if each:
        if count > MAX_INDEX:
            raise ValueError("too many samples")
        return [each] * count
    return _numbers(data, 8, 1)


def _edit(data: bytes, movie_scale: int, scale: int) -> tuple[Fraction, Fraction]:
    """Where the first edit that is not empty begins in the media, and how long all edits show, in seconds."""
    count = struct.unpack_from(">I", data, 4)[0]
    row = ">Qq4x" if data[0] == 1 else ">Ii4x"
    shown, start = 0, None
    for number in range(min(count, 1000)):
        length, at = struct.unpack_from(row, data, 8 + number * struct.calcsize(row))
        shown += length
        if at >= 0 and start is None:
            start = at
    return Fraction(start or 0, scale), Fraction(shown, movie_scale)


def _end(table: dict[str, bytes], sizes: list[int]) -> int:
    """The end in the file of the last sample of the chunk that lies last."""
    if "co64" in table:
        pairs = _numbers(table["co64"], 4, 2)
        offsets = [high << 32 | low for high, low in zip(pairs[::2], pairs[1::2], strict=True)]
    else:
        offsets = _numbers(table["stco"], 4, 1)
    if not offsets:
        return 0
    runs = _numbers(table["stsc"], 4, 3)
    end = sample = 0
    firsts = [*runs[::3], len(offsets) + 1]
    for (first, following), count in zip(pairwise(firsts), runs[1::3], strict=True):
        if not 1 <= first < following <= len(offsets) + 1:
            raise ValueError("chunks out of order")
        for chunk in range(first, following):
            end = max(end, offsets[chunk - 1] + sum(sizes[sample : sample + count]))
            sample += count
    if sample != len(sizes):
        raise ValueError("chunks hold another number of samples")
    return end


def _colour(entry: bytes) -> tuple[int, int, int, int] | None:
    for kind, body in _boxes(entry[78:]):
        if kind == "colr" and body[:4] == b"nclx":
            primaries, transfer, matrix, full = struct.unpack(">HHHB", body[4:11])
            return primaries, transfer, matrix, full >> 7
    return None
