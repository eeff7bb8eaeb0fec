"""The page of every code that the checker uses: its wrong example gives the code, its right one gives nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from check_worlds import ProjectWorld, whole

from pvc.compiler.check import check
from pvc.compiler.diagnostics.catalogue import codes, page
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.lints.table import LINTS, Phase

ROOT = Path(__file__).parents[2] / "compiler" / "pvc" / "compiler"
SOURCES = [file for folder in ("check", "resolve", "papers", "migrate") for file in (ROOT / folder).glob("*.py")]
USED = sorted({code for file in SOURCES for code in re.findall(r'"(PVC\d{4})"', file.read_text(encoding="utf-8"))})
WITHOUT_EXAMPLE = {"PVC0004", "PVC0321", "PVC0324", "PVC0609", "PVC0614"}
"""Their examples would be files or specs of some size; other tests make them."""


def files(example: str) -> dict[str, str]:
    """An example's files: parts behind `// file: NAME` lines, or the talk alone."""
    parts = re.split(r"^// file: (\S+)\n", example, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True)) if len(parts) > 1 else {"talk.vid": example}


def said(code: str, example: str) -> tuple[Diagnostic, ...]:
    found = files(example)
    if code != "PVC0201":
        found["talk.vid"] = whole(found["talk.vid"])
    return check("talk.vid", ProjectWorld(found)).diagnostics


def test_every_code_is_found() -> None:
    assert len(USED) > 70


@pytest.mark.parametrize("code", USED)
def test_page(code: str) -> None:
    found = page(code)
    assert found is not None, f"{code} has no page"
    assert found.wrong or code in WITHOUT_EXAMPLE
    for example in found.wrong:
        assert code in {one.code for one in said(code, example)}, [
            (one.code, one.message) for one in said(code, example)
        ]
    for example in found.right:
        rest = said(code, example)
        assert not rest, [(one.code, one.message) for one in rest]


@pytest.mark.parametrize("code", USED)
def test_fixes_mend_what_they_are_for(code: str) -> None:
    """Applying the fix of the page's wrong example takes the finding away."""
    found = page(code)
    assert found is not None
    for example in found.wrong:
        texts = files(example)
        if code != "PVC0201":
            texts["talk.vid"] = whole(texts["talk.vid"])
        for one in check("talk.vid", ProjectWorld(texts)).diagnostics:
            if one.code != code or not one.fixes:
                continue
            mended = dict(texts)
            for edit in sorted(one.fixes[0].edits, key=lambda edit: -edit.span.start):
                text = mended[edit.span.path]
                mended[edit.span.path] = text[: edit.span.start] + edit.text + text[edit.span.end :]
            again = check("talk.vid", ProjectWorld(mended)).diagnostics
            assert not [two for two in again if (two.code, two.message) == (one.code, one.message)], one.fixes[0]


def test_pages_exist_only_for_codes() -> None:
    reviewed = {lint.code for lint in LINTS if lint.phase is not Phase.CHECK}  # tests/lints has those
    mine = [code for code in codes() if re.match(r"PVC0(2|3|40|41|6|70)", code) and code not in reviewed]
    assert not set(mine) - set(USED)
