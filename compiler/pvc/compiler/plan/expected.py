"""What a talk expects of itself, held against what is measured: here what the plan alone can say.

A result keeps what was wanted beside what was found, for `pvc test`; where it failed it is a diagnostic as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pvc.compiler.clock import SAMPLE_RATE
from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.model.program import Expectation, Program
from pvc.compiler.model.speech import Clip, SceneTime, TalkTime
from pvc.compiler.model.values import Duration, Interval, Length, Value

UNITS = {"duration": "s", "still": "s", "words_per_minute": "words a minute", "contrast": ": 1", "text_size": "px"}
UNITS |= {"loudness": "LUFS", "true_peak": "dBTP"}
"""What is counted in what; the rest are plain numbers."""


@dataclass(frozen=True, slots=True)
class Result:
    """``passed`` is None where nobody could tell yet; ``scene`` None: of the whole talk. ``estimated``: it hangs on
    sentences whose length is a guess."""

    expectation: Expectation
    scene: str | None
    passed: bool | None
    measured: str
    wanted: str
    estimated: bool = False


def bounds(value: Value, operator: str) -> tuple[Fraction | None, Fraction | None]:
    """What an expectation allows, as the lowest and the highest number (seconds for durations)."""

    def number(one: Value) -> Fraction | None:
        if isinstance(one, Duration):
            return one.seconds
        if isinstance(one, Length):
            return one.value
        if isinstance(one, int | Fraction) and not isinstance(one, bool):
            return Fraction(one)
        return None

    if isinstance(value, Interval):
        return number(value.low), number(value.high)
    bound = number(value)
    if operator in ("<", "<="):
        return None, bound
    if operator in (">", ">="):
        return bound, None
    return bound, bound


def _kept(measured: Fraction, expectation: Expectation) -> bool:
    low, high = bounds(expectation.value, expectation.operator)
    if expectation.operator == "<":
        return high is None or measured < high
    if expectation.operator == ">":
        return low is None or measured > low
    return (low is None or measured >= low) and (high is None or measured <= high)


def _wanted(expectation: Expectation) -> str:
    low, high = bounds(expectation.value, expectation.operator)
    unit = UNITS.get(expectation.subject, "")

    def said(number: Fraction) -> str:
        return f"{float(number):g} {unit}".rstrip().replace(" : ", ":")

    if low is not None and low == high:
        return said(low)
    least = f"{'more than' if expectation.operator == '>' else 'at least'} {said(low)}" if low is not None else ""
    most = f"{'less than' if expectation.operator == '<' else 'at most'} {said(high)}" if high is not None else ""
    return " and ".join(piece for piece in (least, most) if piece)


def compared(expectation: Expectation, scene: str | None, measured: Fraction | None, estimated: bool = False) -> Result:
    """A number held against what was expected of it; None: it could not be measured."""
    if measured is None:
        return Result(expectation, scene, None, "not measured", _wanted(expectation), estimated)
    unit = UNITS.get(expectation.subject, "")
    places = 2 if expectation.subject == "motion" else 0 if expectation.subject in ("scenes", "overlap") else 1
    said = f"{float(measured):.{places}f} {unit}".rstrip().replace(" : ", ":")
    return Result(expectation, scene, _kept(measured, expectation), said, _wanted(expectation), estimated)


def _words(clips: Sequence[Clip]) -> int:
    return sum(len(clip.timing.words) or len(clip.utterance.text.split()) for clip in clips)


def _planned(
    wanted: Sequence[Expectation], scene: str | None, scenes: Sequence[SceneTime], fps: Fraction
) -> Iterator[Result]:
    if not wanted:
        return
    clips = [clip for each in scenes for clip in each.clips]
    guessed = any(clip.timing.estimated and not clip.timing.digest for clip in clips)
    samples = sum(clip.timing.samples for clip in clips)
    for expectation in wanted:
        if expectation.subject == "duration":
            yield compared(expectation, scene, Fraction(sum(each.frames for each in scenes)) / fps, guessed)
        elif expectation.subject == "words_per_minute":
            speed = Fraction(_words(clips) * 60 * SAMPLE_RATE, samples) if samples else None
            yield compared(expectation, scene, speed, guessed)
        elif expectation.subject == "scenes":
            yield compared(expectation, scene, Fraction(len(scenes)))


def planned(program: Program, time: TalkTime) -> Iterator[Result]:
    """What the talk and its scenes expect of their time."""
    yield from _planned(program.expectations, None, time.scenes, time.fps)
    for each, spec in zip(time.scenes, program.scenes, strict=True):
        yield from _planned(spec.expectations, spec.id, (each,), time.fps)


def failures(results: Sequence[Result], code: str = "PVC0448") -> tuple[Diagnostic, ...]:
    """A finding for each result that failed; only a warning where it hangs on a guess."""
    return tuple(
        Diagnostic(
            code,
            Severity.WARNING if each.estimated else Severity.ERROR,
            f"{subject(each.expectation)} is {each.measured}{' (estimated)' if each.estimated else ''}, "
            f"expected {each.wanted}",
            each.expectation.span,
            "Change the talk, or the expectation.",
        )
        for each in results
        if each.passed is False
    )


def subject(expectation: Expectation) -> str:
    """What an expectation is about, in words."""
    seen = expectation.sighting
    if seen is None:
        return expectation.subject.replace("_", " ")
    what = f"“{seen.text}”" if seen.text is not None else f"`{seen.visual}`"
    if seen.part is not None:
        what = f"`{seen.part.selector}` of {what}"
    return f"{what} at `{seen.moment.label}`"
