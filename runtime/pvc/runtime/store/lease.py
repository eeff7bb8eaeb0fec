"""Who uses the store: builds hold it together, collection holds it alone.

The lock is the operating system's on an open file, so a process that dies in any way (``kill -9``) has let go of it.
Where the system has no such locks, collection goes by age instead (`collect.py` spares what is younger than an hour).
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import TracebackType

try:
    import fcntl
except ImportError:  # not a POSIX system
    fcntl = None  # type: ignore[assignment]

LOCKS_WORK = fcntl is not None


class Lease:
    """A hold on the store's lock file. A context manager; `release` may be called twice."""

    def __init__(self, root: Path) -> None:
        self._file = os.open(root / "lock", os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)

    def share(self) -> None:
        """Waits until nobody collects, then holds the store together with other builds."""
        if fcntl is not None:
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def alone(self, wait: float = 0.0) -> bool:
        """Holds the store alone if within ``wait`` seconds nobody else holds it."""
        if fcntl is None:
            return True
        until = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() >= until:
                    return False
                time.sleep(0.05)
            else:
                return True

    def release(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Lease:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
