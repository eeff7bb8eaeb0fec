"""Segments: what goes in comes out, holds are free and exact, bytes are the same in every process."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media.scenery import NOWHERE, SMALL, canvas, letters, sliding, still

from pvc.runtime.backends.interface import Frame
from pvc.runtime.errors import MediaError
from pvc.runtime.media.convert import Planes
from pvc.runtime.media.picture import Picture
from pvc.runtime.media.segments import Segment, encode_segment, encode_still, frame_number_cycle, pack, unpack


def decode(extradata: bytes, packets: list[bytes | memoryview]) -> list[np.ndarray]:
    coder = av.CodecContext.create("h264", "r")
    coder.extradata = extradata
    coder.options = {"err_detect": "explode"}
    frames = []
    for number, data in enumerate(packets):
        packet = av.Packet(bytes(data))
        packet.pts = packet.dts = number
        frames += coder.decode(packet)
    frames += coder.decode(None)
    return [frame.to_ndarray() for frame in frames]


def originals(frames, picture: Picture) -> list[np.ndarray]:
    planes = Planes(picture)
    made = []
    for frame in frames:
        planes.update(frame.pixels, None)
        made.append(planes.frame.to_ndarray().copy())
    return made


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / max(1e-9, ((a.astype(float) - b) ** 2).mean())))


def held(segment: Segment, frames: int) -> list[bytes | memoryview]:
    more = [segment.skips[at % len(segment.skips)] for at in range(len(segment.packets), frames)]
    return [*segment.packets, *more]


@pytest.mark.parametrize(
    "fps", [Fraction(30), Fraction(25), Fraction(60), Fraction(30000, 1001), Fraction(24000, 1001)]
)
def test_frames_come_back_in_order_and_crisp(fps) -> None:
    picture = Picture(320, 180, fps)
    segment = unpack(encode_segment(sliding(picture, 24), 24, picture))
    assert segment.picture == picture
    assert segment.frames == 24
    result = decode(segment.extradata, list(segment.packets))
    assert len(result) == 24
    for a, b in zip(originals(sliding(picture, 24), picture), result, strict=True):
        assert psnr(a, b) > 38


def test_a_still_is_one_packet_and_a_hold_of_it_never_changes() -> None:
    pixels = still(SMALL)
    segment = unpack(encode_still(Frame(pixels, None), SMALL))
    assert len(segment.packets) == 1
    frames = decode(segment.extradata, held(segment, 75))
    assert len(frames) == 75
    assert all((frame == frames[0]).all() for frame in frames)
    assert psnr(originals([Frame(pixels, None)], SMALL)[0], frames[0]) > 38


def test_holds_of_the_large_frame_are_exact_and_cheap() -> None:
    picture = Picture(1920, 1080, Fraction(30))
    segment = unpack(encode_still(Frame(still(picture), None), picture))
    frames = decode(segment.extradata, held(segment, 40))
    assert all((frame == frames[0]).all() for frame in frames[1:])
    assert max(map(len, segment.skips)) < 120


@given(st.integers(2, 40), st.integers(1, 40))
@settings(max_examples=15, deadline=None)
def test_a_moving_segment_held_stays_on_its_last_picture(count: int, more: int) -> None:
    segment = unpack(encode_segment(sliding(SMALL, count), count, SMALL))
    frames = decode(segment.extradata, held(segment, count + more))
    assert len(frames) == count + more
    assert all((frame == frames[count - 1]).all() for frame in frames[count:])


def test_any_beginning_of_a_segment_decodes_alone() -> None:
    segment = unpack(encode_segment(sliding(SMALL, 20), 20, SMALL))
    whole = decode(segment.extradata, list(segment.packets))
    for count in (1, 2, 7, 19):
        part = decode(segment.extradata, list(segment.packets[:count]))
        assert len(part) == count
        assert all((a == b).all() for a, b in zip(part, whole, strict=False))


def test_unchanged_frames_inside_and_at_the_end() -> None:
    page, other = still(SMALL, 1), still(SMALL, 5)

    def frames():
        yield Frame(page, None)
        for _ in range(4):
            yield Frame(page, NOWHERE)
        yield Frame(other, None)
        for _ in range(9):
            yield Frame(other, NOWHERE)

    segment = unpack(encode_segment(frames(), 15, SMALL))
    assert segment.frames == 15
    assert len(segment.packets) == 6  # the rest is held
    result = decode(segment.extradata, held(segment, 15))
    expected = originals(frames(), SMALL)
    assert len(result) == 15
    assert all(psnr(a, b) > 34 for a, b in zip(expected, result, strict=True))


def test_a_chunk_in_which_nothing_moves_is_a_still() -> None:
    page = still(SMALL)
    frames = [Frame(page, None), *(Frame(page, NOWHERE) for _ in range(29))]
    moving, alone = unpack(encode_segment(frames, 30, SMALL)), unpack(encode_still(frames[0], SMALL))
    assert moving.packets == alone.packets
    assert moving.frames == 30


def test_every_segment_has_the_same_parameter_sets() -> None:
    flat = unpack(encode_still(Frame(canvas(SMALL, (200, 30, 30)), None), SMALL))
    moving = unpack(encode_segment(sliding(SMALL, 9, seed=4), 9, SMALL))
    noise = np.random.default_rng(1).integers(0, 256, (SMALL.height, SMALL.width, 4), dtype=np.uint8)
    rough = unpack(encode_segment([Frame(noise, None), Frame(np.roll(noise, 5, 0), None)], 2, SMALL))
    assert flat.extradata == moving.extradata == rough.extradata
    assert flat.skips == moving.skips == rough.skips
    assert frame_number_cycle(flat.extradata) == len(flat.skips) == 16


def test_quality_does_not_jump_where_pieces_meet() -> None:
    """A moving segment, then a still of its last picture: no frame is visibly worse, none pops."""
    picture = Picture(640, 360, Fraction(30))
    last = [frame.pixels.copy() for frame in sliding(picture, 20)][-1]
    moving = unpack(encode_segment(sliding(picture, 20), 20, picture))
    rest = unpack(encode_still(Frame(last, None), picture))
    joined = decode(moving.extradata, [*moving.packets, *held(rest, 10), *held(rest, 10)])
    expected = [*originals(sliding(picture, 20), picture), *originals([Frame(last, None)], picture) * 20]
    quality = [psnr(a, b) for a, b in zip(expected, joined, strict=True)]
    assert min(quality) > 38
    assert max(abs(a - b) for a, b in pairwise(quality)) < 6
    assert psnr(joined[19], joined[20]) > 38


def test_bytes_are_the_same_in_another_process() -> None:
    code = (
        "from hashlib import sha256; from media.scenery import *; from pvc.runtime.media.segments import *;"
        "print(sha256(encode_segment(sliding(SMALL, 12), 12, SMALL)).hexdigest())"
    )
    there = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"], capture_output=True, text=True
    )
    assert there.stdout.strip() == sha256(encode_segment(sliding(SMALL, 12), 12, SMALL)).hexdigest(), there.stderr


@pytest.mark.parametrize("promised", [1, 4, 6, 0])
def test_another_number_of_frames_is_an_error(promised) -> None:
    with pytest.raises(MediaError) as caught:
        encode_segment(sliding(SMALL, 5), promised, SMALL)
    assert caught.value.code == "PVC0851"


PACKED = encode_segment(sliding(SMALL, 5), 5, SMALL)


def test_packing_round_trips() -> None:
    segment = unpack(PACKED)
    assert pack(segment) == PACKED


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_damaged_segments_are_refused_or_read(data) -> None:
    """Cut, or with some bytes changed in the header: a MediaError or a segment, never another exception."""
    damaged = bytearray(PACKED[: data.draw(st.integers(0, len(PACKED)))])
    for _ in range(data.draw(st.integers(0, 4))):
        if damaged:
            damaged[data.draw(st.integers(0, min(len(damaged), 300) - 1))] = data.draw(st.integers(0, 255))
    try:
        unpack(bytes(damaged))
    except MediaError as error:
        refused = (error.code, bool(error.hint))
    else:
        refused = ("PVC0853", len(damaged) == len(PACKED))
    assert refused == ("PVC0853", True)


def test_letters_survive_at_preview_size() -> None:
    picture = Picture(320, 180, Fraction(30))
    pixels = canvas(picture, (250, 250, 245))
    pixels[..., :3] = 255 - pixels[..., :3]
    letters(pixels, 20, 40, 30, 3)
    segment = unpack(encode_still(Frame(pixels, None), picture))
    result = decode(segment.extradata, list(segment.packets))[0]
    original = originals([Frame(pixels, None)], picture)[0]
    bright = original[:180] > 200
    assert bright.any()
    assert (result[:180][bright] > 180).mean() > 0.99
