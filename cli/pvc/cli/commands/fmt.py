"""`pvc fmt`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from pvc.cli.app import surroundings
from pvc.cli.report import emit, plain, show, sources_of
from pvc.cli.texts import difference, read_spec, write_text
from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.diagnostics.places import Lines


@click.command(
    epilog="""\b
Examples:
  pvc fmt talk.vid
  pvc fmt --check talks/*.vid     exit code 1 where one is not in canonical form
  pvc fmt --diff talk.vid         what would change
  pvc fmt - < talk.vid            from stdin to stdout"""
)
@click.argument("files", nargs=-1, required=True, metavar="FILES|-")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 where a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def command(files: tuple[str, ...], check: bool, diff: bool) -> int:
    """Bring .vid files into canonical form. Comments stay; statements with errors stay as they are."""
    around = surroundings()
    from pvc.compiler.syntax.spelling import fmt

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
        done = fmt(text, "-.yaml" if name == "-" and _TWIN.match(text) else name)
        sources[name] = Lines(text)
        diagnostics += done.diagnostics
        changed = done.text != text
        said.append({"file": name, "changed": changed})
        if name == "-" and not (check or diff or around.json):
            sys.stdout.write(done.text)
        elif diff and changed and not around.json:
            sys.stdout.write(difference(name, text, done.text, "formatted"))
        elif check and changed and not (around.json or around.quiet):
            print(f"{name} would change")
        elif changed and not (check or diff) and name != "-":
            write_text(Path(name), done.text)
            if not (around.quiet or around.json):
                print(f"{name} formatted")
    errors = [one for one in diagnostics if one.severity == Severity.ERROR]
    if around.json:
        emit({"ok": not errors, "files": said, "diagnostics": plain(diagnostics, sources)})
    else:
        show(errors, {**sources_of(errors), **sources}, around)
    if unreadable:
        return 2
    return 1 if errors or (check and any(one["changed"] for one in said)) else 0


_TWIN = re.compile(r"\ufeff?(?:\s+|#[^\n]*\n)*(?:---|\{|\"?(?:vid|items|\$schema)\"?\s*:)")
"""How a spec in the YAML spelling begins, for a text that has no name."""
