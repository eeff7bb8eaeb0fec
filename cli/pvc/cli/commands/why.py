"""`pvc why`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pvc.cli.app import surroundings
from pvc.cli.programs import program_options
from pvc.cli.report import emit, failure_code, plain, show, sources_of
from pvc.cli.talk import request_for
from pvc.runtime.errors import PvcError
from pvc.runtime.programs.consent import consent

if TYPE_CHECKING:
    from pvc.runtime.build.memory import Cause

MOST = 12
"""Fields that are shown of one node; -v shows all."""


@click.command(
    epilog="""\b
Examples:
  pvc why talk.vid               everything that would run
  pvc why scores talk.vid        one scene
  pvc why 3f9c2a talk.vid        one node, by the beginning of its key"""
)
@click.argument("names", nargs=-1, metavar="[NODE|SCENE] [TALK]")
@click.option("--lang", "language", metavar="LANG", help="In which of the talk's translations [as it is written].")
@program_options
def command(names: tuple[str, ...], language: str | None, allow_programs: bool, weak_sandbox: bool) -> int:
    """Say why a node or a scene would run again: which fields of its key changed since the last build.

    Where nothing would run, it says why nodes ran in the last build.
    """
    talk, name = _split(names)
    around = surroundings(talk)
    from pvc.runtime.build import memory
    from pvc.runtime.build.survey import survey

    allowed = consent(allow_programs, weak_sandbox)
    request = request_for(talk, around, language=language, allowed=allowed)
    before = memory.latest(request.cache, talk.absolute(), language)
    if before is None:
        raise PvcError(
            "PVC0911",
            f"{talk} was not built here yet, so everything would run",
            f"run `pvc build {talk}{f' --lang {language}' if language else ''}` first",
        )
    request = request_for(talk, around, before.scene, before.preset, language, allowed)
    found = survey(request)
    now = tuple(
        memory.Known(entry.key, entry.kind, entry.label, entry.scene, entry.inputs, entry.data, entry.result is None)
        for entry in found.entries
    )
    if not now:
        if around.json:
            emit({"ok": False, "diagnostics": plain(found.diagnostics, sources_of(found.diagnostics)), "causes": []})
        else:
            show(found.diagnostics, sources_of(found.diagnostics), around)
        return failure_code(found.diagnostics)
    causes = memory.causes(before, now)
    when = "since the last build"
    estimated = found.estimated
    if not causes:
        earlier = memory.load(request.cache, talk.absolute(), request.options, 1)
        kept = (replace(node, ran=False) for node in before.nodes)
        causes = memory.causes(earlier, kept) if earlier is not None else ()
        when = "in the last build"
        estimated = 0
    known = {given for node in now for given in (node.scene, node.label, node.kind)}
    if name is not None and name not in known and not any(node.key.startswith(name) for node in now):
        scenes = sorted({node.scene for node in now if node.scene})
        raise PvcError("PVC0908", f"no scene or node is called '{name}'", f"scenes are: {', '.join(scenes)}")
    causes = tuple(
        cause
        for cause in causes
        if name is None
        or name in (cause.node.scene, cause.node.label, cause.node.kind)
        or cause.node.key.startswith(name)
    )
    if around.json:
        emit({"ok": True, "when": when, "estimated": estimated, "causes": [_plain(cause) for cause in causes]})
        return 0
    if not causes:
        print("nothing would run" + (f" of {name}" if name else ""))
        return 0
    print(f"{len(causes)} node{'s' if len(causes) > 1 else ''} changed {when}:")
    for cause in causes:
        print(_told(cause, around.verbose > 0))
    if estimated and not around.quiet:
        whose = "1 sentence is" if estimated == 1 else f"{estimated} sentences are"
        print(f"note: {whose} yet to be spoken: lengths, and what follows from them, are estimates", file=sys.stderr)
    return 0


def _split(names: tuple[str, ...]) -> tuple[Path, str | None]:
    """The talk and the name, in either order; without a talk, the only one of the working folder."""
    talks = [name for name in names if name.endswith((".vid", ".vid.yaml"))]
    rest = [name for name in names if name not in talks]
    if len(talks) > 1 or len(rest) > 1:
        raise click.UsageError("name one talk, and one scene or node of it")
    if not talks:
        from pvc.runtime.build.survey import talks_near

        near = talks_near(Path.cwd())
        if len(near) != 1:
            raise click.UsageError("name the talk too: `pvc why SCENE talk.vid`")
        return Path(near[0].name), rest[0] if rest else None
    return Path(talks[0]), rest[0] if rest else None


def _plain(cause: Cause) -> dict[str, object]:
    return {
        "key": cause.node.key,
        "kind": cause.node.kind,
        "label": cause.node.label,
        "scene": cause.node.scene,
        "like": cause.like.key if cause.like else None,
        "fields": [{"field": name, "before": before, "after": after} for name, before, after in cause.fields],
    }


def _told(cause: Cause, everything: bool) -> str:
    from pvc.runtime.build.realise import UNKNOWN

    lines = [f"{cause.node.kind}  {cause.node.label}  ({cause.node.key[:12]})"]
    if cause.like is None:
        lines.append("    it is new: the build before had no such node")
    elif not cause.fields:
        gone = "the film is gone" if cause.node.kind == "mux" else "the cache has lost what came of it"
        lines.append(f"    it is the same, but {gone}")
    shown = cause.fields if everything else cause.fields[:MOST]
    for name, before, after in shown:
        if after == repr(UNKNOWN):
            lines.append(f"    {name}: follows from its inputs")
        elif before is None:
            lines.append(f"    {name}: {_short(after)} (was not there)")
        elif after is None:
            lines.append(f"    {name}: {_short(before)} is gone")
        else:
            lines.append(f"    {name}: {_short(before)} -> {_short(after)}")
    if len(cause.fields) > len(shown):
        lines.append(f"    ... and {len(cause.fields) - len(shown)} more fields (-v shows them)")
    return "\n".join(lines)


def _short(text: str | None) -> str:
    value = text or ""
    return value if len(value) <= 60 else f"{value[:28]}…{value[-28:]}"
