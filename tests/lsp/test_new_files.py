"""A file that is missing, and is then written in the editor."""

from __future__ import annotations

from pathlib import Path

from pvc.lsp.session import Session


def test_who_misses_a_file_knows_of_it_when_it_is_opened_and_when_it_is_closed(tmp_path: Path) -> None:
    session = Session()
    text = 'talk "T" { }\nuse "house.vid"\nscene a "A" {\n  say "Hi there." { show text(house.motto) }\n}\n'
    session.open("talk", str(tmp_path / "talk.vid"), 1, text)
    first = session.analysis("talk")
    assert first is not None
    assert first.diagnostics
    session.open("house", str(tmp_path / "house.vid"), 1, 'let motto = "x"\n')
    second = session.analysis("talk")
    assert second is not None
    assert second.diagnostics == ()
    session.close("house")
    third = session.analysis("talk")
    assert third is not None
    assert third.diagnostics == first.diagnostics
