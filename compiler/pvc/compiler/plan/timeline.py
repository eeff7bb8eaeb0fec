"""The plan: beats, clips and actions of every scene on the frame grid, from what is said and how long it took.

Invariants: beats tile a scene from frame 0 without a gap; an action lies inside its beat; how many frames an action
takes never depends on where it stands (except where a following action on the same visual cuts a default length short);
times between frames and samples are exact and are rounded by `pvc.compiler.clock` alone.

A scene's sound: ``lead`` seconds before its first word, ``sentence_gap`` between sentences (breaks of the narration add
to it). After the last beat comes the ``transition`` and what is missing to ``scene_gap`` between the last
word of this scene and the first of the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from pvc.compiler.clock import SAMPLE_RATE, frame_at, frames_covering, sample_at
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.lints.settings import DEFAULT, Settings
from pvc.compiler.model.program import Action, Beat, Narration, Program, SceneSpec
from pvc.compiler.model.speech import BeatTime, Clip, SceneTime, TalkTime, TimedAction, Timing, Utterance
from pvc.compiler.plan import lints
from pvc.compiler.plan.duration import estimate
from pvc.compiler.plan.narration import split
from pvc.compiler.plan.pace import action_frames, motion

SHORTEST = Fraction(1, 5)
"""Seconds below which a default length is not cut short to make room for the next action on the same visual."""


@dataclass(frozen=True, slots=True)
class Planned:
    time: TalkTime
    diagnostics: tuple[Diagnostic, ...]


@dataclass(slots=True)
class _Run:
    """One action while its beat is laid out."""

    index: int
    action: Action
    start: int
    frames: int
    anchored: bool

    @property
    def end(self) -> int:
        return self.start + self.frames


@dataclass(slots=True)
class _Scene:
    """What is known of a scene while it is laid out."""

    spec: SceneSpec
    fps: Fraction
    program: Program
    beats: list[BeatTime] = field(default_factory=list)
    actions: list[TimedAction] = field(default_factory=list)
    clips: list[Clip] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)
    next_index: int = 0


def samples_in(seconds: Fraction) -> int:
    """Seconds as whole samples, halves up."""
    below = seconds.denominator
    return (2 * seconds.numerator * SAMPLE_RATE + below) // (2 * below)


def _speak(
    scene: _Scene, number: int, narration: Narration, start: int, ready: int, timings: Mapping[Utterance, Timing]
) -> tuple[list[Clip], int, int]:
    """The clips of a narration whose beat starts at a frame and whose first word may not be heard before the sample
    ``ready``; also when its voice ends, and when the beat may (breaks at the end of the text included)."""
    gap = samples_in(motion(scene.program.theme, "sentence_gap"))
    at = max(sample_at(start, scene.fps), ready)
    clips: list[Clip] = []
    said = split(scene.program, narration)
    for position, sentence in enumerate(said.sentences):
        timing = timings.get(sentence.utterance) or estimate(sentence.utterance)
        at += (gap if position else 0) + samples_in(sentence.pause)
        clips.append(Clip(sentence.utterance, at, timing, number, sentence.offset))
        at += timing.samples
    return clips, at, at + samples_in(said.tail)


def heard_at(clips: list[Clip], offset: int, end: int) -> int:
    """The sample at which the word that starts at or after a character of the narration is first heard; inside a word,
    the share of it that lies before; ``end`` where no word follows."""
    for clip in clips:
        local = offset - clip.offset
        if local >= len(clip.utterance.text):
            continue
        for word in clip.timing.words:
            if word.start >= local:
                return clip.start + word.begin
            if word.start < local < word.end:
                share = Fraction(local - word.start, word.end - word.start)
                return clip.start + word.begin + int((word.finish - word.begin) * share)
        if local <= 0:
            return clip.start
        following = [other for other in clips if other.start > clip.start]
        return following[0].start if following else clip.start + clip.timing.samples
    return end


def _act(scene: _Scene, beat: Beat, base: int, start: int, clips: list[Clip], voice_end: int) -> list[_Run]:
    """Place a beat's actions: ``base`` is the frame at which an action without an anchor may begin, ``start`` the first
    frame of the beat."""
    fps = scene.fps
    runs: list[_Run] = []

    def moment_frame(action: Action) -> int | None:
        moment = action.moment
        if moment is None:
            return None
        seconds = Fraction(heard_at(clips, moment.offset, voice_end), SAMPLE_RATE)
        if moment.shift.frames is not None:
            frame = frame_at(seconds, fps) + moment.shift.frames
        else:
            frame = frame_at(seconds + moment.shift.seconds, fps)
        if frame < start:
            scene.findings.append(lints.before_beat(moment, start - frame, fps))
        return max(frame, start)

    def place(action: Action, at: int) -> int:
        """Lay out one action that starts at a frame unless it is anchored; returns the frame at which it ends."""
        anchor = moment_frame(action)
        begin = at if anchor is None else anchor
        own = _Run(scene.next_index, action, begin, 0, anchor is not None)
        scene.next_index += 1
        if action.verb == "together":
            runs.append(own)
            own.frames = max((place(child, begin) for child in action.children), default=begin) - begin
            return own.end
        if anchor is not None:
            _make_room(runs, action, begin, fps)
        own.frames = action_frames(action, scene.spec, scene.program.theme, fps)
        runs.append(own)
        return own.end

    at = base
    for action in beat.actions:
        at = place(action, at)
    return runs


def _make_room(runs: list[_Run], action: Action, begin: int, fps: Fraction) -> None:
    """Let actions of default length on the same visual end where an anchored one begins."""
    least = max(1, frame_at(SHORTEST, fps))
    for other in runs:
        if (
            other.action.duration is None
            and other.action.verb != "play"  # a film goes on whatever else happens to it
            and other.start < begin < other.end
            and lints.same_visual(other.action, action)
        ):
            other.frames = max(least, begin - other.start)


def _plan_scene(program: Program, spec: SceneSpec, timings: Mapping[Utterance, Timing], settings: Settings) -> _Scene:
    fps = program.format.fps
    theme = program.theme
    scene = _Scene(spec, fps, program)
    gap = samples_in(motion(theme, "sentence_gap"))
    voice_end = samples_in(motion(theme, "lead")) - gap
    start = 0
    for number, beat in enumerate(spec.beats):
        clips: list[Clip] = []
        base = start
        least = start
        if beat.narration is not None:
            clips, spoken, tail = _speak(scene, number, beat.narration, start, voice_end + gap, timings)
            if clips:
                voice_end = spoken
                least = frames_covering(Fraction(tail, SAMPLE_RATE), fps)
                if number:
                    base = max(start, frame_at(Fraction(clips[0].start, SAMPLE_RATE), fps))
            else:
                least = start + frames_covering(Fraction(tail, SAMPLE_RATE) - Fraction(start) / fps, fps)
        runs = _act(scene, beat, base, start, clips, voice_end if clips else sample_at(start, fps))
        scene.findings.extend(lints.beat(runs, clips, least, number, spec, fps, settings))
        end = max([start, least, *(run.end for run in runs)])
        scene.clips.extend(clips)
        scene.actions.extend(TimedAction(run.index, run.action.verb, number, run.start, run.frames) for run in runs)
        scene.beats.append(BeatTime(start, end - start))
        start = end
    return scene


def tail_frames(program: Program) -> int:
    """Frames between a scene's last beat and its end: the transition, and silence up to the theme's gap."""
    theme = program.theme
    gap = motion(theme, "scene_gap") - motion(theme, "lead")
    return max(1, frame_at(max(motion(theme, "transition"), gap), program.format.fps))


def transition_of(program: Program, index: int) -> str:
    """How a scene gives way to the next: as it says itself, as the talk does, or as the theme's style does. Behind the
    last scene comes nothing, so it fades unless it says otherwise."""
    own = program.scenes[index].transition
    if own is not None:
        return own
    if index + 1 == len(program.scenes):
        return "fade"
    return program.transition or dict(program.theme.style).get("transition", "fade")


def exit_frames(program: Program, index: int) -> int:
    """Frames of a scene's transition, in which whatever is still shown leaves; it starts where the last beat ends."""
    if transition_of(program, index) == "cut":
        return 0
    return min(tail_frames(program), frame_at(motion(program.theme, "transition"), program.format.fps))


def plan(program: Program, timings: Mapping[Utterance, Timing], settings: Settings = DEFAULT) -> Planned:
    """When everything in a talk happens. An utterance that ``timings`` lacks is estimated. ``settings``: thresholds of
    what is said about it."""
    scenes: list[SceneTime] = []
    findings: list[Diagnostic] = []
    tail = tail_frames(program)
    for spec in program.scenes:
        scene = _plan_scene(program, spec, timings, settings)
        end = scene.beats[-1].start + scene.beats[-1].frames if scene.beats else 0
        actions = tuple(sorted(scene.actions, key=lambda action: action.index))
        time = SceneTime(spec.id, end + tail, tuple(scene.beats), actions, tuple(scene.clips))
        scenes.append(time)
        findings.extend(scene.findings)
        findings.extend(lints.stills(spec, time, program.format.fps, settings))
    talk = TalkTime(program.format.fps, tuple(scenes))
    findings.extend(lints.expectations(program, talk))
    return Planned(talk, tuple(findings))
