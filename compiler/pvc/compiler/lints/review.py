"""Every lint that needs the checked program or its times, scene by scene and for the talk as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.lints import looking, reading, whole
from pvc.compiler.lints.presence import presence
from pvc.compiler.lints.settings import DEFAULT, Settings
from pvc.compiler.model.program import Program, SceneSpec
from pvc.compiler.model.speech import SceneTime, TalkTime


def review_scene(
    scene: SceneSpec, time: SceneTime, fps: Fraction, settings: Settings = DEFAULT
) -> Iterator[Diagnostic]:
    """What a reviewer says of one scene, whatever stands around it."""
    shown = presence(scene, time)
    yield from reading.too_brief(scene, shown, fps, settings)
    yield from reading.quick_captions(scene, time, fps, settings)
    yield from reading.long_sentences(scene, time, settings)
    yield from reading.spoken_notation(scene, time)
    yield from reading.repeated_phrases(scene)
    yield from looking.empty_frame(scene, time, shown, fps, settings)
    yield from looking.same_picture(scene, time, fps, settings)
    yield from looking.many_accents(scene, time)
    yield from looking.unlabelled(scene)
    yield from whole.left_behind(scene)


def review_talk(
    program: Program, settings: Settings = DEFAULT, words: Sequence[str] | None = None
) -> Iterator[Diagnostic]:
    """What a reviewer says of the talk as a whole. ``words``: what `whole.words_of` gives for its scenes, if known."""
    yield from whole.titles(program, settings)
    yield from whole.mixed_transitions(program)
    yield from whole.uncredited(program, words)


def review(program: Program, time: TalkTime, settings: Settings = DEFAULT) -> tuple[Diagnostic, ...]:
    """Everything that a reviewer says of a planned talk."""
    found: list[Diagnostic] = []
    for scene, when in zip(program.scenes, time.scenes, strict=True):
        found += review_scene(scene, when, time.fps, settings)
    found += review_talk(program, settings)
    return tuple(found)
