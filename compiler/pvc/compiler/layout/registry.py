"""From the name that a component declares (`layout = "equation"`) to the code that lays it out, and a memory.

Implementations are imported when first needed, so that nobody pays for matplotlib who draws no chart. A result is kept
in the process and through the World, under a key of everything that it depends on: the arguments, the box, what of the
environment a layout may read, the font files at hand and the code itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import cast

from pvc.compiler import codec
from pvc.compiler.digest import canonical, code_digest, digest_bytes, digest_of, installed
from pvc.compiler.layout.component import Box, Env, Layout
from pvc.compiler.model.display import Fragment, Problem
from pvc.compiler.model.values import Value

LAYOUTS = {
    "arrangement": "pvc.compiler.layout.arrangement:lay_out",
    "title": "pvc.compiler.layout.titles:title",
    "heading": "pvc.compiler.layout.titles:heading",
    "end_card": "pvc.compiler.layout.titles:end_card",
    "lower_third": "pvc.compiler.layout.titles:lower_third",
    "text": "pvc.compiler.layout.prose:text",
    "bullets": "pvc.compiler.layout.prose:bullets",
    "quote": "pvc.compiler.layout.prose:quote",
    "citation": "pvc.compiler.layout.prose:citation",
    "equation": "pvc.compiler.layout.formulas:equation",
    "matrix": "pvc.compiler.layout.matrix:lay_out",
    "number_line": "pvc.compiler.layout.plots.number_line:lay_out",
    "derivation": "pvc.compiler.layout.formulas:derivation",
    "code": "pvc.compiler.layout.code:code",
    "algorithm": "pvc.compiler.layout.algorithm:lay_out",
    "chart.bar": "pvc.compiler.layout.charts.bar:lay_out",
    "chart.line": "pvc.compiler.layout.charts.line:lay_out",
    "chart.scatter": "pvc.compiler.layout.charts.scatter:lay_out",
    "chart.histogram": "pvc.compiler.layout.charts.histogram:lay_out",
    "chart.heatmap": "pvc.compiler.layout.charts.heatmap:lay_out",
    "chart.box": "pvc.compiler.layout.charts.box:lay_out",
    "chart.pie": "pvc.compiler.layout.charts.pie:lay_out",
    "chart.area": "pvc.compiler.layout.charts.area:lay_out",
    "axes": "pvc.compiler.layout.plots.axes:lay_out",
    "diagram.flow": "pvc.compiler.layout.diagrams.flow:flow",
    "diagram.graph": "pvc.compiler.layout.diagrams.flow:graph",
    "diagram.tree": "pvc.compiler.layout.diagrams.tree:lay_out",
    "diagram.sequence": "pvc.compiler.layout.diagrams.sequence:lay_out",
    "diagram.neural_net": "pvc.compiler.layout.diagrams.neural_net:lay_out",
    "diagram.timeline": "pvc.compiler.layout.diagrams.timeline:lay_out",
    "table": "pvc.compiler.layout.table:lay_out",
    "image": "pvc.compiler.layout.pictures:image",
    "space.surface": "pvc.compiler.layout.space.surface:lay_out",
    "space.cloud": "pvc.compiler.layout.space.cloud:lay_out",
    "space.network": "pvc.compiler.layout.space.network:lay_out",
    "space.molecule": "pvc.compiler.layout.space.molecule:lay_out",
    "progress": "pvc.compiler.layout.progress:progress",
    "logo_sting": "pvc.compiler.layout.logo:logo_sting",
    "video": "pvc.compiler.layout.videos:video",
    "figure": "pvc.compiler.layout.pictures:figure",
    "program": "pvc.compiler.layout.programs:program",
}
"""`module:function` by layout name."""

TOO_LARGE = frozenset({"PVC0503", "PVC0541", "PVC0553", "PVC0555"})
"""Codes of problems with layouts that do not fit their place."""

OF_THE_THEME = frozenset({"PVC0506"})
"""Codes of problems that every fragment of a talk repeats, because its theme is to blame."""

_CODE = ("pvc.compiler.layout", "pvc.compiler.text", "pvc.compiler.math", "pvc.compiler.model.display")

_memory: dict[str, Fragment] = {}
_MEMORY_SIZE = 2000


def known(name: str) -> bool:
    """Whether a component may declare this layout."""
    return name in LAYOUTS


def lay_out(name: str, arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """The fragment of a component. Equal inputs give an equal fragment, in this process or another; whatever is wrong
    with them is among its ``problems``."""
    if name not in LAYOUTS:
        problem = Problem(
            "PVC0501", f"no layout is named `{name}`", "see `layout = ...` in the component's declaration"
        )
        return Fragment(0.0, 0.0, (), problems=(problem,))
    key = layout_key(name, arguments, box, env)
    found = _memory.get(key)
    if found is None:
        found = _recalled(key, env)
        if found is None:
            found = _fresh(name, arguments, box, env)
            env.world.remember(key, canonical(found))
        if len(_memory) >= _MEMORY_SIZE:
            _memory.clear()
        _memory[key] = found
    return found


def layout_key(name: str, arguments: Mapping[str, Value], box: Box, env: Env) -> str:
    """The digest of all that a layout depends on. Arguments hold digests of files, never their paths' contents."""
    return digest_of(
        (
            "layout",
            *(name, tuple(sorted(arguments.items())), box),
            *(
                env.theme,
                env.concepts,
                env.language,
                env.reference,
                tuple(sorted(env.addressed)),
                env.font_files,
                env.programs,
            ),
            *(_code(name), _fonts(), installed()),
        )
    )


def fragment_digest(fragment: Fragment) -> str:
    """The digest under which a fragment is stored: of its canonical bytes."""
    return digest_bytes(canonical(fragment))


@cache
def _code(name: str) -> str:
    return code_digest((*_CODE, LAYOUTS[name].partition(":")[0]))


@cache
def _fonts() -> str:
    from pvc.compiler.text.fonts import identity

    return identity()


def _recalled(key: str, env: Env) -> Fragment | None:
    data = env.world.recall(key)
    if data is None:
        return None
    try:
        value = codec.decode(data)
    except codec.Undecodable:  # a damaged memory costs time, never correctness
        return None
    return value if isinstance(value, Fragment) else None


@cache
def implementation(name: str) -> Layout:
    """The function behind a layout's name, imported now."""
    module, _, function = LAYOUTS[name].partition(":")
    return cast(Layout, getattr(import_module(module), function))


def _fresh(name: str, arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    fragment = implementation(name)(arguments, box, env)
    strange = _unknown_families(env)
    return replace(fragment, problems=(*fragment.problems, *strange)) if strange else fragment


def _unknown_families(env: Env) -> tuple[Problem, ...]:
    """A theme may name a family that nobody has; its text is then set in another, which nobody asked for."""
    from pvc.compiler.text.fonts import CATALOGUE, unknown_families

    return tuple(
        Problem(
            "PVC0506",
            f"the theme `{env.theme.name}` names the font family “{family}”, which is not installed",
            f'declare its file, `font own = file("fonts/x.ttf")`, or choose one of {", ".join(sorted(CATALOGUE))}',
        )
        for family in unknown_families(env)
    )
