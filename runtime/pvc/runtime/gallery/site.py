"""The pages of a gallery, from templates: nothing in them is fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter

from pvc.compiler import library
from pvc.compiler.highlight.pygments_lexer import VidLexer
from pvc.runtime.build.outputs import write_output
from pvc.runtime.gallery.talks import FORMAT_SCENES, SHAPES

HEADINGS = {"": "Always there", "charts": "use std.charts", "diagrams": "use std.diagrams"}


@dataclass(frozen=True, slots=True)
class Swatches:
    """A theme with its colours: (token, `#rrggbb`)."""

    name: str
    prose: str
    colors: Sequence[tuple[str, str]]


def write_site(folder: Path, themes: Sequence[Swatches], seconds: Mapping[str, float]) -> None:
    """Writes index.html, themes.html, formats.html and style.css. ``seconds``: how long each component's clip is."""
    markdown = MarkdownIt("commonmark", {"html": False})
    environment = Environment(
        loader=PackageLoader("pvc.runtime.gallery"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["inline"] = lambda text: Markup(markdown.renderInline(text))
    environment.filters["prose"] = lambda text: Markup(markdown.render(text.replace("\n", "\n\n")))
    environment.filters["vid"] = _colored
    modules = [(HEADINGS.get(module, f"use std.{module}"), library.components(module)) for module in library.modules()]
    for page, values in {
        "index.html": {"modules": modules, "seconds": seconds},
        "themes.html": {"themes": themes},
        "formats.html": {"formats": SHAPES, "scenes": FORMAT_SCENES},
        "style.css": {"light": _style("friendly", "html"), "dark": _style("native", "html")},
    }.items():
        write_output(folder / page, environment.get_template(page).render(values).encode())


def _colored(text: str) -> Markup:
    return Markup(highlight(text, VidLexer(), HtmlFormatter(cssclass="vid")))


def _style(name: str, scope: str) -> Markup:
    """A Pygments style's rules for tokens; the box around them is the page's own."""
    formatter: Any = HtmlFormatter(style=name, cssclass="vid")  # Pygments is only partly typed
    rules = formatter.get_style_defs(f"{scope} .vid").splitlines()
    return Markup("\n".join(rule for rule in rules if f"{scope} .vid ." in rule))
