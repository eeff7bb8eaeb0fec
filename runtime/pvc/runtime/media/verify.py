"""Does a film keep its promises? Reads the file's index, decodes every frame and sample, measures, compares.

Works on any bytes: what cannot be read is a finding, never an exception. Two films of equal pixels may be packed
differently; only a contract with a digest demands the very bytes.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pvc.compiler.clock import SAMPLE_RATE
from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.film import opened
from pvc.runtime.errors import MediaError
from pvc.runtime.media.audio import LOUDNESS
from pvc.runtime.media.contract import Contract, without_space
from pvc.runtime.media.index import FileIndex, TrackIndex, read_index
from pvc.runtime.media.loudness import SILENCE, Meter

if TYPE_CHECKING:
    from av.container.input import InputContainer

TOLERANCE = 0.5
"""LU by which a film may be louder or softer than LOUDNESS."""
PEAK = -1.0
"""dBTP that no film exceeds."""
EARLY = 20
"""Milliseconds around a sentence that must be silent where no other sentence is: more than AAC smears, less than a
frame."""
LATE = 400
"""Milliseconds in which a sentence must have become audible."""
AUDIBLE = 10 ** (-46 / 20)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: ``facts`` as (name, value) in the order of the film's parts, ``problems`` as diagnostics;
    ``read``: there was a file to look into."""

    path: Path
    facts: tuple[tuple[str, str], ...]
    problems: tuple[Diagnostic, ...]
    read: bool = True

    @property
    def ok(self) -> bool:
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


@dataclass(slots=True)
class _Findings:
    strict: bool
    facts: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)

    def bad(self, code: str, message: str, hint: str = "build it again with `pvc build`", soft: bool = False) -> None:
        """``soft``: a warning where the film promises nothing (no contract)."""
        severity = Severity.WARNING if soft and not self.strict else Severity.ERROR
        self.problems.append(Diagnostic(code, severity, message, None, hint))

    def fact(self, name: str, value: object) -> None:
        self.facts.append((name, str(value)))


def verify(path: Path, contract: Contract | None = None) -> Report:
    """Check a film, against its contract where there is one. Never raises for what is in the file."""
    found = _Findings(contract is not None)
    try:
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            found.bad("PVC0860", f"{path} cannot be read: it is no regular file", "name an MP4 file")
            return Report(path, (), tuple(found.problems), read=False)
        index = read_index(path)
    except MediaError as error:
        found.bad(error.code, error.message, error.hint or "")
        return Report(path, (), tuple(found.problems))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        found.bad("PVC0860", f"{path} cannot be read: {reason}", "name an MP4 file")
        return Report(path, (), tuple(found.problems), read=False)
    _bytes(found, path, index, contract)
    video = _one(found, index, "vide", "avc1", "PVC0861", "picture")
    audio = _one(found, index, "soun", "mp4a", "PVC0864", "sound")
    if video is not None:
        _pace(found, video, contract)
    if video is not None and audio is not None:
        _lengths(found, video, audio, contract)
    _decoded(found, path, contract, video, audio)
    return Report(path, tuple(found.facts), tuple(found.problems))


def _bytes(found: _Findings, path: Path, index: FileIndex, contract: Contract | None) -> None:
    found.fact("file", f"MP4, {index.size} bytes")
    if index.torn:
        found.bad("PVC0860", "the file ends before what its index promises")
    if not index.fast_start:
        found.bad(
            "PVC0869", "the index stands behind the data: a browser has to load all before it can play", soft=True
        )
    if contract is None:
        return
    if contract.size is not None and contract.size != index.size:
        found.bad("PVC0871", f"the file has {index.size} bytes; the build wrote {contract.size}")
    elif contract.digest:
        from blake3 import blake3

        digest = blake3()
        with path.open("rb") as stream:
            while part := stream.read(1 << 20):
                digest.update(part)
        if digest.hexdigest() != contract.digest:
            found.bad("PVC0871", "the file is not the one that the build wrote: its bytes have another digest")


def _one(found: _Findings, index: FileIndex, kind: str, entry: str, code: str, name: str) -> TrackIndex | None:
    tracks = [track for track in index.tracks if track.kind == kind]
    if len(tracks) != 1:
        found.bad(code, f"the file has {len(tracks)} tracks with {name} instead of one")
        return None
    if tracks[0].format != entry:
        found.bad(code, f"the {name} is `{tracks[0].format}` instead of `{entry}`", soft=True)
    return tracks[0]


def _pace(found: _Findings, video: TrackIndex, contract: Contract | None) -> None:
    deltas = {each for count, each in video.durations if count}
    found.fact("frames", video.samples)
    if not video.samples or deltas == {0} or not video.timescale:
        found.bad("PVC0863", "the picture has no frames")
    elif len(deltas) > 1:
        found.bad("PVC0863", "frames follow each other at different distances: the frame rate is not constant")
    else:
        fps = Fraction(video.timescale, deltas.pop())
        found.fact("frame rate", f"{fps} ({float(fps):.3f}), constant")
        if contract is not None and fps != contract.fps:
            found.bad("PVC0863", f"the film has {fps} frames a second instead of {contract.fps}")
    if contract is not None and video.samples != contract.frames:
        found.bad("PVC0863", f"the film has {video.samples} frames instead of {contract.frames}")
    if video.colour != (1, 1, 1, 0):
        found.bad("PVC0862", f"the container tags its colours as {video.colour} instead of BT.709, limited", soft=True)


def _lengths(found: _Findings, video: TrackIndex, audio: TrackIndex, contract: Contract | None) -> None:
    if not video.timescale or not audio.timescale or not video.ticks:
        return
    shown = Fraction(video.ticks, video.timescale)
    heard = Fraction(audio.ticks, audio.timescale) - audio.start
    found.fact("length", f"{float(shown):.3f} s of picture, {float(heard):.3f} s of sound")
    if video.start:
        found.bad("PVC0870", f"the picture begins {float(video.start):.3f} s into its track")
    if abs(shown - heard) >= Fraction(shown, max(1, video.samples)):
        found.bad("PVC0864", f"picture and sound differ in length by {float(abs(shown - heard)) * 1000:.1f} ms")
    if contract is not None and round(heard * SAMPLE_RATE) != contract.samples:
        found.bad("PVC0864", f"the sound has {round(heard * SAMPLE_RATE)} samples instead of {contract.samples}")


def _decoded(
    found: _Findings, path: Path, contract: Contract | None, video: TrackIndex | None, audio: TrackIndex | None
) -> None:
    from av.error import FFmpegError

    try:
        with opened(str(path)) as container:
            _chapters(found, container, contract, video)
            _captions(found, container, contract)
        if video is not None:
            with opened(str(path)) as container:
                _pictures(found, container, contract, video)
        if audio is not None:
            with opened(str(path)) as container:
                _sound(found, container, contract)
    except (FFmpegError, ValueError, OverflowError, RuntimeError, IndexError, MemoryError) as error:
        found.bad("PVC0865", f"the film cannot be decoded throughout: {error}")


def _pictures(found: _Findings, container: InputContainer, contract: Contract | None, video: TrackIndex) -> None:
    stream = container.streams.video[0]
    coder = stream.codec_context
    if coder is None:  # in spite of its type: FFmpeg knows no decoder for what the index says
        found.bad("PVC0861", "the picture is of a kind that nobody knows")
        return
    stream.thread_type = "AUTO"
    coder.options = {"err_detect": "explode+crccheck+bitstream+buffer"}
    size, profile, format = (coder.width, coder.height), coder.profile, coder.pix_fmt
    found.fact("picture", f"H.264 {profile}, {size[0]}x{size[1]}, {format}")
    if coder.name != "h264" or profile not in ("High", "Main", "Constrained Baseline") or format != "yuv420p":
        found.bad(
            "PVC0861", f"players expect H.264 High in yuv420p; this is {coder.name} {profile} in {format}", soft=True
        )
    if contract is not None and size != (contract.width, contract.height):
        found.bad("PVC0861", f"the picture is {size[0]}x{size[1]} instead of {contract.width}x{contract.height}")
    tags = (int(coder.colorspace), int(coder.color_primaries), int(coder.color_trc), int(coder.color_range))
    if tags != (1, 1, 1, 1):
        found.bad("PVC0862", "the picture is not tagged as BT.709, limited range", "encode it again", soft=True)
    each = Fraction(video.ticks, video.samples * video.timescale) if video.samples and video.timescale else Fraction(0)
    count = 0
    late = corrupt = None
    for frame in container.decode(stream):
        if late is None and (
            frame.pts is None or frame.time_base is None or frame.pts * frame.time_base != count * each
        ):
            late = count
        if corrupt is None and frame.is_corrupt:
            corrupt = count
        count += 1
    found.fact("decoded", f"{count} frames")
    if corrupt is not None:
        found.bad("PVC0865", f"frame {corrupt} is damaged")
    if count != video.samples:
        found.bad("PVC0865", f"{count} frames can be decoded of the {video.samples} in the index")
    elif late is not None:
        found.bad("PVC0863", f"frame {late} does not stand at its time")


def _sound(found: _Findings, container: InputContainer, contract: Contract | None) -> None:
    stream = container.streams.audio[0]
    coder = stream.codec_context
    if coder is None:  # in spite of its type, as above
        found.bad("PVC0864", "the sound is of a kind that nobody knows")
        return
    coder.options = {"err_detect": "explode+crccheck+bitstream+buffer"}
    found.fact("sound", f"{coder.name} {coder.profile}, {coder.sample_rate} Hz, {coder.layout.name}")
    if coder.name != "aac" or coder.sample_rate != SAMPLE_RATE:
        found.bad("PVC0864", f"players expect AAC at 48 kHz; this is {coder.name} at {coder.sample_rate} Hz", soft=True)
        return
    meter = Meter()
    envelope: list[NDArray[np.float32]] = []
    rest = np.zeros(0, np.float32)
    begin: int | None = None
    for samples, pts in _samples(container, coder.layout.nb_channels):
        begin = pts if begin is None else begin
        meter.add(samples)
        rest = np.concatenate((rest, np.abs(samples)))
        whole = len(rest) // 48 * 48
        envelope.append(rest[:whole].reshape(-1, 48).max(axis=1))
        rest = rest[whole:]
    if begin is None:
        found.bad("PVC0864", "the sound has no samples")
        return
    if abs(begin) >= 48:
        found.bad("PVC0870", f"the sound begins at {begin / 48:.1f} ms")
    _loudness(found, meter.loudness(), meter.true_peak(), contract)
    if contract is not None:
        _sync(found, np.concatenate(envelope), contract)


def _samples(container: InputContainer, channels: int) -> Iterator[tuple[NDArray[np.float32], int]]:
    """Decoded sound, channels averaged, with the sample at which it begins."""
    for frame in container.decode(audio=0):
        block = frame.to_ndarray()
        if frame.format.name.endswith("p"):
            mono = block.mean(axis=0)
        else:
            mono = block.reshape(-1, channels).mean(axis=1)
        pts = 0 if frame.pts is None or frame.time_base is None else round(frame.pts * frame.time_base * SAMPLE_RATE)
        yield np.asarray(mono, np.float32), pts


def _loudness(found: _Findings, loudness: float, peak: float, contract: Contract | None) -> None:
    if loudness <= SILENCE:
        found.fact("loudness", "silence")
        if contract is not None and contract.speech:
            found.bad("PVC0866", "the film is silent, but its narration is not")
        return
    found.fact("loudness", f"{loudness:.1f} LUFS, true peak {peak:.1f} dBTP")
    hint = "build it again, or normalise it"
    tolerance = 2 * TOLERANCE if contract is not None and contract.accompanied else TOLERANCE
    if abs(loudness - LOUDNESS) > tolerance and (contract is None or contract.speech):
        found.bad("PVC0866", f"the film has {loudness:.1f} LUFS; platforms play at {LOUDNESS:.0f}", hint, soft=True)
    if peak > PEAK:
        found.bad("PVC0866", f"the true peak is {peak:.2f} dBTP; above {PEAK:.0f} players may clip", hint, soft=True)


def _sync(found: _Findings, envelope: NDArray[np.float32], contract: Contract) -> None:
    """Every sentence is heard where the plan has it: silence before and behind it, sound soon after its start."""
    spans = sorted((start // 48, (start + samples) // 48) for start, samples in contract.speech if samples)
    if contract.accompanied:
        _above(found, envelope, spans, contract.loud)
        return
    off = []
    for place, (start, end) in enumerate(spans):
        before = max((finish for _, finish in spans[:place]), default=0) + EARLY
        after = spans[place + 1][0] - EARLY if place + 1 < len(spans) else len(envelope)
        heard = envelope[start : min(end, start + LATE)]
        if not len(heard) or heard.max() < AUDIBLE:
            off.append((start, "is not heard"))
        elif start - EARLY > before and envelope[before : start - EARLY].max() > AUDIBLE:
            off.append((start, "is heard too early"))
        elif end + EARLY < after and envelope[end + EARLY : after].max() > AUDIBLE:
            off.append((start, "is heard too late"))
    found.fact("sync", f"{len(spans) - len(off)} of {len(spans)} sentences at their times")
    for start, what in off[:3]:
        found.bad("PVC0870", f"the sentence at {start / 1000:.2f} s {what}")


def _above(
    found: _Findings, envelope: NDArray[np.float32], spans: list[tuple[int, int]], loud: tuple[tuple[int, int], ...]
) -> None:
    """Where music goes on in the pauses, a sentence is heard if it is louder than the pause before it, apart from what
    is meant to be ``loud`` there."""
    soft = np.ones(len(envelope), np.bool_)
    for start, samples in loud:
        soft[start // 48 : -(-(start + samples) // 48)] = False
    lost = []
    for place, (start, end) in enumerate(spans):
        before = max((finish for _, finish in spans[:place]), default=0) + EARLY
        pause = slice(before, max(before, start - EARLY))
        quiet = envelope[pause][soft[pause]]
        voice = float(np.median(envelope[start:end])) if end > start else 0.0
        if voice < AUDIBLE or (len(quiet) >= 100 and voice < 1.6 * float(np.median(quiet))):
            lost.append(start)
    found.fact("sync", f"{len(spans) - len(lost)} of {len(spans)} sentences above the music at their times")
    for start in lost[:3]:
        found.bad("PVC0870", f"the sentence at {start / 1000:.2f} s is not heard above the music")


def _chapters(found: _Findings, container: InputContainer, contract: Contract | None, video: TrackIndex | None) -> None:
    listed = [
        (chapter["start"] * scale, chapter["end"] * scale, chapter["metadata"])
        for chapter in container.chapters()
        if (scale := chapter["time_base"]) is not None
    ]
    found.fact("chapters", len(listed))
    if contract is not None:
        titles = [str(metadata.get("title", "")) for _, _, metadata in listed]
        frames = [round(start * contract.fps) for start, _, _ in listed]
        if list(zip(frames, titles, strict=True)) != list(contract.chapters):
            found.bad("PVC0867", f"the film's {len(listed)} chapters are not the {len(contract.chapters)} of the talk")
    if not listed:
        return
    length = Fraction(video.ticks, video.timescale) if video is not None and video.timescale else listed[-1][1]
    edges = [(start, end) for start, end, _ in listed]
    if edges[0][0] != 0 or abs(edges[-1][1] - length) * 10 > 1:
        found.bad("PVC0867", "the chapters do not cover the film from its beginning to its end")
    if any(end <= start for start, end in edges) or any(a[1] > b[0] for a, b in pairwise(edges)):
        found.bad("PVC0867", "the chapters overlap or run backwards")


def _captions(found: _Findings, container: InputContainer, contract: Contract | None) -> None:
    streams = container.streams.subtitles
    texts = []
    if streams:
        texts = [_text(bytes(packet)) for packet in container.demux(streams[0]) if packet.size > 2]
    shown = len(texts)
    found.fact("captions", shown)
    if contract is not None and contract.captions is not None and shown != contract.captions:
        found.bad("PVC0868", f"the film has {shown} captions instead of {contract.captions}")
    elif contract is not None and contract.captions is None and contract.speech and not shown:
        found.bad("PVC0868", "the film is narrated but has no captions")
    elif contract is not None and contract.said:
        _script(found, texts, contract.said)


def _text(sample: bytes) -> str:
    """What a sample of timed text shows (3GPP TS 26.245: two bytes of length, the text, boxes with its style)."""
    data = sample[2 : 2 + int.from_bytes(sample[:2], "big")]
    return data.decode("utf-16" if data[:2] in (b"\xfe\xff", b"\xff\xfe") else "utf-8", "replace")


def _script(found: _Findings, texts: list[str], said: str) -> None:
    """Captions say what is spoken, letter by letter."""
    place = 0
    for number, text in enumerate(texts, 1):
        shown = without_space(text)
        if not said.startswith(shown, place):
            found.bad("PVC0868", f'caption {number} does not say what is spoken: "{" ".join(text.split())}"')
            return
        place += len(shown)
    if place < len(said):
        found.bad("PVC0868", "the captions end before what is spoken does")
