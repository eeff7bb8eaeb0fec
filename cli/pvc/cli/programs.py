"""`--allow-programs`, `--weak-sandbox`: whether programs of a talk may run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])


def program_options(command: Command) -> Command:
    """Adds the two options to a command, as ``allow_programs`` and ``weak_sandbox``."""
    command = click.option(
        "--weak-sandbox",
        is_flag=True,
        help="As --allow-programs, even where the sandbox cannot keep files from being read.",
    )(command)
    return click.option("--allow-programs", is_flag=True, help="Run programs that the talk shows, in a sandbox.")(
        command
    )
