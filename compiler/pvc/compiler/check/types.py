"""Types as the checker compares them, and how a value is called in a message."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pvc.compiler.check.things import (
    ConceptThing,
    MusicThing,
    PaperThing,
    PartThing,
    SoundThing,
    ThemeThing,
    Thing,
    Visual,
    VoiceThing,
)
from pvc.compiler.model.values import (
    Angle,
    Asset,
    Code,
    Color,
    Column,
    Duration,
    Interval,
    Length,
    Markdown,
    Record,
    Symbol,
    Table,
    Tex,
    Token,
)

ARITY: dict[str, tuple[int, int | None]] = {
    **dict.fromkeys(
        (
            *("any", "text", "markdown", "tex", "number", "int", "bool", "duration", "length", "angle", "color"),
            *(
                "record",
                "table",
                "image",
                "video",
                "sound",
                "font",
                "model3d",
                "program",
                "file",
                "voice",
                "theme",
                "source",
                "part",
                "cue",
            ),
        ),
        (0, 0),
    ),
    "code": (0, 1),
    "visual": (0, 1),
    "column": (0, 1),
    "range": (1, 1),
    "list": (1, 1),
    "symbol": (0, None),
}
"""Every type of the language with the least and the most arguments that it takes."""

FILES = frozenset({"image", "video", "sound", "font", "model3d", "program", "file"})
"""Types whose values are files, written as a path in quotes."""

COLUMN_TYPES = ("text", "number", "int", "bool")
"""What a column of data can hold."""


@dataclass(frozen=True, slots=True)
class Type:
    """`list<text>` is ``Type("list", (Type("text"),))``; the arguments of `symbol<...>` are the words it allows."""

    name: str
    arguments: tuple[Type, ...] = ()

    def __str__(self) -> str:
        return self.name + (f"<{', '.join(map(str, self.arguments))}>" if self.arguments else "")


ANY = Type("any")
TEXT = Type("text")
NUMBER = Type("number")
INT = Type("int")
BOOL = Type("bool")
DURATION = Type("duration")
LENGTH = Type("length")
COLOR = Type("color")
SYMBOL = Type("symbol")

_ARTICLES = {
    "any": "a value",
    "text": "a text in quotes",
    "markdown": "markdown (md`...`)",
    "tex": "TeX (tex`...`)",
    "number": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "duration": "a duration (`1.5s`)",
    "length": "a length (`40%`, `120px`)",
    "angle": "an angle (`45deg`)",
    "color": "a colour (`theme.accent`, `#1e90ff`)",
    "record": "a record (`{ name: value }`)",
    "table": "a table (`data NAME = csv(...)`)",
    "image": "an image file (its path in quotes)",
    "video": "a video file (its path in quotes)",
    "sound": "a sound file (its path in quotes)",
    "font": "a font file (its path in quotes)",
    "model3d": "a 3D model file (its path in quotes)",
    "program": "a Python program (the path of its file in quotes)",
    "file": "a file (its path in quotes)",
    "voice": "a voice (`voice NAME = ...`)",
    "theme": "a theme",
    "source": "a paper (`paper NAME = ...`)",
    "part": "a part of a visual",
    "visual": "a visual",
    "cue": "a cue",
}


def expected(kind: Type) -> str:
    """The type in words, as in "takes a number"."""
    if kind.name == "list" and kind.arguments:
        inner = kind.arguments[0]
        return f"a list of {plural(inner)}"
    if kind.name == "range" and kind.arguments:
        return f"a range of {plural(kind.arguments[0])} (`-3..3`)"
    if kind.name == "column":
        return f"a column of {plural(kind.arguments[0])}" if kind.arguments else "a column of the table"
    if kind.name == "code":
        return f"{kind.arguments[0]} code ({kind.arguments[0]}`...`)" if kind.arguments else "code (python`...`)"
    if kind.name == "visual" and kind.arguments:
        return f"a visual made by {' or '.join(f'`{each}`' for each in kind.arguments)}"
    if kind.name == "symbol":
        words = [f"`{word}`" for word in kind.arguments]
        return ("one of " if len(words) > 1 else "") + ", ".join(map(str, words)) if words else "a word"
    return _ARTICLES.get(kind.name, str(kind))


def plural(kind: Type) -> str:
    return {
        "text": "texts",
        "number": "numbers",
        "int": "whole numbers",
        "bool": "true or false",
        "tex": "TeX (tex`...`)",
        "duration": "durations",
        "color": "colours",
        "any": "values",
    }.get(kind.name, f"{kind} values")


def short(number: Fraction | int) -> str:
    """A number as a person would write it."""
    if isinstance(number, int) or number.denominator == 1:
        return str(int(number))
    return f"{float(number):.6g}"


def length_text(value: Length) -> str:
    """A length as it is written: `40%`, `40% + 12px`."""
    terms = value.terms or ((value.value, value.unit),)
    shown = f"{short(terms[0][0])}{terms[0][1]}"
    for number, unit in terms[1:]:
        shown += f" {'-' if number < 0 else '+'} {short(abs(number))}{unit}"
    return shown


def duration_text(value: Duration) -> str:
    return f"{value.frames}f" if value.frames is not None else f"{short(value.seconds)}s"


def clip(text: str, most: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def describe(value: Thing) -> str:
    """What a value is, as in "this is a duration (1.5s)"."""
    match value:
        case bool():
            return f"`{'true' if value else 'false'}`"
        case str():
            return f'the text "{clip(value)}"'
        case int() | Fraction():
            return f"the number {short(value)}"
        case Duration():
            return f"a duration ({duration_text(value)})"
        case Length():
            return f"a length ({length_text(value)})"
        case Angle():
            return f"an angle ({short(value.degrees)}deg)"
        case Color():
            return f"a colour (#{value.red:02x}{value.green:02x}{value.blue:02x})"
        case Token():
            return f"a colour (theme.{value.name})"
        case Tex():
            return f"TeX (tex`{clip(value.source, 24)}`)"
        case Markdown():
            return "markdown"
        case Code():
            return f"{value.language} code"
        case Symbol():
            return f"the word `{value.name}`"
        case Interval():
            return "a range"
        case Record():
            return "a record"
        case Table():
            return "a table"
        case Column():
            return f"the column `{value.name}`"
        case Asset():
            return f"the {value.kind} file {value.path}"
        case tuple():
            return "a list"
        case None:
            return "`none`"
        case Visual():
            return f"a visual ({value.component.name})"
        case PaperThing():
            return f"the paper `{value.source.name}`"
        case MusicThing():
            return f"the music `{value.music.name}`"
        case SoundThing():
            return f"the sound `{value.effect.name}`"
        case VoiceThing():
            return f"the voice `{value.voice.name}`"
        case ThemeThing():
            return f"the theme `{value.theme.name}`"
        case ConceptThing():
            return f"the concept `{value.concept.name}`"
        case PartThing():
            return f"a part of a visual ({value.selector})"
        case _:
            return "a value"
