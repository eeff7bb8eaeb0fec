"""`pvc explain`."""

from __future__ import annotations

import sys
from difflib import get_close_matches

import click

from pvc.cli.app import surroundings
from pvc.cli.report import emit
from pvc.runtime.errors import PvcError


@click.command(epilog="Example: pvc explain PVC0201")
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Explain a diagnostic: what it means, why it matters, a failing example and a mended one.

    Without CODE, list all codes.
    """
    around = surroundings()
    from pvc.compiler.diagnostics.catalogue import codes, page, titles

    if code is None:
        listed = titles()
        if around.json:
            emit(listed)
        else:
            for name, title in listed.items():
                print(f"{name}  {title}")
        return 0
    wanted = code.strip().upper().removeprefix("ERROR[").removeprefix("WARNING[").rstrip("]")
    if wanted.isdigit():
        wanted = f"PVC{int(wanted):04}"
    found = page(wanted)
    if found is None:
        near = get_close_matches(wanted, codes(), 3)
        raise PvcError(
            "PVC0912",
            f"there is no diagnostic '{code}'",
            f"near are: {', '.join(near)}" if near else "`pvc explain` lists them all",
        )
    if around.json:
        emit({"code": found.code, "title": found.title, "text": found.text, "wrong": found.wrong, "right": found.right})
    elif around.colored(sys.stdout) and sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console(width=min(100, Console().width)).print(Markdown(found.text))
    else:
        print(found.text.rstrip())
    return 0
