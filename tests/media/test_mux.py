"""Joined films decode to what was planned, frame by frame and sample by sample; and appear whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from media.scenery import SMALL, canvas, decoded, heard, luma, sliding
from pace import in_time

from pvc.compiler.clock import sample_at
from pvc.runtime.backends.interface import Frame, PixelRect
from pvc.runtime.errors import MediaError
from pvc.runtime.media import boxes
from pvc.runtime.media.aac import encode_aac
from pvc.runtime.media.index import read_index
from pvc.runtime.media.mux import KEY_SECONDS, Mark, MuxPlan, Piece, Subtitle, movie, mux
from pvc.runtime.media.picture import Picture
from pvc.runtime.media.segments import encode_segment, encode_still

RATES = [Fraction(30), Fraction(25), Fraction(60), Fraction(30000, 1001)]


def grey(level: int, picture: Picture) -> Frame:
    return Frame(canvas(picture, (level, level, level)), None)


def steps(levels: list[int], picture: Picture) -> list[Frame]:
    """One flat grey after the other: what number a decoded frame has can be read from its brightness."""
    everywhere = PixelRect(0, 0, picture.width, picture.height)
    return [Frame(grey(level, picture).pixels, everywhere if place else None) for place, level in enumerate(levels)]


def brightness(level: int) -> int:
    return round(16 + 219 * level / 255)


@pytest.fixture(scope="session")
def reel(tmp_path_factory) -> Path:
    """Segments on disk for every rate: stills `s0`..`s4`, ramps `m1`..`m3` of 3, 8, 20 distinct greys."""
    folder = tmp_path_factory.mktemp("reel")
    for rate in RATES:
        picture = Picture(64, 48, rate)
        for number in range(5):
            data = encode_still(grey(20 + 50 * number, picture), picture)
            (folder / f"s{number}-{rate.numerator}").write_bytes(data)
        for number, count in enumerate((3, 8, 20), 1):
            data = encode_segment(steps([10 + 11 * k for k in range(count)], picture), count, picture)
            (folder / f"m{number}-{rate.numerator}").write_bytes(data)
    return folder


def shown(name: str, frames: int) -> list[int]:
    """The brightness of each frame of a piece."""
    if name[0] == "s":
        return [brightness(20 + 50 * int(name[1]))] * frames
    levels = [brightness(10 + 11 * k) for k in range((3, 8, 20)[int(name[1]) - 1])]
    return (levels + [levels[-1]] * frames)[:frames]


@given(
    st.sampled_from(RATES),
    st.lists(
        st.tuples(st.sampled_from(["s0", "s1", "s2", "s3", "s4", "m1", "m2", "m3"]), st.integers(0, 150)),
        min_size=1,
        max_size=8,
    ).filter(lambda pieces: any(frames for _, frames in pieces)),
    st.booleans(),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_plan_decodes_to_its_frames(reel, tmp_path, rate, pieces, sound) -> None:
    picture = Picture(64, 48, rate)
    frames = sum(count for _, count in pieces)
    samples = sample_at(frames, rate)
    programme = np.zeros(samples, np.float32)
    programme[samples // 2 :] = 0.1
    audio = encode_aac(programme) if sound else None
    plan = MuxPlan(picture, tuple(Piece(reel / f"{name}-{rate.numerator}", count) for name, count in pieces), audio)
    out = tmp_path / "out.mp4"
    mux(plan, out)
    found = decoded(out)
    expected = [level for name, count in pieces for level in shown(name, count)]
    assert len(found) == frames == plan.frames
    for number, (frame, level) in enumerate(zip(found, expected, strict=True)):
        assert frame.pts * frame.time_base == number / rate
        assert abs(int(luma(frame)[20, 20]) - level) <= 2, number
    if sound:
        tail = len(heard(out)) - samples
        assert 0 <= tail < 1024


def film(tmp_path: Path, rate: Fraction = Fraction(30), name: str = "film.mp4") -> tuple[MuxPlan, Path]:
    picture = replace(SMALL, fps=rate)
    moving, rest = tmp_path / "moving", tmp_path / "rest"
    moving.write_bytes(encode_segment(sliding(picture, 15), 15, picture))
    rest.write_bytes(encode_still([*sliding(picture, 15)][-1], picture))
    pieces = (Piece(moving, 15), Piece(rest, 130), Piece(moving, 15), Piece(rest, 40))
    programme = np.zeros(sample_at(200, rate), np.float32)
    for second in range(int(200 / rate)):
        programme[second * 48_000 + 9_600 + 13 * second] = 0.9
    plan = MuxPlan(
        picture,
        pieces,
        encode_aac(programme),
        (Subtitle(4_800, 96_000, "First line,\nsecond line"), Subtitle(96_000, 120_000, "Zweite ≠ 二番目 שלום")),
        (Mark(0, "Beginning"), Mark(60, "Middle & more"), Mark(120, "結び")),
        "A film about “films”",
        "en-GB",
        (("artist", "Ada"), ("description", "What it is")),
    )
    out = tmp_path / name
    mux(plan, out)
    return plan, out


def test_what_a_player_is_told(tmp_path) -> None:
    plan, out = film(tmp_path)
    with av.open(str(out)) as container:
        assert container.metadata["title"] == "A film about “films”"
        assert container.metadata["artist"] == "Ada"
        assert [chapter["metadata"]["title"] for chapter in container.chapters()] == [m.title for m in plan.chapters]
        assert [chapter["start"] * chapter["time_base"] for chapter in container.chapters()] == [0, 2, 4]
        names = [(stream.type, stream.metadata.get("handler_name")) for stream in container.streams]
        assert names == [
            ("video", "Video"),
            ("audio", "Narration"),
            ("subtitle", "Captions"),
            ("data", "Chapters"),
        ] or names[:3] == [("video", "Video"), ("audio", "Narration"), ("subtitle", "Captions")]
        assert all(stream.metadata["language"] == "eng" for stream in container.streams)
        coder = container.streams.video[0].codec_context
        assert (coder.profile, coder.pix_fmt) == ("High", "yuv420p")
        assert (coder.colorspace, coder.color_primaries, coder.color_trc, coder.color_range) == (1, 1, 1, 1)
        assert container.streams.video[0].average_rate == 30
        assert [stream.start_time for stream in container.streams][:2] == [0, 0]
    index = read_index(out)
    assert index.fast_start
    assert not index.torn
    assert index.tracks[0].colour == (1, 1, 1, 0)
    assert index.tracks[0].length == index.tracks[1].length == Fraction(200, 30)


def test_captions_come_back_with_their_times(tmp_path) -> None:
    _, out = film(tmp_path)
    with av.open(str(out)) as container:
        packets = [packet for packet in container.demux(subtitles=0) if packet.size > 2]
        found = [(packet.pts, packet.duration, bytes(packet)[2:].decode()) for packet in packets]
    assert found == [
        (4_800, 91_200, "First line,\nsecond line"),
        (96_000, 24_000, "Zweite ≠ 二番目 שלום"),
    ]


@pytest.mark.parametrize("rate", RATES)
def test_sound_stands_at_its_sample(tmp_path, rate) -> None:
    """A click at a sample is decoded at that sample, at the beginning and at the end: no offset, no drift."""
    _, out = film(tmp_path, rate)
    sound = heard(out)
    for second in range(int(200 / rate)):
        near = sound[second * 48_000 : (second + 1) * 48_000 - 9_600]
        assert int(np.abs(near).argmax()) == 9_600 + 13 * second


def test_held_stills_can_be_sought_into(tmp_path) -> None:
    _, out = film(tmp_path)
    with av.open(str(out)) as container:
        keys = [packet.pts for packet in container.demux(video=0) if packet.is_keyframe and packet.pts is not None]
        assert keys == [0, 15, 15 + 30 * KEY_SECONDS, 15 + 60 * KEY_SECONDS, 145, 160]
        container.seek(100, stream=container.streams.video[0])
        frame = next(container.decode(video=0))
        assert 75 <= frame.pts <= 100


def test_equal_plans_give_equal_bytes(tmp_path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert film(tmp_path / "a")[1].read_bytes() == film(tmp_path / "b")[1].read_bytes()


def test_joining_costs_milliseconds(tmp_path) -> None:
    """Three minutes: 5400 frames are joined in the time that decoding some 100 of them takes."""
    plan, _ = film(tmp_path)
    long = replace(plan, pieces=plan.pieces * 27, audio=None, captions=(), chapters=())
    assert long.frames == 5400
    in_time(0.4, lambda: mux(long, tmp_path / "long.mp4"))


def test_offsets_beyond_4_gib() -> None:
    track = boxes.Track(
        id=1,
        kind="vide",
        name="Video",
        language="en",
        timescale=30,
        entry=boxes.avc_entry(64, 48, b"\x01" * 12),
        sizes=[5, 6],
        durations=[(2, 1)],
        sync=[1],
        chunks=[(1000, 1), (1 << 33, 1)],
        length=1 << 34,
        size=(64, 48),
    )
    data = boxes.track_box(track)
    assert b"co64" in data
    assert (1 << 33).to_bytes(8, "big") in data


def bad_plans(plan: MuxPlan, other: Path) -> list[tuple[str, MuxPlan]]:
    first = plan.pieces[0]
    return [
        ("PVC0854", replace(plan, pieces=())),
        ("PVC0854", replace(plan, pieces=(first, Piece(other, 185)))),
        ("PVC0854", replace(plan, picture=replace(plan.picture, fps=Fraction(25)))),
        ("PVC0854", replace(plan, pieces=(*plan.pieces, first))),
        ("PVC0854", replace(plan, pieces=(Piece(first.segment, -1), *plan.pieces))),
        ("PVC0854", replace(plan, captions=(Subtitle(0, 500, "a"), Subtitle(400, 900, "b")))),
        ("PVC0854", replace(plan, captions=(Subtitle(0, 10**9, "a"),))),
        ("PVC0854", replace(plan, chapters=(Mark(3, "late"),))),
        ("PVC0854", replace(plan, chapters=(Mark(0, "a"), Mark(0, "b")))),
        ("PVC0854", replace(plan, chapters=(Mark(0, "a"), Mark(200, "b")))),
        ("PVC0853", replace(plan, pieces=(Piece(first.segment.with_name("gone"), 200),))),
    ]


def test_plans_that_cannot_be_joined_leave_nothing(tmp_path) -> None:
    plan, _ = film(tmp_path)
    picture = Picture(64, 48, plan.picture.fps)
    (tmp_path / "other").write_bytes(encode_still(grey(9, picture), picture))
    before = set(tmp_path.iterdir())
    for code, bad in bad_plans(plan, tmp_path / "other"):
        with pytest.raises(MediaError) as caught:
            mux(bad, tmp_path / "out.mp4")
        assert caught.value.code == code
        assert set(tmp_path.iterdir()) == before


def test_damaged_segment_is_named(tmp_path) -> None:
    plan, out = film(tmp_path)
    kept = out.read_bytes()
    segment = plan.pieces[1].segment
    segment.write_bytes(segment.read_bytes()[:-1])
    with pytest.raises(MediaError) as caught:
        mux(plan, out)
    assert caught.value.code == "PVC0853"
    assert out.read_bytes() == kept


@pytest.mark.parametrize(
    ("place", "word"), [("folder", "folder"), ("no/such/place.mp4", "folder"), ("x" * 300, "short")]
)
def test_places_that_cannot_be_written(tmp_path, place, word) -> None:
    plan, _ = film(tmp_path)
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(MediaError) as caught:
        mux(plan, tmp_path / place)
    assert caught.value.code == "PVC0903"
    assert word in (caught.value.hint or "")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(tmp_path) -> None:
    plan, _ = film(tmp_path)
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    with pytest.raises(MediaError) as caught:
        mux(plan, locked / "out.mp4")
    assert caught.value.code == "PVC0903"


def test_a_disk_that_fills_up_while_writing_keeps_the_old_film(tmp_path) -> None:
    """The kernel's limit on file sizes stands for a full disk: the write itself fails half way."""
    plan, out = film(tmp_path)
    kept = out.read_bytes()
    assert b"".join(movie(plan)) == kept
    code = f"""
import resource, sys
sys.path[:0] = {sys.path!r}
from pathlib import Path
from media.test_mux import film
from pvc.runtime.errors import MediaError
from pvc.runtime.media.mux import mux
plan, out = film(Path({str(tmp_path)!r}))
resource.setrlimit(resource.RLIMIT_FSIZE, ({len(kept) // 2}, {len(kept) // 2}))
try:
    mux(plan, out)
except MediaError as error:
    print(error.code, error.hint)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.startswith("PVC0903"), done.stderr
    assert out.read_bytes() == kept
    assert not list(tmp_path.glob(".*"))
