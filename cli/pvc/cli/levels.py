"""`--deny`, `--warn`, `--allow`: levels of lints for one run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import click

from pvc.compiler.lints.settings import WARNINGS, Level

Command = TypeVar("Command", bound=Callable[..., object])

_SAYS = {
    "deny": "Make errors of a lint, by name or code; of everything with `warnings`.",
    "warn": "Warn of a lint, whatever the configuration says.",
    "allow": "Say nothing of a lint.",
}


def level_options(command: Command) -> Command:
    """Adds the three options to a command, as ``deny``, ``warn`` and ``allow``."""
    for name in ("allow", "warn", "deny"):
        command = click.option(f"--{name}", multiple=True, metavar="LINT", help=_SAYS[name])(command)
    return command


def chosen(deny: Iterable[str], warn: Iterable[str], allow: Iterable[str]) -> tuple[tuple[str, Level], ...]:
    """The levels by code; the milder of two options for one lint counts. Raises click.UsageError."""
    found: list[tuple[str, Level]] = []
    for level, words in ((Level.DENY, deny), (Level.WARN, warn), (Level.ALLOW, allow)):
        found.extend((_code(word), level) for given in words for word in given.split(",") if word)
    return tuple(found)


def _code(word: str) -> str:
    from pvc.compiler.lints.table import find, near

    if word.lower() == WARNINGS:
        return WARNINGS
    lint = find(word)
    if lint is not None:
        return lint.code
    if word.upper().startswith("PVC") and word[3:].isdigit():
        raise click.UsageError(f"'{word}' is no lint: levels are for warnings and notes, errors stay errors")
    meant = near(word)
    hint = f"did you mean '{meant}'?" if meant else "`pvc explain` lists names and codes"
    raise click.UsageError(f"there is no lint '{word}'; {hint}")
