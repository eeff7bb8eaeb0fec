"""A file that is missing, and is then written in the editor."""

from __future__ import annotations

from pathlib import Path

from pvc.lsp.overlay import OverlayWorld
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


def test_an_editor_that_is_open_for_days_keeps_the_results_asked_for_last() -> None:
    world = OverlayWorld(most=1_000)
    for number in range(50):
        world.remember(f"k{number}", bytes(100))
        world.remember("often", b"x" * 200)
        assert world.recall("often") == b"x" * 200
    assert world.recall("k49") == bytes(100)
    assert world.recall("k0") is None
    assert sum(world.recall(f"k{number}") is not None for number in range(50)) == 8
    world.remember("large", bytes(5_000))
    assert world.recall("large") == bytes(5_000), "what was made last is there in any case"
