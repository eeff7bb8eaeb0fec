"""Small pictures of frames for hovers. A process of its own paints them, so that nobody waits: a hover shows the
picture if it is there, and has it painted for the next time if it is not.

`python -m pvc.lsp.thumbnail TALK LINE OUT.jpg` is that process.
"""

from __future__ import annotations

import asyncio
import base64
import os
import sys
import tempfile
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from pvc.compiler.digest import digest_bytes
from pvc.compiler.syntax import tree
from pvc.lsp.analysis import Analysis

WIDTH = 480
"""Pixels across."""
LONGEST = 15.0
"""Seconds that a picture may take."""
MOST = 64
"""Pictures that are kept."""

Key = tuple[str, str, int]


@dataclass(slots=True, eq=False)
class Thumbnails:
    """The pictures of a session, by file, its text and line."""

    _known: OrderedDict[Key, str] = field(default_factory=OrderedDict)
    _next: Key | None = None
    _running: asyncio.Task[None] | None = None

    def markdown(self, analysis: Analysis, offset: int) -> str:
        """The picture of what stands in the line of an offset, "" where there is none (yet)."""
        block = analysis.block_at(offset)
        if block is None or not isinstance(block.item, tree.Scene) or not analysis.scenes:
            return ""
        data = analysis.lines.text.encode("utf-8")
        key = analysis.path, digest_bytes(data), analysis.lines.place(offset).line + 1
        found = self._known.get(key)
        if found is None and _on_disk(analysis.path) == data:
            self._want(key)
        return f"![line {key[2]}]({found})" if found else ""

    def _want(self, key: Key) -> None:
        """One picture is painted at a time; of those that wait only the last is wanted."""
        self._next = key
        if self._running is None or self._running.done():
            self._running = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        while self._next is not None:
            key, self._next = self._next, None
            # One that cannot be painted is not tried again, as long as the text is the same.
            self._known[key] = await _painted(key[0], key[2])
            while len(self._known) > MOST:
                self._known.popitem(last=False)


def _on_disk(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


async def _painted(path: str, line: int) -> str:
    """The picture as an address; "" where it cannot be had in time."""
    with tempfile.TemporaryDirectory(prefix="pvc-hover-") as folder:
        target = Path(folder) / "frame.jpg"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "pvc.lsp.thumbnail", path, str(line), str(target)),
            stdin=asyncio.subprocess.PIPE,  # ends when we do
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await asyncio.wait_for(process.wait(), LONGEST)
        except TimeoutError:
            return ""
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        try:
            return "data:image/jpeg;base64," + base64.b64encode(target.read_bytes()).decode("ascii")
        except OSError:
            return ""


def _end_with_the_server() -> None:
    """Nobody is left to look at the picture once the server is gone, however it ended."""
    if not sys.stdin.buffer.read(1):
        os._exit(1)


def main(talk: str, line: str, target: str) -> int:
    """Paints the frame of a line of a talk, small."""
    import io

    from PIL import Image

    from pvc.runtime.build.request import Request
    from pvc.runtime.build.survey import frame_of
    from pvc.runtime.errors import PvcError
    from pvc.runtime.store.location import folder

    threading.Thread(target=_end_with_the_server, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(10)
    try:
        shot = frame_of(Request(Path(talk), folder(None), preset="draft"), None, None, None, int(line))
    except PvcError:
        return 1
    if shot.png is None:
        return 1
    with Image.open(io.BytesIO(shot.png)) as picture:
        small = picture.convert("RGB")
        small.thumbnail((WIDTH, WIDTH))
        small.save(target, "JPEG", quality=82)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
