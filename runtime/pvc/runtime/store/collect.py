"""Looking after a store: how large it is, making it smaller, finding damage."""

from __future__ import annotations

import contextlib
import shutil
import time
from dataclasses import dataclass

from pvc.runtime.store.blobs import DamagedBlob
from pvc.runtime.store.lease import LOCKS_WORK, Lease
from pvc.runtime.store.location import FORMAT
from pvc.runtime.store.store import Store

_GRACE = 3600.0


@dataclass(frozen=True, slots=True)
class Stats:
    """``kinds``: (kind of node, `memo` or `files`; entries; bytes). ``blobs``, ``size``: all files, their bytes."""

    root: str
    blobs: int
    size: int
    database: int
    kinds: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection did; ``busy``: nothing, because a build holds the store."""

    busy: bool
    entries: int = 0
    freed: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Verified:
    """``damaged``: digests of blobs that were damaged and dropped; ``missing``: records whose blobs were gone;
    ``database``: whether the database was sound (where it was not, it is now)."""

    checked: int
    damaged: tuple[str, ...]
    missing: int
    database: bool


def database_size(store: Store) -> int:
    """Bytes of the database and its journal."""
    return sum(path.stat().st_size for path in store.root.glob("records.sqlite*"))


def stats(store: Store) -> Stats:
    store.records.flush()
    blobs = list(store.blobs.every())
    kinds = tuple(sorted((kind, count, size) for kind, (count, size) in store.records.counts().items()))
    return Stats(str(store.root), len(blobs), sum(size for _, size in blobs), database_size(store), kinds)


def collect(store: Store, bound: int, wait: float = 0.0) -> Collected:
    """Removes what was not used for the longest time until at most ``bound`` bytes remain, and every file that nothing
    refers to. A blob that a remaining record names is never removed. Raises StoreError."""
    if not store.lease.alone(wait):
        return Collected(busy=True)
    try:
        store.records.flush()
        freed_old = _remove_older(store)
        before = sum(size for _, size in store.blobs.every()) + database_size(store)
        freed = store.blobs.sweep()
        entries = store.records.by_age()
        young = time.time() - _GRACE
        total = sum(size for _, _, _, size in entries)
        going: list[tuple[str, str]] = []
        for used, table, key, size in entries:
            if total <= bound:
                break
            if not LOCKS_WORK and used > young:
                break
            going.append((table, key))
            total -= size
        store.records.remove(going)
        referenced = store.records.referenced()
        for digest, _ in list(store.blobs.every()):
            if digest not in referenced:
                freed += store.blobs.drop(digest)
        if going:
            store.records.shrink()
        after = sum(size for _, size in store.blobs.every()) + database_size(store)
        return Collected(False, len(going), freed_old + max(freed, before - after), after)
    finally:
        store.lease.share()


def _remove_older(store: Store) -> int:
    """Removes the caches that versions of pvc with another layout have left beside this one, unless one of them is in
    use. Gives the bytes freed."""
    freed = 0
    for folder in store.root.parent.iterdir():
        number = folder.name.removeprefix("v")
        if not number.isdecimal() or int(number) >= int(FORMAT[1:]) or not folder.is_dir():
            continue
        with contextlib.suppress(OSError), Lease(folder) as lease:
            if lease.alone():
                freed += sum(path.lstat().st_size for path in folder.rglob("*"))
                shutil.rmtree(folder)
    return freed


def verify(store: Store) -> Verified:
    """Reads every blob and checks its digest; drops what is damaged, with the records that need it."""
    sound = not store.records.mended()
    damaged: list[str] = []
    checked = 0
    for digest, _ in list(store.blobs.every()):
        checked += 1
        try:
            store.blobs.checked(digest)
        except DamagedBlob:
            store.drop(digest)
            damaged.append(digest)
    missing = 0
    for digest in store.records.referenced():
        if not store.blobs.holds(digest):
            store.drop(digest)
            missing += 1
    return Verified(checked, tuple(damaged), missing, sound)
