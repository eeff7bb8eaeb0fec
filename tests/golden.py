"""Golden cases: Markdown files with specs in them, and what must be said about each line beside that line.

    ## A case has a heading
    Any text may explain it.
    ```vid
    scene intro {
      wait  // error: PVC0101 Expected a value after `wait`, but the line ends
    }
    ```

An expectation stands at the end of its line or, where there are several or the line is long, on lines of their own
below it. They are taken out before the text is parsed. The message may be cut short. A second block of the case,
```` ```vid file=brand.vid ````, is another file beside the first, which is called `talk.vid` where it has no name.

``pytest --update-golden`` writes what is said now; look at the diff before you commit it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.diagnostics.places import Lines

_FENCE = re.compile(r"^(```+)(vid|yaml)(?: file=(\S+))?\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,3} (.+)$", re.MULTILINE)
_EXPECTATION = re.compile(r"[ \t]*(?://|#) (error|warning|note): (PVC\d{4})(?: (.*?))?[ \t]*$")
_LONGEST = 110


@dataclass(frozen=True)
class Expected:
    line: int
    severity: str
    code: str
    message: str


@dataclass(frozen=True)
class CaseFile:
    """``text`` has no expectations in it; ``span`` is where the block's content stands in the Markdown."""

    name: str
    text: str
    expected: tuple[Expected, ...]
    span: tuple[int, int]
    comment: str


@dataclass(frozen=True)
class Case:
    path: Path
    name: str
    files: tuple[CaseFile, ...] = field(default=())

    @property
    def texts(self) -> dict[str, str]:
        return {file.name: file.text for file in self.files}

    @property
    def id(self) -> str:
        return f"{self.path.stem}: {self.name}"


def read_cases(folder: Path) -> list[Case]:
    """Every case of the Markdown files in a folder."""
    found: list[Case] = []
    for path in sorted(folder.glob("*.md")):
        found += _cases_of(path)
    assert found, f"no golden cases in {folder}"
    return found


def parametrize(folder: Path) -> pytest.MarkDecorator:
    """`@golden.parametrize(FOLDER)` gives a test its ``case``."""
    cases = read_cases(folder)
    return pytest.mark.parametrize("case", cases, ids=[case.id for case in cases])


def _cases_of(path: Path) -> list[Case]:
    text = path.read_text(encoding="utf-8")
    fences = list(_FENCE.finditer(text))
    inside = [(match.start(), match.end()) for match in fences]
    headings = [
        match for match in _HEADING.finditer(text) if not any(low <= match.start() < high for low, high in inside)
    ]
    cases: list[Case] = []
    for index, heading in enumerate(headings):
        end = headings[index + 1].start() if index + 1 < len(headings) else len(text)
        blocks = [match for match in fences if heading.end() <= match.start() < end]
        if not blocks:
            continue
        files = []
        for number, match in enumerate(blocks):
            comment = "//" if match.group(2) == "vid" else "#"
            default = "talk.vid" if comment == "//" else "talk.vid.yaml"
            name = match.group(3) or (default if number == 0 else f"file{number}.vid")
            clean, expected = _strip(match.group(4))
            files.append(CaseFile(name, clean, expected, match.span(4), comment))
        cases.append(Case(path, heading.group(1), tuple(files)))
    return cases


def _strip(text: str) -> tuple[str, tuple[Expected, ...]]:
    lines: list[str] = []
    expected: list[Expected] = []
    for line in text.splitlines():
        match = _EXPECTATION.search(line)
        if match is None:
            lines.append(line)
            continue
        before = line[: match.start()]
        if before.strip():
            lines.append(before)
        expected.append(Expected(len(lines), match.group(1), match.group(2), match.group(3) or ""))
    return "\n".join(lines) + "\n", tuple(expected)


Say = Callable[[Mapping[str, str]], Sequence[Diagnostic]]
"""What is said about a case's files (name to text); the first one is the talk."""


def verify(case: Case, say: Say, update: bool) -> None:
    """Fails where what is said is not what stands beside the lines; with ``update`` writes it there instead."""
    said = say(case.texts)
    for file in case.files:
        lines = Lines(file.text)
        actual = sorted(
            (
                Expected(lines.position(one.span.start).line, one.severity.value, one.code, one.message)
                for one in said
                if one.span is not None and one.span.path == file.name
            ),
            key=lambda one: (one.line, one.code, one.message),
        )
        if _same(file.expected, actual):
            continue
        if not update:
            pytest.fail(
                f"{case.path.name}, {case.name}, {file.name}\n"
                f"expected:\n{_listed(file.expected)}\nsaid:\n{_listed(actual)}\n"
                "run pytest --update-golden to take over what is said",
                pytrace=False,
            )
        _write(case, file, actual)
    elsewhere = [one for one in said if one.span is None or one.span.path not in case.texts]
    assert not elsewhere, f"said about no file of the case: {elsewhere}"


def _same(expected: Sequence[Expected], actual: Sequence[Expected]) -> bool:
    ordered = sorted(expected, key=lambda one: (one.line, one.code, one.message))
    if len(ordered) != len(actual):
        return False
    return all(
        (want.line, want.severity, want.code) == (got.line, got.severity, got.code)
        and got.message.startswith(want.message)
        for want, got in zip(ordered, actual, strict=True)
    )


def _listed(found: Sequence[Expected]) -> str:
    return "\n".join(f"  {one.line}: {one.severity}: {one.code} {one.message}" for one in found) or "  nothing"


def _write(case: Case, file: CaseFile, actual: Sequence[Expected]) -> None:
    """Writes a block anew. Cases of one file run in order, so the block is found by its text, not its offset."""
    markdown = case.path.read_text(encoding="utf-8")
    old = next(
        match
        for match in _FENCE.finditer(markdown)
        if _strip(match.group(4))[0] == file.text and _heading_before(markdown, match.start()) == case.name
    )
    out: list[str] = []
    for number, line in enumerate(file.text.splitlines(), 1):
        here = [one for one in actual if one.line == number]
        notes = [f"{file.comment} {one.severity}: {one.code} {one.message}" for one in here]
        indent = " " * (len(line) - len(line.lstrip()))
        if len(notes) == 1 and line.strip() and len(line) + len(notes[0]) + 2 <= _LONGEST:
            out.append(f"{line}  {notes[0]}")
        else:
            out += [line, *(indent + note for note in notes)]
    case.path.write_text(markdown[: old.start(4)] + "\n".join(out) + "\n" + markdown[old.end(4) :], encoding="utf-8")


def _heading_before(markdown: str, offset: int) -> str:
    inside = [match.span() for match in _FENCE.finditer(markdown)]
    names = [
        match.group(1)
        for match in _HEADING.finditer(markdown, 0, offset)
        if not any(low <= match.start() < high for low, high in inside)
    ]
    return names[-1]
