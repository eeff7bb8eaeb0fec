"""Positions: every offset has one, every position has an offset, in every encoding."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pvc.lsp.documents import Change, changed, opened
from pvc.lsp.positions import Encoding, LineIndex, Place

TEXTS = st.text(st.sampled_from("ab \n\r\té→𝄞\u2028\x0b"), max_size=40)
ENCODINGS = st.sampled_from(list(Encoding))
CODECS = {Encoding.UTF8: ("utf-8", 1), Encoding.UTF16: ("utf-16-le", 2), Encoding.UTF32: ("utf-32-le", 4)}


@given(TEXTS, ENCODINGS)
def test_an_offset_comes_back(text: str, encoding: Encoding) -> None:
    lines = LineIndex(text, encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] == "\r\n":
            continue  # inside a line end there is no position
        assert lines.offset(*lines.place(offset)) == offset


@given(TEXTS, ENCODINGS)
def test_columns_count_units_of_the_encoding(text: str, encoding: Encoding) -> None:
    lines = LineIndex(text, encoding)
    codec, size = CODECS[encoding]
    for offset in range(len(text) + 1):
        place = lines.place(offset)
        before = text[lines.start(place.line) : offset]
        if text[offset - 1 : offset + 1] == "\r\n":
            before = before[:-1]  # inside a line end: its line's end
        assert place.column == len(before.encode(codec)) // size
        assert place.line == len(text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1 or (
            text[offset - 1 : offset + 1] == "\r\n"
        )


@given(TEXTS, ENCODINGS, st.integers(-3, 50), st.integers(-3, 200))
def test_any_position_is_taken_to_the_text(text: str, encoding: Encoding, line: int, column: int) -> None:
    lines = LineIndex(text, encoding)
    offset = lines.offset(line, column)
    assert 0 <= offset <= len(text)
    if 0 <= line < lines.count:
        assert lines.start(line) <= offset <= lines.start(line) + len(lines.line(line))


def test_a_position_within_a_surrogate_pair_is_the_characters_start() -> None:
    lines = LineIndex("a𝄞b")
    assert [lines.offset(0, column) for column in range(5)] == [0, 1, 1, 2, 3]


def test_half_a_surrogate_pair_is_replaced() -> None:
    document = opened("u", "p", 1, "a\ud800b", Encoding.UTF16)
    assert document.text == "a\ufffdb"
    assert changed(document, 2, [Change(Place(0, 3), Place(0, 3), "\udc00")]).text == "a\ufffdb\ufffd"


@given(st.lists(st.tuples(TEXTS, st.integers(0, 40), st.integers(0, 40)), max_size=6), TEXTS)
def test_the_servers_text_is_the_clients(edits: list[tuple[str, int, int]], text: str) -> None:
    """A client that keeps its text as characters and sends places counted its own way."""
    document = opened("u", str(Path("p")), 1, text, Encoding.UTF16)
    mine = text
    for version, (new, one, other) in enumerate(edits, 2):
        low, high = sorted((min(one, len(mine)), min(other, len(mine))))
        if any(mine[at - 1 : at + 1] == "\r\n" for at in (low, high)):
            continue
        lines = LineIndex(mine)
        document = changed(document, version, [Change(lines.place(low), lines.place(high), new)])
        mine = mine[:low] + new + mine[high:]
        assert document.text == mine
