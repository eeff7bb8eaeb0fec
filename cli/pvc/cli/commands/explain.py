"""`pvc explain`."""

from __future__ import annotations

import sys
from difflib import get_close_matches

import click

from pvc.cli.app import surroundings
from pvc.cli.report import emit
from pvc.runtime.errors import PvcError


@click.command(epilog="Examples: pvc explain PVC0201, pvc explain unsourced-claim")
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Explain a diagnostic: what it means, why it matters, a failing example and a mended one.

    CODE may be a lint's name. Without it, list all codes.
    """
    around = surroundings()
    from pvc.compiler.diagnostics.catalogue import codes, page, titles
    from pvc.compiler.lints.table import by_code, find, names

    if code is None:
        listed = titles()
        if around.json:
            emit(listed)
        else:
            for name, title in listed.items():
                lint = by_code().get(name)
                print(f"{name}  {title}{f' ({lint.name})' if lint is not None else ''}")
        return 0
    wanted = code.strip().upper().removeprefix("ERROR[").removeprefix("WARNING[").rstrip("]")
    if wanted.isdigit():
        wanted = f"PVC{int(wanted):04}"
    lint = find(wanted)
    wanted = lint.code if lint is not None else wanted
    found = page(wanted)
    if found is None:
        near = get_close_matches(wanted, codes(), 3) or get_close_matches(code.lower(), names(), 3)
        raise PvcError(
            "PVC0912",
            f"there is no diagnostic '{code}'",
            f"near are: {', '.join(near)}" if near else "`pvc explain` lists them all",
        )
    if around.json:
        named = by_code().get(found.code)
        emit(
            {
                "code": found.code,
                "name": named.name if named else None,
                "title": found.title,
                "text": found.text,
                "wrong": found.wrong,
                "right": found.right,
            }
        )
    elif around.colored(sys.stdout) and sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console(width=min(100, Console().width)).print(Markdown(found.text))
    else:
        print(found.text.rstrip())
    return 0
