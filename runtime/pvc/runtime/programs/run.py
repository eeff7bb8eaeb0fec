"""Running one program in its sandbox, from outside: starts the process, watches it, believes nothing that it says.

What comes through the pipe is counted and measured; a frame of another size, a number out of turn or more than was
agreed ends the process. So do silence, too much print, and a full scratch folder."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import selectors
import shutil
import signal
import struct
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pvc.runtime.errors import EngineError
from pvc.runtime.programs import layers

_BOOT = "import sys; sys.path[:0] = sys.argv[2:]; from pvc.runtime.programs.child import main; main(int(sys.argv[1]))"
_ENGINES = {"canvas": ("skia", "numpy"), "manim": ("manim", "numpy", "skia")}
"""The modules whose folders a program of an engine may read."""
_SYSTEM = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"),
    *("/usr/share/fonts", "/usr/local/share/fonts", "/etc/fonts", "/usr/share/fontconfig", "/usr/share/zoneinfo"),
)
"""Libraries and fonts of the system."""
_CONTROL = 1 << 16
"""Bytes of a message that is no frame."""
_KEPT_PRINT = 2000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use. ``start``: seconds until its first frame; ``frame``: until each of the others; ``whole``:
    all that this process waits for it. ``printed``: bytes on its standard output; ``scratch``: bytes that it writes."""

    start: float = 60.0
    frame: float = 20.0
    whole: float = 900.0
    processor: int = 900
    memory: int = 2 << 30
    printed: int = 8 << 20
    scratch: int = 64 << 20
    files: int = 2000


@dataclass(frozen=True, slots=True)
class Job:
    """One run: frames ``first`` to ``count`` of a program. ``size`` in pixels; ``width``, ``height`` in px of the
    reference frame; ``fonts`` by role and ``files`` by the path that the talk wrote, as paths on this machine."""

    name: str
    source: str
    engine: str
    entry: str
    size: tuple[int, int]
    width: float
    height: float
    length: float
    fps: tuple[int, int]
    count: int
    first: int = 0
    arguments: Mapping[str, object] = field(default_factory=dict)
    colors: Mapping[str, tuple[int, int, int, int]] = field(default_factory=dict)
    fonts: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Told:
    """What a run said of itself: its walls and its engine."""

    layers: tuple[str, ...] = ()
    about: tuple[tuple[str, str], ...] = ()
    frames: int = 0
    plays: float | None = None
    """Seconds that a scene of Manim's plays."""


def require(weak: bool = False) -> tuple[str, ...]:
    """What a sandbox lacks here, in words; raises EngineError (PVC0841) where that must not be. ``weak``: a person said
    that a sandbox without Landlock will do."""
    lacking = layers.missing()
    hard = [what for what in lacking if not (weak and what.startswith("Landlock"))]
    if hard:
        others = "programs run only on Linux with both; state a `fallback` picture for other machines"
        hint = (
            "`--weak-sandbox` runs it without, able to read your files"
            if all("Landlock" in x for x in hard)
            else others
        )
        raise EngineError("PVC0841", f"no sandbox for programs here: it needs {' and '.join(hard)}", hint)
    return lacking


def _modules() -> list[str]:
    """Folders of modules: the standard library, installed packages, and pvc itself."""
    paths = sysconfig.get_paths()
    found = [path for path in sys.path if path and path.startswith((paths["stdlib"], paths["platstdlib"]))]
    found += [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    for names in _ENGINES.values():
        for name in names:
            spec = importlib.util.find_spec(name)
            if spec is not None and spec.origin is not None:
                place = Path(spec.origin).parent
                found.append(str(place.parent if spec.submodule_search_locations else place))
    return list(dict.fromkeys(found))


def _own() -> list[str]:
    """The folders that `pvc` is imported from."""
    import pvc.compiler
    import pvc.runtime

    return list(
        dict.fromkeys(str(Path(path).parent.parent) for path in (*pvc.runtime.__path__, *pvc.compiler.__path__))
    )


def _place_inputs(folder: Path, files: Mapping[str, str]) -> dict[str, str]:
    """Copies of the inputs below a folder, where the program finds them by the paths that the talk wrote."""
    placed = {}
    for written, path in files.items():
        inside = os.path.normpath(written)
        if os.path.isabs(inside) or inside.startswith(".."):
            inside = os.path.basename(inside)
        target = folder / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        placed[written] = str(target)
    return placed


def run(job: Job, told: Told, limits: Limits = Limits(), weak: bool = False) -> Generator[bytes]:
    """The frames of a job, in order: RGBA with premultiplied alpha as the program painted them, unchecked but for their
    size. ``told`` is filled in on the way. Raises EngineError: PVC0841 no sandbox, PVC0842 the program failed, PVC0843
    it went beyond a limit, PVC0844 what it gave is no picture."""
    require(weak)
    with tempfile.TemporaryDirectory(prefix="pvc-program-") as folder:
        scratch, inputs = Path(folder, "scratch"), Path(folder, "inputs")
        scratch.mkdir()
        inputs.mkdir()
        own, modules = _own(), _modules()
        request = {
            "name": job.name,
            "source": job.source,
            "engine": job.engine,
            "entry": job.entry,
            "size": job.size,
            "width": job.width,
            "height": job.height,
            "length": job.length,
            "fps": job.fps,
            "count": job.count,
            "first": job.first,
            "arguments": dict(job.arguments),
            "colors": {name: list(color) for name, color in job.colors.items()},
            "fonts": dict(job.fonts),
            "files": _place_inputs(inputs, job.files),
            "inputs": str(inputs),
            "scratch": str(scratch),
            "modules": [*own, *modules],
            "reads": [*_SYSTEM, *modules, *_own_packages(), *_fonts_of_packages(), str(inputs), *job.fonts.values()],
            "bounds": asdict(layers.Bounds(limits.processor, limits.memory, limits.scratch)),
            "needs": [layers.CALLS] if weak else [layers.CALLS, layers.FILES],
            "parent": os.getpid(),
        }
        with _started(own, scratch) as (process, out, printed):
            yield from _Watching(job, process, out, printed, scratch, limits, told).frames(request)


def _own_packages() -> list[str]:
    import pvc.compiler
    import pvc.runtime

    return [*pvc.runtime.__path__, *pvc.compiler.__path__]


def _fonts_of_packages() -> list[str]:
    prefix = sys.base_prefix
    return [] if prefix in ("/", "/usr", "/usr/local") else [os.path.join(prefix, "lib")]


@contextlib.contextmanager
def _started(own: list[str], scratch: Path) -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    """The process and the ends of its two pipes. It is gone when the block ends, however that happens."""
    out, inner = os.pipe()
    printed, printing = os.pipe()
    process = None
    try:
        process = subprocess.Popen(
            [sys.executable, "-s", "-S", "-P", "-B", "-c", _BOOT, str(inner), *own],
            stdin=subprocess.PIPE,
            stdout=printing,
            stderr=printing,
            pass_fds=(inner,),
            env={
                **dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR"), str(scratch)),
                **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
                "PATH": "/usr/bin:/bin",
                "LANG": "C.UTF-8",
                "LC_ALL": "C.UTF-8",
                "PYTHONHASHSEED": "0",
                "TZ": "UTC",
            },
            cwd=scratch,
            start_new_session=True,
        )
        os.close(inner)
        os.close(printing)
        inner = printing = -1
        yield process, out, printed
    finally:
        if process is not None:
            with contextlib.suppress(OSError):
                process.kill()
            process.wait()
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()
        for handle in (out, inner, printed, printing):
            if handle >= 0:
                os.close(handle)


class _Watching:
    """One process under way: its bytes, its print, the time it takes."""

    def __init__(
        self,
        job: Job,
        process: subprocess.Popen[bytes],
        out: int,
        printed: int,
        scratch: Path,
        limits: Limits,
        told: Told,
    ) -> None:
        self.job, self.process, self.limits, self.told = job, process, limits, told
        self.out, self.printed, self.scratch = out, printed, scratch
        self.waited = 0.0
        self.prints = 0
        self.tail = b""
        self.looked = time.monotonic()
        self.selector = selectors.DefaultSelector()

    def frames(self, request: dict[str, Any]) -> Iterator[bytes]:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):  # a process that died at once says so below
            self.process.stdin.write(json.dumps(request).encode())
            self.process.stdin.close()
        self.process.stdin = None
        os.set_blocking(self.printed, False)
        with self.selector:
            self.selector.register(self.out, selectors.EVENT_READ)
            self.selector.register(self.printed, selectors.EVENT_READ)
            size = self.job.size[0] * self.job.size[1] * 4
            number = self.job.first
            while True:
                first = number == self.job.first
                kind, data = self._message(size, self.limits.start if first else self.limits.frame, number)
                if kind == b"F":
                    if number >= self.job.count or struct.unpack(">I", data[:4])[0] != number:
                        raise self._strange(f"a frame came that nobody asked for, after {number}")
                    number += 1
                    yield data[4:]
                elif kind == b"H":
                    self._hello(data)
                elif kind == b"E":
                    raise self._failed(data)
                else:
                    plays = _plain(data).get("plays")
                    self.told.plays = plays if isinstance(plays, float) else None
                    break
            if number != self.job.count:
                raise self._strange(f"{number} frames came instead of {self.job.count}")
            self.told.frames = number

    # --------------------------------------------------------------------------------------- messages

    def _message(self, size: int, patience: float, number: int) -> tuple[bytes, bytes]:
        deadline = self.waited + patience
        head = self._read(5, deadline, number)
        kind, count = head[:1], struct.unpack(">I", head[1:])[0]
        if kind not in (b"H", b"F", b"E", b"D"):
            raise self._strange("what it sent is no frame")
        if kind == b"F" and count != size + 4:
            raise self._strange(f"a frame has {max(0, count - 4)} bytes instead of {size}")
        if kind != b"F" and count > _CONTROL:
            raise self._strange("a message is too long")
        return kind, self._read(count, deadline, number)

    def _read(self, count: int, deadline: float, number: int) -> bytes:
        parts: list[bytes] = []
        while count:
            self._look()
            began = time.monotonic()
            room = min(deadline, self.limits.whole) - self.waited
            ready = self.selector.select(max(0.0, min(room, 0.5)))
            self.waited += time.monotonic() - began
            handles = {key.fd for key, _ in ready}
            if self.printed in handles:
                self._take_print()
            if self.out in handles:
                part = os.read(self.out, min(count, 1 << 20))
                if not part:
                    raise self._died(number)
                parts.append(part)
                count -= len(part)
            elif self.waited >= min(deadline, self.limits.whole):
                what = f"frame {number}" if number > self.job.first else "its first frame"
                message = f"took more than {self.limits.start if number == self.job.first else self.limits.frame:.0f} s"
                if self.waited >= self.limits.whole:
                    message = f"took more than {self.limits.whole:.0f} s in all, and had come to {what}"
                    raise self._beyond(message)
                raise self._beyond(f"{message} for {what}")
        return b"".join(parts)

    def _take_print(self) -> None:
        with contextlib.suppress(BlockingIOError):
            data = os.read(self.printed, 1 << 16)
            if not data and self.printed in {key.fd for key in self.selector.get_map().values()}:
                self.selector.unregister(self.printed)
            self.prints += len(data)
            self.tail = (self.tail + data)[-_KEPT_PRINT:]
        if self.prints > self.limits.printed:
            raise self._beyond(f"printed more than {self.limits.printed / (1 << 20):.3g} MB")

    def _look(self) -> None:
        """Now and then: how much lies in the scratch folder."""
        now = time.monotonic()
        if now - self.looked < 0.2:
            return
        self.looked = now
        count = total = 0
        for folder, folders, names in os.walk(self.scratch):
            count += len(folders) + len(names)
            for name in names:
                with contextlib.suppress(OSError):
                    total += os.lstat(os.path.join(folder, name)).st_blocks * 512
            if count > self.limits.files or total > self.limits.scratch:
                raise self._beyond(f"wrote more than {self.limits.scratch >> 20} MB or {self.limits.files} files")

    # --------------------------------------------------------------------------------------- what it says

    def _hello(self, data: bytes) -> None:
        said = _plain(data)
        stand, about = said.get("layers"), said.get("about")
        if isinstance(stand, list) and isinstance(about, dict):
            self.told.layers = tuple(str(name) for name in stand)
            self.told.about = tuple((str(name), str(value)) for name, value in sorted(about.items()))

    def _failed(self, data: bytes) -> EngineError:
        self._take_print()
        said = _plain(data)
        message = _clean(str(said.get("message", "")))
        if said.get("walls"):
            return EngineError("PVC0841", message, "`pvc doctor` says what this machine lacks")
        if said.get("engine"):
            return EngineError("PVC0842", f"the engine {self.job.engine} cannot be used: {message}", "run `pvc doctor`")
        if said.get("memory"):
            return self._beyond(f"needs more than {self.limits.memory / (1 << 30):.3g} GB of memory")
        line = said.get("line")
        where = f", line {line}" if isinstance(line, int) else ""
        hint = "mend the program"
        if said.get("denied"):
            hint = "it may read its inputs and draw: no network, no other files, no other programs"
        if self.tail.strip():
            hint += f"; it printed: {_clean(self.tail.decode('utf-8', 'replace'))[-300:]}"
        return EngineError("PVC0842", f"`{self.job.name}`{where}: {message}", hint)

    def _died(self, number: int) -> EngineError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        code = self.process.returncode
        if code is None:
            return self._strange("it closed the way that its frames take")
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return self._beyond(f"used more than {self.limits.processor} s of processor time, or the system ended it")
        if code == -signal.SIGXFSZ:
            return self._beyond(f"wrote a file larger than {self.limits.scratch >> 20} MB")
        how = f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"status {code}"
        return EngineError(
            "PVC0842", f"`{self.job.name}` ended by itself ({how}) before frame {number}", "mend the program"
        )

    def _beyond(self, what: str) -> EngineError:
        return EngineError("PVC0843", f"`{self.job.name}` {what}, and was ended", "let it do less for each frame")

    def _strange(self, what: str) -> EngineError:
        return EngineError(
            "PVC0844", f"`{self.job.name}` gave no proper picture: {what}", "draw on the canvas, and write nothing else"
        )


def _plain(data: bytes) -> dict[str, Any]:
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _clean(text: str) -> str:
    """A program's words for a terminal: one line, nothing that moves a cursor."""
    return "".join(letter if letter.isprintable() else " " for letter in " ".join(text.split()))[:600]
