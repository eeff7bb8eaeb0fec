"""What the compiler has to say: plain values, apart from every renderer of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pvc.compiler.source import Span


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Applicability(StrEnum):
    """How far a tool may trust a fix: SAFE keeps the meaning, SUGGESTED changes it as the user most likely wants (and
    may be wrong), PLACEHOLDER leaves something for a person to decide
    or to fill in, and is never applied on its own."""

    SAFE = "safe"
    SUGGESTED = "suggested"
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text under ``span`` by ``text``."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability = Applicability.SUGGESTED


@dataclass(frozen=True, slots=True)
class Label:
    """A secondary place that explains the first, with a few words beside it."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    ``code`` is stable and has a page (``pvc explain PVC0312``); ``message`` is one plain sentence of what is wrong;
    ``hint`` says what to do about it. ``span`` is None only where no file is to blame (a full disk, say).
    """

    code: str
    severity: Severity
    message: str
    span: Span | None
    hint: str | None = None
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
