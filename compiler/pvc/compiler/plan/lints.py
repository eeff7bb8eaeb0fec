"""What can be said of a talk's time before a frame is painted: the static checks of the plan (PVC044x)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Protocol

from pvc.compiler.clock import SAMPLE_RATE
from pvc.compiler.diagnostics.model import Diagnostic, Label, Severity
from pvc.compiler.lints.settings import DEFAULT, Settings
from pvc.compiler.model.program import CAMERA_VERBS, Action, Moment, Program, SceneSpec
from pvc.compiler.model.speech import Clip, SceneTime, TalkTime
from pvc.compiler.plan.expected import failures, planned
from pvc.compiler.plan.pace import glyph_count
from pvc.compiler.source import Span

WAITING = Fraction(1)
"""Seconds for which the voice may wait for an action before that is worth a warning."""
FASTEST = Fraction(1, 10)
"""Seconds below which motion reads as a jump: three frames at 30 a second, the rule of thumb of film editing."""
QUICK_WRITING = 60
"""Letters a second above which writing is a flicker: three times what can be read."""
STANDARD_WORD = 6
"""Characters, the space included, that count as one word, so that short words do not look like haste."""

_CHANGES = frozenset({"show", "hide", "move", "transform", "reveal"})


class Running(Protocol):
    """An action on the frame grid, while its beat is laid out."""

    action: Action
    start: int
    frames: int
    anchored: bool

    @property
    def end(self) -> int: ...


def _touched(action: Action) -> set[str]:
    """The visuals that an action changes; the camera (which no visual's id is) for a move of it."""
    if action.verb in CAMERA_VERBS:
        return {""}
    return {*action.visuals, *([action.target] if action.target else [])}


def same_visual(first: Action, second: Action) -> bool:
    """Whether two actions act on a visual in common."""
    return not _touched(first).isdisjoint(_touched(second))


def conflicts(first: Action, second: Action) -> bool:
    """Whether two actions cannot run at once: both change whether, where or as what the same visual is shown."""
    if first.part is not None and second.part is not None and first.part.selector != second.part.selector:
        return False
    return first.verb in _CHANGES and second.verb in _CHANGES and same_visual(first, second)


def _seconds(frames: int, fps: Fraction) -> str:
    return f"{float(Fraction(frames) / fps):.1f} s"


def before_beat(moment: Moment, frames: int, fps: Fraction) -> Diagnostic:
    return Diagnostic(
        "PVC0446",
        Severity.WARNING,
        f"`{moment.label}` minus its offset lies {_seconds(frames, fps)} before its narration starts",
        moment.span,
        "The action starts with the narration instead; make the offset smaller, or anchor it in the narration before.",
    )


def _anchors(runs: Sequence[Running], fps: Fraction) -> Iterator[Diagnostic]:
    anchored = [run for run in runs if run.anchored and run.action.moment is not None]
    for first, second in pairwise(anchored):
        one, two = first.action.moment, second.action.moment
        assert one is not None
        assert two is not None
        if (one.offset, one.shift) == (two.offset, two.shift):
            continue
        if first.start == second.start:
            yield Diagnostic(
                "PVC0441",
                Severity.WARNING,
                f"`{one.label}` and `{two.label}` fall on the same frame",
                two.span,
                "Anchor both actions at one place, or move one of the cues to another word.",
                (Label(one.span, "the other anchor"),),
            )
        elif second.start < first.start:
            yield Diagnostic(
                "PVC0447",
                Severity.WARNING,
                f"`{two.label}` comes {_seconds(first.start - second.start, fps)} before `{one.label}`, "
                "but is written after it",
                two.span,
                "Write the actions in the order in which they happen.",
                (Label(one.span, "this one happens later"),),
            )


def _overlaps(runs: Sequence[Running], fps: Fraction) -> Iterator[Diagnostic]:
    for position, later in enumerate(runs):
        if not later.anchored:
            continue
        for earlier in runs[:position]:
            if earlier.start <= later.start < earlier.end and conflicts(earlier.action, later.action):
                yield Diagnostic(
                    "PVC0443",
                    Severity.WARNING,
                    f"this `{later.action.verb}` begins {_seconds(earlier.end - later.start, fps)} before the "
                    f"`{earlier.action.verb}` of the same visual has ended",
                    later.action.span,
                    "Give the first action a shorter duration (`for 0.4s`), or anchor the second at a later word.",
                    (Label(earlier.action.span, "still running"),),
                )


def _pace(runs: Sequence[Running], scene: SceneSpec, fps: Fraction) -> Iterator[Diagnostic]:
    visuals = {visual.id: visual for visual in scene.visuals}
    for run in runs:
        action = run.action
        if action.effect == "write" and action.duration is not None and run.frames:
            values = (value for name in action.visuals if name in visuals for _, value in visuals[name].arguments)
            speed = glyph_count(values) * fps / run.frames
            if speed > QUICK_WRITING:
                yield Diagnostic(
                    "PVC0442",
                    Severity.WARNING,
                    f"{float(speed):.0f} letters a second are written too fast to follow",
                    action.span,
                    "Give it more time, or leave the duration away: it is written at reading pace then.",
                )
                continue
        if action.verb not in ("show", "hide", "move", "transform", "reveal") or action.duration is None:
            continue
        if 0 < run.frames < FASTEST * fps:
            yield Diagnostic(
                "PVC0442",
                Severity.WARNING,
                f"a `{action.verb}` of {run.frames} frame{'s' if run.frames > 1 else ''} is too fast to follow",
                action.span,
                "Give it 0.3 s or more, or write `with cut` where no motion is meant.",
            )


def _words(clips: Sequence[Clip]) -> int:
    return sum(len(clip.timing.words) or len(clip.utterance.text.split()) for clip in clips)


def _speed(clips: Sequence[Clip], span: Span | None, settings: Settings) -> Iterator[Diagnostic]:
    """Without a setting, up to 20 characters a second: the most that captions can be read at."""
    most = settings.limit("speaking-rate", "words_per_minute")
    if sum(len(clip.timing.words) for clip in clips) < 8:
        return
    samples = clips[-1].start + clips[-1].timing.samples - clips[0].start
    characters = sum(len(clip.utterance.text) + 1 for clip in clips)
    speed = characters * 60 * SAMPLE_RATE / (STANDARD_WORD * max(1, samples))
    if speed > most:
        guess = " (estimated)" if any(clip.timing.estimated for clip in clips) else ""
        yield Diagnostic(
            "PVC0445",
            Severity.WARNING,
            f"{speed:.0f} words a minute{guess} are hard to follow",
            span,
            f"Slow the voice down (`rate`), or say less: up to {float(most):g} words a minute can be followed.",
        )


def beat(
    runs: Sequence[Running],
    clips: Sequence[Clip],
    voice_end: int,
    number: int,
    scene: SceneSpec,
    fps: Fraction,
    settings: Settings = DEFAULT,
) -> Iterator[Diagnostic]:
    """Findings about one beat whose voice ends at the frame ``voice_end``."""
    spec = scene.beats[number]
    yield from _anchors(runs, fps)
    yield from _overlaps(runs, fps)
    yield from _pace(runs, scene, fps)
    yield from _speed(clips, spec.narration.span if spec.narration else None, settings)
    following = scene.beats[number + 1 :]
    if not clips or not following or following[0].narration is None:
        return
    last = max((run for run in runs if run.action.verb != "together"), key=lambda run: run.end, default=None)
    if last is None or last.action.verb == "wait" or last.end - voice_end <= WAITING * fps:
        return
    yield Diagnostic(
        "PVC0440",
        Severity.WARNING,
        f"this `{last.action.verb}` runs {_seconds(last.end - voice_end, fps)} past its narration: the voice waits",
        last.action.span,
        "Shorten it (`for 0.5s`), anchor it at an earlier word, or let it run beside the others with `together`.",
    )


def stills(scene: SceneSpec, time: SceneTime, fps: Fraction, settings: Settings = DEFAULT) -> Iterator[Diagnostic]:
    """Stretches of a scene in which for more than (usually) ten seconds nobody speaks and nothing moves. Times are
    whole ticks, of which both a sample (``sample`` ticks) and a frame (``frame`` ticks) are made."""
    sample, frame = fps.numerator, SAMPLE_RATE * fps.denominator
    second = sample * SAMPLE_RATE
    longest = settings.limit("long-still", "seconds")
    busy = [(clip.start * sample, (clip.start + clip.timing.samples) * sample) for clip in time.clips]
    busy.extend(
        (action.start * frame, (action.start + action.frames) * frame)
        for action in time.actions
        if action.verb not in ("wait", "together")
    )
    at = 0
    for begin, end in [*sorted(busy), (time.frames * frame, time.frames * frame)]:
        if begin - at > longest * second:
            number = max(0, sum(spot.start * frame <= at for spot in time.beats) - 1)
            yield Diagnostic(
                "PVC0444",
                Severity.WARNING,
                f"for {(begin - at) / second:.1f} s nothing is said and nothing moves",
                scene.beats[number].span if scene.beats else scene.span,
                f"Say something, move something, or wait less: a still of more than {float(longest):g} s looks broken.",
            )
        at = max(at, end)


def expectations(program: Program, time: TalkTime) -> Iterator[Diagnostic]:
    """What the talk and its scenes expect of their time and do not get; only warnings while the voice is estimated."""
    yield from failures(tuple(planned(program, time)))
