"""What to say where the parser is stuck: what would have fitted there, in people's words."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pvc.compiler.syntax.lexer import Tokens
from pvc.compiler.syntax.problem import Problem
from pvc.compiler.syntax.table import Table, accepts

FORMS = {
    "talk": 'talk "Title" { ... }',
    "use": 'use std.charts, or: use "./file.vid" as name',
    "paper": 'paper name = latex("paper.tex")',
    "voice": "voice name = espeak(rate: 0.95)",
    "data": 'data name = csv("file.csv") { column: number }',
    "font": 'font name = file("Name.ttf")',
    "music": 'music name = file("bed.mp3")',
    "sound": 'sound name = file("click.wav")',
    "let": "let name = value",
    "lexicon": 'lexicon { "written" -> "spoken" }',
    "concept": "concept name { ... }",
    "theme": "theme name { colors { ... } }",
    "component": "component name(parameter: type = default) { ... }",
    "scene": 'scene name "Title" { ... }',
    "translation": "translation de { ... }",
    "say": 'say "What is said, with a {cue}." { actions }',
    "at": 'at cue: show x, or: at "phrase" + 0.3s: show x',
    "together": "together { actions }",
    "row": "row { show a; show b }",
    "column": "column { show a; show b }",
    "overlay": "overlay { show a; show b }",
    "grid": "grid { columns = 2 show a; show b }",
    "wait": "wait 0.5s",
    "claim": 'claim "What is claimed." from paper at "sec:label" quote "words of the paper"',
    "expect": "expect duration in 3min..6min",
    "note": 'note "For the speaker."',
    "review": 'review "A question for a person."',
    "chapter": 'chapter "Title"',
    "if": "if condition { ... } else { ... }",
    "for": "for row in table { ... }",
    "render": 'render backend = "implementation"',
    "part": 'part name = inner_visual, or: part name[int] "what it is"',
    "action": 'action name(parameter: type) "what it does"',
}
"""How each statement is written, by its first word."""

ITEMS = (
    *("talk", "use", "paper", "voice", "data", "font", "music", "sound", "let", "lexicon", "concept", "theme"),
    *("component", "scene", "translation"),
)

VERBS = frozenset({"show", "hide", "move", "highlight", "transform", "reveal", "focus", "zoom", "pan", "reset"})

REGIONS = frozenset({"left", "right", "top", "bottom", "center", "full"})

_WORDS = {
    "NAME": "a name",
    "STRING": "a text in quotes",
    "NUMBER": "a number",
    "COLON": "`:`",
    "EQUAL": "`=`",
    "COMMA": "`,`",
    "ARROW": "`->`",
    "LPAREN": "`(`",
    "RPAREN": "`)`",
    "LBRACKET": "`[`",
    "RBRACKET": "`]`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "GT": "`>`",
    "SEP": "the end of the line",
    "$END": "the end of the line",
    "IN": "`in`",
}
"""Terminals worth naming. Operators are not: where one may stand, something simpler may too."""

_OPERATORS = frozenset(
    {"PLUS", "MINUS", "STAR", "SLASH", "RANGE", "COMPARE", "LT", "AND", "OR", "DOT", "IN", "LBRACKET"}
)


@dataclass(frozen=True, slots=True)
class Stuck:
    """The automaton's state where it could not go on: token ``index`` does not fit (``high``: the end)."""

    table: Table
    tokens: Tokens
    states: tuple[int, ...]
    stack: tuple[Any, ...]
    index: int
    high: int

    def fits(self, terminal: str) -> bool:
        return accepts(self.table, self.states, terminal)


def unexpected(stuck: Stuck, begin: int, at_item: bool) -> Problem:
    """The problem of being stuck; ``begin`` is the first token of the statement that is given up."""
    tokens, index = stuck.tokens, stuck.index
    kinds, values = tokens.kinds, tokens.values
    start, end = _place(tokens, index, stuck.high)
    found = kinds[index] if index < stuck.high else "$END"
    if found == "RBRACE" and index > begin and "\n" in tokens.text[tokens.ends[index - 1] : start]:
        found = "SEP"  # the line ended before the body did: that is where something is missing
        start = end = tokens.ends[index - 1]
    first = values[begin] if begin < stuck.high else ""
    if at_item and begin == index:
        return _unknown_item(tokens, index, start, end)

    opener = _open_bracket(stuck)
    if opener is not None and found in ("SEP", "RBRACE", "$END", "LBRACE", "WORD"):
        closer = ")" if kinds[opener] == "LPAREN" else "]"
        if found != "WORD" or tokens.text.count("\n", tokens.ends[index - 1], start):
            low, high = tokens.starts[opener], tokens.ends[opener]
            return Problem(
                "PVC0104",
                f"This `{values[opener]}` is never closed",
                low,
                high,
                f"add the missing `{closer}`",
                label=(start, end, f"`{closer}` is missing before this"),
            )
    if found == "EQUAL" and stuck.fits("COLON"):
        return Problem("PVC0101", "An argument is given with `:`, not `=`", start, end, "write `name: value`", fix=":")
    typed = found == "COLON" and first == "let" and kinds[index + 1 : index + 3] == ["NAME", "EQUAL"]
    if typed and index + 2 < stuck.high:
        message, better = "The type of a `let` is that of its value", "leave it away: `let name = value`"
        return Problem("PVC0101", message, start, tokens.ends[index + 2], better, fix=" =")
    if found == "COLON" and first == "at" and index == begin + 1:
        message = "Expected a cue or a phrase after `at`, but found `:`"
        return Problem("PVC0101", message, start, end, f"it is written: {FORMS['at']}")
    if found == "COLON" and first != "at" and values[index - 2 : index - 1] == ["at"]:
        low, high = tokens.starts[index - 2], tokens.ends[index - 2]
        message = "An `at` with a `:` begins a statement of its own"
        return Problem(
            "PVC0101", message, low, high, "write it on a line of its own, or put a `;` before it", fix="; at"
        )
    if found == "COLON" and index == begin + 1 and first in _NO_COLON and not at_item:
        low = tokens.ends[begin]
        return Problem("PVC0101", f"No `:` stands behind `{first}`", low, end, f"it is written: {FORMS[first]}", fix="")
    if found == "EQUAL" and stuck.fits("COMPARE"):
        return Problem("PVC0101", "Two values are compared with `==`, not `=`", start, end, "write `==`", fix="==")
    if found == "COMPARE" and index >= begin + 2 and values[index - 2] in ("elif", "elseif"):
        low, high = tokens.starts[index - 2], tokens.ends[index - 2]
        message = f"`{values[index - 2]}` is written `else if`"
        return Problem("PVC0101", message, low, high, "write `else if`", fix="else if")
    if found == "COLON" and stuck.fits("EQUAL"):
        return Problem("PVC0101", "A setting is given with `=`, not `:`", start, end, "write `name = value`", fix=" =")
    if (found in ("RPAREN", "RBRACKET") and not _opened(kinds[begin:index])) or (found == "RBRACE" and begin == index):
        return _closes_nothing(values[index], start, end)

    if first in _TOP_ONLY and kinds[begin] == "WORD" and not at_item and found in ("EQUAL", "LBRACE"):
        return top_only(first, tokens.starts[begin], tokens.ends[begin])
    tag = values[index - 1] if index > begin and kinds[index - 1] in ("NAME", "WORD") else ""
    if found == "STRING" and tokens.ends[index - 1] == start and (tag in ("tex", "md", "markdown")):
        inner = tokens.text[start + 1 : end - 1]
        raw = f"{tag}`{inner}`" if "`" not in inner else None
        message = f"What stands behind `{tag}` stands in backquotes"
        return Problem("PVC0103", message, tokens.starts[index - 1], end, f"write {_short(raw or tag + '`...`')}", raw)

    late = _late_condition(tokens, begin, index)
    if late is not None:
        return late
    alone = _alone(tokens, begin, index)
    if alone is not None:
        return alone
    wanted = expected(stuck)
    after = (
        f" after `{_short(tokens.text[tokens.starts[index - 1] : tokens.ends[index - 1]])}`" if index > begin else ""
    )
    what = {"SEP": "the line ends", "$END": "the line ends"}.get(found) or f"found `{_short(tokens.text[start:end])}`"
    form = FORMS.get(first)
    hint = f"it is written: {form}" if form and kinds[begin] == "WORD" else None
    around = kinds[index - 1] if index > begin else "", kinds[index + 1] if index + 1 < stuck.high else ""
    if found == "DOT" and around[1] == "NUMBER":
        hint = f"a number begins with a digit: `0.{values[index + 1]}`"
        if index > begin and kinds[index - 1] == "RANGE":
            hint = f"a range has two dots: `1..{values[index + 1]}`"
    elif found == "COMMA" and around == ("NUMBER", "NUMBER"):
        hint = f"a fraction is written with a point: `{values[index - 1]}.{values[index + 1]}`"
    if hint is None and found in ("NAME", "WORD") and stuck.fits("SEP"):
        hint = "put each statement on a line of its own"
    if not wanted:
        return Problem("PVC0101", f"`{_short(tokens.text[start:end])}` cannot stand here", start, end, hint)
    return Problem("PVC0101", f"Expected {wanted}{after}, but {what}", start, end, hint)


_NO_COLON = frozenset({"say", "wait", "claim", "expect", "review"})
"""Statements that are no setting of anything, so that a `:` behind them is only one too many."""

_IN_A_HEAD = {
    "if": 'a scene says in its head whether it is there: scene name "Title" if CONDITION { ... }; '
    "in a talk, `if` stands around settings",
    "for": 'a scene of each row is: scene name "Title" for row in TABLE by row.COLUMN { ... }',
}
"""What is written at the top of a file instead of a statement around items."""


def _alone(tokens: Tokens, begin: int, index: int) -> Problem | None:
    """A verb or a region of the frame that was taken for a clause, so that the next token surprised."""
    for at in (index - 1, index - 2):
        if at <= begin or tokens.kinds[at] not in ("WORD", "NAME"):
            continue
        word, verb = tokens.values[at], tokens.values[begin]
        low, high = tokens.starts[at], tokens.ends[at]
        if word in VERBS and verb in VERBS | {"unfocus", "unhighlight"}:
            if tokens.values[at - 1] == "then":
                low, hint = tokens.starts[at - 1], "put each action on a line of its own: they follow each other"
                return Problem("PVC0101", "`then` joins no actions", low, high, hint, fix=f"; {word}")
            hint = "write it on a line of its own, or put a `;` before it"
            return Problem("PVC0101", f"`{word}` begins another statement", low, high, hint, fix=f"; {word}")
        if at == index - 1 and word in REGIONS and verb in ("show", "move", "transform"):
            placed = f"{'to' if verb == 'move' else 'in'} {word}"
            return Problem("PVC0101", f"A place is written `{placed}`", low, high, f"write `{placed}`", fix=placed)
    return None


def _late_condition(tokens: Tokens, begin: int, index: int) -> Problem | None:
    """An `if` behind what it is about, in the token before ``index`` or further back in the statement of ``begin``; or
    one that begins that statement on the line of the one before it."""
    for at in range(begin, min(index + 1, len(tokens.kinds))):
        if tokens.values[at] != "if" or tokens.kinds[at] not in ("WORD", "NAME"):
            continue
        before = at - 2 if at and tokens.kinds[at - 1] == "SEP" else at - 1
        if before < 0 or tokens.kinds[before] in ("LBRACE", "RBRACE", "SEP"):
            return None
        between = tokens.text[tokens.ends[before] : tokens.starts[at]]
        if between.strip(" \t"):
            return None
        form = "if CONDITION { ... } else { ... }"
        hint = f"it stands around statements: {form}; a scene's own is the last thing in its head"
        message = "An `if` cannot stand behind what it is about"
        return Problem("PVC0101", message, tokens.starts[at], tokens.ends[at], hint)
    return None


_TOP_ONLY = frozenset(ITEMS) - {"let", "lexicon"}


def top_only(word: str, start: int, end: int) -> Problem:
    """An item of a file among the statements of a body."""
    message = f"`{word}` cannot stand inside braces"
    return Problem("PVC0108", message, start, end, f"it stands at the top of a file: {FORMS[word]}")


def _closes_nothing(bracket: str, start: int, end: int) -> Problem:
    fix = "" if end - start == 1 else None
    return Problem("PVC0105", f"This `{bracket}` closes nothing", start, end, "remove it, or open it above", fix)


def left_over(tokens: Tokens, index: int) -> Problem:
    """An item is complete, and something follows it."""
    if tokens.kinds[index] == "SEP" and index + 1 < len(tokens.kinds):
        index += 1
    late = _late_condition(tokens, index, index)
    if late is not None:
        return late
    start, end = _place(tokens, index, len(tokens.kinds))
    kind = tokens.kinds[index]
    if kind in ("RBRACE", "RPAREN", "RBRACKET"):
        return _closes_nothing(tokens.values[index], start, end)
    return Problem(
        "PVC0101",
        f"`{_short(tokens.text[start:end])}` does not belong to what stands before it",
        start,
        end,
        "begin each item on a line of its own",
    )


def expected(stuck: Stuck) -> str:
    """What could stand there, such as "a name or `{`"; empty where too much could."""
    fitting = {terminal for terminal in stuck.table.actions[stuck.states[-1]] if stuck.fits(terminal)}
    if {"NUMBER", "TAGGED"} <= fitting:
        return "a value"
    if "SAY" in fitting:
        return "a statement"
    if "SEP" in fitting or "$END" in fitting:
        return "the end of the line"
    if "COMPARE" in fitting:
        fitting.discard("GT")  # a comparison, not the end of a type
    named = [
        _WORDS[terminal] for terminal in _WORDS if terminal in fitting - (_OPERATORS if len(fitting) > 3 else set())
    ]
    if "NAME" in fitting and {"CLAUSE", "LBRACE"} <= fitting:
        named = ["`{`"]
    words = [word for word, terminals in stuck.table.words.items() if fitting.intersection(terminals)]
    if not named and words:
        named = [f"`{word}`" for word in words[:4]]
    if len(named) > 4:
        named = named[:4]
    if len(named) < 2:
        return "".join(named)
    return ", ".join(named[:-1]) + " or " + named[-1]


def _place(tokens: Tokens, index: int, high: int) -> tuple[int, int]:
    """Where to point: at the token; at the end of the line before it where a line or the text ends too early."""
    if index < high and tokens.kinds[index] != "SEP" and tokens.ends[index] > tokens.starts[index]:
        return tokens.starts[index], tokens.ends[index]
    if index > 0:
        end = tokens.ends[index - 1]
        return end, end
    return 0, 0


def _open_bracket(stuck: Stuck) -> int | None:
    """The innermost `(` or `[` that is open on the stack, where its closer would fit."""
    kinds = stuck.tokens.kinds
    if not (stuck.fits("RPAREN") or stuck.fits("RBRACKET")):
        return None
    for value in reversed(stuck.stack):
        if type(value) is int and kinds[value] in ("LPAREN", "LBRACKET", "RECORD", "LBRACE"):
            return value if kinds[value] in ("LPAREN", "LBRACKET") else None
    return None


def _opened(kinds: Sequence[str]) -> bool:
    """Whether a `(` or `[` among tokens has no closer there."""
    depth = 0
    for kind in kinds:
        if kind in ("LPAREN", "LBRACKET"):
            depth += 1
        elif kind in ("RPAREN", "RBRACKET"):
            depth = max(0, depth - 1)
    return depth > 0


def _unknown_item(tokens: Tokens, index: int, start: int, end: int) -> Problem:
    if index >= len(tokens.kinds):
        return Problem("PVC0101", "Nothing stands here", start, end)
    word = tokens.values[index]
    if tokens.kinds[index] in ("RBRACE", "RPAREN", "RBRACKET"):
        return _closes_nothing(word, start, end)
    if (word in FORMS and word not in ITEMS) or word in VERBS:
        hint = _IN_A_HEAD.get(word, 'put it into scene name "Title" { ... }')
        return Problem("PVC0108", f"`{word}` cannot stand outside a scene", start, end, hint)
    if word in ITEMS:
        what = _short(tokens.text[tokens.starts[index + 1] : tokens.ends[index + 1]])
        message = f"Expected a name after `{word}`, but found `{what}`"
        return Problem(
            "PVC0101", message, tokens.starts[index + 1], tokens.ends[index + 1], f"it is written: {FORMS[word]}"
        )
    if tokens.kinds[index + 1 : index + 2] == ["COLON"]:
        hint = "a spec in YAML has a name that ends in `.vid.yaml`"
        return Problem("PVC0107", f"No item of a file begins with `{_short(word)}:`", start, end, hint)
    if tokens.kinds[index + 1 : index + 2] == ["EQUAL"] or word == "vid":
        setting = f"{_short(word)} = {'1' if word == 'vid' else '...'}"
        hint = f'a setting stands in the braces of the talk: talk "Title" {{ {setting} }}; a value begins with `let`'
        return Problem("PVC0107", f"No item of a file begins with `{_short(word)}`", start, end, hint)
    near = difflib.get_close_matches(word.lower(), ITEMS, n=1, cutoff=0.6)
    if near:
        return Problem(
            "PVC0107",
            f"No item of a file begins with `{_short(word)}`",
            start,
            end,
            f"did you mean `{near[0]}`?",
            fix=near[0],
        )
    return Problem(
        "PVC0107",
        f"No item of a file begins with `{_short(word)}`",
        start,
        end,
        "a file holds " + ", ".join(ITEMS[:-1]) + f" and {ITEMS[-1]}",
    )


def _short(text: str) -> str:
    text = text.split("\n", 1)[0]
    return text if len(text) <= 40 else text[:37] + "..."
