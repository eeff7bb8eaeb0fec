"""`pvc docs`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from pvc.cli.app import surroundings
from pvc.cli.surroundings import Surroundings
from pvc.cli.talk import request_for


@click.command(
    epilog="""\b
Examples:
  pvc docs                          the gallery in ./gallery
  pvc docs -o site --theme paper    ... elsewhere, in the light theme
  pvc docs --open                   ... and in the browser"""
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("gallery"),
    metavar="DIR",
    help="Where the pages go.",
    show_default=True,
)
@click.option("--theme", default="midnight", metavar="NAME", help="What the clips look like.", show_default=True)
@click.option("--open", "opened", is_flag=True, help="Show it in the browser.")
def command(output: Path, theme: str, opened: bool) -> int:
    """Make a gallery of the standard library: pages to browse, with a clip of every component.

    The clips are built like any talk, so that a second run makes only what changed. Nothing on the pages is fetched
    from elsewhere: the folder can be put on any web server, or opened as it is.
    """
    around = surroundings(None)
    from pvc.cli.report import emit, failure_code, plain, show, sources_of
    from pvc.compiler.library import themes
    from pvc.runtime.build.events import ignore
    from pvc.runtime.gallery.make import gallery

    names = [each.name for each in themes()]
    if theme not in names:
        raise click.UsageError(f"there is no theme '{theme}'; themes are: {', '.join(names)}")
    request = request_for(Path(), around)
    with _progress(around) as step:
        made = gallery(output.absolute(), theme, request, ignore, step)
    if around.json:
        emit(
            {
                "ok": made.ok,
                "diagnostics": plain(made.diagnostics, sources_of(made.diagnostics)),
                "page": str(made.page) if made.ok else None,
                "clips": made.clips,
                "built": made.built,
                "themes": made.themes,
            }
        )
    elif not made.ok:
        show(made.diagnostics, sources_of(made.diagnostics), around)
    elif not around.quiet:
        print(f"{made.page}  {made.clips} components ({made.built} clips made), {made.themes} themes")
    if made.ok and opened:
        click.launch(str(made.page))
    return 0 if made.ok else failure_code(made.diagnostics)


@contextmanager
def _progress(around: Surroundings) -> Iterator[Callable[[str, int, int], None]]:
    """What to tell of each step: a bar on a terminal, lines elsewhere, nothing where nothing is to be said."""
    if around.quiet or around.json or not around.progress:
        yield lambda name, number, count: None
    elif not around.live():
        yield lambda name, number, count: print(f"{number}/{count} {name}", file=sys.stderr)
    else:
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("gallery")

            def step(name: str, number: int, count: int) -> None:
                bar.update(task, description=name, completed=number - 1, total=count)

            yield step
