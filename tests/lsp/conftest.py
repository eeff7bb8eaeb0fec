from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lsp.client import ROOT, Client


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client in a folder with the example talk's paper and data."""
    shutil.copytree(ROOT / "examples" / "attention", tmp_path / "talk")
    made = Client(tmp_path / "talk")
    yield made
    made.kill()
    assert made.broken is None
    assert b"Traceback" not in b"".join(made.log), b"".join(made.log).decode()
