"""Join segments, sound, captions and chapters into one MP4, by copying; and publish it whole or not at all.

Layout of the file: `ftyp`, `moov`, `mdat` (the index first, so that a browser can start before it has all), tracks
interleaved by half seconds. Track 1 is the picture, 2 the sound, 3 the captions, 4 the chapters' titles.

Invariants: frame k of the talk starts at exactly k/fps; sample s of the programme at exactly s/48000 (the edit list
skips the AAC encoder's priming); equal plans give equal bytes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, repeat
from math import lcm
from pathlib import Path
from typing import TypeVar

from pvc.compiler.clock import SAMPLE_RATE, sample_at
from pvc.runtime.errors import MediaError
from pvc.runtime.media import boxes
from pvc.runtime.media.aac import FRAME, AacTrack
from pvc.runtime.media.index import read_index
from pvc.runtime.media.picture import Picture
from pvc.runtime.media.publish import publishing
from pvc.runtime.media.segments import Segment, unpack

T = TypeVar("T")

KEY_SECONDS = 2
"""A held still gets its key frame again this often, so that a player can seek into it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """``frames`` frames of the segment in a file: cut short, or held on its last picture, where it has others."""

    segment: Path
    frames: int


@dataclass(frozen=True, slots=True)
class Subtitle:
    """A caption from sample ``start`` up to sample ``end`` (48 kHz, of the talk); lines divided by a newline."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter that begins at a frame of the talk."""

    frame: int
    title: str


@dataclass(frozen=True, slots=True)
class MuxPlan:
    """Everything that is in the file. ``language`` is a BCP 47 tag; ``tags`` are more metadata: (`artist` | `comment` |
    `description` | `copyright`, text)."""

    picture: Picture
    pieces: tuple[Piece, ...]
    audio: AacTrack | None
    captions: tuple[Subtitle, ...] = ()
    chapters: tuple[Mark, ...] = ()
    title: str = ""
    language: str = "en"
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def frames(self) -> int:
        return sum(piece.frames for piece in self.pieces)


_TAGS = {"artist": "©ART", "comment": "©cmt", "description": "desc", "copyright": "cprt"}


@dataclass(frozen=True, slots=True)
class _Samples:
    """A track's samples: their ``sizes`` in bytes, ``durations`` as runs, ``sync`` numbers from 1 (None: all); ``read``
    gives the bytes of samples ``first`` up to ``last``, asked for in order."""

    kind: str
    timescale: int
    sizes: Sequence[int]
    durations: tuple[tuple[int, int], ...]
    sync: Sequence[int] | None
    entry: bytes
    read: Callable[[int, int], bytes]


def mux(plan: MuxPlan, out: Path) -> None:
    """Write the talk to ``out``, whole or not at all. Raises MediaError.

    PVC0853: a segment is damaged; PVC0854: pieces that cannot be joined, or lengths that differ; PVC0903: the file
    cannot be written (full disk, no permission, a folder in its place).
    """
    with publishing(out) as (stream, temporary):
        for part in movie(plan):
            stream.write(part)
        stream.flush()
        _validate(plan, temporary)


def movie(plan: MuxPlan) -> Iterator[bytes]:
    """The bytes of the MP4 in order. Raises MediaError."""
    tracks = [_video(plan)]
    if plan.audio is not None:
        tracks.append(_audio(plan, plan.audio))
    if plan.captions:
        tracks.append(_captions(plan))
    if plan.chapters:
        tracks.append(_chapters(plan))
    chunks = _interleave(tracks)
    base = 0
    while True:  # ends at the second turn, or at the third where the file passes 4 GiB and offsets grow
        index = _index(plan, tracks, chunks, base)
        start = len(boxes.FILE_TYPE) + len(index) + 16
        if start == base:
            break
        base = start
    size = sum(sum(track.sizes) for track in tracks)
    yield boxes.FILE_TYPE
    yield index
    yield b"\0\0\0\x01mdat" + (size + 16).to_bytes(8, "big")
    for track, first, last in chunks:
        yield tracks[track].read(first, last)


def _validate(plan: MuxPlan, path: Path) -> None:
    """Read the file's index back and compare it with the plan, so that a torn file is never published."""
    index = read_index(path)
    frames = [track.samples for track in index.tracks if track.kind == "vide"]
    packets = [track.samples for track in index.tracks if track.kind == "soun"]
    expected = [] if plan.audio is None else [len(plan.audio.packets)]
    if frames != [plan.frames] or packets != expected or index.torn:
        raise MediaError(
            "PVC0854",
            f"the written file holds {frames} frames and {packets} audio packets, not {[plan.frames]} and {expected}",
            "this is a fault of pvc; the file was not kept",
        )


def _video(plan: MuxPlan) -> _Samples:
    """The picture's samples. First pass: lengths only; the packets are read again when they are written, so that a long
    talk never lies in memory whole."""
    if not plan.pieces:
        raise MediaError("PVC0854", "there is nothing to join: the talk has no frames", "give it a scene")
    headers: dict[Path, tuple[list[int], list[int]]] = {}
    configuration = b""
    for piece in plan.pieces:
        if piece.frames < 0:
            raise MediaError("PVC0854", f"a piece of the talk has {piece.frames} frames")
        if piece.segment in headers:
            continue
        segment = load(piece.segment)
        configuration = configuration or segment.extradata
        if segment.picture != plan.picture or segment.extradata != configuration:
            raise MediaError(
                "PVC0854",
                "segments made with different settings of the encoder cannot be joined",
                "run `pvc cache gc --all` and build again",
            )
        headers[piece.segment] = ([len(packet) for packet in segment.packets], [len(skip) for skip in segment.skips])
    cycle = _key_cycle(plan.picture)
    sizes: list[int] = []
    sync: list[int] = []
    starts: list[int] = []
    for piece in plan.pieces:
        packets, skips = headers[piece.segment]
        starts.append(len(sizes))
        keys = range(0, piece.frames, cycle if len(packets) == 1 else max(1, piece.frames))
        sync.extend(len(sizes) + 1 + key for key in keys)
        sizes.extend(_laid_out(packets, skips, piece.frames, cycle))
    recent = lru_cache(maxsize=4)(load)

    def read(first: int, last: int) -> bytes:
        parts: list[bytes | memoryview] = []
        number = bisect_left(starts, first + 1) - 1
        while first < last:
            piece, start = plan.pieces[number], starts[number]
            end = min(last, start + piece.frames)
            if end > first:
                segment = recent(piece.segment)
                parts += _laid_out(segment.packets, segment.skips, piece.frames, cycle)[first - start : end - start]
                first = end
            number += 1
        return b"".join(parts)

    fps = plan.picture.fps
    entry = boxes.avc_entry(plan.picture.width, plan.picture.height, configuration)
    return _Samples("vide", fps.numerator, sizes, ((len(sizes), fps.denominator),), sync, entry, read)


def load(path: Path) -> Segment:
    """A segment from its file. Raises MediaError (PVC0853)."""
    try:
        return unpack(path.read_bytes())
    except OSError as error:
        raise MediaError(
            "PVC0853", f"a cached video segment cannot be read: {error.strerror}", "run `pvc cache verify`"
        ) from error


def _key_cycle(picture: Picture) -> int:
    return max(1, round(picture.fps * KEY_SECONDS))


def _laid_out(packets: Sequence[T], skips: Sequence[T], frames: int, cycle: int) -> list[T]:
    """A segment's packets for ``frames`` frames: cut short, or held by skipped frames; a still with its key frame again
    after every ``cycle`` frames."""
    if frames <= len(packets):
        return list(packets[:frames])
    if len(packets) > 1:
        return [*packets, *(skips[at % len(skips)] for at in range(len(packets), frames))]
    second = [packets[0], *(skips[at % len(skips)] for at in range(1, min(cycle, frames)))]
    return (second * -(-frames // len(second)))[:frames]


def _audio(plan: MuxPlan, audio: AacTrack) -> _Samples:
    wanted = sample_at(plan.frames, plan.picture.fps)
    if audio.samples != wanted:
        raise MediaError("PVC0854", f"the sound lasts {audio.samples} samples, the picture {wanted}")
    total = audio.priming + audio.samples
    count = len(audio.packets)
    if not (count - 1) * FRAME < total <= count * FRAME:
        raise MediaError("PVC0854", f"{count} audio packets do not hold {total} samples")
    sizes = [len(packet) for packet in audio.packets]
    rate = sum(sizes) * SAMPLE_RATE // (count * FRAME)
    runs = ((count - 1, FRAME), (1, total - (count - 1) * FRAME)) if count > 1 else ((1, total),)
    entry = boxes.aac_entry(audio.channels, SAMPLE_RATE, audio.config, rate)
    return _Samples(
        "soun", SAMPLE_RATE, sizes, runs, None, entry, lambda first, last: b"".join(audio.packets[first:last])
    )


def _captions(plan: MuxPlan) -> _Samples:
    """Timed text covers the whole time line: between captions stand empty ones."""
    total = sample_at(plan.frames, plan.picture.fps)
    data: list[bytes] = []
    durations: list[tuple[int, int]] = []
    at = 0
    for caption in plan.captions:
        if not at <= caption.start < caption.end <= total:
            raise MediaError("PVC0854", f"the caption {caption.text!r} overlaps another one or the talk's end")
        if caption.start > at:
            data.append(b"\0\0")
            durations.append((1, caption.start - at))
        text = caption.text.encode()[:0xFFFF]
        data.append(len(text).to_bytes(2, "big") + text)
        durations.append((1, caption.end - caption.start))
        at = caption.end
    if at < total:
        data.append(b"\0\0")
        durations.append((1, total - at))
    entry = boxes.timed_text_entry(plan.picture.width, _caption_height(plan.picture))
    return _listed("sbtl", SAMPLE_RATE, data, durations, entry)


def _caption_height(picture: Picture) -> int:
    return picture.height * 12 // 100


def _chapters(plan: MuxPlan) -> _Samples:
    fps = plan.picture.fps
    starts = [mark.frame for mark in plan.chapters]
    if starts[0] != 0 or any(b <= a for a, b in zip(starts, [*starts[1:], plan.frames], strict=True)):
        raise MediaError("PVC0854", "chapters must begin at frame 0, rise, and begin before the talk's end")
    data = [boxes.chapter_sample(mark.title) for mark in plan.chapters]
    durations = [(1, (b - a) * fps.denominator) for a, b in zip(starts, [*starts[1:], plan.frames], strict=True)]
    return _listed("text", fps.numerator, data, durations, boxes.chapter_entry())


def _listed(kind: str, timescale: int, data: list[bytes], durations: list[tuple[int, int]], entry: bytes) -> _Samples:
    sizes = [len(item) for item in data]
    return _Samples(
        kind, timescale, sizes, tuple(durations), None, entry, lambda first, last: b"".join(data[first:last])
    )


def _interleave(tracks: Sequence[_Samples]) -> list[tuple[int, int, int]]:
    """Chunks in the order of the file: (track, first sample, last sample exclusive), half a second of each in turn."""
    starts = [
        list(accumulate(chain.from_iterable(repeat(each, count) for count, each in track.durations), initial=0))[:-1]
        for track in tracks
    ]
    done = [0] * len(tracks)
    chunks: list[tuple[int, int, int]] = []
    window = 0
    while any(at < len(begin) for at, begin in zip(done, starts, strict=True)):
        window += 1
        for number, (track, begin) in enumerate(zip(tracks, starts, strict=True)):
            last = bisect_left(begin, window * track.timescale // 2, done[number])
            if last > done[number]:
                chunks.append((number, done[number], last))
                done[number] = last
    return chunks


_NAMES = {"vide": "Video", "soun": "Narration", "sbtl": "Captions", "text": "Chapters"}


def _index(plan: MuxPlan, tracks: Sequence[_Samples], chunks: Sequence[tuple[int, int, int]], base: int) -> bytes:
    """`moov` where the data of the first chunk lies at the file's byte ``base``."""
    picture = plan.picture
    scale = lcm(SAMPLE_RATE, picture.fps.numerator)
    scale = scale if scale <= 1_000_000 else SAMPLE_RATE
    length = round(plan.frames * scale / picture.fps)
    places: list[list[tuple[int, int]]] = [[] for _ in tracks]
    offset = base
    for number, first, last in chunks:
        places[number].append((offset, last - first))
        offset += sum(tracks[number].sizes[first:last])
    chapters = len(tracks) if plan.chapters else None
    written = []
    for number, track in enumerate(tracks):
        shown = {"vide": (picture.width, picture.height), "sbtl": (picture.width, _caption_height(picture))}
        written.append(
            boxes.track_box(
                boxes.Track(
                    id=number + 1,
                    kind=track.kind,
                    name=_NAMES[track.kind],
                    language=plan.language,
                    timescale=track.timescale,
                    entry=track.entry,
                    sizes=track.sizes,
                    durations=track.durations,
                    sync=track.sync,
                    chunks=places[number],
                    length=length,
                    skip=plan.audio.priming if track.kind == "soun" and plan.audio is not None else 0,
                    enabled=track.kind in ("vide", "soun"),
                    size=shown.get(track.kind, (0, 0)),
                    top=picture.height - _caption_height(picture) if track.kind == "sbtl" else 0,
                    chapters=chapters if track.kind in ("vide", "soun") else None,
                    group={"soun": 1, "sbtl": 2}.get(track.kind, 0),
                )
            )
        )
    tags = [("©nam", plan.title), *((_TAGS[key], value) for key, value in plan.tags), ("©too", "pvc")]
    listed = [(round(mark.frame * 10_000_000 / picture.fps), mark.title) for mark in plan.chapters]
    return boxes.box("moov", boxes.movie_header(scale, length, len(tracks) + 1), *written, boxes.metadata(tags, listed))
