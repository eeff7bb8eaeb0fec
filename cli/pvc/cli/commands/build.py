"""`pvc build`."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from pvc.cli.app import surroundings
from pvc.cli.films import Film, film_options
from pvc.cli.surroundings import Surroundings
from pvc.runtime.build.report import Report
from pvc.runtime.build.request import Outcome, Request, replay


@click.command(
    epilog="""\b
Examples:
  pvc build talk.vid                    the film beside the talk
  pvc build talk.vid -o out/film.mp4    ... or elsewhere
  pvc build talk.vid --draft            small pictures, soon done
  pvc build talk.vid --scene scores     one scene alone
  pvc build talk.vid --lang de          its German translation, talk.de.mp4
  pvc build talk.vid --json             what was done, for scripts"""
)
@film_options
@click.option("--executor", default="local", metavar="KIND", help="Where nodes run: local.", show_default=True)
@click.option(
    "--timeout", type=click.FloatRange(min=1), metavar="SECONDS", help="For one node, before it counts as hung."
)
@click.option("--force", is_flag=True, help="Look into everything, even if nothing seems to have changed.")
@click.option("--profile", is_flag=True, help="Say where the time went.")
def command(film: Film, executor: str, timeout: float | None, force: bool, profile: bool) -> int:
    """Make the video of TALK, its captions and chapters.

    Beside OUT.mp4 appear OUT.srt, OUT.vtt, OUT.chapters.txt, OUT.png (the poster) and OUT.json (what every frame is).
    Only what changed since the last build is made again. A talk with several formats becomes one film of each:
    OUT.mp4 in the first, OUT.vertical30.mp4 and so on in the others.
    """
    around = surroundings(film.talk)
    if executor != "local":
        raise click.UsageError(f"there is no executor '{executor}'; this version has: local")
    request = replace(film.request(around), force=force)
    if timeout is not None:
        request = replace(request, timeout=timeout)
    return show_outcomes(outcomes(request, around), around, profile)


def outcomes(request: Request, around: Surroundings) -> list[Outcome]:
    """A build of the talk in each of its formats, the first first; it ends with the first one that has errors."""
    found = [_outcome(request, around)]
    report = found[0].report
    for name in report.formats if report is not None else ():
        found.append(_outcome(replace(request, format=name), around))
        if found[-1].report is None:
            break
    return found


def _outcome(request: Request, around: Surroundings) -> Outcome:
    known = None if request.force else replay(request)
    return known if known is not None else _built(request, around)


def _built(request: Request, around: Surroundings) -> Outcome:
    from pvc.cli.progress import watcher
    from pvc.runtime.build.build import build

    with watcher(around, request.jobs) as watch:
        return build(request, watch)


def show_outcomes(films: list[Outcome], around: Surroundings, profile: bool = False) -> int:
    """Says what came of a build, one outcome for each format; gives the exit code."""
    from pvc.cli.report import emit, failure_code, plain, show, sources_of, summary

    diagnostics = tuple(dict.fromkeys(each for film in films for each in film.diagnostics))
    reports = [film.report for film in films if film.report is not None]
    failed = len(reports) < len(films)
    wrong = any(each.severity == "error" for each in diagnostics)  # also of a film that is not as was expected
    if around.json:
        said = {
            "ok": not (failed or wrong),
            "diagnostics": plain(diagnostics, sources_of(diagnostics)),
            "build": reports[0].plain() if reports else None,
        }
        emit(said | {"others": [report.plain() for report in reports[1:]]} if len(films) > 1 else said)
        return failure_code(diagnostics) if failed or wrong else 0
    if diagnostics:
        show(diagnostics, sources_of(diagnostics), around)
    if not around.quiet:
        for report in reports:
            print(told(report))
            if around.verbose:
                for line in [*report.ran, *_lengths(report)]:
                    print(f"  {line}")
            if profile:
                print(profiled(report))
        if failed:
            which = f"the format {reports[0].formats[len(reports) - 1]} is " if reports else ""
            print(f"{which}not built: {summary(films[-1].diagnostics)}", file=sys.stderr)
    return failure_code(diagnostics) if failed or wrong else 0


def told(report: Report) -> str:
    """A build in one or two lines."""
    from pvc.cli.progress import duration

    numerator, _, denominator = report.fps.partition("/")
    length = duration(report.frames * int(denominator) / int(numerator)) if report.frames else ""
    if report.up_to_date:
        return f"{report.output} is up to date ({length})"
    ran = sum(counts["ran"] for counts in report.nodes.values())
    known = sum(counts["cached"] for counts in report.nodes.values())
    kinds = ", ".join(
        f"{counts['ran']} {kind}" for kind, counts in report.nodes.items() if counts["ran"] and kind != "captions"
    )
    lines = [f"{report.output}  {length} of film in {duration(report.wall)}"]
    lines.append(f"  ran {ran} of {ran + known} nodes" + (f" ({kinds})" if kinds else ""))
    if report.lengths:
        lines[-1] += f"; {len(report.lengths)} stills only changed their length"
    return "\n".join(lines)


def _lengths(report: Report) -> list[str]:
    return [f"length: {scene}, chunk {number}: {old} -> {new} frames" for scene, number, old, new in report.lengths]


def profiled(report: Report) -> str:
    """Where the time went: seconds of work by stage, which overlap."""
    lines = [f"  {'stage':<10}{'seconds':>9}"]
    lines += [f"  {name:<10}{seconds:>9.2f}" for name, seconds in report.seconds.items()]
    lines.append(f"  {'by clock':<10}{report.wall:>9.2f}")
    share = 100 * report.moving / report.frames if report.frames else 0
    lines.append(f"  frames: {report.moving} moving ({share:.0f} %), {report.held} held, {report.painted} painted now")
    raster = report.seconds.get("raster", 0.0)
    if raster > 0 and report.painted:
        lines.append(f"  raster: {report.painted / raster:.0f} frames/s per core")
    return "\n".join(lines)
