"""Talks and times as they are named on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import click

from pvc.cli.surroundings import Surroundings, sizes
from pvc.runtime.build.request import DEFAULT_BOUND, Request
from pvc.runtime.programs.consent import REFUSED, Consent

_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:\.\d+)?)s?")


@dataclass(frozen=True, slots=True)
class At:
    """A place in a talk: one of seconds, a frame's number, a scene, a line of its file (from 1)."""

    talk: Path
    seconds: float | None = None
    frame: int | None = None
    scene: str | None = None
    line: int | None = None


def parse_at(text: str) -> At:
    """`talk.vid@1:23`, `talk.vid@83.5s`, `talk.vid@120f`, `talk.vid@scene:intro`, `talk.vid@line:42`. Raises
    click.UsageError."""
    talk, sign, place = text.rpartition("@")
    if not sign or not talk or not place:
        raise click.UsageError(f"'{text}' names no time; write it as `{text or 'talk.vid'}@1:23`")
    if place.startswith("scene:"):
        return At(Path(talk), scene=place.removeprefix("scene:"))
    if re.fullmatch(r"line:\d+", place):
        return At(Path(talk), line=int(place.removeprefix("line:")))
    if re.fullmatch(r"\d+f", place):
        return At(Path(talk), frame=int(place[:-1]))
    found = _CLOCK.fullmatch(place)
    if found is None:
        raise click.UsageError(
            f"'{place}' is no time; write minutes and seconds (1:23), seconds (83.5s), a frame (120f), scene:ID "
            "or line:N"
        )
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return At(Path(talk), seconds=hours * 3600 + minutes * 60 + seconds)


def request_for(
    talk: Path,
    around: Surroundings,
    scene: str | None = None,
    preset: str | None = None,
    language: str | None = None,
    allowed: Consent = REFUSED,
) -> Request:
    """A request with the configuration's defaults, for commands that look at a talk."""
    bound = sizes(around.config.cache_size) if around.config.cache_size else DEFAULT_BOUND
    chosen = preset or around.config.preset or "talk"
    return Request(talk, around.cache(), scene=scene, preset=chosen, bound=bound, language=language, consent=allowed)
