"""A LaTeX document read: its text, what its labels name, its figures, title, authors and year."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pvc.compiler.papers import symbols
from pvc.compiler.papers.paper import PaperFigure, PaperLabel
from pvc.compiler.papers.tex import Macro, Reader, plain

_GRAPHICS_PATH = re.compile(r"\\graphicspath\s*\{((?:\s*\{[^{}]*\})+)\s*\}")


def authors_in(source: str, macros: dict[str, Macro]) -> list[str]:
    """Names from what stands in `\\author{...}`: affiliations, addresses and marks left out."""
    found: list[str] = []
    source = re.sub(
        r"\\(thanks|footnote|footnotemark|inst|textsuperscript|orcid|email|affil)\s*(\[[^\]]*\])?(\{(?:[^{}]|\{[^{}]*\})*\})?",
        "",
        source,
    )
    source = re.sub(r"\$\s*\^[^$]*\$", "", source)
    for person in re.split(r"\\(?:and|And|AND)\b", source):
        first = re.split(r"\\\\|\\newline", person, maxsplit=1)[0]
        text = plain(first, macros)
        for name in re.split(r",\s*(?:and\s+)?|\s+and\s+|;", text):
            name = re.sub(r"[\d*†‡§¶]+$", "", name.strip()).strip()
            if name and len(name) < 80 and "@" not in name and any(character.isalpha() for character in name):
                found.append(name)
    return found


@dataclass(frozen=True, slots=True)
class Document:
    """What was read of a LaTeX document."""

    text: str
    labels: tuple[PaperLabel, ...]
    figures: tuple[PaperFigure, ...]
    title: str | None
    authors: tuple[str, ...]
    year: str | None
    graphics: tuple[str, ...]


def document(source: str) -> Document:
    """Read a flattened LaTeX document."""
    reader = Reader(source)
    reader.run()
    while reader.frames:
        reader.close_frame()
    for note in reader.footnotes:
        reader.paragraph()
        reader.emit(plain(note, reader.macros))
    text = "".join(reader.out)
    title = plain(re.sub(r"\\\\|\\newline", " ", reader.title or ""), reader.macros)
    labels = [
        PaperLabel(name, kind, *_around(text, kind, start, end if end >= 0 else len(text)))
        for name, kind, start, end in reader.labels
    ]
    for name, index in reader.section_labels:
        level, start = reader.sections[index]
        end = next((other for deeper, other in reader.sections[index + 1 :] if deeper <= level), len(text))
        labels.append(PaperLabel(name, "section", start, end))
    graphics = tuple(
        folder.strip() for found in _GRAPHICS_PATH.finditer(source) for folder in re.findall(r"\{([^{}]*)\}", found[1])
    )
    year = re.search(r"\b(?:1[5-9]|20)\d\d\b", reader.date or "")
    unique: dict[str, PaperLabel] = {}
    for label in sorted(labels, key=lambda each: (each.start, each.name)):
        unique.setdefault(label.name, label)
    return Document(
        text,
        tuple(unique.values()),
        tuple(reader.figures),
        title or None,
        tuple(dict.fromkeys(name for each in reader.authors for name in authors_in(each, reader.macros))),
        year.group() if year else None,
        graphics,
    )


def _around(text: str, kind: str, start: int, end: int) -> tuple[int, int]:
    """For an equation: the paragraph that it stands in, the one before and the one after, which explain it."""
    if kind not in symbols.LABELLED:
        return start, end
    for _ in range(2):
        start = max(0, text.rfind("\n\n", 0, max(0, start)))
        before = text.rfind("\n\n", 0, start)
        if text[start:end].strip() and before < 0:
            break
    for _ in range(2):
        after = text.find("\n\n", end)
        end = len(text) if after < 0 else after + 2
    return start, end
