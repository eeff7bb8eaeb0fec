"""How loud findings are: by configuration, by comments in the spec, by options; and that errors cannot be silenced."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from lint_talks import codes, looked, said, written

from pvc.compiler.lints import config
from pvc.compiler.lints.settings import DEFAULT, WARNINGS, Level, Settings, with_levels
from pvc.compiler.lints.table import LINTS, by_code, find
from pvc.compiler.lints.toml import place
from pvc.compiler.syntax.spelling import convert, fmt

TALK = 'talk "T" {\n}\n'
CUE = 'scene one "One" {\n  say "Hello {there} you."\n}\n'
WRONG = 'scene two "Two" {\n  say "Hello." { at "nobody": wait 1s }\n}\n'


def test_names_and_codes_are_unique_and_have_pages() -> None:
    from pvc.compiler.diagnostics.catalogue import page

    assert len(by_code()) == len({lint.name for lint in LINTS}) == len(LINTS)
    for lint in LINTS:
        assert page(lint.code) is not None, lint
        assert find(lint.name) is find(lint.code.lower()) is lint


def test_whatever_is_a_warning_has_a_name() -> None:
    """Every code that some source raises as a warning or a note can be spoken of in a configuration."""
    found: set[str] = set()
    for path in (Path(__file__).parents[2] / "compiler" / "pvc" / "compiler").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for pattern in (
            r'\.warn\(\s*"(PVC\d{4})"',
            r'"(PVC\d{4})",\s*Severity\.(?:WARNING|NOTE)',
            r'"(PVC\d{4})",\s*"(?:warning|note)"',
        ):
            found |= set(re.findall(pattern, text))
    assert len(found) > 40
    assert not found - set(by_code())


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("allow", []),
        ("note", [("PVC0702", "note")]),
        ("warn", [("PVC0702", "warning")]),
        ("deny", [("PVC0702", "error")]),
    ],
)
@pytest.mark.parametrize("name", ["unused-cue", "PVC0702", "unused_cue"])
@pytest.mark.parametrize("file", ["pvc.toml", "pyproject.toml"])
def test_a_level_in_the_configuration(
    tmp_path: Path, file: str, name: str, level: str, expected: list[tuple[str, str]]
) -> None:
    table = "lint" if file == "pvc.toml" else "tool.pvc.lint"
    written(tmp_path, {"a/talk.vid": TALK + CUE, file: f'[{table}]\n{name} = "{level}"\n'})
    found = looked(tmp_path, talk="a/talk.vid", layout=False)
    assert said(found.diagnostics) == expected
    assert found.ok == (level != "deny")


def test_the_nearest_configuration_counts(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "pvc.toml": '[lint]\nunused-cue = "deny"\n',
            "talks/pvc.toml": '[lint]\nunused-cue = "note"\n',
            "talks/x/pyproject.toml": "[tool.other]\n",
            "talks/x/talk.vid": TALK + CUE,
        },
    )
    assert said(looked(tmp_path, talk="talks/x/talk.vid", layout=False).diagnostics) == [("PVC0702", "note")]


def test_every_warning_may_be_denied_and_single_ones_not(tmp_path: Path) -> None:
    text = TALK + 'let spare = 1\nscene one "One" {\n  say "Hello {there} you."\n}\n'
    written(tmp_path, {"talk.vid": text, "pvc.toml": '[lint]\nwarnings = "deny"\nunused-cue = "warn"\n'})
    found = looked(tmp_path, layout=False)
    assert said(found.diagnostics) == [("PVC0701", "error"), ("PVC0702", "warning")]
    assert not found.ok
    assert "denied" in found.diagnostics[0].notes[0]


def test_options_go_before_the_configuration(tmp_path: Path) -> None:
    written(tmp_path, {"talk.vid": TALK + CUE, "pvc.toml": '[lint]\nunused-cue = "allow"\n'})
    assert codes(looked(tmp_path, layout=False)) == []
    denied = looked(tmp_path, layout=False, levels=[("PVC0702", Level.DENY)])
    assert said(denied.diagnostics) == [("PVC0702", "error")]
    written(tmp_path, {"pvc.toml": '[lint]\nunused-cue = "warn"\n'})
    denied = looked(tmp_path, layout=False, levels=[(WARNINGS, Level.DENY)])
    assert said(denied.diagnostics) == [("PVC0702", "error")]


def test_errors_cannot_be_allowed_away(tmp_path: Path) -> None:
    comment = "// pvc: allow PVC0403\n"
    written(tmp_path, {"talk.vid": TALK + comment + WRONG, "pvc.toml": '[lint]\nPVC0403 = "allow"\n'})
    found = looked(tmp_path, layout=False)
    assert not found.ok
    assert sorted(codes(found)) == ["PVC0403", "PVC0791", "PVC0907"]


@pytest.mark.parametrize(
    ("text", "words", "under"),
    [
        ('[lint]\nunused_cues = "deny"\n', "no lint `unused_cues`", "unused_cues"),
        ('[lint]\nPVC0301 = "allow"\n', "`PVC0301` is no lint", "PVC0301"),
        ('[lint]\nunused = "forbid"\n', '"forbid" is no level', "unused"),
        ("[lint]\nunused = 3\n", "takes a level", "unused"),
        ("lint = 3\n", "is a table", "lint"),
        ("[lint.long-still]\nseconds = 0\n", "number of seconds", "seconds"),
        ('[lint.long-still]\nseconds = "x"\n', "number of seconds", "seconds"),
        ("[lint]\nlong-still = { second = 4 }\n", "no setting `second`", "second"),
        ('[lint]\n"long-still".level = "loud"\n', "no level", '"long-still".level'),
        ("[lint]\nunused = \n", "no TOML", "\n"),
        ("[lint\n", "no TOML", None),
    ],
)
def test_a_bad_configuration_is_a_finding_in_that_file(
    tmp_path: Path, text: str, words: str, under: str | None
) -> None:
    written(tmp_path, {"talk.vid": TALK + 'scene one "One" {\n  say "Hello."\n}\n', "pvc.toml": text})
    found = looked(tmp_path, layout=False)
    assert not found.ok
    (one,) = found.diagnostics
    assert one.code == "PVC0907"
    assert words in one.message
    assert one.span is not None
    assert one.span.path == str(tmp_path / "pvc.toml")
    if under is not None:
        assert text[one.span.start : one.span.end] == under


@pytest.mark.parametrize("data", [b"\xff\xfe[", b"[lint]\nx = " + b"[" * 5000, b"#" * (2 << 20)])
def test_any_bytes_of_a_configuration_end_in_a_finding(data: bytes) -> None:
    found = config.read(data, "pvc.toml")
    assert [one.code for one in found.diagnostics] == ["PVC0907"]
    assert found.settings == DEFAULT


def test_a_configuration_may_be_about_other_things(tmp_path: Path) -> None:
    assert config.read(b'preset = "draft"\n', "pvc.toml") == config.Configured(path="pvc.toml")
    assert config.read(b"[tool.pvc]\njobs = 2\n[lint]\nx = 1\n", "pyproject.toml").settings == DEFAULT


def test_thresholds(tmp_path: Path) -> None:
    quick = 'scene one "One" {\n  say "One two three four five six seven eight nine ten eleven twelve thirteen."\n}\n'
    written(tmp_path, {"talk.vid": TALK + quick + 'scene two "Two" {\n  wait 6s\n}\n'})
    assert codes(looked(tmp_path, layout=False)) == []
    written(tmp_path, {"pvc.toml": "[lint]\nspeaking-rate = { words_per_minute = 100 }\nlong-still.seconds = 5\n"})
    assert sorted(codes(looked(tmp_path, layout=False))) == ["PVC0444", "PVC0445"]


def test_settings() -> None:
    settings = Settings((("PVC0702", Level.DENY),), ((("long-still", "seconds"), Fraction(3)),))
    assert settings.limit("long-still", "seconds") == 3
    assert DEFAULT.limit("long-still", "seconds") == 10
    assert settings.level("PVC0702") is Level.DENY
    assert settings.level("PVC0770") is Level.NOTE
    milder = with_levels(settings, [("PVC0702", Level.ALLOW)])
    assert milder.level("PVC0702") is Level.ALLOW


def test_places_in_toml() -> None:
    text = (
        '# a\n[tool.pvc]\njobs = 1\n[tool.pvc.lint]\n"unused" = "deny"\nlong-still = { level = "warn", seconds = 2 }\n'
    )

    def under(*path: str) -> str:
        start, end = place(text, path)
        return text[start:end]

    assert under("tool", "pvc", "lint", "unused") == '"unused"'
    assert under("tool", "pvc", "lint", "long-still", "seconds") == "seconds"
    assert under("tool", "pvc", "lint", "absent") == "tool.pvc.lint"
    assert under("tool", "pvc", "jobs") == "jobs"
    assert under("absent") == ""


# ------------------------------------------------------------------------------------------------ comments

ALLOWED = [
    'scene one "One" {\n  // pvc: allow unused-cue\n  say "Hello {there} you."\n}\n',
    'scene one "One" {\n  say "Hello {there} you."  // pvc: allow PVC0702 because it marks a place\n}\n',
    '// pvc: allow unused-cue\nscene one "One" {\n  say "Hello {there} you."\n}\n',
    'scene one "One" {\n  say "Hello {there} you." {\n    wait 1s\n  } // pvc: allow unused-cue\n}\n',
]


@pytest.mark.parametrize("scene", ALLOWED)
def test_a_comment_allows_for_its_statement(tmp_path: Path, scene: str) -> None:
    written(tmp_path, {"talk.vid": TALK + scene})
    assert codes(looked(tmp_path, layout=False)) == []
    denied = looked(tmp_path, layout=False, levels=[(WARNINGS, Level.DENY)])
    assert denied.ok


@pytest.mark.parametrize("scene", ALLOWED)
def test_formatter_and_twin_keep_what_a_comment_allows(tmp_path: Path, scene: str) -> None:
    text = TALK + scene
    twin = convert(text, "talk.vid", "talk.vid.yaml")
    assert not twin.diagnostics
    written(tmp_path, {"talk.vid": fmt(text, "talk.vid").text, "twin/talk.vid.yaml": twin.text})
    assert codes(looked(tmp_path, layout=False)) == []
    assert "# pvc: allow" in twin.text
    assert codes(looked(tmp_path, talk="twin/talk.vid.yaml", layout=False)) == []
    back = convert(twin.text, "talk.vid.yaml", "talk.vid")
    written(tmp_path, {"back.vid": back.text})
    assert codes(looked(tmp_path, talk="back.vid", layout=False)) == []


def test_above_the_talk_it_holds_for_the_file(tmp_path: Path) -> None:
    written(tmp_path, {"talk.vid": "// pvc: allow unused, unused-cue\n" + TALK + "let spare = 1\n" + CUE})
    assert codes(looked(tmp_path, layout=False)) == []


def test_it_holds_for_nothing_else(tmp_path: Path) -> None:
    scene = 'scene one "One" {\n  // pvc: allow unused-cue\n  say "Hello {there} you."\n  say "And {here} again."\n}\n'
    written(tmp_path, {"talk.vid": TALK + scene})
    assert codes(looked(tmp_path, layout=False)) == ["PVC0702"]


@pytest.mark.parametrize("spelling", ["talk.vid", "talk.vid.yaml"])
def test_an_allowance_that_is_not_needed(tmp_path: Path, spelling: str) -> None:
    scene = 'scene one "One" {\n  // pvc: allow unused-cue, long-still because\n  say "Hello you."\n}\n'
    text = convert(TALK + scene, "talk.vid", spelling).text
    written(tmp_path, {spelling: text})
    found = looked(tmp_path, talk=spelling, layout=False)
    assert said(found.diagnostics) == [("PVC0790", "warning")] * 2
    spans = [one.span for one in found.diagnostics if one.span is not None]
    assert [text[span.start : span.end] for span in spans] == ["unused-cue", "long-still"]


def test_what_was_not_looked_at_is_not_called_needless(tmp_path: Path) -> None:
    scene = 'scene one "One" {\n  // pvc: allow contrast\n  say "Hello you."\n}\n'
    written(tmp_path, {"talk.vid": TALK + scene})
    assert codes(looked(tmp_path, layout=False)) == []
    assert codes(looked(tmp_path, layout=True)) == ["PVC0790"]


@pytest.mark.parametrize(
    ("comment", "words", "under"),
    [
        ("// pvc: alow unused-cue", "nothing that it knows", "// pvc: alow unused-cue"),
        ("// pvc: allow", "does not say what", "// pvc: allow"),
        ("// pvc: allow because I say so", "does not say what", "// pvc: allow because I say so"),
        ("// pvc: allow unused-clue", "no lint `unused-clue`", "unused-clue"),
        ("// pvc: allow PVC0403", "cannot be allowed", "PVC0403"),
    ],
)
def test_comments_that_cannot_be_read(tmp_path: Path, comment: str, words: str, under: str) -> None:
    text = TALK + f'scene one "One" {{\n  {comment}\n  say "Hello."\n}}\n'
    written(tmp_path, {"talk.vid": text})
    (one,) = looked(tmp_path, layout=False).diagnostics
    assert one.code == "PVC0791"
    assert words in one.message
    assert one.span is not None
    assert text[one.span.start : one.span.end] == under


@pytest.mark.parametrize(
    "place_", ['scene one "One" {\n  say "Hello."\n  // pvc: allow unused\n}\n', CUE + "// pvc: allow unused\n"]
)
def test_a_comment_above_nothing(tmp_path: Path, place_: str) -> None:
    written(tmp_path, {"talk.vid": TALK + place_})
    assert "PVC0791" in codes(looked(tmp_path, layout=False))


def test_what_only_looks_like_a_comment_allows_nothing(tmp_path: Path) -> None:
    scene = 'scene one "One" {\n  say "Hello {there} // pvc: allow unused-cue"\n}\n'
    written(tmp_path, {"talk.vid": TALK + scene})
    assert codes(looked(tmp_path, layout=False)) == ["PVC0702"]


def test_comments_of_used_files_count_there(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "talk.vid": TALK + 'use "./own.vid" as own\nscene one "One" {\n  say "Hello."\n  show text(own.word)\n}\n',
            "own.vid": '// pvc: allow nonsense\nlet word = "A word"\n',
        },
    )
    found = looked(tmp_path, layout=False)
    assert codes(found) == ["PVC0791"]
    assert found.diagnostics[0].span is not None
    assert found.diagnostics[0].span.path.endswith("own.vid")


def test_an_editor_honours_levels_and_says_what_is_wrong_with_them(tmp_path: Path) -> None:
    from pvc.lsp.session import Session

    path = tmp_path / "talk.vid"
    text = TALK + CUE

    def seen() -> list[tuple[str, str]]:
        session = Session()
        session.open(path.as_uri(), str(path), 1, text)
        analysis = session.analysis(path.as_uri())
        assert analysis is not None
        return said(analysis.diagnostics)

    written(tmp_path, {"talk.vid": text})
    assert seen() == [("PVC0702", "warning")]
    written(tmp_path, {"pvc.toml": '[lint]\nunused-cue = "deny"\n'})
    assert seen() == [("PVC0702", "error")]
    written(tmp_path, {"pvc.toml": '[lint]\nunused-cue = "allow"\n'})
    assert seen() == []
    written(tmp_path, {"pvc.toml": '[lint]\nunused-cue = "loud"\n'})
    assert seen() == [("PVC0907", "error"), ("PVC0702", "warning")]
