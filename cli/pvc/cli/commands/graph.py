"""`pvc graph`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pvc.cli.app import surroundings
from pvc.cli.programs import program_options
from pvc.cli.report import emit, failure_code, plain, show, sources_of
from pvc.cli.talk import request_for
from pvc.runtime.programs.consent import consent


@click.command(
    epilog="""\b
Examples:
  pvc graph talk.vid
  pvc graph talk.vid --format dot | dot -Tsvg > graph.svg"""
)
@click.argument("talk", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "dot"]), default="text", show_default=True)
@click.option("--scene", metavar="ID", help="One scene alone.")
@click.option("--preset", metavar="NAME", help="Size: talk, draft, hd, full, uhd.")
@click.option("--lang", "language", metavar="LANG", help="In which of the talk's translations [as it is written].")
@program_options
def command(
    talk: Path,
    form: str,
    scene: str | None,
    preset: str | None,
    language: str | None,
    allow_programs: bool,
    weak_sandbox: bool,
) -> int:
    """Show the render graph of TALK: every node, whether it is known, what it is made of."""
    around = surroundings(talk)
    from pvc.compiler.graph.show import Row, as_dot, as_json, as_text
    from pvc.runtime.build.survey import survey

    found = survey(request_for(talk, around, scene, preset, language, consent(allow_programs, weak_sandbox)))
    rows = [
        Row(
            entry.key,
            entry.kind,
            entry.label,
            entry.scene,
            entry.inputs,
            "-" if entry.kind in ("fragment", "captions") else "would run" if entry.result is None else "known",
        )
        for entry in found.entries
    ]
    failed = not rows
    if around.json or form == "json":
        emit(
            {
                "ok": not failed,
                "diagnostics": plain(found.diagnostics, sources_of(found.diagnostics)),
                "estimated": found.estimated,
                "nodes": as_json(rows),
            }
        )
        return failure_code(found.diagnostics) if failed else 0
    show(found.diagnostics, sources_of(found.diagnostics), around)
    if failed:
        return failure_code(found.diagnostics)
    print(as_dot(rows) if form == "dot" else as_text(rows))
    if found.estimated and not around.quiet:
        print(
            f"note: {found.estimated} sentences were never spoken: their lengths, and what follows, are estimates",
            file=sys.stderr,
        )
    return 0
