"""The pages for readers: links lead somewhere, decision records are numbered, the map of the code is complete."""

from __future__ import annotations

import fnmatch
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECORDS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *RECORDS,
    *(ROOT / name for name in ("benchmarks/README.md", "docs/errors/README.md", "lsp/vscode/README.md")),
]
PARTS = {name: ROOT / name / "pvc" / name for name in ("compiler", "runtime")}
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def prose(page: Path) -> str:
    """A page without its fenced blocks, in which brackets are no links and number signs no headings."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The headings of a page as a link names them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose(page)):
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), f"{target} is not there"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), f"{target} is no heading of that page"


def test_records_are_numbered_without_gaps() -> None:
    numbers = [int(path.name.partition("-")[0]) for path in RECORDS]
    assert numbers == list(range(1, len(RECORDS) + 1)), "each record has the next free number"
    for number, path in zip(numbers, RECORDS, strict=True):
        heading = path.read_text(encoding="utf-8").partition("\n")[0]
        assert heading.startswith(f"# {number}. "), f"the heading of {path.name} begins with its number"


def test_records_that_files_name_are_there() -> None:
    names = {path.name for path in RECORDS}
    sources = [
        *ROOT.glob("*.toml"),
        *(path for part in ("compiler", "runtime", "cli", "lsp/pvc", "tests") for path in (ROOT / part).rglob("*.py")),
    ]
    for source in sources:
        named = re.findall(r"docs/decisions/(\d{4}[\w-]*\.md)", source.read_text(encoding="utf-8"))
        assert set(named) <= names, f"{source.relative_to(ROOT)} names a record that is not there"


@pytest.mark.parametrize("part", PARTS)
def test_the_map_names_every_package_once(part: str) -> None:
    _, _, section = ARCHITECTURE.partition(f"\nInside `pvc.{part}`:\n")
    section = section.lstrip("\n").partition("\n\n")[0]
    assert section, f"a section for pvc.{part}"
    # The first cell of each row, where several names may stand.
    rows = re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    folder = PARTS[part]
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert len(named) == len(set(named)), "a package stands in two rows"
    assert packages <= set(named) <= packages | modules


def test_every_benchmark_that_is_a_command_is_listed() -> None:
    page = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    commands = [path for path in (ROOT / "benchmarks").glob("*.py") if "__main__" in path.read_text(encoding="utf-8")]
    assert commands
    assert [path.name for path in commands if f"`python benchmarks/{path.name} " not in page] == []


def test_pytest_goes_into_every_folder_of_tests(pytestconfig: pytest.Config) -> None:
    """By default it leaves out such as are called `build`, without a word."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert ROOT / "tests" / "build" in folders
    names = {part for folder in folders for part in folder.relative_to(ROOT).parts}
    left_out = pytestconfig.getini("norecursedirs")
    assert [name for name in names if any(fnmatch.fnmatch(name, pattern) for pattern in left_out)] == []
