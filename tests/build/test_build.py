"""Real builds of a small talk: what runs, what comes out, and that nothing partial ever does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from talks import TALK, built, ran, request, sha, write

from pvc.runtime.build.build import build
from pvc.runtime.build.png import encode_png
from pvc.runtime.build.request import replay
from pvc.runtime.errors import PvcError
from pvc.runtime.store.location import FORMAT

ENDINGS = (".mp4", ".srt", ".vtt", ".chapters.txt", ".json", ".png")
ENVIRON = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("build")


@pytest.fixture(scope="module")
def cold(place: Path) -> tuple[Path, Path, dict[str, int]]:
    """A talk built once: the talk, the cache, and what ran."""
    talk = write(place / "talk")
    report = built(talk, place / "cache")
    return talk, place / "cache", ran(report)


@pytest.mark.parametrize(
    ("name", "output"), [("talk.png", None), ("film.png", "film.mp4"), ("film.png", "link/film.mp4")]
)
def test_a_file_of_the_talk_is_never_written_over(tmp_path: Path, name: str, output: str | None) -> None:
    text = TALK.replace('text("A first thought")', f'image("{name}", description: "A dot")')
    talk = write(tmp_path / "t", text.replace(" {second}", "").replace("    at second: highlight words\n", ""))
    picture = talk.with_name(name)
    picture.write_bytes(encode_png(np.full((20, 20, 4), 255, np.uint8)))
    (tmp_path / "link").symlink_to(tmp_path / "t")
    (talk.parent / "link").symlink_to(tmp_path / "t")
    before = picture.read_bytes()
    with pytest.raises(PvcError, match=f"{name} is a file that the talk is made of") as caught:
        built(talk, tmp_path / "cache", None if output is None else talk.parent / output)
    assert caught.value.code == "PVC0903"
    assert picture.read_bytes() == before
    assert not list(talk.parent.glob("*.mp4"))
    built(talk, tmp_path / "cache", talk.with_name("other.mp4"))


def test_a_cold_build_makes_every_output(cold: tuple[Path, Path, dict[str, int]]) -> None:
    talk, _, kinds = cold
    assert kinds["speak"] == 3
    assert kinds["segment"] >= 5
    assert (kinds["audio"], kinds["poster"], kinds["mux"]) == (1, 1, 1)
    for ending in ENDINGS:
        assert talk.with_name(talk.stem + ending).stat().st_size > 0, ending
    assert not [path.name for path in talk.parent.iterdir() if path.name.startswith(".")]


def test_the_film_keeps_the_contract_in_its_manifest(cold: tuple[Path, Path, dict[str, int]]) -> None:
    from pvc.runtime.media.contract import contract_of
    from pvc.runtime.media.verify import verify

    talk, *_ = cold
    report = verify(talk.with_suffix(".mp4"), contract_of(talk.with_suffix(".json")))
    assert report.ok, report.problems


def test_the_manifest_maps_every_frame_to_its_source(cold: tuple[Path, Path, dict[str, int]]) -> None:
    talk, *_ = cold
    found = json.loads(talk.with_suffix(".json").read_text())
    at = 0
    for stretch in found["source_map"]:
        assert stretch["start"] == at
        at += stretch["frames"]
    assert at == found["contract"]["frames"]
    shown = [stretch for stretch in found["source_map"] if stretch["actions"]]
    assert {action["verb"] for stretch in shown for action in stretch["actions"]} >= {"show", "highlight"}
    lines = TALK.splitlines()
    for stretch in shown:
        for action in stretch["actions"]:
            source = action["source"]
            assert source["path"] == "talk.vid"
            assert action["verb"] in lines[source["line"] - 1]
    assert [scene["id"] for scene in found["scenes"]] == ["one", "two"]
    assert str(talk.parent) not in json.dumps(found), "a manifest holds no path of the machine"


def test_captions_are_the_script(cold: tuple[Path, Path, dict[str, int]]) -> None:
    talk, *_ = cold
    said = " ".join(talk.with_suffix(".vtt").read_text().split())
    for words in ("A first thought, said aloud.", "And a second one.", "Two points are enough."):
        assert words in said


def test_nothing_changed_runs_nothing(cold: tuple[Path, Path, dict[str, int]]) -> None:
    talk, cache, _ = cold
    known = replay(request(talk, cache))
    assert known is not None
    assert known.report is not None
    assert known.report.up_to_date
    assert ran(known.report) == {}


def test_a_touched_file_with_the_same_bytes_is_up_to_date(cold: tuple[Path, Path, dict[str, int]]) -> None:
    talk, cache, _ = cold
    os.utime(talk)
    assert replay(request(talk, cache)) is not None


def test_a_change_within_the_clock_s_grain_is_seen(place: Path) -> None:
    """The bytes change, size and modification time stay: the stat of a fresh file proves nothing."""
    talk = write(place / "grain")
    cache = place / "cache"
    built(talk, cache)
    status = talk.stat()
    with talk.open("r+b") as file:  # the same inode
        text = file.read()
        file.seek(0)
        file.write(text.replace(b"second one", b"second two"))
    os.utime(talk, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert talk.stat().st_mtime_ns == status.st_mtime_ns
    assert talk.stat().st_size == status.st_size
    assert replay(request(talk, cache)) is None


@pytest.mark.parametrize("ending", [".mp4", ".srt", ".json"])
def test_a_harmed_output_is_made_again(place: Path, ending: str) -> None:
    talk = write(place / f"harm{ending}")
    cache = place / "cache"
    built(talk, cache)
    path = talk.with_suffix(ending)
    before = path.read_bytes()
    path.write_bytes(before[:-5])
    assert replay(request(talk, cache)) is None
    report = built(talk, cache)
    assert path.read_bytes() == before
    assert ran(report) == ({"mux": 1} if ending == ".mp4" else {})


def test_one_word_changes_one_sentence_and_the_lengths_of_stills(place: Path) -> None:
    talk = write(place / "word")
    cache = place / "cache"
    built(talk, cache)
    talk.write_text(TALK.replace("And a second one.", "And a second one, which is longer."))
    report = built(talk, cache)
    assert ran(report) == {"speak": 1, "audio": 1, "mux": 1}
    assert report.painted == 0
    assert report.lengths
    assert all(scene == "one" for scene, *_ in report.lengths)


def test_scenes_in_another_order_render_nothing(place: Path) -> None:
    talk = write(place / "order")
    cache = place / "cache"
    built(talk, cache)
    head, one, two = (part for part in TALK.replace("scene ", "\0scene ").split("\0"))
    talk.write_text(head + two + one)
    report = built(talk, cache)
    assert set(ran(report)) <= {"audio", "mux", "poster"}
    assert report.painted == 0


def test_a_renamed_visual_and_a_comment_render_nothing(place: Path) -> None:
    talk = write(place / "rename")
    cache = place / "cache"
    built(talk, cache)
    talk.write_text("// a comment\n" + TALK.replace("words", "phrase"))
    assert ran(built(talk, cache)) == {}


def test_a_film_does_not_depend_on_jobs_or_place_or_history(place: Path) -> None:
    talk = write(place / "same")
    built(talk, place / "cache one", place / "one" / "a.mp4", jobs=1)
    built(talk, place / "cache two", place / "two" / "a.mp4", jobs=8)
    other = write(place / "elsewhere", TALK.replace("alpha", "gamma"))
    built(other, place / "cache two", place / "three" / "a.mp4")
    other.write_text(TALK)
    built(other, place / "cache two", place / "three" / "a.mp4")
    for ending in ENDINGS:
        films = {sha(place / number / f"a{ending}") for number in ("one", "two", "three")}
        assert len(films) == 1, ending


def test_one_scene_alone(place: Path) -> None:
    talk = write(place / "alone")
    report = built(talk, place / "cache", scene="two")
    assert report.output.endswith("talk.two.mp4")
    assert ran(report).get("segment") is None, "the scene's segments are those of the whole talk"
    with pytest.raises(PvcError, match="no scene 'too'") as caught:
        build(request(talk, place / "cache", scene="too"))
    assert caught.value.hint == "did you mean 'two'?"


def test_an_error_in_the_talk_leaves_the_old_film_alone(place: Path) -> None:
    talk = write(place / "error")
    built(talk, place / "cache")
    before = {ending: sha(talk.with_name(talk.stem + ending)) for ending in ENDINGS}
    talk.write_text(TALK.replace("bullets(", "bulets("))
    outcome = build(request(talk, place / "cache"))
    assert outcome.report is None
    assert any(diagnostic.severity == "error" for diagnostic in outcome.diagnostics)
    assert {ending: sha(talk.with_name(talk.stem + ending)) for ending in ENDINGS} == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder_is_found_before_the_work(place: Path) -> None:
    folder = place / "closed"
    folder.mkdir()
    folder.chmod(0o500)
    with pytest.raises(PvcError) as caught:
        build(request(write(place / "unwritable"), place / "cache", folder / "a.mp4"))
    assert caught.value.code == "PVC0903"


def test_an_output_that_cannot_be_written_is_found_before_the_work(place: Path) -> None:
    talk = write(place / "blocked")
    (place / "file").write_text("")
    (place / "folder.mp4").mkdir()
    for output in (place / "file" / "a.mp4", place / "folder.mp4"):
        with pytest.raises(PvcError) as caught:
            build(request(talk, place / "cache", output))
        assert caught.value.code == "PVC0903"


def test_damaged_blobs_are_made_anew(place: Path) -> None:
    talk = write(place / "damaged")
    cache = place / "damaged cache"
    built(talk, cache)
    film = sha(talk.with_suffix(".mp4"))
    for path in (cache / FORMAT / "cas").glob("*/*"):
        path.write_bytes(path.read_bytes()[::-1])
    talk.with_suffix(".mp4").unlink()
    built(talk, cache)
    assert sha(talk.with_suffix(".mp4")) == film


BUILD = """
import sys
from pathlib import Path
from pvc.runtime.build.build import build
from pvc.runtime.build.events import Finished
from pvc.runtime.build.request import Request
def watch(event):
    if isinstance(event, Finished):
        print(event.kind, flush=True)
report = build(Request(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), preset="draft", jobs=2), watch).report
sys.exit(0 if report else 1)
"""


def start(talk: Path, cache: Path, output: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, str(talk), str(cache), str(output)],
        env=ENVIRON,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_kill_9_in_the_middle_and_the_next_build_goes_on(place: Path) -> None:
    talk = write(place / "killed")
    cache, output = place / "killed cache", place / "killed" / "out.mp4"
    first = start(talk, cache, output)
    assert first.stdout is not None
    finished = [first.stdout.readline().strip() for _ in range(4)]
    first.send_signal(signal.SIGKILL)
    first.wait()
    first.stdout.close()
    assert not output.exists()
    left = output.with_name(f".out.{first.pid}-0123abcd.tmp.mp4")
    left.write_bytes(b"half a film")
    report = built(talk, cache, output)
    assert not left.exists(), "what a killed build has left is swept"
    assert report.nodes["speak"]["cached"] >= finished.count("speak") - 1
    assert sum(counts["cached"] for kind, counts in report.nodes.items() if kind != "captions") >= 3
    reference = built(talk, place / "killed reference", place / "killed" / "reference.mp4")
    assert reference.frames == report.frames
    assert sha(output) == sha(place / "killed" / "reference.mp4")


def test_two_builds_of_a_talk_at_once_both_succeed(place: Path) -> None:
    talk = write(place / "twice")
    cache, output = place / "twice cache", place / "twice" / "out.mp4"
    builds = [start(talk, cache, output) for _ in range(2)]
    for one in builds:
        assert one.communicate(timeout=120) is not None
    assert [one.returncode for one in builds] == [0, 0]
    assert replay(request(talk, cache, output)) is not None
    built(talk, place / "twice reference", place / "twice" / "reference.mp4")
    assert sha(output) == sha(place / "twice" / "reference.mp4")


def test_interrupting_stops_soon_and_leaves_no_worker(place: Path) -> None:
    import psutil

    talk = write(place / "interrupted")
    one = start(talk, place / "interrupted cache", place / "interrupted" / "out.mp4")
    assert one.stdout is not None
    one.stdout.readline()
    workers = psutil.Process(one.pid).children(recursive=True)
    assert workers
    began = time.monotonic()
    one.send_signal(signal.SIGINT)
    one.wait(20)
    one.stdout.close()
    assert time.monotonic() - began < 10
    _, alive = psutil.wait_procs(workers, timeout=5)
    assert not alive
    assert not (place / "interrupted" / "out.mp4").exists()
    assert not list((place / "interrupted").glob(".*tmp*"))


FULL = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), int(sys.argv[4])))
from pvc.runtime.build.build import build
from pvc.runtime.build.request import Request
from pvc.runtime.errors import PvcError
try:
    build(Request(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), preset="draft", jobs=2))
except PvcError as error:
    print(error.code)
"""


@pytest.mark.parametrize("limit", [20_000, 60_000, 150_000, 250_000])
def test_a_full_disk_is_a_diagnostic_and_the_next_build_goes_on(place: Path, limit: int) -> None:
    """The operating system refuses to let any file of the build and its workers grow beyond the limit: first the
    database, then the voices' sound, then the film cannot be written."""
    talk = write(place / f"full {limit}")
    cache, output = place / f"full cache {limit}", talk.with_name("out.mp4")
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(talk), str(cache), str(output), str(limit)],
        env=ENVIRON,
        capture_output=True,
        text=True,
        timeout=120,
    )
    # SQLite calls this limit an I/O error (PVC0905) where a really full disk is "full" (PVC0902).
    assert done.stdout.strip() in ("PVC0902", "PVC0903", "PVC0905"), done.stderr
    assert "Traceback" not in done.stderr
    assert not output.exists()
    assert not list(talk.parent.glob(".*"))
    built(talk, cache, output)
