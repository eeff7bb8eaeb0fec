"""Where things stand in a TOML file: the standard reader gives values without places, and a finding wants one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

Place: TypeAlias = tuple[int, int]

_HEADER = re.compile(r"[ \t]*\[\[?([^\[\]\n]+)\]\]?")
_SETTING = re.compile(
    r"[ \t]*((?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')(?:[ \t]*\.[ \t]*(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*'))*)[ \t]*="
)
_KEY = re.compile(r"[\w-]+|\"[^\"\n]*\"|'[^'\n]*'")
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_AT_END = "(at end of document)"


def keys(dotted: str) -> list[tuple[str, int, int]]:
    """The keys of `a."b c".d`, each with where it stands."""
    return [(found[0].strip("\"'"), *found.span()) for found in _KEY.finditer(dotted)]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.splitlines(keepends=True):
        yield at, line
        at += len(line)


def place(text: str, path: Sequence[str]) -> Place:
    """Where the value or table of the key ``path`` is named; of the longest beginning of it that is there, else the
    start of the file. The rest may be the keys of an inline table, which are searched in its line."""
    wanted = list(path)
    table: list[str] = []
    best: tuple[int, Place] = (0, (0, 0))
    for at, line in _lines(text):
        header = _HEADER.match(line)
        setting = None if header else _SETTING.match(line)
        named = header or setting
        if named is None:
            continue
        begin = at + named.start(1)
        found = keys(named[1])
        if header is not None:
            table = [key for key, _, _ in found]
            full = table
        else:
            full = [*table, *(key for key, _, _ in found)]
        shared = _shared(full, wanted)
        if shared < len(full) or shared <= best[0]:
            continue
        start, end = begin + found[0][1], begin + found[-1][2]
        if setting is not None:
            for key in wanted[shared:]:
                inner = re.compile(rf"[{{,\s][\"']?({re.escape(key)})[\"']?\s*=").search(line, end - at)
                if inner is None:
                    break
                start, end, shared = at + inner.start(1), at + inner.end(1), shared + 1
        best = (shared, (start, end))
    return best[1]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        count += 1
    return count


def fault(text: str, error: Exception) -> tuple[str, Place]:
    """What a decoder's error says, and where."""
    words = str(error)
    found = _AT.search(words)
    if found is None:
        return words.replace(_AT_END, "").strip(), (len(text), len(text))
    line, column = int(found[1]), int(found[2])
    starts = [at for at, _ in _lines(text)] or [0]
    start = starts[min(line, len(starts)) - 1] + column - 1
    return words[: found.start()].strip(), (min(start, len(text)), min(start + 1, len(text)))
