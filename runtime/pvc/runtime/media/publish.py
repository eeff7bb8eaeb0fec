"""Publish a file whole or not at all: written beside its target under a temporary name, flushed to disk, renamed."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pvc.runtime.errors import MediaError

_HINTS = {
    errno.ENOSPC: "free some space on that disk, or choose another place with -o",
    errno.EDQUOT: "your quota on that disk is used up: free some space, or choose another place with -o",
    errno.EFBIG: "files on that disk cannot be so large: choose another place with -o",
    errno.EACCES: "choose a folder that you may write to with -o",
    errno.EPERM: "choose a folder that you may write to with -o",
    errno.EROFS: "that disk is read-only: choose another place with -o",
    errno.EISDIR: "there is a folder of that name: choose another name with -o",
    errno.ENOENT: "make that folder first, or choose another place with -o",
    errno.ENOTDIR: "a part of that path is a file: choose another place with -o",
    errno.ENAMETOOLONG: "choose a shorter name with -o",
}


@contextmanager
def publishing(target: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """Gives a stream and the temporary path behind it; when the block ends well, the file takes ``target``'s place at
    once. When it does not, the temporary file is gone and ``target`` untouched. Raises MediaError (PVC0903) for what
    the file system refuses."""
    temporary = target.with_name(f".{target.name[:200]}.{secrets.token_hex(6)}.part")
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
        with open(temporary, "wb") as stream:
            yield stream, temporary
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    except OSError as error:
        hint = _HINTS.get(error.errno or 0, "choose another place with -o")
        raise MediaError("PVC0903", f"cannot write {target}: {error.strerror or error}", hint) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
