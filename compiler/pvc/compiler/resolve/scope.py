"""Names in scope. A file has a namespace for each kind of thing, so that `let code = code(...)` is no conflict: what
stands before `(` is a component, what stands behind `theme =` is a theme, all else are values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

NAMESPACES = ("values", "components", "themes", "modules")


@dataclass(slots=True, eq=False)
class Binding:
    """A name and what it was declared as. ``value`` is filled in when it is first asked for (`state`: 0 not yet,
    1 being evaluated, 2 done), so that the order of declarations in a file does not matter."""

    name: str
    kind: str
    unit: Unit
    base: int
    at: tree.At
    node: object = None
    value: object = None
    state: int = 0
    used: bool = False

    @property
    def span(self) -> Span:
        return Span(self.unit.path, self.base + self.at.start, self.base + self.at.end)


@dataclass(slots=True, eq=False)
class Unit:
    """One file with what it declares. ``standard``: it belongs to the standard library."""

    path: str
    name: str
    file: tree.File
    standard: bool
    values: dict[str, Binding] = field(default_factory=dict)
    components: dict[str, Binding] = field(default_factory=dict)
    themes: dict[str, Binding] = field(default_factory=dict)
    modules: dict[str, Binding] = field(default_factory=dict)
    prelude: tuple[Unit, ...] = ()
    """Units whose names are in scope without being asked for."""

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


@dataclass(slots=True, eq=False)
class Scope:
    """Where an expression stands: its file, where its block begins there, and the names of the statements around it."""

    unit: Unit
    base: int
    names: dict[str, Binding] = field(default_factory=dict)
    parent: Scope | None = None
    loop: bool = False
    """Whether this is one turn of a `for`, whose names end with it."""

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
