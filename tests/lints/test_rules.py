"""Every lint's page: its wrong example is spoken of, its right one is not; and good talks are left alone."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from lint_talks import codes, looked, written

from pvc.compiler.diagnostics.catalogue import page
from pvc.compiler.lints.table import LINTS

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "tests" / "check" / "project"
HERE = [lint for lint in LINTS if lint.code.startswith("PVC07")]
BEYOND = {"PVC0444", "PVC0770", "PVC0771"}
"""What examples of few words deserve."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("lints") / "project"
    shutil.copytree(PROJECT, made)
    return made


def files(example: str) -> dict[str, str]:
    parts = re.split(r"^// file: (\S+)\n", example, flags=re.MULTILINE)
    found = dict(zip(parts[1::2], parts[2::2], strict=True)) if len(parts) > 1 else {"talk.vid": example}
    if not re.search(r"^talk\b", found["talk.vid"], re.MULTILINE):
        found["talk.vid"] += 'talk "T" {\n}\n'
    return found


def said(project: Path, example: str) -> list[str]:
    (project / "pvc.toml").unlink(missing_ok=True)
    written(project, files(example))
    return codes(looked(project))


@pytest.mark.parametrize("lint", HERE, ids=lambda lint: lint.name)
def test_page(project: Path, lint: object) -> None:
    code = lint.code  # type: ignore[attr-defined]
    found = page(code)
    assert found is not None
    assert found.wrong
    assert found.right
    for example in found.wrong:
        assert code in said(project, example)
    for example in found.right:
        assert not [one for one in said(project, example) if one not in BEYOND]


@pytest.mark.parametrize("lint", [lint for lint in LINTS if lint.limits], ids=lambda lint: lint.name)
def test_pages_tell_thresholds(lint: object) -> None:
    found = page(lint.code)  # type: ignore[attr-defined]
    assert found is not None
    for limit in lint.limits:  # type: ignore[attr-defined]
        assert f"`{limit.name}`" in found.text
        assert f"{float(limit.default):g}" in found.text


@pytest.mark.parametrize("talk", sorted((ROOT / "examples").glob("*/talk.vid")), ids=lambda path: path.parent.name)
def test_no_false_alarms_on_the_examples(talk: Path, tmp_path: Path) -> None:
    folder = tmp_path / "example"
    shutil.copytree(talk.parent, folder, ignore=shutil.ignore_patterns("*.mp4"))
    assert not [one for one in codes(looked(folder)) if one != "PVC0771"]


def test_a_long_silence_is_said_once_and_not_called_speech(tmp_path: Path) -> None:
    """A late action makes a sentence's beat last: what follows its last word is silence."""
    talk = (
        'talk "T" {}\nscene one "One" {\n  let note = text("A remark.")\n'
        '  say "This is short." {\n    show note\n    at "short" + 90s: hide note\n  }\n}\n'
    )
    written(tmp_path, {"talk.vid": talk})
    found = codes(looked(tmp_path))
    assert "PVC0444" in found
    assert "PVC0735" not in found


def test_pictures_inside_components_and_videos_want_words(project: Path) -> None:
    inner = 'component card(file: image, words: text = "") { show image(file, description: words) }\n'
    wordless = 'scene one "One" { say "Look at this." { show card("paper/weights.png") } }\n'
    worded = 'scene one "One" { say "Look at this." { show card("paper/weights.png", words: "Bars") } }\n'
    assert "PVC0737" in said(project, inner + wordless)
    assert "PVC0737" not in said(project, inner + worded)
    film = 'scene one "One" { let v = video("paper/clip.mov"%s); say "Look." { show v; play v } }\n'
    assert "PVC0737" in said(project, film % "")
    assert "PVC0737" not in said(project, film % ', description: "A disc moves"')


def test_a_rate_in_the_narration_counts(project: Path) -> None:
    words = "This is a sentence with very many short words in it that is said at twice the speed of a person at ease."
    assert "PVC0445" in said(project, f'scene one "One" {{ say "<rate x-fast>{words}</rate>" }}\n')
    assert "PVC0445" not in said(project, f'scene one "One" {{ say "<rate 95%>{words}</rate>" }}\n')


@pytest.mark.parametrize(
    ("narration", "told"),
    [
        ("The value $x$ grows.", True),
        (r"The letter \\alpha grows, and so does \\beta.", True),
        ("It costs $5 or $12.50, at most $5-$10, in US$ or AU$.", False),
        ("It is x^2 times d_k, in C:\\\\Users.", False),
        ("The value <sub 'x'>$x$</sub> grows, and so does $y$ of the lexicon.", False),
    ],
)
def test_notation_that_a_voice_would_read_out(project: Path, narration: str, told: bool) -> None:
    lexicon = 'lexicon { "$y$" -> "why" }\n' if "lexicon" in narration else ""
    talk = lexicon + f'scene one "One" {{\n  show heading("A")\n  say "{narration}"\n}}\n'
    assert said(project, talk).count("PVC0746") == told


def test_what_does_not_fit_is_said_once(project: Path) -> None:
    """What is larger than its place stands outside the frame as well: that is one finding."""
    long = "word " * 60
    found = said(project, f'scene one "One" {{ say "Look." {{ show code(python`x = 1`, title: "{long}") }} }}\n')
    assert "PVC0503" in found
    assert "PVC0570" not in found
