"""Where the store is, and a temporary one where that place cannot be written."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.runtime.errors import StoreError

if TYPE_CHECKING:
    from pvc.runtime.store.store import Store


FORMAT = "v2"
"""The folder's layout; another layout gets another folder, so that two versions of pvc never misread each other."""


def folder(chosen: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The cache folder: ``chosen`` (--cache-dir), PVC_CACHE_DIR, XDG_CACHE_HOME/pvc, or the system's usual place."""
    if chosen is not None:
        return chosen
    if named := environ.get("PVC_CACHE_DIR"):
        return Path(named)
    if shared := environ.get("XDG_CACHE_HOME"):
        return Path(shared) / "pvc"
    if sys.platform == "win32" and (local := environ.get("LOCALAPPDATA")):
        return Path(local) / "pvc" / "cache"
    home = Path(environ["HOME"]) if environ.get("HOME") else Path(os.path.expanduser("~"))
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "pvc"
    return home / ".cache" / "pvc"


def open_store(root: Path) -> tuple[Store, tuple[Diagnostic, ...]]:
    """The store at ``root``; where that cannot be written, one in a new temporary folder and a warning that says so.
    That folder is gone when the store is closed.
    Raises StoreError where a disk is full or no folder at all can be written."""
    import tempfile

    from pvc.runtime.store.store import Store

    try:
        return Store(root), ()
    except StoreError as error:
        if error.code == "PVC0902":
            raise
        try:
            store = Store(Path(tempfile.mkdtemp(prefix="pvc-cache-")), passing=True)
        except OSError as second:
            raise error from second
        warning = Diagnostic(
            error.code,
            Severity.WARNING,
            error.message,
            None,
            hint=error.hint,
            notes=(f"a temporary cache is used for this build: {store.root.parent}",),
        )
        return store, (warning,)
