"""`pvc test`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pvc.cli.app import surroundings
from pvc.cli.report import emit, failure_code, plain, show, sources_of
from pvc.cli.talk import request_for

if TYPE_CHECKING:
    from pvc.compiler.plan.expected import Result
    from pvc.runtime.build.expected import Tested

_MARKS = {True: "passed", False: "FAILED", None: "skipped"}


@click.command(
    epilog="""\b
Examples:
  pvc test talk.vid              every `expect` of the talk
  pvc test talks/*.vid --json    for scripts"""
)
@click.argument("talks", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="TALK...")
@click.option("--scene", metavar="ID", help="One scene alone.")
@click.option("--lang", "language", metavar="LANG", help="In which of the talk's translations [as it is written].")
def command(talks: tuple[Path, ...], scene: str | None, language: str | None) -> int:
    """Hold talks against what they expect of themselves: every `expect`, with what was measured.

    Nothing is built: sentences that were never spoken have estimated lengths, and what hangs on the film's sound is
    skipped until there is a film. Exit code 1: something failed.
    """
    around = surroundings(talks[0])
    from pvc.runtime.build.expected import test

    found = [test(request_for(talk, around, scene, language=language)) for talk in talks]
    failed = [one for one in found if not one.ok]
    broken = [each for one in found if not one.ok and not one.results for each in one.diagnostics]
    if around.json:
        emit(
            {
                "ok": not failed,
                "talks": [_plain(talk, one) for talk, one in zip(talks, found, strict=True)],
                "diagnostics": plain(broken, sources_of(broken)),
            }
        )
        return (failure_code(broken) or 1) if failed else 0
    if broken:
        show(broken, sources_of(broken), around)
    for talk, one in zip(talks, found, strict=True):
        _tell(talk, one, around.quiet)
    return (failure_code(broken) or 1) if failed else 0


def _tell(talk: Path, one: Tested, quiet: bool) -> None:
    lines = _lines(one)
    for result in one.results:
        if quiet and result.passed is not False:
            continue
        print(f"{_MARKS[result.passed]:<8}{_said(result)}  {_place(result, lines)}")
    if quiet:
        return
    counts = {mark: sum(each.passed is passed for each in one.results) for passed, mark in _MARKS.items()}
    told = ", ".join(f"{count} {mark.lower()}" for mark, count in counts.items() if count)
    print(f"{talk}: {told or ('not tested: it has errors' if not one.ok else 'it expects nothing')}")
    if one.estimated and any(each.estimated for each in one.results):
        print(f"note: {one.estimated} sentences were never spoken: their lengths are estimates", file=sys.stderr)


def _said(result: Result) -> str:
    from pvc.compiler.plan.expected import subject

    where = f"{result.scene}: " if result.scene is not None else ""
    guess = ", estimated" if result.estimated else ""
    if result.passed is None:
        return f"{where}{subject(result.expectation)} is not known before the film is built; wanted: {result.wanted}"
    return f"{where}{subject(result.expectation)} is {result.measured}{guess}; wanted: {result.wanted}"


def _lines(one: Tested) -> dict[str, str]:
    """The texts of the files that expectations stand in."""
    found: dict[str, str] = {}
    for result in one.results:
        path = result.expectation.span.path
        if path not in found:
            try:
                found[path] = Path(path).read_text(encoding="utf-8")
            except OSError:
                found[path] = ""
    return found


def _place(result: Result, texts: dict[str, str]) -> str:
    span = result.expectation.span
    return f"({span.path}:{texts[span.path].count(chr(10), 0, span.start) + 1})"


def _plain(talk: Path, one: Tested) -> dict[str, object]:
    from pvc.compiler.plan.expected import subject

    texts = _lines(one)
    return {
        "talk": str(talk),
        "ok": one.ok,
        "estimated": one.estimated,
        "results": [
            {
                "subject": subject(each.expectation),
                "scene": each.scene,
                "passed": each.passed,
                "measured": each.measured,
                "wanted": each.wanted,
                "estimated": each.estimated,
                "path": each.expectation.span.path,
                "line": texts[each.expectation.span.path].count("\n", 0, each.expectation.span.start) + 1,
            }
            for each in one.results
        ],
    }
