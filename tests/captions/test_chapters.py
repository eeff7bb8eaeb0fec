"""Chapters from scenes, and what YouTube wants of them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from plan.talks import scene, talk

from pvc.compiler.chapters import Chapter, chapter_text, chapters, lint
from pvc.compiler.model.program import Program
from pvc.compiler.model.speech import SceneTime, TalkTime
from pvc.compiler.source import Span


def planned(*parts: tuple[str | None, int]) -> tuple[Program, TalkTime]:
    """A talk whose scenes have these titles and lengths in seconds."""
    scenes = tuple(
        replace(scene(f"s{number}", ()), title=title, span=Span("talk.vid", number, number + 1))
        for number, (title, _) in enumerate(parts)
    )
    times = tuple(SceneTime(f"s{number}", seconds * 30, (), (), ()) for number, (_, seconds) in enumerate(parts))
    return talk(*scenes), TalkTime(Fraction(30), times)


def test_titled_scenes_open_chapters() -> None:
    found = chapters(*planned(("Why", 20), (None, 10), ("How", 15), ("What\nnow", 30)))
    assert [(mark.frame, mark.title) for mark in found] == [(0, "Why"), (900, "How"), (1350, "What now")]
    assert chapter_text(found, Fraction(30)) == "00:00 Why\n00:30 How\n00:45 What now\n"


def test_the_first_chapter_begins_at_zero() -> None:
    found = chapters(*planned((None, 20), ("How", 15)))
    assert [(mark.frame, mark.title) for mark in found] == [(0, "Talk"), (600, "How")]


def test_a_chapter_title_wins_over_the_scenes() -> None:
    program, time = planned(("Why", 20), ("How", 15))
    scenes = (program.scenes[0], replace(program.scenes[1], chapter="The method"))
    assert [mark.title for mark in chapters(replace(program, scenes=scenes), time)] == ["Why", "The method"]


def test_no_titles_no_chapters() -> None:
    assert chapters(*planned((None, 20), (None, 15))) == ()


def test_scenes_without_frames_open_none() -> None:
    found = chapters(*planned(("Why", 0), ("How", 15), ("Now", 0)))
    assert [(mark.frame, mark.title) for mark in found] == [(0, "How")]


def test_lints() -> None:
    program, time = planned(("Why", 20), ("How", 15))
    assert [note.code for note in lint(chapters(program, time), time)] == ["PVC0770"]
    program, time = planned(("Why", 20), ("How", 4), ("What", 30))
    notes = lint(chapters(program, time), time)
    assert [note.code for note in notes] == ["PVC0771"]
    assert notes[0].span == program.scenes[1].span
    assert "4.0 s" in notes[0].message
    assert all(note.hint for note in notes)
    program, time = planned(("Why", 20), ("How", 10), ("What", 30))
    assert lint(chapters(program, time), time) == ()
    program, time = planned(("Why", 5), ("How", 5))  # too short for three chapters of ten seconds: nothing to say
    assert lint(chapters(program, time), time) == ()


def test_short_chapters_are_one_note() -> None:
    program, time = planned(("Why", 20), *((f"Step {number}", 3) for number in range(6)), ("What", 30))
    notes = lint(chapters(program, time), time)
    assert [note.code for note in notes] == ["PVC0771"]
    assert notes[0].span == program.scenes[1].span
    assert all(f"“Step {number}”" in notes[0].message for number in range(4))
    assert "and 2 more" in notes[0].message


@given(st.lists(st.integers(1, 5_000_000), min_size=1, max_size=30, unique=True))
def test_times_in_the_text_rise(frames) -> None:
    marks = [Chapter(frame, f"T{frame}", Span("t", 0, 0)) for frame in sorted({0, *frames})]
    lines = chapter_text(marks, Fraction(30000, 1001)).splitlines()
    stamps = [[int(part) for part in line.split(" ")[0].split(":")] for line in lines]
    assert len(lines) == len(marks)
    assert all(len(stamp) == len(stamps[0]) for stamp in stamps)
    assert stamps == sorted(stamps)
    assert len({tuple(stamp) for stamp in stamps}) == len(stamps)
    assert not any(stamps[0])
