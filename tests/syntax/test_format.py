"""The formatter: print∘parse is the identity, formatting twice is formatting once, nothing is lost."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import trees
from hypothesis import HealthCheck, given, settings
from pace import in_time
from test_parser import TEXTS, nodes

from pvc.compiler.syntax import tree
from pvc.compiler.syntax.format import Formatted, format_file, format_text
from pvc.compiler.syntax.parser import parse, parse_block

ROOT = Path(__file__).parents[2]
SPECS = sorted(
    path
    for folder in ("examples", "stdlib", "benchmarks", "tests/real")
    for path in ROOT.joinpath(folder).glob("**/*.vid")
)


def meaning(value: Any) -> Any:
    """A tree without what formatting may move: blank lines and comments."""
    if isinstance(value, tree.Trivia):
        return value.doc
    if isinstance(value, tree.At):
        return None
    if isinstance(value, tuple):
        return tuple(meaning(item) for item in value)
    if dataclasses.is_dataclass(value):
        fields = ((field.name, meaning(getattr(value, field.name))) for field in dataclasses.fields(value))
        return type(value).__name__, tuple(pair for pair in fields if pair[0] not in ("at", "name_at", "offsets"))
    return value


def spaced(file: tree.File) -> list[tree.Item]:
    """The items of a file, with the blank lines that the formatter sets between them."""
    return [
        dataclasses.replace(block.item, trivia=dataclasses.replace(block.item.trivia, blank_before=False))
        for block in file.blocks
    ]


def comments_of(text: str) -> Counter[str]:
    """Every comment of a text that reads without errors."""
    found: Counter[str] = Counter()
    parsed = parse(text, "talk.vid")
    for node in nodes(parsed.file.blocks):
        if isinstance(node, tree.Trivia):
            found.update(line for line in (*node.leading, node.trailing or "", *node.dangling) if line)
            found.update((node.doc or "").split("\n") if node.doc is not None else ())
        elif isinstance(node, tree.FieldDecl) and node.doc is not None:
            found.update(node.doc.split("\n"))
    tail = [line.strip().strip("\ufeff").strip() for line in parsed.file.tail.split("\n")]
    found.update(line for line in tail if line)
    return found


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees.files())
def test_reading_what_was_printed_gives_the_same_tree(file: tree.File) -> None:
    text = format_file(file)
    parsed = parse(text, "talk.vid")
    assert not parsed.diagnostics, text
    assert spaced(parsed.file) == spaced(file), text
    assert format_file(parsed.file) == text


@settings(max_examples=250, deadline=None)
@given(TEXTS)
def test_formatting_any_text_keeps_its_meaning_and_is_done_once(text: str) -> None:
    before = parse(text, "talk.vid")
    formatted = format_text(text, "talk.vid")
    assert formatted.diagnostics == before.diagnostics
    again = format_text(formatted.text, "talk.vid")
    if not before.diagnostics:
        after = parse(formatted.text, "talk.vid")
        assert not after.diagnostics, formatted.text
        assert meaning(tuple(block.item for block in after.file.blocks)) == meaning(
            tuple(block.item for block in before.file.blocks)
        )
        assert again.text == formatted.text
        assert comments_of(formatted.text) == comments_of(text)


@pytest.mark.parametrize("path", SPECS, ids=[str(path.relative_to(ROOT)) for path in SPECS])
def test_real_specs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    before = parse(text, "talk.vid")
    assert not before.diagnostics
    formatted = format_text(text, "talk.vid").text
    after = parse(formatted, "talk.vid")
    assert meaning(tuple(block.item for block in after.file.blocks)) == meaning(
        tuple(block.item for block in before.file.blocks)
    )
    assert format_text(formatted, "talk.vid").text == formatted
    assert comments_of(formatted) == comments_of(text)


def test_the_canonical_form() -> None:
    text = """\
// top
talk   "T" { theme=midnight;voice  =  ada // behind


  // above
  language=en }
use std.charts
use "./b.vid"   as b
data d=csv("d.csv"){a:text,"b c":number}
scene s "S"{ say "hello"{show eq with write
at x{highlight eq[tex`Q`] color theme.warm}} if a==b{wait 1s}else if c{wait 2s}else{wait 3s} }
// tail
"""
    assert (
        format_text(text, "talk.vid").text
        == """\
// top
talk "T" {
  theme = midnight
  voice = ada  // behind

  // above
  language = en
}

use std.charts
use "./b.vid" as b
data d = csv("d.csv") { a: text, "b c": number }

scene s "S" {
  say "hello" {
    show eq with write
    at x: highlight eq[tex`Q`] color theme.warm
  }
  if a == b {
    wait 1s
  } else if c {
    wait 2s
  } else {
    wait 3s
  }
}

// tail
"""
    )


def test_long_calls_are_spread_one_argument_a_line() -> None:
    text = 'let x = f(aaaaaaaaaaaaaaaa: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", c: [1, 2], '
    text += "dddddddddddddddddddddddddddddd: e(1))\n"
    assert (
        format_text(text, "talk.vid").text
        == """\
let x = f(
  aaaaaaaaaaaaaaaa: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
  c: [1, 2],
  dddddddddddddddddddddddddddddd: e(1),
)
"""
    )


def test_a_block_with_errors_stays_as_it_is() -> None:
    text = "let  a=1\nscene  s {\n   wait\n  let   b=2 }\nlet  c=3\n"
    formatted = format_text(text, "talk.vid")
    assert formatted.text == "let a = 1\n\nscene  s {\n   wait\n  let   b=2 }\n\nlet c = 3\n"
    assert len(formatted.diagnostics) == 1


def test_ten_thousand_lines_in_a_second() -> None:
    scene = re.sub(
        r"^    ",
        "",
        """\
    scene s%d "Every query meets every key" {
      let eq = equation(tex`QK^\\top`)  // why
      say "Number %d, {scores} giving one score per pair." {
        show eq with write
        at scores: highlight eq[tex`Q`] color theme.warm
      }
      claim "Large." from vaswani at "sec:scaled" quote "extremely small gradients"
      wait 0.5s
    }

    """,
        flags=re.MULTILINE,
    )
    text = "".join(scene % (number, number) for number in range(1000))
    assert text.count("\n") == 10_000

    def cold() -> Formatted:
        parse_block.cache_clear()
        return format_text(text, "talk.vid")

    assert not in_time(1, cold).diagnostics
