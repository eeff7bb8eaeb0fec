"""Files of older languages: every case of a step, in both spellings, and what cannot be migrated."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
from pvc.compiler.migrate.run import migrate
from pvc.compiler.migrate.steps import STEPS
from pvc.compiler.syntax.spelling import convert, parse_file
from pvc.compiler.syntax.version import OLDEST, VERSION, stated

HERE = Path(__file__).parent
_CASE = re.compile(r"^## (.+)\n\n```vid\n([\s\S]*?)```\n\n```vid\n([\s\S]*?)```$", re.MULTILINE)
CASES = [
    pytest.param(found[2], found[3], id=f"{file.stem}: {found[1]}")
    for file in sorted((HERE / "cases").glob("*.md"))
    for found in _CASE.finditer(file.read_text(encoding="utf-8"))
]


def test_there_is_a_step_and_a_case_for_every_version() -> None:
    assert [step.version for step in STEPS] == list(range(OLDEST, VERSION))
    assert all((HERE / "cases" / f"{step.version}_to_{step.version + 1}.md").exists() for step in STEPS)
    assert len(CASES) >= 3


@pytest.mark.parametrize(("old", "new"), CASES)
def test_case(old: str, new: str) -> None:
    done = migrate(old, "talk.vid")
    assert done.text == new
    assert not done.diagnostics
    assert bool(done.changes) == (old != new)
    again = migrate(done.text, "talk.vid")
    assert again.text == new
    assert not again.changes


@pytest.mark.parametrize(("old", "new"), CASES)
def test_the_yaml_twin_is_migrated_alike(old: str, new: str) -> None:
    there = convert(old, "talk.vid", "talk.vid.yaml")
    done = migrate(there.text, "talk.vid.yaml")
    assert not done.diagnostics
    assert done.text == convert(new, "talk.vid", "talk.vid.yaml").text
    assert migrate(done.text, "talk.vid.yaml").text == done.text


def test_the_checker_offers_the_migration(tmp_path: Path) -> None:
    talk = tmp_path / "talk.vid"
    old = 'talk "T" {\n  vid = 0\n  voice = ada\n}\nvoice ada = espeak(speed: 80%)\nscene one {\n  say "Hello."\n}\n'
    talk.write_text(old, encoding="utf-8")
    (found,) = check(str(talk), DiskWorld()).diagnostics
    assert found.code == "PVC0218"
    (edit,) = found.fixes[0].edits
    talk.write_text(old[: edit.span.start] + edit.text + old[edit.span.end :], encoding="utf-8")
    assert not check(str(talk), DiskWorld()).diagnostics
    assert "espeak(rate: 0.8)" in talk.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2", "PVC0217"),
        ("999", "PVC0217"),
        ("one", "PVC0310"),
        ("1.5", "PVC0310"),
        ("1s", "PVC0310"),
        ("-1", "PVC0310"),
    ],
)
@pytest.mark.parametrize("name", ["talk.vid", "talk.vid.yaml"])
def test_versions_that_cannot_be_read(tmp_path: Path, name: str, value: str, code: str) -> None:
    text = convert(f'talk "T" {{ vid = {value} }}\nscene one "One" {{ say "Hello." }}\n', "talk.vid", name).text
    done = migrate(text, name)
    assert [one.code for one in done.diagnostics] == [code]
    assert done.text == text
    talk = tmp_path / name
    talk.write_text(text, encoding="utf-8")
    found = check(str(talk), DiskWorld()).diagnostics
    assert [one.code for one in found] == [code]
    assert found[0].hint


def test_nothing_else_is_said_of_a_newer_language(tmp_path: Path) -> None:
    talk = tmp_path / "talk.vid"
    talk.write_text(
        'talk "T" {\n  vid = 2\n}\nwhatever comes { then }\nscene one {\n  say nothing\n}\n', encoding="utf-8"
    )
    assert [one.code for one in check(str(talk), DiskWorld()).diagnostics] == ["PVC0217"]
    assert [one.code for one in migrate(talk.read_text(), "talk.vid").diagnostics] == ["PVC0217"]


def test_a_newer_form_of_the_twin() -> None:
    found = parse_file("vid: 2\nitems: []\n", "talk.vid.yaml").diagnostics
    assert [one.code for one in found] == ["PVC0217"]


def test_a_file_with_errors_is_left_alone() -> None:
    text = 'talk "T" { vid = 0 }\nscene one {\n'
    done = migrate(text, "talk.vid")
    assert done.text == text
    assert [one.code for one in done.diagnostics] == ["PVC0104"]


def test_without_a_version() -> None:
    assert stated(parse_file('talk "T" {}', "talk.vid").file) is None


def pvc(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environ = {"PYTHONPATH": ":".join(filter(None, sys.path)), "PVC_CACHE_DIR": str(cwd / ".cache"), "PATH": ""}
    return subprocess.run(
        [sys.executable, "-m", "pvc.cli.main", "migrate", *arguments],
        cwd=cwd,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_command(tmp_path: Path) -> None:
    talk = tmp_path / "talk.vid"
    old = 'talk "T" { vid = 0 }\nvoice ada = espeak(speed: 95%)\n'
    talk.write_text(old, encoding="utf-8")
    looked = pvc("talk.vid", "--check", cwd=tmp_path)
    assert (looked.returncode, talk.read_text()) == (1, old)
    assert "`speed` is `rate`" in looked.stdout
    shown = pvc("talk.vid", "--diff", cwd=tmp_path)
    assert (shown.returncode, talk.read_text()) == (0, old)
    assert "+voice ada = espeak(rate: 0.95)" in shown.stdout
    done = pvc("talk.vid", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert talk.read_text() == 'talk "T" { vid = 1 }\nvoice ada = espeak(rate: 0.95)\n'
    again = pvc("talk.vid", "--check", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (0, "")
    assert pvc("absent.vid", cwd=tmp_path).returncode == 2
