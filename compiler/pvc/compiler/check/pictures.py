"""The picture of a component that is made of others: plain records, of which `layout/arrangement.py` makes a fragment.

A picture is a tree. A group is `{ kind: row | column | overlay | grid, ...settings, members: [...] }`; a leaf is
`{ kind: visual, number, layout, arguments, width, height }`, numbered from 1 in the order shown. The root has `parts`
besides: `{ name, kind, leaf, inner, count, key }`, where ``kind`` says whether the part is a whole inner visual
(`visual`), its formula (`tex`), a family of its parts (`group`) or one of them (`part`), ``inner`` what that visual
calls it, and ``count`` and ``key`` tell turns of a loop apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pvc.compiler.check.things import Aim, Built, Visual
from pvc.compiler.model.program import InnerSpec
from pvc.compiler.model.values import Record, Symbol, Value
from pvc.compiler.resolve.scope import Binding
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

if TYPE_CHECKING:
    from pvc.compiler.check.components import Component


@dataclass(slots=True)
class Group:
    """Visuals that stand together, as long as the body is worked out."""

    kind: str
    settings: dict[str, Value] = field(default_factory=dict)
    members: list[Group | Leaf] = field(default_factory=list)


@dataclass(slots=True)
class Leaf:
    """A visual that the body shows. ``number`` from 1; ``sides``: its width and height where they are said."""

    number: int
    visual: Visual
    sides: dict[str, Value]


@dataclass(slots=True, eq=False)
class Draft:
    """A body while it is worked out. ``loops``: how many are around; ``passed``: visuals of branches not taken."""

    component: Component
    leaves: list[Leaf] = field(default_factory=list)
    names: dict[Visual, str] = field(default_factory=dict)
    passed: set[Visual] = field(default_factory=set)
    aims: list[tuple[str, Aim, int, tree.At]] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    loops: int = 0
    kept: bool = True


def _record(**fields: Value | None) -> Record:
    return Record(tuple((name, value) for name, value in fields.items() if value is not None))


def built(draft: Draft, root: Group) -> Built:
    """What a body has come to: its picture, where the visuals in it are written, and what its parts are."""
    numbers = {leaf.visual: leaf.number for leaf in draft.leaves}
    parts: dict[str, list[Aim]] = {}
    declared: list[Record] = []
    for name, aim, loops, _ in draft.aims:
        number = numbers.get(aim.visual)
        if number is None:
            continue
        same = parts.setdefault(name, [])
        same.append(aim)
        count = len(same) if loops else None
        declared.append(
            _record(
                name=Symbol(name),
                kind=Symbol(aim.kind),
                leaf=number,
                inner=Symbol(aim.selector) if aim.selector else None,
                count=count,
                key=aim.key if loops else None,
            )
        )
    places: list[InnerSpec] = []
    for leaf in draft.leaves:
        component = leaf.visual.component
        name = draft.names.get(leaf.visual, component.name)
        places.append(InnerSpec(f"{leaf.number}", name, leaf.visual.span))
        if leaf.visual.built is not None:
            places += (replace(one, path=f"{leaf.number}.{one.path}") for one in leaf.visual.built.places)
    # One group alone is the picture itself: nothing is gained by a column around it.
    only = root.members[0] if len(root.members) == 1 and not root.settings else None
    picture = _picture(only if isinstance(only, Group) else root)
    return Built(
        Record((*picture.fields, ("parts", tuple(declared)))),
        tuple(places),
        {name: tuple(aims) for name, aims in parts.items()},
        tuple(leaf.visual for leaf in draft.leaves),
    )


def exchanged(visual: Visual, inner: Visual, other: Visual, span: Span) -> Visual:
    """The visual with another one in the place of one that it is made of."""
    old = visual.built
    if old is None or other.broken or inner not in old.leaves:
        return Visual(visual.component, (), span, broken=True, facts=visual.facts)
    number = old.leaves.index(inner) + 1

    def change(node: Value) -> Value:
        if isinstance(node, tuple):
            return tuple(change(each) for each in node)
        if not isinstance(node, Record):
            return node
        fields = dict(node.fields)
        if fields.get("kind") == Symbol("visual"):
            if fields.get("number") == number:
                fields |= {"layout": Symbol(other.component.layout), "arguments": Record(other.arguments)}
        elif "members" in fields:
            fields["members"] = change(fields["members"])
        return Record(tuple(fields.items()))

    places = []
    for place in old.places:
        if place.path == f"{number}":
            places.append(replace(place, span=other.span))
            inside = other.built.places if other.built is not None else ()
            places += [replace(one, path=f"{number}.{one.path}") for one in inside]
        elif not place.path.startswith(f"{number}."):
            places.append(place)
    picture = change(old.picture)
    assert isinstance(picture, Record)
    parts = {
        name: tuple(replace(aim, visual=other) if aim.visual is inner else aim for aim in aims)
        for name, aims in old.parts.items()
    }
    leaves = tuple(other if each is inner else each for each in old.leaves)
    made = Built(picture, tuple(places), parts, leaves)
    return Visual(visual.component, (("picture", picture),), span, built=made, facts=visual.facts)


def _picture(node: Group | Leaf) -> Record:
    if isinstance(node, Leaf):
        component = node.visual.component
        return Record(
            (
                ("kind", Symbol("visual")),
                ("number", node.number),
                ("layout", Symbol(component.layout)),
                ("arguments", Record(node.visual.arguments)),
                *sorted(node.sides.items()),
            )
        )
    members = tuple(_picture(each) for each in node.members)
    return Record((("kind", Symbol(node.kind)), *sorted(node.settings.items()), ("members", members)))
