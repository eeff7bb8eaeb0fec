"""Text of one block -> tokens, with comments kept beside them.

The token patterns are those of grammar/vid.lark. What a pattern cannot say is decided here, as the grammar's head
explains: where a newline ends a statement (SEP), whether a `{` opens a record or a body, and which comment belongs to
which token. The lexer never fails: what it cannot read becomes a Problem, and the tokens go on behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from unicodedata import category

from pvc.compiler.syntax.problem import MOST, Problem
from pvc.compiler.syntax.table import table

DEEPEST = 128
"""How deep a block's tree may get: brackets, and operators in a row, within each other."""

_ENDS = frozenset(
    {"NAME", "WORD", "DOTTED", "FORMAT", "NUMBER", "STRING", "COLOR", "TAGGED", "RPAREN", "RBRACKET", "RBRACE", "GT"}
)
"""Tokens after which a statement may end."""

_VALUE_DUE = frozenset(
    {"EQUAL", "LPAREN", "LBRACKET", "COMMA", "PLUS", "MINUS", "STAR", "SLASH", "RANGE", "COMPARE", "LT", "GT", "ARROW"}
)
"""Tokens after which a `{` opens a record."""

_GOES_ON = frozenset(
    {"RBRACE", "RPAREN", "RBRACKET", "LBRACE", "PLUS", "MINUS", "STAR", "SLASH", "RANGE", "ARROW", "COMPARE", "EQUAL"}
    | {"COMMA", "COLON", "DOT", "LT", "GT", "RECORD"}
)
"""Tokens that cannot begin a statement: a newline before one of them means nothing."""

_DEEPENS = frozenset({"PLUS", "MINUS", "STAR", "SLASH", "RANGE", "COMPARE", "LT", "GT", "COLON", "DOT"})
_DEEPENING_WORDS = frozenset({"and", "or", "not", "in", "else"})

_LINE_GOES_ON = re.compile(
    r"(?:else|and|or)\b(?!\s*[=:])|(?:with|into|by|as|on|from|to|in|fallback|extends)\b(?!\s*[=:{(])|quote\s+\""
)
"""Words that begin a line but go on with the statement above."""

_UNFINISHED = frozenset({"PLUS", "MINUS", "STAR", "SLASH", "RANGE", "COMPARE", "EQUAL", "COMMA", "LT", "DOT"})

_SURE_STATEMENT = re.compile(
    r"let\s+\w+\s*=(?!=)|(?:say|note|review|chapter|claim)\s+\""
    r"|(?:show|hide|move|highlight|unhighlight|transform|reveal|focus|play|wait|zoom|pan|orbit|expect|if|for|at)"
    r"[ \t]+[\w\"]"
)
"""What a line begins with that begins a statement, whatever the line above still wants: two words in a row are no
value. So a value that is not finished (`let a = 1 +`) costs its own statement alone."""

GOING_ON = frozenset(
    {"else", "and", "or", "with", "into", "by", "as", "on", "from", "to", "in", "fallback", "extends", "quote"}
)
_OPENER = {"RPAREN": "LPAREN", "RBRACKET": "LBRACKET"}
_OPERATOR_WORDS = frozenset({"and", "or", "not", "in"})
"""Words at the end of a line that want something behind them."""


class TooDeep(Exception):
    """A block nests deeper than `DEEPEST`; ``offset`` is where."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class TooMany(Exception):
    """A block has more problems than anyone wants to hear of."""


class _Unclosed(Exception):
    """Some `(` or `[` is never closed."""


@dataclass(slots=True)
class Tokens:
    """Parallel lists, one entry a token. ``levels`` counts the brackets open around it (a bracket itself stands
    outside). ``leading``, ``trailing`` and ``blank`` are the comments before and behind a token and whether a blank
    line is above it, by the token's index; the parser takes them out as it gives them to statements."""

    text: str
    kinds: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    leading: dict[int, list[str]] = field(default_factory=dict)
    trailing: dict[int, str] = field(default_factory=dict)
    blank: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    unclosed: bool = False


@cache
def _pattern() -> re.Pattern[str]:
    tokens = table().tokens
    parts = []
    for name, pattern in tokens.items():
        if name == "NAME":
            parts.append(r"(?P<LABEL>[^\W\d]\w*(?=[ \t]*(?:=(?!=)|:)))")
        parts.append(f"(?P<{name}>{pattern})")
    # What follows is no token of the language: line ends, and what people write by mistake.
    parts += [
        r"(?P<NEWLINE>\n)",
        r"(?P<SEMICOLON>;)",
        r"(?P<OPEN_STRING>\"(?:[^\"\r\n]|\r(?!\n))*)",
        r"(?P<QUOTED>'[^'\n]*'|[\u2018\u201c\u201d][^'\"\u2019\u201c\u201d\n]*[\u2019\u201c\u201d])",
        r"(?P<BLOCK_COMMENT>/\*[\s\S]*?(?:\*/|\Z))",
        r"(?P<TICKS>`[^`\n]*`?)",
        r"(?P<MATH>\$[^$\n]+\$|\\[A-Za-z]+(?:\{[^{}`\n]*\})*)",
        r"(?P<HASH_COMMENT>#(?:[ \t#!][^\n]*|(?=\n)))",
        r"(?P<JUNK>[^\s\w\"'`#(){}\[\],:;=<>+*/.!-]+|[\s\S])",
    ]
    order = {"BLOCK_COMMENT": -1, "COMMENT": -2, "HASH_COMMENT": -3}
    parts.sort(key=lambda part: order.get(part[4 : part.index(">")], 0))
    return re.compile(r"[ \t\r\f\v\ufeff]*(?:" + "|".join(parts) + ")")


def lex(text: str) -> Tokens:
    """The tokens of a block. Raises TooDeep."""
    try:
        return _lex(text, frozenset())
    except _Unclosed:
        # Once more without counting those brackets: then only their own statements suffer.
        return _lex(text, _never_closed(text))


def _never_closed(text: str) -> frozenset[int]:
    """Where a `(` or `[` stands that a `}` or the end of the block comes before."""
    open_: list[tuple[str, int]] = []
    dead: list[int] = []
    for match in _pattern().finditer(text):
        kind = match.lastgroup
        if kind in ("LPAREN", "LBRACKET", "LBRACE"):
            open_.append((kind, match.start(kind)))
        elif kind == "RBRACE":
            while open_ and open_[-1][0] != "LBRACE":
                dead.append(open_.pop()[1])
            if open_:
                open_.pop()
        elif kind in _OPENER and open_ and open_[-1][0] == _OPENER[kind]:
            open_.pop()
    return frozenset(dead).union(offset for kind, offset in open_ if kind != "LBRACE")


def _lex(text: str, dead: frozenset[int]) -> Tokens:
    out = Tokens(text)
    kinds, values, starts, ends, levels = out.kinds, out.values, out.starts, out.ends, out.levels
    words = table().words
    # Open brackets: (kind, offset, whether the statement around had an `=`, an `->`, its weight).
    stack: list[tuple[str, int, bool, bool, int]] = []
    inside = "block"
    equal = arrow = soft = False
    weight = base = 0
    newlines = 1  # a block begins at the start of a line: one more newline there is a blank line
    broke = False
    comments: list[str] = []
    blank = False
    previous = "SEP"

    def separate(index: int, offset: int) -> None:
        """A SEP before the token ``index``, which was lexed already where it is not the next one."""
        nonlocal equal, arrow, weight
        kinds.insert(index, "SEP")
        values.insert(index, "")
        starts.insert(index, offset)
        ends.insert(index, offset)
        levels.insert(index, len(stack))
        for table_ in (out.leading, out.trailing):
            if index in table_:
                table_[index + 1] = table_.pop(index)  # type: ignore[assignment]
        if index in out.blank:
            out.blank.discard(index)
            out.blank.add(index + 1)
        equal = arrow = False
        weight = base

    for match in _pattern().finditer(text):
        kind = match.lastgroup
        if kind is None:
            break
        start, end = match.span(kind)
        if kind == "NEWLINE":
            newlines += 1
            broke = True
            if newlines == 2:
                if comments:
                    comments.append("")
                else:
                    blank = True
            continue
        value = text[start:end]
        if kind == "COMMENT":
            value = value.rstrip()
            if not value.isprintable():
                _check_comment(out, value, start)
            if not broke and kinds and previous not in ("LBRACE", "LPAREN", "LBRACKET", "RECORD"):
                out.trailing[len(kinds) - 1] = value
            else:
                comments.append(value)
            newlines = 0
            continue
        if not broke and previous == "NUMBER" and kind in ("NAME", "JUNK") and value in _UNITS and _bare(values[-1]):
            _apart(out, value, start, end)
            continue
        if kind in ("JUNK", "OPEN_STRING", "QUOTED", "BLOCK_COMMENT", "TICKS", "MATH", "HASH_COMMENT"):
            replaced = _mistake(out, kind, value, start, end)
            if replaced is None:
                continue
            if kind == "MATH" and replaced == "TAGGED":
                value = f"tex`{_formula(value)}`"
            kind = replaced
        if kind == "SEMICOLON":
            soft = previous in _ENDS
            continue
        if kind == "LABEL" or kind == "NAME":
            if equal and inside == "block" and previous in _ENDS and value not in _OPERATOR_WORDS:
                soft = True  # nothing that a setting's value may go on with: `title = 92px leading = 1.3`
            kind = "WORD" if kind == "NAME" and value in words and previous != "DOT" else "NAME"
        elif kind == "LBRACE":
            if previous in _VALUE_DUE or (previous == "COLON" and inside != "block"):
                kind = "RECORD"
        elif kind == "ARROW":
            if arrow and previous == "STRING" and len(kinds) > 1 and kinds[-2] == "STRING":
                separate(len(kinds) - 1, starts[-1])
            arrow = True
        elif kind == "EQUAL":
            equal = True

        if (
            (broke or soft)
            and inside == "block"
            and kind not in _GOES_ON
            and (
                (
                    (previous in _ENDS or previous == "EQUAL")
                    and not (value in GOING_ON and _LINE_GOES_ON.match(text, start))
                    and not (previous == "WORD" and values[-1] in _OPERATOR_WORDS)
                )
                or (
                    broke
                    and kind in ("NAME", "WORD")
                    and (previous in _UNFINISHED or (previous == "WORD" and values[-1] in _OPERATOR_WORDS))
                    and _SURE_STATEMENT.match(text, start)
                )
            )
        ):
            separate(len(kinds), start)
        newlines = 0
        broke = soft = False

        index = len(kinds)
        if comments:
            out.leading[index] = comments
            comments = []
        if blank:
            out.blank.add(index)
            blank = False

        if kind in _DEEPENS or (kind == "WORD" and value in _DEEPENING_WORDS):
            weight += 1
            if weight > DEEPEST:
                raise TooDeep(start)
        elif kind == "COMMA":
            weight = base

        level = len(stack)
        if kind in ("LPAREN", "LBRACKET", "RECORD", "LBRACE"):
            if start not in dead:
                stack.append((inside, start, equal, arrow, base))
                inside = "block" if kind == "LBRACE" else kind
                equal = arrow = False
                weight += 1
                base = weight
                if weight > DEEPEST:
                    raise TooDeep(start)
        elif kind == "RBRACE":
            if inside in ("LPAREN", "LBRACKET"):
                raise _Unclosed
            if stack:
                soft = inside == "block"
                weight = base
                inside, _, equal, arrow, base = stack.pop()
                level -= 1
        elif kind in _OPENER and stack and inside == _OPENER[kind]:
            weight = base
            inside, _, equal, arrow, base = stack.pop()
            level -= 1
        kinds.append(kind)
        values.append(value)
        starts.append(start)
        ends.append(end)
        levels.append(level)
        # Behind an `=` a `>` compares; elsewhere it may end the type of a column, and a line with it.
        previous = "COMPARE" if kind == "GT" and equal else kind

    if inside in ("LPAREN", "LBRACKET"):
        raise _Unclosed
    if comments:
        out.leading[len(kinds)] = comments
    if stack:
        _close(out, [entry[1] for entry in stack])
    return out


def _formula(value: str) -> str:
    """The TeX of a formula between `$`, or of a bare command."""
    return value[1:-1] if value[0] == "$" else value


def _mistake(out: Tokens, kind: str, value: str, start: int, end: int) -> str | None:
    """Says what is wrong with a stretch that is no token; the kind of token to take it for, or None to leave it out."""

    def say(code: str, message: str, hint: str, fix: str | None = None, safe: bool = False) -> None:
        if len(out.problems) <= MOST:
            out.problems.append(Problem(code, message, start, end, hint, fix, lexical=True, safe=safe))

    if kind == "OPEN_STRING":
        fix = f'{value.rstrip()}"' if not value.endswith("\\") else None
        say("PVC0102", "This text has no closing quote", 'end it with `"` on the same line', fix)
        return "STRING"
    if kind == "QUOTED":
        fix = '"' + value[1:-1].replace('"', '\\"') + '"'
        safe = not any(mark in fix for mark in "\\{}<")
        say("PVC0106", "Texts stand in straight double quotes", f"write {_short(fix)}", fix, safe)
        return "STRING"
    if kind == "BLOCK_COMMENT":
        say("PVC0106", "`/* */` is no comment here", "begin each line of a comment with `//`")
        return None
    if kind == "MATH":
        inner = _formula(value)
        fix = f"tex`{inner}`" if "`" not in inner else None
        message = "Formulas do not stand between `$`" if value[0] == "$" else "A command of TeX stands in a formula"
        say("PVC0106", message, f"write {_short(fix or 'tex`...`')}", fix)
        return "TAGGED" if fix else "STRING"
    if kind == "HASH_COMMENT":
        say("PVC0106", "A comment does not begin with `#` here", "begin it with `//`", "//" + value.lstrip("#"), True)
        return None
    if kind == "TICKS":
        if value.endswith("`") and len(value) > 1:
            say("PVC0103", "This raw text does not say what it is", "write `tex`, `md` or a language right before it")
        else:
            say("PVC0103", "The raw text that begins here is never closed", "close it with another backquote")
            over_lines = [i for i, k in enumerate(out.kinds) if k == "TAGGED" and "\n" in out.values[i]]
            if over_lines and len(out.problems) <= MOST:
                # Every backquote before this one has found a partner: the one at fault may stand further up.
                before = out.starts[over_lines[-1]], out.ends[over_lines[-1]]
                out.problems[-1] = replace(
                    out.problems[-1], label=(*before, "or this one should end on its first line")
                )
        return "STRING"
    if not value.isprintable():
        message = f"The character U+{ord(value[0]):04X} has no meaning here"
    else:
        message = f"`{_short(value)}` has no meaning here"
    last = out.problems[-1] if out.problems else None
    if last is not None and last.code == "PVC0106" and last.fix is None and not out.text[last.end : start].strip():
        # One finding for a run of junk, not one a character.
        out.problems[-1] = Problem("PVC0106", last.message, last.start, end, last.hint, lexical=True)
    else:
        hint = "remove it, or put it into a text in quotes"
        say("PVC0106", message, "a formula is written as in tex`x^2`" if value == "^" else hint)
    return None


_UNITS = frozenset({"s", "ms", "min", "h", "f", "%", "px", "em", "deg", "turn"})


def _bare(number: str) -> bool:
    return number[-1].isdigit()


def _apart(out: Tokens, unit: str, start: int, end: int) -> None:
    """`5 px`: the unit belongs to the number before it."""
    written = f"{out.values[-1]}{unit}"
    begin = out.starts[-1]
    message, hint = "A unit stands right behind its number", f"write `{written}`"
    if len(out.problems) <= MOST:
        out.problems.append(Problem("PVC0101", message, begin, end, hint, written, lexical=True, safe=True))
    out.values[-1] = written
    out.ends[-1] = end


def _check_comment(out: Tokens, value: str, start: int) -> None:
    for at, character in enumerate(value):
        if character != "\t" and category(character) in ("Cc", "Zl", "Zp", "Cs"):
            message = f"A comment cannot hold the character U+{ord(character):04X}"
            place = start + at
            out.problems.append(Problem("PVC0106", message, place, place + 1, "remove it", fix="", lexical=True))
            return


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def _close(out: Tokens, openers: list[int]) -> None:
    """Closes what is open at the end of the block and blames the most likely `{`.

    A closing brace that stands further left than the line of its own opener belongs to an outer one, by the way people
    indent; the opener that lost it is the one to blame.
    """
    out.unclosed = True
    text = out.text

    def indent(offset: int) -> int:
        line = text.rfind("\n", 0, offset) + 1
        return len(text[line:offset]) - len(text[line:offset].lstrip(" \t"))

    blamed = openers[-1]
    pending: list[int] = []
    for kind, start in zip(out.kinds, out.starts, strict=True):
        if kind in ("LBRACE", "RECORD"):
            pending.append(start)
        elif kind == "RBRACE" and pending:
            opener = pending.pop()
            line = text.rfind("\n", 0, start) + 1
            if text[line:start].strip() == "" and indent(start) < indent(opener):
                blamed = opener
                break
    out.problems.append(
        Problem("PVC0104", "This `{` is never closed", blamed, blamed + 1, "add the missing `}` where its body ends")
    )
    end = len(text)
    for level in range(len(openers) - 1, -1, -1):
        out.kinds.append("RBRACE")
        out.values.append("")
        out.starts.append(end)
        out.ends.append(end)
        out.levels.append(level)
