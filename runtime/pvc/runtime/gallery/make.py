"""Building a gallery: its talks through the same builds as any talk, then its pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.model.values import Color
from pvc.runtime.build.events import Watch
from pvc.runtime.build.front import front
from pvc.runtime.build.outputs import require_writable, write_output
from pvc.runtime.build.request import Outcome, Request, replay
from pvc.runtime.build.world import TracedWorld
from pvc.runtime.gallery.site import Swatches, write_site
from pvc.runtime.gallery.talks import FORMAT_SCENES, SHAPES, Shown, prepare


@dataclass(frozen=True, slots=True)
class Made:
    """``built``: clips that were made anew, of ``clips``; ``diagnostics``: of the talk that could not be built, if one
    could not, and then there are no pages."""

    page: Path
    clips: int
    built: int
    themes: int
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.diagnostics


def gallery(folder: Path, theme: str, request: Request, watch: Watch, step: Callable[[str, int, int], None]) -> Made:
    """Makes the gallery of the standard library in a folder. ``request``: the cache, workers and so on for each build
    (its talk is not looked at); ``step``: told the name, number and count of each talk before it is built. Raises
    PvcError for a folder that cannot be written."""
    page = folder / "index.html"
    for inside in ("clips", "pictures"):
        require_writable(folder / inside / "title.png")
    talks = prepare(folder / "talks", theme)
    components = talks.components
    count = len(components) + len(talks.themes) + len(SHAPES)
    built, seconds = 0, {}
    for number, shown in enumerate(components, 1):
        step(shown.name, number, count)
        outcome = _clip(folder, shown, request, watch)
        report = outcome.report
        diagnostics = _picture(folder, shown, request) if report is not None else outcome.diagnostics
        if report is None or diagnostics:
            return Made(page, len(components), built, 0, diagnostics)
        numerator, _, denominator = report.fps.partition("/")
        seconds[shown.name] = report.frames * int(denominator) / int(numerator)
        built += not report.up_to_date
    swatches = []
    for number, shown in enumerate(talks.themes, len(components) + 1):
        step(shown.name, number, count)
        diagnostics = _picture(folder, shown, request)
        if diagnostics:
            return Made(page, len(components), built, 0, diagnostics)
        swatches.append(_swatches(shown))
    for number, shape in enumerate(SHAPES, len(components) + len(talks.themes) + 1):
        step(shape.name, number, count)
        for scene in FORMAT_SCENES:
            wanted = replace(request, format=shape.name)
            diagnostics = _picture(folder, talks.formats, wanted, scene, f"format-{shape.name}-{scene}")
            if diagnostics:
                return Made(page, len(components), built, len(talks.themes), diagnostics)
    write_site(folder, swatches, seconds)
    return Made(page, len(components), built, len(talks.themes))


def _clip(folder: Path, shown: Shown, request: Request, watch: Watch) -> Outcome:
    from pvc.runtime.build.build import build

    wanted = replace(request, talk=shown.path, output=folder / "clips" / f"{shown.name}.mp4")
    return replay(wanted) or build(wanted, watch)


def _picture(
    folder: Path, shown: Shown, request: Request, scene: str = "shown", name: str = ""
) -> tuple[Diagnostic, ...]:
    """Paints the picture of a talk's scene, unless it is there already; ``name``: of its file, else the talk's. Gives
    what is wrong with a talk that has none."""
    from pvc.runtime.build.survey import frame_of

    shot = frame_of(replace(request, talk=shown.path), None, scene, None)
    if shot.png is None:
        return shot.diagnostics
    write_output(folder / "pictures" / f"{name or shown.name}.png", shot.png)
    return ()


def _swatches(shown: Shown) -> Swatches:
    from pvc.compiler.library import themes

    found = front(shown.path, TracedWorld(None)).program
    assert found is not None, "its picture was painted"
    name = shown.name.removeprefix("theme-")
    prose = next(each.prose for each in themes() if each.name == name)
    return Swatches(name, prose, [(token, _hex(color)) for token, color in found.theme.colors])


def _hex(color: Color) -> str:
    return f"#{color.red:02x}{color.green:02x}{color.blue:02x}"
