"""The generated pages are those that their sources give now, and nothing in them is left empty."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from pvc.compiler import library

DOCS = Path(__file__).parents[2] / "docs"
GENERATE = runpy.run_path(str(DOCS / "generate.py"))


@pytest.mark.parametrize("page", GENERATE["PAGES"], ids=lambda page: page.name)
def test_generated_pages_are_fresh(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == GENERATE["PAGES"][page](), "run `python docs/generate.py`"


def test_every_component_has_an_example() -> None:
    lacking = [each.name for module in library.modules() for each in library.components(module) if not each.example]
    assert not lacking, "an example stands in a component's doc comment, between ```vid and ```"


def test_every_parameter_and_part_has_a_meaning() -> None:
    empty = re.findall(r"^\|.*\|\s*\|$", GENERATE["components"](), re.MULTILINE)
    assert not [line for line in empty if not line.startswith("|---")]


def test_every_code_is_in_the_index() -> None:
    listed = set(re.findall(r"\[(PVC\d{4})\]", GENERATE["errors"]()))
    assert listed == {path.stem for path in (DOCS / "errors").glob("PVC*.md")}
