"""What one query of the checker works with: it gathers diagnostics and files read, and asks for what others found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from pvc.compiler.diagnostics.model import Applicability, Diagnostic, Edit, Fix, Label, Severity
from pvc.compiler.model.values import Value
from pvc.compiler.resolve.near import nearest
from pvc.compiler.source import Span
from pvc.compiler.world import World

if TYPE_CHECKING:
    from pvc.compiler.resolve.sources import Sources


class Settings(Mapping[str, Value]):
    """The talk's settings that expressions may ask for, each looked up when it is asked for."""

    def __init__(self, db: Sources, env: int) -> None:
        self._db = db
        self._env = env

    def __getitem__(self, name: str) -> Value:
        from pvc.compiler.check.queries import SETTING

        found = self._db.get(SETTING, (self._env, name))
        if found is None:
            raise KeyError(name)
        return found  # type: ignore[return-value]

    def __iter__(self) -> Iterator[str]:
        from pvc.compiler.check.queries import SETTING

        return iter(self._db.get(SETTING, (self._env, "")))  # type: ignore[call-overload,no-any-return]

    def __len__(self) -> int:
        return len(list(iter(self)))


MOST = 1000
"""Findings that are told of one thing: whoever has more has given us something else than a talk."""


@dataclass(slots=True, eq=False)
class Context:
    """``files``: every file that the query has read itself, by path as resolved, with its digest. ``env`` numbers the
    environment that it works for. ``early``: settings that are known already while the talk's are being read."""

    world: World
    db: Sources
    env: int
    diagnostics: list[Diagnostic] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    depth: int = 0
    looping: int = 0
    expansions: int = 0
    inside: int = 0
    """How many bodies of components made of others are being worked out inside each other for calls."""
    extending: list[tuple[str, str]] = field(default_factory=list)
    """Themes (path and name) that are being worked out, each for the one before it."""
    exploded: set[object] = field(default_factory=set)
    """Components made of others that have turned out to be made of too many."""
    seen: set[tuple[str, Span | None]] = field(default_factory=set)
    failed: bool = False
    """Whether an error was noted."""
    early: dict[str, object] = field(default_factory=dict)

    @staticmethod
    def bare() -> Context:
        """One that can only report."""
        return Context(None, None, 0)  # type: ignore[arg-type]

    @property
    def format(self) -> str | None:
        """Which of the talk's formats to check for; None: the first."""
        return self.db.env(self.env).format

    @property
    def language(self) -> str | None:
        """Which of its translations; None: the talk as it is written."""
        return self.db.env(self.env).language

    def ask(self, name: str) -> None:
        """Notes that an expression asks for one of the talk's settings."""
        self.db.note(("setting", name))

    def _setting(self, name: str, default: object) -> object:
        if name in self.early:
            return self.early[name]
        if not self.db.env(self.env).settled:
            return default
        from pvc.compiler.check.queries import SETTING

        return self.db.get(SETTING, (self.env, name))

    @property
    def fps(self) -> Fraction:
        return self._setting(".fps", Fraction(30))  # type: ignore[return-value]

    @fps.setter
    def fps(self, value: Fraction) -> None:
        self.early[".fps"] = value

    @property
    def colors(self) -> frozenset[str]:
        """The colours of the talk's theme; empty where that is not known yet."""
        return self._setting(".colors", frozenset())  # type: ignore[return-value]

    @colors.setter
    def colors(self, value: frozenset[str]) -> None:
        self.early[".colors"] = value

    @property
    def settings(self) -> Mapping[str, Value]:
        """The talk's, for `if`."""
        if ".settings" in self.early:
            return self.early[".settings"]  # type: ignore[return-value]
        return Settings(self.db, self.env) if self.db.env(self.env).settled else {}

    @settings.setter
    def settings(self, value: dict[str, Value]) -> None:
        self.early[".settings"] = value

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
        """Note a finding; the same code at the same place is noted once (a loop's body is checked many times). Of one
        thing that is asked, at most MOST findings are told, an error among them if there was one."""
        key = (code, span)
        if key in self.seen or (self.crowded and (severity is not Severity.ERROR or self.failed)):
            return
        self.failed = self.failed or severity is Severity.ERROR
        self.seen.add(key)
        if fixes and self.db is not None:
            self.db.pin(edit.span for fix in fixes for edit in fix.edits)
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

    @property
    def crowded(self) -> bool:
        """Whether so much was found that nobody would read on."""
        return len(self.diagnostics) >= MOST

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
