"""Golden cases in two steps: a talk is checked, edited and checked again; the case says what ran the second time.

    ## A word in a sentence
    ```edit talk.vid
    -every key
    +each key
    ```
    ```ran
    read   scene intro
    scene  intro
    said   nothing
    ```

All cases of a file start from the files in its first section. In an edit, the text of the `-` lines (which stands in
the file once, line ends left out at its ends) is replaced by that of the `+` lines; a blank line begins another one;
without `-` lines the text is put at the file's end. A line of `ran` names a query and the keys for which it was
computed; `=` before a key says that the value came out as it was, so that nobody who uses it had to run. ``held``
counts what was only validated, ``said`` lists the diagnostics after the edit.
``pytest --update-golden`` writes what happens now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from check.check_worlds import PROJECT, ProjectWorld

from pvc.compiler.check import check
from pvc.compiler.check.run import Checked, Checker
from pvc.compiler.diagnostics.places import Lines
from pvc.compiler.plan.queries import PLANNED, REVIEWED
from pvc.compiler.resolve.sources import PARSED

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)

TOLD = (
    "settings",
    "expectations",
    "lexicon",
    "translations",
    "translated",
    "language",
    "value",
    "component",
    "default",
    "turns",
    "scene",
    "head",
    "ground",
    "rules",
    "plan",
    "review",
    "talk",
)
"""The queries that a case tells of, in order; the others only pass on a part of one of these or of a file."""


@dataclass(frozen=True)
class Edit:
    path: str
    old: str
    new: str


@dataclass(frozen=True)
class Case:
    source: Path
    name: str
    files: dict[str, str]
    edits: tuple[Edit, ...]
    ran: str


class Changing(ProjectWorld):
    """A World whose files can be edited."""

    def put(self, path: str, text: str) -> None:
        self._files[path] = text.encode()

    def take(self, path: str) -> None:
        self._files.pop(path, None)


def read_cases(folder: Path) -> list[Case]:
    found: list[Case] = []
    for source in sorted(folder.glob("*.md")):
        first, *rest = _sections(source.read_text())
        files = {name or "talk.vid": body for _, name, body in _FENCE.findall(first[1])}
        for name, body in rest:
            fences = _FENCE.findall(body)
            edits = tuple(edit for kind, path, text in fences if kind == "edit" for edit in _edits(path, text))
            ran = next((text for kind, _, text in fences if kind == "ran"), "")
            found.append(Case(source, name, files, edits, ran))
    return found


def _sections(text: str) -> list[tuple[str, str]]:
    heads = list(_HEADING.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [(head[1], text[head.end() : end]) for head, end in zip(heads, ends, strict=True)]


def _edits(path: str, text: str) -> list[Edit]:
    found = []
    for hunk in re.split(r"\n\s*\n", text.strip("\n")):
        lines = hunk.split("\n")
        old = "\n".join(line[1:] for line in lines if line.startswith("-"))
        new = "\n".join(line[1:] for line in lines if line.startswith("+"))
        found.append(Edit(path, old, new))
    return found


def edited(files: dict[str, str], edits: tuple[Edit, ...]) -> dict[str, str]:
    made = dict(files)
    for edit in edits:
        text = made.get(edit.path, "")
        if edit.old:
            assert text.count(edit.old) == 1, f"{edit.path} holds {edit.old!r} {text.count(edit.old)} times"
            made[edit.path] = text.replace(edit.old, edit.new)
        else:
            made[edit.path] = text + edit.new + "\n"
    return made


def _whole(checker: Checker) -> Checked:
    """Everything that an editor asks for."""
    checked = checker.check("talk.vid")
    if checked.anchored is not None:
        checker.ask(PLANNED, "talk.vid")
        checker.ask(REVIEWED, "talk.vid")
    return checked


def happens(case: Case) -> str:
    """What ran in the second step, as a case writes it."""
    after = edited(case.files, case.edits)
    world = Changing(case.files, PROJECT)
    checker = Checker(world)
    first = _whole(checker)
    assert not first.diagnostics, first.diagnostics
    paths = [unit.path for unit in first.units if not unit.standard]
    known = {path: set(checker.db.get(PARSED, path).parsed.items) for path in paths}  # type: ignore[union-attr]
    for path, text in after.items():
        world.put(path, text)
    checker.db.log = []
    second = _whole(checker)
    assert second.diagnostics == check("talk.vid", Changing(after, PROJECT)).diagnostics

    lines: list[tuple[str, str]] = []
    read = []
    for path in known:
        parsed = checker.db.get(PARSED, path).parsed
        laid = checker.db.keys.get(path, {})
        blocks = zip(laid.values(), parsed.file.blocks if parsed is not None else (), strict=False)
        read += [
            f"{key} of {path}" if path != "talk.vid" else key for key, block in blocks if block.text not in known[path]
        ]
    if read:
        lines.append(("read", "; ".join(read)))
    held = 0
    for query in TOLD:
        ran = [each for each in checker.db.log if each.query == query and each.ran]
        held += sum(each.query == query and not each.ran for each in checker.db.log)
        if ran:
            lines.append((query, "; ".join(("" if each.changed else "= ") + (each.label or "all") for each in ran)))
    lines.append(("held", str(held)))
    texts = {path: Lines(text) for path, text in after.items()}
    said = []
    for found in second.diagnostics:
        where = f"{texts[found.span.path].position(found.span.start).line}: " if found.span is not None else ""
        where = f"{found.span.path}:{where}" if found.span is not None and found.span.path != "talk.vid" else where
        said.append(f"{where}{found.code} {found.message}")
    lines += [("said", each) for each in said or ["nothing"]]
    return "".join(f"{name:<12} {what}\n" for name, what in lines)


def write(case: Case, ran: str) -> None:
    """Puts what happens now into a case's file."""
    text = case.source.read_text()
    start = text.index(f"## {case.name}\n")
    end = text.find("\n## ", start)
    end = len(text) if end < 0 else end
    section = text[start:end]
    if "```ran\n" in section:
        section = re.sub(r"```ran\n.*?^```$", lambda _: f"```ran\n{ran}```", section, flags=re.MULTILINE | re.DOTALL)
    else:
        section = f"{section.rstrip()}\n\n```ran\n{ran}```\n"
    case.source.write_text(text[:start] + section + text[end:])
