"""From what the operating system or SQLite says to what a person can do about it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pvc.runtime.errors import StoreError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def store_error(error: Exception, root: Path) -> StoreError:
    """The StoreError that says ``error`` (an OSError, a sqlite3.Error), met while using the store at ``root``."""
    words = str(error)
    number = error.errno if isinstance(error, OSError) else None
    if number in _FULL or "disk is full" in words:
        return StoreError(
            "PVC0902",
            f"the disk that holds the cache is full ({root})",
            "free some space, run `pvc cache gc --max-size 1GB`, or point --cache-dir at another disk",
        )
    if number in _DENIED or "readonly" in words or "unable to open" in words:
        return StoreError(
            "PVC0901",
            f"the cache cannot be written ({root}): {words}",
            "make the folder writable, or point --cache-dir (or PVC_CACHE_DIR) at one that is",
        )
    return StoreError(
        "PVC0905",
        f"the cache cannot be used ({root}): {words}",
        "run `pvc cache verify`; if that does not mend it, remove the folder: only time is lost",
    )


@contextmanager
def store_errors(root: Path) -> Iterator[None]:
    """Turns OSError inside the block into StoreError."""
    try:
        yield
    except OSError as error:
        raise store_error(error, root) from error
