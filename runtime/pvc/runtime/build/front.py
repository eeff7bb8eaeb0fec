"""From a talk's path to a checked program, and which of it is to be built at what size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.lints.config import configured
from pvc.compiler.lints.judge import Judge, judge
from pvc.compiler.lints.settings import DEFAULT, Level, Settings, with_levels
from pvc.compiler.model.program import Format, Program
from pvc.compiler.model.speech import TalkTime, Timing, Utterance
from pvc.compiler.world import World
from pvc.runtime.errors import PvcError
from pvc.runtime.programs.consent import REFUSED, Consent, refused

if TYPE_CHECKING:
    from pvc.compiler.check.run import Checker
    from pvc.compiler.graph.nodes import Raster

PRESETS = {"talk": None, "draft": 540, "hd": 720, "full": 1080, "uhd": 2160}
"""Pixels of the shorter side by preset; None: as the talk says."""


@dataclass(frozen=True, slots=True)
class Front:
    """A checked talk; ``program`` is None where it has errors. ``judge`` has settled ``diagnostics``, and is who
    settles what later phases find."""

    program: Program | None
    diagnostics: tuple[Diagnostic, ...]
    judge: Judge = field(default_factory=Judge)


def failed(diagnostics: tuple[Diagnostic, ...] | list[Diagnostic]) -> bool:
    """Whether an error is among them."""
    return any(diagnostic.severity == Severity.ERROR for diagnostic in diagnostics)


def front(
    talk: Path,
    world: World,
    format: str | None = None,
    language: str | None = None,
    levels: Iterable[tuple[str, Level]] = (),
    checker: Checker | None = None,
    consent: Consent = REFUSED,
    building: bool = False,
) -> Front:
    """Reads and checks a talk for one of its formats (None: the first) and in one of its languages (None: as it is
    written), and settles which backend draws what here. ``levels`` of lints go before those of the project's
    configuration. ``checker``: one that has checked the talk before, and looks at ``world``. ``consent``: whether
    programs may run; without it, it is an error for ``building`` that one has nothing in its place. What is wrong is in
    the diagnostics. Raises PvcError where the talk has no such format or language."""
    from pvc.compiler.check import check
    from pvc.runtime.build.fallback import fall_back

    look = partial(check, world=world) if checker is None else checker.check
    checked = look(str(talk), format=format, language=language, translations=False)
    if language is not None and checked.program is not None and checked.program.language != language:
        raise _no_language(checked.program, language)
    rules = configured(world, str(talk))
    asked = judge(with_levels(rules.settings, levels), (unit.file for unit in checked.units if not unit.standard))
    said = (*rules.diagnostics, *asked.settle((*checked.diagnostics, *asked.allowed.diagnostics)))
    if checked.program is None or failed(said):
        return Front(None, said, asked)
    if format is not None and checked.program.format.name != format:
        hint = f"its formats are: {', '.join(checked.program.formats)}"
        raise PvcError("PVC0310", f"the talk has no format '{format}'", hint)
    program, notes = fall_back(checked.program)
    if consent.run:
        program = replace(program, programs=True)
        said = tuple(each for each in said if each.code != "PVC0840")
    elif building:
        said = tuple(each for each in said if each.code != "PVC0840")
        notes += refused(program)
    said += asked.settle(notes)
    return Front(None if failed(said) else program, said, asked)


def _no_language(program: Program, language: str) -> PvcError:
    known = program.translations
    near = get_close_matches(language, known, 1)
    return PvcError(
        "PVC0914",
        f"the talk is not translated into '{language}'",
        f"did you mean '{near[0]}'?"
        if near
        else f"its translations are: {', '.join(known)}"
        if known
        else f"add `translation {language} {{ ... }}`, as `pvc explain PVC0708` shows",
    )


def raster(format: Format, preset: str) -> Raster:
    """The pixels of a build. Raises PvcError for a preset that there is not."""
    from pvc.compiler.graph.nodes import Raster

    if preset not in PRESETS:
        near = get_close_matches(preset, PRESETS, 1)
        raise PvcError(
            "PVC0909",
            f"there is no preset '{preset}'",
            f"did you mean '{near[0]}'?" if near else f"presets are: {', '.join(PRESETS)}",
        )
    side = PRESETS[preset]
    if side is None:
        return Raster(format.width, format.height, format.fps)
    short = min(format.width, format.height)
    return Raster(_even(format.width * side, short), _even(format.height * side, short), format.fps)


def _even(numerator: int, denominator: int) -> int:
    return max(16, 2 * ((numerator + denominator) // (2 * denominator)))


def only_scene(program: Program, scene: str | None) -> Program:
    """The program with one scene alone. Raises PvcError where it has none of that name."""
    if scene is None:
        return program
    chosen = tuple(one for one in program.scenes if one.id == scene)
    if not chosen:
        names = [one.id for one in program.scenes]
        near = get_close_matches(scene, names, 1)
        raise PvcError(
            "PVC0908",
            f"the film has no scene '{scene}'",
            f"did you mean '{near[0]}'?" if near else f"its scenes are: {', '.join(names)}",
        )
    return replace(program, scenes=chosen)


@dataclass(frozen=True, slots=True)
class Timed:
    """When everything happens; ``estimated`` counts the sentences whose length is a guess."""

    time: TalkTime
    diagnostics: tuple[Diagnostic, ...]
    estimated: int


def timed(program: Program, known: dict[Utterance, Timing], settings: Settings = DEFAULT) -> Timed:
    """The plan from what is known of the sentences; the rest is estimated. Its findings are not settled yet."""
    from pvc.compiler.chapters import chapters, lint
    from pvc.compiler.lints.review import review
    from pvc.compiler.plan import estimate, plan, utterances

    timings: dict[Utterance, Timing] = {}
    missing = 0
    for utterance in utterances(program):
        if utterance in known:
            timings[utterance] = known[utterance]
        elif utterance not in timings:
            timings[utterance] = estimate(utterance)
            missing += 1
    planned = plan(program, timings, settings)
    notes = (*lint(chapters(program, planned.time), planned.time), *review(program, planned.time, settings))
    return Timed(planned.time, (*planned.diagnostics, *notes), missing)
