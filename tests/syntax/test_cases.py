"""The golden cases of the parser: what is said about broken specs, line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import golden

from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.syntax.parser import parse


def say(texts: Mapping[str, str]) -> Sequence[Diagnostic]:
    return [found for name, text in texts.items() for found in parse(text, name).diagnostics]


@golden.parametrize(Path(__file__).parent / "cases")
def test_case(case: golden.Case, update_golden: bool) -> None:
    golden.verify(case, say, update_golden)
