"""Loudness against two other meters, levelled clips, the limiter, and AAC that decodes to what was mixed."""

from __future__ import annotations

from functools import cache

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media.scenery import speech

from pvc.runtime.errors import MediaError
from pvc.runtime.media import aac
from pvc.runtime.media.aac import FRAME, AacTrack, encode_aac
from pvc.runtime.media.audio import CEILING, LOUDNESS, level, limit, mix
from pvc.runtime.media.loudness import BLOCK, SILENCE, Meter, integrated, true_peak


def decode(track: AacTrack) -> np.ndarray:
    coder = av.CodecContext.create("aac", "r")
    coder.extradata = track.config
    coder.options = {"err_detect": "explode"}
    parts = []
    for number, data in enumerate(track.packets):
        packet = av.Packet(data)
        packet.pts = number * FRAME
        parts += [frame.to_ndarray()[0] for frame in coder.decode(packet)]
    return np.concatenate(parts)[track.priming : track.priming + track.samples]


def ebur128(sound: np.ndarray) -> tuple[float, float]:
    """FFmpeg's meter: loudness, and the true peak in dBTP."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(format="flt", sample_rate=48_000, layout="mono", time_base="1/48000")
    meter = graph.add("ebur128", "peak=true:metadata=1")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    peak, loudness = 1e-9, -70.0
    for at in range(0, len(sound), 4_800):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[None, at : at + 4_800]), "flt", "mono")
        frame.sample_rate, frame.pts = 48_000, at
        graph.push(frame)
        while True:
            try:
                got = graph.pull()
            except (av.BlockingIOError, av.EOFError):
                break
            data = dict(got.metadata)
            loudness = float(data.get("lavfi.r128.I", loudness))
            peak = max(peak, float(data.get("lavfi.r128.true_peaks_ch0", peak)))
    return loudness, float(20 * np.log10(peak))


SOUNDS = {
    "speech": speech(6, 1),
    "loud": speech(4, 2, 0.99),
    "soft": speech(5, 3, 0.004),
    "with pauses": np.concatenate([speech(2, 4), np.zeros(60_000, np.float32), speech(2, 5, 0.03)]),
    "tone": (0.1 * np.sin(2 * np.pi * 997 / 48_000 * np.arange(240_000))).astype(np.float32),
    "noise": (0.05 * np.random.default_rng(0).standard_normal(200_000)).astype(np.float32),
}


@pytest.mark.parametrize("name", SOUNDS)
def test_loudness_is_what_pyloudnorm_says(name) -> None:
    pyloudnorm = pytest.importorskip("pyloudnorm")
    meter = pyloudnorm.Meter(48_000, filter_class="DeMan")  # the filters of the standard, exactly
    assert integrated(SOUNDS[name]) == pytest.approx(meter.integrated_loudness(SOUNDS[name].astype(float)), abs=0.02)


def test_the_reference_tone_has_its_loudness() -> None:
    """BS.1770: a full-scale sine of 997 Hz on one channel has -3.01 LKFS."""
    tone = np.sin(2 * np.pi * 997 / 48_000 * np.arange(480_000)).astype(np.float32)
    assert integrated(tone) == pytest.approx(-3.01, abs=0.02)


def test_a_meter_fed_in_parts_says_the_same() -> None:
    sound = SOUNDS["with pauses"]
    for size in (1_000, 4_800, 52_799, 100_000):
        meter = Meter()
        for at in range(0, len(sound), size):
            meter.add(sound[at : at + size])
        assert meter.loudness() == pytest.approx(integrated(sound), abs=1e-6)
        assert meter.true_peak() == pytest.approx(true_peak(sound), abs=1e-3)


@pytest.mark.parametrize("name", ["speech", "loud", "noise"])
def test_true_peak_against_a_long_resampler(name) -> None:
    signal = pytest.importorskip("scipy.signal")
    sound = SOUNDS[name].astype(float)
    fine = signal.resample_poly(sound, 4, 1, window=("kaiser", 12.0))
    expected = 20 * np.log10(max(np.abs(fine).max(), np.abs(sound).max()))
    assert true_peak(SOUNDS[name]) == pytest.approx(expected, abs=0.2)


def test_peaks_between_samples_are_seen() -> None:
    """A sine at a quarter of the sample rate, sampled 45 degrees off its crests: 3 dB hide between the samples."""
    sound = (0.5 * np.sin(np.pi / 2 * np.arange(4_000) + np.pi / 4)).astype(np.float32)
    assert true_peak(sound) == pytest.approx(20 * np.log10(0.5), abs=0.15)
    assert 20 * np.log10(np.abs(sound).max()) < -9


@given(st.floats(0.05, 3.0), st.integers(0, 1000), st.floats(0.02, 0.999))
@settings(max_examples=12, deadline=None)
def test_a_levelled_clip_is_as_loud_as_promised_and_never_clips(seconds, seed, loud) -> None:
    sound = speech(seconds, seed, loud)
    levelled = level(sound)
    assert levelled.dtype == np.float32
    assert len(levelled) == len(sound)
    assert true_peak(levelled) <= CEILING + 0.05
    if seconds > 0.5:  # a short clip with sharp peaks may stay a little softer than the limiter lets it be
        assert integrated(levelled, BLOCK) == pytest.approx(LOUDNESS, abs=0.3 if seconds > 1.2 else 0.8)
    assert (level(sound) == levelled).all()


def test_clips_begin_and_end_softly() -> None:
    sound = np.full(48_000, 0.2, np.float32) * np.sign(np.sin(np.arange(48_000) * 0.05)).astype(np.float32)
    levelled = level(sound)
    assert abs(levelled[0]) < 0.01
    assert abs(levelled[-1]) < 0.01


@pytest.mark.parametrize("length", [0, 1, 2, 30, 500])
def test_tiny_clips(length) -> None:
    for sound in (np.zeros(length, np.float32), np.full(length, 0.5, np.float32)):
        levelled = level(sound)
        assert len(levelled) == length
        assert np.isfinite(levelled).all()
        assert true_peak(levelled) <= CEILING + 0.05


def test_silence_stays_silence() -> None:
    assert not level(np.zeros(48_000, np.float32)).any()
    assert integrated(np.zeros(48_000, np.float32)) == SILENCE


def test_samples_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(MediaError) as caught:
        level(np.array([0.1, np.nan], np.float32))
    assert caught.value.code == "PVC0855"


@given(st.integers(0, 10_000), st.floats(0.3, 8.0))
@settings(max_examples=40, deadline=None)
def test_the_limiter_holds_any_sound(seed, gain) -> None:
    random = np.random.default_rng(seed)
    sound = (gain * random.standard_normal(9_000) * (random.random(9_000) > random.random())).astype(np.float32)
    assert true_peak(limit(sound)) <= CEILING + 0.1


def test_the_limiter_leaves_soft_sound_alone() -> None:
    sound = speech(2, 1, 0.3)
    assert limit(sound) is sound


@cache
def programme(clips: int = 24) -> tuple[np.ndarray, list[tuple[int, np.ndarray]]]:
    placed = []
    at = 14_400
    for number in range(clips):
        sound = level(speech(0.6 + 0.37 * (number % 9), number, 0.02 + 0.1 * (number % 5)))
        placed.append((at, sound))
        at += len(sound) + 14_000 + 5_000 * (number % 4) + number
    return mix(placed, at + 24_000), placed


def test_the_whole_comes_out_at_the_promised_loudness() -> None:
    whole, _ = programme()
    assert integrated(whole) == pytest.approx(LOUDNESS, abs=0.5)
    coded = decode(encode_aac(whole))
    assert integrated(coded) == pytest.approx(LOUDNESS, abs=0.5)
    assert true_peak(coded) <= -1.0
    loudness, peak = ebur128(coded)
    assert loudness == pytest.approx(LOUDNESS, abs=0.5)
    assert peak <= -1.0


def test_an_edit_stays_local() -> None:
    whole, placed = programme()
    start, sound = placed[7]
    other = level(speech(len(sound) / 48_000, 99, 0.3))[: len(sound)]
    edited = mix([*placed[:7], (start, other), *placed[8:]], len(whole))
    assert (edited[:start] == whole[:start]).all()
    assert (edited[start + len(sound) :] == whole[start + len(sound) :]).all()


def test_clips_that_overlap_do_not_clip() -> None:
    sound = level(speech(2, 1))
    assert true_peak(mix([(0, sound), (10, sound)], 100_000)) <= CEILING + 0.1


@pytest.mark.parametrize("start", [-1, 1, 10**6])
def test_clips_outside_the_talk_are_refused(start) -> None:
    with pytest.raises(MediaError) as caught:
        mix([(start, np.ones(100, np.float32))], 100)
    assert caught.value.code == "PVC0855"


class Kept(dict):
    """A memory that counts."""

    def recall(self, key: str) -> bytes | None:
        return self.get(key)

    def remember(self, key: str, value: bytes) -> None:
        self[key] = value


def test_splices_sound_like_one_encoding() -> None:
    """Stretches encoded apart against the whole encoded at once: equally near to the programme, everywhere."""
    whole, _ = programme()
    padded = np.concatenate([whole, np.zeros(-len(whole) % FRAME, np.float32)])
    track = encode_aac(whole)
    config, packets = aac._encode(padded)
    assert config == track.config
    assert len(packets) == len(track.packets)
    apart = decode(track) - whole
    at_once = decode(AacTrack(tuple(packets), config, aac.PRIMING, len(whole), 1)) - whole
    blocks = len(whole) // 480
    noise = [np.sqrt((e[: blocks * 480].reshape(blocks, 480) ** 2).mean(axis=1)) for e in (apart, at_once)]
    signal = np.sqrt((whole[: blocks * 480].reshape(blocks, 480) ** 2).mean(axis=1))
    assert (noise[0] ** 2).sum() < 1.05 * (noise[1] ** 2).sum()
    assert np.abs(apart).max() < 1.2 * np.abs(at_once).max() + 1e-4
    assert noise[0][signal == 0].max() < 0.01  # no click in the pauses
    assert (apart**2).sum() < 10**-2 * (whole.astype(float) ** 2).sum()


def test_only_what_is_new_is_encoded_again() -> None:
    whole, placed = programme()
    kept = Kept()
    track = encode_aac(whole, kept, threads=1)
    stretches = len(kept)
    assert stretches > 15
    assert encode_aac(whole, kept) == track
    assert len(kept) == stretches
    start, sound = placed[-2]
    edited = mix([*placed[:-2], (start, level(speech(len(sound) / 48_000, 77))), placed[-1]], len(whole))
    again = encode_aac(edited, kept)
    assert len(kept) == stretches + 1
    assert again == encode_aac(edited)


def test_threads_do_not_change_the_bytes() -> None:
    whole, _ = programme(8)
    assert encode_aac(whole, threads=1) == encode_aac(whole, threads=4)


@pytest.mark.parametrize("samples", [1, 1023, 1024, 1025, 48_000, 160_001])
def test_as_many_samples_as_asked(samples) -> None:
    track = encode_aac(np.full(samples, 0.1, np.float32))
    assert len(track.packets) == -(-(samples + track.priming) // FRAME)
    assert len(decode(track)) == samples


def test_silence_costs_next_to_nothing() -> None:
    track = encode_aac(np.zeros(48_000 * 60, np.float32))
    assert sum(map(len, track.packets)) < 60 * 1_000
    assert not decode(track).any()


def test_no_sound_is_refused() -> None:
    with pytest.raises(MediaError) as caught:
        encode_aac(np.zeros(0, np.float32))
    assert caught.value.code == "PVC0856"
