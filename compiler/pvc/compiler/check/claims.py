"""`claim "..." from x at "sec:label" quote "..."`: a statement held to its source."""

from __future__ import annotations

from pvc.compiler.check.context import Context, replacing, suggestion
from pvc.compiler.check.expressions import evaluate
from pvc.compiler.check.placeholders import behind
from pvc.compiler.check.things import PaperThing, Unknown
from pvc.compiler.check.types import clip, describe
from pvc.compiler.diagnostics.model import Fix
from pvc.compiler.model.program import ClaimSpec
from pvc.compiler.papers.paper import Paper
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree


def _source_wanted(ctx: Context, scope: Scope, node: tree.Claim) -> tuple[Fix, ...]:
    """The fix that names the talk's only paper."""
    papers = [binding.name for binding in scope.unit.values.values() if binding.kind == "paper"]
    if len(papers) != 1 or node.quote is not None or node.place is not None:
        return ()
    return behind(scope, node.at, f' from {papers[0]} quote "TODO"', f'add `from {papers[0]} quote "TODO"`')


def claim(ctx: Context, scope: Scope, node: tree.Claim) -> ClaimSpec | None:
    """The claim, checked against its source as far as it names one; None where the source is no paper."""
    span = scope.span(node.at)
    source: PaperThing | None = None
    if node.source is None:
        ctx.warn(
            "PVC0705",
            "this claim names no source",
            span,
            'add `from PAPER quote "..."` with the words that it rests on',
            fixes=_source_wanted(ctx, scope, node),
        )
    else:
        value = evaluate(ctx, scope, node.source)
        if isinstance(value, PaperThing):
            source = value
        elif not isinstance(value, Unknown):
            message = f"a claim rests on a paper, this is {describe(value)}"
            ctx.report("PVC0210", message, scope.span(node.source.at), 'declare one: `paper NAME = latex("main.tex")`')
        if node.quote is None:
            hint = 'add `quote "..."` with the words that it rests on'
            fixes = behind(scope, node.at, ' quote "TODO"', 'add `quote "TODO"`')
            ctx.warn("PVC0706", "this claim quotes nothing", span, hint, fixes=fixes)
    if source is not None and source.paper is not None:
        _held(ctx, scope, node, source)
    return ClaimSpec(
        node.text.value,
        ".".join(node.source.parts) if node.source is not None else None,
        node.place.value if node.place is not None else None,
        node.quote.value if node.quote is not None else None,
        span,
    )


def _held(ctx: Context, scope: Scope, node: tree.Claim, source: PaperThing) -> None:
    from pvc.compiler.papers.quotes import find_quote, mismatch

    paper = source.paper
    assert paper is not None
    name = source.source.name
    section: tuple[int, int] | None = None
    if node.place is not None:
        at = scope.span(node.place.at)
        label = paper.label(node.place.value)
        if label is None:
            _no_label(ctx, paper, name, node.place.value, at)
        else:
            section = (label.start, label.end)
    if node.quote is None:
        return
    at = scope.span(node.quote.at)
    quote = node.quote.value
    if len(quote.split()) < 2 and len(quote.strip()) < 8:
        ctx.report("PVC0603", "this quote is too short to hold a claim to", at, "quote a few words in a row")
        return
    found = find_quote(paper, quote)
    if not found:
        _no_quote(ctx, paper, name, quote, at)
        return
    inside = [place for place in found if section is None or (place[0] < section[1] and place[1] > section[0])]
    if not inside:
        others = [each.name for each in paper.labels if any(each.start <= start < each.end for start, _ in found)]
        where = f"it is in {', '.join(f'`{other}`' for other in others[:4])}" if others else "it is in another place"
        assert node.place is not None
        place = scope.span(node.place.at)
        ctx.report(
            "PVC0604",
            f"this quote is not in `{node.place.value}` of `{name}`",
            at,
            f"{where}; change `at`",
            fixes=tuple(replacing(place, f'"{other}"') for other in others[:4]),
        )
        return
    for problem in mismatch(node.text.value, paper.text, *inside[0]):
        ctx.warn(problem.code, problem.message, scope.span(node.text.at), problem.hint)


def _no_label(ctx: Context, paper: Paper, name: str, label: str, at: Span) -> None:
    if not paper.labels:
        ctx.report("PVC0602", f"`{name}` has no labels", at, "leave `at` away")
        return
    hint, near = suggestion(label, [each.name for each in paper.labels], at)
    fixes = tuple(replacing(at, quoted(fix.edits[0].text)) for fix in near)
    paged = all(each.kind == "page" for each in paper.labels)
    told = 'of a PDF name the page: `at "page 3"`' if paged else "labels are what the paper's \\label{...} say"
    hint = hint or told
    ctx.report("PVC0602", f"`{name}` has no label `{label}`", at, hint, fixes=fixes)


def _no_quote(ctx: Context, paper: Paper, name: str, quote: str, at: Span) -> None:
    from pvc.compiler.papers.quotes import nearest_quote

    near = nearest_quote(paper, quote)
    hint = "quote the paper's words as they are printed; `...` stands for words left out"
    notes = (f'the nearest passage: "{clip(near, 160)}"',) if near else ()
    fixes = (replacing(at, quoted(near)),) if near else ()
    ctx.report("PVC0603", f"this quote is not in `{name}`", at, hint, notes=notes, fixes=fixes)


def quoted(text: str) -> str:
    """The text as it is written in a spec."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
