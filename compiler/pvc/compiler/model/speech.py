"""Speech as the compiler sees it: sentences to speak, and when each of their words was heard."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pvc.compiler.model.program import SpeechMark, Voice


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence for an engine. ``text`` is what captions show; ``spoken`` maps it to what is said, as pieces
    ``(start, end, say)`` that tile ``text`` (lexicon, numbers and abbreviations applied; ``say`` "" is silent).
    ``marks`` are relative to ``text``. Equal utterances are spoken once: this whole value is the key."""

    text: str
    spoken: tuple[tuple[int, int, str], ...]
    marks: tuple[SpeechMark, ...]
    voice: Voice
    language: str


@dataclass(frozen=True, slots=True)
class Word:
    """``text[start:end]`` of the utterance was heard over ``[begin, finish)`` samples of its clip."""

    start: int
    end: int
    begin: int
    finish: int


@dataclass(frozen=True, slots=True)
class Timing:
    """How an utterance came out: ``samples`` at 48 kHz, words in order. ``estimated`` where no voice has spoken it
    (`check`) or the engine gave no word times; ``digest`` is of the PCM, empty for estimates."""

    samples: int
    words: tuple[Word, ...]
    estimated: bool
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Clip:
    """An utterance on a scene's time line: it starts ``start`` samples (48 kHz) after the scene does; ``offset`` is
    where its text starts in the beat's narration."""

    utterance: Utterance
    start: int
    timing: Timing
    beat: int
    offset: int


@dataclass(frozen=True, slots=True)
class TimedAction:
    """An action on a scene's time line, in frames from the scene's start; ``index`` counts the scene's actions."""

    index: int
    verb: str
    beat: int
    start: int
    frames: int


@dataclass(frozen=True, slots=True)
class BeatTime:
    start: int
    frames: int


@dataclass(frozen=True, slots=True)
class SceneTime:
    """When everything of a scene happens. ``frames`` is its whole length, exit and gap to the next scene included."""

    scene: str
    frames: int
    beats: tuple[BeatTime, ...]
    actions: tuple[TimedAction, ...]
    clips: tuple[Clip, ...]


@dataclass(frozen=True, slots=True)
class TalkTime:
    """The plan of a whole talk: scenes back to back, from frame 0."""

    fps: Fraction
    scenes: tuple[SceneTime, ...]

    @property
    def frames(self) -> int:
        return sum(scene.frames for scene in self.scenes)
