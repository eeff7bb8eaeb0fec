"""Programs for the `manim` engine: a class with the base `Scene`, whose animations are the motion. Inside the sandbox.

The scene's own `play` is replaced by one on the clock of the talk: frame k shows the scene at k divided by the frame
rate, however its animations are cut. So a scene of many short animations loses no frame to rounding, and nothing is
written.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from pvc.runtime.programs.given import Given

_FRAME_HEIGHT = 8.0
"""Manim's own unit: a frame is 8 high."""
_EARLY = 1e-6
"""Seconds by which the end of an animation may be passed for a frame to belong to it still."""


class _Enough(Exception):
    """All frames that were wanted are there."""


def ready() -> dict[str, str]:
    """Imports the engine; what of it shows in pixels."""
    import cairo
    import manim

    return {"manim": str(manim.__version__), "cairo": str(cairo.cairo_version_string())}


@cache
def _family(path: str, size: float) -> str:
    """The family of a font file, which Pango knows from then on."""
    from importlib import import_module

    from pvc.runtime.backends.canvas.graphics_library import import_skia

    import_module("manimpango").register_font(path)  # it says nothing of types
    return str(import_skia().Typeface.MakeFromFile(path).getFamilyName())


def _shade(red: int, green: int, blue: int, alpha: int) -> Any:
    from manim import ManimColor

    return ManimColor((red, green, blue, alpha / 255))


def paint(
    namespace: Callable[[], dict[str, Any]], request: dict[str, Any], emit: Callable[[int, Any], None]
) -> dict[str, Any]:
    """Runs the scene and emits the frames that are wanted: RGBA, premultiplied. Gives how long the scene plays, where
    it was let play to its end."""
    import manim

    width, height = request["size"]
    numerator, denominator = request["fps"]
    settings = {
        "dry_run": True,
        "disable_caching": True,
        "progress_bar": "none",
        "media_dir": os.environ["TMPDIR"],
        "pixel_width": width,
        "pixel_height": height,
        "frame_height": _FRAME_HEIGHT,
        "frame_width": _FRAME_HEIGHT * width / height,
        "frame_rate": numerator / denominator,
        "background_opacity": 0.0,
        "seed": 0,
        "verbosity": "ERROR",
    }
    with manim.tempconfig(settings):
        kind = namespace().get(request["entry"])
        if not isinstance(kind, type) or not issubclass(kind, manim.Scene):
            raise TypeError(f"`{request['entry']}` is no scene of Manim's")
        reel = _Reel(request, emit)
        scene: Any = type(request["entry"], (kind,), _replaced(reel, Given(request, _shade, _family)))()
        reel.scene = scene
        try:
            scene.setup()
            scene.construct()
            scene.tear_down()
            reel.plays = reel.time
            reel.rest()
        except _Enough:
            pass
    return {} if reel.plays is None else {"plays": float(reel.plays)}


def _replaced(reel: _Reel, given: Given) -> dict[str, Any]:
    def play(self: Any, *animations: Any, **options: Any) -> None:
        for name in ("subcaption", "subcaption_duration", "subcaption_offset"):
            options.pop(name, None)
        reel.play(animations, options)

    def nothing(self: Any, *arguments: Any, **options: Any) -> None:
        """Sections, sounds and captions are the talk's."""

    return {"play": play, "given": given, **dict.fromkeys(("next_section", "add_sound", "add_subcaption"), nothing)}


class _Reel:
    """The frames of one scene on the talk's clock."""

    def __init__(self, request: dict[str, Any], emit: Callable[[int, Any], None]) -> None:
        self.first, self.count = request["first"], request["count"]
        self.length = request["length"]
        self.step = request["fps"][1] / request["fps"][0]
        self.size = request["size"]
        self.emit = emit
        self.number = 0
        self.time = 0.0
        self.plays: float | None = None
        self.scene: Any = None

    def moment(self) -> float:
        """Seconds at which the next frame lies: the last at the very end."""
        return float(min(self.number * self.step, self.length))

    def play(self, animations: tuple[Any, ...], options: dict[str, Any]) -> None:
        """One call of `play`: its frames, then its end state."""
        scene, renderer = self.scene, self.scene.renderer
        scene.compile_animation_data(*animations, **options)
        scene.begin_animations()
        renderer.static_image = None
        duration = float(scene.get_run_time(scene.animations))
        frozen = scene.is_current_animation_frozen_frame()
        end = self.time + duration
        if self.number < self.count:
            renderer.save_static_frame_data(scene, scene.static_mobjects)
        drawn = False
        while self.number < self.count and self.moment() < end - _EARLY:
            at = self.moment() - self.time
            if not frozen:
                scene.update_to_time(at)
            if self.number >= self.first and not (frozen and drawn):
                renderer.update_frame(scene, scene.moving_mobjects)
                drawn = True
            self.hand_over()
            if not frozen and scene.stop_condition is not None and scene.stop_condition():
                end = self.time + at
                break
        if not frozen:
            scene.update_to_time(duration)
        for animation in scene.animations:
            animation.finish()
            animation.clean_up_from_scene(scene)
        scene.update_mobjects(0)
        renderer.static_image = None
        self.time = end
        renderer.time = end

    def rest(self) -> None:
        """What is there at the end stands for the frames that are left."""
        self.scene.renderer.static_image = None
        self.scene.renderer.update_frame(self.scene)
        while self.number < self.count:
            self.hand_over()

    def hand_over(self) -> None:
        """Emits the frame that the camera has, if it is one that is wanted."""
        number, self.number = self.number, self.number + 1
        if number < self.first:
            return
        pixels = self.scene.renderer.camera.pixel_array
        if pixels.shape != (self.size[1], self.size[0], 4) or pixels.dtype != np.uint8:
            raise RuntimeError("a scene may not change the size of its frames")
        self.emit(number, np.ascontiguousarray(pixels).tobytes())
        if self.first and self.number >= self.count:
            raise _Enough
