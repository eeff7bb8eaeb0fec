"""`figure(from: paper, label: "fig:x")`: a figure out of a paper, with its caption and a credit."""

from __future__ import annotations

import os
import re

from pvc.compiler.check.assets import asset_at
from pvc.compiler.check.calls import complete
from pvc.compiler.check.components import Component
from pvc.compiler.check.context import Context, replacing, suggestion
from pvc.compiler.check.expressions import evaluate
from pvc.compiler.check.fit import read
from pvc.compiler.check.things import UNKNOWN, PaperThing, Thing, Unknown
from pvc.compiler.check.types import INT, TEXT, describe
from pvc.compiler.model.program import Source
from pvc.compiler.model.values import Asset
from pvc.compiler.papers.paper import REFERENCE, Paper, PaperFigure
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.compiler.world import Unreadable

EXTENSIONS = ("", ".pdf", ".png", ".jpg", ".jpeg", ".webp")


def from_paper(ctx: Context, scope: Scope, expr: tree.Call, component: Component) -> Thing:
    """The figure as a visual; ``index`` (from 1) chooses where a label names several pictures."""
    own = {"from", "label", "index"}
    special = {argument.name: argument for argument in expr.arguments if argument.name in own}
    rest = [argument for argument in expr.arguments if argument.name not in own]
    span = scope.span(expr.at)
    for name in ("from", "label"):
        if name not in special:
            ctx.report(
                "PVC0303",
                f"a figure from a paper needs `{name}`",
                scope.span(expr.callee.at),
                'as in `figure(from: edo, label: "fig:one")`',
            )
            return UNKNOWN
    paper_expr, label_expr = special["from"].value, special["label"].value
    source = evaluate(ctx, scope, paper_expr)
    label = read(ctx, scope, label_expr, TEXT, "`label` of `figure`")
    index = read(ctx, scope, special["index"].value, INT, "`index` of `figure`") if "index" in special else 1
    if isinstance(source, Unknown) or not isinstance(label, str) or not isinstance(index, int):
        return UNKNOWN
    if not isinstance(source, PaperThing):
        ctx.report(
            "PVC0301", f"`from` of `figure` takes a paper, this is {describe(source)}", scope.span(paper_expr.at)
        )
        return UNKNOWN
    paper = source.paper
    at = scope.span(label_expr.at)
    found = paper.figure(label) if paper is not None else None
    if paper is None:
        return UNKNOWN
    if found is None:
        _no_figure(ctx, paper, source.source.name, label, at)
        return UNKNOWN
    asset = _picture(ctx, paper, found, index, at)
    if asset is None:
        return UNKNOWN
    given: dict[str, tree.Argument] = {}
    sound = True
    for argument in rest:
        if argument.name is None or argument.name not in component.parameters or argument.name == "file":
            target = scope.span(argument.at)
            hint, _ = suggestion(argument.name or "", [*component.parameters, *own], target)
            ctx.report("PVC0302", "this argument does not go with `from`", target, hint if argument.name else "name it")
            sound = False
        else:
            given[argument.name] = argument
    preset: dict[str, Thing] = {"file": asset, "caption": caption(found.caption), "credit": credit(source.source)}
    if "page" in component.parameters:
        preset["page"] = asset.page or 1
    preset = {name: value for name, value in preset.items() if name not in given and name in component.parameters}
    return complete(ctx, scope, component, given, preset, span, scope.span(expr.callee.at), sound)


def credit(source: Source) -> str:
    """Who made it, in a few words: `Wilde et al., 2020`."""
    last = [name.split()[-1] for name in source.authors if name.split()]
    who = last[0] if len(last) == 1 else " and ".join(last) if len(last) == 2 else f"{last[0]} et al." if last else ""
    return ", ".join(part for part in (who or source.title or source.name, source.year) if part)


def caption(text: str) -> str:
    """A caption as it is shown: references to other places, whose numbers are not known, left out."""
    text = re.sub(r"\s*\((?:see|cf\.)?[^()]*" + REFERENCE + r"[^()]*\)", "", text)
    kinds = "Sections?|Sec\\.|Figures?|Figs?\\.|Tables?|Tab\\.|Equations?|Eqs?\\.|Algorithms?|Appendix|Appendices"
    text = re.sub(rf"[,;]?\s+(?:see|cf\.|of|in|from|by|at)\s+(?:the\s+)?(?:{kinds})\s*{REFERENCE}", "", text)
    return " ".join(text.replace(REFERENCE, "…").split())


def _no_figure(ctx: Context, paper: Paper, name: str, label: str, at: Span) -> None:
    known = [each.label for each in paper.figures]
    other = paper.label(label)
    if other is not None:
        hint, fixes = f"it names a {other.kind}", ()
    elif paper.kind == "pdf":
        hint, fixes = (
            'a PDF has no labels: show a page of it with `figure(file: "paper.pdf", page: 3, crop: [...])`',
            (),
        )
    else:
        near, near_fixes = suggestion(label, known, at)
        hint = near or "figures are found by the paper's \\label{...}"
        fixes = tuple(replacing(at, f'"{fix.edits[0].text}"') for fix in near_fixes)  # type: ignore[assignment]
    ctx.report("PVC0620", f"`{name}` has no figure `{label}`", at, hint, fixes=fixes)


def _picture(ctx: Context, paper: Paper, figure: PaperFigure, index: int, at: Span) -> Asset | None:
    count = len(figure.files)
    if not 1 <= index <= count:
        ctx.report("PVC0320", f"`{figure.label}` has {count} picture{'s' if count > 1 else ''}, counted from 1", at)
        return None
    written, page = figure.files[index - 1]
    for folder in paper.folders:
        for extension in EXTENSIONS:
            path = os.path.normpath(os.path.join(folder, written + extension))
            try:
                ctx.world.digest(path)
            except Unreadable:
                continue
            found = asset_at(ctx, path, written + extension, "image", at)
            if not isinstance(found, Asset):
                return None
            return Asset(found.digest, found.path, found.kind, page if found.kind == "pdf" else None)
    looked = ", ".join(f"`{folder or '.'}`" for folder in paper.folders)
    hint = f'looked in {looked}; name its folder: `latex("...", figures: ["../img"])`'
    ctx.report("PVC0621", f"the picture `{written}` of `{figure.label}` is not there", at, hint)
    return None
