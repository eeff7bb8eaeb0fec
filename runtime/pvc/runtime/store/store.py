"""The store: blobs by digest, records of finished nodes by key, pure results by key, all in one folder.

Invariants: **nothing in it is ever needed** (losing all of it costs time only); a record is found only while its blobs
are there; several builds and a ``kill -9`` leave it sound; collection runs only while nobody else holds it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from pvc.runtime.store.blobs import Blobs
from pvc.runtime.store.failure import store_errors
from pvc.runtime.store.lease import Lease
from pvc.runtime.store.location import FORMAT
from pvc.runtime.store.records import Records
from pvc.runtime.store.result import Result


class Store:
    """An open store in ``root`` (made where absent), shared with other builds until `close`; ``passing``: the folder
    goes with it. Raises StoreError."""

    def __init__(self, root: Path, passing: bool = False) -> None:
        self.root = root / FORMAT
        self._passing = passing
        with store_errors(self.root):
            (self.root / "cas").mkdir(parents=True, exist_ok=True)
            (self.root / "tmp").mkdir(exist_ok=True)
            self._lease = Lease(self.root)
        self.blobs = Blobs(self.root)
        try:
            if self._lease.alone():
                self.blobs.sweep()  # nobody else is here: what lies in tmp/ was left by a killed build
            self._lease.share()
            self.records = Records(self.root)
        except BaseException:
            self._lease.release()
            raise

    @property
    def lease(self) -> Lease:
        return self._lease

    def find(self, key: str) -> Result | None:
        """The record of a finished node, if all its blobs are still there."""
        record = self.records.find(key)
        if record is None:
            return None
        if all(self.blobs.holds(output.digest, output.size) for output in record.outputs):
            return record
        self.records.forget(key)
        return None

    def publish(self, key: str, kind: str, record: Result) -> Result:
        """Makes a node's result known to this and other builds, and gives the one that stands: where two builds made a
        node at the same time, the first one's, so that both go on from the same bytes. Raises StoreError (also where a
        blob is not there)."""
        for output in record.outputs:
            if not self.blobs.holds(output.digest, output.size):
                with store_errors(self.root):
                    raise OSError(f"the result {output.name} of {key[:16]} was not kept")
        while not self.records.publish(key, kind, record):
            standing = self.find(key)  # forgets a record whose blobs are gone
            if standing is not None:
                return standing
        return record

    def keep(self, files: Iterable[bytes]) -> tuple[str, ...]:
        """Keeps bytes that no node made (images of the talk), for workers to find by digest."""
        kept = [(self.blobs.put(data), len(data)) for data in files]
        self.records.note_loose(kept)
        return tuple(digest for digest, _ in kept)

    def drop(self, digest: str) -> None:
        """Forgets a blob and every node that made it."""
        self.blobs.drop(digest)
        self.records.forget_blob(digest)

    def recall(self, key: str) -> bytes | None:
        return self.records.recall(key)

    def remember(self, key: str, value: bytes) -> None:
        self.records.remember(key, value)

    def close(self) -> None:
        """Writes what is pending and lets go. Raises StoreError where the disk is full."""
        try:
            self.records.close()
        finally:
            self._lease.release()
            if self._passing:
                shutil.rmtree(self.root.parent, ignore_errors=True)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
