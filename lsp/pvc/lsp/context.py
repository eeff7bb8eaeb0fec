"""Where a cursor stands, read from the text before it: a file that is being written has no tree worth asking.

Only the item around the cursor is read, from its first line on, so that this costs the same in a file of any length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ITEM = re.compile(
    r"^(talk|use|paper|voice|data|font|music|sound|let|lexicon|concept|theme|component|scene|translation)\b",
    re.MULTILINE,
)
_MARK = re.compile(
    r"//[^\n]*|\"(?:[^\"\\\n]|\\.)*(?P<closed>\")?|(?P<tag>\w+)(?P<tick>`+)|(?P<word>[^\W\d][\w.\-]*)|(?P<other>[^\s])|\n"
)
FARTHEST = 60_000
"""Characters before the cursor that are looked at; an item longer than that is read from its middle."""


@dataclass(slots=True)
class Open:
    """An open bracket: ``callee`` is the word right before a `(`; ``index`` counts the commas since."""

    bracket: str
    callee: str
    start: int
    index: int = 0
    given: list[str] = field(default_factory=list)
    argument: str | None = None


@dataclass(slots=True)
class Context:
    """``inside``: `code`, `comment`, `text` (a quoted string) or the tag of a raw text (`tex`). ``content``: what
    stands in that string before the cursor. ``item``: the first word of the item, `` at the top level. ``words``: the
    statement so far without the word at the cursor, which is ``prefix``; ``start`` is the prefix's offset."""

    inside: str
    content: str
    item: str
    item_start: int
    opened: list[Open]
    words: list[str]
    prefix: str
    start: int

    @property
    def call(self) -> Open | None:
        """The call whose arguments the cursor stands among."""
        for each in reversed(self.opened):
            if each.bracket == "(":
                return each if each.callee else None
            if each.bracket == "{":
                return None
        return None

    @property
    def depth(self) -> int:
        return sum(each.bracket == "{" for each in self.opened)


def context_at(text: str, offset: int) -> Context:
    """The context of an offset."""
    low = max(0, offset - FARTHEST)
    start, item = low, ""
    found = None
    line = text.rfind("\n", low, offset) + 1
    while True:
        match = _ITEM.match(text, line)
        if match is not None and match.end() < offset:
            found = match
            break
        if line <= low:
            break
        line = text.rfind("\n", low, line - 1) + 1
    if found is not None:
        start, item = found.start(), found[1]
    return _read(text, start, offset, item)


def _read(text: str, begin: int, offset: int, item: str) -> Context:
    opened: list[Open] = []
    statements: list[list[str]] = [[]]
    inside, content = "code", ""
    previous = ""
    at = begin
    ends_word = False
    while at < offset:
        match = _MARK.search(text, at, offset)
        if match is None:
            break
        token = match.group()
        at = match.end()
        words = statements[-1]
        ends_word = False
        if match["tag"] is not None:
            close = text.find(match["tick"], at, offset)
            if close < 0:
                inside, content = match["tag"], text[at:offset]
                break
            at = close + len(match["tick"])
            words.append(text[match.start() : at])
        elif match["word"] is not None:
            words.append(token)
            ends_word = at == offset
        elif token.startswith("//"):
            if at == offset:
                inside = "comment"
        elif token.startswith('"'):
            if match["closed"] is None and at == offset:
                inside, content = "text", token[1:]
                break
            words.append(token)
        elif token in "([{":
            callee = previous if token == "(" and re.fullmatch(r"[^\W\d][\w.\-]*", previous) else ""
            opened.append(Open(token, callee, match.start()))
            statements.append([])
        elif token in ")]}":
            if opened:
                closed = opened.pop()
                statements.pop()
                if closed.bracket == "{":
                    statements[-1] = []
                else:
                    statements[-1].append(closed.bracket + token)
        elif token == "\n":
            if not opened or opened[-1].bracket == "{":
                statements[-1] = []
        elif token == "," and opened and opened[-1].bracket != "{":
            opened[-1].index += 1
            opened[-1].argument = None
            statements[-1] = []
        elif token == ":" and opened and opened[-1].bracket == "(" and len(words) == 1:
            opened[-1].argument = words[0]
            opened[-1].given.append(words[0])
            statements[-1] = []
        else:
            words.append(token)
        if token.strip():
            previous = token
    words = list(statements[-1])
    prefix = ""
    if inside == "code" and ends_word and words:
        prefix = words.pop()
    elif inside in ("text",) or inside not in ("code", "comment"):
        prefix = re.search(r"\\?\w*$", content).group()  # type: ignore[union-attr]
    return Context(inside, content, item, begin, opened, words, prefix, offset - len(prefix))


_QUIET = r"//[^\n]*|\"(?:[^\"\\\n]|\\.)*\"?|(?P<tick>`+)[\s\S]*?(?P=tick)"
"""Comments and texts, whose words are no names: a narration may well say "as in" or "let us"."""
_LOCAL = re.compile(rf"\blet\s+(\w+)\s*=\s*([\w.]*)|\bas\s+(\w+)|\bfor\s+(\w+)\s+in\b|{_QUIET}")
_PARAMETERS = re.compile(r"\s*(?:///?[^\n]*\n\s*)*component\s+\w+\s*\(((?:[^(){}]|\([^()]*\))*)\)")
_PARAMETER = re.compile(r"(?:^|[,\n])\s*([^\W\d]\w*)\s*:")
_MADE = re.compile(r"([^\W\d][\w.]*)\(")
_CUE = re.compile(r"(?<!\\)\{\s*([^\W\d][\w\-]*)\s*\}")


def locals_before(text: str, found: Context, offset: int) -> dict[str, str]:
    """Names of the scene that are known at the cursor, each with the component that makes it ("" where unknown)."""
    names: dict[str, str] = {}
    if found.item == "component":
        head = _PARAMETERS.match(text, found.item_start)
        names.update((each[1], "") for each in _PARAMETER.finditer(head[1] if head else ""))
    for match in _LOCAL.finditer(text, found.item_start, offset):
        if match[1]:
            names[match[1]] = match[2]
        elif match[3]:
            line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            made = _MADE.search(line)
            names[match[3]] = made[1] if made else ""
        elif match[4]:
            names[match[4]] = ""
    return names


_LOOP = re.compile(rf"\bfor\s+(\w+)\s+in\s+([^\W\d]\w*)(?:\s*\{{|\s+(?:by|if)\b)|{_QUIET}")


def loops_before(text: str, found: Context, offset: int) -> dict[str, str]:
    """The variables of the `for`s before the cursor in its item, each with the name that it runs over."""
    return {match[1]: match[2] for match in _LOOP.finditer(text, found.item_start, offset) if match[1]}


_SAY = re.compile(r"\bsay\s+(\"(?:[^\"\\\n]|\\.)*\")\s*(?:(?:voice|by|language)\s+\S+\s*)*$")


def cues_around(text: str, found: Context) -> list[str]:
    """The cues of the `say` whose braces the cursor stands in."""
    for each in reversed(found.opened):
        said = _SAY.search(text, max(0, each.start - 4_000), each.start) if each.bracket == "{" else None
        if said is not None:
            return list(dict.fromkeys(match[1] for match in _CUE.finditer(said[1])))
    return []
