"""Waiting for saves: which of the files that a build looked at are not what they were."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from pvc.runtime.build.world import Seen, look, unchanged

GATHER = 400
"""Milliseconds within which saves count as one, as long as they keep coming; editors and tools write in bursts."""
QUIET = 60
"""Milliseconds without another save that end a burst."""


def changed(seen: Iterable[Seen]) -> tuple[str, ...]:
    """The paths that are not what they were when they were looked at: other bytes, gone, or there at last."""
    return tuple(each.path for each in seen if unchanged(each) is None)


def folders(paths: Iterable[str]) -> tuple[Path, ...]:
    """Where to look for changes of some files: their folders, or the nearest ones that are there."""
    found: dict[Path, None] = {}
    for path in paths:
        folder = Path(path).parent
        while not folder.is_dir() and folder != folder.parent:
            folder = folder.parent
        found[folder] = None
    return tuple(found)


class Saves:
    """Watches files from a thread of its own, and calls ``told`` there with those that changed."""

    def __init__(self, told: Callable[[tuple[str, ...]], None]) -> None:
        self._told = told
        self._seen: tuple[Seen, ...] = ()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._folders: tuple[Path, ...] = ()

    def follow(self, seen: Iterable[Seen]) -> None:
        """Watches these files from now on; what has changed since they were looked at is told at once."""
        self._seen = tuple(seen)
        wanted = folders(each.path for each in self._seen)
        if wanted != self._folders or self._thread is None or not self._thread.is_alive():
            self.close()
            self._folders = wanted
            self._stop = threading.Event()
            self._thread = threading.Thread(target=self._run, args=(self._stop, wanted), daemon=True)
            self._thread.start()
        self._look()

    def renew(self, paths: Iterable[str]) -> None:
        """Takes some of the files for what they are now: whoever was told of them is about to look himself."""
        now = {path: look(path)[0] for path in paths}
        self._seen = tuple(now.get(each.path, each) for each in self._seen)

    def _look(self) -> None:
        found = changed(self._seen)
        if any(os.path.exists(path) and not os.path.getsize(path) for path in found):
            time.sleep(QUIET / 1000)  # whoever saves in place empties the file first
            found = changed(self._seen)
        if found:
            self._told(found)

    def _run(self, stop: threading.Event, wanted: tuple[Path, ...]) -> None:
        from watchfiles import watch

        here = watch(
            *wanted,
            watch_filter=None,
            debounce=GATHER,
            step=QUIET,
            stop_event=stop,
            rust_timeout=500,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=False,
            ignore_permission_denied=True,
        )
        for _ in here:
            if stop.is_set():
                return
            self._look()  # what the system tells is only a reason to look: network disks tell little

    def close(self) -> None:
        """Ends the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)
        self._thread = None
