"""Comments and white space put into the twin wherever YAML allows them: none is lost, and nothing else changes."""

from __future__ import annotations

import random
import re

import pytest
from test_every_example import bare, meaning, texts

from pvc.compiler.syntax.spelling import convert, fmt, parse_file

_MARK = re.compile(r"@c\d+@")
_BLOCK_TEXT = re.compile(r"[|>][-+]?$")


def marks(text: str) -> list[str]:
    return sorted(_MARK.findall(text))


def strewn(twin: str, chance: random.Random) -> str:
    """The twin with comments above, behind and between its lines, and with what editors do to white space."""
    out: list[str] = []
    count = 0
    inside: int | None = None

    def comment() -> str:
        nonlocal count
        count += 1
        return f"# @c{count}@"

    for number, line in enumerate(twin.split("\n")):
        indent = len(line) - len(line.lstrip(" "))
        if inside is not None and (not line.strip() or indent > inside):
            out.append(line)
            continue
        parted, inside = inside is None, None
        if number and parted and chance.random() < 0.12:  # below a block text it would be one more line of that
            out.append(" " * chance.choice([0, indent, indent, indent + 2, chance.randrange(14)]) + comment())
        if chance.random() < 0.06:
            out.append(chance.choice(["", "    "]))
        if _BLOCK_TEXT.search(line):
            inside = indent
            if chance.random() < 0.3:
                line = f"{line} {comment()}"
            elif chance.random() < 0.3:
                before, sign = line.rsplit(" ", 1)
                line = f"{before} {comment()}\n{' ' * (indent + 4)}{sign}"
        elif line.strip() and chance.random() < 0.12:
            line += chance.choice(["  ", " ", "\t"]) + comment()
        out.append(line)
    text = "\n".join(out)
    if chance.random() < 0.15:
        text = text.replace("\n", "\r\n")
    return "\ufeff" + text if chance.random() < 0.1 else text


def holds(odd: str, original: str) -> None:
    """An oddly written twin means what the original does, and keeps every comment there and back."""
    parsed = parse_file(odd, "a.vid.yaml")
    assert not parsed.diagnostics, (odd, parsed.diagnostics)
    assert bare(tuple(block.item for block in parsed.file.blocks)) == meaning(original), odd
    assert "".join(block.text for block in parsed.file.blocks) + parsed.file.tail == odd
    made = fmt(odd, "a.vid.yaml").text
    assert marks(made) == marks(odd), odd
    assert fmt(made, "a.vid.yaml").text == made, odd
    plain = convert(odd, "a.vid.yaml", "a.vid").text
    assert marks(plain) == marks(odd), odd
    assert fmt(plain, "a.vid").text == plain, odd
    assert meaning(plain) == meaning(original), odd
    back = convert(plain, "a.vid", "a.vid.yaml").text
    assert marks(back) == marks(odd), odd
    assert convert(back, "a.vid.yaml", "a.vid").text == plain, odd


@pytest.mark.parametrize("seed", [1, 2])
def test_comments_anywhere_in_the_twin(seed: int) -> None:
    chance = random.Random(seed)
    for original in texts():
        twin = convert(original, "a.vid", "a.vid.yaml").text
        if len(twin) < 6000:
            holds(strewn(twin, chance), original)


@pytest.mark.parametrize(
    "value",
    [
        '!expr |- # @c1@\n    f(\n      "a",\n    )',
        '!expr # @c1@\n    "f(\\"a\\")"',
        '!expr # @c1@\n    # @c2@\n\n    >- # @c3@\n    f(\n    "a")',
        '!expr  # f("a") @c1@\n    \'f("a")\'  # @c2@',
        "# @c1@\n    !expr 'f(\"a\")'",
    ],
)
def test_comments_between_a_tag_and_its_text(value: str) -> None:
    holds(f"vid: 1\nitems:\n- kind: let\n  name: x\n  value: {value}\n", 'let x = f("a")\n')


def test_a_place_behind_a_comment_that_says_the_same() -> None:
    text = 'vid: 1\nitems:\n- kind: let\n  name: x\n  value: !expr # a + * b\n    "a + * b"\n'
    (found,) = parse_file(text, "a.vid.yaml").diagnostics
    assert found.span is not None
    assert found.span.start == text.rindex("*")


def test_comments_below_a_declaration_without_columns() -> None:
    """In a .vid file it has no braces that could hold them."""
    text = (
        "vid: 1\nitems:\n- kind: data\n    # @c1@\n  name: a\n  value: !expr 'csv(\"a.csv\")'\n    # @c2@\n"
        "- kind: let\n  name: b\n  value: 1\n"
    )
    holds(text, 'data a = csv("a.csv")\nlet b = 1\n')


def test_a_blank_line_above_the_doc_of_a_field() -> None:
    text = (
        "vid: 1\nitems:\n- kind: component\n  name: c\n  parameters:\n  - name: a\n    type: text\n"
        "  # @c1@\n\n  - name: b\n    type: text\n    doc: Why.\n"
    )
    holds(text, "component c(\n  a: text,\n  // @c1@\n  /// Why.\n  b: text,\n) {}\n")


@pytest.mark.parametrize("name", ["TALK.VID.YAML", "Talk.Json", "talk.Yml"])
def test_a_twin_whose_name_is_written_large_is_a_twin(name: str) -> None:
    text = "vid: 1\nitems:\n- kind: let\n  name: x\n  value: 3\n"
    assert convert(text, name, "a.vid").text == "let x = 3\n"
