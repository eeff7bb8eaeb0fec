"""Fixes: what each writes, and that applying them never makes a talk worse."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from pvc.cli.fixes import apart, diff, edited, mend, write
from pvc.compiler.check import check
from pvc.compiler.diagnostics.catalogue import codes, page
from pvc.compiler.diagnostics.model import Applicability, Diagnostic, Edit, Fix, Severity
from pvc.compiler.disk import DiskWorld
from pvc.compiler.source import Span
from pvc.compiler.syntax.spelling import convert, parse_file
from pvc.runtime.build.inspect import inspect
from pvc.runtime.build.request import Request
from pvc.runtime.build.world import TracedWorld

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "tests" / "check" / "project"
SAFE, SUGGESTED, PLACEHOLDER = Applicability.SAFE, Applicability.SUGGESTED, Applicability.PLACEHOLDER

EQ = "  let eq = equation(tex`a^2`)\n"


HEAD = 'use std.charts\ndata bleu = csv("data/bleu.csv") { model: text, score: number }\n'
BARS = "  show charts.bar(bleu, x: model, y: score, direction: up)"


def scene(body: str) -> str:
    return f'scene one "One" {{\n{body}\n}}\n'


# code, how far to trust it, what is wrong, what the fix leaves
WRITTEN = [
    ("PVC0101", SUGGESTED, scene('  show title("A", subtitle = "B")'), None),
    ("PVC0102", SUGGESTED, scene('  say "Hello.'), scene('  say "Hello."')),
    ("PVC0105", SUGGESTED, scene('  say "Hello."') + "}\n", scene('  say "Hello."') + "\n"),
    ("PVC0106", SAFE, scene("  say 'Hello.'"), scene('  say "Hello."')),
    ("PVC0106", SUGGESTED, scene(r"  show equation(\frac{a}{b})"), scene(r"  show equation(tex`\frac{a}{b}`)")),
    ("PVC0107", SUGGESTED, 'scen one "One" {\n  say "Hi."\n}\n', scene('  say "Hi."')),
    ("PVC0109", SUGGESTED, scene('  say "C:\\\\temp\\q"'), scene('  say "C:\\\\temp\\\\q"')),
    ("PVC0203", SUGGESTED, "use charts\n", "use std.charts\n"),
    ("PVC0207", SUGGESTED, scene(EQ + "  show eg"), scene(EQ + "  show eq")),
    ("PVC0208", SUGGESTED, scene('  show tilte("A")'), scene('  show title("A")')),
    ("PVC0208", SUGGESTED, scene('  show std.title("A")'), scene('  show title("A")')),
    ("PVC0208", SUGGESTED, HEAD + scene(BARS.replace("charts.", "")), HEAD + scene(BARS)),
    (
        "PVC0212",
        SUGGESTED,
        scene('  show text("A", color: theme.acent)'),
        scene('  show text("A", color: theme.accent)'),
    ),
    ("PVC0213", SUGGESTED, "let a = { size: 1 }\nlet b = a.sice\n", "let a = { size: 1 }\nlet b = a.size\n"),
    ("PVC0215", SUGGESTED, 'talk "T" {\n  theme = midnigt\n}\n', 'talk "T" {\n  theme = midnight\n}\n'),
    ("PVC0301", SUGGESTED, scene('  show equation("a^2")'), scene("  show equation(tex`a^2`)")),
    ("PVC0302", SUGGESTED, scene('  show title("A", subtitel: "B")'), scene('  show title("A", subtitle: "B")')),
    ("PVC0303", PLACEHOLDER, scene("  show equation()"), scene("  show equation(formula: tex`x`)")),
    (
        "PVC0303",
        PLACEHOLDER,
        scene("  show equation(\n    scale: 2,\n  )"),
        scene("  show equation(\n    scale: 2, formula: tex`x`\n  )"),
    ),
    ("PVC0305", SUGGESTED, "let a = 1s + 2\n", "let a = 1s + 2s\n"),
    ("PVC0306", SUGGESTED, "let a = 3mss\n", "let a = 3ms\n"),
    ("PVC0306", SUGGESTED, "let a = 10°\n", "let a = 10deg\n"),
    ("PVC0306", SUGGESTED, "let a = 5minutes\n", "let a = 5min\n"),
    ("PVC0305", SUGGESTED, "let b = 2s\nlet a = b * 2 + 2\n", "let b = 2s\nlet a = b * 2 + 2s\n"),
    ("PVC0305", SUGGESTED, "let a = 1..2s\n", "let a = 1s..2s\n"),
    ("PVC0305", SUGGESTED, "let b = 2em\nlet a = b - 1\n", "let b = 2em\nlet a = b - 1em\n"),
    ("PVC0101", SAFE, scene("  wait 1 s // why"), scene("  wait 1s // why")),
    ("PVC0101", SUGGESTED, scene("  let g: number = 5"), scene("  let g = 5")),
    ("PVC0103", SUGGESTED, scene('  show equation(tex"a^2")'), scene("  show equation(tex`a^2`)")),
    ("PVC0106", SUGGESTED, scene("  show equation($a^2$)"), scene("  show equation(tex`a^2`)")),
    ("PVC0106", SAFE, scene("  # a comment\n  wait 1s"), scene("  // a comment\n  wait 1s")),
    ("PVC0301", SUGGESTED, scene('  wait "2s"'), scene("  wait 2s")),
    ("PVC0301", SUGGESTED, scene("  wait 500"), scene("  wait 500ms")),
    ("PVC0301", SUGGESTED, scene(EQ + "  show eq width 50"), scene(EQ + "  show eq width 50%")),
    ("PVC0331", SUGGESTED, scene(EQ + "  show eq hide eq"), scene(EQ + "  show eq ; hide eq")),
    (
        "PVC0412",
        SUGGESTED,
        scene('  say "<EMPHASIS>x</EMPHASIS>"'),
        scene('  say "<emphasis>x</emphasis>"'),
    ),
    ("PVC0309", SUGGESTED, 'talk "T" {\n  them = paper\n}\n', 'talk "T" {\n  theme = paper\n}\n'),
    ("PVC0310", SUGGESTED, 'talk "T" {\n  format = 1080p3\n}\n', 'talk "T" {\n  format = 1080p30\n}\n'),
    (
        "PVC0311",
        SUGGESTED,
        'talk "T" {\n  theme = paper\n  theme = midnight\n}\n',
        'talk "T" {\n  theme = paper\n}\n',
    ),
    (
        "PVC0312",
        SUGGESTED,
        'component a(b: txt) {\n  layout = "text"\n}\n',
        'component a(b: text) {\n  layout = "text"\n}\n',
    ),
    ("PVC0310", SUGGESTED, 'talk "T" {\n  theme = "paper"\n}\n', 'talk "T" {\n  theme = paper\n}\n'),
    ("PVC0313", SUGGESTED, "let a = 3..-1\n", "let a = -1..3\n"),
    (
        "PVC0314",
        SUGGESTED,
        'use std.charts\ndata bleu = csv("data/bleu.csv") { model: text, score: number }\n'
        + scene("  show charts.bar(bleu, x: modle, y: score)"),
        'use std.charts\ndata bleu = csv("data/bleu.csv") { model: text, score: number }\n'
        + scene("  show charts.bar(bleu, x: model, y: score)"),
    ),
    ("PVC0319", SUGGESTED, HEAD + scene(BARS.replace("up)", "upp)")), HEAD + scene(BARS)),
    ("PVC0323", SUGGESTED, "theme a {\n  colours { accent = #fff }\n}\n", "theme a {\n  colors { accent = #fff }\n}\n"),
    ("PVC0325", SUGGESTED, scene(EQ + "  shwo eq"), scene(EQ + "  show eq")),
    ("PVC0328", SUGGESTED, scene(EQ + "  show eq with wirte"), scene(EQ + "  show eq with write")),
    ("PVC0329", SUGGESTED, scene(EQ + "  show eq in lfet"), scene(EQ + "  show eq in left")),
    ("PVC0330", SUGGESTED, scene(EQ + "  show eq on manin"), scene(EQ + "  show eq on manim")),
    (
        "PVC0401",
        SUGGESTED,
        scene(EQ + '  say "Here {it} is." {\n    at is_it: show eq\n    at itt: show eq\n  }'),
        None,
    ),
    ("PVC0402", SUGGESTED, scene('  say "One {a} two {a} three."'), scene('  say "One {a} two  three."')),
    (
        "PVC0403",
        SUGGESTED,
        scene(EQ + '  say "The square root." {\n    at "sqare root": show eq\n  }'),
        scene(EQ + '  say "The square root." {\n    at "square root": show eq\n  }'),
    ),
    (
        "PVC0611",
        SUGGESTED,
        'data a = csv("data/bleu.csv") { modle: text }\n',
        'data a = csv("data/bleu.csv") { model: text }\n',
    ),
    ("PVC0701", SAFE, "use std.charts\nlet _a = 1\n", "let _a = 1\n"),
    ("PVC0701", SUGGESTED, "use std.charts  // for the bars\nlet _a = 1\n", "let _a = 1\n"),
    (
        "PVC0701",
        SUGGESTED,
        "// Of the house.\n\n/// Why.\nlet a = 1 // one\nlet _b = 2\n",
        "// Of the house.\n\nlet _b = 2\n",
    ),
    ("PVC0701", SUGGESTED, scene('  // why\n  let a = 1\n  say "Hi."'), scene('  // why\n  say "Hi."')),
    ("PVC0702", SAFE, scene('  say "Hello {there} you."'), scene('  say "Hello you."')),
    ("PVC0702", SAFE, scene('  say "{there} Hello you{here}."'), None),
    (
        "PVC0705",
        PLACEHOLDER,
        'paper note = latex("paper/main.tex")\n' + scene('  say "Hi."\n  claim "It is."'),
        'paper note = latex("paper/main.tex")\n' + scene('  say "Hi."\n  claim "It is." from note quote "TODO"'),
    ),
    (
        "PVC0706",
        PLACEHOLDER,
        'paper note = latex("paper/main.tex")\n' + scene('  say "Hi."\n  claim "It is." from note'),
        'paper note = latex("paper/main.tex")\n' + scene('  say "Hi."\n  claim "It is." from note quote "TODO"'),
    ),
    ("PVC0707", PLACEHOLDER, scene('  review "Really?"\n  say "Hi."'), scene('  say "Hi."')),
    (
        "PVC0737",
        PLACEHOLDER,
        scene('  show image("paper/weights.png")'),
        scene('  show image("paper/weights.png", description: "TODO")'),
    ),
    ("PVC0743", SUGGESTED, 'lexicon {\n  "a b" -> "c"\n  "Hi" -> "high"\n}\n' + scene('  say "Hi."'), None),
    (
        "PVC0744",
        SUGGESTED,
        'concept c {\n  words = ["word"]\n  color = #fff\n}\n' + scene('  say "Hi."'),
        scene('  say "Hi."'),
    ),
]

IDS = [f"{row[0]}-{number}" for number, row in enumerate(WRITTEN)]


def talk(text: str) -> str:
    return text if re.search(r"^talk\b", text, re.MULTILINE) else text + 'talk "T" {\n}\n'


def said(folder: Path, text: str, name: str = "talk.vid") -> tuple[Diagnostic, ...]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return check(str(path), DiskWorld()).diagnostics


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("fixes") / "project"
    shutil.copytree(PROJECT, made)
    return made


@pytest.mark.parametrize(
    ("code", "trust", "wrong", "right"), WRITTEN, ids=[f"{row[0]}-{n}" for n, row in enumerate(WRITTEN)]
)
def test_what_a_fix_writes(project: Path, code: str, trust: Applicability, wrong: str, right: str | None) -> None:
    before = talk(wrong)
    found = next(one for one in said(project, before) if one.code == code and one.fixes)
    fix = found.fixes[0]
    assert fix.applicability is trust
    assert fix.title
    after = edited(before, fix.edits)
    if right is not None:
        assert after == talk(right)
    left = said(project, after)
    assert found not in left
    assert len([one for one in left if one.code == code]) < len(
        [one for one in said(project, before) if one.code == code]
    )


def test_so_many_codes_have_a_tested_fix() -> None:
    assert len({row[0] for row in WRITTEN}) >= 35


# ------------------------------------------------------------------------------------------------ laws


def files(example: str) -> dict[str, str]:
    parts = re.split(r"^// file: (\S+)\n", example, flags=re.MULTILINE)
    found = dict(zip(parts[1::2], parts[2::2], strict=True)) if len(parts) > 1 else {"talk.vid": example}
    return {**found, "talk.vid": talk(found.get("talk.vid", ""))}


EXAMPLES = [
    pytest.param(files(example), id=f"{code}-{number}")
    for code in codes()
    if code[:5] in ("PVC01", "PVC02", "PVC03", "PVC04", "PVC06", "PVC07") and (found := page(code)) is not None
    for number, example in enumerate(found.wrong)
    if "items:" not in example
]


def errors(found: tuple[Diagnostic, ...]) -> set[tuple[str, str]]:
    return {(one.code, one.message) for one in found if one.severity is Severity.ERROR}


def looker(path: Path):  # type: ignore[no-untyped-def]
    def look(texts: Mapping[str, str]) -> tuple[Diagnostic, ...]:
        return check(str(path), TracedWorld(None, texts)).diagnostics

    return look


@pytest.mark.parametrize("unsafe", [False, True])
@pytest.mark.parametrize("example", EXAMPLES)
def test_mending_is_sound_idempotent_and_deterministic(project: Path, example: dict[str, str], unsafe: bool) -> None:
    for name, text in example.items():
        (project / name).write_text(text, encoding="utf-8")
    look = looker(project / "talk.vid")
    before = look({})
    done = mend(look, unsafe)
    assert done.texts == mend(look, unsafe).texts
    assert errors(done.rest) <= errors(before)
    for path, text in done.texts.items():
        assert len(parse_file(text, path).diagnostics) <= len(parse_file(done.before[path], path).diagnostics)
    for name, text in example.items():
        assert (project / name).read_text(encoding="utf-8") == text  # nothing is written on the way
    write(done)
    again = mend(look, unsafe)
    assert all(again.before[path] == text for path, text in again.texts.items())


@pytest.mark.parametrize("seed", range(6))
def test_several_mistakes_are_mended_at_once(project: Path, seed: int) -> None:
    """A random handful of the mistakes above, each in a scene of its own or in front of all."""
    chance = random.Random(seed)
    rows = [
        row for row in WRITTEN if row[3] is not None and row[1] is not PLACEHOLDER and not row[2].startswith("talk")
    ]
    chosen = chance.sample(rows, 8)
    text = talk("".join(_renamed(row[2], number) for number, row in enumerate(chosen)))
    path = project / "talk.vid"
    path.write_text(text, encoding="utf-8")
    look = looker(path)
    before = look({})
    done = mend(look, unsafe=True)
    assert errors(done.rest) <= errors(before)
    assert done.count >= 4
    write(done)
    assert not mend(look, unsafe=True).count


def _renamed(text: str, number: int) -> str:
    text = re.sub(r"\b(scene|scen) one \"One\"", rf'\1 s{number} "S{number}"', text)
    if "charts.bar" in text:
        return text
    return re.sub(r"^(use std\.charts|use charts)$", rf"\1 as charts{number}", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("code", "trust", "wrong", "right"), WRITTEN, ids=[f"{row[0]}-{n}" for n, row in enumerate(WRITTEN)]
)
def test_fixes_of_the_yaml_twin_leave_yaml(
    project: Path, code: str, trust: Applicability, wrong: str, right: str | None
) -> None:
    twin = convert(talk(wrong), "talk.vid", "talk.vid.yaml")
    if twin.diagnostics:
        return  # mistakes of syntax have no twin
    found = said(project, twin.text, "talk.vid.yaml")
    for one in found:
        for fix in one.fixes:
            after = edited(twin.text, fix.edits)
            assert not parse_file(after, "talk.vid.yaml").diagnostics
            left = said(project, after, "talk.vid.yaml")
            assert _same(one, left) < _same(one, found)


def _same(one: Diagnostic, found: tuple[Diagnostic, ...]) -> int:
    return sum((one.code, one.message) == (two.code, two.message) for two in found)


def _fix(start: int, end: int, text: str) -> Fix:
    return Fix(f"{start}", (Edit(Span("a", start, end), text),), SAFE)


def test_overlapping_fixes_are_resolved_in_the_files_order() -> None:
    fixes = [_fix(0, 3, "x"), _fix(2, 5, "y"), _fix(3, 3, "z"), _fix(6, 8, "w")]
    assert apart(fixes) == [fixes[0], fixes[3]]


def test_a_fix_that_makes_it_worse_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("good bad")
    wrong = Diagnostic(
        "PVC0702",
        Severity.WARNING,
        "w",
        Span(str(path), 0, 4),
        fixes=(Fix("break it", (Edit(Span(str(path), 0, 4), "evil"),), SAFE),),
    )
    fine = Diagnostic(
        "PVC0702",
        Severity.WARNING,
        "f",
        Span(str(path), 5, 8),
        fixes=(Fix("mend it", (Edit(Span(str(path), 5, 8), "fine"),), SAFE),),
    )
    error = Diagnostic("PVC0301", Severity.ERROR, "broken now", Span(str(path), 0, 4))

    def look(texts: Mapping[str, str]) -> tuple[Diagnostic, ...]:
        text = texts.get(str(path), "good bad")
        return ((wrong,) if "good" in text else (error,)) + ((fine,) if "bad" in text else ())

    done = mend(look)
    assert done.texts == {str(path): "good fine"}
    assert done.count == 1
    assert path.read_text() == "good bad"
    assert "+good fine" in diff(done)


# ------------------------------------------------------------------------------------------------ the command


def pvc(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environ = {"PYTHONPATH": ":".join(filter(None, sys.path)), "PVC_CACHE_DIR": str(cwd / ".cache"), "PATH": ""}
    return subprocess.run(
        [sys.executable, "-m", "pvc.cli.main", "check", *arguments],
        cwd=cwd,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_command_writes_only_when_asked(tmp_path: Path) -> None:
    text = 'talk "T" {\n}\nuse std.charts\nscene one "One" {\n  say "Hello {there} you." { show tilte("A") }\n}\n'
    path = tmp_path / "talk.vid"
    path.write_text(text)
    assert pvc("talk.vid", cwd=tmp_path).returncode == 1
    shown = pvc("talk.vid", "--diff", cwd=tmp_path)
    assert "-use std.charts" in shown.stdout
    assert "tilte" not in [line for line in shown.stdout.splitlines() if line.startswith("+")]
    assert path.read_text() == text
    safe = pvc("talk.vid", "--fix", cwd=tmp_path)
    assert safe.returncode == 1
    assert "2 fixes applied" in safe.stderr
    assert path.read_text() == text.replace("use std.charts\n", "").replace(" {there}", "")
    unsafe = pvc("talk.vid", "--fix", "--unsafe-fixes", cwd=tmp_path)
    assert unsafe.returncode == 0, unsafe.stderr
    assert "show title(" in path.read_text()
    assert pvc("talk.vid", "--unsafe-fixes", cwd=tmp_path).returncode == 2


def test_fixes_see_the_layout_as_well(tmp_path: Path) -> None:
    path = tmp_path / "talk.vid"
    path.write_text('talk "T" {\n}\nscene one "One" {\n  say "Hi." { show text("A") }\n}\n')
    request = Request(path, tmp_path / ".cache")
    other = {str(path): path.read_text().replace('text("A")', 'text("")')}
    assert inspect(request, layout=True).ok
    assert not inspect(request, layout=True, texts=other).ok
