"""How long an action takes where its author does not say: the theme's motion times, more for what has more to show."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from pvc.compiler.clock import frame_at
from pvc.compiler.model.program import Action, SceneSpec, VisualSpec
from pvc.compiler.model.theme import Theme
from pvc.compiler.model.values import Angle, Code, Column, Duration, Markdown, Record, Table, Tex, Value

_DEFAULTS: dict[str, Fraction] = {
    "enter": Fraction(1, 2),
    "exit": Fraction(3, 10),
    "morph": Fraction(1),
    "camera": Fraction(2),
    "stagger": Fraction(7, 100),
    "transition": Fraction(2, 5),
    "lead": Fraction(3, 10),
    "sentence_gap": Fraction(3, 10),
    "scene_gap": Fraction(7, 10),
}
WRITING = Fraction(1, 22)
"""Seconds for each glyph written: reading pace (about 22 characters a second, the pace of captions)."""
STING = Fraction(2)
"""Seconds in which a logo comes."""
TURNING = Fraction(30)
"""Degrees a second by which a camera goes round at most, where nobody says how fast."""
LONGEST_WRITE = Fraction(5, 2)

_PARTS_OF: tuple[tuple[str, str], ...] = (
    ("chart", "grow"),
    ("axes", "draw"),
    ("diagram", "draw"),
    ("space", "grow"),
    ("logo_sting", "sting"),
    ("bullets", "items"),
    ("code", "items"),
    ("equation", "write"),
    ("derivation", "write"),
)
"""How layouts (by the first part of their name) enter that take longer than one fade."""

_COMMAND = re.compile(r"\\[A-Za-z]+|\\.")
_SILENT = re.compile(r"[\s{}^_&$]")


def motion(theme: Theme, name: str) -> Fraction:
    """A time of the theme's motion group in seconds; the house's default where the theme is silent."""
    try:
        return theme.seconds(name)
    except KeyError:
        return _DEFAULTS[name]


def glyph_count(values: Iterable[Value]) -> int:
    """About how many glyphs a visual's arguments will show: characters of texts, a TeX command counting as one."""
    total = 0
    for value in values:
        match value:
            case bool() | Table() | Column():
                continue
            case Tex(source=source):
                total += len(_SILENT.sub("", _COMMAND.sub("x", source)))
            case str() | Markdown() | Code():
                text = value if isinstance(value, str) else value.source
                total += sum(not character.isspace() for character in text)
            case Record(fields=fields):
                total += glyph_count(item for _, item in fields)
            case tuple():
                total += glyph_count(value)
            case _:
                continue
    return total


def _pieces(visual: VisualSpec) -> int:
    """About how many pieces enter one after the other: rows of a table, entries of a list, lines of code."""
    most = 1
    for _, value in visual.arguments:
        if isinstance(value, Code):
            most = max(most, value.source.count("\n") + 1)
        elif isinstance(value, Table):
            most = max(most, len(value.rows))
        elif isinstance(value, tuple):
            most = max(most, len(value))
    return most


def _entering(action: Action, visual: VisualSpec | None, theme: Theme) -> Fraction:
    enter = motion(theme, "enter")
    effect = action.effect
    if effect == "cut":
        return Fraction(0)
    if visual is None:
        return enter
    kind = visual.layout.split(".")[0]
    if effect is None:
        effect = dict(_PARTS_OF).get(kind, "fade")
    if effect == "write":
        wanted = glyph_count(value for _, value in visual.arguments) * WRITING
        return max(enter, min(LONGEST_WRITE, wanted))
    if effect in ("grow", "items", "draw"):
        spread = min(motion(theme, "stagger") * (_pieces(visual) - 1), Fraction(1))
        return enter * (1 if effect == "items" else Fraction(3, 2)) + spread
    if effect == "sting":
        return STING
    if effect == "wipe":
        return enter * Fraction(3, 2)
    return enter


def played_seconds(action: Action) -> Fraction:
    """How much of a film a `play` shows."""
    options = dict(action.options)
    begin, end = options.get("from"), options.get("to")
    if isinstance(begin, int | Fraction) and isinstance(end, int | Fraction):
        return max(Fraction(0), Fraction(end) - Fraction(begin))
    return Fraction(0)


def turned_degrees(action: Action) -> tuple[Fraction, Fraction]:
    """By how much an `orbit` turns and tilts."""
    options = dict(action.options)
    by, tilt = (options.get(name) for name in ("by", "tilt"))
    return (
        by.degrees if isinstance(by, Angle) else Fraction(0),
        tilt.degrees if isinstance(tilt, Angle) else Fraction(0),
    )


def natural_seconds(action: Action, scene: SceneSpec, theme: Theme) -> Fraction:
    """The seconds that an action takes where its author gave none. A `together` has no time of its own."""
    verb = action.verb
    if action.effect == "cut":
        return Fraction(0)
    if verb == "show":
        visuals = {visual.id: visual for visual in scene.visuals}
        return max((_entering(action, visuals.get(name), theme) for name in action.visuals), default=Fraction(0))
    if verb == "hide":
        return motion(theme, "exit")
    if verb in ("move", "transform"):
        return motion(theme, "morph")
    if verb in ("highlight", "unhighlight", "focus", "unfocus"):
        return motion(theme, "exit")
    if verb == "reveal":
        # A derivation's next step is made out of the one before: that is a morph, not an entrance.
        steps = any(visual.id in action.visuals and visual.layout == "derivation" for visual in scene.visuals)
        return motion(theme, "morph" if steps else "enter")
    if verb == "wait":
        return Fraction(1, 2)
    if verb == "play":
        return played_seconds(action)
    if verb == "orbit":
        return max(motion(theme, "camera"), max(map(abs, turned_degrees(action))) / TURNING)
    if verb in ("together", "sound", "poster"):
        return Fraction(0)
    return motion(theme, "camera")


def frames_of(duration: Duration, fps: Fraction) -> int:
    """A duration in whole frames: as written, or rounded to the grid but never to nothing."""
    if duration.frames is not None:
        return max(0, duration.frames)
    if duration.seconds <= 0:
        return 0
    return max(1, frame_at(duration.seconds, fps))


def action_frames(action: Action, scene: SceneSpec, theme: Theme, fps: Fraction) -> int:
    """How many frames an action takes, wherever on the time line it stands."""
    if action.duration is not None:
        return frames_of(action.duration, fps)
    return frames_of(Duration(natural_seconds(action, scene, theme)), fps)
