"""The page of the command line names every command and every option there is, and none that there is not."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from pvc.cli.app import COMMANDS, program
from pvc.cli.surroundings import Config, read_config

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
SECTIONS = {
    found[1]: found[2] for found in re.finditer(r"^### pvc (\w+)\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
}
COMMON = PAGE[: PAGE.index("## The commands")]


def options(command: click.Command) -> set[str]:
    """Every long option of a command (of a group: of its commands too)."""
    found = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            found |= options(inner)
    return {name for name in found if name.startswith("--")}


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert set(SECTIONS) == set(COMMANDS)


def test_common_options() -> None:
    named = set(re.findall(r"--[a-z][a-z-]*", COMMON)) - {"--help"}
    assert named == {name for name in options(program) if name not in ("--help", "--version")}


@pytest.mark.parametrize("name", COMMANDS)
def test_options(name: str) -> None:
    command = program.get_command(click.Context(program), name)
    assert command is not None
    known = options(command)
    named = set(re.findall(r"--[a-z][a-z-]*", SECTIONS[name]))
    assert named <= known
    assert known - options(program) - {"--help"} <= named


def test_the_configuration_shown_is_read_and_complete(tmp_path: Path) -> None:
    block = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    path = tmp_path / "pvc.toml"
    path.write_text(block[1], encoding="utf-8")
    config = read_config(path)
    assert all(getattr(config, field.name) is not None for field in fields(Config))


def test_keys_of_the_manifest() -> None:
    """The table names the keys that the code writes, in its order."""
    source = (Path(__file__).parents[2] / "runtime/pvc/runtime/build/manifest.py").read_text(encoding="utf-8")
    body = source[source.index("    return {\n") :]
    keys = re.findall(r'^        "(\w+)":', body[: body.index("\n    }\n")], re.MULTILINE)
    table = PAGE[PAGE.index("## The manifest") :]
    rows = [re.findall(r"`(\w+)`", row) for row in re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE)]
    assert [key for row in rows for key in row] == keys, json.dumps(keys)
