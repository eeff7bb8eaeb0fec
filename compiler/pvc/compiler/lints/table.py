"""Every finding that is no error, by code and by name: what a configuration and a comment may call it.

A code that can be an error as well (a contrast that is far too low) keeps that: levels are for what is raised as a
warning or a note, and no error can be allowed away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Final

from pvc.compiler.resolve.near import nearest


class Phase(StrEnum):
    """Which phase says it: CHECK reads the spec, PLAN needs times, LAYOUT pictures, BUILD this machine."""

    CHECK = "check"
    PLAN = "plan"
    LAYOUT = "layout"
    BUILD = "build"


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold of a lint: its name in a configuration, its value without one, what it is counted in, and the least
    and the most that it can be set to."""

    name: str
    default: Fraction
    unit: str
    least: Fraction = Fraction(0)
    most: Fraction = Fraction(100_000)


@dataclass(frozen=True, slots=True)
class Lint:
    """``name`` is what people write; ``limits`` its thresholds; ``quiet``: it is a note where nobody says otherwise,
    not a warning."""

    code: str
    name: str
    phase: Phase
    limits: tuple[Limit, ...] = ()
    quiet: bool = False


def _limit(name: str, default: int | Fraction, unit: str, least: int = 0) -> Limit:
    return Limit(name, Fraction(default), unit, Fraction(least))


LINTS: Final = (
    Lint("PVC0216", "lost-scenes", Phase.CHECK),
    Lint("PVC0440", "waiting-voice", Phase.PLAN),
    Lint("PVC0441", "same-frame", Phase.PLAN),
    Lint("PVC0442", "too-quick", Phase.PLAN),
    Lint("PVC0443", "cut-short", Phase.PLAN),
    Lint("PVC0444", "long-still", Phase.PLAN, (_limit("seconds", 10, "seconds", 1),)),
    Lint("PVC0445", "speaking-rate", Phase.PLAN, (_limit("words_per_minute", 200, "words a minute", 60),)),
    Lint("PVC0446", "before-narration", Phase.PLAN),
    Lint("PVC0447", "turned-order", Phase.PLAN),
    Lint("PVC0448", "expectation", Phase.PLAN),
    Lint("PVC0571", "covered", Phase.LAYOUT),
    Lint("PVC0572", "contrast", Phase.LAYOUT),
    Lint("PVC0573", "small-text", Phase.LAYOUT),
    Lint("PVC0574", "full-frame", Phase.LAYOUT),
    Lint("PVC0577", "unknown-to-backend", Phase.LAYOUT),
    Lint("PVC0578", "camera-too-near", Phase.LAYOUT),
    Lint("PVC0579", "out-of-sight", Phase.LAYOUT),
    Lint("PVC0605", "claim-number", Phase.CHECK),
    Lint("PVC0606", "claim-negation", Phase.CHECK),
    Lint("PVC0609", "paper-part", Phase.CHECK),
    Lint("PVC0701", "unused", Phase.CHECK),
    Lint("PVC0702", "unused-cue", Phase.CHECK),
    Lint("PVC0703", "never-shown", Phase.CHECK),
    Lint("PVC0704", "hidden-name", Phase.CHECK),
    Lint("PVC0705", "unsourced-claim", Phase.CHECK),
    Lint("PVC0706", "unquoted-claim", Phase.CHECK),
    Lint("PVC0707", "open-question", Phase.CHECK, quiet=True),
    Lint("PVC0708", "untranslated", Phase.CHECK),
    Lint("PVC0709", "stale-translation", Phase.CHECK),
    Lint("PVC0713", "never-played", Phase.CHECK),
    Lint("PVC0730", "reading-time", Phase.PLAN, (_limit("words_per_minute", 240, "words a minute", 60),)),
    Lint("PVC0731", "caption-speed", Phase.PLAN, (_limit("characters_per_second", 25, "characters a second", 5),)),
    Lint("PVC0732", "long-sentence", Phase.PLAN, (_limit("words", 35, "words", 5),)),
    Lint("PVC0733", "repeated-phrase", Phase.PLAN),
    Lint("PVC0734", "empty-frame", Phase.PLAN, (_limit("seconds", 8, "seconds", 1),)),
    Lint("PVC0735", "same-picture", Phase.PLAN, (_limit("seconds", 45, "seconds", 5),), quiet=True),
    Lint("PVC0736", "many-accents", Phase.PLAN),
    Lint("PVC0737", "missing-description", Phase.CHECK),
    Lint("PVC0738", "unlabelled-chart", Phase.PLAN),
    Lint("PVC0739", "left-behind", Phase.PLAN),
    Lint("PVC0740", "same-title", Phase.PLAN),
    Lint("PVC0741", "long-title", Phase.PLAN, (_limit("characters", 80, "characters", 10),)),
    Lint("PVC0742", "uncredited-paper", Phase.PLAN, quiet=True),
    Lint("PVC0743", "unused-entry", Phase.CHECK),
    Lint("PVC0744", "unused-concept", Phase.CHECK),
    Lint("PVC0745", "mixed-transitions", Phase.PLAN),
    Lint("PVC0746", "spoken-notation", Phase.PLAN),
    Lint("PVC0750", "long-list", Phase.LAYOUT),
    Lint("PVC0751", "long-item", Phase.LAYOUT),
    Lint("PVC0752", "long-listing", Phase.LAYOUT),
    Lint("PVC0753", "unknown-syntax", Phase.LAYOUT),
    Lint("PVC0754", "wall-of-text", Phase.LAYOUT),
    Lint("PVC0770", "few-chapters", Phase.PLAN, quiet=True),
    Lint("PVC0771", "short-chapter", Phase.PLAN, quiet=True),
    Lint("PVC0790", "unused-allow", Phase.CHECK),
    Lint("PVC0791", "bad-allow", Phase.CHECK),
    Lint("PVC0805", "unknown-markup", Phase.BUILD),
    Lint("PVC0811", "short-video", Phase.CHECK),
    Lint("PVC0812", "silent-video", Phase.CHECK),
    Lint("PVC0840", "program-without-fallback", Phase.CHECK),
    Lint("PVC0846", "program-not-run", Phase.BUILD),
    Lint("PVC0847", "long-program", Phase.BUILD),
    Lint("PVC0849", "weak-sandbox", Phase.BUILD),
    Lint("PVC0882", "fallback", Phase.BUILD),
)


@cache
def by_code() -> dict[str, Lint]:
    return {lint.code: lint for lint in LINTS}


@cache
def by_name() -> dict[str, Lint]:
    return {lint.name: lint for lint in LINTS}


def find(word: str) -> Lint | None:
    """The lint of a code or a name, in whatever case; `_` is as good as `-`."""
    return by_code().get(word.upper()) or by_name().get(word.lower().replace("_", "-"))


def near(word: str) -> str | None:
    """The name or code that was most likely meant."""
    if word.upper().startswith("PVC"):
        return nearest(word.upper(), by_code())
    return nearest(word.lower().replace("_", "-"), by_name())


def names() -> Iterator[str]:
    for lint in LINTS:
        yield lint.name
