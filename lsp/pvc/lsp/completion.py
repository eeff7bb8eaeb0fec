"""What can be written at the cursor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pvc.compiler.check.camera import FILMS
from pvc.compiler.check.declarations import ENGINES
from pvc.compiler.check.settings import EXPECTED, SETTINGS, WORDS, format_names
from pvc.compiler.check.sources import READERS
from pvc.compiler.check.units import DEGREES, LENGTHS, SECONDS, UNITS
from pvc.compiler.check.verbs import BACKENDS, EFFECTS, REGIONS, VERBS, Verb
from pvc.compiler.library import split_doc
from pvc.compiler.model.program import TRANSITIONS
from pvc.compiler.model.values import Table
from pvc.compiler.resolve.scope import Unit
from pvc.compiler.resolve.standard import STANDARD
from pvc.compiler.syntax import tree
from pvc.lsp import describe
from pvc.lsp.analysis import Analysis
from pvc.lsp.context import Context, context_at, cues_around, locals_before, loops_before
from pvc.lsp.declaring import declaring, opener, types
from pvc.lsp.in_texts import DATA_READERS, in_text
from pvc.lsp.indexes import indexed, indexes
from pvc.lsp.items import Completion, Item, beside, ranked
from pvc.lsp.names import Slot
from pvc.lsp.navigation import component_named, parameter_of

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
ASKED = ("audience", "format", "language", "theme")
"""Settings of the talk that conditions may ask for."""
DURATIONS = (*SECONDS, "f")


def complete(analysis: Analysis, text: str, offset: int) -> Completion:
    """The candidates at an offset of ``text``, which may be newer than the analysis is."""
    found = context_at(text, offset)
    if found.inside == "comment" or analysis.unit is None:
        return Completion((), found.start)
    if found.inside != "code":
        return in_text(analysis, found, text, offset)
    before = text[max(0, offset - 80) : offset]
    dot = found.prefix.rfind(".")
    shape = _FORMAT.search(before) if found.item == "talk" else None
    number = _NUMBER.search(before)
    row = _ROW.search(before)
    if shape is not None:
        items: Iterable[Item] = (Item(name, "value") for name in format_names())
        start = offset - len(shape["name"])
    elif row is not None:
        items, start = _columns(analysis.unit, row["table"]), offset - len(row["column"])
    elif dot >= 0:
        items = _members(analysis, analysis.unit, found, text, offset, found.prefix[:dot])
        start = found.start + dot + 1
    elif number is not None:
        items, start = _units(analysis.unit, found, text), offset - len(number["unit"])
    else:
        items, start = _words(analysis, analysis.unit, found, text, offset), found.start
    return Completion(tuple(beside(ranked(items, text[start:offset]), text[offset : offset + 80])), start)


_NUMBER = re.compile(r"(?:^|[^\w.\]]|\.\.)\d[\d_]*(?:\.\d+)?(?P<unit>[a-z%]*)$")
_FORMAT = re.compile(r"\bformats?[ \t]*=[ \t]*(?:\[[^\]\n]*?)?(?P<name>\d[\w.]*)$")
_ROW = re.compile(r"(?P<table>[^\W\d]\w*)\[[^\[\]\n]*\]\.(?P<column>\w*)$")
_CHOSEN = {"for": DURATIONS, "wait": DURATIONS, "width": LENGTHS, "by": DEGREES, "tilt": DEGREES, "+": DURATIONS}
_OF_TYPES = {"duration": DURATIONS, "length": LENGTHS, "angle": tuple(DEGREES)}


def _units(unit: Unit, found: Context, text: str) -> Iterator[Item]:
    """The units of what a number is wanted for first; none behind one that counts (`items[2`)."""
    if indexed(text, found) is not None:
        return
    call = found.call
    words = [each for each in found.words if not each.isdigit()]
    likely: Iterable[str] = ()
    if call is not None:
        slot = Slot(tuple(call.callee.split(".")), call.argument, call.index)
        parameter = parameter_of(unit, slot)
        likely = _OF_TYPES.get(parameter.type.name, ()) if parameter is not None else ()
    else:
        likely = next((_CHOSEN[word] for word in reversed(words) if word in _CHOSEN), ())
    yield from (Item(name, "unit") for name in (*likely, *UNITS))


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
    loops = loops_before(text, found, offset)
    if owner in loops:
        yield from _columns(unit, loops[owner])
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
        yield from _columns(unit, owner)
    elif value is not None and value.kind == "paper":
        for name in ("title", "authors", "year"):
            yield Item(name, "field")
    elif owner == "talk":
        for name in ASKED:
            yield Item(name, "setting", doc=describe.SETTINGS.get(name, ""))


def _columns(unit: Unit, table: str, wanted: str = "") -> Iterator[Item]:
    """The columns of a table, those of the type wanted first."""
    binding = unit.find("values", table)
    if binding is not None and isinstance(binding.value, Table):
        columns = list(zip(binding.value.columns, binding.value.types, strict=True))
        for name, kind in sorted(columns, key=lambda each: bool(wanted) and not _alike(each[1], wanted)):
            yield Item(name, "column", f"{kind} of {table}")


def _alike(kind: str, wanted: str) -> bool:
    return kind == wanted or {kind, wanted} == {"int", "number"}


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


def _visuals(unit: Unit, local: dict[str, str]) -> Iterator[Item]:
    """Names that may be shown: the scene's own, then what the file declares by `let`."""
    yield from (Item(name, "let", made) for name, made in local.items())
    yield from (Item(name, "let") for name, each in unit.values.items() if each.kind == "let")


def _values(unit: Unit, local: dict[str, str]) -> Iterator[Item]:
    for name, made in local.items():
        yield Item(name, "let", made)
    for name, binding in unit.values.items():
        yield Item(name, binding.kind)


# ------------------------------------------------------------------------------------------------ words


def _words(analysis: Analysis, unit: Unit, found: Context, text: str, offset: int) -> Iterator[Item]:
    local = locals_before(text, found, offset)
    place = indexed(text, found)
    if place is not None:
        if not found.words:
            yield from indexes(analysis, unit, *place, local.get(place[0], ""))
            yield from _values(unit, {name: made for name, made in local.items() if not made})
    elif found.item == "component" and any(each.bracket == "(" for each in found.opened) and not found.depth:
        call = found.opened[0]
        if call.argument is not None and "=" not in found.words:
            yield from types()
        elif found.words[-1:] == ["="]:
            yield from _values(unit, local)
    elif found.call is not None:
        yield from _argument(analysis, unit, found, local, text)
    elif not found.opened:
        yield from _top(analysis, unit, found)
    elif found.item == "talk":
        yield from _setting(analysis, unit, found, text)
    elif found.item == "scene" or (found.item == "component" and found.words[:1] in (["show"], ["for"], ["if"])):
        yield from _statement(analysis, unit, found, text, local)
    elif found.item == "concept" and found.words == ["symbol", "="]:
        yield Item("tex``", "tex", "a formula")
    elif found.item in ("theme", "concept") and found.words[-1:] == ["="] and found.words[0] not in ("word", "words"):
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
            tables = [name for name, each in unit.values.items() if isinstance(each.value, Table)]
            yield from (Item(name, "data") for name in tables)
            yield from _values(unit, {name: made for name, made in local.items() if name != words[1]})
            return
        case "to" if first in FILMS:
            yield from _visuals(unit, local)
            return
        case "below" | "above" | "around":
            yield from _visuals(unit, local)
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
            yield from _visuals(unit, local)
        elif len(words) == 1 and first in FILMS:
            yield Item("camera", "keyword", known.usage)
        elif len(words) == 1 or last in (",", "into"):
            yield from _visuals(unit, local)
            if first in ("highlight", "unhighlight"):
                yield from (Item(name, "concept") for name, each in unit.values.items() if each.kind == "concept")
            if known.makes or last == "into":
                yield from _components(unit)
                yield from _modules(unit)
        else:
            yield from (Item(word, "clause") for word in _clauses(known) if word not in words)
    elif first == "if":
        yield from _condition(analysis, unit, words, local)
    elif first == "let" and last == "=":
        yield from _components(unit)
        yield from _modules(unit)
        yield from _values(unit, local)
    elif first == "say":
        yield from (Item(word, "clause") for word in ("voice", "language") if word not in words)
    elif first == "claim":
        yield from (Item(word, "clause") for word in ("from", "at", "quote") if word not in words)
    elif first == "expect" and len(words) == 1:
        yield from (Item(name, "subject") for name in EXPECTED)


_ORDER = ("with", "in", "for", "as", "to", "into", "color", "below", "above", "at", "width", "by")


def _clauses(verb: Verb) -> list[str]:
    """The clauses of a verb, those that are wanted most often first."""
    return sorted(verb.clauses, key=lambda word: (_ORDER.index(word) if word in _ORDER else len(_ORDER), word))


def _condition(analysis: Analysis, unit: Unit, words: list[str], local: dict[str, str]) -> Iterator[Item]:
    """What a condition asks for, and what that can be."""
    subject = words[-3] if len(words) > 3 and words[-2:] == ["=", "="] else words[-2] if len(words) > 2 else ""
    match subject.removeprefix("talk."):
        case "format" if words[-1] == "=":
            yield from (Item(name, "value") for name in format_names())
        case "theme" if words[-1] == "=":
            yield from _themes(unit)
        case "language" if words[-1] == "=":
            languages = [block.item.language for block in unit.file.blocks if isinstance(block.item, tree.Translation)]
            own = [analysis.program.language] if analysis.program is not None else []
            yield from (Item(name, "value") for name in (*own, *languages))
        case "audience" if words[-1] == "=":
            found = [found[1] for block in unit.file.blocks for found in _AUDIENCE.finditer(block.text)]
            yield from (Item(name, "value") for name in dict.fromkeys(found))
        case _ if words[-1] in ("if", "and", "or", "not"):
            yield from (Item(name, "setting", doc=describe.SETTINGS.get(name, "")) for name in ASKED)
            yield Item("not", "keyword")
            yield from _values(unit, {name: made for name, made in local.items() if not made})


_AUDIENCE = re.compile(r"\baudience\s*==?\s*(\w+)")


def _argument(analysis: Analysis, unit: Unit, found: Context, local: dict[str, str], text: str) -> Iterator[Item]:
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
    if found.opened[-1] is not call:  # in a list or a record
        yield from _values(unit, local)
        return
    if call.argument is None and not found.words:
        for each in declared[max(0, call.index - len(call.given)) :]:
            if each.name not in call.given:
                doc = " ".join((each.doc or "").split())
                yield Item(each.name, "parameter", describe.parameter_label(each), doc, f"{each.name}: ")
    field = next((each for each in declared if each.name == call.argument), None)
    if field is None and call.argument is None and call.index < len(declared):
        field = declared[call.index]
    if field is not None:
        named = set(re.findall(r"\w+", text[call.start : found.start]))
        yield from _of_type(analysis, unit, field, named)
    yield from _values(unit, local)


def _of_type(analysis: Analysis, unit: Unit, field: tree.FieldDecl, named: set[str]) -> Iterator[Item]:
    """What a parameter may be given; ``named`` are the words of its call, among them the table whose columns count."""
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
            wanted = field.type.arguments[0].name if field.type.arguments else ""
            tables = [name for name, each in unit.values.items() if isinstance(each.value, Table)]
            for table in [name for name in tables if name in named] or tables:
                yield from _columns(unit, table, wanted)
        case "table":
            yield from (Item(name, "data") for name, each in unit.values.items() if isinstance(each.value, Table))
        case "source":
            yield from (Item(name, "paper") for name, each in unit.values.items() if each.kind == "paper")
        case "voice":
            yield from (Item(name, "voice") for name, each in unit.values.items() if each.kind == "voice")
        case "tex":
            yield Item("tex``", "tex", "a formula")
