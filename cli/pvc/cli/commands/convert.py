"""`pvc convert`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pvc.cli.app import surroundings
from pvc.cli.report import emit, plain, show
from pvc.cli.texts import read_spec, write_text
from pvc.compiler.diagnostics.places import Lines


@click.command(
    epilog="""\b
Examples:
  pvc convert talk.vid talk.vid.yaml
  pvc convert talk.vid.yaml talk.vid
  pvc convert talk.vid -             YAML to stdout"""
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO|-")
def command(source: str, target: str) -> int:
    """Write a spec in the other spelling; the names say which is which. Comments are kept."""
    around = surroundings()
    from pvc.compiler.syntax.spelling import convert, is_yaml

    text, problems = read_spec(source)
    if text is None:
        if around.json:
            emit({"ok": False, "diagnostics": plain(problems, {})})
        else:
            show(problems, {}, around)
        return 2
    name = target if target != "-" else ("talk.vid" if is_yaml(source) else "talk.vid.yaml")
    done = convert(text, source, name)
    lines = {source: Lines(text)}
    failed = bool(done.diagnostics)
    if not failed and target == "-":
        if not around.json:
            sys.stdout.write(done.text)
    elif not failed:
        write_text(Path(target), done.text)
    if around.json:
        document: dict[str, object] = {"ok": not failed, "diagnostics": plain(done.diagnostics, lines)}
        emit(document | ({"text": done.text} if target == "-" else {"file": target}))
    else:
        show(done.diagnostics, lines, around)
        if not failed and target != "-" and not around.quiet:
            print(f"{target} written")
    return 1 if failed else 0
