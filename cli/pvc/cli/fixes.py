"""Applying the fixes that diagnostics offer, round after round, until there is nothing left to do.

Invariant: what is applied never makes a file worse. Fixes of one round do not touch each other (the first in the
file's order wins, the others come in the next round), and a fix after which there is an error that was not there is
taken back and not tried again. The same files always give the same result, and fixing it again changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from pvc.cli.texts import difference, write_text
from pvc.compiler.diagnostics.model import Applicability, Diagnostic, Edit, Fix, Severity

ROUNDS = 20
"""Rounds after which what is left is left: every one mends something, so a talk needs few."""

Look: TypeAlias = Callable[[Mapping[str, str]], tuple[Diagnostic, ...]]
"""What is found in a talk while files (by path) hold other texts than on the disk."""


@dataclass(slots=True)
class Mended:
    """``texts``: the new texts by path; ``before``: what they were; ``count``: fixes applied; ``rest``: what is found
    in the result."""

    texts: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    count: int = 0
    rest: tuple[Diagnostic, ...] = ()


def wanted(diagnostics: Iterable[Diagnostic], unsafe: bool) -> list[Fix]:
    """The fixes that may be applied, in the order of their places: the first trusted one of each finding."""
    trusted = (Applicability.SAFE, Applicability.SUGGESTED) if unsafe else (Applicability.SAFE,)
    found = [
        fix for diagnostic in diagnostics for fix in diagnostic.fixes[:1] if fix.applicability in trusted and fix.edits
    ]
    found.sort(key=lambda fix: (fix.edits[0].span.path, fix.edits[0].span.start, fix.edits[0].span.end, fix.title))
    return list(dict.fromkeys(found))


def apart(fixes: Iterable[Fix]) -> list[Fix]:
    """Those of the fixes whose edits touch no edit of one before them."""
    chosen: list[Fix] = []
    taken: list[Edit] = []
    for fix in fixes:
        if not any(_touches(edit, other) for edit in fix.edits for other in taken):
            chosen.append(fix)
            taken += fix.edits
    return chosen


def _touches(one: Edit, other: Edit) -> bool:
    same = one.span.path == other.span.path
    return same and one.span.start <= other.span.end and other.span.start <= one.span.end


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits that do not overlap applied."""
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end), reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def _errors(diagnostics: Iterable[Diagnostic]) -> Counter[tuple[str, str]]:
    return Counter((each.code, each.message) for each in diagnostics if each.severity is Severity.ERROR)


def mend(look: Look, unsafe: bool = False) -> Mended:
    """Every fix that may be applied to a talk, applied to texts in memory. Nothing is written."""
    done = Mended(rest=look({}))
    refused: set[Fix] = set()
    for _ in range(ROUNDS):
        fixes = [
            fix for fix in apart(fix for fix in wanted(done.rest, unsafe) if fix not in refused) if _here(done, fix)
        ]
        if not fixes:
            break
        texts, rest = _tried(look, done, fixes)
        worse = _errors(rest) - _errors(done.rest)
        if worse:  # one of them: they are tried one by one, those that make it worse are left out
            for fix in fixes:
                texts, rest = _tried(look, done, [fix])
                if _errors(rest) - _errors(done.rest):
                    refused.add(fix)
                    continue
                done.texts, done.rest, done.count = texts, rest, done.count + 1
                refused.clear()
                break
            continue
        done.texts, done.rest, done.count = texts, rest, done.count + len(fixes)
        refused.clear()
    return done


def _here(done: Mended, fix: Fix) -> bool:
    """Whether the files of a fix can be read; their texts are noted."""
    for edit in fix.edits:
        path = edit.span.path
        if path in done.before:
            continue
        try:
            done.before[path] = Path(path).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError, ValueError):
            return False
    return True


def _tried(look: Look, done: Mended, fixes: Iterable[Fix]) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """The texts with some fixes applied, and what is found in them."""
    by_path: dict[str, list[Edit]] = {}
    for fix in fixes:
        for edit in fix.edits:
            by_path.setdefault(edit.span.path, []).append(edit)
    texts = dict(done.texts)
    for path, edits in by_path.items():
        texts[path] = edited(texts.get(path, done.before[path]), edits)
    return texts, look(texts)


def write(done: Mended) -> None:
    """Writes what was mended, each file whole or not at all. Raises PvcError."""
    for path, text in done.texts.items():
        if text != done.before[path]:
            write_text(Path(path), text)


def diff(done: Mended) -> str:
    """What would be written, as a unified diff."""
    return "".join(difference(path, done.before[path], text, "mended") for path, text in done.texts.items())
