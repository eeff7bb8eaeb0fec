"""`pvc completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from pvc.cli.app import program


@click.command(
    epilog="""\b
Examples:
  pvc completion bash > ~/.local/share/bash-completion/completions/pvc
  pvc completion zsh > ~/.zfunc/_pvc
  pvc completion fish > ~/.config/fish/completions/pvc.fish"""
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print a completion script for SHELL."""
    kind = get_completion_class(shell)
    assert kind is not None
    print(kind(program, {}, "pvc", "_PVC_COMPLETE").source())
