"""Every `.vid` text of this repository: files, and the blocks of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```vid([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEXICAL = ("PVC0102", "PVC0103", "PVC0106")
"""Codes of what is no token: blocks that show these are not coloured without a flaw."""


def files() -> list[Path]:
    """The examples, the standard library and the standard talk of the benchmarks."""
    found = [path for part in ("examples", "stdlib", "benchmarks") for path in sorted((ROOT / part).rglob("*.vid"))]
    assert len(found) > 5
    return found


def blocks() -> Iterator[tuple[str, str, bool]]:
    """The blocks of the pages: a name, the text, and whether its tokens are all right."""
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        for number, found in enumerate(_BLOCK.finditer(text)):
            wrong = page.stem in LEXICAL or any(code in found[1] for code in LEXICAL)
            yield f"{page.relative_to(ROOT)}#{number}", found[2], not wrong
