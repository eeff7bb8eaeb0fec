"""`pvc frame`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pvc.cli.app import surroundings
from pvc.cli.programs import program_options
from pvc.cli.report import emit, failure_code, plain, show, sources_of
from pvc.cli.talk import parse_at, request_for
from pvc.runtime.programs.consent import consent


@click.command(
    epilog="""\b
Examples:
  pvc frame talk.vid@1:23 -o frame.png    at 1 min 23 s
  pvc frame talk.vid@120f                 frame 120
  pvc frame talk.vid@scene:intro          a scene when all of it is shown
  pvc frame talk.vid@line:42              what stands in a line of the file"""
)
@click.argument("at", metavar="TALK@TIME")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="F.png", help="Where the picture goes.")
@click.option("--preset", metavar="NAME", help="Size: talk, draft, hd, full, uhd.")
@click.option("--draft", is_flag=True, help="The same as --preset draft.")
@click.option("--lang", "language", metavar="LANG", help="In which of the talk's translations [as it is written].")
@program_options
def command(
    at: str,
    output: Path | None,
    preset: str | None,
    draft: bool,
    language: str | None,
    allow_programs: bool,
    weak_sandbox: bool,
) -> int:
    """Paint one frame of a talk, without building the rest.

    Sentences that were never spoken have estimated lengths; the frame says so where that moves it.
    """
    place = parse_at(at)
    around = surroundings(place.talk)
    from pvc.runtime.build.outputs import require_writable, write_output
    from pvc.runtime.build.survey import frame_of

    allowed = consent(allow_programs, weak_sandbox)
    request = request_for(place.talk, around, None, "draft" if draft else preset, language, allowed)
    target = (output or Path(f"{place.talk.stem}-{at.rpartition('@')[2].replace(':', '.')}.png")).absolute()
    require_writable(target)
    shot = frame_of(request, place.seconds, place.scene, place.frame, place.line)
    if shot.png is not None:
        write_output(target, shot.png)
    if around.json:
        emit(
            {
                "ok": shot.png is not None,
                "diagnostics": plain(shot.diagnostics, sources_of(shot.diagnostics)),
                "output": str(target) if shot.png is not None else None,
                "frame": shot.frame,
                "frames": shot.frames,
                "scene": shot.scene,
                "estimated": shot.estimated,
            }
        )
        return 0 if shot.png is not None else failure_code(shot.diagnostics)
    show(shot.diagnostics, sources_of(shot.diagnostics), around)
    if shot.png is None:
        return failure_code(shot.diagnostics)
    if not around.quiet:
        print(f"{target}  frame {shot.frame} of {shot.frames}, in scene {shot.scene}")
        if shot.estimated:
            one = shot.estimated == 1
            print(
                f"note: {shot.estimated} sentence{'' if one else 's'} {'was' if one else 'were'} never spoken: "
                "times are estimates until the talk is built",
                file=sys.stderr,
            )
    return 0
