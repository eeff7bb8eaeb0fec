"""From a name to what it means, and from a meaning to everywhere it is named, across the files of a talk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pvc.compiler.resolve.scope import Binding, Unit
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.lsp.analysis import Analysis
from pvc.lsp.names import TRANSLATED, Occurrence, Slot, occurrences
from pvc.lsp.walking import nodes

NAME = re.compile(r"[^\W\d]\w*")
CUE_NAME = re.compile(r"[^\W\d][\w\-]*")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name stands for: equal meanings are the same thing. ``block`` is where a scene's own name's scene starts
    (-1 for a file's), ``number`` its number there; ``component`` the owner of a parameter."""

    path: str
    space: str
    name: str
    block: int = -1
    number: int = -1
    component: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A name under the cursor: where it stands, what it means, what declares it (None for what is in a scene)."""

    occurrence: Occurrence
    span: Span
    meaning: Meaning
    binding: Binding | None


def name_at(analysis: Analysis, offset: int) -> Found | None:
    """The name at an offset (or that ends there), if it means anything."""
    block = analysis.block_at(offset)
    if block is None or analysis.unit is None:
        return None
    for each in occurrences(block):
        if each.start <= offset - block.start <= each.end:
            found = resolve(analysis.unit, block, each)
            if found is not None:
                return found
    return None


def component_named(unit: Unit, parts: tuple[str, ...]) -> Binding | None:
    """The component that a call names."""
    if len(parts) == 1:
        return unit.find("components", parts[0])
    module = unit.find("modules", parts[0])
    inner = module.value if module is not None else None
    return inner.components.get(parts[1]) if isinstance(inner, Unit) and len(parts) == 2 else None


def parameter_of(unit: Unit, slot: Slot) -> tree.FieldDecl | None:
    """The parameter that an argument is for."""
    binding = component_named(unit, slot.callee)
    if binding is None or not isinstance(binding.node, tree.ComponentDecl):
        return None
    declared = binding.node.parameters
    if slot.name is not None:
        return next((each for each in declared if each.name == slot.name), None)
    return declared[slot.index] if slot.index < len(declared) else None


def resolve(unit: Unit, block: tree.Block, each: Occurrence, talk: Unit | None = None) -> Found | None:
    """What an occurrence in a block of a file means; None for a word that names nothing. ``talk``: the file with the
    scenes that a translation in this one is about."""
    span = Span(unit.path, block.start + each.start, block.start + each.end)
    if each.local is not None:
        return Found(each, span, Meaning(unit.path, each.space, each.name, block.start, each.local), None)
    if each.space == "scenes":
        return Found(each, span, Meaning(unit.path, "scenes", each.name), None)
    if each.space == "parameters":
        return _parameter(unit, block, each, span)
    if each.space == "cues" or each.kind == TRANSLATED:
        return _of_original(talk or unit, block, each, span)
    binding = _binding(unit, each)
    if binding is None:
        return None
    space = "modules" if binding.kind == "module" else each.space
    return Found(each, span, Meaning(binding.unit.path, space, binding.name), binding)


def _of_original(unit: Unit, block: tree.Block, each: Occurrence, span: Span) -> Found | None:
    """A cue or a value in a translation: that of the narration which is translated, or of its scene."""
    if not each.owner:
        return None
    scene = next((one for one in unit.file.blocks if getattr(one.item, "name", None) == each.owner[0]), None)
    if scene is None or not isinstance(scene.item, tree.Scene):
        return None
    own = [one for one in occurrences(scene) if one.space == each.space and one.name == each.name]
    own = [one for one in own if one.local is not None and (one.declares or each.space == "values")]
    said = _translated(block, each)
    for node in nodes(scene.item.body):
        if isinstance(node, tree.Say) and node.text.value == said:
            own = [one for one in own if node.at.start <= one.start <= node.at.end] or own
            break
    if own:
        return Found(each, span, Meaning(unit.path, each.space, each.name, scene.start, own[0].local or 0), None)
    binding = unit.find("values", each.name) if each.space == "values" else None
    return Found(each, span, Meaning(binding.unit.path, "values", binding.name), binding) if binding else None


def _translated(block: tree.Block, each: Occurrence) -> str | None:
    """The narration of the original that a line of a translation is about."""
    if not isinstance(block.item, tree.Translation):
        return None
    for scene in block.item.body:
        if isinstance(scene, tree.TranslatedScene) and scene.name == each.owner[0]:
            number = int(each.owner[1])
            line = scene.body[number] if number >= 0 else None
            return line.text.value if isinstance(line, tree.Translated) else None
    return None


def _binding(unit: Unit, each: Occurrence) -> Binding | None:
    if each.owner:
        module = unit.find("modules", each.owner[0])
        inner = module.value if module is not None else None
        found = getattr(inner, each.space).get(each.name) if isinstance(inner, Unit) else None
        return found if isinstance(found, Binding) else None
    if each.declares:
        found = getattr(unit, each.space).get(each.name)
        return found if isinstance(found, Binding) else None
    if each.slot is not None:
        parameter = parameter_of(unit, each.slot)
        if parameter is not None and parameter.type.name in ("column", "symbol"):
            return None
    return unit.find(each.space, each.name) or (unit.find("modules", each.name) if each.space == "values" else None)


def _parameter(unit: Unit, block: tree.Block, each: Occurrence, span: Span) -> Found | None:
    binding: Binding | None
    if each.declares:
        owner = block.item.name if isinstance(block.item, tree.ComponentDecl) else ""
        binding = unit.components.get(owner)
    else:
        binding = component_named(unit, each.owner)
    if binding is None or not isinstance(binding.node, tree.ComponentDecl):
        return None
    if all(field.name != each.name for field in binding.node.parameters):
        return None
    return Found(each, span, Meaning(binding.unit.path, "parameters", each.name, component=binding.name), binding)


def everywhere(units: Iterable[Unit], meaning: Meaning) -> Iterator[Found]:
    """Every place that names a thing, in the order of the files; each once."""
    seen: set[Span] = set()
    files = list(units)
    local = meaning.block >= 0
    talk = next((unit for unit in files if unit.path == meaning.path), None)
    for unit in files:
        for block in unit.file.blocks:
            if meaning.name not in block.text:
                continue
            translated = meaning.space in ("cues", "values") and isinstance(block.item, tree.Translation)
            if local and not translated and (unit.path != meaning.path or block.start != meaning.block):
                continue
            for each in occurrences(block):
                if each.name != meaning.name:
                    continue
                found = resolve(unit, block, each, talk)
                if found is not None and found.meaning == meaning and found.span not in seen:
                    seen.add(found.span)
                    yield found


def definition(units: Iterable[Unit], found: Found) -> Span | None:
    """Where a thing is declared; of a module, the file itself."""
    if found.meaning.space == "modules" and found.binding is not None:
        inner = found.binding.value
        if isinstance(inner, Unit):
            return Span(inner.path, 0, 0)
        return None
    return next((each.span for each in everywhere(units, found.meaning) if each.occurrence.declares), None)


class CannotRename(Exception):
    """Why a name cannot be changed, as a plain sentence."""


def rename(units: Iterable[Unit], found: Found, to: str) -> list[Span]:
    """The places to write ``to`` at. Raises CannotRename."""
    files = list(units)
    meaning = found.meaning
    standard = {unit.path for unit in files if unit.standard}
    if meaning.path in standard:
        raise CannotRename(f"`{meaning.name}` belongs to the standard library")
    if meaning.space == "modules":
        raise CannotRename("a module has the name of its file: rename the file, or write `use ... as NAME`")
    pattern = CUE_NAME if meaning.space == "cues" else NAME
    if not pattern.fullmatch(to):
        raise CannotRename(f"`{to}` is no name: a name is a letter, then letters, digits and `_`")
    places = [each.span for each in everywhere(files, meaning)]
    if to != meaning.name and _taken(files, places, meaning, to):
        raise CannotRename(f"there is a `{to}` already, which would be mixed up with it")
    return places


def _taken(files: list[Unit], places: list[Span], meaning: Meaning, to: str) -> bool:
    """Whether a name stands already where it would be mixed up with a renamed one: in a block that names the thing, or
    among what its file declares."""
    starts = {(span.path, span.start) for span in places}
    for unit in files:
        if unit.path == meaning.path and meaning.block < 0 and to in getattr(unit, meaning.space, {}):
            return True
        for block in unit.file.blocks:
            if to not in block.text or not any(
                (unit.path, block.start + each.start) in starts for each in occurrences(block)
            ):
                continue
            for each in occurrences(block):
                if each.name == to and each.space == meaning.space and _may_clash(block, each, meaning):
                    return True
    return False


def _may_clash(block: tree.Block, each: Occurrence, meaning: Meaning) -> bool:
    """A cue clashes with the cues of its own narration only."""
    if meaning.space != "cues" or not isinstance(block.item, tree.Scene):
        return True
    own = [other for other in occurrences(block) if other.local == meaning.number]
    says = [node for node in block.item.body if isinstance(node, tree.Say)]
    around = next((say for say in says if own and say.at.start <= own[0].start <= say.at.end), None)
    return around is not None and around.at.start <= each.start <= around.at.end
