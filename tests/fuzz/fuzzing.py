"""A fuzzer for everything that reads what people write: `python tests/fuzz/fuzzing.py --seconds 60`.

Specs that are known (examples, pages of diagnostics, the standard library, in both spellings) are damaged byte by byte,
line by line and by splicing two of them; then they are decoded, parsed, formatted, converted, migrated, checked and
planned. Nothing of that may raise, take more than two seconds, or break what the formatter promises. What does is
written beside the command (`--keep FOLDER`), with the seed that found it.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 2.0
"""Seconds that anything may take."""
INTERESTING = (
    *(b"{", b"}", b"(", b")", b"[", b"]", b'"', b"`", b"```", b"\\", b"//", b"///", b"/*", b"*/", b";", b"\n", b"\r\n"),
    *(b"\r", b"\t", b"\0", b"\xff", b"\xfe", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xc2\x85", b"\xf0\x9f\x98\x80"),
    *(b"..", b"->", b"==", b"=", b":", b",", b".", b"%", b"#", b"#fff", b"<", b">", b"&a", b"*a", b"!expr ", b"- "),
    *(b"- kind: say\n", b"? ", b"|-\n", b">\n", b"{cue}", b"<break 1s>", b"</", b"at ", b"say ", b"scene ", b"talk "),
    *(b"1e999999999", b"99999999999999999999", b"-0", b"1_0", b"0.", b"1.5.5", b"vid = 2\n"),
    *(
        b"\\u{0}",
        b"\\u{110000}",
        b"\\u{d800}",
        b"tex`",
        b"tex`x`",
        b"not ",
        b"if ",
        b"else ",
        b"for x in ",
        b"\xcc\x81",
    ),
)


@dataclass(frozen=True)
class Failure:
    """``what`` went wrong with ``data``, which is a file of the name ``name``."""

    name: str
    data: bytes
    what: str


class NoFiles:
    """A World of one file; there is nothing else."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = dict(files)
        self._seen: dict[str, bytes] = {}

    def read(self, path: str) -> bytes:
        from pvc.compiler.world import Unreadable

        if path not in self._files:
            raise Unreadable(path, "there is no such file")
        return self._files[path]

    def digest(self, path: str) -> str:
        from pvc.compiler.digest import digest_bytes

        data = self.read(path)
        digest = digest_bytes(data)
        self._seen[digest] = data
        return digest

    def blob(self, digest: str) -> bytes:
        return self._seen[digest]

    def recall(self, key: str) -> bytes | None:
        return None

    def remember(self, key: str, value: bytes) -> None:
        return None


def seeds() -> list[tuple[str, bytes]]:
    """Specs to begin with, by the name of a file of their spelling."""
    from pvc.compiler.diagnostics.catalogue import codes, page
    from pvc.compiler.syntax.spelling import convert

    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*/talk.vid"))]
    texts += [path.read_text(encoding="utf-8") for path in sorted((ROOT / "stdlib").glob("*.vid"))]
    pages = [found for code in codes() if (found := page(code)) is not None]
    texts += [example for found in pages for example in (*found.wrong, *found.right) if "items:" not in example]
    plain = [("talk.vid", text.encode()) for text in texts]
    twins = [convert(text, "talk.vid", "talk.vid.yaml").text for text in texts]
    own = [("talk.vid.yaml", text.encode()) for text in twins if text]
    config = b'[lint]\nunused = "deny"\nlong-still = { level = "warn", seconds = 4 }\n"PVC0705" = "allow"\n'
    return [*plain, *own, ("pvc.toml", config)]


def mutated(data: bytes, chance: random.Random, others: list[tuple[str, bytes]]) -> bytes:
    """The data with some damage."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        place = chance.randrange(len(out) + 1)
        kind = chance.randrange(9)
        if kind == 0 and out:
            out[min(place, len(out) - 1)] = chance.randrange(256)
        elif kind == 1:
            del out[place : place + chance.choice((1, 1, 2, 5, 40, 400))]
        elif kind in (2, 3):
            out[place:place] = chance.choice(INTERESTING)
        elif kind == 4:
            out[place:place] = chance.choice(INTERESTING) * chance.choice((2, 10, 200))
        elif kind == 5:
            end = min(len(out), place + chance.choice((1, 10, 100)))
            out[place:place] = out[place:end] * chance.choice((1, 2, 20))
        elif kind == 6:
            lines = bytes(out).split(b"\n")
            chance.shuffle(lines) if chance.random() < 0.1 else lines.insert(
                chance.randrange(len(lines)), lines.pop(chance.randrange(len(lines)))
            )
            out = bytearray(b"\n".join(lines))
        elif kind == 7:
            other = chance.choice(others)[1]
            start = chance.randrange(len(other) + 1)
            out[place:place] = other[start : start + chance.choice((5, 50, 500))]
        else:
            out = out[:place]
    return bytes(out)


_TOKENS = re.compile(rb'"(?:[^"\\\n]|\\.)*"|`[^`]*`|[\w.]+|\s+|.', re.DOTALL)


def reworded(data: bytes, chance: random.Random) -> bytes:
    """The data with some of its words and signs left out, doubled, or put in each other's place: what a hand that
    slips, or a model that guesses, writes."""
    pieces = _TOKENS.findall(data)
    solid = [index for index, piece in enumerate(pieces) if piece.strip()]
    for _ in range(chance.choice((1, 1, 2, 4))):
        if not solid:
            break
        at, other = chance.choice(solid), chance.choice(solid)
        kind = chance.randrange(4)
        if kind == 0:
            pieces[at] = b""
        elif kind == 1:
            pieces[at] = pieces[at] + b" " + pieces[at]
        elif kind == 2:
            pieces[at], pieces[other] = pieces[other], pieces[at]
        else:
            pieces[at] = pieces[other]
    return b"".join(pieces)


def survive(name: str, data: bytes) -> str | None:
    """What goes wrong with a file, None where all is well."""
    began = time.process_time()
    try:
        wrong = _all(name, data)
    except Exception:
        return traceback.format_exc(limit=-4)
    took = time.process_time() - began
    if wrong is None and took > LONGEST:
        return f"it took {took:.1f} s"
    return wrong


def _all(name: str, data: bytes) -> str | None:
    from pvc.compiler.lints.config import read
    from pvc.compiler.syntax.reading import decode

    if name.endswith(".toml"):
        read(data, name)
        return None
    text, problems = decode(data, name)
    if text is None:
        return None if problems else "no text, and nothing is said about it"
    return _text(name, text) or _talk(name, data)


def _text(name: str, text: str) -> str | None:
    from pvc.compiler.migrate.run import migrate
    from pvc.compiler.syntax.spelling import convert, fmt, is_yaml, parse_file

    parsed = parse_file(text, name)
    if "".join(block.text for block in parsed.file.blocks) + parsed.file.tail != text:
        return "the blocks put together are not the file"
    for one in parsed.diagnostics:
        if one.span is None or not 0 <= one.span.start <= one.span.end <= len(text):
            return f"a place outside of the file: {one}"
        if not one.message or one.message != one.message.strip():
            return f"nothing is said: {one}"
    migrate(text, name)
    formatted = fmt(text, name)
    if parsed.diagnostics:
        return None
    if fmt(formatted.text, name).text != formatted.text:
        return "formatting again changes it again"
    if is_yaml(name):
        return "a sound twin has no .vid spelling" if convert(text, name, "t.vid").diagnostics else None
    there = convert(text, name, "t.vid.yaml")
    back = convert(there.text, "t.vid.yaml", name)
    if there.diagnostics or back.diagnostics or back.text != formatted.text:
        return "the YAML spelling loses something"
    return None


def _talk(name: str, data: bytes) -> str | None:
    from pvc.compiler.check import check
    from pvc.compiler.lints.judge import judge
    from pvc.compiler.lints.review import review
    from pvc.compiler.lints.settings import DEFAULT
    from pvc.compiler.plan import plan

    checked = check(name, NoFiles({name: data}))
    length = len(data.decode("utf-8"))
    for one in checked.diagnostics:
        for span in (one.span, *(edit.span for fix in one.fixes for edit in fix.edits)):
            if span is not None and span.path == name and not 0 <= span.start <= span.end <= length:
                return f"a place outside of the file: {one}"
    found = checked.diagnostics
    if checked.ok and checked.program is not None:
        planned = plan(checked.program, {})
        found = (*found, *planned.diagnostics, *review(checked.program, planned.time))
    judge(DEFAULT, (unit.file for unit in checked.units if not unit.standard)).settle(found)
    return None


def fuzz(
    chance: random.Random, goes_on: Callable[[int], bool], check: Callable[[str, bytes], str | None] = survive
) -> Iterator[Failure]:
    """Failures, as they are found, as long as ``goes_on`` says so of the number of runs."""
    known = seeds()
    count = 0
    while goes_on(count):
        name, data = chance.choice(known)
        damaged = reworded(data, chance) if chance.random() < 0.4 else mutated(data, chance, known)
        wrong = survive(name, damaged)
        if wrong is not None:
            yield Failure(name, damaged, wrong)
        count += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--keep", type=Path, default=None, metavar="FOLDER")
    given = parser.parse_args()
    sys.path[:0] = [str(ROOT / part) for part in ("compiler", "runtime", "lsp", "cli")]
    seed = random.randrange(1 << 32) if given.seed is None else given.seed
    end = time.monotonic() + given.seconds
    runs = failures = 0

    def goes_on(count: int) -> bool:
        nonlocal runs
        runs = count
        return time.monotonic() < end

    for failure in fuzz(random.Random(seed), goes_on):
        failures += 1
        print(f"{failure.name}: {failure.what}\n  {failure.data[:200]!r}", flush=True)
        if given.keep is not None:
            given.keep.mkdir(parents=True, exist_ok=True)
            (given.keep / f"{seed}-{failures}-{failure.name}").write_bytes(failure.data)
    print(f"{runs} files, {failures} failures (seed {seed})")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
