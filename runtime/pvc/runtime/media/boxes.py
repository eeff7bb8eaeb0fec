"""MP4 boxes (ISO/IEC 14496-12, -14, -15; QuickTime for chapters and metadata): pure functions from values to bytes.

We write the container ourselves because nothing in it is left to chance then: no date, no tool's version, exact edit
lists, the index in front without a second pass over the file, and no encoder or demuxer to open for a copy.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from sys import byteorder

UNITY = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

# ISO 639-1 to 639-2/T for the languages that voices exist for; others are `und` in `mdhd` and exact in `elng`.
_CODES = """
af:afr am:amh ar:ara az:aze be:bel bg:bul bn:ben bs:bos ca:cat cs:ces cy:cym da:dan de:deu el:ell en:eng eo:epo es:spa
et:est eu:eus fa:fas fi:fin fr:fra ga:gle gl:glg gu:guj he:heb hi:hin hr:hrv hu:hun hy:hye id:ind is:isl it:ita ja:jpn
ka:kat kk:kaz kn:kan ko:kor la:lat lt:lit lv:lav mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt nb:nob ne:nep nl:nld nn:nno
no:nor pa:pan pl:pol ps:pus pt:por ro:ron ru:rus si:sin sk:slk sl:slv sq:sqi sr:srp sv:swe sw:swa ta:tam te:tel th:tha
tr:tur uk:ukr ur:urd uz:uzb vi:vie yi:yid zh:zho
"""
THREE_LETTERS: dict[str, str] = {pair[:2]: pair[3:] for pair in _CODES.split()}


def box(kind: str, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind.encode("latin-1")) + body


def full(kind: str, version: int, flags: int, *parts: bytes) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def u32s(values: Sequence[int]) -> bytes:
    numbers = array("I", values)
    if byteorder == "little":
        numbers.byteswap()
    return numbers.tobytes()


def three_letters(language: str) -> str:
    """The ISO 639-2 code for a BCP 47 tag, `und` where it has none here."""
    primary = language.split("-")[0].lower()
    return primary if len(primary) == 3 and primary.isascii() else THREE_LETTERS.get(primary, "und")


@dataclass(frozen=True, slots=True)
class Track:
    """One track's tables.

    ``kind``: `vide`, `soun`, `sbtl` or `text`. ``timescale``: ticks per second of its media. ``durations``: runs of
    (samples, ticks each). ``sync``: numbers (from 1) of samples that can be decoded alone, None: all. ``chunks``: runs
    of samples that lie together, as (file offset, samples). ``length``: the shown length in ticks of the *movie*, from
    ``skip`` ticks of the media on. ``size``/``top``: pixels and place. ``chapters``: the id of the chapter track.
    """

    id: int
    kind: str
    name: str
    language: str
    timescale: int
    entry: bytes
    sizes: Sequence[int]
    durations: Sequence[tuple[int, int]]
    sync: Sequence[int] | None
    chunks: Sequence[tuple[int, int]]
    length: int
    skip: int = 0
    enabled: bool = True
    size: tuple[int, int] = (0, 0)
    top: int = 0
    chapters: int | None = None
    group: int = 0


def track_box(track: Track) -> bytes:
    """`trak`, whole."""
    long = track.length > 0xFFFFFFFF
    matrix = UNITY if not track.top else struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, track.top << 16, 0x40000000)
    header = full(
        "tkhd",
        int(long),
        3 if track.enabled else 2,
        struct.pack(">QQIIQ" if long else ">IIIII", 0, 0, track.id, 0, track.length),
        struct.pack(">8xhhh2x", 0, track.group, 0x100 if track.kind == "soun" else 0),
        matrix,
        struct.pack(">II", track.size[0] << 16, track.size[1] << 16),
    )
    edit = struct.pack(">IQqI" if long else ">IIiI", 1, track.length, track.skip, 0x10000)
    edits = box("edts", full("elst", int(long), 0, edit))
    reference = b"" if track.chapters is None else box("tref", box("chap", struct.pack(">I", track.chapters)))
    return box("trak", header, edits, reference, _media(track))


def _media(track: Track) -> bytes:
    ticks = sum(count * each for count, each in track.durations)
    code = 0
    for letter in three_letters(track.language):
        code = code << 5 | (ord(letter) - 0x60)
    long = ticks > 0xFFFFFFFF
    clock = struct.pack(">QQIQHH" if long else ">IIIIHH", 0, 0, track.timescale, ticks, code, 0)
    handler = struct.pack(">4x4s12x", track.kind.encode()) + track.name.encode() + b"\0"
    data = box("dinf", full("dref", 0, 0, struct.pack(">I", 1), full("url ", 0, 1)))
    return box(
        "mdia",
        full("mdhd", int(long), 0, clock),
        full("elng", 0, 0, track.language.encode("ascii", "replace") + b"\0"),
        full("hdlr", 0, 0, handler),
        box("minf", _media_header(track.kind), data, _sample_table(track)),
    )


def _media_header(kind: str) -> bytes:
    if kind == "vide":
        return full("vmhd", 0, 1, bytes(8))
    if kind == "soun":
        return full("smhd", 0, 0, bytes(4))
    if kind == "sbtl":
        return full("nmhd", 0, 0)
    general = full("gmin", 0, 0, struct.pack(">5H2x", 0x40, 0x8000, 0x8000, 0x8000, 0))
    return box("gmhd", general, box("text", struct.pack(">H8IH", 1, 0, 0, 0, 1, 0, 0, 0, 0x4000, 0)))


def _sample_table(track: Track) -> bytes:
    chunk_runs: list[int] = []
    for number, (_, count) in enumerate(track.chunks, 1):
        if not chunk_runs or chunk_runs[-2] != count:
            chunk_runs += (number, count, 1)
    offsets = [offset for offset, _ in track.chunks]
    times = [number for run in track.durations for number in run]
    parts = [
        full("stsd", 0, 0, struct.pack(">I", 1), track.entry),
        full("stts", 0, 0, struct.pack(">I", len(track.durations)), u32s(times)),
        b"" if track.sync is None else full("stss", 0, 0, struct.pack(">I", len(track.sync)), u32s(track.sync)),
        full("stsc", 0, 0, struct.pack(">I", len(chunk_runs) // 3), u32s(chunk_runs)),
        full("stsz", 0, 0, struct.pack(">II", 0, len(track.sizes)), u32s(track.sizes)),
    ]
    if offsets and offsets[-1] > 0xFFFFFFFF:
        parts.append(full("co64", 0, 0, struct.pack(f">I{len(offsets)}Q", len(offsets), *offsets)))
    else:
        parts.append(full("stco", 0, 0, struct.pack(">I", len(offsets)), u32s(offsets)))
    if track.kind == "soun":  # an AAC packet needs the one before it to decode rightly
        parts.append(full("sgpd", 1, 0, struct.pack(">4sIIh", b"roll", 2, 1, -1)))
        parts.append(full("sbgp", 0, 0, struct.pack(">4sIII", b"roll", 1, len(track.sizes), 1)))
    return box("stbl", *parts)


def avc_entry(width: int, height: int, configuration: bytes) -> bytes:
    """The sample entry of H.264 with its parameter sets (avcC), tagged BT.709, limited range, square pixels."""
    fixed = struct.pack(">6xH16xHHIIIH32xHh", 1, width, height, 0x480000, 0x480000, 0, 1, 24, -1)
    colour = box("colr", struct.pack(">4sHHHB", b"nclx", 1, 1, 1, 0))
    return box("avc1", fixed, box("avcC", configuration), colour, box("pasp", struct.pack(">II", 1, 1)))


def aac_entry(channels: int, rate: int, configuration: bytes, bytes_per_second: int) -> bytes:
    """The sample entry of AAC-LC with its AudioSpecificConfig."""

    def descriptor(tag: int, body: bytes) -> bytes:
        return struct.pack(">BB", tag, len(body)) + body

    specific = descriptor(5, configuration)
    bits = bytes_per_second * 8
    decoder = descriptor(4, struct.pack(">BBBHII", 0x40, 0x15, 0, 6144 * channels // 8, bits, bits) + specific)
    stream = descriptor(3, struct.pack(">HB", 0, 0) + decoder + descriptor(6, b"\x02"))
    fixed = struct.pack(">6xH8xHH4xI", 1, channels, 16, rate << 16)
    return box("mp4a", fixed, full("esds", 0, 0, stream))


def timed_text_entry(width: int, height: int) -> bytes:
    """The sample entry of 3GPP timed text: white, centred, at the bottom of its box."""
    style = struct.pack(">HHHBB4B", 0, 0, 1, 0, max(12, height // 3), 255, 255, 255, 255)
    font = b"Sans-Serif"
    fonts = box("ftab", struct.pack(">HHB", 1, 1, len(font)), font)
    record = struct.pack(">IbbBBBB4h", 0, 1, -1, 0, 0, 0, 0, 0, 0, height, width)
    return box("tx3g", struct.pack(">6xH", 1), record, style, fonts)


def chapter_entry() -> bytes:
    """The sample entry of a QuickTime text track, with the values by which players know a list of chapters."""
    return box("text", struct.pack(">6xH", 1), struct.pack(">II35x", 0, 1))


def chapter_sample(title: str) -> bytes:
    text = title.encode()[:65000]
    return struct.pack(">H", len(text)) + text + box("encd", struct.pack(">I", 0x100))


def movie_header(timescale: int, length: int, next_track: int) -> bytes:
    long = length > 0xFFFFFFFF
    times = struct.pack(">QQIQ" if long else ">IIII", 0, 0, timescale, length)
    rest = struct.pack(">IH10x", 0x10000, 0x100)
    return full("mvhd", int(long), 0, times, rest, UNITY, bytes(24), struct.pack(">I", next_track))


def metadata(tags: Sequence[tuple[str, str]], chapters: Sequence[tuple[int, str]]) -> bytes:
    """`udta`: iTunes-style tags (such as `©nam`) and Nero's chapter list: (start in 100 ns, title)."""
    items = b"".join(box(key, box("data", struct.pack(">II", 1, 0), value.encode())) for key, value in tags if value)
    handler = full("hdlr", 0, 0, struct.pack(">4x4s4s9x", b"mdir", b"appl"))
    parts = [full("meta", 0, 0, handler, box("ilst", items))]
    if chapters:
        listed = []
        for start, title in chapters[:255]:
            text = title.encode()[:255].decode(errors="ignore").encode()
            listed.append(struct.pack(">QB", start, len(text)) + text)
        parts.append(full("chpl", 1, 0, struct.pack(">IB", 0, len(listed)), *listed))
    return box("udta", *parts)


FILE_TYPE = box("ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41")
