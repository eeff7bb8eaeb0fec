"""What a file declares and nothing uses."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Set

from pvc.compiler.check.context import Context
from pvc.compiler.check.queries import VALUE
from pvc.compiler.check.removal import removing
from pvc.compiler.check.things import UNKNOWN, ConceptThing, Thing
from pvc.compiler.check.unread import UNREAD_WORDS
from pvc.compiler.diagnostics.model import Applicability, Fix
from pvc.compiler.model.values import Table
from pvc.compiler.query import Query
from pvc.compiler.resolve.files import ITEMS
from pvc.compiler.resolve.scope import FileBinding, Scope, Unit
from pvc.compiler.resolve.sources import LAID, Sources
from pvc.compiler.syntax import tree

_SAFE, _LIKELY = Applicability.SAFE, Applicability.SUGGESTED


def unused(ctx: Context, unit: Unit, uses: Set[Hashable]) -> None:
    """Warns of the declarations of a talk's file that nothing uses: ``uses`` holds (path, namespace, name) of what
    something does. Names that begin with `_` are left alone."""
    for namespace in (unit.values, unit.modules, unit.components, unit.themes):
        for binding in namespace.values():
            used = (unit.path, binding.space, binding.name) in uses
            if used or binding.kind in ("concept", "font") or binding.name.startswith("_"):
                continue
            if _reported(ctx, binding) or binding.name in ctx.db.get(UNREAD_WORDS, unit.path):
                continue
            node = binding.node
            fixes: tuple[Fix, ...] = ()
            if isinstance(node, tree.Let | tree.Declaration | tree.Use | tree.ComponentDecl | tree.ThemeDecl):
                fixes = removing(
                    Scope(unit, binding.base), node.at, trust=_SAFE if binding.kind == "module" else _LIKELY
                )
            ctx.warn(
                "PVC0701",
                f"`{binding.name}` is never used"
                if binding.kind == "let"
                else f"the {binding.kind} `{binding.name}` is never used",
                binding.span,
                "remove it, or use it",
                fixes=fixes,
            )
    _unspoken(ctx, unit, uses)


def _reported(ctx: Context, binding: FileBinding) -> bool:
    """Whether a name stands for nothing, which was said already."""
    if binding.space == "modules":
        return binding.value is None
    return binding.space != "components" and value_of(ctx, binding) is UNKNOWN


def value_of(ctx: Context, binding: FileBinding) -> Thing:
    """What a name of a file stands for, which is no use of it."""
    return ctx.db.get(VALUE, (ctx.env, binding.unit.path, binding.space, binding.name)).value


def _says(db: Sources, key: tuple[str, str, bool]) -> int | None:
    path, word, bare = key
    laid = db.get(LAID, path)

    def holds(block: tree.Block) -> bool:
        text = block.text.casefold()
        return word in ("".join(text.split()) if bare else text)

    last: int | None = db.before()
    known = laid.current(last) if last in laid.by_base else None
    if known is not None and not isinstance(known.item, tree.Lexicon | tree.Concept) and holds(known):
        return last
    rest = (base for base, block in laid.blocks if not isinstance(block.item, tree.Lexicon | tree.Concept))
    return next((base for base in rest if holds(laid.current(base))), None)


SAYS: Query[tuple[str, str, bool], int | None] = Query(
    "says", _says, lambda one, other: (one is None) == (other is None), label=lambda db, key: key[1]
)
"""A block of a file that holds a text (``bare``: without its spaces), lexicon and concepts left out; None where none
does. Which one it is is no part of the answer, only where to look first the next time."""


def _unspoken(ctx: Context, unit: Unit, uses: Set[Hashable]) -> None:
    """Entries of the lexicon and concepts that nothing speaks of. Looked for in the text of all other items, so that
    what stands in a branch for another audience counts."""
    db = ctx.db
    wanted = (*db.get(ITEMS, (unit.path, tree.Lexicon)), *db.get(ITEMS, (unit.path, tree.Concept)))

    def said(word: str, bare: bool = False) -> bool:
        return db.get(SAYS, (unit.path, word.casefold(), bare)) is not None

    for base, block in wanted:
        item, scope = block.item, Scope(unit, base)
        for entry in item.entries if isinstance(item, tree.Lexicon) else ():
            if ctx.crowded:
                return
            if isinstance(entry, tree.LexiconEntry) and not said(entry.written.value.strip()):
                ctx.warn(
                    "PVC0743",
                    f"nobody says `{entry.written.value}`",
                    scope.span(entry.at),
                    "remove the entry, or spell it as the narration does",
                    fixes=removing(scope, entry.at),
                )
        if isinstance(item, tree.Concept):
            _concept(ctx, unit, item, scope, said, uses)


def _concept(
    ctx: Context, unit: Unit, item: tree.Concept, scope: Scope, said: Callable[..., bool], uses: Set[Hashable]
) -> None:
    binding = unit.values.get(item.name)
    used = (unit.path, "values", item.name) in uses
    value = value_of(ctx, binding) if binding is not None else None
    if used or item.name.startswith("_") or not isinstance(value, ConceptThing):
        return
    concept = value.concept
    if any(said(word) for word in concept.words):
        return
    if any(said("".join(symbol.split()), bare=True) for symbol in concept.symbols):
        return
    cells = {
        cell.casefold()
        for table in (value_of(ctx, each) for each in unit.values.values())
        if isinstance(table, Table)
        for row in table.rows
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
