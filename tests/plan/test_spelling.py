"""What is said for what is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler.model.program import SpeechMark
from pvc.compiler.plan.numerals import cardinal, ordinal, year
from pvc.compiler.plan.spoken import spoken

LEXICON = (("BLEU", "blue"), ("softmax", "soft max"), ("d_k", "d k"))


def said(text: str, language: str = "en", marks: tuple[SpeechMark, ...] = ()) -> str:
    return "".join(piece[2] for piece in spoken(text, language, LEXICON, marks))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Softmax of BLEU, not BLEUs.", "soft max of blue, not BLEUs."),
        ("d_k is 64", "d k is sixty-four"),
        ("12% of 1,024", "twelve percent of one thousand twenty-four"),
        ("28.4 points", "twenty-eight point four points"),
        ("in 2017", "in twenty seventeen"),
        ("2017 steps", "two thousand seventeen steps"),
        ("(1905)", "(nineteen oh five)"),
        ("$5 million and €1", "five million dollars and one euro"),
        ("3.5 ms, 1 s, 30 fps", "three point five milliseconds, one second, thirty frames per second"),
        ("O(n^2) and O(n log n)", "O of n squared and O of n log n"),
        ("x^2 + y_1 = QK^T", "x squared plus y sub one equals Q K transpose"),
        ("α ≤ 0.5", "alpha is at most zero point five"),
        ("1e-4 and 2.5e3", "ten to the minus four and two point five times ten to the three"),
        ("3×3 at 1920x1080", "three by three at nineteen twenty by ten eighty"),
        ("2x and 8× faster", "two times and eight times faster"),
        ("21st of 3–5 km", "twenty-first of three to five kilometers"),
        ("−3 °C", "minus three degrees Celsius"),
        ("e.g. GPUs vs. LSTM", "for example G P U's versus L S T M"),
        ("NASA and BERT", "NASA and BERT"),
        ("GPT-3", "G P T-three"),
        ("at 3:45, version 2.0.1", "at three forty-five, version two point zero point one"),
        ("½ and 3½", "one half and three and one half"),
        ("Nothing to spell, really: it's all words.", "Nothing to spell, really: it's all words."),
    ],
)
def test_english(text: str, expected: str) -> None:
    assert " ".join(said(text).split()) == expected


def test_other_languages_keep_numbers_and_name_symbols() -> None:
    assert " ".join(said("12 % z. B. hier", "de").split()) == "12 Prozent zum Beispiel hier"
    assert said("12 apples", "pl") == "12 apples"


def test_marks_win_over_the_lexicon() -> None:
    assert said("BLEU", marks=(SpeechMark("sub", 0, 4, "azure"),)) == "azure"
    assert said("BLEU", marks=(SpeechMark("say-as", 0, 4, "characters"),)) == "B L E U"
    assert said("1905", marks=(SpeechMark("say-as", 0, 4, "digits"),)) == "one nine zero five"
    assert said("21", marks=(SpeechMark("say-as", 0, 2, "ordinal"),)) == "twenty-first"
    assert said("x", marks=(SpeechMark("say-as", 0, 1, "nonsense"),)) == "x"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0", "zero"),
        ("13", "thirteen"),
        ("101", "one hundred and one"),
        ("1000000", "one million"),
        ("1002003", "one million two thousand three"),
        ("007", "zero zero seven"),
        ("9" * 30, " ".join(["nine"] * 30)),
    ],
)
def test_cardinals(number: str, words: str) -> None:
    assert cardinal(number) == words


def test_ordinals_and_years() -> None:
    assert [ordinal(n) for n in ("1", "12", "20", "33", "100")] == [
        *("first", "twelfth", "twentieth", "thirty-third", "one hundredth")
    ]
    assert [year(n) for n in ("1900", "2005", "1999", "1066")] == [
        *("nineteen hundred", "two thousand five", "nineteen ninety-nine", "ten sixty-six")
    ]


TOKENS = st.sampled_from([*"abcABC019.,:;/^_(){}%$€×x²½α…-–−#@&=<> ", "BLEU", "e.g.", "O(", "10", "GPUs", " ms"])


@given(st.lists(TOKENS, max_size=25).map("".join), st.sampled_from(["en", "de", "fr", "xx"]))
def test_pieces_tile_the_text(text: str, language: str) -> None:
    at = 0
    for start, end, _ in spoken(text, language, LEXICON, ()):
        assert start == at
        assert end > start
        at = end
    assert at == len(text)
