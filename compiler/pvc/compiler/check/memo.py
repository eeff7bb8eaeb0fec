"""What scenes gave when they were last checked, for who checks the same talk at every key press.

A scene's result depends on its text, on everything outside scenes (settings, declarations, modules, the files these
read) and on the files that it reads itself. Equal all of these, and what was found is found again: diagnostics are
moved to where the scene stands now, the names that it uses are counted as used.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pvc.compiler.check import scenes
from pvc.compiler.check.context import Context
from pvc.compiler.diagnostics.model import Diagnostic, Edit, Fix, Label
from pvc.compiler.model.program import SceneSpec
from pvc.compiler.resolve.scope import NAMESPACES, Binding, Scope, Unit
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.compiler.world import Unreadable, World


@dataclass(slots=True)
class _Watched:
    """A World that notes what was looked at: the digest by path, None where there was nothing to see."""

    inner: World
    looks: dict[str, str | None] = field(default_factory=dict)

    def read(self, path: str) -> bytes:
        self.digest(path)
        return self.inner.read(path)

    def digest(self, path: str) -> str:
        try:
            found = self.inner.digest(path)
        except Unreadable:
            self.looks[path] = None
            raise
        self.looks[path] = found
        return found

    def blob(self, digest: str) -> bytes:
        return self.inner.blob(digest)

    def recall(self, key: str) -> bytes | None:
        return self.inner.recall(key)

    def remember(self, key: str, value: bytes) -> None:
        self.inner.remember(key, value)


@dataclass(frozen=True, slots=True)
class _Kept:
    """``base``: where the scene stood; ``used``: the talk's own names that it uses; ``asked``: settings of the talk
    that it asks for."""

    base: int
    spec: SceneSpec
    diagnostics: tuple[Diagnostic, ...]
    used: tuple[tuple[str, str], ...]
    looks: tuple[tuple[str, str | None], ...]
    expansions: int
    asked: frozenset[str]


@dataclass(slots=True, eq=False)
class SceneMemo:
    """Belongs to one talk. `Checked.moved` says how far the specs it gave have moved."""

    _kept: dict[tuple[int, str], _Kept] = field(default_factory=dict)
    _surroundings: tuple[object, ...] = ()
    _generation: int = 0
    _moved: list[int] = field(default_factory=list)
    misses: int = 0
    """Scenes that were checked, not remembered, since the memo was made."""

    @property
    def moved(self) -> tuple[int, ...]:
        return tuple(self._moved)

    def begin(self, ctx: Context, unit: Unit) -> None:
        """A talk is about to be checked, everything outside its scenes is."""
        outside = tuple(
            (block.start, block.text)
            for block in unit.file.blocks
            if not isinstance(block.item, tree.Scene | tree.Translation)
        )
        surroundings = (unit.path, outside, tuple(ctx.files.items())[1:], ctx.fps, ctx.format, ctx.language)
        scenes_now = sum(isinstance(block.item, tree.Scene) for block in unit.file.blocks)
        if surroundings != self._surroundings:
            self._surroundings = surroundings
            self._generation += 1
            self._kept.clear()
        elif len(self._kept) > 4 * scenes_now + 64:
            self._kept.clear()
        self._moved = []

    def scene(
        self, ctx: Context, scope: Scope, block: tree.Block, node: tree.Scene, backend: str, fallback: str | None
    ) -> SceneSpec:
        """The scene as `scenes.scene` gives it, its spans as of when it was checked."""
        key = (self._generation, block.text)
        kept = self._kept.get(key)
        if (
            kept is None
            or ctx.expansions + kept.expansions > scenes.MOST_EXPANSIONS
            or any(_look(ctx.world, path) != digest for path, digest in kept.looks)
        ):
            kept = self._kept[key] = self._check(ctx, scope, node, backend, fallback)
        shift = scope.base - kept.base
        for found in kept.diagnostics:
            moved = shifted(found, Span(scope.unit.path, kept.base, kept.base + len(block.text)), shift)
            if (moved.code, moved.span) not in ctx.seen:
                ctx.seen.add((moved.code, moved.span))
                ctx.diagnostics.append(moved)
        for namespace, name in kept.used:
            getattr(scope.unit, namespace)[name].used = True
        for path, digest in kept.looks:
            if digest is not None:
                ctx.files[path] = digest
        ctx.expansions += kept.expansions
        ctx.asked |= kept.asked
        self._moved.append(shift)
        return kept.spec

    def _check(self, ctx: Context, scope: Scope, node: tree.Scene, backend: str, fallback: str | None) -> _Kept:
        """Checks the scene beside everything else: what it reports is taken out again, its caller puts it in."""
        self.misses += 1
        own: list[tuple[str, Binding]] = [
            (namespace, each) for namespace in NAMESPACES for each in getattr(scope.unit, namespace).values()
        ]
        before = [each.used for _, each in own]
        for _, each in own:
            each.used = False
        world, seen, expansions, count = ctx.world, ctx.seen, ctx.expansions, len(ctx.diagnostics)
        watched = _Watched(world)
        asked = ctx.asked
        ctx.world, ctx.seen, ctx.asked = watched, set(), set()
        try:
            spec = scenes.scene(ctx, scope, node, backend, fallback)
        finally:
            own_asked = frozenset(ctx.asked)
            ctx.world, ctx.seen, ctx.asked = world, seen, asked
        used = tuple((namespace, each.name) for namespace, each in own if each.used)
        for (_, each), was in zip(own, before, strict=True):
            each.used = was
        found = tuple(ctx.diagnostics[count:])
        del ctx.diagnostics[count:]
        spent = ctx.expansions - expansions
        ctx.expansions = expansions
        return _Kept(scope.base, spec, found, used, tuple(watched.looks.items()), spent, own_asked)


def _look(world: World, path: str) -> str | None:
    try:
        return world.digest(path)
    except Unreadable:
        return None


def shifted(found: Diagnostic, area: Span, shift: int) -> Diagnostic:
    """A diagnostic about a scene that stood at ``area`` and has moved; spans outside of that stay."""
    if not shift:
        return found

    def span(old: Span) -> Span:
        if old.path == area.path and area.start <= old.start and old.end <= area.end:
            return Span(old.path, old.start + shift, old.end + shift)
        return old

    return replace(
        found,
        span=span(found.span) if found.span is not None else None,
        labels=tuple(Label(span(label.span), label.text) for label in found.labels),
        fixes=tuple(
            Fix(fix.title, tuple(Edit(span(edit.span), edit.text) for edit in fix.edits), fix.applicability)
            for fix in found.fixes
        ),
    )
