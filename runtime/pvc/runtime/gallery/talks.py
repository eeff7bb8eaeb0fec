"""The talks that a gallery shows: one for each component's example, one picture for each theme."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pvc.compiler import data, library
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.format import format_text
from pvc.compiler.syntax.parser import parse
from pvc.runtime.build.outputs import write_output

_SCENE = """\
scene shown "A theme" {{
  let words   = heading("The theme {name}")
  let formula = equation(tex`\\operatorname{{softmax}}\\left(\\frac{{QK^\\top}}{{\\sqrt{{d_k}}}}\\right)V`)
  let chart   = charts.bar(bleu, x: model, y: score, title: "BLEU")

  say "Words, a query in a formula, and numbers." {{
    show words
    show formula in left
    show chart in right
  }}
}}
"""
"""What a theme is shown with: type, a formula with a concept's colour, a chart."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A talk of the gallery: ``name`` of the component or theme, its file."""

    name: str
    path: Path


def prepare(folder: Path, theme: str) -> tuple[list[Shown], list[Shown]]:
    """Writes the talks of all components and of all themes into a folder, beside the files that they name. Files that
    stand there already as they should are left alone."""
    samples = data.path("stdlib", "samples")
    shutil.copytree(samples, folder, dirs_exist_ok=True)
    around = folder / "around.vid"
    declared = parse(around.read_text(encoding="utf-8"), around.name).file.blocks
    around.unlink()
    components = [
        _write(folder, each.name, _talk(each.name, theme, declared, f"scene shown {{\n{each.example}\n}}\n"))
        for module in library.modules()
        for each in library.components(module)
    ]
    themes = [
        _write(folder, f"theme-{each.name}", _talk(each.name, each.name, declared, _SCENE.format(name=each.name)))
        for each in library.themes()
    ]
    return components, themes


def _talk(title: str, theme: str, declared: Sequence[tree.Block], scene: str) -> str:
    """A talk of one scene, with those of the declarations that the scene names (concepts also in its words)."""
    named = re.sub(r'"[^"\n]*"', "", scene)
    needed = [
        block.text[block.item.at.start : block.item.at.end]
        for block in declared
        if block.item is not None
        and re.search(rf"\b{_name(block)}\b", scene if isinstance(block.item, tree.Concept) else named)
    ]
    head = f"talk {json.dumps(title)} {{\n  format = 720p30\n  theme = {theme}\n}}"
    return format_text("\n\n".join((head, *needed, scene)), "").text


def _name(block: tree.Block) -> str:
    match block.item:
        case tree.Use(module=module) if module is not None:
            return module.parts[-1]
        case tree.Declaration(name=name) | tree.Concept(name=name):
            return name
    return r"\b\B"


def _write(folder: Path, name: str, text: str) -> Shown:
    path = folder / f"{name}.vid"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_output(path, text.encode())
    return Shown(name, path)
