"""Programs that mean harm, each in a real sandbox: all of them end in a diagnostic, and none gets what it wanted."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import socket
import struct
import sys
from pathlib import Path

import pytest

from pvc.runtime.errors import EngineError
from pvc.runtime.programs import layers, run, syscalls
from pvc.runtime.programs.run import Job, Limits, Told

LACKING = layers.missing()
pytestmark = pytest.mark.skipif(bool(LACKING), reason=f"no sandbox here: {', '.join(LACKING)}")
SHORT = Limits(start=20.0, frame=20.0, whole=40.0, memory=1 << 30)
SIZE = (96, 54)


def job(source: str, count: int = 2, **given: object) -> Job:
    return Job("code/it.py", source, "canvas", "", SIZE, 960.0, 540.0, 1.0, (30, 1), count, **given)  # type: ignore[arg-type]


def frames(source: str, limits: Limits = SHORT, count: int = 2, **given: object) -> list[bytes]:
    return list(run.run(job(source, count, **given), Told(), limits))


def refused(source: str, limits: Limits = SHORT) -> EngineError:
    with pytest.raises(EngineError) as raised:
        frames(source, limits)
    assert raised.value.hint
    return raised.value


def inside(line: str, before: str = "") -> str:
    return f"{before}\ndef draw(canvas, t, given):\n    {line}\n"


def called(call: str) -> str:
    """A program that asks the kernel itself, through libc, and raises what it answers."""
    return inside(
        f"answer = libc.{call}\n    raise OSError(ctypes.get_errno(), 'answered %d' % answer)",
        "import ctypes, os, struct\nlibc = ctypes.CDLL(None, use_errno=True)",
    )


def test_a_program_draws() -> None:
    told = Told()
    made = list(run.run(job(inside("canvas.clear(0xFF336699)")), told, SHORT))
    assert [len(frame) for frame in made] == [SIZE[0] * SIZE[1] * 4] * 2
    assert made[0][:4] == b"\x33\x66\x99\xff"
    assert {layers.FILES, layers.CALLS} <= set(told.layers)
    assert told.frames == 2


def test_what_it_is_given() -> None:
    source = """
def draw(canvas, t, given):
    assert (given.width, given.height, given.length) == (960.0, 540.0, 1.0)
    assert given.arguments == {"n": 3}
    assert given.font("mono", 20).getTypeface() is not None
    assert open("data/a.csv").read() == open(given.file("data/a.csv")).read() == "1,2"
    canvas.clear(given.color("accent" if t else "#ff0000"))
"""
    from pvc.compiler import data

    font = next(Path(sys.prefix).rglob("DejaVuSansMono.ttf"), None)
    assert font is not None
    table = data.path("stdlib", "samples", "data", "bleu.csv")
    given = {"arguments": {"n": 3}, "colors": {"accent": (0, 0, 255, 255)}, "fonts": {"mono": str(font)}}
    source = source.replace('== "1,2"', f"== {table.read_text()!r}")
    made = frames(source, files={"data/a.csv": str(table)}, **given)
    assert (made[0][:4], made[1][:4]) == (b"\xff\0\0\xff", b"\0\0\xff\xff")


def test_an_input_is_not_written_and_does_not_lead_out(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    table = tmp_path / "a.csv"
    table.write_text("1")
    found = frames(
        inside("assert open('a.csv').read() == '1'"), files={"../../a.csv": str(table), "/etc/a.csv": str(table)}
    )
    assert len(found) == 2
    with pytest.raises(EngineError, match="PermissionError"):
        frames(inside("open('a.csv', 'w').write('2')"), files={"a.csv": str(table)})
    assert table.read_text() == "1"


FILES = {
    "passwords": "open('/etc/passwd').read()",
    "home": "import os, glob; open('HOME/secret').read()",
    "folder": "import os; os.listdir('/root')",
    "parent's variables": "import os; open(f'/proc/{os.getppid()}/environ', 'rb').read()",
    "own memory": "open('/proc/self/mem', 'rb')",
    "device": "open('/dev/zero', 'rb')",
    "write outside": "open('HOME/made', 'w').write('x')",
    "remove outside": "import os; os.unlink('HOME/secret')",
    "rename outside": "import os; os.rename('HOME/secret', 'HOME/other')",
    "link": "import os, tempfile; os.symlink('/etc/passwd', tempfile.gettempdir() + '/p')",
    "change times": "import os; os.utime('HOME/secret', (0, 0))",
    "change mode": "import os; os.chmod('HOME/secret', 0o777)",
    "truncate": "import os; os.truncate('HOME/secret', 0)",
}


@pytest.mark.parametrize("what", FILES)
def test_files_are_out_of_reach(what: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("kept")
    os.utime(secret, (1_000_000_000, 1_000_000_000))
    error = refused(inside(FILES[what].replace("HOME", str(tmp_path))))
    assert (error.code, "PermissionError" in error.message) == ("PVC0842", True), error.message
    assert "line 3" in error.message
    assert secret.read_text() == "kept"
    assert secret.stat().st_mtime == 1_000_000_000
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


KERNEL = {
    "TCP": "socket(2, 1, 0)",
    "UDP": "socket(2, 2, 0)",
    "netlink": "socket(16, 3, 0)",
    "unix": "socket(1, 1, 0)",
    "pair": "socketpair(1, 1, 0, (ctypes.c_int * 2)())",
    "fork": "fork()",
    "vfork": "syscall(58 if os.uname().machine == 'x86_64' else 220, 17, 0, 0, 0, 0)",
    "ptrace": "ptrace(16, os.getppid(), 0, 0)",
    "other memory": "process_vm_readv(os.getppid(), 0, 0, 0, 0, 0)",
    "kill the parent": "kill(os.getppid(), 9)",
    "kill all": "kill(-1, 9)",
    "own the pipe's signals": "fcntl(1, 8, os.getppid())",
    "outlive the parent": "prctl(1, 0, 0, 0, 0)",
    "namespace": "unshare(0x10000000)",
    "mount": "mount(b'none', b'/tmp', b'tmpfs', 0, 0)",
    "keys": "syscall(250 if os.uname().machine == 'x86_64' else 219, 0, -3, 0, 0, 0)",
    "rings": "syscall(425, 8, ctypes.create_string_buffer(120))",
    "bpf": "syscall(321 if os.uname().machine == 'x86_64' else 280, 0, 0, 0)",
    "memory file": "memfd_create(b'x', 0)",
    "personality": "personality(0x0400000)",
    "limits of another": "syscall(302 if os.uname().machine == 'x86_64' else 261, os.getppid(), 0, 0, 0)",
}


@pytest.mark.parametrize("what", KERNEL)
def test_the_kernel_refuses(what: str) -> None:
    error = refused(called(KERNEL[what]))
    assert error.code == "PVC0842"
    assert "PermissionError: [Errno 1] answered -1" in error.message


def test_there_is_no_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        error = refused(inside(f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"))
        assert "PermissionError" in error.message
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    "line", ["import subprocess; subprocess.run(['/bin/true'])", "import os; os.execv('/bin/true', ['x'])"]
)
def test_no_other_program_is_started(line: str) -> None:
    assert "PermissionError" in refused(inside(line)).message


def test_the_environment_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "s3cret")
    error = refused(inside("import os; raise ValueError(sorted(os.environ))"))
    assert "SECRET" not in error.message
    assert "PYTHONHASHSEED" in error.message


def test_only_the_agreed_descriptors_are_open(tmp_path: Path) -> None:
    with open(tmp_path / "open", "w") as file:
        os.set_inheritable(file.fileno(), True)
        error = refused(inside("import os; raise ValueError([n for n in range(64) if _is(n)])", _IS))
    assert error.message.count(",") <= 4  # "code/it.py, line": standard files, the pipe, and one of the interpreter's


_IS = """
import os
def _is(n):
    try:
        os.fstat(n)
        return True
    except OSError:
        return False
"""


def test_forks_do_not_multiply() -> None:
    assert "PermissionError" in refused(inside("import os\n    while True: os.fork()")).message


def test_threads_run_out() -> None:
    source = inside(
        "while True: threading.Thread(target=time.sleep, args=(100,), daemon=True).start()", "import threading, time"
    )
    assert refused(source).code in ("PVC0842", "PVC0843")


def test_an_endless_loop_ends() -> None:
    error = refused(inside("while True: pass"), Limits(start=2.0, frame=1.0))
    assert error.code == "PVC0843"
    assert "took more than 2 s for its first frame" in error.message


def test_silence_between_frames_ends() -> None:
    error = refused(inside("while t: pass"), Limits(start=20.0, frame=1.0))
    assert "took more than 1 s for frame 1" in error.message


def test_a_run_that_never_gets_there_ends() -> None:
    with pytest.raises(EngineError, match="in all") as raised:
        frames(inside("import time; time.sleep(0.2)"), Limits(start=5.0, frame=5.0, whole=2.0), count=1000)
    assert raised.value.code == "PVC0843"


def test_processor_time_runs_out() -> None:
    error = refused(inside("while True: pass"), Limits(start=20.0, processor=1))
    assert error.code == "PVC0843"
    assert "1 s of processor time" in error.message


def test_memory_runs_out() -> None:
    error = refused(inside("x = [bytearray(1 << 26) for _ in range(1000)]"))
    assert error.code == "PVC0843"
    assert "1 GB of memory" in error.message


def test_print_runs_over() -> None:
    error = refused(inside("while True: print('x' * 100000)"))
    assert (error.code, "printed more than 8 MB" in error.message) == ("PVC0843", True)


def test_a_little_print_is_told_where_it_fails() -> None:
    error = refused(inside("print('here I am\\x1b[2J'); 1 / 0"))
    assert "ZeroDivisionError" in error.message
    assert error.hint is not None
    assert "here I am" in error.hint
    assert "\x1b" not in error.hint


@pytest.mark.parametrize("size", [1 << 24, 100])
def test_the_scratch_folder_runs_full(size: int) -> None:
    source = inside(
        "\n    ".join(
            (
                "n = 0",
                "while True:",
                f"    with open(os.path.join(tempfile.gettempdir(), str(n)), 'wb') as f: f.write(b'x' * {size})",
                "    n += 1",
            )
        ),
        "import os, tempfile",
    )
    assert "wrote more than" in refused(source).message


def test_it_may_write_to_its_scratch_folder() -> None:
    line = "p = tempfile.mkdtemp() + '/a'; open(p, 'w').write('x'); assert open(p).read() == 'x'; os.remove(p)"
    assert len(frames(inside(line, "import os, tempfile"))) == 2


def test_one_file_may_not_be_huge() -> None:
    source = inside(
        "f = open(tempfile.gettempdir() + '/a', 'wb')\n    for _ in range(999): f.write(bytes(1 << 20))",
        "import tempfile",
    )
    assert refused(source).code in ("PVC0842", "PVC0843")


FORGED = {
    "short": "b'F' + struct.pack('>I', 8) + bytes(8)",
    "long": "b'F' + struct.pack('>I', 1 << 31) + bytes(8)",
    "garbage": "os.urandom(64) + b'\\xff' * 64",
    "done": "b'D' + struct.pack('>I', 2) + b'{}'",
    "another number": f"b'F' + struct.pack('>II', {SIZE[0] * SIZE[1] * 4 + 4}, 7) + bytes({SIZE[0] * SIZE[1] * 4})",
    "long message": "b'E' + struct.pack('>I', 1 << 30)",
}


@pytest.mark.parametrize("what", FORGED)
def test_what_is_no_frame_is_not_taken(what: str) -> None:
    forge = "for n in range(3, 20):\n        try: os.write(n, WHAT)\n        except OSError: pass"
    error = refused(inside(forge.replace("WHAT", FORGED[what]), "import os, struct"))
    assert error.code == "PVC0844", error.message


def test_forged_errors_stay_words() -> None:
    said = json.dumps({"message": "\x1b[31mhm", "line": [1], "walls": False}).encode()
    data = b"E" + struct.pack(">I", len(said)) + said
    forge = f"for n in range(3, 20):\n        try: os.write(n, {data!r})\n        except OSError: pass"
    error = refused(inside(forge, "import os"))
    assert error.code == "PVC0842"
    assert "\x1b" not in error.message


ENDS = {
    "raises": ("1 / 0", "ZeroDivisionError"),
    "exits": ("raise SystemExit(0)", "SystemExit"),
    "interrupts": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "leaves": ("import os; os._exit(0)", "status 0"),
    "crashes": ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    "aborts": ("import os; os.abort()", "SIGABRT"),
    "recursion": ("draw(canvas, t, given)", "RecursionError"),
    "strange colour": ("given.color('nope')", "no colour 'nope'"),
    "strange file": ("given.file('nope')", "not among the inputs"),
    "long words": ("raise ValueError('x' * 10_000_000)", "ValueError"),
    "broken words": ("raise ValueError('\\ud800')", "ValueError"),
}


@pytest.mark.parametrize("what", ENDS)
def test_programs_that_fail_say_why(what: str) -> None:
    line, expected = ENDS[what]
    error = refused(inside(line))
    assert error.code == "PVC0842"
    assert expected in error.message
    assert len(error.message) < 1000


def test_no_draw_at_run_time() -> None:
    assert "no function `draw(" in refused("draw = None\n").message


def test_saved_state_of_the_canvas_is_undone() -> None:
    source = inside(
        "canvas.save(); canvas.scale(0.1, 0.1); canvas.clipRect(skia.Rect(1, 1)); canvas.clear(0xFFFFFFFF)",
        "import skia",
    )
    plain = frames(
        inside(
            "canvas.save(); canvas.scale(0.1, 0.1); canvas.clipRect(skia.Rect(1, 1)); canvas.clear(0xFFFFFFFF)",
            "import skia",
        )
    )
    assert plain[0] == plain[1] == frames(source)[1]


def test_a_second_process_starts_in_the_middle() -> None:
    source = inside("canvas.clear(int(255 * t) << 24 | 0xFFFFFF)")
    whole = frames(source, count=12)
    assert next(run.run(job(source, 7, first=6), Told(), SHORT)) == whole[6]


def test_a_run_that_is_left_leaves_no_process_and_no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    going = run.run(job(inside("canvas.clear(0)"), 1000), Told(), SHORT)
    next(going)
    assert list(tmp_path.iterdir())
    with contextlib.closing(going):
        pass
    assert not list(tmp_path.iterdir())


@pytest.fixture
def without_landlock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "missing", lambda: ("Landlock (Linux 5.13 or newer)",))


def test_without_landlock_it_is_not_run(without_landlock: None) -> None:
    error = refused(inside("pass"))
    assert error.code == "PVC0841"
    assert "Landlock" in error.message
    assert error.hint is not None
    assert "--weak-sandbox" in error.hint
    assert run.require(weak=True)


def test_without_seccomp_nothing_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "missing", lambda: ("seccomp filters",))
    for weak in (False, True):
        with pytest.raises(EngineError, match="seccomp") as raised:
            run.require(weak)
        assert raised.value.code == "PVC0841"
        assert "weak" not in str(raised.value.hint)


def test_on_other_systems_it_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    error = refused(inside("pass"))
    assert (error.code, "Darwin" in error.message) == ("PVC0841", True)


def test_a_child_that_finds_fewer_walls_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "FILES", "no such layer")
    error = refused(inside("canvas.clear(0)"))
    assert error.code == "PVC0841"
    assert "stands without no such layer" in error.message


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_filters_fit_the_kernel(machine: str) -> None:
    code = syscalls.program(machine, 4711)
    assert len(code) % 8 == 0
    assert len(code) // 8 <= 4096
    numbers = [pair[0 if machine == "x86_64" else 1] for pair in syscalls.ALLOWED.values()]
    known = [number for number in numbers if number is not None]
    assert len(known) == len(set(known))


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_no_dangerous_call_is_on_the_list(machine: str) -> None:
    dangerous = {
        "x86_64": {
            41,
            42,
            43,
            49,
            50,
            53,
            56,
            57,
            58,
            59,
            62,
            101,
            155,
            165,
            200,
            234,
            272,
            298,
            308,
            310,
            311,
            321,
            322,
            425,
            434,
            435,
        },
        "aarch64": {
            198,
            199,
            200,
            203,
            220,
            221,
            281,
            117,
            40,
            39,
            129,
            130,
            131,
            97,
            268,
            270,
            271,
            241,
            280,
            425,
            434,
            435,
        },
    }
    column = 0 if machine == "x86_64" else 1
    assert not dangerous[machine] & {pair[column] for pair in syscalls.ALLOWED.values()}
