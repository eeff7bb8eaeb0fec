"""`progress`: how far the talk has come, as a slim bar or a row of dots, with the name of the current chapter."""

from __future__ import annotations

from collections.abc import Mapping

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.compose import rectangle
from pvc.compiler.layout.labels import line, look, put
from pvc.compiler.layout.sheet import Sheet, disc, numbered
from pvc.compiler.model.display import Fragment, Rect
from pvc.compiler.model.values import Value

THICK = 5.0
_GAP = 6.0
_DOT, _HERE, _STEP = 5.0, 7.5, 26.0
TITLE = 0.9
"""The chapter's name, as a share of the theme's label size."""


def progress(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`progress`: parts `chapters[..]` (the pieces of the bar, or the dots), `current`, `title`."""
    sheet, seen = Sheet(), look(env)
    names = given.texts(arguments, "chapters")
    at = given.whole(arguments, "at", 1)
    if not names:
        sheet.problem("PVC0569", "there are no chapters to show", 'name them, as in `chapters: ["Why", "How"]`')
        return sheet.fragment(1.0, 1.0)
    if not 1 <= at <= len(names):
        sheet.problem("PVC0569", f"there are {len(names)} chapters, none has the number {at}", "count from 1")
        return sheet.fragment(1.0, 1.0)
    dots = given.text(arguments, "style") == "dots"
    size = seen.size * TITLE
    style = seen.style(seen.muted, size=size)
    block = line(names[at - 1], style, env)
    high = block.height
    room = box.width - (_STEP * len(names) + 2 * size if dots else 0.0)
    if names[at - 1] and block.width <= room:  # a name that is too long for its line is left to the chapter itself
        put(sheet, block, 0.0, 0.0, size=size, parts=("title",), morph="title")
    if dots:
        for number in range(1, len(names) + 1):
            x, y = box.width - _STEP * (len(names) - number) - _HERE, high / 2
            here = number == at
            paint = seen.accent if number <= at else seen.rule
            parts = (numbered("chapters", number), *(("current",) if here else ()))
            path = disc(x, y, _HERE if here else _DOT)
            sheet.shape(path, "dot", fill=paint, parts=parts, origin=(x, y), morph=f"chapter:{number}")
        return sheet.fragment(box.width, high, description=f"Chapter {at} of {len(names)}: {names[at - 1]}")
    top = high + 0.35 * size
    wide = max(1.0, (box.width - _GAP * (len(names) - 1)) / len(names))
    for number in range(1, len(names) + 1):
        left = (number - 1) * (wide + _GAP)
        path = rectangle(Rect(left, top, wide, THICK), THICK / 2)
        part = numbered("chapters", number)
        if number >= at:
            sheet.shape(path, "box", fill=seen.rule, parts=(part,), morph=f"track:{number}")
        if number <= at:
            parts = (part, *(("current",) if number == at else ()))
            sheet.shape(
                *(path, "bar"),
                fill=seen.accent,
                parts=parts,
                origin=(left, top + THICK / 2),
                morph=f"chapter:{number}",
            )
    return sheet.fragment(box.width, top + THICK, description=f"Chapter {at} of {len(names)}: {names[at - 1]}")
