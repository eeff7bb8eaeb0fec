"""Every kind of bad input through the real program: an exit code, a diagnostic with a code, no traceback, nothing
partial at the output's place, and a cache that is still sound."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from running import HEAD, ONE, TALK, TWO, build, leftovers, pvc

PAPER = "\\documentclass{article}\\begin{document}\\section{One}\\label{s}Only this is said.\\end{document}"


def scene(body: str, before: str = "", talk: str = HEAD) -> str:
    return f"{talk}{before}\nscene only {{\n{body}\n}}\n"


def assets(folder: Path) -> None:
    """Files that are not what they should be."""
    (folder / "junk.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    (folder / "junk.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 4)
    (folder / "empty.png").write_bytes(b"")
    (folder / "folder.png").mkdir()
    (folder / "folder.csv").mkdir()
    (folder / "rows.csv").write_text("year,height\n1,0.5\n2,tall\n")
    (folder / "ragged.csv").write_text("year,height\n1\n2,3,4\n")
    (folder / "binary.csv").write_bytes(bytes(range(256)) * 8)
    (folder / "paper.tex").write_text(PAPER)
    (folder / "ring.vid").write_text('use "talk.vid"\n')
    (folder / "fine.csv").write_text("year,height\n1,0.5\n2,1.5\n")
    _huge_picture(folder / "huge.png")


def _huge_picture(path: Path) -> None:
    """A PNG that says it is a million pixels wide and high, as a decompression bomb does."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1_000_000, 1_000_000, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b""))


SAY = 'say "A word." { show x }'
TABLE = f"let x = table(d)\n{SAY}"
LATER = 'let x = text("a")\nsay "A {later} word." {\nshow x\nat latter: highlight x\n}'
LONG = HEAD.replace("theme", "\nexpect duration in 5min..6min\ntheme")
WRONG = {  # with the code that must be among what is said
    ("missing image", "PVC0001"): scene(f'let x = image("absent.png")\n{SAY}'),
    ("undecodable image", "PVC0560"): scene(f'let x = image("junk.png")\n{SAY}'),
    ("empty image", "PVC0810"): scene(f'let x = image("empty.png")\n{SAY}'),
    ("image that is a folder", "PVC0001"): scene(f'let x = image("folder.png")\n{SAY}'),
    ("huge image", "PVC0561"): scene(f'let x = image("huge.png")\n{SAY}'),
    ("undecodable pdf", "PVC0562"): scene(f'let x = figure("junk.pdf")\n{SAY}'),
    ("image outside the project", "PVC0810"): scene(f'let x = image("../../../../../../etc/hostname")\n{SAY}'),
    ("missing data", "PVC0001"): scene(TABLE, 'data d = csv("absent.csv") { year: int }'),
    ("data that is a folder", "PVC0001"): scene(TABLE, 'data d = csv("folder.csv") { year: int }'),
    ("wrong columns", "PVC0611"): scene(
        f"let x = table(d)\n{SAY}", 'data d = csv("rows.csv") { jahr: int, height: number }'
    ),
    ("wrong cells", "PVC0612"): scene(
        f"let x = table(d)\n{SAY}", 'data d = csv("rows.csv") { year: int, height: number }'
    ),
    ("ragged data", "PVC0613"): scene(
        f"let x = table(d)\n{SAY}", 'data d = csv("ragged.csv") { year: int, height: number }'
    ),
    ("binary data", "PVC0615"): scene(TABLE, 'data d = csv("binary.csv") { year: int }'),
    ("unknown name", "PVC0208"): scene(f'let x = txet("a")\n{SAY}'),
    ("unknown argument", "PVC0302"): scene(f'let x = text("a", colour: red)\n{SAY}'),
    ("unknown unit", "PVC0306"): scene('say "A word."\nwait 3parsecs'),
    ("unknown theme", "PVC0215"): scene('say "A word."', talk='talk "T" { format = 1080p30  theme = nope }\n'),
    ("unknown format", "PVC0310"): scene('say "A word."', talk='talk "T" { format = 17q  theme = paper }\n'),
    ("cyclic use", "PVC0205"): HEAD + 'use "ring.vid"\n' + ONE,
    ("anchor that is gone", "PVC0401"): scene(
        'let x = text("a")\nsay "A {later} word." {\nshow x\nat latter: highlight x\n}'
    ),
    ("phrase that is gone", "PVC0403"): scene('let x = text("a")\nsay "A word." { at "sentence": show x }'),
    ("part that is gone", "PVC0576"): scene('let x = bullets(["a"])\nsay "A word." { show x }\nhighlight x.items[7]'),
    ("quote that is absent", "PVC0603"): scene(
        'say "A word."\nclaim "Something." from p quote "nothing of the kind is said"', 'paper p = latex("paper.tex")'
    ),
    ("section that is absent", "PVC0602"): scene(
        'say "A word."\nclaim "Something." from p at "t" quote "Only this is said"', 'paper p = latex("paper.tex")'
    ),
    ("missing paper", "PVC0001"): scene('say "A word."', 'paper p = latex("absent.tex")'),
    ("bad TeX", "PVC0511"): scene(f"let x = equation(tex`\\frac{{1`)\n{SAY}"),
    ("unknown TeX command", "PVC0511"): scene(f"let x = equation(tex`\\nosuchthing{{x}}`)\n{SAY}"),
    ("unknown voice engine", "PVC0208"): scene('say "A word."', "voice v = nosuch()"),
    ("missing voice model", "PVC0804"): scene('say "A word."', 'voice v = piper(model: "absent.onnx")').replace(
        "theme = paper", "theme = paper  voice = v", 1
    ),
    ("unknown backend", "PVC0330"): HEAD + ONE.replace('"One"', '"One" on blender'),
    ("characters without a font", "PVC0502"): scene('let x = text("𓀀𓂀")\nsay "A word." { show x }'),
    ("text off the frame", "PVC0503"): scene('let x = text("' + "word " * 900 + '")\nsay "A word." { show x }'),
    ("shown twice", "PVC0410"): scene('let x = text("a")\nsay "A word." { show x }\nshow x'),
    ("hidden before shown", "PVC0408"): scene('let x = text("a")\nhide x\nsay "A word." { show x }'),
    ("no scenes", "PVC0414"): HEAD,
    ("broken syntax", "PVC0101"): HEAD + "scene one { say \n}",
    ("expectation that fails", "PVC0448"): scene('say "A word."', talk=LONG),
}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for the whole matrix: what a wrong talk leaves in it must not harm the next."""
    return tmp_path_factory.mktemp("matrix") / "cache"


@pytest.mark.parametrize(("name", "code"), list(WRONG))
def test_a_wrong_talk_is_told_and_nothing_is_published(tmp_path: Path, cache: Path, name: str, code: str) -> None:
    assets(tmp_path)
    (tmp_path / "talk.vid").write_text(WRONG[name, code])
    done = pvc("build", "talk.vid", "--draft", "--json", cwd=tmp_path, PVC_CACHE_DIR=str(cache))
    assert "Traceback" not in done.stderr
    assert "a bug in pvc" not in done.stderr
    assert done.returncode in (1, 2, 3), done.stdout
    found = json.loads(done.stdout)
    assert code in [one["code"] for one in found["diagnostics"] if one["severity"] == "error"], found
    assert leftovers(tmp_path) == []


def test_the_cache_is_sound_after_all_of_them(tmp_path: Path, cache: Path) -> None:
    build(tmp_path, TALK, PVC_CACHE_DIR=str(cache))
    done = pvc("cache", "verify", "--json", cwd=tmp_path, PVC_CACHE_DIR=str(cache))
    assert done.returncode == 0
    assert json.loads(done.stdout)["ok"] is True


ODD = {
    "empty narration": scene('let x = text("a")\nshow x\nsay ""\nwait 1s'),
    "no narration": scene('let x = text("a")\nshow x\nwait 1s'),
    "only punctuation": scene('let x = text("a")\nsay "..." { show x }\nwait 1s'),
    "instant motion": scene(
        'let x = text("a")\nsay "A word." { show x }', "theme still extends paper { motion { enter = 0s exit = 0s } }"
    ).replace("theme = paper", "theme = still", 1),
    "NTSC frame rate": TALK.replace("720p30", "720p29_97"),
    "odd size": TALK.replace("720p30", "641p30"),
    "portrait": TALK.replace("720p30", "vertical30"),
    "one frame each second": TALK.replace("p30", "p1"),
}


@pytest.mark.parametrize("name", list(ODD))
def test_an_odd_talk_is_built_or_refused_with_a_reason(tmp_path: Path, cache: Path, name: str) -> None:
    (tmp_path / "talk.vid").write_text(ODD[name])
    done = pvc("build", "talk.vid", "--draft", "--json", cwd=tmp_path, PVC_CACHE_DIR=str(cache))
    assert "Traceback" not in done.stderr
    assert "a bug in pvc" not in done.stderr
    found = json.loads(done.stdout)
    if done.returncode:
        assert any(one["severity"] == "error" and one["message"] for one in found["diagnostics"])
        assert leftovers(tmp_path) == []
    else:
        verified = pvc("verify", "talk.mp4", cwd=tmp_path)
        assert verified.returncode == 0, verified.stderr


@pytest.mark.slow
def test_a_sentence_of_ten_thousand_words(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(scene('say "' + "word " * 10_000 + '."'))
    done = pvc("build", "talk.vid", "--draft", "--json", cwd=tmp_path, timeout=600)
    assert "Traceback" not in done.stderr
    assert "a bug in pvc" not in done.stderr
    if done.returncode:
        assert any(one["severity"] == "error" for one in json.loads(done.stdout)["diagnostics"])
        assert leftovers(tmp_path) == []
    else:
        assert pvc("verify", "talk.mp4", cwd=tmp_path).returncode == 0


def test_a_talk_of_a_hundred_megabytes(tmp_path: Path) -> None:
    with (tmp_path / "talk.vid").open("wb") as file:
        file.truncate(100_000_000)
    done = pvc("build", "talk.vid", cwd=tmp_path, timeout=20)
    assert done.returncode in (1, 2)
    assert "error[PVC" in done.stderr
    assert leftovers(tmp_path) == []


def _into_a_folder(folder: Path) -> str:
    (folder / "film.mp4").mkdir()
    return "film.mp4"


def _below_a_file(folder: Path) -> str:
    (folder / "file").write_text("")
    return "file/film.mp4"


def _name_too_long(folder: Path) -> str:
    return "f" * 300 + ".mp4"


def _of_the_system(folder: Path) -> str:
    return "/proc/film.mp4"


@pytest.mark.parametrize("place", [_into_a_folder, _below_a_file, _name_too_long, _of_the_system])
def test_an_output_that_cannot_be_is_exit_code_3(tmp_path: Path, place: Callable[[Path], str]) -> None:
    (tmp_path / "talk.vid").write_text(TALK)
    done = pvc("build", "talk.vid", "--draft", "-o", place(tmp_path), cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert "error[PVC0903]" in done.stderr
    assert "Traceback" not in done.stderr
    assert leftovers(tmp_path) == []


def test_a_missing_folder_of_the_output_is_made(tmp_path: Path) -> None:
    build(tmp_path, TALK, tmp_path / "new" / "deep" / "film.mp4")
    assert (tmp_path / "new" / "deep" / "film.mp4").stat().st_size > 0


@pytest.fixture
def tiny_disk(tmp_path: Path) -> object:
    """A file system of 300 kB; only root may mount one."""
    where = tmp_path / "disk"
    where.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "none", str(where)], capture_output=True)
    if mounted.returncode:
        pytest.skip("this user may not mount a small file system")
    yield where
    subprocess.run(["umount", str(where)], check=True)


@pytest.mark.parametrize("full", ["output", "cache"])
def test_a_full_disk(tmp_path: Path, tiny_disk: Path, full: str) -> None:
    folder = tmp_path / "talk"
    folder.mkdir()
    (folder / "talk.vid").write_text(TALK)
    (tiny_disk / "filler").write_bytes(bytes(250_000))
    environ = {"PVC_CACHE_DIR": str(tiny_disk / "cache")} if full == "cache" else {}
    output = tiny_disk / "film.mp4" if full == "output" else folder / "film.mp4"
    done = pvc("build", "talk.vid", "--draft", "-o", output, cwd=folder, **environ)
    assert done.returncode == 3, done.stderr
    assert "error[PVC09" in done.stderr
    assert "disk" in done.stderr
    assert "Traceback" not in done.stderr
    assert leftovers(output.parent) == []
    (tiny_disk / "filler").unlink()
    cache = tiny_disk / "cache" if full == "cache" else folder / ".cache"
    assert pvc("cache", "verify", cwd=folder, PVC_CACHE_DIR=str(cache)).returncode == 0


MANIM = HEAD + 'scene only on manim {\n  let x = equation(tex`a^2`)\n  say "A word." { show x }\n}\n'
BROKEN = """\
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "manim":
            raise ModuleNotFoundError("No module named 'manim'", name="manim")
        return None
    def find_distributions(self, *_):
        return ()
sys.meta_path.insert(0, Absent())
"""
ABSENT = (
    BROKEN
    + """\
from importlib.metadata import MetadataPathFinder as finder
real = finder.find_distributions
finder.find_distributions = lambda *given: (one for one in real(*given) if one.metadata["Name"] != "manim")
"""
)


def _without(folder: Path, code: str) -> str:
    """A search path on which Manim is not found (ABSENT), or is there and fails to import (BROKEN)."""
    (folder / "hide").mkdir()
    (folder / "hide" / "sitecustomize.py").write_text(code)
    return os.pathsep.join([str(folder / "hide"), *filter(None, sys.path)])


def test_a_manim_that_cannot_be_imported_is_told_apart(tmp_path: Path) -> None:
    pytest.importorskip("manim")
    (tmp_path / "talk.vid").write_text(MANIM)
    done = pvc("build", "talk.vid", "--draft", cwd=tmp_path, PYTHONPATH=_without(tmp_path, BROKEN))
    assert done.returncode == 3, done.stderr
    assert "error[PVC0831]: Manim is installed but cannot be imported" in done.stderr
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("fallback", [False, True])
def test_a_scene_for_manim_where_it_is_not_installed(tmp_path: Path, fallback: bool) -> None:
    text = MANIM.replace("on manim", "on manim fallback canvas") if fallback else MANIM
    (tmp_path / "talk.vid").write_text(text)
    done = pvc("build", "talk.vid", "--draft", cwd=tmp_path, PYTHONPATH=_without(tmp_path, ABSENT))
    assert "Traceback" not in done.stderr
    assert "manim" in done.stderr
    if fallback:
        assert done.returncode == 0, done.stderr
        assert "[PVC" in done.stderr, "that it fell back is said"
        assert pvc("verify", "talk.mp4", cwd=tmp_path).returncode == 0
    else:
        assert done.returncode == 3, done.stderr
        assert "pip install" in done.stderr
        assert leftovers(tmp_path) == []


def test_one_wrong_scene_says_nothing_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(HEAD + ONE.replace("text(", "txet(") + TWO)
    done = pvc("build", "talk.vid", "--json", cwd=tmp_path)
    errors = [one for one in json.loads(done.stdout)["diagnostics"] if one["severity"] == "error"]
    assert len(errors) == 1, errors
