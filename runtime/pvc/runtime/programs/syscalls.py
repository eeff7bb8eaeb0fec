"""What a program may ask of the kernel: the numbers of the system calls, by machine, and the filter made of them.

Whatever is not listed fails with "not permitted": sockets, new processes, other processes' memory, mounts, devices,
modes and owners of files. Numbers: Linux, `arch/x86/entry/syscalls/syscall_64.tbl` and
`include/uapi/asm-generic/unistd.h`."""

from __future__ import annotations

import struct
from dataclasses import dataclass

ALLOWED: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63),
    "write": (1, 64),
    "open": (2, None),
    "close": (3, 57),
    "stat": (4, None),
    "fstat": (5, 80),
    "lstat": (6, None),
    "poll": (7, None),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "readv": (19, 65),
    "writev": (20, 66),
    "access": (21, None),
    "pipe": (22, None),
    "select": (23, None),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "msync": (26, 227),
    "madvise": (28, 233),
    "dup": (32, 23),
    "dup2": (33, None),
    "pause": (34, None),
    "nanosleep": (35, 101),
    "getitimer": (36, 102),
    "alarm": (37, None),
    "setitimer": (38, 103),
    "getpid": (39, 172),
    "exit": (60, 93),
    "uname": (63, 160),
    "flock": (73, 32),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "chdir": (80, 49),
    "fchdir": (81, 50),
    "rename": (82, None),
    "mkdir": (83, None),
    "rmdir": (84, None),
    "unlink": (87, None),
    "readlink": (89, None),
    "umask": (95, 166),
    "gettimeofday": (96, 169),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "times": (100, 153),
    "getuid": (102, 174),
    "getgid": (104, 176),
    "geteuid": (107, 175),
    "getegid": (108, 177),
    "getppid": (110, 173),
    "getpgrp": (111, None),
    "getgroups": (115, 158),
    "getresuid": (118, 148),
    "getresgid": (120, 150),
    "rt_sigpending": (127, 136),
    "rt_sigtimedwait": (128, 137),
    "sigaltstack": (131, 132),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
    "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120),
    "sched_get_priority_max": (146, 125),
    "sched_get_priority_min": (147, 126),
    "arch_prctl": (158, None),
    "gettid": (186, 178),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "set_tid_address": (218, 96),
    "restart_syscall": (219, 128),
    "fadvise64": (221, 223),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "epoll_wait": (232, None),
    "epoll_ctl": (233, 21),
    "openat": (257, 56),
    "mkdirat": (258, 34),
    "newfstatat": (262, 79),
    "unlinkat": (263, 35),
    "renameat": (264, 38),
    "readlinkat": (267, 78),
    "faccessat": (269, 48),
    "pselect6": (270, 72),
    "ppoll": (271, 73),
    "set_robust_list": (273, 99),
    "get_robust_list": (274, 100),
    "epoll_pwait": (281, 22),
    "fallocate": (285, 47),
    "eventfd2": (290, 19),
    "epoll_create1": (291, 20),
    "dup3": (292, 24),
    "pipe2": (293, 59),
    "getcpu": (309, 168),
    "renameat2": (316, 276),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "statx": (332, 291),
    "rseq": (334, 293),
    "close_range": (436, 436),
    "faccessat2": (439, 439),
}
"""(number on x86_64, number on aarch64); None where the machine has no such call."""

_IOCTL, _FCNTL, _CLONE, _KILL, _PRCTL, _TGKILL, _PRLIMIT, _CLONE3 = range(8)
_GUARDED = {"x86_64": (16, 72, 56, 62, 157, 234, 302, 435), "aarch64": (29, 25, 220, 129, 167, 131, 261, 435)}
"""Calls that are allowed with some arguments only: ioctl, fcntl, clone, kill, prctl, tgkill, prlimit64, clone3."""

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
"""On x86_64, calls from here on are those of another interface, with numbers of its own."""

_KILL_PROCESS, _ALLOW = 0x80000000, 0x7FFF0000
_EPERM, _ENOSYS = 0x00050000 | 1, 0x00050000 | 38
_LOAD, _EQUAL, _AT_LEAST, _ANY_OF, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: what Python asks of any file."""
_FCNTL_FORBIDDEN = (8, 10, 15, 1026)
"""F_SETOWN, F_SETSIG, F_SETOWN_EX, F_NOTIFY: ways to send a signal to somebody else."""
_PRCTLS = (15, 16, 0x53564D41)
"""PR_SET_NAME, PR_GET_NAME, PR_SET_VMA: names of threads and of memory."""
_CLONE_THREAD = 0x00010000
_CLONE_NAMESPACES = 0x7E020080
"""Every CLONE_NEW* flag."""


def machine_known(machine: str) -> bool:
    """Whether there are numbers for this kind of processor."""
    return machine in _ARCHITECTURES


@dataclass(slots=True)
class _Filter:
    """Instructions of classic BPF over `struct seccomp_data`: 8 bytes each."""

    code: list[bytes]

    def add(self, operation: int, value: int, yes: int = 0, no: int = 0) -> None:
        self.code.append(struct.pack("=HBBI", operation, yes, no, value))

    def answer(self, number: int, answer: int) -> None:
        """One call by its number."""
        self.add(_EQUAL, number, 0, 1)
        self.add(_RETURN, answer)

    def guarded(self, number: int, argument: int, allowed: tuple[int, ...]) -> None:
        """A call whose argument (its low 32 bits) has to be one of a few."""
        self.add(_EQUAL, number, 0, 2 * len(allowed) + 2)
        self.add(_LOAD, _argument(argument))
        for value in allowed:
            self.answer(value, _ALLOW)
        self.add(_RETURN, _EPERM)


def _argument(index: int) -> int:
    return 16 + 8 * index  # little-endian machines only: the low half comes first


def program(machine: str, pid: int) -> bytes:
    """The filter for a process: instructions for `PR_SET_SECCOMP`. Signals go to the process ``pid`` alone."""
    made = _Filter([])
    made.add(_LOAD, 4)
    made.add(_EQUAL, _ARCHITECTURES[machine], 1, 0)
    made.add(_RETURN, _KILL_PROCESS)
    made.add(_LOAD, 0)
    if machine == "x86_64":
        made.add(_AT_LEAST, _X32, 0, 1)
        made.add(_RETURN, _KILL_PROCESS)
    column = 0 if machine == "x86_64" else 1
    for numbers in ALLOWED.values():
        number = numbers[column]
        if number is not None:
            made.answer(number, _ALLOW)
    guarded = _GUARDED[machine]
    made.answer(guarded[_CLONE3], _ENOSYS)  # its flags lie in memory, where no filter looks; libc then calls clone
    made.guarded(guarded[_IOCTL], 1, _IOCTLS)
    made.guarded(guarded[_KILL], 0, (pid,))
    made.guarded(guarded[_TGKILL], 0, (pid,))
    made.guarded(guarded[_PRCTL], 0, _PRCTLS)
    made.guarded(guarded[_PRLIMIT], 0, (0,))
    made.add(_EQUAL, guarded[_FCNTL], 0, 2 * len(_FCNTL_FORBIDDEN) + 2)
    made.add(_LOAD, _argument(1))
    for value in _FCNTL_FORBIDDEN:
        made.answer(value, _EPERM)
    made.add(_RETURN, _ALLOW)
    made.add(_EQUAL, guarded[_CLONE], 0, 5)
    made.add(_LOAD, _argument(0))
    made.add(_ANY_OF, _CLONE_NAMESPACES, 2, 0)
    made.add(_ANY_OF, _CLONE_THREAD, 0, 1)
    made.add(_RETURN, _ALLOW)
    made.add(_RETURN, _EPERM)
    made.add(_RETURN, _EPERM)
    return b"".join(made.code)
