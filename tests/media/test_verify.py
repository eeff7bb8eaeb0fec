"""`verify` passes what a build makes, names what is wrong with anything else, and survives any bytes."""

from __future__ import annotations

import json
import os
import struct
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from blake3 import blake3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from media.scenery import SMALL, sliding, speech

from pvc.runtime.errors import MediaError
from pvc.runtime.media.aac import encode_aac
from pvc.runtime.media.audio import level, mix
from pvc.runtime.media.contract import Contract, contract_of
from pvc.runtime.media.mux import Mark, MuxPlan, Piece, Subtitle, mux
from pvc.runtime.media.segments import encode_segment, encode_still
from pvc.runtime.media.verify import verify

FRAMES = 300
SAMPLES = FRAMES * 1_600


def sealed(contract: Contract, path: Path) -> Contract:
    return replace(contract, digest=blake3(path.read_bytes()).hexdigest(), size=path.stat().st_size)


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> tuple[Path, Contract, MuxPlan]:
    folder = tmp_path_factory.mktemp("film")
    (folder / "moving").write_bytes(encode_segment(sliding(SMALL, 20), 20, SMALL))
    (folder / "rest").write_bytes(encode_still([*sliding(SMALL, 20)][-1], SMALL))
    clips = [(14_400 + 110_000 * number, level(speech(1.6, number))) for number in range(4)]
    plan = MuxPlan(
        SMALL,
        tuple(Piece(folder / name, count) for name, count in (("moving", 20), ("rest", 130)) * 2),
        encode_aac(mix(clips, SAMPLES)),
        tuple(Subtitle(start, start + len(clip), f"Sentence {start}") for start, clip in clips),
        (Mark(0, "One"), Mark(100, "Two"), Mark(200, "Three")),
        "Film",
    )
    path = folder / "film.mp4"
    mux(plan, path)
    contract = Contract(
        SMALL.width,
        SMALL.height,
        SMALL.fps,
        FRAMES,
        SAMPLES,
        ((0, "One"), (100, "Two"), (200, "Three")),
        4,
        tuple((start, len(clip)) for start, clip in clips),
        said="".join(f"Sentence{start}" for start, _ in clips),
    )
    return path, contract, plan


def codes(path: Path, contract: Contract | None = None) -> set[str]:
    return {problem.code for problem in verify(path, contract).problems}


def test_a_good_film_passes(good) -> None:
    path, contract, _ = good
    report = verify(path, sealed(contract, path))
    assert report.problems == ()
    assert report.ok
    facts = dict(report.facts)
    assert facts["decoded"] == "300 frames"
    assert facts["sync"] == "4 of 4 sentences at their times"
    assert facts["captions"] == "4"
    assert verify(path).ok


BREAKS = {
    "width": ("PVC0861", {"width": 162}),
    "fps": ("PVC0863", {"fps": Fraction(25)}),
    "frames": ("PVC0863", {"frames": FRAMES + 1}),
    "samples": ("PVC0864", {"samples": SAMPLES - 1}),
    "a chapter's place": ("PVC0867", {"chapters": ((0, "One"), (101, "Two"), (200, "Three"))}),
    "a chapter's title": ("PVC0867", {"chapters": ((0, "One"), (100, "Zwei"), (200, "Three"))}),
    "captions": ("PVC0868", {"captions": 5}),
    "the script": ("PVC0868", {"said": "Sentence14400Sentence124400Sentence234400Sentence344401"}),
    "the script's end": ("PVC0868", {"said": "Sentence14400Sentence124400Sentence234400Sentence344400andmore"}),
    "early": ("PVC0870", {"speech": ((14_400 + 3_000, 76_800),)}),
    "late": ("PVC0870", {"speech": ((14_400 - 3_000, 76_800),)}),
    "unspoken": ("PVC0870", {"speech": ((400_000 + 60_000, 9_000),)}),
    "size": ("PVC0871", {"size": 5}),
    "digest": ("PVC0871", {"digest": "0" * 64}),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_promise_is_named(good, name) -> None:
    path, contract, _ = good
    code, change = BREAKS[name]
    report = verify(path, replace(contract, **change))
    assert code in {problem.code for problem in report.problems}
    assert not report.ok
    assert all(problem.hint for problem in report.problems)


def remade(good, tmp_path, **change) -> Path:
    mux(replace(good[2], **change), tmp_path / "other.mp4")
    return tmp_path / "other.mp4"


def test_a_soft_film_and_a_loud_one(good, tmp_path) -> None:
    contract = good[1]
    clips = [(14_400 + 110_000 * number, level(speech(1.6, number))) for number in range(4)]
    soft = mix([(start, 0.5 * clip) for start, clip in clips], SAMPLES)
    hot = np.clip(mix(clips, SAMPLES) * 1.25, -1, 1).astype(np.float32)
    for sound in (soft, hot):
        path = remade(good, tmp_path, audio=encode_aac(sound))
        assert codes(path, contract) == {"PVC0866"}
        assert verify(path).ok  # a warning where nothing was promised
        assert codes(path) == {"PVC0866"}


def test_sound_shifted_against_the_picture(good, tmp_path) -> None:
    contract = good[1]
    for shift in (1_440, -1_440):  # 30 ms, less than a frame
        clips = [(14_400 + shift + 110_000 * number, level(speech(1.6, number))) for number in range(4)]
        path = remade(good, tmp_path, audio=encode_aac(mix(clips, SAMPLES)))
        assert "PVC0870" in codes(path, contract)


def test_no_sound_no_captions_no_chapters(good, tmp_path) -> None:
    contract = good[1]
    assert "PVC0864" in codes(remade(good, tmp_path, audio=None), contract)
    assert codes(remade(good, tmp_path, captions=()), contract) == {"PVC0868"}
    assert codes(remade(good, tmp_path, chapters=()), contract) == {"PVC0867"}


def test_silence_where_speech_was_promised(good, tmp_path) -> None:
    path = remade(good, tmp_path, audio=encode_aac(np.zeros(SAMPLES, np.float32)))
    assert {"PVC0866", "PVC0870"} <= codes(path, good[1])


def foreign(path: Path, codec: str = "mpeg4", rate: int = 44_100, options: dict[str, str] | None = None) -> None:
    """A film by FFmpeg's own muxer: index at the end, MPEG-4 picture, 44.1 kHz, no tags."""
    with av.open(str(path), "w", options=options or {}) as container:
        video = container.add_stream(codec, rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        audio = container.add_stream("aac", rate=rate, layout="stereo")
        for _ in range(25):
            container.mux(video.encode(av.VideoFrame(64, 48, "yuv420p")))
        for at in range(0, rate, 1024):
            frame = av.AudioFrame.from_ndarray(np.full((2, 1024), 0.1, np.float32), "fltp", "stereo")
            frame.sample_rate, frame.pts = rate, at
            container.mux(audio.encode(frame))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))


def test_somebody_elses_film(tmp_path) -> None:
    path = tmp_path / "foreign.mp4"
    foreign(path)
    found = codes(path)
    assert {"PVC0861", "PVC0862", "PVC0864", "PVC0869"} <= found
    assert all(problem.hint for problem in verify(path).problems)


def test_an_uneven_frame_rate(good, tmp_path) -> None:
    data = bytearray(good[0].read_bytes())
    at = data.index(b"stts")
    assert struct.unpack_from(">III", data, at + 8) == (1, FRAMES, 1)
    struct.pack_into(">II", data, at + 12, FRAMES, 2)
    (tmp_path / "slow.mp4").write_bytes(data)
    assert {"PVC0863", "PVC0864"} <= codes(tmp_path / "slow.mp4", good[1])


def test_full_range_colours(good, tmp_path) -> None:
    data = bytearray(good[0].read_bytes())
    data[data.index(b"nclx") + 10] = 0x80
    (tmp_path / "full.mp4").write_bytes(data)
    assert "PVC0862" in codes(tmp_path / "full.mp4", good[1])


JUNK = {
    "empty": b"",
    "text": b"this is not a film\n" * 50,
    "tiny": b"\0\0\0",
    "zeros": bytes(5_000),
    "only ftyp": b"\0\0\0\x10ftypisom\0\0\0\0",
    "huge box": b"\0\0\0\x10ftypisom\0\0\0\0\x7f\xff\xff\xffmoov",
    "endless boxes": b"\0\0\0\x08free" * 20_000,
    "empty moov": b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x08moov",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(100),
}


@pytest.mark.parametrize("name", JUNK)
def test_junk(tmp_path, name) -> None:
    (tmp_path / "junk.mp4").write_bytes(JUNK[name])
    report = verify(tmp_path / "junk.mp4")
    assert not report.ok
    assert all(problem.code.startswith("PVC08") and problem.hint for problem in report.problems)


def test_no_such_file_and_a_folder(tmp_path) -> None:
    assert codes(tmp_path / "absent.mp4") == {"PVC0860"}
    assert codes(tmp_path) == {"PVC0860"}


@given(st.floats(0, 1))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cut_short_anywhere(good, tmp_path, share) -> None:
    data = good[0].read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(data[: int(share * (len(data) - 1))])
    assert not verify(cut).ok


@given(st.lists(st.tuples(st.floats(0, 0.9999), st.integers(1, 255)), min_size=1, max_size=5, unique_by=lambda x: x[0]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_changed_byte_is_found(good, tmp_path, changes) -> None:
    path, contract, _ = good
    data = bytearray(path.read_bytes())
    for share, mask in changes:
        data[int(share * len(data))] ^= mask
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(data)
    if bytes(data) != path.read_bytes():
        assert not verify(damaged, sealed(contract, path)).ok
    verify(damaged)  # without a promise: findings or none, but no exception


@given(st.integers(0, 5_000), st.integers(0, 255))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_index_never_raises(good, tmp_path, place, value) -> None:
    data = bytearray(good[0].read_bytes())
    data[32 + place % 4_000] = value
    damaged = tmp_path / "index.mp4"
    damaged.write_bytes(data)
    assert all(problem.code.startswith("PVC08") for problem in verify(damaged, good[1]).problems)


def test_damage_in_the_pictures_is_found_by_decoding_alone(good, tmp_path) -> None:
    data = bytearray(good[0].read_bytes())
    start = data.index(b"mdat") + 12
    data[start + 40 : start + 400] = bytes(360)
    (tmp_path / "hurt.mp4").write_bytes(data)
    assert "PVC0865" in codes(tmp_path / "hurt.mp4")


def test_contracts_round_trip(good, tmp_path) -> None:
    contract = sealed(good[1], good[0])
    assert Contract.from_json(json.loads(json.dumps(contract.to_json()))) == contract
    manifest = tmp_path / "film.json"
    plain = {key: value for key, value in contract.to_json().items() if key != "speech"}
    sentences = [{"start": start, "samples": samples, "text": "x"} for start, samples in contract.speech]
    manifest.write_text(json.dumps({"contract": plain, "sentences": sentences}))
    assert contract_of(manifest) == contract


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"contract": 3}', '{"contract": {"width": "x"}}', '{"contract": {"fps": "1/0"}}', "\x00"]
)
def test_manifests_that_are_none(tmp_path, text) -> None:
    (tmp_path / "film.json").write_text(text)
    with pytest.raises(MediaError) as caught:
        contract_of(tmp_path / "film.json")
    assert caught.value.code == "PVC0871"
    with pytest.raises(MediaError):
        contract_of(tmp_path / "absent.json")


def test_captions_that_say_something_else_are_found(good, tmp_path) -> None:
    lines = good[2].captions
    broken = replace(lines[1], text=lines[1].text.replace("Sentence", "Sentence\n"))
    assert codes(remade(good, tmp_path, captions=(lines[0], broken, *lines[2:])), good[1]) == set()
    other = replace(lines[2], text="Something else")
    report = verify(remade(good, tmp_path, captions=(*lines[:2], other, lines[3])), good[1])
    assert [problem.message for problem in report.problems] == [
        'caption 3 does not say what is spoken: "Something else"'
    ]


def test_the_script_of_a_manifest_is_its_sentences_unless_there_are_no_captions(tmp_path) -> None:
    sentences = [{"text": "One  two.", "start": 0, "samples": 5}, {"text": "\u4f60 three", "start": 9, "samples": 5}]
    promised = Contract(320, 180, Fraction(30), 10, 16_000).to_json()
    for name in ("said", "speech"):
        promised.pop(name)
    path = tmp_path / "film.json"
    path.write_text(json.dumps({"contract": promised, "sentences": sentences}))
    assert contract_of(path).said == "Onetwo.\u4f60three"
    path.write_text(json.dumps({"contract": {**promised, "captions": 0}, "sentences": sentences}))
    assert contract_of(path).said == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_what_is_no_file_is_not_waited_for(tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    for name in ("pipe.mp4", "absent.mp4", ".", "pipe.mp4/below.mp4"):
        report = verify(tmp_path / name)
        assert (report.read, [problem.code for problem in report.problems]) == (False, ["PVC0860"])
    (tmp_path / "text.mp4").write_text("no film")
    assert verify(tmp_path / "text.mp4").read
