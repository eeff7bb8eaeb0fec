"""What files declare and which files they use: queries over `sources`. Cycles end in a diagnostic."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from pvc.compiler import data
from pvc.compiler.check.context import Context, suggestion
from pvc.compiler.diagnostics.model import Diagnostic, Label
from pvc.compiler.query import Query
from pvc.compiler.resolve.scope import NAMESPACES, FileBinding, Names, Scope, Unit
from pvc.compiler.resolve.sources import BLOCK, LAID, PARSED, READABLE, Sources, same_block
from pvc.compiler.resolve.standard import PRELUDE, STANDARD
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

_Named = tree.Let | tree.Concept | tree.Declaration | tree.ComponentDecl | tree.ThemeDecl

_WORD = re.compile(r"[^\W\d]\w*")


@cache
def standard_path(name: str) -> str:
    """The file of a module of the standard library, by its short name (`charts`)."""
    return str(data.path("stdlib", f"{name}.vid"))


# ------------------------------------------------------------------------------------------------ units


def unit_of(db: Sources, path: str) -> Unit:
    """The unit of a file that is there: one object through all edits, brought up to date before it is given."""
    unit = db.units.get(path)
    if unit is None:
        unit = _made(db, path, False, os.path.splitext(os.path.basename(path))[0])
        unit.prelude = tuple(standard(db, name) for name in PRELUDE)
    return unit


def standard(db: Sources, name: str) -> Unit:
    """A module of the standard library, by its short name."""
    path = standard_path(name)
    unit = db.units.get(path)
    if unit is None:
        before = PRELUDE[: PRELUDE.index(name)] if name in PRELUDE else PRELUDE
        db.standard.add(path)
        unit = _made(db, path, True, f"std.{name}")
        unit.prelude = tuple(standard(db, each) for each in before)
    return unit


def _made(db: Sources, path: str, is_standard: bool, name: str) -> Unit:
    def looking(space: str) -> Callable[[str | None], None]:
        def look(name: str | None) -> None:
            if not db.active:
                return
            if name is None:
                db.get(KNOWN, (path, space))
            else:
                db.get(NAME, (path, space, name))

        return look

    values, components, themes, modules = (Names(looking(space)) for space in NAMESPACES)
    unit = Unit(path, name, tree.File(path, ()), is_standard, values, components, themes, modules)
    unit.block = lambda base: db.get(BLOCK, (path, base))
    db.units[path] = unit
    return unit


# ------------------------------------------------------------------------------------------------ declarations


@dataclass(frozen=True, slots=True)
class Declared:
    """What a file says of a name, less what it means: ``kind`` is the word before it, ``target`` the file of a module
    (None: it is none that can be used)."""

    kind: str
    base: int
    at: tree.At
    target: str | None = None


Declarations = dict[tuple[str, str], Declared]


@dataclass(frozen=True, slots=True)
class Entered:
    """A file's names by (namespace, name), and what is wrong with how they are given."""

    names: Declarations
    diagnostics: tuple[Diagnostic, ...]


def _entered(db: Sources, path: str) -> Entered:
    """Enters what a file declares into its unit; a name declared twice is reported."""
    unit = unit_of(db, path)
    parsed = db.get(PARSED, path).parsed
    unit.file = parsed.file if parsed is not None else tree.File(path, ())
    ctx = Context.bare()
    names: Declarations = {}
    bindings: dict[str, dict[str, FileBinding]] = {space: {} for space in NAMESPACES}
    for base, block in db.get(LAID, path).blocks:
        item = block.item
        scope = Scope(unit, base)
        target: str | None = None
        match item:
            case tree.Let() | tree.Concept():
                space, name, kind = "values", item.name, type(item).__name__.lower()
            case tree.Declaration():
                space, name, kind = "values", item.name, item.kind
            case tree.ComponentDecl():
                space, name, kind = "components", item.name, "component"
            case tree.ThemeDecl():
                space, name, kind = "themes", item.name, "theme"
            case tree.Use():
                used = _use(db, ctx, scope, item)
                if used is None:
                    continue
                space, kind = "modules", "module"
                name, target = used
            case _:
                continue
        at = item.name_at if isinstance(item, _Named) else item.at
        first = bindings[space].get(name)
        if first is not None:
            label = Label(first.span, "the first is here")
            ctx.report("PVC0209", f"`{name}` is declared twice", scope.span(at), "rename one of them", labels=(label,))
            continue
        names[space, name] = Declared(kind, base, at, target)
        bindings[space][name] = FileBinding(
            space, name, kind, unit, base, at, item, db.note, _value_of(db, unit, space, name)
        )
    for space, found in bindings.items():
        getattr(unit, space).bindings = found
    return Entered(names, tuple(ctx.diagnostics))


def _value_of(db: Sources, unit: Unit, space: str, name: str) -> Callable[[], object]:
    def value() -> object:
        if space == "modules":
            target = db.get(MODULE, (unit.path, name))
            return unit_of(db, target) if target is not None else None
        return unit.shown.get((space, name))

    return value


ENTERED: Query[str, Entered] = Query("names", _entered)
"""What a file declares; its unit is brought up to date when this runs."""


def _name(db: Sources, key: tuple[str, str, str]) -> Declared | None:
    path, space, name = key
    return db.get(ENTERED, path).names.get((space, name))


NAME: Query[tuple[str, str, str], Declared | None] = Query("name", _name)
"""What a file says of one name, None where nothing."""


def _known(db: Sources, key: tuple[str, str]) -> tuple[str, ...]:
    path, space = key
    return tuple(name for where, name in db.get(ENTERED, path).names if where == space)


KNOWN: Query[tuple[str, str], tuple[str, ...]] = Query("known names", _known)
"""All names of a file in one namespace."""


def _of_kind(db: Sources, key: tuple[str, type[tree.Item]]) -> tuple[tuple[int, tree.Block], ...]:
    path, kind = key
    return tuple((base, block) for base, block in db.get(LAID, path).blocks if isinstance(block.item, kind))


def _same_blocks(one: tuple[tuple[int, tree.Block], ...], other: tuple[tuple[int, tree.Block], ...]) -> bool:
    return len(one) == len(other) and all(
        low == high and same_block(left, right) for (low, left), (high, right) in zip(one, other, strict=True)
    )


ITEMS: Query[tuple[str, type[tree.Item]], tuple[tuple[int, tree.Block], ...]] = Query("items", _of_kind, _same_blocks)
"""The blocks of a file that hold one kind of item, each with its anchor."""


@dataclass(frozen=True, slots=True)
class SceneHead:
    """What is known of a scene without reading its body."""

    base: int
    name: str
    name_at: tree.At
    many: bool = False
    """Whether data or settings say how often there is one (`check.generated`)."""


def _scenes(db: Sources, path: str) -> tuple[SceneHead, ...]:
    return tuple(
        SceneHead(
            base,
            block.item.name,
            block.item.name_at,
            bool(block.item.clauses)
            and any(clause.keyword in ("for", "in", "by", "if") for clause in block.item.clauses),
        )
        for base, block in db.get(LAID, path).blocks
        if isinstance(block.item, tree.Scene)
    )


SCENES: Query[str, tuple[SceneHead, ...]] = Query("scenes", _scenes)
"""The scenes of a file in order."""


# ------------------------------------------------------------------------------------------------ modules


def _use(db: Sources, ctx: Context, scope: Scope, item: tree.Use) -> tuple[str, str | None] | None:
    """The name that a `use` gives and the file that it names (whether that is there is another question); None where
    it gives no name, which is reported."""
    span = scope.span(item.at)
    if item.module is not None:
        parts = item.module.parts
        name = item.alias or parts[-1]
        if len(parts) != 2 or parts[0] != "std" or parts[1] not in (*STANDARD, *PRELUDE):
            written = ".".join(parts)
            at = scope.span(item.module.at)
            known = [f"std.{each}" for each in STANDARD]
            hint, fixes = suggestion(written, known, at)
            if len(parts) == 1 and parts[0] in STANDARD:
                from pvc.compiler.check.context import replacing

                hint, fixes = f"did you mean `std.{parts[0]}`?", (replacing(at, f"std.{parts[0]}"),)
            ctx.report("PVC0203", f"there is no module `{written}`", at, hint, fixes=fixes)
            return name, None
        return name, standard_path(parts[1])
    if item.path is None:
        return None
    written = item.path.value
    name = os.path.splitext(os.path.basename(written))[0]
    target: str | None = os.path.normpath(os.path.join(os.path.dirname(scope.unit.path), written))
    if target is not None and not target.endswith((".vid", ".vid.yaml", ".vid.yml")):
        ctx.report(
            "PVC0204",
            f"`{written}` is no .vid file",
            scope.span(item.path.at),
            "`use` takes .vid files; data is `data NAME = csv(...)`",
        )
        target = None
    if item.alias is None and not _WORD.fullmatch(name):
        ctx.report(
            "PVC0206", f"`{written}` has no name that could be used here", span, 'give it one: `use "..." as brand`'
        )
        return None
    return item.alias or name, target


@dataclass(frozen=True, slots=True)
class Edge:
    """One `use` of a file of the project: where its path stands, and how it is written."""

    span: Span
    written: str
    target: str


def _edges(db: Sources, path: str) -> tuple[Edge, ...]:
    found: list[Edge] = []
    unit = unit_of(db, path)
    for base, block in db.get(ITEMS, (path, tree.Use)):
        item = block.item
        assert isinstance(item, tree.Use)
        if item.path is not None and item.module is None:
            target = os.path.normpath(os.path.join(os.path.dirname(path), item.path.value))
            if target.endswith((".vid", ".vid.yaml", ".vid.yml")):
                found.append(Edge(Scope(unit, base).span(item.path.at), item.path.value, target))
    return tuple(found)


EDGES: Query[str, tuple[Edge, ...]] = Query("uses", _edges)
"""The files that a file uses, as written."""


def _reach(db: Sources, path: str) -> frozenset[str]:
    found: set[str] = set()
    waiting = [path]
    while waiting:
        for edge in db.get(EDGES, waiting.pop()):
            if edge.target not in found:
                found.add(edge.target)
                if db.get(READABLE, edge.target).has_tree:
                    waiting.append(edge.target)
    return frozenset(found)


REACH: Query[str, frozenset[str]] = Query("reach", _reach)
"""Every file that a file uses, in any number of steps."""


def _module(db: Sources, key: tuple[str, str]) -> str | None:
    path, name = key
    declared = db.get(NAME, (path, "modules", name))
    if declared is None or declared.target is None:
        return None
    target = declared.target
    if target in map(standard_path, (*STANDARD, *PRELUDE)):
        for each in (*STANDARD, *PRELUDE):
            if standard_path(each) == target:
                standard(db, each)
        return target
    if not db.get(READABLE, target).has_tree:
        return None
    if os.path.normpath(path) == target or os.path.normpath(path) in db.get(REACH, target):
        return None  # a circle, which is reported where it is seen as a whole
    return target


MODULE: Query[tuple[str, str], str | None] = Query("module", _module)
"""The file that a name of a module stands for; None where there is none that can be used."""


@dataclass(frozen=True, slots=True)
class Graph:
    """The files of a talk in the order in which they are come by, its own first; and what is wrong with their `use`."""

    paths: tuple[str, ...]
    standard: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def _graph(db: Sources, root: str) -> Graph:
    ctx = Context.bare()
    paths: list[str] = []
    used: dict[str, None] = dict.fromkeys(PRELUDE)
    known = {os.path.normpath(root)}
    chain = [os.path.normpath(root)]

    def enter(path: str) -> Iterator[Edge]:
        paths.append(path)
        for _, block in db.get(ITEMS, (path, tree.Use)):
            parts = block.item.module.parts if isinstance(block.item, tree.Use) and block.item.module else ()
            if len(parts) == 2 and parts[0] == "std" and parts[1] in STANDARD:
                used.setdefault(parts[1])
        edges: tuple[Edge, ...] = db.get(EDGES, path)
        return iter(edges)

    waiting = [enter(root)]
    while waiting:  # depth first, from a list: a chain of files may be longer than Python's stack
        edge = next(waiting[-1], None)
        if edge is None:
            waiting.pop()
            chain.pop()
            continue
        if edge.target in chain:
            circle = [os.path.basename(each) for each in [*chain[chain.index(edge.target) :], edge.target]]
            ctx.report(
                "PVC0205",
                f"these files use each other in a circle: {' -> '.join(circle)}",
                edge.span,
                "move what both need into a third file",
            )
            continue
        read = db.get(READABLE, edge.target)
        if read.problem is not None:
            hint = "the path counts from the folder of the file that uses it"
            ctx.report("PVC0204", f"`{edge.written}` cannot be read: {read.problem}", edge.span, hint)
        elif edge.target not in known:
            known.add(edge.target)
            if read.has_tree:
                chain.append(edge.target)
                waiting.append(enter(edge.target))
            else:
                paths.append(edge.target)
    return Graph(tuple(paths), tuple(used), tuple(ctx.diagnostics))


GRAPH: Query[str, Graph] = Query("files", _graph)
"""The files of a talk."""
