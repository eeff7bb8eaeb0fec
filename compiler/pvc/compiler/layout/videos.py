"""`video`: a film in a rounded frame, a caption and a credit below. It shows its first frame until it is played."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from pvc.compiler.film import Film, probe
from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.beneath import height_of, set_words
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import look, put
from pvc.compiler.layout.pictures import ENLARGE
from pvc.compiler.layout.sheet import Sheet
from pvc.compiler.model.display import Element, Footage, Fragment, Picture, Rect, quantise
from pvc.compiler.model.values import Asset, Duration, Symbol, Value

_CORNER = 14.0
SHORTEST = Fraction(1, 30)
"""Seconds below which nothing of a film would be seen."""


def stretch(arguments: Mapping[str, Value], film: Film) -> tuple[Fraction, Fraction]:
    """(begin, end) in seconds of the part that is asked for: `from` and `to`, all of it where these are silent."""
    begin = arguments.get("begin")
    end = arguments.get("end")
    first = begin.seconds if isinstance(begin, Duration) else Fraction(0)
    last = end.seconds if isinstance(end, Duration) and end.seconds > 0 else film.seconds
    return first, last


def video(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`video`: parts `video`, `caption`, `credit`."""
    sheet, seen = Sheet(), look(env)
    asset = arguments.get("file")
    if not isinstance(asset, Asset):
        sheet.problem("PVC0565", "there is no video to show", 'name a file, as in `file: "clip.mp4"`')
        return sheet.fragment(1.0, 1.0)
    film = probe(asset.digest, env.world)
    if film.reason:
        sheet.problem(
            "PVC0565", f"`{asset.path}` cannot be played: {film.reason}", "export it again, as MP4 with H.264, say"
        )
        return sheet.fragment(1.0, 1.0)
    begin, end = stretch(arguments, film)
    if not (begin >= 0 and begin + SHORTEST <= end and end <= film.seconds + SHORTEST):
        sheet.problem(
            "PVC0566",
            f"`{asset.path}` lasts {float(film.seconds):.2f} s: there is nothing from "
            f"{float(begin):.2f} s to {float(end):.2f} s",
            "`begin` and `end` count from the start of the file",
        )
        return sheet.fragment(1.0, 1.0)
    words = set_words(sheet, arguments, box.width, seen)
    below = height_of(words, seen)
    room = Rect(0.0, 0.0, box.width, max(1.0, box.height - below))
    if room.height < 0.35 * box.height:
        sheet.problem(
            "PVC0564", "the caption leaves no room for the video", "shorten the caption, or give it a larger region"
        )
        return sheet.fragment(1.0, 1.0)
    shown, crop = _fit(film, room, given_word(arguments, "fit", "contain"))
    wide = max(shown.width, *(block.width for _, block, _ in words)) if words else shown.width
    left = quantise((wide - shown.width) / 2)
    rect = Rect(left, 0.0, shown.width, shown.height)
    part = Footage(float(begin), float(min(end, film.seconds) - begin))
    picture = Picture(asset.digest, rect, crop, None, _CORNER, part)
    sheet.add(Element(picture, rect, "image", 0, f"image:{asset.digest[:16]}"), ("video",))
    y = shown.height + seen.size * 0.7
    for name, block, size in words:
        put(sheet, block, min(left, (wide - block.width) / 2), y, size=size, parts=(name,), order=1, morph=name)
        y += block.height + seen.size * 0.3
    title = given.text(arguments, "description") or given.text(arguments, "caption") or "A video"
    return sheet.fragment(wide, shown.height + below, description=title)


def given_word(arguments: Mapping[str, Value], name: str, default: str) -> str:
    """A symbol's word."""
    value = arguments.get(name)
    return value.name if isinstance(value, Symbol) else default


def _fit(film: Film, room: Rect, fit: str) -> tuple[Rect, Rect | None]:
    """Where the film is seen, and which part of its pictures: all of it inside the room, or the room filled."""
    if fit == "cover":
        scale = min(ENLARGE, max(room.width / film.width, room.height / film.height))
        width, height = min(room.width, film.width * scale), min(room.height, film.height * scale)
        across, down = width / scale, height / scale
        crop = Rect(
            *(quantise((film.width - across) / 2), quantise((film.height - down) / 2), quantise(across)),
            quantise(down),
        )
        return Rect(0.0, 0.0, quantise(width), quantise(height)), crop
    scale = min(ENLARGE, room.width / film.width, room.height / film.height)
    return Rect(0.0, 0.0, quantise(film.width * scale), quantise(film.height * scale)), None
