"""`logo_sting`: a mark in the middle of the frame, a picture or a word, with an accent rule and a line below it."""

from __future__ import annotations

from collections.abc import Mapping

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout import pictures
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import line, look, paragraph, put, rich
from pvc.compiler.layout.page import style_of
from pvc.compiler.layout.sheet import Sheet, polyline
from pvc.compiler.model.display import Element, Fragment, Picture, Rect, Stroke, quantise
from pvc.compiler.model.values import Value

_TALLEST = 0.36
"""Share of the box's height that a picture takes at most."""
_RULE = (132.0, 6.0)


def logo_sting(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`logo_sting`: parts `image`, `text`, `rule`, `tagline`."""
    sheet, seen = Sheet(), look(env)
    words, tagline, asset = given.text(arguments, "text"), given.text(arguments, "tagline"), arguments.get("file")
    if not words and asset is None:
        sheet.problem("PVC0569", "a logo is a picture or a word: this one is neither", 'write `logo_sting("Name")`')
        return sheet.fragment(1.0, 1.0)
    y, wide = 0.0, box.width
    source = pictures.source_of(sheet, asset, arguments, env, tight=True) if asset is not None else None
    if source is not None:
        room = min(0.5 * box.width / source.crop.width, _TALLEST * box.height / source.crop.height)
        most = source.most[0] / source.crop.width if source.most is not None else room
        scale = min(room, most)
        rect = Rect(
            quantise((wide - source.crop.width * scale) / 2),
            *(0.0, quantise(source.crop.width * scale), quantise(source.crop.height * scale)),
        )
        crop = None if source.whole else source.crop
        picture = Picture(source.digest, rect, crop, source.page)
        sheet.add(Element(picture, rect, "image", 0, f"image:{source.digest[:16]}"), ("image",))
        y = rect.bottom + 0.06 * box.height
    if words:
        style = style_of(
            env, "title", weight=700, leading=1.1, role="display", scale=1.0 if source is not None else 1.35
        )
        block = line(words, style, env)
        if block.width > box.width:
            style = style_of(env, "title", weight=700, leading=1.1, role="display")
            block = paragraph(words, style, box.width, env, "center")
        put(sheet, block, wide / 2, y, size=style.size, across="middle", parts=("text",), order=0, morph="text")
        y += block.height + 30.0
    rule = polyline(((wide / 2 - _RULE[0] / 2, y), (wide / 2 + _RULE[0] / 2, y)))
    sheet.shape(rule, "line", stroke=Stroke(seen.accent, _RULE[1]), parts=("rule",), order=1, morph="rule")
    y += _RULE[1]
    if tagline:
        y += 30.0
        style = style_of(env, "body", "muted")
        block = paragraph(rich(tagline, style, env, sheet), style, 0.7 * box.width, env, "center")
        put(sheet, block, wide / 2, y, size=style.size, across="middle", parts=("tagline",), order=2, morph="tagline")
        y += block.height
    told = " ".join(part for part in (words, tagline) if part) or given.text(arguments, "description") or "A logo"
    return sheet.fragment(wide, y, entrance="sting", description=told)
