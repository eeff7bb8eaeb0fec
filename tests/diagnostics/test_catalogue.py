"""Every code has a page, every page an existing code, and the examples of the pages of syntax do what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pvc.compiler.diagnostics.catalogue import BadPage, codes, page, parse_page, titles
from pvc.compiler.syntax.spelling import parse_file

ROOT = Path(__file__).parents[2]
SOURCES = [*ROOT.glob("compiler/pvc/**/*.py"), *ROOT.glob("runtime/pvc/**/*.py"), *ROOT.glob("cli/pvc/**/*.py")]
SYNTAX = [code for code in codes() if code.startswith("PVC01")]


def used() -> dict[str, str]:
    """Every code in the sources, with a file that uses it."""
    found: dict[str, str] = {}
    for source in SOURCES:
        for code in re.findall(r"[\"'](PVC\d{4})[\"']", source.read_text(encoding="utf-8")):
            found.setdefault(code, str(source.relative_to(ROOT)))
    return found


def test_every_code_in_the_sources_has_a_page() -> None:
    missing = {code: where for code, where in used().items() if page(code) is None}
    assert not missing


def test_every_page_has_a_code_in_the_sources() -> None:
    assert not set(codes()) - set(used())


def test_pages_are_well_formed() -> None:
    for code in codes():
        found = page(code)
        assert found is not None
        assert found.code == code
        assert len(found.title) <= 70, found.title
        assert not found.title.endswith(".")
    assert titles()["PVC0101"]


@pytest.mark.parametrize("code", SYNTAX)
def test_examples_of_syntax(code: str) -> None:
    found = page(code)
    assert found is not None
    for example in found.wrong:
        said = {one.code for one in parse_file(example, _name(example)).diagnostics}
        assert code in said, f"{code}: its wrong example gives {said}"
    for example in found.right:
        assert not parse_file(example, _name(example)).diagnostics


def test_codes_are_found_however_they_are_written() -> None:
    assert page("pvc0101") == page("PVC0101")
    assert page("PVC9999") is None
    assert page("../../README") is None


def test_a_page_without_its_example_is_refused() -> None:
    with pytest.raises(BadPage):
        parse_page("# PVC0001: x\n\n## Wrong\n\nno block\n")
    with pytest.raises(BadPage):
        parse_page("PVC0001\n")


def _name(example: str) -> str:
    return "talk.vid.yaml" if example.startswith("vid:") else "talk.vid"
