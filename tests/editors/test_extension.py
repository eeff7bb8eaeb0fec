"""What the VS Code extension takes from the language is what the language says now. `npm test` tests its code."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest

from editors.texts import ROOT
from pvc.compiler.check.verbs import VERBS
from pvc.compiler.syntax.parser import parse
from pvc.lsp import lens
from pvc.lsp.options import Options, read

FOLDER = ROOT / "lsp" / "vscode"
GENERATE = runpy.run_path(str(FOLDER / "generate.py"))
PACKAGE = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
SNIPPETS = json.loads((FOLDER / "snippets" / "vid.json").read_text(encoding="utf-8"))


def test_generated_files_are_those_of_the_grammar() -> None:
    for name, text in GENERATE["files"]().items():
        message = f"lsp/vscode/{name} is out of date: run `python lsp/vscode/generate.py`"
        assert (FOLDER / name).read_text(encoding="utf-8") == text, message


def test_the_icon_is_painted_from_its_drawing() -> None:
    data = (FOLDER / "images" / "icon.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert (int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")) == (256, 256)
    assert GENERATE["icon"](64).startswith(b"\x89PNG")


def plain(body: list[str]) -> str:
    """A snippet with its placeholders filled in by what they offer."""
    text = "\n".join(body)
    choice = re.compile(r"\$\{\d+\|([^,|]*)[^|]*\|\}")
    filled = choice.sub(lambda found: found[1], text)
    names: dict[str, str] = {}
    holder = re.compile(r"\$\{(\d+):((?:[^${}\\]|\\.)*)\}|\$\{(\d+)\}|\$(\d+)")

    def fill(found: re.Match[str]) -> str:
        if found[1]:
            names.setdefault(found[1], found[2])
            return found[2]
        return names.get(found[3] or found[4], "")

    while holder.search(filled):
        filled = holder.sub(fill, filled)
    return filled.replace("\\}", "}").replace("\\$", "$")


@pytest.mark.parametrize("name", SNIPPETS)
def test_snippets_are_right(name: str) -> None:
    text = plain(SNIPPETS[name]["body"])
    assert "${" not in text
    items = ("talk", "scene", "let", "data", "paper", "concept", "theme", "component", "voice")
    if not text.startswith((*items, "///")):
        text = f"scene a {{\n{text}\n}}"
    assert parse(text, "snippet.vid").diagnostics == (), text


def test_lenses_name_commands_that_the_extension_has() -> None:
    commands = {each["command"] for each in PACKAGE["contributes"]["commands"]}
    assert {lens.PREVIEW, lens.BUILD, lens.DRAFT} <= commands


def test_the_options_are_those_that_the_extension_sends() -> None:
    source = (FOLDER / "src" / "extension.js").read_text(encoding="utf-8")
    sent = source[source.index("function forServer") :]
    said = set(re.findall(r"[{,] (\w+): settings\.get", sent[: sent.index("\n}")]))
    assert said == set(Options.__slots__)
    assert read({"pvc": {"lens": True, "thumbnail": 3}}, Options()) == Options(lens=True)
    assert read("nonsense", Options()) == Options()


def test_the_grammar_knows_every_verb_as_a_verb() -> None:
    """Verbs are read by where they stand; only those without an operand are named."""
    patterns = json.dumps(json.loads((FOLDER / "syntaxes" / "vid.tmLanguage.json").read_text(encoding="utf-8")))
    assert all(name in patterns for name, verb in VERBS.items() if verb.operands[0] == 0)


def test_the_package_has_the_version_of_pvc() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "(.*)"', project, re.MULTILINE)
    assert found is not None
    assert PACKAGE["version"] == found[1]


def test_the_schema_that_it_packs_exists() -> None:
    assert (ROOT / "schemas" / "vid.schema.json").exists()
    assert Path("schemas/vid.schema.json").name in (FOLDER / "copy.js").read_text(encoding="utf-8")
