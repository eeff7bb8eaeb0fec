"""What a talk expects, held against all that can be measured: plan, pictures, and the film where it is built."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from pvc.compiler.clock import sample_at
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.film import opened
from pvc.compiler.model.program import Expectation, Program
from pvc.compiler.plan.expected import Result, compared, failures, planned
from pvc.runtime.build.request import Request

if TYPE_CHECKING:
    from pvc.compiler.model.speech import SceneTime, TalkTime
    from pvc.compiler.stage import Staged
    from pvc.compiler.stage.expected import Looked

OF_PICTURES = ("contrast", "overlap", "motion", "still", "text_size")
"""What is measured of pictures."""
OF_FILMS = ("loudness", "true_peak")
"""What can be measured of a built film alone."""


def _of_films(program: Program) -> list[tuple[Expectation, str | None]]:
    wanted: list[tuple[Expectation, str | None]] = [(each, None) for each in program.expectations]
    wanted += [(each, spec.id) for spec in program.scenes for each in spec.expectations]
    return [(each, scene) for each, scene in wanted if each.subject in OF_FILMS]


def film_results(program: Program, film: Path | None) -> tuple[Result, ...]:
    """What is expected of the film's sound (None: it is not built). Of a scene it is that of the whole film."""
    wanted = _of_films(program)
    if not wanted:
        return ()
    levels = sound_levels(film) if film is not None else None

    def measured(each: Expectation) -> Fraction | None:
        return None if levels is None else Fraction(levels[each.subject == "true_peak"]).limit_denominator(100)

    return tuple(compared(each, scene, measured(each)) for each, scene in wanted)


def film_failures(program: Program, film: Path) -> tuple[Diagnostic, ...]:
    """A finding for each expectation that a built film does not meet."""
    return failures(film_results(program, film), "PVC0872")


def sound_levels(film: Path) -> tuple[float, float]:
    """Integrated loudness (LUFS) and true peak (dBTP) of a film's sound."""
    import numpy as np

    from pvc.runtime.media.loudness import Meter

    meter = Meter()
    with opened(str(film)) as media:
        for frame in media.decode(audio=0):
            meter.add(np.asarray(frame.to_ndarray().mean(axis=0), np.float32))
    return meter.loudness(), meter.true_peak()


@dataclass(slots=True)
class Looking:
    """Gathers what scenes look like while they are staged, if anything is expected of that."""

    program: Program
    wanted: bool
    seen: list[Looked]

    def add(self, index: int, time: SceneTime, staged: Staged) -> None:
        if self.wanted:
            from pvc.compiler.stage.expected import look

            self.seen.append(look(self.program, index, time, staged))

    def results(self, when: TalkTime) -> tuple[Result, ...]:
        if not self.wanted or len(self.seen) < len(self.program.scenes):
            return ()
        from pvc.compiler.stage.expected import results

        return results(self.program, when, self.seen)

    def failures(self, when: TalkTime) -> tuple[Diagnostic, ...]:
        from pvc.compiler.stage.expected import shortfalls

        return shortfalls(self.results(when)) if self.wanted else ()


def looking(program: Program) -> Looking:
    """For a talk that expects nothing of its pictures it costs nothing."""
    wanted = [each for spec in program.scenes for each in spec.expectations]
    pictures = any(
        each.sighting is not None or each.subject in OF_PICTURES for each in (*program.expectations, *wanted)
    )
    return Looking(program, pictures, [])


@dataclass(frozen=True, slots=True)
class Tested:
    """``results`` of every expectation; ``estimated``: sentences whose length is a guess. None are there where the talk
    has errors, which are among the ``diagnostics``."""

    ok: bool
    results: tuple[Result, ...]
    estimated: int
    diagnostics: tuple[Diagnostic, ...]


def test(request: Request) -> Tested:
    """Holds a talk against all that it expects, without building it: sentences that were spoken once have their length,
    others are estimated; the film's sound is measured if the film is there and is that of the talk."""
    from pvc.compiler.stage import stage
    from pvc.runtime.build.front import failed, front, only_scene
    from pvc.runtime.build.survey import heard, looking_at

    with looking_at(request) as (_, realiser, world, warnings):
        found = front(request.talk, world, request.format, request.language, request.levels)
        if found.program is None:
            return Tested(False, (), 0, (*warnings, *found.diagnostics))
        program = only_scene(found.program, request.scene)
        _, timed = heard(realiser, program)
        seen = looking(program)
        diagnostics = [*warnings, *found.diagnostics]
        for index, scene in enumerate(timed.time.scenes):
            staged = stage(program, index, scene, world)
            diagnostics += found.judge.settle(staged.diagnostics)
            seen.add(index, scene, staged)
        errors = tuple(each for each in diagnostics if each.severity == "error")
        if failed(errors):
            return Tested(False, (), timed.estimated, tuple(diagnostics))
        film = request.target if _is_of(request.target, timed.time) else None
        results = (*planned(program, timed.time), *seen.results(timed.time), *film_results(program, film))
        return Tested(all(each.passed is not False for each in results), results, timed.estimated, tuple(diagnostics))


def _is_of(film: Path, when: TalkTime) -> bool:
    """Whether a film is there that was built from this plan."""
    from pvc.runtime.errors import MediaError
    from pvc.runtime.media.contract import contract_of

    if not film.is_file():
        return False
    try:
        contract = contract_of(film.with_suffix(".json"))
    except MediaError:
        return False
    return (contract.frames, contract.samples) == (when.frames, sample_at(when.frames, when.fps))
