"""`program`: what a Python file of the project's paints; its first frame at rest, the others while it is played.

Whether programs may run is the environment's to say. Where they may not, the place is kept: it shows the picture that
the talk gives for that, or a card with the file's name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction

from pvc.compiler.digest import digest_of
from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.beneath import height_of, set_words
from pvc.compiler.layout.colors import paint
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.compose import rectangle
from pvc.compiler.layout.labels import Look, look, paragraph, put
from pvc.compiler.layout.pictures import source_of
from pvc.compiler.layout.sheet import Sheet
from pvc.compiler.model.display import Element, Footage, Fragment, Paint, Picture, Recipe, Rect, Stroke, quantise
from pvc.compiler.model.values import (
    Angle,
    Asset,
    Color,
    Duration,
    Length,
    Record,
    Symbol,
    Table,
    Tex,
    Token,
    Value,
)
from pvc.compiler.programs import Unparsable, outline

LONGEST = Fraction(120)
"""Seconds that the motion of a program lasts at most."""
SHORTEST = Fraction(1, 30)
MOST_ARGUMENTS = 4 << 20
"""Characters of the arguments of a program."""
_FONTS = ("sans", "serif", "mono")
_CORNER = 14.0


def lasts(arguments: Mapping[str, Value]) -> Fraction:
    """Seconds of a program's motion."""
    value = arguments.get("lasts")
    return value.seconds if isinstance(value, Duration) else Fraction(0)


def program(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`program`: parts `program`, `caption`, `credit`."""
    sheet, seen = Sheet(), look(env)
    file = arguments.get("file")
    if not isinstance(file, Asset):
        sheet.problem("PVC0848", "there is no program to show", 'name a file, as in `file: "orbits.py"`')
        return sheet.fragment(1.0, 1.0)
    words = set_words(sheet, arguments, box.width, seen)
    below = height_of(words, seen)
    room = Rect(0.0, 0.0, box.width, max(1.0, box.height - below))
    if room.height < 0.35 * box.height:
        sheet.problem(
            "PVC0564", "the caption leaves no room for the program", "shorten the caption, or give it a larger region"
        )
        return sheet.fragment(1.0, 1.0)
    ratio = arguments.get("ratio")
    rect = _fitted(float(ratio) if isinstance(ratio, int | Fraction) and ratio > 0 else None, room)
    entry = _entry(sheet, file, arguments, env)
    if entry is not None:
        _picture(sheet, file, entry, rect, arguments, seen)
    y = rect.height + seen.size * 0.7
    for name, block, size in words:
        put(sheet, block, max(0.0, (rect.width - block.width) / 2), y, size=size, parts=(name,), order=1, morph=name)
        y += block.height + seen.size * 0.3
    title = given.text(arguments, "description") or given.text(arguments, "caption") or "A moving picture"
    stretch = not isinstance(ratio, int | Fraction) or ratio <= 0
    return sheet.fragment(rect.width, rect.height + below, description=title, stretch=stretch)


def _fitted(ratio: float | None, room: Rect) -> Rect:
    """All of the room, or the largest rectangle of a ratio in it; whole pixels, so that it is painted as large as it is
    shown."""
    width, height = room.width, room.height
    if ratio is not None:
        width, height = min(width, height * ratio), min(height, width / ratio)
    return Rect(0.0, 0.0, max(2.0, float(int(width))), max(2.0, float(int(height))))


def _engine(arguments: Mapping[str, Value]) -> str:
    engine = arguments.get("engine")
    return engine.name if isinstance(engine, Symbol) else "canvas"


def _entry(sheet: Sheet, file: Asset, arguments: Mapping[str, Value], env: Env) -> str | None:
    """The class that is run, "" for a function; None where the file has nothing that its engine could run."""
    try:
        found = outline(env.world.blob(file.digest))
    except Unparsable as error:
        sheet.problem("PVC0848", f"`{file.path}` is no program: {error}", error.hint)
        return None
    wanted = given.text(arguments, "scene")
    if _engine(arguments) == "canvas":
        other = " or, as it has a scene of Manim's, say `on manim`" if found.scenes else ""
        if found.draws is None:
            sheet.problem(
                "PVC0848",
                f"`{file.path}` has no function `draw`",
                f"define `def draw(canvas, t, given):`{other}",
            )
            return None
        if not found.draws[0] <= 3 <= found.draws[1]:
            sheet.problem(
                "PVC0848", f"`draw` of `{file.path}` does not take three arguments", "they are: canvas, t, given"
            )
            return None
        return ""
    if wanted:
        if wanted in found.scenes:
            return wanted
        known = f"it has {', '.join(found.scenes)}" if found.scenes else "it has none"
        sheet.problem("PVC0848", f"`{file.path}` has no scene `{wanted}`", known)
        return None
    if len(found.scenes) != 1:
        what = "no scene of Manim's" if not found.scenes else f"several scenes: {', '.join(found.scenes)}"
        hint = (
            'say which: `scene: "..."`' if found.scenes else "define a class with the base `Scene`, or say `on canvas`"
        )
        sheet.problem("PVC0848", f"`{file.path}` has {what}", hint)
        return None
    return found.scenes[0]


def _picture(sheet: Sheet, file: Asset, entry: str, rect: Rect, arguments: Mapping[str, Value], seen: Look) -> None:
    length = lasts(arguments)
    if not SHORTEST <= length <= LONGEST:
        sheet.problem(
            "PVC0415",
            f"`lasts` of a program is between {float(SHORTEST):.2f} s and {float(LONGEST):.0f} s",
            "say how long its motion lasts: `lasts: 4s`",
        )
        return
    if seen.env.programs:
        recipe = _recipe(sheet, file, entry, rect, arguments, seen.env)
        if recipe is not None:
            digest = digest_of((recipe, length))
            picture = Picture(digest, rect, None, None, 0.0, Footage(0.0, float(length), recipe))
            sheet.add(Element(picture, rect, "image", 0, f"program:{digest[:16]}"), ("program",))
        return
    if isinstance(arguments.get("fallback"), Asset):
        _instead(sheet, rect, arguments, seen)
    else:
        _card(sheet, file, rect, seen)


def _recipe(
    sheet: Sheet, file: Asset, entry: str, rect: Rect, arguments: Mapping[str, Value], env: Env
) -> Recipe | None:
    handed = json.dumps(_plain(arguments.get("arguments"), env), ensure_ascii=False, sort_keys=True)
    if len(handed) > MOST_ARGUMENTS:
        sheet.problem("PVC0848", "the arguments of a program are too large", "hand it a file: `inputs: [...]`")
        return None
    named = outline(env.world.blob(file.digest)).words | set(_words(arguments.get("arguments")))
    colors = tuple((name, paint(env.theme, name)) for name, _ in env.theme.colors if name in named)
    inputs = arguments.get("inputs")
    files = inputs if isinstance(inputs, tuple) else ()
    return Recipe(
        _engine(arguments),
        file.digest,
        entry,
        rect.width,
        rect.height,
        handed,
        colors,
        tuple(_font(role, env) for role in _FONTS),
        tuple((each.path, each.digest) for each in files if isinstance(each, Asset)),
    )


def _font(role: str, env: Env) -> tuple[str, str]:
    from pvc.compiler.text.fonts import chain

    return role, chain(env.theme.font(role), 400, False, env)[0].digest


def _plain(value: Value, env: Env) -> object:
    """An argument as JSON has it: colours as `#rrggbbaa`, times in seconds, angles in degrees, lengths in px, tables as
    lists of rows."""
    match value:
        case bool() | str() | None:
            return value
        case int():
            return value
        case Fraction():
            return int(value) if value.denominator == 1 else float(value)
        case Duration():
            return float(value.seconds)
        case Angle():
            return float(value.degrees)
        case Length():
            return f"{float(value.value):g}{value.unit}"
        case Token(name=name):
            return _hex(paint(env.theme, name))
        case Color():
            return _hex(Paint(value.red, value.green, value.blue, value.alpha))
        case Record(fields=fields):
            return {name: _plain(item, env) for name, item in fields}
        case Table():
            return [
                {name: _plain(item, env) for name, item in zip(value.columns, row, strict=True)} for row in value.rows
            ]
        case tuple():
            return [_plain(item, env) for item in value]
        case Tex(source=source):
            return source
        case Symbol(name=name):
            return name
        case _:
            return str(getattr(value, "source", value))


def _hex(color: Paint) -> str:
    return f"#{color.red:02x}{color.green:02x}{color.blue:02x}{color.alpha:02x}"


def _words(value: Value) -> Iterable[str]:
    match value:
        case str():
            yield value
        case Symbol(name=name):
            yield name
        case Record(fields=fields):
            for _, item in fields:
                yield from _words(item)
        case tuple():
            for item in value:
                yield from _words(item)


# --------------------------------------------------------------------------------------- where it is not run


def _instead(sheet: Sheet, rect: Rect, arguments: Mapping[str, Value], seen: Look) -> None:
    """The picture that the talk gives for this, whole, in the middle of the place."""
    source = source_of(sheet, arguments.get("fallback"), {}, seen.env, tight=False)
    if source is None:
        return
    scale = min(rect.width / source.crop.width, rect.height / source.crop.height)
    width, height = quantise(source.crop.width * scale), quantise(source.crop.height * scale)
    place = Rect(quantise((rect.width - width) / 2), quantise((rect.height - height) / 2), width, height)
    crop = None if source.whole else source.crop
    picture = Picture(source.digest, place, crop, source.page, 0.0)
    sheet.add(Element(picture, place, "image", 0, f"image:{source.digest[:16]}"), ("program",))


def _card(sheet: Sheet, file: Asset, rect: Rect, seen: Look) -> None:
    inner = Rect(1.0, 1.0, rect.width - 2, rect.height - 2)
    sheet.shape(
        *(rectangle(inner, _CORNER * seen.env.theme.corners), "area"),
        fill=seen.surface,
        stroke=Stroke(seen.rule, 2.0, (10.0, 8.0)),
        parts=("program",),
    )
    style = seen.style(seen.text)
    pad = min(48.0, rect.width / 10)
    block = paragraph(f"{file.path}\nis not run", style, max(40.0, rect.width - 2 * pad), seen.env, "center")
    if block.width <= rect.width and block.height <= rect.height:
        x, y = rect.width / 2, (rect.height - block.height) / 2
        put(sheet, block, x, y, size=seen.size, across="middle", parts=("program",), ground=seen.surface)
