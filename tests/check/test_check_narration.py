"""What is left of a narration when cues and markup are taken out."""

from __future__ import annotations

import pytest
from check_worlds import checked, scene
from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler.check.narration import find_phrase, nearest_phrase
from pvc.compiler.model.program import Narration, SpeechMark


def said(text: str) -> Narration:
    """The narration of a talk whose only `say` has this text, as written between the quotes."""
    result = checked(scene(f'  say "{text}"'))
    assert result.program is not None
    assert not [found for found in result.diagnostics if found.code != "PVC0702"], result.diagnostics
    narration = result.program.scenes[0].beats[0].narration
    assert narration is not None
    return narration


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("One  two\\tthree", "One two three"),
        ("One, {a} two", "One, two"),
        ("One,{a} two", "One, two"),
        ("{a}One{b}", "One"),
        ("{a} One {b}", "One"),
        ("“Quotes” – and — dashes’ stay", "“Quotes” – and — dashes’ stay"),
        ("a \\{b\\} 1 < 2 \\<x", "a {b} 1 < 2 <x"),
        ("Say <break 300ms>this", "Say this"),
        ("Say <break 300ms> this", "Say this"),
        ("Non\u00a0breaking stays", "Non\u00a0breaking stays"),
        ('He said \\"no\\".', 'He said "no".'),
    ],
)
def test_plain_text(written: str, plain: str) -> None:
    assert said(written).text == plain


def test_a_cue_marks_the_character_behind_it() -> None:
    narration = said("{a} One {b} two, {c}three {d}")
    text = narration.text
    assert text == "One two, three"
    assert [text[cue.offset :] for cue in narration.cues] == ["One two, three", "two, three", "three", ""]


def test_markup_covers_its_words() -> None:
    narration = said(
        "A <emphasis strong>very {here} big</emphasis> <sub 'blue'>BLEU</sub> <break 1s> score <rate 90%>now</rate>"
    )
    text = narration.text
    assert text == "A very big BLEU score now"
    assert [(mark.kind, text[mark.start : mark.end], mark.value) for mark in narration.marks] == [
        ("emphasis", "very big", "strong"),
        ("sub", "BLEU", "blue"),
        ("break", "", "1s"),
        ("rate", "now", "90%"),
    ]


def test_emphasis_alone_is_moderate() -> None:
    assert said("<emphasis>now</emphasis>").marks == (SpeechMark("emphasis", 0, 3, "moderate"),)


WORDS = st.lists(st.text(alphabet="abcdeäß", min_size=1, max_size=6), min_size=1, max_size=12)


@given(WORDS, st.data())
def test_cues_change_nothing_that_is_said(words: list[str], data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(0, len(words)), max_size=4))
    written: list[str] = []
    for index, word in enumerate([*words, ""]):
        if index in places:
            written.append(f"{{c{index}}}")
        if word:
            written.append(word)
    narration = said(" ".join(written))
    assert narration.text == " ".join(words)
    for cue in narration.cues:
        assert narration.text[cue.offset :] == " ".join(words[int(cue.name[1:]) :])


@given(WORDS, st.data())
def test_every_run_of_words_is_found(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    text, phrase = " ".join(words), " ".join(words[start:end])
    found = find_phrase(text, phrase)
    assert found
    assert all(text[at : at + len(phrase)] == phrase for at in found)


@pytest.mark.parametrize(
    ("text", "phrase", "count"),
    [
        ("The generate rate", "rate", 1),  # as a word only once
        ("The generator", "rat", 0),  # words, not letters of one
        ("The generator", "generat", 0),
        ("自注意力机制", "注意力", 1),  # a script without spaces
        ("ein Schlüssel", "SCHLÜSSEL", 1),
        ("the The", "The", 1),  # as written before any other case
        ("the thE", "THE", 2),
        ("don’t go", "don't", 1),
        ("a — b", "a - b", 1),
        ("abc", "", 0),
    ],
)
def test_phrases(text: str, phrase: str, count: int) -> None:
    assert len(find_phrase(text, phrase)) == count


def test_the_nearest_phrase() -> None:
    text = "Dividing by the square root of the key size."
    assert nearest_phrase(text, "the squared root") == "the square root"
    assert nearest_phrase(text, "keysize") == "key size"
    assert nearest_phrase(text, "something else entirely") is None
