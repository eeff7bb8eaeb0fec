"""What steps back for a highlight can still be read, and an end card has the frame to itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from layout.surroundings import themes
from plan.shapes import Nowhere, glyph, lay
from plan.talks import act, say, scene, talk, visual

from pvc.compiler.layout.compose import rectangle
from pvc.compiler.model.display import Element, Fragment, Paint, Rect, Shape
from pvc.compiler.model.tracks import motion, pose
from pvc.compiler.plan import estimate, plan, utterances
from pvc.compiler.stage import colors, emphasis, script, stage
from pvc.compiler.stage.script import Stand, value


def palette(name: str) -> emphasis.Palette:
    theme = themes()[name]
    return emphasis.Palette(*(colors.paint(theme.color(token), theme) for token in ("accent", "background", "text")))


@pytest.mark.parametrize("name", sorted(themes()))
def test_dimmed_text_keeps_its_contrast(name: str) -> None:
    theme, kit = themes()[name], palette(name)
    tokens = ("text", "muted", "accent", "warm", "cool", "good", "bad")
    rows = []
    for index, token in enumerate(tokens):
        row = glyph(0, 60.0 * index + 40, 40, token, index)
        primitive = replace(row.primitive, paint=colors.paint(theme.color(token), theme))  # type: ignore[call-arg]
        rows.append(replace(row, primitive=primitive, role="text"))
    extra = replace(rows[0], order=len(rows))
    fragment = Fragment(
        400, 600, (*rows, extra), tuple((f"items[{i + 1}]", (i,)) for i in range(len(rows) + 1)), "fade"
    )
    actor = script.script("a", fragment, "a", 0, 99, Stand(0, 0))
    emphasis.mark(actor, "bullets", f"items[{len(rows) + 1}]", 0, 9, None, kit, None)
    for index, token in enumerate(tokens):
        shade = value(actor, "opacity", "mark", index, 9)
        assert shade is not None
        assert emphasis.BACK - 1e-4 <= shade[0] < 0.8
        paint = colors.paint(theme.color(token), theme)
        ratio = colors.contrast(replace(paint, alpha=round(255 * shade[0])), kit.background)
        full = colors.contrast(paint, kit.background)
        assert ratio >= min(2.9, 0.55 * full), token
        assert ratio < 0.75 * full, token


def test_dark_figures_on_a_bright_cell_do_not_drown_in_the_dark() -> None:
    kit = palette("midnight")
    bright, dark = Paint(102, 179, 255), Paint(15, 20, 32)

    def cell(x: float, number: int) -> tuple[Element, Element]:
        box = Element(Shape(rectangle(Rect(x, 0, 100, 60)), bright), Rect(x, 0, 100, 60), "box", number)
        figure = glyph(x + 20, 40, 30, "5", number)
        primitive = replace(figure.primitive, paint=dark)  # type: ignore[call-arg]
        return box, replace(figure, primitive=primitive, role="glyph", ground=bright)

    fragment = Fragment(300, 60, (*cell(0, 0), *cell(150, 1)), (("cells[1]", (0, 1)), ("cells[2]", (2, 3))), "fade")
    actor = script.script("a", fragment, "a", 0, 99, Stand(0, 0))
    before = emphasis.mark(actor, "chart.heatmap", "cells[1]", 0, 9, None, kit, None)
    tint = value(actor, "color", "mark", 3, 9)
    assert tint is not None
    assert tint[:3] == (kit.ink.red, kit.ink.green, kit.ink.blue)
    assert tint[4] == 1.0
    emphasis.unmark(actor, before, 20, 9)
    after = value(actor, "color", "mark", 3, 40)
    assert after is not None
    assert after[4] == 0.0


def test_a_heading_makes_way_for_an_end_card() -> None:
    cast = (visual("h", "heading", text="In short"), visual("e", "end_card", title="Thank you"))
    first = say("So much for today, and here is what was said.", act("show", "h"))
    spec = scene("s", cast, first, say("Thank you all for watching this.", act("show", "e")))
    program = talk(spec)
    times = {each: estimate(each) for each in utterances(program)}
    result = stage(program, 0, plan(program, times).time.scenes[0], Nowhere(), lay)
    holds = [placed for placed in result.placed if placed.chunk.hold]
    seen = [
        {
            item.visual
            for layer in placed.chunk.layers
            for item in layer.items
            if pose(motion(item, len(result.fragments[item.fragment].elements)), 0).whole.visible
        }
        for placed in holds
    ]
    assert {"h"} in seen
    assert {"e"} in seen
    assert {"h", "e"} not in seen
