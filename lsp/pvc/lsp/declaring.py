"""What can be written inside declarations: groups and tokens of a theme, types, what a component and a concept hold,
scenes of a translation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pvc.compiler.check.bodies import SETTINGS as ARRANGED
from pvc.compiler.check.themes import GROUPS, REQUIRED
from pvc.compiler.check.types import ARITY
from pvc.compiler.check.verbs import BACKENDS
from pvc.compiler.resolve.scope import Unit
from pvc.compiler.syntax import tree
from pvc.lsp.analysis import Analysis
from pvc.lsp.context import Context, locals_before
from pvc.lsp.items import Item

COMPONENT = {
    "layout": ('layout = "NAME"', "layout = "),
    "render": ('render manim = "NAME"', "render "),
    "part": ('part lines[int] "one for each line"', "part "),
    "action": ('action spin(by: angle = 90deg) "turns it"', "action "),
}
BODY = {
    "show": ("show equation(formula) as eq", "show "),
    "row": ("row { show a; show b }", "row { }"),
    "column": ("column { show a; show b }", "column { }"),
    "overlay": ("overlay { show a; show b }", "overlay { }"),
    "grid": ("grid { columns = 2 }", "grid { }"),
    "part": ("part formula = eq", "part "),
    "let": ("let eq = equation(formula)", "let "),
    "if": ('if caption != "" { }', "if "),
    "for": ("for row in data { }", "for "),
}
CONCEPT = {
    "symbol": ("symbol = tex`Q`", "symbol = tex`"),
    "symbols": ("symbols = [tex`Q`, tex`q`]", "symbols = ["),
    "word": ('word = "query"', 'word = "'),
    "words": ('words = ["query", "queries"]', "words = ["),
    "color": ("color = theme.cool", "color = theme."),
}
_OPENER = re.compile(r"([^\W\d][\w-]*)\s*=?\s*$")


def opener(text: str, found: Context) -> str:
    """The word before the innermost open bracket: the name of a group, or of a setting that is given a list."""
    start = found.opened[-1].start if found.opened else 0
    match = _OPENER.search(text, max(0, start - 80), start)
    return match[1] if match else ""


def declaring(analysis: Analysis, unit: Unit, found: Context, text: str) -> Iterator[Item]:
    """The candidates in a theme, concept, component, data or translation, at the cursor of ``text``."""
    words = found.words
    match found.item:
        case "theme" if found.depth == 1 and not words:
            yield from (Item(name, "setting", text=f"{name} {{ }}") for name in GROUPS)
        case "theme" if not words:
            group = opener(text, found)
            program = analysis.program
            known = dict(getattr(program.theme, group, ())) if program is not None and group in REQUIRED else {}
            for name in (*REQUIRED.get(group, ()), *(name for name in known if name not in REQUIRED[group])):
                yield Item(name, "setting", text=f"{name} = ")
        case "concept" if not words:
            yield from (Item(name, "setting", usage, text=text) for name, (usage, text) in CONCEPT.items())
        case "component" if not words:
            named = COMPONENT if found.depth == 1 else {}
            yield from (Item(name, "keyword", usage, text=text) for name, (usage, text) in {**BODY, **named}.items())
            yield from (Item(name, "setting", f"{name} = ...", text=f"{name} = ") for name in ARRANGED)
        case "component" if words[-1:] == ["="] and words[0] in ("fill", "border") and analysis.program is not None:
            yield from (Item(f"theme.{name}", "color") for name, _ in analysis.program.theme.colors)
        case "component" if words[-1:] == ["="] and words[0] in ARRANGED:
            yield from (Item(each.name, "value") for each in ARRANGED[words[0]].arguments)
        case "component" if words[-1:] == ["="]:
            yield from (Item(name, "let") for name in locals_before(text, found, found.start))
        case "component" if words == ["render"]:
            yield from (Item(name, "backend") for name in BACKENDS)
        case "data" if words[-1:] == [":"]:
            yield from (Item(name, "type") for name in ("text", "number", "int", "bool"))
        case "translation" if found.depth == 1 and not words:
            yield Item("scene", "keyword", 'scene NAME "Title" { say "..." -> "..." }')
            yield Item("lexicon", "keyword", 'lexicon { "written" -> "spoken" }')
        case "translation" if words == ["scene"]:
            for block in unit.file.blocks:
                if isinstance(block.item, tree.Scene):
                    title = block.item.title.value if block.item.title is not None else ""
                    yield Item(block.item.name, "scene", title)
        case "translation" if found.depth > 1 and not words:
            yield Item("say", "keyword", 'say "original" -> "translation"')
            yield from _untranslated(unit, found, text)


def types() -> Iterator[Item]:
    """Every type, those with arguments as they are begun."""
    for name, (least, most) in ARITY.items():
        yield Item(name, "type", text=f"{name}<" if least else None, detail=f"{name}<...>" if most != 0 else "")


def _untranslated(unit: Unit, found: Context, text: str) -> Iterator[Item]:
    """The narrations of the scene that the translation does not name yet."""
    start = found.opened[-1].start
    head = text[text.rfind("scene", 0, start) : start].split()
    scene = next(
        (
            block.item
            for block in unit.file.blocks
            if isinstance(block.item, tree.Scene) and len(head) > 1 and block.item.name == head[1]
        ),
        None,
    )
    done = text[start:]
    for node in scene.body if scene is not None else ():
        if isinstance(node, tree.Say) and node.text.value not in done:
            whole = f'say "{node.text.value}" -> "'
            yield Item(node.text.value, "text", "translate this narration", text=whole)
