"""The ``pvc`` program. Nothing heavy is imported before it is known what is asked for."""

from __future__ import annotations

import atexit
import os
import sys


def version() -> str:
    """The installed version; in a checkout, the one in pyproject.toml."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("paper-video-compiler")
    except PackageNotFoundError:
        import re
        from pathlib import Path

        project = Path(__file__).parents[3] / "pyproject.toml"
        found = re.search(r'^version = "([^"]+)"', project.read_text(), re.M) if project.is_file() else None
        return found[1] if found else "unknown"


def leave(code: int) -> None:
    """Ends the process. The objects of a checked talk are left to the system: freeing them one by one takes a quarter
    as long as checking it did. What others asked to be called at the end is called, and output is written out."""
    if "threading" in sys.modules and sys.modules["threading"].active_count() > 1:
        sys.exit(code)
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # Python's own sign that the program was started without one
                stream.flush()
    except (OSError, ValueError):
        sys.exit(code)  # the reader has gone, or the stream is closed: Python's own way of ending knows what to do
    os._exit(code)


def main() -> None:
    """Runs the program with the process's arguments, and ends the process with its exit code."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"]):
        print(f"pvc {version()}")
        return
    import gc

    # A compiler makes many small values that live to its end: looking through them every 700 costs a fifth of the time.
    gc.set_threshold(200_000, 20, 20)
    try:
        _be_interruptible()
        from pvc.cli.app import run

        code = run(arguments)
    except KeyboardInterrupt:  # so early or so late that nobody else took it
        code = 130
    leave(code)


def _be_interruptible() -> None:
    """Being asked to end (by a system that shuts down, a batch queue, `timeout`) is the same as ^C: workers are ended,
    nothing partial is left, and the exit code says so."""
    import signal

    signal.signal(signal.SIGTERM, signal.default_int_handler)


if __name__ == "__main__":
    main()
