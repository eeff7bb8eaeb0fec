"""What runs again after an edit, case by case."""

from __future__ import annotations

from pathlib import Path

import pytest
from query.steps import Case, happens, read_cases, write

CASES = read_cases(Path(__file__).parent / "cases")


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_runs_again(case: Case, update_golden: bool) -> None:
    now = happens(case)
    if now != case.ran and update_golden:
        write(case, now)
    elif now != case.ran:
        pytest.fail(f"{case.name}\nexpected:\n{case.ran}\nhappened:\n{now}", pytrace=False)
