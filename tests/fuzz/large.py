"""Inputs of a megabyte, made to hurt: what each costs is printed as JSON lines, the memory of all of them at the end.

Run in a process of its own, so that its memory is that of these inputs alone: `python tests/fuzz/large.py`.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

MEGABYTE = 1_000_000
DEEP = 100_000
YAML_LET = "vid: 1\nitems:\n- kind: let\n  name: a\n  value: "


def inputs() -> Iterator[tuple[str, str, str]]:
    """(what, name of the file, its text)"""

    def filled(piece: str, before: str = "", after: str = "") -> str:
        return before + piece * ((MEGABYTE - len(before) - len(after)) // len(piece)) + after

    for opener in "([{":
        yield f"{DEEP} deep {opener}", "talk.vid", "let x = " + opener * DEEP
        yield f"a megabyte of {opener}", "talk.vid", filled(opener)
    yield "deep bodies", "talk.vid", "scene a { " + "if x { " * DEEP
    yield "deep together", "talk.vid", "scene a { " + "together { " * DEEP + "}" * DEEP + "}"
    yield "deep calls", "talk.vid", "let x = " + "f(" * DEEP + ")" * DEEP
    yield "deep records", "talk.vid", "let x = " + "{ a: " * DEEP + "1" + "}" * DEEP
    yield "a long sum", "talk.vid", filled("1+", "let x = ", "1")
    yield "many signs", "talk.vid", filled("-", "let x = ", "1")
    yield "many nots", "talk.vid", filled("not ", "let x = ", "a")
    yield "a long name", "talk.vid", filled("a", "let x = ")
    yield "a long path", "talk.vid", filled("a.", "let x = ", "a")
    yield "a long index", "talk.vid", filled("[1]", "let x = a")
    yield "a long number", "talk.vid", filled("9", "let x = ")
    yield "a long text", "talk.vid", filled("word ", 'let x = "', '"')
    yield "a long narration", "talk.vid", filled("Every query. ", 'talk "T" {}\nscene a { say "', '" }')
    yield "many cues", "talk.vid", filled("a {b} ", 'talk "T" {}\nscene a { say "', '" }')
    yield "many marks", "talk.vid", filled("<emphasis>a", 'talk "T" {}\nscene a { say "', '" }')
    yield "open texts", "talk.vid", filled('let x = "a\n')
    yield "backquotes", "talk.vid", filled("`")
    yield "fences", "talk.vid", filled("tex```")
    yield "quotes", "talk.vid", filled('"')
    yield "backslashes", "talk.vid", filled("\\", 'let x = "', '"')
    yield "comments", "talk.vid", filled("// pvc: allow unused\n")
    yield "block comments", "talk.vid", filled("/*")
    yield "doc comments", "talk.vid", filled("/// doc\n", "", 'talk "T" {}')
    yield "blank lines", "talk.vid", filled("\n")
    yield "semicolons", "talk.vid", filled(";", "scene a { ", "}")
    yield "one long list", "talk.vid", filled("1,", "let x = [", "]")
    yield "lexicon", "talk.vid", filled('"a" -> "b"\n', "lexicon {\n", "}")
    yield "items", "talk.vid", filled("let a = 1\n", 'talk "T" {}\n')
    yield "chained names", "talk.vid", "".join(f"let a{n} = a{n + 1}\n" for n in range(50_000))
    yield "unknown items", "talk.vid", filled("foo bar baz\n")
    yield "junk", "talk.vid", filled("\u20ac\u00a7")
    yield "controls", "talk.vid", filled("\x1b[2J")
    yield "one line of words", "talk.vid", filled("word ")
    yield "many scenes", "talk.vid", filled('scene a { say "x" }\n', 'talk "T" {}\n')
    yield "for", "talk.vid", "scene a {\n" + "for x in [1,2,3,4,5,6,7,8,9] {\n" * 60 + "wait 1s\n" + "}\n" * 60 + "}"
    for opener in ("[", "{a: "):
        yield f"deep YAML {opener}", "talk.vid.yaml", "vid: 1\nitems: " + opener * DEEP
    yield "deep YAML blocks", "talk.vid.yaml", "vid: 1\nitems:\n" + "".join(" " * n + "-\n" for n in range(1_400))
    yield "deep YAML dashes", "talk.vid.yaml", "vid: 1\nitems:\n" + "- " * DEEP + "a"
    laughs = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
    laughs += "".join(f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    yield "a billion laughs", "talk.vid.yaml", laughs + "vid: 1\nitems: *i\n"
    yield "anchors", "talk.vid.yaml", filled("- &a x\n", "vid: 1\nitems:\n")
    yield "YAML items", "talk.vid.yaml", filled("- kind: let\n  name: a\n  value: 1\n", "vid: 1\nitems:\n")
    yield "YAML nothing", "talk.vid.yaml", filled("-\n", "vid: 1\nitems:\n")
    yield "YAML comments", "talk.vid.yaml", filled("# a\n", "vid: 1\nitems:\n")
    yield "a YAML text", "talk.vid.yaml", filled("a ", 'vid: 1\nitems:\n- kind: let\n  name: a\n  value: "', '"')
    yield "YAML keys", "talk.vid.yaml", "vid: 1\n" + "".join(f"k{n}: 1\n" for n in range(100_000))
    yield "one YAML key", "talk.vid.yaml", filled("a: 1\n")
    yield "YAML tags", "talk.vid.yaml", filled("- !x a\n", "vid: 1\nitems:\n")
    yield "YAML documents", "talk.vid.yaml", filled("---\n")
    yield (
        "a YAML block text",
        "talk.vid.yaml",
        filled("    a\n", "vid: 1\nitems:\n- kind: let\n  name: a\n  value: !expr |-\n"),
    )
    yield "JSON", "talk.vid.json", filled("[", '{"vid": 1, "items": ')
    yield "deep TOML", "pvc.toml", "[lint]\nx = " + "[" * DEEP
    yield "a long TOML key", "pvc.toml", filled("a.", "[lint]\n", "b = 1")
    yield "many TOML settings", "pvc.toml", "[lint]\n" + "".join(f'k{n} = "deny"\n' for n in range(2_000))


def operations(name: str, text: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """What a person may do with a file, each on its own."""
    from fuzzing import NoFiles

    from pvc.compiler.check import check
    from pvc.compiler.lints.config import read
    from pvc.compiler.syntax.spelling import fmt, parse_file

    if name.endswith(".toml"):
        yield "read", lambda: read(text.encode(), name).diagnostics
        return
    yield "parse", lambda: parse_file(text, name).diagnostics
    yield "format", lambda: fmt(text, name).diagnostics
    yield "check", lambda: check(name, NoFiles({name: text.encode()})).diagnostics


def main() -> None:
    for _, run in operations("talk.vid", 'talk "T" {}\nscene a { say "x" }\n'):
        run()  # what is imported and built once is nobody's fault
    only = sys.argv[1:]
    for what, name, text in inputs():
        if only and what not in only:
            continue
        for verb, run in operations(name, text):
            parse_block.cache_clear()
            began = time.process_time()
            wrong = said = None
            try:
                said = run()
            except Exception:
                wrong = traceback.format_exc(limit=-4)
            took = time.process_time() - began
            codes = sorted({one.code for one in said})[:4] if isinstance(said, tuple) else []
            found = {"what": what, "does": verb, "seconds": round(took, 2), "codes": codes, "wrong": wrong}
            print(json.dumps(found), flush=True)
    print(json.dumps({"peak": peak()}))


def peak() -> int:
    """The most memory that this process has held at a time, in bytes. Linux hands ``ru_maxrss`` on from the process
    that started this one (a fork counts before it becomes another program), so what the kernel notes of the program's
    own memory is read where there is such a note."""
    status = Path("/proc/self/status")
    if status.is_file():
        (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[2]
    sys.path[:0] = [str(Path(__file__).parent), *(str(root / part) for part in ("compiler", "runtime", "lsp", "cli"))]
    from pvc.compiler.syntax.parser import parse_block

    main()
