r"""The classes as regular expressions, tried in order at each place, in what Python and Oniguruma have in common.

A word is a keyword only where it can be one: at the start of a statement, never before `=` or `:`. A statement starts
at the start of a line, behind `{`, `}` or `;`, and behind the colon of `at cue:`. What only the parser can know
(whether a name is a column, say) is left to the language server's semantic tokens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pvc.compiler.check.verbs import VERBS
from pvc.compiler.highlight.classes import classes_of, words
from pvc.compiler.syntax.lexer import GOING_ON
from pvc.compiler.syntax.table import table

NAME = r"[^\W\d]\w*"
_START = r"(?:^|(?<=[{};]))"
_INNER_START = r"(?:^|(?<=[{};:]))"
_NAMES_NEXT = ("let", "concept", "theme", "component", "scene", "translation", "part", "action", "for")
"""Words behind which a new name stands; so it does behind those that declare (`paper`, `voice`, ...)."""

_ENDING_CLAUSES = frozenset({"quote", "voice", "language", "fallback"})
"""Words that go on with a `say`, a `claim` or a `scene`; those of actions come from their table."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``groups`` are the classes of the pattern's groups in order, which cover all of it; None is white space."""

    name: str
    pattern: str
    groups: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Raw:
    """How a raw text begins and ends, by its number of backquotes: `begin` has groups for the tag and the quotes."""

    begin: str
    end: str


def _any(choices: tuple[str, ...]) -> str:
    return "|".join(re.escape(choice) for choice in choices)


def comments() -> tuple[Rule, ...]:
    pattern = table().tokens["COMMENT"].replace(r"\/", "/")
    return (
        Rule("doc", r"(///[^\n]*)", ("doc",)),
        Rule("comment", f"({pattern})", ("comment",)),
    )


def raws() -> tuple[Raw, ...]:
    """Raw texts: nothing between two backquotes, one on each side, or three and more on each side."""
    return (
        Raw(rf"(?<!\w)({NAME})(``)(?!`)", r"(?=.|$)"),
        Raw(rf"(?<!\w)({NAME})(`)(?!`)", r"(`)"),
        Raw(rf"(?<!\w)({NAME})(`{{3,}})", r"(\2)"),
    )


def statements() -> tuple[Rule, ...]:
    """What can only stand at the start of a statement."""
    every = table().words
    named = tuple(word for word in words("item") if word in _NAMES_NEXT or "DECLARE" in every[word])
    item, other = _any(words("item")), _any(words("statement"))
    inner = _any(tuple(word for word in words("statement") if word in _NAMES_NEXT))
    verbless = _any(tuple(sorted({*every, *GOING_ON, *_ENDING_CLAUSES}, key=lambda word: (-len(word), word))))
    alone = _any(tuple(name for name, verb in VERBS.items() if verb.operands[0] == 0))
    return (
        Rule("declaration", rf"{_START}([ \t]*)({_any(named)})([ \t]+)({NAME})", (None, "item", None, "declared")),
        Rule("item", rf"{_START}([ \t]*)({item})\b(?=[ \t]+[\"\w]|[ \t]*\{{)", (None, "item")),
        Rule("inner", rf"{_INNER_START}([ \t]*)({inner})([ \t]+)({NAME})", (None, "statement", None, "declared")),
        Rule(
            "anchor", rf"{_INNER_START}([ \t]*)(at)([ \t]+)({NAME})(?=[ \t]*[:{{+-])", (None, "statement", None, "cue")
        ),
        Rule(
            "statement",
            rf"{_INNER_START}([ \t]*)({other})\b(?=[ \t]+[\"\w(\[{{-]|[ \t]*\{{)",
            (None, "statement"),
        ),
        Rule("group", rf"{_START}([ \t]*)({NAME})(?=[ \t]*\{{)", (None, "setting")),
        Rule("verb alone", rf"{_START}([ \t]*)(?!(?:{verbless})\b)({NAME})(?=[ \t]*(?:$|[;}}]))", (None, "verb")),
        Rule("anchored verb alone", rf"(?<=:)([ \t]*)({alone})(?=[ \t]*(?:$|[;}}]))", (None, "verb")),
        Rule(
            "verb",
            rf"{_INNER_START}([ \t]*)(?!(?:{verbless})\b)({NAME})(?=[ \t]+[\"\w])(?![ \t]+(?:and|or|in|not)\b)",
            (None, "verb"),
        ),
    )


def names() -> tuple[Rule, ...]:
    """Words and names that may stand anywhere."""
    spoken = {clause for verb in VERBS.values() for clause in verb.clauses} | _ENDING_CLAUSES | set(words("clause"))
    clauses = tuple(sorted(spoken, key=lambda word: (-len(word), word)))
    operators = tuple(word for word in words("word operator") if word not in spoken)
    return (
        Rule("type", rf"(?<=:)([ \t]*)({NAME})(?=[ \t]*=(?!=))", (None, "name")),
        Rule("setting", rf"(?<![\w.])({NAME})(?=[ \t]*=(?!=))", ("setting",)),
        Rule("parameter", rf"(?<![\w.])({NAME})(?=[ \t]*:)", ("parameter",)),
        Rule("callee", rf"(?<![\w.])({NAME}(?:\.{NAME})*)(?=\()", ("callee",)),
        Rule("truth", rf"(?<![\w.])({_any(words('truth'))})\b(?!\.)", ("truth",)),
        Rule("word operator", rf"(?<![\w.])({_any(operators)})\b(?=[ \t(])", ("word operator",)),
        Rule("else if", r"(?<![\w.])(else)([ \t]+)(if)\b", ("statement", None, "statement")),
        Rule("else", r"(?<![\w.])(else)\b(?=[ \t]*\{)", ("statement",)),
        Rule("clause", rf"(?<![\w.])({_any(clauses)})\b(?=[ \t]+[\"\w(\[#-])", ("clause",)),
        Rule("format", rf"(?<!\w)({table().tokens['FORMAT']})", ("format",)),
        Rule("name", rf"(?<!\w)({table().tokens['DOTTED']}|{NAME})", ("name",)),
        Rule("format name", rf"(?<!\w)({table().tokens['NAME'].removeprefix(NAME + '|')})", ("format",)),
    )


def values() -> tuple[Rule, ...]:
    number = table().tokens["NUMBER"]
    unit = r"(?:%|[A-Za-zµ°]+)?"
    if not number.endswith(unit):
        raise ValueError("the grammar's NUMBER ends in another way than it used to: look at its unit here")
    return (
        Rule("number", rf"({number.removesuffix(unit)})({unit})", ("number", "unit")),
        Rule("color", f"({table().tokens['COLOR']})", ("color",)),
    )


def marks() -> tuple[Rule, ...]:
    """Operators and brackets, the longer ones first."""
    found: dict[str, list[str]] = {"operator": [], "punctuation": []}
    for terminal, pattern in table().tokens.items():
        kinds = classes_of(terminal)
        if kinds[0] in found and terminal != "TAGGED":
            found[kinds[0]].append(pattern.replace(r"\/", "/").replace(r"\-", "-"))
    return tuple(Rule(kind, f"({'|'.join(patterns)})", (kind,)) for kind, patterns in found.items())


def in_texts() -> tuple[Rule, ...]:
    """What stands out in a quoted text: escapes, cues, and the markup of a narration."""
    return (
        Rule("escape", r"(\\u\{[0-9A-Fa-f]*\}|\\[^\n])", ("escape",)),
        Rule("cue", rf"(\{{[ \t]*{NAME}(?:-\w+)*[ \t]*\}})", ("cue",)),
        Rule("markup", r"(</?[a-z](?:[^<>\"\\\n]|\\[^\n])*>)", ("markup",)),
    )
