"""Whatever bytes come, nothing that reads them raises, hangs or grows; `fuzzing.py` and `large.py` beside this file can
be run for longer."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from fuzzing import LONGEST, NoFiles, fuzz, survive
from hypothesis import given, settings
from hypothesis import strategies as st
from pace import slowness

from pvc.compiler.check import check
from pvc.compiler.diagnostics.model import Severity

HERE = Path(__file__).parent

MEMORY = 500_000_000
QUICK = (
    "100000 deep (",
    "100000 deep {",
    "deep together",
    "deep YAML [",
    "deep YAML dashes",
    "a billion laughs",
    "junk",
)


@pytest.mark.parametrize("seed", range(3))
def test_damaged_specs(seed: int) -> None:
    found = list(fuzz(random.Random(seed), lambda count: count < 150))
    assert not found, [(one.name, one.what, one.data) for one in found]


@pytest.mark.slow
def test_damaged_specs_for_long() -> None:
    found = list(fuzz(random.Random(99), lambda count: count < 20_000))
    assert not found, [(one.name, one.what, one.data) for one in found]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["talk.vid", "talk.vid.yaml", "pvc.toml"]))
def test_any_bytes(data: bytes, name: str) -> None:
    assert survive(name, data) is None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["talk.vid", "talk.vid.yaml", "pvc.toml"]))
def test_any_text(text: str, name: str) -> None:
    assert survive(name, text.encode("utf-8", errors="replace")) is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("talk.vid", b'scene plot "P" {\n  u { a }\n  v\n}\n'),
        ("talk.vid", b"scene f {\n  not not show eq\n}\n"),
        ("talk.vid", b'scene one {\ns not    show heading("Terms")\n}\n'),
        ("talk.vid", b"scene f {\n  1e9999999991e99\n}\n"),
        ("talk.vid", b"let 1a2 = 3\n"),
    ],
)
def test_what_fuzzing_has_found(name: str, data: bytes) -> None:
    assert survive(name, data) is None


def large(*only: str) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, str(HERE / "large.py"), *only], capture_output=True, text=True, timeout=1500, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def hold(found: list[dict[str, object]], allowed: float) -> None:
    *runs, memory = found
    assert not [one for one in runs if one["wrong"]]
    assert not [one for one in runs if float(str(one["seconds"])) > allowed], runs
    assert int(str(memory["peak"])) < MEMORY, memory


def test_deep_and_exploding_inputs_end_in_findings() -> None:
    found = large(*QUICK)
    assert len(found) == 3 * len(QUICK) + 1
    assert not [one for one in found[:-1] if not one["codes"]]
    hold(found, LONGEST * slowness())


@pytest.mark.slow
def test_inputs_of_a_megabyte() -> None:
    hold(large(), LONGEST * max(slowness(), slowness()))


MISTAKES = (
    '  show tilte("A")\n',
    "  highlight nothing_there\n",
    "  wait 3mss\n",
    "  wait\n",
    '  note "open\n',
    "  wait 1s )\n",
    '  show title("A", subtitel: "B")\n',
    '  show equation("x")\n',
    '  show title("A") in middle\n',
    '  say "Hello {there} you." {\n    at thre: show title("A")\n  }\n',
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(range(len(MISTAKES))), min_size=1, max_size=12))
def test_mistakes_in_scenes_of_their_own_are_all_told_in_one_run(chosen: list[int]) -> None:
    """No mistake hides another: what is told of a talk is what is told of each of its scenes."""

    def told(numbers: list[int]) -> Counter[str]:
        scenes = (f"scene s{at} {{\n{MISTAKES[number]}}}\n" for at, number in enumerate(numbers))
        text = 'talk "T" { }\n' + "".join(scenes) + 'scene last {\n  say "Hello."\n}\n'
        found = check("talk.vid", NoFiles({"talk.vid": text.encode()}))
        return Counter(each.code for each in found.diagnostics if each.severity is Severity.ERROR)

    expected: Counter[str] = Counter()
    for number in chosen:
        alone = told([number])
        assert alone, MISTAKES[number]
        expected += alone
    assert told(chosen) == expected
