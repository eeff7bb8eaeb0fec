"""What the container says of a talk, beside its title."""

from __future__ import annotations

from pathlib import Path

import pytest

from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
from pvc.runtime.build.finish import tags


@pytest.mark.parametrize(("written", "said"), [('"Ada"', "Ada"), ('["Ada", "Ben"]', "Ada, Ben")])
def test_authors_are_tagged_however_many_they_are(written: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "talk.vid"
    path.write_text(
        f'talk "T" {{\n  authors = {written}\n  description = "About it."\n}}\nscene a {{\n  say "Hello."\n}}\n',
        encoding="utf-8",
    )
    program = check(str(path), DiskWorld()).program
    assert program is not None
    assert dict(tags(program)) == {"artist": said, "description": "About it."}
