"""Writes the pages that follow from something else: components.md from the standard library, errors/README.md from the
pages of the diagnostics. Run `python docs/generate.py` after a change of either; a test asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pvc.compiler.diagnostics.catalogue import titles
from pvc.compiler.lints.table import LINTS
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.parser import parse

DOCS = Path(__file__).parent
STDLIB = DOCS.parent / "stdlib"

MODULES = (
    ("prelude", "", "Always there"),
    ("charts", "charts.", "Charts: `use std.charts`"),
    ("diagrams", "diagrams.", "Diagrams: `use std.diagrams`"),
)
"""Files of the standard library, what stands before a component's name in a call, and a heading."""

COMMON = {
    "title": "A heading above it.",
    "note": "Small print below it: where the data are from, say.",
    "data": "The rows.",
    "unit": "Of the values: `%`, `ms`, `$`.",
    "x": "The column along x.",
    "y": "The column along y.",
    "x_label": "Of the axis along x.",
    "y_label": "Of the axis along y.",
    "caption": "Below the picture.",
    "credit": "Who made it.",
    "text": "The words.",
    "content": "The words; an empty line begins another paragraph.",
    "items": "The entries.",
    "formula": "What to typeset.",
    "file": "A path, relative to the talk.",
    "name": "Who it is.",
    "role": "What they do.",
    "source": "A declared paper.",
    "citation": "What to cite.",
    "links": "Where to read on, one line each.",
    "credits": "Who and what helped.",
    "plots": "Functions of x.",
    "direction": "Which way it runs.",
    "scale": "Linear, or logarithmic.",
    "color": "Of the words.",
    "x_unit": "Of the values along x.",
    "arrangement": "How the nodes are placed.",
    "brackets": "Which brackets it has.",
    "sort": "The order of the bars; `none` keeps that of the rows.",
}
"""What parameters mean that are the same wherever they occur and whose declaration says nothing more."""

PARTS = {
    "title": "the heading",
    "note": "the small print",
    "axes": "both axes",
    "x_axis": "the axis along x",
    "y_axis": "the axis along y",
    "grid": "the lines behind",
    "caption": "the caption",
    "credit": "the credit",
    "subtitle": "the subtitle",
    "authors": "the authors",
    "text": "the words",
    "by": "who said it",
    "name": "the name",
    "role": "the role",
    "citation": "what to cite",
    "links": "a line of the links",
    "credits": "the credits",
    "rules": "the rules",
    "card": "the card behind it",
    "labels": "the names",
}

RANGES = (
    ("PVC00", "Reading files"),
    ("PVC01", "Syntax"),
    ("PVC02", "Names and modules"),
    ("PVC03", "Types and arguments"),
    ("PVC04", "Time, anchors, the life of visuals"),
    ("PVC05", "Layout, text, formulas, charts, contrast"),
    ("PVC06", "Claims, papers, data"),
    ("PVC07", "Lints"),
    ("PVC08", "Voices, media, backends"),
    ("PVC09", "The cache, outputs, this machine"),
)
"""Codes by their beginning."""


# ------------------------------------------------------------------------------------------------ components


def _type(kind: tree.TypeExpr) -> str:
    inner = ", ".join(_type(argument) for argument in kind.arguments)
    return f"{kind.name}<{inner}>" if inner else kind.name


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _example(name: str) -> str:
    """The example of a component, written by hand in docs/components/NAME.vid."""
    return (DOCS / "components" / f"{name}.vid").read_text(encoding="utf-8").rstrip("\n")


def _parameter(block: tree.Block, field: tree.FieldDecl) -> str:
    default = "needed" if field.default is None else f"`{block.text[field.default.at.start : field.default.at.end]}`"
    meaning = field.doc or COMMON.get(field.name, "")
    return f"| `{field.name}` | `{_cell(_type(field.type))}` | {_cell(default)} | {_cell(meaning)} |"


def _part(part: tree.PartDecl) -> str:
    if part.name == "tex":
        written = "``[tex`...`]``"
    elif part.name == "concept":
        written = "`[CONCEPT]`"
    elif part.index is None:
        written = f"`.{part.name}`"
    else:
        written = f'`.{part.name}["..."]`' if part.index.name == "text" else f"`.{part.name}[2]`"
    meaning = part.doc.value if part.doc is not None else PARTS.get(part.name, "")
    return f"| {written} | {_cell(meaning)} |"


def _component(prefix: str, block: tree.Block, item: tree.ComponentDecl) -> Iterator[str]:
    name = f"{prefix}{item.name}"
    yield f"### {name}\n"
    yield f"{item.trivia.doc or ''}\n"
    yield "| parameter | type | default | meaning |\n|---|---|---|---|"
    yield "\n".join(_parameter(block, field) for field in item.parameters) + "\n"
    parts = [each for each in item.body if isinstance(each, tree.PartDecl)]
    if parts:
        yield "| part | is |\n|---|---|"
        yield "\n".join(_part(part) for part in parts) + "\n"
    drawn = [each.backend for each in item.body if isinstance(each, tree.Render)]
    if drawn:
        yield f"Drawn by canvas, and in its own way by {', '.join(drawn)}.\n"
    yield f"```vid scene\n{_example(name)}\n```\n"


def components() -> str:
    """The page of all components."""
    out = [
        "# Components\n",
        "<!-- Written by docs/generate.py from stdlib/*.vid and the examples in docs/components/. Do not edit. -->\n",
        "What a talk can show. Arguments stand in the order of the table, or behind their names. Parts are what",
        "`highlight`, `reveal` and `focus` point at. Texts take a little markdown: `**bold**`, `*italic*`, code in",
        "backquotes, `$formulas$`. Every example is checked; `bleu` is a table with the columns `model` and `score`,",
        "`note` is a paper, and `query` is a concept. The language itself is in [language.md](language.md).\n",
    ]
    for module, prefix, heading in MODULES:
        path = STDLIB / f"{module}.vid"
        blocks = parse(path.read_text(encoding="utf-8"), path.name).file.blocks
        out.append(f"## {heading}\n")
        for block in blocks:
            if isinstance(block.item, tree.ComponentDecl):
                out.extend(_component(prefix, block, block.item))
    return "\n".join(out).rstrip("\n") + "\n"


def names() -> list[str]:
    """Every component as it is called."""
    found = []
    for module, prefix, _ in MODULES:
        path = STDLIB / f"{module}.vid"
        blocks = parse(path.read_text(encoding="utf-8"), path.name).file.blocks
        found += [f"{prefix}{block.item.name}" for block in blocks if isinstance(block.item, tree.ComponentDecl)]
    return found


# ------------------------------------------------------------------------------------------------ errors


def errors() -> str:
    """The index of all codes."""
    known = titles()
    out = [
        "# Diagnostics\n",
        "<!-- Written by docs/generate.py from the pages beside it. Do not edit. -->\n",
        "Each has a page here; `pvc explain CODE` shows it in the terminal.",
    ]
    for begin, heading in RANGES:
        out.append(f"\n## {begin}xx: {heading}\n\n| code | |\n|---|---|")
        out.extend(
            f"| [{code}]({code}.md) | {_cell(title[:1].upper() + title[1:])} |"
            for code, title in sorted(known.items())
            if code.startswith(begin)
        )
    return "\n".join(out) + "\n"


# ------------------------------------------------------------------------------------------------ lints


def lints() -> str:
    """The table of all lints."""
    known = titles()
    out = [
        "# Lints\n",
        "<!-- Written by docs/generate.py from the table of lints and the pages in docs/errors. Do not edit. -->\n",
        "What pvc says of a talk that is not wrong. Each is a warning, or a note where that is said, until a",
        "configuration or a comment says otherwise: see [levels](language.md#levels-of-lints). `pvc explain NAME`",
        "shows a page.\n",
        "| name | code | says | thresholds |\n|---|---|---|---|",
    ]
    for lint in LINTS:
        limits = "; ".join(f"`{one.name}` {float(one.default):g} {one.unit}" for one in lint.limits)
        title = known[lint.code]
        says = f"{title[:1].upper()}{title[1:]}{' (a note)' if lint.quiet else ''}"
        out.append(f"| `{lint.name}` | [{lint.code}](errors/{lint.code}.md) | {_cell(says)} | {limits} |")
    return "\n".join(out) + "\n"


PAGES = {DOCS / "components.md": components, DOCS / "errors" / "README.md": errors, DOCS / "lints.md": lints}
"""What is written where."""

if __name__ == "__main__":
    for page, make in PAGES.items():
        page.write_text(make(), encoding="utf-8")
