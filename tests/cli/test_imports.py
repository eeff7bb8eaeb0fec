"""What starting costs, as facts: which modules are not imported for what."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("numpy", "skia", "av", "matplotlib", "uharfbuzz", "quickjs", "pygraphviz", "lark", "rich", "psutil")
ENVIRON = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
TALK = 'talk "T" { format = 1080p30  theme = paper }\nscene a "A" {\n  say "Hello." { show title("T") }\n}\n'


def modules(code: str, *arguments: str, cwd: Path | None = None) -> set[str]:
    """The modules that are there after running ``code``."""
    # At exit, as the program may end the process without coming back.
    script = (
        "import atexit, sys\natexit.register(lambda: print('\\n'.join(['MODULES', *sys.modules])))\n"
        f"sys.argv = ['pvc', *{list(arguments)!r}]\n{code}"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=ENVIRON, capture_output=True, text=True, check=True, cwd=cwd
    )
    return set(done.stdout.partition("MODULES\n")[2].split())


MAIN = "from pvc.cli.main import main\ntry: main()\nexcept SystemExit: pass"


def test_version_imports_nothing_of_ours_and_no_click() -> None:
    found = modules(MAIN, "--version")
    assert "click" not in found
    assert {name for name in found if name.startswith("pvc.")} <= {"pvc.cli", "pvc.cli.main"}


def test_help_imports_no_command() -> None:
    found = modules(MAIN, "--help")
    assert not [name for name in found if name.startswith("pvc.cli.commands.")]
    assert not found & set(HEAVY)


def test_a_build_of_an_unchanged_talk_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK)
    arguments = ("build", "talk.vid", "--draft", "--cache-dir", "cache")
    modules(MAIN, *arguments, cwd=tmp_path)
    found = modules(MAIN, *arguments, cwd=tmp_path)
    assert "pvc.runtime.build.request" in found
    assert not found & {*HEAVY, "sqlite3", "pvc.runtime.build.build", "pvc.compiler.check"}


def test_a_build_after_a_word_was_changed_imports_no_painter_encoder_or_font(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK)
    arguments = ("build", "talk.vid", "--draft", "--cache-dir", "cache")
    modules(MAIN, *arguments, cwd=tmp_path)
    (tmp_path / "talk.vid").write_text(TALK.replace("Hello.", "Goodbye."))
    found = modules(MAIN, *arguments, cwd=tmp_path)
    assert "pvc.runtime.build.build" in found
    assert not found & {"numpy", "skia", "av", "matplotlib", "uharfbuzz", "quickjs", "pygraphviz", "psutil"}


@pytest.mark.parametrize(
    "module", ["pvc.compiler.check", "pvc.compiler.syntax.parser", "pvc.compiler.plan", "pvc.runtime.build.build"]
)
def test_front_end_and_build_import_nothing_heavy(module: str) -> None:
    assert not modules(f"import {module}") & (set(HEAVY) - {"lark"})
