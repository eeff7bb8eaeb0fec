"""Bytes that are no spec end in one finding that says what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pace import in_time

from pvc.compiler.syntax.parser import parse
from pvc.compiler.syntax.reading import LARGEST, decode, read
from pvc.compiler.world import Unreadable, World


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b'talk "caf\xe9" {}', "PVC0002", "Line 1 is not UTF-8"),
        (b"scene a {\n}\n\x80", "PVC0002", "Line 3"),
        (b"scene a {}\n\xed\xa0\x80", "PVC0002", "Line 2"),
        ("talk".encode("utf-16"), "PVC0003", "UTF-16"),
        (b"%PDF-1.7 ...", "PVC0003", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PVC0003", "PNG"),
        (b"talk \0 x", "PVC0003", "NUL"),
        (b"\0\xff" * 100, "PVC0003", "binary"),
        (b" " * (LARGEST + 1), "PVC0005", "bytes"),
    ],
)
def test_what_is_no_text(data: bytes, code: str, words: str) -> None:
    text, found = decode(data, "talk.vid")
    assert text is None
    assert [one.code for one in found] == [code]
    assert words in found[0].message
    assert found[0].hint


def test_a_hundred_megabytes_are_refused_at_once() -> None:
    data = b"x" * 100_000_000
    text, found = in_time(0.5, lambda: decode(data, "talk.vid"))
    assert text is None
    assert found[0].code == "PVC0005"


@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_tree_or_a_finding(data: bytes) -> None:
    text, found = decode(data, "talk.vid")
    assert (text is None) == bool(found)
    if text is not None:
        parse(text, "talk.vid")


def test_a_byte_order_mark_and_crlf_are_no_findings() -> None:
    text, found = decode('\ufefftalk "T" {\r\n}\r\n'.encode(), "talk.vid")
    assert not found
    assert text is not None
    assert not parse(text, "talk.vid").diagnostics


class NoFiles:
    """A World without files."""

    def read(self, path: str) -> bytes:
        raise Unreadable(path, "there is no such file")

    def digest(self, path: str) -> str:
        raise Unreadable(path, "there is no such file")

    def blob(self, digest: str) -> bytes:
        raise KeyError(digest)

    def recall(self, key: str) -> bytes | None:
        return None

    def remember(self, key: str, value: bytes) -> None:
        return None


def test_a_missing_file_is_a_finding() -> None:
    world: World = NoFiles()
    text, found = read(world, "absent.vid")
    assert text is None
    assert found[0].code == "PVC0001"
    assert "there is no such file" in found[0].message
