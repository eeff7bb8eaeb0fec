"""Fixes of files in the YAML spelling: only such as leave YAML behind.

Fixes are worked out on the tree, whose places in YAML are exact but for values in block scalars; and what is written
there may need quotes. So each one is tried, and left out where the file would not be read afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pvc.compiler.diagnostics.model import Diagnostic, Edit, Fix
from pvc.compiler.resolve.scope import Unit
from pvc.compiler.syntax.spelling import is_yaml, parse_file
from pvc.compiler.syntax.yaml.compose import NOT_YAML


def sound(found: tuple[Diagnostic, ...], units: Iterable[Unit]) -> tuple[Diagnostic, ...]:
    """The diagnostics, without the fixes that would break a YAML file."""
    if not any(is_yaml(edit.span.path) for each in found for fix in each.fixes for edit in fix.edits):
        return found
    texts: dict[str, tuple[str, int]] = {}
    for unit in units:
        if is_yaml(unit.path):
            text = "".join(block.text for block in unit.file.blocks) + unit.file.tail
            texts[unit.path] = text, len(parse_file(text, unit.path).diagnostics)
    return tuple(
        replace(each, fixes=tuple(fix for fix in each.fixes if _holds(fix, texts))) if each.fixes else each
        for each in found
    )


def _holds(fix: Fix, texts: dict[str, tuple[str, int]]) -> bool:
    by_path: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_path.setdefault(edit.span.path, []).append(edit)
    return all(
        path in texts and _readable(path, *texts[path], edits) for path, edits in by_path.items() if is_yaml(path)
    )


def _readable(path: str, text: str, problems: int, edits: Sequence[Edit]) -> bool:
    whole = any(edit.span.start == 0 and edit.span.end == len(text) for edit in edits)
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        old = text[edit.span.start : edit.span.end]
        if edit.text and not whole and ("\n" in old or old.startswith(("!", "|", ">"))):
            return False  # all of a block scalar, where a part of it is meant
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    left = parse_file(text, path).diagnostics
    return len(left) <= problems and all(found.code != NOT_YAML for found in left)  # which hides all others
