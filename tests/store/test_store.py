"""The store as a whole: records, the memo, collection, damage, several processes."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pvc.runtime.errors import StoreError
from pvc.runtime.store.collect import collect, stats, verify
from pvc.runtime.store.lease import Lease
from pvc.runtime.store.location import FORMAT, folder, open_store
from pvc.runtime.store.result import Output, Result
from pvc.runtime.store.seal import sealed, unsealed
from pvc.runtime.store.store import Store

KEY = "k" * 64


def kept(store: Store, key: str, data: bytes, kind: str = "segment") -> Result:
    result = Result((Output("main", store.blobs.put(data), len(data)),), (("frames", 3), ("words", ((1, 2), (3, 4)))))
    store.publish(key, kind, result)
    return result


def test_a_published_result_is_found_by_a_later_build(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        result = kept(store, KEY, b"bytes")
        store.remember("memo", b"value")
        assert store.recall("memo") == b"value"
    with Store(tmp_path) as store:
        assert store.find(KEY) == result
        assert store.find("other") is None
        assert store.recall("memo") == b"value"
        assert store.recall("other") is None


def test_a_result_whose_blob_is_gone_is_not_found(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        result = kept(store, KEY, b"bytes")
        store.blobs.path(result.output().digest).unlink()
        assert store.find(KEY) is None
        kept(store, KEY, b"bytes")
        assert store.find(KEY) is not None


def test_a_result_without_its_blob_is_never_published(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        with pytest.raises(StoreError):
            store.publish(KEY, "segment", Result((Output("main", "0" * 64, 5),)))
        assert store.find(KEY) is None


def test_dropping_a_blob_forgets_every_node_that_made_it(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        digest = kept(store, KEY, b"same").output().digest
        kept(store, "l" * 64, b"same")
        store.drop(digest)
        assert store.find(KEY) is None
        assert store.find("l" * 64) is None


def test_a_damaged_database_is_set_aside(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        kept(store, KEY, b"bytes")
        root = store.root
    for suffix in ("-wal", "-shm"):
        (root / f"records.sqlite{suffix}").unlink(missing_ok=True)
    (root / "records.sqlite").write_bytes(b"this is no database" * 100)
    with Store(tmp_path) as store:
        assert store.find(KEY) is None
        kept(store, KEY, b"bytes")
        assert store.find(KEY) is not None
    assert (root / "damaged-records.sqlite").exists()


def test_verify_finds_and_drops_damage(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        bad = kept(store, KEY, b"bytes").output().digest
        gone = kept(store, "l" * 64, b"more").output().digest
        kept(store, "m" * 64, b"good")
        store.blobs.path(bad).write_bytes(b"bitex")
        store.blobs.path(gone).unlink()
        found = verify(store)
        assert (found.checked, found.damaged, found.missing, found.database) == (2, (bad,), 1, True)
        assert store.find(KEY) is None
        assert store.find("m" * 64) is not None
        assert verify(store).damaged == ()


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32), bound=st.integers(0, 6000))
def test_collection_keeps_the_bound_and_never_removes_what_a_record_names(
    tmp_path_factory: pytest.TempPathFactory, seed: int, bound: int
) -> None:
    chance = random.Random(seed)
    with Store(tmp_path_factory.mktemp("store")) as store:
        keys = [f"{number:064}" for number in range(12)]
        for key in keys:
            kept(store, key, chance.randbytes(chance.choice((10, 500, 1000))) if chance.random() < 0.7 else b"shared")
        store.keep([chance.randbytes(300)])
        store.remember("memo", chance.randbytes(400))
        used = {key: chance.randrange(1000) for key in keys}
        with store.records._writing() as connection:
            for key, when in used.items():
                connection.execute("UPDATE actions SET used = ? WHERE key = ?", (when, key))
        done = collect(store, bound)
        assert not done.busy
        alive = [key for key in keys if store.records.find(key) is not None]
        for key in alive:
            result = store.find(key)
            assert result is not None, "a record lost its blob"
            store.blobs.read(result.output().digest)
        assert sum(size for _, _, _, size in store.records.by_age()) <= bound
        gone = [key for key in keys if key not in alive]
        assert not gone or not alive or max(used[key] for key in gone) <= min(used[key] for key in alive)
        assert {digest for digest, _ in store.blobs.every()} == store.records.referenced()


def test_collection_waits_for_builds(tmp_path: Path) -> None:
    with Store(tmp_path) as building, Store(tmp_path) as other:
        kept(building, KEY, b"bytes")
        assert collect(other, 0).busy
        assert building.find(KEY) is not None
    with Store(tmp_path) as other:
        assert not collect(other, 0).busy
        assert other.find(KEY) is None


def test_stats_count_by_kind(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        kept(store, KEY, b"12345")
        kept(store, "l" * 64, b"123", "speak")
        store.remember("memo", b"1234")
        found = stats(store)
        assert (found.blobs, found.size) == (2, 8)
        assert {kind: (count, size) for kind, count, size in found.kinds} == {
            "segment": (1, 5),
            "speak": (1, 3),
            "memo": (1, len(sealed("memo", b"1234"))),
            "files": (0, 0),
        }


WRITER = """
import sys
from pathlib import Path
from pvc.runtime.store.result import Output, Result
from pvc.runtime.store.seal import sealed, unsealed
from pvc.runtime.store.store import Store
number = int(sys.argv[2])
store = Store(Path(sys.argv[1]))
print("open", flush=True)
for count in range(10**9 if number < 0 else 60):
    data = f"{count}".encode() * 50
    store.publish(f"{count:064}", "segment", Result((Output("main", store.blobs.put(data), len(data)),)))
    store.remember(f"memo{count}", data)
    if count == 20:
        print("busy", flush=True)
store.close()
"""


def writer(root: Path, number: int) -> subprocess.Popen[str]:
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(root), str(number)],
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_several_builds_write_the_same_things_at_once(tmp_path: Path) -> None:
    writers = [writer(tmp_path, number) for number in range(3)]
    assert [one.wait(60) for one in writers] == [0, 0, 0]
    for one in writers:
        assert one.stdout is not None
        one.stdout.close()
    with Store(tmp_path) as store:
        for count in range(60):
            found = store.find(f"{count:064}")
            assert found is not None
            assert store.blobs.read(found.output().digest) == f"{count}".encode() * 50
        assert verify(store).damaged == ()


def test_kill_9_leaves_a_sound_store_and_finished_nodes(tmp_path: Path) -> None:
    killed = writer(tmp_path, -1)
    assert killed.stdout is not None
    assert [killed.stdout.readline() for _ in range(2)] == ["open\n", "busy\n"]
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    (tmp_path / FORMAT / "tmp" / "999-left").write_bytes(b"torn")
    with Store(tmp_path) as store:
        assert not list((tmp_path / FORMAT / "tmp").iterdir()), "leftovers are swept when nobody else is here"
        found = verify(store)
        assert (found.damaged, found.missing, found.database) == ((), 0, True)
        assert found.checked >= 20
        assert store.find(f"{20:064}") is not None


def test_an_unwritable_place_gives_a_temporary_store_and_a_warning(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    store, warnings = open_store(blocked)
    with store:
        kept(store, KEY, b"bytes")
        assert store.find(KEY) is not None
        assert not store.root.is_relative_to(tmp_path / "file")
    assert [warning.severity for warning in warnings] == ["warning"]
    assert "temporary cache" in warnings[0].notes[0]
    assert not store.root.parent.exists(), "nobody would ever remove it"


def test_a_full_database_is_a_diagnostic(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        pages = store.records._connection.execute("PRAGMA page_count").fetchone()[0]
        store.records._connection.execute(f"PRAGMA max_page_count = {pages + 1}")
        for count in range(100):
            store.remember(str(count), b"x" * 10000)
        with pytest.raises(StoreError) as caught:
            store.records.flush()
        assert caught.value.code == "PVC0902"
        store.records._connection.execute("PRAGMA max_page_count = 1000000")


def test_a_locked_database_is_waited_for(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        other = sqlite3.connect(store.root / "records.sqlite", isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        import threading

        threading.Timer(0.3, lambda: other.execute("COMMIT")).start()
        kept(store, KEY, b"bytes")
        assert store.find(KEY) is not None
        other.close()


@pytest.mark.parametrize(
    ("chosen", "environ", "expected"),
    [
        ("/c", {"PVC_CACHE_DIR": "/e", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/c"),
        (None, {"PVC_CACHE_DIR": "/e", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/e"),
        (None, {"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/pvc"),
        (None, {"PVC_CACHE_DIR": "", "XDG_CACHE_HOME": "", "HOME": "/h"}, "/h/.cache/pvc"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other usual places")
def test_where_the_cache_is(chosen: str | None, environ: dict[str, str], expected: str) -> None:
    assert folder(None if chosen is None else Path(chosen), environ) == Path(expected)


# ---------------------------------------------------------------------------------------- bytes that are other ones


@given(name=st.text(max_size=8), data=st.binary(max_size=200), place=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_a_seal_notices_one_other_byte_and_another_name(name: str, data: bytes, place: int, flip: int) -> None:
    kept_ = sealed(name, data)
    assert unsealed(name, kept_) == data
    assert unsealed(name + "x", kept_) is None
    other = bytearray(kept_)
    other[place % len(other)] ^= flip
    assert unsealed(name, bytes(other)) is None
    assert unsealed(name, kept_[:-1]) is None


def inside(store_root: Path, *statements: str) -> None:
    """Somebody else's hand in the database."""
    connection = sqlite3.connect(store_root / "records.sqlite")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE memo SET value = x'c1c1'",
        "UPDATE memo SET value = 12",
        "UPDATE memo SET value = NULL, used = NULL",
        "UPDATE actions SET record = NULL, used = NULL",
        "UPDATE memo SET value = x''",
        "UPDATE memo SET value = (SELECT value FROM memo other WHERE other.key <> memo.key)",
        "UPDATE actions SET record = x'c1c1'",
        "UPDATE actions SET record = 'text'",
        "UPDATE actions SET record = (SELECT record FROM actions other WHERE other.key <> actions.key)",
        "DROP TABLE memo",
        "DROP TABLE outputs",
        "DROP TABLE actions",
        "ALTER TABLE actions RENAME COLUMN record TO something",
    ],
)
def test_what_is_not_what_was_kept_is_not_given_out(tmp_path: Path, statement: str) -> None:
    with Store(tmp_path) as store:
        results = {key: kept(store, key, key.encode()) for key in (KEY, "l" * 64)}
        values = {"one": b"first", "two": b"second"}
        for name, value in values.items():
            store.remember(name, value)
        root = store.root
    inside(root, statement)
    with Store(tmp_path) as store:
        assert all(store.find(key) in (None, result) for key, result in results.items())
        assert all(store.recall(name) in (None, value) for name, value in values.items())
        for key in results:
            assert kept(store, key, key.encode()) == store.find(key), "and it can be kept anew"
        store.remember("one", b"first")
        store.records.flush()
        assert store.recall("one") == b"first"
        assert not collect(store, 10**9).busy
        verify(store)
        assert verify(store).database


def test_verify_says_that_a_result_was_not_what_was_kept(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.remember("one", b"first")
        root = store.root
    inside(root, "UPDATE memo SET value = x'00'")
    with Store(tmp_path) as store:
        assert not verify(store).database
        assert verify(store).database
        assert store.recall("one") is None


def test_a_database_that_is_damaged_in_the_middle_is_replaced_under_whoever_uses_it(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        for number in range(300):
            store.remember(f"{number}", os.urandom(500))
        kept(store, KEY, b"bytes")
        store.records.shrink()
        root = store.root
    path = root / "records.sqlite"
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 200] = os.urandom(200)
    path.write_bytes(data)
    with Store(tmp_path) as store:
        assert store.find(KEY) is None
        assert all(store.recall(f"{number}") is None for number in range(300))
        result = kept(store, KEY, b"bytes")
        assert store.find(KEY) == result
    with Store(tmp_path) as store:
        assert store.find(KEY) is not None


def test_a_folder_in_the_place_of_a_blob_gives_way(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        path = store.blobs.path(store.blobs.put(b"bytes"))
        path.unlink()
        (path / "inner").mkdir(parents=True)
        digest = store.blobs.put(b"bytes")
        assert store.blobs.read(digest) == b"bytes"


def test_collection_removes_caches_of_older_layouts_that_nobody_uses(tmp_path: Path) -> None:
    number = int(FORMAT[1:])
    old, used, newer, foreign = (tmp_path / name for name in (f"v{number - 1}", "v0", f"v{number + 1}", "vacation"))
    for path in (old, used, newer, foreign):
        (path / "cas").mkdir(parents=True)
        (path / "cas" / "blob").write_bytes(b"x" * 1000)
    with Store(tmp_path) as store:
        with Lease(used) as lease:
            lease.share()
            assert collect(store, 10**9).freed >= 1000
        assert [path.exists() for path in (old, used, newer, foreign)] == [False, True, True, True]
