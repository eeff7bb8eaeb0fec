"""The command line as scripts and people meet it: real processes, exit codes, streams, JSON."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import cast

import pytest

from pvc.runtime.store.location import FORMAT

ROOT = Path(__file__).parents[2]
ENVIRON = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("PVC_", "XDG_", "NO_COLOR"))},
    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
}
TALK = """\
talk "Tiny" { format = 1080p30  theme = paper }

scene only "Only" {
  let words = text("A thought")
  say "A thought." { show words }
}
"""


def pvc(*arguments: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs the program with a cache of its own in ``cwd``."""
    environ.setdefault("PVC_CACHE_DIR", str(cwd / ".cache"))
    return subprocess.run(
        [sys.executable, "-m", "pvc.cli.main", *arguments],
        cwd=cwd,
        env={**ENVIRON, **environ},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a talk that was built once at draft size."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "talk.vid").write_text(TALK)
    done = pvc("build", "talk.vid", "--draft", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def document(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    """The one JSON document on stdout."""
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def test_new_makes_a_talk_that_checks_and_never_overwrites(tmp_path: Path) -> None:
    made = pvc("new", "my-first_talk", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    text = (tmp_path / "my-first_talk" / "talk.vid").read_text()
    assert 'talk "My first talk"' in text
    checked = pvc("check", "my-first_talk/talk.vid", "--json", cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    found = document(checked)["diagnostics"]
    assert isinstance(found, list)
    assert not [one for one in found if one["severity"] == "error"]
    again = pvc("new", "my-first_talk", cwd=tmp_path)
    assert again.returncode == 2
    assert "PVC0913" in again.stderr
    assert (tmp_path / "my-first_talk" / "talk.vid").read_text() == text


def test_build_says_what_it_did_and_then_that_nothing_changed(place: Path) -> None:
    assert (place / "talk.mp4").stat().st_size > 0
    again = pvc("build", "talk.vid", "--draft", "--json", cwd=place)
    report = document(again)["build"]
    assert isinstance(report, dict)
    assert report["up_to_date"] is True
    assert report["ran"] == []
    assert "up to date" in pvc("build", "talk.vid", "--draft", cwd=place).stdout
    assert pvc("build", "talk.vid", "--draft", "-q", cwd=place).stdout == ""


def test_verify_keeps_the_contract(place: Path) -> None:
    done = pvc("verify", "talk.mp4", "--json", cwd=place)
    assert (done.returncode, document(done)["ok"]) == (0, True)
    (place / "torn.mp4").write_bytes((place / "talk.mp4").read_bytes()[:-900])
    torn = pvc("verify", "torn.mp4", cwd=place)
    assert torn.returncode == 1
    assert "error[PVC08" in torn.stderr
    assert pvc("verify", "absent.mp4", cwd=place).returncode == 2


def test_graph_in_three_forms(place: Path) -> None:
    nodes = document(pvc("graph", "talk.vid", "--preset", "draft", "--json", cwd=place))["nodes"]
    assert isinstance(nodes, list)
    assert {node["kind"] for node in nodes} == {"speak", "fragment", "segment", "audio", "captions", "poster", "mux"}
    assert {node["state"] for node in nodes} == {"known", "-"}
    keys = {node["key"] for node in nodes}
    assert all(given in keys for node in nodes for given in node["inputs"])
    assert "would run" in pvc("graph", "talk.vid", "--preset", "hd", cwd=place).stdout
    dot = pvc("graph", "talk.vid", "--format", "dot", cwd=place).stdout
    assert dot.startswith("digraph")
    assert dot.count("{") == dot.count("}")


def test_why_names_the_field_that_changed(place: Path, tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK)
    assert pvc("build", "talk.vid", "--draft", cwd=tmp_path).returncode == 0
    (tmp_path / "pvc.toml").write_text('preset = "draft"\n')
    assert pvc("why", "only", cwd=tmp_path).stdout.startswith("nothing would run of only")
    (tmp_path / "talk.vid").write_text(TALK.replace('say "A thought."', 'say "Another thought."'))
    causes = document(pvc("why", "--json", cwd=tmp_path))["causes"]
    assert isinstance(causes, list)
    fields = {field["field"] for cause in causes for field in cause["fields"]}
    assert "utterance.text" in fields
    assert "segment" not in {cause["kind"] for cause in causes}
    told = pvc("why", "speak", "talk.vid", cwd=tmp_path).stdout
    assert "utterance.text: 'A thought.' -> 'Another thought.'" in told
    unknown = pvc("why", "nothing", "talk.vid", cwd=tmp_path)
    assert (unknown.returncode, "PVC0908" in unknown.stderr) == (2, True)


def test_why_says_what_is_no_longer_there_and_what_is_a_guess(place: Path, tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK)
    (tmp_path / "pvc.toml").write_text('preset = "draft"\n')
    own = {"PVC_CACHE_DIR": str(tmp_path / "cache")}
    assert pvc("build", "talk.vid", "-o", "film.mp4", cwd=tmp_path, **own).returncode == 0
    assert pvc("why", "talk.vid", cwd=tmp_path, **own).stdout == "nothing would run\n", "the film is where -o put it"
    (tmp_path / "film.mp4").unlink()
    gone = pvc("why", "talk.vid", cwd=tmp_path, **own)
    assert gone.stdout.splitlines()[0] == "1 node changed since the last build:"
    assert "the film is gone" in gone.stdout
    nodes = document(pvc("graph", "talk.vid", "--json", cwd=tmp_path, **own))["nodes"]
    assert isinstance(nodes, list)
    assert [node["kind"] for node in nodes if node["state"] == "would run"] == ["mux"]
    assert pvc("cache", "gc", "--max-size", "1B", cwd=tmp_path, **own).returncode == 0
    lost = document(pvc("why", "talk.vid", "--json", cwd=tmp_path, **own))
    causes = lost["causes"]
    assert isinstance(causes, list)
    assert {"speak", "segment", "poster"} <= {cause["kind"] for cause in causes if cause["like"] == cause["key"]}
    assert lost["estimated"] == 1
    told = pvc("why", "talk.vid", cwd=tmp_path, **own)
    assert "the cache has lost what came of it" in told.stdout
    assert "1 sentence is yet to be spoken" in told.stderr


def test_another_name_for_a_voice_speaks_nothing(place: Path, tmp_path: Path) -> None:
    text = "voice NAME = espeak(rate: 1.1)\n" + TALK.replace("theme = paper", "theme = paper  voice = NAME")
    (tmp_path / "talk.vid").write_text(text.replace("NAME", "ada"))
    assert pvc("build", "talk.vid", "--draft", cwd=tmp_path).returncode == 0
    (tmp_path / "talk.vid").write_text(text.replace("NAME", "grace"))
    report = document(pvc("build", "talk.vid", "--draft", "--json", cwd=tmp_path))["build"]
    assert isinstance(report, dict)
    assert report["ran"] == []


def test_frame_paints_one_picture(place: Path) -> None:
    done = pvc("frame", "talk.vid@0:00.5", "-o", "one.png", "--draft", cwd=place)
    assert done.returncode == 0, done.stderr
    data = (place / "one.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert (int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")) == (960, 540)
    lines = (place / "talk.vid").read_text().splitlines()
    inside = next(number for number, line in enumerate(lines, 1) if line.lstrip().startswith("say "))
    shown = document(pvc("frame", f"talk.vid@line:{inside}", "-o", "two.png", "--draft", "--json", cwd=place))
    assert isinstance(shown["frame"], int)
    assert 0 < shown["frame"] < int(str(shown["frames"]))
    for line in (1, 10_000):
        outside = pvc("frame", f"talk.vid@line:{line}", cwd=place)
        assert (outside.returncode, "PVC0910" in outside.stderr) == (2, True)
    late = pvc("frame", "talk.vid@9:00", cwd=place)
    assert (late.returncode, "PVC0910" in late.stderr) == (2, True)
    for bad in ("talk.vid", "talk.vid@", "talk.vid@soon"):
        assert pvc("frame", bad, cwd=place).returncode == 2


def test_cache_commands(place: Path) -> None:
    stats = document(pvc("cache", "stats", "--json", cwd=place))
    assert stats["blobs"]
    assert document(pvc("cache", "verify", "--json", cwd=place))["ok"] is True
    (place / "talk two.vid").write_text(TALK)
    done = document(pvc("cache", "gc", "--max-size", "0", "--json", cwd=place))
    assert done["busy"] is False
    assert document(pvc("cache", "stats", "--json", cwd=place))["blobs"] == 0
    assert pvc("build", "talk.vid", "--draft", "--force", cwd=place).returncode == 0
    assert pvc("cache", "gc", "--max-size", "plenty", cwd=place).returncode == 2


def test_explain(place: Path) -> None:
    assert "PVC0101" in pvc("explain", cwd=place).stdout
    assert pvc("explain", "pvc0101", cwd=place).stdout.startswith("# PVC0101")
    assert pvc("explain", "101", cwd=place).stdout.startswith("# PVC0101")
    missing = pvc("explain", "PVC4040", cwd=place)
    assert (missing.returncode, "PVC0912" in missing.stderr) == (2, True)


def test_doctor_tries_what_a_build_needs(place: Path) -> None:
    done = pvc("doctor", "--json", cwd=place)
    findings = document(done)["findings"]
    assert isinstance(findings, list)
    states = {one["name"]: one["state"] for one in findings}
    assert {states[name] for name in ("canvas", "espeak", "codecs", "math", "fonts")} == {"ok"}
    assert done.returncode == 0
    assert all(one["remedy"] for one in findings if one["state"] == "missing")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(place: Path, shell: str) -> None:
    assert "_PVC_COMPLETE" in pvc("completion", shell, cwd=place).stdout


def test_completing_a_command(place: Path) -> None:
    done = pvc(cwd=place, _PVC_COMPLETE="bash_complete", COMP_WORDS="pvc bu", COMP_CWORD="1")
    assert "build" in done.stdout


def test_a_talk_with_errors_is_exit_code_1_and_no_film(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK.replace("text(", "txet("))
    for command in (["check"], ["build"], ["graph"]):
        done = pvc(*command, "talk.vid", cwd=tmp_path)
        assert done.returncode == 1
        assert "--> talk.vid:4:" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "talk.mp4").exists()
    found = document(pvc("build", "talk.vid", "--json", cwd=tmp_path))
    assert found["ok"] is False
    assert found["build"] is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("absent.vid", None),
        ("junk.vid", bytes(range(256)) * 50),
        ("utf16.vid", TALK.encode("utf-16")),
        ("latin.vid", TALK.replace("A thought", "Ein Gedänke").encode("latin-1")),
        ("empty.vid", b""),
        ("zeros.vid", b"\0" * 10000),
        ("long.vid", b"talk " + b"x" * 3_000_000),
    ],
)
def test_unreadable_talks_end_in_a_diagnostic(tmp_path: Path, name: str, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    done = pvc("build", name, cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert "error[PVC" in done.stderr
    assert "Traceback" not in done.stderr
    assert "a bug in pvc" not in done.stderr
    assert len(done.stderr) < 20_000


@pytest.mark.parametrize(
    "arguments",
    [
        ["bulid", "talk.vid"],
        ["build"],
        ["build", "talk.vid", "--jobs", "0"],
        ["build", "talk.vid", "-o", "film.avi"],
        ["build", "talk.vid", "--preset", "huge"],
        ["build", "talk.vid", "--draft", "--preset", "uhd"],
        ["build", "talk.vid", "--scene", "lonely"],
        ["build", "talk.vid", "--executor", "dask://nowhere"],
        ["--nonsense"],
    ],
)
def test_wrong_usage_is_exit_code_2(place: Path, arguments: list[str]) -> None:
    done = pvc(*arguments, cwd=place)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--json"], "Missing command"),
        (["--json", "nosuch"], "there is no command 'nosuch'"),
        (["check", "--json"], "Missing argument"),
        (["check", "--jsn", "talk.vid", "--json"], "No such option"),
        (["build", "--jobs", "many", "talk.vid", "--json"], "Invalid value"),
        (["graph", "--bad", "--format", "json", "talk.vid"], "No such option"),
    ],
)
def test_wrong_usage_is_json_where_that_is_asked_for(place: Path, arguments: list[str], said: str) -> None:
    done = pvc(*arguments, cwd=place)
    assert done.returncode == 2
    assert done.stderr == ""
    found = document(done)
    (finding,) = cast("list[dict[str, str]]", found["diagnostics"])
    assert found["ok"] is False
    assert finding["code"] == "PVC0915"
    assert said.lower() in finding["message"].lower()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("jbos = 4", "did you mean `jobs`"),
        ("jobs = 'four'", "is a number"),
        ("jobs = true", "is a number"),
        ("color = 'mauve'", "auto, always or never"),
        ("jobs = = 4", "is no TOML"),
        ("cache_size = 'lots'", "is no size"),
    ],
)
def test_a_wrong_configuration_is_said(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "talk.vid").write_text(TALK)
    (tmp_path / "pvc.toml").write_text(text)
    done = pvc("build", "talk.vid", cwd=tmp_path)
    assert done.returncode == 2
    assert "PVC0907" in done.stderr
    assert says in done.stderr


def test_configuration_in_pyproject_and_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "talk.vid").write_text(TALK)
    (tmp_path / "pyproject.toml").write_text('[tool.pvc]\ncache-dir = "kept"\npreset = "draft"\n')
    environ = {"PVC_CACHE_DIR": ""}
    done = pvc("graph", "inner/talk.vid", "--json", cwd=tmp_path, **environ)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "kept" / FORMAT).is_dir()
    pvc("graph", "inner/talk.vid", "--json", "--cache-dir", "chosen", cwd=tmp_path, **environ)
    assert (tmp_path / "chosen" / FORMAT).is_dir()


def test_colours_only_where_they_are_wanted(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK.replace("text(", "txet("))
    assert "\x1b[" not in pvc("check", "talk.vid", cwd=tmp_path).stderr
    assert "\x1b[" in pvc("check", "talk.vid", "--color", "always", cwd=tmp_path).stderr
    assert "\x1b[" in pvc("--color", "always", "check", "talk.vid", cwd=tmp_path, NO_COLOR="1").stderr


def test_check_for_other_programs(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK.replace("text(", "txet("))
    github = pvc("check", "talk.vid", "--format", "github", cwd=tmp_path).stdout
    assert github.startswith("::error title=PVC")
    assert "file=talk.vid,line=4" in github
    sarif = document(pvc("check", "talk.vid", "--format", "sarif", cwd=tmp_path))
    assert sarif["version"] == "2.1.0"


def test_interrupting_a_build_is_exit_code_130(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK)
    child = subprocess.Popen(
        [sys.executable, "-m", "pvc.cli.main", "build", "talk.vid"],
        cwd=tmp_path,
        env={**ENVIRON, "PVC_CACHE_DIR": str(tmp_path / ".cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    while "speaking" not in (line := child.stderr.readline()):
        assert line, "the build ended early"
    child.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, errors = child.communicate(timeout=30)
    assert child.returncode == 130
    assert time.monotonic() - began < 15
    assert "Traceback" not in errors
    assert not (tmp_path / "talk.mp4").exists()


def test_a_bug_is_said_in_short_and_kept_in_a_file(tmp_path: Path) -> None:
    """A real one, made by putting a broken module before ours."""
    (tmp_path / "talk.vid").write_text(TALK)
    (tmp_path / "sitecustomize.py").write_text(
        "import pvc.runtime.build.inspect as module\n"
        "def broken(*_, **__): raise ZeroDivisionError('on purpose')\n"
        "module.inspect = broken\n"
    )
    path = os.pathsep.join([str(tmp_path), ENVIRON["PYTHONPATH"]])
    done = pvc("check", "talk.vid", cwd=tmp_path, PYTHONPATH=path, TMPDIR=str(tmp_path))
    assert done.returncode == 2
    assert "a bug in pvc" in done.stderr
    assert "Traceback" not in done.stderr
    (report,) = tmp_path.glob("pvc-bug-*.txt")
    assert "ZeroDivisionError: on purpose" in report.read_text()
    shown = pvc("check", "talk.vid", "--debug", cwd=tmp_path, PYTHONPATH=path)
    assert "Traceback" in shown.stderr


def test_an_unusable_cache_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK)
    (tmp_path / "blocked").write_text("a file")
    done = pvc("build", "talk.vid", "--draft", cwd=tmp_path, PVC_CACHE_DIR=str(tmp_path / "blocked"))
    assert done.returncode == 0, done.stderr
    assert "warning[PVC09" in done.stderr
    assert (tmp_path / "talk.mp4").exists()


def test_fmt(tmp_path: Path) -> None:
    talk = tmp_path / "talk.vid"
    talk.write_text(TALK)
    assert pvc("fmt", "--check", "talk.vid", cwd=tmp_path).returncode == 1
    assert "+  format = 1080p30" in pvc("fmt", "--diff", "talk.vid", cwd=tmp_path).stdout
    assert talk.read_text() == TALK
    assert pvc("fmt", "talk.vid", cwd=tmp_path).returncode == 0
    assert pvc("fmt", "--check", "talk.vid", cwd=tmp_path).returncode == 0
    assert talk.read_text() != TALK
    assert pvc("fmt", "absent.vid", cwd=tmp_path).returncode == 2
    talk.write_text('talk "T" {\n')
    broken = pvc("fmt", "talk.vid", cwd=tmp_path)
    assert (broken.returncode, talk.read_text()) == (1, 'talk "T" {\n')
    made = pvc("new", "fresh", cwd=tmp_path)
    assert made.returncode == 0
    assert pvc("fmt", "--check", "fresh/talk.vid", cwd=tmp_path).returncode == 0


def test_every_command_has_help_with_examples(tmp_path: Path) -> None:
    from pvc.cli.app import COMMANDS

    assert pvc("--help", cwd=tmp_path).returncode == 0
    for name in COMMANDS:
        done = pvc(name, "--help", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "--json" in done.stdout or name == "cache"
        assert "Example" in done.stdout or name == "cache", name


def test_fmt_knows_the_twin_on_stdin(tmp_path: Path) -> None:
    text = "# A talk.\nvid: 1\nitems:\n- {kind: talk, title: T, body: []}\n"
    done = subprocess.run(
        [sys.executable, "-m", "pvc.cli.main", "fmt", "-"],
        cwd=tmp_path,
        env=ENVIRON,
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == 'vid: 1\nitems:\n# A talk.\n- kind: talk\n  title: "T"\n'


def test_a_file_of_nearly_that_name(tmp_path: Path) -> None:
    (tmp_path / "Scores.csv").write_text("model,score\na,1\n")
    (tmp_path / "talk.vid").write_text(
        'data d = csv("scores.csv") { model: text }\ntalk "T" { }\nscene s { say "Hi." }\n'
    )
    said = pvc("check", "talk.vid", cwd=tmp_path).stderr
    if not (tmp_path / "scores.csv").exists():  # a disk that minds case
        assert "there is no such file; `Scores.csv` is there" in said


@pytest.mark.parametrize("name", ["日本", "a b", "-x", 'q"u{o}te', "$(x)", "back\\slash", "tälk"])
def test_new_makes_a_talk_that_checks_in_a_folder_of_any_name(name: str, tmp_path: Path) -> None:
    """And says how to get there in words that a shell understands."""
    made = pvc("new", "--", name, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    place = made.stdout.splitlines()[1].removeprefix("next: ").removesuffix(" && pvc build talk.vid")
    shell = subprocess.run(["sh", "-c", f"{place} && ls talk.vid"], cwd=tmp_path, capture_output=True, text=True)
    assert shell.stdout == "talk.vid\n", shell.stderr
    checked = pvc("check", "talk.vid", cwd=tmp_path / name)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("command", [["new"], ["verify"], ["check"], ["fmt"], ["convert", "talk.vid"]])
def test_a_name_that_is_too_long_is_no_bug(command: list[str], place: Path) -> None:
    done = pvc(*command, "a" * 300, cwd=place)
    assert done.returncode in (2, 3)
    assert "too long" in done.stderr
    assert "PVC0999" not in done.stderr


def test_new_does_not_speak_of_films_where_it_cannot_write(place: Path) -> None:
    done = pvc("new", "talk.vid/inside", cwd=place)
    assert done.returncode == 3
    assert "choose another folder" in done.stderr
    assert "OUT.mp4" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_an_output_that_cannot_be_written_is_no_bug(tmp_path: Path) -> None:
    for arguments in (["explain"], ["explain", "--json"]):
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "pvc.cli.main", *arguments], env=ENVIRON, stdout=full, stderr=subprocess.PIPE
            )
        assert done.returncode == 3
        assert b"no space left" in done.stderr
        assert b"PVC0999" not in done.stderr
        assert b"Traceback" not in done.stderr


def test_a_closed_output_is_no_bug() -> None:
    line = f"{sys.executable} -m pvc.cli.main explain >&-"
    done = subprocess.run(["sh", "-c", line], env=ENVIRON, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
