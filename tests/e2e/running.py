"""The program as a process of its own, on small real talks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENVIRON = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("PVC_", "XDG_", "NO_COLOR"))},
    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
}
PROGRAM = (sys.executable, "-m", "pvc.cli.main")
HEAD = 'talk "Small" { format = 720p30  theme = paper }\n'
ONE = """\
scene one "One" {
  let words = text("A first thought")
  say "A first thought, said aloud. {second} And a second one." {
    show words
    at second: highlight words
  }
}
"""
TWO = """\
scene two "Two" {
  let points = bullets(["alpha", "beta"])
  say "Two points are enough." { show points }
}
"""
TALK = HEAD + ONE + TWO


def pvc(
    *arguments: str | Path, cwd: Path, prefix: tuple[str, ...] = (), timeout: float = 300, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Runs the program, with a cache of its own in ``cwd`` unless one is named."""
    environ.setdefault("PVC_CACHE_DIR", str(cwd / ".cache"))
    return subprocess.run(
        [*prefix, *PROGRAM, *map(str, arguments)],
        cwd=cwd,
        env={**ENVIRON, **environ},
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def start(*arguments: str | Path, cwd: Path, **environ: str) -> subprocess.Popen[str]:
    """Starts the program in a process group of its own, to be stopped in the middle."""
    environ.setdefault("PVC_CACHE_DIR", str(cwd / ".cache"))
    return subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=cwd,
        env={**ENVIRON, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def build(folder: Path, text: str, output: Path | None = None, *more: str, **environ: str) -> dict[str, object]:
    """Builds a small draft of the text in the folder and gives the report; fails the test with what was said."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "talk.vid").write_text(text)
    where = ("-o", str(output)) if output is not None else ()
    done = pvc("build", "talk.vid", "--draft", "--json", *where, *more, cwd=folder, **environ)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)["build"]
    assert isinstance(report, dict)
    return report


def kinds(report: dict[str, object]) -> dict[str, int]:
    """How many nodes ran, by kind."""
    nodes = report["nodes"]
    assert isinstance(nodes, dict)
    return {kind: counts["ran"] for kind, counts in nodes.items() if counts["ran"]}


def sha(path: Path) -> str:
    """The digest of a film's bytes."""
    return sha256(path.read_bytes()).hexdigest()


def leftovers(folder: Path) -> list[str]:
    """Files that a build must not leave behind: its outputs, whole or in part, and temporary ones beside them."""
    endings = (".mp4", ".srt", ".vtt", ".chapters.txt", ".part")
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.is_file() and (path.name.endswith(endings) or ".tmp" in path.name)
    )
