"""The pages behind the codes: docs/errors/PVC0312.md is what `pvc explain PVC0312` shows.

A page is `# PVC0312: short title`, a paragraph of what is wrong and why, and, where a spec can show it, `## Wrong` and
`## Right`, each with a ```vid block, or a ```yaml one for what only the YAML spelling can get wrong. A line
`// file: NAME` in a block begins a file of that name; without one the block is the talk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pvc.compiler import data

_TITLE = re.compile(r"# (PVC\d{4}): (.+)")
_SECTION = re.compile(r"^## (Wrong|Right)\s*$([\s\S]*?)(?=^## |\Z)", re.MULTILINE)
_BLOCK = re.compile(r"^```(?:vid|yaml)\n([\s\S]*?)^```$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """``text`` is the whole page; ``wrong`` and ``right`` its examples."""

    code: str
    title: str
    text: str
    wrong: tuple[str, ...] = ()
    right: tuple[str, ...] = ()


class BadPage(Exception):
    """A page that is not of the form above: a mistake in pvc, not of its user."""


def parse_page(text: str) -> Page:
    """A page from its Markdown. Raises BadPage."""
    head = _TITLE.match(text)
    if head is None:
        raise BadPage("a page begins with `# PVC0000: title`")
    examples: dict[str, tuple[str, ...]] = {"Wrong": (), "Right": ()}
    for name, body in _SECTION.findall(text):
        blocks = tuple(_BLOCK.findall(body))
        if not blocks:
            raise BadPage(f"{head.group(1)}: `## {name}` has no ```vid block")
        examples[name] = blocks
    return Page(head.group(1), head.group(2).strip(), text, examples["Wrong"], examples["Right"])


def codes() -> tuple[str, ...]:
    """Every code that has a page, in order."""
    return tuple(sorted(file.stem for file in data.path("errors").glob("PVC*.md")))


@cache
def page(code: str) -> Page | None:
    """The page of a code, in whatever case it is written; None for a code that does not exist."""
    code = code.upper()
    if not re.fullmatch(r"PVC\d{4}", code):
        return None
    file = data.path("errors", f"{code}.md")
    if not file.exists():
        return None
    return parse_page(file.read_text(encoding="utf-8"))


def titles() -> dict[str, str]:
    """The short title of every code."""
    return {code: found.title for code in codes() if (found := page(code)) is not None}
