"""Files by the BLAKE3 digest of their bytes.

Invariant: a file under its final name is complete: it was written under a temporary one, synced and renamed. Readers
check the digest all the same (a disk may rot, a user may edit), drop what is damaged and say so, so that whoever needs
it makes it anew. Workers use this part of the store alone; it needs no database.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from blake3 import blake3

from pvc.runtime.errors import StoreError
from pvc.runtime.store.failure import store_errors

_PIECE = 1 << 20


class DamagedBlob(StoreError):
    """A blob that is absent or whose bytes do not have its digest; it has been dropped."""

    def __init__(self, digest: str, what: str) -> None:
        super().__init__(
            "PVC0904",
            f"a cached file is {what} ({digest[:16]})",
            "it has been dropped: build again, and it is made anew",
        )
        self.digest = digest


def file_digest(path: Path) -> str:
    """BLAKE3 of a file's bytes, as 64 hex digits. Raises OSError."""
    hasher = blake3()
    with path.open("rb", buffering=0) as file:
        while piece := file.read(_PIECE):
            hasher.update(piece)
    return hasher.hexdigest()


def write_synced(path: Path, data: bytes) -> None:
    """Writes and syncs a new file. Raises OSError."""
    with path.open("xb", buffering=0) as file:
        view = memoryview(data)
        while view:
            view = view[file.write(view) :]
        os.fsync(file.fileno())


def replace_file(path: Path, data: bytes) -> None:
    """Puts ``data`` at ``path`` so that others see the old file or the new one, never a part. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")
    try:
        write_synced(temporary, data)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


@dataclass(frozen=True, slots=True)
class Blobs:
    """The folder of blobs of the store at ``root``."""

    root: Path

    @property
    def _scratch(self) -> Path:
        return self.root / "tmp"

    def path(self, digest: str) -> Path:
        """Where the blob lies if it is there."""
        return self.root / "cas" / digest[:2] / digest

    def holds(self, digest: str, size: int | None = None) -> bool:
        """Whether the blob is there (with that many bytes, where ``size`` is given)."""
        try:
            found = self.path(digest).stat().st_size
        except OSError:
            return False
        return size is None or found == size

    def scratch(self) -> Path:
        """A new name for a temporary file of the store (not created)."""
        with store_errors(self.root):
            self._scratch.mkdir(parents=True, exist_ok=True)
        return self._scratch / f"{os.getpid()}-{os.urandom(8).hex()}"

    def put(self, data: bytes) -> str:
        """Keeps bytes and gives their digest. Raises StoreError."""
        digest = blake3(data).hexdigest()
        if self.holds(digest, len(data)):
            return digest
        temporary = self.scratch()
        with store_errors(self.root):
            try:
                write_synced(temporary, data)
                self._publish(temporary, digest)
            except BaseException:
                with contextlib.suppress(OSError):
                    temporary.unlink()
                raise
        return digest

    def _publish(self, temporary: Path, digest: str) -> None:
        target = self.path(digest)
        try:
            os.replace(temporary, target)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(temporary, target)
        except IsADirectoryError:
            shutil.rmtree(target)
            os.replace(temporary, target)

    def read(self, digest: str) -> bytes:
        """A blob's bytes, checked. Raises DamagedBlob."""
        path = self.path(digest)
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise DamagedBlob(digest, "gone") from error
        except OSError as error:
            raise DamagedBlob(digest, f"unreadable: {error}") from error
        if blake3(data).hexdigest() != digest:
            self.drop(digest)
            raise DamagedBlob(digest, "damaged")
        return data

    def checked(self, digest: str) -> Path:
        """The blob's file after its digest was checked. Raises DamagedBlob."""
        path = self.path(digest)
        try:
            found = file_digest(path)
        except FileNotFoundError as error:
            raise DamagedBlob(digest, "gone") from error
        except OSError as error:
            raise DamagedBlob(digest, f"unreadable: {error}") from error
        if found != digest:
            self.drop(digest)
            raise DamagedBlob(digest, "damaged")
        return path

    def drop(self, digest: str) -> int:
        """Removes a blob if it is there; gives the bytes that this freed."""
        path = self.path(digest)
        try:
            size = path.stat().st_size
            path.unlink()
        except OSError:
            return 0
        return size

    def every(self) -> Iterator[tuple[str, int]]:
        """(digest, size) of every blob in the folder; names that are no digests are passed over."""
        folder = self.root / "cas"
        if not folder.is_dir():
            return
        for shelf in sorted(folder.iterdir()):
            for path in sorted(shelf.iterdir()) if shelf.is_dir() else ():
                with contextlib.suppress(OSError):
                    if len(path.name) == 64:
                        yield path.name, path.stat().st_size

    def sweep(self) -> int:
        """Removes every temporary file; only for who holds the store alone. Gives the bytes freed."""
        freed = 0
        if self._scratch.is_dir():
            for path in self._scratch.iterdir():
                with contextlib.suppress(OSError):
                    size = path.stat().st_size
                    path.unlink()
                    freed += size
        return freed
