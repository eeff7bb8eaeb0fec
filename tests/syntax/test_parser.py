"""What holds for every text: nothing is lost, nothing is raised, every finding points into the file."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pace import in_time

from pvc.compiler.syntax import tree
from pvc.compiler.syntax.parser import LARGEST, Parsed, parse, parse_block

PIECES = (
    *("talk", "scene", "say", "show", "let", "use", "component", "theme", "lexicon", "data", "if", "else", "for", "at"),
    *("claim", "from", "in", "with", "not", "and", "true", "a", "b", "x", "theme.accent", "std.charts", "1080p30"),
    *('"text"', '"a {cue}"', '"open', "'single'", "tex`x^2`", "tex`open", "``", "```a`b```", "3", "1.5s", "40%", "-"),
    *("..", "->", "==", "<", ">", "+", "*", "/", ",", ":", ".", "=", "(", ")", "[", "]", "{", "}", "#1e90ff", "#1"),
    *("\n", "\n\n", "  ", "\t", "// comment\n", "/// doc\n", ";", "\r\n", "\\", "/*", "*/", "$", "\ufeff", "é", "日本"),
)
WORDS = st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join)
GLUED = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
TEXTS = st.one_of(WORDS, GLUED, st.text(max_size=200))


def nodes(value: object) -> Iterator[object]:
    """Every node below a value, itself included."""
    if isinstance(value, tree.At):
        return
    if isinstance(value, tuple):
        for item in value:
            yield from nodes(item)
    elif dataclasses.is_dataclass(value):
        yield value
        for field in dataclasses.fields(value):
            yield from nodes(getattr(value, field.name))


def reassembled(parsed: Parsed) -> str:
    return "".join(block.text for block in parsed.file.blocks) + parsed.file.tail


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example('scene a { say "x" { wait 1s }')
@example("let x =\n")
@example("scene a {\n  show f(\n}\nscene b { wait 1s }")
def test_nothing_is_lost_and_everything_points_into_the_file(text: str) -> None:
    parsed = parse(text, "talk.vid")
    assert reassembled(parsed) == text
    for diagnostic in parsed.diagnostics:
        spans = [diagnostic.span, *(label.span for label in diagnostic.labels)]
        spans += [edit.span for fix in diagnostic.fixes for edit in fix.edits]
        for span in spans:
            assert span is not None
            assert 0 <= span.start <= span.end <= len(text)
        assert diagnostic.hint is None or diagnostic.hint.strip()
        assert diagnostic.message.strip()
    for block in parsed.file.blocks:
        assert text[block.start : block.start + len(block.text)] == block.text
        for node in nodes(block.item):
            at = getattr(node, "at", None)
            if at is not None:
                assert 0 <= at.start <= at.end <= len(block.text), node
            name_at = getattr(node, "name_at", tree.NOWHERE)
            if name_at != tree.NOWHERE:
                assert at is not None
                assert at.start <= name_at.start <= name_at.end <= at.end


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_what_could_not_be_read_has_been_said(text: str) -> None:
    parsed = parse(text, "talk.vid")
    broken = any(isinstance(node, (tree.Broken, tree.Missing)) for node in nodes(parsed.file.blocks))
    assert bool(parsed.diagnostics) or not broken


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_a_block_does_not_depend_on_what_stands_above(above: str, text: str) -> None:
    parsed = parse(text, "talk.vid")
    moved = parse("let above = 1\n" + text, "talk.vid")
    if parsed.file.blocks and parsed.file.blocks[0].text[:1].isalpha():
        known = [block.item for block in parsed.file.blocks]
        assert [block.item for block in moved.file.blocks][-len(known) :] == known or parsed.diagnostics
    assert reassembled(parse(above + "\n" + text, "talk.vid")) == above + "\n" + text


def test_an_edit_leaves_the_trees_of_other_blocks_alone() -> None:
    scenes = [f'scene s{number} "S" {{\n  say "number {number}" {{ show x }}\n}}\n\n' for number in range(20)]
    before = parse("".join(scenes), "talk.vid")
    scenes[3] = scenes[3].replace("number 3", "a longer text for 3")
    after = parse("".join(scenes), "talk.vid")
    same = [old.item is new.item for old, new in zip(before.file.blocks, after.file.blocks, strict=True)]
    assert same == [number != 3 for number in range(20)]


def test_spans_of_a_moved_block_move_with_it() -> None:
    text = '\n\n// above\nscene a {\n  say "hello"\n}\n\nscene b {\n  say "world"\n}\n'
    parsed = parse(text, "talk.vid")
    block = parsed.file.blocks[1]
    assert isinstance(block.item, tree.Scene)
    say = block.item.body[0]
    assert text[block.start + say.at.start : block.start + say.at.end] == 'say "world"'


NESTS = {
    "parentheses": "let x = " + "(" * 100_000,
    "closed parentheses": "let x = " + "(" * 100_000 + "1" + ")" * 100_000,
    "lists": "let x = " + "[" * 100_000 + "]" * 100_000,
    "records": "let x = " + "{a: " * 100_000 + "1" + "}" * 100_000,
    "bodies": "scene a " + "{" * 100_000,
    "says": "scene a {" + 'say "x" {' * 50_000,
    "signs": "let x = " + "-" * 100_000 + "1",
    "sums": "let x = " + "1 + " * 100_000 + "1",
    "nots": "let x = " + "not " * 100_000 + "y",
    "indices": "let x = a" + "[1]" * 100_000,
    "calls": "let x = " + "f(" * 100_000,
    "anchors": "scene a { " + "at x: " * 100_000 + "show y }",
    "else if": "scene a { if x {}" + " else if x {}" * 100_000 + "}",
    "types": "component c(a: " + "list<" * 100_000 + "text" + ">" * 100_000 + ") { }",
}


@pytest.mark.parametrize("name", NESTS)
def test_deep_nesting_is_a_finding(name: str) -> None:
    def nested() -> Parsed:
        parse_block.cache_clear()
        return parse(NESTS[name], "talk.vid")

    parsed = in_time(2, nested)
    assert [found.code for found in parsed.diagnostics] == ["PVC0110"]
    assert reassembled(parsed) == NESTS[name]


MEGABYTE = 1_000_000
LARGE = {
    "one long line": 'scene a { say "' + "word " * (MEGABYTE // 5) + '" }',
    "one long junk": "$" * MEGABYTE,
    "blank lines": "let x = 1 +" + "\n" * MEGABYTE + "y",
    "quotes": '"' * MEGABYTE,
    "backquotes": "`" * MEGABYTE,
    "backslashes": 'let x = "' + "\\" * MEGABYTE,
    "braces": "}" * MEGABYTE,
    "comments": "// c\n" * (MEGABYTE // 5),
    "broken statements": "scene a {\n" + "wait\n" * (MEGABYTE // 5) + "}",
    "broken items": "".join(f"x{number}\n" for number in range(MEGABYTE // 7)),
    "open scenes": "".join(f"scene s{number} {{ wait \n" for number in range(MEGABYTE // 16)),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_megabyte_of_anything_is_read_in_time(name: str) -> None:
    def large() -> Parsed:
        parse_block.cache_clear()
        return parse(LARGE[name], "talk.vid")

    parsed = in_time(2, large)
    assert reassembled(parsed) == LARGE[name]
    parse_block.cache_clear()


def test_a_file_that_is_too_large_is_not_read() -> None:
    parsed = parse(" " * (LARGEST + 1), "talk.vid")
    assert [found.code for found in parsed.diagnostics] == ["PVC0005"]


def expression(text: str) -> tree.Expr:
    parsed = parse(f"let x = {text}", "talk.vid")
    assert not parsed.diagnostics, parsed.diagnostics
    item = parsed.file.blocks[0].item
    assert isinstance(item, tree.Let)
    return item.value


def shape(node: tree.Expr) -> str:
    """An expression with all its parentheses."""
    match node:
        case tree.Binary(op, left, right):
            return f"({shape(left)} {op} {shape(right)})"
        case tree.RangeExpr(low, high):
            return f"({shape(low)} .. {shape(high)})"
        case tree.Unary(op, operand):
            return f"({op} {shape(operand)})"
        case tree.Number(value, unit):
            return f"{value}{unit or ''}"
        case tree.Name(parts):
            return ".".join(parts)
        case _:
            return type(node).__name__


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 + 2 * 3", "(1 + (2 * 3))"),
        ("1 * 2 + 3", "((1 * 2) + 3)"),
        ("(1 + 2) * 3", "((1 + 2) * 3)"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("1 - (2 - 3)", "(1 - (2 - 3))"),
        ("a or b and c", "(a or (b and c))"),
        ("a and b or c", "((a and b) or c)"),
        ("not a == b", "(not (a == b))"),
        ("not a and b", "((not a) and b)"),
        ("a and not b == c or d", "((a and (not (b == c))) or d)"),
        ("not not a in b", "(not (not (a in b)))"),
        ("a in 1..2 + 3", "(a in (1 .. (2 + 3)))"),
        ("1..2 in a", "((1 .. 2) in a)"),
        ("a < b + 1 and c >= 2 * d - 1", "((a < (b + 1)) and (c >= ((2 * d) - 1)))"),
        ("-3..3", "(-3 .. 3)"),
        ("-a * b", "((- a) * b)"),
        ("a * -b", "(a * (- b))"),
        ("3 - -2", "(3 - -2)"),
        ("-(3)", "(- 3)"),
        ("3min..6min", "(3min .. 6min)"),
        ("0.5s..1s", "(0.5s .. 1s)"),
        ("1.5..2.5", "(1.5 .. 2.5)"),
        ("-(1..2)", "(- (1 .. 2))"),
    ],
)
def test_precedence(text: str, meant: str) -> None:
    assert shape(expression(text)) == meant


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1_000", Decimal(1000), None),
        ("40%", Decimal(40), "%"),
        ("1.50s", Decimal("1.5"), "s"),
        ("1e3", Decimal(1000), None),
        ("2em", Decimal(2), "em"),
        ("12f", Decimal(12), "f"),
        ("2.5e-3", Decimal("0.0025"), None),
    ],
)
def test_numbers(text: str, value: Decimal, unit: str | None) -> None:
    assert expression(text) == tree.Number(value, unit)


@pytest.mark.parametrize("word", ["1080p30", "vertical30", "2160p60", "a1", "_x", "größe", "変数"])
def test_names(word: str) -> None:
    assert expression(word) == tree.Name((word,))


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("tex``", ""),
        ("tex`a`", "a"),
        ("tex`\\frac{a}{b}`", "\\frac{a}{b}"),
        ("md```a `b` c```", "a `b` c"),
        ("python`x = 1\ny = 2`", "x = 1\ny = 2"),
        ('tex`{ ( [ // no comment "`', '{ ( [ // no comment "'),
        ("a````x```y````", "x```y"),
    ],
)
def test_raw_texts(text: str, raw: str) -> None:
    node = expression(text)
    assert isinstance(node, tree.Tagged)
    assert node.raw == raw


def test_narration_keeps_what_tells_braces_apart() -> None:
    parsed = parse('scene a { say "a \\{b\\} {cue} \\\\ \\"q\\" \\u{e9}" }', "talk.vid")
    scene = parsed.file.blocks[0].item
    assert isinstance(scene, tree.Scene)
    say = scene.body[0]
    assert isinstance(say, tree.Say)
    narration = say.text
    assert narration.value == 'a \\{b\\} {cue} \\\\ "q" é'
    text = parsed.file.blocks[0].text
    assert len(narration.offsets) == len(narration.value)
    for character, offset in zip(narration.value, narration.offsets, strict=True):
        assert text[offset] == character or text[offset] == "\\"


KEYWORDS = (
    *("at", "in", "color", "for", "say", "show", "let", "if", "else", "talk", "scene", "use", "theme", "data", "with"),
    *("note", "part", "render", "action", "wait", "claim", "from", "quote", "and", "or", "true", "visible", "below"),
)


@pytest.mark.parametrize("word", KEYWORDS)
def test_keywords_are_names_where_names_are_due(word: str) -> None:
    text = (
        f'component c({word}: text = "") {{ {word} = 1 }}\n'
        f"let x = f({word}: 1, b: 2)\nlet y = {{ {word}: 1 }}\n"
        f"theme t {{\n  {word} = 1\n  g {{ {word} = 2\n }}\n}}\n"
        f"scene {word} {{\n  {word} = 3\n}}\n"
    )
    parsed = parse(text, "talk.vid")
    assert not parsed.diagnostics
    scene = parsed.file.blocks[-1].item
    assert isinstance(scene, tree.Scene)
    assert scene.name == word
    assert isinstance(scene.body[0], tree.Setting)
    assert scene.body[0].name == word


def test_comments_stay_with_their_statement() -> None:
    text = """\
// about the talk
//
// and more

/// Its doc.
/// Two lines.
talk "T" {
  // above theme
  theme = midnight // behind theme

  voice = ada
  // at the end
}
// tail
"""
    parsed = parse(text, "talk.vid")
    assert parsed.file.tail == "// tail\n"
    talk = parsed.file.blocks[0].item
    assert isinstance(talk, tree.Talk)
    assert talk.trivia.leading == ("// about the talk", "//", "// and more")
    assert talk.trivia.doc == "Its doc.\nTwo lines."
    assert talk.trivia.dangling == ("// at the end",)
    theme, voice = talk.body
    assert theme.trivia == tree.Trivia(leading=("// above theme",), trailing="// behind theme")
    assert voice.trivia == tree.Trivia(blank_before=True)


def test_comments_among_arguments_stay_with_their_argument() -> None:
    text = "let x = f(\n  // first\n  a: 1, // behind a\n  b: 2 // behind b\n)\n"
    value = parse(text, "talk.vid").file.blocks[0].item
    assert isinstance(value, tree.Let)
    assert isinstance(value.value, tree.Call)
    first, second = value.value.arguments
    assert first.trivia == tree.Trivia(leading=("// first",), trailing="// behind a")
    assert second.trivia == tree.Trivia(trailing="// behind b")


def test_windows_line_ends_read_like_others() -> None:
    text = (
        'talk "T" {\n  theme = midnight // c\n}\n\nscene a {\n  let c = python`a\nb`\n  say "x" {\n    show y\n  }\n}\n'
    )
    plain = parse(text, "talk.vid")
    windows = parse("\ufeff" + text.replace("\n", "\r\n"), "talk.vid")
    assert not windows.diagnostics
    assert [block.item for block in windows.file.blocks] == [block.item for block in plain.file.blocks]


def test_settings_may_share_a_line() -> None:
    item = parse(
        "theme t { colors { a = #fff b = theme.x } type { size = 92px leading = 1.3 } margin = 1px }", "t"
    ).file
    theme = item.blocks[0].item
    assert isinstance(theme, tree.ThemeDecl)
    assert [type(node).__name__ for node in theme.body] == ["Group", "Group", "Setting"]
    lexicon = parse('lexicon { "a" -> "b" "c" -> "d"; "e" -> "f" }', "t").file.blocks[0].item
    assert isinstance(lexicon, tree.Lexicon)
    assert len(lexicon.entries) == 3


def test_a_line_may_go_on() -> None:
    text = """scene a {
  claim "x"
    from y at "z"
    quote "q"
  let v = 1 +
    2
    * 3
  show f(
    1,
    2,
  )
    with fade
}
"""
    parsed = parse(text, "talk.vid")
    assert not parsed.diagnostics
    scene = parsed.file.blocks[0].item
    assert isinstance(scene, tree.Scene)
    assert [type(node).__name__ for node in scene.body] == ["Claim", "Let", "Action"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_text_without_its_quote_ends_before_the_lines_end(end: str) -> None:
    text = f'let a = "abc{end}let b = 2{end}'
    (found,) = parse(text, "talk.vid").diagnostics
    assert found.span is not None
    assert text[found.span.start : found.span.end] == '"abc'
    assert [edit.text for fix in found.fixes for edit in fix.edits] == ['"abc"']
