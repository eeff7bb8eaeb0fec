"""The lexer of `.vid` for Pygments: `pygmentize -l vid`, Sphinx, MkDocs, and pvc's own listings of specs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from pygments.lexer import Lexer, RegexLexer, bygroups, include
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType
from pygments.util import ClassNotFound

from pvc.compiler.highlight import rules
from pvc.compiler.highlight.classes import PYGMENTS
from pvc.compiler.syntax.table import table

Piece = tuple[int, _TokenType, str]

_SPACE = Token.Text.Whitespace


def _type(name: str) -> _TokenType:
    found = Token
    for part in PYGMENTS[name].split("."):
        found = getattr(found, part)
    return found


def _callback(rule: rules.Rule) -> Any:
    return bygroups(  # type: ignore[no-untyped-call]
        *(_SPACE if name is None else _type(name) for name in rule.groups)
    )


def _made(found: tuple[rules.Rule, ...]) -> list[tuple[str, Any]]:
    return [(rule.pattern, _callback(rule)) for rule in found]


def _string(lexer: Lexer, match: re.Match[str], _context: object = None) -> Iterator[Piece]:
    """A quoted text, cut at what stands out in it."""
    text, start, done = match.group(), match.start(), 0
    pattern = "|".join(f"(?P<{rule.name}>{rule.pattern})" for rule in rules.in_texts())
    for found in re.finditer(pattern, text):
        if found.start() > done:
            yield start + done, _type("string"), text[done : found.start()]
        name = next(rule.name for rule in rules.in_texts() if found[rule.name] is not None)
        yield start + found.start(), _type(name), found.group()
        done = found.end()
    if done < len(text):
        yield start + done, _type("string"), text[done:]


def _raw(lexer: Lexer, match: re.Match[str], _context: object = None) -> Iterator[Piece]:
    """A raw text, coloured as what its tag says it is."""
    text, start = match.group(), match.start()
    tag = text[: text.index("`")]
    quotes = len(text) - len(text.rstrip("`"))
    quotes = 1 if text.endswith("``") and len(text) == len(tag) + 2 else quotes
    low, high = len(tag) + quotes, len(text) - quotes
    yield start, _type("tag"), tag
    yield start + len(tag), _type("punctuation"), text[len(tag) : low]
    body = text[low:high]
    inner = _inner(tag)
    if inner is None:
        if body:
            yield start + low, _type("raw"), body
    else:
        for at, kind, value in inner.get_tokens_unprocessed(body):
            yield start + low + at, kind, value
    yield start + high, _type("punctuation"), text[high:]


def _inner(tag: str) -> Lexer | None:
    try:
        return get_lexer_by_name({"md": "markdown"}.get(tag, tag))
    except ClassNotFound:
        return None


class VidLexer(RegexLexer):
    """Talks in the language of pvc, the paper-video compiler."""

    name = "vid"
    aliases: ClassVar[Sequence[str]] = ["vid"]
    filenames: ClassVar[Sequence[str]] = ["*.vid"]
    mimetypes: ClassVar[Sequence[str]] = ["text/x-vid"]
    version_added = ""
    flags = re.MULTILINE

    tokens: ClassVar[dict[str, Any]] = {
        "root": [
            *_made(rules.comments()),
            (r"[^\S\n]*\n", _SPACE),
            (table().tokens["TAGGED"], _raw),
            *_made(rules.statements()),
            (r"[^\S\n]+|\ufeff+", _SPACE),
            include("values"),
        ],
        "values": [
            *_made(rules.names()),
            *_made(rules.values()),
            (table().tokens["STRING"], _string),
            (r";", Token.Punctuation),
            *_made(rules.marks()),
        ],
    }
