"""Where a cursor stands in the YAML twin, read from the lines around it: a file that is being written is seldom YAML.

Keys and kinds follow from the form of the tree. A value is completed as what it would be in a `.vid` file: `spelt`
writes the text that would stand there up to the cursor, and the completion of that spelling does the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pvc.compiler.syntax import tree
from pvc.compiler.syntax.yaml.shapes import (
    ITEMS,
    KINDS,
    Field,
    Many,
    OneOf,
    Plain,
    Shape,
    class_of,
    fields_of,
    holds_comments,
)

_LINE = re.compile(r"(?P<indent> *)(?P<dashes>(?:- +)*)(?:(?P<key>[\w$]+):(?P<gap> +|$)(?P<value>.*)|(?P<bare>.*))")
_VALUE = re.compile(r"(?:!(?P<tag>\w+) +)?(?P<quote>[\"']?)(?P<text>.*)", re.DOTALL)


@dataclass(slots=True)
class Level:
    """A mapping around the cursor: its keys with their texts, and the key above that holds it."""

    column: int
    line: int
    keys: dict[str, str] = field(default_factory=dict)
    under: str = ""

    @property
    def kind(self) -> str:
        return unquoted(self.keys.get("kind", ""))


@dataclass(frozen=True, slots=True)
class Place:
    """``levels`` from the innermost mapping outwards. ``key`` is the one whose value the cursor stands in, None where a
    key is being written; ``entry``: in a sequence of values. ``text`` stands before the cursor, ``tag`` and ``quote``
    before that."""

    levels: tuple[Level, ...]
    key: str | None
    text: str
    tag: str = ""
    quote: str = ""
    entry: bool = False


def unquoted(value: str) -> str:
    match = _VALUE.fullmatch(value.strip())
    return match["text"].removesuffix(match["quote"]) if match is not None and match["quote"] else value.strip()


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    dash: int | None
    column: int
    key: str | None
    value: str
    bare: str


def _read(text: str, number: int) -> _Line | None:
    """A line with content."""
    if not text.strip() or text.lstrip().startswith("#"):
        return None
    match = _LINE.fullmatch(text)
    if match is None:
        return None
    indent = len(match["indent"])
    dash = indent + len(match["dashes"].rstrip()) - 1 if match["dashes"] else None
    return _Line(number, dash, indent + len(match["dashes"]), match["key"], match["value"] or "", match["bare"] or "")


def place_at(text: str, offset: int) -> Place | None:
    """The place of an offset; None in a comment."""
    lines = text.split("\n")
    number = text.count("\n", 0, offset)
    start = text.rfind("\n", 0, offset) + 1
    before = text[start:offset]
    if before.lstrip().startswith("#"):
        return None
    match = _LINE.fullmatch(before)
    if match is None:
        return None
    indent = len(match["indent"])
    column = indent + len(match["dashes"])
    dash = indent + len(match["dashes"].rstrip()) - 1 if match["dashes"] else None
    key, bare = match["key"], match["bare"]
    if key is not None:
        levels = _levels(lines, number, column, dash)
        value = match["value"] if match["gap"] else ""
        return _in_value(levels, key, value, entry=False)
    parent = _parent(lines, number, dash if dash is not None else column, from_dash=dash is not None)
    if dash is not None and parent is not None and _values_under(lines, parent):
        levels = _levels(lines, parent.number, parent.column, parent.dash)
        return _in_value(levels, parent.key or "", bare or "", entry=True)
    return Place(_levels(lines, number, column, dash), None, bare or "")


def _in_value(levels: tuple[Level, ...], key: str, value: str, entry: bool) -> Place:
    if value.startswith("["):
        value, entry = _last_entry(value), True
    match = _VALUE.fullmatch(value)
    assert match is not None
    text = match["text"]
    return Place(levels, key, text, match["tag"] or "", match["quote"], entry)


def _last_entry(flow: str) -> str:
    """What stands behind the last comma of `[a, "b, c", d`."""
    start, quote = 1, ""
    for at, character in enumerate(flow):
        if quote:
            quote = "" if character == quote and flow[at - 1] != "\\" else quote
        elif character in "\"'" and flow[start:at].strip(" !abcdefghijklmnopqrstuvwxyz") == "":
            quote = character
        elif character == ",":
            start = at + 1
    return flow[start:].lstrip()


def _values_under(lines: list[str], parent: _Line) -> bool:
    """Whether the entries below a key are plain values (`operands`, a list), not mappings."""
    levels = _levels(lines, parent.number, parent.column, parent.dash)
    if len(levels) == 1:
        return parent.key != "items"
    found = shape_of(levels, parent.key or "")
    return found is None or not (isinstance(found, Many) and isinstance(found.of, OneOf | Plain))


def _parent(lines: list[str], number: int, column: int, from_dash: bool) -> _Line | None:
    """The line above whose key holds what stands at a column; a sequence may stand right below its key."""
    for above in range(number - 1, -1, -1):
        line = _read(lines[above], above)
        if line is None or line.key is None:
            continue
        if line.column < column or (from_dash and line.column == column):
            return line
    return None


def _levels(lines: list[str], number: int, column: int, dash: int | None) -> tuple[Level, ...]:
    found: list[Level] = []
    while len(found) < 64:
        level = Level(column, number)
        found.append(level)
        top, first = number, dash
        own = _read(lines[number], number)
        if own is not None and own.key is not None and own.column == column:
            level.keys[own.key] = own.value
        above = number - 1
        while first is None and above >= 0:  # the mapping's other keys, up to its dash
            line = _read(lines[above], above)
            if line is not None:
                if line.column < column:
                    break
                if line.column == column and line.key is not None:
                    level.keys.setdefault(line.key, line.value)
                    top, first = above, line.dash
            above -= 1
        for below in range(number + 1, len(lines)):
            line = _read(lines[below], below)
            if line is None:
                continue
            if line.column < column or (line.dash is not None and line.dash < column):
                break
            if line.column == column and line.key is not None:
                level.keys.setdefault(line.key, line.value)
        parent = _parent(lines, top, first if first is not None else column, from_dash=first is not None)
        if parent is None or parent.key is None:
            break
        level.under = parent.key
        number, column, dash = parent.number, parent.column, parent.dash
    return tuple(found)


# ------------------------------------------------------------------------------------------------ the form


def node_class(levels: tuple[Level, ...]) -> type | None:
    """The class of the innermost mapping, by its kind and by where it stands."""
    among = classes_at(levels)
    kind = levels[0].kind
    if kind:
        return class_of(kind, among)
    return among[0] if len(among) == 1 and among[0] not in KINDS else None


def classes_at(levels: tuple[Level, ...]) -> tuple[type, ...]:
    """What the innermost mapping may be."""
    if len(levels) < 2:
        return ()
    if len(levels) == 2 and levels[0].under == "items":
        return ITEMS
    found = shape_of(levels[1:], levels[0].under)
    inner = found.of if isinstance(found, Many) else found
    if isinstance(inner, OneOf):
        return inner.classes
    return (inner.of,) if isinstance(inner, Plain) else ()


def shape_of(levels: tuple[Level, ...], key: str) -> Shape | None:
    """What may stand behind a key of the innermost mapping."""
    found = _field(levels, key)
    return found.shape if found is not None else None


def _field(levels: tuple[Level, ...], key: str) -> Field | None:
    kind = node_class(levels)
    return next((one for one in fields_of(kind) if one.name == key), None) if kind is not None else None


def keys(place: Place) -> Iterator[tuple[str, str]]:
    """The keys that the innermost mapping may still have, each with a word of what it holds."""
    given = place.levels[0].keys
    if len(place.levels) == 1:
        yield from ((name, "") for name in ("vid", "items", "$schema") if name not in given)
        return
    kind = node_class(place.levels)
    if kind is None:
        if "kind" not in given:
            yield "kind", "what this is"
        return
    for one in fields_of(kind):
        if one.name not in given:
            many = "a sequence" if isinstance(one.shape, Many) else ""
            yield one.name, many or ("" if one.required else "may be left out")
    if holds_comments(kind) and "doc" not in given and all(one.name != "doc" for one in fields_of(kind)):
        yield "doc", "what a reader should know"


def kinds(place: Place) -> Iterator[str]:
    """The kinds that may stand here."""
    for kind in classes_at(place.levels):
        yield from KINDS.get(kind, ())


# ------------------------------------------------------------------------------------------------ as .vid


def spelt(place: Place, text: str, offset: int) -> str | None:
    """The `.vid` text up to the cursor; None where nothing of that spelling helps."""
    node, key = place.levels[0], place.key
    outer = place.levels[1] if len(place.levels) > 1 else None
    name = unquoted(node.keys.get("name", "")) or "n"
    value = _expression(place)
    item = next((each for each in reversed(place.levels) if each.kind), node)
    scene = f"scene s {{\n{_locals(text, item, offset)}  "
    kind = node_class(place.levels)
    match kind, key:
        case tree.Setting, "name" | "value":
            inner = value if key == "name" else f"{name} = {value}"
            group = f"  {unquoted(outer.keys.get('name', ''))} {{\n" if outer and outer.kind == "group" else ""
            return f"{_head(item)}{group}    {inner}"
        case tree.Group, "name":
            return f"{_head(item)}  {value}"
        case tree.Use, "module":
            return f"use {value}"
        case tree.Use, "path":
            return f'use "{place.text}'
        case tree.Declaration, "value":
            return f"{node.kind} {name} = {value}"
        case tree.Let, "value":
            return f"{scene if item is not node else ''}let {name} = {value}"
        case tree.ThemeDecl, "extends":
            return f"theme {name} extends {value}"
        case tree.Action, "verb":
            return scene + value
        case tree.Action, "operands":
            return f"{scene}{unquoted(node.keys.get('verb', ''))} {value}"
        case tree.Clause, _ if outer is not None:
            return _clause(place, outer, scene, value)
        case tree.Anchor, "target" | "offset":
            return scene + (f"at {value}" if key == "target" else f"wait {value}")
        case tree.Wait, _:
            return f"{scene}wait {value}"
        case tree.Claim, "source":
            return f'{scene}claim "c" from {value}'
        case tree.Claim, "place":
            return f'{scene}claim "c" from {unquoted(node.keys.get("source", ""))} at "{place.text}'
        case tree.Expect, "condition":
            return f"{_head(item) if item.kind == 'talk' else scene}expect {value}"
        case tree.If, "condition":
            return f"{scene}if {value}"
        case tree.For, "iterable":
            return f"{scene}for r in {value}"
        case tree.FieldDecl, "type":
            head = "component c(" if item.kind == "component" else 'data d = csv("f") { '
            return f"{head}{name}: {place.text}"
        case tree.FieldDecl, "default":
            return f"component c({name}: text = {value}"
        case tree.Render, "backend":
            return f"component c() {{\n  render {value}"
        case tree.TranslatedScene, "name":
            return f"translation de {{\n  scene {value}"
    return None


def _clause(place: Place, outer: Level, scene: str, value: str) -> str:
    keyword = unquoted(place.levels[0].keys.get("keyword", ""))
    end = value if place.key == "keyword" else f"{keyword} {value}"
    match outer.kind:
        case "scene":
            return f"scene s {end}"
        case "say":
            return f'{scene}say "s" {end}'
        case "action":
            verb = unquoted(outer.keys.get("verb", ""))
            return f"{scene}{verb} x {end}"
    return f"{scene}expect x {end}"


def _head(item: Level) -> str:
    match item.kind:
        case "talk":
            return 'talk "T" {\n'
        case "translation":
            return "translation de {\n"
        case "component":
            return "component c() {\n"
        case kind:
            return f"{kind} n {{\n"


def _expression(place: Place) -> str:
    """What a value before the cursor is in `.vid`."""
    text = place.text
    if place.quote == '"':
        text = text.replace("\\\\", "\\").replace('\\"', '"')
    if place.tag in ("", "expr"):
        return f'"{text}' if place.quote and not place.tag and _is_text(place) else text
    return f"{place.tag}`{text}"


def _is_text(place: Place) -> bool:
    """A quoted value is a text, but a quoted name is a name."""
    return place.key not in ("name", "verb", "keyword", "kind", "backend", "module", "extends", "source", "type")


_LET = re.compile(r"kind: let\s+(?:doc: [^\n]*\s+)?name: [\"']?(\w+)[\"']?\s+value: (?:!expr +)?[\"']?([\w.]+)\(")
_AS = re.compile(r"keyword: [\"']?as[\"']?\s+value: [\"']?(\w+)")
_FOR = re.compile(r"kind: for\s+variable: [\"']?(\w+)")
_CALL = re.compile(r"([^\W\d][\w.]*)\(")
_SAY = re.compile(r"kind: say\s+text: ([^\n]*)")


def _locals(text: str, item: Level, offset: int) -> str:
    """The scene's names before the cursor as statements, and the narration whose actions the cursor is among."""
    lines = text.split("\n")
    begin = sum(len(line) + 1 for line in lines[: _first(lines, item)])
    before = text[begin:offset]
    made = [f"let {found[1]} = {found[2]}()" for found in _LET.finditer(before)]
    for found in _AS.finditer(before):
        calls = _CALL.findall(before[: found.start()])
        made.append(f"show {calls[-1] if calls else 'x'}() as {found[1]}")
    made += (f"for {found[1]} in x {{ }}" for found in _FOR.finditer(before))
    said = [unquoted(found[1]) for found in _SAY.finditer(before)]
    told = said[-1].replace('"', "'") if said else ""
    return "".join(f"  {line}\n" for line in made) + (f'  say "{told}" {{\n' if told else "")


def _first(lines: list[str], item: Level) -> int:
    """The line in which an item begins."""
    number = item.line
    while number > 0 and not lines[number].startswith("-"):
        number -= 1
    return number


__all__ = ["Place", "keys", "kinds", "place_at", "spelt"]
