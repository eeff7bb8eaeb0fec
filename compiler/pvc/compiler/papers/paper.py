"""A paper as the checker knows it: plain text with the places that its labels name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaperLabel:
    """``text[start:end]`` is what the label names: a section with all below it, an equation with the paragraph around
    it, a figure's caption, a page. ``kind``: `section`, `equation`, `figure`, `table`, `page` or the environment."""

    name: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PaperFigure:
    """A figure by its label: ``files`` as the document names them, each with the page it takes of a PDF (from 1)."""

    label: str
    caption: str
    files: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """``text``: paragraphs separated by a blank line; a reference whose number only a typesetter knows is U+FFFC.
    ``folders``: where pictures are looked for, resolved. ``files``: everything read, with digests. ``remarks``: what
    could not be read, in plain sentences."""

    path: str
    kind: str
    text: str
    labels: tuple[PaperLabel, ...]
    figures: tuple[PaperFigure, ...]
    title: str | None
    authors: tuple[str, ...]
    year: str | None
    folders: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...] = ()

    def label(self, name: str) -> PaperLabel | None:
        return next((each for each in self.labels if each.name == name), None)

    def figure(self, label: str) -> PaperFigure | None:
        return next((each for each in self.figures if each.label == label), None)


class Unsound(Exception):
    """A document that is no readable paper: a plain sentence and a hint."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


REFERENCE = "\ufffc"
"""Stands for a number that only a typesetter knows (`\\ref`)."""
