"""`pvc fmt`."""

from __future__ import annotations

import difflib
import re
import sys
from pathlib import Path

import click

from pvc.cli.app import surroundings
from pvc.cli.report import emit, plain, show, sources_of
from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.diagnostics.places import Lines
from pvc.runtime.build.outputs import output_error
from pvc.runtime.store.blobs import replace_file


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
            lines = difflib.unified_diff(
                text.splitlines(keepends=True), done.text.splitlines(keepends=True), name, f"{name} (formatted)"
            )
            sys.stdout.writelines(line if line.endswith("\n") else f"{line}\n" for line in lines)
        elif check and changed and not (around.json or around.quiet):
            print(f"{name} would change")
        elif changed and not (check or diff) and name != "-":
            try:
                replace_file(Path(name), done.text.encode())
            except OSError as error:
                raise output_error(Path(name), error) from error
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


def read_spec(name: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """A file's text, or None and why it has none."""
    from pvc.compiler.syntax.reading import decode
    from pvc.runtime.build.world import look

    if name == "-":
        return decode(sys.stdin.buffer.read(), name)
    seen, data = look(name)
    if data is None:
        hint = "give a .vid file, or `-` for stdin"
        return None, (Diagnostic("PVC0001", Severity.ERROR, f"{name} cannot be read: {seen.reason}", None, hint=hint),)
    return decode(data, name)
