"""How long an editor waits on a talk of 10,000 lines: `python benchmarks/lsp.py [SCENES] [KEYS]`.

Drives the real server over its pipes. A key is pressed in a narration in the middle of the talk: measured until its
diagnostics arrive, the server's own delay included. Completion and hover are asked right after a key and after a pause.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # before this folder, where this file is called lsp as well

from long_talk import write  # noqa: E402
from lsp.client import Client, place  # noqa: E402


def main() -> None:
    scenes = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    keys = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "talk", scenes)
        text = path.read_text()
        client = Client(path.parent)
        begin = time.perf_counter()
        uri = client.open("talk.vid", text)
        first = client.diagnostics(uri)
        opening = time.perf_counter() - begin
        wrong = [each for each in first if each["severity"] == 1]
        if wrong:
            raise SystemExit(f"the generated talk has errors: {wrong[:3]}")
        half = scenes // 2 // 4 * 4 + 1
        line, column = place(text, f'scene equation_{half} "')
        line, column = line + 4, 9  # inside the first narration of that scene
        taken: dict[str, list[float]] = {"diagnostics after a key": [], "completion": [], "hover": []}
        for key in range(keys):
            at = {"line": line, "character": column + key}
            begin = time.perf_counter()
            version = client.edit(uri, {"range": {"start": at, "end": at}, "text": "ab "[key % 3]})
            client.diagnostics(uri, version)
            taken["diagnostics after a key"].append(time.perf_counter() - begin)
            for name, where in (("hover", (line + 1, 10)), ("completion", (line + 2, 18))):
                begin = time.perf_counter()
                client.ask(f"textDocument/{name}", client.at(uri, *where))
                taken[name].append(time.perf_counter() - begin)
            client.notes.clear()
        client.stop()
    print(f"{scenes} scenes, {text.count(chr(10))} lines, {keys} keys; opening took {opening:.2f} s")
    for name, times in taken.items():
        cuts = quantiles(times, n=20)
        print(f"  {name:26} p50 {cuts[9] * 1000:6.1f} ms   p95 {cuts[18] * 1000:6.1f} ms")


if __name__ == "__main__":
    main()
