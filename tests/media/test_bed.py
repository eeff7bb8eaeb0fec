"""Music and effects by numbers: seams, levels, ducking, and what cannot be decoded."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pvc.runtime.build import sound
from pvc.runtime.errors import MediaError
from pvc.runtime.media import bed
from pvc.runtime.media.audio import LOUDNESS
from pvc.runtime.media.loudness import RATE, Sound, integrated, true_peak
from pvc.runtime.media.score import pad

SCORE = {"seed": "7", "root": "2", "mood": "calm", "chord": "2"}


def tone(seconds: float, frequency: float = 220.3, level: float = 0.3, rate: int = RATE) -> Sound:
    time = np.arange(int(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def write_wav(path: Path, samples: Sound, rate: int = 44_100, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((np.repeat(samples, channels) * 32767).astype("<i2").tobytes())
    return path


@pytest.mark.parametrize("mood", ["calm", "bright", "dark"])
def test_a_score_is_a_quiet_loop_without_a_seam(mood: str) -> None:
    made = pad(SCORE | {"mood": mood})
    assert len(made) == 16 * RATE
    assert np.array_equal(made, pad(SCORE | {"mood": mood}))
    assert np.isfinite(made).all()
    steps = np.abs(np.diff(np.concatenate((made, made))))
    seam = steps[len(made) - 2 : len(made) + 1].max()
    assert seam <= np.quantile(steps, 0.999), "where it begins again is like any other place"
    assert true_peak(made) < -5
    spectrum = np.abs(np.fft.rfft(made)) ** 2
    share = np.cumsum(spectrum) / spectrum.sum()
    frequencies = np.fft.rfftfreq(len(made), 1 / RATE)
    assert frequencies[np.searchsorted(share, 0.99)] < 1500, "soft: nothing in it competes with consonants"
    levelled = bed.at_loudness(made, bed.OPEN)
    assert integrated(levelled) == pytest.approx(bed.OPEN, abs=0.3)
    parts = [integrated(levelled[at : at + 3 * RATE]) for at in range(0, 15 * RATE, 3 * RATE)]
    assert max(parts) - min(parts) < 8, "it never swells into the foreground"


def test_scores_differ_by_what_they_say() -> None:
    made = {
        name: pad(SCORE | change)
        for name, change in {"seed": {"seed": "8"}, "root": {"root": "9"}, "": {}, "mood": {"mood": "dark"}}.items()
    }
    assert not any(np.array_equal(made[""], made[name]) for name in ("seed", "root", "mood"))


def test_a_file_loops_without_a_click() -> None:
    looped = bed.looping(tone(5.37))
    twice = np.concatenate((looped, looped))
    at = len(looped)
    assert np.abs(np.diff(twice[at - 4 : at + 4])).max() <= np.abs(np.diff(tone(1))).max() * 1.5


def test_levels_follow_how_much_is_said() -> None:
    assert sound.OPEN == bed.OPEN
    assert sound.STRUCK == bed.STRUCK
    full = bed.levels(1.0)
    assert bed.OPEN + full[1] == pytest.approx(LOUDNESS - bed.UNDER)
    assert 14 <= LOUDNESS - (bed.OPEN + bed.levels(0.6)[1]) <= 18
    assert bed.levels(0.0) == (LOUDNESS - bed.OPEN, LOUDNESS - bed.OPEN)
    for share in (0.3, 0.5, 0.8, 1.0):
        beside, under = bed.levels(share)
        assert under <= beside
        assert bed.OPEN + beside < LOUDNESS - 10 + 10 * np.log10(share) - 2, "below the gate"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 20 * RATE), st.integers(1, 3 * RATE)), max_size=6),
    st.integers(1, 22 * RATE),
)
def test_ducking_never_jumps(spoken: list[tuple[int, int]], samples: int) -> None:
    spans = [(start, min(samples, start + length)) for start, length in spoken if start < samples]
    gain = bed.ducking(spans, samples)
    assert len(gain) == samples
    assert samples < 2 or np.abs(np.diff(gain)).max() < 4e-4, "slower than any ear can hear as a click"
    beside, under = bed.levels(sum(end - start for start, end in spans) / samples)
    for start, end in spans:
        assert gain[start:end].max(initial=0) <= 10 ** (under / 20) * 1.001, "down before the first word"
    assert gain.max() <= 10 ** (beside / 20) * 1.001


def test_a_bed_comes_and_goes_softly() -> None:
    for loop in (True, False):
        made = bed.laid(bed.looping(tone(4.0)), 10 * RATE, loop)
        assert abs(made[0]) < 1e-4
        assert np.abs(np.diff(made)).max() <= np.abs(np.diff(tone(3.0))).max() * 1.6
        assert np.abs(made[: RATE // 100]).max() < 0.01
    assert not bed.laid(tone(3.0), 10 * RATE, False)[3 * RATE :].any()
    assert len(bed.laid(tone(3.0), 100, True)) == 100


def test_effects_are_as_loud_as_told_but_never_clip() -> None:
    assert integrated(bed.at_loudness(tone(2), bed.STRUCK)) == pytest.approx(bed.STRUCK, abs=0.8)
    click = np.zeros(4800, np.float32)
    click[100:104] = (0.1, -0.2, 0.2, -0.1)
    assert true_peak(bed.at_loudness(click, bed.STRUCK)) <= bed.LOUDEST + 0.1
    assert not bed.at_loudness(np.zeros(4800, np.float32), -20).any()


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 1), (48_000, 2), (22_050, 1)])
def test_files_are_decoded_to_mono_at_48_khz(tmp_path: Path, rate: int, channels: int) -> None:
    made = bed.decoded(write_wav(tmp_path / "a.wav", tone(1.5, rate=rate), rate, channels))
    assert abs(len(made) - 1.5 * RATE) < 64
    spectrum = np.abs(np.fft.rfft(made))
    assert np.fft.rfftfreq(len(made), 1 / RATE)[spectrum.argmax()] == pytest.approx(220.3, abs=1)
    assert 0.28 < np.abs(made).max() < 0.43


def test_tags_in_an_old_encoding_do_not_matter(tmp_path: Path) -> None:
    """Old recorders write the names of pieces in the encoding of their country."""
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((8000 * np.sin(np.arange(RATE) / 9)).astype("<i2").tobytes())
    title = b"INFOINAM" + (6).to_bytes(4, "little") + b"\xe9tudes"
    data = path.read_bytes() + b"LIST" + len(title).to_bytes(4, "little") + title
    path.write_bytes(data[:4] + (len(data) - 8).to_bytes(4, "little") + data[8:])
    assert bed.decoded(path).size == RATE


def test_what_cannot_be_decoded(tmp_path: Path) -> None:
    whole = write_wav(tmp_path / "a.wav", tone(0.5)).read_bytes()
    (tmp_path / "junk.wav").write_bytes(b"RIFF\x10\x00\x00\x00WAVEjunkjunk")
    (tmp_path / "empty.wav").write_bytes(whole[:44])
    for name in ("junk.wav", "empty.wav", "gone.wav"):
        with pytest.raises(MediaError) as raised:
            bed.decoded(tmp_path / name)
        assert raised.value.code == "PVC0858"
    with pytest.raises(MediaError, match="shorter than its `start`"):
        bed.decoded(tmp_path / "a.wav", RATE)
