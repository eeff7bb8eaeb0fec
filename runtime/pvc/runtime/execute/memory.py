"""How much memory there is to give to workers."""

from __future__ import annotations

import contextlib
from pathlib import Path


def _group() -> int | None:
    """MB that the control group of this process still allows, None where it sets no limit."""
    for limit, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        with contextlib.suppress(OSError, ValueError):
            most = int(Path(limit).read_text())
            if most < 1 << 60:
                return max(0, most - int(Path(used).read_text())) // (1 << 20)
    return None


def available() -> int:
    """MB of memory that can be had without swapping."""
    import psutil

    free = int(psutil.virtual_memory().available) // (1 << 20)
    group = _group()
    return free if group is None else min(free, group)
