"""`pvc check`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from pvc.cli.app import surroundings
from pvc.cli.levels import chosen, level_options
from pvc.cli.report import emit, failure_code, plain, show, sources_of, summary
from pvc.cli.surroundings import Surroundings
from pvc.cli.talk import request_for
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.runtime.build.inspect import MANY, Inspected, inspect
from pvc.runtime.build.request import Request


@click.command(
    epilog="""\b
Examples:
  pvc check talk.vid
  pvc check talks/*.vid --format github     for a workflow
  pvc check talk.vid --fix                  apply the fixes that keep the meaning"""
)
@click.argument("talks", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="TALK...")
@click.option("--fix", is_flag=True, help="Apply the fixes that cannot change the talk's meaning.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff, also those that may be wrong.")
@click.option("--diff", is_flag=True, help="Write nothing; show what --fix would change.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif", "github"]), default="text", show_default=True
)
@click.option(
    "--layout/--no-layout",
    default=None,
    help=f"Whether to lay out: overflow, overlap, contrast, glyphs [up to {MANY} scenes].",
)
@level_options
def command(
    talks: tuple[Path, ...],
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    form: str,
    layout: bool | None,
    deny: tuple[str, ...],
    warn: tuple[str, ...],
    allow: tuple[str, ...],
) -> int:
    """Parse, resolve, type-check and lint talks; lay them out and report what would not fit or be seen.

    Times are estimates: only a build speaks. Exit code 1: there are errors.
    """
    if unsafe_fixes and not (fix or diff):
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff")
    around = surroundings(talks[0])
    levels = chosen(deny, warn, allow)
    found = []
    for talk in talks:
        request = replace(request_for(talk, around), levels=levels)
        seen = inspect(request, layout=layout)
        if (fix or diff) and seen.diagnostics:
            seen = _mended(request, seen, layout, unsafe_fixes, diff, around)
        found.append(seen)
    diagnostics = [diagnostic for seen in found for diagnostic in seen.diagnostics]
    sources = sources_of(diagnostics)
    failed = any(not seen.ok for seen in found)
    if form == "sarif":
        from pvc.cli.main import version
        from pvc.compiler.diagnostics.catalogue import titles
        from pvc.compiler.diagnostics.formats import as_sarif
        from pvc.compiler.lints.table import LINTS

        emit(as_sarif(diagnostics, sources, version(), titles(), {lint.code: lint.name for lint in LINTS}))
    elif form == "github":
        from pvc.compiler.diagnostics.formats import as_github

        for diagnostic in diagnostics:
            print(as_github(diagnostic, sources))
    elif around.json or form == "json":
        talks_said = [
            {
                "talk": str(talk),
                "ok": seen.ok,
                "seconds": seen.seconds,
                "scenes": seen.scenes,
                "estimated": seen.estimated,
                "layout": seen.layout,
            }
            for talk, seen in zip(talks, found, strict=True)
        ]
        emit({"ok": not failed, "diagnostics": plain(diagnostics, sources), "talks": talks_said})
    else:
        show(diagnostics, sources, around)
        if not around.quiet:
            for talk, seen in zip(talks, found, strict=True):
                print(_told(talk, seen))
                if seen.ok and not seen.layout and layout is None:
                    print(f"note: layouts of so many scenes are checked with --layout ({talk})", file=sys.stderr)
    return failure_code(diagnostics) if failed else 0


def _mended(
    request: Request, seen: Inspected, layout: bool | None, unsafe: bool, diff: bool, around: Surroundings
) -> Inspected:
    """The talk after its fixes; with ``diff`` they are only shown, and it is as it was."""
    from pvc.cli.fixes import diff as shown
    from pvc.cli.fixes import mend, write

    last = seen

    def look(texts: Mapping[str, str]) -> tuple[Diagnostic, ...]:
        nonlocal last
        if texts:
            last = inspect(request, layout=layout, texts=texts)
        return last.diagnostics

    done = mend(look, unsafe)
    if diff:
        if not around.json:
            sys.stdout.write(shown(done))
        return seen
    if not done.count:
        return seen
    write(done)
    if not (around.quiet or around.json):
        print(f"{request.talk}: {done.count} fix{'es' if done.count > 1 else ''} applied", file=sys.stderr)
    return inspect(request, layout=layout)


def _told(talk: Path, seen: Inspected) -> str:
    counts = summary(seen.diagnostics)
    if not seen.ok:
        return f"{talk}: {counts}"
    about = "about " if seen.estimated else ""
    length = f"{about}{int(seen.seconds) // 60}:{int(seen.seconds) % 60:02}"
    scenes = f"{seen.scenes} scene{'' if seen.scenes == 1 else 's'}"
    return f"{talk}: {scenes}, {length}; {counts or 'nothing to complain about'}"
