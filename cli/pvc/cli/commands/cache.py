"""`pvc cache`."""

from __future__ import annotations

import sys

import click

from pvc.cli.app import surroundings
from pvc.cli.report import emit
from pvc.cli.surroundings import sizes
from pvc.runtime.build.request import DEFAULT_BOUND


@click.group()
def command() -> None:
    """Look after the cache: finished nodes and results of the compiler. Losing it costs time, nothing else."""


def size(count: int) -> str:
    """Bytes for people."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


@command.command()
def stats() -> int:
    """Say how large the cache is, and of what."""
    around = surroundings()
    from pvc.runtime.store import collect
    from pvc.runtime.store.store import Store

    with Store(around.cache()) as store:
        found = collect.stats(store)
    if around.json:
        emit(
            {
                "root": found.root,
                "blobs": found.blobs,
                "bytes": found.size,
                "database": found.database,
                "kinds": {kind: {"entries": count, "bytes": size_} for kind, count, size_ in found.kinds},
            }
        )
        return 0
    print(f"{found.root}\n  {size(found.size)} in {found.blobs} files, and a database of {size(found.database)}")
    for kind, count, bytes_ in found.kinds:
        if count:
            print(f"  {kind:<10} {count:>7}  {size(bytes_):>9}")
    return 0


@command.command(epilog="Example: pvc cache gc --max-size 2GB")
@click.option("--max-size", metavar="SIZE", help="Bytes to keep at most [cache_size of the configuration, or 10GB].")
def gc(max_size: str | None) -> int:
    """Remove what was not used for the longest time."""
    around = surroundings()
    from pvc.runtime.store import collect
    from pvc.runtime.store.store import Store

    chosen = max_size or around.config.cache_size
    bound = sizes(chosen) if chosen else DEFAULT_BOUND
    with Store(around.cache()) as store:
        done = collect.collect(store, bound, wait=2.0)
    if around.json:
        emit({"busy": done.busy, "entries": done.entries, "freed": done.freed, "bytes": done.size})
    elif done.busy:
        print("a build is using the cache: nothing was removed; try again when it is done", file=sys.stderr)
    else:
        print(f"removed {done.entries} entries, freed {size(done.freed)}; {size(done.size)} remain")
    return 1 if done.busy else 0


@command.command()
def verify() -> int:
    """Read every cached file and drop what is damaged; the next build makes it anew."""
    around = surroundings()
    from pvc.runtime.store import collect
    from pvc.runtime.store.store import Store

    with Store(around.cache()) as store:
        found = collect.verify(store)
    sound = not found.damaged and not found.missing and found.database
    if around.json:
        emit(
            {
                "ok": sound,
                "checked": found.checked,
                "damaged": list(found.damaged),
                "missing": found.missing,
                "database": found.database,
            }
        )
        return 0 if sound else 1
    print(f"{found.checked} files checked, {len(found.damaged)} damaged and dropped, {found.missing} were missing")
    if not found.database:
        print("the database was damaged: what could not be believed is gone, and is made anew", file=sys.stderr)
    return 0 if sound else 1
