"""Parts of visuals: `eq[tex`Q`]`, `chart.bars[2]`, `listing.lines[3..5]`, `list.caption`, in canonical spelling.

Invariant: a selector made here is one that the component declares; whether this very formula or chart has it is known
once it is laid out.
"""

from __future__ import annotations

from pvc.compiler.check.context import Context, replacing, suggestion
from pvc.compiler.check.expressions import evaluate
from pvc.compiler.check.things import UNKNOWN, ConceptThing, PartThing, Thing, Unknown, Visual
from pvc.compiler.check.types import describe
from pvc.compiler.check.unread import UNREAD_NAMES
from pvc.compiler.diagnostics.model import Fix
from pvc.compiler.model.values import Interval, Record, Table, Tex
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree


def quoted(text: str) -> str:
    """The text as it stands in a selector: `"` and `\\` escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def bare_part(ctx: Context, visual: Visual, name: str, span: Span) -> Thing:
    """`chart.caption`; for a part with an index, what `[...]` may be applied to."""
    component = visual.component
    if visual.broken and name not in visual.parts:
        return UNKNOWN
    if name not in visual.parts:
        parts = [each for each in visual.parts if each != "tex"]
        hint, fixes = suggestion(name, parts, Span(span.path, span.end - len(name), span.end))
        if not parts:
            hint = f"`{component.name}` declares no parts that have names"
        ctx.report("PVC0327", f"`{component.name}` has no part `{name}`", span, hint, fixes=fixes)
        return UNKNOWN
    if component.body:
        return _inner_part(ctx, visual, name, span)
    return PartThing(visual, name, "bare" if visual.parts[name] is None else "group")


def part_of(ctx: Context, part: PartThing, name: str, span: Span) -> Thing:
    """`card.formula.caption`: a part of the visual that a part is."""
    if isinstance(part.within, Visual):
        return within(part, bare_part(ctx, part.within, name, span))
    if isinstance(part.within, PartThing):
        return within(part, part_of(ctx, part.within, name, span))
    if part.kind == "group" and part.visual.built is not None and part.selector in part.visual.built.parts:
        message = f"`{part.selector}` are many: say which"
        ctx.report("PVC0327", message, span, f"write `{part.selector}[1].{name}`")
        return UNKNOWN
    group = part.kind == "group" and part.visual.parts.get(part.selector)
    hint = f'one of them is `{part.selector}["{name}"]`' if group and group.name == "text" else None
    ctx.report("PVC0213", f"{describe(part)} has no `{name}`", span, hint)
    return UNKNOWN


def within(part: PartThing, inner: Thing) -> Thing:
    """What is a part of a part, as a part of the visual outside."""
    if not isinstance(inner, PartThing):
        return inner
    return PartThing(part.visual, f"{_prefix(part)}{inner.selector}", inner.kind, inner)


def _prefix(part: PartThing) -> str:
    """What stands before the selectors of what a part is made of."""
    if isinstance(part.within, PartThing):
        return part.selector[: len(part.selector) - len(part.within.selector)]
    return f"{part.selector}."


def _inner_part(ctx: Context, visual: Visual, name: str, span: Span) -> Thing:
    """A part of a component that is made of others, by its name."""
    component = visual.component
    if visual.parts[name] is not None:
        return PartThing(visual, name, "group")
    aims = visual.built.parts.get(name, ()) if visual.built is not None else ()
    known = aims[0] if aims else (visual.facts.aims.get(name) if visual.facts is not None else None)
    if visual.built is not None and not aims:
        message = f"this `{component.name}` has no part `{name}`"
        ctx.report("PVC0327", message, span, "with its arguments, or in this talk, that is not shown")
        return UNKNOWN
    if known is not None and known.kind == "visual":
        return PartThing(visual, name, "bare", known.visual)
    return PartThing(visual, name, "bare")


def part_at(ctx: Context, scope: Scope, expr: tree.Index) -> Thing:
    """`base[index]`: of a visual, a group of its parts, a list or a table."""
    base = evaluate(ctx, scope, expr.base)
    span = scope.span(expr.at)
    match base:
        case Unknown():
            return UNKNOWN
        case Visual():
            return _of_visual(ctx, scope, base, expr, span)
        case PartThing(kind="group"):
            return _of_group(ctx, scope, base, expr, span)
        case PartThing() if base.within is not None:
            return _of_part(ctx, scope, base, expr, span)
        case tuple():
            return _item(ctx, scope, base, expr)
        case Table():
            index = _count(ctx, scope, expr.index, len(base.rows), "rows")
            if index is None:
                return UNKNOWN
            return Record(tuple(zip(base.columns, base.rows[index - 1], strict=True)))
        case PartThing():
            ctx.report("PVC0327", f"the part `{base.selector}` has no parts of its own", span)
            return UNKNOWN
        case _:
            ctx.report("PVC0327", f"{describe(base)} has no parts", span, "parts belong to visuals, lists and tables")
            return UNKNOWN


def _of_part(ctx: Context, scope: Scope, part: PartThing, expr: tree.Index, span: Span) -> Thing:
    """`card.formula[tex`Q`]`: in the visual that a part is."""
    if isinstance(part.within, Visual):
        return within(part, _of_visual(ctx, scope, part.within, expr, span))
    if isinstance(part.within, PartThing):
        return within(part, _of_part(ctx, scope, part.within, expr, span))
    ctx.report("PVC0327", f"the part `{part.selector}` has no parts of its own", span)
    return UNKNOWN


def _count(ctx: Context, scope: Scope, expr: tree.Expr, length: int, what: str) -> int | None:
    value = evaluate(ctx, scope, expr)
    if isinstance(value, Unknown):
        return None
    span = scope.span(expr.at)
    if not isinstance(value, int) or isinstance(value, bool):
        ctx.report("PVC0326", f"{what} are counted by whole numbers, this is {describe(value)}", span)
        return None
    if not 1 <= value <= length:
        message = f"there are {length} {what}, counted from 1" if length else f"there are no {what}"
        ctx.report("PVC0320", message, span)
        return None
    return value


def _item(ctx: Context, scope: Scope, items: tuple[object, ...], expr: tree.Index) -> Thing:
    index = _count(ctx, scope, expr.index, len(items), "items")
    return UNKNOWN if index is None else items[index - 1]  # type: ignore[return-value]


def _of_visual(ctx: Context, scope: Scope, visual: Visual, expr: tree.Index, span: Span) -> Thing:
    component = visual.component
    index = expr.index
    fixes: tuple[Fix, ...] = ()
    if visual.broken:
        evaluate(ctx, scope, index)
        return UNKNOWN
    if isinstance(index, tree.Tagged) and index.tag == "tex":
        if "tex" not in visual.parts:
            ctx.report("PVC0327", f"`{component.name}` has no formula to point into", span, _parts_hint(visual))
            return UNKNOWN
        source = " ".join(index.raw.split())
        if not source:
            ctx.report(
                "PVC0327", "this sub-expression is empty", span, "write the part of the formula, as it stands there"
            )
            return UNKNOWN
        return PartThing(visual, f"tex:{source}", "tex")
    if "tex" in visual.parts and (isinstance(index, tree.Text) or _unknown_word(ctx, scope, index)):
        words = index.value if isinstance(index, tree.Text) else ".".join(index.parts)  # type: ignore[union-attr]
        wanted = f"tex`{words}`"
        fixes = (replacing(scope.span(index.at), wanted),) if words and "`" not in words else ()
        message = "a sub-expression of a formula is TeX"
        ctx.report("PVC0327", message, scope.span(index.at), f"write `[{wanted}]`", fixes=fixes)
        return UNKNOWN
    if isinstance(index, tree.Name):
        value = evaluate(ctx, scope, index)
        if isinstance(value, ConceptThing):
            return PartThing(visual, f"concept:{value.concept.name}", "concept")
        if isinstance(value, Tex) and "tex" in visual.parts:
            return PartThing(visual, f"tex:{' '.join(value.source.split())}", "tex")
        if isinstance(value, Unknown):
            return UNKNOWN
    groups = [name for name, kind in visual.parts.items() if kind is not None]
    fixes = ()
    hint = _parts_hint(visual)
    if len(groups) == 1 and isinstance(expr.base, tree.Name):
        base = scope.span(expr.base.at)
        fix = replacing(base, f"{'.'.join(expr.base.parts)}.{groups[0]}")
        fixes, hint = (fix,), f"write `{fix.edits[0].text}[...]`"
    ctx.report(
        "PVC0327", f"`[...]` does not say which kind of part of `{component.name}` is meant", span, hint, fixes=fixes
    )
    return UNKNOWN


def _unknown_word(ctx: Context, scope: Scope, index: tree.Expr) -> bool:
    """Whether an index is a bare word that nothing is called: a name or a formula that lacks its quotes."""
    if not isinstance(index, tree.Name) or len(index.parts) != 1:
        return False
    word = index.parts[0]
    known = scope.value(word) or scope.below(word) or scope.unit.find("modules", word)
    return known is None and word not in ctx.settings and word not in ctx.db.get(UNREAD_NAMES, scope.unit.path)


def _parts_hint(visual: Visual) -> str:
    component = visual.component
    named = [
        f"`.{name}[...]`" if kind is not None else f"`.{name}`" for name, kind in visual.parts.items() if name != "tex"
    ]
    if "tex" in visual.parts:
        named.append("[tex`...`]")
    return f"its parts: {', '.join(named)}" if named else f"`{component.name}` declares no parts"


def _of_group(ctx: Context, scope: Scope, group: PartThing, expr: tree.Index, span: Span) -> Thing:
    if isinstance(group.within, PartThing):
        return within(group, _of_group(ctx, scope, group.within, expr, span))
    name = group.selector
    kind = group.visual.parts[name]
    if kind is not None and kind.name == "text" and _unknown_word(ctx, scope, expr.index):
        word, there = expr.index.parts[0], scope.span(expr.index.at)  # type: ignore[union-attr]
        hint, fixes = suggestion(word, scope.known_values(), there)
        if not fixes:
            hint, fixes = f'a name stands in quotes: `{name}["{word}"]`', (replacing(there, f'"{word}"'),)
        ctx.report("PVC0207", f"there is no `{word}` here", there, hint, fixes=fixes)
        return UNKNOWN
    if isinstance(expr.index, tree.Binary) and expr.index.op == "-":
        ends = evaluate(ctx, scope, expr.index.left), evaluate(ctx, scope, expr.index.right)
        if all(type(end) is int for end in ends) and 0 < ends[0] < ends[1]:  # type: ignore[operator]
            wanted = f"{ends[0]}..{ends[1]}"
            fixes = (replacing(scope.span(expr.index.at), wanted),)
            message = "a range of parts is written with two dots"
            ctx.report("PVC0320", message, scope.span(expr.index.at), f"write `{name}[{wanted}]`", fixes=fixes)
            return UNKNOWN
    index = evaluate(ctx, scope, expr.index)
    if isinstance(index, Unknown):
        return UNKNOWN
    at = scope.span(expr.index.at)
    match index:
        case int() if not isinstance(index, bool):
            if index < 1:
                ctx.report("PVC0320", "parts are counted from 1", at, fixes=(replacing(at, "1"),))
                return UNKNOWN
            return PartThing(group.visual, f"{name}[{index}]", "index", _turn(group, index))
        case Interval(low=int() as low, high=int() as high):
            if low < 1:
                ctx.report("PVC0320", "parts are counted from 1", at, fixes=(replacing(at, f"1..{max(1, high)}"),))
                return UNKNOWN
            return PartThing(group.visual, f"{name}[{low}..{high}]" if low != high else f"{name}[{low}]", "index")
        case str() if kind is not None and kind.name == "text":
            return PartThing(group.visual, f"{name}[{quoted(index)}]", "index", _turn(group, index))
        case ConceptThing():
            return PartThing(group.visual, f"concept:{index.concept.name}", "concept")
    if kind is not None and kind.name == "text":
        message = f"`{name}` are named by a text or counted from 1, this is {describe(index)}"
        ctx.report("PVC0326", message, at, f'write `{name}["name"]` or `{name}[2]`')
    else:
        ctx.report(
            "PVC0326",
            f"`{name}` are counted from 1, this is {describe(index)}",
            at,
            f"write `{name}[2]` or `{name}[2..4]`",
        )
    return UNKNOWN


def _turn(group: PartThing, index: int | str) -> Visual | None:
    """The inner visual that one of a loop's parts is; None where it is none, or there is no such one (which the layout
    knows as well)."""
    built = group.visual.built
    aims = built.parts.get(group.selector, ()) if built is not None else ()
    if isinstance(index, int):
        aims = aims[index - 1 : index]
    else:
        aims = tuple(aim for aim in aims if aim.key == index)
    return aims[0].visual if aims and aims[0].kind == "visual" else None
