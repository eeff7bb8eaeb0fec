"""The local executor, with real worker processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgpack
import psutil
import pytest

from pvc.runtime.errors import Cancelled, EngineError
from pvc.runtime.execute.local import Inside, Local, WorkerBug
from pvc.runtime.execute.task import Task
from pvc.runtime.store.blobs import Blobs

HERE = str(Path(__file__).parent)
sys.path.insert(0, HERE)  # workers get our sys.path


def task(call: str, node: bytes = b"node", **fields: object) -> Task:
    plain = Task(key="k", kind="segment", label="scene one, chunk 2", call=f"work_samples:{call}", node=node)
    return replace(plain, **fields)  # type: ignore[arg-type]


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    executor = Local(tmp_path, jobs=2)
    yield executor
    executor.close(kill=True)


def test_a_task_gives_a_record_and_its_blob_is_in_the_store(local: Local, tmp_path: Path) -> None:
    record = local.submit(task("echo", b"abc", attached=(("d", b"def"),))).result(30)
    assert Blobs(tmp_path).read(record.output().digest) == b"abcdef"
    assert record.fact("pid") != os.getpid()


def test_what_a_library_prints_does_not_disturb(local: Local) -> None:
    assert local.submit(task("chatter")).result(30).output().size == 4


def test_a_refusal_arrives_as_what_it_was(local: Local) -> None:
    with pytest.raises(EngineError, match="no such voice") as caught:
        local.submit(task("refuse")).result(30)
    assert (caught.value.code, caught.value.hint) == ("PVC0810", "install it")
    assert local.submit(task("echo")).result(30).output().size == 4


def test_a_bug_arrives_with_its_traceback(local: Local) -> None:
    with pytest.raises(WorkerBug, match="ZeroDivisionError: a bug"):
        local.submit(task("bug")).result(30)


def test_too_little_memory_is_a_diagnostic_and_no_bug(local: Local) -> None:
    with pytest.raises(EngineError, match="not enough memory for scene one, chunk 2") as caught:
        local.submit(task("hungry")).result(30)
    assert caught.value.code == "PVC0890"
    assert "--jobs 1" in str(caught.value.hint)
    assert local.submit(task("echo")).result(30).output().size == 4


def test_a_worker_that_dies_once_is_replaced(local: Local, tmp_path: Path) -> None:
    record = local.submit(task("die_once", str(tmp_path / "mark").encode())).result(30)
    assert record.output().size > 0


def test_a_worker_that_always_dies_is_a_diagnostic_naming_the_node(local: Local) -> None:
    with pytest.raises(EngineError, match="scene one, chunk 2 died \\(signal 9\\)") as caught:
        local.submit(task("die")).result(30)
    assert caught.value.code == "PVC0890"
    assert "out of cheese" in str(caught.value.hint)
    assert local.submit(task("echo")).result(30).output().size == 4


def test_a_worker_that_hangs_is_ended(local: Local) -> None:
    with pytest.raises(EngineError, match="scene one, chunk 2 did not finish") as caught:
        local.submit(task("hang", timeout=0.5)).result(30)
    assert caught.value.code == "PVC0891"


def test_the_longest_waiting_task_goes_first(tmp_path: Path) -> None:
    order: list[str] = []
    executor = Local(tmp_path, jobs=1, started=lambda one: order.append(one.label))
    first = executor.submit(task("span", msgpack.packb(0.5), label="first"))
    while not first.running():
        time.sleep(0.01)
    rest = [
        executor.submit(task("span", msgpack.packb(0.0), label=name, cost=cost))
        for name, cost in (("short", 0.1), ("long", 9.0), ("middle", 1.0))
    ]
    for future in rest:
        future.result(30)
    executor.close()
    assert order == ["first", "long", "middle", "short"]


def test_a_few_small_tasks_get_one_worker_and_much_work_gets_more(tmp_path: Path) -> None:
    small = Local(tmp_path, jobs=4)
    pids = {
        future.result(30).fact("pid")
        for future in [small.submit(task("span", msgpack.packb(0.01), cost=0.01)) for _ in range(4)]
    }
    small.close()
    assert len(pids) == 1
    large = Local(tmp_path, jobs=3)
    futures = [large.submit(task("span", msgpack.packb(0.6), cost=5.0)) for _ in range(3)]
    pids = {future.result(30).fact("pid") for future in futures}
    large.close()
    assert len(pids) == 3


def test_tasks_that_do_not_fit_into_memory_together_run_one_after_the_other(tmp_path: Path) -> None:
    executor = Local(tmp_path, jobs=2)
    futures = [executor.submit(task("span", msgpack.packb(0.2), cost=5.0, memory=1 << 40)) for _ in range(2)]
    spans = sorted((future.result(30).fact("began"), future.result(30).fact("ended")) for future in futures)
    executor.close()
    assert spans[0][1] <= spans[1][0]  # type: ignore[operator]


def test_stopping_ends_workers_at_once_and_fails_what_is_left(tmp_path: Path) -> None:
    executor = Local(tmp_path, jobs=1)
    running = executor.submit(task("hang"))
    waiting = executor.submit(task("echo"))
    while not running.running():
        time.sleep(0.01)
    before = {child.pid for child in psutil.Process().children()}
    began = time.monotonic()
    executor.close(kill=True)
    assert time.monotonic() - began < 5
    for future in (running, waiting):
        with pytest.raises(Cancelled):
            future.result(1)
    assert not [pid for pid in before if psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie"]
    with pytest.raises(Cancelled):
        executor.submit(task("echo")).result(1)


def test_what_a_worker_started_ends_with_it(tmp_path: Path) -> None:
    """Even a program that was stopped, and so hears nothing of the worker's end."""
    executor = Local(tmp_path, jobs=1)
    child = psutil.Process(executor.submit(task("leave")).result(30).fact("child"))
    assert child.is_running()
    executor.close()
    assert psutil.wait_procs([child], timeout=5)[1] == []


def test_workers_end_when_their_build_is_killed(tmp_path: Path) -> None:
    """Even in the middle of a task, and though they are in a session of their own."""
    script = textwrap.dedent(
        f"""
        import sys, time
        sys.path.insert(0, {HERE!r})
        from pathlib import Path
        from pvc.runtime.execute.local import Local
        from pvc.runtime.execute.task import Task
        executor = Local(Path({str(tmp_path)!r}), 1)
        executor.submit(Task("k", "segment", "l", "work_samples:hang", b""))
        while not executor._processes: time.sleep(0.01)
        print(next(iter(executor._processes)).child.pid, flush=True)
        time.sleep(60)
        """
    )
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    build = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environ, text=True)
    assert build.stdout is not None
    worker = int(build.stdout.readline())
    time.sleep(0.5)
    build.send_signal(signal.SIGKILL)
    build.wait()
    build.stdout.close()
    until = time.monotonic() + 10
    while psutil.pid_exists(worker) and psutil.Process(worker).status() != "zombie":
        assert time.monotonic() < until, "the worker outlived its build"
        time.sleep(0.05)


def test_inside_runs_here_and_fails_the_same_way(tmp_path: Path) -> None:
    inside = Inside(tmp_path)
    assert inside.submit(task("echo")).result().fact("pid") == os.getpid()
    with pytest.raises(EngineError):
        inside.submit(task("refuse")).result()
