"""Estimated times for people: when a narration starts, how long it and an action take, what draws a visual."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pvc.compiler.clock import SAMPLE_RATE
from pvc.compiler.model.program import Action
from pvc.compiler.plan import walk
from pvc.compiler.source import Span
from pvc.lsp.analysis import Analysis, SceneFacts


@dataclass(frozen=True, slots=True)
class Hint:
    """A few words to show at an offset; ``explanation`` is for who points at them."""

    offset: int
    text: str
    explanation: str


def clock(seconds: Fraction) -> str:
    """`1:07`, with tenths below ten minutes."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    return f"{minutes}:{rest // 10:02}.{rest % 10}"


def length(seconds: Fraction) -> str:
    return f"{float(seconds):.1f} s"


def clock_of(analysis: Analysis, frame: int) -> str:
    """When a frame of the talk is shown."""
    return clock(Fraction(frame) / analysis.program.format.fps) if analysis.program is not None else ""


def length_of(analysis: Analysis, frames: int) -> str:
    return length(Fraction(frames) / analysis.program.format.fps) if analysis.program is not None else ""


def hints(analysis: Analysis, start: int, end: int) -> list[Hint]:
    """Times of the narrations and backends of the visuals whose text touches ``[start, end)``."""
    program = analysis.program
    if program is None:
        return []
    found: list[Hint] = []
    fps = program.format.fps
    for fact in analysis.scenes:
        area = analysis.place(fact.spec.span)
        if area.end < start or area.start > end:
            continue
        for beat, time in zip(fact.spec.beats, fact.time.beats, strict=True):
            if beat.narration is None or beat.narration.span is None:
                continue
            at = analysis.place(beat.narration.span)
            if start <= at.end <= end:
                begin = Fraction(fact.start + time.start) / fps
                text = f"{clock(begin)} +{length(Fraction(time.frames) / fps)}"
                found.append(Hint(at.end, text, "When this beat starts in the talk and how long it takes (estimated)."))
        for visual in fact.spec.visuals:
            at = analysis.place(visual.span)
            if start <= at.end <= end and visual.backend != "canvas":
                found.append(Hint(at.end, f"on {visual.backend}", "Which backend draws this."))
    return found


def time_at(analysis: Analysis, offset: int, whole: bool) -> tuple[Span, str] | None:
    """What is known of the time of the action or narration at an offset (with ``whole``, else of the scene), with the
    stretch it is about."""
    program = analysis.program
    if program is None:
        return None
    fps = program.format.fps
    for fact in analysis.scenes:
        if not _within(analysis.place(fact.spec.span), offset):
            continue
        found = _action_at(analysis, fact, offset, fps) or _beat_at(analysis, fact, offset, fps)
        if found is not None:
            return found
        if not whole:
            return None
        area = analysis.place(fact.spec.span)
        begin, lasts = Fraction(fact.start) / fps, Fraction(fact.time.frames) / fps
        return area, f"The scene starts at about {clock(begin)} and lasts about {length(lasts)}."
    return None


def _within(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end


def _action_at(analysis: Analysis, fact: SceneFacts, offset: int, fps: Fraction) -> tuple[Span, str] | None:
    best: tuple[Span, str] | None = None
    timed = {action.index: action for action in fact.time.actions}
    for step in walk(fact.spec):
        action: Action = step.action
        span = analysis.place(action.span)
        time = timed.get(step.index)
        if time is None or not _within(span, offset) or (best is not None and span.end - span.start > _size(best[0])):
            continue
        begin, lasts = Fraction(fact.start + time.start) / fps, Fraction(time.frames) / fps
        visuals = {visual.id: visual for visual in fact.spec.visuals}
        backend = next((visuals[name].backend for name in action.visuals if name in visuals), None)
        drawn = f", drawn by {backend}" if backend else ""
        best = span, f"`{action.verb}` at about {clock(begin)} for {length(lasts)}{drawn}."
    return best


def _beat_at(analysis: Analysis, fact: SceneFacts, offset: int, fps: Fraction) -> tuple[Span, str] | None:
    for number, (beat, time) in enumerate(zip(fact.spec.beats, fact.time.beats, strict=True)):
        if beat.narration is None or beat.narration.span is None:
            continue
        span = analysis.place(beat.narration.span)
        if _within(span, offset):
            begin, lasts = Fraction(fact.start + time.start) / fps, Fraction(time.frames) / fps
            clips = [clip for clip in fact.time.clips if clip.beat == number]
            spoken = Fraction(sum(clip.timing.samples for clip in clips), SAMPLE_RATE)
            words = len(beat.narration.text.split())
            text = f"Said at about {clock(begin)}; the beat lasts about {length(lasts)}, {words} words"
            if spoken:
                text += f" at {float(words * 60 / spoken):.0f} a minute"
            return span, text + "."
    return None


def _size(span: Span) -> int:
    return span.end - span.start
