"""`pvc convert`, and the other commands on the YAML spelling."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ENVIRON = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "NO_COLOR": "1"}
TALK = """\
// made by hand
talk "Tiny" {
  format = 1080p30  // the usual
  theme = paper
}

scene only "Only" {
  let words = text("A thought")
  say "A thought." {
    show words
  }
}
"""


def pvc(*arguments: str, cwd: Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pvc.cli.main", *arguments],
        cwd=cwd,
        env={**ENVIRON, "PVC_CACHE_DIR": str(cwd / ".cache")},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_there_and_back(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK)
    there = pvc("convert", "talk.vid", "talk.vid.yaml", cwd=tmp_path)
    assert there.returncode == 0, there.stderr
    assert "# made by hand" in (tmp_path / "talk.vid.yaml").read_text()
    checked = pvc("check", "--json", "talk.vid.yaml", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout
    back = pvc("convert", "talk.vid.yaml", "-", cwd=tmp_path)
    assert back.stdout == TALK


def test_errors_are_those_of_the_other_spelling_and_fixes_hit_the_right_words(tmp_path: Path) -> None:
    broken = TALK.replace("theme = paper", "them = paper").replace("show words", "show wrds")
    (tmp_path / "talk.vid").write_text(broken)
    assert pvc("convert", "talk.vid", "talk.vid.yaml", cwd=tmp_path).returncode == 0
    found = {}
    for name in ("talk.vid", "talk.vid.yaml"):
        done = pvc("check", "--json", name, cwd=tmp_path)
        assert done.returncode == 1
        text = (tmp_path / name).read_text()
        document = json.loads(done.stdout)
        diagnostics = document["diagnostics"] if "diagnostics" in document else document["talks"][0]["diagnostics"]
        found[name] = sorted(
            (one["code"], one["message"], tuple(_edited(text, fix) for fix in one["fixes"]))
            for one in diagnostics
            if one["severity"] == "error"
        )
    assert found["talk.vid"] == found["talk.vid.yaml"]
    assert any(fixes for _, _, fixes in found["talk.vid"])


def _edited(text: str, fix: dict[str, object]) -> tuple[str, str]:
    """What a fix replaces, and by what."""
    (edit,) = fix["edits"]  # type: ignore[misc]
    start = edit["span"]["offset"]  # type: ignore[index]
    return text[start : start + edit["span"]["length"]], edit["text"]  # type: ignore[index]


def test_a_file_with_errors_is_not_converted(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text("scene a {\n  wait\n}\n")
    done = pvc("convert", "talk.vid", "talk.vid.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "PVC0101" in done.stderr
    assert not (tmp_path / "talk.vid.yaml").exists()
    missing = pvc("convert", "absent.vid", "x.yaml", cwd=tmp_path)
    assert missing.returncode == 2
    assert "PVC0001" in missing.stderr


def test_fmt_knows_both_spellings(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK)
    pvc("convert", "talk.vid", "talk.vid.yaml", cwd=tmp_path)
    assert pvc("fmt", "--check", "talk.vid", "talk.vid.yaml", cwd=tmp_path).returncode == 0
    (tmp_path / "talk.vid.yaml").write_text((tmp_path / "talk.vid.yaml").read_text().replace('"Tiny"', "'Tiny'"))
    assert pvc("fmt", "--check", "talk.vid.yaml", cwd=tmp_path).returncode == 1
