"""`pvc lsp`."""

from __future__ import annotations

import click

from pvc.runtime.errors import PvcError


@click.command(epilog="Example: pvc lsp (an editor starts it: docs/editors.md says how)")
@click.option("--stdio", is_flag=True, help="Talk over stdin and stdout (the default, and all there is).")
def command(stdio: bool) -> int:
    """Serve an editor over the Language Server Protocol."""
    from pvc.cli.main import version

    try:
        from pvc.lsp.server import serve
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise PvcError(
            "PVC0903",
            "the language server needs pygls, which is not installed",
            "pip install 'paper-video-compiler[lsp]'",
        ) from missing
    serve(version())
    return 0
