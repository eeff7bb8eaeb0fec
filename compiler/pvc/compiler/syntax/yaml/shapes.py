"""The form of the twin, derived from the types of the tree: which kinds there are, and what their fields hold."""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from pvc.compiler.syntax import tree

KINDS: dict[type, tuple[str, ...]] = {
    tree.Talk: ("talk",),
    tree.Use: ("use",),
    tree.Declaration: ("paper", "voice", "data", "font", "music", "sound"),
    tree.Let: ("let",),
    tree.Lexicon: ("lexicon",),
    tree.LexiconEntry: ("entry",),
    tree.Concept: ("concept",),
    tree.ThemeDecl: ("theme",),
    tree.ComponentDecl: ("component",),
    tree.Scene: ("scene",),
    tree.Translation: ("translation",),
    tree.TranslatedScene: ("scene",),
    tree.Translated: ("sentence",),
    tree.Setting: ("setting",),
    tree.Group: ("group",),
    tree.Action: ("action",),
    tree.Anchored: ("at",),
    tree.Together: ("together",),
    tree.Arrangement: ("row", "column", "overlay", "grid"),
    tree.Wait: ("wait",),
    tree.Say: ("say",),
    tree.Claim: ("claim",),
    tree.Expect: ("expect",),
    tree.Remark: ("note", "review", "chapter"),
    tree.If: ("if",),
    tree.For: ("for",),
    tree.Render: ("render",),
    tree.PartDecl: ("part",),
    tree.ActionDecl: ("verb",),
}
"""What a node is called in the twin. Where a class has a field ``kind`` of its own, that is the name."""

PLAIN: tuple[type, ...] = (tree.FieldDecl, tree.Clause, tree.Anchor)
"""Nodes that stand where nothing else can: mappings without a `kind`."""


NAMED: dict[type, str] = {tree.Action: "verb", tree.Clause: "keyword", tree.For: "variable", tree.Render: "backend"}
"""The field that holds what a node is called, where that is not `name`."""


@dataclass(frozen=True, slots=True)
class Word:
    """A name (``free``: any text)."""

    free: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A dotted name."""


@dataclass(frozen=True, slots=True)
class TextOf:
    """A text; ``narration``: of a `say`, with cues in it."""

    narration: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """An expression; ``only`` limits it to some node types."""

    only: tuple[type, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeOf:
    """The type of a parameter or column."""


@dataclass(frozen=True, slots=True)
class Many:
    """A sequence."""

    of: Shape


@dataclass(frozen=True, slots=True)
class OneOf:
    """A node of one of these classes, told apart by `kind`."""

    classes: tuple[type, ...]


@dataclass(frozen=True, slots=True)
class Plain:
    """A node without a `kind`."""

    of: type


Shape: TypeAlias = Word | Words | TextOf | Value | TypeOf | Many | OneOf | Plain


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    shape: Shape
    required: bool
    optional: bool
    """Whether it may be null in the tree."""
    default: Any


_FREE = {(tree.FieldDecl, "name"), (tree.Translation, "language")}
_HIDDEN = frozenset({"at", "name_at", "trivia", "offsets"})
_EXPRESSIONS: frozenset[type] = frozenset(typing.get_args(tree.Expr))


@cache
def fields_of(kind: type) -> tuple[Field, ...]:
    """The fields of a node as the twin has them, without its place and comments; `doc` is added by the reader."""
    hints = typing.get_type_hints(kind, dict(vars(tree)))
    out = []
    for one in dataclasses.fields(kind):
        if one.name in _HIDDEN or (one.name == "kind" and kind in KINDS):
            continue
        hint, optional = _unwrap(hints[one.name])
        default = None if one.default is dataclasses.MISSING else one.default
        # A tuple may always be left out: nothing is what it then holds.
        many = typing.get_origin(hint) is tuple
        required = one.default is dataclasses.MISSING and not optional and not many
        out.append(Field(one.name, _shape(kind, one.name, hint), required, optional, () if many else default))
    return tuple(out)


def _unwrap(hint: Any) -> tuple[Any, bool]:
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) in (typing.Union, types.UnionType) and type(None) in arguments:
        rest = tuple(one for one in arguments if one is not type(None))
        return (rest[0] if len(rest) == 1 else typing.Union[rest]), True  # noqa: UP007  # made at run time
    return hint, False


def _shape(kind: type, name: str, hint: Any) -> Shape:
    if hint is str:
        return Word(free=(kind, name) in _FREE or name == "doc")
    if hint is tree.Text:
        return TextOf()
    if hint is tree.Narration:
        return TextOf(narration=True)
    if hint is tree.Name:
        return Words()
    if hint is tree.Number:
        return Value((tree.Number,))
    if hint is tree.TypeExpr:
        return TypeOf()
    if typing.get_origin(hint) is tuple:
        return Many(_shape(kind, name, typing.get_args(hint)[0]))
    if hint in PLAIN:
        return Plain(hint)
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        classes = typing.get_args(hint)
        if set(classes) <= _EXPRESSIONS:
            return Value() if set(classes) == _EXPRESSIONS else Value(classes)
        return OneOf(tuple(one for one in classes if one is not tree.Broken))
    if hint in KINDS:
        return OneOf((hint,))
    raise TypeError(f"{kind.__name__}.{name} has a type that the twin has no form for: {hint}")


@cache
def class_of(word: str, among: tuple[type, ...] = ()) -> type | None:
    """The class that a `kind` names; one of ``among`` first, since a scene of a translation is another thing."""
    return next((kind for kind in (*among, *KINDS) if word in KINDS.get(kind, ())), None)


ITEMS: tuple[type, ...] = tuple(kind for kind in typing.get_args(tree.Item) if kind is not tree.Broken)
"""What may stand at the top of a file."""


def holds_comments(kind: type) -> bool:
    return any(one.name == "trivia" for one in dataclasses.fields(kind))
