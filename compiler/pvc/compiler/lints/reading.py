"""What a viewer has to read, and how long there is for it: on-screen text, captions, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from pvc.compiler.clock import SAMPLE_RATE
from pvc.compiler.diagnostics.model import Diagnostic, Label, Severity
from pvc.compiler.lints.presence import Presence
from pvc.compiler.lints.settings import Settings
from pvc.compiler.model.program import SceneSpec, VisualSpec
from pvc.compiler.model.speech import Clip, SceneTime, TalkTime
from pvc.compiler.model.values import Markdown, Value
from pvc.compiler.source import Span

_READ: Mapping[str, tuple[str, ...]] = {
    "title": ("text", "subtitle"),
    "heading": ("text",),
    "text": ("content",),
    "bullets": ("title", "items"),
    "quote": ("text", "by"),
    "end_card": ("title", "citation"),
}
"""Layouts that are read word by word, and which of their arguments."""
_WORD = re.compile(r"[^\W_][\w'’-]*")
_NOTATION = re.compile(r"(?<![\\$\w])\$(?=[^\s$])[^$\n]*(?<=\S)\$(?!\d)|(?<![\w:\\])\\[A-Za-z]{2,}")
"""A formula between `$`, told from two prices as Pandoc does (nothing blank inside beside a `$`, no digit behind the
last), or a command of TeX."""
BRIEF = Fraction(1, 2)
"""Seconds below which a visual that is taken away was no more than a flash."""


def words(value: Value) -> int:
    """Words in a text, or in the texts of a list."""
    if isinstance(value, tuple):
        return sum(words(each) for each in value)
    if isinstance(value, Markdown):
        return len(_WORD.findall(value.source))
    return len(_WORD.findall(value)) if isinstance(value, str) else 0


def to_read(visual: VisualSpec) -> int:
    """Words that a viewer reads of a visual."""
    arguments = dict(visual.arguments)
    return sum(words(arguments[name]) for name in _READ.get(visual.layout, ()) if name in arguments)


def too_brief(scene: SceneSpec, shown: Presence, fps: Fraction, settings: Settings) -> Iterator[Diagnostic]:
    """Visuals that are gone before they can be read, at the longest of their times on screen."""
    rate = settings.limit("reading-time", "words_per_minute")
    for visual in scene.visuals:
        stays = shown.stays(visual.id)
        if not stays or visual.id in shown.revealed:
            continue
        longest = max(stays, key=lambda stay: stay.end - stay.begin)
        frames = longest.end - longest.begin
        count = to_read(visual)
        if frames * rate >= (60 * count + rate) * fps:
            continue  # with a second to spare: what mostly is the case
        seconds = frames / fps
        needed = max(BRIEF if longest.hidden else Fraction(0), Fraction(count * 60) / rate)
        if seconds >= needed:
            continue
        what = f"its {count} words take {float(needed):.1f} s to read" if count else "nobody sees it in that time"
        yield Diagnostic(
            "PVC0730",
            Severity.WARNING,
            f"`{visual.id}` is on screen for {float(seconds):.1f} s; {what}",
            longest.span or visual.span,
            "Show it earlier, hide it later, or let it say less.",
        )


def long_sentences(scene: SceneSpec, time: SceneTime, settings: Settings) -> Iterator[Diagnostic]:
    """Sentences that are too long to be followed by ear, and that captions must cut into many pieces."""
    most = settings.limit("long-sentence", "words")
    for clip in time.clips:
        count = len(_WORD.findall(clip.utterance.text))
        if count > most:
            yield Diagnostic(
                "PVC0732",
                Severity.WARNING,
                f"A sentence of {count} words is hard to follow by ear",
                sentence_span(scene, clip),
                f"Make two of it: up to {float(most):g} words can be held in mind, and captions break less.",
            )


def spoken_notation(scene: SceneSpec, time: SceneTime) -> Iterator[Diagnostic]:
    """TeX in a narration, unless the lexicon or `sub` says it in words: of each narration the first."""
    told: set[int] = set()
    for clip in time.clips:
        utterance = clip.utterance
        found = _NOTATION.search(utterance.text) if clip.beat not in told else None
        if found is not None and _NOTATION.search("".join(say for _, _, say in utterance.spoken)):
            told.add(clip.beat)
            yield Diagnostic(
                "PVC0746",
                Severity.WARNING,
                f"`{found[0]}` is notation of TeX: a voice reads it out sign by sign",
                sentence_span(scene, clip),
                "Say it in words, and show the formula with `equation`.",
            )


def sentence_span(scene: SceneSpec, clip: Clip) -> Span:
    """Where a sentence stands: its narration."""
    beat = scene.beats[clip.beat]
    narration = beat.narration
    return narration.span if narration is not None and narration.span is not None else beat.span


def quick_captions(scene: SceneSpec, time: SceneTime, fps: Fraction, settings: Settings) -> Iterator[Diagnostic]:
    """Captions that change faster than they can be read: of each narration the worst."""
    most = settings.limit("caption-speed", "characters_per_second")
    if not any(_quick(clip, most) for clip in time.clips):
        return  # no sentence is spoken that fast, so none of its captions is
    from pvc.compiler.captions.cues import cues

    worst: dict[int, tuple[Fraction, str]] = {}
    for cue in cues(TalkTime(fps, (time,))):
        if len(cue.text) < 12:
            continue  # read at a glance
        rate = Fraction(len(cue.text) * SAMPLE_RATE, cue.end - cue.start)
        before = [clip for clip in time.clips if clip.start <= cue.start + SAMPLE_RATE // 100]
        beat = before[-1].beat if before else 0
        if rate > most and rate > worst.get(beat, (Fraction(0), ""))[0]:
            worst[beat] = rate, cue.text
    for beat, (rate, text) in worst.items():
        spoken = scene.beats[beat]
        narration = spoken.narration
        yield Diagnostic(
            "PVC0731",
            Severity.WARNING,
            f"The caption “{' '.join(text.split())}” has {float(rate):.0f} characters a second",
            narration.span if narration is not None and narration.span is not None else spoken.span,
            f"Up to {float(most):g} can be read: say less here, or slow the voice down.",
        )


def _quick(clip: Clip, most: Fraction) -> bool:
    """Whether some stretch of a sentence, of a short caption's length, is spoken faster than captions may run."""
    heard = clip.timing.words
    scale, bound = SAMPLE_RATE * most.denominator, most.numerator  # whole numbers: this looks at every word
    for first, word in enumerate(heard):
        for last in heard[first:]:
            length = last.end - word.start
            if length >= 12:
                if length * scale > bound * max(1, last.finish - word.begin):
                    return True
                break
    return False


def repeated_phrases(scene: SceneSpec) -> Iterator[Diagnostic]:
    """Phrases that several actions of one narration hang on: a cue would be one name for the place."""
    for beat in scene.beats:
        narration = beat.narration
        if narration is None:
            continue
        named = {cue.name for cue in narration.cues}
        first: dict[str, Span] = {}
        told: set[str] = set()
        for action in beat.actions:
            moment = action.moment
            if moment is None or moment.label in named or moment.span == first.get(moment.label):
                continue
            if moment.label in first and moment.label not in told:
                told.add(moment.label)
                yield Diagnostic(
                    "PVC0733",
                    Severity.WARNING,
                    f"More than one action hangs on the phrase “{moment.label}”",
                    moment.span,
                    "Put a cue such as `{here}` before these words and anchor at it: then the words may change.",
                    (Label(first[moment.label], "this one, too"),),
                )
            first.setdefault(moment.label, moment.span)
