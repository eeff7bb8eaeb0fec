"""The page about editors: its configurations can be read, and what they start is there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from typing import Any

import pytest
import yaml

from editors.texts import ROOT
from pvc.compiler.syntax.spelling import parse_file
from pvc.lsp.options import Options

PAGE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    found = [text for name, text in BLOCKS if name == language]
    assert found, language
    return found


def balanced(text: str, comment: str) -> bool:
    """Whether brackets close in order, outside of texts and comments (of Lua and Lisp)."""
    pairs = {")": "(", "]": "[", "}": "{"}
    open_: list[str] = []
    for token in re.finditer(rf"\"(?:[^\"\\]|\\.)*\"|{comment}[^\n]*|[()\[\]{{}}]", text):
        mark = token.group()
        if mark in pairs.values():
            open_.append(mark)
        elif mark in pairs and (not open_ or open_.pop() != pairs[mark]):
            return False
    return not open_


def test_json_and_toml_can_be_read() -> None:
    read = [json.loads(text) for text in blocks("json")]
    assert set(read[0]) == set(Options.__slots__)
    helix: dict[str, Any] = tomllib.loads(blocks("toml")[0])
    assert helix["language"][0]["language-servers"] == list(helix["language-server"])


@pytest.mark.parametrize(("language", "comment"), [("lua", "--"), ("elisp", ";")])
def test_programs_have_their_brackets(language: str, comment: str) -> None:
    for text in blocks(language):
        assert balanced(text, comment), text
        assert '"pvc"' in text
        assert '"lsp"' in text
    assert not balanced("(a [b)]", comment)


def test_the_schema_that_the_page_names_is_there_and_its_example_is_right() -> None:
    text = blocks("yaml")[0]
    named = re.search(r"\$schema=\./(\S+)", text)
    assert named is not None
    assert (ROOT / named[1]).exists()
    assert yaml.safe_load(text)["vid"] == 1
    assert parse_file(text, "talk.vid.yaml").diagnostics == ()


def test_the_commands_of_the_page_are_there() -> None:
    package = json.loads((ROOT / "lsp" / "vscode" / "package.json").read_text(encoding="utf-8"))
    assert {"package", "test"} <= set(package["scripts"])
    commands = {each["command"] for each in package["contributes"]["commands"]}
    assert set(re.findall(r"`(pvc\.(?:preview|build\w*))`", PAGE)) <= commands
    done = subprocess.run([sys.executable, "-m", "pvc.cli.main", "lsp", "--help"], capture_output=True, text=True)
    assert done.returncode == 0
