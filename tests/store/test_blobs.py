"""Blobs: complete or absent, checked on reading, safe when the disk refuses."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvc.runtime.errors import StoreError
from pvc.runtime.store.blobs import Blobs, DamagedBlob, replace_file


@given(data=st.binary(max_size=3000))
def test_what_is_put_is_read_back(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    blobs = Blobs(tmp_path_factory.mktemp("store"))
    digest = blobs.put(data)
    assert blobs.read(digest) == data
    assert blobs.checked(digest).read_bytes() == data
    assert blobs.holds(digest, len(data))
    assert not blobs.holds(digest, len(data) + 1)
    assert list(blobs.every()) == [(digest, len(data))]


@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "remove"])
def test_a_damaged_blob_is_dropped_and_said(tmp_path: Path, harm: str) -> None:
    blobs = Blobs(tmp_path)
    digest = blobs.put(b"precious bytes")
    path = blobs.path(digest)
    data = path.read_bytes()
    if harm == "flip":
        path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    elif harm == "cut":
        path.write_bytes(data[:-1])
    elif harm == "empty":
        path.write_bytes(b"")
    else:
        path.unlink()
    with pytest.raises(DamagedBlob) as caught:
        blobs.read(digest)
    assert caught.value.digest == digest
    assert not blobs.holds(digest)
    assert blobs.put(b"precious bytes") == digest
    assert blobs.read(digest) == b"precious bytes"


def test_a_full_disk_is_a_diagnostic_and_leaves_nothing(tmp_path: Path) -> None:
    """The limit on a process's file size is the operating system's own way to refuse a write (EFBIG)."""
    script = textwrap.dedent(
        f"""
        import resource, signal
        from pathlib import Path
        from pvc.runtime.errors import StoreError
        from pvc.runtime.store.blobs import Blobs
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            Blobs(Path({str(tmp_path)!r})).put(b"x" * 100_000)
        except StoreError as error:
            print(error.code, error.hint)
        """
    )
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    said = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert said.stdout.startswith("PVC0902 free some space")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 4096


def test_an_unwritable_folder_is_a_diagnostic(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file where the folder should be")
    with pytest.raises(StoreError) as caught:
        Blobs(tmp_path / "store").put(b"x")
    assert caught.value.code in ("PVC0901", "PVC0905")


def test_a_replaced_file_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace_file(path, b"old")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_sweeping_removes_temporary_files_only(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    digest = blobs.put(b"kept")
    blobs.scratch().write_bytes(b"left over")
    assert blobs.sweep() == len(b"left over")
    assert blobs.read(digest) == b"kept"
