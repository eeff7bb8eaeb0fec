"""The talks that a gallery shows: one for each component's example, one for each theme, one for all formats."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pvc.compiler import data, library
from pvc.compiler.check.settings import format_named
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

_FORMATS = """\
scene opening {
  say "A title has the frame to itself." {
    show title("One talk, three frames", subtitle: "What stands side by side in a wide frame is stacked in the others")
  }
}

scene list {
  say "A heading, a list, and a chart beside it." {
    show heading("What is laid out anew")
    show bullets(["Lines are broken anew", "Sizes stay those of the theme", "Margins keep clear of players"])
    show charts.bar(bleu, x: model, y: score, title: "BLEU")
  }
}

scene formula {
  say "A query in a formula, and where it goes." {
    show equation(tex`\\operatorname{softmax}\\left(\\frac{QK^\\top}{\\sqrt{d_k}}\\right)V`) in left
    show diagrams.flow(edges: ["query -> scores", "key -> scores", "scores -> weights: softmax"]) in right
  }
}
"""
"""What the formats are shown with: a frame of its own, a shared body, two halves."""

FORMAT_SCENES = ("opening", "list", "formula")
"""The scenes of that talk."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A format of the talk that shows them, by its name, and what it is for."""

    name: str
    prose: str

    @property
    def size(self) -> tuple[int, int]:
        found = format_named(self.name)
        assert found is not None, "it is one of SHAPES"
        return found.width, found.height


SHAPES = (
    Shape("1080p30", "Wide, 16:9: screens, projectors, players of videos. Visuals stand side by side."),
    Shape(
        "vertical30",
        "Upright, 9:16: telephones. Visuals are stacked, and what players cover with names and buttons stays free.",
    ),
    Shape("square30", "Square, 1:1: posts and feeds. Visuals are stacked."),
)
"""One format of each shape."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A talk of the gallery: ``name`` of the component or theme, its file."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Talks:
    """All talks of a gallery; ``formats`` is made in all SHAPES."""

    components: tuple[Shown, ...]
    themes: tuple[Shown, ...]
    formats: Shown


def prepare(folder: Path, theme: str) -> Talks:
    """Writes the talks of all components, of all themes and of the formats into a folder, beside the files that they
    name. Files that stand there already as they should are left alone."""
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
    formats = _talk(*("Formats", theme, declared, _FORMATS), f"formats = [{', '.join(shape.name for shape in SHAPES)}]")
    return Talks(tuple(components), tuple(themes), _write(folder, "formats", formats))


def _talk(title: str, theme: str, declared: Sequence[tree.Block], scene: str, made: str = "format = 720p30") -> str:
    """A talk of these scenes, with those of the declarations that they name (concepts also in their words)."""
    named = re.sub(r'"[^"\n]*"', "", scene)
    needed = [
        block.text[block.item.at.start : block.item.at.end]
        for block in declared
        if block.item is not None
        and re.search(rf"\b{_name(block)}\b", scene if isinstance(block.item, tree.Concept) else named)
    ]
    head = f"talk {json.dumps(title)} {{\n  {made}\n  theme = {theme}\n}}"
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
