"""`pvc migrate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pvc.cli.app import surroundings
from pvc.cli.report import emit, plain, show
from pvc.cli.texts import difference, read_spec, write_text
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.diagnostics.places import Lines


@click.command(
    epilog="""\b
Examples:
  pvc migrate talk.vid brand.vid
  pvc migrate --check talks/*.vid     exit code 1 where one is of an older language
  pvc migrate --diff talk.vid         what would change"""
)
@click.argument("files", nargs=-1, required=True, metavar="FILES")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 where a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def command(files: tuple[str, ...], check: bool, diff: bool) -> int:
    """Bring files of an older language to the one that this pvc speaks, in either spelling. Comments stay."""
    around = surroundings(Path(files[0]))
    from pvc.compiler.migrate.run import migrate

    diagnostics: list[Diagnostic] = []
    sources: dict[str, Lines] = {}
    said: list[dict[str, object]] = []
    unreadable = False
    for name in files:
        text, problems = read_spec(name)
        if text is None:
            diagnostics += problems
            unreadable = True
            continue
        done = migrate(text, name)
        sources[name] = Lines(text)
        diagnostics += done.diagnostics
        changed = done.text != text
        said.append({"file": name, "changed": changed, "changes": list(done.changes)})
        if not changed:
            continue
        if not (check or diff):
            write_text(Path(name), done.text)
        if around.json:
            continue
        if diff:
            sys.stdout.write(difference(name, text, done.text, "migrated"))
        elif not around.quiet:
            print(f"{name} {'would change' if check else 'migrated'}: {'; '.join(dict.fromkeys(done.changes))}")
    if around.json:
        emit({"ok": not diagnostics, "files": said, "diagnostics": plain(diagnostics, sources)})
    else:
        show(diagnostics, sources, around)
    if unreadable:
        return 2
    return 1 if diagnostics or (check and any(one["changed"] for one in said)) else 0
