"""What is wrong with a scene's picture, found on its arrangement alone: nothing is painted and no clock is looked at.

Off the frame, one visual over another, too little contrast, text too small, too full, parts that are not there. Only
`flashing` needs the plan. `check` and `build` both get these with the stage, so nothing is worked out twice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from pvc.compiler.layout.compose import union
from pvc.compiler.model.display import UNFIT, Element, Fragment, Glyphs, Paint, Rect
from pvc.compiler.model.program import CAMERA_VERBS, Program, SceneSpec, VisualSpec
from pvc.compiler.model.speech import SceneTime
from pvc.compiler.plan.walk import walk
from pvc.compiler.stage import camera, colors, parts, sight
from pvc.compiler.stage.arrange import Standing
from pvc.compiler.stage.camera import View, placed
from pvc.compiler.stage.emphasis import front
from pvc.compiler.stage.findings import Finding
from pvc.compiler.stage.lives import Life, Lifelines, overlap
from pvc.compiler.stage.script import Stand

BODY_RATIO = 7.0
"""Contrast asked of running text: WCAG 2.2, success criterion 1.4.6 (AAA)."""
SMALLEST_TEXT = 22.0
"""Reference px of type below which nobody reads it in a video on a laptop (four fifths of the label size, 28)."""
SMALLEST_PIXELS = 9.0
"""Pixels of the built film below which letters are no longer told apart."""
FULL = 2 / 3
"""Share of the frame that may be filled: a third of it stays empty."""
FLASHES = 3
"""Flashes in any one second: WCAG 2.2, success criterion 2.3.1 (A)."""

_OVERHANG = 2.0
_GRID = (64, 36)
_RUNNING = ("text", "bullets", "quote")
_PICTURES = ("image", "figure")
_SOLID = ("text", "glyph", "bar", "box", "image")


def ink(fragment: Fragment, stand: Stand) -> Rect:
    """The rectangle around everything that a visual draws."""
    return placed(union(element.bounds for element in fragment.elements), fragment, stand)


@lru_cache(maxsize=4096)
def _ratio(color: Paint, ground: Paint) -> float:
    return colors.contrast(color, ground)


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text if len(text) <= 32 else text[:31] + '…'}”"


def _is_text(element: Element) -> bool:
    return element.role in ("text", "glyph")


def _contrast(visual: VisualSpec, fragment: Fragment, background: Paint, body: float) -> Iterator[Finding]:
    worst: tuple[float, int] | None = None
    for index, element in enumerate(fragment.elements):
        color = front(element)
        if color is None or not _is_text(element):
            continue
        ground = background if element.ground is None else colors.over(element.ground, background)
        ratio = _ratio(color, ground)
        running = (
            _layout(visual, fragment, index) in _RUNNING
            and isinstance(element.primitive, Glyphs)
            and 0.95 * body <= element.primitive.size <= 1.2 * body
        )
        if ratio < (BODY_RATIO if running else colors.TEXT_RATIO) and (worst is None or ratio < worst[0]):
            worst = (ratio, index)
    if worst is None:
        return
    ratio, element = worst[0], fragment.elements[worst[1]]
    behind = background if element.ground is None else colors.over(element.ground, background)
    text = element.primitive.text if isinstance(element.primitive, Glyphs) else ""
    what = _shown(text) if text.strip() else f"a part of `{visual.id}`"
    weak = ratio < colors.TEXT_RATIO
    yield Finding(
        "PVC0572",
        "error" if weak else "warning",
        f"{what} has a contrast of {math.floor(ratio * 10) / 10:.1f}:1 with what lies behind it",
        f"Text needs {colors.TEXT_RATIO:g}:1, running text {BODY_RATIO:g}:1: choose a colour that is "
        f"{'lighter' if colors.luminance(behind) < 0.18 else 'darker'}.",
        visual=visual.id,
        inner=_path(fragment, worst[1]),
    )


def _layout(visual: VisualSpec, fragment: Fragment, index: int) -> str:
    inner = fragment.inner_at(index) if fragment.inner else None
    return inner.layout if inner is not None else visual.layout


def _path(fragment: Fragment, index: int) -> str:
    inner = fragment.inner_at(index) if fragment.inner else None
    return inner.path if inner is not None else ""


def _small(
    visual: VisualSpec, fragment: Fragment, stands: Sequence[Stand], pixels: float, away: float
) -> Iterator[Finding]:
    """``pixels`` are the film's for each px of the reference frame; ``away`` is the least zoom of the camera."""
    sizes = [
        (element.primitive.size, index, element.primitive.text)
        for index, element in enumerate(fragment.elements)
        if isinstance(element.primitive, Glyphs) and element.role != "glyph" and element.primitive.text.strip()
    ]
    if not sizes:
        return
    size, index, text = min(sizes)
    size *= away * min(stand.scale for stand in stands)
    if size < SMALLEST_TEXT - 0.01:
        yield Finding(
            "PVC0573",
            "warning",
            f"{_shown(text)} is set at {size:.0f} px, too small to read in a video",
            f"Give `{visual.id}` more room, or show less of it: nothing should be below {SMALLEST_TEXT:.0f} px.",
            visual=visual.id,
            inner=_path(fragment, index),
        )
    elif size * pixels < SMALLEST_PIXELS:
        yield Finding(
            "PVC0573",
            "warning",
            f"{_shown(text)} comes out {size * pixels:.0f} pixels high in this format, too small to read",
            "Build a larger format, or set it larger.",
            visual=visual.id,
            inner=_path(fragment, index),
        )


def _off_frame(visual: VisualSpec, standing: Standing, reference: tuple[int, int]) -> Iterator[Finding]:
    width, height = reference
    if any(problem.code in UNFIT for problem in standing.fragment.problems):
        return  # that it does not fit is said already
    for stand in standing.stands:
        box = ink(standing.fragment, stand)
        over = max(-box.x, -box.y, box.right - width, box.bottom - height)
        if over > _OVERHANG and standing.fragment.elements:
            yield Finding(
                "PVC0570",
                "error",
                f"`{visual.id}` stands {over:.0f} px outside the frame",
                "Show less of it, or give it another place (`in center`).",
                visual=visual.id,
            )
            return


def _pairs(lines: Lifelines) -> Iterator[tuple[int, int]]:
    for first, life in enumerate(lines.lives):
        for second in range(first + 1, len(lines.lives)):
            if overlap(life, lines.lives[second]):
                yield first, second


def _together(first: Life, second: Life, standings: Sequence[Standing], one: int, two: int) -> float:
    """By how many px the two overlap, at the worst of the times at which they share the stage."""
    worst = 0.0
    for stay, stand in zip(first.stays, standings[one].stands, strict=True):
        for other, place in zip(second.stays, standings[two].stands, strict=True):
            if overlap(stay, other):
                a, b = ink(standings[one].fragment, stand), ink(standings[two].fragment, place)
                across = min(a.right, b.right) - max(a.x, b.x)
                down = min(a.bottom, b.bottom) - max(a.y, b.y)
                worst = max(worst, min(across, down))
    return worst


def _fills(visual: VisualSpec, life: Life) -> bool:
    """Whether a visual is meant to have others over it: a picture over the whole frame."""
    return visual.layout in _PICTURES and any(
        stay.place is not None and stay.place.region == "full" for stay in life.stays
    )


def _overlaps(lines: Lifelines, standings: Sequence[Standing], visuals: Mapping[str, VisualSpec]) -> Iterator[Finding]:
    for one, two in _pairs(lines):
        first, second = lines.lives[one], lines.lives[two]
        under, over = visuals[first.visual], visuals[second.visual]
        if _fills(under, first) or _fills(over, second) or first.visual == second.visual:
            continue
        depth = _together(first, second, standings, one, two)
        if depth > sight.TOUCH:
            yield Finding(
                "PVC0571",
                "warning",
                f"`{second.visual}` covers {depth:.0f} px of `{first.visual}`",
                f"Hide `{first.visual}` first, or give one of them another place (`in left`, `below {first.visual}`).",
                visual=second.visual,
                action=second.begin,
            )


def _cells(rects: Iterable[Rect], reference: tuple[int, int]) -> set[tuple[int, int]]:
    across, down = _GRID
    wide, high = reference[0] / across, reference[1] / down
    found: set[tuple[int, int]] = set()
    for rect in rects:
        columns = range(max(0, int(rect.x / wide)), min(across, int(rect.right / wide) + 1))
        rows = range(max(0, int(rect.y / high)), min(down, int(rect.bottom / high) + 1))
        found.update((column, row) for column in columns for row in rows)
    return found


def _too_full(
    lines: Lifelines, standings: Sequence[Standing], visuals: Mapping[str, VisualSpec], reference: tuple[int, int]
) -> Iterator[Finding]:
    """The stage is fullest when somebody has just come on: looked at there, on a coarse grid."""
    covered = []
    for life, standing in zip(lines.lives, standings, strict=True):
        solid = (element.bounds for element in standing.fragment.elements if element.role in _SOLID)
        rects = (placed(rect, standing.fragment, standing.stands[0]) for rect in solid)
        backdrop = _fills(visuals[life.visual], life)
        covered.append(set() if backdrop else _cells(rects, reference))
    for index, life in enumerate(lines.lives):
        present = [
            other for other, one in enumerate(lines.lives) if one.begin <= life.begin < one.end or other == index
        ]
        if len(present) < 2:  # a single visual fills no more than its layout allows
            continue
        filled: set[tuple[int, int]] = set().union(*(covered[other] for other in present))
        share = len(filled) / (_GRID[0] * _GRID[1])
        if share > FULL:
            yield Finding(
                "PVC0574",
                "warning",
                f"{share:.0%} of the frame is filled once `{life.visual}` is there",
                "Hide what is no longer spoken of: a picture with a third of it empty is easier to read.",
                visual=life.visual,
                action=life.begin,
            )
            return


def _lost_parts(spec: SceneSpec, lines: Lifelines, standings: Sequence[Standing]) -> Iterator[Finding]:
    for step in walk(spec):
        part = step.action.part
        if part is None:
            continue
        touched = [(visual, lines.acts.get((step.index, visual))) for visual in step.action.visuals]
        shown = [(visual, life) for visual, life in touched if life is not None]
        if part.selector.startswith("concept:") and any(
            standings[life].fragment.part(part.selector) is not None for _, life in shown
        ):
            continue  # a concept is lit wherever it is; it need not be everywhere
        for visual, life in shown:
            fragment = standings[life].fragment
            lost = parts.missing(fragment, part.selector)
            if lost and not (fragment.problems and not fragment.parts):
                near = parts.nearest(fragment, lost[0])
                names = ", ".join(f"`{name}`" for name in near)
                yield Finding(
                    "PVC0576",
                    "error",
                    f"`{visual}` has no part `{lost[0]}`",
                    f"It has {names}." if near else "It has no parts that can be named.",
                    visual=visual,
                    action=step.index,
                )


KNOWN = frozenset(
    {
        "show",
        "hide",
        "move",
        "highlight",
        "unhighlight",
        "transform",
        "reveal",
        "focus",
        "unfocus",
        "wait",
        "together",
        "play",
        "orbit",
        "sound",
        "poster",
    }
    | CAMERA_VERBS
)
"""Verbs that display lists can express; any other is for a backend that draws the component itself."""


def _undrawn(spec: SceneSpec, visuals: Mapping[str, VisualSpec]) -> Iterator[Finding]:
    for step in walk(spec):
        if step.action.verb in KNOWN:
            continue
        for name in step.action.visuals:
            visual = visuals.get(name)
            if visual is not None and visual.native is None:
                yield Finding(
                    "PVC0577",
                    "warning",
                    f"`{visual.backend}` does not know how to `{step.action.verb}` a `{visual.component}`",
                    "Choose a backend that draws the component itself (`on ...`), or leave the action away.",
                    visual=name,
                    action=step.index,
                )


def lint(
    program: Program,
    spec: SceneSpec,
    lines: Lifelines,
    standings: Sequence[Standing],
    moves: Mapping[int, View] = MappingProxyType({}),
) -> tuple[Finding, ...]:
    """Everything that can be said without a clock. ``moves``: what the camera shows after each of its moves."""
    visuals = {visual.id: visual for visual in spec.visuals}
    reference = program.format.reference
    background = colors.paint(program.theme.color("background"), program.theme)
    body = float(dict(program.theme.type).get("body", Fraction(42)))
    pixels = program.format.height / reference[1]
    found: list[Finding] = []
    farthest = min((view.zoom for view in moves.values()), default=1.0)
    for life, standing in zip(lines.lives, standings, strict=True):
        visual = visuals[life.visual]
        found.extend(_contrast(visual, standing.fragment, background, body))
        away = 1.0 if visual.layout in camera.FIXED else min(1.0, farthest)
        found.extend(_small(visual, standing.fragment, standing.stands, pixels, away))
        found.extend(_off_frame(visual, standing, reference))
    found.extend(_overlaps(lines, standings, visuals))
    found.extend(_too_full(lines, standings, visuals, reference))
    found.extend(_lost_parts(spec, lines, standings))
    found.extend(_undrawn(spec, visuals))
    if moves:
        found.extend(sight.lint(spec, lines, standings, visuals, moves, reference))
    return tuple(found)


_TOGGLES = frozenset({"show", "hide", "highlight", "unhighlight"})


def flashing(spec: SceneSpec, time: SceneTime, fps: Fraction) -> Iterator[Finding]:
    """Visuals that are turned on and off (or lit and unlit) more than three times within a second."""
    starts = {action.index: action.start for action in time.actions}
    toggles: dict[str, list[tuple[int, int]]] = {}
    for step in walk(spec):
        if step.action.verb in _TOGGLES:
            for visual in step.action.visuals:
                toggles.setdefault(visual, []).append((starts[step.index], step.index))
    for visual, events in toggles.items():
        events.sort()
        for first, last in zip(events, events[2 * FLASHES :], strict=False):
            if last[0] - first[0] < fps:
                yield Finding(
                    "PVC0575",
                    "error",
                    f"`{visual}` flashes more than {FLASHES} times in a second",
                    "Flashing can trigger seizures (WCAG 2.3.1): leave more time between the actions.",
                    visual=visual,
                    action=first[1],
                )
                break
