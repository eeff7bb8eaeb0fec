"""Reading `.vid` files: bytes to text, text to tree, `use` to the files it names. Cycles end in a diagnostic."""

from __future__ import annotations

import os
import re

from pvc.compiler import data
from pvc.compiler.check.context import Context, suggestion
from pvc.compiler.diagnostics.model import Label
from pvc.compiler.resolve.scope import Binding, Scope, Unit
from pvc.compiler.source import Span
from pvc.compiler.syntax import reading, spelling, tree
from pvc.compiler.world import Unreadable

PRELUDE = ("prelude", "themes")
"""Standard modules that are always in scope."""

STANDARD = ("charts", "diagrams")
"""Standard modules that a talk asks for by `use std.NAME`."""

_Named = tree.Let | tree.Concept | tree.Declaration | tree.ComponentDecl | tree.ThemeDecl

_WORD = re.compile(r"[^\W\d]\w*")


def parse(ctx: Context, path: str, text: str) -> tree.File:
    """The tree of a file; what the parser says is noted."""
    parsed = spelling.parse_file(text, path)
    for found in parsed.diagnostics:
        ctx.diagnostics.append(found)
    return parsed.file


def standard(ctx: Context, name: str) -> Unit:
    """A module of the standard library, by its short name (`charts`)."""
    key = f"std.{name}"
    unit = ctx.units.get(key)
    if unit is None:
        path = data.path("stdlib", f"{name}.vid")
        source = str(path)
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        unit = Unit(source, key, parse(ctx, source, text), True)
        ctx.units[key] = unit
        unit.prelude = tuple(ctx.units[f"std.{each}"] for each in PRELUDE if f"std.{each}" in ctx.units)
        declare(ctx, unit, [])
    return unit


def load(ctx: Context, path: str, span: Span | None, chain: list[str], written: str | None = None) -> Unit | None:
    """A file with everything it uses; None where it cannot be read, which is reported. ``chain``: the files on the way
    to it."""
    resolved = os.path.normpath(path)
    known = ctx.units.get(resolved)
    if known is not None:
        return known
    try:
        data_bytes = ctx.world.read(path)
        ctx.files[resolved] = ctx.world.digest(path)
    except Unreadable as error:
        hint = "the path counts from the folder of the file that uses it" if written else "check the path"
        code = "PVC0204" if written else "PVC0001"
        ctx.report(code, f"`{written or path}` cannot be read: {error.reason}", span, hint)
        return None
    text, found = reading.decode(data_bytes, path)
    ctx.diagnostics.extend(found)
    if text is None:
        return None
    unit = Unit(path, os.path.splitext(os.path.basename(path))[0], parse(ctx, path, text), False)
    unit.prelude = tuple(standard(ctx, name) for name in PRELUDE)
    ctx.units[resolved] = unit
    declare(ctx, unit, [*chain, resolved])
    return unit


# ------------------------------------------------------------------------------------------------ declarations


def declare(ctx: Context, unit: Unit, chain: list[str]) -> None:
    """Enter what a file declares into its namespaces; a name declared twice is reported."""
    for block in unit.file.blocks:
        item = block.item
        scope = Scope(unit, block.start)
        match item:
            case tree.Let() | tree.Concept() | tree.Declaration():
                kind = item.kind if isinstance(item, tree.Declaration) else type(item).__name__.lower()
                _enter(ctx, unit.values, scope, block, item, item.name, kind)
            case tree.ComponentDecl():
                _enter(ctx, unit.components, scope, block, item, item.name, "component")
            case tree.ThemeDecl():
                _enter(ctx, unit.themes, scope, block, item, item.name, "theme")
            case tree.Use():
                _use(ctx, unit, scope, block, item, chain)


def _enter(
    ctx: Context, names: dict[str, Binding], scope: Scope, block: tree.Block, item: tree.Item, name: str, kind: str
) -> Binding | None:
    at = item.name_at if isinstance(item, _Named) else item.at
    first = names.get(name)
    if first is not None:
        label = Label(first.span, "the first is here")
        ctx.report("PVC0209", f"`{name}` is declared twice", scope.span(at), "rename one of them", labels=(label,))
        return None
    binding = Binding(name, kind, scope.unit, scope.base, at, item)
    names[name] = binding
    return binding


def _use(ctx: Context, unit: Unit, scope: Scope, block: tree.Block, item: tree.Use, chain: list[str]) -> None:
    span = scope.span(item.at)
    found: Unit | None = None
    if item.module is not None:
        parts = item.module.parts
        name = parts[-1]
        if len(parts) != 2 or parts[0] != "std" or parts[1] not in (*STANDARD, *PRELUDE):
            written = ".".join(parts)
            at = scope.span(item.module.at)
            known = [f"std.{each}" for each in STANDARD]
            hint, fixes = suggestion(written, known, at)
            if len(parts) == 1 and parts[0] in STANDARD:
                from pvc.compiler.check.context import replacing

                hint, fixes = f"did you mean `std.{parts[0]}`?", (replacing(at, f"std.{parts[0]}"),)
            ctx.report("PVC0203", f"there is no module `{written}`", at, hint, fixes=fixes)
        else:
            found = standard(ctx, parts[1])
    elif item.path is not None:
        written = item.path.value
        name = os.path.splitext(os.path.basename(written))[0]
        found = _file(ctx, scope, item.path, chain)
        if item.alias is None and not _WORD.fullmatch(name):
            ctx.report(
                "PVC0206", f"`{written}` has no name that could be used here", span, 'give it one: `use "..." as brand`'
            )
            return
    else:
        return
    binding = _enter(ctx, unit.modules, scope, block, item, item.alias or name, "module")
    if binding is not None:
        binding.at = item.at
        binding.value, binding.state = found, 2
        binding.used = found is None


def _file(ctx: Context, scope: Scope, path: tree.Text, chain: list[str]) -> Unit | None:
    span = scope.span(path.at)
    written = path.value
    resolved = os.path.normpath(os.path.join(os.path.dirname(scope.unit.path), written))
    if resolved in chain:
        circle = [os.path.basename(each) for each in [*chain[chain.index(resolved) :], resolved]]
        ctx.report(
            "PVC0205",
            f"these files use each other in a circle: {' -> '.join(circle)}",
            span,
            "move what both need into a third file",
        )
        return None
    if not resolved.endswith((".vid", ".vid.yaml", ".vid.yml")):
        ctx.report(
            "PVC0204", f"`{written}` is no .vid file", span, "`use` takes .vid files; data is `data NAME = csv(...)`"
        )
        return None
    return load(ctx, resolved, span, chain, written)
