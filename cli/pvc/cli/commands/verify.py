"""`pvc verify`."""

from __future__ import annotations

from pathlib import Path

import click

from pvc.cli.app import surroundings
from pvc.cli.report import emit, plain, show


@click.command(epilog="Example: pvc verify out.mp4")
@click.argument("film", type=click.Path(path_type=Path), metavar="OUT.mp4")
@click.option("--manifest", type=click.Path(path_type=Path), metavar="OUT.json", help="The contract [beside the film].")
def command(film: Path, manifest: Path | None) -> int:
    """Check a finished film against its contract: codec, size, frames, samples, sync, loudness, chapters, captions.

    The contract is OUT.json, written by the build; without one, what any film of pvc promises is checked.
    """
    around = surroundings(film)
    from pvc.runtime.media.contract import contract_of
    from pvc.runtime.media.verify import verify

    beside = manifest or film.with_suffix(".json")
    contract = contract_of(beside) if manifest is not None or beside.is_file() else None
    report = verify(film, contract)
    code = 0 if report.ok else 1 if report.read else 2
    if around.json:
        emit(
            {
                "ok": report.ok,
                "film": str(film),
                "contract": str(beside) if contract else None,
                "facts": dict(report.facts),
                "diagnostics": plain(report.problems, {}),
            }
        )
        return code
    show(report.problems, {}, around)
    if not around.quiet:
        width = max((len(name) for name, _ in report.facts), default=0)
        for name, value in report.facts:
            print(f"  {name:<{width}}  {value}")
        kept = "keeps its contract" if contract else "is sound (no contract beside it)"
        print(f"{film} {kept if report.ok else 'does not keep its promises'}")
    return code
