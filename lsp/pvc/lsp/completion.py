"""What can be written at the cursor."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pvc.compiler.check.camera import FILMS
from pvc.compiler.check.declarations import ENGINES
from pvc.compiler.check.settings import EXPECTED, SETTINGS, WORDS, format_names
from pvc.compiler.check.sources import READERS
from pvc.compiler.check.things import PaperThing
from pvc.compiler.check.units import UNITS
from pvc.compiler.check.verbs import BACKENDS, DIRECTIONS, EFFECTS, REGIONS, VERBS
from pvc.compiler.library import split_doc
from pvc.compiler.model.program import TRANSITIONS
from pvc.compiler.model.values import Table
from pvc.compiler.resolve.scope import Unit
from pvc.compiler.resolve.standard import STANDARD
from pvc.compiler.syntax import tree
from pvc.lsp import describe
from pvc.lsp.analysis import Analysis
from pvc.lsp.context import Context, context_at, cues_around, locals_before
from pvc.lsp.declaring import declaring, opener, types
from pvc.lsp.items import Item
from pvc.lsp.names import Slot
from pvc.lsp.navigation import component_named, parameter_of
from pvc.lsp.tex import COMMANDS

ITEMS = {
    "talk": 'talk "Title" { ... }',
    "use": "use std.charts",
    "paper": 'paper NAME = latex("paper/main.tex")',
    "voice": 'voice NAME = espeak(voice: "en-us")',
    "music": "music NAME = pad(seed: 1)",
    "sound": 'sound NAME = file("ding.wav")',
    "data": 'data NAME = csv("data.csv") { column: type }',
    "font": 'font NAME = "file.ttf"',
    "translation": 'translation de { scene NAME { say "..." -> "..." } }',
    "let": "let NAME = value",
    "lexicon": 'lexicon { "written" -> "spoken" }',
    "concept": "concept NAME { symbol = ..., words = [...], color = theme.cool }",
    "theme": "theme NAME extends midnight { ... }",
    "component": "component NAME(parameter: type) { ... }",
    "scene": 'scene NAME "Title" { ... }',
}
STATEMENTS = {
    "say": 'say "narration with {cue}" { actions }',
    "let": "let NAME = component(...)",
    "wait": "wait 0.5s",
    "together": "together { actions }",
    "at": 'at cue: action, or at "phrase": action',
    "claim": 'claim "..." from paper at "label" quote "..."',
    "expect": "expect duration < 30s",
    "note": 'note "for the speaker"',
    "review": 'review "a question for a person"',
    "chapter": 'chapter "Title"',
    "if": "if audience == ... { }",
    "for": "for row in table { }",
}
DATA_READERS = ("csv", "tsv", "json", "yaml")
_ASSETS = frozenset({"image", "video", "sound", "font", "model3d"})
"""Types whose values are written as the name of a file."""


@dataclass(frozen=True, slots=True)
class Completion:
    """``items`` replace the characters from ``start`` to the cursor."""

    items: tuple[Item, ...]
    start: int


def complete(analysis: Analysis, text: str, offset: int) -> Completion:
    """The candidates at an offset of ``text``, which may be newer than the analysis is."""
    found = context_at(text, offset)
    if found.inside == "comment" or analysis.unit is None:
        return Completion((), found.start)
    if found.inside != "code":
        return _in_text(analysis, found, offset)
    dot = found.prefix.rfind(".")
    number = re.search(r"\d(?P<unit>[a-z%]*)$", text[max(0, offset - 12) : offset])
    if dot >= 0:
        items = _members(analysis, analysis.unit, found, text, offset, found.prefix[:dot])
        start = found.start + dot + 1
    elif number is not None:
        items, start = (Item(unit, "unit") for unit in UNITS), offset - len(number["unit"])
    else:
        items, start = _words(analysis, analysis.unit, found, text, offset), found.start
    wanted = text[start:offset].casefold()
    unique: dict[str, Item] = {}
    for each in items:
        if fits(each.label.casefold(), wanted):
            unique.setdefault(each.label, each)
    return Completion(tuple(unique.values()), start)


def fits(label: str, wanted: str) -> bool:
    """Whether the letters wanted occur in the label in their order, the first one first."""
    if not wanted:
        return True
    if label[:1] != wanted[0] and not label.startswith(wanted):
        return wanted in label
    rest = iter(label)
    return all(letter in rest for letter in wanted)


# ------------------------------------------------------------------------------------------------ inside texts


def _in_text(analysis: Analysis, found: Context, offset: int) -> Completion:
    if found.inside == "tex":
        if not found.prefix.startswith("\\"):
            return Completion((), offset)
        items = [Item(f"\\{name}", "tex", doc) for name, doc in COMMANDS.items() if fits(name, found.prefix[1:])]
        return Completion(tuple(items), found.start)
    labels = _labels(analysis, found)
    if labels:
        return Completion(tuple(labels), offset - len(found.content))
    if found.inside == "text" and _is_file(analysis, found):
        folder, _, prefix = found.content.rpartition("/")
        start = offset - len(prefix)
        base = os.path.join(os.path.dirname(analysis.path), folder)
        return Completion(tuple(_files(base, prefix, vid=found.item == "use")), start)
    return Completion((), offset)


def _is_file(analysis: Analysis, found: Context) -> bool:
    """Whether the text at the cursor names a file."""
    call = found.call
    if call is None:
        return found.item in ("use", "font", "music", "sound") and not found.opened
    if call.callee in {*READERS, *DATA_READERS}:
        return call.argument in (None, "file")
    slot = Slot(tuple(call.callee.split(".")), call.argument, call.index)
    parameter = parameter_of(analysis.unit, slot) if analysis.unit is not None else None
    return parameter is not None and parameter.type.name in _ASSETS


def _labels(analysis: Analysis, found: Context) -> list[Item]:
    """The labels of a paper, behind `from PAPER at "` and in `figure(from: PAPER, label: "`."""
    words = found.words
    name = words[-2] if len(words) > 2 and words[-1] == "at" and words[-3] == "from" else None
    if name is None and found.call is not None and found.call.argument == "label":
        match = re.search(r"from\s*:\s*(\w+)", analysis.lines.text[found.call.start : found.start])
        name = match[1] if match else None
    binding = analysis.unit.find("values", name) if name is not None and analysis.unit is not None else None
    thing = binding.value if binding is not None else None
    if found.inside != "text" or not isinstance(thing, PaperThing) or thing.paper is None:
        return []
    return [Item(each.name, "label", each.kind) for each in thing.paper.labels if fits(each.name, found.content)]


def _files(folder: str, prefix: str, vid: bool) -> Iterator[Item]:
    try:
        with os.scandir(folder) as entries:
            names = sorted((entry.name, entry.is_dir()) for entry in entries)[:500]
    except OSError:
        return
    for name, is_folder in names:
        if name.startswith(".") and not prefix.startswith("."):
            continue
        if is_folder:
            yield Item(name, "folder", text=f"{name}/")
        elif not vid or name.endswith(".vid"):
            yield Item(name, "file")


# ------------------------------------------------------------------------------------------------ behind a dot


def _members(analysis: Analysis, unit: Unit, found: Context, text: str, offset: int, owner: str) -> Iterator[Item]:
    if owner == "theme":
        yield from _colors(analysis, prefix="")
        return
    if owner == "std":
        for name in STANDARD:
            yield Item(name, "module")
        return
    module = unit.find("modules", owner)
    if module is not None and isinstance(module.value, Unit):
        yield from _components(module.value, own=True)
        for name in module.value.values:
            yield Item(name, "value")
        return
    local = locals_before(text, found, offset)
    if owner in local:
        binding = component_named(unit, tuple(local[owner].split("."))) if local[owner] else None
        if binding is not None and isinstance(binding.node, tree.ComponentDecl):
            for each in describe.parts_of(binding.node.body):
                yield Item(each.name, "part", describe.part(each).strip("`"))
        return
    value = unit.find("values", owner)
    if value is not None and isinstance(value.value, Table):
        for name in value.value.columns:
            yield Item(name, "column")
    elif value is not None and value.kind == "paper":
        for name in ("title", "authors", "year"):
            yield Item(name, "field")


def _colors(analysis: Analysis, prefix: str = "theme.") -> Iterator[Item]:
    if analysis.program is not None:
        for name, color in analysis.program.theme.colors:
            yield Item(f"{prefix}{name}", "color", f"#{color.red:02x}{color.green:02x}{color.blue:02x}")


def _components(unit: Unit, own: bool = False) -> Iterator[Item]:
    names = unit.components if own else unit.known("components")
    for name in names:
        binding = unit.find("components", name)
        if binding is not None and isinstance(binding.node, tree.ComponentDecl):
            label, _ = describe.signature(binding.node, name)
            yield Item(name, "component", label, split_doc(binding.node.trivia.doc)[0])


def _modules(unit: Unit) -> Iterator[Item]:
    for name in unit.modules:
        yield Item(name, "module")


def _values(unit: Unit, local: dict[str, str]) -> Iterator[Item]:
    for name, made in local.items():
        yield Item(name, "let", made)
    for name, binding in unit.values.items():
        yield Item(name, binding.kind)


# ------------------------------------------------------------------------------------------------ words


def _words(analysis: Analysis, unit: Unit, found: Context, text: str, offset: int) -> Iterator[Item]:
    local = locals_before(text, found, offset)
    if found.item == "component" and any(each.bracket == "(" for each in found.opened) and not found.depth:
        call = found.opened[0]
        if call.argument is not None and "=" not in found.words:
            yield from types()
        elif found.words[-1:] == ["="]:
            yield from _values(unit, local)
    elif found.call is not None:
        yield from _argument(analysis, unit, found, local)
    elif not found.opened:
        yield from _top(analysis, unit, found)
    elif found.item == "talk":
        yield from _setting(analysis, unit, found, text)
    elif found.item == "scene" or (found.item == "component" and found.words[:1] in (["show"], ["for"], ["if"])):
        yield from _statement(analysis, unit, found, text, local)
    elif found.item in ("theme", "concept") and found.words[-1:] == ["="]:
        yield from _colors(analysis)
    else:
        yield from declaring(analysis, unit, found, text)


def _top(analysis: Analysis, unit: Unit, found: Context) -> Iterator[Item]:
    if not found.words or found.words == [found.prefix]:
        for word, usage in ITEMS.items():
            yield Item(word, "keyword", usage)
    elif found.words[-1] == "=":
        readers: Iterable[str] = {
            "paper": tuple(READERS),
            "voice": tuple(ENGINES),
            "music": ("file", "pad"),
            "sound": ("file",),
            "data": DATA_READERS,
        }.get(found.words[0], ())
        for word in readers:
            yield Item(word, "reader")
        if found.words[0] == "let":
            yield from _values(unit, {})
            yield from _components(unit)
    elif found.words == ["use"]:
        for name in STANDARD:
            yield Item(f"std.{name}", "module")
    elif found.words[0] == "theme" and found.words[-1] == "extends":
        yield from _themes(unit)
    elif found.words[0] == "scene" and found.words[-1] in ("on", "fallback"):
        yield from (Item(word, "backend") for word in BACKENDS)
    elif found.words[0] == "scene" and found.words[-1] == "transition":
        yield from (Item(word, "value") for word in TRANSITIONS)
    elif found.words[0] == "scene" and len(found.words) > 1:
        yield from (Item(word, "clause") for word in ("transition", "on", "fallback"))


def _themes(unit: Unit) -> Iterator[Item]:
    for name in unit.known("themes"):
        yield Item(name, "theme")


def _setting(analysis: Analysis, unit: Unit, found: Context, text: str) -> Iterator[Item]:
    words = found.words
    if not words and found.opened[-1].bracket == "{":
        for name in SETTINGS:
            yield Item(name, "setting", doc=describe.SETTINGS.get(name, ""), text=f"{name} = ")
        yield Item("expect", "keyword", "expect duration in 2min..3min")
    elif words[:1] == ["expect"] and len(words) == 1:
        yield from (Item(name, "subject") for name in EXPECTED)
    elif words[-1:] == ["="]:
        match words[0]:
            case "format":
                yield from (Item(name, "value") for name in format_names() if "." not in name)
            case "theme":
                yield from _themes(unit)
            case "voice":
                yield from (Item(name, "voice") for name, each in unit.values.items() if each.kind == "voice")
            case "music":
                yield from (Item(name, "music") for name, each in unit.values.items() if each.kind == "music")
                yield Item("none", "value")
            case "backend" | "fallback":
                yield from (Item(name, "backend") for name in BACKENDS)
            case word if word in WORDS:
                yield from (Item(name, "value") for name in WORDS[word])
    elif found.opened[-1].bracket == "[" and opener(text, found) == "formats":
        yield from (Item(name, "value") for name in format_names() if "." not in name)


def _statement(analysis: Analysis, unit: Unit, found: Context, text: str, local: dict[str, str]) -> Iterator[Item]:
    words = list(found.words)
    if words and words[0] == "at" and ":" in words:  # at cue: action
        words = words[words.index(":") + 1 :]
    if not words:
        for name, verb in VERBS.items():
            yield Item(name, "verb", verb.usage)
        yield from (Item(word, "keyword", usage) for word, usage in STATEMENTS.items())
        return
    first, last = words[0], words[-1]
    if first == "at":
        if len(words) == 1:
            yield from (Item(name, "cue") for name in cues_around(text, found))
        return
    match last:
        case "with":
            yield from (Item(name, "effect") for name in EFFECTS)
            return
        case "in" if first == "for":
            yield from _values(unit, local)
            return
        case "to" if first in FILMS:
            yield from (Item(name, "let", made) for name, made in local.items())
            return
        case "in" | "to":
            yield from (Item(name, "region") for name in REGIONS)
            return
        case "color":
            yield from _colors(analysis)
            return
        case "on" | "fallback":
            yield from (Item(name, "backend") for name in BACKENDS)
            return
        case "from":
            yield from (Item(name, "paper") for name, each in unit.values.items() if each.kind == "paper")
            return
        case "voice" | "by" if first not in FILMS:
            yield from (Item(name, "voice") for name, each in unit.values.items() if each.kind == "voice")
            return
        case "as" | "for" | "by":
            return
    if first in VERBS:
        known = VERBS[first]
        if len(words) == 1 and first == "play":
            yield from (Item(name, "sound") for name, each in unit.values.items() if each.kind == "sound")
            yield from (Item(name, "let", made) for name, made in local.items())
        elif len(words) == 1 and first in FILMS:
            yield Item("camera", "keyword", known.usage)
        elif len(words) == 1 or last in (",", "into", *DIRECTIONS):
            yield from (Item(name, "let", made) for name, made in local.items())
            if first in ("highlight", "unhighlight"):
                yield from (Item(name, "concept") for name, each in unit.values.items() if each.kind == "concept")
            if known.makes or last == "into":
                yield from _components(unit)
                yield from _modules(unit)
        else:
            yield from (Item(word, "clause") for word in sorted(known.clauses))
    elif first == "let" and last == "=":
        yield from _components(unit)
        yield from _modules(unit)
        yield from _values(unit, local)
    elif first == "say":
        yield from (Item(word, "clause") for word in ("voice", "language"))
    elif first == "claim":
        yield from (Item(word, "clause") for word in ("from", "at", "quote"))
    elif first == "expect" and len(words) == 1:
        yield from (Item(name, "subject") for name in EXPECTED)


def _argument(analysis: Analysis, unit: Unit, found: Context, local: dict[str, str]) -> Iterator[Item]:
    call = found.call
    assert call is not None
    if call.callee in READERS:
        if call.argument is None:
            yield from (Item(name, "parameter", text=f"{name}: ") for name in READERS[call.callee])
        return
    binding = component_named(unit, tuple(call.callee.split(".")))
    if binding is None or not isinstance(binding.node, tree.ComponentDecl):
        yield from _values(unit, local)
        return
    declared = binding.node.parameters
    if call.argument is None and not found.words:
        for each in declared:
            if each.name not in call.given:
                doc = " ".join((each.doc or "").split())
                yield Item(each.name, "parameter", describe.parameter_label(each), doc, f"{each.name}: ")
    field = next((each for each in declared if each.name == call.argument), None)
    if field is None and call.argument is None and call.index < len(declared):
        field = declared[call.index]
    if field is not None:
        yield from _of_type(analysis, unit, field)
    yield from _values(unit, local)


def _of_type(analysis: Analysis, unit: Unit, field: tree.FieldDecl) -> Iterator[Item]:
    match field.type.name:
        case "symbol":
            choices = [argument.name for argument in field.type.arguments]
            if not choices and field.name == "size" and analysis.program is not None:
                choices = [name for name, _ in analysis.program.theme.type if name != "leading"]
            elif not choices and field.name == "align":
                choices = ["start", "center", "end"]
            yield from (Item(name, "symbol") for name in choices)
        case "bool":
            yield from (Item(name, "symbol") for name in ("true", "false"))
        case "color":
            yield from _colors(analysis)
        case "column":
            for binding in unit.values.values():
                if isinstance(binding.value, Table):
                    yield from (Item(name, "column", binding.name) for name in binding.value.columns)
        case "tex":
            yield Item("tex``", "tex", "a formula")
