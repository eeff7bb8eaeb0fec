"""What one run of the checker gathers: diagnostics, files read, and the settings that expressions may ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from pvc.compiler.diagnostics.model import Applicability, Diagnostic, Edit, Fix, Label, Severity
from pvc.compiler.model.values import Value
from pvc.compiler.resolve.near import nearest
from pvc.compiler.resolve.scope import Unit
from pvc.compiler.source import Span
from pvc.compiler.world import World


@dataclass(slots=True, eq=False)
class Context:
    """``files``: every file read, by path as resolved, with its digest. ``settings``: the talk's, for `if`.
    ``format``: which of the talk's formats to check for; None: the first. ``language``: which of its translations;
    None: the talk as it is written. ``asked``: settings that an expression has asked for."""

    world: World
    format: str | None = None
    language: str | None = None
    asked: set[str] = field(default_factory=set)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    fps: Fraction = Fraction(30)
    colors: frozenset[str] = frozenset()
    settings: dict[str, Value] = field(default_factory=dict)
    depth: int = 0
    looping: int = 0
    expansions: int = 0
    seen: set[tuple[str, Span | None]] = field(default_factory=set)

    def report(
        self,
        code: str,
        message: str,
        span: Span | None,
        hint: str | None = None,
        *,
        severity: Severity = Severity.ERROR,
        labels: tuple[Label, ...] = (),
        notes: tuple[str, ...] = (),
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        """Note a finding; the same code at the same place is noted once (a loop's body is checked many times)."""
        key = (code, span)
        if key in self.seen:
            return
        self.seen.add(key)
        message = message[:1].upper() + message[1:]
        self.diagnostics.append(Diagnostic(code, severity, message, span, hint, labels, notes, fixes))

    def warn(
        self,
        code: str,
        message: str,
        span: Span | None,
        hint: str | None = None,
        *,
        labels: tuple[Label, ...] = (),
        notes: tuple[str, ...] = (),
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        self.report(code, message, span, hint, severity=Severity.WARNING, labels=labels, notes=notes, fixes=fixes)

    def errors(self) -> int:
        return sum(1 for found in self.diagnostics if found.severity is Severity.ERROR)


def replacing(span: Span, text: str, title: str | None = None, *, safe: bool = False) -> Fix:
    """The fix that puts ``text`` where ``span`` is."""
    return Fix(
        title or f"write `{text}`",
        (Edit(span, text),),
        Applicability.SAFE if safe else Applicability.SUGGESTED,
    )


def suggestion(name: str, known: Iterable[str], span: Span) -> tuple[str | None, tuple[Fix, ...]]:
    """A hint and a fix with the nearest known name; without one, the hint lists what there is (where that is short)."""
    names = list(dict.fromkeys(known))
    near = nearest(name, names)
    if near is not None:
        return f"did you mean `{near}`?", (replacing(span, near),)
    if 0 < len(names) <= 12:
        return "known here: " + ", ".join(f"`{other}`" for other in sorted(names)), ()
    return None, ()
