"""The walls around a program, put up by its own process before it runs a line of it. Linux only, standard library only.

Each layer stops something by itself; docs/decisions has what. `missing` tells what this system lacks, `confine` puts
them up and says which stand. Nothing can be taken down again by the process that is inside."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from pvc.runtime.programs import syscalls

NAMESPACES, FILES, CALLS = "namespaces", "landlock", "seccomp"

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 1, 22, 38, 47
_SIGKILL = 9
_SECCOMP_FILTER = 2
_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""landlock_create_ruleset, landlock_add_rule, landlock_restrict_self: the same numbers on every machine."""
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CLONE_NEW = 0x10000000 | 0x40000000 | 0x08000000 | 0x04000000
"""CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS"""

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
_IN_SCRATCH = _READ_FILE | _READ_DIR | _WRITE_FILE | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8
"""Read and write files, remove folders and files, make folders and plain files; no links, sockets, devices."""
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights over files there are, by version of Landlock."""
_NEWEST = 6


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a program may use. ``seconds`` of one processor, ``memory`` bytes of address space, ``file`` bytes of one
    file that it writes."""

    seconds: int = 600
    memory: int = 2 << 30
    file: int = 64 << 20
    descriptors: int = 256


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _landlock(libc: ctypes.CDLL) -> int:
    """The version of Landlock, 0 where there is none."""
    return max(0, int(libc.syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def missing() -> tuple[str, ...]:
    """What this system lacks of what a sandbox is made of, in words; empty where it has all. Changes nothing."""
    if sys.platform != "linux":
        return (f"Linux (this is {platform.system()})",)
    if not syscalls.machine_known(platform.machine()) or sys.byteorder != "little":
        return (f"a filter of system calls for this processor ({platform.machine()})",)
    libc = _libc()
    lacking = []
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_FILTER, None, 0, 0) == 0 or ctypes.get_errno() != 14:  # EFAULT: it is there
        lacking.append("seccomp filters (CONFIG_SECCOMP_FILTER)")
    if _landlock(libc) < 1:
        lacking.append("Landlock (Linux 5.13 or newer, with `landlock` among the security modules)")
    return tuple(lacking)


def limit(bounds: Bounds) -> None:
    """Resource limits, hard ones: nothing raises them again."""
    import resource  # not on every system; `missing` has said so by now

    for what, most in (
        (resource.RLIMIT_CPU, bounds.seconds),
        (resource.RLIMIT_AS, bounds.memory),
        (resource.RLIMIT_FSIZE, bounds.file),
        (resource.RLIMIT_NOFILE, bounds.descriptors),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        _, hard = resource.getrlimit(what)
        lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (lower, lower))


def _restrict_files(libc: ctypes.CDLL, reads: Iterable[str], scratch: str) -> bool:
    version = min(_landlock(libc), _NEWEST)
    if version < 1:
        return False
    rights = (1 << _RIGHTS.get(version, 16)) - 1
    attributes = struct.pack("=Q", rights)
    if version >= 4:
        attributes += struct.pack("=Q", 0b11)  # no TCP port is bound or connected
    if version >= 6:
        attributes += struct.pack("=Q", 0b11)  # no abstract sockets, no signals to the outside
    handle = libc.syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    if handle < 0:
        return False
    try:
        for path in reads:
            _allow(libc, handle, path, _READ_FILE | _READ_DIR)
        _allow(libc, handle, "/dev/null", _READ_FILE | _WRITE_FILE)
        _allow(libc, handle, "/dev/urandom", _READ_FILE)
        _allow(libc, handle, scratch, (_IN_SCRATCH | (_TRUNCATE if version >= 3 else 0)))
        return bool(libc.syscall(_RESTRICT, ctypes.c_int(handle), ctypes.c_uint32(0)) == 0)
    finally:
        os.close(handle)


def _allow(libc: ctypes.CDLL, handle: int, path: str, rights: int) -> None:
    """Rights to a file, or to all below a folder. What does not exist needs none."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            rights &= _READ_FILE | _WRITE_FILE
        rule = struct.pack("=Qi", rights, place)
        if libc.syscall(_ADD, ctypes.c_int(handle), ctypes.c_int(1), rule, ctypes.c_uint32(0)) != 0:
            raise OSError(ctypes.get_errno(), "landlock_add_rule", path)
    finally:
        os.close(place)


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    """Whatever a new namespace (or root) gave: nothing of it is kept."""
    libc.prctl(_PR_CAP_AMBIENT, 4, 0, 0, 0)
    header = struct.pack("=Ii", 0x20080522, 0)
    libc.syscall(_CAPSET[platform.machine()], header, struct.pack("=6I", *([0] * 6)))


def confine(bounds: Bounds, reads: Iterable[str], scratch: str, parent: int) -> tuple[str, ...]:
    """Shuts this process in: it reads what is below ``reads``, writes below ``scratch``, and dies with its ``parent``.
    Gives the layers that stand. Raises OSError where limits cannot be set."""
    libc = _libc()
    stand = []
    if libc.unshare(_CLONE_NEW) == 0:
        stand.append(NAMESPACES)
    limit(bounds)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "PR_SET_NO_NEW_PRIVS")
    _drop_capabilities(libc)
    # Not before: a change of credentials takes it back.
    if libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "PR_SET_PDEATHSIG")
    if os.getppid() != parent:
        os._exit(1)  # it died before it could be watched
    if _restrict_files(libc, reads, scratch):
        stand.append(FILES)
    if syscalls.machine_known(platform.machine()):
        code = syscalls.program(platform.machine(), os.getpid())
        block = ctypes.create_string_buffer(code, len(code))
        whole = struct.pack("=HxxxxxxQ", len(code) // 8, ctypes.addressof(block))
        if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_FILTER, whole, 0, 0) == 0:
            stand.append(CALLS)
    return tuple(stand)
