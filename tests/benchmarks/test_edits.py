"""The texts that the benchmarks build are talks without errors, and differ where they say they do."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from pvc.compiler.check import check
from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.disk import DiskWorld

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(name="benchmarks")
def _benchmarks(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[ModuleType, ModuleType]]:
    """`edits` and `long_talk`, which are scripts beside the packages."""
    monkeypatch.syspath_prepend(str(FOLDER))
    yield importlib.import_module("edits"), importlib.import_module("long_talk")
    for name in ("edits", "long_talk"):
        sys.modules.pop(name, None)


def errors(path: Path) -> tuple[Diagnostic, ...]:
    found = check(str(path), DiskWorld()).diagnostics
    return tuple(one for one in found if one.severity == Severity.ERROR)


def test_every_edit_of_the_standard_talk_checks(benchmarks: tuple[ModuleType, ModuleType], tmp_path: Path) -> None:
    edits, _ = benchmarks
    talk = edits.copied(tmp_path / "standard")
    first = talk.read_text()
    assert errors(talk) == ()
    versions = [
        *(edits.one_word(first, number) for number in range(len(edits.WORDS))),
        edits.themed(first, "caption { size = 42px }"),
        edits.themed(first, "colors { warm = #ff9d5c }"),
        edits.reordered(first),
    ]
    assert len({first, *versions}) == len(versions) + 1
    for text in versions:
        talk.write_text(text)
        assert errors(talk) == ()


def test_one_word_is_one_word(benchmarks: tuple[ModuleType, ModuleType], tmp_path: Path) -> None:
    edits, _ = benchmarks
    first = edits.copied(tmp_path / "standard").read_text()
    for number in range(len(edits.WORDS)):
        before, after = first.split(), edits.one_word(first, number).split()
        assert len(before) == len(after)
        assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_reordering_keeps_every_scene(benchmarks: tuple[ModuleType, ModuleType], tmp_path: Path) -> None:
    edits, _ = benchmarks
    first = edits.copied(tmp_path / "standard").read_text()
    head, blocks = edits.scenes(first)
    assert head + "".join(blocks) == first.rstrip() + "\n\n"
    moved_head, moved = edits.scenes(edits.reordered(first))
    assert (moved_head, sorted(moved)) == (head, sorted(blocks))
    assert moved != blocks


def test_an_edit_of_what_is_gone_says_so(benchmarks: tuple[ModuleType, ModuleType]) -> None:
    edits, _ = benchmarks
    with pytest.raises(edits.Gone, match="0 times"):
        edits.one_word("talk {}", 0)
    with pytest.raises(edits.Gone, match="no scenes"):
        edits.themed("talk {}", "")


@pytest.mark.parametrize("scenes", [4, 9])
def test_the_generated_talk_checks(benchmarks: tuple[ModuleType, ModuleType], tmp_path: Path, scenes: int) -> None:
    _, long_talk = benchmarks
    path = long_talk.write(tmp_path / "long", scenes)
    assert errors(path) == ()
    assert path.read_text() == long_talk.talk(scenes)
    assert path.read_text().count("\nscene ") == scenes
