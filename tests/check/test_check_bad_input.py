"""Whatever a file holds, checking ends in diagnostics: never an exception, never silence."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from check_worlds import TALK, ProjectWorld, checked, codes, scene, whole
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pace import in_time

from pvc.compiler.check import check
from pvc.compiler.check.run import Checked
from pvc.compiler.diagnostics import catalogue
from pvc.compiler.diagnostics.model import Severity
from pvc.compiler.disk import DiskWorld

CODES = frozenset(catalogue.codes())
ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*/talk.vid"))
PIECES = """
say "a {b} c"|{|}|show|hide eq|let eq =|equation(tex`a`)|at b:|at "a"|into|with|fade|theme.accent|eq.items[1]|[|]|(|)|,
1..2|12px|3s|/ 0|- 1|not|and|in|none|for x in [1, 2] {|if x == 1 {|together {|wait 1s|claim|from|quote|as eq|on manim
"|`|scene a {|talk "T" {|data d = csv("data/bleu.csv")|use std.charts|component c(a: text = a) {|expect|==|lexicon {
theme t extends t {|concept c { color = c }|paper p = latex("paper/main.tex")
""".replace("\n", "|\n|").split("|")


def fair(result: Checked, text: str) -> None:
    """There is a program or an error that says why not; every finding has a page and a place in the text."""
    errors = [one for one in result.diagnostics if one.severity is Severity.ERROR]
    assert result.ok == (not errors)
    assert result.program is not None or errors, text
    for one in result.diagnostics:
        assert one.code in CODES
        assert one.span is None or 0 <= one.span.start <= one.span.end <= len(text), (one, text)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_damaged_talks(path: Path) -> None:
    """Words of a real talk taken out, doubled, swapped or replaced."""
    text = path.read_text()
    words = text.split(" ")
    source = random.Random(7)
    for _ in range(60):
        damaged = list(words)
        for _ in range(source.randrange(1, 6)):
            at = source.randrange(len(damaged))
            match source.randrange(4):
                case 0:
                    del damaged[at]
                case 1:
                    damaged.insert(at, damaged[at])
                case 2:
                    damaged[at] = source.choice(PIECES)
                case _:
                    other = source.randrange(len(damaged))
                    damaged[at], damaged[other] = damaged[other], damaged[at]
        spoilt = " ".join(damaged)
        fair(check("talk.vid", ProjectWorld({"talk.vid": spoilt}, path.parent)), spoilt)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_statements_in_a_scene(pieces: list[str]) -> None:
    text = scene("  let eq = equation(tex`a`)\n  " + " ".join(pieces))
    fair(checked(text), whole(text))


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_text_at_the_top(pieces: list[str]) -> None:
    text = " ".join(pieces) + "\n" + TALK
    fair(checked(text), whole(text))


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    result = check("talk.vid", ProjectWorld({"talk.vid": data}))
    assert result.diagnostics


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "PVC0003"),
        ('talk "Müller" {}'.encode("latin-1"), "PVC0002"),
        (b" " * 9_000_000, "PVC0005"),
        (b"", "PVC0201"),
        (b"// nothing here\n", "PVC0201"),
    ],
)
def test_files_that_are_no_talk(data: bytes, code: str) -> None:
    assert code in codes(check("talk.vid", ProjectWorld({"talk.vid": data})))


def test_a_hundred_megabytes_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "talk.vid"
    path.write_bytes(b"x" * 100_000_000)
    assert codes(in_time(2, lambda: check(str(path), DiskWorld()))) == ["PVC0005"]


@pytest.mark.parametrize("name", ["absent.vid", "", ".", "a\0b"])
def test_paths_that_are_no_file(name: str, tmp_path: Path) -> None:
    assert codes(check(f"{tmp_path}/{name}", DiskWorld())) == ["PVC0001"]


def test_deep_nesting_ends() -> None:
    for depth in (50, 119, 200, 5_000):
        for text in (
            scene(f"  wait {'(' * depth}1s{')' * depth}"),
            scene(f"  wait {'-' * depth}1s"),
            "let a = " + "[" * depth + "]" * depth + scene('  say "Hello."'),
            "let a = " + " + ".join(["1"] * depth) + scene('  say "Hello."'),
        ):
            result = checked(text)
            fair(result, whole(text))
            assert depth < 5_000 or codes(result)


def test_a_deep_sum_is_refused() -> None:
    result = checked(f"let _a = {' + '.join(['1s'] * 400)}\n" + scene('  say "Hello."\n  wait 1s'))
    assert set(codes(result)) <= {"PVC0324", "PVC0110"}
    assert codes(result)


def test_declarations_in_a_long_chain() -> None:
    lets = "".join(f"let a{n} = a{n + 1} + 1\n" for n in range(2_000)) + "let a2000 = 1\n"
    assert not codes(checked(lets + scene("  wait a0 * 1ms")))
    ordered = "let a0 = 1\n" + "".join(f"let a{n + 1} = a{n} + 0\n" for n in range(2_000))
    assert not codes(checked(ordered + scene("  wait a2000 * 1s")))


def test_numbers_that_explode() -> None:
    for number in ("1" * 400, "1e999999999s", "0." + "0" * 400 + "1"):
        assert codes(checked(scene(f"  wait {number}")))
    assert "PVC0320" in codes(checked("let a = 9999999999\n" + scene("  wait a * a * a * a * a * a * a * a * 1s")))


def test_loops_that_explode() -> None:
    body = "  wait 1s"
    for name in "abcdef":
        body = f"  for {name} in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] {{\n{body}\n}}"
    assert codes(in_time(2, lambda: checked(scene(body)))) == ["PVC0321"]


def test_lists_that_explode() -> None:
    lets = "let a0 = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    lets += "".join(f"let a{n + 1} = a{n} + a{n} + a{n} + a{n}\n" for n in range(40))
    assert "PVC0320" in codes(checked(lets + scene('  say "Hello."\n  show bullets(a40)')))
    texts = 'let a0 = "1234567890"\n' + "".join(f"let a{n + 1} = a{n} + a{n} + a{n} + a{n}\n" for n in range(40))
    assert "PVC0320" in codes(checked(texts + scene('  say "Hello."\n  show title(a40)')))


def test_a_component_whose_default_calls_itself() -> None:
    text = 'component c(a: visual = c()) {\n  layout = "heading"\n}\n' + scene("  show c()")
    assert codes(checked(text)) == ["PVC0214"]
    assert not codes(checked(text.replace(" = c()", ' = title("T")')))


def test_every_error_of_a_talk_in_one_run() -> None:
    text = "".join(
        f'scene s{n} "S" {{\n  say "Hello." {{\n    show titel("x")\n    show nothing{n}\n    wait 3kg\n  }}\n}}\n'
        for n in range(50)
    )
    assert len(codes(checked(text))) == 150


def test_what_is_no_yaml_may_still_be_a_talk() -> None:
    """Of a twin that cannot be read nothing else is said, such as that it holds no talk."""
    found = check("talk.vid.yaml", ProjectWorld({"talk.vid.yaml": 'vid: 1\nitems:\n- kind: talk\n  title: "T\n'}))
    assert [one.code for one in found.diagnostics] == ["PVC0120"]


def test_places_in_the_twin_are_those_of_the_words() -> None:
    text = (
        "vid: 1\nitems:\n- kind: talk\n  title: T\n  body: []\n- kind: scene\n  name: one\n  body:\n"
        "  - kind: action\n    verb: shwo\n    operands: [x]\n"
    )
    found = check("talk.vid.yaml", ProjectWorld({"talk.vid.yaml": text})).diagnostics
    (verb,) = [one for one in found if one.code == "PVC0325"]
    assert verb.span is not None
    assert text[verb.span.start : verb.span.end] == "shwo"
    assert [edit.text for fix in verb.fixes for edit in fix.edits] == ["show"]


def test_scenes_of_a_used_file() -> None:
    rest = 'let motto = "Less"\nscene two { say "Unheard." }\n'
    text = 'use "./rest.vid" as rest\nscene one { say "Hello." { show text(rest.motto) } }\n'
    assert [one.code for one in checked(text, rest__vid=rest).diagnostics] == ["PVC0216"]
    assert not checked(text, rest__vid=rest + 'talk "Another" { }\n').diagnostics
