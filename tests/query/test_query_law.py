"""The law of the queries: after any edits everything is as if it were checked for the first time."""

from __future__ import annotations

from pathlib import Path

import pytest
from check.check_worlds import PROJECT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from query.steps import Changing, read_cases

from pvc.compiler.check import check
from pvc.compiler.check.run import Checker
from pvc.compiler.plan import plan
from pvc.compiler.plan.queries import PLANNED
from pvc.compiler.query.anchors import place
from pvc.compiler.syntax.blocks import cut

BASE = read_cases(Path(__file__).parent / "cases")[0].files
TRANSLATION = """
translation de {
  title = "Aufmerksamkeit"
  scene intro "Was Aufmerksamkeit ist" {
    say "Every query meets {meets} every key." -> "Jede Anfrage trifft {meets} jeden Schlüssel."
  }
}
"""
PIECES = [
    "",
    "x",
    " ",
    "\n",
    "{",
    "}",
    '"',
    "`",
    "```",
    "/*",
    "// said\n",
    "/// Said.\n",
    "let factor = 3\n",
    "let rest = factor\n",
    "let factor = rest\n",
    "let motto = 1\n",
    'use "house.vid"\n',
    'use "talk.vid" as again\n',
    "use std.charts\n",
    "scene intro { }\n",
    '\nscene late "Late" {\n  say "So {it} is."\n}\n',
    'talk "Two" { language = de }\n',
    'lexicon { "BLEU" -> "bloo" }\n',
    "theme brand extends paper { }\n",
    "for row in scores { wait 1s }\n",
    'if audience == experts { say "More." }\n',
    "show note(motto)\n",
    'concept keys { words = ["key"] color = theme.warm }\n',
    "// pvc: allow unused\n",
    'scene row "Of {row.model}" for row in scores by row.model {\n  say "The {row.model} has {row.score}."\n}\n',
    " for row in scores by row.model",
    " if audience == experts",
    TRANSLATION,
]
FILES = ["talk.vid", "talk.vid", "talk.vid", "house.vid", "scores.csv"]

# Where, by a share of the file; how much goes; what comes; whether at a line's beginning; whether all is as at first.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(FILES),
        st.floats(0, 1),
        st.sampled_from([0, 0, 0, 1, 2, 9, 60, 400]),
        st.sampled_from(PIECES),
        st.booleans(),
        st.sampled_from([False, False, False, False, True]),
    ),
    min_size=1,
    max_size=12,
)


def _step(files: dict[str, str], step: tuple[str, float, int, str, bool, bool]) -> dict[str, str]:
    path, share, less, more, line, back = step
    if back:
        return dict(BASE)
    text = files.get(path, "")
    low = int(share * len(text))
    if line:
        low = text.rfind("\n", 0, low) + 1
    return {**files, path: text[:low] + more + text[low + less :]}


def _all_equal(checker: Checker, files: dict[str, str], language: str | None) -> None:
    known = checker.check("talk.vid", language=language)
    fresh = check("talk.vid", Changing(files, PROJECT), language=language)
    assert known.diagnostics == fresh.diagnostics
    assert known.files == fresh.files
    assert known.program == fresh.program
    if fresh.ok and fresh.program is not None and language is None:
        when = plan(fresh.program, {}).time.scenes
        planned = checker.ask(PLANNED, "talk.vid")
        assert tuple(each.time for _, each in planned) == when
        spans = [place(each.spec.span, known.starts) for _, each in planned]
        assert spans == [scene.span for scene in fresh.program.scenes]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS, st.sampled_from([None, None, "de"]))
def test_after_any_edits_all_is_as_checked_anew(
    steps: list[tuple[str, float, int, str, bool, bool]], language: str | None
) -> None:
    files = dict(BASE)
    world = Changing(files, PROJECT)
    checker = Checker(world)
    _all_equal(checker, files, language)
    for step in steps:
        files = _step(files, step)
        for path, text in files.items():
            world.put(path, text)
        _all_equal(checker, files, language)


SPACES = [
    "",
    " ",
    "  ",
    "\n",
    "\n\n",
    "// said\n",
    " // said\n",
    "/// Said.\n",
    "\n// a BLEU, a key\n",
    "// pvc: allow unused-cue\n",
]
FINDINGS = """
lexicon {
  "key" -> "kee"
}

// Nothing says this: a bloo.
lexicon { "bloo" -> "blue" }

let spare = 3..1 // backwards

scene wrong "What is wrong" {
  // A cue for nothing.
  say "This {late} is {said} of nothing." {
    show equation(tex`Q`) as eq
    highlight eq.nothing
    at sad: hide eq
  }
  /// Not a declaration.
  let unused = [1, 2 ] // neither
  wait   unit
}
"""


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.booleans(),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 0, 1, 2, 5]), st.sampled_from(SPACES)), max_size=12),
    st.sampled_from([None, None, "de"]),
)
def test_comments_and_white_space_move_what_is_said(
    wrong: bool, steps: list[tuple[float, int, str]], language: str | None
) -> None:
    files = {**BASE, "talk.vid": BASE["talk.vid"] + TRANSLATION + (FINDINGS if wrong else "")}
    world = Changing(files, PROJECT)
    checker = Checker(world)
    _all_equal(checker, files, language)
    for share, less, more in steps:
        text = files["talk.vid"]
        # Only what is blank goes, and mostly nothing that is said is cut in two.
        low = next((at for at in range(int(share * len(text)), len(text)) if text[at].isspace()), len(text))
        gone = text[low : low + less]
        files["talk.vid"] = text[:low] + more + text[low + len(gone) - len(gone.lstrip()) :]
        world.put("talk.vid", files["talk.vid"])
        _all_equal(checker, files, language)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 1, 5, 80]), st.sampled_from(PIECES)), max_size=8))
def test_blocks_are_cut_as_if_for_the_first_time(edits: list[tuple[float, int, str]]) -> None:
    text = BASE["talk.vid"]
    known = cut(text)
    for share, less, more in edits:
        low = int(share * len(text))
        text = text[:low] + more + text[low + less :]
        known = cut(text, known)
        assert known == cut(text)
        assert "".join(text[start:end] for start, end in known.ranges) + text[known.tail :] == text


def test_circles_are_told_alike_whatever_was_checked_before() -> None:
    lets = {"a": "1", "b": "a + 1", "c": "b + 1", "d": "c + 1"}
    scene = 'scene one "One" {\n  say "Hello."\n  wait d * 1s\n}\n'

    def text() -> str:
        return 'talk "T" { }\n' + "".join(f"let {name} = {value}\n" for name, value in lets.items()) + scene

    world = Changing({"talk.vid": text()}, PROJECT)
    checker = Checker(world)
    for name, value in [("a", "d"), ("b", "2"), ("b", "a + 1"), ("a", "1"), ("c", "d"), ("c", "1"), ("d", "d")]:
        lets[name] = value
        world.put("talk.vid", text())
        assert checker.check("talk.vid").diagnostics == check("talk.vid", Changing({"talk.vid": text()})).diagnostics


def test_what_is_kept_is_bounded() -> None:
    world = Changing(BASE, PROJECT)
    checker = Checker(world)
    checker.check("talk.vid")
    for number in range(400):
        text = (
            BASE["talk.vid"].replace("scene intro", f"scene intro{number}").replace("let factor", f"let factor{number}")
        )
        world.put("talk.vid", text)
        checker.check("talk.vid")
    assert checker.db.size < 6000


@pytest.mark.parametrize("length", [30, 400, 3_000])
def test_chains_of_any_length(length: int) -> None:
    lets = [f"let a{number} = a{number + 1}\n" for number in range(length)] + [f"let a{length} = 1s\n"]
    text = 'talk "T" { }\n' + "".join(lets) + 'scene one "One" {\n  say "Hello."\n  wait a0\n}\n'
    world = Changing({"talk.vid": text}, PROJECT)
    checker = Checker(world)
    assert checker.check("talk.vid").diagnostics == ()
    world.put("talk.vid", text.replace(f"a{length} = 1s", f"a{length} = 2s"))
    checker.db.log = []
    assert checker.check("talk.vid").diagnostics == ()
    assert sum(each.query == "value" and each.changed for each in checker.db.log) == length + 1


def test_a_long_chain_of_files() -> None:
    last = 1_500
    files = {f"m{number}.vid": f'use "m{number + 1}.vid"\nlet a = m{number + 1}.a\n' for number in range(last)}
    files[f"m{last}.vid"] = "let a = 1s\n"
    files["talk.vid"] = 'talk "T" { }\nuse "m0.vid"\nscene one "One" {\n  say "Hello."\n  wait m0.a\n}\n'
    assert check("talk.vid", Changing(files, PROJECT)).diagnostics == ()
