"""Quick fixes: what diagnostics offer, and all that keep the meaning at once."""

from __future__ import annotations

from dataclasses import dataclass

from pvc.compiler.diagnostics.model import Applicability, Diagnostic, Edit, Fix
from pvc.compiler.syntax.spelling import is_yaml, parse_file
from pvc.lsp.analysis import Analysis


@dataclass(frozen=True, slots=True)
class Offer:
    """``diagnostic`` is what it mends, None for all safe ones together; ``preferred`` where it is the only one."""

    title: str
    edits: tuple[Edit, ...]
    diagnostic: Diagnostic | None
    preferred: bool


def _fits(analysis: Analysis, fix: Fix) -> bool:
    """Whether a file can still be read after a fix. Fixes write what stands in a `.vid` file: a name or a number is the
    same in the YAML twin, a clause is not."""
    if not is_yaml(analysis.path):
        return True
    text = analysis.lines.text
    for edit in sorted(fix.edits, key=lambda each: each.span.start, reverse=True):
        if edit.span.path == analysis.path:
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    before, after = parse_file(analysis.lines.text, analysis.path), parse_file(text, analysis.path)
    return len(after.diagnostics) <= len(before.diagnostics) and len(after.file.blocks) == len(before.file.blocks)


def offers(analysis: Analysis, start: int, end: int) -> list[Offer]:
    """The fixes of diagnostics that touch ``[start, end]``."""
    found: list[Offer] = []
    for each in analysis.diagnostics:
        span = each.span
        if span is None or span.path != analysis.path or span.end < start or span.start > end:
            continue
        for fix in each.fixes:
            if not _fits(analysis, fix):
                continue
            title = fix.title[:1].upper() + fix.title[1:]
            found.append(Offer(title, fix.edits, each, len(each.fixes) == 1))
    return found


def all_safe(analysis: Analysis) -> Offer | None:
    """Every fix of the file that keeps the meaning, those left out that overlap one before them."""
    edits: list[Edit] = []
    taken: list[tuple[int, int]] = []
    for each in analysis.diagnostics:
        for fix in each.fixes[:1]:
            if fix.applicability is not Applicability.SAFE or not _fits(analysis, fix):
                continue
            spans = [(edit.span.start, edit.span.end) for edit in fix.edits]
            if any(edit.span.path != analysis.path for edit in fix.edits):
                continue
            if any(low < end and start < high for start, end in taken for low, high in spans):
                continue
            taken += spans
            edits += fix.edits
    return Offer("Apply every fix that keeps the meaning", tuple(edits), None, False) if edits else None
