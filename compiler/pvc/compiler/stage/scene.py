"""Staging a scene: arrange, animate, cut. The one entry point for `check`, `build` and `frame`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.digest import canonical, digest_bytes
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.registry import OF_THE_THEME, TOO_LARGE
from pvc.compiler.model.display import Fragment, Placed
from pvc.compiler.model.program import CAMERA_VERBS, Action, Program, SceneSpec, VisualSpec, captions_of
from pvc.compiler.model.speech import SceneTime
from pvc.compiler.model.values import Asset
from pvc.compiler.plan.timeline import exit_frames, plan, transition_of
from pvc.compiler.plan.walk import walk
from pvc.compiler.stage import camera, colors, exits, foot, lints, progress
from pvc.compiler.stage.animate import Timed, animate, scene_end
from pvc.compiler.stage.arrange import Standing, arrange
from pvc.compiler.stage.chunks import Actor, cut
from pvc.compiler.stage.findings import Finding, diagnostics
from pvc.compiler.stage.lives import Lifelines, lives
from pvc.compiler.stage.parts import addressed
from pvc.compiler.stage.script import Script
from pvc.compiler.world import World

LayOut: TypeAlias = Callable[[VisualSpec, Box, Env], Fragment]
"""How a visual is laid out: the registry's `lay_out`, or a test's own."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A scene as chunks that tile it from frame 0, and the fragments that they refer to, by digest."""

    placed: tuple[Placed, ...]
    fragments: Mapping[str, Fragment]
    diagnostics: tuple[Diagnostic, ...]


def registered(visual: VisualSpec, box: Box, env: Env) -> Fragment:
    """A visual laid out by the implementation that its component names."""
    from pvc.compiler.layout.registry import lay_out

    return lay_out(visual.layout, dict(visual.arguments), box, env)


def _fonts(program: Program) -> tuple[str, ...]:
    """The talk's own font files."""
    files = next((value for name, value in program.settings if name == "fonts" and isinstance(value, tuple)), ())
    return tuple(file.digest for file in files if isinstance(file, Asset))


def environment(program: Program, spec: SceneSpec, visual: VisualSpec, world: World) -> Env:
    """What a visual's layout may know."""
    return Env(
        program.theme,
        program.concepts,
        program.language,
        program.format.reference,
        addressed(spec, visual.id),
        world,
        _fonts(program),
        program.programs,
    )


def arranged(
    program: Program, spec: SceneSpec, lines: Lifelines, world: World, lay_out: LayOut
) -> tuple[Standing, ...]:
    """Every life's fragment and places."""
    visuals = {visual.id: visual for visual in spec.visuals}
    environments: dict[str, Env] = {}
    seen: dict[tuple[str, Box], Fragment] = {}

    def measure(life: int, box: Box) -> Fragment:
        name = lines.lives[life].visual
        found = seen.get((name, box))
        if found is None:
            env = environments.get(name)
            if env is None:
                env = environments[name] = environment(program, spec, visuals[name], world)
            found = seen[name, box] = lay_out(visuals[name], box, env)
        return found

    return arrange(lines.lives, visuals, foot.frame(program, spec), measure)


def _painted(lines: Lifelines) -> list[int]:
    """Lives in paint order: later ones above earlier ones, a transform's target just above its source."""
    order: list[int] = []
    for index, life in enumerate(lines.lives):
        if life.source is not None and life.source in order:
            order.insert(order.index(life.source) + 1, index)
        else:
            order.append(index)
    return order


_OF_THE_SIZE = frozenset({"PVC0570", "PVC0573"})
"""What only follows where a layout is too large for its place: it is scaled down, and stands outside the frame."""


def _findings(
    program: Program,
    spec: SceneSpec,
    lines: Lifelines,
    standings: Sequence[Standing],
    moves: Mapping[int, camera.View],
) -> tuple[Finding, ...]:
    """What layouts and the arrangement have to say."""
    problems: list[Finding] = []
    for life, standing in zip(lines.lives, standings, strict=True):
        for problem in standing.fragment.problems:
            if problem.code in OF_THE_THEME and any(each.message == problem.message for each in problems):
                continue  # every visual would say it again
            found = Finding(problem.code, problem.severity, problem.message, problem.hint, visual=life.visual)
            problems.append(replace(found, inner=problem.inner, action=_pointing(spec, life.visual, problem.part)))
    unfit = {problem.visual for problem in problems if problem.code in TOO_LARGE}
    told = {problem.action for problem in problems if problem.action is not None}
    seen = [
        each
        for each in lints.lint(program, spec, lines, standings, moves)
        if (each.visual not in unfit or each.code not in _OF_THE_SIZE)
        and (each.action not in told or each.code != "PVC0576")  # the formula has said that it lacks this part
    ]
    return (*problems, *seen)


def _pointing(spec: SceneSpec, visual: str, selector: str) -> int | None:
    """The first action that points at a part which a visual does not have: that is where the slip is."""
    for step in walk(spec) if selector else ():
        part = step.action.part
        if part is not None and part.selector == selector and visual in step.action.visuals:
            return step.index
    return None


def _moves(
    program: Program, spec: SceneSpec, lines: Lifelines, standings: Sequence[Standing]
) -> Mapping[int, camera.View]:
    """What the camera shows after each of its moves, by the number of the action."""
    visuals = {visual.id: visual for visual in spec.visuals}
    return camera.views(spec, lines, standings, visuals, foot.frame(program, spec))


def _filmed(
    spec: SceneSpec, scene_time: SceneTime, moves: Mapping[int, camera.View], cast: Sequence[Script]
) -> tuple[Script, ...]:
    """Fold the camera's moves into the scripts of what stands in front of it."""
    visuals = {visual.id: visual for visual in spec.visuals}
    path = camera.begin()
    for action in sorted(scene_time.actions, key=lambda action: (action.start, action.index)):
        if action.index in moves:
            camera.go(path, action.start, action.frames, moves[action.index])
    camera.film((script for script in cast if visuals[script.visual].layout not in camera.FIXED), path)
    return tuple(cast)


def _acted_on(action: Action, visuals: Mapping[str, VisualSpec]) -> tuple[str, ...]:
    """The visuals that an action moves: all of them for the camera."""
    if action.verb in CAMERA_VERBS:
        return tuple(visuals)
    return (*action.visuals, *([action.target] if action.target else []))


def lint_scene(program: Program, index: int, world: World, lay_out: LayOut = registered) -> tuple[Diagnostic, ...]:
    """What is wrong with a scene's picture, without a plan: all that `stage` says but for flashing."""
    spec = program.scenes[index]
    lines = lives(spec)
    standings = arranged(program, spec, lines, world, lay_out)
    moves = _moves(program, spec, lines, standings)
    return diagnostics(_findings(program, spec, lines, standings, moves), spec)


@dataclass(frozen=True, slots=True)
class _Played:
    """A scene with its actors in paint order; their scripts say what happens before it ends."""

    lines: Lifelines
    standings: tuple[Standing, ...]
    digests: tuple[str, ...]
    moves: Mapping[int, camera.View]
    actors: tuple[Actor, ...]
    staying: tuple[Script, ...]
    """Of what is there to the end."""


def _play(program: Program, spec: SceneSpec, time: SceneTime, world: World, lay_out: LayOut, gone: int) -> _Played:
    """``gone``: the frame at which what stays to the end has gone."""
    lines = lives(spec)
    standings = arranged(program, spec, lines, world, lay_out)
    digests = tuple(digest_bytes(canonical(standing.fragment)) for standing in standings)
    moves = _moves(program, spec, lines, standings)
    cast = _filmed(spec, time, moves, animate(program, spec, time, lines, standings, digests, gone))
    visuals = {visual.id: visual for visual in spec.visuals}
    actors = []
    for life in _painted(lines):
        visual = visuals[lines.lives[life].visual]
        arguments = visual.arguments if visual.native is not None else ()
        actors.append(Actor(cast[life], visual.backend, visual.native, arguments))
    staying = tuple(script for script, life in zip(cast, lines.lives, strict=True) if life.leaver is None)
    return _Played(lines, standings, digests, moves, tuple(actors), staying)


def _opening(program: Program, index: int, world: World, lay_out: LayOut) -> tuple[Actor, ...]:
    """What a scene shows in its first frame. That does not depend on how long anything takes, so estimates do."""
    if index >= len(program.scenes) or not exits.opens(program.scenes[index]):
        return ()
    spec = program.scenes[index]
    time = plan(replace(program, scenes=(spec,)), {}).time.scenes[0]
    return tuple(exits.opening(_play(program, spec, time, world, lay_out, time.frames).actors))


def stage(program: Program, index: int, scene_time: SceneTime, world: World, lay_out: LayOut = registered) -> Staged:
    """One scene of a program as placed chunks. Pure but for the World's memo; equal inputs give equal chunks, and
    scenes know nothing of each other but what the next one opens with."""
    spec = program.scenes[index]
    kind, away, end = transition_of(program, index), exit_frames(program, index), scene_end(scene_time)
    gone = end + away if kind != "cut" else scene_time.frames
    played = _play(program, spec, scene_time, world, lay_out, gone)
    coming = _opening(program, index + 1, world, lay_out) if kind != "cut" else ()
    exits.leave(played.staying, kind, end, away, program.format.reference, empty=not coming)
    arriving = exits.arrive(coming, kind, end, away, scene_time.frames, program.format.reference)
    visuals = {visual.id: visual for visual in spec.visuals}
    by_index = {action.index: action for action in scene_time.actions}
    acting = [
        (one.start, one.end, step.index, _acted_on(step.action, visuals))
        for step in walk(spec)
        if step.action.verb not in ("wait", "together")
        for one in (Timed(step.action, by_index[step.index]),)
    ]
    background = colors.paint(program.theme.color("background"), program.theme)
    over = progress.actor(program, index, world, scene_time.frames, end, away)
    actors = (*played.actors, *arriving, *([over] if over is not None else []))
    placed = cut(actors, scene_time.frames, program.format.reference, background, acting, filmed=bool(played.moves))
    findings = (
        *_findings(program, spec, played.lines, played.standings, played.moves),
        *lints.flashing(spec, scene_time, program.format.fps),
    )
    known = {actor.script.digest: actor.script.fragment for actor in actors}
    if captions_of(program) == "burned":
        from pvc.compiler.stage.burning import burned

        env = Env(
            program.theme, program.concepts, program.language, program.format.reference, (), world, _fonts(program)
        )
        placed, known = burned(program, spec, scene_time, placed, known, env)
    used = {item.fragment for one in placed for layer in one.chunk.layers for item in layer.items}
    fragments = {digest: fragment for digest, fragment in known.items() if digest in used}
    return Staged(placed, fragments, diagnostics(findings, spec))


_BRINGS = frozenset({"show", "reveal", "transform"})
"""Verbs after which there is more to be seen."""


def settled(staged: Staged, spec: SceneSpec, time: SceneTime) -> int:
    """The frame of a scene that shows most of it: where the last still with something on it begins; where things come
    after that one up to the scene's exit, the last frame before the exit."""
    stills = [
        each.start
        for each in staged.placed
        if each.chunk.hold and any(one.items for one in each.chunk.layers if not one.over)
    ]
    ends = {action.index: action.start + action.frames for action in time.actions}
    coming = [ends.get(step.index, 0) for step in walk(spec) if step.action.verb in _BRINGS]
    if not stills or max(coming, default=0) > stills[-1]:
        return max(0, scene_end(time) - 1)
    return stills[-1]


def still(staged: Staged, frame: int) -> tuple[Placed, int]:
    """The chunk that a frame of a scene falls into, and the frame inside that chunk (0 for a hold)."""
    for placed in staged.placed:
        if frame < placed.start + placed.length or placed is staged.placed[-1]:
            inside = min(max(0, frame - placed.start), placed.chunk.frames - 1)
            return placed, 0 if placed.chunk.hold else inside
    raise ValueError("a scene has at least one chunk")
