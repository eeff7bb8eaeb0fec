"""Narrations into sentences: what ends one, and what only looks as if it did."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler.plan.sentences import sentences


def split(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("No stop at the end", ["No stop at the end"]),
        ("Dr. Smith and Prof. Jones agree. We do not.", ["Dr. Smith and Prof. Jones agree.", "We do not."]),
        ("See Fig. 3 and Eq. (4). Then go on.", ["See Fig. 3 and Eq. (4).", "Then go on."]),
        ("Models, e.g. BERT, i.e. encoders, work.", ["Models, e.g. BERT, i.e. encoders, work."]),
        ("It is 3.14 or .5 of 1,000.25. Good.", ["It is 3.14 or .5 of 1,000.25.", "Good."]),
        ("The answer is no. Then we stop.", ["The answer is no.", "Then we stop."]),
        ("Apples, pears, etc. are fruit. Etc. ends it etc. Next.", None),
        ("By J. R. Tolkien and A. Turing. Both wrote.", ["By J. R. Tolkien and A. Turing.", "Both wrote."]),
        ("Multiply by the matrix Q. Then add.", ["Multiply by the matrix Q.", "Then add."]),
        ("“Why?” she asked. He said “Because.” Then left.", ["“Why?” she asked.", "He said “Because.”", "Then left."]),
        ("Wait… what? Yes… So it goes.", ["Wait… what?", "Yes…", "So it goes."]),
        ("Really?! Yes.", ["Really?!", "Yes."]),
        ("注意力是什么？它是一种查找。很好！", ["注意力是什么？", "它是一种查找。", "很好！"]),
        ("यह एक वाक्य है। यह दूसरा है।", ["यह एक वाक्य है।", "यह दूसरा है।"]),
        ("ما هذا؟ هذا اختبار.", ["ما هذا؟", "هذا اختبار."]),
        ("Что это? Это тест. Да.", ["Что это?", "Это тест.", "Да."]),
        ("One line\nand more. Next\n\nA new paragraph", ["One line\nand more.", "Next", "A new paragraph"]),
        ("...", []),
        ("", []),
        ("Before. — After.", None),
        ("Version 2.0.1 is out. Use it.", ["Version 2.0.1 is out.", "Use it."]),
        ("Vaswani et al. say so. Others do not.", ["Vaswani et al. say so.", "Others do not."]),
    ],
)
def test_sentences(text: str, expected: list[str] | None) -> None:
    found = split(text)
    if expected is not None:
        assert found == expected
    assert all(piece.strip() == piece and piece for piece in found)


def test_german_ordinals_do_not_end_a_sentence() -> None:
    assert split("Am 3. Oktober war es. Gut.", "de") == ["Am 3. Oktober war es.", "Gut."]
    assert split("Das gilt z.B. hier. Gut.", "de") == ["Das gilt z.B. hier.", "Gut."]


@given(st.text(alphabet='aB1 .!?…\n"”。()', max_size=60))
def test_whatever_is_written_is_kept_in_order_and_nothing_said_is_lost(text: str) -> None:
    found = sentences(text)
    at = 0
    for start, end in found:
        assert at <= start < end <= len(text)
        assert not any(character.isalnum() for character in text[at:start])
        at = end
    assert not any(character.isalnum() for character in text[at:])
