"""Importing Skia where the system has no libGL and libEGL, as in slim containers.

Skia's wheel is linked against both for painting on a GPU, which pvc never does: it paints in memory. The dynamic linker
still refuses to load the module where they are missing. So we write the two libraries ourselves: ELF files that define
the symbols which the module leaves undefined, each a function that returns 0. None of them is ever called. Where the
system has the real libraries, they are used.

Layout of the files: System V ABI, "Object Files" and "Program Loading and Dynamic Linking" (ELF-64, DT_HASH).
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import platform
import struct
import sys
import tempfile
from pathlib import Path
from types import ModuleType

_LIBRARIES = ("libEGL.so.1", "libGL.so.1")
_MACHINES = {"x86_64": (62, b"\x31\xc0\xc3"), "aarch64": (183, bytes.fromhex("000080d2c0035fd6"))}
"""e_machine and the code of `return 0`: `xor eax, eax; ret` and `mov x0, #0; ret`."""

_PAGE = 0x10000
"""Segments on 64 KiB boundaries load on every page size that Linux uses."""


def import_skia() -> ModuleType:
    """The `skia` module. Raises ImportError where it is not installed or cannot be loaded even so."""
    try:
        return importlib.import_module("skia")
    except ImportError as error:
        if sys.platform != "linux" or not any(name in str(error) for name in _LIBRARIES):
            raise
    for name in _LIBRARIES:
        if not _loadable(name):
            _load_stub(name)
    return importlib.import_module("skia")


def _loadable(name: str) -> bool:
    try:
        ctypes.CDLL(name, ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True


def _load_stub(name: str) -> None:
    spec = importlib.util.find_spec("skia")
    if spec is None or spec.origin is None or platform.machine() not in _MACHINES:
        raise ImportError(f"Skia needs {name}, which this system lacks")
    symbols = undefined_symbols(Path(spec.origin).read_bytes(), ("gl", "egl"))
    machine, code = _MACHINES[platform.machine()]
    # The file may go as soon as it is mapped, so nothing is left behind and no other process meets a half-written one.
    handle, path = tempfile.mkstemp(suffix=name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(shared_object(name, symbols, machine, code))
        ctypes.CDLL(path, ctypes.RTLD_GLOBAL)
    finally:
        Path(path).unlink()


def undefined_symbols(elf: bytes, prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """The names that an ELF-64 little-endian file wants from elsewhere and that begin with one of the prefixes."""
    (table,) = struct.unpack_from("<Q", elf, 0x28)
    size, count = struct.unpack_from("<HH", elf, 0x3A)
    headers = [struct.unpack_from("<IIQQQQIIQQ", elf, table + size * index) for index in range(count)]
    found = set()
    for _, kind, _, _, offset, length, link, _, _, entry in headers:
        if kind != 11:  # SHT_DYNSYM
            continue
        names = headers[link][4]
        for at in range(offset, offset + length, entry):
            name, _, _, section = struct.unpack_from("<IBBH", elf, at)
            if section == 0 and name:
                end = elf.index(b"\0", names + name)
                found.add(elf[names + name : end].decode("ascii", "replace"))
    return tuple(sorted(name for name in found if name.startswith(prefixes)))


def shared_object(soname: str, symbols: tuple[str, ...], machine: int, code: bytes) -> bytes:
    """A shared library of that name in which every symbol is a function that runs ``code``."""
    strings = bytearray(b"\0")

    def string(text: str) -> int:
        at = len(strings)
        strings.extend(text.encode() + b"\0")
        return at

    soname_at = string(soname)
    names = [string(symbol) for symbol in symbols]
    header = 64 + 56 * 4
    code_at = header
    symtab_at = (code_at + len(code) + 7) // 8 * 8
    hash_at = symtab_at + 24 * (len(symbols) + 1)
    # One bucket: a lookup walks the chain, which is fine for a hundred names that nobody looks up twice.
    chain = [*range(1, len(symbols) + 1), 0] if symbols else [0]
    hashes = struct.pack(f"<III{len(chain)}I", 1, len(chain), 1 if symbols else 0, 0, *chain[1:])
    strtab_at = hash_at + len(hashes)
    text_end = strtab_at + len(strings)
    dynamic_at = (text_end + _PAGE - 1) // _PAGE * _PAGE
    symtab = bytes(24) + b"".join(struct.pack("<IBBHQQ", name, 0x12, 0, 1, code_at, len(code)) for name in names)
    entries = [(14, soname_at), (4, hash_at), (5, strtab_at), (6, symtab_at), (10, len(strings)), (11, 24), (0, 0)]
    dynamic = b"".join(struct.pack("<QQ", tag, value) for tag, value in entries)
    identity = b"\x7fELF" + bytes((2, 1, 1)) + bytes(9)
    head = identity + struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, 64, 0, 0, 64, 56, 4, 64, 0, 0)
    segments = (
        (1, 5, 0, text_end, _PAGE),  # PT_LOAD, read and execute
        (1, 6, dynamic_at, len(dynamic), _PAGE),  # PT_LOAD, read and write: the linker relocates the dynamic section
        (2, 6, dynamic_at, len(dynamic), 8),  # PT_DYNAMIC
        (0x6474E551, 6, 0, 0, 16),  # PT_GNU_STACK: no executable stack
    )
    for kind, flags, at, size, align in segments:
        head += struct.pack("<IIQQQQQQ", kind, flags, at, at, at, size, size, align)
    text = head + code
    text = text.ljust(symtab_at, b"\0") + symtab + hashes + bytes(strings)
    return text.ljust(dynamic_at, b"\0") + dynamic
