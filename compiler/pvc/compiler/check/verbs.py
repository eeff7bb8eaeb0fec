"""The verbs of a scene and the clauses that each takes: plain tables, which the language reference is written from."""

from __future__ import annotations

from dataclasses import dataclass

EFFECTS = ("fade", "write", "draw", "grow", "wipe", "cut")
"""How a visual comes, goes or becomes another (`with fade`)."""

REGIONS = ("left", "right", "top", "bottom", "center", "full")
"""Where a visual stands (`in left`, `to right`)."""

DIRECTIONS = ("below", "above")
"""Beside another visual (`below eq`)."""

BACKENDS = ("canvas", "manim")
"""What can be chosen by `on` and `fallback`."""

PLACES = frozenset({"in", "at", "width", *DIRECTIONS})


@dataclass(frozen=True, slots=True)
class Verb:
    """``clauses``: keywords it takes. ``operands``: least and most. ``part``: whether it may act on a part of a visual.
    ``makes``: whether a call may stand as its operand, which makes a new visual."""

    clauses: frozenset[str]
    operands: tuple[int, int]
    part: bool = False
    makes: bool = False
    usage: str = ""


MANY = 99

VERBS: dict[str, Verb] = {
    "show": Verb(
        frozenset({"with", "for", "as", "on", "fallback"}) | PLACES,
        (1, MANY),
        makes=True,
        usage="show eq with write in left",
    ),
    "hide": Verb(frozenset({"with", "for"}), (1, MANY), usage="hide eq"),
    "move": Verb(frozenset({"to", "for"}) | PLACES, (1, 1), usage="move eq to right"),
    "highlight": Verb(frozenset({"color", "for"}), (1, MANY), part=True, usage="highlight eq[tex`Q`] color theme.warm"),
    "unhighlight": Verb(frozenset({"for"}), (1, MANY), part=True, usage="unhighlight eq"),
    "transform": Verb(
        frozenset({"into", "for", "with", "as", "on", "fallback"}) | PLACES, (1, 1), usage="transform eq into other"
    ),
    "reveal": Verb(frozenset({"with", "for"}), (1, MANY), part=True, usage="reveal list.items[2]"),
    "focus": Verb(frozenset({"for"}), (1, MANY), part=True, usage='focus chart.bars["BLEU"]'),
    "unfocus": Verb(frozenset({"for"}), (0, MANY), part=True, usage="unfocus"),
    "play": Verb(frozenset({"for"}), (1, 1), usage="play clip for 3s"),
    "poster": Verb(frozenset(), (0, 0), usage="at scores: poster"),
    "zoom": Verb(frozenset({"to", "by", "for"}), (1, 1), usage="zoom camera to eq[tex`Q`]"),
    "pan": Verb(frozenset({"to", "for"}), (1, 1), usage="pan camera to chart"),
    "orbit": Verb(frozenset({"by", "tilt", "around", "for"}), (1, 1), usage="orbit camera by 40deg"),
    "reset": Verb(frozenset({"for"}), (1, 1), usage="reset camera"),
}
"""Every verb that all visuals understand; a component may declare more (`action NAME(...)`)."""
