"""Writes the pages that follow from something else: components.md from the standard library, errors/README.md from the
pages of the diagnostics, lints.md from the table of lints. Run `python docs/generate.py` after a change of any; a test
asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pvc.compiler import library
from pvc.compiler.diagnostics.catalogue import titles
from pvc.compiler.lints.table import LINTS

DOCS = Path(__file__).parent

HEADINGS = {
    "": "Always there",
    "charts": "Charts: `use std.charts`",
    "diagrams": "Diagrams: `use std.diagrams`",
}
"""Above the components of each standard module."""

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


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _code(text: str) -> str:
    return (
        f"`` {text} ``" if text.startswith("`") or text.endswith("`") else f"``{text}``" if "`" in text else f"`{text}`"
    )


def _parameter(found: library.Parameter) -> str:
    default = "needed" if found.default is None else _code(found.default)
    return f"| `{found.name}` | `{_cell(found.type)}` | {_cell(default)} | {_cell(found.doc)} |"


def _action(found: library.Action) -> str:
    clauses = (
        f"{_code(each.name)}: {_cell(each.doc)}" + (f" ({_code(each.default)})" if each.default is not None else "")
        for each in found.clauses
    )
    return "; ".join((_cell(found.doc), *clauses))


def _component(found: library.Component) -> Iterator[str]:
    yield f"### {found.name}\n"
    yield f"{found.prose}\n"
    yield "| parameter | type | default | meaning |\n|---|---|---|---|"
    yield "\n".join(_parameter(each) for each in found.parameters) + "\n"
    if found.parts:
        yield "| part | is |\n|---|---|"
        yield "\n".join(f"| {_code(part.selector)} | {_cell(part.doc)} |" for part in found.parts) + "\n"
    if found.actions:
        yield "| action | does |\n|---|---|"
        yield "\n".join(f"| {_code(each.usage)} | {_action(each)} |" for each in found.actions) + "\n"
    if found.backends:
        yield f"Drawn by canvas, and in its own way by {', '.join(found.backends)}.\n"
    yield f"```vid scene\n{found.example}\n```\n"


def components() -> str:
    """The page of all components."""
    out = [
        "# Components\n",
        "<!-- Written by docs/generate.py from stdlib/*.vid. Do not edit. -->\n",
        "What a talk can show. Arguments stand in the order of the table, or behind their names. Parts are what",
        "`highlight`, `reveal` and `focus` point at. Texts take a little markdown: `**bold**`, `*italic*`, code in",
        "backquotes, `$formulas$`. Every example is checked. In all of them `bleu` is a table with the columns `model`",
        "and `score`, `trials` one with `model`, `family`, `size`, `score` and `speed`, `counts` one with `year`,",
        "`family` and `papers`; `note` is a paper, `query` is a concept. `pvc docs` makes a gallery of it all with",
        "pictures and clips.",
        "The language itself is in [language.md](language.md).\n",
    ]
    for module in library.modules():
        out.append(f"## {HEADINGS[module]}\n")
        for found in library.components(module):
            out.extend(_component(found))
    return "\n".join(out).rstrip("\n") + "\n"


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


PAGES = {
    DOCS / "components.md": components,
    DOCS / "errors" / "README.md": errors,
    DOCS / "lints.md": lints,
}
"""What is written where."""

if __name__ == "__main__":
    for page, make in PAGES.items():
        page.write_text(make(), encoding="utf-8")
