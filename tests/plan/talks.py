"""Small programs for tests of the plan and the stage, made of the model's own types (no parser, no fonts)."""

from __future__ import annotations

from fractions import Fraction

from pvc.compiler.model.program import (
    Action,
    Beat,
    Cue,
    Format,
    Moment,
    Narration,
    Part,
    Place,
    Program,
    SceneSpec,
    VisualSpec,
    Voice,
)
from pvc.compiler.model.theme import Theme
from pvc.compiler.model.values import Color, Duration, Value
from pvc.compiler.source import Span

HERE = Span("talk.vid", 0, 1)
VOICE = Voice("ada", "espeak")
THEME = Theme(
    "night",
    (
        ("background", Color(15, 20, 32)),
        ("surface", Color(26, 33, 50)),
        ("text", Color(236, 239, 244)),
        ("muted", Color(150, 160, 178)),
        ("rule", Color(60, 70, 90)),
        ("accent", Color(122, 180, 255)),
        ("warm", Color(255, 176, 92)),
        ("cool", Color(110, 214, 214)),
        ("good", Color(120, 210, 130)),
        ("bad", Color(240, 110, 110)),
    ),
    tuple(
        (name, Fraction(size))
        for name, size in (("title", 92), ("heading", 60), ("body", 42), ("small", 32), ("code", 32), ("label", 28))
    ),
    (("sans", "Source Sans Pro"), ("mono", "Source Code Pro"), ("serif", "Source Serif Pro"), ("math", "TeX")),
    (
        ("margin", Fraction(96)),
        ("gutter", Fraction(48)),
        ("unit", Fraction(8)),
        ("caption_zone", Fraction(130)),
    ),
    (
        ("enter", Fraction(1, 2)),
        ("exit", Fraction(3, 10)),
        ("morph", Fraction(1)),
        ("camera", Fraction(2)),
        ("stagger", Fraction(7, 100)),
        ("transition", Fraction(2, 5)),
        ("lead", Fraction(3, 10)),
        ("sentence_gap", Fraction(3, 10)),
        ("scene_gap", Fraction(7, 10)),
    ),
)


def visual(name: str, layout: str = "test.box", backend: str = "canvas", **arguments: Value) -> VisualSpec:
    return VisualSpec(name, layout, layout, tuple(arguments.items()), backend, None, None, HERE)


def seconds(value: str | int | None) -> Duration | None:
    if value is None:
        return None
    return Duration(Fraction(0), value) if isinstance(value, int) else Duration(Fraction(value))


def act(
    verb: str,
    *visuals: str,
    part: str | None = None,
    into: str | None = None,
    effect: str | None = None,
    at: int | None = None,
    shift: str | int = "0",
    lasts: str | int | None = None,
    place: Place | None = None,
    children: tuple[Action, ...] = (),
    color: Color | None = None,
    options: tuple[tuple[str, Value], ...] = (),
) -> Action:
    """An action; ``at`` is a character of the narration, ``shift`` and ``lasts`` are seconds (text) or frames (int)."""
    moved = seconds(shift)
    assert moved is not None
    return Action(
        verb,
        visuals,
        HERE,
        Part(part, HERE) if part else None,
        into,
        effect,
        place,
        seconds(lasts),
        color,
        options,
        Moment(at, moved, f"cue{at}", HERE) if at is not None else None,
        children,
    )


def say(text: str, *actions: Action) -> Beat:
    """A narrated beat; `{name}` in the text are cues."""
    plain, cues = "", []
    rest = text
    while "{" in rest:
        before, _, rest = rest.partition("{")
        name, _, rest = rest.partition("}")
        plain += before
        cues.append(Cue(name, len(plain), HERE))
    return Beat(Narration(plain + rest, tuple(cues), span=HERE), actions, HERE)


def silent(*actions: Action) -> Beat:
    return Beat(None, actions, HERE)


def scene(name: str, visuals: tuple[VisualSpec, ...], *beats: Beat) -> SceneSpec:
    return SceneSpec(name, name.title(), visuals, beats, (), HERE)


FORMAT = Format("1080p30", 1920, 1080, Fraction(30), (1920, 1080))
NTSC = Format("1080p2997", 1920, 1080, Fraction(30000, 1001), (1920, 1080))


def talk(*scenes: SceneSpec, format: Format = FORMAT, theme: Theme = THEME, **more: object) -> Program:
    return Program("Talk", format, theme, VOICE, "en", None, scenes, **more)  # type: ignore[arg-type]
