"""Names in scope. A file has a namespace for each kind of thing, so that `let code = code(...)` is no conflict: what
stands before `(` is a component, what stands behind `theme =` is a theme, all else are values.

Whoever looks a name of a file up while a query runs depends on that name, found or not (`Names`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

NAMESPACES = ("values", "components", "themes", "modules")


@dataclass(slots=True, eq=False)
class Binding:
    """A name and what it was declared as. Of a name that a scene's statement gives, ``value`` is there; that of a name
    of a file is asked for (`check.expressions.binding_value`), so that the order of declarations does not matter."""

    name: str
    kind: str
    unit: Unit
    base: int
    at: tree.At
    node: object = None
    value: object = None
    used: bool = field(default=False, kw_only=True)
    meant: bool = field(default=False, kw_only=True)
    """Whether a misspelt name most likely means this: then it is not said to be unused."""

    @property
    def span(self) -> Span:
        return Span(self.unit.path, self.base + self.at.start, self.base + self.at.end)


class FileBinding(Binding):
    """A name of a file, in a ``space`` of names. Setting ``used`` notes for the running query that it uses the name;
    ``value`` is what the name stood for when it was last checked, and for a module the Unit (None: it is not there)."""

    __slots__ = ("_note", "_value", "space")

    def __init__(
        self,
        space: str,
        name: str,
        kind: str,
        unit: Unit,
        base: int,
        at: tree.At,
        node: object,
        note: Callable[[object], None],
        value: Callable[[], object],
    ) -> None:
        self.space = space
        self._note = note
        self._value = value
        super().__init__(name, kind, unit, base, at, node)

    @property
    def used(self) -> bool:
        return False

    @used.setter
    def used(self, value: bool) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        if value:
            self._note((self.unit.path, self.space, self.name))

    @property
    def value(self) -> object:
        return self._value()

    @value.setter
    def value(self, value: object) -> None:
        pass


class Names(Mapping[str, FileBinding]):
    """The names of a file in one namespace, as they are now. ``look`` is told each name that is asked for (None: all of
    them), before it is looked up."""

    __slots__ = ("_look", "bindings")

    def __init__(self, look: Callable[[str | None], None]) -> None:
        self._look = look
        self.bindings: dict[str, FileBinding] = {}

    def __getitem__(self, name: str) -> FileBinding:
        self._look(name)
        return self.bindings[name]

    def get(self, name: str, default: object = None) -> FileBinding | None:  # type: ignore[override]
        self._look(name)
        return self.bindings.get(name)

    def __contains__(self, name: object) -> bool:
        self._look(str(name))
        return name in self.bindings

    def __iter__(self) -> Iterator[str]:
        self._look(None)
        return iter(self.bindings)

    def __len__(self) -> int:
        self._look(None)
        return len(self.bindings)


@dataclass(slots=True, eq=False)
class Unit:
    """One file with what it declares, as of its last reading. ``standard``: it belongs to the standard library.
    ``shown``: what its names stood for when they were last checked, for an editor to show."""

    path: str
    name: str
    file: tree.File
    standard: bool
    values: Names = field(default_factory=lambda: Names(lambda name: None))
    components: Names = field(default_factory=lambda: Names(lambda name: None))
    themes: Names = field(default_factory=lambda: Names(lambda name: None))
    modules: Names = field(default_factory=lambda: Names(lambda name: None))
    prelude: tuple[Unit, ...] = ()
    """Units whose names are in scope without being asked for."""
    shown: dict[tuple[str, str], object] = field(default_factory=dict)
    block: Callable[[int], tree.Block | None] = lambda base: None
    """A block of the file by its anchor."""

    def find(self, namespace: str, name: str) -> Binding | None:
        found: Binding | None = getattr(self, namespace).get(name)
        if found is None:
            for unit in self.prelude:
                found = getattr(unit, namespace).get(name)
                if found is not None:
                    break
        return found

    def known(self, namespace: str) -> Iterator[str]:
        yield from getattr(self, namespace)
        for unit in self.prelude:
            yield from getattr(unit, namespace)


def _unnoted(use: object) -> None:
    return


def _given(value: object) -> object:
    return value


def as_it_is(unit: Unit) -> Unit:
    """A unit that stays as it is now, whatever the file becomes; for who looks at it later. It notes nothing."""
    if unit.standard:
        return unit
    made = Unit(unit.path, unit.name, unit.file, False, prelude=unit.prelude, shown=unit.shown)
    for space in NAMESPACES:
        names: Names = getattr(made, space)
        for name, old in getattr(unit, space).bindings.items():
            names.bindings[name] = FileBinding(
                space, name, old.kind, made, old.base, old.at, old.node, _unnoted, partial(_given, old.value)
            )
    return made


@dataclass(slots=True, eq=False)
class Scope:
    """Where an expression stands: its file, where its block begins there, and the names of the statements around it."""

    unit: Unit
    base: int
    names: dict[str, Binding] = field(default_factory=dict)
    parent: Scope | None = None
    loop: bool = False
    """Whether this is one turn of a `for`, whose names end with it."""
    body: tuple[object, ...] = ()
    """The statements that stand in it."""
    awaited: set[str] = field(default_factory=set)
    """What was spoken of before its `let`."""

    def span(self, at: tree.At) -> Span:
        return Span(self.unit.path, self.base + at.start, self.base + at.end)

    def local(self, name: str) -> Binding | None:
        scope: Scope | None = self
        while scope is not None:
            found = scope.names.get(name)
            if found is not None:
                return found
            scope = scope.parent
        return None

    def value(self, name: str) -> Binding | None:
        return self.local(name) or self.unit.find("values", name)

    def below(self, name: str) -> tree.Let | None:
        """The `let` of that name among the statements around, which is known only from there on."""
        scope: Scope | None = self
        while scope is not None:
            for statement in scope.body:
                if isinstance(statement, tree.Let) and statement.name == name:
                    scope.awaited.add(name)
                    return statement
            scope = scope.parent
        return None

    def known_values(self) -> Iterator[str]:
        scope: Scope | None = self
        while scope is not None:
            yield from scope.names
            scope = scope.parent
        yield from self.unit.known("values")

    def inner(self, loop: bool = False) -> Scope:
        return Scope(self.unit, self.base, {}, self, loop)

    def outer(self) -> Scope:
        """Where `as NAME` puts its name: the scene, or the turn of the loop around."""
        scope = self
        while scope.parent is not None and not scope.loop:
            scope = scope.parent
        return scope
