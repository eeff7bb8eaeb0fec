"""What steps back for a highlight can still be read, and an end card has the frame to itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from layout.surroundings import themes
from plan.shapes import Nowhere, glyph, lay
from plan.talks import act, say, scene, talk, visual

from pvc.compiler.layout.compose import rectangle
from pvc.compiler.model.display import Element, Fragment, Paint, Rect, Shape, Stroke
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
        assert ratio >= max(2.9, min(3.7, 0.55 * full)), token
        assert ratio < 0.75 * full, token


@pytest.mark.parametrize("name", sorted(themes()))
def test_lines_that_step_back_can_be_traced(name: str) -> None:
    theme, kit = themes()[name], palette(name)
    tokens = ("accent", "warm", "cool", "good", "bad", "text")
    elements = []
    for index, token in enumerate(tokens):
        stroke = Stroke(colors.paint(theme.color(token), theme), 3.0)
        path = rectangle(Rect(0, 40.0 * index, 300, 3))
        elements.append(Element(Shape(path, None, stroke), Rect(0, 40.0 * index, 300, 3), "line", index))
    named = tuple((f"lines[{index + 1}]", (index,)) for index in range(len(elements)))
    actor = script.script("a", Fragment(300, 300, tuple(elements), named, "draw"), "a", 0, 99, Stand(0, 0))
    emphasis.mark(actor, "chart.line", f"lines[{len(tokens)}]", 0, 9, None, kit, None)
    for index, token in enumerate(tokens[:-1]):
        shade = value(actor, "opacity", "mark", index, 9)
        assert shade is not None
        paint = colors.paint(theme.color(token), theme)
        ratio = colors.contrast(replace(paint, alpha=round(255 * shade[0])), kit.background)
        assert ratio >= 2.2, token
        assert ratio < 0.6 * colors.contrast(paint, kit.background), token


@pytest.mark.parametrize("name", sorted(themes()))
def test_what_is_out_of_focus_can_still_be_read(name: str) -> None:
    theme, kit = themes()[name], palette(name)
    for token in ("text", "muted"):
        row = glyph(0, 40, 40, "x")
        paint = colors.paint(theme.color(token), theme)
        primitive = replace(row.primitive, paint=paint)  # type: ignore[call-arg]
        fragment = Fragment(100, 60, (replace(row, primitive=primitive, role="text"),))
        actor = script.script("a", fragment, "a", 0, 99, Stand(0, 0))
        emphasis.focus(actor, None, False, 0, 9, kit)
        shade = value(actor, "opacity", "focus", None, 9)
        assert shade is not None
        ratio = colors.contrast(replace(paint, alpha=round(255 * shade[0])), kit.background)
        assert 2.9 <= ratio < 0.6 * colors.contrast(paint, kit.background), token


def test_a_highlight_ends_where_its_visual_goes_out_of_focus() -> None:
    cast = (visual("l", "bullets", items=("One", "Two", "Three")), visual("e", "equation", tex="x"))
    first = say("One thing after the other is said here.", act("show", "l"), act("show", "e"))
    second = say("Now look at this.", act("highlight", "l", part="items[1]"), act("focus", "e"), act("wait", lasts="1"))
    program = talk(scene("s", cast, first, second))
    times = {each: estimate(each) for each in utterances(program)}
    result = stage(program, 0, plan(program, times).time.scenes[0], Nowhere(), lay)
    away = 1.0
    for placed in result.placed:
        if not placed.chunk.hold:
            continue
        for item in (item for layer in placed.chunk.layers for item in layer.items if item.visual == "l"):
            now = pose(motion(item, len(result.fragments[item.fragment].elements)), 0)
            away = min([away, *(now.whole.opacity * state.opacity for state in now.elements)])
    assert away == pytest.approx(0.4, abs=0.06), "dimmed once, not twice"


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
