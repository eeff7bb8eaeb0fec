"""The World of files on a disk, where the data lie, and names that were nearly right."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler import data
from pvc.compiler.digest import digest_bytes
from pvc.compiler.disk import DiskWorld
from pvc.compiler.resolve.near import distance, nearest
from pvc.compiler.world import Unreadable, World


def test_bytes_digests_and_blobs(tmp_path: Path) -> None:
    world: World = DiskWorld()
    path = tmp_path / "a.txt"
    path.write_bytes(b"one")
    digest = world.digest(str(path))
    assert digest == digest_bytes(b"one")
    assert world.blob(digest) == world.read(str(path)) == b"one"
    with pytest.raises(KeyError):
        world.blob("0" * 64)


def test_a_file_that_changed_is_never_served_under_its_old_digest(tmp_path: Path) -> None:
    world = DiskWorld()
    path = tmp_path / "a.txt"
    path.write_bytes(b"one")
    old = world.digest(str(path))
    path.write_bytes(b"two")
    os.utime(path, ns=(1, 1))
    assert world.digest(str(path)) == digest_bytes(b"two")
    with pytest.raises(KeyError):
        world.blob(old)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    world = DiskWorld(largest=10)
    (tmp_path / "large").write_bytes(b"x" * 11)
    os.mkfifo(tmp_path / "pipe")
    for name, reason in (("absent", "no such file"), (".", "a folder"), ("large", "too large"), ("pipe", "plain file")):
        with pytest.raises(Unreadable) as caught:
            world.read(str(tmp_path / name))
        assert reason in caught.value.reason
        with pytest.raises(Unreadable):
            world.digest(str(tmp_path / name))


def test_memory_may_be_somebody_elses() -> None:
    kept: dict[str, bytes] = {}
    world = DiskWorld(recall=kept.get, remember=kept.__setitem__)
    world.remember("k", b"v")
    assert kept == {"k": b"v"}
    assert world.recall("k") == b"v"
    assert DiskWorld().recall("k") is None


def test_data_are_found() -> None:
    assert data.path("stdlib", "prelude.vid").is_file()
    assert data.path("grammar", "vid.lark").is_file()
    assert data.path("errors", "PVC0301.md").is_file()
    with pytest.raises(KeyError):
        data.path("elsewhere")


WORDS = st.text(alphabet="abcd", max_size=8)


@given(WORDS, WORDS)
def test_distance_is_symmetric_and_zero_only_for_equals(first: str, second: str) -> None:
    far = distance(first, second, 20)
    assert far == distance(second, first, 20)
    assert (far == 0) == (first == second)
    assert distance(first, second, 2) == min(far, 3)


def test_nearest() -> None:
    assert nearest("titel", ["title", "table"]) == "title"
    assert nearest("Accent", ["accent", "accents"]) == "accent"
    assert nearest("numbre", ["number", "lumber"]) == "number"
    assert nearest("xyz", ["title"]) is None
    assert nearest("x", ["y", "z"]) is None  # of one letter nothing is left
    assert nearest("x", ["y", "X"]) == "X"
    assert nearest("title", []) is None
