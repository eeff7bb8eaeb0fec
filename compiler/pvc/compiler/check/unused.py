"""What a file declares and nothing uses."""

from __future__ import annotations

from pvc.compiler.check.context import Context
from pvc.compiler.check.removal import removing
from pvc.compiler.check.things import UNKNOWN, ConceptThing
from pvc.compiler.diagnostics.model import Fix
from pvc.compiler.model.values import Table
from pvc.compiler.resolve.scope import Scope, Unit
from pvc.compiler.syntax import tree


def unused(ctx: Context, unit: Unit) -> None:
    """Warns of the declarations of a talk's file that nothing uses. Names that begin with `_` are left alone."""
    for namespace in (unit.values, unit.modules, unit.components, unit.themes):
        for binding in namespace.values():
            if binding.used or binding.kind in ("concept", "font") or binding.name.startswith("_"):
                continue
            if binding.value is UNKNOWN:
                continue  # it was reported already
            node = binding.node
            fixes: tuple[Fix, ...] = ()
            if isinstance(node, tree.Let | tree.Declaration | tree.Use | tree.ComponentDecl | tree.ThemeDecl):
                fixes = removing(Scope(unit, binding.base), node.at, safe=binding.kind == "module")
            ctx.warn(
                "PVC0701",
                f"`{binding.name}` is never used"
                if binding.kind == "let"
                else f"the {binding.kind} `{binding.name}` is never used",
                binding.span,
                "remove it, or use it",
                fixes=fixes,
            )
    _unspoken(ctx, unit)


def _unspoken(ctx: Context, unit: Unit) -> None:
    """Entries of the lexicon and concepts that nothing speaks of. Looked for in the text of all other items, so that
    what stands in a branch for another audience counts."""
    wanted = [block for block in unit.file.blocks if isinstance(block.item, tree.Lexicon | tree.Concept)]
    if not wanted:
        return
    rest = [block.text for block in unit.file.blocks if not isinstance(block.item, tree.Lexicon | tree.Concept)]
    spoken = "\n".join(rest).casefold()
    for block in wanted:
        item, scope = block.item, Scope(unit, block.start)
        for entry in item.entries if isinstance(item, tree.Lexicon) else ():
            if isinstance(entry, tree.LexiconEntry) and entry.written.value.strip().casefold() not in spoken:
                ctx.warn(
                    "PVC0743",
                    f"nobody says `{entry.written.value}`",
                    scope.span(entry.at),
                    "remove the entry, or spell it as the narration does",
                    fixes=removing(scope, entry.at),
                )
        if isinstance(item, tree.Concept):
            _concept(ctx, unit, item, scope, spoken)


def _concept(ctx: Context, unit: Unit, item: tree.Concept, scope: Scope, spoken: str) -> None:
    binding = unit.values.get(item.name)
    if binding is None or binding.used or item.name.startswith("_") or not isinstance(binding.value, ConceptThing):
        return
    concept = binding.value.concept
    if any(word.casefold() in spoken for word in concept.words):
        return
    bare = "".join(spoken.split())
    if any("".join(symbol.casefold().split()) in bare for symbol in concept.symbols):
        return
    cells = {
        cell.casefold()
        for each in unit.values.values()
        if isinstance(each.value, Table)
        for row in each.value.rows
        for cell in row
        if isinstance(cell, str)
    }
    if any(word.casefold() in cell for word in concept.words for cell in cells):
        return
    ctx.warn(
        "PVC0744",
        f"nothing speaks of the concept `{item.name}`",
        scope.span(item.name_at),
        "remove it, or give it the words and symbols of the talk",
        fixes=removing(scope, item.at),
    )
