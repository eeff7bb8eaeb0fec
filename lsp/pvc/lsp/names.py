"""Which names a block declares and uses, by its tree alone.

Names of a scene are bound here (`let`, `as`, `for`, cues); what is left free belongs to the file and is bound by
`navigation`, which sees all files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass

from pvc.compiler.syntax import tree
from pvc.lsp.memo import once_a_block

VALUE = re.compile(r"(?<!\\)\{\s*([^\W\d]\w*(?:\.[^\W\d]\w*)+)\s*\}")
TRANSLATED = "translated"
"""The kind of a value that a translation names."""
CUE = re.compile(r"(?<!\\)\{\s*([^\W\d][\w\-]*)\s*\}")


@dataclass(frozen=True, slots=True)
class Slot:
    """A bare word that is an argument of a call: it may be a column or a symbol and not a name at all."""

    callee: tuple[str, ...]
    name: str | None
    index: int


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A name in a block, at characters ``[start, end)`` of its text.

    ``space``: `values`, `components`, `themes`, `modules`, `parameters`, `scenes`, `cues`; ``local`` numbers the
    declaration within the block that it belongs to, None where it is free; ``owner`` is the name before the dot
    (`charts` of `charts.bar`), of a parameter the component, of a cue or value in a translation the scene and the
    number of the line there (-1: its title).
    """

    start: int
    end: int
    name: str
    space: str
    declares: bool
    kind: str
    local: int | None = None
    owner: tuple[str, ...] = ()
    slot: Slot | None = None


@once_a_block
def occurrences(block: tree.Block) -> tuple[Occurrence, ...]:
    """The names in a block, in order, in either spelling."""
    walk = _Walk(block.text)
    walk.item(block.item)
    return tuple(sorted(walk.found, key=lambda each: (each.start, each.end)))


_PARAMETER = -1
"""In place of a declaration's number: the name is a parameter of the component around."""


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Occurrence] = []
        self.count = 0
        self.scopes: list[dict[str, tuple[int, str]]] = [{}]
        self.loops = [0]
        self.cues: dict[str, int] = {}
        self.component = ""

    # -------------------------------------------------------------------------------------------- what is noted

    def declare(self, at: tree.At, name: str, space: str, kind: str, local: bool = False) -> int:
        """Notes a declaration, whose name is the first time it stands as a word in ``at``."""
        match = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)").search(self.text, at.start, at.end)
        number = self.count
        self.count += 1
        if match is not None and name:
            self.found.append(
                Occurrence(match.start(), match.end(), name, space, True, kind, number if local else None)
            )
        return number

    def note(self, start: int, name: str, space: str, **more: object) -> None:
        if self.text.startswith(name, start):
            self.found.append(Occurrence(start, start + len(name), name, space, False, **more))  # type: ignore[arg-type]

    def _dotted(self, node: tree.Name, space: str, kind: str, slot: Slot | None = None) -> None:
        start = node.at.start
        first = node.parts[0]
        if len(node.parts) == 1:
            self.note(start, first, space, kind=kind, slot=slot)
            return
        self.note(start, first, "modules" if space != "values" else "values", kind="module")
        second = self.text.find(node.parts[1], start + len(first), node.at.end)
        if second >= 0:
            self.note(second, node.parts[1], space, kind=kind, owner=(first,))

    # -------------------------------------------------------------------------------------------- expressions

    def value(self, node: object, slot: Slot | None = None) -> None:
        match node:
            case tree.Name():
                self._value_name(node, slot)
            case tree.Call():
                self._dotted(node.callee, "components", "component")
                for index, argument in enumerate(node.arguments):
                    if argument.name is not None:
                        self.note(
                            argument.name_at.start,
                            argument.name,
                            "parameters",
                            kind="parameter",
                            owner=node.callee.parts,
                        )
                    self.value(argument.value, Slot(node.callee.parts, argument.name, index))
            case tree.RecordExpr():
                for _, each in node.fields:
                    self.value(each)
            case tree.ListExpr():
                for each in node.items:
                    self.value(each)
            case tuple():
                for each in node:
                    self.value(each)
            case _ if is_dataclass(node) and not isinstance(node, tree.TypeExpr):
                for field in fields(node):
                    if field.name not in ("at", "trivia"):
                        inner = getattr(node, field.name)
                        if is_dataclass(inner) or isinstance(inner, tuple):
                            self.value(inner)

    def _value_name(self, node: tree.Name, slot: Slot | None) -> None:
        first = node.parts[0]
        bound = self._bound(first)
        if bound is not None and bound[0] == _PARAMETER:
            self.note(node.at.start, first, "parameters", kind="parameter", owner=(self.component,))
        elif bound is not None:
            self.note(node.at.start, first, "values", kind=bound[1], local=bound[0])
        else:
            self._dotted(node, "values", "value", slot)

    def _bound(self, name: str) -> tuple[int, str] | None:
        return next((scope[name] for scope in reversed(self.scopes) if name in scope), None)

    # -------------------------------------------------------------------------------------------- items

    def item(self, item: object) -> None:
        match item:
            case tree.Talk():
                self._settings(item.body)
            case tree.Use():
                if item.alias is not None:
                    self.declare(tree.At(self._alias_at(item), item.at.end), item.alias, "modules", "module")
                elif item.module is not None:
                    name = item.module.parts[-1]
                    at = self.text.rfind(name, item.module.at.start, item.module.at.end)
                    if at >= 0:
                        self.found.append(Occurrence(at, at + len(name), name, "modules", True, "module"))
            case tree.Declaration():
                self.declare(item.name_at, item.name, "values", item.kind)
                self.value(item.value)
            case tree.Let():
                self.declare(item.name_at, item.name, "values", "let")
                self.value(item.value)
            case tree.Concept():
                self.declare(item.name_at, item.name, "values", "concept")
                self._settings(item.body)
            case tree.ThemeDecl():
                self.declare(item.name_at, item.name, "themes", "theme")
                if item.extends is not None:
                    called = item.extends.callee if isinstance(item.extends, tree.Call) else item.extends
                    self._dotted(called, "themes", "theme")
                    if isinstance(item.extends, tree.Call):
                        self.value(tuple(argument.value for argument in item.extends.arguments))
                for parameter in item.parameters:
                    self.value(parameter.default)
                self._settings(item.body)
            case tree.ComponentDecl():
                self.declare(item.name_at, item.name, "components", "component")
                for parameter in item.parameters:
                    self.declare(parameter.name_at, parameter.name, "parameters", "parameter")
                    self.value(parameter.default)
                self.component = item.name
                self.scopes.append({each.name: (_PARAMETER, "parameter") for each in item.parameters})
                self.body(item.body)
                self.scopes.pop()
            case tree.Scene():
                self.declare(item.name_at, item.name, "scenes", "scene")
                self._scene_clauses(item)
                if item.title is not None:
                    self._values(item.title.at)
                self.body(item.body)
            case tree.Translation():
                self._translation(item)

    def _scene_clauses(self, item: tree.Scene) -> None:
        for clause in item.clauses:
            if clause.keyword == "for" and isinstance(clause.value, tree.Name):
                name = clause.value.parts[0]
                number = self.declare(clause.value.at, name, "values", "for", local=True)
                self.scopes[-1].setdefault(name, (number, "for"))
        for clause in item.clauses:
            if clause.keyword != "for":
                self.value(clause.value)

    def _values(self, at: tree.At) -> None:
        """Notes the values that a text names: `{row.model}`."""
        for found in VALUE.finditer(self.text, at.start, at.end):
            parts = tuple(found[1].split("."))
            self.value(tree.Name(parts, tree.At(found.start(1), found.end(1))))

    def _translation(self, item: tree.Translation) -> None:
        for each in item.body:
            if not isinstance(each, tree.TranslatedScene):
                continue
            self.note(each.name_at.start, each.name, "scenes", kind="scene")
            if each.title is not None:
                self._translated_values(each.title.at, each.name, -1)
            for number, line in enumerate(each.body):
                match line:
                    case tree.Translated():
                        for text in (line.text, line.into):
                            self._translated_values(text.at, each.name, number)
                            for found in CUE.finditer(self.text, text.at.start, text.at.end):
                                self._of_original(found, "cues", "cue", each.name, number)
                    case tree.LexiconEntry():
                        self._translated_values(line.written.at, each.name, number)
                        self._translated_values(line.spoken.at, each.name, number)
                    case tree.Remark():
                        self._translated_values(line.text.at, each.name, number)

    def _translated_values(self, at: tree.At, scene: str, number: int) -> None:
        """Notes the values in a text of a translation, whose names are those of the original: `{row.model}`."""
        for found in VALUE.finditer(self.text, at.start, at.end):
            self._of_original(found, "values", TRANSLATED, scene, number)

    def _of_original(self, found: re.Match[str], space: str, kind: str, scene: str, number: int) -> None:
        name = found[1].partition(".")[0] if space == "values" else found[1]
        start = found.start(1)
        owner = (scene, str(number))
        self.found.append(Occurrence(start, start + len(name), name, space, False, kind, owner=owner))

    def _alias_at(self, item: tree.Use) -> int:
        """Where the alias begins: behind `as`, in YAML behind `alias:`."""
        found = re.compile(r"\b(?:as\b|alias:)").search(self.text, item.at.start, item.at.end)
        return found.end() if found else item.at.start

    def _settings(self, body: tuple[object, ...]) -> None:
        for each in body:
            match each:
                case tree.Setting(name="theme", value=tree.Name() as name):
                    self._dotted(name, "themes", "theme")
                case tree.Setting(name="theme", value=tree.Call() as called):
                    self._dotted(called.callee, "themes", "theme")
                    self.value(tuple(argument.value for argument in called.arguments))
                case tree.Setting():
                    self.value(each.value)
                case tree.Group():
                    self._settings(each.items)
                case tree.Expect():
                    self.value(each.condition)
                case tree.If():
                    self.value(each.condition)
                    self._settings(each.body)
                    self._settings(each.otherwise)

    # -------------------------------------------------------------------------------------------- statements

    def body(self, body: tuple[object, ...]) -> None:
        for statement in body:
            self.statement(statement)

    def _inner(self, body: tuple[object, ...]) -> None:
        self.scopes.append({})
        self.body(body)
        self.scopes.pop()

    def statement(self, node: object) -> None:
        match node:
            case tree.Let():
                self.value(node.value)
                number = self.declare(node.name_at, node.name, "values", "let", local=True)
                self.scopes[-1].setdefault(node.name, (number, "let"))
            case tree.Action():
                self._action(node)
            case tree.Say():
                for clause in node.clauses:
                    self.value(clause.value)
                outside, self.cues = self.cues, self._cues(node.text)
                self._inner(node.body)
                self.cues = outside
            case tree.Anchored():
                target = node.anchor.target
                if isinstance(target, tree.Name):
                    name = ".".join(target.parts)
                    self.note(target.at.start, name, "cues", kind="cue", local=self.cues.get(name))
                self._inner(node.body)
            case tree.Together():
                self._inner(node.body)
            case tree.Arrangement():
                self.body(node.body)  # its names are the component's
            case tree.Setting():
                self.value(node.value)
            case tree.PartDecl():
                self.value((node.of, node.by))
            case tree.If():
                self.value(node.condition)
                self._inner(node.body)
                self._inner(node.otherwise)
            case tree.For():
                self.value(node.iterable)
                number = self.declare(node.name_at, node.variable, "values", "for", local=True)
                self.scopes.append({node.variable: (number, "for")})
                self.loops.append(len(self.scopes) - 1)
                self.body(node.body)
                self.loops.pop()
                self.scopes.pop()
            case tree.Claim():
                if node.source is not None:
                    self.value(node.source)
            case tree.Expect():
                self.value(node.condition)
            case tree.Wait():
                self.value(node.duration)

    def _action(self, node: tree.Action) -> None:
        self.value(node.operands)
        for clause in node.clauses:
            if clause.keyword == "as" and isinstance(clause.value, tree.Name):
                name = clause.value.parts[0]
                number = self.declare(clause.value.at, name, "values", "as", local=True)
                self.scopes[self.loops[-1]].setdefault(name, (number, "as"))
            else:
                self.value(clause.value)

    def _cues(self, text: tree.Narration) -> dict[str, int]:
        """Notes the cues of a narration; a name said twice is its first."""
        cues: dict[str, int] = {}
        self._values(text.at)
        for found in CUE.finditer(self.text, text.at.start, text.at.end):
            name = found[1]
            if name not in cues:
                cues[name] = self.count
                self.count += 1
            self.found.append(Occurrence(found.start(1), found.end(1), name, "cues", True, "cue", cues[name]))
        return cues
