"""The front end stays quick: bounds far above what it takes, so that only a change of order fails them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from check_worlds import codes
from pace import in_time

from pvc.compiler.check import check
from pvc.compiler.check.run import Checked
from pvc.compiler.disk import DiskWorld
from pvc.compiler.syntax.parser import parse_block

ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "matplotlib", "skia", "av", "uharfbuzz", "quickjs", "pygraphviz", "pypdfium2", "yaml", "lark")


def test_importing_the_checker_brings_nothing_heavy() -> None:
    code = f"import sys, pvc.compiler.check; print([name for name in {HEAVY!r} if name in sys.modules])"
    paths = f"{ROOT / 'compiler'}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": paths}, check=True
    )
    assert done.stdout.strip() == "[]"


def test_ten_thousand_lines(tmp_path: Path) -> None:
    """0.35 s on one core of an ordinary machine; the generator's own talk is clean."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        import long_talk
    finally:
        sys.path.pop(0)
    path = long_talk.write(tmp_path / "talk", 600)
    assert path.read_text().count("\n") > 10_000

    def cold() -> Checked:
        parse_block.cache_clear()
        return check(str(path), DiskWorld())

    result = in_time(2, cold)
    assert not codes(result)
    assert result.program is not None
    assert len(result.program.scenes) == 600
