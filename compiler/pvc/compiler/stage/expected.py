"""What a talk expects of its pictures, held against what is staged: contrast, overlaps, motion, what is seen when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pvc.compiler.clock import SAMPLE_RATE, frame_at
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.model.display import Chunk, Element, Fragment, Glyphs, Item, Paint
from pvc.compiler.model.program import Expectation, Program, SceneSpec, Sighting
from pvc.compiler.model.speech import SceneTime, TalkTime
from pvc.compiler.model.tracks import motion, pose
from pvc.compiler.plan.expected import Result, compared, failures
from pvc.compiler.plan.timeline import heard_at
from pvc.compiler.stage import colors, parts
from pvc.compiler.stage.emphasis import front
from pvc.compiler.stage.scene import Staged, still

CLEARLY = 0.5
"""Opacity from which on something counts as seen."""
READABLE = 22.0
"""Reference px of type from which on it counts as readable."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A scene's pictures measured: the lowest contrast of text and the size of the smallest in px (None: no text), how
    many visuals cover another, frames in all and those that move, the longest still, and what was seen when."""

    contrast: float | None
    smallest: float | None
    overlaps: int
    frames: int
    moving: int
    longest: int
    sightings: tuple[Result, ...]


def look(program: Program, index: int, time: SceneTime, staged: Staged) -> Looked:
    """What can be measured of a scene."""
    contrast: float | None = None
    smallest: float | None = None
    for item, fragment, background in _items(staged):
        for element in fragment.elements:
            ratio = _ratio(element, background)
            if ratio is not None:
                contrast = ratio if contrast is None else min(contrast, ratio)
            size = _size(element)
            if size is not None:
                smallest = size * item.scale if smallest is None else min(smallest, size * item.scale)
    holds = [placed.length for placed in staged.placed if placed.chunk.hold]
    return Looked(
        contrast,
        smallest,
        sum(each.code == "PVC0571" for each in staged.diagnostics),
        time.frames,
        time.frames - sum(holds),
        max(holds, default=0),
        tuple(_sightings(program.scenes[index], time, staged, program.format.fps)),
    )


def _items(staged: Staged) -> Iterator[tuple[Item, Fragment, Paint]]:
    seen: set[tuple[str, float]] = set()
    for placed in staged.placed:
        for layer in placed.chunk.layers:
            for item in layer.items:
                if item.visual != "<captions>" and (item.fragment, item.scale) not in seen:
                    seen.add((item.fragment, item.scale))
                    yield item, staged.fragments[item.fragment], placed.chunk.background


def _ratio(element: Element, background: Paint) -> float | None:
    color = front(element)
    if color is None or element.role not in ("text", "glyph"):
        return None
    return colors.contrast(color, background if element.ground is None else colors.over(element.ground, background))


def _size(element: Element) -> float | None:
    glyphs = element.primitive
    return glyphs.size if isinstance(glyphs, Glyphs) and element.role == "text" and glyphs.text.strip() else None


def shortfalls(found: Sequence[Result]) -> tuple[Diagnostic, ...]:
    """A finding for each expectation of pictures that does not hold."""
    return failures(found, "PVC0449")


def results(program: Program, time: TalkTime, looked: Sequence[Looked]) -> tuple[Result, ...]:
    """Every expectation of pictures: of the talk over all scenes, of a scene over its own."""
    found = list(_measured(program.expectations, None, looked, time))
    for spec, one in zip(program.scenes, looked, strict=True):
        found += [*_measured(spec.expectations, spec.id, (one,), time), *one.sightings]
    return tuple(found)


def _measured(
    wanted: Sequence[Expectation], scene: str | None, looked: Sequence[Looked], time: TalkTime
) -> Iterator[Result]:
    guessed = any(clip.timing.estimated and not clip.timing.digest for each in time.scenes for clip in each.clips)
    for expectation in wanted:
        match expectation.subject:
            case "contrast":
                yield compared(expectation, scene, _least(one.contrast for one in looked))
            case "text_size":
                yield compared(expectation, scene, _least(one.smallest for one in looked))
            case "overlap":
                yield compared(expectation, scene, Fraction(sum(one.overlaps for one in looked)))
            case "motion":
                frames = sum(one.frames for one in looked)
                share = Fraction(sum(one.moving for one in looked), frames) if frames else None
                yield compared(expectation, scene, share, guessed)
            case "still":
                longest = max((one.longest for one in looked), default=0)
                yield compared(expectation, scene, Fraction(longest) / time.fps, guessed)


def _least(values: Iterator[float | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return Fraction(min(known)).limit_denominator(1000) if known else None


# ------------------------------------------------------------------------------------------------ what is seen when


def _sightings(spec: SceneSpec, time: SceneTime, staged: Staged, fps: Fraction) -> Iterator[Result]:
    for expectation in spec.expectations:
        seen = expectation.sighting
        if seen is None:
            continue
        frame = min(max(0, _frame(time, seen, fps)), time.frames - 1)
        placed, inside = still(staged, frame)
        opacity, problem = _seen(placed.chunk, inside, staged, seen)
        shown = opacity >= CLEARLY
        if expectation.subject == "hidden":
            yield Result(expectation, spec.id, not shown, _said(opacity), "hidden")
        elif expectation.subject == "readable" and shown and problem is not None:
            yield Result(expectation, spec.id, False, problem, "readable")
        else:
            yield Result(expectation, spec.id, shown, _said(opacity), expectation.subject)


def _said(opacity: float) -> str:
    return "hidden" if opacity <= 0 else "visible" if opacity >= 1 else f"visible to {opacity:.0%}"


def _frame(time: SceneTime, seen: Sighting, fps: Fraction) -> int:
    clips = [clip for clip in time.clips if clip.beat == seen.beat]
    end = clips[-1].start + clips[-1].timing.samples if clips else 0
    seconds = Fraction(heard_at(clips, seen.moment.offset, end), SAMPLE_RATE)
    shift = seen.moment.shift
    if shift.frames is not None:
        return frame_at(seconds, fps) + shift.frames
    return frame_at(seconds + shift.seconds, fps)


def _seen(chunk: Chunk, frame: int, staged: Staged, seen: Sighting) -> tuple[float, str | None]:
    """How clearly something is seen at a frame of a chunk, and why it cannot be read (None: it can)."""
    best, problem = 0.0, None
    for layer in chunk.layers:
        for item in layer.items:
            if item.visual == "<captions>":
                continue
            fragment = staged.fragments[item.fragment]
            chosen = _chosen(item, fragment, seen)
            if not chosen:
                continue
            now = pose(motion(item, len(fragment.elements)), frame)
            clear = [
                now.whole.opacity * now.elements[index].opacity if now.elements[index].visible else 0.0
                for index in chosen
            ]
            opacity = sum(clear) / len(clear) if now.whole.visible else 0.0
            if opacity > best:
                best, problem = opacity, _unreadable(item, fragment, chosen, chunk.background)
    return best, problem


def _chosen(item: Item, fragment: Fragment, seen: Sighting) -> tuple[int, ...]:
    """The elements that are looked for."""
    if seen.text is not None:
        said = [
            (index, element.primitive.text)
            for index, element in enumerate(fragment.elements)
            if isinstance(element.primitive, Glyphs)
        ]
        wanted = "".join(seen.text.split())
        for first in range(len(said)):
            text = ""
            for last in range(first, len(said)):
                text += "".join(said[last][1].split())
                if wanted in text:
                    return tuple(index for index, _ in said[first : last + 1])
                if len(text) > len(wanted) + 400:
                    break
        return ()
    if item.visual != seen.visual:
        return ()
    if seen.part is not None:
        return parts.elements(fragment, seen.part.selector)
    return tuple(range(len(fragment.elements)))


def _unreadable(item: Item, fragment: Fragment, chosen: Sequence[int], background: Paint) -> str | None:
    for index in chosen:
        element = fragment.elements[index]
        ratio, size = _ratio(element, background), _size(element)
        if ratio is not None and ratio < colors.TEXT_RATIO:
            return f"at a contrast of {ratio:.1f}:1"
        if size is not None and size * item.scale < READABLE:
            return f"set at {size * item.scale:.0f} px"
    return None
