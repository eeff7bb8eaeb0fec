"""Music and effects in real films, measured from what the films sound like; what a change of them makes anew."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
import pytest
from talks import built, ran, write

from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
from pvc.runtime.errors import MediaError
from pvc.runtime.media.contract import contract_of
from pvc.runtime.media.loudness import RATE, Sound, integrated, true_peak
from pvc.runtime.media.verify import verify

TALK = """\
talk "T" {
  theme = paper
  music = bed
}

music bed = pad(seed: 7, chord: 2s)
sound ding = file("ding.wav", gain: -3)

scene a "A" {
  say "One sentence is here, and it is a rather long one. {now} And another one follows it, as long as the first."
  wait 4s
}

scene b "B" {
  say "Another sentence is said here, so that the voice has most of the time of this talk, as it should."
}
"""


def ding(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    time = np.arange(17_640) / 44_100
    sound = 0.6 * np.sin(2 * np.pi * 1320 * time) * np.exp(-9 * time)
    with wave.open(str(folder / "ding.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(44_100)
        out.writeframes((sound * 32767).astype("<i2").tobytes())


def heard(film: str | Path) -> Sound:
    with av.open(str(film)) as media:
        return np.concatenate([frame.to_ndarray().mean(axis=0) for frame in media.decode(audio=0)]).astype(np.float32)


def spoken(film: Path) -> list[tuple[int, int]]:
    return [(start, start + samples) for start, samples in contract_of(film.with_suffix(".json")).speech]


def used(text: str, *names: str) -> str:
    """The talk without declarations that it does not use."""
    return "\n".join(line for line in text.split("\n") if not line.startswith(names))


def test_music_lies_under_the_voice(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    plain = built(write(tmp_path / "t", used(TALK, "sound", "music").replace("  music = bed\n", "")), cache)
    voice = heard(plain.output)
    film = built(write(tmp_path / "t", used(TALK, "sound")), cache)
    assert ran(film) == {"sound": 1, "audio": 1, "mux": 1}, "music paints nothing and speaks nothing"
    mixed = heard(film.output)
    assert len(mixed) == len(voice)
    path = Path(film.output)
    report = verify(path, contract_of(path.with_suffix(".json")))
    assert report.ok, report.problems
    assert integrated(mixed) == pytest.approx(-14, abs=1)
    assert true_peak(mixed) <= -1
    bed = mixed - voice  # the voice is untouched but for the coder's noise
    spans = spoken(path)
    for start, end in spans:
        below = integrated(voice[start:end]) - integrated(bed[start:end])
        assert 13 <= below <= 21, below
    pause = spans[1][1] + RATE, spans[2][0] - RATE // 2
    assert integrated(mixed[pause[0] : pause[1]]) > -36, "it is heard in the pause"
    assert integrated(bed[pause[0] : pause[1]]) > max(integrated(bed[start:end]) for start, end in spans[:2])
    assert np.abs(mixed[: RATE // 50]).max() < 0.002, "it comes softly"
    assert np.abs(mixed[-RATE // 50 :]).max() < 0.002, "and goes so"
    assert np.abs(np.diff(mixed[pause[0] : pause[1]])).max() < 0.02, "no click"


def test_effects_are_heard_at_their_cues(tmp_path: Path) -> None:
    ding(tmp_path / "t")
    cache = tmp_path / "cache"
    silent = used(TALK, "music").replace("  music = bed\n", "")
    plain = built(write(tmp_path / "t", used(silent, "sound")), cache)
    voice = heard(plain.output)
    text = silent.replace('the first."\n', 'the first." {\n    at now: play ding gain 2\n  }\n')
    film = built(write(tmp_path / "t", text), cache)
    assert film.frames == plain.frames, "nothing waits for it"
    assert set(ran(film)) == {"sound", "audio", "mux"}
    struck = heard(film.output) - voice
    loud = np.flatnonzero(np.abs(struck) > 0.05)
    cue = spoken(Path(film.output))[1][0]
    assert abs(int(loud[0]) - cue) < RATE // 25, "on the word, to a frame"
    assert loud[-1] - loud[0] < RATE // 2
    assert true_peak(heard(film.output)) <= -1
    louder = built(write(tmp_path / "t", text.replace("gain 2", "gain -4")), cache)
    assert ran(louder) == {"audio": 1, "mux": 1}, "the file is not decoded again"
    assert np.abs(heard(louder.output) - voice).max() < np.abs(struck).max() * 0.7


def test_scenes_may_have_their_own(tmp_path: Path) -> None:
    text = used(TALK, "sound").replace('scene b "B" {', 'scene b "B" music none {')
    film = built(write(tmp_path / "t", text), tmp_path / "cache")
    mixed = heard(film.output)
    start, end = spoken(Path(film.output))[2]
    quiet = mixed[start - RATE // 8 : start - RATE // 100]
    assert np.abs(quiet).max() < 1e-3, "nothing is heard where there is none"
    assert np.abs(mixed[end + RATE // 10 :]).max() < 1e-3


def test_a_talk_without_a_word_has_its_music(tmp_path: Path) -> None:
    text = 'talk "T" {\n  music = bed\n}\nmusic bed = pad(chord: 2s)\nscene a "A" {\n  show text("x")\n  wait 8s\n}\n'
    film = built(write(tmp_path / "t", text), tmp_path / "cache")
    mixed = heard(film.output)
    assert integrated(mixed) == pytest.approx(-14, abs=2.5)
    assert true_peak(mixed) <= -1


def square(path: Path, hertz: int, seconds: float, offset: int = 0) -> None:
    """A wave at full scale: what the coder's overshoot is worst for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    time = np.arange(int(44_100 * seconds)) / 44_100
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(44_100)
        out.writeframes(
            (np.sign(np.sin(2 * np.pi * hertz * time)) * (32_767 - offset) + offset).astype("<i2").tobytes()
        )


@pytest.mark.parametrize("spoken", [True, False], ids=["spoken", "without a word"])
def test_whatever_is_turned_up_the_film_is_as_loud_as_it_promises(tmp_path: Path, spoken: bool) -> None:
    square(tmp_path / "t" / "bed.wav", 100, 3, offset=8_000)
    square(tmp_path / "t" / "hit.wav", 1_000, 2.5)
    says = 'say "Here comes a sentence, {now} and a blow in the middle of it." { at now: play hit }\n'
    body = (
        f'{says}  wait 4s\n  say "And a second one."\n'
        if spoken
        else 'show text("x")\n  wait 5s\n  play hit\n  wait 4s\n'
    )
    text = (
        'talk "T" {\n  music = bed\n}\nmusic bed = file("bed.wav", gain: 12)\nsound hit = file("hit.wav", gain: 12)\n'
        f'scene a "A" {{\n  {body}}}\n'
    )
    film = Path(built(write(tmp_path / "t", text), tmp_path / "cache").output)
    report = verify(film, contract_of(film.with_suffix(".json")))
    assert report.ok, report.problems
    assert integrated(heard(film)) == pytest.approx(-14, abs=0.6)
    assert true_peak(heard(film)) <= -1


def test_a_soft_chime_alone_is_not_turned_up(tmp_path: Path) -> None:
    ding(tmp_path / "t")
    scene = 'scene a "A" {\n  show text("x")\n  wait 2s\n  play ding\n}\n'
    text = 'talk "T" {\n}\nsound ding = file("ding.wav", gain: -20)\n' + scene
    film = Path(built(write(tmp_path / "t", text), tmp_path / "cache").output)
    assert np.abs(heard(film)).max() < 0.1


def test_a_damaged_file_is_said_to_be_so(tmp_path: Path) -> None:
    text = used(TALK, "sound").replace("pad(seed: 7, chord: 2s)", 'file("bed.wav")')
    talk = write(tmp_path / "t", text)
    (tmp_path / "t" / "bed.wav").write_bytes(b"RIFF\x10\x00\x00\x00WAVEjunkjunk")
    with pytest.raises(MediaError) as raised:
        built(talk, tmp_path / "cache")
    assert raised.value.code == "PVC0858"
    assert raised.value.message.startswith("the music bed cannot be decoded")
    assert not (tmp_path / "t" / "talk.mp4").exists()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("pad(seed: 7, chord: 2s)", 'file("none.ogg")', "PVC0001"),
        ("pad(seed: 7, chord: 2s)", 'file("heights.csv")', None),
        ("pad(seed: 7, chord: 2s)", "pad(seed: 7, chord: 1s)", "PVC0320"),
        ("pad(seed: 7, chord: 2s)", 'pad(key: "H")', "PVC0320"),
        ("pad(seed: 7, chord: 2s)", "pad(mood: happy)", "PVC0319"),
        ("pad(seed: 7, chord: 2s)", "pad(gain: 40)", "PVC0320"),
        ("pad(seed: 7, chord: 2s)", "pat(seed: 7)", "PVC0208"),
        ("pad(seed: 7, chord: 2s)", "3", "PVC0301"),
        ("music = bed", "music = ding", "PVC0301"),
        ("music = bed", "music = bad", "PVC0207"),
        ('"B" {', '"B" music ding {', "PVC0301"),
        ("wait 4s", "play bed", "PVC0326"),
        ("wait 4s", "play ding gain 60", "PVC0320"),
        ("wait 4s", "play ding for 2s", "PVC0331"),
        ("wait 4s", 'play text("x")', "PVC0326"),
        ("wait 4s", "play ding, ding", "PVC0326"),
        ("wait 4s", "play dong", "PVC0207"),
    ],
)
def test_mistakes(tmp_path: Path, old: str, new: str, code: str | None) -> None:
    ding(tmp_path)
    talk = write(tmp_path, TALK.replace(old, new))
    found = {each.code for each in check(str(talk), DiskWorld()).diagnostics if each.severity == "error"}
    assert found == ({code} if code else set())
