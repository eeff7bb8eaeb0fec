"""Drawing the eye to something that is there already: highlights and focus.

Where a visual is a row of like parts (bullets, lines of code, bars, nodes) the part that is spoken of stays and its
siblings step back; elsewhere the part takes a colour. A part named by its concept keeps the concept's colour, and all
the rest of the visual steps back. A whole visual is scaled up softly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pvc.compiler.model.display import Ball, Element, Glyphs, Mesh, Paint, Picture, Primitive, Rod, Shape, Wire
from pvc.compiler.model.tracks import blend
from pvc.compiler.stage import colors, parts
from pvc.compiler.stage.script import Script, aim, jump, value

BACK = 0.35
"""Opacity of what steps back for a highlight; text keeps as much more as it needs to be read as context."""
AWAY = 0.3
"""Opacity of what is out of focus, by the same rule."""
CONTEXT = 3.8
"""Least contrast of text that has stepped back for a highlight: strokes are thin, they look fainter than they are."""
DISTANT = 3.0
"""Least contrast of text that is out of focus."""
TRACE = 2.4
"""Least contrast of lines and points that have stepped back: one must still see where they run."""
_MOST = 0.75
"""Opacity above which no text seems to step back."""
_MOST_DRAWN = 0.6
"""The same of lines and points, which are seen from further away."""
SWELL = 1.04

_STEPPING = (
    *(
        "bullets",
        "code",
        "algorithm",
        "chart",
        "table",
        "matrix",
        "diagram",
        "derivation",
        "axes",
        "number_line",
        "space",
    ),
)
"""Layouts (by the first part of their name) whose parts step back for each other."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a highlight did to a visual, so that it can be undone."""

    lit: tuple[int, ...]
    dimmed: tuple[int, ...]
    swollen: bool


def steps_back(layout: str) -> bool:
    return layout.split(".")[0] in _STEPPING


def mesh_paint(mesh: Mesh) -> Paint:
    """The colour in the middle of a mesh."""
    color = mesh.colors[len(mesh.colors) // 2] if mesh.colors else 0
    return Paint(color >> 16 & 255, color >> 8 & 255, color & 255)


def _steps_back(actor: Script, layout: str, selector: str, chosen: Iterable[int]) -> bool:
    """Whether siblings of a part step back for it. In a visual that is made of others it is the inner one that says so;
    an inner visual as a whole has the others step back."""
    if not actor.fragment.inner:
        return steps_back(layout)
    inside = set(chosen)
    if any(inside == set(range(one.first, one.first + one.count)) for one in actor.fragment.inner):
        return True
    return steps_back(parts.layout_at(actor.fragment, inside, layout))


def front(element: Element) -> Paint | None:
    """The paint by which an element is seen; None for pictures."""
    primitive = element.primitive
    if isinstance(primitive, Picture):
        return None
    if isinstance(primitive, Glyphs | Ball | Rod):
        return primitive.paint
    if isinstance(primitive, Wire):
        return primitive.stroke.paint
    if isinstance(primitive, Mesh):
        return mesh_paint(primitive)
    if primitive.fill is not None and primitive.fill.alpha > 0:
        return primitive.fill
    return primitive.stroke.paint if primitive.stroke is not None else primitive.fill


def _tint(
    actor: Script, targets: Iterable[int], start: int, frames: int, color: Paint, background: Paint
) -> tuple[int, ...]:
    lit = []
    for index in targets:
        element = actor.fragment.elements[index]
        own = front(element)
        if own is None:
            continue
        ground = colors.over(element.ground, background) if element.ground is not None else background
        ratio = colors.TEXT_RATIO if element.role in ("text", "glyph") else colors.GRAPHIC_RATIO
        shade = colors.legible(color, ground, ratio)
        tint = (float(shade.red), float(shade.green), float(shade.blue), float(own.alpha))
        before = value(actor, "color", "mark", index, start)
        if before is not None and before[4] == 0.0:
            jump(actor, "color", "mark", (index,), start, (*tint, 0.0))
        aim(actor, "color", "mark", (index,), start, frames, (*tint, 1.0))
        lit.append(index)
    return tuple(lit)


@dataclass(frozen=True, slots=True)
class Palette:
    """The theme's colours that matter here: of highlights, of what lies behind everything, of text."""

    accent: Paint
    background: Paint
    ink: Paint


def _behind(element: Element, palette: Palette) -> Paint:
    """What lies behind an element whose visual is dimmed: its own ground stepped back with it."""
    if element.ground is None:
        return palette.background
    ground = colors.over(element.ground, palette.background)
    return colors.over(replace(ground, alpha=round(255 * BACK)), palette.background)


def _dimmed(element: Element, palette: Palette, least: float, context: float = CONTEXT) -> float:
    """The opacity to which an element steps back: ``least``, or what text needs to have the contrast ``context``, and
    lines and points to be traced, in a few steps."""
    own = front(element)
    drawn = element.role in ("line", "dot")
    if own is None or not (drawn or element.role in ("text", "glyph")):
        return least
    ground = _behind(element, palette)
    most, wanted = (_MOST_DRAWN, TRACE) if drawn else (_MOST, context)
    shade = least
    while shade < most and colors.contrast(replace(own, alpha=round(own.alpha * shade)), ground) < wanted:
        shade = min(most, shade + 0.05)
    return round(shade, 2)


def _step_back(
    actor: Script, targets: Iterable[int], channel: str, start: int, frames: int, palette: Palette, least: float
) -> tuple[int, ...]:
    """Dim some elements. Text that would drown in its dimmed ground (dark figures on a bright cell) takes the theme's
    ink besides; these are returned, so that their colour can be given back."""
    shades: dict[float, list[int]] = {}
    inked = []
    for index in targets:
        if _panel(actor, index):
            continue
        element = actor.fragment.elements[index]
        own = front(element)
        if (
            element.ground is not None
            and own is not None
            and element.role in ("text", "glyph")
            and colors.contrast(own, _behind(element, palette)) < CONTEXT
        ):
            inked.append(index)
            element = replace(element, primitive=_repainted(element, palette.ink))
        shades.setdefault(_dimmed(element, palette, least), []).append(index)
    for shade, indices in shades.items():
        aim(actor, "opacity", channel, indices, start, frames, (shade,))
    for index in inked:
        ink = (float(palette.ink.red), float(palette.ink.green), float(palette.ink.blue), float(palette.ink.alpha))
        aim(actor, "color", "mark", (index,), start, frames, (*ink, 1.0))
    return tuple(inked)


def _panel(actor: Script, index: int) -> bool:
    """Whether an element is a panel behind what a visual is made of: that stays when something on it is spoken of."""
    return bool(actor.fragment.inner) and actor.fragment.inner_at(index) is None


def _repainted(element: Element, paint: Paint) -> Primitive:
    primitive = element.primitive
    if isinstance(primitive, Glyphs):
        return replace(primitive, paint=paint)
    if isinstance(primitive, Shape) and primitive.fill is not None:
        return replace(primitive, fill=paint)
    return primitive


def _coloured(element: Element, ink: Paint) -> bool:
    """Whether a text or glyph has a colour of its own (a concept's) that a highlight must not take away."""
    own = front(element)
    return element.role in ("text", "glyph") and own is not None and own != ink


def mark(
    actor: Script,
    layout: str,
    selector: str | None,
    start: int,
    frames: int,
    color: Paint | None,
    palette: Palette,
    before: Mark | None,
) -> Mark:
    """Highlight a part (None: the whole visual), letting go of what was highlighted ``before``."""
    fragment = actor.fragment
    if selector is None:
        lit: tuple[int, ...] = ()
        dimmed: tuple[int, ...] = ()
        aim(actor, "scale", "mark", (None,), start, frames, (SWELL, SWELL))
        if color is not None:
            lit = _tint(actor, range(len(fragment.elements)), start, frames, color, palette.background)
    else:
        chosen = parts.elements(fragment, selector)
        rows = _steps_back(actor, layout, selector, chosen)
        coloured = color is None and any(_coloured(fragment.elements[index], palette.ink) for index in chosen)
        if (coloured and not rows) or parts.of_concept(selector):
            inside = set(chosen)
            dimmed = tuple(index for index in range(len(fragment.elements)) if index not in inside)
        else:
            dimmed = parts.siblings(fragment, selector) if rows else ()
            if rows and not dimmed and chosen and color is None:  # the only one of its kind: all else steps back
                dimmed = tuple(index for index in range(len(fragment.elements)) if index not in set(chosen))
        if color is None and not dimmed:
            color = palette.accent
        lit = _tint(actor, chosen, start, frames, color, palette.background) if color is not None else ()
        lit = (*lit, *_step_back(actor, dimmed, "mark", start, frames, palette, BACK))
    new = Mark(lit, dimmed, selector is None)
    if before is not None:
        _undo(actor, before, start, frames, set(lit), set(dimmed), new.swollen)
    return new


def unmark(actor: Script, before: Mark, start: int, frames: int) -> None:
    """Let go of a highlight."""
    _undo(actor, before, start, frames, set(), set(), False)


def _undo(actor: Script, before: Mark, start: int, frames: int, lit: set[int], dimmed: set[int], swollen: bool) -> None:
    for index in before.lit:
        if index not in lit:
            now = value(actor, "color", "mark", index, start)
            if now is not None:
                aim(actor, "color", "mark", (index,), start, frames, (*now[:4], 0.0))
    back = [index for index in before.dimmed if index not in dimmed]
    aim(actor, "opacity", "mark", back, start, frames, (1.0,))
    if before.swollen and not swollen:
        aim(actor, "scale", "mark", (None,), start, frames, (1.0, 1.0))


def paint_at(actor: Script, index: int, frame: int) -> Paint | None:
    """An element's paint at a frame, highlights included."""
    own = front(actor.fragment.elements[index])
    tint = value(actor, "color", "mark", index, frame)
    if own is None or tint is None:
        return own
    return blend(own, (tint[0], tint[1], tint[2], tint[3], tint[4]))


def focus(actor: Script, selector: str | None, focused: bool, start: int, frames: int, palette: Palette) -> None:
    """Put a visual into focus or out of it; with a part, the rest of the visual is out of focus too."""
    elements = actor.fragment.elements
    shades = [_dimmed(element, palette, AWAY, DISTANT) for element in elements if element.role in ("text", "glyph")]
    away = max(shades, default=AWAY)
    aim(actor, "opacity", "focus", (None,), start, frames, (1.0 if focused else away,))
    inside = set(parts.elements(actor.fragment, selector)) if focused and selector is not None else None
    for kind, channel, target in list(actor.curves):
        if (kind, channel) == ("opacity", "focus") and target is not None and (inside is None or target in inside):
            aim(actor, "opacity", "focus", (target,), start, frames, (1.0,))
    if inside:
        for index in range(len(elements)):
            if index not in inside and not _panel(actor, index):
                aim(
                    actor,
                    "opacity",
                    "focus",
                    (index,),
                    start,
                    frames,
                    (_dimmed(elements[index], palette, AWAY, DISTANT),),
                )


def unfocus(actor: Script, start: int, frames: int) -> None:
    for kind, channel, target in list(actor.curves):
        if (kind, channel) == ("opacity", "focus"):
            aim(actor, "opacity", "focus", (target,), start, frames, (1.0,))
