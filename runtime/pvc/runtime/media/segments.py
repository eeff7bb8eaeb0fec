"""Video segments: frames in, encoded packets out, in a small container of our own with nothing in it but the packets.

A segment is one closed GOP whose every frame refers only to frames before it. So it can be cut anywhere, and it can be
*held*: behind its last frame any number of skipped frames (slices that say "all as before", some 70 bytes each at
1080p) show exactly the same pixels, for nothing. A still is a segment of one frame, and a hold of any length is that
segment held: no second of it is encoded, and nothing pulses, because all its frames decode to the same picture.

Skipped frames are x264's own, taken from encoding a flat grey picture under the same headers: P slices that skip every
macroblock say nothing about the picture but its size. They come as a cycle because a slice header counts its frame
modulo 16 (`log2_max_frame_num` = 4); the cycle's length is read from the sequence parameter set.

Invariant: equal frames under an equal `Picture` and `coder_identity` give equal bytes, in any process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import msgpack

from pvc.compiler.packing import packed
from pvc.runtime.backends.interface import Frame
from pvc.runtime.errors import MediaError
from pvc.runtime.media.convert import Planes
from pvc.runtime.media.picture import PRESET, Picture, x264_parameters

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext

MAGIC = b"PVCSEG1\n"


@dataclass(frozen=True, slots=True)
class Segment:
    """``frames`` as painted; ``packets`` may be fewer: what is missing at the end is unchanged, hence skipped frames.
    ``skips[k % len(skips)]`` is the skipped frame for position k (from 0) behind the key frame. ``extradata``: avcC."""

    picture: Picture
    frames: int
    extradata: bytes
    packets: tuple[bytes | memoryview, ...]
    skips: tuple[bytes, ...]


def encode_segment(frames: Iterable[Frame], count: int, picture: Picture, planes: Planes | None = None) -> bytes:
    """Encode ``count`` opaque frames as one segment (see `pack`). A segment of one distinct frame is a still.
    ``planes`` are the caller's, who wants to know how long converting took (`Planes.seconds`).

    Raises MediaError: another number of frames came (PVC0851), the encoder failed (PVC0852).
    """
    held = planes or Planes(picture)
    coder: VideoCodecContext | None = None
    packets: list[bytes] = []
    seen = run = position = 0

    def flush_run(times: int) -> None:
        nonlocal position
        assert coder is not None
        for _ in range(times):
            held.frame.pts = position
            packets.extend(_stripped(bytes(packet)) for packet in coder.encode(held.frame))
            position += 1

    try:
        for frame in frames:
            rect = frame.changed
            same = seen > 0 and rect is not None and (rect.left >= rect.right or rect.top >= rect.bottom)
            if not same:
                if seen:
                    coder = coder or _open(picture, still=False)
                    flush_run(run)
                held.update(frame.pixels, None if seen == 0 else rect)
                run = 0
            run += 1
            seen += 1
        if seen != count or count < 1:
            raise MediaError(
                "PVC0851",
                f"a painter gave {seen} frames instead of {count}",
                "this is a fault of the backend that painted them",
            )
        coder = coder or _open(picture, still=True)
        flush_run(1)
        packets.extend(_stripped(bytes(packet)) for packet in coder.encode(None))
    except _av_error() as error:
        raise MediaError("PVC0852", f"the video encoder failed: {error}", "run `pvc doctor`") from error
    if len(packets) != position or any(not packet for packet in packets):
        raise MediaError("PVC0852", f"the video encoder gave {len(packets)} packets for {position} frames")
    return pack(Segment(picture, count, bytes(coder.extradata or b""), tuple(packets), skipped_frames(picture)))


def encode_still(frame: Frame, picture: Picture) -> bytes:
    """One picture as a segment, to be held for any number of frames."""
    return encode_segment([frame], 1, picture)


def pack(segment: Segment) -> bytes:
    """A segment as bytes: the magic, the length of a MessagePack header, the header, then the packets back to back."""
    fps = segment.picture.fps
    sizes = [len(packet) for packet in segment.packets]
    fields = [segment.picture.width, segment.picture.height, fps.numerator, fps.denominator, segment.frames]
    header = packed([*fields, segment.extradata, segment.skips, sizes])
    return b"".join((MAGIC, len(header).to_bytes(4, "big"), header, *segment.packets))


def unpack(data: bytes | memoryview) -> Segment:
    """The inverse of `pack`; packets are views of ``data``. Raises MediaError (PVC0853) for other bytes."""
    view = memoryview(data)
    start = len(MAGIC) + 4
    try:
        if bytes(view[: len(MAGIC)]) != MAGIC:
            raise ValueError("another format")
        end = start + int.from_bytes(view[len(MAGIC) : start], "big")
        fields: list[Any] = msgpack.unpackb(view[start:end], raw=False)
        width, height, numerator, denominator, frames, extradata, skips, sizes = fields
        bounds = list(accumulate(sizes, initial=end))
        picture = Picture(width, height, Fraction(numerator, denominator))
        if not 1 <= len(sizes) <= frames or min(sizes) < 1 or bounds[-1] != len(view) or not skips:
            raise ValueError("packets are missing")
        return Segment(picture, frames, extradata, tuple(view[a:b] for a, b in pairwise(bounds)), tuple(skips))
    except (ValueError, TypeError, ZeroDivisionError, msgpack.UnpackException, MediaError) as error:
        raise MediaError(
            "PVC0853", f"a cached video segment is damaged ({error})", "run `pvc cache verify` and build again"
        ) from error


@cache
def skipped_frames(picture: Picture) -> tuple[bytes, ...]:
    """The cycle of skipped frames for pictures of this size and pace."""
    coder = _open(picture, still=False)
    grey = Planes(picture)
    for plane in grey.frame.planes:
        plane.update(b"\x80" * plane.buffer_size)
    packets: list[bytes] = []
    period = 0
    position = 0
    while not period or position <= period:
        grey.frame.pts = position
        packets.extend(_stripped(bytes(packet)) for packet in coder.encode(grey.frame))
        period = period or frame_number_cycle(bytes(coder.extradata or b""))
        position += 1
    packets.extend(_stripped(bytes(packet)) for packet in coder.encode(None))
    return (packets[period], *packets[1:period])


def frame_number_cycle(extradata: bytes) -> int:
    """How many frames it takes until slice headers count from 0 again: 2 ** log2_max_frame_num, from the sequence
    parameter set in an avcC record (ISO/IEC 14496-15 5.3.3.1, H.264 7.3.2.1.1). Raises MediaError."""
    if len(extradata) < 12 or extradata[0] != 1:
        raise MediaError("PVC0852", "the video encoder gave no usable header", "run `pvc doctor`")
    size = int.from_bytes(extradata[6:8], "big")
    raw = extradata[8 : 8 + size].replace(b"\x00\x00\x03", b"\x00\x00")
    bits = "".join(f"{byte:08b}" for byte in raw[4:])
    position = 0

    def exp_golomb() -> int:
        nonlocal position
        zeros = bits.index("1", position) - position
        value = int(bits[position + zeros : position + 2 * zeros + 1], 2) - 1
        position += 2 * zeros + 1
        return value

    exp_golomb()  # seq_parameter_set_id
    if raw[1] in (100, 110, 122, 244):  # high profiles
        if exp_golomb() != 1:  # chroma_format_idc: 4:2:0
            raise MediaError("PVC0852", "the video encoder did not choose 4:2:0", "run `pvc doctor`")
        exp_golomb()  # bit_depth_luma_minus8
        exp_golomb()  # bit_depth_chroma_minus8
        position += 2  # qpprime_y_zero_transform_bypass_flag, seq_scaling_matrix_present_flag (0)
    return int(2 ** (exp_golomb() + 4))


def _open(picture: Picture, still: bool) -> VideoCodecContext:
    import av
    from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

    coder = av.CodecContext.create("libx264", "w")
    coder.width, coder.height, coder.pix_fmt = picture.width, picture.height, "yuv420p"
    coder.framerate, coder.time_base = picture.fps, 1 / picture.fps
    coder.color_range = ColorRange.MPEG.value
    coder.colorspace = Colorspace.ITU709.value
    coder.color_primaries = ColorPrimaries.BT709.value
    coder.color_trc = ColorTrc.BT709.value
    coder.thread_count = 1
    coder.flags |= 0x400000  # AV_CODEC_FLAG_GLOBAL_HEADER: parameter sets in extradata, not in the packets
    coder.options = {"preset": PRESET, "x264-params": x264_parameters(still)}
    coder.open()
    return coder


def _stripped(packet: bytes) -> bytes:
    """A packet (NAL units with 4-byte lengths) without SEI messages: x264's note of its settings is longer than ten
    skipped frames and would be repeated with every hold."""
    kept = []
    start = 0
    while start < len(packet):
        end = start + 4 + int.from_bytes(packet[start : start + 4], "big")
        if packet[start + 4] & 31 != 6:
            kept.append(packet[start:end])
        start = end
    return b"".join(kept)


def _av_error() -> type[Exception]:
    from av.error import FFmpegError

    return FFmpegError
