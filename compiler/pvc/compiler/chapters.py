"""Chapters: where a viewer can jump to. Pure: from the checked talk and its times.

A scene with a `chapter` title, or else with a title (unless the talk says `chapters = explicit`), opens a chapter; a
scene without one belongs to the chapter before it. The first chapter begins at 0:00, under the talk's title where its
first scene has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from pvc.compiler.clock import seconds_at
from pvc.compiler.diagnostics.model import Diagnostic, Label, Severity
from pvc.compiler.model.program import Program, SceneSpec
from pvc.compiler.model.speech import TalkTime
from pvc.compiler.model.values import Symbol
from pvc.compiler.source import Span

FEWEST = 3
"""Chapters from which on YouTube shows any."""
SHORTEST = Fraction(10)
"""Seconds that each of them must last there."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """It begins at ``frame`` of the talk; ``span`` is of the scene that opens it."""

    frame: int
    title: str
    span: Span


def opened(program: Program, spec: SceneSpec) -> str:
    """The title of the chapter that a scene opens; empty where it opens none."""
    chosen = dict(program.settings).get("chapters")
    which = chosen.name if isinstance(chosen, Symbol) else "scenes"
    if which == "none":
        return ""
    return " ".join((spec.chapter or (spec.title if which == "scenes" else "") or "").split())


def chapters(program: Program, time: TalkTime) -> tuple[Chapter, ...]:
    """The talk's chapters, rising from frame 0; none where no scene has a title. Scenes without frames open none."""
    found: list[Chapter] = []
    frame = 0
    titled = False
    for spec, scene in zip(program.scenes, time.scenes, strict=True):
        title = opened(program, spec)
        titled = titled or bool(title)
        if scene.frames and (title or not found):
            found.append(Chapter(frame, title or program.title or spec.id, spec.span))
        frame += scene.frames
    return tuple(found) if titled else ()


def lint(marks: Sequence[Chapter], time: TalkTime) -> tuple[Diagnostic, ...]:
    """What keeps YouTube from showing them: fewer than three (PVC0770), or some shorter than ten
    seconds (PVC0771: one note for all)."""
    said: list[Diagnostic] = []
    if not marks or seconds_at(time.frames, time.fps) < FEWEST * SHORTEST:
        return ()
    if len(marks) < FEWEST:
        said.append(
            Diagnostic(
                "PVC0770",
                Severity.NOTE,
                f"YouTube shows chapters from three on; the talk has {len(marks)}",
                marks[-1].span,
                "give more scenes a title",
            )
        )
    ends = [mark.frame for mark in marks[1:]] + [time.frames]
    lengths = [seconds_at(end - mark.frame, time.fps) for mark, end in zip(marks, ends, strict=True)]
    short = [(mark, seconds) for mark, seconds in zip(marks, lengths, strict=True) if seconds < SHORTEST]
    if short:
        said.append(_short(short))
    return tuple(said)


NAMED = 4
"""Short chapters that a note names; of more it gives the number."""


def _short(short: Sequence[tuple[Chapter, Fraction]]) -> Diagnostic:
    """One note for all of them: what to do about it is decided for the talk as a whole."""
    named = ", ".join(f"“{mark.title}” ({floor(seconds * 10) / 10:.1f} s)" for mark, seconds in short[:NAMED])
    rest = f" and {len(short) - NAMED} more" if len(short) > NAMED else ""
    one = len(short) == 1
    return Diagnostic(
        "PVC0771",
        Severity.NOTE,
        f"YouTube wants ten seconds of each chapter; shorter {'is' if one else 'are'} {named}{rest}",
        short[0][0].span,
        "a scene without a title belongs to the chapter before it: leave this title or its neighbour's away",
        tuple(Label(mark.span, "and this one") for mark, _ in short[1:NAMED]),
    )


def chapter_text(marks: Sequence[Chapter], fps: Fraction) -> str:
    """One line each, `0:00 Title`, as video platforms read it from a description. Times are rounded down to seconds,
    but two chapters never share one."""
    lines = []
    seconds = [int(seconds_at(mark.frame, fps)) for mark in marks]
    for place in range(1, len(seconds)):
        seconds[place] = max(seconds[place], seconds[place - 1] + 1)
    long = bool(seconds) and seconds[-1] >= 3600
    for mark, second in zip(marks, seconds, strict=True):
        minutes, rest = divmod(second, 60)
        stamp = f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if long else f"{minutes:02}:{rest:02}"
        lines.append(f"{stamp} {mark.title}\n")
    return "".join(lines)
