"""What changed between the versions of the language, each as edits of a file's text.

A step looks at the tree, which both spellings share, and changes the text where the tree stands in it: comments and
form stay as they are. It changes only what the newer version does not know any more, so that taking it again changes
nothing. Whoever changes the language raises `syntax.version.VERSION`, adds a step, and a case in tests/migrate/cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from pvc.compiler.diagnostics.model import Edit
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a step changes; ``about`` says it in a few words, ``old`` is what must stand there."""

    about: str
    old: str
    edit: Edit


@dataclass(frozen=True, slots=True)
class Step:
    """From the version ``version`` to the next one."""

    version: int
    changes: Callable[[tree.File], Iterator[Change]]


GROUPS = {"palette": "colors", "typography": "type", "spacing": "space"}
"""Groups of a theme: the drafts' names are words of their own, those of version 1 are what `theme.` leads to."""


def _from_drafts(file: tree.File) -> Iterator[Change]:
    """0 -> 1. A theme's groups are called what their tokens are reached by; a voice's speed is the factor `rate`, which
    engines share, not the percentage `speed`, which meant the opposite for some of them."""
    for block in file.blocks:
        item = block.item

        def put(at: tree.At, old: str, new: str, base: int = block.start) -> Change:
            return Change(f"`{old}` is `{new}`", old, Edit(Span(file.path, base + at.start, base + at.end), new))

        if isinstance(item, tree.ThemeDecl):
            groups = [each for each in item.body if isinstance(each, tree.Group)]
            given = {group.name for group in groups}
            for group in groups:
                new = GROUPS.get(group.name)
                if new is not None and new not in given:
                    yield put(group.name_at, group.name, new)
        elif isinstance(item, tree.Declaration) and item.kind == "voice" and isinstance(item.value, tree.Call):
            arguments = item.value.arguments
            if any(each.name == "rate" for each in arguments):
                continue
            for each in arguments:
                value = each.value
                if each.name == "speed" and isinstance(value, tree.Number) and value.unit == "%":
                    yield put(each.name_at, "speed", "rate")
                    yield put(value.at, f"{value.value}%", _factor(value.value))


def _factor(percent: Decimal) -> str:
    factor = (percent / 100).normalize()
    return f"{factor:f}"


STEPS = (Step(0, _from_drafts),)
