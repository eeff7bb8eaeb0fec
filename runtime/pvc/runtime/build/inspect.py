"""What `pvc check` does: the compiler's whole opinion of a talk, without speaking or painting anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.lints.judge import Judge
from pvc.compiler.lints.table import Phase
from pvc.runtime.build.expected import looking
from pvc.runtime.build.front import failed, front, timed
from pvc.runtime.build.request import Request
from pvc.runtime.build.warm import Warm
from pvc.runtime.build.world import TracedWorld
from pvc.runtime.errors import StoreError

MANY = 100
"""Scenes (an hour or so of talk) up to which everything is laid out in a second or two."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """``seconds``: the talk's length, 0 where it has errors; ``estimated``: sentences whose length is a guess;
    ``layout``: whether scenes were laid out; ``formats`` and ``translations``: those of the talk."""

    ok: bool
    seconds: float
    scenes: int
    estimated: int
    layout: bool
    diagnostics: tuple[Diagnostic, ...]
    formats: tuple[str, ...] = ()
    translations: tuple[str, ...] = ()
    judge: Judge = field(default_factory=Judge, compare=False, repr=False)


def inspect(
    request: Request, layout: bool | None = None, texts: Mapping[str, str] | None = None, warm: Warm | None = None
) -> Inspected:
    """Checks a talk for each of its formats and in each of its languages; with ``layout`` (None: up to MANY scenes),
    also lays every scene out. What an earlier build knows of layouts is used, but a cache that cannot be used is no
    reason not to check. ``texts``: what some files hold instead of what is on the disk. ``warm``: what an earlier check
    of the talk has left."""
    from pvc.runtime.store.store import Store

    try:
        store: Store | None = Store(request.cache)
    except StoreError:
        store = None
    world = TracedWorld(store, texts)
    try:
        found = _inspect(request, world, layout, warm)
        for name in found.formats[1:] if request.format is None else ():
            other = _inspect(replace(request, format=name), world, layout, warm)
            found = _joined(found, other, f"in the format {name}", own=True)
        for name in found.translations if request.language is None else ():
            other = _inspect(replace(request, language=name), world, layout, warm)
            found = _joined(found, other, f"in the translation {name}", own=False)
        if not found.ok:
            return found
        idle = found.judge.idle((Phase.CHECK, Phase.PLAN, *([Phase.LAYOUT] if found.layout else [])))
        return replace(found, ok=not failed(idle), diagnostics=(*found.diagnostics, *idle))
    finally:
        if warm is not None:
            warm.looked(world)
        if store is not None:
            store.close()


def _joined(first: Inspected, other: Inspected, where: str, own: bool) -> Inspected:
    """What was found for the first films, and what besides that for another one. What two of them have in common is
    told once: of both formats where it is their ``own``, of none of the translations, whose blocks all runs read."""
    known = set(first.diagnostics)
    told = {_bare(each): index for index, each in enumerate(first.diagnostics)}
    diagnostics = list(first.diagnostics)
    for each in other.diagnostics:
        if each in known:
            continue
        index = told.get(_bare(each))
        if index is None:
            diagnostics.append(replace(each, notes=(*each.notes, where)))
        else:
            notes = diagnostics[index].notes
            diagnostics[index] = replace(diagnostics[index], notes=(*notes, where) if own else each.notes)
    first.judge.join(other.judge)
    return replace(first, ok=first.ok and other.ok, diagnostics=tuple(diagnostics))


def _bare(found: Diagnostic) -> tuple[object, ...]:
    """A finding without what was noted of the film that it is of."""
    return (found.code, found.severity, found.span, found.message)


def _inspect(request: Request, world: TracedWorld, wanted: bool | None, warm: Warm | None = None) -> Inspected:
    checker = warm.checker(world) if warm is not None else None
    found = front(request.talk, world, request.format, request.language, request.levels, checker)
    program, settle = found.program, found.judge.settle
    if program is None:
        return Inspected(False, 0.0, 0, 0, False, found.diagnostics)
    planned = timed(program, {}, found.judge.settings)
    diagnostics = [*found.diagnostics, *settle(planned.diagnostics)]
    layout = len(program.scenes) <= MANY if wanted is None else wanted
    if layout:
        from pvc.compiler.stage import stage

        seen = looking(program)
        for index, scene in enumerate(planned.time.scenes):
            staged = warm.staged(program, index, scene) if warm is not None else None
            if staged is None:
                staged = stage(program, index, scene, world)
                if warm is not None:
                    warm.keep(program, index, scene, staged)
            diagnostics += settle(staged.diagnostics)
            seen.add(index, scene, staged)
        diagnostics += settle(seen.failures(planned.time))
    seconds = float(planned.time.frames / planned.time.fps)
    return Inspected(
        not failed(diagnostics),
        seconds,
        len(program.scenes),
        planned.estimated,
        layout,
        tuple(diagnostics),
        program.formats,
        program.translations,
        found.judge,
    )
