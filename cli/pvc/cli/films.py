"""The options of the commands that make films, and the request that they add up to."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from pvc.cli.levels import chosen, level_options
from pvc.cli.programs import program_options
from pvc.cli.surroundings import Surroundings
from pvc.cli.talk import request_for
from pvc.compiler.lints.settings import Level
from pvc.runtime.build.request import Request
from pvc.runtime.programs.consent import consent

_OPTIONS = (
    click.argument("talk", type=click.Path(path_type=Path)),
    click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT.mp4", help="Where the film goes."),
    click.option("-j", "--jobs", type=click.IntRange(1, 256), help="Worker processes at most [one per processor]."),
    click.option("--scene", metavar="ID", help="Build one scene alone."),
    click.option("--lang", "language", metavar="LANG", help="Build one of the talk's translations, OUT.LANG.mp4."),
    click.option("--preset", metavar="NAME", help="Size: talk (as the talk says), draft, hd, full, uhd."),
    click.option("--draft", is_flag=True, help="The same as --preset draft (540 lines)."),
)

_TAKEN = ("talk", "jobs", "scene", "language", "allow_programs", "weak_sandbox")
"""Options that are fields of a `Film` as they are."""


@dataclass(frozen=True, slots=True)
class Film:
    """What was asked for on the command line; None where nothing was."""

    talk: Path
    output: Path | None
    jobs: int | None
    scene: str | None
    language: str | None
    preset: str | None
    levels: tuple[tuple[str, Level], ...]
    allow_programs: bool
    weak_sandbox: bool

    def request(self, around: Surroundings) -> Request:
        """With what the configuration says of the rest. Raises PvcError where what it says makes no sense."""
        allowed = consent(self.allow_programs, self.weak_sandbox)
        return replace(
            request_for(self.talk, around, self.scene, self.preset, self.language, allowed),
            output=self.output,
            jobs=self.jobs or around.config.jobs or processors(),
            timeout=around.config.timeout,
            levels=self.levels,
        )


def film_options(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the talk and the options to a command, which takes them as one `Film` before parameters of its own. Raises
    click.UsageError for options that contradict each other."""

    @functools.wraps(command)
    def collected(preset: str | None, draft: bool, output: Path | None, **given: Any) -> int:
        if draft and preset not in (None, "draft"):
            raise click.UsageError("--draft and --preset exclude each other")
        if output is not None and output.suffix.lower() != ".mp4":
            raise click.UsageError(f"the output is an MP4: call it {output.with_suffix('.mp4').name}")
        levels = chosen(given.pop("deny"), given.pop("warn"), given.pop("allow"))
        own = {name: given.pop(name) for name in _TAKEN}
        film = Film(output=output, preset="draft" if draft else preset, levels=levels, **own)
        return command(film, **given)

    adorned: Callable[..., int] = program_options(level_options(collected))
    for option in reversed(_OPTIONS):
        adorned = option(adorned)
    return adorned


def processors() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0)) or 1
    except AttributeError:  # not on this system
        return os.cpu_count() or 1
