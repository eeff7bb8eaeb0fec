"""Videos in a talk: probing, exact frames in any order, what a build paints, what is said of files that are no good."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from talks import built, ran, request, write

from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
from pvc.compiler.film import probe
from pvc.compiler.plan import plan
from pvc.compiler.stage import lint_scene
from pvc.runtime.backends import films
from pvc.runtime.build.build import build
from pvc.runtime.errors import EngineError


def film(
    path: Path, rate: Fraction, frames: int, *, codec: str = "libx264", size: tuple[int, int] = (64, 48), step: int = 2
) -> Path:
    """A film whose frame n is one grey: 16 + step n, so that a frame tells its number."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, options={"bf": "2", "g": "12"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(frames):
            grey = np.full((size[1] * 3 // 2, size[0]), 128, np.uint8)
            grey[: size[1]] = 16 + step * number
            picture = av.VideoFrame.from_ndarray(grey, format="yuv420p")
            picture.pts = None
            for packet in stream.encode(picture):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def number(pixels: np.ndarray) -> int:  # type: ignore[type-arg]
    """The number of the frame whose pixels these are."""
    luma = float(pixels[..., :3].mean()) * 219 / 255 + 16
    return round((luma - 16) / 2)


def known(path: Path) -> tuple[str, DiskWorld]:
    world = DiskWorld()
    world.read(str(path))
    return world.digest(str(path)), world


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(25), Fraction(30), Fraction(30000, 1001), Fraction(60)])
def test_every_time_shows_the_frame_of_that_moment_in_any_order(tmp_path: Path, rate: Fraction) -> None:
    path = film(tmp_path / "a.mp4", rate, 100)
    opened = films.Film(path, "x")
    try:
        moments = list(range(round(100 / rate * 30)))
        shuffled = moments[:]
        random.Random(7).shuffle(shuffled)
        for talk_frame in [*moments, *shuffled[:25], *reversed(moments[:40])]:
            seconds = float(Fraction(talk_frame, 30))
            exact = Fraction(talk_frame, 30) * rate  # one that begins within 70 microseconds counts as begun
            expected = {min(99, int(exact)), min(99, int(exact + rate * Fraction(7, 100_000)))}
            assert number(opened.at(seconds, None, 64, 48)) in expected
        assert number(opened.at(1000.0, None, 64, 48)) == 99
        assert number(opened.at(-1.0, None, 64, 48)) == 0
    finally:
        opened.close()


def test_a_crop_and_a_size(tmp_path: Path) -> None:
    from pvc.compiler.model.display import Rect

    path = film(tmp_path / "a.mp4", Fraction(25), 3)
    assert films.frame_at(path, "crop", 0.0, Rect(16, 0, 32, 48), 100, 150).shape == (150, 100, 4)
    assert films.frame_at(path, "crop", 0.0, None, 31, 17).shape == (17, 31, 4)


def test_what_a_file_says_of_itself(tmp_path: Path) -> None:
    digest, world = known(film(tmp_path / "a.mp4", Fraction(30000, 1001), 60, size=(80, 48)))
    found = probe(digest, world)
    assert (found.width, found.height, found.sound, found.reason) == (80, 48, False, "")
    assert abs(found.seconds - Fraction(60 * 1001, 30000)) < Fraction(1, 1000)
    webm, world = known(film(tmp_path / "b.webm", Fraction(25), 30, codec="libvpx-vp9"))
    assert abs(probe(webm, world).seconds - Fraction(30, 25)) < Fraction(1, 20)


def damaged(tmp_path: Path, how: str) -> Path:
    whole = film(tmp_path / "whole.mp4", Fraction(25), 50).read_bytes()
    path = tmp_path / "bad.mp4"
    data = {
        "cut": whole[: len(whole) // 2],
        "empty": b"",
        "text": b"this is no film at all, but it has some length " * 20,
        "zeros": bytes(5000),
        "head": whole[:64] + bytes(len(whole) - 64),
    }[how]
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("how", ["cut", "empty", "text", "zeros", "head"])
def test_a_damaged_file_has_a_reason_and_a_diagnostic(tmp_path: Path, how: str) -> None:
    path = damaged(tmp_path, how)
    digest, world = known(path)
    assert probe(digest, world).reason
    with pytest.raises(EngineError):
        films.frame_at(path, digest, 0.0, None, 10, 10)
    assert said(tmp_path, 'video("bad.mp4")') & {"PVC0565", "PVC0810"}


def test_a_sound_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "bad.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4800), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 48000
        for packet in (*stream.encode(frame), *stream.encode()):
            container.mux(packet)
    digest, world = known(path)
    assert probe(digest, world).reason == "it has no picture"


def said(folder: Path, visual: str, play: str = "play clip") -> set[str]:
    talk = folder / "talk.vid"
    actions = f"    show clip\n    {play}\n"
    talk.write_text(
        f'talk "T" {{\n}}\nscene one "One" {{\n  let clip = {visual}\n  say "Look." {{\n{actions}  }}\n}}\n'
    )
    world = DiskWorld()
    checked = check(str(talk), world)
    found = {one.code for one in checked.diagnostics}
    if checked.program is not None and checked.ok:
        found |= {one.code for one in lint_scene(checked.program, 0, world)}
        plan(checked.program, {})
    return found - {"PVC0737"}  # that most of them are not put into words is told elsewhere


@pytest.mark.parametrize(
    ("visual", "play", "codes"),
    [
        ('video("a.mp4", description: "x")', "play clip", set()),
        ('video("a.mp4", begin: 1s, end: 1.5s)', "play clip for 10f", set()),
        ('video("a.mp4", begin: 1.5s, end: 1s)', "play clip", {"PVC0566"}),
        ('video("a.mp4", begin: 9s)', "play clip", {"PVC0566"}),
        ('video("a.mp4", end: 9s)', "play clip", {"PVC0566"}),
        ('video("a.mp4")', "play clip for 3s", {"PVC0811"}),
        ('video("a.mp4")', "highlight clip", {"PVC0713"}),
        ('video("nowhere.mp4")', "play clip", {"PVC0001"}),
        ('video("talk.vid")', "play clip", {"PVC0565"}),
        ('image("a.mp4")', "", {"PVC0810"}),
        ('text("words")', "play clip", {"PVC0326"}),
        ('video("a.mp4", fit: cover, caption: "c", credit: "d")', "play clip", set()),
    ],
)
def test_what_is_said(tmp_path: Path, visual: str, play: str, codes: set[str]) -> None:
    film(tmp_path / "a.mp4", Fraction(25), 50)
    assert said(tmp_path, visual, play) == codes


TALK = """\
talk "Small" {
  format = 1080p30
  theme = paper
}

scene one "One" {
  let clip = video("a.mp4", begin: BEGIN, end: 2s)
  show clip with cut
  play clip for 1s
  wait 0.5s
  play clip
  wait 0.2s
}
"""


def painted(path: Path) -> list[int]:
    """The numbers of the film's frames that a built talk shows, frame by frame."""
    with av.open(str(path)) as container:
        return [
            round((float(frame.to_ndarray()[300:320, 600:640].mean()) - 16) / 4) for frame in container.decode(video=0)
        ]


def test_a_build_shows_the_right_frames_and_remembers_them(tmp_path: Path) -> None:
    folder = tmp_path / "talk"
    talk = write(folder, TALK.replace("BEGIN", "0.4s"))
    film(folder / "a.mp4", Fraction(25), 55, size=(640, 360), step=4)
    built(talk, tmp_path / "cache", tmp_path / "out.mp4")
    shown = painted(tmp_path / "out.mp4")
    expected = [
        *(int((Fraction(2, 5) + Fraction(step, 30)) * 25 + Fraction(1, 100)) for step in range(30)),
        *[35] * 15,
        *(min(49, int((Fraction(7, 5) + Fraction(step, 30)) * 25 + Fraction(1, 100))) for step in range(18)),
        *[49] * 6,
    ]
    off = [(at, a, b) for at, (a, b) in enumerate(zip(shown, expected, strict=False)) if abs(a - b) > 0]
    assert not off
    again = built(talk, tmp_path / "cache", tmp_path / "out.mp4")
    assert not ran(again)
    talk.write_text(TALK.replace("BEGIN", "0.4s").replace("wait 0.5s", "wait 1.5s"))
    assert not ran(built(talk, tmp_path / "cache", tmp_path / "out.mp4")).get("segment")
    film(folder / "a.mp4", Fraction(25), 54, size=(640, 360), step=4)
    assert ran(built(talk, tmp_path / "cache", tmp_path / "out.mp4"))["segment"] >= 3


def test_a_long_film_is_painted_in_pieces_of_bounded_length(tmp_path: Path) -> None:
    from pvc.compiler.stage import stage
    from pvc.compiler.stage.chunks import FILM_PIECE

    film(tmp_path / "a.mp4", Fraction(10), 100)
    talk = tmp_path / "talk.vid"
    talk.write_text(TALK.replace("BEGIN", "0s").replace("end: 2s", "end: 10s").replace(" for 1s", ""))
    world = DiskWorld()
    program = check(str(talk), world).program
    assert program is not None
    staged = stage(program, 0, plan(program, {}).time.scenes[0], world)
    moving = [placed for placed in staged.placed if not placed.chunk.hold]
    assert max(placed.length for placed in moving) <= FILM_PIECE
    assert sum(placed.length for placed in moving) >= 300
    ends = [
        (track.keys[0].value[0], track.keys[-1].value[0])
        for placed in moving
        for layer in placed.chunk.layers
        for item in layer.items
        for track in item.tracks
        if track.property == "time"
    ]
    assert ends[0][0] == 0.0
    for before, after in pairwise(ends[:3]):
        assert before[1] == pytest.approx(after[0], abs=1e-4)


def test_an_undecodable_film_ends_a_build_with_a_diagnostic(tmp_path: Path) -> None:
    talk = write(tmp_path / "talk", TALK.replace("BEGIN", "0s"))
    (tmp_path / "talk" / "a.mp4").write_bytes(b"nothing of a film, nothing at all " * 30)
    outcome = build(request(talk, tmp_path / "cache", tmp_path / "out.mp4"))
    assert outcome.report is None
    assert {one.code for one in outcome.diagnostics} >= {"PVC0565"}
    assert not (tmp_path / "out.mp4").exists()


# ------------------------------------------------------------------------------------------------ its sound


def with_sound(path: Path, seconds: int) -> Path:
    """A film with a tone of 440 Hz in its first half and one of 880 Hz in its second."""
    with av.open(str(path), "w") as container:
        picture = container.add_stream("libx264", rate=25)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        voice = container.add_stream("aac", rate=48000, layout="mono")
        for _ in range(25 * seconds):
            grey = np.full((72, 64), 128, np.uint8)
            for packet in picture.encode(av.VideoFrame.from_ndarray(grey, format="yuv420p")):
                container.mux(packet)
        time = np.arange(48_000 * seconds) / 48_000
        tone = 0.3 * np.sin(2 * np.pi * np.where(time < seconds / 2, 440, 880) * time)
        for at in range(0, len(tone), 1024):
            block = av.AudioFrame.from_ndarray(tone[None, at : at + 1024].astype(np.float32), "fltp", "mono")
            block.sample_rate, block.pts = 48_000, at
            for packet in voice.encode(block):
                container.mux(packet)
        for stream in (picture, voice):
            for packet in stream.encode():
                container.mux(packet)
    return path


def pitches(film: Path, steps: int) -> list[int]:
    """The strongest frequency of each tenth of a second of a film's sound, 0 where it is silent."""
    with av.open(str(film)) as container:
        parts = [frame.to_ndarray().mean(axis=0) for frame in container.decode(audio=0)]
    sound = np.concatenate(parts)
    found = []
    for step in range(steps):
        piece = sound[4800 * step : 4800 * (step + 1)]
        strength = np.abs(np.fft.rfft(piece))
        found.append(
            int(round(float(strength.argmax()) * 48_000 / len(piece), -1)) if np.abs(piece).max() > 0.01 else 0
        )
    return found


SOUNDING = """\
talk "Small" {
  theme = paper
}

scene one "One" {
  let clip = video("a.mp4", begin: 1s, sound: true)
  show clip with cut
  wait 0.5s
  play clip for 1.5s
  wait 0.5s
}
"""


def test_the_sound_of_a_film_is_heard_while_it_plays_and_no_longer(tmp_path: Path) -> None:
    folder = tmp_path / "talk"
    talk = write(folder, SOUNDING)
    with_sound(folder / "a.mp4", 4)
    built(talk, tmp_path / "cache", tmp_path / "out.mp4")
    heard = pitches(tmp_path / "out.mp4", 24)
    assert heard[:5] == [0] * 5  # it begins at 1 s of the file, half a second into the talk
    assert heard[6:14] == [440] * 8
    assert heard[16:19] == [880] * 3
    assert heard[21:] == [0] * 3
    again = built(talk, tmp_path / "cache", tmp_path / "out.mp4")
    assert not ran(again)
    talk.write_text(SOUNDING.replace("sound: true", "sound: false"))
    assert "segment" not in ran(built(talk, tmp_path / "cache", tmp_path / "out.mp4"))
    assert set(pitches(tmp_path / "out.mp4", 24)) == {0}


def test_a_film_that_leaves_is_heard_no_longer(tmp_path: Path) -> None:
    folder = tmp_path / "talk"
    together = "  together {\n    play clip\n    wait 0.1s\n  }\n"
    talk = write(folder, SOUNDING.replace("  play clip for 1.5s\n", together).replace("wait 0.5s\n}", "hide clip\n}"))
    with_sound(folder / "a.mp4", 2)
    built(talk, tmp_path / "cache", tmp_path / "out.mp4")
    assert pitches(tmp_path / "out.mp4", 16)[6:14] == [880] * 8


def test_a_film_without_sound_cannot_be_heard(tmp_path: Path) -> None:
    film(tmp_path / "a.mp4", Fraction(25), 50)
    assert said(tmp_path, 'video("a.mp4", sound: true)') == {"PVC0812"}
