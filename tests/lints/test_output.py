"""Levels as they come out of `pvc check`: exit codes, JSON, SARIF, GitHub's annotations."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from lint_talks import written

TALK = """\
talk "T" {
}

scene one "One" {
  say "Hello {there} you." {
    show heading("Hello")
  }
  review "Is it?"
  say "And {here} again." // pvc: allow unused-cue because it stays
}
"""


def pvc(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environ = {"PYTHONPATH": ":".join(filter(None, sys.path)), "PVC_CACHE_DIR": str(cwd / ".cache"), "PATH": ""}
    return subprocess.run(
        [sys.executable, "-m", "pvc.cli.main", *arguments],
        cwd=cwd,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    written(folder, {"talk.vid": TALK, "pvc.toml": '[lint]\nopen-question = "note"\n'})
    return folder


def test_exit_codes(place: Path) -> None:
    assert pvc("check", "talk.vid", cwd=place).returncode == 0
    assert pvc("check", "talk.vid", "--deny", "warnings", cwd=place).returncode == 1
    assert pvc("check", "talk.vid", "--deny", "unused-cue,open-question", cwd=place).returncode == 1
    assert pvc("check", "talk.vid", "--deny", "warnings", "--allow", "PVC0702", cwd=place).returncode == 0
    wrong = pvc("check", "talk.vid", "--deny", "unused-clue", cwd=place)
    assert wrong.returncode == 2
    assert "unused-cue" in wrong.stderr
    assert pvc("check", "talk.vid", "--allow", "PVC0403", cwd=place).returncode == 2


def test_a_denied_lint_stops_a_build(place: Path) -> None:
    stopped = pvc("build", "talk.vid", "--draft", "--deny", "unused-cue", cwd=place)
    assert stopped.returncode == 1
    assert "PVC0702" in stopped.stderr
    assert not (place / "talk.mp4").exists()


def test_json(place: Path) -> None:
    said = json.loads(pvc("check", "talk.vid", "--json", "--deny", "warnings", cwd=place).stdout)
    assert not said["ok"]
    assert {(one["code"], one["severity"]) for one in said["diagnostics"]} == {
        ("PVC0702", "error"),
        ("PVC0707", "note"),
    }
    (cue,) = (one for one in said["diagnostics"] if one["code"] == "PVC0702")
    assert cue["fixes"][0]["applicability"] == "safe"
    assert any("denied" in note for note in cue["notes"])


def test_sarif(place: Path) -> None:
    """What SARIF 2.1.0 demands and code scanning relies on: ids, indices, levels, regions, fixes."""
    log = json.loads(pvc("check", "talk.vid", "--format", "sarif", cwd=place).stdout)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert {"name", "version", "rules"} <= driver.keys()
    rules = driver["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert {rule["name"] for rule in rules} == {"unused-cue", "open-question"}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        for location in result["locations"]:
            region = location["physicalLocation"]["region"]
            assert 1 <= region["startLine"] <= region["endLine"]
            assert min(region["startColumn"], region["endColumn"]) >= 1
            assert location["physicalLocation"]["artifactLocation"]["uri"] == "talk.vid"
    assert {(one["ruleId"], one["level"]) for one in run["results"]} == {("PVC0702", "warning"), ("PVC0707", "note")}
    (fix,) = next(one for one in run["results"] if one["ruleId"] == "PVC0702")["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["replacements"][0]["insertedContent"]["text"] == ""


def test_github(place: Path) -> None:
    lines = pvc("check", "talk.vid", "--format", "github", "--deny", "unused-cue", cwd=place).stdout.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::notice"]
    assert "title=PVC0702,file=talk.vid,line=5,endLine=5" in lines[0]


def test_explain_knows_names(place: Path) -> None:
    assert pvc("explain", "unused-cue", cwd=place).stdout == pvc("explain", "PVC0702", cwd=place).stdout
    listed = pvc("explain", cwd=place).stdout
    assert "(unused-cue)" in listed
    wrong = pvc("explain", "unused-clue", cwd=place)
    assert wrong.returncode == 2
    assert "unused-cue" in wrong.stderr
