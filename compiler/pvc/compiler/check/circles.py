"""Components that are made of themselves, by whatever way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from pvc.compiler.check.context import Context
from pvc.compiler.syntax import tree

if TYPE_CHECKING:
    from pvc.compiler.check.components import Component


def circle(ctx: Context, component: Component) -> list[Component]:
    """The shortest way from a component through what it is made of back to itself, without its end; empty where there
    is none."""
    came: dict[Component, Component] = {}
    waiting = [component]
    for each in waiting:  # grows as it is walked: breadth first
        for other in _made_of(ctx, each):
            if other is component:
                path = [each]
                while path[-1] is not component:
                    path.append(came[path[-1]])
                return path[::-1]
            if other not in came:
                came[other] = each
                waiting.append(other)
    return []


def _made_of(ctx: Context, component: Component) -> list[Component]:
    """The components made of others that a body names, in any branch."""
    from pvc.compiler.check.components import component_of

    found: list[Component] = []
    unit = component.scope.unit
    for callee in _callees((component.body, component.node.parameters)):
        binding = unit.find("components", callee[0]) if len(callee) == 1 else None
        if len(callee) == 2:
            module = unit.find("modules", callee[0])
            binding = module.value.components.get(callee[1]) if module is not None and module.value else None  # type: ignore[attr-defined]
        if binding is not None and isinstance(binding.node, tree.ComponentDecl) and not binding.unit.standard:
            other = component_of(ctx, binding)
            if other.body:
                found.append(other)
    return found


def _callees(node: object) -> Iterator[tuple[str, ...]]:
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, tree.Call):
            yield each.callee.parts
            waiting.extend(reversed([argument.value for argument in each.arguments]))
        elif isinstance(each, tuple):
            waiting.extend(reversed(each))
        elif is_dataclass(each) and not isinstance(each, tree.Trivia):
            waiting.extend(getattr(each, one.name) for one in reversed(fields(each)))
