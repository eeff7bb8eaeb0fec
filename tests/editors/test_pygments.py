"""The lexer for Pygments reads what ours reads, and gives every token of the language its kind."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from pygments.lexers import PythonLexer, get_lexer_by_name
from pygments.token import Error, Token
from pygments.util import ClassNotFound

from editors.texts import ROOT, blocks, files
from pvc.compiler.highlight.classes import PYGMENTS, TEXTMATE, classes_of
from pvc.compiler.highlight.pygments_lexer import VidLexer
from pvc.compiler.syntax.lexer import lex
from pvc.compiler.syntax.parser import parse
from pvc.compiler.syntax.table import table

TEXTS = [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"), True) for path in files()] + list(blocks())


def pieces(text: str) -> list[tuple[int, object, str]]:
    return list(VidLexer().get_tokens_unprocessed(text))


def terminals(text: str) -> Iterator[tuple[int, set[str]]]:
    """Where each token of our own lexer begins in a file, and what it may be."""
    for block in parse(text, "x.vid").file.blocks:
        tokens = lex(block.text)
        for kind, value, start, end in zip(tokens.kinds, tokens.values, tokens.starts, tokens.ends, strict=True):
            if start == end:
                continue
            if kind == "WORD":
                names = {name for terminal in table().words[value] for name in classes_of(terminal)}
                yield block.start + start, names | set(classes_of("NAME"))
            elif kind == "NAME" and value in table().words:
                yield block.start + start, set(classes_of("NAME"))
            else:
                yield block.start + start, set(classes_of("LBRACE" if kind == "RECORD" else kind))


@pytest.mark.parametrize(("text", "right"), [pytest.param(text, right, id=name) for name, text, right in TEXTS])
def test_every_character_is_kept_and_nothing_is_an_error(text: str, right: bool) -> None:
    found = pieces(text)
    assert "".join(value for _, _, value in found) == text
    if right:
        assert [(value, text[at - 20 : at + 20]) for at, kind, value in found if kind is Error] == []


def test_a_character_without_a_meaning_is_an_error() -> None:
    assert any(kind is Error for _, kind, _ in pieces('say "open\n'))
    assert any(kind is Error for _, kind, _ in pieces("let a = 'x'"))


@pytest.mark.parametrize(("text", "right"), [pytest.param(text, right, id=name) for name, text, right in TEXTS[:8]])
def test_tokens_have_the_kinds_of_their_terminals(text: str, right: bool) -> None:
    kinds = {at: str(kind)[6:] for at, kind, _ in pieces(text)}
    checked = 0
    for at, names in terminals(text):
        assert kinds.get(at) in {PYGMENTS[name] for name in names}, text[at - 20 : at + 20]
        checked += 1
    assert checked > 20


def test_every_terminal_has_a_kind() -> None:
    every = [*table().tokens, *(terminal for found in table().words.values() for terminal in found)]
    assert {name for terminal in every for name in classes_of(terminal)} <= set(PYGMENTS)
    assert PYGMENTS.keys() == TEXTMATE.keys()


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("scene a { show title(x) }", "show", "Name.Builtin"),
        ("scene a { show title(x) }", "title", "Name.Function"),
        ("scene a { show title(x) }", "a", "Name.Class"),
        ("scene a {\n  at here: highlight eq\n}", "here", "Name.Label"),
        ("scene a {\n  at here: highlight eq\n}", "highlight", "Name.Builtin"),
        ('talk "T" { voice = ada }', "voice", "Name.Property"),
        ("voice ada = espeak(voice: x)", "ada", "Name.Class"),
        ("component a(color: color = red) { }", "red", "Name"),
        ("let a = tex`\\frac`", "\\frac", "Keyword"),
        ("let a = note", "note", "Name"),
        ("let a = not b", "not", "Operator.Word"),
        ("wait 1.5s", "s", "Keyword.Type"),
        ("/// Doc", "/// Doc", "Comment.Special"),
    ],
)
def test_words_by_their_place(text: str, word: str, kind: str) -> None:
    assert [str(found)[6:] for _, found, value in pieces(text) if value == word][-1] == kind


def test_raw_texts_are_coloured_as_their_language() -> None:
    program = "\ndef f():\n    return 1\n"
    inner = [(value, kind) for _, kind, value in pieces(f"let a = python`{program}`")][5:]
    expected = [(value, kind) for _, kind, value in PythonLexer().get_tokens_unprocessed(program)]
    assert [pair for pair in inner if pair[1] is not Token.Punctuation or pair[0] != "`"][-len(expected) :] == expected


def test_pygments_finds_it_by_its_entry_point() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["entry-points"]["pygments.lexers"]["vid"].partition(":")
    assert getattr(__import__(module, fromlist=[name]), name) is VidLexer
    assert VidLexer.aliases == ["vid"]
    try:
        found = get_lexer_by_name("vid")
    except ClassNotFound:
        pytest.skip("pvc is not installed here: its entry points are not known")
    assert isinstance(found, VidLexer)
