"""What a video file says of itself: size, length, sound. Its packets are read and one picture is decoded, no more, and
the answer is remembered by the file's digest."""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import IO, TYPE_CHECKING, Any

from pvc.compiler import codec
from pvc.compiler.digest import canonical, code_digest, digest_of
from pvc.compiler.world import World

if TYPE_CHECKING:
    from av.container import InputContainer

MOST_PIXELS = 8192 * 4320


@dataclass(frozen=True, slots=True)
class Film:
    """``width`` x ``height`` pixels as it is seen (turned as its file says), ``seconds`` from the first frame to the
    end of the last. ``reason`` is why it cannot be played, empty where it can; nothing else is known then."""

    width: int = 0
    height: int = 0
    seconds: Fraction = Fraction(0)
    sound: bool = False
    reason: str = ""


def opened(source: str | IO[bytes]) -> InputContainer:
    """A media file to read; titles and tags in a broken encoding do not keep it from being opened. Raises what PyAV
    raises."""
    import av

    try:
        return av.open(source, "r", metadata_errors="replace")
    except TypeError:  # PyAV 19 replaces by itself, and has no such option
        return av.open(source, "r")


def probe(digest: str, world: World) -> Film:
    """What is known of the video with these bytes, which the world has read."""
    key = digest_of(("film", digest, _code()))
    data = world.recall(key)
    if data is not None:
        try:
            value = codec.decode(data, ("pvc.compiler.film",))
        except codec.Undecodable:
            value = None
        if isinstance(value, Film):
            return value
    found = _probed(world.blob(digest))
    world.remember(key, canonical(found))
    return found


@cache
def _code() -> str:
    from importlib.metadata import version

    return f"{code_digest(('pvc.compiler.film',))} {version('av')}"


def _probed(data: bytes) -> Film:
    import av.error

    if not data:
        return Film(reason="it is empty")
    try:
        media: Any = opened(io.BytesIO(data))
        with media as container:
            if not container.streams.video:
                return Film(reason="it has no picture")
            stream = container.streams.video[0]
            first = next((frame for frame in container.decode(stream) if frame.pts is not None), None)
            if first is None or first.pts is None or first.time_base is None:
                return Film(reason="it has no frames")
            turned = round(first.rotation / 90) % 2 == 1
            size = (first.height, first.width) if turned else (first.width, first.height)
            if size[0] * size[1] > MOST_PIXELS:
                return Film(reason=f"{size[0]} × {size[1]} pixels are too many")
            begin = first.pts * Fraction(first.time_base)
            end = begin
            container.seek(0)
            for packet in container.demux(stream):
                if packet.pts is not None and packet.size and packet.time_base is not None:
                    lasts = packet.duration or _one(stream.average_rate, packet.time_base)
                    end = max(end, (packet.pts + lasts) * Fraction(packet.time_base))
            if end <= begin:
                return Film(reason="it has no length")
            return Film(size[0], size[1], end - begin, bool(container.streams.audio))
    except (av.error.FFmpegError, ValueError, OverflowError) as error:
        return Film(reason=(getattr(error, "strerror", None) or str(error) or "unknown").rstrip(".").lower())


def _one(rate: Fraction | None, base: Fraction) -> int:
    """The length of a frame in ticks where its packet does not say."""
    return max(1, round(1 / (Fraction(rate) * base))) if rate else 1
