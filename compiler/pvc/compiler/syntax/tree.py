"""The syntax tree: a pure value of one file, whichever spelling (`.vid` or YAML) it was read from.

Spans are offsets **relative to the block** (top-level item) that holds the node, so that an edit above a block leaves
the block's tree equal to what it was. Comments live in ``comments`` of the statement that follows them (``leading``)
or ends the line (``trailing``); blank lines before a statement are kept as one bit.

``name_at`` is where a node's name (verb, keyword, variable) stands, NOWHERE where it has none.

Every node is a frozen dataclass: the JSON Schema of the YAML twin is generated from these types.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, TypeAlias


class At(NamedTuple):
    """A half-open range of characters, relative to the start of the block."""

    start: int
    end: int


NOWHERE = At(0, 0)


@dataclass(frozen=True, slots=True)
class Trivia:
    """What a formatter must keep around a statement: comment lines above it, the comment behind it, doc comments
    (`///`), whether a blank line stood above it, and comments before the closing brace (``dangling``).

    Comments keep their slashes (`// why`); an empty string among them is a blank line. ``doc`` has no slashes, its
    lines are joined by newlines.
    """

    leading: tuple[str, ...] = ()
    trailing: str | None = None
    doc: str | None = None
    blank_before: bool = False
    dangling: tuple[str, ...] = ()


NO_TRIVIA = Trivia()


# ---------------------------------------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Name:
    """`eq`, `theme.accent`, `std.charts.bar`; also a word that starts with digits, such as `1080p30`."""

    parts: tuple[str, ...]
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted string, escapes resolved."""

    value: str
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Number:
    """`3`, `1.5s`, `40%`, `1_000`, `90deg`; unit is None for a bare number. Exact: never a float."""

    value: Decimal
    unit: str | None = None
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Bool:
    value: bool
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ColorLiteral:
    """`#1e90ff` or `#1e90ff80`; ``hex`` has no `#`, lower case, 6 or 8 digits."""

    hex: str
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Tagged:
    """A backquoted raw string with a tag: tex`\\frac{a}{b}`, python`x = 1`, md`**bold**`. Nothing is escaped in it."""

    tag: str
    raw: str
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ListExpr:
    items: tuple[Expr, ...]
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RecordExpr:
    """`{ model: "A", score: 28.4 }`."""

    fields: tuple[tuple[str, Expr], ...]
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RangeExpr:
    """`-3..3`, inclusive at both ends."""

    low: Expr
    high: Expr
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call; ``name`` is None for a positional one."""

    name: str | None
    value: Expr
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    callee: Name
    arguments: tuple[Argument, ...]
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Index:
    """`eq[tex`Q`]`, `chart.bars[2]`, `code.lines[3..5]`."""

    base: Expr
    index: Expr
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Attribute:
    """`x.field` on anything that is not a plain dotted name (`row["a"].b`, `f(x).parts`)."""

    base: Expr
    name: str
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x`, `not x`, and a word before its object: `below eq`, `above eq`, `visible eq`."""

    op: str
    operand: Expr
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """`+ - * /`, comparisons `== != < <= > >= in`, `and`, `or`."""

    op: str
    left: Expr
    right: Expr
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Missing:
    """An expression that could not be read; the parser has said why."""

    at: At = field(default=NOWHERE, compare=False)


Expr: TypeAlias = (
    Name
    | Text
    | Number
    | Bool
    | ColorLiteral
    | Tagged
    | ListExpr
    | RecordExpr
    | RangeExpr
    | Call
    | Index
    | Attribute
    | Unary
    | Binary
    | Missing
)


# ---------------------------------------------------------------------------------------------- types


@dataclass(frozen=True, slots=True)
class TypeExpr:
    """`number`, `list<text>`, `code<python>`, `column<number>`."""

    name: str
    arguments: tuple[TypeExpr, ...] = ()
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class FieldDecl:
    """A column of `data`, or a parameter of a component: `name: type = default`, with its doc comment."""

    name: str
    type: TypeExpr
    default: Expr | None = None
    doc: str | None = None
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    """Comments only: the doc comment is in ``doc``."""
    name_at: At = field(default=NOWHERE, compare=False)


# ---------------------------------------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class Setting:
    """`format = 1080p30`, `expect duration in 3min..6min` is an Expect, not a Setting."""

    name: str
    value: Expr
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """A named group of settings inside a theme or a component: `palette { ... }`."""

    name: str
    items: tuple[Setting | Group | Broken, ...]
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Clause:
    """A keyword and what follows it behind a verb: `with write`, `in left`, `for 2s`, `color theme.warm`, `as big`."""

    keyword: str
    value: Expr
    at: At = field(default=NOWHERE, compare=False)
    name_at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Action:
    """A verb with what it acts on and clauses: `show eq, note with write in left`, `transform a into b`,
    `orbit camera by 40deg`, `unfocus`. Any word may be a verb or a clause's keyword: the checker knows which are."""

    verb: str
    operands: tuple[Expr, ...]
    clauses: tuple[Clause, ...] = ()
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where an action hangs: a cue (`at scores`) or a phrase (`at "square root"`), with an offset (`+ 0.3s`)."""

    target: Name | Text
    offset: Number | None = None
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Anchored:
    """`at scores: highlight eq` or `at scores { ... }`."""

    anchor: Anchor
    body: tuple[Statement, ...]
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


@dataclass(frozen=True, slots=True)
class Together:
    body: tuple[Statement, ...]
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`row { ... }`, `column { ... }`, `overlay { ... }`, `grid { ... }` in a component: ``kind`` is that word. Its
    body holds settings (`gap = 24px`), what it shows, further arrangements, `let`, `if`, `for` and parts."""

    kind: str
    body: tuple[Statement | PartDecl, ...]
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


@dataclass(frozen=True, slots=True)
class Wait:
    duration: Expr
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


@dataclass(frozen=True, slots=True)
class Narration:
    """The text of a `say`, cues and SSML elements still in it: `"Every query, {scores} one score."`

    ``value`` has string escapes resolved except `\\\\`, `\\{`, `\\}` and `\\<`, which stay as written: so an unescaped
    brace opens a cue and an unescaped `<` an SSML element. ``offsets`` gives for each character of ``value`` its
    block-relative source offset where escapes made the two differ; where it is empty, character ``i``
    stands at ``at.start + 1 + i``.
    """

    value: str
    at: At = field(default=NOWHERE, compare=False)
    offsets: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Say:
    text: Narration
    clauses: tuple[Clause, ...] = ()
    body: tuple[Statement, ...] = ()
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


@dataclass(frozen=True, slots=True)
class Claim:
    """`claim "..." from vaswani at "sec:scaled" quote "..."`; ``place`` and ``quote`` may be left out."""

    text: Text
    source: Name | None
    place: Text | None
    quote: Text | None
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


@dataclass(frozen=True, slots=True)
class Expect:
    """`expect duration in 3min..6min`, `expect visible eq at scores`."""

    condition: Expr
    clauses: tuple[Clause, ...] = ()
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


@dataclass(frozen=True, slots=True)
class Remark:
    """`note "..."` (speaker notes), `review "..."` (a question for a human), `chapter "..."`."""

    kind: str
    text: Text
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


@dataclass(frozen=True, slots=True)
class Let:
    name: str
    value: Expr
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class If:
    condition: Expr
    body: tuple[Statement | PartDecl, ...]
    otherwise: tuple[Statement | PartDecl, ...] = ()
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


@dataclass(frozen=True, slots=True)
class For:
    variable: str
    iterable: Expr
    body: tuple[Statement | PartDecl, ...] = ()
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Broken:
    """A stretch of text that is no statement; the parser has said why. Kept so that printing loses nothing."""

    text: str
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


Statement: TypeAlias = (
    Action
    | Anchored
    | Together
    | Arrangement
    | Wait
    | Say
    | Claim
    | Expect
    | Remark
    | Let
    | If
    | For
    | Setting
    | Broken
)


# ---------------------------------------------------------------------------------------------- top-level items


@dataclass(frozen=True, slots=True)
class Talk:
    title: Text
    body: tuple[Setting | Group | Expect | Remark | If | Broken, ...]
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


@dataclass(frozen=True, slots=True)
class Use:
    """`use std.charts` (``module``) or `use "./brand.vid"` (``path``), with `as NAME`."""

    module: Name | None
    path: Text | None
    alias: str | None
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


@dataclass(frozen=True, slots=True)
class Declaration:
    """`paper NAME = ...`, `voice NAME = ...`, `data NAME = ... { columns }`, `font NAME = ...`, `music NAME = ...`,
    `sound NAME = ...`: ``kind`` is that word."""

    kind: str
    name: str
    value: Expr
    columns: tuple[FieldDecl, ...] = ()
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    written: Text
    spoken: Text
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


@dataclass(frozen=True, slots=True)
class Lexicon:
    entries: tuple[LexiconEntry | Broken, ...]
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


@dataclass(frozen=True, slots=True)
class Concept:
    name: str
    body: tuple[Setting | Broken, ...]
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ThemeDecl:
    """`theme brand extends midnight { colors { ... } }`, `theme brand(accent: color = #8a1c5c) extends paper { }`,
    `theme launch extends brand(accent: #a04000) { }`."""

    name: str
    extends: Name | Call | None
    body: tuple[Setting | Group | Broken, ...]
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)
    parameters: tuple[FieldDecl, ...] = ()


@dataclass(frozen=True, slots=True)
class Render:
    """`render canvas = "equation"`: which implementation draws the component on a backend."""

    backend: str
    implementation: Text
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class PartDecl:
    """`part bars[int] "one bar for each row"`, `part caption`; in a component made of others `part formula = eq`, and
    where it stands in a loop `part cards by row.name = card`: ``of`` and ``by``."""

    name: str
    index: TypeExpr | None = None
    doc: Text | None = None
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)
    of: Expr | None = None
    by: Expr | None = None


@dataclass(frozen=True, slots=True)
class ActionDecl:
    """`action orbit(by: angle = 40deg) "turns the camera"`: a verb that the component understands beside the common
    ones; its parameters are the clauses (`orbit camera by 40deg`)."""

    name: str
    parameters: tuple[FieldDecl, ...] = ()
    doc: Text | None = None
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ComponentDecl:
    """A component: typed parameters, parts, actions, the backends that draw it; or, for a user's own, a `body` made
    of other visuals."""

    name: str
    parameters: tuple[FieldDecl, ...]
    body: tuple[Render | PartDecl | ActionDecl | Group | Statement, ...]
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Scene:
    """`scene result "What it gives" { ... }`. Its clauses say where it is drawn and how it ends; `for row in table by
    row.key` makes one of each row, and `if` (always the last) keeps it only where that holds."""

    name: str
    title: Text | None
    clauses: tuple[Clause, ...]
    body: tuple[Statement, ...]
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Translated:
    """`say "Hello, {you}." -> "Hallo, {you}."`: a narration of the original, found by its words, and what is said
    instead. In ``into`` a mark may hold a phrase of the original: `{square root}`."""

    text: Narration
    into: Narration
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


@dataclass(frozen=True, slots=True)
class TranslatedScene:
    """`scene scores "Wertungen" { ... }` in a translation: the title, narrations and texts of a scene."""

    name: str
    title: Text | None
    body: tuple[Translated | LexiconEntry | Remark | Broken, ...]
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA
    name_at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Translation:
    """`translation de { scene scores "..." { say "..." -> "..." } }`: a typed overlay of narration, titles and
    texts."""

    language: str
    body: tuple[TranslatedScene | LexiconEntry | Setting | Group | Lexicon | Broken, ...]
    at: At = field(default=NOWHERE, compare=False)
    trivia: Trivia = NO_TRIVIA


Item: TypeAlias = (
    Talk | Use | Declaration | Let | Lexicon | Concept | ThemeDecl | ComponentDecl | Scene | Translation | Broken
)


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level item with the text it was read from (comments above it included) and where that text starts."""

    item: Item
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class File:
    """A file's blocks in order, and what stands behind the last one. ``"".join(block texts) + tail`` is the file."""

    path: str
    blocks: tuple[Block, ...]
    tail: str = ""
