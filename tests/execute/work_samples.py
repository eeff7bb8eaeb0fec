"""Functions that the executor's tests run in real worker processes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import msgpack

from pvc.runtime.errors import EngineError
from pvc.runtime.execute.task import Workplace
from pvc.runtime.store.result import Output, Result


def echo(node: bytes, place: Workplace) -> Result:
    """Keeps the node's bytes (and what came along) as its result."""
    data = node + b"".join(place.attached[name] for name in sorted(place.attached))
    return Result((Output("main", place.blobs.put(data), len(data)),), (("pid", os.getpid()),))


def refuse(node: bytes, place: Workplace) -> Result:
    raise EngineError("PVC0810", "no such voice", "install it")


def bug(node: bytes, place: Workplace) -> Result:
    raise ZeroDivisionError("a bug")


def hungry(node: bytes, place: Workplace) -> Result:
    """Wants more memory than any machine has."""
    return Result((), (("size", len(bytearray(1 << 60))),))


def chatter(node: bytes, place: Workplace) -> Result:
    """A library that prints must not disturb the answers."""
    print("x" * 100_000)
    os.write(1, b"raw noise\n")
    return echo(node, place)


def die(node: bytes, place: Workplace) -> Result:
    os.write(2, b"out of cheese\n")
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def die_once(node: bytes, place: Workplace) -> Result:
    """Dies the first time; the node is the path that remembers."""
    mark = Path(node.decode())
    if not mark.exists():
        mark.write_text("once")
        os._exit(7)
    return echo(node, place)


def hang(node: bytes, place: Workplace) -> Result:
    time.sleep(600)
    raise AssertionError


def span(node: bytes, place: Workplace) -> Result:
    """Sleeps as long as the node says and tells when it ran."""
    began = time.monotonic()
    time.sleep(msgpack.unpackb(node))
    return Result((), (("began", began), ("ended", time.monotonic()), ("pid", os.getpid())))


def leave(node: bytes, place: Workplace) -> Result:
    """Starts a program and stops it, as a debugger would."""
    child = subprocess.Popen(["sleep", "600"])
    os.kill(child.pid, signal.SIGSTOP)
    return Result((), (("child", child.pid),))
