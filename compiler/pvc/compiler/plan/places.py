"""From a place in the text to a moment of the film: what to look at while that place is being written."""

from __future__ import annotations

from pvc.compiler.model.program import Action, SceneSpec
from pvc.compiler.model.speech import SceneTime
from pvc.compiler.plan.walk import walk
from pvc.compiler.source import Span


def frame_for(scene: SceneSpec, time: SceneTime, path: str, start: int, end: int) -> int | None:
    """The frame of a scene, from its start, that shows what ``[start, end)`` of a file is about: of an action its end,
    of a visual the end of what first shows it, of a narration the end of its beat, else the middle of the scene. None
    where the place lies outside the scene. ``time`` is the scene's plan."""
    if not _touches(scene.span, path, start, end):
        return None
    last = max(0, time.frames - 1)
    ends = {each.index: each.start + each.frames for each in time.actions}
    best: tuple[int, int] | None = None  # how much text, the frame
    for step in walk(scene):
        if _touches(step.action.span, path, start, end) and step.index in ends:
            size = step.action.span.end - step.action.span.start
            if best is None or size <= best[0]:
                best = size, ends[step.index]
    if best is not None:
        return min(last, best[1])
    for visual in scene.visuals:
        if _touches(visual.span, path, start, end):
            shown = [ends[step.index] for step in walk(scene) if _shows(step.action, visual.id) and step.index in ends]
            if shown:
                return min(last, shown[0])
    for beat, when in zip(scene.beats, time.beats, strict=True):
        if _touches(beat.span, path, start, end):
            return min(last, max(when.start, when.start + when.frames - 1))
    return time.frames // 2


def _shows(action: Action, visual: str) -> bool:
    return visual in action.visuals or action.target == visual


def _touches(span: Span, path: str, start: int, end: int) -> bool:
    return span.path == path and span.start < max(end, start + 1) and start <= span.end
