"""What is known of finished nodes and of pure results, in one SQLite file in WAL mode.

Losing this file costs time, never correctness: a damaged one is moved aside and started anew, and whoever met the
damage finds a database without what it asked for. Records and results are sealed, because SQLite does not notice other
bytes in a page. A record is only given out while every blob it names is there with its size; whoever reads a blob
checks its digest.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from pvc.compiler.codec import Undecodable, decode
from pvc.compiler.digest import canonical
from pvc.runtime.errors import StoreError
from pvc.runtime.store.failure import store_error
from pvc.runtime.store.result import RESULT_MODULES, Result
from pvc.runtime.store.seal import sealed, unsealed

_SCHEMA = """
CREATE TABLE IF NOT EXISTS actions (key TEXT PRIMARY KEY, kind TEXT, record BLOB, used REAL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outputs (key TEXT, digest TEXT, size INTEGER, PRIMARY KEY (key, digest)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS outputs_by_digest ON outputs (digest);
CREATE TABLE IF NOT EXISTS loose (digest TEXT PRIMARY KEY, size INTEGER, used REAL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memo (key TEXT PRIMARY KEY, value BLOB, used REAL);
"""
_COLUMNS = {
    "actions": "key, kind, record, used",
    "outputs": "key, digest, size",
    "loose": "digest, size, used",
    "memo": "key, value, used",
}
_FRESH = 600.0
"""A use is only written down where the one before is older than this many seconds: most builds write nothing."""

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")


class _SetAside(StoreError):
    """The database was damaged and has been moved away; there is a new one."""


def _renewing(
    method: Callable[Concatenate[Records, _Given], _Found],
) -> Callable[Concatenate[Records, _Given], _Found]:
    """The method, once more where the database turned out to be damaged under it: on the new one."""

    @wraps(method)
    def again(self: Records, /, *args: _Given.args, **names: _Given.kwargs) -> _Found:
        try:
            return method(self, *args, **names)
        except _SetAside:
            return method(self, *args, **names)

    return again


class Records:
    """The database at ``root``; safe to use from several threads and processes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._path = root / "records.sqlite"
        self._lock = threading.RLock()
        self._touched: dict[str, set[str]] = {"actions": set(), "memo": set(), "loose": set()}
        self._fresh: dict[str, bytes] = {}
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, not writable, disk full: nothing is damaged
                raise store_error(error, self.root) from error
            self._set_aside()
        try:
            return self._connect()
        except sqlite3.Error as error:
            raise store_error(error, self.root) from error

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=60.0, check_same_thread=False, isolation_level=None)
        connection.text_factory = lambda kept: kept.decode(errors="replace")  # damage must not raise where nobody looks
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA mmap_size = 268435456")
            if not _has_tables(connection):
                connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
                if not _has_tables(connection):
                    raise sqlite3.DatabaseError("its tables are not those of a cache")
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_aside(self) -> None:
        """Moves a damaged database out of the way (the last damaged one is kept for whoever wants to look)."""
        for suffix in ("", "-wal", "-shm"):
            path = self._path.with_name(self._path.name + suffix)
            with contextlib.suppress(OSError):
                os.replace(path, path.with_name(f"damaged-{path.name}"))

    @contextlib.contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError | sqlite3.IntegrityError | sqlite3.ProgrammingError):
                    raise store_error(error, self.root) from error
                self._renew()
                words = store_error(error, self.root)
                raise _SetAside(words.code, words.message, words.hint) from error

    def _renew(self) -> None:
        """Goes on with a new database instead of a damaged one."""
        with self._lock:
            self._connection.close()
            self._set_aside()
            self._connection = self._open()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._using() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    # ------------------------------------------------------------------------------------------ actions

    @_renewing
    def find(self, key: str) -> Result | None:
        """The record of a finished node; its blobs may be gone (`Store.find` looks)."""
        with self._using() as connection:
            row = connection.execute("SELECT record FROM actions WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        record = _record(unsealed(key, row[0]))
        if record is None:
            self.forget(key)
            return None
        self._touched["actions"].add(key)
        return record

    @_renewing
    def publish(self, key: str, kind: str, record: Result) -> bool:
        """Keeps a node's record; its blobs must be in place. False where another build published one before."""
        now = time.time()
        with self._writing() as connection:
            added = connection.execute(
                "INSERT OR IGNORE INTO actions VALUES (?, ?, ?, ?)", (key, kind, sealed(key, canonical(record)), now)
            )
            if added.rowcount == 0:
                return False
            connection.execute("DELETE FROM outputs WHERE key = ?", (key,))
            connection.executemany(
                "INSERT OR REPLACE INTO outputs VALUES (?, ?, ?)",
                [(key, output.digest, output.size) for output in record.outputs],
            )
        return True

    @_renewing
    def forget(self, key: str) -> None:
        with self._writing() as connection:
            connection.execute("DELETE FROM actions WHERE key = ?", (key,))
            connection.execute("DELETE FROM outputs WHERE key = ?", (key,))

    @_renewing
    def forget_blob(self, digest: str) -> None:
        """Forgets every node that made this blob: it is gone or damaged."""
        with self._writing() as connection:
            keys = connection.execute("SELECT key FROM outputs WHERE digest = ?", (digest,)).fetchall()
            connection.executemany("DELETE FROM actions WHERE key = ?", keys)
            connection.executemany("DELETE FROM outputs WHERE key = ?", keys)
            connection.execute("DELETE FROM loose WHERE digest = ?", (digest,))

    @_renewing
    def note_loose(self, blobs: Iterable[tuple[str, int]]) -> None:
        """Notes blobs that no node made (a talk's images), so that collection knows when they were last used."""
        now = time.time()
        with self._writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO loose VALUES (?, ?, ?)", [(digest, size, now) for digest, size in blobs]
            )

    # ------------------------------------------------------------------------------------------ memo

    @_renewing
    def recall(self, key: str) -> bytes | None:
        with self._lock:
            if (value := self._fresh.get(key)) is not None:
                return value
        with self._using() as connection:
            row = connection.execute("SELECT value FROM memo WHERE key = ?", (key,)).fetchone()
        value = None if row is None else unsealed(key, row[0])
        if value is not None:
            self._touched["memo"].add(key)
        return value

    def remember(self, key: str, value: bytes) -> None:
        """Keeps a pure result; written with others, at the latest by `flush`."""
        with self._lock:
            self._fresh[key] = value
            full = len(self._fresh) >= 256
        if full:
            self.flush()

    @_renewing
    def flush(self) -> None:
        """Writes what is still in memory: remembered results, and when things were last used."""
        with self._lock:
            fresh, self._fresh = self._fresh, {}
            touched, self._touched = self._touched, {name: set() for name in self._touched}
        now = time.time()
        stale: dict[str, list[str]] = {}
        with self._using() as connection:
            for table, keys in touched.items():
                column = "digest" if table == "loose" else "key"
                query = f"SELECT used FROM {table} WHERE {column} = ?"
                for key in keys:
                    row = connection.execute(query, (key,)).fetchone()
                    if row is not None and (row[0] or 0) < now - _FRESH:
                        stale.setdefault(table, []).append(key)
        if not fresh and not stale:
            return
        with self._writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO memo (key, value, used) VALUES (?, ?, ?)",
                [(key, sealed(key, value), now) for key, value in fresh.items()],
            )
            for table, keys_ in stale.items():
                column = "digest" if table == "loose" else "key"
                connection.executemany(f"UPDATE {table} SET used = ? WHERE {column} = ?", [(now, key) for key in keys_])

    # ------------------------------------------------------------------------------------------ for collection

    @_renewing
    def by_age(self) -> list[tuple[float, str, str, int]]:
        """(used, table, key, bytes) of everything, least recently used first; bytes of an action are its outputs'."""
        with self._using() as connection:
            rows = connection.execute(
                "SELECT coalesce(used, 0), 'actions', key,"
                " (SELECT coalesce(sum(size), 0) FROM outputs o WHERE o.key = a.key)"
                " + coalesce(length(record), 0) FROM actions a"
                " UNION ALL SELECT coalesce(used, 0), 'loose', digest, coalesce(size, 0) FROM loose"
                " UNION ALL SELECT coalesce(used, 0), 'memo', key, coalesce(length(value), 0) FROM memo"
                " ORDER BY 1, 2, 3"
            )
            return list(rows)

    @_renewing
    def referenced(self) -> set[str]:
        """The digests of all blobs that something refers to."""
        with self._using() as connection:
            rows = connection.execute("SELECT digest FROM outputs UNION SELECT digest FROM loose")
            return {row[0] for row in rows}

    @_renewing
    def remove(self, entries: Iterable[tuple[str, str]]) -> None:
        """Removes (table, key) entries."""
        with self._writing() as connection:
            for table, key in entries:
                if table == "actions":
                    connection.execute("DELETE FROM outputs WHERE key = ?", (key,))
                column = "digest" if table == "loose" else "key"
                connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (key,))

    @_renewing
    def counts(self) -> dict[str, tuple[int, int]]:
        """By kind of node, and `memo` and `files`: how many entries, and their bytes."""
        with self._using() as connection:
            rows = connection.execute(
                "SELECT kind, count(DISTINCT a.key), coalesce(sum(size), 0) FROM actions a"
                " LEFT JOIN outputs o ON o.key = a.key GROUP BY kind"
                " UNION ALL SELECT 'memo', count(*), coalesce(sum(length(value)), 0) FROM memo"
                " UNION ALL SELECT 'files', count(*), coalesce(sum(size), 0) FROM loose"
            )
            return {kind: (count, size) for kind, count, size in rows}

    @_renewing
    def shrink(self) -> None:
        """Gives the space of removed rows back to the disk."""
        with self._using() as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def mended(self) -> bool:
        """Whether there was damage: in the database, which is new then, or in what is sealed in it, which is gone."""
        try:
            with self._using() as connection:
                if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                    self._renew()
                    return True
                torn = [
                    (table, key)
                    for table, column in (("actions", "record"), ("memo", "value"))
                    for key, kept in connection.execute(f"SELECT key, {column} FROM {table}")
                    if unsealed(key, kept) is None
                ]
        except _SetAside:
            return True
        if torn:
            self.remove(torn)
        return bool(torn)

    def close(self) -> None:
        self.flush()
        with self._lock:
            self._connection.close()


def _has_tables(connection: sqlite3.Connection) -> bool:
    """Whether every table is there with its columns."""
    try:
        for table, columns in _COLUMNS.items():
            connection.execute(f"SELECT {columns} FROM {table} LIMIT 0")
    except sqlite3.OperationalError as error:
        if not str(error).startswith("no such"):
            raise
        return False
    return True


def _record(data: bytes | None) -> Result | None:
    if data is None:
        return None
    try:
        record = decode(data, modules=RESULT_MODULES)
    except Undecodable:
        return None
    return record if isinstance(record, Result) else None
