"""The pages behind the codes of the plan and the stage: the wrong talk raises its code, the right one does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pvc.compiler.check import check
from pvc.compiler.diagnostics.model import Severity
from pvc.compiler.disk import DiskWorld
from pvc.compiler.plan import plan
from pvc.compiler.stage import stage
from pvc.compiler.stage.expected import look, results, shortfalls

PAGES = sorted(
    page
    for page in (Path(__file__).parents[2] / "docs" / "errors").glob("PVC0*.md")
    if re.match(r"PVC0(44|57)", page.stem)
)
TALK = 'talk "Talk" {\n  theme = midnight\n}\n\n'


def found(text: str, folder: Path) -> list[str]:
    path = folder / "talk.vid"
    path.write_text(TALK + text)
    world = DiskWorld()
    checked = check(str(path), world)
    assert checked.program is not None, [finding.message for finding in checked.diagnostics]
    planned = plan(checked.program, {})
    codes = [finding.code for finding in (*checked.diagnostics, *planned.diagnostics)]
    looked = []
    for index, time in enumerate(planned.time.scenes):
        staged = stage(checked.program, index, time, world)
        codes.extend(finding.code for finding in staged.diagnostics)
        looked.append(look(checked.program, index, time, staged))
    return [*codes, *(each.code for each in shortfalls(results(checked.program, planned.time, looked)))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page(page: Path, tmp_path: Path) -> None:
    text = page.read_text()
    assert text.startswith(f"# {page.stem}: ")
    blocks = re.findall(r"```vid\n(.*?)```", text, re.S)
    if blocks:
        wrong, right = blocks
        assert page.stem in found(wrong, tmp_path)
        assert page.stem not in found(right, tmp_path)


@pytest.mark.parametrize(("part", "code"), [("c", "PVC0512"), (r"\frac{a", "PVC0511")])
def test_a_part_that_a_formula_lacks_is_told_where_it_is_named(part: str, code: str, tmp_path: Path) -> None:
    text = TALK + 'scene a "A" {\n  let e = equation(tex`a + b`)\n  show e\n'
    text += f'  say "Hello." {{\n    highlight e[tex`a`]\n    highlight e[tex`{part}`]\n  }}\n}}\n'
    path = tmp_path / "talk.vid"
    path.write_text(text)
    world = DiskWorld()
    program = check(str(path), world).program
    assert program is not None
    found = stage(program, 0, plan(program, {}).time.scenes[0], world).diagnostics
    (finding,) = [each for each in found if each.severity is Severity.ERROR]
    assert finding.code == code
    assert finding.span is not None
    assert text[finding.span.start : finding.span.end] == f"e[tex`{part}`]"


def test_every_code_has_its_page() -> None:
    sources = Path(__file__).parents[2] / "compiler" / "pvc" / "compiler"
    raised = {
        code
        for part in ("plan", "stage")
        for source in (sources / part).glob("*.py")
        for code in re.findall(r'"(PVC\d{4})"', source.read_text())
    }
    assert raised == {page.stem for page in PAGES}
