"""`paper NAME = latex("main.tex")` and `pdf("paper.pdf")`: the sources that claims, figures and citations rest on."""

from __future__ import annotations

from pvc.compiler.check.assets import beside, unreadable
from pvc.compiler.check.context import Context
from pvc.compiler.check.declarations import arguments, reader
from pvc.compiler.check.things import UNKNOWN, PaperThing, Thing
from pvc.compiler.check.types import TEXT, Type
from pvc.compiler.model.program import Source
from pvc.compiler.papers.paper import Unsound
from pvc.compiler.papers.read import read_paper
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.syntax import tree
from pvc.compiler.world import Unreadable

_FACTS = {"title": (TEXT, False), "authors": (Type("list", (TEXT,)), False), "year": (TEXT, False)}
READERS: dict[str, dict[str, tuple[Type, bool]]] = {
    "latex": {"file": (TEXT, True), "figures": (Type("list", (TEXT,)), False), **_FACTS},
    "pdf": {"file": (TEXT, True), **_FACTS},
}
"""``figures``: folders to look for pictures in, besides the document's own; the facts override what was found."""


def paper(ctx: Context, scope: Scope, node: tree.Declaration) -> Thing:
    """A paper, read; UNKNOWN where it cannot be, which is reported."""
    call = reader(ctx, scope, node, tuple(READERS), f'paper {node.name} = latex("paper/main.tex")')
    if call is None:
        return UNKNOWN
    kind = call.callee.parts[0]
    found = arguments(ctx, scope, call, READERS[kind], kind)
    if found is None:
        return UNKNOWN
    written = str(found["file"])
    span = scope.span(call.at)
    path = beside(scope, written)
    folders = found.get("figures", ())
    assert isinstance(folders, tuple)
    try:
        digest = ctx.files[path] = ctx.world.digest(path)
        made = read_paper(ctx.world, kind, path, tuple(beside(scope, str(folder)) for folder in folders))
    except Unreadable as error:
        unreadable(ctx, written, error, span)
        return UNKNOWN
    except Unsound as problem:
        ctx.report("PVC0601", f"`{written}` cannot be read as a paper: {problem.message}", span, problem.hint)
        return UNKNOWN
    for file, file_digest in made.files:
        ctx.files[file] = file_digest
    for message in made.remarks:
        ctx.warn("PVC0609", f"`{written}`: {message}", span, "what it says is not searched for quotes")
    title = found.get("title")
    authors = found.get("authors")
    year = found.get("year")
    source = Source(
        node.name,
        kind,
        written,
        digest,
        title if isinstance(title, str) else made.title,
        tuple(map(str, authors)) if isinstance(authors, tuple) else made.authors,
        year if isinstance(year, str) else made.year,
        scope.span(node.at),
    )
    return PaperThing(source, made)
