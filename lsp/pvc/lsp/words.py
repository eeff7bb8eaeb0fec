"""What a word means that is no name: keywords, effects, places, formats, units, types, colours of the theme, parts,
columns, TeX commands."""

from __future__ import annotations

import re
from fractions import Fraction

from pvc.compiler.check.settings import EXPECTED, format_names
from pvc.compiler.check.units import DEGREES, SECONDS
from pvc.compiler.check.verbs import BACKENDS
from pvc.compiler.model.values import Table
from pvc.compiler.resolve.scope import Unit
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.lsp import describe
from pvc.lsp.analysis import Analysis
from pvc.lsp.completion import ITEMS, STATEMENTS
from pvc.lsp.context import Context, context_at, locals_before, loops_before
from pvc.lsp.navigation import component_named
from pvc.lsp.tex import COMMANDS

EFFECTS = {
    "fade": "comes out of the background",
    "write": "is written, letter by letter",
    "draw": "is drawn, line by line",
    "grow": "grows to its size",
    "wipe": "is uncovered from one side to the other",
    "cut": "is there at once, in no time",
}
REGIONS = {
    **dict.fromkeys(("left", "right", "top", "bottom"), "half of the frame, inside the margins"),
    "center": "the body of the frame, as where no place is given",
    "full": "all inside the margins; pictures to the frame's edges",
}
CLAUSES = {
    "with": "The effect: how it comes, goes or becomes another.",
    "for": "How long it takes.",
    "as": "A name to speak of it by.",
    "on": "The backend that draws it.",
    "fallback": "The backend that draws it where the chosen one is missing.",
    "in": "The place in the frame.",
    "to": "Where it goes.",
    "at": "Where its centre is, from the left and from the top.",
    "width": "At most this share of the frame's width.",
    "below": "Below a visual that is on screen.",
    "above": "Above a visual that is on screen.",
    "color": "The colour that it takes.",
    "into": "What it becomes.",
    "from": "The paper that it rests on.",
    "quote": "Words that stand in the paper at that place.",
    "transition": "How the scene gives way to the next.",
    "voice": "Who speaks.",
    "language": "The language that is spoken.",
    "gain": "How much louder or softer, in decibels.",
}
_WORD = re.compile(r"\\?\w+(?:\.\w+)*%?")
_QUANTITY = re.compile(r"(\d[\d_]*(?:\.\d+)?)(ms|min|s|h|f|deg|turn)")
_PART = re.compile(r"([^\W\d]\w*)\.([^\W\d]\w*)")


def word_at(analysis: Analysis, offset: int) -> tuple[Span, str] | None:
    """The word at an offset of a `.vid` file, and what it means there; None for one that means nothing by itself."""
    text = analysis.lines.text
    line = analysis.lines.place(offset).line
    start = analysis.lines.start(line)
    words = _WORD.finditer(analysis.lines.line(line))
    match = next((each for each in words if start + each.start() <= offset <= start + each.end()), None)
    if match is None or analysis.unit is None:
        return None
    low, high = start + match.start(), start + match.end()
    found = context_at(text, low)
    word = match.group()
    if found.inside == "tex":
        meaning = COMMANDS.get(word[1:]) if word.startswith("\\") else None
        return (Span(analysis.path, low, high), f"`{word}`: {meaning}.") if meaning else None
    if found.inside != "code":
        return None
    said = (
        _dotted(analysis, analysis.unit, found, text, word, low, offset)
        or _given(analysis.unit, found, text, word, low)
        or _plain(analysis, found, word)
    )
    return (Span(analysis.path, low, high), said) if said else None


def _dotted(analysis: Analysis, unit: Unit, found: Context, text: str, word: str, low: int, offset: int) -> str | None:
    """`theme.accent`, `list.items`, `table.column`."""
    match = _PART.match(word)
    if match is None or offset < low + match.start(2):
        return None
    owner, name = match.groups()
    if owner == "theme" and analysis.program is not None:
        for known, color in analysis.program.theme.colors:
            if known == name:
                return f"`theme.{name}`: #{color.red:02x}{color.green:02x}{color.blue:02x} in this talk's theme."
    table = unit.find("values", loops_before(text, found, low).get(owner, owner))
    if table is not None and isinstance(table.value, Table):
        return _column(table.value, name)
    made = locals_before(text, found, low).get(owner)
    binding = component_named(unit, tuple(made.split("."))) if made else None
    if binding is not None and isinstance(binding.node, tree.ComponentDecl):
        for each in describe.parts_of(binding.node.body):
            if each.name == name:
                return f"{describe.part(each)}: a part of `{binding.name}`."
    return None


def _given(unit: Unit, found: Context, text: str, word: str, low: int) -> str | None:
    """A column of a table that is given to the same call."""
    if found.call is None:
        return None
    for name in re.findall(r"\w+", text[found.call.start : low]):
        table = unit.find("values", name)
        if table is not None and isinstance(table.value, Table) and word in table.value.columns:
            return _column(table.value, word)
    return None


def _column(table: Table, name: str) -> str | None:
    if name not in table.columns:
        return None
    place = table.columns.index(name)
    first = ", ".join(f"`{_cell(row[place])}`" for row in table.rows[:3])
    more = ", ..." if len(table.rows) > 3 else ""
    return f"A column of {table.types[place]}: {first}{more}"


def _cell(value: object) -> str:
    return f"{float(value):g}" if isinstance(value, Fraction) else str(value)


def _plain(analysis: Analysis, found: Context, word: str) -> str | None:
    words = found.words
    last = words[-1] if words else ""
    if not words and not found.opened and word in ITEMS:
        return f"```vid\n{ITEMS[word]}\n```"
    if not words and found.item in ("scene", "component", "talk") and word in STATEMENTS:
        return f"```vid\n{STATEMENTS[word]}\n```"
    if last == "with" and word in EFFECTS:
        return f"`{word}`: it {EFFECTS[word]}."
    if last in ("in", "to") and word in REGIONS:
        return f"`{word}`: {REGIONS[word]}."
    if last in ("on", "fallback", "=") and word in BACKENDS:
        return f"`{word}`: a backend, which draws frames."
    if last == "expect" and word in EXPECTED:
        return f"`{word}`: what a film is measured for; the build fails where it is not as expected."
    if word in format_names() and analysis.program is not None:
        own = analysis.program.format
        told = f" {own.width} x {own.height} px at {float(own.fps):g} frames a second." if own.name == word else ""
        return f"`{word}`: a size and a frame rate.{told}"
    if words and word in CLAUSES and not (found.opened and found.opened[-1].bracket in "(["):
        return f"`{word}`: {CLAUSES[word]}"
    return _quantity(analysis, word)


def _quantity(analysis: Analysis, word: str) -> str | None:
    """A duration in frames of the film, an angle in degrees."""
    match = _QUANTITY.fullmatch(word)
    if match is None:
        return None
    value, unit = Fraction(match[1].replace("_", "")), match[2]
    if unit in DEGREES:
        return f"{float(value * DEGREES[unit]):g} degrees"
    if analysis.program is None:
        return None
    fps = analysis.program.format.fps
    seconds = value / fps if unit == "f" else value * SECONDS[unit]
    return f"{float(seconds):g} s, {float(seconds * fps):g} frames at {float(fps):g} a second"
