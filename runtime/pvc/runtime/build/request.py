"""What a build is asked for and what comes of it; and the answer where nothing changed, with next to no imports."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.digest import digest_of
from pvc.compiler.lints.settings import Level
from pvc.runtime.build.report import Report
from pvc.runtime.build.trace import up_to_date
from pvc.runtime.programs.consent import REFUSED, Consent

DEFAULT_BOUND = 10 * 1024**3
"""Bytes that a store may grow to before a build collects."""

OTHER_FILM = "other-"
"""How ``Request.options`` begins for a film in another format than the talk's first, or in another language."""


def film_of(language: str | None) -> str:
    """How the options begin for films in one of the talk's languages, in its first format."""
    return OTHER_FILM + digest_of(language)[:8] + "-" if language is not None else ""


@dataclass(frozen=True, slots=True)
class Request:
    """What to build. ``cache``: the cache folder; ``bound``: bytes that it may grow to; ``jobs``: workers at most;
    ``timeout``: seconds for one node where the usual (by its length) does not do."""

    talk: Path
    cache: Path
    output: Path | None = None
    scene: str | None = None
    preset: str = "talk"
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    bound: int = DEFAULT_BOUND
    timeout: float | None = None
    force: bool = False
    format: str | None = None
    """Which of the talk's formats; None: its first, whose film has the plain name."""
    language: str | None = None
    """Which of its translations; None: the talk as it is written."""
    levels: tuple[tuple[str, Level], ...] = ()
    """Levels of lints by code, before those of the project's configuration."""
    consent: Consent = REFUSED
    """Whether programs of the talk may run."""

    @property
    def target(self) -> Path:
        """Where the film goes."""
        if self.output is not None:
            plain = self.output.absolute()
        else:
            name = self.talk.absolute()
            # A scene made of a row is called `result[Transformer]`, and a row may be called anything.
            scene = "." + re.sub(r"[^\w.-]+", "-", self.scene).strip("-") if self.scene else ""
            plain = name.with_name(f"{name.stem}{scene}.mp4")
        marks = [word.replace(".", "_") for word in (self.format, self.language) if word is not None]
        return plain.with_name(".".join((plain.stem, *marks)) + plain.suffix) if marks else plain

    @property
    def options(self) -> str:
        """The digest of what besides the talk decides the film."""
        asked: tuple[object, ...] = (self.scene, self.preset)
        if self.levels:
            asked = (*asked, *((code, str(level)) for code, level in self.levels))
        if self.consent.run:
            asked = (*asked, "programs")
        if self.format is None and self.language is None:
            return digest_of(asked)
        whole = digest_of((*asked, self.format, self.language))
        return film_of(self.language) + whole if self.format is None else f"{OTHER_FILM}format-{whole}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``report`` is None where the talk has errors; the diagnostics then say which."""

    report: Report | None
    diagnostics: tuple[Diagnostic, ...]


def replay(request: Request) -> Outcome | None:
    """The outcome of the last build with this request, if building again would change nothing."""
    began = time.perf_counter()
    trace = up_to_date(request.cache, request.talk.absolute(), request.target, request.options)
    if trace is None:
        return None
    import json

    report = Report(**json.loads(trace.report))
    report.up_to_date = True
    for counts in report.nodes.values():
        counts["cached"] += counts["ran"]
        counts["ran"] = 0
    report.ran, report.lengths, report.painted = [], [], 0
    report.seconds = dict.fromkeys(report.seconds, 0.0)
    report.wall = time.perf_counter() - began
    return Outcome(report, tuple(revived(finding) for finding in trace.findings))


def revived(finding: object) -> Diagnostic:
    """A diagnostic as it was before it became bytes (a severity comes back as its word)."""
    assert isinstance(finding, Diagnostic)
    return replace(finding, severity=Severity(finding.severity))
