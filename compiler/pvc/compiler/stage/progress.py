"""The progress of a talk (`progress = bar`): a thin layer over every scene, of its own.

What it shows depends on where a scene stands in the talk; nothing else of the scene does. So it is a layer that is
marked as such (`Layer.over`): what lies under it is painted apart and kept, and scenes in another order are put under
another bar without being painted again. It moves only where the scene begins (the bar grows) and where it ends, in the
same frames for every scene, so that chunks are cut where they would be anyway or at that one place.
"""

from __future__ import annotations

from dataclasses import replace

from pvc.compiler.chapters import opened
from pvc.compiler.clock import frame_at
from pvc.compiler.digest import canonical, digest_bytes
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.registry import lay_out
from pvc.compiler.model.display import Fragment
from pvc.compiler.model.program import Program
from pvc.compiler.model.values import Symbol, Value
from pvc.compiler.plan.pace import motion
from pvc.compiler.stage import foot, parts, regions
from pvc.compiler.stage.chunks import Actor
from pvc.compiler.stage.script import Stand, aim, jump, script, sweep
from pvc.compiler.world import World

NAME = "(progress)"
"""The id of its item: no visual of a scene can have it."""


def chapters(program: Program, index: int) -> tuple[tuple[str, ...], int]:
    """The names of a talk's chapters, and which of them (from 1) a scene belongs to: as the film's own chapters."""
    names: list[str] = []
    here = 1
    for number, spec in enumerate(program.scenes):
        title = opened(program, spec)
        if title or not names:
            names.append(title or program.title)
        if number == index:
            here = len(names)
    return tuple(names), here


def actor(program: Program, index: int, world: World, frames: int, end: int, away: int) -> Actor | None:
    """The progress over a scene of ``frames`` frames, whose exit takes ``away`` frames from ``end`` on; None where the
    talk shows none, or has only one chapter."""
    style = foot.progress_style(program)
    names, here = chapters(program, index)
    if style == "none" or len(names) < 2:
        return None
    stage = regions.frame(program.theme, program.format.reference)
    env = Env(program.theme, (), program.language, program.format.reference, (), world)
    arguments: dict[str, Value] = {"chapters": names, "at": here, "style": Symbol(style)}
    fragment: Fragment = lay_out("progress", arguments, Box(stage.width - 2 * stage.margin_x, 80.0), env)
    if fragment.problems:
        fragment = replace(fragment, problems=())
    stand = Stand(stage.width / 2, stage.height - foot.UNDER - fragment.height / 2)
    made = script(NAME, fragment, digest_bytes(canonical(fragment)), 0, frames, stand)
    grow = max(1, frame_at(motion(program.theme, "enter"), program.format.fps))
    opens = bool(opened(program, program.scenes[index])) or index == 0
    if opens:
        current = parts.elements(fragment, "current")
        flat = (0.0, 1.0) if style == "bar" else (0.4, 0.4)
        sweep(made, "scale", "life", current, 0, grow, flat, (1.0, 1.0), "in_out")
        sweep(made, "opacity", "life", parts.elements(fragment, "title"), 0, grow, (0.0,), (1.0,))
    if index + 1 < len(program.scenes) and opened(program, program.scenes[index + 1]):
        title = parts.elements(fragment, "title")
        if opens and end < grow:  # a scene that is hardly there
            jump(made, "opacity", "life", title, end, (0.0,))
        else:
            aim(made, "opacity", "life", title, end, max(1, away - 1), (0.0,))  # as long as a fade of what is below
    return Actor(made, "canvas", None, (), over=True)
