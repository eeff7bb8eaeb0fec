"""What the terminals of the grammar are to a reader: a comment, a keyword, a number."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pvc.compiler.syntax.table import table

PYGMENTS: Mapping[str, str] = {
    "comment": "Comment.Single",
    "doc": "Comment.Special",
    "item": "Keyword.Declaration",
    "statement": "Keyword",
    "clause": "Keyword.Reserved",
    "word operator": "Operator.Word",
    "truth": "Keyword.Constant",
    "verb": "Name.Builtin",
    "declared": "Name.Class",
    "callee": "Name.Function",
    "parameter": "Name.Attribute",
    "setting": "Name.Property",
    "cue": "Name.Label",
    "name": "Name",
    "format": "Literal",
    "number": "Literal.Number",
    "unit": "Keyword.Type",
    "color": "Literal.Number.Hex",
    "string": "Literal.String.Double",
    "escape": "Literal.String.Escape",
    "markup": "Name.Tag",
    "tag": "Literal.String.Affix",
    "raw": "Literal.String.Backtick",
    "operator": "Operator",
    "punctuation": "Punctuation",
}
"""Every class, with the token type of Pygments that it is."""

TEXTMATE: Mapping[str, str] = {
    "comment": "comment.line.double-slash.vid",
    "doc": "comment.line.documentation.vid",
    "item": "storage.type.vid",
    "statement": "keyword.control.vid",
    "clause": "keyword.other.clause.vid",
    "word operator": "keyword.operator.word.vid",
    "truth": "constant.language.vid",
    "verb": "support.function.verb.vid",
    "declared": "entity.name.type.vid",
    "callee": "entity.name.function.vid",
    "parameter": "variable.parameter.vid",
    "setting": "support.type.property-name.vid",
    "cue": "entity.name.tag.cue.vid",
    "name": "variable.other.vid",
    "format": "constant.other.format.vid",
    "number": "constant.numeric.vid",
    "unit": "keyword.other.unit.vid",
    "color": "constant.other.color.vid",
    "string": "string.quoted.double.vid",
    "escape": "constant.character.escape.vid",
    "markup": "entity.name.tag.markup.vid",
    "tag": "support.type.tag.vid",
    "raw": "string.other.raw.vid",
    "operator": "keyword.operator.vid",
    "punctuation": "punctuation.vid",
}
"""Every class, with its scope in a TextMate grammar."""

ITEMS = (
    "TALK",
    "USE",
    "DECLARE",
    "LET",
    "LEXICON",
    "CONCEPT",
    "THEME",
    "COMPONENT",
    "SCENE",
    "TRANSLATION",
)
"""The words that begin what stands at the top of a file."""

_CLASSES: Mapping[str, tuple[str, ...]] = {
    "COMMENT": ("comment", "doc"),
    "TAGGED": ("tag", "raw", "punctuation"),
    "FORMAT": ("format",),
    "DOTTED": ("name", "callee"),
    "NAME": ("name", "callee", "declared", "parameter", "setting", "cue", "verb", "clause", "format"),
    "NUMBER": ("number", "unit"),
    "STRING": ("string", "escape", "cue", "markup"),
    "COLOR": ("color",),
    "BOOL": ("truth",),
    "CLAUSE": ("clause",),
    "EXTENDS": ("clause",),
    "AS": ("clause",),
    "PLACE": ("clause",),
    "PREDICATE": ("word operator",),
    "IN": ("word operator", "clause"),
    "OR": ("word operator",),
    "AND": ("word operator",),
    "NOT": ("word operator",),
}

_OPERATORS = frozenset({"RANGE", "ARROW", "COMPARE", "EQUAL", "LT", "GT", "PLUS", "MINUS", "STAR", "SLASH"})


def classes_of(terminal: str) -> tuple[str, ...]:
    """What a terminal may be. A token that is no word and not known here is punctuation, a word a statement's keyword:
    so a new word of the grammar is coloured before anybody thinks of it."""
    if terminal in _CLASSES:
        return _CLASSES[terminal]
    if terminal in ITEMS:
        return ("item",)
    if terminal in table().tokens:
        return ("operator",) if terminal in _OPERATORS else ("punctuation",)
    return ("statement",)


@cache
def words(kind: str) -> tuple[str, ...]:
    """The grammar's words that may be of a class, longest first."""
    found = (
        word for word, terminals in table().words.items() if any(kind in classes_of(terminal) for terminal in terminals)
    )
    return tuple(sorted(found, key=lambda word: (-len(word), word)))
