"""The examples as they are, at their own size."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from running import ROOT, pvc

EXAMPLES = {"hello": (5, 60), "euler": (20, 90), "attention": (120, 180)}
"""Seconds that each lasts."""


@pytest.mark.slow
@pytest.mark.parametrize("name", list(EXAMPLES))
def test_an_example_is_built_without_complaint(tmp_path: Path, name: str) -> None:
    shutil.copytree(ROOT / "examples" / name, tmp_path / name)
    done = pvc("build", f"{name}/talk.vid", "--json", cwd=tmp_path, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)["diagnostics"]
    assert [one for one in said if one["severity"] in ("error", "warning")] == []
    assert pvc("verify", f"{name}/talk.mp4", cwd=tmp_path).returncode == 0
    low, high = EXAMPLES[name]
    contract = json.loads((tmp_path / name / "talk.json").read_text())["contract"]
    assert low <= contract["frames"] / 30 <= high


def test_every_example_is_listed() -> None:
    assert {path.parent.name for path in (ROOT / "examples").glob("*/talk.vid")} == set(EXAMPLES)


def test_attention_shows_many_kinds_of_component() -> None:
    import re

    text = (ROOT / "examples" / "attention" / "talk.vid").read_text()
    kinds = "title|text|bullets|quote|equation|derivation|code|table|image|figure|axes|end_card|citation|lower_third"
    found = set(re.findall(rf"\b({kinds}|charts\.\w+|diagrams\.\w+)\(", text))
    assert len(found) >= 6, found
