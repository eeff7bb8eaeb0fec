"""Scenes that data and settings make: `scene result "..." for row in bleu by row.model`, `scene proof if audience ==
expert`.

One statement makes a scene of each item of its `for`. A scene is known by its statement's name and the item's key, as
`result[Transformer]`, never by a number: so a row that is added makes one scene, and rows in another order make none.
Where the `if` of an item does not hold there is no scene; its statement is checked all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from pvc.compiler.check.context import Context
from pvc.compiler.check.expressions import evaluate, word_of
from pvc.compiler.check.interpolation import plain
from pvc.compiler.check.loops import truth, turns
from pvc.compiler.check.queries import Outcome, alike, context, outcome
from pvc.compiler.check.things import UNKNOWN, Thing, Unknown
from pvc.compiler.check.types import describe
from pvc.compiler.diagnostics.model import Label
from pvc.compiler.query import Query
from pvc.compiler.resolve.files import unit_of
from pvc.compiler.resolve.scope import Binding, Scope
from pvc.compiler.resolve.sources import BLOCK, Sources
from pvc.compiler.syntax import tree

MOST_SCENES = 1_000
"""Scenes that one statement may make."""

CLAUSES = ("for", "in", "by", "if")
"""The clauses of a scene that say how often there is one."""

OFTEN = frozenset({"PVC0701", "PVC0702", "PVC0703", "PVC0713"})
"""Findings about what is never used, told or shown: true of a statement where they are true of all its scenes."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One scene of a statement: what tells it from the others ("" without a `for`), what its variable stands for, and
    whether the talk has it."""

    key: str
    item: Thing
    kept: bool


def scene_id(name: str, key: str | None) -> str:
    """What a scene is called in a talk."""
    return f"{name}[{key}]" if key else name


def statement_of(scene: str) -> str:
    """The name of the statement that made a scene."""
    return scene.partition("[")[0]


def _clauses(ctx: Context, scope: Scope, node: tree.Scene) -> dict[str, tree.Clause] | None:
    """The clauses of a scene that say how often there is one, None where they make no sense together."""
    found: dict[str, tree.Clause] = {}
    sound = True
    for clause in node.clauses:
        if clause.keyword not in CLAUSES:
            continue
        if clause.keyword in found:
            ctx.report("PVC0311", f"`{clause.keyword}` is said twice", scope.span(clause.at), "keep one of them")
            sound = False
        found.setdefault(clause.keyword, clause)
    example = f"as in `scene {node.name} for row in table by row.name`"
    if "for" not in found:
        for keyword in ("in", "by"):
            if keyword in found:
                message = f"a scene takes `{keyword}` only behind `for`"
                ctx.report("PVC0331", message, scope.span(found[keyword].at), example)
                sound = False
    elif "in" not in found:
        ctx.report("PVC0331", "this `for` does not say what it runs over", scope.span(found["for"].at), example)
        sound = False
    elif word_of(found["for"].value) is None:
        ctx.report("PVC0331", "behind `for` stands a name", scope.span(found["for"].value.at), example)
        sound = False
    return found if sound else None


def with_item(scope: Scope, node: tree.Scene, item: Thing) -> Scope:
    """The scope of a scene's statement, in which its variable is known."""
    for clause in node.clauses:
        name = word_of(clause.value) if clause.keyword == "for" else None
        if name is not None:
            scope.names[name] = Binding(name, "for", scope.unit, scope.base, clause.value.at, clause, item, used=True)
    return scope


def _turns(db: Sources, key: tuple[int, int]) -> Outcome[tuple[Turn, ...]]:
    env, base = key
    path = db.env(env).path
    block = db.get(BLOCK, (path, base))
    if block is None or not isinstance(block.item, tree.Scene):
        return Outcome(())
    ctx, node, unit = context(db, env), block.item, unit_of(db, path)
    clauses = _clauses(ctx, Scope(unit, base), node)
    if clauses is None:
        return outcome(ctx, (Turn("", UNKNOWN, False),))
    items: Iterable[Thing] = (UNKNOWN,)
    known = True
    if "for" in clauses:
        iterable = clauses["in"].value
        loop = tree.For(word_of(clauses["for"].value) or "", iterable, (), clauses["for"].at)
        items, known = turns(ctx, Scope(unit, base), loop)
    found: dict[str, Turn] = {}
    for number, item in enumerate(items):
        if number == MOST_SCENES:
            message = f"this makes more than {MOST_SCENES:,} scenes"
            ctx.report("PVC0321", message, Scope(unit, base).span(clauses["in"].at), "loop over fewer rows")
            break
        scope = with_item(Scope(unit, base), node, item)
        held = known and ("if" not in clauses or truth(ctx, scope, clauses["if"].value) is True)
        name = _key(ctx, scope, clauses, item) if "for" in clauses and known else ""
        if name is None or (held and name in found and found[name].kept):
            if name is not None:
                _twice(ctx, scope, clauses, name)
            continue
        if name not in found or held:
            found[name] = Turn(name, item, held)
    # Without any the statement is checked once, for whatever its variable may be.
    return outcome(ctx, tuple(found.values()) or (Turn("", UNKNOWN, False),))


TURNS: Query[tuple[int, int], Outcome[tuple[Turn, ...]]] = Query(
    "turns", _turns, alike, label=lambda db, key: db.block_name(db.env(key[0]).path, key[1]).removeprefix("scene ")
)
"""The scenes that one statement makes. The key: environment, anchor."""


def _turn(db: Sources, key: tuple[int, int, str]) -> Turn | None:
    env, base, name = key
    return next((turn for turn in db.get(TURNS, (env, base)).value if turn.key == name), None)


TURN: Query[tuple[int, int, str], Turn | None] = Query("turn", _turn, alike)
"""One of these scenes, so that it is not touched by a change of the others."""


def _key(ctx: Context, scope: Scope, clauses: dict[str, tree.Clause], item: Thing) -> str | None:
    """What tells the scene of an item from the others."""
    clause = clauses.get("by")
    value = evaluate(ctx, scope, clause.value) if clause is not None else item
    if isinstance(value, Unknown):
        return None
    found = plain(value) if isinstance(value, str | int | Fraction) and not isinstance(value, bool) else None
    if found is not None and found.isprintable() and found:
        return found
    span = scope.span((clause or clauses["in"]).at)
    variable = word_of(clauses["for"].value)
    if found is not None:
        ctx.report("PVC0221", "the key of a scene is empty, or cannot be printed", span, "take another column")
    elif clause is None:
        message = f"each scene of this `for` needs a name of its own, and `{variable}` is {describe(item)}"
        ctx.report("PVC0221", message, span, f"say what tells them apart: `by {variable}.name`")
    else:
        message = f"the key of a scene is a text or a number, this is {describe(value)}"
        ctx.report("PVC0221", message, span, "take a column with a name in each row")
    return None


def _twice(ctx: Context, scope: Scope, clauses: dict[str, tree.Clause], key: str) -> None:
    clause = clauses.get("by") or clauses["in"]
    labels = (Label(scope.span(clauses["in"].at), "in here"),) if "by" in clauses else ()
    hint = "take a column that differs in each row, or put two together: `by row.model + row.task`"
    ctx.report("PVC0220", f"two scenes would have the key `{key}`", scope.span(clause.at), hint, labels=labels)


def agreed(found: list[Outcome[Any]]) -> list[Outcome[Any]]:
    """The scenes of one statement, each without what is not true of all of them."""
    said = [{each for each in one.diagnostics if each.code in OFTEN} for one in found]
    common = set.intersection(*said) if said else set()
    return [
        replace(one, diagnostics=tuple(each for each in one.diagnostics if each.code not in OFTEN or each in common))
        for one in found
    ]
