"""Captions painted into the picture: what the theme's `caption` group says of them, and where they stand.

They are laid over a scene that is staged and cut already: a still is cut once more where captions change, a moving
chunk gets them as items that are switched on and off. So a scene without narration stays as it is, and so do all
stretches without a caption.

A caption stands in the middle of the zone that layouts keep free for it. Where something stands there all the same, it
is lifted above that; what fills the frame does not count, since captions have a ground of their own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from pvc.compiler.captions import cues
from pvc.compiler.clock import SAMPLE_RATE, frame_at
from pvc.compiler.digest import canonical, digest_bytes
from pvc.compiler.layout.component import Env
from pvc.compiler.layout.compose import rectangle, union
from pvc.compiler.layout.page import Page, paint_of
from pvc.compiler.model.display import (
    Chunk,
    Element,
    Fragment,
    Item,
    Keyframe,
    Layer,
    Placed,
    Rect,
    Shape,
    Track,
    quantise,
)
from pvc.compiler.model.program import Program, SceneSpec
from pvc.compiler.model.speech import SceneTime, TalkTime
from pvc.compiler.model.theme import Theme
from pvc.compiler.model.values import Color, Token
from pvc.compiler.stage import foot
from pvc.compiler.text.style import TextStyle
from pvc.compiler.text.typeset import set_paragraph

NAME = "<captions>"
"""What the items of captions are called; no visual can be."""
WIDEST = 0.92
"""Share of the frame's width that a line may take; more is broken."""
GAP = 16.0
"""Reference px between a caption and what it was lifted above."""
HIGHEST = 0.5
"""Share of the frame's height above which captions are not lifted."""
BACKDROP = 0.8
"""Share of the frame's width and height from which on something is a backdrop, not in the way."""


@dataclass(frozen=True, slots=True)
class _Caption:
    """A set caption: shown over frames ``[start, end)`` of the scene, with its corner in the frame."""

    start: int
    end: int
    digest: str
    fragment: Fragment
    x: float
    y: float


def burned(
    program: Program,
    spec: SceneSpec,
    time: SceneTime,
    placed: tuple[Placed, ...],
    fragments: Mapping[str, Fragment],
    env: Env,
) -> tuple[tuple[Placed, ...], dict[str, Fragment]]:
    """The scene with its captions in the picture."""
    captions = _captions(program, spec, time, placed, fragments, env)
    found: list[Placed] = []
    for one in placed:
        end = one.start + one.length
        here = [caption for caption in captions if caption.start < end and caption.end > one.start]
        if not here:
            found.append(one)
        elif one.chunk.hold:
            found += _still(one, here)
        else:
            found.append(replace(one, chunk=_over(one.chunk, [_item(each, one.start, end) for each in here])))
    return tuple(found), dict(fragments) | {caption.digest: caption.fragment for caption in captions}


def uncaptioned(chunk: Chunk) -> Chunk:
    """A chunk without its captions, for the picture that stands for the talk."""
    layers = (
        replace(layer, items=tuple(item for item in layer.items if item.visual != NAME)) for layer in chunk.layers
    )
    return replace(chunk, layers=tuple(layer for layer in layers if layer.items) or (Layer("canvas", ()),))


def _still(one: Placed, here: Iterable[_Caption]) -> list[Placed]:
    end = one.start + one.length
    stops = {one.start, end}
    captions = list(here)
    for caption in captions:
        stops.update(frame for frame in (caption.start, caption.end) if one.start < frame < end)
    edges = sorted(stops)
    found = []
    for start, until in itertools.pairwise(edges):
        shown = [_item(each, start, until) for each in captions if each.start <= start and each.end >= until]
        chunk = _over(one.chunk, shown) if shown else one.chunk
        found.append(replace(one, chunk=chunk, start=start, length=until - start))
    return found


def _item(caption: _Caption, start: int, end: int) -> Item:
    keys = [Keyframe(0, (1.0 if caption.start <= start else 0.0,))]
    if start < caption.start < end:
        keys.append(Keyframe(caption.start - start, (1.0,), "step"))
    if start < caption.end < end:
        keys.append(Keyframe(caption.end - start, (0.0,), "step"))
    tracks = (Track("opacity", None, tuple(keys)),) if len(keys) > 1 else ()
    return Item(NAME, caption.digest, caption.x, caption.y, 1.0, tracks)


def _over(chunk: Chunk, items: list[Item]) -> Chunk:
    *below, last = chunk.layers
    if last.backend == "canvas":
        return replace(chunk, layers=(*below, replace(last, items=(*last.items, *items))))
    return replace(chunk, layers=(*chunk.layers, Layer("canvas", tuple(items))))


# ------------------------------------------------------------------------------------------------ setting


def _captions(
    program: Program,
    spec: SceneSpec,
    time: SceneTime,
    placed: tuple[Placed, ...],
    fragments: Mapping[str, Fragment],
    env: Env,
) -> list[_Caption]:
    width, height = program.format.reference
    stage = foot.frame(program, spec)
    fps = program.format.fps
    room = float(height) - stage.floor - foot.below_captions(program)
    zone = min(room, max(0.12 * height, foot.two_lines(program.theme)))
    made = []
    for cue in cues(TalkTime(fps, (time,))):
        start = frame_at(Fraction(cue.start, SAMPLE_RATE), fps)
        end = min(frame_at(Fraction(cue.end, SAMPLE_RATE), fps), time.frames)
        if start >= end:
            continue
        fragment = _set(cue.lines, program.theme, env, WIDEST * width)
        x = (width - fragment.width) / 2
        y = stage.floor + (zone - fragment.height) / 2
        y = _lifted(Rect(x, y, fragment.width, fragment.height), _inks(placed, fragments, start, end), width, height)
        digest = digest_bytes(canonical(fragment))
        made.append(_Caption(start, end, digest, fragment, quantise(x), quantise(y)))
    return made


def _set(lines: tuple[str, ...], theme: Theme, env: Env, widest: float) -> Fragment:
    style = dict(theme.style)
    size = foot.caption_size(theme)
    ink = paint_of(env, _color(style.get("caption_color"), Color(255, 255, 255)))
    ground = paint_of(env, _color(style.get("caption_background"), Color(0, 0, 0, 184)))
    text = TextStyle(theme.font("sans"), quantise(size), ink, weight=600, leading=foot.LEADING)
    block = set_paragraph("\n".join(lines), text, widest, env, align="center", balance=False, raw=True)
    across, above = quantise(foot.ACROSS * size), quantise(foot.ABOVE * size)
    width, height = quantise(block.width + 2 * across), quantise(block.height + 2 * above)
    page = Page(env)
    whole = Rect(0.0, 0.0, width, height)
    if ground.alpha:
        page.add(Element(Shape(rectangle(whole, 0.2 * size), fill=ground), whole, "box", 0))
        page.ground = ground
    page.put(block, across, above, "caption")
    return page.fragment(width, height)


def _color(word: str | None, otherwise: Color) -> Color | Token:
    """A colour as a theme's style keeps it: `#rrggbbaa` or `theme.accent`."""
    if word is None:
        return otherwise
    if word.startswith("theme."):
        return Token(word.removeprefix("theme."))
    try:
        parts = bytes.fromhex(word.removeprefix("#"))
    except ValueError:
        return otherwise
    return Color(*parts) if len(parts) in (3, 4) else otherwise


# ------------------------------------------------------------------------------------------------ what is in the way


def _inks(placed: tuple[Placed, ...], fragments: Mapping[str, Fragment], start: int, end: int) -> list[Rect]:
    """What is drawn while a caption is shown, each as a rectangle of the frame."""
    found: dict[tuple[str, float, float, float], Rect] = {}
    for one in placed:
        if one.start >= end or one.start + one.length <= start:
            continue
        for layer in one.chunk.layers:
            for item in layer.items:
                box = union(element.bounds for element in fragments[item.fragment].elements)
                key = (item.fragment, item.x, item.y, item.scale)
                scale = item.scale
                found[key] = Rect(item.x + scale * box.x, item.y + scale * box.y, scale * box.width, scale * box.height)
    return list(found.values())


def _lifted(caption: Rect, inks: list[Rect], width: int, height: int) -> float:
    """Where the caption's top is once it covers nothing, or where it was if that cannot be had."""
    inks = [ink for ink in inks if ink.width < BACKDROP * width or ink.height < BACKDROP * height]
    top = caption.y
    for _ in range(len(inks) + 1):
        here = Rect(caption.x, top, caption.width, caption.height)
        hit = [ink for ink in inks if _meet(here, ink)]
        if not hit:
            return top
        top = min(ink.y for ink in hit) - GAP - caption.height
        if top < HIGHEST * height:
            break
    return caption.y


def _meet(one: Rect, other: Rect) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom
