"""Every talk that the project holds (examples, pages, golden cases, the library), with comments and white space put
where nobody would: formatting and both spellings keep the meaning, the comments and themselves."""

from __future__ import annotations

import dataclasses
import random
import re
from functools import cache
from pathlib import Path

import pytest

from pvc.compiler.check import check
from pvc.compiler.digest import digest_bytes
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.lexer import lex
from pvc.compiler.syntax.spelling import convert, fmt, parse_file

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```vid([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_BREAKABLE = frozenset({"COMMA", "LPAREN", "LBRACKET", "RECORD", "LBRACE", "EQUAL", "PLUS", "RBRACE"})


def _blocks(text: str) -> list[str]:
    found: list[str] = []
    for match in _BLOCK.finditer(text):
        kind, body = match[1].split(), match[2]
        if "action" in kind or "scene" in kind:
            body = f"scene x {{\n{body}}}\n"
        elif "talk" in kind and not body.lstrip().startswith(("talk", "///")):
            body = f'talk "T" {{\n{body}}}\n'
        found.append(body)
    return found


@cache
def texts() -> tuple[str, ...]:
    found: list[str] = []
    for folder in ("examples", "stdlib"):
        found += [file.read_text(encoding="utf-8") for file in sorted((ROOT / folder).rglob("*.vid"))]
    for pages in ("docs", "tests"):
        for file in sorted((ROOT / pages).rglob("*.md")):
            found += _blocks(file.read_text(encoding="utf-8"))
    return tuple(text for text in dict.fromkeys(found) if not parse_file(text, "a.vid").diagnostics)


def bare(node: object) -> object:
    """A tree without places and comments, so that two can be compared."""
    if isinstance(node, tree.Trivia | tree.At):
        return None
    if dataclasses.is_dataclass(node):
        names = [field.name for field in dataclasses.fields(node) if field.name != "offsets"]
        return (type(node).__name__, *(bare(getattr(node, name)) for name in names))
    if isinstance(node, tuple | list):
        return tuple(bare(each) for each in node)
    return node


def meaning(text: str, path: str = "a.vid") -> object:
    parsed = parse_file(text, path)
    assert not parsed.diagnostics, [found.message for found in parsed.diagnostics]
    return bare(tuple(block.item for block in parsed.file.blocks))


def comments(text: str) -> list[str]:
    return sorted(found.strip() for found in re.findall(r"(?<!:)//[^\n]*", text))  # not in addresses


def between_lines(text: str, chance: random.Random) -> str:
    """Comments, blank lines and odd indents around lines."""
    out: list[str] = []
    raw = False
    for number, line in enumerate(text.split("\n")):
        inside, raw = raw, raw != (line.count("`") % 2 == 1)
        if not inside and chance.random() < 0.25:
            out.append(chance.choice(["", "   ", "\t"]) + f"// above {number}")
        if not inside and chance.random() < 0.1:
            out.append("")
        behind = not (inside or raw) and "//" not in line and line.strip() and chance.random() < 0.15
        out.append(f"{line} // behind {number}" if behind else line)
    return "\n".join(out)


def between_tokens(text: str, chance: random.Random) -> str:
    """Comments in the middle of statements."""
    tokens = lex(text)
    out: list[str] = []
    position = 0
    for number, (end, kind) in enumerate(zip(tokens.ends, tokens.kinds, strict=True)):
        if kind == "SEP":
            continue
        out.append(text[position:end])
        position = end
        if kind in _BREAKABLE and chance.random() < 0.3 and not re.match(r"[ \t]*//", text[end:]):
            out.append(f" // inside {number}\n")
    return "".join((*out, text[position:]))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("put", [between_lines, between_tokens])
def test_comments_anywhere(put: object, seed: int) -> None:
    chance = random.Random(seed)
    done = 0
    for text in texts():
        if "```" in text:
            continue
        odd = put(text, chance)  # type: ignore[operator]
        before = parse_file(odd, "a.vid")
        if before.diagnostics or bare(tuple(block.item for block in before.file.blocks)) != meaning(text):
            continue  # the comment parted what belongs together, or became part of a raw text
        done += 1
        made = fmt(odd, "a.vid").text
        assert meaning(made) == meaning(text)
        assert comments(made) == comments(odd)
        assert fmt(made, "a.vid").text == made, odd
        twin = convert(odd, "a.vid", "a.vid.yaml").text
        assert meaning(twin, "a.vid.yaml") == meaning(text)
        assert fmt(twin, "a.vid.yaml").text == twin
        assert convert(twin, "a.vid.yaml", "a.vid").text == made, odd
    assert done > 300


def test_white_space_says_nothing() -> None:
    done = 0
    for text in texts():
        made = fmt(text, "a.vid").text
        odd = ["\ufeff" + text, text.rstrip("\n"), text + "\n\n\n"]
        if "`" not in text:
            odd += [text.replace("\n", "\r\n"), re.sub(r"\n", " \t\n", text), re.sub(r"(?m)^ +", "\t", text)]
        for each in odd:
            assert fmt(each, "a.vid").text == made, each
            done += 1
    assert done > 1000


def test_a_comment_behind_the_documentation() -> None:
    text = "/// What it is.\n\n// Why it is so.\nlet a = 1\n"
    made = fmt(text, "a.vid").text
    assert made == "// Why it is so.\n/// What it is.\nlet a = 1\n"
    assert fmt(made, "a.vid").text == made


def test_blank_lines_between_comments_at_the_end_of_a_body() -> None:
    text = 'scene one {\n  say "Hello."\n  // one\n\n  // two\n}\n'
    twin = convert(text, "a.vid", "a.vid.yaml").text
    assert convert(twin, "a.vid.yaml", "a.vid").text == text


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ('vid: 1\nitems:\n- kind: talk\n  title: "T\n  body: []\n', "This is no YAML: this quote is never closed", 4),
        ("vid: 1\nitems:\n\t- kind: talk\n", "This is no YAML: a tab stands here", 3),
        ("vid: 1\nitems:\n- kind: talk\n  title: A: b\n", "This is no YAML: this `:` begins no value", 4),
    ],
)
def test_what_is_no_yaml_is_said_where_it_begins(text: str, message: str, line: int) -> None:
    (found,) = parse_file(text, "a.vid.yaml").diagnostics
    assert found.message == message
    assert text.count("\n", 0, found.span.start) + 1 == line if found.span else False


def test_kinds_and_keys_of_the_twin_can_be_mended() -> None:
    text = "vid: 1\nitems:\n- kind: tlak\n  title: T\n- kind: scene\n  nam: one\n"
    fixes = {
        text[edit.span.start : edit.span.end]: edit.text
        for found in parse_file(text, "a.vid.yaml").diagnostics
        for fix in found.fixes
        for edit in fix.edits
    }
    assert fixes == {"tlak": "talk", "nam": "name"}


@pytest.mark.parametrize(
    "scalar",
    [
        '"One {nope two."',
        "'it''s {nope so'",
        "|\n      One\n      {nope two.\n",
        ">-\n      One\n\n      {nope two.\n",
        "One\n      {nope two.",
        '"One \\u00e4 \\"x\\" \\\n      {nope two."',
    ],
)
def test_places_in_texts_that_yaml_folds(scalar: str) -> None:
    """A finding in a narration points at its place whatever way of writing texts YAML has."""
    before = "vid: 1\nitems:\n- kind: talk\n  title: T\n- kind: scene\n  name: s\n  body:\n"
    text = f"{before}  - kind: say\n    text: {scalar}\n"
    (found,) = check("a.vid.yaml", _World(text)).diagnostics
    assert found.code == "PVC0412"
    assert found.span is not None
    assert text[found.span.start : found.span.end] == "{"
    for fix in found.fixes:  # what YAML could not read afterwards is not offered
        (edit,) = fix.edits
        mended = text[: edit.span.start] + edit.text + text[edit.span.end :]
        assert not check("a.vid.yaml", _World(mended)).diagnostics


@pytest.mark.parametrize(
    "scalar",
    [
        '!expr "code(python`a\\n  b`, tilte: \\"x\\")"',
        "!expr 'text(\"it''s\", tilte: 1)'",
        '!expr |\n      text(\n        "a",\n        tilte: 5,\n      )\n',
    ],
)
def test_places_in_values_that_yaml_folds(scalar: str) -> None:
    text = (
        "vid: 1\nitems:\n- kind: talk\n  title: T\n- kind: scene\n  name: s\n  body:\n"
        f"  - kind: let\n    name: _a\n    value: {scalar}\n  - kind: say\n    text: Hello.\n"
    )
    (found,) = check("a.vid.yaml", _World(text)).diagnostics
    assert found.code == "PVC0302"
    assert found.span is not None
    assert text[found.span.start : found.span.end] == "tilte"


class _World:
    def __init__(self, text: str) -> None:
        self.text = text.encode()
        self.memory: dict[str, bytes] = {}

    def read(self, path: str) -> bytes:
        return self.text

    def digest(self, path: str) -> str:
        return digest_bytes(self.text)

    def blob(self, digest: str) -> bytes:
        return self.text

    def recall(self, key: str) -> bytes | None:
        return self.memory.get(key)

    def remember(self, key: str, value: bytes) -> None:
        self.memory[key] = value


def test_comments_at_the_head_of_the_twin() -> None:
    text = "# A talk.\nvid: 1\n\n# what follows\nitems:  # in order\n# the talk\n- kind: talk\n  title: T\n"
    made = fmt(text, "a.vid.yaml").text
    assert re.findall(r"# .*", made) == ["# A talk.", "# what follows", "# in order", "# the talk"]
    assert fmt(made, "a.vid.yaml").text == made
    written = [found.replace("#", "//") for found in re.findall(r"# .*", text)]
    assert comments(convert(text, "a.vid.yaml", "a.vid").text) == sorted(written)
