"""The house's one rule: compiler <- runtime <- lsp <- cli, and no package marker at the top."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED = {
    "compiler": {"compiler"},
    "runtime": {"compiler", "runtime"},
    "lsp": {"compiler", "runtime", "lsp"},
    "cli": {"compiler", "runtime", "lsp", "cli"},
}


def imported(source: Path) -> set[str]:
    """The parts of pvc that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source} imports relatively"
            names = [node.module or ""]
            if node.module == "pvc":
                names = [f"pvc.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("pvc.")}
    return found


@pytest.mark.parametrize("part", sorted(ALLOWED))
def test_a_part_imports_only_what_lies_below_it(part: str) -> None:
    sources = sorted((ROOT / part / "pvc").rglob("*.py"))
    assert sources
    for source in sources:
        assert imported(source) <= ALLOWED[part], source.relative_to(ROOT)


def test_there_is_no_package_marker_at_the_top() -> None:
    for part in ALLOWED:
        assert not (ROOT / part / "pvc" / "__init__.py").exists()
        assert (ROOT / part / "pvc" / part / "py.typed").exists()
        assert [path.name for path in (ROOT / part / "pvc").glob("*.py")] == []
