"""Real specs, damaged at random: whatever comes out is read, formatted and converted without a traceback, and what
reads without errors keeps its meaning through the formatter and the YAML spelling."""

from __future__ import annotations

import random

import pytest
from test_format import SPECS, meaning
from test_parser import reassembled

from pvc.compiler.syntax import tree
from pvc.compiler.syntax.format import format_text
from pvc.compiler.syntax.parser import Parsed, parse
from pvc.compiler.syntax.spelling import convert, parse_file

PLAIN = [path.read_text(encoding="utf-8") for path in SPECS]
SIGNS = "(){}[]\"`,:;=.\\#/\n\t -+*<>'~é\0\r\x1b\u2028"
PIECES = (
    " if x {",
    " else ",
    'say "',
    "tex`",
    "```",
    "at ",
    "in ",
    "not ",
    "}\n\n",
    "scene q {\n",
    "// c\n",
    "/// d\n",
)


def damaged(text: str, chance: random.Random) -> str:
    for _ in range(chance.randrange(1, 6)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice([1, 1, 2, 5, 20, 100]))
        match chance.randrange(6):
            case 0:
                text = text[:start] + text[end:]
            case 1:
                text = text[:start] + chance.choice(SIGNS) + text[start:]
            case 2:
                other = chance.randrange(len(text) + 1)
                text = text[:start] + text[other : other + chance.randrange(80)] + text[start:]
            case 3:
                text = text[:start] + chance.choice(PIECES) + text[start:]
            case 4:
                text = text[:start] if start else text
            case _:
                text = text[:start] + text[start:end][::-1] + text[end:]
    return text


def of(parsed: Parsed) -> tuple[tree.Item, ...]:
    return tuple(block.item for block in parsed.file.blocks)


def sound(text: str) -> None:
    parsed = parse(text, "talk.vid")
    assert reassembled(parsed) == text
    formatted = format_text(text, "talk.vid")
    if parsed.diagnostics:
        return
    again = parse(formatted.text, "talk.vid")
    assert not again.diagnostics, formatted.text
    assert meaning(of(again)) == meaning(of(parsed))
    assert format_text(formatted.text, "talk.vid").text == formatted.text
    there = convert(text, "talk.vid", "talk.yaml")
    back = convert(there.text, "talk.yaml", "talk.vid")
    assert not back.diagnostics, there.text
    assert back.text == formatted.text


def sound_yaml(text: str) -> None:
    parsed = parse_file(text, "talk.yaml")
    assert reassembled(parsed) == text
    if not parsed.diagnostics:
        assert not convert(text, "talk.yaml", "talk.vid").diagnostics


@pytest.mark.parametrize("seed", range(4))
def test_damaged_specs(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        sound(damaged(chance.choice(PLAIN), chance))


def test_damaged_twins() -> None:
    chance = random.Random(0)
    twins = [convert(text, "talk.vid", "talk.yaml").text for text in PLAIN]
    for _ in range(60):
        sound_yaml(damaged(chance.choice(twins), chance))


@pytest.mark.slow
def test_many_damaged_specs() -> None:
    chance = random.Random(99)
    twins = [convert(text, "talk.vid", "talk.yaml").text for text in PLAIN]
    for _ in range(6000):
        sound(damaged(chance.choice(PLAIN), chance))
        sound_yaml(damaged(chance.choice(twins), chance))


@pytest.mark.parametrize(
    "text",
    [
        '""{=``e{}+',
        "//\rr",
        "//\0",
        'component g(///\n){ part "t" }',
        "component w(// a\n// b\n) { }",
        "scene e { e = d\n on (x)\n}",
        'scene e { quote ("x")\n quote ("y")\n}',
        "let s7.0 = 1",
        "scene a { show x[1].b.c }",
        "let x = (true).b",
        "scene a { expect (visible) in b at (below) }",
    ],
)
def test_what_fuzzing_has_found(text: str) -> None:
    sound(text)
