"""What a viewer looks at while somebody speaks: an empty frame, the same picture for long, too many colours at once,
charts that do not say what they show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import floor

from pvc.compiler.clock import SAMPLE_RATE
from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.lints.presence import Presence
from pvc.compiler.lints.settings import Settings
from pvc.compiler.model.program import Action, SceneSpec
from pvc.compiler.model.speech import SceneTime
from pvc.compiler.plan.walk import walk
from pvc.compiler.source import Span

ACCENTS = 2
"""Colours that may speak at once."""
_STILL = frozenset({"wait", "together"})


def empty_frame(
    scene: SceneSpec, time: SceneTime, shown: Presence, fps: Fraction, settings: Settings
) -> Iterator[Diagnostic]:
    """The longest stretch of speech over an empty frame, where it is too long."""
    most = settings.limit("empty-frame", "seconds")
    longest = floor(most * fps)  # no shorter stretch can be too long: cheap to leave out
    gaps: list[tuple[int, int]] = []
    at = 0
    last = time.beats[-1].start + time.beats[-1].frames if time.beats else 0
    for begin, end in [*shown.covered(), (last, last)]:
        if begin - at > longest:
            gaps.append((at, begin))
        at = max(at, end)
    worst: tuple[Fraction, int] | None = None
    for begin, end in gaps:
        spoken = [
            (max(first, begin / fps), min(second, end / fps))
            for first, second in _voiced(time)
            if first < end / fps and second > begin / fps
        ]
        if not spoken:
            continue
        seconds = spoken[-1][1] - spoken[0][0]
        if seconds > most and (worst is None or seconds > worst[0]):
            worst = seconds, begin
    if worst is not None:
        yield Diagnostic(
            "PVC0734",
            Severity.WARNING,
            f"For {float(worst[0]):.0f} s somebody speaks while nothing is on screen",
            _beat_at(scene, time, worst[1]),
            "Show something earlier: a heading, a picture, a word.",
        )


def _voiced(time: SceneTime) -> list[tuple[Fraction, Fraction]]:
    """When somebody speaks, in seconds of the scene."""
    return [
        (Fraction(clip.start, SAMPLE_RATE), Fraction(clip.start + clip.timing.samples, SAMPLE_RATE))
        for clip in sorted(time.clips, key=lambda clip: clip.start)
    ]


def _beat_at(scene: SceneSpec, time: SceneTime, frame: int) -> Span:
    number = max(0, sum(spot.start <= frame for spot in time.beats) - 1)
    if not scene.beats:
        return scene.span
    narration = scene.beats[number].narration
    return narration.span if narration is not None and narration.span is not None else scene.beats[number].span


def same_picture(scene: SceneSpec, time: SceneTime, fps: Fraction, settings: Settings) -> Iterator[Diagnostic]:
    """Stretches in which somebody speaks and nothing on screen changes for very long."""
    most = settings.limit("same-picture", "seconds")
    moving = sorted(
        (action.start, action.start + action.frames) for action in time.actions if action.verb not in _STILL
    )
    if not time.clips:
        return  # the silence is PVC0444's
    last = time.beats[-1].start + time.beats[-1].frames if time.beats else 0
    at = 0
    longest = floor(most * fps)  # no shorter stretch can be too long: cheap to leave out
    for begin, end in [*moving, (last, last)]:
        spoken = _voiced(time) if begin - at > longest else []
        spoken = [(max(first, at / fps), min(second, begin / fps)) for first, second in spoken]
        spoken = [(first, second) for first, second in spoken if first < second]
        if spoken and spoken[-1][1] - at / fps > most:  # the silence behind it is PVC0444's
            yield Diagnostic(
                "PVC0735",
                Severity.NOTE,
                f"For {float(spoken[-1][1] - at / fps):.0f} s the picture stays the same while somebody speaks",
                _beat_at(scene, time, at),
                "Point at what is spoken of (`highlight`, `focus`), or show the next thing.",
            )
        at = max(at, end)


def many_accents(scene: SceneSpec, time: SceneTime) -> Iterator[Diagnostic]:
    """Moments with highlights in more than two colours. A highlight holds until its beat ends, or until the next one
    of the same visual; the colours of concepts are their own, and do not count."""
    timed = {action.index: action for action in time.actions}
    per_beat: dict[int, list[tuple[int, Action]]] = {}
    for step in walk(scene):
        if step.action.verb in ("highlight", "unhighlight") and step.index in timed:
            per_beat.setdefault(timed[step.index].beat, []).append((timed[step.index].start, step.action))
    for acts in per_beat.values():
        lit: dict[str, object] = {}
        for _, action in sorted(acts, key=lambda act: act[0]):
            part = action.part
            for visual in action.visuals:
                lit.pop(visual, None)
                if action.verb == "highlight" and not (part is not None and part.selector.startswith("concept:")):
                    lit[visual] = action.color
            if len(set(lit.values())) > ACCENTS:
                yield Diagnostic(
                    "PVC0736",
                    Severity.WARNING,
                    f"{len(set(lit.values()))} colours are lit at once",
                    action.span,
                    f"At most {ACCENTS} can be told apart at a glance: `unhighlight` one first, or share a colour.",
                )
                break


def _silent(arguments: Mapping[str, object], *names: str) -> bool:
    return all(not str(arguments.get(name, "")).strip() for name in names)


def unlabelled(scene: SceneSpec) -> Iterator[Diagnostic]:
    """Charts that say nowhere what their values are."""
    for visual in scene.visuals:
        arguments = dict(visual.arguments)
        if visual.layout in ("chart.bar", "chart.line") and _silent(arguments, "title", "y_label", "unit"):
            yield Diagnostic(
                "PVC0738",
                Severity.WARNING,
                f"`{visual.id}` says nowhere what its values are",
                visual.span,
                'Give it a `title: "..."`, a `y_label: "..."` or a `unit: "..."`.',
            )
