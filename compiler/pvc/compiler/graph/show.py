"""The render graph for people and tools: text, JSON, Graphviz."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

ORDER = ("speak", "fragment", "program", "frames", "segment", "audio", "captions", "poster", "mux")


@dataclass(frozen=True, slots=True)
class Row:
    """A node as it is shown. ``state``: `known`, `would run`, or `-` for what the compiler makes itself."""

    key: str
    kind: str
    label: str
    scene: str | None
    inputs: tuple[str, ...]
    state: str


def sorted_rows(rows: Sequence[Row]) -> list[Row]:
    """By kind, in the order of the work; within one as they came."""
    return sorted(rows, key=lambda row: ORDER.index(row.kind) if row.kind in ORDER else len(ORDER))


def as_text(rows: Sequence[Row]) -> str:
    """One line a node: state, key, kind, name."""
    width = max((len(row.kind) for row in rows), default=0)
    lines = [f"{row.state:<9}  {row.key[:12]}  {row.kind:<{width}}  {row.label}" for row in sorted_rows(rows)]
    running = sum(row.state == "would run" for row in rows)
    known = sum(row.state == "known" for row in rows)
    lines.append(f"{len(rows)} nodes: {known} known, {running} would run")
    return "\n".join(lines)


def as_json(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Plain data."""
    return [asdict(row) for row in sorted_rows(rows)]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_COLORS = {"known": "#dfeee0", "would run": "#ffe3c4", "-": "#e8eaf0"}


def as_dot(rows: Sequence[Row]) -> str:
    """For Graphviz: `pvc graph talk.vid --format dot | dot -Tsvg > graph.svg`. Scenes are clusters."""
    lines = ["digraph talk {", "  rankdir=LR;", '  node [shape=box, style=filled, fontname="sans-serif", fontsize=10];']
    scenes: dict[str | None, list[Row]] = {}
    for row in sorted_rows(rows):
        scenes.setdefault(row.scene, []).append(row)
    for number, (scene, members) in enumerate(scenes.items()):
        indent = "  "
        if scene is not None:
            lines.append(f"  subgraph cluster_{number} {{ label={_quoted(scene)};")
            indent = "    "
        for row in members:
            label = _quoted(f"{row.kind}\n{row.label}").replace("\n", "\\n")
            lines.append(f"{indent}{_quoted(row.key[:16])} [label={label}, fillcolor={_quoted(_COLORS[row.state])}];")
        if scene is not None:
            lines.append("  }")
    shown = {row.key for row in rows}
    lines += [
        f"  {_quoted(given[:16])} -> {_quoted(row.key[:16])};" for row in rows for given in row.inputs if given in shown
    ]
    lines.append("}")
    return "\n".join(lines)
