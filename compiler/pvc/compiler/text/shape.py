"""From characters to glyphs: one word at a time, in ems, remembered.

A word's shape depends on its letters, face chain and direction only, not on its size, colour or place; so layouts of
the same text at other sizes, and the thousand short labels of a long talk, shape each word once. Kerning across a space
is given up for that (fonts hardly have any).
"""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import category

from pvc.compiler.layout.component import Env
from pvc.compiler.text import fonts
from pvc.compiler.text.style import TextStyle


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one face in drawing order from left to right; all measures in ems, ys upwards from the baseline."""

    font: str
    ids: tuple[int, ...]
    xs: tuple[float, ...]
    ys: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Shaped:
    """A word shaped: ``advance`` in ems; ``top`` and ``bottom`` are the ink's extent above and below the baseline
    (bottom is negative below it); ``missing``: characters that no font covers."""

    runs: tuple[Run, ...]
    advance: float
    top: float
    bottom: float
    missing: tuple[str, ...]


_shapes: dict[tuple[object, ...], Shaped] = {}


def shape(text: str, style: TextStyle, right_to_left: bool, env: Env) -> Shaped:
    """Shape one word (text of one direction without line breaks)."""
    key = (text, style.family, style.weight, style.italic, style.tabular, right_to_left, env.language, env.font_files)
    found = _shapes.get(key)
    if found is None:
        if len(_shapes) > 100_000:  # a language server lives for days
            _shapes.clear()
        found = _shapes[key] = _shape(text, style, right_to_left, env)
    return found


def _invisible(char: str) -> bool:
    """Whether nothing is drawn for a character: joiners, marks of direction, line breaks, tabs. Other control
    characters (a bell, an escape) are no text."""
    return char in "\t\n\r" or category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f"


def _joins(char: str) -> bool:
    """Whether a character stays with the font of the one before it: marks, joiners, variation selectors."""
    return category(char) in ("Mn", "Me", "Mc", "Cf") or "\ufe00" <= char <= "\ufe0f"


def _by_face(text: str, faces: tuple[fonts.Face, ...]) -> tuple[list[tuple[fonts.Face, str]], tuple[str, ...]]:
    runs: list[tuple[fonts.Face, str]] = []
    missing: list[str] = []
    for char in text:
        if runs and _joins(char) and (ord(char) in runs[-1][0].characters or _invisible(char)):
            face = runs[-1][0]
        else:
            face = next((each for each in faces if ord(char) in each.characters), faces[0])
            if ord(char) not in face.characters and not _invisible(char):
                missing.append(char)
        if runs and runs[-1][0] is face:
            runs[-1] = (face, runs[-1][1] + char)
        else:
            runs.append((face, char))
    return runs, tuple(dict.fromkeys(missing))


def _shape(text: str, style: TextStyle, right_to_left: bool, env: Env) -> Shaped:
    hb = fonts.harfbuzz()
    faces = fonts.chain(style.family, style.weight, style.italic, env)
    pieces, missing = _by_face(text, faces)
    if right_to_left:
        pieces.reverse()
    runs: list[Run] = []
    pen, top, bottom = 0.0, 0.0, 0.0
    features = {"kern": True, "liga": True, "tnum": style.tabular, "lnum": True}
    for face, piece in pieces:
        buffer = hb.Buffer()
        buffer.add_str(piece)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if right_to_left else "ltr"
        buffer.language = env.language
        hb.shape(face.font, buffer, features)
        upem = face.upem
        ids, xs, ys = [], [], []
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            glyph = info.codepoint
            x, y = pen + place.x_offset / upem, place.y_offset / upem
            ids.append(glyph)
            xs.append(x)
            ys.append(y)
            pen += place.x_advance / upem
            extents = face.font.get_glyph_extents(glyph)
            if extents is not None:
                top = max(top, y + extents.y_bearing / upem)
                bottom = min(bottom, y + (extents.y_bearing + extents.height) / upem)
        runs.append(Run(face.digest, tuple(ids), tuple(xs), tuple(ys)))
    return Shaped(tuple(runs), pen, top, bottom, missing)
