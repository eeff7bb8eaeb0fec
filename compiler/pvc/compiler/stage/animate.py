"""From a scene's timed actions to scripts: every verb becomes curves of the lives that it touches.

Actions are carried out in the order of time. A highlight holds until its beat (or the silence that it is in) ends (a
little longer where the next one of the same visual follows at once, so that nothing flickers), until the next highlight
of the same visual or `unhighlight`. A visual whose parts are revealed later is shown without them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from pvc.compiler.clock import frame_at
from pvc.compiler.model.display import Paint, Picture
from pvc.compiler.model.program import Action, Program, SceneSpec, VisualSpec
from pvc.compiler.model.speech import SceneTime, TimedAction
from pvc.compiler.plan.pace import motion, played_seconds, turned_degrees
from pvc.compiler.plan.walk import walk
from pvc.compiler.stage import colors, curves, emphasis, parts
from pvc.compiler.stage.arrange import Standing
from pvc.compiler.stage.derive import derive
from pvc.compiler.stage.entrances import enter, leave
from pvc.compiler.stage.lives import Lifelines
from pvc.compiler.stage.matching import in_order, match
from pvc.compiler.stage.script import Script, aim, jump, script, sweep, value
from pvc.compiler.stage.transforms import transform

LINGER = Fraction(1)
"""Seconds for which a highlight outlives its beat where the next one of the same visual follows within that time."""


@dataclass(frozen=True, slots=True)
class Timed:
    """An action with its frames in the scene."""

    action: Action
    time: TimedAction

    @property
    def start(self) -> int:
        return self.time.start

    @property
    def end(self) -> int:
        return self.time.start + self.time.frames


@dataclass(slots=True)
class _Show:
    """A scene while it is animated. ``cast`` holds a script for each life; None for one that never comes on in time."""

    spec: SceneSpec
    time: SceneTime
    lines: Lifelines
    cast: tuple[Script, ...]
    timed: dict[int, Timed]
    visuals: dict[str, VisualSpec]
    fps: Fraction
    stagger: int
    settle: int
    palette: emphasis.Palette
    color_of: Callable[[Action], Paint | None]
    first: bool = False
    """Whether the film begins with this scene."""
    marks: dict[int, emphasis.Mark] = field(default_factory=dict)
    focused: set[int] = field(default_factory=set)


def scene_end(time: SceneTime) -> int:
    """The frame at which a scene's last beat ends and its exit begins."""
    return time.beats[-1].start + time.beats[-1].frames if time.beats else 0


def _chosen(show: _Show, life: int, timed: Timed) -> tuple[int, ...]:
    """The elements of the action's part; none where the fragment lacks it (`lints` says so)."""
    part = timed.action.part
    assert part is not None
    return parts.elements(show.cast[life].fragment, part.selector)


def _to_reveal(show: _Show, life: int) -> set[int]:
    """The elements that later actions of this life reveal."""
    found: set[int] = set()
    for (index, _), other in show.lines.acts.items():
        timed = show.timed.get(index)
        if other == life and timed is not None and timed.action.verb == "reveal" and timed.action.part is not None:
            found.update(parts.elements(show.cast[life].fragment, timed.action.part.selector))
    return found


def _hold_back(show: _Show, life: int, frame: int) -> None:
    actor = show.cast[life]
    actor.hidden = _to_reveal(show, life)
    jump(actor, "opacity", "life", sorted(actor.hidden), frame, (0.0,))


def _bring(show: _Show, life: int, timed: Timed) -> None:
    actor = show.cast[life]
    _hold_back(show, life, timed.start)
    count = len(actor.fragment.elements)
    targets = None
    if actor.hidden:
        targets = tuple(index for index in range(count) if index not in actor.hidden)
        if not targets:
            return
    standing = _standing_at_once(show, actor, timed)
    if standing:
        targets = tuple(index for index in (range(count) if targets is None else targets) if index not in standing)
    effect = timed.action.effect or actor.fragment.entrance
    enter(actor, targets, timed.start, timed.time.frames, effect, show.stagger)


def _standing_at_once(show: _Show, actor: Script, timed: Timed) -> set[int]:
    """The words of a title or heading that a film begins with: they stand in its first frame, which is what players
    show of a film before it runs, and the rest comes to them. Nothing where the talk says how they come."""
    action = timed.action
    if not show.first or timed.start > 0 or action.verb != "show" or action.effect or action.duration is not None:
        return set()
    if show.visuals[actor.visual].layout not in ("title", "heading"):
        return set()
    return set(parts.elements(actor.fragment, "text")) - actor.hidden


def _show(show: _Show, life: int, timed: Timed) -> None:
    if show.lines.lives[life].begin == timed.time.index:
        for other, line in enumerate(show.lines.lives):
            if line.leaver == timed.time.index and other != life:  # a heading that makes way for an end card
                leave(show.cast[other], None, timed.start, min(timed.time.frames, show.settle), "fade")
        _bring(show, life, timed)
    elif timed.action.part is not None:
        _reveal(show, life, timed)


def _hide(show: _Show, life: int, timed: Timed) -> None:
    actor = show.cast[life]
    targets = _chosen(show, life, timed) if timed.action.part is not None else None
    leave(actor, targets, timed.start, timed.time.frames, timed.action.effect or "fade")


def _move(show: _Show, life: int, timed: Timed, standing: Standing) -> None:
    actor = show.cast[life]
    number = next(
        position for position, stay in enumerate(show.lines.lives[life].stays) if stay.begin == timed.time.index
    )
    stand = standing.stands[number]
    curves.go(actor.centre, timed.start, timed.time.frames, (stand.x, stand.y))
    curves.go(actor.scale, timed.start, timed.time.frames, (stand.scale, stand.scale))


def _mark(show: _Show, life: int, timed: Timed) -> None:
    actor = show.cast[life]
    part = timed.action.part
    if part is not None and not _chosen(show, life, timed):
        return
    frames = min(timed.time.frames, show.settle)
    color = show.color_of(timed.action)
    layout = show.visuals[actor.visual].layout
    selector = part.selector if part is not None else None
    show.marks[life] = emphasis.mark(
        actor, layout, selector, timed.start, frames, color, show.palette, show.marks.get(life)
    )


def _unmark(show: _Show, life: int, start: int, frames: int) -> None:
    before = show.marks.pop(life, None)
    if before is not None:
        emphasis.unmark(show.cast[life], before, start, frames)


def _predecessor(show: _Show, life: int, selector: str) -> tuple[int, ...]:
    """The elements of the step before, where a derivation's next step is revealed."""
    actor = show.cast[life]
    chosen = parts.elements(actor.fragment, selector)
    if parts.layout_at(actor.fragment, chosen, show.visuals[actor.visual].layout).split(".")[0] != "derivation":
        return ()
    base, bracket, rest = selector.rpartition("[")
    number = rest.partition("]")[0].partition("..")[0]
    if not bracket or not number.isdigit():
        return ()
    return tuple(
        index for index in parts.elements(actor.fragment, f"{base}[{int(number) - 1}]") if index not in actor.hidden
    )


def _reveal(show: _Show, life: int, timed: Timed) -> None:
    actor = show.cast[life]
    if timed.action.verb == "reveal" and show.lines.lives[life].begin == timed.time.index:
        _bring(show, life, timed)
    part = timed.action.part
    chosen = tuple(sorted(actor.hidden)) if part is None else _chosen(show, life, timed)
    targets = tuple(index for index in chosen if index in actor.hidden)
    if not targets:
        return
    before = _predecessor(show, life, part.selector) if part is not None else ()
    actor.hidden.difference_update(targets)
    start, frames = timed.start, timed.time.frames
    fragment = actor.fragment
    pairs = in_order(match(fragment, fragment, before, targets), fragment) if before and frames else ()
    if pairs:
        derive(actor, pairs, before, targets, start, frames)
        return
    effect = timed.action.effect or actor.fragment.entrance
    enter(actor, targets, start, frames, effect, show.stagger)


def _transform(show: _Show, sources: Sequence[int], target: int, timed: Timed) -> None:
    _hold_back(show, target, timed.start)
    for number, life in enumerate(sources):
        transform(
            show.cast[life],
            show.cast[target],
            timed.start,
            timed.time.frames,
            timed.action.effect,
            show.stagger,
            number == 0,
        )
    if not sources:
        _bring(show, target, timed)


def _focus(show: _Show, timed: Timed) -> None:
    index, start, frames = timed.time.index, timed.start, timed.time.frames
    wanted = {life for visual in timed.action.visuals if (life := show.lines.acts.get((index, visual))) is not None}
    part = timed.action.part
    for life, actor in enumerate(show.cast):
        if actor.shown <= start < actor.gone:
            if life not in wanted:  # what has stepped back for a highlight would sink twice
                _unmark(show, life, start, min(frames, show.settle))
            emphasis.focus(
                actor, part.selector if part is not None else None, life in wanted, start, frames, show.palette
            )


def _unfocus(show: _Show, timed: Timed) -> None:
    for actor in show.cast:
        if actor.shown <= timed.start < actor.gone:
            emphasis.unfocus(actor, timed.start, timed.time.frames)


def _play(show: _Show, life: int, timed: Timed) -> None:
    """One second of the film for each second of the talk, whatever happens to it meanwhile."""
    actor = show.cast[life]
    options = dict(timed.action.options)
    begin = options.get("from")
    targets = [
        index
        for index, element in enumerate(actor.fragment.elements)
        if isinstance(element.primitive, Picture) and element.primitive.film is not None
    ]
    first = Fraction(begin) if isinstance(begin, int | Fraction) else Fraction(0)
    frames = ceil(played_seconds(timed.action) * show.fps)
    last = first + Fraction(frames) / show.fps
    sweep(actor, "time", "play", targets, timed.start, frames, (float(first),), (float(last),), "linear")


def _orbit(show: _Show, life: int, timed: Timed) -> None:
    """The space of a visual is turned on from where it is; how high the camera stands stays between the poles."""
    actor = show.cast[life]
    space = actor.fragment.space
    if space is None:
        return
    by, tilt = (float(value) for value in turned_degrees(timed.action))
    now = value(actor, "orbit", "orbit", None, timed.start) or (0.0, 0.0)
    height = min(89.0, max(-89.0, space.elevation + now[1] + tilt)) - space.elevation
    aim(actor, "orbit", "orbit", (None,), timed.start, timed.time.frames, (now[0] + by, height), "in_out")


def _perform(show: _Show, timed: Timed, standings: Sequence[Standing]) -> None:
    action, index = timed.action, timed.time.index
    if action.verb == "focus":
        _focus(show, timed)
        return
    if action.verb == "unfocus":
        _unfocus(show, timed)
        return
    touched = [life for visual in action.visuals if (life := show.lines.acts.get((index, visual))) is not None]
    if action.verb == "transform" and action.target is not None:
        _transform(show, touched, show.lines.acts[index, action.target], timed)
        return
    for life in dict.fromkeys(touched):
        if action.verb == "show":
            _show(show, life, timed)
        elif action.verb == "hide":
            _hide(show, life, timed)
        elif action.verb == "move":
            _move(show, life, timed, standings[life])
        elif action.verb == "highlight":
            _mark(show, life, timed)
        elif action.verb == "unhighlight":
            _unmark(show, life, timed.start, timed.time.frames)
        elif action.verb == "reveal":
            _reveal(show, life, timed)
        elif action.verb == "orbit":
            _orbit(show, life, timed)
        elif action.verb == "play":
            _play(show, life, timed)


def _quiet_end(show: _Show, number: int) -> int:
    """Where a beat ends; for one in silence, where the silence ends: `highlight x` and `wait 2s` belong together."""
    beats = show.spec.beats
    if beats[number].narration is None:
        while number + 1 < len(beats) and beats[number + 1].narration is None:
            number += 1
    return show.time.beats[number].start + show.time.beats[number].frames


def _releases(show: _Show) -> list[tuple[int, int]]:
    """When which life's highlight is let go of without being told to: (frame, life)."""
    linger = frame_at(LINGER, show.fps)
    end = scene_end(show.time)
    found = []
    events: dict[int, list[Timed]] = {}
    for (index, _), life in show.lines.acts.items():
        timed = show.timed.get(index)
        if timed is not None and timed.action.verb in ("highlight", "unhighlight"):
            events.setdefault(life, []).append(timed)
    for life, marks in events.items():
        marks.sort(key=lambda timed: (timed.start, timed.time.index))
        for timed, following in zip(marks, [*marks[1:], None], strict=True):
            if timed.action.verb != "highlight":
                continue
            until = _quiet_end(show, timed.time.beat)
            patience = linger
            if timed.action.duration is not None:
                until, patience = max(timed.start + show.settle, timed.end - show.settle), 0
            if following is not None and following.start <= until + patience:
                continue
            leaver = show.lines.lives[life].leaver
            gone = show.timed[leaver].start if leaver is not None else end
            if until < gone:
                found.append((until, life))
    return found


def _scripts(
    lines: Lifelines, timed: dict[int, Timed], standings: Sequence[Standing], digests: Sequence[str], gone: int
) -> tuple[Script, ...]:
    found = []
    for life, standing, digest in zip(lines.lives, standings, digests, strict=True):
        leaver = timed.get(life.leaver) if life.leaver is not None else None
        shown = timed[life.begin].start
        until = gone
        if leaver is not None:
            # One that is there already when something turns into it makes way for its new self at once.
            replaced = leaver.action.target == life.visual
            until = max(shown, leaver.start if replaced else leaver.end)
        found.append(script(life.visual, standing.fragment, digest, shown, until, standing.stands[0]))
    return tuple(found)


def animate(
    program: Program,
    spec: SceneSpec,
    time: SceneTime,
    lines: Lifelines,
    standings: Sequence[Standing],
    digests: Sequence[str],
    gone: int,
) -> tuple[Script, ...]:
    """Scripts of all lives, in their order, but for how the scene gives way to the next (`exits`). ``gone``: the frame
    at which all that stays to the end has gone."""
    theme, fps = program.theme, program.format.fps
    by_index = {action.index: action for action in time.actions}
    timed = {step.index: Timed(step.action, by_index[step.index]) for step in walk(spec)}
    show = _Show(
        spec,
        time,
        lines,
        _scripts(lines, timed, standings, digests, gone),
        timed,
        {visual.id: visual for visual in spec.visuals},
        fps,
        max(1, frame_at(motion(theme, "stagger"), fps)),
        max(1, frame_at(motion(theme, "exit"), fps)),
        emphasis.Palette(*(colors.paint(theme.color(name), theme) for name in ("accent", "background", "text"))),
        lambda action: None if action.color is None else colors.paint(action.color, theme),
        first=bool(program.scenes) and spec is program.scenes[0],
    )
    events: list[tuple[int, int, int]] = [
        (one.start, 1, index) for index, one in timed.items() if one.action.verb not in ("wait", "together")
    ]
    events.extend((frame, 0, life) for frame, life in _releases(show))
    for frame, kind, which in sorted(events):
        if kind:
            _perform(show, timed[which], standings)
        else:
            _unmark(show, which, frame, show.settle)
    return show.cast
