"""The schema that constrains what a language model may write: whatever it lets through is read without an error of
syntax.

Decoders heed few keywords, so what the grammar forbids is said by anchored patterns, by variants of a node, and by
kinds of their own for each depth: bodies and values nest no deeper than people write them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pvc.compiler.syntax import tree
from pvc.compiler.syntax.lexer import GOING_ON
from pvc.compiler.syntax.yaml.shapes import (
    ITEMS,
    KINDS,
    Field,
    Many,
    OneOf,
    Plain,
    Shape,
    TextOf,
    TypeOf,
    Value,
    Word,
    Words,
    fields_of,
)

Schema = dict[str, Any]

MOST_ENTRIES = 40
MOST_CHARACTERS = 600
DEEPEST_BODY = 2
"""How many bodies may stand in the body of an item: `say { at word { ... } }`."""

_FIRST = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_LATER = "0123456789" + _FIRST
_WORD = "[A-Za-z_][A-Za-z0-9_]{0,39}"
_OPENING = (
    *("action", "at", "chapter", "claim", "column", "expect", "for", "grid", "if", "let", "lexicon", "note", "overlay"),
    *("part", "render", "review", "row", "say", "scene", "together", "wait"),
)
"""Words that begin statements of their own, so that no verb and no group can be called so. A verb can be none either
with which a line goes on."""
_OPERATORS = ("and", "or", "in", "not", "true", "false")
_CLOSED = ("with", "in", "for", "to", "into", "by", "as", "at", "on", "from")
"""Words of clauses that `below x` may follow."""


def without(words: Iterable[str]) -> str:
    """A pattern of the words of ASCII letters that are none of these; decoders know no negative look-ahead."""
    banned = frozenset(words)

    def rest(before: str) -> str:
        letters = _LATER if before else _FIRST
        children = sorted({word[len(before)] for word in banned if word.startswith(before) and word != before})
        others = "".join(letter for letter in letters if letter not in children)
        options = [f"[{others}][A-Za-z0-9_]{{0,39}}", *(letter + rest(before + letter) for letter in children)]
        if not children:
            options = ["[A-Za-z0-9_]{1,39}"]
        return f"({'|'.join(options)}){'?' if before and before not in banned else ''}"

    return rest("")


_DOTTED = rf"{without(_OPERATORS)}([.]{_WORD}){{0,3}}"
_NUMBER = r"[0-9]{1,9}([.][0-9]{1,6})?(%|s|ms|min|h|f|px|em|deg|turn)?"
_TEXT = r'"[ !#-\[\]-~]{0,200}"'
_INDEX = rf"\[([1-9][0-9]{{0,3}}([.][.][1-9][0-9]{{0,3}})?|{_TEXT}|tex`[ -_a-~]{{1,80}}`)\]"
_ATOM = (
    rf"(-?{_NUMBER}([.][.]-?{_NUMBER})?|#[0-9a-f]{{6}}([0-9a-f]{{2}})?|{_TEXT}|true|false"
    rf"|(tex|md|python)`[ -_a-~]{{1,300}}`|{_DOTTED}({_INDEX}([.]{_WORD})?)?)"
)
_LIST = rf"\[({_ATOM}(, {_ATOM}){{0,20}})?\]"
_ARGUMENT = rf"({_WORD}: )?({_ATOM}|{_LIST})"
_CALL = rf"{_DOTTED}\(({_ARGUMENT}(, {_ARGUMENT}){{0,12}})?\)"
_CONDITION = rf"{_ATOM} ([+*/-]|==|!=|<=?|>=?|in|and|or) {_ATOM}"
_EXPRESSION = rf"({_ATOM}|{_LIST}|{_CALL}|{_CONDITION}|not {_DOTTED})"
_TYPE = rf"{_WORD}(<{_WORD}(, {_WORD}){{0,3}}>)?"


_DOC = r"[!-~\u00c0-\u024f]([ -~\u00c0-\u024f]{0,200}[!-~\u00c0-\u024f])?"


def decoding_schema(dialect: str) -> Schema:
    """What a model may write."""
    writer = _Writer()
    items = writer.many(writer.one_of(ITEMS, 0, ""))
    return {
        "$schema": dialect,
        "title": "A talk that a model writes for pvc",
        **mapping(vid={"const": 1}, items=items),
        "$defs": writer.defs,
    }


def mapping(**properties: Schema) -> Schema:
    """A mapping of just these keys, all of them required."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _pattern(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$"}


def _written(pattern: str) -> Schema:
    """An expression, written as in `.vid`."""
    return mapping(expr=_pattern(pattern))


def _text() -> Schema:
    return {"type": "string", "maxLength": MOST_CHARACTERS}


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [*schema.get("anyOf", (schema,)), {"type": "null"}]}


class _Writer:
    """``defs``: the nodes, a name for each kind, depth and place where they differ."""

    def __init__(self) -> None:
        flat: list[Schema] = [
            {"$ref": "#/$defs/expression"},
            mapping(tag={"enum": ["tex", "md", "python", "text"]}, raw=_text()),
            _text(),
        ]
        self.defs: dict[str, Schema] = {
            "expression": _written(_EXPRESSION),
            "flat": {"anyOf": flat},
            "value": {"anyOf": [*flat, self.many({"$ref": "#/$defs/flat"})]},
        }

    def many(self, inner: Schema, least: int = 0) -> Schema:
        found = {"type": "array", "items": inner, "maxItems": MOST_ENTRIES}
        return found | {"minItems": least} if least else found

    def one_of(self, kinds: Iterable[type], depth: int, place: str) -> Schema:
        """A node of one of these kinds. Those that hold bodies themselves are left out where it is deep enough."""
        low = [kind for kind in kinds if kind is not tree.Broken and (depth <= DEEPEST_BODY or not _holds(kind))]
        return {"anyOf": [one for kind in low for one in self.variants(kind, depth, place)]}

    def variants(self, kind: type, depth: int, place: str) -> list[Schema]:
        """References to the forms that a node may take."""
        deep = str(depth) if _holds(kind) and depth > 1 else ""
        name = f"{place if kind is tree.If else ''}{kind.__name__}{deep}"
        forms = _FORMS.get(kind, ((),))
        labels = [name if len(forms) == 1 else f"{name}{chr(65 + index)}" for index in range(len(forms))]
        for label, form in zip(labels, forms, strict=True):
            if label not in self.defs:
                self.defs[label] = {}  # so that what holds itself is found
                self.defs[label] = self._node(kind, depth, place, dict(form))
        return [{"$ref": f"#/$defs/{label}"} for label in labels]

    def _node(self, kind: type, depth: int, place: str, form: dict[str, Schema | None]) -> Schema:
        words = KINDS.get(kind, ())
        properties: dict[str, Schema] = {}
        if words:
            properties["kind"] = {"const": words[0]} if len(words) == 1 else {"enum": list(words)}
        below = "Talk" if kind is tree.Talk else place
        for field in fields_of(kind):
            own = form.get(field.name, _OWN.get((kind, field.name)))
            if field.name in form and own is None:
                continue
            if field.name == "operands":
                own = self.many({"$ref": "#/$defs/value"}, least=1)
            properties[field.name] = own if own is not None else self._field(kind, field, depth, below)
        return mapping(**properties)

    def _field(self, kind: type, field: Field, depth: int, place: str) -> Schema:
        shape = field.shape
        if kind is tree.If and place == "Talk" and isinstance(shape, Many):
            shape = Many(OneOf((tree.Setting, tree.Expect, tree.Remark)))
        inner = self._shape(shape, depth, place)
        return _nullable(inner) if field.optional else inner

    def _shape(self, shape: Shape, depth: int, place: str) -> Schema:
        match shape:
            case Word(free):
                return _text() if free else _pattern(_WORD)
            case Words():
                return _pattern(_DOTTED)
            case TextOf():
                return _text()
            case TypeOf():
                return _pattern(_TYPE)
            case Value():
                return {"$ref": "#/$defs/value"}
            case Many(OneOf(kinds)):
                return self.many(self.one_of(kinds, depth + 1, place))
            case Many(of):
                return self.many(self._shape(of, depth, place))
            case OneOf(kinds):
                return self.one_of(kinds, depth, place)
            case Plain(of):
                found = self.variants(of, depth, place)
                return found[0] if len(found) == 1 else {"anyOf": found}


def _holds(kind: type) -> bool:
    """Whether a node has a body."""
    return any(isinstance(one.shape, Many) and isinstance(one.shape.of, OneOf) for one in fields_of(kind))


_ANY: Schema = {"$ref": "#/$defs/value"}


def _worded(*words: str) -> Schema:
    """A word before its object: `below eq`."""
    return mapping(word={"enum": list(words)}, of={"$ref": "#/$defs/expression"})


_AT: Schema = {
    "type": "array",
    "items": mapping(keyword={"const": "at"}, value=_written(rf"({_DOTTED}|{_TEXT})( [+-] {_NUMBER})?")),
    "maxItems": 1,
}
_COLUMNS: Schema = {
    "type": "array",
    "items": mapping(name=_pattern(_WORD), type=_pattern(_TYPE), doc=_nullable(_pattern(_DOC))),
    "maxItems": MOST_ENTRIES,
}

_OWN: dict[tuple[type, str], Schema] = {
    (tree.Group, "name"): _pattern(without(_OPENING)),
    (tree.Action, "verb"): _pattern(without((*_OPENING, *GOING_ON))),
    (tree.ThemeDecl, "extends"): _nullable(_written(f"({_DOTTED}|{_CALL})")),
    (tree.Anchor, "target"): {"anyOf": [_text(), _written(without(_OPERATORS))]},
    (tree.Anchor, "offset"): _nullable(_written(f"-?{_NUMBER}")),
    (tree.FieldDecl, "name"): _pattern(_WORD),
    (tree.FieldDecl, "doc"): _nullable(_pattern(_DOC)),
    (tree.Declaration, "columns"): _COLUMNS,
    (tree.Scene, "clauses"): {
        "type": "array",
        "items": mapping(keyword={"enum": ["on", "fallback", "music", "transition", "for", "by"]}, value=_ANY),
        "maxItems": MOST_ENTRIES,
    },
}
"""Fields that the grammar allows less than their types do."""

_FORMS: dict[type, tuple[tuple[tuple[str, Schema | None], ...], ...]] = {
    tree.Use: ((("module", None), ("path", _text())), (("path", None), ("module", _pattern(_DOTTED)))),
    tree.Action: ((), (("operands", None), ("clauses", None))),
    tree.Clause: (
        (("keyword", _pattern(_WORD)), ("value", _ANY)),
        (("keyword", {"enum": list(_CLOSED)}), ("value", _worded("below", "above", "beside"))),
    ),
    tree.Expect: (
        (("condition", _ANY), ("clauses", _AT)),
        (("condition", _worded("visible", "hidden", "readable")), ("clauses", _AT)),
    ),
    tree.PartDecl: ((("of", None), ("by", None)), (("index", None), ("of", {"$ref": "#/$defs/expression"}))),
}
"""The forms of nodes that have several: fields that a form leaves out (None), and what it makes of others."""
