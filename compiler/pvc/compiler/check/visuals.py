"""The visuals of a scene while it is checked, each with an id of its own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pvc.compiler.check.lifecycle import Entry
from pvc.compiler.check.things import PartThing, Thing, Visual


@dataclass(slots=True, eq=False)
class Stage:
    """The visuals of the scene being checked. ``entries`` by the visual itself, ``ids`` those taken."""

    entries: dict[Visual, Entry] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    names: dict[Visual, str] = field(default_factory=dict)
    order: list[Entry] = field(default_factory=list)
    latest: dict[Visual, Visual] = field(default_factory=dict)
    """What a visual has become whose part was transformed: its name means that from then on."""

    def fork(self) -> Stage:
        """A copy whose changes are thrown away (for the branch of an `if` that is not taken)."""
        copies = {visual: _copied(entry) for visual, entry in self.entries.items()}
        return Stage(copies, set(self.ids), dict(self.names), list(copies.values()), dict(self.latest))

    def now(self, value: Thing) -> Thing:
        """What a visual, or a part of one, is by now."""
        if isinstance(value, Visual):
            while value in self.latest:
                value = self.latest[value]
        elif isinstance(value, PartThing) and value.visual in self.latest:
            visual = self.now(value.visual)
            assert isinstance(visual, Visual)
            inner = value.within
            if isinstance(inner, Visual) and visual.built is not None:
                aims = visual.built.parts.get(value.selector.partition("[")[0], ())
                inner = aims[0].visual if len(aims) == 1 else inner
            return replace(value, visual=visual, within=inner)
        return value


def _copied(entry: Entry) -> Entry:
    made = Entry(entry.id, entry.visual, entry.named)
    for name in ("life", "since", "why", "ever", "backend", "fallback", "backend_span", "dead", "played"):
        setattr(made, name, getattr(entry, name))
    return made


def enter(stage: Stage, visual: Visual, *, named: bool, name: str | None = None) -> Entry:
    """Give a visual its id in the scene: its name, or its component's, with a count where that is taken."""
    base = name or stage.names.get(visual) or visual.component.name
    unique, count = base, 1
    while unique in stage.ids:
        count += 1
        unique = f"{base}_{count}"
    stage.ids.add(unique)
    entry = Entry(unique, visual, named, dead=visual.broken)
    stage.entries[visual] = entry
    stage.order.append(entry)
    return entry
