"""Diagnostics for people: the message, the line it is about with what is meant underlined, and what to do.

Whatever a talk may hold is shown safely: control characters are made visible, a line of a megabyte is cut to what is
around the place, wide characters keep the marks below them in place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.diagnostics.places import Lines
from pvc.compiler.source import Span

WIDTH = 120
"""Columns of source text that are shown of one line."""
_COLORS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}
_FRAME, _BOLD, _HELP = "34", "1", "1;32"


@dataclass(frozen=True, slots=True)
class _Mark:
    """Columns ``[start, end)`` of a line (from 0) to underline, with words beside."""

    start: int
    end: int
    sign: str
    text: str
    style: str


def _paint(text: str, style: str, color: bool) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if color and text else text


def _shown(character: str) -> str:
    if character == "\t":
        return "    "
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") and character not in "\u200d":
        return "\N{REPLACEMENT CHARACTER}"
    return character


def visible(text: str) -> str:
    """The text with control characters replaced, so that it cannot steer a terminal."""
    return "".join(_shown(character) for character in text)


def _columns(text: str) -> int:
    total = 0
    for character in text:
        if unicodedata.combining(character):
            continue
        total += 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
    return total


def as_text(diagnostic: Diagnostic, sources: Mapping[str, Lines], color: bool = False) -> str:
    """A diagnostic for a terminal. ``sources``: texts by the path of their spans; without one only the path is said."""
    style = _COLORS[diagnostic.severity]
    head = _paint(f"{diagnostic.severity}[{diagnostic.code}]", style, color)
    out = [f"{head}: {_paint(visible(diagnostic.message), _BOLD, color)}"]
    gutter = 1
    if diagnostic.span is not None:
        excerpt, gutter = _excerpt(diagnostic, diagnostic.span, sources, color)
        out += excerpt
    edge = " " * gutter + " " + _paint("=", _FRAME, color)
    if diagnostic.hint:
        out.append(f"{edge} {_paint('help', _HELP, color)}: {visible(diagnostic.hint)}")
    out += [f"{edge} {_paint('note', _BOLD, color)}: {visible(note)}" for note in diagnostic.notes]
    out += [f"{edge} {_paint('fix', _HELP, color)}: {visible(fix.title)}" for fix in diagnostic.fixes]
    return "\n".join(out)


def _excerpt(diagnostic: Diagnostic, span: Span, sources: Mapping[str, Lines], color: bool) -> tuple[list[str], int]:
    lines = sources.get(span.path)
    if lines is None:
        return [f" {_paint('-->', _FRAME, color)} {visible(span.path)}"], 1
    at = lines.position(span.start)
    marks: dict[int, list[_Mark]] = {}
    _add(marks, lines, span, "^", "", _COLORS[diagnostic.severity])
    elsewhere: list[str] = []
    for label in diagnostic.labels:
        if label.span.path == span.path:
            _add(marks, lines, label.span, "-", label.text, "1;34")
        else:
            other = sources.get(label.span.path)
            place = other.position(label.span.start) if other else None
            where = f"{label.span.path}:{place.line}:{place.column}" if place else label.span.path
            elsewhere.append(f"{visible(where)}: {visible(label.text)}")
    gutter = len(str(max(marks)))
    frame = _paint("|", _FRAME, color)
    out = [f"{' ' * gutter}{_paint('-->', _FRAME, color)} {visible(span.path)}:{at.line}:{at.column}"]
    out.append(f"{' ' * gutter} {frame}")
    before = 0
    for number in sorted(marks):
        if before and number > before + 1:
            out.append(_paint("...", _FRAME, color))
        before = number
        out += _marked_line(lines.line(number), number, gutter, marks[number], frame, color)
    out += [f"{' ' * gutter} {_paint('::', _FRAME, color)} {words}" for words in elsewhere]
    return out, gutter


def _add(marks: dict[int, list[_Mark]], lines: Lines, span: Span, sign: str, text: str, style: str) -> None:
    """Marks the first line of a span; of one that goes on over lines, to that line's end."""
    begin = lines.position(span.start)
    width = len(lines.line(begin.line))
    start = min(begin.column - 1, width)
    end = min(start + max(1, span.end - span.start), max(width, start + 1))
    marks.setdefault(begin.line, []).append(_Mark(start, end, sign, text, style))


def _marked_line(line: str, number: int, gutter: int, marks: list[_Mark], frame: str, color: bool) -> list[str]:
    first = min(mark.start for mark in marks)
    cut = max(0, first - WIDTH // 2) if len(line) > WIDTH else 0
    shown = line[cut : cut + WIDTH]
    lead = "…" if cut else ""
    tail = "…" if cut + WIDTH < len(line) else ""
    out = [f"{_paint(f'{number:>{gutter}}', _FRAME, color)} {frame} {lead}{visible(shown)}{tail}".rstrip()]
    for mark in sorted(marks, key=lambda mark: (mark.sign != "^", mark.start)):
        if mark.start - cut > WIDTH:
            continue
        indent = _columns(visible(line[cut : mark.start])) + len(lead)
        end = min(mark.end, cut + WIDTH)
        width = max(1, _columns(visible(line[mark.start : end])))
        words = f" {visible(mark.text)}" if mark.text else ""
        out.append(f"{' ' * gutter} {frame} {' ' * indent}{_paint(mark.sign * width + words, mark.style, color)}")
    return out
