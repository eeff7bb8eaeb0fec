"""Every example of the documentation does what the page says: it checks, or it gives the code it is marked with.

A block's fence says what it is: a whole file (no word behind `vid`), top-level items (`top`), settings of a talk
(`talk`), statements of a scene (`scene`), or statements of a scene in which the visuals that they name are on screen
(`action`). `error=CODE` marks one that must fail so.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pvc.compiler import data
from pvc.compiler.check import check
from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.disk import DiskWorld
from pvc.compiler.lints.judge import judge
from pvc.compiler.lints.settings import DEFAULT
from pvc.compiler.lints.table import Phase
from pvc.compiler.plan import plan
from pvc.compiler.stage import stage
from pvc.runtime.build.expected import looking

ROOT = Path(__file__).parents[2]
PAGES = ("language.md", "components.md")
KINDS = ("", "top", "talk", "scene", "action")

TALK = 'talk "T" {\n}\n'
SCENE = 'scene last "Last" {\n  say "Hello."\n}\n'
SAMPLES = data.path("stdlib", "samples")
AROUND = (SAMPLES / "around.vid").read_text(encoding="utf-8")
"""What fragments of scenes may name."""

VISUALS = {
    "eq": r"equation(tex`\frac{Q}{K}`)",
    "other": r"equation(tex`Q^2`)",
    "note": 'text("A remark.")',
    "list": 'bullets(["Read it", "Ask what is new"])',
    "chart": 'charts.bar(bleu, x: model, y: score, title: "BLEU")',
    "listing": "code(python`a = 1\nb = 2\n`)",
}
"""What fragments of actions may name; shown before, unless the fragment itself brings them."""

LINTS = frozenset({"PVC0701", "PVC0703", "PVC0704", "PVC0743", "PVC0744"})
"""What is said of a fragment only because it is one: a name that it declares but has no room to use."""


@dataclass(frozen=True)
class Example:
    page: str
    line: int
    kind: str
    code: str | None
    text: str


def examples(page: str) -> Iterator[Example]:
    written = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for found in re.finditer(r"^```vid([^\n`]*)\n(.*?)^```$", written, re.MULTILINE | re.DOTALL):
        words = found[1].split()
        code = next((word.removeprefix("error=") for word in words if word.startswith("error=")), None)
        kinds = [word for word in words if not word.startswith("error=")]
        assert len(kinds) <= 1, f"{page}: what is ```vid{found[1]}?"
        yield Example(page, written.count("\n", 0, found.start()) + 1, "".join(kinds), code, found[2])


ALL = [example for page in PAGES if (ROOT / "docs" / page).is_file() for example in examples(page)]


def shown(text: str) -> str:
    """The visuals that a fragment of actions names, defined and on screen."""
    lines = []
    for name, made in VISUALS.items():
        if not re.search(rf"\b{name}\b(?! [\"{{=])", text):
            continue
        lines.append(f"let {name} = {made}")
        if not re.search(rf"\b(?:show|reveal|into) {name}\b", text):
            lines.append(f"show {name}")
    return "\n".join(lines) + "\n"


def whole(example: Example) -> str:
    """The file that an example stands for."""
    text = example.text
    if example.kind == "talk":
        return f'talk "T" {{\n{text}}}\n{SCENE}'
    if example.kind == "top":
        return TALK + text + ("" if re.search(r"^scene\b", text, re.MULTILINE) else SCENE)
    if example.kind == "scene":
        return f'{TALK}{AROUND}scene one "One" {{\n{text}}}\n'
    if example.kind == "action":
        return f'{TALK}{AROUND.replace("paper note", "paper article")}scene one "One" {{\n{shown(text)}{text}}}\n'
    return text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the files that examples name."""
    made = tmp_path_factory.mktemp("docs") / "project"
    shutil.copytree(SAMPLES, made)
    (made / "figures").mkdir()
    shutil.copy(SAMPLES / "paper" / "weights.png", made / "figures" / "weights.png")
    (made / "brand.vid").write_text("let ink = #1d2330\n", encoding="utf-8")
    return made


def said(text: str, folder: Path) -> list[Diagnostic]:
    """Everything that check, plan and stage say of a talk."""
    path = folder / "talk.vid"
    path.write_text(text, encoding="utf-8")
    world = DiskWorld()
    checked = check(str(path), world)
    found = list(checked.diagnostics)
    if checked.program is None or not checked.ok:
        return found
    planned = plan(checked.program, {})
    found += planned.diagnostics
    seen = looking(checked.program)
    for index, time in enumerate(planned.time.scenes):
        staged = stage(checked.program, index, time, world)
        found += staged.diagnostics
        seen.add(index, time, staged)
    found += seen.failures(planned.time)
    asked = judge(DEFAULT, (unit.file for unit in checked.units))
    return [*asked.settle((*found, *asked.allowed.diagnostics)), *asked.idle(Phase)]


def test_every_kind_is_known() -> None:
    assert len(ALL) >= 40
    assert {example.kind for example in ALL} == set(KINDS)


@pytest.mark.parametrize("example", ALL, ids=lambda example: f"{example.page}:{example.line}")
def test_example(example: Example, folder: Path) -> None:
    found = said(whole(example), folder)
    told = [(one.code, one.message) for one in found]
    if example.code is not None:
        assert example.code in {one.code for one in found if one.severity is Severity.ERROR}, told
        return
    ignored = frozenset() if example.kind == "" else LINTS
    if example.kind == "action":  # a few seconds of a scene, without the narration around it
        ignored |= {"PVC0440", "PVC0574"}
    rest = [(one.code, one.message) for one in found if one.code not in ignored]
    assert not rest
