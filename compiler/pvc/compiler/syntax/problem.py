"""What is wrong with a block, before it is known where in its file the block stands."""

from __future__ import annotations

from dataclasses import dataclass

from pvc.compiler.diagnostics.model import Applicability, Diagnostic, Edit, Fix, Label, Severity
from pvc.compiler.source import Span

MOST = 300
"""Problems that are told of one file: whoever has more has given us something else than a spec."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A diagnostic with offsets relative to its block. ``fix`` replaces ``[start, end)`` and, where it is
    ``safe``, cannot change the meaning; ``label`` is another place with a few words."""

    code: str
    message: str
    start: int
    end: int
    hint: str | None = None
    fix: str | None = None
    label: tuple[int, int, str] | None = None
    title: str | None = None
    """What the fix does; without it, the hint says so."""
    safe: bool = False
    lexical: bool = False
    """Found by the lexer: what the parser says about the same statement would only repeat it."""

    def diagnostic(self, path: str, offset: int) -> Diagnostic:
        """The same for a block that stands at ``offset`` of the file ``path``."""
        span = Span(path, self.start + offset, self.end + offset)
        fixes: tuple[Fix, ...] = ()
        if self.fix is not None:
            trust = Applicability.SAFE if self.safe else Applicability.SUGGESTED
            title = self.title or (f"write `{self.fix.strip()}`" if self.fix.strip() else "remove it")
            fixes = (Fix(title, (Edit(span, self.fix),), trust),)
        labels: tuple[Label, ...] = ()
        if self.label is not None:
            low, high, words = self.label
            labels = (Label(Span(path, low + offset, high + offset), words),)
        return Diagnostic(self.code, Severity.ERROR, self.message, span, self.hint, labels, (), fixes)
