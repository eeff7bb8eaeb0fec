"""YAML text -> plain nodes with offsets, comments and the styles of scalars.

We build nodes from libyaml's events instead of using PyYAML's composer, because its nodes lose comments, its aliases
can explode and its recursion cannot be bounded. No tag has a meaning here: `yes`, `1:30` and `012` are what they look
like.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

DEEPEST = 64
"""How deep sequences and mappings may nest. A statement takes two levels."""

MOST_SCALARS = 300_000
"""Keys and values that a file may have: some 20,000 statements."""

_COMMENT = re.compile(r"(?:(?<=\s)|^)#[^\n]*", re.MULTILINE)


_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_BEHIND_TAG = re.compile(r"!\S*(?:\s+|(?<=\s)#[^\n]*)*")


@dataclass(slots=True)
class Node:
    """``kind`` is `scalar`, `sequence` or `mapping`; ``pairs`` of a mapping keep their order and duplicates."""

    kind: str
    start: int
    end: int
    value: str = ""
    style: str = ""
    tag: str | None = None
    items: list[Node] = field(default_factory=list)
    pairs: list[tuple[Node, Node]] = field(default_factory=list)

    @property
    def plain(self) -> bool:
        return self.kind == "scalar" and not self.style and self.tag is None


@dataclass(frozen=True, slots=True)
class Comment:
    """``own_line`` where nothing stands before it; ``column`` counts from 0."""

    start: int
    text: str
    line: int
    column: int
    own_line: bool


NOT_YAML = "PVC0120"
"""The code of what cannot be read at all, so that nothing else is found in it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a text from being YAML that we read; ``code`` is the diagnostic's."""

    code: str
    message: str
    offset: int
    hint: str


@dataclass(frozen=True, slots=True)
class Composed:
    root: Node | None
    comments: tuple[Comment, ...]
    lines: tuple[int, ...]
    """Where each line begins."""
    fault: Fault | None = None


def compose(text: str) -> Composed:
    """The nodes of a YAML text with one document. Stops at the first fault, of which YAML itself can tell only one."""
    lines = _line_starts(text)
    shift = 1 if text.startswith("\ufeff") else 0  # libyaml does not count a byte order mark
    scalars: list[tuple[int, int]] = []
    try:
        try:
            root, fault = _build(text, shift, scalars)
        except _yaml_error() as error:
            if "invalid Unicode" not in str(error) or not _is_json(text):
                raise
            scalars.clear()
            root, fault = _build(_PAIR.sub(_joined, text), shift, scalars)
    except _yaml_error() as error:
        words = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        hint = "mend it as YAML first"
        if words == "found unexpected end of stream" and "quoted" in str(getattr(error, "context", "")):
            mark, words, hint = error.context_mark, "this quote is never closed", "close it"  # type: ignore[attr-defined]
        offset = mark.index + shift if mark is not None else getattr(error, "position", 0)
        if text[offset : offset + 1] == "\t":
            words, hint = "a tab stands here", "indent by spaces"
        elif words == "mapping values are not allowed in this context":
            words, hint = "this `:` begins no value", "put a text that holds `: ` into quotes"
        elif text[offset : offset + 1] in ("@", "`", "%"):
            hint = f"put what begins with `{text[offset]}` into quotes"
        fault = Fault(NOT_YAML, f"This is no YAML: {words}", min(offset, len(text)), hint)
        return Composed(None, (), lines, fault)
    return Composed(root, _comments(text, scalars, lines), lines, fault)


def _is_json(text: str) -> bool:
    import json

    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _joined(pair: re.Match[str]) -> str:
    """A character that JSON writes as two halves, as the one escape that YAML has for it; the line end before it says
    nothing in a text and makes it as long as the two were."""
    high, low = int(pair[2], 16), int(pair[3], 16)
    return f"{pair[1]}\\\n\\U{0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00:08x}"


def _yaml_error() -> type[Exception]:
    from yaml import YAMLError

    return YAMLError


def _build(text: str, shift: int, scalars: list[tuple[int, int]]) -> tuple[Node | None, Fault | None]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    root: Node | None = None
    open_: list[Node] = []
    last = 0  # where the last scalar, or sequence or mapping in brackets, ends
    keys: list[Node | None] = []  # for each open mapping the key that waits for its value

    def add(node: Node) -> None:
        nonlocal root
        if not open_:
            root = node
        elif open_[-1].kind == "sequence":
            open_[-1].items.append(node)
        elif keys[-1] is None:
            keys[-1] = node
        else:
            open_[-1].pairs.append((keys[-1], node))
            keys[-1] = None

    for event in yaml.parse(text, Loader=loader):
        start = _index(event.start_mark) + shift
        end = _index(event.end_mark) + shift
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor is not None:
                return root, _anchor(start)
            begin = content(text, start, end)
            if event.style in ("|", ">"):
                end = start + len(text[start:end].rstrip())  # blank lines behind a block text are not its own
                end = max(end, begin + 1)
            scalars.append((begin, end))
            last = end
            if len(scalars) > MOST_SCALARS:
                hint = "keep data in files of its own"
                return root, Fault("PVC0005", f"A spec may have {MOST_SCALARS:,} keys and values", start, hint)
            tag = None if event.tag in (None, "!") else event.tag
            add(Node("scalar", start, end, event.value, event.style or "", tag))
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if event.anchor is not None:
                return root, _anchor(start)
            if event.tag not in (None, "!"):
                return root, Fault(
                    "PVC0122", f"`{event.tag}` cannot stand here", start, "only texts and values have tags"
                )
            if len(open_) >= DEEPEST:
                hint = "give the inner parts names with `let`"
                return root, Fault("PVC0110", "This nests too deeply to be read", start, hint)
            node = Node(
                "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence", start, end, tag=event.tag
            )
            add(node)
            open_.append(node)
            keys.append(None)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            closed = open_.pop()
            # A block ends where the last thing in it does; libyaml says where the next thing begins.
            if text[closed.start : closed.start + 1] in ("[", "{"):
                last = end
            closed.end = max(closed.start, last)
            keys.pop()
        elif isinstance(event, yaml.AliasEvent):
            return root, _anchor(start)
        elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
            hint = "keep one file for each talk"
            return root, Fault("PVC0120", "A second YAML document begins here", start, hint)
    return root, None


def content(text: str, start: int, end: int) -> int:
    """Where a scalar begins behind its tag, white space and comments."""
    if not text.startswith("!", start):
        return start
    found = _BEHIND_TAG.match(text, start, end)
    return start if found is None else found.end()


def _index(mark: Any) -> int:
    return int(mark.index)


def _anchor(offset: int) -> Fault:
    return Fault(
        "PVC0124",
        "Anchors and aliases are not part of a spec",
        offset,
        "write the value where it is used, or name it with `let`",
    )


def _line_starts(text: str) -> tuple[int, ...]:
    starts = [0]
    at = text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return tuple(starts)


def _comments(text: str, scalars: list[tuple[int, int]], lines: tuple[int, ...]) -> tuple[Comment, ...]:
    """Comments stand between scalars; a `#` inside one is text."""
    found: list[Comment] = []
    at = 0
    for low, high in [*scalars, (len(text), len(text))]:
        # Behind the sign of a block text a comment may stand, before its first line.
        if text[low : low + 1] in ("|", ">"):
            low = text.find("\n", low, high) + 1 or high
        for match in _COMMENT.finditer(text, at, max(at, low)):
            line = bisect_right(lines, match.start()) - 1
            column = match.start() - lines[line]
            own = not text[lines[line] : match.start()].strip(" \t\ufeff")
            found.append(Comment(match.start(), match.group().rstrip(), line, column, own))
        at = max(at, high)
    return tuple(found)
