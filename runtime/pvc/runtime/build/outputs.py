"""Finished files at their places: written beside them under another name, then renamed. Nothing partial is seen."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from pvc.runtime.errors import PvcError
from pvc.runtime.store.blobs import file_digest, replace_file


def output_error(
    path: Path, error: OSError, hint: str = "choose a place that can be written with -o OUT.mp4"
) -> PvcError:
    """What a person can do about an output that cannot be written; ``hint`` is for all but a full disk."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return PvcError(
            "PVC0903", f"the disk is full: {path} could not be written", "free some space, or choose another disk"
        )
    reason = (error.strerror or str(error)).lower()
    return PvcError("PVC0903", f"{path} cannot be written: {reason}", hint)


def require_writable(path: Path) -> None:
    """Finds out before the work whether ``path`` can be written. Raises PvcError."""
    probe = temporary_beside(path)
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        with probe.open("xb"):
            pass
    except OSError as error:
        raise output_error(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()


def require_apart(outputs: Iterable[Path], sources: Iterable[str]) -> None:
    """Finds out whether an output would take the place of a file that the talk is made of: a picture `talk.png` beside
    `talk.vid` is its author's, and the poster must not be written over it. Raises PvcError."""
    read = {os.path.realpath(path): path for path in sources}
    for path in outputs:
        source = read.get(os.path.realpath(path))
        if source is not None:
            raise PvcError(
                "PVC0903",
                f"{path.name} is a file that the talk is made of, and the build would write over it",
                "give the film another name with -o OUT.mp4, or rename that file",
            )


def temporary_beside(path: Path) -> Path:
    """A name in the same folder that nobody else uses; ends as ``path`` does, because containers go by it."""
    return path.with_name(f".{path.stem}.{os.getpid()}-{os.urandom(4).hex()}.tmp{path.suffix}")


def sweep_beside(path: Path) -> None:
    """Removes what builds that were killed have left beside ``path``."""
    pattern = re.compile(re.escape(f".{path.stem}.") + r"(\d+)-[0-9a-f]{8}\.tmp.*")
    with contextlib.suppress(OSError):
        for entry in os.scandir(path.parent):
            found = pattern.match(entry.name.removeprefix(".") if entry.name.startswith("..") else entry.name)
            if found and not _alive(int(found[1])):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)


def _alive(process: int) -> bool:
    if sys.platform == "win32":  # there, the question would end the process
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def write_output(path: Path, data: bytes) -> None:
    """Writes a small output, unless it is there already with these bytes. Raises PvcError."""
    try:
        with contextlib.suppress(OSError):
            if path.stat().st_size == len(data) and path.read_bytes() == data:
                return
        replace_file(path, data)
    except OSError as error:
        raise output_error(path, error) from error


def holds(path: Path, digest: str, size: int) -> bool:
    """Whether the file at ``path`` has these bytes."""
    try:
        return path.stat().st_size == size and file_digest(path) == digest
    except OSError:
        return False
