"""Findings as loud as the project and the spec want them. Errors stay errors, whatever anybody says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pvc.compiler.diagnostics.model import Applicability, Diagnostic, Edit, Fix, Severity
from pvc.compiler.lints.allows import NOTHING, Allow, Allowed, allows_of
from pvc.compiler.lints.settings import DEFAULT, Level, Settings
from pvc.compiler.lints.table import Phase, by_code
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

_SEVERITIES = {Level.NOTE: Severity.NOTE, Level.WARN: Severity.WARNING, Level.DENY: Severity.ERROR}


@dataclass(slots=True, eq=False)
class Judge:
    """Settles findings in whatever order phases bring them, and knows which allowances were needed."""

    settings: Settings = DEFAULT
    allowed: Allowed = NOTHING
    _needed: set[Allow] = field(default_factory=set)

    def settle(self, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """What is left of the findings, each at its level."""
        return tuple(settled for found in findings if (settled := self._settled(found)) is not None)

    def _settled(self, found: Diagnostic) -> Diagnostic | None:
        if found.severity is Severity.ERROR or found.code not in by_code():
            return found
        for allow in self.allowed.allows:
            if allow.code == found.code and found.span is not None and _within(found.span, allow.area):
                self._needed.add(allow)
                return None
        level = self.settings.level(found.code)
        if level is Level.ALLOW:
            return None
        severity = _SEVERITIES[level]
        if severity is found.severity:
            return found
        notes = (*found.notes, "denied: lints are set to be errors here") if level is Level.DENY else found.notes
        return replace(found, severity=severity, notes=notes)

    def join(self, other: Judge) -> None:
        """Takes over what another judge of the same files found to be needed (for another format, say)."""
        self._needed |= other._needed

    def idle(self, phases: Iterable[Phase]) -> tuple[Diagnostic, ...]:
        """A finding for each allowance that nothing needed, among the lints of phases that were all done."""
        done = set(phases)
        lints = by_code()
        found = [
            _unused(allow)
            for allow in self.allowed.allows
            if allow not in self._needed
            and lints[allow.code].phase in done
            and self.settings.level(allow.code) is not Level.ALLOW
        ]
        return self.settle(found)


def _within(span: Span, area: Span) -> bool:
    return span.path == area.path and area.start <= span.start and span.start <= area.end


def _unused(allow: Allow) -> Diagnostic:
    name = by_code()[allow.code].name
    fixes: tuple[Fix, ...] = ()
    if allow.removal is not None:
        fixes = (Fix("remove the comment", (Edit(allow.removal, ""),), Applicability.SAFE),)
    return Diagnostic(
        "PVC0790",
        Severity.WARNING,
        f"Nothing here needs `{name}` to be allowed",
        allow.word,
        "remove it: an allowance that is not needed hides what comes later",
        fixes=fixes,
    )


def judge(settings: Settings, files: Iterable[tree.File]) -> Judge:
    """The judge of a talk: its settings, and what comments of its files allow."""
    return Judge(settings, allows_of(files))
