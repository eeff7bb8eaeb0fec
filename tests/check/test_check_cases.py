"""The golden cases of the checker: specs, and what is said about each line beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import golden
from check_worlds import ProjectWorld, whole

from pvc.compiler.check import check
from pvc.compiler.diagnostics.model import Diagnostic


def say(texts: Mapping[str, str]) -> Sequence[Diagnostic]:
    first = next(iter(texts))
    return check(first, ProjectWorld({**texts, first: whole(texts[first])})).diagnostics


@golden.parametrize(Path(__file__).parent / "cases")
def test_case(case: golden.Case, update_golden: bool) -> None:
    golden.verify(case, say, update_golden)
